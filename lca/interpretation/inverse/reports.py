"""The reports of an inverse question: which result or input each is of, and the values it stands for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...checks import did_you_mean, short
from ...errors import DomainError, LabelError, MissingError, UnitError
from ...graph.functions import total
from ...graph.labels import Dims
from ...graph.node import Node, parameter_node
from ...records.components import resolve_field
from ...study.assembly import Model
from ...units.mismatch import remedy
from ...units.parse import parse_unit
from ...units.registry import Unit
from ...units.text import unit_text
from ..result import model_of
from ..spreads import denominator
from .reported import Reported, reported
from .unknowns import field_of, parameter_named

_NAME = re.compile(r"(?P<name>.*?)(?:\[(?P<labels>[^\]]*)\])?(?: per (?P<per>\w+))?")


@dataclass(frozen=True)
class Report:
    """A report of one number, in root units: one row of labels of a result (`node`), or of an input (`key`)."""

    name: str
    stated: Reported
    low: float
    high: float
    sd: float | None
    node: Node
    of: str  # the name under which its value is computed, over all labels
    key: str = ""
    row: int = 0

    @property
    def middle(self) -> float:
        """The middle of what it stands for."""
        return (self.low + self.high) / 2


def reports_of(thing: object, given: Mapping[str, object], unknown: Sequence[str]) -> list[Report]:
    """The reports as they were written, one for each number; `unknown` has the keys of the unknown inputs."""
    return [report for name, value in given.items() for report in _of_name(thing, name, value, unknown)]


def _of_name(thing: object, name: str, value: object, unknown: Sequence[str]) -> Iterator[Report]:
    where = f"given[{name!r}]"
    node, key, per = _meant(thing, name, where)
    if node.parameter is not None and node.parameter.key not in unknown:  # a result that is an input itself
        key = node.parameter.key
    labels = _NAME.fullmatch(name)
    text = labels["labels"] if labels is not None and name not in model_of(thing).outputs else None
    if not key:
        node = summed(node, model_of(thing).summed, text)
    if isinstance(value, Mapping):
        if len(node.dims) != 1 or text:
            raise LabelError.of("reports_over_one_dim", where, dims=", ".join(node.dim_names) or "none")
        dim = node.dims[0]
        for label, one in value.items():
            at = {dim.name: dim.position(label, where)}
            yield _report(thing, f"{name.removesuffix(per)}[{dim.name}={label}]{per}", node, key, at, one, where)
        return
    yield _report(thing, name, node, key, _places(node.dims, text, where), value, where)


def summed(node: Node, parts: Collection[str], text: str | None = None) -> Node:
    """A result summed over its parts (D2), but for those of which a label is named."""
    for dim in node.dim_names:
        if dim in parts and dim not in _named(text):
            node = total(node, dim)
    return node


def _meant(thing: object, name: str, where: str) -> tuple[Node, str, str]:
    """(what is reported on over all its labels, its key where it is an input, what is said behind its name)."""
    model = model_of(thing)
    found = _NAME.fullmatch(name)
    plain, per = (name, None) if found is None or name in model.outputs else (found["name"], found["per"])
    output = _output(model, plain)
    if output is not None:
        return (output, "", "") if per is None else (_divided(model, output, per), "", f" per {per}")
    try:
        stated, _ = parameter_named(thing, plain, where)
    except MissingError:
        known = [*model.outputs, *(leaf.key for leaf in model.program.leaves)]
        near = did_you_mean(plain, known, cutoff=0.3)
        raise MissingError.of("nothing_reported_on", where, name=plain, near=near) from None
    return parameter_node(stated), stated.key, ""


def _output(model: Model, name: str) -> Node | None:
    if name == "total" and len(model.outputs) == 1:
        return next(iter(model.outputs.values()))
    return model.outputs.get(name)


def _divided(model: Model, node: Node, per: str) -> Node:
    """A result by what it is divided by, in the unit of both: a report says "per inference" or "per year" itself."""
    return node / model.outputs[denominator(model.outputs, per)[0]]


def _places(dims: Dims, text: str | None, where: str) -> dict[str, int]:
    """Which label of each dim is meant: "engine=FP16, year=2030"."""
    named = _named(text)
    if set(named) != {dim.name for dim in dims}:
        raise LabelError.of("report_without_labels", where, dims=", ".join(dim.name for dim in dims) or "none")
    return {dim.name: dim.position(_label(named[dim.name], dim.labels), where) for dim in dims}


def _named(text: str | None) -> dict[str, str]:
    """The label of each dim that is named."""
    pairs = [part.partition("=") for part in (text or "").split(",") if part.strip()]
    return {name.strip(): label.strip() for name, _, label in pairs}


def _label(text: str, labels: Sequence[object]) -> object:
    return next((label for label in labels if str(label) == text), text)


def _report(thing: object, name: str, node: Node, key: str, at: Mapping[str, int], value: object, where: str) -> Report:
    stated = reported(value) if isinstance(value, str) else value
    if not isinstance(stated, Reported):
        raise DomainError.of("not_a_report", where, value=short(value))
    factor, root = _unit_of(thing, name, stated.unit) if key else parse_unit(stated.unit)
    if root != node.unit:
        said = {"given": unit_text(root), "needed": unit_text(node.unit), "fix": remedy(root, node.unit)}
        raise UnitError.of("inferred_in_another_unit", where, **said)
    row = 0
    for dim in node.dims:
        row = row * len(dim) + at[dim.name]
    sd = None if stated.sd is None else stated.sd * factor
    return Report(name, stated, stated.low * factor, stated.high * factor, sd, node, f"report {where}", key, row)


def _unit_of(thing: object, name: str, unit: str) -> tuple[float, Unit]:
    """(root units of a unit, its root) of a reported input: a field of a study attaches what it declares (Q4)."""
    found = _NAME.fullmatch(name)
    holder = field_of(thing, found["name"] if found is not None else name)
    made = None if holder is None else resolve_field(*holder, f"1 {unit}")
    if isinstance(made, Node) and made.parameter is not None:
        return made.parameter.scale, made.unit
    return parse_unit(unit)
