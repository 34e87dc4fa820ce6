"""Components as frozen records of values: keyed at construction, replaced and stacked as wholes (D4, U1).

A record is a frozen dataclass whose quantity fields carry a declaration. On construction every value
goes through the door (`resolve`) under the key `<slug of the name>.<field>`. What is computed from a
record with `@derived` remembers where it came from, and is rebuilt with it. `stacking` puts records
side by side.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeAlias, TypeVar, dataclass_transform

from ..errors import LabelError, MissingError, RecordError
from . import functions
from .node import Node, fold, rebuilt
from .value import Declared, resolve

#: What a user may write in a field: see `lca.expression.value`. After construction it is a Node.
Value: TypeAlias = Any


def slug(name: str) -> str:
    """Lower case, blanks and punctuation to "-": how a name starts a key.

    >>> slug("Kill A Watt")
    'kill-a-watt'
    """
    if not isinstance(name, str):
        raise RecordError(f"{name!r} cannot name a component", mend="the first argument is its name, a text")
    made = re.sub(r"[^\w]+", "-", name.strip().lower()).strip("-").replace("_", "-")
    if not made:
        raise RecordError(f"{name!r} cannot name a component", mend="use letters or digits")
    return made


def quantity(*units: str, optional: bool = False, kw_only: bool = True, default: Any = None, **declared: Any) -> Any:
    """A field that takes a value of one of `units` (see `Declared` for the rest)."""
    metadata = {"declared": Declared(units, **declared), "optional": optional}
    return dataclasses.field(default=default, metadata=metadata, kw_only=kw_only)


def tag(default: Any = "", *, kw_only: bool = True, varies: bool = False) -> Any:
    """A descriptive field that may differ between the labels of a stack; with `varies` a scenario may set it, too."""
    return dataclasses.field(default=default, metadata={"tag": True, "varies": varies}, kw_only=kw_only)


def plain(default: Any = dataclasses.MISSING, *, kw_only: bool = True) -> Any:
    """A field that is no quantity and cannot vary in a scenario."""
    return dataclasses.field(default=default, kw_only=kw_only)


@dataclass(frozen=True)
class Varied:
    """A descriptive field that differs between the labels of a dim."""

    dim: str
    values: Mapping[Any, Any]

    def __str__(self) -> str:
        return " | ".join(sorted({str(value) for value in self.values.values()}))


T = TypeVar("T")


@dataclass_transform(
    kw_only_default=True, frozen_default=True, eq_default=False, field_specifiers=(quantity, tag, plain)
)
def component(cls: type[T]) -> type[T]:
    """Make a class a component: a frozen dataclass, compared by identity."""
    return dataclass(frozen=True, eq=False, repr=False)(cls)


@component
class Record:
    """The base of every component. The first argument is its name, unique in a study (U1)."""

    name: str = plain(kw_only=False)

    @property
    def slug(self) -> str:
        """The name as it starts keys and paths."""
        return slug(self.name)

    @property
    def key_prefix(self) -> str:
        """What the keys of its parameters start with; the slug, unless `key=` keeps an older one."""
        return getattr(self, "key", "") or self.slug

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            declared: Declared | None = field.metadata.get("declared")
            if declared is not None:
                self._resolve(field, declared)
        computed = self._complete()
        for name, node in computed.items():
            object.__setattr__(self, name, node.named(f"{self.slug}.{name}", (self, name)))
        self.__dict__["_computed"] = frozenset(computed)

    def _complete(self) -> Mapping[str, Node]:
        """Fields that were not given and follow from the others; given anew after every replacement."""
        return {}

    def given(self, name: str) -> Any:
        """What a field was given: None where it follows from others."""
        return None if name in self.__dict__["_computed"] else getattr(self, name)

    def replaced(self, **changes: Any) -> Any:
        """The same component with other values in some fields; what follows from them is computed anew."""
        kept = {field.name: self.given(field.name) for field in dataclasses.fields(self)}
        return type(self)(**{**kept, **changes})

    @property
    def structure(self) -> tuple[Any, ...]:
        """What records have in common that are stacked field by field: how they are made up."""
        return ()

    def flattened(self) -> Any:
        """The same record without what it is made up of, its sums as given values: what stands beside any other."""
        return self

    def _resolve(self, field: dataclasses.Field[Any], declared: Declared) -> None:
        value = getattr(self, field.name)
        if value is None and field.metadata.get("optional"):
            return
        key = f"{self.key_prefix}.{field.name}"
        node = resolve(
            value,
            declared,
            key=key,
            status=getattr(self, "status", "") or "declared",
            source=getattr(self, "source", ""),
            at=getattr(self, "at", None) if declared.boundary else None,
        )
        object.__setattr__(self, field.name, node)

    @property
    def values(self) -> dict[str, Node]:
        """The quantity fields that are set, by name."""
        found = {}
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if "declared" in field.metadata and isinstance(value, Node):
                found[field.name] = value
        return found

    def sel(self, **labels: Any) -> Any:
        """The record at one label of each named dim: `training.sel(model="resnet18")`."""
        changes: dict[str, Any] = {}
        unused = set(labels)
        for name, node in self.values.items():
            for dim, label in labels.items():
                if dim in node.dim_names:
                    node = functions.select(node, dim, label)
                    unused.discard(dim)
            if node is not getattr(self, name) and self.given(name) is not None:
                changes[name] = node
        if unused:
            have = sorted({dim for node in self.values.values() for dim in node.dim_names})
            raise LabelError(
                f"{self.slug} has no dim {', '.join(sorted(unused))}", mend=f"its dims: {', '.join(have) or 'none'}"
            )
        return self.replaced(**changes)

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={brief(node)}" for name, node in self.values.items())
        return f"{type(self).__name__}({self.name!r}{', ' if shown else ''}{shown})"


def brief(node: Node) -> str:
    """A value as a record shows it: its formula, its labels, or what it is."""
    over = ", ".join(f"{dim.name}: {len(dim)}" for dim in node.dims)
    if node.parameter is None:
        return f"<{node.short}>"
    return f"<{over}>" if over else node.parameter.describe()


class derived:
    """A property computed once from a record's fields; the node it returns is named and knows its record."""

    def __init__(self, compute: Callable[[Any], Any]) -> None:
        self._compute, self.__doc__ = compute, compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, record: Any, owner: type | None = None) -> Any:
        if record is None:
            return self
        cached = record.__dict__.get(self._name)
        if cached is None:
            made = self._compute(record)
            if isinstance(made, Node):
                made = made.named(f"{record.slug}.{self._name}", (record, self._name))
            record.__dict__[self._name] = cached = made
        return cached


