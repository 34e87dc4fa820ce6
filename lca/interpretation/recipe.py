"""A model as plain data and back: the graph of a saved recipe, node by node."""

from __future__ import annotations

import dataclasses
import datetime
import math
from collections.abc import Mapping
from typing import Any, TypeAlias

from ..distributions import families
from ..distributions.base import Distribution, Truncated
from ..distributions.correlations import Correlations
from ..distributions.gamma import Gamma
from ..graph.choice import Selector
from ..graph.function_table import FUNCTIONS
from ..graph.labels import Dim, make_dim
from ..graph.leaf import Constant, Parameter
from ..graph.node import Node, constant, parameter_node, postorder
from ..study.about import About
from ..study.assembly import Model
from ..study.scope import Exclusion
from ..units.parse import parse_unit
from ..units.registry import Unit

#: Plain data by name, as JSON keeps them.
Stored: TypeAlias = Mapping[str, Any]
#: Fields that are plain data already: of a model, and of a parameter.
_OF_MODEL = ("title", "stages", "parts", "alternatives", "functional_unit", "quality", "excluded", "notes", "gaps",
             "scores")  # fmt: skip
_OF_PARAMETER = ("key", "unit", "kind", "status", "source", "population")


def model_out(model: Model) -> dict[str, object]:
    """A model as plain data."""
    nodes = list(postorder(model.outputs.values()))
    place = {id(node): i for i, node in enumerate(nodes)}
    return {name: getattr(model, name) for name in _OF_MODEL} | {
        "excluded": {name: vars(e) for name, e in model.excluded.items()},
        "nodes": [_node_out(node, place) for node in nodes],
        "outputs": {name: place[id(node)] for name, node in model.outputs.items()},
        **({"correlations": dataclasses.asdict(model.correlations)} if model.correlations else {}),
        **({"about": stated} if (stated := model.about.plain) else {}),
        **({"names": dict(model.names)} if model.names else {}),
    }


def _node_out(node: Node, place: Mapping[int, int]) -> dict[str, object]:
    named = {"name": node.name} if node.name else {}
    dims = [_dim_out(dim) for dim in node.dims]
    if isinstance(node.leaf, Constant):
        return {"constant": node.leaf.values.tolist(), "unit": _unit_out(node.unit), "dims": dims, **named}
    if isinstance(node.leaf, Parameter):
        p = node.leaf
        plain = {name: getattr(p, name) for name in _OF_PARAMETER}
        values = [_distribution_out(v) if isinstance(v, Distribution) else v for v in p.values]
        return {"parameter": {**plain, "values": values, "own": sorted(p.own), "fixed": p.fixed}, "dims": dims, **named}
    assert node.function is not None
    inputs = [place[id(i)] for i in node.inputs]
    static = {name: _static_out(value) for name, value in node.static.items()}
    inherited = [(dim.name, dim.coordinates) for child in node.inputs for dim in child.dims]
    along = [_dim_out(d) for d in node.dims if d.coordinates and (d.name, d.coordinates) not in inherited]
    return {"function": node.function.name, "inputs": inputs, "static": static, "along": along, **named}


def _static_out(value: object) -> object:
    if isinstance(value, Dim):
        return {"dim": _dim_out(value)}
    return {"unit": _unit_out(value)} if isinstance(value, Unit) else value


def _unit_out(unit: Unit) -> dict[str, float]:
    return {str(name): float(power) for name, power in unit.items()}  # type: ignore[arg-type]


def _unit_in(stored: Mapping[str, float]) -> Unit:
    return Unit({name: int(power) if power == int(power) else power for name, power in stored.items()})


def _dim_out(dim: Dim) -> dict[str, object]:
    labels = [_label_out(label) for label in dim.labels]
    return {"name": dim.name, "labels": labels, "coordinates": dict(dim.coordinates)}


def _label_out(label: object) -> object:
    return {"date": label.isoformat()} if isinstance(label, datetime.date) else label


