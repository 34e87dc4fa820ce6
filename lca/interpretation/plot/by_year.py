"""How a result runs over the years of use."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...arguments import entry
from ...errors import DomainError
from ...graph.labels import Label
from ...units.number_text import significant
from ..result import Result
from ..spread import Spread
from ..streaming import IN_NO_YEAR, IN_YEARS
from ..summary import in_unit, years_of
from .canvas import WAYS, figure_of, put_scale, readable
from .texts import (
    INK,
    QUIET,
    figure_width,
    is_narrow,
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

#: Panels whose largest values are further apart than this factor have a scale each.
_APART = 5
#: Names of lines in one row of a legend.
_ACROSS = 4


@entry
def years(
    result: Result,
    *,
    lines: str = "",
    panels: str = "",
    unit: str | None = None,
    ax: Axes | None = None,
    width: float | None = None,
) -> list[Axes]:
    """What a study emits in each year: a line for the median, a band from 5 % to 95 % of the draws.

    What belongs to no year, such as hardware charged as a whole, is not in the lines. The note says how much it is.

    Parameters
    ----------
    result : Result
        A result of a study whose values vary over years.
    lines, panels : str
        A dim of alternatives with a line for each label, and one with a panel for each. Select other alternatives
        before.
    unit : str
        A mass of CO2e; if not given, a unit is chosen that reads well.
    ax : matplotlib Axes
        Where to draw a figure of one panel.
    width : float
        The width of a new figure in inches. Below 4.8 all panels stand below each other, as a phone needs it.

    Returns
    -------
    list of matplotlib Axes
        The panels.

    Raises
    ------
    MissingError
        If nothing varies over years, or matplotlib is not installed.
    DomainError
        If a dim of alternatives is neither lines nor panels.

    Examples
    --------
    >>> import lca
    >>> net = lca.Inference("net", "0.4 J/inference", at="facility", per="inference", baseline="marginal")
    >>> grid = lca.Site("grid", electricity=lca.Electricity("grid", intensity="0.4 kg CO2e/kWh", at="facility"))
    >>> use = lca.Deployment("robots", net, devices=100, start=2024, period="5 year", load="10 inference/s",
    ...                      active="8 h/day", idle_power="2 W at_facility", site=grid)
    >>> others = ("development", "training", "manufacturing", "distribution", "end_of_life")
    >>> study = lca.Study("use", use, functional_unit=lca.FunctionalUnit("a frame", count=use.inferences),
    ...                   excluded=dict.fromkeys(others, lca.outside_goal("we look at use")))
    >>> years(lca.nominal(study))[0].get_ylabel()
    't CO2e a year'
    """
    every, none = years_of(result), result.spreads.of(IN_NO_YEAR)
    dated = result.spreads.of(IN_YEARS)
    rivals = [dim for dim in dated.dims if dim != "year"]
    if sorted(filter(None, (lines, panels))) != sorted(rivals):
        key = "lines_or_panels_for_each_dim" if rivals else "lines_or_panels_without_alternatives"
        raise DomainError.of(key, "plot.years", [f"lines={lines!r}", f"panels={panels!r}"], dims=", ".join(rivals))
    if ax is not None and panels:
        raise DomainError.of("several_panels_on_one_axes", "ax")
    default = str(result.data["total"].attrs["unit"])
    factor, label = in_unit(unit or readable(abs(float(dated.mean.mean())), default), default, "")
    labels: Sequence[Label | None] = result.data[panels].values.tolist() if panels else [None]
    named: Sequence[Label] = result.data[lines].values.tolist() if lines else []
    note = _said(result, none, factor, label)
    made = [ax] if ax is not None else _panels(len(labels), width)
    tops = []
    for place, (axes, panel) in enumerate(zip(made, labels, strict=True)):
        shown = dated if panel is None else dated.sel({panels: place})
        tops.append(_panel(axes, shown, every, named, lines, factor))
    one_scale = max(tops) < _APART * min(tops)
    for axes, top in zip(made, tops, strict=True):
        _finish(axes, every, max(tops) if one_scale else top, label)
    taken = _put_titles(made, result.model.title, labels, lines)
    taken += put_note(made[0], note if one_scale else f"{note}; the panels have different scales")
    if (figure := ours(made[0])) is not None:
        figure.align_ylabels(made)
        rows = math.ceil(len(made) / (1 if is_narrow(figure.get_figwidth()) else 2))
        figure.set_figheight((2.4 if panels else 2.9) * rows + 0.3 + taken)
    return made


def _panels(count: int, width: float | None) -> list[Axes]:
    """Panels of one size, two side by side where there is room, each with its years below."""
    size = width_of(None, width, 9.6 if count > 1 else 6.0)
    columns = 1 if is_narrow(size) else min(count, 2)
    grid = figure_of(size, 4.0).subplots(-(-count // columns), columns, squeeze=False)
    for spare in grid.ravel()[count:]:
        spare.set_visible(False)
    return list(grid.ravel()[:count])


def _put_titles(made: Sequence[Axes], title: str, labels: Sequence[Label | None], lines: str) -> float:
    """The name of the study over all panels with the lines by their colours, and the name of each panel.

    Returns the inches that the first takes.
    """
    width = figure_width(made[0]) / (1 if is_narrow(figure_width(made[0])) else 2)
    for axes, label in zip(made, labels, strict=True):
        if label is not None:
            said = wrapped(str(label), letters(width, 11.5))
            axes.set_title(said, loc="left", fontsize=10, fontweight="bold", color=INK, parse_math=False)
    return put_legend(made[0], f"{title}, by {lines}", _ACROSS) if lines else put_title(made[0], title)


def _said(result: Result, none: Spread, factor: float, label: str) -> str:
    """How to read the figure, and how much belongs to no year."""
    drawn = "draw" in result.data.dims
    said = "lines: median; bands: 5 % to 95 % of the draws" if drawn else "nominal values"
    size = (none.quantiles["p50"] if none.drawn else none.mean) / factor
    ends = list(dict.fromkeys(significant(float(end)) for end in (size.min(), size.max())))
    if ends != ["0"]:
        said += f"; not in the lines: {' to '.join(ends)} {label}{' (median)' * drawn} that belong to no year"
    return said


def _panel(
    axes: Axes, spread: Spread, years: Sequence[int], labels: Sequence[Label], lines: str, factor: float
) -> float:
    """The lines of one panel; returns the largest value that is shown."""
    top = 0.0
    named: Sequence[Label | None] = labels or [None]
    for place, (label, colour) in enumerate(zip(named, WAYS * len(named), strict=False)):
        one = spread if label is None else spread.sel({lines: place})
        middle = top_line = one.mean / factor
        if one.drawn:
            middle, low, top_line = (values / factor for values in one.quantiles.values())
            axes.fill_between(years, low, top_line, color=colour, alpha=0.16 if len(named) < 3 else 0.1, linewidth=0)
        axes.plot(years, middle, color=colour, linewidth=1.6, label=None if label is None else str(label))
        top = max(top, float(top_line.max()))
    return top


def _finish(axes: Axes, years: Sequence[int], top: float, label: str) -> None:
    from matplotlib.ticker import MaxNLocator

    put_scale(axes, "y")
    axes.set_ylim(0, 1.08 * top)
    axes.set_xlim(min(years) - 0.2, max(years) + 0.2)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.tick_params(labelsize=8.5, labelcolor=QUIET)
    axes.tick_params(axis="x", pad=6)
    axes.set_ylabel(f"{label} a year", fontsize=9, color=INK, parse_math=False)
    axes.set_xlabel("year", fontsize=9, color=INK, loc="left")
