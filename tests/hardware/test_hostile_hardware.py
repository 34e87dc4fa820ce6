"""Hardware that once gave a wrong figure without a word, or an error of Python, each with the rule that it broke."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import lca
from lca.errors import AccountingError, DomainError, LabelError, LcaError, NonFiniteError, RecordError
from lca.hardware.parts import Part as Line

KG = "5 kg CO2e"
BOTTOM_UP = dict(lifetime="5 year", contents={"dies"}, gate="cradle-to-gate")


def nominal(node: Any) -> float:
    return float(lca.nominal({"x": node}).data["x"].item())


def part(name: str = "board", **fields: Any) -> Line:
    return lca.Part(name, **{"embodied": "100 kg CO2e", "contents": "board"} | fields)


def study(hardware: lca.Hardware, *, categories: tuple[str, ...] = ("climate_change",), **use_fields: Any) -> lca.Study:
    grid = lca.Electricity(intensity="1 kg CO2e/kWh", at="facility", categories={"water": "1 L/kWh"})
    desk = lca.Site("desk", electricity=grid, pue=1.0, wue="0 L/(kWh at_wall)")
    engine = lca.Inference("engine", "1 J at_wall", per="inference", baseline="marginal")
    fields = dict(
        on=hardware, site=desk, devices=20, start=2024, period="4 year", load="1 inference/s", active="6 h/day",
        idle_power="4 W at_wall", allocation="reserved_time",
    ) | use_fields  # fmt: skip
    use = lca.Deployment("fleet", engine, **fields)
    outside = {stage: lca.outside_goal("not asked") for stage in ("development", "training")}
    unit = lca.FunctionalUnit("frame", count=use.inferences)
    return lca.Study("study", use, functional_unit=unit, excluded=outside, categories=categories)


# --- what is given has an effect, or raises ---------------------------------------------------------------


def test_a8_a_figure_and_parts_are_not_both_given() -> None:
    """The parts were left out without a word: 5 kg for a device of 105."""
    with pytest.raises(AccountingError, match="device.embodied(.|\n)*completed"):
        lca.Hardware("device", embodied=KG, lifetime="5 year", parts=(part(),))
    with pytest.raises(AccountingError, match="device.embodied"):
        lca.Hardware.from_parts("device", [part()], lifetime="5 year", embodied=KG)


def test_d4_a_scenario_may_put_a_figure_in_place_of_parts() -> None:
    device = lca.Hardware.from_parts(
        "device", [part()], lifetime="5 year", distribution="0 kg CO2e", end_of_life="0 kg CO2e"
    )
    made = [float(lca.nominal(one).data["manufacturing"]) for one in
            (study(device), study(device).replace({"device.embodied": KG}))]  # fmt: skip
    assert made == pytest.approx([20 * 4 / 5 * 100, 20 * 4 / 5 * 5])


def test_d4_a_list_of_parts_varies_like_a_tuple() -> None:
    """A part in a list was found by its path, and the scenario changed nothing."""
    device = lca.Hardware("device", parts=[part()], lifetime="5 year", distribution="0 kg CO2e", end_of_life=KG)
    changed = study(device).replace({"board.embodied": "7 kg CO2e"})
    assert float(lca.nominal(changed).data["manufacturing"]) == pytest.approx(20 * 4 / 5 * 7)


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: part(fixed="3 kg CO2e"), "fixed"),
        (lambda: part(amount="3 kg", factor="100 kg CO2e/kg"), "amount, factor"),
        (lambda: lca.Memory("board", embodied=KG, capacity="80 GB"), "capacity"),
        (lambda: lca.Die("board", embodied=KG, area="100 mm^2"), "area"),
        (lambda: lca.Storage("board", kind="hdd", capacity="100 TB"), "capacity"),
    ],
)  # fmt: skip
def test_a8_an_amount_without_effect_raises(make: Callable[[], Any], named: str) -> None:
    """100 TB on hard disks were one drive of 30 kg."""
    with pytest.raises(AccountingError, match=f"{named}(.|\n)*no effect(.|\n)*where: board"):
        make()


def test_a8_a_fab_beside_a_burden_that_is_given_raises() -> None:
    with pytest.raises(AccountingError, match="embodied= does not read fab, year"):
        lca.Die("die", embodied=KG, fab="Taiwan", year=2023, node="5 nm")


@pytest.mark.parametrize(
    "unread",
    [
        {"fab": "Taiwan", "year": 2023}, {"fab": lca.Electricity(intensity="1 kg CO2e/kWh", at="facility")},
        {"year": 2023},
        {"fab_energy": "1 kWh at_facility/cm^2"}, {"gases": "1 kg CO2e/cm^2"}, {"materials": "1 kg CO2e/cm^2"},
        {"yield_model": "murphy", "clustering": 3}, {"method": "area", "good_area": "1 kg CO2e/cm^2"},
        {"method": "area", "reference_yield": 0.9},
    ],
)  # fmt: skip
def test_a8_a_die_takes_only_what_its_method_reads(unread: dict[str, Any]) -> None:
    with pytest.raises(AccountingError, match=r"does not read \w+(.|\n)*where: die"):
        lca.Die("die", **{"area": "100 mm^2", "node": "7 nm", "method": "good area"} | unread)


@pytest.mark.parametrize("field", ["lifetime", "service_life"])
def test_u8_a_life_of_a_kind_is_no_spread_over_devices(field: str) -> None:
    """Drawn as one life for all, an exponential with a mean of 5 years made 640 kg a mean of 6,700."""
    over_devices = lca.Weibull("5 year", 1.0)
    for life in (over_devices, over_devices.truncated("1 year", "9 year")):
        with pytest.raises(DomainError, match=f"device.{field}(.|\n)*lca.Fleet"):
            lca.Hardware("device", **{"embodied": KG, "lifetime": "5 year", field: life})


# --- a gap is no smaller number -----------------------------------------------------------------------


def test_a6_what_completes_a_figure_is_a_gap_in_other_categories() -> None:
    """1,000 L of the card alone were the water of card and heat sink."""
    litres = {"water": {"embodied": "1000 L", "distribution": "0 L", "end_of_life": "0 L"}}
    moved = dict(distribution="1 kg CO2e", end_of_life="1 kg CO2e")
    card = lca.Hardware("card", embodied="90 kg CO2e", categories=litres, **moved, **BOTTOM_UP)
    both = ("climate_change", "water")
    assert study(card, categories=both).model.gaps["water"] == ()
    whole = study(card.completed(with_=[part("sink", contents="cooling")]), categories=both)
    assert whole.model.gaps["water"] == ("card.water.embodied",)
    assert "water/total" not in whole.model.outputs


def test_a2_what_does_not_say_what_it_is_completes_nothing() -> None:
    card = lca.Hardware("card", embodied="90 kg CO2e", **BOTTOM_UP)
    with pytest.raises(AccountingError, match="where: sink.contents"):
        card.completed(with_=[lca.Part("sink", embodied=KG)])


def test_a7_a_share_is_no_more_than_the_whole() -> None:
    assert nominal(part().per(np.int64(8)).embodied) == pytest.approx(12.5)
    for whole in (part(), lca.Hardware("device", embodied=KG, lifetime="5 year")):
        for among in (0.5, 0, -1, math.nan, "8", None, [8], True):
            with pytest.raises((DomainError, NonFiniteError), match="fix: "):
                whole.per(among)  # type: ignore[arg-type]


def test_a7_a_user_has_a_row_of_its_own() -> None:
    """A user of the name "whole" lost its row to the sum."""
    desk = lca.Hardware("desk", embodied="350 kg CO2e", lifetime="4 year")
    for name in ("whole", "not allocated"):
        with pytest.raises(AccountingError, match=f"'{name}' is a row of the table"):
            lca.allocation_table(desk, uses={name: "1 year", "thesis": "1 year"})


@pytest.mark.parametrize(
    "weights",
    [{"a": "1", "b": 1}, {"a": None, "b": 1}, {"a": True, "b": 1}, {"a": 1e308, "b": 1e308}, {"a": math.nan, "b": 1},
     {"a": 0, "b": 1}, {"a": 1}, [1, 1], 3],
)  # fmt: skip
def test_u9_a_weight_is_a_number(weights: Any) -> None:
    """Two weights of 1e308 chose the last figure always."""
    a, b = (lca.Hardware(f"card {n}", embodied=f"{n} kg CO2e", **BOTTOM_UP) for n in (150, 164))
    with pytest.raises((DomainError, LabelError, lca.errors.NonFiniteError)):
        lca.Hardware.alternatives("card", {"a": a, "b": b}, weights=weights)


# --- a value by year is counted once -----------------------------------------------------------------------

PLAN = (10.0, 30.0, 20.0, 40.0)


def by_year(unit: str, *values: float) -> Any:
    return lca.labelled(dict(zip(range(2024, 2028), values, strict=True)), unit, dim="year")


def device(**fields: Any) -> lca.Hardware:
    given = dict(embodied="40 kg CO2e", lifetime="5 year", distribution="0 kg CO2e", end_of_life="0 kg CO2e")
    return lca.Hardware("device", **given | fields)


@pytest.mark.parametrize("field", [{"embodied": ("kg CO2e", 40)}, {"lifetime": ("year", 5)}], ids=str)
def test_d2_a_burden_by_year_is_not_counted_in_each(field: dict[str, Any]) -> None:
    """20 devices for four of five years: 640 kg, that were 2,560 kg once a value stood by year."""
    ((name, (unit, value)),) = field.items()
    with pytest.raises(AccountingError, match="would be counted in each(.|\n)*where: fleet, device"):
        study(device(**{name: by_year(unit, *[value] * 4)}))
    fab = lca.Electricity.trajectory("France", range(2021, 2025))
    chip = lca.Hardware.from_parts(
        "device", [lca.Die("die", area="100 mm^2", node="7 nm", fab=fab)], lifetime="5 year", distribution=KG,
        end_of_life=KG,
    )  # fmt: skip
    with pytest.raises(AccountingError, match="would be counted in each"):
        study(chip)


def test_d2_a_burden_by_year_meets_devices_by_year() -> None:
    """10 x 40 + 30 x 30 + 20 x 20 + 40 x 10 kg, a fifth of each."""
    burdens = (40.0, 30.0, 20.0, 10.0)
    made = study(device(embodied=by_year("kg CO2e", *burdens)), devices=by_year("device", *PLAN))
    expected = sum(devices * burden for devices, burden in zip(PLAN, burdens, strict=True)) / 5
    assert float(lca.nominal(made).data["manufacturing"]) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("rule", "lives"),
    [
        ("reserved_time", sum(PLAN) / 5),
        ("economic_value", 40 / 4),  # a quarter of the value of 40 devices, the most there are in a year
        ("whole_units", 40),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kinds", [False, True])
def test_a8_devices_by_year_are_not_other_devices_in_each(rule: str, lives: float, kinds: bool) -> None:
    """By value 40 devices were the 100 of all years together; as a kind of `on={...}` each held all four years."""
    share = {"share": 0.25} if rule == "economic_value" else {}
    plan, thing = by_year("device", *PLAN), device()
    fields = {"on": {thing: plan}} if kinds else {"devices": plan}
    made = study(thing, allocation=rule, **fields, **share)
    assert float(lca.nominal(made).data["manufacturing"]) == pytest.approx(40 * lives)


def test_a5_a_deployment_has_its_years_from_its_start() -> None:
    with pytest.raises(AccountingError, match="fleet.year(.|\n)*start=2024"):
        study(device(), year=2030)


@pytest.mark.parametrize("on", [[device()], (device(),), 3, "device", [3]], ids=repr)
def test_what_an_activity_runs_on_is_hardware(on: Any) -> None:
    with pytest.raises(RecordError, match="is not a Hardware"):
        study(device(), on=on)


def test_a9_rival_figures_keep_their_credit() -> None:
    """It was lost, or that of one of two was nobody's."""
    one, two, other = (
        lca.Hardware(f"card {kg}", embodied=f"{kg} kg CO2e", recycling_credit=f"-{credit} kg CO2e", **BOTTOM_UP)
        for kg, credit in ((150, 3), (164, 3), (170, 4))
    )
    assert nominal(lca.Hardware.alternatives("card", {"a": one, "b": two}).recycling_credit) == -3
    with pytest.raises(RecordError, match="differ in recycling_credit"):
        lca.Hardware.alternatives("card", {"a": one, "b": other})


