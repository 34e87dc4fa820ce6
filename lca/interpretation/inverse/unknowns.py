"""The unknown inputs of an inverse question: which parameter, in which range, or with which prior."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ...checks import did_you_mean
from ...distributions.base import Distribution
from ...errors import DomainError, MissingError, RecordError, UnitError
from ...graph.fields import Declared, Written, parameter
from ...graph.leaf import Parameter
from ...graph.node import Node
from ...records.components import find, resolve_field
from ...records.record import Record
from ...sampling.evaluate import shown_values
from ...study.study import Study
from ...units.mismatch import remedy
from ...units.parse import parse_unit
from ...units.text import display, unit_text
from ..result import model_of

#: Without a range the search goes from the stated value divided by this to its multiple.
_FAR = 1e12


@dataclass(frozen=True)
class Unknown:
    """An unknown input in root units: its range, or the values it may have, or its prior; shown in `unit`."""

    name: str
    key: str
    unit: str
    factor: float
    low: float = 0.0
    high: float = 0.0
    options: tuple[float, ...] = ()
    prior: Parameter | None = None

    @property
    def middle(self) -> float:
        """A value in the midst of its range: the geometric mean where no value is below 0."""
        if self.options:
            return self.options[0]
        return (self.low * self.high) ** 0.5 if self.low > 0 else (self.low + self.high) / 2


def with_single_parameters(thing: object, names: Sequence[str]) -> object:
    """A study in which each of some paths holds one parameter: where it holds an expression, its nominal value."""
    if not isinstance(thing, Study):
        return thing
    for name in names:
        holder = field_of(thing, name)
        value = None if holder is None else getattr(*holder, None)
        if isinstance(value, Node) and value.parameter is None and not value.dims:
            text, factor = display(value.unit)
            nominal = float(shown_values({"value": value})["value"]) / factor
            thing = thing.replace({name: f"{nominal!r} {text}"})
    return thing


def field_of(thing: object, path: str) -> tuple[Record, str] | None:
    """The record and the field that a path of a study names."""
    if not isinstance(thing, Study):
        return None
    try:
        holders, field = find(thing.components, path)
    except (MissingError, RecordError):
        return None
    return holders[0], field


def parameter_named(thing: object, name: str, where: str) -> tuple[Parameter, tuple[Record, str] | None]:
    """The parameter at a path of a study or under a key; the record and the field that hold it."""
    holder = field_of(thing, name)
    value = None if holder is None else getattr(*holder, None)
    if isinstance(value, Node) and value.parameter is not None:
        return value.parameter, holder
    known = {leaf.key: leaf.parameter for leaf in model_of(thing).program.leaves}
    if name not in known:
        raise MissingError.of("no_input_to_infer", where, name=name, near=did_you_mean(name, known, cutoff=0.3))
    return known[name], None


def unknown_of(thing: object, name: str, given: object) -> Unknown:
    """An unknown as it was written: None, a range (low, high), a list of values, or a distribution."""
    where = f"unknown[{name!r}]"
    stated, holder = parameter_named(thing, name, where)
    if stated.dims:
        raise DomainError.of("unknown_over_labels", where, dims=", ".join(dim.name for dim in stated.dims))

    def read(value: Written) -> Parameter:
        return _read(stated, holder, value, where)

    about = Unknown(name, stated.key, stated.unit, stated.scale)
    if given is None:
        low, high = _within(holder, *_far(float(stated.nominal), where))
        return _with(about, stated, low=low, high=high)
    if isinstance(given, Distribution):
        made = read(given)
        return _with(about, made, low=made.reach[0], high=made.reach[1], prior=made)
    if isinstance(given, tuple) and len(given) == 2:
        low_end, high_end = map(read, given)
        low, high = float(low_end.nominal), float(high_end.nominal)
        if not low < high:
            raise DomainError.of("bounds_not_in_order", where)
        return _with(about, low_end, low=low, high=high)
    if isinstance(given, list) and given:
        values = [read(value) for value in given]
        return _with(about, values[0], options=tuple(float(one.nominal) for one in values))
    raise DomainError.of("not_an_unknown", where, value=repr(given))


def _with(about: Unknown, made: Parameter, **values: object) -> Unknown:
    text, factor = display(parse_unit(made.unit)[1])  # as it is shown, where that is the unit as it was written
    unit = text if math.isclose(factor, made.scale, rel_tol=1e-12) else made.unit
    fields: dict[str, object] = {name: getattr(about, name) for name in about.__dataclass_fields__}
    return Unknown(**{**fields, "unit": unit, "factor": made.scale, **values})  # type: ignore[arg-type]


def _far(nominal: float, where: str) -> tuple[float, float]:
    if not nominal > 0:
        raise DomainError.of("range_for_the_unknown", where)
    return nominal / _FAR, nominal * _FAR


def _within(holder: tuple[Record, str] | None, low: float, high: float) -> tuple[float, float]:
    """A range within the domain of a field."""
    declared = None if holder is None else holder[0]._fields[holder[1]].get("declared")
    if isinstance(declared, Declared):
        low = max(low, -math.inf if declared.low is None else declared.low)
        high = min(high, math.inf if declared.high is None else declared.high)
    return low, high


def _read(stated: Parameter, holder: tuple[Record, str] | None, value: Written, where: str) -> Parameter:
    """A value as the field, or the parameter of that key, takes it."""
    node = resolve_field(*holder, value) if holder is not None else parameter(stated.key, value)
    if not isinstance(node, Node) or node.parameter is None or node.dims:
        raise DomainError.of("not_an_unknown", where, value=repr(value))
    root = parse_unit(stated.unit)[1]
    if node.unit != root:
        raise UnitError.of(
            "inferred_in_another_unit", where, given=unit_text(node.unit), needed=unit_text(root),
            fix=remedy(node.unit, root),
        )  # fmt: skip
    return node.parameter
