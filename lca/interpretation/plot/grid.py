"""A grid of coloured cells with names along it: how large a cell is, and how much of its text it holds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...checks import Array
from . import canvas
from .texts import INK, PAPER, QUIET, is_narrow, length, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Texts on cells of a colour: the same on every page.
ON_LIGHT, ON_DARK = "#1F1F1F", "#FAFAFA"
#: More columns or rows than these are drawn without numbers; more cells than this as a picture.
_MOST_COLUMNS, _MOST_ROWS, _MOST_CELLS = 16, 60, 4_000
_LETTER, _LINE, _ROW, _TALLEST = 0.078, 0.14, 0.235, 20.0  # inches
#: How light red, green and blue are (ITU-R BT.709).
_LIGHT = np.array([0.2126, 0.7152, 0.0722])
#: Letters of a line of a name beside a row, in a wide and in a narrow figure.
_WIDE_NAME, _NARROW_NAME = 34, 15


@dataclass(frozen=True)
class Grid:
    """The cells of a figure: their sizes in inches, names of rows, and how many lines of a text a cell has."""

    dims: tuple[str, ...]
    cells: Mapping[str, tuple[object, ...]]
    width: float
    cell: float
    row: float
    rows: tuple[str, ...]
    lines: int

    @classmethod
    def of(
        cls, dims: Sequence[str], cells: Mapping[str, tuple[object, ...]], texts: Sequence[tuple[str, ...]],
        width: float | None,
    ) -> Grid:  # fmt: skip
        """The grid for texts of one or more parts each; as wide as they need, or as wide as asked for."""
        columns = len(cells[dims[-1]])
        across = 1 if len(dims) < 3 or (width is not None and is_narrow(width)) else len(cells[dims[0]])
        whole = columns * (len(cells[dims[0]]) if len(dims) == 3 else 1) <= _MOST_COLUMNS
        named = _NARROW_NAME if width is not None and is_narrow(width) else _WIDE_NAME
        rows = tuple(str(one) if width is None else wrapped(str(one), named) for one in cells[dims[-2]])
        left = 0.35 + _LETTER * max(length(line) for name in rows for line in name.splitlines())
        beside = 0.25 + _LETTER * max(sum(map(len, text)) + 2 * (len(text) > 1) for text in texts)
        below = 0.06 + 0.92 * _LETTER * max(len(part) for text in texts for part in text)
        lines = 1 if whole and len(rows) <= _MOST_ROWS else 0
        if width is None:
            cell = beside if lines else 12 / max(12, columns * across)
            size = max(left + across * (columns * cell + 0.15), 5.6)
        else:
            size, cell = width, (width - left - 0.15 * across) / (columns * across)
            lines = lines * (1 if cell >= beside - 0.15 else len(texts[0]) if cell >= below else 0)
        high = max(_ROW + _LINE * max(lines - 1, 0), 0.07 + _LINE * max(1 + name.count("\n") for name in rows))
        return cls(tuple(dims), cells, size, cell, min(high, _TALLEST / len(rows)), rows, lines)

    def text(self, parts: Sequence[str]) -> str:
        """The text of a cell, beside each other or in lines."""
        return ("\xa0\xa0" if self.lines == 1 else "\n").join(parts)

    def figure(self, legend: int) -> tuple[Figure, list[Axes]]:
        """A figure with an Axes for each panel, names along the cells, and room for lines of a legend."""
        several = self.cells[self.dims[0]] if len(self.dims) == 3 else ("",)
        down = len(several) if is_narrow(self.width) else 1
        names, step, above = self._names_of_columns
        head = above + 0.17 * (len(several) > 1)
        high = down * (self.row * len(self.rows) + head + 0.45 * (down > 1)) + 1.75 + 0.2 * legend
        figure = canvas.figure_of(self.width, high)
        every = figure.subplots(down, len(several) // down, sharey=True, squeeze=False).ravel().tolist()
        for ax, label in zip(every, several, strict=True):
            self._put_names(ax, names, step, turned=bool(above))
            if len(self.dims) == 3:
                ax.set_title(f"{self.dims[0]}: {label}", fontsize=9.5, color=INK, parse_math=False)
            for line, count, size in ((ax.axhline, len(self.rows), self.row), (ax.axvline, self._columns, self.cell)):
                for place in np.arange(1, count if size > _LINE / 2 else 1) - 0.5:
                    line(place, color=PAPER, linewidth=1.2)
        for ax in every[:: len(several) // down]:
            ax.set_ylabel(self.dims[-2], fontsize=9, color=QUIET, parse_math=False)
        return figure, every

    def fill(self, every: Sequence[Axes], colours: Array, texts: Sequence[str]) -> None:
        """Colours and texts into the panels: dark on light, or light on dark."""
        panels = colours.reshape(len(every), -1, *colours.shape[-2:])
        each = panels.shape[1] * panels.shape[2]
        for number, (ax, shades) in enumerate(zip(every, panels, strict=True)):
            put_cells(ax, shades)
            for place, text in enumerate(texts[number * each : (number + 1) * each]):
                row, column = divmod(place, panels.shape[2])
                ink = ON_DARK if shades[row, column] ** 2.2 @ _LIGHT < 0.2 else ON_LIGHT
                ax.text(column, row, text, ha="center", va="center", fontsize=9, color=ink, parse_math=False)

    @property
    def _columns(self) -> int:
        return len(self.cells[self.dims[-1]])

    def _put_names(self, ax: Axes, names: Sequence[str], step: int, *, turned: bool) -> None:
        """Names above the columns and beside the rows, without ticks and without a frame."""
        put: dict[str, Any] = {"fontsize": 9, "color": INK, "parse_math": False}
        ax.set_xticks(range(0, self._columns, step), names[::step], **put, rotation=90 if turned else 0)
        ax.set_yticks(range(0, len(self.rows), _step(self.row)), self.rows[:: _step(self.row)], **put)
        ax.xaxis.tick_top()
        ax.xaxis.set_label_position("top")
        ax.set_xlabel(self.dims[-1], fontsize=9, color=QUIET, parse_math=False)
        ax.tick_params(length=0)
        for side in ax.spines.values():
            side.set_visible(False)

    @property
    def _names_of_columns(self) -> tuple[list[str], int, float]:
        """(names, every how many columns one stands, the height of turned names in inches).

        Names that have no room over a cell are turned, and over narrow cells not each has one.
        """
        labels = [str(one) for one in self.cells[self.dims[-1]]]
        names = [wrapped(one, 14) for one in labels]
        if _LETTER * max(length(line) for name in names for line in name.splitlines()) <= self.cell:
            return names, 1, 0.0
        return labels, _step(self.cell), _LETTER * max(map(length, labels))


def put_cells(ax: Axes, colours: Array) -> None:
    """Cells of colours (rows, columns, RGB), the first row on top: as shapes, or very many as a picture."""
    rows, columns = colours.shape[:2]
    if rows * columns > _MOST_CELLS:
        ax.imshow(colours, aspect="auto", interpolation="nearest")
        return
    ax.pcolormesh(np.arange(columns + 1) - 0.5, np.arange(rows + 1) - 0.5, colours)
    ax.set_ylim(rows - 0.5, -0.5)


def _step(size: float) -> int:
    """Every how many cells of a size in inches a name has room."""
    return math.ceil(_LINE / size)
