"""A graph as plain data and back: tables of nodes, parameters and dims, in which each stands once."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from ..distributions import families
from ..distributions.base import Distribution, Truncated
from ..distributions.gamma import Gamma
from ..graph.choice import Selector
from ..graph.function_table import FUNCTIONS
from ..graph.labels import Dim, Dims, make_dim
from ..graph.leaf import Constant, Parameter
from ..graph.node import Node, constant, parameter_node, postorder
from ..units.parse import parse_unit
from ..units.registry import Unit
from .shapes import Shape, require

#: Plain data by name, as JSON keeps them.
Stored: TypeAlias = Mapping[str, Any]
#: The tables of a graph.
TABLES = ("dims", "parameters", "nodes")
#: Fields of a parameter that are plain data already.
_OF_PARAMETER = ("key", "unit", "kind", "status", "source", "population")
_PARAMETER: Mapping[str, Shape] = {
    **dict.fromkeys(_OF_PARAMETER, str), "population": (int, None), "values": [(float, dict)], "own": [str],
    "fixed": [[str]], "dims": [int],
}  # fmt: skip
_NAMED: Mapping[str, Shape] = {"name": str, "path": str}
#: Distributions that are no families which a user names.
_OTHERS: Mapping[str, type[Distribution]] = {"Selector": Selector, "Gamma": Gamma}


class GraphOut:
    """Nodes as plain data: what was written is not written again, and a second file may go on where the first ended."""

    def __init__(self) -> None:
        self._tables: dict[str, list[Stored]] = {name: [] for name in TABLES}
        self._place: dict[int, int] = {}  # of a node or a parameter, by its identity
        self._dims: dict[object, int] = {}
        self._kept: list[object] = []  # so that identities stay theirs

    def __call__(self, *roots: Node) -> list[int]:
        """Where some nodes stand, with all that is below them."""
        for node in postorder(roots, lambda one: () if id(one) in self._place else one.inputs):
            if id(node) not in self._place:
                self._put("nodes", node, self._node(node))
        return [self._place[id(root)] for root in roots]

    def since(self, before: Mapping[str, int]) -> dict[str, list[Stored]]:
        """The rows of each table behind so many of them."""
        return {name: rows[before.get(name, 0) :] for name, rows in self._tables.items()}

    @property
    def sizes(self) -> dict[str, int]:
        """How many rows each table has."""
        return {name: len(rows) for name, rows in self._tables.items()}

    def _put(self, table: str, thing: object, row: Stored) -> int:
        self._kept.append(thing)
        self._tables[table].append(row)
        self._place[id(thing)] = len(self._tables[table]) - 1
        return self._place[id(thing)]

    def _node(self, node: Node) -> Stored:
        said = {"name": node.name, "path": node.path}
        named = {what: text for what, text in said.items() if text}
        if isinstance(node.leaf, Constant):
            return {"constant": node.leaf.values.tolist(), "unit": _unit_out(node.unit), "dims": self._along(node.dims),
                    **named}  # fmt: skip
        if isinstance(node.leaf, Parameter):
            return {"parameter": self._parameter(node.leaf), "along": self._new(node.dims, node.leaf.dims), **named}
        assert node.function is not None
        inputs = [self._place[id(one)] for one in node.inputs]
        static = {name: self._static(value) for name, value in node.static.items()}
        inherited = [dim for child in node.inputs for dim in child.dims]
        return {"function": node.function.name, "inputs": inputs, "static": static,
                "along": self._new(node.dims, inherited), **named}  # fmt: skip

    def _new(self, dims: Dims, inherited: Sequence[Dim]) -> list[int]:
        """The dims with coordinates that none of those inherited has."""
        known = [(dim.name, dim.coordinates) for dim in inherited]
        return self._along([dim for dim in dims if dim.coordinates and (dim.name, dim.coordinates) not in known])

    def _parameter(self, one: Parameter) -> int:
        if id(one) in self._place:
            return self._place[id(one)]
        plain = {name: getattr(one, name) for name in _OF_PARAMETER}
        values = [distribution_out(value) if isinstance(value, Distribution) else value for value in one.values]
        return self._put("parameters", one, {**plain, "values": values, "own": sorted(one.own), "fixed": one.fixed,
                                             "dims": self._along(one.dims)})  # fmt: skip

    def _along(self, dims: Iterable[Dim]) -> list[int]:
        return [self._dim(dim) for dim in dims]

    def _dim(self, dim: Dim) -> int:
        # equal labels of other kinds are other labels, as 1 and "1" are
        said = tuple((name, tuple(map(repr, values))) for name, values in dim.coordinates.items())
        key = (dim.name, tuple(map(repr, dim.labels)), said)
        if key not in self._dims:
            self._tables["dims"].append(dim_out(dim))
            self._dims[key] = len(self._dims)
        return self._dims[key]

    def _static(self, value: object) -> object:
        if isinstance(value, Dim):
            return {"dim": self._dim(value)}
        return {"unit": _unit_out(value)} if isinstance(value, Unit) else value


class GraphIn:
    """Nodes of plain data: those of a second file follow on those of the first."""

    def __init__(self, stored: Stored) -> None:
        self.dims: list[Dim] = []
        self.parameters: list[Parameter] = []
        self.nodes: list[Node] = []
        self.add(stored)

    def add(self, stored: Stored) -> None:
        """The rows of each table behind those that are there."""
        self.dims += [dim_in(row) for row in stored["dims"]]
        self.parameters += [self._parameter(row) for row in stored["parameters"]]
        for row in stored["nodes"]:
            self.nodes.append(self._node(row))

    def _node(self, row: Stored) -> Node:
        if "function" in row:
            static = {name: self._static(value) for name, value in row["static"].items()}
            made = Node._build(FUNCTIONS[row["function"]], [self._at(place) for place in row["inputs"]], static)
        elif "constant" in row:
            made = constant(row["constant"], _unit_in(row["unit"]), self._of(row["dims"]))
        else:
            made = parameter_node(self.parameters[row["parameter"]])
        made = made.with_dims(self._of(row["along"])) if row.get("along") else made
        require({"name": "", "path": "", **row}, _NAMED)
        name, path = row.get("name", ""), row.get("path", "")
        return made.named(name, path) if name or path else made

    def _at(self, place: int) -> Node:
        if place < 0:
            raise IndexError("a place before the first node")
        return self.nodes[place]

    def _of(self, places: Sequence[int]) -> Dims:
        return tuple(self.dims[place] for place in places)

    def _static(self, value: object) -> object:
        if isinstance(value, dict):
            return self.dims[value["dim"]] if "dim" in value else _unit_in(value["unit"])
        return tuple_in(value)

    def _parameter(self, row: Stored) -> Parameter:
        require(row, _PARAMETER)
        values = tuple(distribution_in(one) if isinstance(one, dict) else float(one) for one in row["values"])
        fixed = tuple((dim, label) for dim, label in row["fixed"])
        plain = {name: row[name] for name in _OF_PARAMETER}
        return Parameter(values=values, scale=parse_unit(row["unit"])[0], dims=self._of(row["dims"]),
                         own=frozenset(row["own"]), fixed=fixed, **plain)  # fmt: skip


def tuple_in(value: object) -> Any:
    """What was a tuple, which JSON keeps as a list."""
    return tuple(value) if isinstance(value, list) else value


def label_out(label: object) -> object:
    """A label as plain data: a date says that it is one."""
    return {"date": label.isoformat()} if isinstance(label, datetime.date) else label


def label_in(stored: object) -> Any:
    """A label of plain data."""
    return datetime.date.fromisoformat(stored["date"]) if isinstance(stored, dict) else stored


def dim_out(dim: Dim) -> Stored:
    """A dim as plain data."""
    along = {name: [label_out(one) for one in values] for name, values in dim.coordinates.items()}
    return {"name": dim.name, "labels": [label_out(label) for label in dim.labels], "coordinates": along}


def dim_in(row: Stored) -> Dim:
    """The dim of plain data."""
    along = {name: [label_in(one) for one in values] for name, values in row["coordinates"].items()}
    return make_dim(row["name"], [label_in(label) for label in row["labels"]], along)


def _unit_out(unit: Unit) -> dict[str, float]:
    return {str(name): float(power) for name, power in unit.items()}  # type: ignore[arg-type]


def _unit_in(stored: Mapping[str, float]) -> Unit:
    return Unit({name: int(power) if power == int(power) else power for name, power in stored.items()})


def distribution_out(value: Distribution) -> dict[str, object]:
    """A distribution as plain data: its family, arguments and unit."""
    plain: dict[str, object] = {"family": type(value).__name__, "arguments": value.arguments, "unit": value.unit}
    if value.basis:
        plain |= {"basis": value.basis}
    if not isinstance(value, Truncated):
        return plain
    ends = [end if math.isfinite(end) else None for end in value.arguments]
    return plain | {"arguments": ends, "whole": distribution_out(value.whole)}


def distribution_in(stored: Stored) -> Distribution:
    """The distribution of plain data; raises `TypeError` where it names none."""
    family = _OTHERS.get(stored["family"]) or getattr(families, stored["family"])
    if not issubclass(family, Distribution):
        raise TypeError(f"{stored['family']} is not a distribution")
    if family is Truncated:
        low, high = stored["arguments"]
        ends = (-math.inf if low is None else low, math.inf if high is None else high)
        return Truncated(ends, stored["unit"], distribution_in(stored["whole"]))
    made: Distribution = family._of(tuple(stored["arguments"]), stored["unit"])
    made.__dict__.update({"basis": stored["basis"]} if "basis" in stored else {})
    return made
