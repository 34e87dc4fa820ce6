"""Published bottom-up figures of hardware, reproduced from their published inputs through the public names.

The tables are those of tests/published/hardware.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from by_hardware import magnitude, misses, told
from published_cases import read_cases

import lca

EVERY = read_cases("hardware")
CASES = {name: case for name, case in EVERY.items() if case.outputs}
DECLARED = {name: case for name, case in EVERY.items() if case.measured}


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


@pytest.mark.parametrize("name", DECLARED)
def test_u4_bottom_up_comes_near_what_is_declared(name: str) -> None:
    """Medians of board, cooler and assembly are assumed, and the factor of HBM comes from two of the three."""
    declared = DECLARED[name].measured["embodied"]
    low, _, high = told(DECLARED[name])["embodied"]
    assert low < float(declared.value) < high
    parts = lca.Hardware.lookup(DECLARED[name].names["hardware"], method="parts")
    assert 0.85 < magnitude(parts.embodied, declared.unit) / float(declared.value) < 1.05


def test_the_facts_are_all_there() -> None:
    assert (len(CASES), len(DECLARED)) == (14, 3)
    assert sum(len(case.outputs) for case in CASES.values()) == 21
