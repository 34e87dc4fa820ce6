"""Small studies that meet clauses of standards, and others that do not; figures are made up."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import lca
from lca.impact.views import BURDENS
from lca.inventory.stages import STAGES

SILENT = lca.About()
GUESS = {"status": "assumed", "source": "a guess"}
TOLD = lca.About(
    authors=["Ada Lovelace"], commissioner="the lab", date="2026-11-30", version="1", licence="CC-BY-4.0",
    link="https://example.org/study", reason="to choose a deep-learning system", application="a choice",
    audience="the lab",
    comparative=False, reference_flow="one frame, with its share of all that was made",
    data_requirements="data of the years of use",
    assumptions=["Robots are active for eight hours a day.", "Sizes are those of active parameters."],
    limitations=["Biogenic carbon, land use change and flights (aircraft) are not shown apart.",
                 "Biodiversity and fossil resources are not counted, nor is the rebound (a second-order effect).",
                 "Scope 1 is empty. Batteries are not counted."],
    value_choices=["no weighting"], conclusions=["Use is most of it."],
    review="by Grace Hopper, 2026: no objections",
)  # fmt: skip


def grid(**changes: Any) -> lca.Electricity:
    fields: dict[str, Any] = {
        "intensity": lca.Lognormal("0.4 kg CO2e/kWh", gsd=1.1), "at": "facility", "region": "here", "year": 2023,
        "gwp_set": "AR6", "basis": "life cycle", "mix": "consumption", "averaging": "average",
        "accounting": "location-based", "source": "the grid", "other_gases": 0.02,
    } | changes  # fmt: skip
    return lca.Electricity(fields.pop("name", "the grid"), **fields)


def nano(**changes: Any) -> lca.Hardware:
    fields: dict[str, Any] = {
        "embodied": lca.Lognormal("36 kg CO2e", gsd=1.7), "distribution": "3 kg CO2e", "end_of_life": "0.2 kg CO2e",
        "lifetime": lca.Uniform("4 year", "6 year"), "max_power": "15 W", **GUESS,
    } | changes  # fmt: skip
    return lca.Hardware(fields.pop("name", "nano"), **fields)


def robots(
    *, on: lca.Hardware | None = None, site: lca.Site | None = None, electricity: lca.Electricity | None = None,
    joules: Any = "0.5 J/inference", **changes: Any,
) -> lca.Deployment:  # fmt: skip
    net = lca.Inference("net", joules, at="board", per="inference", baseline="marginal", **GUESS)
    field = site or lca.Site("field", electricity=electricity or grid(), supply_efficiency=0.9, pue=1.0, **GUESS)
    fields: dict[str, Any] = {
        "devices": 100, "start": 2023, "period": "2 year", "load": "10 inference/s", "active": "8 h/day",
        "idle_power": "2 W at_board", "allocation": "reserved_time", **GUESS,
    } | changes  # fmt: skip
    return lca.Deployment("robots", net, on=on or nano(), site=field, **fields)


def training(on: lca.Hardware | None = None, **changes: Any) -> lca.Training:
    fields: dict[str, Any] = {
        "energy": "90 kWh", "at": "wall", "duration": "90 h", "year": 2023, "allocation": "reserved_time",
        "site": lca.Site("desk", electricity=grid(), pue=1.0, **GUESS), "on": on or nano(name="card"), **GUESS,
    } | changes  # fmt: skip
    return lca.Training("net training", **fields)


def work(**changes: Any) -> lca.Development:
    desk = nano(name="desk")
    site = lca.Site("desk", electricity=grid(), pue=1.0, **GUESS)
    fields: dict[str, Any] = {
        "energy": lca.Uniform("50 kWh", "300 kWh"), "at": "wall", "duration": "15 week", "year": 2023, "on": desk,
        "site": site, "allocation": "reserved_time", **GUESS,
    } | changes  # fmt: skip
    return lca.Development("semester", **fields)


def of(*activities: lca.Training | lca.Deployment, excluded: Any = None, **rest: Any) -> lca.Study:
    """A study of some activities; a stage that they lack is outside its goal."""
    present = {one.stage for one in activities} | (set(BURDENS) if any(one.on for one in activities) else set())
    outside = {stage: lca.outside_goal("not asked for") for stage in STAGES if stage not in present}
    unit = rest.pop("functional_unit", None) or lca.FunctionalUnit("one project", count="1 device")
    return lca.Study("a small study", *activities, functional_unit=unit, excluded=outside | (excluded or {}), **rest)


@cache
def whole(about: lca.About = SILENT) -> lca.Study:
    """Work, a training and a fleet, cradle to grave."""
    use = robots()
    desk = use.site
    unit = lca.FunctionalUnit("one frame", count=use.inferences)
    return of(work(site=desk), training(site=desk), use, functional_unit=unit, about=about)


@cache
def rivals(about: lca.About = SILENT, quality: Any = "") -> lca.Study:
    """Two networks to choose from."""
    use = robots(joules=lca.labelled({"a": 0.4, "b": 0.5}, "J/inference", dim="network"))
    unit = lca.FunctionalUnit("one frame", count=use.inferences, quality=quality)
    return of(use, functional_unit=unit, alternatives=("network",), about=about)


@cache
def told() -> lca.Study:
    """The whole study, about which everything is stated."""
    return whole(TOLD)


@cache
def published() -> lca.Study:
    """One published figure, and nothing else."""
    figure = lca.parameter("paper", lca.Lognormal("9 t CO2e", gsd=1.2), status="declared", source="a paper")
    return of(lca.Training("model", impact=figure, year=2023))


@cache
def drawn(study: lca.Study) -> lca.Result:
    """A result of a study."""
    return lca.monte_carlo(study, draws=64, progress=False)


def alone(study: lca.Study) -> lca.Result:
    """A result that comes without its study."""
    return replace(drawn(study), held=None)


def asserting(study: lca.Study, **changes: Any) -> lca.Study:
    """A study that supports a comparative assertion for the public."""
    return study.replaced(about=replace(TOLD, comparative=True, **changes))


def bought(study: lca.Study | None = None) -> lca.Study:
    """Robots whose electricity is bought by contract."""
    wind = grid(name="wind", intensity="0.02 kg CO2e/kWh", accounting="market-based", instrument="a contract for wind")
    return of(
        robots(site=lca.Site("field", electricity=grid(), market_electricity=wind, supply_efficiency=0.9, pue=1.0))
    )


def counted(*categories: str) -> lca.Study:
    """A training that has factors of water and of other categories."""
    factors = {"water": "2 L/(kWh at_facility)", "primary_energy": "3 kWh primary/(kWh at_facility)",
               "abiotic_depletion": "1e-7 kg Sbe/(kWh at_facility)"}  # fmt: skip
    electricity = grid(categories={name: factors[name] for name in categories})
    site = lca.Site("desk", electricity=electricity, pue=1.0, wue="0 L/(kWh at_wall)")
    return of(lca.Training("run", energy="9 kWh", at="wall", site=site, year=2023), categories=tuple(factors),
              excluded={stage: lca.outside_goal("not asked for") for stage in BURDENS})  # fmt: skip
