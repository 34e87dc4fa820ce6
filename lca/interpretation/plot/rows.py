"""The rows of a figure of bars: a name and its figures beside each bar, or above it where a figure is narrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from .canvas import new_axes, put_scale
from .texts import (
    INK,
    PAPER,
    QUIET,
    is_narrow,
    length,
    letters,
    ours,
    put_legend,
    put_note,
    put_title,
    width_of,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LETTER = 4.9  # points that a letter of a column takes
#: Inches that a line of a name takes, and the gap between rows of a narrow figure.
_NAME, _GAP = 0.165, 0.13
#: Half the height of a bar, and how far the axes go beyond the outer bars, as shares of a row.
_HALF, _BEYOND = 0.36, 0.62


@dataclass(frozen=True)
class Rows:
    """Names and figures of the bars of a figure, and where each stands: the first at the top.

    `places` are the middles of the bars in rows of `row` inches, so that a bar of the height 0.7 fills most of one.
    """

    names: tuple[str, ...]
    columns: Mapping[str, Sequence[str]]
    width: float
    row: float
    places: tuple[float, ...]
    ends: tuple[float, float]

    @classmethod
    def of(
        cls, names: Sequence[str], columns: Mapping[str, Sequence[str]], *, row: float, width: float, apart: float = 0.0
    ) -> Rows:
        """The rows of a figure of so many inches; the last may stand `apart` by some of a row."""
        narrow = is_narrow(width)
        most = letters(width, 9) if narrow else 44
        shown = ["\n".join(wrapped(line, most) for line in name.split("\n")) for name in names]
        above, places, end = 0.0, [], 0.0 if narrow else -0.5
        for number, name in enumerate(shown):
            lines = 1 + name.count("\n")
            if narrow:
                figures = _figures(columns, number, width)
                size = (_NAME * (lines + (1 + figures.count("\n") if figures else 0)) + _GAP) / row + 2 * _HALF
                place = end + size - _HALF
            else:
                size = max(1.0, (_NAME * lines + 0.04) / row)
                place = end + size / 2
            place, end = place + above, end + size + above
            places.append(place)
            above = apart if number == len(shown) - 2 else 0.0
        ends = (0.0, end + 0.15) if narrow else (-_BEYOND, end + _BEYOND - 0.5)
        return cls(tuple(shown), columns, width, row, tuple(places), ends)

    @property
    def narrow(self) -> bool:
        """Whether names and figures stand above the bars."""
        return is_narrow(self.width)

    def axes(self, ax: Axes | None) -> Axes:
        """The axes that were given, or those of a new figure, whose height `finish` sets."""
        return new_axes(ax, self.width, 4.0)

    def put_line(self, ax: Axes, x: float, **style: Any) -> None:
        """A line at a value over all bars; in a narrow figure at each bar, and not through the names."""
        if self.narrow:
            ends = [place - _BEYOND for place in self.places], [place + _BEYOND for place in self.places]
            ax.vlines([x] * len(self.places), *ends, **{"colors": style.pop("color"), **style})
        else:
            ax.axvline(x, **style)

    def finish(self, ax: Axes, *, label: str, note: str, title: str, legend: int = 0) -> None:
        """Names and figures, a quiet grid, the unit below, the note under it, and above a title.

        `legend` is the largest number of its columns; 0 for none.
        """
        if self.narrow:
            self._put_above(ax)
        else:
            self._put_columns(ax)
            ax.set_yticks(list(self.places), labels=list(self.names), fontsize=9, color=INK, parse_math=False)
        ax.set_ylim(self.ends[1], self.ends[0])
        ax.tick_params(axis="x", labelsize=8.5, labelcolor=QUIET)
        put_scale(ax, "x")
        label = wrapped(label, self._label_letters)
        ax.set_xlabel(label, fontsize=9, color=INK, loc="left", parse_math=False)
        taken = put_note(ax, note) + (put_legend(ax, title, legend) if legend else put_title(ax, title, pad=22))
        if (figure := ours(ax)) is not None:
            heads = 0.2 if self.columns and not self.narrow else 0.0
            bars = self.row * (self.ends[1] - self.ends[0])
            figure.set_figheight(bars + heads + taken + _NAME * label.count("\n") + 0.9)

    @property
    def _label_letters(self) -> int:
        """How many letters the label of the axis has beside the longest name and the columns."""
        beside = 0 if self.narrow else max(length(line) for name in self.names for line in name.splitlines())
        return letters(self.width - beside * 9 * 0.58 / 72, 9)

    def _put_columns(self, ax: Axes) -> None:
        """Figures right of the bars, in columns with a head."""
        right = 4.0
        top = ("axes fraction", "axes fraction")
        for head, texts in self.columns.items():
            right += 10 + _LETTER * max(length(text) for text in (head, *texts))
            put = partial(ax.annotate, textcoords="offset points", fontsize=8.5, annotation_clip=False, ha="right")
            put(head, (1, 1), (right, 6), xycoords=top, va="baseline", color=QUIET)
            for y, text in zip(self.places, texts, strict=True):
                cell = put(text, (1, y), (right, 0), xycoords=("axes fraction", "data"), va="center", color=INK)
                cell.set_in_layout(False)  # it ends where its head ends: the layout needs to measure that alone

    def _put_above(self, ax: Axes) -> None:
        """The name of each bar over it, and its figures between the two."""
        ax.set_yticks([])
        for number, (name, place) in enumerate(zip(self.names, self.places, strict=True)):
            put = partial(
                ax.annotate, textcoords="offset points", xycoords=("axes fraction", "data"), annotation_clip=False,
                ha="left", va="bottom", parse_math=False,
                bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.6},  # over lines of the grid
            )  # fmt: skip
            up = 72 * _HALF * self.row + 2
            figures = _figures(self.columns, number, self.width)
            if figures:
                put(figures, (0, place), (0, up), fontsize=8.5, color=QUIET)
                up += 72 * _NAME * (1 + figures.count("\n"))
            put(name, (0, place), (0, up), fontsize=9, color=INK)


def rows_of(
    ax: Axes | None, names: Sequence[str], columns: Mapping[str, Sequence[str]], *, row: float, width: float | None,
    wide: float, apart: float = 0.0,
) -> Rows:  # fmt: skip
    """The rows of a figure on the axes that were given, of the width that was asked for, or else of a wide one."""
    return Rows.of(names, columns, row=row, width=width_of(ax, width, wide), apart=apart)


def _figures(columns: Mapping[str, Sequence[str]], number: int, width: float) -> str:
    """The figures of one row as text, in lines."""
    rows = {head: texts[number] for head, texts in columns.items() if texts[number]}
    said = [f"{head}{':' * head.endswith('%')} {text}".replace(" ", "\xa0") for head, text in rows.items()]
    return wrapped("; ".join(said), letters(width, 8.5)).replace("\xa0", " ")
