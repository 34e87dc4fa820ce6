"""From an agreement to the crossings of a site, as values that share the errors of the fit and of both meters (U10)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from ...distributions.families import Normal
from ...errors import AccountingError
from ...graph.fields import parameter
from ...graph.inputs import Labelled
from ...graph.node import Node, constant
from ...meters.meter import Meter
from ...units.parse import root
from ...units.registry import DIMENSIONLESS
from .pairs import Pairs, inner_and_outer
from .statistics import Estimate, Fit

#: A board takes what its components take, and what the rest of the machine takes beside it.
_TAKEN = constant(1.0, root("at_board/at_component"))


def crossings_of(pairs: Pairs, ratio: Estimate, fit: Callable[[], Fit], key: str, devices: float) -> Mapping[str, Node]:
    """The fields of a `Site` that carry an energy of the inner meter to the boundary of the outer one."""
    inner, outer = inner_and_outer(pairs)
    meters = dict(zip("ab", pairs.meters, strict=True))
    inside, outside, freedom = meters[inner], meters[outer], pairs.count - 1
    way, share = (inside.at, outside.at), constant(1 / devices, root("1/device"))
    if way == ("component", "wall") and pairs.unit == "W":
        found = _supplied(fit(), key, inside, outside, freedom - 1)
        return {**found, "rest_of_machine": found["rest_of_machine"] * share}
    mean = constant(float(pairs.data[inner].mean()), root(f"{pairs.unit} at_{inside.at}"))
    read = _learnt(f"{key}.ratio", ratio, f"at_{outside.at}/at_{inside.at}", freedom) * mean
    taken, given = _true(mean, inside), _true(read, outside)
    if way == ("board", "wall"):
        return {"supply_efficiency": taken / given}
    if way == ("wall", "facility"):
        return {"pue": given / taken}
    if way == ("component", "board") and pairs.unit == "W":
        return {"rest_of_machine": (given - taken * _TAKEN) * share}
    sides = [f"{pairs.unit} at the {meter.at}" for meter in (inside, outside)]
    raise AccountingError.of("no_crossing_between", "agreement.crossings", sides)


def _supplied(fit: Fit, key: str, inside: Meter, outside: Meter, freedom: float) -> dict[str, Node]:
    """From a component to the wall: y = level + gain (x - centre), where level and gain are independent.

    The supply passes on 1/gain, and the rest of the machine takes level/gain - centre at the board.
    """
    level = _true(_learnt(f"{key}.level", fit.level, "W at_wall", freedom), outside)
    centre = _true(constant(fit.centre, root("W at_component")), inside) * _TAKEN
    gain = _learnt(f"{key}.gain", fit.gain, "at_wall/at_board", freedom) * _factor(outside) / _factor(inside)
    return {"supply_efficiency": 1 / gain, "rest_of_machine": level / gain - centre}


def _learnt(key: str, one: Estimate, unit: str, freedom: float) -> Node:
    """A value of a fit: normal, with the variance of Student's t (GUM G.3)."""
    wider = math.sqrt(freedom / (freedom - 2)) if freedom > 3 else math.sqrt(3.0)
    value = Normal(one.value, one.u * wider) if one.u > 0 else one.value
    return parameter(key, Labelled((value,), unit), kind="measurement", status="measured", source="two meters compared")


def _true(shown: Node, meter: Meter) -> Node:
    """What a meter showed, with the one error that all its readings share."""
    error = meter.error
    if error is None:
        return shown
    return shown * error if error.unit == DIMENSIONLESS else shown + error


def _factor(meter: Meter) -> Node:
    """The error of a meter as a factor; 1 where it has none, or errs by an offset."""
    error = meter.error
    return constant(1.0) if error is None or error.unit != DIMENSIONLESS else error
