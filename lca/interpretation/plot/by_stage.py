"""Bars of the stages of a result, or of its alternatives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas

from ...arguments import entry
from ...errors import MissingError
from ..result import Result
from ..summary import divisor, in_unit, summary
from .canvas import (
    DARK,
    INK,
    QUIET,
    STAGE_COLOURS,
    finish,
    interval_column,
    new_axes,
    numbers,
    percents,
    put_columns,
    put_legend,
    put_whiskers,
    wrapped,
)  # fmt: skip

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PREFIXED = ("Mt", "t", "kg", "g", "mg", "µg", "ng")
_MOST = 24


@entry
def readable_unit(result: Result, per: str = "total") -> str:
    """The unit in which totals read best: kg CO2e where that gives 0.1 to 100,000, else a multiple of it."""
    below, per_unit = divisor(result, per)
    total = result.data["total"]
    size = abs(float((total if below is None else total / below).mean()))
    fits = []
    for prefix in _PREFIXED:
        factor, _ = in_unit(f"{prefix} CO2e", total.attrs["unit"], per_unit)
        if size / factor >= 0.1:
            fits.append((not (prefix == "kg" and size / factor < 1e5), f"{prefix} CO2e"))
    return min(fits, key=lambda fit: fit[0])[1] if fits else f"{_PREFIXED[-1]} CO2e"


@entry
def stages(
    result: Result,
    *,
    per: str = "total",
    unit: str | None = None,
    ax: Axes | None = None,
    most: int = _MOST,
) -> Axes:
    """Bars of the mean of every stage, with the 90 % interval as a line and the share of the mean in per cent.

    One bar for each stage, and the total apart; with alternatives a stacked bar for each, sorted by its total,
    with the interval of the total (the `most` smallest, where there are more). `per` and `unit` are those of
    `summary`; without `unit` one is chosen that reads well. Returns the axes.

    Raises `MissingError` where matplotlib is missing, or for a result without stages.
    """
    if not result.model.stages:
        raise MissingError.of("result_without_stages", "result", what="a figure of stages")
    table = summary(result, per=per, unit=unit or readable_unit(result, per))
    said = "nominal values" if "p5" not in table else "bars: mean; lines: 5 % to 95 % of the draws"
    note = said if "p5" not in table else f"{said}; {result.contents}"
    title = wrapped(result.model.title, 58)
    if table.index.nlevels == 1:
        return _one(table, title, note, ax)
    return _several(table, title, note, ax, most)


def _one(table: pandas.DataFrame, title: str, note: str, ax: Axes | None) -> Axes:
    ax = new_axes(ax, 7.6, 0.36 * len(table) + 1.75)
    names = [str(name) for name in table.index]
    places = [float(i) for i in range(len(names) - 1)] + [len(names) - 0.65]
    colours = [STAGE_COLOURS.get(name, DARK) for name in names[:-1]] + [QUIET]
    ax.barh(places, table["mean"], height=0.64, color=colours)
    ax.axhline(len(names) - 1.33, color="#BBBBBB", linewidth=0.8)
    put_whiskers(ax, places, table)
    head = "mean" if "p5" in table else "nominal"
    columns = {head: numbers(table["mean"]), **interval_column(table), "share": percents(table["share"])}
    put_columns(ax, places, columns)
    finish(ax, places, names, f"{table['unit'].iloc[0]}", note)
    ax.set_title(title, loc="left", fontsize=10, fontweight="bold", color=INK, pad=22, parse_math=False)
    return ax


def _several(table: pandas.DataFrame, title: str, note: str, ax: Axes | None, most: int) -> Axes:
    whole: Any = table.xs("total", level="stage")
    whole = whole.sort_values("mean", kind="stable")
    dims = [str(name) for name in whole.index.names]
    if len(whole) > most:
        note = f"the {most} smallest of {len(whole)}; {note}"
        whole = whole.iloc[:most]
    keys = [key if isinstance(key, tuple) else (key,) for key in whole.index]
    names = [wrapped(", ".join(str(label) for label in key), 44) for key in keys]
    places = [float(i) for i in range(len(names))]
    lines = sum(name.count("\n") for name in names)
    ax = new_axes(ax, 9.4, 0.3 * len(names) + 0.14 * lines + 1.9)
    left = pandas.Series(0.0, index=whole.index)
    for stage in [str(name) for name in dict.fromkeys(table.index.get_level_values("stage")) if name != "total"]:
        part = table.xs(stage, level="stage").loc[whole.index]
        shares = percents([part["share"].min(), part["share"].max()])
        span = shares[0] if shares[0] == shares[1] else f"{shares[0].removesuffix(' %')} to {shares[1]}"
        ax.barh(
            places, part["mean"], left=left, height=0.7, color=STAGE_COLOURS.get(stage, QUIET), edgecolor="white",
            linewidth=0.4, label=f"{stage}, {span}",
        )  # fmt: skip
        left = left + part["mean"]
    put_whiskers(ax, places, whole)
    put_columns(ax, places, {"total": numbers(whole["mean"]), **interval_column(whole)})
    finish(ax, places, names, whole["unit"].iloc[0], note)
    ax.set_ylabel(", ".join(dims), fontsize=9, color=QUIET)
    put_legend(ax, 3, title)
    return ax
