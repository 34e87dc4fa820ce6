"""A waterfall: from an old total to a new one, change by change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas

from ...arguments import entry
from ..contribution.answer import WHOLE, Difference
from . import canvas
from .canvas import HIGH, LOW, numbers, percents
from .rows import rows_of
from .texts import INK, QUIET

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Below this share of the totals the moves would not be seen beside bars that begin at 0.
_SMALL = 0.15


@entry
def waterfall(difference: Difference, *, title: str = "", ax: Axes | None = None, width: float | None = None) -> Axes:
    """From the old to the new result: a bar for each change, which begins where the one above it ends.

    A line is the 5 to 95 % interval of a move, drawn from where its bar begins.

    Parameters
    ----------
    difference : Difference
        What `waterfall` or `difference` returned, without alternatives.
    title : str
        The title.
    ax : matplotlib Axes
        Where to draw; a new figure if not given.
    width : float
        As in `stages`.

    Returns
    -------
    matplotlib Axes
        The figure.

    Raises
    ------
    MissingError
        If matplotlib is not installed.
    DomainError
        If the difference is over alternatives.

    Examples
    --------
    >>> import lca
    >>> from lca.study.small_study import small_study
    >>> waterfall(lca.waterfall(small_study(), new={"lab.pue": 1.5})).get_xlabel()
    'kg CO2e'
    """
    table = pandas.DataFrame(difference.table)
    if table.index.nlevels > 1:
        raise canvas.several_dims(table)
    changes, whole = table[table["kind"] != WHOLE], table[table["kind"] == WHOLE].iloc[0]
    ends = [float(size) for size in difference.totals["mean"].loc[["old", "new"]]]
    begins = ends[0] + np.concatenate([[0.0], np.cumsum(changes["moves"])[:-1]]) if len(changes) else np.array([])
    names = ["old", *(_named(row) for _, row in changes.iterrows()), "new"]
    reach = [*ends, *begins, *(begins + changes["moves"])]
    truncated = 0 < max(reach) - min(reach) < _SMALL * max(map(abs, ends))
    columns = {
        "moves": ["", *_signed(changes["moves"]), ""],
        **_intervals(changes),
        "share": ["", *percents(changes["share"]), ""],
        "mean": [numbers(ends)[0], *[""] * len(changes), numbers(ends)[1]],
    }
    note = f"The whole difference is {_signed([whole['moves']])[0]} {difference.unit}. {difference.orders}"
    note += " Lines: 5 % to 95 % of a move, draw by draw, from where its bar begins." if "p5" in changes else ""
    note += " The axis does not begin at 0." if truncated else ""
    rows = rows_of(ax, names, columns, row=0.36, width=width, wide=9.4)
    ax, places = rows.axes(ax), rows.places
    _put_totals(ax, ends, (places[0], places[-1]), truncated=truncated)
    for number, (begin, (_, row)) in enumerate(zip(begins, changes.iterrows(), strict=True), 1):
        _put_change(ax, places[number - 1 : number + 2], float(begin), row)
    if truncated:
        low, high = ax.dataLim.intervalx
        ax.set_xlim(low - 0.04 * (high - low), high + 0.04 * (high - low))
    title = title or "What moves the result from old to new"
    rows.finish(ax, label=difference.unit, note=note, title=title)
    return ax


def _named(row: pandas.Series) -> str:
    """A change in words, with what it was and is where that is short."""
    said = f"{row['old']} to {row['new']}" if row["old"] else ""
    return f"{row['words']}: {said}" if said and len(said) <= 44 else str(row["words"])


def _put_totals(ax: Axes, ends: Sequence[float], places: tuple[float, float], *, truncated: bool) -> None:
    """The old and the new total: bars from 0, or points where these would hide the moves."""
    for place, size in zip(places, ends, strict=True):
        if truncated:
            ax.plot([size], [place], color=INK, marker="D", markersize=6, linestyle="none")
        else:
            ax.barh([place], [size], height=0.62, color=QUIET)


def _put_change(ax: Axes, places: Sequence[float], begin: float, row: pandas.Series) -> None:
    """The bar of a change, thin lines from the row above and to the one below, and the interval of its move."""
    above, place, below = places
    size = float(row["moves"])
    ax.barh([place], [size], left=begin, height=0.62, color=HIGH if size > 0 else LOW)
    ax.plot([begin, begin], [above + 0.31, place + 0.31], color=QUIET, linewidth=0.8)
    ax.plot([begin + size] * 2, [place - 0.31, below - 0.31], color=QUIET, linewidth=0.8)
    if "p5" in row and row["p5"] < row["p95"]:
        low, high = begin + float(row["p5"]), begin + float(row["p95"])
        ax.plot([low, high], [place, place], color=INK, linewidth=1.1, marker="|", markersize=6,
                path_effects=canvas.halo(1.1))  # fmt: skip


def _intervals(changes: pandas.DataFrame) -> dict[str, list[str]]:
    """The column of intervals; none at nominal values, and an empty cell where draws are not paired."""
    if "p5" not in changes:
        return {}
    every = canvas.interval_column(changes)["5 to 95 %"]
    paired = (changes["p5"] < changes["p95"]).tolist()
    return {"5 to 95 %": ["", *(text if there else "" for text, there in zip(every, paired, strict=True)), ""]}


def _signed(sizes: Sequence[float] | pandas.Series) -> list[str]:
    return [f"{'+' * bool(size > 0)}{text}" for size, text in zip(sizes, numbers(sizes), strict=True)]
