"""The probability of each alternative to be the lowest, along a parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...arguments import entry
from ...checks import finite_number
from ...units.number_text import significant
from ..breakeven.switchover import Switchover
from . import canvas
from .canvas import REST, WAYS
from .texts import INK, LINE, QUIET, is_narrow, ours, put_legend, put_note, width_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@entry
def switchover(found: Switchover, *, most: int = 6, ax: Axes | None = None, width: float | None = None) -> Axes:
    """How likely each alternative is to be the lowest, along a parameter: areas that add up to one.

    Dashed lines are where the lowest changes at nominal values. Beside them stand the value and its interval.

    Parameters
    ----------
    found : Switchover
        What `lca.switchover` returned.
    most : int
        The largest number of alternatives with a colour of their own, at most 7; the others are grey together.
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
    DomainError
        If `most` is not from 1 to 7.

    Examples
    --------
    >>> import lca
    >>> rate = lca.parameter("rate", lca.labelled({"new": 1.0, "old": 2.0}, "kg/h", dim="engine"))
    >>> once = lca.parameter("once", lca.labelled({"new": lca.Uniform(2, 4), "old": 0.0}, "kg", dim="engine"))
    >>> total = {"total": once + rate * lca.parameter("hours", "1 h")}
    >>> found = lca.switchover(total, over="engine", vary="hours", between=("1 h", "9 h"), draws=100)
    >>> switchover(found).get_xlabel()
    'hours [h]'
    """
    finite_number(most, "most", low=1, high=len(WAYS), whole=True)
    shares = found.probabilities
    x = shares.index.to_numpy()
    nominal = list(dict.fromkeys(found.table["lowest"]))
    likely = shares.mean().sort_values(ascending=False, kind="stable").index
    named = [*nominal, *(one for one in likely if one not in nominal and shares[one].max() >= 0.01)][:most]
    rest = shares.drop(columns=named).sum(axis=1)
    size = width_of(ax, width, 7.4)
    ax = canvas.new_axes(ax, size, 4.2)
    areas = {str(one): shares[one] for one in named} | ({"all others": rest} if rest.max() > 1e-9 else {})
    colours = [*WAYS[: len(named)], REST]
    ax.stackplot(x, *areas.values(), colors=colours, alpha=0.72, linewidth=0)
    for name, colour in zip(areas, colours, strict=False):
        ax.fill_between([], [], color=colour, alpha=0.72, linewidth=0, label=name)
    for _, row in found.switches.iterrows():
        ax.axvline(row["nominal"], color=INK, linewidth=1.1, linestyle="--")
    canvas.put_axis(ax, (x[0], x[-1]), found.path, found.unit)
    ax.set_ylim(0, 1)
    ax.set_ylabel("probability to be the lowest", fontsize=9, color=INK)
    ax.tick_params(axis="y", length=2.5, labelsize=8.5, labelcolor=QUIET, color=LINE)
    taken = put_legend(ax, f"lowest {found.over} along {found.path}", 4)
    taken += put_note(ax, f"Dashed: where the lowest changes at nominal values. {_switches(found)}")
    if (figure := ours(ax)) is not None:
        figure.set_figheight((2.6 if is_narrow(size) else 3.6) + taken)
    return ax


def _switches(found: Switchover) -> str:
    """Each change in words, with its interval."""
    said = []
    for _, row in found.switches.iterrows():
        text = f"{row['before']} to {row['after']} at {significant(row['nominal'])}"
        if row["cross"]:
            text += f" (5 to 95 %: {significant(row['p5'])} to {significant(row['p95'])})"
        said.append(text)
    return "; ".join(said) + "." if said else "It does not change in the range."
