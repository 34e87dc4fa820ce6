"""What all figures share: colours, axes, columns of figures beside the bars, legends, notes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas

from ...checks import Array, finite_number
from ...errors import DomainError, MissingError
from ...loading import needed, uncollected
from ...units.number_text import NOTHING, significant
from ..breakeven.rows import is_wide
from ..result import Result
from ..summary import in_unit
from .texts import GRID, INK, LINE, OURS, PAPER, QUIET, figure_width, is_narrow, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patheffects import AbstractPathEffect

#: Okabe and Ito's colours, which colour-blind readers can tell apart; one for each stage, in every figure.
STAGE_COLOURS = {
    "development": "#CC79A7",
    "training": "#D55E00",
    "manufacturing": "#0072B2",
    "distribution": "#56B4E9",
    "use": "#E69F00",
    "end of life": "#009E73",
}
DARK, LIGHT = "#0072B2", "#A6CFE8"
LOW, HIGH = "#56B4E9", "#D55E00"
#: What stands for all others.
REST = "#B4B4B4"
#: Colours of alternatives side by side.
WAYS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#222222"]
#: From a point to its number, as shares of the axes.
_STEPS = ((0.018, 0.03), (-0.018, 0.03), (0.018, -0.03), (-0.018, -0.03))
_PREFIXED = ("Mt", "t", "kg", "g", "mg", "µg", "ng")


def figure_of(width: float, height: float) -> Figure:
    """A figure of its own, apart from pyplot. Raises `MissingError` where matplotlib is missing."""
    with uncollected():
        module = needed("matplotlib.figure", "figures", "report")
    figure: Figure = module.Figure(figsize=(width, height), layout="constrained", facecolor=PAPER, label=OURS)
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.set(w_pad=0.14, h_pad=0.08)  # type: ignore[call-arg]
    return figure


def new_axes(ax: Axes | None, width: float, height: float) -> Axes:
    """The axes that were given, or those of a new figure."""
    return figure_of(width, height).add_subplot() if ax is None else ax


def put_whiskers(ax: Axes, places: Sequence[float], table: pandas.DataFrame) -> None:
    """A line from the 5 % to the 95 % quantile of every row, where a table has them."""
    if "p5" not in table:
        return
    for y, low, high in zip(places, table["p5"], table["p95"], strict=True):
        ax.plot([low, high], [y, y], color=INK, linewidth=1.1, marker="|", markersize=6, path_effects=halo(1.1))


def halo(width: float) -> list[AbstractPathEffect]:
    """What lets a line of a width be seen on a bar of any colour: a border as the ground."""
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=width + 1.6, foreground=PAPER)]


def require_rows(table: pandas.DataFrame) -> None:
    """Raise `MissingError` for a table without rows: there is nothing to draw."""
    if table.empty:
        raise MissingError.of("table_without_rows", "table")


def put_scale(ax: Axes, axis: Literal["x", "y"]) -> None:
    """A quiet grid and plain numbers along the axis of the values, and no frame but a line at the bottom."""
    from matplotlib.ticker import MaxNLocator, StrMethodFormatter

    values = ax.xaxis if axis == "x" else ax.yaxis
    most = 4 if axis == "x" and is_narrow(figure_width(ax)) else 6
    values.set_major_locator(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]))
    values.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    ax.grid(True, axis=axis, color=GRID, linewidth=0.7)
    ax.set_axisbelow(True)
    ax.tick_params(length=0)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color(LINE)


def put_axis(ax: Axes, ends: tuple[float, float], path: str, unit: str, axis: Literal["x", "y"] = "x") -> None:
    """An axis of a parameter between two ends: logarithmic over a wide range, with plain numbers."""
    from matplotlib.ticker import MaxNLocator, NullFormatter, StrMethodFormatter

    one = ax.xaxis if axis == "x" else ax.yaxis
    low, high = ends
    put_limits, put_kind, put_label = (
        (ax.set_xlim, ax.set_xscale, ax.set_xlabel) if axis == "x" else (ax.set_ylim, ax.set_yscale, ax.set_ylabel)
    )
    if is_wide(low, high):
        put_kind("log")
        one.set_minor_formatter(NullFormatter())
    else:
        one.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    one.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    put_limits(low, high)
    ax.tick_params(axis=axis, which="both", length=2.5, color=LINE, labelsize=8.5, labelcolor=QUIET)
    put_label(f"{path} [{unit}]" if unit else path, fontsize=9, color=INK, parse_math=False)


def put_numbers(ax: Axes, points: Array, which: Sequence[int]) -> None:
    """Numbers from 1 at some points (n, 2), each on that side of it where most room is."""
    ends = np.array([ax.get_xlim(), ax.get_ylim()])
    low, size = ends[:, 0], ends[:, 1] - ends[:, 0]
    taken = [*((points - low) / size)]
    enough = max(0.03, 0.17 / figure_width(ax))  # the height of a number, as a share of the axes
    steps = np.array(_STEPS) * enough / 0.03
    for number, place in enumerate(which, 1):
        around = [taken[place] + far * step for far in (1, 2, 3) for step in steps]
        room = [min(float(np.hypot(*(spot - one))) for one in taken) for spot in around]
        room = [size if np.all(spot > 0.01) else 0.0 for size, spot in zip(room, around, strict=True)]
        best = around[int(np.argmax(np.minimum(room, enough)))]
        taken.append(best)
        x, y = low + best * size
        ax.text(x, y, str(number), fontsize=8.5, color=INK, ha="center", va="center", zorder=4)


def put_beside(ax: Axes, names: Sequence[str]) -> None:
    """Names right of the axes, one below the other."""
    lines = [wrapped(name, 40).replace("\n", "\n\xa0\xa0\xa0\xa0") for name in names]
    ax.annotate(
        "\n".join(lines), (1, 1), (10, 0), xycoords="axes fraction", textcoords="offset points", va="top", ha="left",
        fontsize=8.5, color=INK, annotation_clip=False, parse_math=False, linespacing=1.4,
    )  # fmt: skip


def several_dims(table: pandas.DataFrame) -> DomainError:
    """The error for a table over other alternatives than those that a figure shows (D2)."""
    others = [str(name) for name in table.index.names[:-1]]
    return DomainError.of("figure_of_one_dim", "result", dims=", ".join(others), dim=others[0])


def smallest(table: pandas.DataFrame, most: int, note: str) -> tuple[pandas.DataFrame, str]:
    """(the first rows of a sorted table, the note with how many there are)."""
    finite_number(most, "most", low=1, whole=True)
    return (table.iloc[:most], f"the {most} smallest of {len(table)}; {note}") if len(table) > most else (table, note)


def titled(result: Result, what: str) -> str:
    """The title of a figure: of a study its name, then what is shown."""
    return f"{result.model.title}: {what}" if result.model.stages else what.capitalize()


def readable(size: float, unit: str, per_unit: str = "", kg_up_to: float = 0.0) -> str:
    """The largest unit of mass in which a size is 0.1 or more; kg, where that gives 0.1 to `kg_up_to`."""
    sizes = {f"{prefix} CO2e": size / in_unit(f"{prefix} CO2e", unit, per_unit)[0] for prefix in _PREFIXED}
    if 0.1 <= sizes["kg CO2e"] < kg_up_to:
        return "kg CO2e"
    return next((name for name, number in sizes.items() if number >= 0.1), f"{_PREFIXED[-1]} CO2e")


def interval_column(table: pandas.DataFrame) -> dict[str, list[str]]:
    """The column of intervals of a table; none for nominal values."""
    if "p5" not in table:
        return {}
    ends = zip(table["p5"], table["p95"], strict=True)
    return {"5 to 95 %": [f"{significant(float(low))} to {significant(float(high))}" for low, high in ends]}


def numbers(values: Iterable[float]) -> list[str]:
    """Numbers as texts of three digits."""
    return [significant(float(value)) for value in values]


def percents(shares: Iterable[float]) -> list[str]:
    """Shares as whole per cents, with a digit below ten; what is smaller is said to be so."""
    return [_percent(100 * float(share)) for share in shares]


def _percent(size: float) -> str:
    if not math.isfinite(size):
        return NOTHING
    return f"{size:.0f} %" if abs(size) >= 9.95 else "< 0.1 %" if abs(size) < 0.05 else f"{size:.1f} %"
