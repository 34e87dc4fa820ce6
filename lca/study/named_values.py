"""The values of a study by their paths: "use/robots", "robots.energy", each with labels in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ..checks import did_you_mean
from ..errors import MissingError
from ..graph.labels import Dim, Dims
from ..graph.node import Node
from ..records.record import Record, attributes
from .assembly import Model

_PATH = re.compile(r"^(?P<name>[^\[\]]+)(?:\[(?P<labels>[^\[\]]+)\])?$")
#: Dims with more labels are left out where paths are completed.
_MOST = 100


def split_path(path: str) -> tuple[str, list[tuple[str, str]]]:
    """The name in a path, and the labels in its brackets; raises `MissingError` for a text that is not a path.

    >>> split_path("robots.energy[engine=a, grid=US]")
    ('robots.energy', [('engine', 'a'), ('grid', 'US')])
    """
    match = _PATH.match(path.strip())
    if match is None:
        raise MissingError.of("not_a_path_of_a_value", path=path)
    pairs = [part.partition("=")[::2] for part in filter(None, (match["labels"] or "").split(","))]
    return match["name"], [(dim.strip(), label.strip()) for dim, label in pairs]


def located(model: Model, components: Sequence[Record], name: str) -> Node:
    """The value of that name: an output, or a value of a component; near names are offered where there is none."""
    if name in model.outputs:
        return model.outputs[name]
    owner, _, attribute = name.rpartition(".")
    for record in components:
        if owner in (record.slug, record.key_prefix) and is_value(record, attribute):
            node: Node = getattr(record, attribute)
            return node
    near = did_you_mean(name, [*model.outputs, *values_of(components)], cutoff=0.5)
    raise MissingError.of("unknown_value", "path", name=name, near=near)


def values_of(components: Iterable[Record]) -> list[str]:
    """The paths of the values of some components."""
    return [f"{one.slug}.{key}" for one in components for key in attributes(one) if is_value(one, key)]


def is_value(record: Record, name: str) -> bool:
    """Whether a component has a value of that name."""
    try:
        return isinstance(getattr(record, name, None), Node)
    except MissingError:  # what does not follow from what was given, such as the tokens of robots
        return False


def with_labels(names: Iterable[tuple[str, Dims]]) -> Iterator[str]:
    """Each name, and each with a label of each of its dims: what a notebook completes."""
    for name, dims in names:
        yield name
        yield from (f"{name}[{dim.name}={label}]" for dim in dims if len(dim) <= _MOST for label in dim.texts)


def dims_of(model: Model, rivals: Iterable[str]) -> Iterator[tuple[str, tuple[Dim, ...]]]:
    """Each output of a model with those of its dims that are rivals."""
    for name, node in model.outputs.items():
        yield name, tuple(dim for dim in node.dims if dim.name in rivals)
