"""How to fix a meeting of two units that do not fit: the sentence at the end of an error (Q1)."""

from __future__ import annotations

from ..errors import UnitError
from .registry import BOUNDARIES, COUNTS, DIMENSIONLESS, GASES, WORDS, Unit
from .text import unit_text


def remedy(left: Unit, right: Unit) -> str:
    """How to fix a meeting of two units that do not fit: the sentence at the end of an error (Q1)."""
    between = left / right
    apart = sorted(map(str, between))
    alone = len(apart) == 1
    if DIMENSIONLESS in (left, right):
        key = "pure_number_meets_unit"
    elif set(apart) <= set(GASES):
        key = "gas_not_named" if alone else "gases_differ"
    elif set(apart) <= set(BOUNDARIES):
        crossed = "boundaries_differ" if set(left) & set(apart) and set(right) & set(apart) else "crossing_left_over"
        key = "boundary_not_named" if alone else crossed
    elif set(apart) <= set(COUNTS):
        key = "count_on_one_side" if alone else "counts_differ"
    else:
        key = "rate_meets_total" if apart == ["second"] else "different_dimensions"
    said = UnitError.of(
        key,
        other=unit_text(right if left == DIMENSIONLESS else left),
        boundary=WORDS.get(apart[0]),
        left_over=unit_text(between),
        one=apart[0],
        both=" and ".join(apart),
    )
    return f"{said.what}; {said.fix}"
