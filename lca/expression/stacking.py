"""Values, records and whole trees of records side by side along a new dim: alternatives and scenarios (D4)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeAlias

from ..errors import RecordError
from . import functions
from .label import canonical_label
from .node import Node
from .record import Record, Varied
from .sameness import same

#: What a stacking has made already, by the records that went in: a part that is shared stays shared.
Stacked: TypeAlias = dict[tuple[int, ...], Any]


def values_of(value: Any) -> list[Any]:
    """The values that a descriptive field takes, over all labels.

    >>> values_of(Varied("grid", {"a": 2022, "b": 2023})), values_of("direct")
    ([2022, 2023], ['direct'])
    """
    if isinstance(value, Varied):
        found = [one for inner in value.values.values() for one in values_of(inner)]
        return [one for position, one in enumerate(found) if one not in found[:position]]
    return [value]


def stack_field(dim: str, record: Record, name: str, values: Mapping[Any, Any], where: str) -> Any:
    """What a field of a record holds where it varies over a new dim, even if its labels happen to say the same."""
    field = next(field for field in dataclasses.fields(record) if field.name == name)
    if field.metadata.get("varies"):
        return Varied(dim, {canonical_label(label, where): value for label, value in values.items()})
    if all(isinstance(value, Node) for value in values.values()):
        return functions.stack(values, dim)
    return stack_values(dim, values, where)


def stack_values(dim: str, values: Mapping[Any, Any], where: str, made: Stacked | None = None) -> Any:
    """One value with a new dim from a value per label: nodes, records or equal plain values."""
    made = {} if made is None else made
    found = list(values.values())
    if all(same(value, found[0]) for value in found):
        return found[0]
    kinds = {_kind(value) for value in found}
    if len(kinds) > 1:
        raise RecordError(
            "values of different kinds cannot stand side by side",
            where=where,
            sides=[f"{dim}={label}: {_kind(value)}" for label, value in values.items()],
            mend="give the field in every label, and the same type of component in each",
        )
    if isinstance(found[0], Node):
        return _stack_nodes(dim, values, made)
    if isinstance(found[0], Record):
        return stack_records(dim, values, where, made)
    named = isinstance(found[0], Mapping) and all(isinstance(key, str) for value in found for key in value)
    if named and len({tuple(value) for value in found}) > 1:
        raise RecordError(
            "mappings of different keys cannot stand side by side",
            where=where,
            sides=[f"{dim}={label}: {', '.join(map(str, value)) or 'none'}" for label, value in values.items()],
            mend="give each label the same keys, in the same order",
        )
    if isinstance(found[0], Mapping):
        pairs = {label: tuple(value.items()) for label, value in values.items()}
        return dict(stack_values(dim, pairs, where, made))
    if isinstance(found[0], tuple) and len({len(value) for value in found}) == 1:
        return tuple(
            stack_values(dim, {label: value[i] for label, value in values.items()}, f"{where}[{i}]", made)
            for i in range(len(found[0]))
        )
    raise RecordError(
        "a field that is no quantity cannot vary",
        where=where,
        sides=[f"{dim}={label}: {value!r}" for label, value in values.items()],
        mend="compare the two as studies of their own",
    )


def _stack_nodes(dim: str, nodes: Mapping[Any, Node], made: Stacked) -> Node:
    """Nodes side by side; what each took from its own record is taken from those records side by side."""
    origins = [node.origin for node in nodes.values()]
    attributes = {origin[1] if origin else "" for origin in origins}
    kinds = {type(origin[0]) if origin else None for origin in origins}
    if len(attributes) == len(kinds) == 1 and None not in kinds:
        owners = {label: node.origin[0] for label, node in nodes.items() if node.origin}
        attribute: str = attributes.pop()
        return getattr(stack_values(dim, owners, attribute, made), attribute)  # type: ignore[no-any-return]
    return functions.stack(nodes, dim)  # type: ignore[no-any-return]


def stack_records(dim: str, records: Mapping[Any, Any], where: str = "", made: Stacked | None = None) -> Any:
    """One record whose fields vary over a new dim."""
    made = {} if made is None else made
    together = tuple(id(record) for record in records.values())
    if together not in made:
        made[together] = _stacked(dim, records, where, made)
    return made[together]


def _stacked(dim: str, records: Mapping[Any, Any], where: str, made: Stacked) -> Any:
    labels = [canonical_label(label, where) for label in records]
    if len({record.structure for record in records.values()}) > 1:  # made of different parts: their sums are stacked
        records = {label: record.flattened() for label, record in records.items()}
    first = next(iter(records.values()))
    changes: dict[str, Any] = {}
    for field in dataclasses.fields(first):
        values = {label: record.given(field.name) for label, record in records.items()}
        if field.name in ("name", "key"):  # the values keep the keys they were given
            texts = [text for text in dict.fromkeys(values.values()) if text]
            if len(texts) > 1:
                changes[field.name] = " or ".join(texts)
            continue
        if field.metadata.get("tag"):
            if any(value != getattr(first, field.name) for value in values.values()):
                changes[field.name] = Varied(dim, dict(zip(labels, values.values(), strict=True)))
            continue
        stacked = stack_values(dim, values, f"{where or first.slug}.{field.name}", made)
        if stacked is not first.given(field.name):
            changes[field.name] = stacked
    return first.replaced(**changes)


def _kind(value: Any) -> str:
    return "nothing" if value is None else "a quantity" if isinstance(value, Node) else type(value).__name__
