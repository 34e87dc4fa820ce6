"""What a scenario does to the inputs of a study: other values at paths, or several side by side (D4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import MissingError
from ..expression import functions
from ..expression.components import Assembly, find, resolve_field
from ..expression.label import Dim
from ..expression.node import Node
from .scope import Inputs


def has(case: Inputs, path: str) -> bool:
    """Whether a path names something in the inputs."""
    try:
        find(case.components, path)
    except MissingError:
        return False
    return True


def changed(case: Inputs, changes: Mapping[str, Any]) -> Inputs:
    """The inputs with other values at paths, assembled anew."""
    records, new = case.components, {}
    for path, value in changes.items():
        holders, field = find(records, path)
        new.update({(holder.id, field): resolve_field(holder, field, value) for holder in holders})
    made: Inputs = Assembly(records, new)(case)
    return made


def stackable(case: Inputs, path: str, values: Mapping[Any, Any]) -> bool:
    """Whether values of a field are quantities of one unit and dims, which one leaf can hold side by side (D4)."""
    (holder, *_), field = find(case.components, path)
    about = holder._fields[field]
    if "declared" not in about or about["apart"]:
        return False
    nodes = [resolve_field(holder, field, value) for value in values.values()]
    return all(isinstance(n, Node) and n.unit == nodes[0].unit and n.dims == nodes[0].dims for n in nodes)


def stacked(case: Inputs, new: Dim, changes: Mapping[str, Mapping[Any, Any]]) -> Inputs:
    """The inputs with the values of a new dim side by side in the fields that they change."""
    records, made = case.components, {}
    for path, values in changes.items():
        holders, field = find(records, path)
        for holder in holders:
            nodes = [resolve_field(holder, field, value) for value in values.values()]
            made[holder.id, field] = functions.stack(dict(zip(new.labels, nodes, strict=True)), new.name)
    if made:
        made[case.id, "alternatives"] = (*case.alternatives, new.name)
        made[case.id, "scenarios"] = {**(case.scenarios or {}), new.name: new.labels}
    return Assembly(records, made)(case)  # type: ignore[no-any-return]
