"""The parameter that a break-even is sought along: what holds it, and the range of the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...checks import did_you_mean
from ...distributions.reading import read_scalar
from ...errors import DomainError, MissingError, RecordError, UnitError
from ...graph.fields import Written, parameter
from ...graph.leaf import Parameter
from ...graph.node import Node, parameter_node
from ...records.components import find, resolve_field
from ...records.record import Record
from ...study.assembly import Model
from ...study.study import Study
from ...units.parse import parse_unit
from ...units.text import unit_text
from ..result import Evaluable, model_of, output_named
from .along import Keys

#: The bounds of a search.
Bounds = tuple[Written, Written]


@dataclass(frozen=True)
class Axis:
    """A parameter and the range of its values, in root units; `factor` is root units of one `unit`."""

    path: str
    keys: Keys
    low: float
    high: float
    unit: str
    factor: float


def axis_of(things: Sequence[Evaluable], path: str, between: Bounds, where: str = "between") -> Axis:
    """The parameter at a path, or under a key, of one thing at least. Raises where there is none, or for a bound."""
    found = [(*one, thing) for thing in things if (one := _varied(thing, path)) is not None]
    if not found:
        raise MissingError.of("not_one_parameter", "vary", path=path, near=_near(things, path))
    node, holder, _ = found[0]
    low, high, unit, factor = _range(node, holder, path, between, where)
    keys = frozenset(one.parameter.key for one, *_ in found if one.parameter is not None)
    return Axis(path, keys, low, high, unit, factor)


def models_within(things: Sequence[Evaluable], paths: Sequence[str], bounds: Sequence[Bounds]) -> list[Model]:
    """The models with the upper bounds in place: years of use reach as far as the search, and laws are tried."""
    models = []
    for thing in things:
        if isinstance(thing, Study):
            here = {path: high for path, (_, high) in zip(paths, bounds, strict=True) if _field(thing, path)}
            thing = thing.replace(here) if here else thing
        models.append(model_of(thing))
    return models


def _single(thing: Evaluable) -> list[Parameter]:
    """The parameters of the total that have no labels."""
    model = model_of(thing)
    used = model.program.of(output_named(model.outputs, "total")).used
    return [leaf.parameter for leaf in used if not leaf.parameter.dims]


def _near(things: Sequence[Evaluable], path: str) -> str:
    """Paths and keys that can be varied, those like the one asked for first."""
    return did_you_mean(path, [one.key for thing in things for one in _single(thing)], cutoff=0.3)


def _field(study: Study, path: str) -> tuple[Record, str] | None:
    """The record and the field of a path that is a single parameter."""
    try:
        holders, field = find(study.components, path)
    except (MissingError, RecordError):
        return None
    found = getattr(getattr(holders[0], field), "parameter", None)
    return (holders[0], field) if found is not None and not found.dims else None


def _varied(thing: Evaluable, path: str) -> tuple[Node, tuple[Record, str] | None] | None:
    """(the single value at a path, or under a key; the record and the field that hold it); None without one."""
    if isinstance(thing, Study) and (holder := _field(thing, path)) is not None:
        return getattr(*holder), holder
    return next(((parameter_node(one), None) for one in _single(thing) if one.key == path), None)


def _range(
    node: Node, holder: tuple[Record, str] | None, path: str, between: Bounds, said: str
) -> tuple[float, float, str, float]:
    """(the bounds in root units, their unit and how many root units it has), checked like the field."""
    where = f"{said}, {path}"
    text, _ = (read_scalar(end, where)[1] for end in between)
    ends = []
    for end in between:
        given = resolve_field(*holder, end) if holder is not None else end
        given = given if isinstance(given, Node) else parameter(path, end)  # a field that declares no unit
        if given.unit != node.unit:
            sides = [unit_text(given.unit), unit_text(node.unit)]
            raise UnitError.of("bounds_in_another_unit", where, sides, unit=sides[1])
        assert given.parameter is not None
        ends.append(float(given.parameter.nominal))
    low, high = ends
    if not low < high:
        raise DomainError.of("bounds_not_in_order", where)
    return low, high, text or (unit_text(node.unit) if node.unit else ""), parse_unit(text)[0]
