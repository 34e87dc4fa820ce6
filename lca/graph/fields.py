"""Entry of values: what a user writes becomes a parameter with a key, a checked unit and labels (Q4, Q5, Q6, U1).

A field declares what it takes (`Declared`); `resolve` turns a text, a number, a pint quantity,
labelled data, a distribution, a reading or a node into a node of that declaration, or raises.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeGuard

from ..arguments import entry
from ..checks import one_of
from ..distributions.base import Distribution
from ..distributions.families import Lognormal, Normal
from ..errors import BoundaryError, DomainError, MissingError, UnitError
from ..units.mismatch import remedy
from ..units.parse import parse_unit, root
from ..units.quantity_text import Scalar
from ..units.registry import BOUNDARIES, DIMENSIONLESS, WORDS, Unit, boundary_of, powers_of
from ..units.text import unit_text
from .guard import Guard
from .inputs import Labelled, read_value
from .labels import label_texts
from .leaf import Parameter
from .node import Node, constant, parameter_node, parameters


class Reading(Protocol):
    """What a meter read: a node once it has a key."""

    def node(self, key: str, attach: Unit = ...) -> Node:
        """The reading under a key, in its unit times what a field attaches."""


if TYPE_CHECKING:
    #: What a user may write for a field; it becomes a node.
    Written: TypeAlias = Scalar | Distribution | Labelled | Reading | Node
else:
    Written = object  # `resolve` has more to say of what is none of them than `entry` has

KINDS = ("measurement", "input", "variability", "model", "scenario")
STATUSES = ("measured", "declared", "dataset", "assumed", "default")


@dataclass(frozen=True, slots=True)
class Declared:
    """What a field takes: unit texts it accepts, a boundary it must carry, what it attaches, its domain."""

    units: tuple[str, ...]
    boundary: str = ""  # "times": W at_wall; "per": 1/(kWh at_busbar)
    per: str = ""
    bare: bool = False
    low: float | None = 0.0
    high: float | None = None
    above: bool = False  # low itself is outside

    def holds(self, value: float) -> bool:
        """Whether a value in root units lies in the domain."""
        low, high = self.low, self.high
        below = low is not None and (value < low or (self.above and value == low))
        return not below and (high is None or value <= high * (1 + 1e-12))

    @property
    def domain(self) -> str:
        """The domain in words."""
        first = "-infinity" if self.low is None else f"{self.low:g}"
        to = "" if self.high is None else f" to {self.high:g}"
        return f"{'above' if self.above else 'from'} {first}{to}"

    @property
    def message(self) -> str:
        """The message for a value outside the domain."""
        if self.high != 1:
            return "outside_domain"
        of_time = self.units == ("",) and not self.above
        return "share_of_time_outside_domain" if of_time else "share_outside_domain"


#: The domain of what is not a field of its own: a factor of an impact category.
NOT_NEGATIVE = Declared(("",))


def attachment(unit: Unit, declared: Declared, *, where: str, at: str | None = None) -> Unit:
    """What must be multiplied onto a value's unit to make it the declared one; raises where nothing fits."""
    per = root(declared.per)
    wanted: list[Unit] = [root(text) / per for text in declared.units]
    if unit == DIMENSIONLESS and declared.bare:
        return wanted[0]
    attach = DIMENSIONLESS
    if declared.boundary:
        sign = 1 if declared.boundary == "times" else -1
        attach = _boundary_to_attach(unit, declared, sign, where, at)
        boundary = boundary_of((unit * attach) ** sign)
        wanted = [one * Unit({boundary: sign}) for one in wanted] if boundary else wanted
    if declared.per and unit.get(declared.per, 0) == 0:
        attach = attach / per
    if unit * attach in wanted:
        return attach
    side = declared.units[0]  # as it is written: what is attached to it need not be
    sides = " or ".join(dict.fromkeys(unit_text(one) for one in wanted))
    if set(unit) <= set(BOUNDARIES):
        fix = f'write it with its unit, such as "... {side}"'
    elif wanted[0] == DIMENSIONLESS:
        fix = 'a share of time has no unit left: "8 h/day"' if unit == root("s") else "write a plain number"
    else:
        fix = remedy(unit * attach, wanted[0])
    raise UnitError.of("not_the_unit_of_the_field", where, given=unit_text(unit), needed=sides, fix=fix)


