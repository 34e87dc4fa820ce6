"""What all figures share: colours, axes, columns of figures beside the bars, legends, notes."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal

import pandas

from ...checks import finite_number
from ...errors import DomainError, MissingError
from ...loading import needed, uncollected
from ...units.number_text import NOTHING, significant
from ..breakeven.rows import is_wide
from ..result import Result
from ..summary import in_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

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
#: Texts and lines, quiet texts, lines of axes, the grid, and the ground: a page may set these (`svg.THEMED`).
INK, QUIET, LINE, GRID, PAPER = "#222222", "#666666", "#BBBBBB", "#E2E2E2", "#FFFFFF"
#: Texts on cells of a colour, and what stands for all others: the same on every page.
ON_LIGHT, ON_DARK, REST = "#1F1F1F", "#FAFAFA", "#B4B4B4"
#: Colours of alternatives side by side.
WAYS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#222222"]
_PREFIXED = ("Mt", "t", "kg", "g", "mg", "µg", "ng")
_LETTER = 4.9  # points that a letter of a column takes


def figure_of(width: float, height: float) -> Figure:
    """A figure of its own, apart from pyplot. Raises `MissingError` where matplotlib is missing."""
    with uncollected():
        module = needed("matplotlib.figure", "figures", "report")
    figure: Figure = module.Figure(figsize=(width, height), layout="constrained", facecolor=PAPER)
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.set(w_pad=0.14, h_pad=0.12)  # type: ignore[call-arg]
    return figure


def new_axes(ax: Axes | None, width: float, height: float) -> Axes:
    """The axes that were given, or those of a new figure."""
    return figure_of(width, height).add_subplot() if ax is None else ax


def put_legend(ax: Axes, columns: int, title: str) -> None:
    """A legend above the bars, under the title of the figure and over the heads of the columns."""
    from matplotlib.transforms import ScaledTranslation

    figure = ax.get_figure(root=True)
    assert figure is not None
    lifted = ax.transAxes + ScaledTranslation(0, 21 / 72, figure.dpi_scale_trans)
    legend = ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1), bbox_transform=lifted, borderaxespad=0, borderpad=0, ncols=columns,
        frameon=False, fontsize=8.5, handlelength=1.0, handleheight=1.0, columnspacing=1.6, title=title,
        alignment="left", title_fontproperties={"weight": "bold", "size": 10},
    )  # fmt: skip
    legend.get_title().set_parse_math(False)


def put_whiskers(ax: Axes, places: Sequence[float], table: pandas.DataFrame) -> None:
    """A line from the 5 % to the 95 % quantile of every row, where a table has them."""
    if "p5" not in table:
        return
    for y, low, high in zip(places, table["p5"], table["p95"], strict=True):
        ax.plot([low, high], [y, y], color=INK, linewidth=1.1, marker="|", markersize=6)


def _put_columns(ax: Axes, places: Sequence[float], columns: dict[str, list[str]]) -> None:
    """Figures right of the bars, in columns with a head."""
    right = 4.0
    top = ("axes fraction", "axes fraction")
    for head, texts in columns.items():
        right += 10 + _LETTER * max(len(text) for text in (head, *texts))
        put = partial(ax.annotate, textcoords="offset points", fontsize=8.5, annotation_clip=False, ha="right")
        put(head, (1, 1), (right, 6), xycoords=top, va="baseline", color=QUIET)
        for y, text in zip(places, texts, strict=True):
            cell = put(text, (1, y), (right, 0), xycoords=("axes fraction", "data"), va="center", color=INK)
            cell.set_in_layout(False)  # it ends where its head ends: the layout needs to measure that alone


def require_rows(table: pandas.DataFrame) -> None:
    """Raise `MissingError` for a table without rows: there is nothing to draw."""
    if table.empty:
        raise MissingError.of("table_without_rows", "table")


def finish(
    ax: Axes, places: Sequence[float], names: Sequence[str], columns: dict[str, list[str]], label: str, note: str
) -> None:
    """Names along the bars, columns of figures right of them, a quiet grid, the unit below, and the note under it."""
    _put_columns(ax, places, columns)
    ax.set_yticks(list(places), labels=list(names), fontsize=9, color=INK, parse_math=False)
    ax.set_ylim(places[-1] + 0.62, places[0] - 0.62)
    ax.tick_params(axis="x", labelsize=8.5, labelcolor=QUIET)
    put_scale(ax, "x")
    ax.set_xlabel(label, fontsize=9, color=INK, loc="left", parse_math=False)
    put_note(ax, note)


def put_note(ax: Axes, note: str) -> None:
    """A note under the label of the axis of values."""
    ax.annotate(
        wrapped(note, 90), (0, 0), (0, -5), xycoords=("axes fraction", ax.xaxis.label),
        textcoords="offset points", va="top", ha="left", fontsize=7.5, color=QUIET, annotation_clip=False,
        parse_math=False,
    )  # fmt: skip


def put_scale(ax: Axes, axis: Literal["x", "y"]) -> None:
    """A quiet grid and plain numbers along the axis of the values, and no frame but a line at the bottom."""
    from matplotlib.ticker import MaxNLocator, StrMethodFormatter

    values = ax.xaxis if axis == "x" else ax.yaxis
    values.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
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


def put_title(ax: Axes, text: str, pad: float | None = None) -> None:
    """A title at the left, in lines."""
    said = wrapped(text, 58)
    ax.set_title(said, loc="left", fontsize=10, fontweight="bold", color=INK, pad=pad, parse_math=False)


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


def wrapped(text: str, width: int) -> str:
    """The text in lines of at most `width` letters; a name without blanks is broken after "_", "/", "." or "-"."""
    lines: list[str] = []
    kept = text.replace(" %", "\xa0%")  # a number and its sign stay on one line
    for piece in textwrap.wrap(kept, width, break_long_words=False, break_on_hyphens=False) or [""]:
        while len(piece) > width:
            cut = max(piece.rfind(mark, 0, width) for mark in "_/.-") + 1 or width
            lines.append(piece[:cut])
            piece = piece[cut:]
        lines.append(piece)
    return "\n".join(lines).replace("\xa0%", " %")
