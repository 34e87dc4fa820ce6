"""Published results, reproduced from their published inputs through the public names (import lca only).

tests/published/*.csv has a row per figure. `rounding` is one unit of the last printed digit: the figure
stands for half of it either way, and for itself alone where it is empty. `status` says whether a figure
is printed, implied (by the source or its result) or derived (by the source's own rule, rounded as it
rounds in between), or inconsistent: an output that its own printed inputs cannot give.

A case passes if the interval that the inputs' half-roundings make meets the interval of the printed
output. Every result is a product of its inputs, so its ends lie at their ends: all corners are evaluated,
along a dim of their own.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import lca

FOLDER = Path(__file__).parent
STATUSES = {"printed", "implied", "derived", "inconsistent"}
Interval = tuple[float, float]


@dataclass(frozen=True)
class Figure:
    """One published number with its unit, and one unit of its last printed digit."""

    value: Decimal
    unit: str
    rounding: Decimal
    status: str = "printed"

    @property
    def ends(self) -> tuple[float, ...]:
        """The ends of what it stands for: one value where it is exact."""
        half = self.rounding / 2
        return tuple(sorted({float(self.value - half), float(self.value + half)}))


@dataclass(frozen=True)
class Case:
    """One published result: what went in, what came out."""

    name: str
    inputs: Mapping[str, Figure]
    outputs: Mapping[str, Figure]

    def with_input(self, name: str, value: Decimal) -> Case:
        """The same case with another value of one input."""
        return replace(self, inputs={**self.inputs, name: replace(self.inputs[name], value=value)})


def read_cases() -> list[Case]:
    """Every case of every file, in order; a figure that is stated twice is an error."""
    figures: dict[str, dict[str, dict[str, Figure]]] = {}
    for path in sorted(FOLDER.glob("*.csv")):
        with open(path, encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                case = figures.setdefault(row["id"], {"input": {}, "output": {}})
                assert row["quantity"] not in case[row["role"]], row
                figure = Figure(Decimal(row["value"]), row["unit"], Decimal(row["rounding"] or 0), row["status"])
                case[row["role"]][row["quantity"]] = figure
    return [Case(name, case["input"], case["output"]) for name, case in figures.items()]


CASES = read_cases()
OUTPUTS = [pytest.param(case, name, id=f"{case.name}-{name}") for case in CASES for name in case.outputs]


# --- a case through the public names ------------------------------------------------------------------


def given(case: Case, *, corners: bool) -> dict[str, Any]:
    """The inputs as values for the fields: the printed ones, or all corners along one dim."""
    if not corners:
        return {name: lca.quantity(float(f.value), f.unit) for name, f in case.inputs.items()}
    every = list(product(*(figure.ends for figure in case.inputs.values())))
    values: dict[str, Any] = {}
    for position, (name, figure) in enumerate(case.inputs.items()):
        along = {number: corner[position] for number, corner in enumerate(every)}
        values[name] = lca.labelled(along, figure.unit, dim="corner")
    return values


def training_of(case: Case, values: Mapping[str, Any]) -> lca.Training:
    """The activity: energy where the source prints it, power x time x devices elsewhere, at the component.

    Sources that measure or assume the power of processors put their PUE right on it: they do not count the rest
    of the machine, which `beyond` says.
    """
    site = lca.Site(f"{case.name} site", pue=values.get("pue"))
    if "facility_energy" in values:
        return lca.Training(case.name, energy=values["facility_energy"], at="facility", site=site)
    if "wall_energy" in values:
        return lca.Training(case.name, energy=values["wall_energy"], at="wall", site=site)
    return lca.Training(
        case.name,
        power=values["power"],
        duration=values["duration"],
        devices=values.get("devices", 1),
        at="component",
        beyond="not counted",
        site=site,
    )


def electricity_of(case: Case, values: Mapping[str, Any], output: str) -> lca.Electricity:
    """The intensity behind an output, per kWh at the facility: "co2e_net" comes from "intensity_net"."""
    name = output.replace("co2e", "intensity")
    return lca.Electricity(intensity=values[name], at="facility", key=f"{case.name}/{name}")


def node_of(case: Case, output: str, *, corners: bool) -> Any:
    """The node of one output of a case."""
    values = given(case, corners=corners)
    training = training_of(case, values)
    energy = training.site.at_facility(training.electricity.energy)
    if output == "energy":
        return energy
    return lca.formulas.electricity_impact(energy, electricity_of(case, values, output).intensity)


def results(case: Case, output: str, *, corners: bool) -> list[float]:
    """Nominal values of an output in the unit of its printed figure."""
    array = lca.nominal(node_of(case, output, corners=corners)).data["value"]
    return in_unit_of(case.outputs[output], output, array)


def in_unit_of(figure: Figure, output: str, array: Any) -> list[float]:
    """The numbers of a result in a printed unit, which states no boundary: energies are the facility's."""
    unit = f"{figure.unit} at_facility" if output == "energy" else figure.unit
    ratio = lca.quantity(array.values.ravel(), array.attrs["unit"]) / lca.quantity(1.0, unit)
    return [float(value) for value in ratio.to("").magnitude]