def _boundary_to_attach(unit: Unit, declared: Declared, sign: int, where: str, at: str | None) -> Unit:
    """The boundary that `at` adds to a value which does not carry one (Q3)."""
    carried = [name for name in BOUNDARIES if unit.get(name, 0)]
    fits = any(_physical(unit) == _physical(root(text)) for text in declared.units)
    if fits and len(carried) > 1:
        raise BoundaryError.of("several_boundaries", where, [WORDS[name] for name in carried], unit=unit_text(unit))
    boundary = boundary_of(unit**sign)
    if boundary and at and boundary != f"at_{at}":
        raise BoundaryError.of("boundary_given_twice", where, boundary=WORDS[boundary], at=at)
    if boundary:
        return DIMENSIONLESS
    if at:
        if f"at_{at}" not in BOUNDARIES:
            raise BoundaryError.of("no_such_boundary", where, at=at)
        return Unit({f"at_{at}": sign})
    if fits:
        key = "power_without_a_boundary" if sign == 1 else "factor_without_a_boundary"
        raise BoundaryError.of(key, where, unit=unit_text(unit))
    return DIMENSIONLESS


def _physical(unit: Unit) -> Unit:
    return Unit({name: power for name, power in unit.items() if name in ("kilogram", "meter", "second")})


def attached_text(unit: str, attach: Unit) -> str:
    """The unit text with what a field attached to it."""
    powers = powers_of(attach)
    top = [name for name, power in powers.items() if power > 0]
    bottom = [f"/{name}" for name, power in powers.items() if power < 0]
    body = f"({unit})" if "/" in unit and top else unit
    return (" ".join(filter(None, [body, *top])) or "1") + "".join(bottom)


def check_domain(parameter: Parameter, declared: Declared, where: str) -> None:
    """Raise where a nominal value, or an end that a distribution reaches, lies outside the field's domain (Q4)."""
    bad = []
    for label, value in zip(label_texts(parameter.dims), parameter.values, strict=True):
        ends = (value.nominal, *value.reach) if isinstance(value, Distribution) else (value,)
        bad += [
            f"{label}{end:g} {parameter.unit}".strip() for end in ends if not declared.holds(end * parameter.scale)
        ][:1]
    if bad:
        open_tail = any(isinstance(v, Distribution) and not math.isfinite(sum(v.support)) for v in parameter.values)
        key = "tail_outside_domain" if open_tail and declared.high != 1 else declared.message
        raise DomainError.of(key, where, bad, domain=declared.domain)


def domain_guard(node: Node, declared: Declared, where: str) -> Guard:
    """The domain of a field for an expression that it holds: looked at when the value is known (Q4)."""
    low = -math.inf if declared.low is None else declared.low
    high = math.inf if declared.high is None else declared.high
    return Guard(node, where, declared.message, low, high, declared.above, values={"domain": declared.domain})


def is_reading(value: object) -> TypeGuard[Reading]:
    """Whether a value is a reading, which becomes a node under a key."""
    return callable(getattr(value, "node", None))


