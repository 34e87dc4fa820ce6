"""A model as plain data and back: the graph of a saved recipe, node by node."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from ..expression import families
from ..expression.choice import Selector
from ..expression.distribution import Distribution
from ..expression.functions import FUNCTIONS
from ..expression.label import Dim, make_dim
from ..expression.leaf import Constant, Parameter
from ..expression.node import Node, constant, parameter_node, postorder
from ..study.assembly import Model
from ..study.scope import Exclusion
from ..units import Unit, parse_unit


def model_out(model: Model) -> dict[str, Any]:
    """A model as plain data."""
    nodes = list(postorder(model.outputs.values()))
    place = {id(node): i for i, node in enumerate(nodes)}
    return {
        "title": model.title,
        "stages": list(model.stages),
        "parts": list(model.parts),
        "alternatives": list(model.alternatives),
        "functional_unit": model.functional_unit,
        "quality": model.quality,
        "excluded": {name: vars(e) for name, e in model.excluded.items()},
        "notes": list(model.notes),
        "gaps": {name: list(lacking) for name, lacking in model.gaps.items()},
        "nodes": [_node_out(node, place) for node in nodes],
        "outputs": {name: place[id(node)] for name, node in model.outputs.items()},
    }


def _node_out(node: Node, place: Mapping[int, int]) -> dict[str, Any]:
    named = {"name": node.name} if node.name else {}
    dims = [_dim_out(dim) for dim in node.dims]
    if isinstance(node.leaf, Constant):
        return {"constant": node.leaf.values.tolist(), "unit": _unit_out(node.unit), "dims": dims, **named}
    if isinstance(node.leaf, Parameter):
        p = node.leaf
        plain = {n: getattr(p, n) for n in ("key", "unit", "kind", "status", "source", "population")}
        values = [_distribution_out(v) if isinstance(v, Distribution) else v for v in p.values]
        rest = {"values": values, "own": sorted(p.own), "fixed": [list(pair) for pair in p.fixed]}
        return {"parameter": {**plain, **rest}, "dims": dims, **named}
    assert node.function is not None
    static = {}
    for name, value in node.static.items():
        static[name] = (
            {"dim": _dim_out(value)}
            if isinstance(value, Dim)
            else {"unit": _unit_out(value)}
            if isinstance(value, Unit)
            else value
        )
    inputs = [place[id(i)] for i in node.inputs]
    inherited = [(dim.name, dim.coordinates) for child in node.inputs for dim in child.dims]
    along = [_dim_out(d) for d in node.dims if d.coordinates and (d.name, d.coordinates) not in inherited]
    return {"function": node.function.name, "inputs": inputs, "static": static, "along": along, **named}


def _unit_out(unit: Unit) -> dict[str, float]:
    return {str(name): float(power) for name, power in unit.items()}  # type: ignore[arg-type]


def _unit_in(stored: Mapping[str, float]) -> Unit:
    return Unit({name: int(power) if power == int(power) else power for name, power in stored.items()})


def _dim_out(dim: Dim) -> dict[str, Any]:
    return {
        "name": dim.name,
        "labels": [_label_out(label) for label in dim.labels],
        "coordinates": {name: list(values) for name, values in dim.coordinates.items()},
    }


def _label_out(label: Any) -> Any:
    return {"date": label.isoformat()} if isinstance(label, datetime.date) else label


def _distribution_out(value: Distribution) -> dict[str, Any]:
    return {"family": type(value).__name__, "arguments": list(value.arguments), "unit": value.unit}


def model_in(stored: Mapping[str, Any]) -> Model:
    """The model of plain data."""
    nodes: list[Node] = []
    for one in stored["nodes"]:
        nodes.append(_node_in(one, nodes))
    outputs = {name: nodes[i] for name, i in stored["outputs"].items()}
    excluded = {name: Exclusion(**e) for name, e in stored["excluded"].items()}
    return Model(
        stored["title"], outputs, tuple(stored["stages"]), tuple(stored["parts"]), tuple(stored["alternatives"]),
        stored["functional_unit"], stored["quality"], excluded, tuple(stored["notes"]),
        {name: tuple(lacking) for name, lacking in stored.get("gaps", {}).items()},
    )  # fmt: skip


def _node_in(one: Mapping[str, Any], nodes: list[Node]) -> Node:
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


def _static_in(value: Any) -> Any:
    if isinstance(value, dict):
        return _dims_in([value["dim"]])[0] if "dim" in value else _unit_in(value["unit"])
    return tuple(value) if isinstance(value, list) else value


def _dims_in(stored: list[Any]) -> tuple[Dim, ...]:
    return tuple(make_dim(d["name"], [_label_in(label) for label in d["labels"]], d["coordinates"]) for d in stored)


def _label_in(label: Any) -> Any:
    return datetime.date.fromisoformat(label["date"]) if isinstance(label, dict) else label


def _parameter_in(p: Mapping[str, Any], dims: tuple[Dim, ...]) -> Parameter:
    values = tuple(_distribution_in(v) if isinstance(v, dict) else float(v) for v in p["values"])
    return Parameter(
        p["key"], values, p["unit"], parse_unit(p["unit"])[0], dims, frozenset(p["own"]), p["kind"], p["status"],
        p["source"], p["population"], tuple((dim, label) for dim, label in p["fixed"]),
    )  # fmt: skip


def _distribution_in(stored: Mapping[str, Any]) -> Distribution:
    family = Selector if stored["family"] == "Selector" else getattr(families, stored["family"])
    if not issubclass(family, Distribution):
        raise TypeError(f"{stored['family']} is no distribution")
    made: Distribution = object.__new__(family)
    object.__setattr__(made, "arguments", tuple(stored["arguments"]))
    object.__setattr__(made, "unit", stored["unit"])
    return made
