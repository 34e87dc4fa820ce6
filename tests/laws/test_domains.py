"""The domain of a field holds for whatever is given, and for every draw (Q4)."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from base_study import CHATS, TOKENS, engine, estimated, grid, place, robot, robots, run, study_of

import lca
from lca.errors import AccountingError, DomainError, LcaError, UnitError
from lca.graph.node import constant
from lca.hardware.part_kinds import ByArea, ByMass
from lca.hardware.parts import Line
from lca.units.parse import root


def expression(value: float, unit: Any) -> Any:
    """A value that is an expression, in root units."""
    return lca.parameter("made", value) * constant(1.0, unit)


def times(text: str, factor: float) -> Any:
    return lca.parameter("made", text) * factor


# --- the examples of the rule --------------------------------------------------------------------------------

EXAMPLES: dict[str, tuple[Callable[[], Any], str]] = {
    "pue": (lambda: robots(site=place(pue=times("1.2 at_facility/at_wall", 0.5))), "field.pue"),
    "energy": (lambda: run(energy=times("100 kWh at_wall", -1)), "run.energy"),
    "loss": (
        lambda: run(site=place(electricity=grid(at="busbar", grid_loss=times("0.5 at_facility/at_busbar", 3)))),
        "grid.grid_loss",
    ),
    "efficiency": (lambda: robots(site=place(supply_efficiency=times("1 at_board/at_wall", 2))),
                   "field.supply_efficiency"),
    "intensity": (lambda: run(site=place(electricity=grid(intensity=times("0.4 kg CO2e/kWh", -1)))),
                  "grid.intensity"),
    "lifetime": (lambda: robots(on=robot(lifetime=times("5 year", -1))), "robot.lifetime"),
    "share": (lambda: robots(allocation="share", share=lca.parameter("made", 0.7) * 2), "robots.share"),
    "burden": (lambda: robots(on=robot(embodied=times("40 kg CO2e/device", -1))), "robot.embodied"),
}  # fmt: skip


@pytest.mark.parametrize(("activity", "path"), EXAMPLES.values(), ids=list(EXAMPLES))
def test_q4_an_expression_outside_the_domain_of_its_field_raises(activity: Callable[[], Any], path: str) -> None:
    with pytest.raises(DomainError, match=re.escape(path)):
        study_of(activity())


@pytest.mark.parametrize("count", ["3 kg CO2e", "3 inference/s", "1 device/year"])
def test_q4_a_functional_unit_counts_an_amount(count: str) -> None:
    """Q4, A12: a mass of gas is no service, and a rate renders none."""
    with pytest.raises(UnitError, match="functional unit"):
        lca.FunctionalUnit("one", count=count)


def test_q4_a_functional_unit_is_rendered_more_than_0_times() -> None:
    with pytest.raises(DomainError, match=r"one\.count"):
        lca.FunctionalUnit("one", count=lca.Normal(10, 6))
    unit = lca.FunctionalUnit("one", count=lca.parameter("n", lca.Uniform(0.1, 1)) - 0.5)
    with pytest.raises(DomainError, match=r"one\.count"):
        study_of(run(), functional_unit=unit)


def test_q4_a_life_that_may_be_nothing_has_no_mean_burden() -> None:
    with pytest.raises(DomainError, match=r"robot\.lifetime"):
        robot(lifetime=lca.Uniform("0 year", "10 year"))
    robot(lifetime=lca.Uniform("1 year", "10 year"))


def test_q4_a_tail_below_zero_counts_from_its_quantile_on() -> None:
    """Q4: 5 % of a power stays usable, 100 % of it is no power."""
    robots(idle_power=lca.Normal("5 W at_board", "0.25 W at_board"))
    with pytest.raises(DomainError, match=r"robots\.idle_power"):
        robots(idle_power=lca.Normal("5 W at_board", "5 W at_board"))


# --- every declared field of every record --------------------------------------------------------------------


def in_device(part: Any) -> lca.Study:
    beside = {"distribution": "3 kg CO2e", "end_of_life": "1 kg CO2e"}
    return study_of(robots(on=lca.Hardware.from_parts("robot", [part], lifetime="5 year", **beside)))


def of_area(**fields: Any) -> dict[str, Any]:
    return {"area": "2 cm^2", "factor": "0.1 kg CO2e/cm^2"} | fields


def of_mass(**fields: Any) -> dict[str, Any]:
    return {"mass": "1 kg", "factor": "3 kg CO2e/kg"} | fields


def of_capacity(**fields: Any) -> dict[str, Any]:
    return {"capacity": "8 GB", "factor": "0.1 kg CO2e/GB"} | fields


def alone(fields: dict[str, Any], beside: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """A burden that is given stands alone."""
    return fields if "embodied" in fields else beside(**fields)


def of_die(**fields: Any) -> dict[str, Any]:
    base: dict[str, Any] = {"area": "1 cm^2", "node": "7 nm", "fab": grid()}
    if set(fields) & {"good_area", "reference_yield"}:
        base = {"area": "1 cm^2", "node": "5 nm", "method": "good area"}
    return base | fields


def fleet(**fields: Any) -> lca.Study:
    base: dict[str, Any] = {
        "deliveries": lca.labelled(dict.fromkeys(range(2022, 2027), 20), "device", dim="year"), "life": "5 year",
        "shape": 2, "steps": 4,
    } | fields  # fmt: skip
    plan = lca.Fleet("plan", base.pop("deliveries"), **base)
    return study_of(robots(devices=None, fleet=plan, allocation="devices_made"))


def deployment(**fields: Any) -> lca.Study:
    link = lca.Network("link", "0.05 kWh/GB", at="facility", site=place(name="net"))
    beside = {"traffic": {"network": link}, "share": {"allocation": "share"},
              "power": {"inference": None, "load": None, "idle_power": None},
              **dict.fromkeys(("input_tokens", "output_tokens"), CHATS)}  # fmt: skip
    return study_of(robots(**{**beside.get(next(iter(fields)), {}), **fields}))


WINDOW = {"window": "100 s", "measured": 1_000, "planned": 2_000, "power": "100 W at_wall", "energy": None,
          "pace": 1, "step_time": "0.1 s/iteration"}  # fmt: skip
INSTEAD: dict[str, dict[str, Any]] = {
    "impact": {"energy": None, "site": None},
    "window_energy": {"energy": None, "measured": 1_000, "planned": 2_000, "pace": 1},
    "parameters": {"amount": "10 token"},
    "amount": {"parameters": 10},
    "throughput": {"amount": "10 token"},
}


def training(kind: type, **fields: Any) -> lca.Study:
    name = next(iter(fields))
    base: dict[str, Any] = {"energy": "100 kWh at_wall", "site": place()}
    base |= INSTEAD.get(name, {})
    if name in ("parameters", "work", "amount"):
        base |= {"accelerator": lca.Accelerator("card", peak="1 TFLOP/s", utilisation=0.5)}
    if name in WINDOW and name != "energy":
        base |= WINDOW
    if name in ("duration", "devices", "share"):
        base |= {"on": robot(), "allocation": "share" if name == "share" else "reserved_time", "duration": "1 year"}
        base |= {"share": 0.5} if name == "share" else {}
    return study_of(kind("run", **base | fields))


def inference(**fields: Any) -> lca.Study:
    base: dict[str, Any] = {"energy": "0.5 J/inference", "baseline": "gross", "throughput": "30 inference/s"}
    if "batch" in fields:
        base |= {"energy": "0.5 J/batch", "per": "batch"}
    if "power" in fields:
        base |= {"energy": None}
    if set(fields) & {"prefill", "prefill_throughput"}:
        return study_of(robots(**CHATS | {"inference": engine(**TOKENS | fields)}))
    made = base | fields
    return study_of(robots(inference=engine(made.pop("energy"), **made)))


def electricity(**fields: Any) -> lca.Study:
    base: dict[str, Any] = {"intensity": "0.4 kg CO2e/kWh", "at": "busbar", "grid_loss": 0.05}
    if set(fields) & {"methane", "nitrous_oxide"}:
        base |= {"intensity": "0.4 kg CO2/kWh", "methane": "1 g CH4/kWh", "nitrous_oxide": "1 g N2O/kWh",
                 "gwp_set": "none"}  # fmt: skip
    return study_of(run(site=place(electricity=grid(**base | fields))))


def site(**fields: Any) -> lca.Study:
    rest = place(**fields)
    if "rest_of_machine" in fields:
        return study_of(robots(site=rest, idle_power="1.9 W at_component", inference=engine(at="component")))
    return study_of(robots(site=rest))


def network(**fields: Any) -> lca.Study:
    link = lca.Network("link", fields["energy"], site=place(name="net"))
    return study_of(robots(network=link, traffic="20 kB/inference"))


def sized(kind: Callable[..., Any], beside: Callable[..., dict[str, Any]]) -> Callable[..., lca.Study]:
    return lambda **fields: in_device(kind("part", **alone(fields, beside)))


MAKERS: dict[type, Callable[..., lca.Study]] = {
    lca.Hardware: lambda **f: study_of(robots(on=robot(**f))),
    lca.Electricity: electricity,
    lca.Site: site,
    lca.Inference: inference,
    lca.Network: network,
    lca.Fleet: fleet,
    lca.Deployment: deployment,
    lca.Accelerator: lambda **f: study_of(estimated(**f)),
    lca.Training: lambda **f: training(lca.Training, **f),
    lca.Development: lambda **f: training(lca.Development, **f),
    lca.Die: lambda **f: in_device(lca.Die("die", **alone(f, of_die))),
    lca.Memory: lambda **f: in_device(lca.Memory("memory", **alone(f, of_capacity))),
    lca.Storage: lambda **f: in_device(lca.Storage("storage", **alone(f, of_capacity))),
    lca.Part: lambda **f: in_device(
        lca.Part("part", **alone(f, lambda **g: {"amount": "2 cm^2", "factor": "0.1 kg CO2e/cm^2"} | g))
    ),
    **{kind: sized(kind, of_area) for kind in ByArea.__subclasses__()},
    **{kind: sized(kind, of_mass) for kind in ByMass.__subclasses__()},
}  # fmt: skip
#: A value inside, in root units, where 1 breaks another law.
INSIDE = {
    "throughput": 30.0, "prefill_throughput": 90.0, "power": 100.0, "intensity": 1e-7, "pue": 1.2, "recycling_credit":
    -1.0, "methane": 1e-10, "nitrous_oxide": 1e-10, "lifetime": 1e8, "service_life": 1e8, "life": 1e8, "period": 1e8,
    "active": 0.5, "idle": 0.5, "area": 1e-4, "max_power": 100.0, "good_area": 100.0, "reference_yield": 0.5,
    "grid_loss": 0.5,
}  # fmt: skip
#: What is labelled by nature.
YEARS = lca.labelled(dict.fromkeys(range(2022, 2027), 1.0), "", dim="year")


def declared_of(kind: type) -> dict[str, Any]:
    found = {field.name: field.metadata.get("declared") for field in dataclasses.fields(kind)}
    return {name: declared for name, declared in found.items() if declared is not None}


def fields() -> Iterator[Any]:
    for kind in MAKERS:
        for name, declared in declared_of(kind).items():
            yield pytest.param(kind, name, declared, id=f"{kind.__name__}.{name}")


def given(kind: type, name: str, declared: Any, value: float) -> Any:
    unit = root(declared.units[0])
    at = {lca.Electricity: "at_busbar", lca.Inference: "at_board", lca.Deployment: "at_board"}.get(kind, "at_wall")
    if declared.boundary:
        unit = unit * root(at) ** (1 if declared.boundary == "times" else -1)
    made = expression(value, unit)
    return made * lca.parameter("by year", YEARS) if (kind, name) == (lca.Fleet, "deliveries") else made


@pytest.mark.parametrize(("kind", "name", "declared"), list(fields()))
def test_q4_every_field_holds_its_domain_for_an_expression(kind: type, name: str, declared: Any) -> None:
    inside = INSIDE.get(name, 1.0)
    MAKERS[kind](**{name: given(kind, name, declared, inside)})
    outside = [] if declared.low is None else [declared.low if declared.above else declared.low - 1.0]
    outside += [] if declared.high is None else [declared.high + 0.5]
    assert outside
    for value in outside:
        with pytest.raises(DomainError, match=rf"where: [\w-]+\.{name}"):
            MAKERS[kind](**{name: given(kind, name, declared, value)})


def test_q4_no_kind_of_record_is_left_out() -> None:
    """What was measured or added up is a kind of its own, with the fields of an inference or a development."""
    known = {*MAKERS, lca.Meter, lca.MeasuredInference, lca.Ledger}
    kinds, waiting = set(), [lca.records.record.Record]
    while waiting:
        kind = waiting.pop()
        own = [one for one in kind.__subclasses__() if one.__module__.startswith("lca.")]
        waiting += own
        declared = set(declared_of(kind)) if dataclasses.is_dataclass(kind) else set()
        base = {"embodied", "fixed"} if issubclass(kind, Line) else set()
        if declared - base and not own:
            kinds.add(kind)
    assert {kind.__name__ for kind in kinds} <= {kind.__name__ for kind in known}


# --- numbers that stand in mappings -----------------------------------------------------------------------------

IN_MAPPINGS: dict[str, Callable[[], Any]] = {
    "count": lambda: robots(on={robot(): lca.parameter("n", 2) * -1}),
    "burden of a category": lambda: robots(
        on=robot(categories={"water": {"embodied": times("5 L/device", -1), "distribution": "0 L",
                                       "end_of_life": "0 L"}})
    ),
    "factor of a category": lambda: run(
        site=place(wue=0.0 * lca.parameter("w", "1 L/(kWh at_wall)"),
                   electricity=grid(categories={"water": times("2 L/(kWh at_facility)", -1)}))
    ),
}  # fmt: skip


@pytest.mark.parametrize("activity", IN_MAPPINGS.values(), ids=list(IN_MAPPINGS))
def test_q4_an_expression_in_a_mapping_holds_its_domain(activity: Callable[[], Any]) -> None:
    with pytest.raises(DomainError, match=r"on\[robot\]|categories\[water"):
        study_of(activity(), categories=("climate_change", "water"))


# --- laws between fields ------------------------------------------------------------------------------------------

LAWS: dict[str, tuple[Callable[[], Any], type[LcaError], str]] = {
    "the day": (lambda: robots(active=lca.parameter("a", 0.4) * 2, idle=lca.parameter("i", 0.15) * 2), DomainError,
                "whole day"),
    "throughput": (lambda: robots(inference=engine(throughput=times("4 inference/s", 2))), AccountingError,
                   "above the throughput"),
    "gross joules": (
        lambda: robots(inference=engine(times("0.01 J at_board/inference", 2), baseline="gross",
                                        throughput="30 inference/s")),
        AccountingError, "idle power alone",
    ),
    "no devices": (lambda: robots(devices=lca.parameter("n", 5) - 5), DomainError, "devices"),
}  # fmt: skip


@pytest.mark.parametrize(("activity", "kind", "said"), LAWS.values(), ids=list(LAWS))
def test_q4_laws_between_fields_hold_for_expressions(
    activity: Callable[[], Any], kind: type[LcaError], said: str
) -> None:
    with pytest.raises(kind, match=said):
        study_of(activity(), functional_unit=lca.FunctionalUnit("one", count="1 device"))
