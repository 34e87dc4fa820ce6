"""Bars of the stages of a result, or of its alternatives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas

from ...arguments import entry
from ...errors import MissingError
from ..result import Result
from ..summary import summary, words_of
from . import canvas
from .canvas import STAGE_COLOURS, numbers, percents
from .rows import rows_of
from .texts import INK, LINE, PAPER, QUIET

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST = 24


@entry
def readable_unit(result: Result, per: str = "total") -> str:
    """The unit in which totals read best.

    Parameters
    ----------
    result : Result
        A result.
    per : str
        "total", or what to divide by, as in `summary`.

    Returns
    -------
    str
        kg CO2e where that gives 0.1 to 100,000, else a multiple of it.

    Examples
    --------
    >>> import lca
    >>> from lca.study.small_study import small_study
    >>> study = small_study()
    >>> readable_unit(lca.nominal(study))
    'kg CO2e'
    """
    unit, total = str(result.data["total"].attrs["unit"]), result.spreads.of("total", per)
    middle = float(np.median(total.quantiles["p50"] if total.drawn else total.mean))
    return canvas.readable(abs(middle), unit, words_of(result, per), kg_up_to=1e5)


@entry
def stages(
    result: Result,
    *,
    per: str = "total",
    unit: str | None = None,
    ax: Axes | None = None,
    most: int = _MOST,
    width: float | None = None,
) -> Axes:
    """Bars of the mean of every stage, with the 90 % interval as a line and the share of the mean.

    Without alternatives there is a bar for each stage and one for the total. With alternatives each has a stacked bar,
    sorted by its total, with the interval of the total.

    Parameters
    ----------
    result : Result
        A result of a study.
    per, unit : str
        As in `summary`; if not given, a unit is chosen that reads well.
    ax : matplotlib Axes
        Where to draw; a new figure if not given.
    most : int
        The largest number of alternatives that are shown, the smallest totals first.
    width : float
        The width of a new figure in inches. Below 4.8 names stand above the bars, as a phone needs it.

    Returns
    -------
    matplotlib Axes
        The figure.

    Raises
    ------
    MissingError
        If matplotlib is not installed, or the result has no stages.

    Examples
    --------
    >>> import lca
    >>> from lca.study.small_study import small_study
    >>> study = small_study()
    >>> stages(lca.nominal(study)).get_xlabel()
    'kg CO2e'
    """
    if not result.model.stages:
        raise MissingError.of("result_without_stages", "result", what="a figure of stages")
    table = summary(result, per=per, unit=unit or readable_unit(result, per))
    one = table.index.nlevels == 1
    bars = "bars: median; shares: of the mean" if one else "bars: means, which add up; dots: median of the total"
    note = f"{bars}; lines: 5 % to 95 % of the draws. {result.contents}" if "p5" in table else "nominal values"
    if one:
        return _one(table, result.model.title, note, ax, width)
    return _several(table, result.model.title, note, ax, most, width)


def _headline(table: pandas.DataFrame) -> tuple[str, pandas.Series]:
    """What the headline of a table is, and its numbers (A11): medians, or nominal values where there are no draws."""
    return ("median", table["p50"]) if "p50" in table else ("nominal", table["nominal"])


def _one(table: pandas.DataFrame, title: str, note: str, ax: Axes | None, width: float | None) -> Axes:
    names = [str(name) for name in table.index]
    head, middle = _headline(table)
    columns = {head: numbers(middle), **canvas.interval_column(table), "share": percents(table["share"])}
    rows = rows_of(ax, names, columns, row=0.36, width=width, wide=7.6, apart=0.35)
    ax, places = rows.axes(ax), rows.places
    colours = [STAGE_COLOURS.get(name, canvas.DARK) for name in names[:-1]] + [QUIET]
    ax.barh(places, middle, height=0.64, color=colours)
    if not rows.narrow:
        ax.axhline(places[-1] - 0.68, color=LINE, linewidth=0.8)
    canvas.put_whiskers(ax, places, table)
    rows.finish(ax, label=table["unit"].iloc[0], note=note, title=title)
    return ax


def _several(table: pandas.DataFrame, title: str, note: str, ax: Axes | None, most: int, width: float | None) -> Axes:
    whole: Any = table.xs("total", level="stage")
    whole = whole.sort_values("p50" if "p50" in whole else "nominal", kind="stable")
    dims = [str(name) for name in whole.index.names]
    whole, note = canvas.smallest(whole, most, note)
    keys = [key if isinstance(key, tuple) else (key,) for key in whole.index]
    head, middle = _headline(whole)
    columns = {f"total, {head}": numbers(middle), **canvas.interval_column(whole)}
    rows = rows_of(ax, [", ".join(map(str, key)) for key in keys], columns, row=0.3, width=width, wide=9.4)
    shown = table.index.unique("stage").drop("total")
    ax, places = rows.axes(ax), rows.places
    left = pandas.Series(0.0, index=whole.index)
    for stage in shown:
        part = table.xs(stage, level="stage").loc[whole.index]
        shares = percents([part["share"].min(), part["share"].max()])
        span = shares[0] if shares[0] == shares[1] else f"{shares[0].removesuffix(' %')} to {shares[1]}"
        ax.barh(
            places, part["mean"], left=left, height=0.7, label=f"{stage}, {span}",
            color=STAGE_COLOURS.get(stage, QUIET), edgecolor=PAPER, linewidth=0.4,
        )  # fmt: skip
        left = left + part["mean"]
    canvas.put_whiskers(ax, places, whole)
    if head == "median":
        ax.plot(middle, places, color=INK, marker="o", markersize=5.5, markeredgecolor=PAPER, linestyle="none")
    rows.finish(ax, label=whole["unit"].iloc[0], note=note, title=title, legend=3)
    if not rows.narrow:
        ax.set_ylabel(", ".join(dims), fontsize=9, color=QUIET)
    return ax
