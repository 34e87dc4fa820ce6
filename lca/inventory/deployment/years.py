"""The calendar years of a period of use, and values that are labelled by them (D1, D4)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...checks import finite_number
from ...errors import DomainError, LabelError
from ...faults import refuse
from ...graph.bounds import bounds
from ...graph.decided import decided
from ...graph.node import Node
from ...records.record import Record
from ...units.registry import YEAR_SECONDS
from ..activity import whole_year

_MOST_YEARS = 1000


def years_of_use(start: int, period: Node, slug: str) -> tuple[int, ...]:
    """As many years from the first on as the longest possible period touches (D4)."""
    first = whole_year(start, f"{slug}.start")
    longest = _longest(period)
    if not math.isfinite(longest):
        raise DomainError.of("period_without_an_upper_bound", f"{slug}.period")
    form = f"give a period above 0 and of at most {_MOST_YEARS} years; check its unit"
    finite_number(longest, f"{slug}.period", low=0, above=True, high=_MOST_YEARS, form=form)
    return tuple(range(first, first + decided(_years, period)))


def _longest(period: Node) -> float:
    return bounds(period, certain=True)[1] / YEAR_SECONDS


def _years(period: Node) -> int:
    """How many calendar years the longest possible period takes; 0 where it is not one of use."""
    return math.ceil(_longest(period)) if 0 < _longest(period) <= _MOST_YEARS else 0


def check_years(record: Record, years: Sequence[int], by_year: Sequence[str]) -> None:
    """Only some fields are given by year, and for exactly the years of use (D1)."""
    used = [str(year) for year in years]
    found = {name: node for name, node in record.values.items() if "year" in node.dim_names}
    for name, node in found.items():
        given, where = next(dim.texts for dim in node.dims if dim.name == "year"), f"{record.slug}.{name}"
        refuse(
            (name not in by_year, LabelError, "one_value_for_all_years", where),
            (list(given) != used, LabelError, "not_the_years_of_use", where),
            field=name, fields=", ".join(by_year), years=f"{used[0]} to {used[-1]}",
            missing=", ".join(year for year in used if year not in given) or "none",
            beyond=", ".join(year for year in given if year not in used) or "none",
        )  # fmt: skip
