"""Published estimates, from their published inputs, through the records that estimate; and energies that were measured.

What a source prints is met within half of its last digit. The tables are those of tests/published/estimates.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from by_estimate import computed, told
from published_cases import MET, read_cases, verdict

CASES = read_cases("estimates")
ESTIMATED = [name for name, case in CASES.items() if case.outputs]
MEASURED = [name for name, case in CASES.items() if case.measured]


@pytest.mark.parametrize("name", ESTIMATED)
def test_a_published_estimate_follows_from_its_inputs(name: str) -> None:
    """LLMCarbon, Green Algorithms (eq. 1), LLaMA's hours and model cards, at the wall or at the rated power."""
    case = CASES[name]
    found = computed(case)
    assert set(found) >= set(case.outputs)
    for output in case.outputs:
        assert verdict(case, output, found[output]) in MET, (output, found[output], case.outputs[output])


@pytest.mark.parametrize("name", ESTIMATED)
def test_every_input_of_an_estimate_counts(name: str) -> None:
    """A tenth more of any input, and an output is out of reach."""
    case = CASES[name]
    for changed, figure in case.inputs.items():
        other = case.with_figure(changed, figure.value * (2 if changed == "devices" else Decimal("1.1")))
        found = computed(other)
        verdicts = {verdict(other, output, found[output]) for output in case.outputs}
        assert "not reproduced" in verdicts, changed


def test_llmcarbon_is_as_far_from_the_developers_as_it_says() -> None:
    for name, off in {"llmcarbon-t5": -0.0206, "llmcarbon-switch-transformer": 0.0792}.items():
        published = float(CASES[name].figures["beside"]["co2e"].value)
        assert computed(CASES[name])["co2e"].nominal / published - 1 == pytest.approx(off, abs=1e-4)


@pytest.mark.parametrize("name", MEASURED)
def test_u4_the_interval_of_an_estimate_holds_what_was_measured(name: str) -> None:
    """90 % of the draws hold the energy, and they are no wider than a factor of 12 (0.17 to 0.50 of the peak rate,
    0.14 to 0.97 of the rated power).

    None of these runs is in the tables of utilisation; OLMo 2 and OLMo are not in those of loads, either.
    """
    low, median, high = told(CASES[name])["energy"]
    megawatt_hours = float(CASES[name].measured["energy"].value)
    assert low < megawatt_hours < high
    assert high / low < 12
    assert 0.5 < megawatt_hours / median < 2


def test_every_estimate_is_there() -> None:
    assert (len(ESTIMATED), len(MEASURED)) == (11, 3)
    assert sum(len(case.outputs) for case in CASES.values()) == 23
