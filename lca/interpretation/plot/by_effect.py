"""The plane of elementary effects: how strongly a parameter acts, and how much that depends on the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas

from ...arguments import entry
from ...checks import finite_number
from ...errors import DomainError, MissingError
from .canvas import DARK, LIGHT, new_axes, put_beside, put_numbers, put_scale, require_rows
from .texts import (
    GRID,
    INK,
    PAPER,
    QUIET,
    figure_width,
    is_narrow,
    letters,
    ours,
    put_note,
    put_title,
    width_of,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@entry
def morris(table: pandas.DataFrame, *, ax: Axes | None = None, most: int = 8, width: float | None = None) -> Axes:
    """The plane of `morris`: mu* along, sigma upwards, a point for each parameter.

    Right is what moves the result far. A point near the bottom acts in a line and alone. One above the dashed line,
    where sigma is mu*, acts mostly with others or in a curve.

    Parameters
    ----------
    table : Table
        What `morris` returned, without alternatives.
    ax : matplotlib Axes
        Where to draw; a new figure if not given.
    width : float
        As in `stages`.
    most : int
        How many parameters are named: those with the largest mu*.

    Returns
    -------
    matplotlib Axes
        The figure.

    Raises
    ------
    MissingError
        If matplotlib is not installed, or the table is another one.
    DomainError
        If the table is over alternatives.

    Examples
    --------
    >>> import lca
    >>> a = lca.parameter("a", lca.Uniform("2 kWh at_wall", "4 kWh at_wall"))
    >>> morris(lca.morris(a * 2)).get_xlabel()
    'mu*: mean size of an elementary effect, kWh at the wall'
    """
    finite_number(most, "most", low=1, whole=True)
    if not {"mu_star", "sigma", "unit"} <= {*table}:
        raise MissingError.of("not_a_table_of_morris", "table", [", ".join(map(str, table.columns))])
    require_rows(table)
    if table.index.nlevels > 1:
        dims = [str(name) for name in table.index.names[:-1]]
        raise DomainError.of("drivers_over_alternatives", "table", dims=", ".join(dims), dim=dims[0])
    table = table.sort_values("mu_star", ascending=False, kind="stable")
    named, rest = table.iloc[:most], table.iloc[most:]
    ax = new_axes(ax, width_of(ax, width, 7.6), 4.6)
    ax.scatter(rest["mu_star"], rest["sigma"], s=22, color=LIGHT)
    ax.scatter(named["mu_star"], named["sigma"], s=34, color=DARK, zorder=3)
    for _, row in named.iterrows():
        ax.plot([row["mu_star_low"], row["mu_star_high"]], [row["sigma"]] * 2, color=INK, linewidth=0.9)
    wide = 1.06 * float(table["mu_star_high"].max()) or 1.0
    height = max(1.15 * float(table["sigma"].max()), 0.2 * wide)
    ax.plot([0, min(wide, height)], [0, min(wide, height)], "--", color=QUIET, linewidth=0.9)
    at = 0.55 * min(wide, height)
    ax.text(at, at, "sigma = mu*", ha="center", va="center", fontsize=8, color=QUIET, backgroundcolor=PAPER)
    ax.set_xlim(0, wide)
    ax.set_ylim(0, height)
    put_numbers(ax, table[["mu_star", "sigma"]].to_numpy(float), list(range(len(named))))
    return _finished(ax, named, len(rest), table)


def _finished(ax: Axes, named: pandas.DataFrame, others: int, table: pandas.DataFrame) -> Axes:
    """Axes, the numbers with their names beside the plane, a title and the note."""
    unit = f", {table['unit'].iloc[0]}".removesuffix(", ")
    for axis in ("x", "y"):
        put_scale(ax, axis)
        ax.tick_params(axis=axis, labelsize=8.5, labelcolor=QUIET)
    ax.grid(visible=True, axis="x", color=GRID, linewidth=0.7)
    most = letters(figure_width(ax) - 0.8, 9)
    said = wrapped(f"mu*: mean size of an elementary effect{unit}", most)
    ax.set_xlabel(said, fontsize=9, color=INK, loc="left", parse_math=False)
    ax.set_ylabel(wrapped(f"sigma: standard deviation of it{unit}", 40), fontsize=9, color=INK, parse_math=False)
    names = [f"{n}  {name}" for n, name in enumerate(named.get("words", named.index), 1)]
    names += [f"paler: {others} more"] if others else []
    note, narrow = str(table.attrs.get("note", "")), is_narrow(figure_width(ax))
    if narrow:
        note = f"{'; '.join(names)}. {note}"
    else:
        put_beside(ax, names)
    taken = put_title(ax, "How far each parameter moves the result, and how steadily") + put_note(ax, note)
    if (figure := ours(ax)) is not None:
        figure.set_figheight((3.2 if narrow else 4.2) + taken)
    return ax
