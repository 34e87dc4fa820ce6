"""Rivals by impact and score, with the Pareto front and how likely each is on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas

from ...arguments import entry
from ...study.score import Score
from ..comparison import pareto as ranked
from ..result import Result
from . import canvas
from .by_stage import readable_unit
from .canvas import DARK, LIGHT, REST, several_dims
from .texts import GRID, INK, QUIET, is_narrow, ours, put_note, put_title, width_of, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Alternatives that are less likely on the front have no name in the figure.
_NAMED = 0.05
_MOST_NAMED = 20
_SHARES = "per cent: the share of draws in which it is on the front"


@entry
def pareto(
    result: Result,
    *,
    over: str,
    score: Score | None = None,
    per: str = "total",
    unit: str | None = None,
    ax: Axes | None = None,
    width: float | None = None,
) -> Axes:
    """The Pareto front of impact and score, with the interval of each, and how likely each is on the front (A12).

    A step line joins those that nothing dominates at their medians. Blue are those that are on the front in half of
    the draws or more, light blue those in 5 % or more. The likeliest 20 of them have numbers and names.

    Parameters
    ----------
    result : Result
        A result with draws and one dim of alternatives.
    over : str
        That dim.
    score : Score
        The score of each; that of the functional unit if not given.
    per, unit : str
        As in `lca.pareto`; if not given, a unit is chosen that reads well.
    ax : matplotlib Axes
        Where to draw; a new figure if not given.
    width : float
        The width of a new figure in inches. Below 4.8 names stand in the note, as a phone needs it.

    Returns
    -------
    matplotlib Axes
        The figure.

    Raises
    ------
    MissingError
        If matplotlib is not installed; as in `lca.pareto`.
    DomainError
        If the result has other alternatives, too.

    Examples
    --------
    >>> import lca
    >>> joules = lca.labelled({"a": lca.Normal(4, 1), "b": lca.Normal(6, 1)}, "kg CO2e", dim="engine")
    >>> result = lca.monte_carlo({"total": lca.parameter("x", joules)}, progress=False)
    >>> accuracy = lca.Score("accuracy", lca.labelled({"a": 0.6, "b": 0.5}, dim="engine"), better="higher")
    >>> pareto(result, over="engine", score=accuracy).get_ylabel()
    'accuracy (higher is better)'
    """
    if unit is None and result.model.stages:
        unit = readable_unit(result, per)
    table = ranked.pareto(result, over=over, score=score, per=per, unit=unit)
    if table.index.nlevels > 1:
        raise several_dims(table)
    size = width_of(ax, width, 8.6)
    ax = canvas.new_axes(ax, size, 4.8)
    for (_, row), colour in zip(table.iterrows(), _colours(table["front"]), strict=True):
        x, y = row["p50"], row["score_p50"]
        ax.plot([row["p5"], row["p95"]], [y, y], color=colour, linewidth=0.9, alpha=0.7)
        ax.plot([x, x], [row["score_p5"], row["score_p95"]], color=colour, linewidth=0.9, alpha=0.7)
        ax.plot([x], [y], color=colour, marker="o", markersize=6, zorder=3)
    _put_steps(ax, table, str(table.attrs["better"]))
    for axis in ("y", "x"):
        canvas.put_scale(ax, axis)
    ax.grid(True, axis="both", color=GRID, linewidth=0.7)
    ax.tick_params(labelsize=8.5, labelcolor=QUIET)
    kind = str(table["score_unit"].iloc[0])
    said = wrapped(f"{table.attrs['score']}, {kind}".removesuffix(", 1"), 30 if is_narrow(size) else 48)
    ax.set_ylabel(said, fontsize=9, color=INK, parse_math=False)
    ax.set_xlabel(str(table["unit"].iloc[0]), fontsize=9, color=INK, loc="left", parse_math=False)
    order = table["front"].rank(method="first", ascending=False)
    named = table[(table["front"] >= _NAMED) & (order <= (_MOST_NAMED // 2 if is_narrow(size) else _MOST_NAMED))]
    which = table.index.get_indexer(named.index).tolist()
    canvas.put_numbers(ax, table[["p50", "score_p50"]].to_numpy(float), which)
    shares = canvas.percents(named["front"])
    names = [f"{n}  {label}  {share}" for n, (label, share) in enumerate(zip(named.index, shares, strict=True), 1)]
    note = f"dots: medians; lines: 5 % to 95 % of the draws; steps: front of the medians; {_SHARES}"
    if is_narrow(size):
        note = f"{'; '.join(names)}. {note}"
    else:
        canvas.put_beside(ax, names)
    taken = put_note(ax, note) + put_title(ax, canvas.titled(result, "impact and score"))
    if (figure := ours(ax)) is not None:
        figure.set_figheight((3.2 if is_narrow(size) else 4.4) + taken)
    return ax


def _colours(shares: pandas.Series) -> list[str]:
    return [DARK if share >= 0.5 else LIGHT if share >= _NAMED else REST for share in shares]


def _put_steps(ax: Axes, table: pandas.DataFrame, better: str) -> None:
    """The front of the medians as steps, from the smallest impact on."""
    sign = 1 if better == "lower" else -1
    middle = table[["p50", "score_p50"]].to_numpy(float)
    on_front, _ = ranked.fronts(middle[:, :1], sign * middle[:, 1:])
    points = middle[on_front == 1]
    points = points[np.argsort(points[:, 0])]
    ax.step(points[:, 0], points[:, 1], where="post", color=DARK, linewidth=1.1, linestyle="--", zorder=1)