# --- rebuilding (D4) --------------------------------------------------------------------------------


def walk(thing: Any, seen: dict[int, Record] | None = None) -> list[Record]:
    """Every record reachable from one, once, parts before wholes."""
    found = {} if seen is None else seen
    if isinstance(thing, Record):
        if id(thing) not in found:
            for field in dataclasses.fields(thing):
                walk(thing.given(field.name), found)
            found[id(thing)] = thing
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            walk(key, found)
            walk(value, found)
    elif isinstance(thing, (tuple, list)):
        for item in thing:
            walk(item, found)
    return list(found.values())


Changes: TypeAlias = Mapping[tuple[int, str], Any]


class Rebuild:
    """One pass over records and nodes with some fields changed; sharing is kept, the rest untouched."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._made: dict[int, Any] = {}
        self._kept: list[Any] = []  # keeps ids alive while the pass runs

    def __call__(self, thing: Any) -> Any:
        if isinstance(thing, Record):
            return self._record(thing)
        if isinstance(thing, Node):
            return self._node(thing)
        if isinstance(thing, Mapping):
            made = {self(key): self(value) for key, value in thing.items()}
            return made if any(a is not b for a, b in zip(_flat(made), _flat(thing), strict=True)) else thing
        if isinstance(thing, tuple):
            items = tuple(self(item) for item in thing)
            return items if any(a is not b for a, b in zip(items, thing, strict=True)) else thing
        return thing

    def _record(self, record: Record) -> Record:
        if id(record) not in self._made:
            changed: dict[str, Any] = {}
            for field in dataclasses.fields(record):
                old = record.given(field.name)
                change = (id(record), field.name)
                new = self._changes[change] if change in self._changes else self(old)
                if new is not old:
                    changed[field.name] = new
            self._kept.append(record)
            self._made[id(record)] = record.replaced(**changed) if changed else record
        made: Record = self._made[id(record)]
        return made

    def _node(self, root: Node) -> Node:
        def visit(node: Node, inputs: list[Node]) -> Node:
            if node.origin is not None:
                record, attribute = node.origin
                new = self._record(record)
                if new is not record:
                    return getattr(new, attribute)  # type: ignore[no-any-return]
            return rebuilt(node, inputs)

        return fold([root], visit)[0]


def _flat(mapping: Mapping[Any, Any]) -> list[Any]:
    return [item for pair in mapping.items() for item in pair]


_NO_SCENARIO = {"name", "key", "status", "source"}


def find(records: list[Record], path: str) -> tuple[list[Record], str]:
    """The records and the field that a path `component.field` names; near names where there is none."""
    owner, _, field = path.rpartition(".")
    if not owner:
        mend = f"write {' or '.join(_paths_of(records, path)) or 'the name of its component first'}"
        raise MissingError(f'{path!r} is no path: a path is "component.field"', where=path, mend=mend)
    holders = [record for record in records if owner in (record.slug, record.key_prefix)]
    if not holders:
        names = sorted({record.slug for record in records})
        near = get_close_matches(owner, names, 3, 0.4) or names
        raise MissingError(f"no component {owner!r}", where=path, mend=f"paths start with {', '.join(near)}")
    known = sorted({f.name for record in holders for f in dataclasses.fields(record)} - _NO_SCENARIO)
    if field in ("status", "source"):
        raise RecordError(
            f"the {field} belongs to a value, and cannot be replaced without it",
            where=path,
            mend=f'replace the value: lca.parameter(key, value, {field}="...")',
        )
    holders = [record for record in holders if field in {f.name for f in dataclasses.fields(record)}]
    if not holders:
        near = get_close_matches(field, known, 3, 0.4) or known
        raise MissingError(f"{owner!r} has no field {field!r}", where=path, mend=f"it has {', '.join(near)}")
    return holders, field


def _paths_of(records: list[Record], name: str) -> list[str]:
    """Whole paths for a name alone: the fields of that name, those of the component of that name, or near ones."""
    paths = [(one.slug, f.name) for one in records for f in dataclasses.fields(one) if f.name not in _NO_SCENARIO]
    near = get_close_matches(name, {field for _, field in paths}, 1, 0.6)
    found = [path for path in paths if name in path] or [path for path in paths if path[1] in near]
    return [".".join(path) for path in found[:8]]


def resolve_field(record: Record, field_name: str, value: Any) -> Any:
    """A new value for a field, through the door of that field and under its key.

    It does not inherit what is said of the old value: give a parameter or a reading to say more (A10).
    """
    field = next(f for f in dataclasses.fields(record) if f.name == field_name)
    declared: Declared | None = field.metadata.get("declared")
    if declared is None or value is None:
        return value
    at = getattr(record, "at", None) if declared.boundary and not isinstance(value, Node) else None
    return resolve(
        value, declared, key=f"{record.key_prefix}.{field_name}", at=at, status="declared", source="given in a scenario"
    )
