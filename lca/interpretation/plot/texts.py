"""The texts of a figure: its title, legend and note, and how much of them a line holds."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any

from ...checks import finite_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend

#: Texts and lines, quiet texts, lines of axes, the grid, and the ground: a page may set these (`svg.THEMED`).
INK, QUIET, LINE, GRID, PAPER = "#222222", "#666666", "#BBBBBB", "#E2E2E2", "#FFFFFF"
#: Below this width in inches a figure is narrow: names stand above bars, and panels below each other.
NARROW = 4.8
#: A width at which the smallest text has 10 pixels on a phone of 390.
PHONE = 3.7
#: The label of a figure that was made here: its title and its note belong to no one else.
OURS = "lca"
_EAST = 0x2E80  # letters from this one on are about as wide as they are high
_LEFT = 0.14  # inches from the edge to a title or a note
_LETTER = 0.58  # the width of a letter as a share of its size, in the mean
_TITLE_LINE, _LEGEND_LINE, _NOTE_LINE = 0.18, 0.185, 0.125  # inches
_KEY = 30.0  # points that the patch of a legend takes, and the gap behind its text


def width_of(ax: Axes | None, width: float | None, wide: float) -> float:
    """The width of a figure in inches: of the axes that were given, as asked for, or a wide one."""
    if ax is not None:
        return figure_width(ax)
    return wide if width is None else finite_number(width, "width", low=2.0, high=100.0)


def figure_width(ax: Axes) -> float:
    """The width in inches of the figure of some axes."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    return float(figure.get_figwidth())


def ours(ax: Axes) -> Figure | None:
    """The figure of some axes, if it was made here."""
    figure = ax.get_figure(root=True)
    return figure if figure is not None and figure.get_label() == OURS else None


def is_narrow(width: float) -> bool:
    """Whether a figure of a width has no room for names beside its bars."""
    return width < NARROW


def letters(width: float, size: float) -> int:
    """How many letters of a size in points a line of so many inches has."""
    return max(int((72 * width - 2 * 72 * _LEFT) / (_LETTER * size)), 8)


def length(text: str) -> float:
    """How many letters of the usual width a text is as wide as."""
    return len(text) + (1 / _LETTER - 1) * sum(ord(letter) >= _EAST for letter in text)


def put_title(ax: Axes, text: str, pad: float | None = None) -> float:
    """A title at the left, in lines: over a figure of ours, or over the axes, `pad` points above them.

    Returns the inches that it takes of a figure of ours.
    """
    how: dict[str, Any] = {"fontsize": 10, "fontweight": "bold", "color": INK, "parse_math": False}
    if (figure := ours(ax)) is not None:
        width = figure.get_figwidth()
        said = wrapped(text, letters(width, 11))
        figure.suptitle(said, x=_LEFT / width, ha="left", **how)
        return _TITLE_LINE * (1 + said.count("\n"))
    ax.set_title(wrapped(text, 58), loc="left", pad=pad, **how)
    return 0.0


def put_legend(ax: Axes, title: str, most: int) -> float:
    """A legend under its title, in at most so many columns: over a figure of ours, or over the axes and their heads.

    Returns the inches that it takes of a figure of ours.
    """
    from matplotlib.transforms import ScaledTranslation

    handles, names = ax.get_legend_handles_labels()
    how: dict[str, Any] = {
        "frameon": False, "fontsize": 8.5, "handlelength": 1.0, "handleheight": 1.0, "columnspacing": 1.6,
        "alignment": "left", "borderpad": 0, "borderaxespad": 0.9,
        "title_fontproperties": {"weight": "bold", "size": 10},
    }  # fmt: skip
    if (figure := ours(ax)) is not None:
        width = figure.get_figwidth()
        names, title = [wrapped(name, letters(width, 8.5) - 6) for name in names], wrapped(title, letters(width, 11))
        columns = legend_columns(names, width, most)
        put_colours(
            figure.legend(handles, names, loc="outside upper left", ncols=columns, title=title, **how),
        )
        lines = math.ceil(sum(1 + name.count("\n") for name in names) / columns)
        return _TITLE_LINE * (1 + title.count("\n")) + _LEGEND_LINE * lines + 0.1
    whole = ax.get_figure(root=True)
    assert whole is not None
    lifted = ax.transAxes + ScaledTranslation(0, 21 / 72, whole.dpi_scale_trans)
    legend = ax.legend(
        handles, names, loc="lower left", bbox_to_anchor=(0, 1), bbox_transform=lifted, ncols=most,
        title=wrapped(title, 58), **(how | {"borderaxespad": 0}),
    )  # fmt: skip
    put_colours(legend)
    return 0.0


def legend_columns(names: list[str], width: float, most: int) -> int:
    """How many columns of a legend have room in so many inches."""
    longest = max((length(line) for name in names for line in name.splitlines()), default=1)
    return max(1, min(most, int((72 * width - 2 * 72 * _LEFT) / (_LETTER * 8.5 * longest + _KEY))))


def put_colours(legend: Legend) -> None:
    """Texts of a legend in ink, and as they are."""
    for text in (legend.get_title(), *legend.get_texts()):
        text.set(color=INK, parse_math=False)


def put_note(ax: Axes, note: str) -> float:
    """A note below: along a figure of ours, or under the label of the axis.

    Returns the inches that it takes of a figure of ours.
    """
    how: dict[str, Any] = {"fontsize": 7.5, "color": QUIET, "parse_math": False}
    if (figure := ours(ax)) is not None:
        width = figure.get_figwidth()
        said = wrapped(note, letters(width, 7.5))
        figure.supxlabel(said, x=_LEFT / width, ha="left", **how)
        return _NOTE_LINE * (1 + said.count("\n"))
    ax.annotate(
        wrapped(note, 90), (0, 0), (0, -5), xycoords=("axes fraction", ax.xaxis.label), textcoords="offset points",
        va="top", ha="left", annotation_clip=False, **how,
    )  # fmt: skip
    return 0.0


def wrapped(text: str, width: int) -> str:
    """The text in lines of at most `width` letters; a name without blanks is broken after "_", "/", "." or "-"."""
    if text and length(text) > len(text):
        width = max(int(width * len(text) / length(text)), 4)
    lines: list[str] = []
    kept = text.replace(" %", "\xa0%")  # a number and its sign stay on one line
    for piece in textwrap.wrap(kept, width, break_long_words=False, break_on_hyphens=False) or [""]:
        while len(piece) > width:
            cut = max(piece.rfind(mark, 0, width) for mark in "_/.-") + 1 or width
            lines.append(piece[:cut])
            piece = piece[cut:]
        lines.append(piece)
    return "\n".join(lines).replace("\xa0%", " %")
