"""A number as a tool printed it, which its last digit limits."""

from __future__ import annotations

import math
from typing import NamedTuple

from ...distributions.base import Distribution
from ...distributions.families import Uniform
from ..files.source import LARGEST, number

#: A smaller relative half step is exact for every purpose.
_EXACT = 1e-9


class Printed(NamedTuple):
    """A number, and how far the true one may lie on either side of it: half a step of its last digit."""

    value: float
    half: float = 0.0

    def scaled(self, factor: float) -> Printed:
        """So many times the number, such as in another unit."""
        return Printed(self.value * factor, self.half * factor)

    def times(self, other: Printed) -> Printed:
        """The product of two numbers above 0."""
        value = self.value * other.value
        return Printed(value, self.value * other.half + self.half * other.value)

    def over(self, other: Printed) -> Printed:
        """The ratio of two numbers above 0."""
        value = self.value / other.value
        return Printed(value, value * (self.half / self.value + other.half / other.value))

    def fits(self, other: Printed, relative: float) -> bool:
        """Whether two numbers may be the same one, to a relative difference beside their last digits."""
        return abs(self.value - other.value) <= self.half + other.half + relative * abs(other.value)

    @property
    def spread(self) -> Distribution | float:
        """The number as a value of a field: rectangular over the last digit (GUM F.2.2.1), or exact."""
        if self.half <= _EXACT * self.value:
            return self.value
        return Uniform(self.value - self.half, self.value + self.half)


def printed(text: str, *, significant: int = 0) -> Printed:
    """The number in a text that is one, with half a step of its last digit.

    Programs in C++ print six `significant` digits and leave zeros at the end out, so the text does not show the last.

    >>> printed("3.005"), printed("1.24e+03"), printed("50", significant=6)
    (Printed(value=3.005, half=0.0005), Printed(value=1240.0, half=5.0), Printed(value=50.0, half=5e-05))
    """
    value = float(text)
    digits, _, power = text.strip().lower().partition("e")
    decimals = len(digits.partition(".")[2]) - int(power or 0)
    if significant and 0 < abs(value) < math.inf:
        decimals = significant - 1 - math.floor(math.log10(abs(value)))
    return Printed(value, 0.5 * 10.0 ** min(-decimals, 300))


def is_printed(text: str) -> bool:
    """Whether a text is a number that `printed` reads: from 0, and not larger than any of a log.

    >>> is_printed("1.2e+06"), is_printed("nan"), is_printed("-1"), is_printed("1e99")
    (True, False, False, False)
    """
    value = number(text)
    return value is not None and 0 <= value <= LARGEST
