"""Two totals over two parameters: which is lower, and the contour at which they are equal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...arguments import entry
from ..breakeven.map import BreakevenMap
from . import canvas
from .texts import INK, QUIET, legend_columns, letters, ours, put_colours, put_title, width_of, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: The second is lower, not sure, the first is lower: colours that colour-blind readers can tell apart.
_SHADES = ["#D55E00", "#F2C9A8", "#F5F5F5", "#B9D9EC", "#0072B2"]
_LEVELS = [-0.001, 0.05, 0.35, 0.65, 0.95, 1.001]


@entry
def breakeven_map(found: BreakevenMap, *, ax: Axes | None = None, width: float | None = None) -> Axes:
    """Which of two totals is lower over two parameters: shades of the probability, and contours.

    The solid line is where both are equal at nominal values. The dashed lines are where the first is lower with a
    probability of 5 % and of 95 %.

    Parameters
    ----------
    found : BreakevenMap
        What `lca.breakeven_map` returned.
    ax : matplotlib Axes
        Where to draw; a new figure if not given.
    width : float
        As in `stages`.

    Returns
    -------
    matplotlib Axes
        The figure.

    Raises
    ------
    MissingError
        If matplotlib is not installed.

    Examples
    --------
    >>> import lca
    >>> hours, rate = lca.parameter("hours", "1 h"), lca.parameter("rate", "1 kg/h")
    >>> one, other = {"total": lca.parameter("once", lca.Uniform("5 kg", "7 kg"))}, {"total": hours * rate}
    >>> between = ("1 h", "6 h"), ("1 kg/h", "6 kg/h")
    >>> breakeven_map(lca.breakeven_map(one, other, vary=("hours", "rate"), between=between, draws=50)).get_ylabel()
    'rate [kg/h]'
    """
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    ax = canvas.new_axes(ax, width_of(ax, width, 7.0), 5.6)
    first, second = found.names
    ax.contourf(found.x, found.y, found.probability.T, levels=_LEVELS, colors=_SHADES)
    if found.probability.min() < 0.95 and found.probability.max() > 0.05:
        ends = ax.contour(found.x, found.y, found.probability.T, levels=[0.05, 0.95], colors=INK, linewidths=0.9,
                          linestyles="--")  # fmt: skip
        ends.set_path_effects(canvas.halo(0.9))
    if found.difference.min() < 0 < found.difference.max():
        equal = ax.contour(found.x, found.y, found.difference.T, levels=[0.0], colors=INK, linewidths=1.9)
        equal.set_path_effects(canvas.halo(1.9))
    canvas.put_axis(ax, (found.x[0], found.x[-1]), found.paths[0], found.units[0])
    canvas.put_axis(ax, (found.y[0], found.y[-1]), found.paths[1], found.units[1], "y")
    handles = [
        Patch(color=_SHADES[4], label=f"{first} is lower (95 % or more)"),
        Patch(color=_SHADES[3], label=f"{first} is likely lower (65 % or more)"),
        Patch(color=_SHADES[2], label="not told apart"),
        Patch(color=_SHADES[1], label=f"{second} is likely lower (65 % or more)"),
        Patch(color=_SHADES[0], label=f"{second} is lower (95 % or more)"),
        Line2D([], [], color=INK, linewidth=1.9, label="equal at nominal values"),
        Line2D([], [], color=INK, linewidth=0.9, linestyle="--", label="probability of 5 % and of 95 %"),
    ]
    figure = ax.get_figure(root=True)
    assert figure is not None
    size = figure.get_figwidth()
    note = wrapped(f"Shades: the share of {found.draws:,} draws in which {first} is lower.", letters(size, 7.5))
    names = [wrapped(str(handle.get_label()), letters(size, 8.5) - 6) for handle in handles]
    legend = figure.legend(
        handles, names, loc="outside lower left", frameon=False, fontsize=8.5, ncols=legend_columns(names, size, 2),
        title=note, alignment="left", title_fontsize=7.5, borderaxespad=0.9, borderpad=0,
    )  # fmt: skip
    put_colours(legend)
    legend.get_title().set_color(QUIET)
    taken = put_title(ax, f"where {first} is lower than {second}")
    if ours(ax) is not None:
        lines = sum(1 + name.count("\n") for name in names) / legend_columns(names, size, 2)
        figure.set_figheight(0.62 * size + 0.4 + taken + 0.19 * lines + 0.13 * (1 + note.count("\n")))
    ax.tick_params(labelcolor=QUIET)
    return ax
