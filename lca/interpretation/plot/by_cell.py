"""Scenarios as cells of a grid: the best alternative in each with its probability, or the median in each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ...arguments import entry
from ...checks import Array
from ...errors import DomainError, MissingError
from ...sampling.statistics.histogram import Ints
from ...units.number_text import significant
from ..comparison.cells import Cells
from ..result import Result
from ..spread import laid
from ..summary import in_unit, words_of
from . import canvas
from .by_stage import readable_unit
from .canvas import INK, ON_DARK, ON_LIGHT, PAPER, QUIET, WAYS, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Alternatives that are best most often have a colour of their own; the others are grey.
_COLOURS, _OTHERS = WAYS[:6], "#8C8C8C"
#: And a mark before the number, for a print in grey.
_MARKS, _MARK_OF_OTHERS = ("", "▲\xa0", "■\xa0", "◆\xa0", "▼\xa0", "●\xa0"), "×\xa0"
#: More columns or rows than these are drawn without numbers.
_MOST_COLUMNS, _MOST_ROWS = 16, 60
_LETTER, _LINE, _ROW, _TALLEST = 0.078, 0.14, 0.235, 20.0  # inches
#: How light red, green and blue are (ITU-R BT.709).
_LIGHT = np.array([0.2126, 0.7152, 0.0722])


@entry
def heatmap(
    result: Result,
    *,
    x: str,
    y: str,
    over: str | None = None,
    panels: str | None = None,
    per: str = "total",
    unit: str | None = None,
) -> list[Axes]:
    """A cell for each pair of labels of two dims of scenarios: who is best there, or how large the result is (A12).

    With `over` the colour of a cell is the alternative that is most often the smallest, draw by draw, and paler where
    this is less sure. In the cell stand its probability to be the smallest and its median. Without `over` the colour
    and the number of a cell are the median of the total.

    Parameters
    ----------
    result : Result
        A result with draws.
    x, y : str
        The dims of the columns and of the rows.
    over : str
        The dim of what is compared, such as "engine".
    panels : str
        A third dim of scenarios: a panel for each of its labels, side by side.
    per, unit : str
        As in `summary`; if not given, a unit is chosen that reads well.

    Returns
    -------
    list of matplotlib Axes
        The panels; `[0].figure` is the figure.

    Raises
    ------
    MissingError
        If matplotlib is not installed, the total lacks a dim, or the result has no draws.
    DomainError
        If the total varies over other alternatives, too; if one dim is named twice.

    Examples
    --------
    >>> import lca
    >>> engine = lca.parameter("x", lca.labelled({"a": 4.0, "b": 6.0}, "kg CO2e", dim="engine"))
    >>> place = lca.parameter("y", lca.labelled({"dry": 1.0, "wet": 2.0}, "", dim="place"))
    >>> years = lca.parameter("z", lca.labelled({3: lca.Uniform(2.5, 3.5), 8: lca.Uniform(7, 9)}, "", dim="years"))
    >>> result = lca.monte_carlo({"total": engine * place * years}, draws=1000, progress=False)
    >>> [text.get_text() for text in heatmap(result, over="engine", x="years", y="place")[0].texts][:2]
    ['100 %\\xa0\\xa012.0', '100 %\\xa0\\xa032.1']
    """
    dims = [dim for dim in (panels, y, x) if dim is not None]
    _check_dims(result, [*dims, *([over] if over else [])])
    if unit is None and result.model.stages:
        unit = readable_unit(result, per)
    if over is None:
        return _medians(result, dims, per, unit)
    return _best(result, Cells.of(result, over, dims, per=per, unit=unit), dims)


def _check_dims(result: Result, named: list[str]) -> None:
    """Raise for a dim that is named twice, and for alternatives that no dim of the figure shows (D2)."""
    if twice := sorted({dim for dim in named if named.count(dim) > 1}):
        raise DomainError.of("dim_of_a_figure_twice", twice[0], dim=twice[0])
    there = [str(dim) for dim in result.data["total"].dims if dim != "draw"]
    for dim in named:
        if dim not in there:
            raise MissingError.of("no_alternatives_over", dim, dim=dim, dims=", ".join(there) or "none")
    if left := [dim for dim in there if dim not in named]:
        raise DomainError.of("figure_of_cells", "result", dims=", ".join(left), dim=left[0])


def _grid(
    dims: list[str], cells: Mapping[str, tuple[object, ...]], legend: int, texts: list[str]
) -> tuple[Figure, list[Axes]]:
    """A figure with an Axes for each panel, and names along the cells; wide enough for the texts in them."""
    rows, columns = (len(cells[dim]) for dim in dims[-2:])
    several = cells[dims[0]] if len(dims) == 3 else ("",)
    longest = max(len(str(label)) for label in cells[dims[-2]])
    cell = 0.25 + _LETTER * max(map(len, texts)) if texts else 12 / max(12, columns * len(several))
    row = min(_ROW, _TALLEST / rows)
    width = max(0.35 + _LETTER * longest + len(several) * (columns * cell + 0.15), 5.6)
    names, step, above = _names_of_columns(cells[dims[-1]], cell)
    figure = canvas.figure_of(width, row * rows + 1.75 + above + 0.2 * legend + 0.17 * (len(several) > 1))
    every = figure.subplots(1, len(several), sharey=True, squeeze=False)[0].tolist()
    for ax, label in zip(every, several, strict=True):
        put: dict[str, Any] = {"fontsize": 9, "color": INK, "parse_math": False}
        ax.set_xticks(range(0, columns, step), names[::step], **put, rotation=90 if above else 0)
        ax.set_yticks(range(0, rows, _step(row)), list(map(str, cells[dims[-2]][:: _step(row)])), **put)
        ax.xaxis.tick_top()
        ax.xaxis.set_label_position("top")
        ax.set_xlabel(dims[-1], fontsize=9, color=QUIET)
        if len(dims) == 3:
            ax.set_title(f"{dims[0]}: {label}", fontsize=9.5, color=INK, parse_math=False)
        ax.tick_params(length=0)
        for side in ax.spines.values():
            side.set_visible(False)
        for line, count, size in ((ax.axhline, rows, row), (ax.axvline, columns, cell)):
            for place in np.arange(1, count if size > _LINE / 2 else 1) - 0.5:
                line(place, color=PAPER, linewidth=1.2)
    every[0].set_ylabel(dims[-2], fontsize=9, color=QUIET)
    return figure, every


def _names_of_columns(labels: Sequence[object], cell: float) -> tuple[list[str], int, float]:
    """(names, every how many columns one stands, the height of turned names in inches).

    Names that have no room over a cell are turned, and over narrow cells not each has one.
    """
    names = [wrapped(str(one), 14) for one in labels]
    if _LETTER * max(len(line) for name in names for line in name.splitlines()) <= cell:
        return names, 1, 0.0
    turned = [str(one) for one in labels]
    return turned, _step(cell), _LETTER * max(map(len, turned))


def _step(size: float) -> int:
    """Every how many cells of a size in inches a name has room."""
    return math.ceil(_LINE / size)


def _put_cells(ax: Axes, colours: Array, texts: list[list[str]], size: float) -> None:
    """Cells of colours (rows, columns, RGB) with their texts, dark on light or light on dark."""
    ax.imshow(colours, aspect="auto", interpolation="nearest")
    for row, line in enumerate(texts):
        for column, text in enumerate(line):
            ink = ON_DARK if colours[row, column] ** 2.2 @ _LIGHT < 0.2 else ON_LIGHT
            ax.text(column, row, text, ha="center", va="center", fontsize=size, color=ink, parse_math=False)


def _has_room(cells: Mapping[str, tuple[object, ...]], dims: list[str]) -> bool:
    """Whether numbers fit into the cells."""
    columns = len(cells[dims[-1]]) * (len(cells[dims[0]]) if len(dims) == 3 else 1)
    return columns <= _MOST_COLUMNS and len(cells[dims[-2]]) <= _MOST_ROWS


def _best(result: Result, cells: Cells, dims: list[str]) -> list[Axes]:
    """The best alternative of each cell, by colour, with its probability and its median."""
    from matplotlib.colors import to_rgb
    from matplotlib.patches import Patch

    winner = cells.best.argmax(axis=-1)
    sure, middle = (np.take_along_axis(one, winner[..., None], -1)[..., 0] for one in (cells.best, cells.medians))
    often = np.bincount(winner.ravel(), minlength=len(cells.labels))
    order = [int(one) for one in np.argsort(-often, kind="stable") if often[one]]
    colour = {one: _COLOURS[n] if n < len(_COLOURS) else _OTHERS for n, one in enumerate(order)}
    base = np.array([to_rgb(colour.get(one, _OTHERS)) for one in range(len(cells.labels))])[winner]
    chance = 1 / len(cells.labels)
    shades = _shade(base, np.clip((sure - chance) / (1 - chance), 0, 1)[..., None])
    mark = {one: _MARKS[n] if n < len(_MARKS) else _MARK_OF_OTHERS for n, one in enumerate(order)}
    texts = [
        f"{mark[int(one)]}{canvas.percents([p])[0]}\xa0\xa0{significant(float(v))}"
        for one, p, v in zip(winner.flat, sure.flat, middle.flat, strict=True)
    ]
    named = order[: len(_COLOURS)]
    texts = texts if _has_room(cells.dims, dims) else []
    figure, every = _grid(dims, cells.dims, len(named) + (len(order) > len(named)), texts)
    _fill(every, shades, texts)
    handles = [Patch(color=_sure(colour[one]), label=mark[one] + _share(cells, often, [one])) for one in named]
    if rest := order[len(named) :]:
        others = f"{_MARK_OF_OTHERS}{len(rest)} others: best in {_part(often, rest)} of the cells"
        handles.append(Patch(color=_sure(_OTHERS), label=others))
    said = f"In a cell: the probability to be the smallest, then the median in {cells.unit}. " if texts else ""
    said += "Paler: less sure."
    first = f" Probabilities from {cells.first}." if cells.first and cells.kept is None else ""
    _finish(
        figure, every, handles, canvas.titled(result, f"best {cells.over} by {dims[-2]} and {dims[-1]}"), said + first
    )
    return every


def _shade(colour: npt.ArrayLike, sure: Array | float = 1.0) -> Array:
    """A colour that is paler the less sure it is, and always pale enough for dark texts."""
    return np.asarray(1 - (0.2 + 0.55 * sure) * (1 - np.asarray(colour)))


def _sure(colour: str) -> str:
    """The colour of a cell that is sure."""
    from matplotlib.colors import to_rgb

    return "#" + bytes(np.rint(255 * _shade(to_rgb(colour))).astype(int).tolist()).hex()


def _fill(every: list[Axes], shades: Array, texts: list[str]) -> None:
    """Colours and texts into the panels."""
    panels = shades.reshape(len(every), *shades.shape[-3:])
    rows, columns = panels.shape[1:3]
    for n, (ax, colours) in enumerate(zip(every, panels, strict=True)):
        own = texts[n * rows * columns : (n + 1) * rows * columns]
        _put_cells(ax, colours, [own[i : i + columns] for i in range(0, len(own), columns)], 9)


def _part(often: Ints, which: list[int]) -> str:
    return canvas.percents([often[which].sum() / often.sum()])[0]


def _share(cells: Cells, often: Ints, which: list[int]) -> str:
    return f"{cells.labels[which[0]]}: best in {_part(often, which)} of the cells"


def _finish(figure: Figure, every: list[Axes], handles: Sequence[object], title: str, note: str) -> None:
    """The title above all panels, the legend and how to read a cell below."""
    figure.suptitle(
        wrapped(title, round(9.5 * figure.get_figwidth())), x=0.02, ha="left", fontsize=11, fontweight="bold", color=INK
    )
    said = wrapped(note, round(12.5 * figure.get_figwidth()))
    if handles:
        legend = figure.legend(
            handles=handles, loc="outside lower left", frameon=False, fontsize=9, title=said,
            alignment="left", title_fontsize=8.5, handlelength=1.2, handleheight=1.0,
        )  # fmt: skip
        legend.get_title().set_color(QUIET)
        for text in legend.get_texts():
            text.set_parse_math(False)


def _medians(result: Result, dims: list[str], per: str, unit: str | None) -> list[Axes]:
    """The median of each cell, by colour and number."""
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    spread = result.spreads.of("total", per)
    if not spread.drawn:
        raise MissingError.of("no_draws_to_compare", "result")
    factor, label = in_unit(unit, str(result.data["total"].attrs["unit"]), words_of(result, per))
    cells = {dim: tuple(result.data[dim].values.tolist()) for dim in dims}
    middle = np.broadcast_to(
        laid(dims, spread.dims, spread.quantiles["p50"]) / factor, [len(cells[dim]) for dim in dims]
    )
    scale = ScalarMappable(Normalize(float(middle.min()), float(middle.max())), colormaps["cividis"])
    texts = [significant(float(one)) for one in middle.flat] if _has_room(cells, dims) else []
    figure, every = _grid(dims, cells, 2, texts)
    _fill(every, scale.to_rgba(middle.ravel())[:, :3].reshape(*middle.shape, 3), texts)
    bar = figure.colorbar(scale, ax=every, location="bottom", shrink=0.6, pad=0.02, aspect=40)
    bar.set_label(f"median of the draws, {label}", fontsize=9, color=INK)
    bar.outline.set_visible(False)
    bar.ax.xaxis.set_major_formatter("{x:,.10g}")
    bar.ax.tick_params(labelsize=8.5, labelcolor=QUIET)
    _finish(figure, every, [], canvas.titled(result, f"median by {dims[-2]} and {dims[-1]}"), "")
    return every
