"""A distribution over listed values, each with a probability of its own (U3, U4)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import accumulate, pairwise

from ..checks import finite_number
from ..units.quantity_text import Scalar
from .base import Distribution
from .reading import read_arguments
from .shapes import DiscreteShape, Shape

#: Below this probability no run is expected to draw a value.
_LEAST = 1e-9
#: No weight is larger, so that their sum is a number.
_MOST = 1e300
_MOST_SHOWN = 4


class Discrete(Distribution):
    """Some values, each with a probability; nominal value: the most probable one.

    It is for what comes in steps: a number of retrainings, of spare devices, a batch size. Of several values that are
    equally probable, the nominal one is in their middle; of two in the middle it is the lower.

    Parameters
    ----------
    weights : mapping of value to float above 0
        The weight of each value: a text with a unit, or a number. They are divided by their sum.

    Raises
    ------
    DomainError
        If there are fewer than two values, two are equal, or a weight is not above 0 or below 1e-9 of their sum.
    UnitError
        If the values have different units.

    Examples
    --------
    >>> trainings = Discrete({1: 0.6, 2: 0.3, 4: 0.1})
    >>> round(trainings.mean, 9), trainings.nominal
    (1.6, 1.0)
    """

    def __init__(self, weights: Mapping[Scalar, float]) -> None:
        named = {f"value {n}": value for n, value in enumerate(weights, start=1)}
        values, unit = read_arguments("Discrete", **named)
        said = [
            finite_number(one, f"Discrete(weight of {value!r})", low=0.0, above=True, high=_MOST)
            for value, one in weights.items()
        ]
        whole = math.fsum(said)
        rising = sorted(zip(values, said, strict=True))
        shares = tuple(weight / whole for _, weight in rising)
        self.__dict__.update(arguments=(*(value for value, _ in rising), *shares), unit=unit)
        self._require(len(rising) > 1, "at least two values (write one value as a number)")
        self._require(all(low < high for low, high in pairwise(self.values)), "values that differ")
        self._require(min(shares) >= _LEAST, f"a weight of at least {_LEAST:g} of their sum for each value")

    @property
    def values(self) -> tuple[float, ...]:
        """The values, rising, in `unit`."""
        return self.arguments[: len(self.arguments) // 2]

    @property
    def probabilities(self) -> tuple[float, ...]:
        """The probability of each of them; their sum is 1."""
        return self.arguments[len(self.arguments) // 2 :]

    def __repr__(self) -> str:
        pairs = zip(self.values, self.probabilities, strict=True)
        shown = [f"{self._written(value)}: {share:g}" for value, share in pairs]
        more = len(shown) - _MOST_SHOWN
        shown = [*shown[:_MOST_SHOWN], f"{more} more"] if more > 1 else shown
        return f"Discrete({{{', '.join(shown)}}})"

    def _between(self, low: float, high: float) -> Distribution:
        kept = [(x, p) for x, p in zip(self.values, self.probabilities, strict=True) if low <= x <= high]
        whole = math.fsum(p for _, p in kept)
        left = (*(x for x, _ in kept), *(p / whole for _, p in kept)) if kept[1:] else ()
        return self._left(left, low, high)

    @property
    def support(self) -> tuple[float, float]:
        return self.values[0], self.values[-1]

    @property
    def nominal(self) -> float:
        heaviest = max(self.probabilities)
        likely = [value for value, share in zip(self.values, self.probabilities, strict=True) if share == heaviest]
        return likely[(len(likely) - 1) // 2]

    @property
    def mean(self) -> float:
        return math.fsum(x * p for x, p in zip(self.values, self.probabilities, strict=True))

    @property
    def sd(self) -> float:
        mean = self.mean
        return math.sqrt(math.fsum(p * (x - mean) ** 2 for x, p in zip(self.values, self.probabilities, strict=True)))

    @property
    def standard(self) -> tuple[float, float, Shape]:
        return 0.0, 1.0, DiscreteShape(self.values, tuple(accumulate(self.probabilities[:-1])))