def resolve(
    value: object, declared: Declared, *, key: str, status: str = "declared", source: str = "", at: str | None = None
) -> Node:
    """The node of a field, with the key `key`. Raises as the law says, always with the key."""
    if is_reading(value):
        made = value.node(key, attachment(value.node(key).unit, declared, where=key, at=at))
        for leaf in parameters([made]):
            if leaf.parameter is not None and leaf.parameter.key == key:
                check_domain(leaf.parameter, declared, key)
        return made
    if isinstance(value, Node):
        attach = attachment(value.unit, declared, where=key, at=at)
        if value.parameter is not None:
            check_domain(value.parameter, declared, key)
        return value if attach == DIMENSIONLESS else value * constant(1.0, attach)
    if value is None:
        raise MissingError.of("value_missing", key, unit=unit_text(root(declared.units[0])))
    given = read_value(value, key)
    attach = attachment(root(given.unit), declared, where=key, at=at)
    unit = attached_text(given.unit, attach) if attach != DIMENSIONLESS else given.unit
    parameter = make_parameter(key, replace(given, unit=unit), status=status, source=source)
    check_domain(parameter, declared, key)
    return parameter_node(parameter)


def make_parameter(
    key: str, given: Labelled, *, status: str, source: str, kind: str = "input", population: int | None = None
) -> Parameter:
    """A parameter from values; its dims are its own streams unless the data said `shared`."""
    one_of(kind, KINDS, "kind", key)
    one_of(status, STATUSES, "status", key)
    values = tuple(v.in_unit(given.unit) if isinstance(v, Distribution) else v for v in given.values)
    own = frozenset() if given.shared else frozenset(dim.name for dim in given.dims)
    scale = parse_unit(given.unit)[0]
    return Parameter(key, values, given.unit, scale, given.dims, own, kind, status, source, population)


@entry
def parameter(
    key: str,
    value: Written,
    *,
    status: str = "declared",
    source: str = "",
    kind: str = "input",
    population: int | None = None,
) -> Node:
    """A parameter under a key of its own: the same key and definition is the same quantity in every study (U1).

    Parameters
    ----------
    key : str
        The permanent name. Draws depend on it.
    value : text with a unit, number, Distribution, labelled values or reading
        The value.
    status : str
        How it is known: "measured", "declared", "dataset", "assumed" or "default".
    source : str
        Where it comes from.
    kind : str
        What its uncertainty is about: "measurement", "input", "variability", "model" or "scenario".
    population : int
        With `kind="variability"`: over how many units the value differs. The parameter is then their mean, whose
        standard deviation is smaller by sqrt(n) (central limit theorem, U8). It is lognormal if no value can be below
        0.

    Returns
    -------
    Node
        The parameter, over the dims of the value.

    Raises
    ------
    DomainError
        If the key is blank, the value is an expression, or `population` and `kind="variability"` do not come together.

    Examples
    --------
    >>> parameter("robot.load", "10 inference/s", source="site log, March")
    <robot.load = 10 inference/s>
    """
    if not key or key != key.strip():
        raise DomainError.of("not_a_key", repr(key))
    if is_reading(value):
        if population is not None or kind not in ("input", "measurement"):
            raise DomainError.of("reading_with_a_population", key, [repr(value)])
        if status != "declared" or source:
            raise DomainError.of("reading_with_a_status", key, [repr(value)])
        return value.node(key)
    if isinstance(value, Node):
        raise DomainError.of("key_for_a_node", key)
    if (kind == "variability") != (population is not None) or (population is not None and population < 1):
        raise DomainError.of("variability_without_a_population", key)
    made = make_parameter(key, read_value(value, key), status=status, source=source, kind=kind, population=population)
    if population is not None:
        means = [_mean_of(v, population) if isinstance(v, Distribution) else v for v in made.values]
        made = replace(made, values=tuple(means))
    return parameter_node(made)


def _mean_of(value: Distribution, population: int) -> Distribution:
    if population == 1:
        return value
    sd = value.sd / math.sqrt(population)
    if value.support[0] < 0:
        return Normal(value.mean, sd).in_unit(value.unit)
    log_variance = math.log1p((sd / value.mean) ** 2)
    median = value.mean * math.exp(-log_variance / 2)
    return Lognormal(median, math.exp(math.sqrt(log_variance))).in_unit(value.unit)
