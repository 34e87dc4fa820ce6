"""Published figures of methods: two meters compared, and the loss of a choice (tests/published/methods)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from by_method import computed
from example_decisions import unit_loss
from published_cases import MET, read_cases, verdict

CASES = read_cases("methods")


@pytest.mark.parametrize("name", CASES)
def test_a_published_figure_of_a_method_follows_from_its_readings(name: str) -> None:
    """M10, U15."""
    case = CASES[name]
    found = computed(case)
    for output in case.outputs:
        assert verdict(case, output, found[output]) in MET, (output, found[output], case.outputs[output])


def test_the_closed_form_of_the_loss_is_that_of_the_table() -> None:
    """What the tests of decisions compare with."""
    losses = [case for case in CASES.values() if "loss" in case.outputs]
    assert [unit_loss(case.number("z")) for case in losses] == pytest.approx(
        [float(case.outputs["loss"].value) for case in losses], rel=2e-3
    )


@pytest.mark.parametrize("name", CASES)
def test_another_reading_is_noticed(name: str) -> None:
    case = CASES[name]
    for changed in list(case.inputs)[-2:]:
        other = case.with_figure(changed, case.inputs[changed].value * Decimal("1.05"))
        found = computed(other)
        assert "not reproduced" in {verdict(other, output, found[output]) for output in case.outputs}


def test_every_case_of_a_method_is_there() -> None:
    assert (len(CASES), sum(len(case.outputs) for case in CASES.values())) == (5, 10)
