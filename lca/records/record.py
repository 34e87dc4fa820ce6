"""Components as frozen records of values: keyed at construction, checked once, replaced as wholes (D4, U1).

A record is a frozen dataclass whose fields say what they take. On construction each value goes through the
entry of its field: a quantity becomes a node under the key `<slug of the name>.<field>`, a word is one of
those known, a component has the right kind. What was given is kept; what is read from a record is a node that
carries a path, a text such as "Deployment:robots.inferences", by which a study finds it again.
"""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Generic,
    Self,
    TypeAlias,
    TypedDict,
    TypeVar,
    dataclass_transform,
    overload,
)

from ..arguments import Kind, annotated, entry
from ..checks import one_of
from ..errors import RecordError
from ..graph import functions
from ..graph.fields import Declared, Written, resolve
from ..graph.labels import no_such_dim
from ..graph.node import Node
from . import notebook

T = TypeVar("T")
if TYPE_CHECKING:
    Given = TypeVar("Given", contravariant=True)
    Held = TypeVar("Held", covariant=True)

    class Field(Generic[Held, Given]):
        """A field that gives another kind than it takes."""

        def __get__(self, record: object, owner: type | None = None) -> Held: ...
        def __set__(self, record: object, value: Given) -> None: ...

    #: It takes what a user may write (see `lca.graph.fields`), and gives a Node, or None where it is not given.
    Value: TypeAlias = Field[Node, Written]
    Maybe: TypeAlias = Field[Node | None, Written | None]
    #: It takes a value for each impact category, and gives a Node for each.
    ByCategory: TypeAlias = Field[Mapping[str, Node], Mapping[str, Written] | None]
else:
    Value = Maybe = object
    ByCategory = Mapping[str, object]


class About(TypedDict, total=False):
    """What the class of a component says of one of its fields."""

    declared: Declared
    optional: bool
    apart: bool
    words: tuple[str, ...]


def slug(name: str) -> str:
    """Lower case, blanks and punctuation to "-": how a name starts a key.

    >>> slug("Kill A Watt")
    'kill-a-watt'
    """
    made = re.sub(r"[^\w]+", "-", name.strip().lower()).strip("-").replace("_", "-") if isinstance(name, str) else ""
    if not made:
        raise RecordError.of("not_the_name_of_a_component", name=name)
    return made


# --- what a field takes ---------------------------------------------------------------------------------


def _field(default: object, kw_only: bool, **metadata: object) -> Any:
    return dataclasses.field(default=default, metadata=metadata, kw_only=kw_only)


def quantity(
    *units: str,
    optional: bool = False,
    kw_only: bool = True,
    default: Written | None = None,
    apart: bool = False,
    **declared: Any,
) -> Any:
    """A field that takes a value of one of `units` (see `Declared`); required unless optional or with a default.

    Values of a field that decides how a formula is built stand `apart` in a scenario: a study for each label.
    """
    required = default is None and not optional
    about = {"declared": Declared(units, **declared), "optional": optional, "apart": apart}
    return _field(dataclasses.MISSING if required else default, kw_only, **about)


def word(*words: str, default: object = dataclasses.MISSING) -> Any:
    """A field that takes one of some words."""
    return _field(default, True, words=words)


def plain(default: object = dataclasses.MISSING, *, kw_only: bool = True, example: str = "") -> Any:
    """A field that takes what its annotation says: a text, a year, another component; an error shows the example."""
    return _field(default, kw_only, example=example)


# without frozen_default: mypy would read an inherited field as what it takes, not as the Node that it gives
@dataclass_transform(kw_only_default=True, eq_default=False, field_specifiers=(quantity, word, plain))
def component(cls: type[T]) -> type[T]:
    """Make a class a component: a frozen dataclass, compared by identity, that reports its arguments by name."""
    made: Any = dataclass(frozen=True, eq=False, repr=False)(cls)
    made._fields = {field.name: field.metadata for field in dataclasses.fields(made)}
    examples = {
        name: f'"... {about["declared"].units[0]}"' if about["declared"].units[0] else "0.5"
        for name, about in made._fields.items() if "declared" in about
    } | {name: about["example"] for name, about in made._fields.items() if about.get("example")}  # fmt: skip
    made.__init__ = entry(
        made.__init__, kinds=lambda: kinds_of(made), where=lambda *at: _where(made.__name__, *at), examples=examples
    )
    return made


def kinds_of(cls: type[Record]) -> dict[str, Kind]:
    """What the annotations of the fields say, each read in the module of the class that declares it."""
    found: dict[str, Kind] = {}
    for owner in reversed(cls.__mro__):
        for name in set(vars(owner).get("__annotations__", ())) & set(cls._fields):
            kind = annotated(owner.__annotations__[name], vars(sys.modules[owner.__module__]))
            kind = kind and kind.or_none if getattr(cls, name, "") is None else kind
            found = {**found, name: kind} if kind else {k: v for k, v in found.items() if k != name}
    return found


def _where(kind: str, field: str, given: Mapping[str, object]) -> str:
    owner = given.get("name")
    return f"{slug(owner)}.{field}" if isinstance(owner, str) and re.search(r"\w", owner) else f"{kind}({field}=)"


