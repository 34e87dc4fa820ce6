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
from .canvas import DARK, GRID, INK, LIGHT, QUIET, REST, several_dims, wrapped

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
    ax = canvas.new_axes(ax, 8.6, 4.8)
    for (_, row), colour in zip(table.iterrows(), _colours(table["front"]), strict=True):
        x, y = row["p50"], row["score_p50"]
        ax.plot([row["p5"], row["p95"]], [y, y], color=colour, linewidth=0.9, alpha=0.7)
        ax.plot([x, x], [row["score_p5"], row["score_p95"]], color=colour, linewidth=0.9, alpha=0.7)
        ax.plot([x], [y], color=colour, marker="o", markersize=6, zorder=3)
    order = table["front"].rank(method="first", ascending=False)
    _put_names(ax, table[(table["front"] >= _NAMED) & (order <= _MOST_NAMED)])
    _put_steps(ax, table, str(table.attrs["better"]))
    for axis in ("y", "x"):
        canvas.put_scale(ax, axis)
    ax.grid(True, axis="both", color=GRID, linewidth=0.7)
    ax.tick_params(labelsize=8.5, labelcolor=QUIET)
    kind = str(table["score_unit"].iloc[0])
    ax.set_ylabel(f"{table.attrs['score']}, {kind}".removesuffix(", 1"), fontsize=9, color=INK, parse_math=False)
    ax.set_xlabel(str(table["unit"].iloc[0]), fontsize=9, color=INK, loc="left", parse_math=False)
    canvas.put_note(ax, f"dots: medians; lines: 5 % to 95 % of the draws; steps: front of the medians; {_SHARES}")
    canvas.put_title(ax, canvas.titled(result, "impact and score"))
    return ax


def _colours(shares: pandas.Series) -> list[str]:
    return [DARK if share >= 0.5 else LIGHT if share >= _NAMED else REST for share in shares]


def _put_names(ax: Axes, named: pandas.DataFrame) -> None:
    """A number beside each dot, and what it stands for right of the axes."""
    for number, (label, row) in enumerate(named.iterrows(), 1):
        at = (row["p50"], row["score_p50"])
        ax.annotate(str(number), at, (5, 4), textcoords="offset points", fontsize=8, color=INK, zorder=4)
        said = f"{number}  {wrapped(str(label), 44)}  {canvas.percents([row['front']])[0]}"
        ax.annotate(
            said, (1, 1), (10, -13 * number), xycoords="axes fraction", textcoords="offset points", fontsize=8,
            color=INK, annotation_clip=False, parse_math=False,
        )  # fmt: skip


def _put_steps(ax: Axes, table: pandas.DataFrame, better: str) -> None:
    """The front of the medians as steps, from the smallest impact on."""
    sign = 1 if better == "lower" else -1
    middle = table[["p50", "score_p50"]].to_numpy(float)
    on_front, _ = ranked.fronts(middle[:, :1], sign * middle[:, 1:])
    points = middle[on_front == 1]
    points = points[np.argsort(points[:, 0])]
    ax.step(points[:, 0], points[:, 1], where="post", color=DARK, linewidth=1.1, linestyle="--", zorder=1)
