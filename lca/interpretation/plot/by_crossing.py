"""Two totals along a parameter, and where they are equal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas

from ...arguments import entry
from ...checks import Array
from ...units.number_text import in_full, significant
from ..breakeven.answer import Breakeven
from ..breakeven.payback import Payback
from ..spread import QUANTILES
from ..summary import in_unit
from . import canvas
from .canvas import WAYS
from .texts import INK, QUIET, is_narrow, ours, put_legend, put_note, width_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@entry
def breakeven(
    found: Breakeven | Payback, *, unit: str | None = None, ax: Axes | None = None, width: float | None = None
) -> Axes:
    """Two totals along a parameter with their bands, their difference draw by draw, and where they are equal.

    Parameters
    ----------
    found : Breakeven or Payback
        What `lca.breakeven` or `lca.payback` returned, at one label of each dim of alternatives.
    unit : str
        A mass of CO2e; if not given, a unit is chosen that reads well.
    ax : matplotlib Axes
        Where to draw the totals; a new figure with their difference below if not given.
    width : float
        As in `stages`.

    Returns
    -------
    matplotlib Axes
        The panel of the totals.

    Raises
    ------
    MissingError
        If matplotlib is not installed.
    DomainError
        If there is a break-even at each of several labels.
    UnitError
        If the unit is of another dimension.

    Examples
    --------
    >>> import lca
    >>> hours, once = lca.parameter("hours", "1 h"), lca.parameter("once", lca.Uniform("2 kg", "4 kg"))
    >>> one, other = {"total": once + hours * lca.quantity(1, "kg/h")}, {"total": hours * lca.quantity(2, "kg/h")}
    >>> breakeven(lca.breakeven(one, other, vary="hours", between=("1 h", "9 h"), draws=100)).get_ylabel()
    'kg'
    """
    one = found.breakeven if isinstance(found, Payback) else found
    table = one.totals(points=121)
    default = str(table["unit"].iloc[0])
    if unit is None and default.endswith("CO2e"):
        unit = canvas.readable(float(table["p50"].abs().max()), default, kg_up_to=1e5)
    factor, label = in_unit(unit, default, "") if unit else (1.0, default)
    panels = [ax] if ax is not None else _panels(width)
    rows = table.reset_index()
    x = rows["value"].unique()
    for name, colour in zip(one.names, WAYS, strict=False):
        _put_lines(panels[0], x, rows[rows["total"] == name], factor, colour, name)
    for lower in panels[1:]:
        _put_lines(lower, x, rows[rows["total"] == "difference"], factor, INK, "")
        lower.axhline(0, color=INK, linewidth=0.8)
    for panel, said in zip(panels, (label, f"difference, {label}"), strict=False):
        _put_crossings(panel, one)
        canvas.put_axis(panel, (x[0], x[-1]), one.path, one.unit)
        canvas.put_scale(panel, "y")
        panel.tick_params(axis="y", labelsize=8.5, labelcolor=QUIET)
        panel.set_ylabel(said, fontsize=9, color=INK, parse_math=False)
    if len(panels) > 1:
        panels[0].set_xlabel("")
    what = f"payback of {found.new} against {found.old}" if isinstance(found, Payback) else " and ".join(one.names)
    taken = put_legend(panels[0], f"{what}, along {one.path}", 2)
    taken += put_note(panels[-1], f"Lines: nominal values; bands: 5 % to 95 % of the draws. {_outcomes(found)}")
    if (figure := ours(panels[0])) is not None:
        figure.set_figheight((4.2 if is_narrow(figure.get_figwidth()) else 5.1) + taken)
    return panels[0]


def _panels(width: float | None) -> list[Axes]:
    """Totals above, their difference below."""
    figure = canvas.figure_of(width_of(None, width, 7.4), 5.6)
    return list(figure.subplots(2, 1, sharex=True, height_ratios=[3, 2]))


def _put_lines(ax: Axes, x: Array, lines: pandas.DataFrame, factor: float, colour: str, name: str) -> None:
    ax.fill_between(x, lines["p5"] / factor, lines["p95"] / factor, color=colour, alpha=0.18, linewidth=0)
    ax.plot(x, lines["nominal"] / factor, color=colour, linewidth=1.8, label=name or None)


def _put_crossings(ax: Axes, one: Breakeven) -> None:
    """The first crossing of the draws: its 5 % to 95 % as a band, and the median."""
    kept = one.values[np.isfinite(one.values)]
    if kept.size:
        middle, low, high = np.quantile(kept, [*QUANTILES.values()])
        ax.axvspan(low, high, color=QUIET, alpha=0.16, linewidth=0, zorder=0)
        ax.axvline(middle, color=INK, linewidth=1.0, linestyle="--")


def _outcomes(found: Breakeven | Payback) -> str:
    """Where both are equal, and what became of the draws."""
    one, shares = found.breakeven if isinstance(found, Payback) else found, found.outcomes["share"]
    kept = one.values[np.isfinite(one.values)]
    said = ""
    if kept.size:
        middle, low, high = (significant(float(end)) for end in np.quantile(kept, [*QUANTILES.values()]))
        unit = f" {one.unit}" if one.unit else ""
        said = f"Dashed: both are equal first at {middle}{unit} (median; shaded 5 % to 95 %: {low} to {high}). "
    kinds = [f"{kind}: {in_full(100 * share, 3)} %" for kind, share in shares.items() if share > 0]
    return f"{said}Of the draws: {'; '.join(kinds)}."