# --- no error of Python ---------------------------------------------------------------------------------

NONSENSE: tuple[Any, ...] = (3, math.nan, "nonsense", [3], [[]], {"x": 3}, True, b"dies", object())


@pytest.mark.parametrize("given", NONSENSE, ids=lambda one: type(one).__name__)
def test_what_is_no_hardware_is_an_error_of_this_library(given: Any) -> None:
    device = lca.Hardware("device", embodied=KG, **BOTTOM_UP)
    for make in (
        lambda: lca.Hardware("d", lifetime="1 year", parts=given), lambda: device.replaced(contents=given),
        lambda: device.replaced(categories=given), lambda: device.replaced(categories={"water": given}),
        lambda: device.replaced(gate=given), lambda: lca.Hardware.from_parts("d", given, lifetime="1 year"),
        lambda: lca.Hardware.alternatives("d", given),
        lambda: lca.Hardware.alternatives("d", {"a": device, "b": given}),
        lambda: device.completed(with_=given), lambda: part(contents=given), lambda: lca.Hardware.lookup(given),
        lambda: lca.Hardware.lookup("H100 SXM", legs=given), lambda: lca.Hardware.lookup("H100 SXM", method=given),
        lambda: lca.Memory("m", capacity="1 GB", kind=given), lambda: lca.Storage("s", capacity="1 GB", kind=given),
        lambda: lca.Enclosure("e", mass="1 kg", material=given), lambda: lca.Die("d", area="1 mm^2", node=given),
        lambda: lca.Die("d", area="1 mm^2", node="5 nm", method=given), lambda: lca.allocation_table(given, uses={}),
        lambda: lca.allocation_table(device, uses=given),
        lambda: lca.allocation_table(device, uses={"a": "1 h"}, rule=given),
    ):  # fmt: skip
        with pytest.raises(LcaError):
            make()


