"""Rows of the tables of a break-even: where two totals are equal, what became of the draws, and both totals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...checks import Array
from ...fits import share_interval
from ...sampling.statistics.histogram import Ints
from ...units.number_text import NOTHING
from ...units.text import display
from ..spread import QUANTILES, quantiles
from .axis import Axis
from .crossings import Signs
from .pair import Pair

_LEVEL = 0.95
#: Ranges of this ratio and more are shown in even ratios.
_WIDE = 50
#: Why a row has no value.
NEVER = f"{NOTHING}: no crossing in the range"
Row = dict[str, object]


def share_error(share: float, draws: int) -> float:
    """Half of the 95 % interval of a share of draws (Wilson 1927)."""
    return float(share_interval(np.asarray(share), draws, _LEVEL)[1])


def spread_of_crossings(values: Array) -> Row:
    """Quantiles of the draws that cross, NaN of none, and the share of these with its error."""
    kept = values[np.isfinite(values)]
    ends = quantiles(kept) if kept.size else dict.fromkeys(QUANTILES, np.array(np.nan))
    cross = kept.size / values.size
    return {
        **{name: float(end) for name, end in ends.items()},
        "cross": cross,
        "cross_error": share_error(cross, values.size),
    }


def outcome_rows(names: tuple[str, str], drawn: tuple[Ints, Signs], nominal: tuple[int, int]) -> list[Row]:
    """What became of the draws, from the number of their crossings and which is lower below the first."""
    one, other = names
    kinds = {
        f"never: {one} is lower": (0, -1),
        f"never: {other} is lower": (0, 1),
        f"once: {one} is lower before": (1, -1),
        f"once: {other} is lower before": (1, 1),
    }
    number, below = drawn
    found = {said: ((number == n) & (below == sign), nominal == (n, sign)) for said, (n, sign) in kinds.items()}
    found["several times"] = number > 1, nominal[0] > 1
    if (equal := (below == 0) & (number <= 1)).any():
        found["equal throughout"] = equal, nominal[1] == 0 and nominal[0] <= 1
    rows: list[Row] = []
    for said, (marks, at_nominal) in found.items():
        share = float(marks.mean())
        error = share_error(share, marks.size)
        rows.append({"outcome": said, "share": share, "share_error": error, "nominal": at_nominal})
    return rows


def rows_of_totals(pair: Pair, names: Sequence[str], axis: Axis, row: int, draws: int, points: int) -> list[Row]:
    """Both totals along the parameter at one row of labels, in the displayed unit."""
    unit, factor = display(pair.unit)
    drawn, plain = pair.along([axis], draws), pair.along([axis], None)
    rows: list[Row] = []
    for x in shown(axis, points):
        nominal, made = (
            [one[row] / factor for one in pair.totals(along(np.full(size, x)), size)]
            for along, size in ((plain, 1), (drawn, draws))
        )
        for n, name in enumerate((*names, "difference")):
            middle, every = (one[n] if n < 2 else one[0] - one[1] for one in (nominal, made))
            ends = {q: float(end) for q, end in quantiles(every).items()}
            at = {"value": x / axis.factor, "total": name, "nominal": float(middle[0])}
            rows.append({**at, **ends, "unit": unit})
    return rows


def is_wide(low: float, high: float) -> bool:
    """Whether a range is shown in even ratios."""
    return low > 0 and high / low >= _WIDE


def shown(axis: Axis, points: int) -> Array:
    """Values to show: in even steps, or in even ratios over a range of several powers of ten."""
    if is_wide(axis.low, axis.high):
        return np.clip(np.geomspace(axis.low, axis.high, points), axis.low, axis.high)
    return np.linspace(axis.low, axis.high, points)
