"""What no pair of meters on one machine can show: more inside than outside, or a gain of no power supply."""

from __future__ import annotations

from ...distributions.base import Distribution
from ...meters.meter import Meter
from ...units.parse import parse_unit
from .pairs import Pairs, inner_and_outer
from .statistics import Fit

#: A power supply passes on at least half of what it takes, so the outside rises at most twice as much as the inside.
_MOST_GAIN = 2.0


def impossible(pairs: Pairs) -> str:
    """Where the outer meter shows less than the inner one, beyond what both may err; "" where it does not."""
    inner, outer = inner_and_outer(pairs)
    meters = dict(zip("ab", pairs.meters, strict=True))
    if meters[inner].at == meters[outer].at:
        return ""
    means = {name: float(pairs.data[name].mean()) for name in "ab"}
    reach = sum(_reach(meters[name], means[name], pairs.unit) for name in "ab") + sum(pairs.steps) / 2
    if means[inner] - means[outer] <= reach:
        return ""
    sides = [f"{means[name]:.5g} {pairs.unit} at the {meters[name].at}" for name in (outer, inner)]
    return f"the mean is {sides[0]}, and {sides[1]}, which lies inside: impossible"


def implausible(pairs: Pairs, fit: Fit | None) -> str:
    """Where the interval of the gain lies outside of what a power supply can do; "" where it does not."""
    inner, outer = inner_and_outer(pairs)
    meters = dict(zip("ab", pairs.meters, strict=True))
    if fit is None or meters[outer].at not in ("wall", "facility") or meters[inner].at not in ("component", "board"):
        return ""
    slack = sum(_reach(meter, 1.0, "") for meter in pairs.meters)
    low, high = fit.gain.low * (1 - slack), fit.gain.high * (1 + slack)
    if low <= _MOST_GAIN and high >= 1:
        return ""
    said = (
        "rises by less than the inside" if high < 1 else f"rises more than {_MOST_GAIN:g} times as much as the inside"
    )
    return f"the gain is {fit.gain}: the outside {said}, which no power supply does"


def _reach(meter: Meter, mean: float, unit: str) -> float:
    """How far a reading of a meter may be off by its accuracy, in the unit of the pairs."""
    spread: Distribution | None = meter.spread
    if spread is None:
        return 0.0
    low, high = spread.reach
    half = (high - low) / 2
    if not spread.unit:
        return half * mean
    return half * parse_unit(spread.unit)[0] / parse_unit(unit)[0] if unit else 0.0
