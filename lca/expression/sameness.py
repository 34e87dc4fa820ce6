"""Whether two values of a field, or two records, say the same; where two of one name do not, that raises (U1)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from ..errors import KeyClashError
from .leaf import Constant
from .node import Node, fold
from .record import Record, brief


def check_names(records: list[Record]) -> None:
    """Raise where two different things of one type share a name (U1)."""
    known: dict[tuple[type, str], Record] = {}
    for record in records:
        other = known.setdefault((type(record), record.slug), record)
        if other is not record and not same(other, record):
            raise KeyClashError(
                f"two components of one type are named {record.slug!r}",
                sides=[_differing(one, two) for one, two in ((other, record), (record, other))],
                mend="rename one; a component that is used twice is written once",
            )


def _differing(record: Record, other: Record) -> str:
    """The fields in which a record differs from another, for an error."""
    shown = []
    for field in dataclasses.fields(record):
        value = record.given(field.name)
        if not same(value, other.given(field.name)):
            shown.append(f"{field.name}={brief(value) if isinstance(value, Node) else repr(value)}")
    return f"{type(record).__name__}({record.name!r}, ..., {', '.join(shown)})"


def same_nodes(left: Node, right: Node) -> bool:
    """Whether two expressions are the same formula over the same parameters and numbers."""
    known: dict[Any, int] = {}

    def identity(node: Node, inputs: list[int]) -> int:
        dims = tuple((dim.name, dim.texts) for dim in node.dims)
        if node.parameter is not None:
            said: Any = (node.parameter.key, node.parameter.definition)
        elif node.function is None:
            assert isinstance(node.leaf, Constant)
            said = (node.leaf.values.tobytes(), node.unit)
        else:
            said = (node.function.name, tuple(inputs), tuple(sorted(node.static.items(), key=lambda item: item[0])))
        return known.setdefault((said, dims), len(known))

    first, second = fold([left, right], identity)
    return first == second


def same(left: Any, right: Any) -> bool:
    """Whether two values of a field say the same."""
    if left is right:
        return True
    if isinstance(left, Record) and type(left) is type(right):
        names = [field.name for field in dataclasses.fields(left)]
        return all(same(left.given(name), right.given(name)) for name in names)
    if isinstance(left, Node) and isinstance(right, Node):
        return same_nodes(left, right)
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        left, right = tuple(left.items()), tuple(right.items())
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    return not isinstance(left, (Node, Record)) and bool(left == right)
