"""The reports of an inverse question: which result or input each is of, and the values it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...checks import did_you_mean, short
from ...errors import DomainError, LabelError, MissingError, UnitError
from ...graph.labels import Dims
from ...graph.node import Node, parameter_node
from ...study.assembly import Model
from ...units.mismatch import remedy
from ...units.parse import parse_unit
from ...units.text import unit_text
from ..result import model_of
from ..spreads import denominator
from .reported import Reported, reported
from .unknowns import parameter_named

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
    if isinstance(value, Mapping):
        if len(node.dims) != 1 or text:
            raise LabelError.of("reports_over_one_dim", where, dims=", ".join(node.dim_names) or "none")
        dim = node.dims[0]
        for label, one in value.items():
            at = {dim.name: dim.position(label, where)}
            yield _report(f"{name}[{dim.name}={label}]{per}", node, key, at, one, where)
        return
    yield _report(name, node, key, _places(node.dims, text, where), value, where)


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
    pairs = [part.partition("=") for part in (text or "").split(",") if part.strip()]
    named = {name.strip(): label.strip() for name, _, label in pairs}
    if set(named) != {dim.name for dim in dims}:
        raise LabelError.of("report_without_labels", where, dims=", ".join(dim.name for dim in dims) or "none")
    return {dim.name: dim.position(_label(named[dim.name], dim.labels), where) for dim in dims}


def _label(text: str, labels: Sequence[object]) -> object:
    return next((label for label in labels if str(label) == text), text)


def _report(name: str, node: Node, key: str, at: Mapping[str, int], value: object, where: str) -> Report:
    stated = reported(value) if isinstance(value, str) else value
    if not isinstance(stated, Reported):
        raise DomainError.of("not_a_report", where, value=short(value))
    factor, root = parse_unit(stated.unit)
    if root != node.unit:
        said = {"given": unit_text(root), "needed": unit_text(node.unit), "fix": remedy(root, node.unit)}
        raise UnitError.of("inferred_in_another_unit", where, **said)
    row = 0
    for dim in node.dims:
        row = row * len(dim) + at[dim.name]
    sd = None if stated.sd is None else stated.sd * factor
    return Report(name, stated, stated.low * factor, stated.high * factor, sd, node, key, row)
