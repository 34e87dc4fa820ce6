"""What changed since an older result: how far the mean moved, and which changes moved it."""

from __future__ import annotations

from functools import partial

from ...interpretation.contribution.difference import difference
from ...interpretation.plot import waterfall
from ...interpretation.result import Result
from ..drawn import drawn
from ..grids import grid
from ..subject import Subject
from ..words import named, say


def contents(subject: Subject) -> dict[str, object] | None:
    """The figure, the tables and the answer in words; None without an older result."""
    if subject.before is None:
        return None
    found = difference(_same(subject.before, subject), subject.one, per=subject.per, unit=subject.units[subject.per])
    tables = {say("moved"): found.table, say("settings"): found.settings}
    return {
        "named": named(subject.labels),
        "answers": found.answers(),
        "figure": drawn(partial(waterfall, found), "changes", "What changed", "changes"),
        "grids": [grid(table, caption) for caption, table in tables.items() if len(table)],
        "structure": list(found.structure),
    }


def _same(before: Result, subject: Subject) -> Result:
    """The older result at the alternative that is shown, as far as it has these labels."""
    known = {dim: label for dim, label in subject.labels.items() if dim in before.data.dims}
    return before.sel(**known) if known else before
