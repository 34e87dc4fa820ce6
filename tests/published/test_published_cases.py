"""Operation as published, reproduced from its published inputs through the public names (tests/published/operation).

A case passes if the interval that the inputs' half-roundings make meets the interval of the printed output.
"""

from __future__ import annotations

import csv
import math
from decimal import Decimal

import pytest
from by_operation import electricity_of, given, in_unit_of, interval, meets, results, training_of
from published_cases import FOLDER, Case, read_cases

import lca

CASES = list(read_cases("operation").values())
OUTPUTS = [pytest.param(case, name, id=f"{case.name}-{name}") for case in CASES for name in case.outputs]


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
        assert not meets(case.with_figure(name, figure.value * Decimal("1.1")), output), name


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
    unrounded = case.with_figure("intensity", Decimal("0.3678"))
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
        with open(FOLDER / "operation" / f"{name}.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len({row["id"] for row in rows}) == count
        assert all(row["role"] in ("input", "output") for row in rows)
        for row in rows:
            if row["rounding"] and row["status"] == "printed":
                digit = Decimal(1).scaleb(int(Decimal(row["value"]).as_tuple().exponent))
                assert Decimal(row["rounding"]) <= digit, row
            assert math.isfinite(float(row["value"]))
    assert {path.stem for path in (FOLDER / "operation").glob("*.csv")} == set(counts)
    wrong = {case.name for case in CASES for figure in case.outputs.values() if figure.status == "inconsistent"}
    assert wrong == {"alpie-core-low", "alpie-core-high"}
