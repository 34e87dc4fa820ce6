"""The study that many tests share: five trainings at a desk, ten rival engines on 100 robots for five years.

Every figure is one of docs/lab.md: readings of the lab, published rates, and assumptions with a wide spread.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import lca
from lca.inventory.stages import STAGES

BEST = "sp_resnet18_2_120_392_FP16_seq_4"
ENGINE_NAMES = "<backbone>_<batch:int>_<height:int>_<width:int>_<precision>_seq_<sequence>"
#: Joules per inference of the ten best engines.
JOULES = {
    BEST: 0.386,
    "sp_resnet18_1_120_392_FP16_seq_4": 0.461,
    "sp_squeeze_2_120_392_FP16_seq_4": 0.479,
    "superpoint_pretrained_2_120_392_FP16_seq_4": 0.489,
    "superpoint_pretrained_1_120_392_FP16_seq_4": 0.494,
    "sp_squeeze_1_120_392_FP16_seq_4": 0.501,
    "sp_sparse_2_120_392_FP16_seq_4": 0.511,
    "sp_resnet18_2_120_392_FP32_seq_4": 0.524,
    "sp_mbv1_2_120_392_FP16_seq_4": 0.539,
    "sp_resnet18_1_120_392_FP32_seq_4": 0.552,
}
#: Seconds for 1,000 iterations, and watts at the wall while they ran.
SECONDS = {"baseline": 196, "mobilenet_v1": 188, "mobilenet_v2": 227, "resnet18": 143, "squeezenet": 187}
WATTS = {"baseline": 147, "mobilenet_v1": 146, "mobilenet_v2": 140, "resnet18": 148, "squeezenet": 145}
ASSUMED = {"status": "assumed", "source": "docs/lab.md"}


def workstation(**changes: Any) -> lca.Hardware:
    figures: dict[str, Any] = {
        "embodied": lca.Lognormal("350 kg CO2e", gsd=1.6),
        "distribution": lca.Lognormal("18 kg CO2e", gsd=2),
        "end_of_life": lca.Lognormal("2 kg CO2e", gsd=2),
        "lifetime": "4 year",
        "name": "GPU workstation",
    } | changes
    return lca.Hardware(figures.pop("name"), **figures, **ASSUMED)


def jetson(**changes: Any) -> lca.Hardware:
    figures: dict[str, Any] = {
        "embodied": lca.Lognormal("36 kg CO2e", gsd=1.7),
        "distribution": lca.Lognormal("3.6 kg CO2e", gsd=1.45),
        "end_of_life": lca.Lognormal("0.2 kg CO2e", gsd=1.5),
        "lifetime": "5 year",
    } | changes
    return lca.Hardware("Jetson", **figures, **ASSUMED)


def grid(place: str = "US-RFCW", year: int = 2019, **rest: Any) -> lca.Electricity:
    return lca.Electricity.lookup(place, year, basis="direct", **rest)


def wall_meter() -> lca.Meter:
    return lca.Meter("Kill A Watt", at="wall", accuracy="2 %", resolution="1 W")


def rail_meter() -> lca.Meter:
    return lca.Meter("Jetson rail", at="board", accuracy="5 %")


def training(desk: Any, site: lca.Site, **changes: Any) -> lca.Training:
    fields: dict[str, Any] = {
        "name": "SuperPoint backbones",
        "duration": lca.labelled(SECONDS, "s", dim="model"),
        "power": wall_meter().read(WATTS, "W", dim="model"),
        "year": 2021,
        "allocation": "reserved_time",
    } | changes
    return lca.Training.extrapolated(
        fields.pop("name"), measured=1_000, planned=170_000, pace=1, on=desk, site=site, **fields
    )


def development(desk: lca.Hardware, site: lca.Site, **changes: Any) -> lca.Development:
    fields: dict[str, Any] = {"energy": lca.Uniform("50 kWh", "300 kWh"), "name": "semester"} | changes
    return lca.Development(
        fields.pop("name"), at="wall", duration="15 week", year=2021, on=desk, site=site,
        allocation="reserved_time", **fields, **ASSUMED,
    )  # fmt: skip


def engines(joules: dict[str, float] | None = None) -> lca.Inference:
    readings = rail_meter().read(joules or JOULES, "J/inference", dim="engine")
    return lca.Inference.engines(
        "SuperPoint engines", readings, names=ENGINE_NAMES, per="inference", baseline="marginal"
    )


def robots(inference: lca.Inference, nano: lca.Hardware, site: lca.Site, **changes: Any) -> lca.Deployment:
    fields: dict[str, Any] = {
        "devices": 100,
        "start": 2022,
        "period": "5 year",
        "load": lca.Triangular("5 inference/s", "10 inference/s", "20 inference/s"),
        "active": "8 h/day",
        "idle": "0 h/day",
        "idle_power": rail_meter().read(1.9, "W"),
        "allocation": "reserved_time",
    } | changes
    return lca.Deployment("robots", inference, on=nano, site=site, **fields)


def home_site(electricity: lca.Electricity, **changes: Any) -> lca.Site:
    fields: dict[str, Any] = {"name": "Pittsburgh desk", "pue": 1.0} | changes
    return lca.Site(fields.pop("name"), electricity=electricity, **fields)


def field_site(electricity: lca.Electricity) -> lca.Site:
    return lca.Site("robots", electricity=electricity, supply_efficiency=lca.Triangular(0.75, 0.85, 0.90), pue=1.0)


def build(*, joules: dict[str, float] | None = None, electricity: lca.Electricity | None = None) -> lca.Study:
    """The whole study, made anew from its figures."""
    electricity = electricity or grid()
    desk, home = workstation(), home_site(electricity)
    use = robots(engines(joules), jetson(), field_site(electricity))
    return lca.Study(
        "SuperPoint on 100 Jetsons", development(desk, home), training(desk, home), use,
        functional_unit=lca.FunctionalUnit("one 120x392 frame through SuperPoint", count=use.inferences),
        parts=("model",), alternatives=("engine",),
    )  # fmt: skip


def part(*activities: Any, excluded: dict[str, Any] | None = None, **rest: Any) -> lca.Study:
    """A study of some activities alone; the stages that they do not have are outside its goal."""
    present = {activity.stage for activity in activities}
    if any(activity.on is not None for activity in activities):
        present |= {"manufacturing", "distribution", "end_of_life"}
    outside = {stage: lca.outside_goal("a part is enough here") for stage in STAGES if stage not in present}
    unit = rest.pop("functional_unit", None) or lca.FunctionalUnit("one project", count="1 device")
    return lca.Study("part", *activities, functional_unit=unit, excluded=outside | (excluded or {}), **rest)


@cache
def study() -> lca.Study:
    """The whole study; one object for all tests, since it cannot change."""
    return build()


@cache
def result() -> lca.Result:
    """4,000 draws of it."""
    return lca.monte_carlo(study(), draws=4_000, progress=False)
