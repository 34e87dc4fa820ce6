"""How a result runs over the years of use."""

from __future__ import annotations

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
from .canvas import INK, QUIET, WAYS, figure_of, put_scale, put_title, readable, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Panels whose largest values are further apart than this factor have a scale each.
_APART = 5


@entry
def years(
    result: Result, *, lines: str = "", panels: str = "", unit: str | None = None, ax: Axes | None = None
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
    made = [ax] if ax is not None else _panels(len(labels))
    tops = []
    for place, (axes, panel) in enumerate(zip(made, labels, strict=True)):
        shown = dated if panel is None else dated.sel({panels: place})
        tops.append(_panel(axes, shown, every, result.data[lines].values.tolist() if lines else [], lines, factor))
        put_title(axes, result.model.title if panel is None else str(panel))
    one_scale = max(tops) < _APART * min(tops)
    for axes, top in zip(made, tops, strict=True):
        _finish(axes, every, max(tops) if one_scale else top, label)
    if lines:
        made[0].legend(frameon=False, fontsize=8.5, loc="lower left", title=lines, alignment="left")
    _note(made, result, none, factor, label, one_scale=one_scale)
    return made


def _panels(count: int) -> list[Axes]:
    columns = min(count, 2)
    rows = -(-count // columns)
    figure = figure_of(4.6 * columns + 0.4, 2.5 * rows + 0.9)
    grid = figure.subplots(rows, columns, squeeze=False, sharex=True)
    for spare in grid.ravel()[count:]:
        spare.set_visible(False)
    return list(grid.ravel()[:count])


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
            axes.fill_between(years, low, top_line, color=colour, alpha=0.16, linewidth=0)
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
    axes.set_ylabel(f"{label} a year", fontsize=9, color=INK)


def _note(made: Sequence[Axes], result: Result, none: Spread, factor: float, label: str, *, one_scale: bool) -> None:
    figure = made[0].get_figure(root=True)
    assert figure is not None
    drawn = "draw" in result.data.dims
    said = "lines: median; bands: 5 % to 95 % of the draws" if drawn else "nominal values"
    size = (none.quantiles["p50"] if none.drawn else none.mean) / factor
    ends = list(dict.fromkeys(significant(float(end)) for end in (size.min(), size.max())))
    if ends != ["0"]:
        said += f"; not in the lines: {' to '.join(ends)} {label}{' (median)' * drawn} that belong to no year"
    if not one_scale:
        said += "; THE PANELS HAVE DIFFERENT SCALES"
    if len(made) > 1:
        title = wrapped(result.model.title, 90)
        figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold", parse_math=False)
    figure.supxlabel(wrapped(said, 110), x=0.01, ha="left", fontsize=7.5, color=QUIET, parse_math=False)
