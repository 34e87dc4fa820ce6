"""Rivals by their paired differences to the first, with the groups that cannot be told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas

from ...arguments import entry
from ..comparison.comparison import compare, letters_note
from ..result import Result
from ..summary import in_unit, words_of
from . import canvas
from .canvas import DARK, numbers, percents, several_dims
from .rows import rows_of
from .texts import INK, QUIET

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST = 24
_COLUMNS = ("excess_p50", "excess_p5", "excess_p95", "expected_loss")


@entry
def differences(
    result: Result,
    *,
    over: str,
    per: str = "total",
    unit: str | None = None,
    confidence: float = 0.9,
    ax: Axes | None = None,
    most: int = _MOST,
    width: float | None = None,
) -> Axes:
    """How far each alternative is above the first, draw by draw: what all share has cancelled (A12, U10).

    A dot is the median of the differences, a line their 5 to 95 % interval. Blue are the fewest that hold the best one
    with the stated confidence. Beside stands in which share of the draws each is above the first, with `best`, the
    letters and the expected loss of `compare`.

    Parameters
    ----------
    result : Result
        A result with draws and one dim of alternatives.
    over : str
        That dim.
    per, unit : str
        As in `compare`; if not given, a unit is chosen that reads well for the differences.
    confidence : float
        As in `compare`.
    ax : matplotlib Axes
        Where to draw; a new figure if not given.
    most : int
        The largest number of alternatives that are shown, the smallest first.
    width : float
        As in `stages`.

    Returns
    -------
    matplotlib Axes
        The figure.

    Raises
    ------
    MissingError
        If matplotlib is not installed; as in `compare`.
    DomainError
        If the result has other alternatives, too; if `most` is below 1.

    Examples
    --------
    >>> import lca
    >>> joules = lca.labelled({"a": lca.Normal(4, 1), "b": lca.Normal(6, 1)}, "kg CO2e", dim="engine")
    >>> result = lca.monte_carlo({"total": lca.parameter("x", joules)}, progress=False)
    >>> differences(result, over="engine").get_xlabel()
    'kg CO2e above a'
    """
    table = compare(result, over=over, per=per, confidence=confidence)
    if table.index.nlevels > 1:
        raise several_dims(table)
    per_unit, default = words_of(result, per), result.data["total"].attrs["unit"]
    if unit is None and default == "kg CO2e":
        unit = canvas.readable(float(table["excess_p95"].max()), default, per_unit, kg_up_to=1e5)
    factor, label = in_unit(unit, default, per_unit)
    first = str(table.index[0])
    note = (
        f"A difference is the result of an alternative minus that of {first}, draw by draw: what both share cancels. "
    )
    note += f"{first} is the smallest in {percents(table['best'])[0]} of the draws. "
    note += f"Dots: median; lines: 5 % to 95 % of each difference by itself. {letters_note(confidence)}"
    note += " Blue: the fewest that hold the best one with that confidence."
    shown, note = canvas.smallest(table, most, note)
    shown = shown.assign(**{name: shown[name] / factor for name in _COLUMNS})
    rows = rows_of(ax, list(map(str, shown.index)), _columns(shown), row=0.3, width=width, wide=9.4)
    ax = rows.axes(ax)
    colours = np.where(shown["among_best"], DARK, QUIET)
    for y, (colour, (_, row)) in zip(rows.places, zip(colours, shown.iterrows(), strict=True), strict=True):
        ax.plot([row["excess_p5"], row["excess_p95"]], [y, y], color=colour, linewidth=1.6, marker="|", markersize=6)
        ax.plot([row["excess_p50"]], [y], color=colour, marker="o", markersize=5)
    rows.put_line(ax, 0, color=INK, linewidth=0.9)
    title = canvas.titled(result, f"differences over {over}")
    rows.finish(ax, label=f"{label} above {first}", note=note, title=title)
    return ax


def _columns(shown: pandas.DataFrame) -> dict[str, list[str]]:
    """The figures of each alternative; of the first, which has no difference to itself, only its own."""
    higher = [f"{share} of draws" for share in percents(shown["above"])]
    return {
        "difference": ["", *numbers(shown["excess_p50"].iloc[1:])],
        "higher in": ["", *higher[1:]],
        "letters": [str(one) for one in shown["letters"]],
        "best": percents(shown["best"]),
        "expected loss": numbers(shown["expected_loss"]),
    }
