"""The components of a study: all that are reachable, what a path names, and one pass that assembles them (D4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from itertools import chain
from typing import Any, TypeAlias

from ..checks import did_you_mean
from ..errors import KeyClashError, MissingError, RecordError
from ..graph.fields import Declared, resolve
from ..graph.identity import Interner
from ..graph.node import Node, fold, postorder, rebuilt
from .record import Record, attributes, brief

#: What some fields hold instead, by kind and name of the component and by field.
Changes: TypeAlias = Mapping[tuple[str, str], object]


def walk(thing: object, seen: dict[int, Record] | None = None) -> list[Record]:
    """Every record reachable from one, once, parts before wholes."""
    found = {} if seen is None else seen
    if isinstance(thing, Record):
        if id(thing) not in found:
            for name in thing._fields:
                walk(thing.given(name), found)
            found[id(thing)] = thing
    elif isinstance(thing, (Mapping, tuple, list)):
        for item in chain.from_iterable(thing.items()) if isinstance(thing, Mapping) else thing:
            walk(item, found)
    return list(found.values())


# --- names (U1) -----------------------------------------------------------------------------------------

NO_SCENARIO = {"name", "key", "status", "source"}


class Same:
    """Whether two values of a field, or two records, say the same."""

    def __init__(self) -> None:
        self._number = Interner()

    def __call__(self, left: object, right: object) -> bool:
        if left is right:
            return True
        if isinstance(left, Record) and type(left) is type(right):
            return not self.differing(left, right)
        if isinstance(left, Node) and isinstance(right, Node):
            return self._number(left) == self._number(right)
        if isinstance(left, Mapping) and isinstance(right, Mapping):
            left, right = tuple(left.items()), tuple(right.items())
        if isinstance(left, tuple) and isinstance(right, tuple):
            return len(left) == len(right) and all(self(a, b) for a, b in zip(left, right, strict=True))
        return not isinstance(left, (Node, Record)) and bool(left == right)

    def differing(self, record: Record, other: Record) -> list[str]:
        """The fields in which a record differs from another of its kind."""
        return [name for name in record._fields if not self(record.given(name), other.given(name))]


def check_names(records: Sequence[Record]) -> None:
    """Raise where two different components of one kind share a name, or two of other kinds a path (U1)."""
    same, known, named = Same(), {}, {}  # type: ignore[var-annotated]
    for record in records:
        other = known.setdefault(record.id, record)
        if other is not record and (fields := same.differing(other, record)):
            sides = [_said(one, fields) for one in (other, record)]
            raise KeyClashError.of("components_of_one_name", sides=sides, name=record.slug)
        for kind in named.setdefault(record.slug, []):
            shared = (set(attributes(kind)) & set(attributes(record))) - NO_SCENARIO
            if type(kind) is not type(record) and shared:
                sides = [repr(kind), repr(record)]
                raise KeyClashError.of("path_with_two_meanings", sides=sides, name=record.slug, field=min(shared))
        named[record.slug].append(record)


def _said(record: Record, fields: Sequence[str]) -> str:
    """The fields in which a record differs from another, for an error."""
    values = {name: record.given(name) for name in fields}
    shown = [f"{name}={brief(value) if isinstance(value, Node) else repr(value)}" for name, value in values.items()]
    return f"{type(record).__name__}({record.name!r}, ..., {', '.join(shown)})"


def check_references(root: Record, inside: Sequence[Node] = ()) -> None:
    """Raise where a value was taken from a component that is not the one of this name here (D4).

    What `inside` stands on must be here; elsewhere a value may come from a component that is not.
    """
    same, records = Same(), walk(root)
    known = {record.id: record for record in records}
    for record in records:
        nodes = [node for name in record._fields if isinstance(node := record.given(name), Node)]
        for node in postorder(nodes, lambda one: one.inputs if one.refers else ()):
            owner, _, attribute = node.path.rpartition(".")
            if owner in known and owner != record.id and not same(node, getattr(known[owner], attribute, None)):
                value, name = node.name or node.short, known[owner].slug
                raise RecordError.of("value_of_another_component", record.slug, name=name, value=value)
    for node in postorder(inside, lambda one: () if one.path else one.inputs):
        owner = node.path.rpartition(".")[0]
        if owner and owner not in known:
            raise RecordError.of("counted_component_not_in_the_study", root.slug, [node.path.split(":", 1)[1]])


# --- paths ------------------------------------------------------------------------------------------------


def find(records: Sequence[Record], path: str) -> tuple[list[Record], str]:
    """The records and the field that a path `component.field` names; near names where there is none."""
    owner, _, field = path.rpartition(".") if isinstance(path, str) else ("", "", "")
    if not owner:
        paths = " or ".join(_paths_of(records, path)) or "the name of its component first"
        raise MissingError.of("not_a_path", str(path), path=path, paths=paths)
    holders = [record for record in records if owner in (record.slug, record.key_prefix)]
    if not holders:
        near = did_you_mean(owner, sorted({record.slug for record in records}), cutoff=0.4)
        raise MissingError.of("no_such_component", path, name=owner, fix=near)
    if field in ("status", "source"):
        raise RecordError.of("status_or_source_without_a_value", path, field=field)
    known = sorted({name for record in holders for name in record._fields} - NO_SCENARIO)
    holders = [record for record in holders if field in record._fields]
    if not holders:
        fix = did_you_mean(field, known, cutoff=0.4)
        raise MissingError.of("no_such_field", path, name=owner, field=field, fix=fix)
    return holders, field


def _paths_of(records: Sequence[Record], name: object) -> list[str]:
    """Whole paths for a name alone: the fields of that name, those of the component of that name, or near ones."""
    paths = [(one.slug, field) for one in records for field in one._fields if field not in NO_SCENARIO]
    near = get_close_matches(str(name), {field for _, field in paths}, 1, 0.6)
    found = [path for path in paths if name in path] or [path for path in paths if path[1] in near]
    return [".".join(path) for path in found[:8]]


def resolve_field(record: Record, field: str, value: object) -> object:
    """A new value for a field, through the entry of that field and under its key.

    It does not inherit what is said of the old value: give a parameter or a reading to say more (A10).
    """
    about = record._fields[field]
    declared: Declared | None = about.get("declared")
    if declared is None or value is None:
        return value
    at = getattr(record, "at", None) if declared.boundary and not isinstance(value, Node) else None
    key = f"{record.key_prefix}.{field}"
    return resolve(value, declared, key=key, at=at, status="declared", source="given in a scenario")


# --- assembling -------------------------------------------------------------------------------------------


class Assembly:
    """One pass over the components of a study with some fields changed: each is constructed once.

    A node that carries the path of a component takes what that component has now. Within the new value of a
    field the path of that same field means the old value; a longer way back raises `RecordError`.
    """

    def __init__(self, components: Sequence[Record], changes: Changes) -> None:
        self._changes = {(id(one), name): changes[one.id, name] for one in components for name in one._fields
                         if (one.id, name) in changes}  # fmt: skip
        new = [record for value in changes.values() for record in walk(value)]
        self._known = {record.id: record for record in (*components, *new)}  # what is new stands for its name
        self._records: dict[int, object] = {}
        self._fields: dict[tuple[int, str], object] = {}
        self._open: list[tuple[str, str]] = []
        self._before: list[tuple[str, str]] = []  # fields whose old value is resolved

    def __call__(self, thing: object) -> Any:
        """The value with every component and every reference as it is now; itself where nothing changed."""
        if isinstance(thing, Record):
            return self._record(thing)
        if isinstance(thing, Node):
            return fold([thing], self._node, self._below)[0] if thing.refers else thing
        if isinstance(thing, Mapping):
            pairs = [(self(key), self(value)) for key, value in thing.items()]
            kept = all(a is k and b is v for (a, b), (k, v) in zip(pairs, thing.items(), strict=True))
            return thing if kept else dict(pairs)
        if isinstance(thing, tuple):
            items = tuple(self(item) for item in thing)
            return thing if all(a is b for a, b in zip(items, thing, strict=True)) else items
        return thing

    def _record(self, record: Record) -> object:
        if id(record) not in self._records:
            self._enter((record.id, ""))
            now = {name: self._field(record, name) for name in record._fields}
            changed = {name: value for name, value in now.items() if value is not record.given(name)}
            self._records[id(record)] = record.replaced(**changed) if changed else record
            self._open.pop()
        return self._records[id(record)]

    def _field(self, record: Record, name: str) -> Any:
        at = (id(record), name)
        if at not in self._fields:
            self._enter((record.id, name))
            self._fields[at] = self(self._changes.get(at, record.given(name)))
            self._open.pop()
        return self._fields[at]

    def _enter(self, at: tuple[str, str]) -> None:
        if at in self._open:
            way = [f"{owner.split(':')[1]}.{name}".rstrip(".") for owner, name in (*self._open, at)]
            raise RecordError.of("value_follows_from_itself", sides=way)
        self._open.append(at)

    def _read_from(self, node: Node) -> tuple[Record | None, Node | None]:
        """(the component that a node is read from, None), or (None, the old value of the field that is resolved)."""
        owner, _, attribute = node.path.rpartition(".")
        at, record = (owner, attribute), self._known.get(owner)
        if not self._open or self._open[-1] != at:
            return record, None
        new = record is not None and at not in self._before and (id(record), attribute) in self._changes
        given = record.given(attribute) if record is not None and new else None
        return None, given if isinstance(given, Node) else None

    def _below(self, node: Node) -> Sequence[Node]:
        return node.inputs if self._read_from(node) == (None, None) else ()

    def _node(self, node: Node, inputs: list[Node]) -> Node:
        record, old = self._read_from(node)
        if old is not None:
            self._before.append(self._open[-1])
            before: Node = self(old)
            self._before.pop()
            return before
        if record is None:
            return rebuilt(node, inputs) if inputs else node
        owner, _, attribute = node.path.rpartition(".")
        # a field of a component that is being constructed is known before the component is
        waiting = (owner, "") in self._open and attribute in record._fields and record.given(attribute) is not None
        now = self._field(record, attribute) if waiting else getattr(self._record(record), attribute)
        return node if getattr(record, attribute) is now or now is record.given(attribute) else now
