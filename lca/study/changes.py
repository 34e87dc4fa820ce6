"""What a scenario does to the inputs of a study: other values at paths, or several side by side (D4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias, TypeVar

from ..errors import MissingError
from ..graph import functions
from ..graph.labels import Dim, L
from ..graph.node import Node
from ..records.components import Assembly, find, resolve_field
from ..records.record import Record
from .scope import Inputs

#: A field of a component, by the component's kind and name.
At: TypeAlias = tuple[str, str]
#: What fields hold instead.
Made: TypeAlias = Mapping[At, object]
V = TypeVar("V")


def has(case: Inputs, path: str) -> bool:
    """Whether a path names something in the inputs."""
    try:
        find(case.components, path)
    except MissingError:
        return False
    return True


def read(case: Inputs, changes: Mapping[str, object]) -> Made:
    """New values at paths, by component and field, each read by what holds it."""
    return _read(case, changes, resolve_field)


def changed(case: Inputs, made: Made) -> Inputs:
    """The inputs with other values in some fields, assembled anew."""
    return Assembly(case.components, made)(case) if made else case


def stackable(case: Inputs, path: str, values: Mapping[L, object]) -> bool:
    """Whether values of a field are quantities of one unit and dims, which one leaf can hold side by side (D4)."""
    (holder, *_), field = find(case.components, path)
    about = holder._fields[field]
    if "declared" not in about or about["apart"]:
        return False
    nodes = [resolve_field(holder, field, value) for value in values.values()]
    first = nodes[0]
    return isinstance(first, Node) and all(
        isinstance(node, Node) and node.unit == first.unit and node.dims == first.dims for node in nodes
    )


def stacked(case: Inputs, new: Dim, changes: Mapping[str, Mapping[L, object]]) -> Made:
    """The values of a new dim side by side in the fields that they change."""

    def side_by_side(holder: Record, field: str, values: Mapping[L, object]) -> Node:
        nodes = [resolve_field(holder, field, value) for value in values.values()]
        return functions.stack(dict(zip(new.labels, nodes, strict=True)), new.name)

    made = _read(case, changes, side_by_side)
    if made:
        made[case.id, "alternatives"] = (*case.alternatives, new.name)
        made[case.id, "scenarios"] = {**(case.scenarios or {}), new.name: new.labels}
    return made


def _read(case: Inputs, changes: Mapping[str, V], read: Callable[[Record, str, V], object]) -> dict[At, object]:
    """New values by component and field, each read by what holds it."""
    found = [(*find(case.components, path), value) for path, value in changes.items()]
    return {(one.id, field): read(one, field, value) for holders, field, value in found for one in holders}