def _distribution_out(value: Distribution) -> dict[str, object]:
    plain: dict[str, object] = {"family": type(value).__name__, "arguments": value.arguments, "unit": value.unit}
    if value.basis:
        plain |= {"basis": value.basis}
    if not isinstance(value, Truncated):
        return plain
    ends = [end if math.isfinite(end) else None for end in value.arguments]
    return plain | {"arguments": ends, "whole": _distribution_out(value.whole)}


def model_in(stored: Stored) -> Model:
    """The model of plain data."""
    nodes: list[Node] = []
    for one in stored["nodes"]:
        nodes.append(_node_in(one, nodes))
    plain = {name: _tuple_in(stored[name]) for name in _OF_MODEL if name in stored}  # older recipes have no scores
    plain["excluded"] = {name: Exclusion(**e) for name, e in stored["excluded"].items()}
    plain["gaps"] = {name: tuple(lacking) for name, lacking in stored["gaps"].items()}
    stated = stored.get("correlations", {"pairs": (), "levels": ()})
    plain["correlations"] = Correlations(
        tuple((tuple(keys), rank) for keys, rank in stated["pairs"]), tuple(map(tuple, stated["levels"]))
    )
    plain["about"] = About(**stored.get("about", {}))
    plain["names"] = {str(prefix): str(name) for prefix, name in stored.get("names", {}).items()}
    return Model(outputs={name: nodes[i] for name, i in stored["outputs"].items()}, **plain)


def _node_in(one: Stored, nodes: list[Node]) -> Node:
    name = one.get("name", "")
    if "function" in one:
        static = {k: _static_in(v) for k, v in one["static"].items()}
        made = Node._build(FUNCTIONS[one["function"]], [nodes[i] for i in one["inputs"]], static)
        made = made.with_dims(_dims_in(one["along"])) if one["along"] else made
    elif "constant" in one:
        made = constant(one["constant"], _unit_in(one["unit"]), _dims_in(one["dims"]))
    else:
        made = parameter_node(_parameter_in(one["parameter"], _dims_in(one["dims"])))
    return made.named(name) if name else made


def _static_in(value: object) -> object:
    if isinstance(value, dict):
        return _dims_in([value["dim"]])[0] if "dim" in value else _unit_in(value["unit"])
    return _tuple_in(value)


def _tuple_in(value: object) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _dims_in(stored: list[Stored]) -> tuple[Dim, ...]:
    return tuple(make_dim(d["name"], [_label_in(label) for label in d["labels"]], d["coordinates"]) for d in stored)


def _label_in(label: object) -> object:
    return datetime.date.fromisoformat(label["date"]) if isinstance(label, dict) else label


def _parameter_in(p: Stored, dims: tuple[Dim, ...]) -> Parameter:
    values = tuple(_distribution_in(v) if isinstance(v, dict) else float(v) for v in p["values"])
    fixed = tuple((dim, label) for dim, label in p["fixed"])
    plain = {name: p[name] for name in _OF_PARAMETER}
    return Parameter(
        values=values, scale=parse_unit(p["unit"])[0], dims=dims, own=frozenset(p["own"]), fixed=fixed, **plain
    )


def _distribution_in(stored: Stored) -> Distribution:
    own = {"Selector": Selector, "Gamma": Gamma}  # which are no families that a user names
    family = own.get(stored["family"]) or getattr(families, stored["family"])
    if not issubclass(family, Distribution):
        raise TypeError(f"{stored['family']} is not a distribution")
    if family is Truncated:
        low, high = stored["arguments"]
        ends = (-math.inf if low is None else low, math.inf if high is None else high)
        return Truncated(ends, stored["unit"], _distribution_in(stored["whole"]))
    made = family._of(tuple(stored["arguments"]), stored["unit"])
    made.__dict__.update({"basis": stored["basis"]} if "basis" in stored else {})
    return made
