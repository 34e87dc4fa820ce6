"""Whether two unknowns can be told apart at all, or their product, ratio, sum or difference alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from ...checks import Array
from .forward import Forward

Moved = Callable[[Array, Array, Array], tuple[Array, Array]]

#: What alone is known of x and y, and how both move without changing it: by a factor, or by a part of x.
SYMMETRIES: Mapping[str, Moved] = {
    "x": lambda x, y, c: (x * c, y / c),
    "/": lambda x, y, c: (x * c, y * c),
    "+": lambda x, y, c: (x + (c - 1) * x, y - (c - 1) * x),
    "-": lambda x, y, c: (x + (c - 1) * x, y + (c - 1) * x),
}
#: Factors at which it is tried, and the relative difference that is rounding.
_FACTORS = np.array([1.0, 0.9, 1.1, 0.77, 1.3])
_ROUNDING = 1e-9
#: The points at which it is tried, as shares of both ranges: no two alike, so that no difference is 0.
_POINTS = ((0.31, 0.62), (0.5, 0.29), (0.68, 0.41))


def alone_known(forward: Forward, places: tuple[int, int], fixed: Mapping[str, float]) -> str:
    """The operation on two unknowns whose result alone the reports depend on: "x", "/", "+" or "-"; "" for none.

    It is tried at points: a relation that holds at all of them is taken to hold everywhere.
    """
    one, other = (forward.unknowns[at] for at in places)
    for operation, moved in SYMMETRIES.items():
        same = True
        for shares in _POINTS:
            x, y = (
                np.full(len(_FACTORS), _inside(unknown.low, unknown.high, share))
                for unknown, share in zip((one, other), shares, strict=True)
            )
            first, second = moved(x, y, _FACTORS)
            values = {name: np.full(len(_FACTORS), value) for name, value in fixed.items()}
            made = forward.nominal({**values, one.name: first, other.name: second})
            same &= bool((np.ptp(made, axis=1) <= _ROUNDING * np.abs(made).max(axis=1)).all())
        if same:
            return operation
    return ""


def _inside(low: float, high: float, share: float) -> float:
    """A value in a range: by ratios where no value of it is below 0."""
    return float(low ** (1 - share) * high**share) if low > 0 else low + share * (high - low)
