"""Published bottom-up figures of hardware, reproduced from their published inputs through the public names.

The tables are those of tests/published/hardware.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from by_hardware import misses
from published_cases import read_cases

CASES = read_cases("hardware")


@pytest.mark.parametrize("name", CASES)
def test_a_published_figure_follows_from_its_inputs(name: str) -> None:
    assert misses(CASES[name]) == []


@pytest.mark.parametrize("name", CASES)
def test_every_input_of_a_case_counts(name: str) -> None:
    """Five per cent on any input moves an output beyond what is allowed, so that no figure is met by accident."""
    case = CASES[name]
    unmoved = set()
    for changed, figure in case.inputs.items():
        # counts move by a whole piece, shares stay below one
        factor = Decimal(2) if figure.value == int(figure.value) else Decimal("0.95")
        if not misses(case.with_figure(changed, figure.value * factor)):
            unmoved.add(changed)
    assert unmoved == set()


def test_the_facts_are_all_there() -> None:
    assert len(CASES) == 14
    assert sum(len(case.outputs) for case in CASES.values()) == 21
