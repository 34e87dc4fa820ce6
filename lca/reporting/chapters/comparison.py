"""The alternatives beside each other: their differences draw by draw, a score where they have one, and their stages."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from ...interpretation.comparison.pareto import pareto
from ...interpretation.plot import differences
from ...interpretation.plot import pareto as figure_of_scores
from ...interpretation.plot import stages as figure_of_stages
from ...interpretation.table import Table
from ...inventory.stages import stage_label
from ..drawn import Figure, drawn
from ..grids import FIRST, Grid, grid
from ..subject import Subject
from ..words import say

_LEVELS = ["p50", "p5", "p95", "mean", "best", "expected_loss", "among_best", "letters"]
#: Columns that a page has no room for.
_LEFT_OUT = ("above", "above_error", "differs")
_APART = [f"{what}_{q}" for what in ("excess", "ratio") for q in ("p50", "p5", "p95")]


def contents(subject: Subject) -> dict[str, object] | None:
    """Figures and tables; None without alternatives."""
    if not subject.alternatives:
        return None
    first, *more = [*_compared(subject), *_scores(subject), means(subject)]
    return {"varying": subject.per == "functional_unit", "figures": figures(subject), "grid": first, "more": more}


def figures(subject: Subject) -> list[Figure]:
    """The paired differences of one dim of alternatives, and the front where they have a score.

    Without draws nothing is paired: then their stages stand beside each other.
    """
    result, per = subject.pictured[0], subject.per
    if not subject.drawn:
        beside = partial(figure_of_stages, result, per=per, unit=subject.units[per], most=FIRST)
        return [drawn(beside, "alternatives", "Stages of the alternatives", "alternatives")]
    if len(subject.compared) != 1 or len(subject.alternatives) != 1:
        return []
    (dim,) = subject.compared
    apart = partial(differences, result, over=dim, per=per, most=FIRST)
    made = [drawn(apart, "differences", "Differences", "differences", dim=dim)]
    if result.model.scores:
        front = partial(figure_of_scores, result, over=dim, per=per)
        made.append(drawn(front, "front", "Impact and score", "front", dim=dim))
    return made


def _compared(subject: Subject) -> list[Grid]:
    """Every dim compared: how large each is and how likely the smallest, then differences and ratios."""
    made = []
    for dim, table in subject.compared.items():
        known = {*_LEVELS, *_APART, *_LEFT_OUT, "unit"}
        own = [name for name in map(str, table) if name not in known]
        levels, apart = ([name for name in names if name in table] for names in (_LEVELS, _APART))
        made += [
            grid(_some(table, [*levels, *own, "unit"]), f"Compared over {dim}"),
            replace(grid(_some(table, [*apart, "unit"]), say("apart", dim=dim)), note=""),
        ]
    return made


def _some(table: Table, names: list[str]) -> Table:
    made = Table(table[names])
    made.attrs = dict(table.attrs)
    return made


def _scores(subject: Subject) -> list[Grid]:
    if not subject.result.model.scores:
        return []
    unit = subject.units[subject.per]
    tables = {dim: pareto(subject.result, over=dim, per=subject.per, unit=unit) for dim in subject.compared}
    return [grid(table, f"Impact and score over {dim}") for dim, table in tables.items()]


def means(subject: Subject) -> Grid:
    """Medians of the total and means of all stages of every alternative, the smallest first."""
    table = subject.every
    order = [stage_label(name) for name in (*subject.result.model.stages, "total")]
    wide = table["mean"].unstack("stage")[order]
    middle = "p50" if "p50" in table else "nominal"
    wide.insert(0, middle, table[middle].xs("total", level="stage"))
    wide = wide.sort_values(middle, kind="stable")
    wide["unit"] = table["unit"].iloc[0]
    return replace(grid(Table(wide), say("means")), note=say("means_note"))
