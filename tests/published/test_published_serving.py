"""Published figures of serving: the formula of EcoLogits, and joules of a model that nothing was learnt from.

The tables are those of tests/published/serving.
"""

from __future__ import annotations

import pytest
from by_serving import computed, energy, told
from published_cases import read_cases, verdict

import lca
from lca.inventory.learnt.ecologits import ecologits_energy

CASES = read_cases("serving")
LLAMA = {int(case.number("batch")): case for case in CASES.values() if case.measured}
JOULES = {batch: float(case.measured["energy"].value) for batch, case in LLAMA.items()}


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.outputs])
def test_a_published_figure_of_serving_follows_from_its_inputs(name: str) -> None:
    """A3: EcoLogits' request to 1e-9, and the publisher's own identity of power over rate."""
    case = CASES[name]
    found = computed(case)
    assert {output: verdict(case, output, found[output]) for output in case.outputs} == dict.fromkeys(
        case.outputs, "reproduced"
    )


@pytest.mark.parametrize("batch", LLAMA)
def test_u4_the_interval_of_a_model_holds_what_was_measured(batch: int) -> None:
    """Within 90 %, and the median within 20 %, of a family that was not learnt from."""
    low, median, high = told(LLAMA[batch])["energy"]
    assert low < JOULES[batch] < high
    assert median == pytest.approx(JOULES[batch], rel=0.2)


def test_the_published_formula_with_its_error_holds_them_too() -> None:
    """It is some six times wider than the step model, and less true at small batches."""
    off = {}
    for batch, case in LLAMA.items():
        made = lca.serving.ecologits(active=8e9, gpus=1, batch=batch)
        assert float(made.ppf(0.05)) < JOULES[batch] < float(made.ppf(0.95))
        off[batch] = JOULES[batch] / float(ecologits_energy(8.0, batch))
        width = float(energy(case).ppf(0.95) / energy(case).ppf(0.05))
        assert float(made.ppf(0.95) / made.ppf(0.05)) > 5 * width
    assert off[8] == pytest.approx(2.57, abs=0.01)
    assert off[192] == pytest.approx(0.56, abs=0.01)


def test_points_that_were_left_out_lie_between_their_neighbours() -> None:
    """Each of the five inner points, from the six others."""
    batches = sorted(LLAMA)
    for batch in batches[1:-1]:
        made = lca.serving.points({one: JOULES[one] for one in batches if one != batch}).energy(batch)
        assert float(made.ppf(0.05)) < JOULES[batch] < float(made.ppf(0.95))


def test_every_case_of_serving_is_there() -> None:
    assert sorted(LLAMA) == [8, 16, 32, 64, 96, 128, 192]
    assert len(CASES) == 8
