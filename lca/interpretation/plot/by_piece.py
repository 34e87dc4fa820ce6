"""Alternatives as stacked bars of what they are made of, with the paired interval of their differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas

from ...arguments import entry
from ...checks import finite_number
from ..comparison.comparison import compare
from ..contribution.contribution import OTHER, TOTAL, contribution
from ..result import Result
from . import canvas
from .by_stage import readable_unit
from .canvas import STAGE_COLOURS, WAYS, numbers, percents, several_dims
from .rows import rows_of
from .texts import INK, PAPER, QUIET

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Pieces with a colour of their own.
_PIECES = 6


@entry
def contributions(
    result: Result,
    *,
    over: str,
    by: str = "stage",
    unit: str | None = None,
    ax: Axes | None = None,
    most: int = 24,
    width: float | None = None,
) -> Axes:
    """Stacked bars of alternatives, with the 5 to 95 % interval of the difference of each to the first.

    The differences are taken draw by draw, so that what all share cancels. The line at the end of a bar is that
    interval, added to the mean of the first.

    Parameters
    ----------
    result : Result
        A result with draws, details and one dim of alternatives.
    over : str
        That dim.
    by : str
        A level of `contribution`, such as "stage", "activity" or "device".
    unit : str
        As in `summary`; if not given, a unit is chosen that reads well.
    ax : matplotlib Axes
        Where to draw; a new figure if not given.
    most : int
        The largest number of alternatives that are shown, the smallest first.
    width : float
        As in `stages`.

    Returns
    -------
    matplotlib Axes
        The figure.

    Raises
    ------
    MissingError
        If matplotlib is not installed; as in `contribution` and `compare`.
    DomainError
        If the result has other alternatives, too; if `most` is below 1.

    Examples
    --------
    >>> import lca
    >>> from lca.study.small_study import small_study
    >>> rooms = small_study().vary("room", {"lab.pue": {"desk": 1.0, "hall": 1.5}})
    >>> contributions(lca.monte_carlo(rooms, draws=100, progress=False), over="room", by="activity").get_xlabel()
    'kg CO2e'
    """
    finite_number(most, "most", low=1, whole=True)
    unit = unit or readable_unit(result)
    pieces = contribution(result, by=by, unit=unit)
    if pieces.index.nlevels > 2:
        raise several_dims(pieces)
    ranked = compare(result, over=over, unit=unit)
    shown, note = canvas.smallest(pandas.DataFrame(ranked), most, "")
    named = [name for name in dict.fromkeys(pieces.index.get_level_values(by)) if name != TOTAL]
    sizes = _with_colours(pandas.DataFrame(pieces)["mean"].unstack(by).loc[shown.index, named].fillna(0.0))
    first = float(shown["mean"].iloc[0])
    apart = [
        f"{low} to {high}"
        for low, high in zip(*(numbers(shown[one]) for one in ("excess_p5", "excess_p95")), strict=True)
    ]
    columns = {"mean": numbers(shown["mean"]), "above the first, 5 to 95 %": ["", *apart[1:]]}
    note += (
        f"bars: means; lines: 5 % to 95 % of the difference to {shown.index[0]}, draw by draw, from its mean (dotted). "
    )
    note += result.contents
    rows = rows_of(ax, list(map(str, shown.index)), columns, row=0.34, width=width, wide=9.4)
    ax = rows.axes(ax)
    _put_bars(ax, sizes, rows.places)
    for place, (_, row) in list(zip(rows.places, shown.iterrows(), strict=True))[1:]:
        ends = [first + float(row["excess_p5"]), first + float(row["excess_p95"])]
        ax.plot(ends, [place] * 2, color=INK, linewidth=1.1, marker="|", markersize=7, path_effects=canvas.halo(1.1))
    rows.put_line(ax, first, color=INK, linewidth=0.8, linestyle=":")
    title = canvas.titled(result, f"by {by}, over {over}")
    rows.finish(ax, label=str(pieces["unit"].iloc[0]), note=note, title=title, legend=3)
    return ax


def _with_colours(sizes: pandas.DataFrame) -> pandas.DataFrame:
    """The largest pieces, in their order, and the others as one."""
    if len(sizes.columns) <= _PIECES:
        return sizes
    kept = sizes.abs().max().nlargest(_PIECES - 1).index
    large = sizes[[name for name in sizes.columns if name in kept and name != OTHER]]
    return large.assign(**{OTHER: sizes.sum(axis=1) - large.sum(axis=1)})


def _put_bars(ax: Axes, sizes: pandas.DataFrame, places: Sequence[float]) -> None:
    left = pandas.Series(0.0, index=sizes.index)
    ways = iter(WAYS)
    for name, part in sizes.items():
        shares = percents(sorted(part / sizes.sum(axis=1))[:: max(1, len(part) - 1)])
        span = shares[0] if shares[0] == shares[-1] else f"{shares[0].removesuffix(' %')} to {shares[-1]}"
        colour = QUIET if name == OTHER else STAGE_COLOURS.get(str(name)) or next(ways, QUIET)
        ax.barh(
            places, part, left=left, height=0.66, label=f"{name}, {span}", color=colour, edgecolor=PAPER, linewidth=0.4,
        )  # fmt: skip
        left = left + part