@component
class Record:
    """The base of every component.

    Parameters
    ----------
    name : str
        The name, unique in a study (U1).
    """

    name: str = plain(kw_only=False)

    _fields: ClassVar[Mapping[str, About]]  # what each field takes, by name

    @cached_property
    def slug(self) -> str:
        """The name as it starts keys and paths."""
        return slug(self.name)

    @property
    def key_prefix(self) -> str:
        """What the keys of its parameters start with; the slug, unless `key=` keeps an older one."""
        return getattr(self, "key", "") or self.slug

    @cached_property
    def id(self) -> str:
        """Kind and name: how a study tells its components apart."""
        return f"{type(self).__name__}:{self.slug}"

    def __post_init__(self) -> None:
        given: dict[str, object] = {}
        self.__dict__["_given"] = given
        for name, about in self._fields.items():
            value, declared = getattr(self, name), about.get("declared")
            if "words" in about:
                one_of(value, about["words"], name, f"{self.slug}.{name}")
            elif declared is not None:
                given[name] = None if value is None and about["optional"] else resolve(
                    value, declared, key=f"{self.key_prefix}.{name}", status=getattr(self, "status", "") or "declared",
                    source=getattr(self, "source", ""), at=getattr(self, "at", None) if declared.boundary else None,
                )  # fmt: skip
                self._hold(name, given[name])
        computed = self._complete()
        for name, node in computed.items():
            self._hold(name, node.named(f"{self.slug}.{name}"))
        given.update(dict.fromkeys(computed))

    def _hold(self, name: str, value: object) -> None:
        """Set a field; a node read from it carries its path."""
        made = value.named(value.name, f"{self.id}.{name}") if isinstance(value, Node) else value
        object.__setattr__(self, name, made)

    def _complete(self) -> Mapping[str, Node]:
        """Fields that were not given and follow from the others; given anew after every replacement."""
        return {}

    def given(self, name: str) -> Any:
        """What a field was given.

        Parameters
        ----------
        name : str
            The field.

        Returns
        -------
        Node, or what the field holds
            The value; None if it follows from other fields.

        Examples
        --------
        >>> from lca import Training
        >>> Training("BERT", power="1.5 kW", duration="79 h", at="wall").given("energy") is None
        True
        """
        given = self.__dict__["_given"]
        return given[name] if name in given else getattr(self, name)

    def replaced(self, **changes: object) -> Self:
        """The same component with other values in some fields; what follows from them is computed anew.

        Parameters
        ----------
        **changes : as the fields of the component
            The new values.

        Returns
        -------
        component
            A new record; this one stays as it is.

        Examples
        --------
        >>> from lca import Site
        >>> Site("desk", pue=1.0).replaced(name="hall", pue=1.5)
        Site('hall', pue=1.5 at_facility/at_wall)
        """
        fields: dict[str, Any] = {name: self.given(name) for name in self._fields} | changes
        return type(self)(**fields)

    @property
    def values(self) -> dict[str, Node]:
        """The quantity fields that are set, by name."""
        held = {name: getattr(self, name) for name, about in self._fields.items() if "declared" in about}
        return {name: node for name, node in held.items() if isinstance(node, Node)}

    def sel(self, **labels: object) -> Self:
        """The component at one label of each named dim.

        Parameters
        ----------
        **labels : str, int or date
            The label of each dim: `training.sel(model="resnet18")`.

        Returns
        -------
        component
            A new record without these dims.

        Raises
        ------
        LabelError
            If no field has the dim, or the dim lacks the label.

        Examples
        --------
        >>> from lca import Training, labelled
        >>> hours = labelled({"resnet18": 6.5, "resnet50": 9.0}, "h", dim="model")
        >>> Training("runs", power="150 W", duration=hours, at="wall").sel(model="resnet50").duration.dim_names
        ()
        """
        changes: dict[str, Node] = {}
        known = {dim for node in self.values.values() for dim in node.dim_names}
        if unknown := sorted(set(labels) - known):
            raise no_such_dim(self.slug, unknown[0], sorted(known))
        for name in self.values:
            node = self.given(name)
            for dim, label in labels.items():
                if node is not None and dim in node.dim_names:
                    node = changes[name] = functions.select(node, dim, label)
        return self.replaced(**changes)

    def _repr_html_(self) -> str:
        facts: dict[str, object] = {}
        inside: dict[str, str] = {}
        for name, held in ((name, getattr(self, name)) for name in self._fields if name not in ("name", "key")):
            records = [one for one in (held if isinstance(held, tuple) else (held,)) if isinstance(one, Record)]
            if records:
                inside[name.replace("_", " ")] = "".join(one._repr_html_() for one in records)
            elif isinstance(held, (str, int, float)):
                facts[name.replace("_", " ")] = held
            elif isinstance(held, frozenset):
                facts[name.replace("_", " ")] = ", ".join(sorted(held))
        shown = {"values": notebook.values(self.values)} if self.values else {}
        return notebook.box(type(self).__name__, self.name, facts, shown | inside, opened=("values",))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={brief(node)}" for name, node in self.values.items())
        return f"{type(self).__name__}({self.name!r}{', ' if shown else ''}{shown})"


def brief(node: Node) -> str:
    """A value as a record shows it: its formula, its labels, or what it is."""
    over = ", ".join(f"{dim.name}: {len(dim)}" for dim in node.dims)
    if node.parameter is None:
        return f"<{node.short}>"
    return f"<{over}>" if over else node.parameter.describe()


class derived(cached_property[T]):
    """A property computed once from a record's fields; the node it returns is named and carries its path."""

    @overload
    def __get__(self, record: None, owner: type | None = None) -> Self: ...
    @overload
    def __get__(self, record: object, owner: type | None = None) -> T: ...
    def __get__(self, record: Any, owner: type | None = None) -> Any:
        made = super().__get__(record, owner)
        if isinstance(made, Node):
            made = made.named(f"{record.slug}.{self.attrname}", f"{record.id}.{self.attrname}")
            record.__dict__[self.attrname] = made  # which is read from now on
        return made


def attributes(record: Record) -> Sequence[str]:
    """The names by which a node can be read from a record: its fields, and what is derived from them."""
    computed = [
        name for kind in type(record).__mro__ for name, about in vars(kind).items() if isinstance(about, derived)
    ]
    return [*record._fields, *computed]
