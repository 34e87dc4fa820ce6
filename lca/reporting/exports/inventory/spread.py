"""The spread of one amount, where it is that of a family: a multiple of one value, or a product of lognormals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ....checks import Array
from ....distributions.base import Distribution, Truncated
from ....distributions.families import Lognormal, Normal, Pert, Triangular, Uniform, Weibull
from ....graph.labels import Label
from ....graph.leaf import Constant, Parameter
from ....graph.node import Node


@dataclass(frozen=True)
class Spread:
    """A family with its arguments, in the unit of the amount that it belongs to.

    `family` is "none" for an amount without a spread. `low` and `high` are the bounds of a family that is cut off.
    `fitted` is whether the family was fitted to draws, because the amount is of none itself.
    """

    family: str
    arguments: tuple[float, ...] = ()
    low: float | None = None
    high: float | None = None
    fitted: bool = False


#: An amount that has no spread.
FIXED = Spread("none")
#: The families that tools for life-cycle assessment have too, with the arguments that scale with the amount.
_SCALED = {
    Normal: ("normal", 2),
    Lognormal: ("lognormal", 1),
    Uniform: ("uniform", 2),
    Triangular: ("triangular", 3),
    Pert: ("pert", 3),
    Weibull: ("weibull", 1),
}


class _Factor(NamedTuple):
    """A factor of a product: a distribution, the size of its unit, and its exponent."""

    distribution: Distribution
    scale: float
    exponent: int


def spread_of(node: Node, at: Mapping[str, Label], unit: float, *, independent: bool = True) -> Spread | None:
    """The spread of a value at some labels, None of no family; `unit` is how many root units one of the amount has.

    Where values are not `independent`, a product of several is of no family.

    >>> from lca import Lognormal, parameter
    >>> energy = parameter("energy", Lognormal("3 kWh", gsd=1.5))
    >>> spread_of(energy * 2, {}, 3.6e6).arguments
    (6.0, 1.5)
    """
    if not node.random:
        return FIXED
    found = _product(node, dict(at))
    if found is None:
        return None
    number, factors = found[0] / unit, list(found[1].values())
    if not factors:
        return FIXED
    if len(factors) > 1 and not independent:
        return None
    if all(isinstance(one.distribution, Lognormal) for one in factors):
        return _lognormal(number, factors)
    if len(factors) == 1 and factors[0].exponent == 1 and number > 0:
        return _scaled(factors[0].distribution, number * factors[0].scale)
    return None


def fitted(draws: Array) -> Spread:
    """The lognormal of the mean and the standard deviation of the logarithms of draws; a normal where some are not
    above 0.

    >>> import numpy as np
    >>> fitted(np.array([1.0, np.e**2])).arguments
    (2.718281828459045, 2.718281828459045)
    """
    if np.ptp(draws) == 0:
        return FIXED
    if draws.min() > 0:
        logarithms = np.log(draws)
        return Spread("lognormal", (float(np.exp(logarithms.mean())), float(np.exp(logarithms.std()))), fitted=True)
    return Spread("normal", (float(draws.mean()), float(draws.std())), fitted=True)


def _product(node: Node, at: dict[str, Label]) -> tuple[float, dict[tuple[str, object], _Factor]] | None:
    """(a plain number, the factors with a spread, by key and label) of a product; None of anything else."""
    number, factors = 1.0, dict[tuple[str, object], _Factor]()
    waiting = [(node, 1, at)]
    while waiting:
        one, exponent, labels = waiting.pop()
        name = one.function.name if one.function is not None else ""
        if name == "multiply":
            waiting += [(child, exponent, labels) for child in one.inputs]
        elif name == "divide":
            waiting += [(one.inputs[0], exponent, labels), (one.inputs[1], -exponent, labels)]
        elif name == "select":
            waiting.append((one.inputs[0], exponent, labels | {one.static["dim"]: one.static["label"]}))
        elif name == "stack" and one.static["new"].name in labels:
            new = one.static["new"]
            waiting.append((one.inputs[new.position(labels[new.name])], exponent, labels))
        elif isinstance(one.leaf, Constant):
            number *= float(one.leaf.values[_place(one, labels)]) ** exponent
        elif one.parameter is not None and all(dim.name in labels for dim in one.dims):
            value = _value(one, one.parameter, labels)
            if isinstance(value, Distribution):
                own = tuple(str(labels[dim]) for dim in sorted(one.parameter.own))
                owner = (one.parameter.key, (*own, *one.parameter.fixed))
                before = factors.get(owner, _Factor(value, one.parameter.scale, 0))
                if before.distribution != value:  # two values of one stream
                    return None
                factors[owner] = before._replace(exponent=before.exponent + exponent)
            else:
                number *= (value * one.parameter.scale) ** exponent
        else:
            return None
    return number, {owner: one for owner, one in factors.items() if one.exponent}


def _place(node: Node, labels: Mapping[str, Label]) -> tuple[int, ...]:
    return tuple(dim.position(labels[dim.name]) for dim in node.dims)


def _value(node: Node, parameter: Parameter, labels: Mapping[str, Label]) -> Distribution | float:
    """What a parameter holds at some labels."""
    return parameter.at({dim.name: dim.position(labels[dim.name]) for dim in node.dims}).values[0]


def _lognormal(number: float, factors: list[_Factor]) -> Spread | None:
    """A product of independent lognormals is one: medians multiply, squares of the logarithms of gsd add up."""
    median, squares = number, 0.0
    for one in factors:
        middle, gsd = one.distribution.arguments
        median *= (middle * one.scale) ** one.exponent
        squares += (one.exponent * math.log(gsd)) ** 2
    return Spread("lognormal", (median, math.exp(math.sqrt(squares)))) if median > 0 else None


def _scaled(distribution: Distribution, scale: float) -> Spread | None:
    """A family times a number above 0."""
    whole = distribution.whole if isinstance(distribution, Truncated) else distribution
    name, scaling = _SCALED.get(type(whole), ("", 0))
    cut = isinstance(distribution, Truncated)
    if not name or (cut and name not in ("normal", "lognormal")):
        return None
    arguments = [one * scale if place < scaling else one for place, one in enumerate(whole.arguments)]
    ends = distribution.arguments if cut else (-math.inf, math.inf)
    low, high = (end * scale if math.isfinite(end) else None for end in ends)
    return Spread(name, tuple(arguments), low, high)