@pytest.mark.parametrize("given", [[], {}, None, ()], ids=repr)
def test_what_is_empty_is_no_hardware(given: Any) -> None:
    device = lca.Hardware("device", embodied=KG, **BOTTOM_UP)
    for make in (
        lambda: lca.Hardware.from_parts("d", given, lifetime="1 year"), lambda: device.completed(with_=given),
        lambda: lca.Hardware.alternatives("d", given), lambda: lca.allocation_table(device, uses=given),
        lambda: lca.Hardware("d", lifetime="1 year", parts=given), lambda: lca.Hardware.lookup(given),
    ):  # fmt: skip
        with pytest.raises(LcaError):
            make()


def test_a_process_of_no_size_is_none() -> None:
    with pytest.raises(DomainError, match="has to be a length"):
        lca.Die("die", area="1 mm^2", node="0 nm", method="good area")


def test_parts_of_hardware_are_named_apart() -> None:
    with pytest.raises(lca.errors.KeyClashError, match="two parts are named board"):
        lca.Hardware("device", lifetime="5 year", parts=(part(), part(embodied=KG)))
    with pytest.raises(RecordError, match="not a list, each a Line or a Hardware"):
        lca.Hardware("device", lifetime="5 year", parts=part())  # type: ignore[arg-type]
