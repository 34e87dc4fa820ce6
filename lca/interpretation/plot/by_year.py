"""How a result runs over the years of use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray

from ...arguments import entry
from ...errors import DomainError
from ..result import Result
from ..summary import in_unit, yearly
from ..table import significant
from .canvas import INK, QUIET, WAYS, figure_of, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PREFIXED = ("Mt", "t", "kg", "g", "mg")
#: Panels whose largest values are further apart than this factor have a scale each.
_APART = 5


@entry
def years(
    result: Result, *, lines: str = "", panels: str = "", unit: str | None = None, ax: Axes | None = None
) -> list[Axes]:
    """What a study emits in each year: a line for the median, a band from 5 % to 95 % of the draws.

    `lines` names a dim of alternatives with a line for each label, `panels` one with a panel for each; further
    alternatives must be selected before. What has no year of its own, such as hardware charged as a whole, is not
    in the lines, and the note says how much it is. `ax` takes a figure of one panel. Returns the axes.

    Raises `MissingError` where nothing varies over years or matplotlib is missing, `DomainError` for alternatives
    that are neither lines nor panels.
    """
    dated, undated = yearly(result)
    named = [dim for dim in (panels, lines) if dim]
    left = [str(dim) for dim in dated.dims if dim not in ("year", "draw", *named)]
    if left:
        raise DomainError.of("alternatives_not_drawn", "plot.years", dim=left[0])
    if missing := [dim for dim in named if dim not in dated.dims]:
        raise DomainError.of("nothing_varies_over", "plot.years", dim=missing[0])
    if lines and lines == panels:
        raise DomainError.of("lines_are_panels", "plot.years")
    if ax is not None and panels:
        raise DomainError.of("several_panels_on_one_axes", "ax")
    factor, label = in_unit(unit or _readable(dated), dated.attrs["unit"], "")
    dated = dated / factor
    labels: Sequence[Any] = dated[panels].values.tolist() if panels else [None]
    made = [ax] if ax is not None else _panels(len(labels))
    tops = []
    for axes, panel in zip(made, labels, strict=True):
        tops.append(_panel(axes, dated if panel is None else dated.sel({panels: panel}), lines))
        axes.set_title(wrapped(result.model.title, 58) if panel is None else str(panel), **_TITLE)
    one_scale = max(tops) < _APART * min(tops)
    for axes, top in zip(made, tops, strict=True):
        _finish(axes, dated["year"].values.tolist(), max(tops) if one_scale else top, label)
    if lines:
        made[0].legend(frameon=False, fontsize=8.5, loc="lower left", title=lines, alignment="left")
    _note(made, result, undated / factor, label, one_scale=one_scale)
    return made


_TITLE: dict[str, Any] = {"loc": "left", "fontsize": 10, "fontweight": "bold", "color": INK, "parse_math": False}


def _readable(dated: xarray.DataArray) -> str:
    size = abs(float(dated.mean()))
    for prefix in _PREFIXED:
        if size / in_unit(f"{prefix} CO2e", dated.attrs["unit"], "")[0] >= 0.1:
            return f"{prefix} CO2e"
    return f"{_PREFIXED[-1]} CO2e"


def _panels(count: int) -> list[Axes]:
    columns = min(count, 2)
    rows = -(-count // columns)
    figure = figure_of(4.6 * columns + 0.4, 2.5 * rows + 0.9)
    grid = figure.subplots(rows, columns, squeeze=False, sharex=True)
    for spare in grid.ravel()[count:]:
        spare.set_visible(False)
    return list(grid.ravel()[:count])


def _panel(axes: Axes, values: xarray.DataArray, lines: str) -> float:
    """The lines of one panel; returns the largest value that is shown."""
    labels = values[lines].values.tolist() if lines else [None]
    top = 0.0
    for label, colour in zip(labels, WAYS * len(labels), strict=False):
        one = values if label is None else values.sel({lines: label})
        x = one["year"].values.tolist()
        if "draw" not in one.dims:
            axes.plot(x, one.values, color=colour, linewidth=1.6, label=None if label is None else str(label))
            top = max(top, float(one.max()))
            continue
        low, middle, high = np.quantile(one.transpose("year", "draw").values, [0.05, 0.5, 0.95], axis=1)
        axes.fill_between(x, low, high, color=colour, alpha=0.16, linewidth=0)
        axes.plot(x, middle, color=colour, linewidth=1.6, label=None if label is None else str(label))
        top = max(top, float(high.max()))
    return top


def _finish(axes: Axes, years: Sequence[int], top: float, label: str) -> None:
    from matplotlib.ticker import MaxNLocator, StrMethodFormatter

    axes.set_ylim(0, 1.08 * top)
    axes.set_xlim(min(years) - 0.2, max(years) + 0.2)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    axes.tick_params(length=0, labelsize=8.5, labelcolor=QUIET)
    axes.grid(True, axis="y", color="#E2E2E2", linewidth=0.7)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#BBBBBB")
    axes.set_ylabel(f"{label} a year", fontsize=9, color=INK)


def _note(made: Sequence[Axes], result: Result, undated: xarray.DataArray, label: str, *, one_scale: bool) -> None:
    figure: Any = made[0].get_figure(root=True)
    said = "lines: median; bands: 5 % to 95 % of the draws" if "draw" in result.data.dims else "nominal values"
    size = undated.mean("draw") if "draw" in undated.dims else undated
    ends = list(dict.fromkeys(significant(float(end)) for end in (size.min(), size.max())))
    if ends != ["0"]:
        said += f"; not in the lines: {' to '.join(ends)} {label} that belong to no year"
    if not one_scale:
        said += "; THE PANELS HAVE DIFFERENT SCALES"
    if len(made) > 1:
        figure.suptitle(
            wrapped(result.model.title, 90), x=0.01, ha="left", fontsize=11, fontweight="bold", parse_math=False
        )
    figure.supxlabel(wrapped(said, 110), x=0.01, ha="left", fontsize=7.5, color=QUIET, parse_math=False)