def interval(case: Case, output: str) -> Interval:
    """What the half-roundings of the inputs make of an output."""
    found = results(case, output, corners=True)
    return min(found), max(found)


def meets(case: Case, output: str) -> bool:
    """Whether the inputs' interval and the printed output's have a value in common."""
    low, high = interval(case, output)
    ends = case.outputs[output].ends
    return low <= ends[-1] and ends[0] <= high


# --- the tests ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("case", "output"), OUTPUTS)
def test_printed_output_follows_from_printed_inputs(case: Case, output: str) -> None:
    """Q3, A1: energy x PUE x intensity at the facility meets what was published."""
    expected = case.outputs[output].status != "inconsistent"
    assert meets(case, output) == expected, (interval(case, output), case.outputs[output])


@pytest.mark.parametrize(("case", "output"), OUTPUTS)
def test_every_input_matters_to_the_printed_output(case: Case, output: str) -> None:
    """The comparison is sharp: a tenth more of any one input, and no case passes any more.

    10 % is more than all roundings of a case together (at most 6.1 %). A tenth more of the cards whose
    output is too high already (Alpie-Core, 0.4 %) overshoots it.
    """
    for name, figure in case.inputs.items():
        if name.startswith("intensity") and name != output.replace("co2e", "intensity"):
            continue
        assert not meets(case.with_input(name, figure.value * Decimal("1.1")), output), name


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nominal_value_is_the_plain_product(case: Case) -> None:
    """The four readings of a formula: by hand in floats, units written out, equal to 1e-12."""
    kilowatt_hours = {"W": 1e-3, "h": 1.0, "day": 24.0, "MWh": 1e3, "device": 1.0, "": 1.0}
    by_hand = 1.0
    for name, figure in case.inputs.items():
        if not name.startswith("intensity"):
            by_hand *= float(figure.value) * kilowatt_hours[figure.unit]
    printed_in = {"kWh": 1.0, "MWh": 1e3, "kg CO2e": 1.0, "t CO2e": 1e3, "lb CO2e": 0.45359237}
    intensity_in = {"lb CO2e/kWh": 0.45359237, "kg CO2e/kWh": 1.0, "g CO2e/kWh": 1e-3}
    for output, figure in case.outputs.items():
        expected = by_hand / printed_in[figure.unit]
        if output != "energy":
            intensity = case.inputs[output.replace("co2e", "intensity")]
            expected *= float(intensity.value) * intensity_in[intensity.unit]
        assert results(case, output, corners=False) == [pytest.approx(expected, rel=1e-12)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_study_and_footprint_give_what_the_formulas_give(case: Case) -> None:
    """A1, A6, D2: the same by footprint(), and by a Study of the training alone with corners as alternatives."""
    outside = ("development", "manufacturing", "distribution", "use", "end_of_life")
    for output in case.outputs:
        if output == "energy":
            continue
        values = given(case, corners=True)
        training = training_of(case, values)
        site = training.site.replaced(electricity=electricity_of(case, values, output))
        study = lca.Study(
            case.name,
            training.replaced(site=site),
            functional_unit=lca.FunctionalUnit("one training", count="1 device"),
            alternatives=("corner",),
            excluded={stage: lca.outside_goal("the source reports electricity only") for stage in outside},
        )
        data = lca.nominal(study).data
        totals = in_unit_of(case.outputs[output], output, data["total"])
        assert totals == pytest.approx(results(case, output, corners=True), rel=1e-12)
        table = lca.footprint(training, site=site, draws=1)
        assert table["nominal"].tolist() == pytest.approx(data["total"].values.ravel().tolist(), rel=1e-12)
        assert set(table["unit"]) == {"kg CO2e"}
        assert len(totals) == 2 ** sum(bool(figure.rounding) for figure in case.inputs.values())


@pytest.mark.parametrize("case", [case for case in CASES if "pue" in case.inputs], ids=lambda case: case.name)
def test_q3_a_published_pue_is_not_used_twice(case: Case) -> None:
    """Q3, A1: energy that has crossed to the facility cannot cross again, whoever published the PUE."""
    values = given(case, corners=False)
    training = training_of(case, values)
    facility = training.site.at_facility(training.electricity.energy)
    assert training.site.at_facility(facility) is facility
    twice = lca.formulas.facility_energy(facility, training.site.pue)
    with pytest.raises(lca.errors.BoundaryError, match="at the facility"):
        twice + facility


def test_a_source_that_rounds_in_between_is_entered_rounded() -> None:
    """A11 in reverse: with the calculator's unrounded 367.8 g/kWh its own printed result is out of reach."""
    case = next(case for case in CASES if case.name == "mlco2-calculator")
    assert meets(case, "co2e")
    unrounded = case.with_input("intensity", Decimal("0.3678"))
    assert not meets(unrounded, "co2e")
    assert results(unrounded, "co2e", corners=False) == [pytest.approx(11.034, rel=1e-12)]


def test_corners_hold_what_the_distribution_of_the_roundings_holds() -> None:
    """U3: uniform over the half-roundings, the same case stays within its corners and nearly fills them."""
    case = next(case for case in CASES if case.name == "patterson2021-t5")
    values = {name: lca.quantity(float(f.value), f.unit) for name, f in case.inputs.items()}
    for name, figure in case.inputs.items():
        if figure.rounding:
            low, high = (lca.quantity(end, figure.unit) for end in figure.ends)
            values[name] = lca.Uniform(low, high)
    training = training_of(case, values)
    energy = training.site.at_facility(training.electricity.energy)
    draws = lca.monte_carlo(energy, draws=2_000, seed=0, progress=False).data["value"]
    found = in_unit_of(case.outputs["energy"], "energy", draws)
    low, high = interval(case, "energy")
    assert low <= min(found)
    assert max(found) <= high
    # the time's rounding is 2.5 of 3.1 % half-width, so that the draws reach most of the way
    assert max(found) - min(found) > 0.85 * (high - low)


def test_every_operational_case_is_there_and_says_what_it_is() -> None:
    """A10: no case without status and source; at least one inconsistent one, or nothing is asserted of them."""
    counts = {"strubell2019": 2, "patterson2021": 6, "llama2023": 1, "olmo2024": 4, "model_cards": 5}
    for name, count in counts.items():
        with open(FOLDER / f"{name}.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len({row["id"] for row in rows}) == count
        assert all(row["source"] and row["role"] in ("input", "output") for row in rows)
        assert {row["status"] for row in rows} <= STATUSES
        for row in rows:
            if row["rounding"] and row["status"] == "printed":
                digit = Decimal(1).scaleb(int(Decimal(row["value"]).as_tuple().exponent))
                assert Decimal(row["rounding"]) <= digit, row
            assert math.isfinite(float(row["value"]))
    assert {path.stem for path in FOLDER.glob("*.csv")} == set(counts)
    wrong = {case.name for case in CASES for figure in case.outputs.values() if figure.status == "inconsistent"}
    assert wrong == {"alpie-core-low", "alpie-core-high"}
