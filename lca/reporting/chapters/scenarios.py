"""Scenarios as a heat map, the result by year, and the two rules of dedicated hardware side by side."""

from __future__ import annotations

from functools import partial

from ...errors import LcaError
from ...interpretation.plot import heatmap
from ...interpretation.plot import years as figure_of_years
from ...interpretation.streaming import IN_YEARS
from ...interpretation.summary import summary
from ..drawn import Figure, drawn
from ..grids import Grid, grid
from ..rules_and_volume import by_rule
from ..subject import Subject
from ..words import listed, named, say

#: Dims that a heat map shows at once: columns, rows, what is compared, and panels.
_MOST_DIMS = 4


def contents(subject: Subject) -> dict[str, object] | None:
    """The heat map; None where there are not two dims of alternatives with draws."""
    figure = heat(subject)
    return {"figure": figure} if figure is not None else None


def heat(subject: Subject) -> Figure | None:
    """The medians of two dims, or the best of one dim over two others, in panels of a fourth."""
    dims = [str(dim) for dim in subject.result.data["total"].dims if dim != "draw"]
    if not subject.drawn or not 2 <= len(dims) <= _MOST_DIMS:
        return None
    over, *rest = _in_order(dims, subject)
    x, y, panels = [*rest, None, None][:3]
    ask = partial(heatmap, subject.pictured[0], per=subject.per, unit=subject.units[subject.per])
    if y is None:
        figure, key, y = partial(ask, x=x, y=over), "heat", over
    else:
        figure, key = partial(ask, x=x, y=y, over=over, panels=panels), "heat_of_best"
    shown = listed(dim for dim in (y, x, panels) if dim is not None)
    try:
        return drawn(figure, "scenarios", "Scenarios", key, over=over, dims=shown)
    except LcaError:  # statistics alone were kept, and not those of each cell
        return None


def _in_order(dims: list[str], subject: Subject) -> list[str]:
    """What the study compares first, which is the first of its alternatives; then the scenarios, the longest first."""
    first, *rest = [dim for dim in subject.result.model.alternatives if dim in dims]
    return [first, *sorted(rest, key=lambda dim: -subject.result.data.sizes[dim])]


def by_year(subject: Subject) -> dict[str, object] | None:
    """What the alternative that is shown emits in each year; None where nothing varies over years."""
    one = subject.one
    if one.data.sizes.get("year", 0) < 2 or one.spreads.of(IN_YEARS).dims != ("year",):
        return None
    table = summary(one, by="year", unit=subject.units["total"])
    whose = named(subject.labels) or "this study"
    figure = drawn(
        partial(figure_of_years, subject.pictured[1]),
        "years",
        "By year",
        "years" if subject.drawn else "years_nominal",
        whose=whose,
    )
    return {"figure": figure, "grid": grid(table, say("by_year"))}


def rules(subject: Subject) -> Grid | None:
    """Hardware by time held and in whole devices; None where no activity follows either rule, or without a study."""
    table = by_rule(subject.study, subject.labels) if subject.study is not None else None
    return grid(table, say("by_rule")) if table is not None else None
