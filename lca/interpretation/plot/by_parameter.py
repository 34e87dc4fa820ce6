"""What drives the spread: indices of `sobol`, `screen`, `shapley` and `pawn`, swings of `tornado`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas

from ...arguments import entry
from ...checks import finite_number
from ...errors import DomainError, MissingError
from ...units.number_text import significant
from .canvas import DARK, HIGH, LIGHT, LOW, REST, halo, numbers, percents, require_rows
from .rows import rows_of
from .texts import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@entry
def drivers(table: pandas.DataFrame, *, ax: Axes | None = None, most: int = 8, width: float | None = None) -> Axes:
    """What drives the spread: a table of `sobol`, `screen`, `shapley` or `pawn` as bars, one of `tornado` as swings.

    The largest parameters have a bar each. The others of a table of shares are summed, with the widest interval that
    their sum can have. The others of `tornado` have one grey bar, from the lowest end to the highest of any. Of the
    others of `pawn` the largest index is drawn.

    Parameters
    ----------
    table : Table
        What one of these functions returned, without alternatives.
    ax : matplotlib Axes
        Where to draw; a new figure if not given.
    most : int
        How many parameters have a bar of their own.
    width : float
        As in `stages`.

    Returns
    -------
    matplotlib Axes
        The figure.

    Raises
    ------
    MissingError
        If matplotlib is not installed, or the table is another one.
    DomainError
        If the table is over alternatives; if `most` is below 1.

    Examples
    --------
    >>> import lca
    >>> a = lca.parameter("a", lca.Uniform("2 kWh at_wall", "4 kWh at_wall"))
    >>> drivers(lca.tornado(a * 2)).get_xlabel()
    'kWh at the wall, nominal 6.00'
    """
    finite_number(most, "most", low=1, whole=True)
    require_rows(table)
    if table.index.nlevels > 1:
        dims = [str(name) for name in table.index.names[:-1]]
        raise DomainError.of("drivers_over_alternatives", "table", dims=", ".join(dims), dim=dims[0])
    column = next((name for name in _DRAWN if name in table), None)
    if column is None:
        raise MissingError.of("not_a_table_of_drivers", "table", [", ".join(map(str, table.columns))])
    table = table.sort_values(column, ascending=False, kind="stable")
    own = len(table) if len(table) <= most + 1 else most  # one row alone is no "others"
    return _DRAWN[column](table.iloc[:own].copy(), table.iloc[own:], ax, width)


def _names(shown: pandas.DataFrame) -> list[str]:
    """What the parameters are called: their names, or the index of a table without them."""
    return [str(name) for name in shown.get("words", shown.index)]


def _indices(shown: pandas.DataFrame, rest: pandas.DataFrame, ax: Axes | None, width: float | None) -> Axes:
    numbers = ["first", "first_low", "first_high", "total", "total_low", "total_high"]
    names, shown = _with_others(shown, rest, numbers)
    orders = {"first": "alone", "total": "with interactions"}
    columns = {f"{order} order": percents(shown[order]) for order in orders}
    note = str(shown.attrs.get("note", ""))
    rows = rows_of(ax, names, columns, row=0.4, width=width, wide=7.6)
    ax = rows.axes(ax)
    widest = float(shown[["first_high", "total_high"]].max().max())
    for (order, said), shift, colour in zip(orders.items(), (-0.18, 0.18), (DARK, LIGHT), strict=True):
        at = [place + shift for place in rows.places]
        ax.barh(at, 100 * shown[order], height=0.33, color=colour, label=f"{order} order, {said}")
        _put_intervals(ax, at, shown, order, 100, 0.005 * widest)
    lowest = float(shown[["first_low", "total_low"]].min().min())
    ax.set_xlim(left=100 * lowest if lowest < -0.01 * widest else 0)
    rows.finish(ax, label="share of the variance, %", note=note, title="Largest uncertainties", legend=2)
    return ax


def _with_others(
    shown: pandas.DataFrame, rest: pandas.DataFrame, columns: list[str]
) -> tuple[list[str], pandas.DataFrame]:
    """(names, columns of the rows with a bar and of the others as a sum)."""
    names, shown = _names(shown), shown[columns].copy()
    if len(rest):
        names.append(f"the other {len(rest)} together")
        shown.loc[names[-1]] = rest[columns].sum()
    return names, shown


def _put_intervals(
    ax: Axes, at: Sequence[float], shown: pandas.DataFrame, column: str, scale: float, least: float
) -> None:
    """The interval of each bar; one narrower than `least` would be hidden by its own ends."""
    for y, low, high in zip(at, shown[f"{column}_low"], shown[f"{column}_high"], strict=True):
        if high - low > least:
            ax.plot([scale * low, scale * high], [y, y], color=INK, linewidth=0.9, marker="|", markersize=4,
                    path_effects=halo(0.9))  # fmt: skip


def _effects(shown: pandas.DataFrame, rest: pandas.DataFrame, ax: Axes | None, width: float | None) -> Axes:
    """Shapley effects: one bar each, in per cent of the variance."""
    names, shown = _with_others(shown, rest, ["shapley", "shapley_low", "shapley_high"])
    note, columns = str(shown.attrs.get("note", "")), {"effect": percents(shown["shapley"])}
    rows = rows_of(ax, names, columns, row=0.34, width=width, wide=7.6)
    ax, places = rows.axes(ax), rows.places
    ax.barh(places, 100 * shown["shapley"], height=0.6, color=DARK, label="interactions shared out equally")
    widest = float(shown["shapley_high"].max())
    _put_intervals(ax, places, shown, "shapley", 100, 0.005 * widest)
    lowest = float(shown["shapley_low"].min())
    ax.set_xlim(left=100 * lowest if lowest < -0.01 * widest else 0)
    rows.finish(ax, label="share of the variance, %", note=note, title="Shapley effects", legend=1)
    return ax


def _distances(shown: pandas.DataFrame, rest: pandas.DataFrame, ax: Axes | None, width: float | None) -> Axes:
    """PAWN: one bar each, and what an input that does nothing comes to."""
    names, values = _names(shown), list(shown["pawn"])
    if len(rest):
        names.append(f"the other {len(rest)}, each at most")
        values.append(float(rest["pawn"].max()))
    note = str(shown.attrs.get("note", ""))
    rows = rows_of(ax, names, {"PAWN": numbers(values)}, row=0.34, width=width, wide=7.6)
    ax, places, dummy = rows.axes(ax), rows.places, float(shown["dummy"].max())
    colours = [DARK if value > dummy else LIGHT for value in values]
    ax.barh(places, values, height=0.6, color=colours)
    _put_intervals(ax, places[: len(shown)], shown, "pawn", 1, 0.0)
    rows.put_line(
        ax, dummy, color=HIGH, linewidth=1.2, linestyle="--", label="what 1 % of inputs that do nothing exceed"
    )
    rows.finish(
        ax, label="distance of distributions, 0 to 1", note=note, title="How far the distribution moves", legend=1
    )
    return ax


def _swings(shown: pandas.DataFrame, rest: pandas.DataFrame, ax: Axes | None, width: float | None) -> Axes:
    if "nominal" not in shown.attrs:
        raise MissingError.of("tornado_without_nominal", "table.attrs")
    nominal = float(shown.attrs["nominal"])
    names = _names(shown)
    values = list(shown["swing"])
    if len(rest):
        names.append(f"the other {len(rest)}, each at most")
        values.append(float(rest["swing"].max()))
    note = str(shown.attrs.get("note", ""))
    rows = rows_of(ax, names, {"swing": numbers(values)}, row=0.34, width=width, wide=7.6)
    ax, places = rows.axes(ax), rows.places
    for end, colour in (("low", LOW), ("high", HIGH)):
        label = f"value at its {end} end"
        ax.barh(places[: len(shown)], shown[end] - nominal, left=nominal, height=0.6, color=colour, label=label)
    if len(rest):
        ends = rest[["low", "high"]].to_numpy(float)
        ax.barh(
            places[-1], np.ptp(ends), left=ends.min(), height=0.6, color=REST, label="the others: lowest to highest end"
        )
    rows.put_line(ax, nominal, color=INK, linewidth=0.9)
    label = f"{shown['unit'].iloc[0]}, nominal {significant(nominal)}".removeprefix(", ")
    rows.finish(ax, label=label, note=note, title="One value at a time", legend=3)
    return ax


#: How a table is drawn, by the column that it is sorted by.
_DRAWN: Mapping[str, Callable[[pandas.DataFrame, pandas.DataFrame, Axes | None, float | None], Axes]] = {
    "swing": _swings,
    "total": _indices,
    "shapley": _effects,
    "pawn": _distances,
}
