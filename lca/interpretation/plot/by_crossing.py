"""Two totals along a parameter, and where they are equal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...arguments import entry
from ...units.number_text import in_full
from ..breakeven.answer import Breakeven
from ..breakeven.payback import Payback
from ..spread import QUANTILES
from ..summary import in_unit
from . import canvas
from .canvas import INK, QUIET, WAYS, percents, put_note, put_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@entry
def breakeven(found: Breakeven | Payback, *, unit: str | None = None, ax: Axes | None = None) -> Axes:
    """Two totals along a parameter, with their bands, and where they are equal: nominal, and in the draws.

    Parameters
    ----------
    found : Breakeven or Payback
        What `lca.breakeven` or `lca.payback` returned, at one label of each dim of alternatives.
    unit : str
        A mass of CO2e; if not given, a unit is chosen that reads well.
    ax : matplotlib Axes
        Where to draw; a new figure if not given.

    Returns
    -------
    matplotlib Axes
        The figure.

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
    >>> breakeven(lca.breakeven(one, other, vary="hours", between=("1 h", "9 h"), draws=100)).get_xlabel()
    'hours [h]'
    """
    one = found.breakeven if isinstance(found, Payback) else found
    table = one.totals()
    x = table.index.get_level_values("value").unique().to_numpy()
    default = str(table["unit"].iloc[0])
    if unit is None and default.endswith("CO2e"):
        unit = canvas.readable(float(table["p50"].abs().max()), default, kg_up_to=1e5)
    factor, label = in_unit(unit, default, "") if unit else (1.0, default)
    ax = canvas.new_axes(ax, 7.4, 4.4)
    for name, colour in zip(one.names, WAYS, strict=False):
        lines = table.xs(name, level="total")
        ax.fill_between(x, lines["p5"] / factor, lines["p95"] / factor, color=colour, alpha=0.18, linewidth=0)
        ax.plot(x, lines["nominal"] / factor, color=colour, linewidth=1.8, label=name)
    _put_crossings(ax, one)
    canvas.put_axis(ax, x.tolist(), one.path, one.unit)
    canvas.put_scale(ax, "y")
    ax.set_ylabel(label, fontsize=9, color=INK, parse_math=False)
    legend = ax.legend(frameon=False, fontsize=8.5, loc="best")
    for text in legend.get_texts():
        text.set_parse_math(False)
    put_title(ax, repr(found).strip("<>").partition(";")[0])
    said = "lines: nominal values; bands: 5 % to 95 % of the draws of each total by itself"
    put_note(ax, f"{said}. {_outcomes(found)}")
    return ax


def _put_crossings(ax: Axes, one: Breakeven) -> None:
    """The first crossing of the draws as a band with its median, and every nominal one as a point of a line."""
    kept = one.values[np.isfinite(one.values)]
    if kept.size:
        middle, low, high = np.quantile(kept, [*QUANTILES.values()])
        ax.axvspan(low, high, color=QUIET, alpha=0.16, linewidth=0, zorder=0)
        ax.axvline(middle, color=INK, linewidth=1.0, linestyle="--")
        text = f"{in_full(middle)}\n({in_full(low)} to {in_full(high)})"
        left, right = ax.get_xlim()
        ax.annotate(
            text, (middle, 1), (4, -4), xycoords=("data", "axes fraction"), textcoords="offset points", va="top",
            ha="left", fontsize=8.5, color=INK, parse_math=False,
        )  # fmt: skip
        ax.set_xlim(left, right)


def _outcomes(found: Breakeven | Payback) -> str:
    shares = found.outcomes["share"]
    said = [f"{name}: {percent}" for name, percent in zip(shares.index, percents(shares), strict=True)]
    some = "; ".join(one for one, share in zip(said, shares, strict=True) if share > 0)
    return f"Dashed: the median of where they are equal first, with its 5 % to 95 %. Of the draws: {some}."
