"""What a scenario does to the inputs of a study: other values at paths, or several side by side (D4)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from ..errors import LabelError, MissingError
from ..graph.labels import Dim, Label, make_dim
from ..graph.node import Node
from ..kept import Once
from ..records.components import Assembly, find, resolve_field
from ..records.record import Record
from .scope import Inputs
from .side_by_side import for_each, over_dim

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


@dataclass(frozen=True, eq=False)
class Rows:
    """What the labels of a new dim of scenarios change: for each label, in their order, its values by path.

    A label that says nothing of a path leaves it as the study has it.
    """

    dim: Dim
    values: Sequence[Mapping[str, object]]
    _held: dict[tuple[int, str], list[object]] = field(default_factory=dict)  # for all labels, by component and path
    _places: Sequence[int] | None = None  # of these labels among all

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that a label changes."""
        return tuple(dict.fromkeys(path for row in self.values for path in row))

    def of(self, paths: Collection[str], places: Sequence[int] | None = None) -> Rows:
        """The same of some paths, and of the labels at some places."""
        kept = range(len(self.values)) if places is None else places
        rows = [{path: value for path, value in self.values[place].items() if path in paths} for place in kept]
        return Rows(self.dim if places is None else self.dim.some([self.dim.labels[one] for one in kept]), rows,
                    self._held, places)  # fmt: skip

    def nodes(self, holder: Record, path: str, field: str) -> list[object]:
        """What a component would hold in a field at each label: each value is read once."""
        key = id(holder), path
        if key in self._held and self._places is not None:
            return [self._held[key][place] for place in self._places]
        if key not in self._held:
            resolved = Once(lambda value: resolve_field(holder, field, value))
            as_it_is = holder.given(field)
            rows: dict[tuple[Label, ...], Mapping[str, object]] = {
                (label,): row for label, row in zip(self.dim.labels, self.values, strict=True)
            }
            made = for_each(
                {self.dim.name: self.dim}, rows, lambda row: resolved(row[path]) if path in row else as_it_is
            )
            found = list(made.values())
            if self._places is not None:
                return found
            self._held[key] = found
        return self._held[key]


def stackable(case: Inputs, path: str, rows: Rows) -> bool:
    """Whether values of a field are quantities of one unit and dims, which one leaf can hold side by side (D4)."""
    (holder, *_), field = find(case.components, path)
    about = holder._fields[field]
    if "declared" not in about or about["apart"]:
        return False
    nodes = rows.nodes(holder, path, field)
    first = nodes[0]
    return isinstance(first, Node) and all(
        isinstance(node, Node) and node.unit == first.unit and node.dims == first.dims for node in nodes
    )


def stacked(case: Inputs, rows: Rows) -> Made:
    """The values of a new dim side by side in the fields that they change."""

    def side_by_side(holder: Record, field: str, path: str) -> Node:
        nodes = [one for one in rows.nodes(holder, path, field) if isinstance(one, Node)]
        return over_dim(dict(zip(rows.dim.labels, nodes, strict=True)), rows.dim)

    made = _read(case, {path: path for path in rows.paths}, side_by_side)
    if made:
        made[case.id, "alternatives"] = (*case.alternatives, rows.dim.name)
        made[case.id, "scenarios"] = {**(case.scenarios or {}), rows.dim.name: rows.dim.labels}
    return made


def apart(case: Inputs, rows: Rows) -> list[Made]:
    """What each label changes, where not all of it can be held side by side.

    Labels that differ in quantities of one unit alone share one change: these stand side by side in it.
    """
    here = [path for path in rows.paths if has(case, path)]
    quantities = {path for path in here if stackable(case, path, rows)}
    alike: dict[object, list[int]] = {}
    for place, row in enumerate(rows.values):
        said = tuple((path, told(row[path])) for path in here if path in row and path not in quantities)
        alike.setdefault(said, []).append(place)
    found: dict[int, Made] = {}
    for places in alike.values():
        first = rows.values[places[0]]
        made = dict(_read(case, {path: first[path] for path in here if path in first}, resolve_field))
        made |= stacked(case, rows.of(quantities, places)) if len(places) > 1 else {}
        found |= dict.fromkeys(places, made)
    return [found[place] for place in range(len(rows.values))]


def told(value: object) -> object:
    """What tells values of a field apart: the text or the number; of other things, which one it is."""
    return (type(value), value) if isinstance(value, str | int | float) else id(value)


def _read(case: Inputs, changes: Mapping[str, V], read: Callable[[Record, str, V], object]) -> dict[At, object]:
    """New values by component and field, each read by what holds it."""
    found = [(*find(case.components, path), value) for path, value in changes.items()]
    return {(one.id, field): read(one, field, value) for holders, field, value in found for one in holders}


def new_dim(
    name: str, labels: Iterable[object], taken: Set[str], along: Mapping[str, Sequence[object]] | None = None
) -> Dim:
    """A dim of scenarios of a name that is not taken, with the coordinates of its labels."""
    if name in taken:
        raise LabelError.of("scenario_dim_exists", name, dim=name)
    return make_dim(name, labels, along)
