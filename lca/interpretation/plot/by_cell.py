"""Scenarios as cells of a grid: the best alternative in each with its probability, or the median in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

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
from .canvas import WAYS
from .grid import Grid
from .texts import INK, QUIET, letters, put_colours, width_of, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Alternatives that are best most often have a colour of their own; the others are grey.
_COLOURS, _OTHERS = WAYS[:6], "#8C8C8C"
#: And a mark before the number, for a print in grey.
_MARKS, _MARK_OF_OTHERS = ("", "▲\xa0", "■\xa0", "◆\xa0", "▼\xa0", "●\xa0"), "×\xa0"


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
    width: float | None = None,
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
    width : float
        The width of the figure in inches; if not given, as wide as its texts need. Numbers stand in one line or in two,
        or are left out, as cells have room. Below 4.8 panels stand below each other.

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
    width = None if width is None else width_of(None, width, width)
    dims = [dim for dim in (panels, y, x) if dim is not None]
    _check_dims(result, [*dims, *([over] if over else [])])
    if unit is None and result.model.stages:
        unit = readable_unit(result, per)
    if over is None:
        return _medians(result, dims, per, unit, width)
    return _best(result, Cells.of(result, over, dims, per=per, unit=unit), dims, width)


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


def _best(result: Result, cells: Cells, dims: list[str], width: float | None) -> list[Axes]:
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
    surer = np.clip((sure - chance) / (1 - chance), 0, 1) if chance < 1 else np.ones_like(sure)
    shades = _shade(base, surer[..., None])
    mark = {one: _MARKS[n] if n < len(_MARKS) else _MARK_OF_OTHERS for n, one in enumerate(order)}
    texts = [
        (f"{mark[int(one)]}{canvas.percents([p])[0]}", significant(float(v)))
        for one, p, v in zip(winner.flat, sure.flat, middle.flat, strict=True)
    ]
    named = order[: len(_COLOURS)]
    grid = Grid.of(dims, cells.dims, texts, width)
    figure, every = grid.figure(len(named) + (len(order) > len(named)))
    grid.fill(every, shades, [grid.text(parts) for parts in texts] if grid.lines else [])
    handles = [Patch(color=_sure(colour[one]), label=mark[one] + _share(cells, often, [one])) for one in named]
    if rest := order[len(named) :]:
        others = f"{_MARK_OF_OTHERS}{len(rest)} others: best in {_part(often, rest)} of the cells"
        handles.append(Patch(color=_sure(_OTHERS), label=others))
    said = f"In a cell: the probability to be the smallest, then the median in {cells.unit}. " if grid.lines else ""
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
        put_colours(legend)
        legend.get_title().set_color(QUIET)
        for text in legend.get_texts():
            text.set_text(wrapped(text.get_text(), letters(figure.get_figwidth(), 9) - 5))


def _medians(result: Result, dims: list[str], per: str, unit: str | None, width: float | None) -> list[Axes]:
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
    texts = [(significant(float(one)),) for one in middle.flat]
    grid = Grid.of(dims, cells, texts, width)
    figure, every = grid.figure(2)
    shown = [grid.text(parts) for parts in texts] if grid.lines else []
    grid.fill(every, scale.to_rgba(middle.ravel())[:, :3].reshape(*middle.shape, 3), shown)
    bar = figure.colorbar(scale, ax=every, location="bottom", shrink=0.6, pad=0.02, aspect=40)
    bar.set_label(f"median of the draws, {label}", fontsize=9, color=INK)
    bar.outline.set_visible(False)
    bar.ax.xaxis.set_major_formatter("{x:,.10g}")
    bar.ax.tick_params(labelsize=8.5, labelcolor=QUIET)
    _finish(figure, every, [], canvas.titled(result, f"median by {dims[-2]} and {dims[-1]}"), "")
    return every
