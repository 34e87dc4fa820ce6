"""A study between two of its scenarios: some paths as in the one, the others as in the other (D4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ..arguments import shown
from ..graph.node import Node
from ..records.components import find
from .study import Study


def over_sets(
    study: Study, dim: str, old: Mapping[str, object], new: Mapping[str, object], sets: Sequence[Collection[str]]
) -> Study:
    """The study over a new dim of sets of paths: a path of a set has its new value, another its old one.

    A path that one of the two does not name is there as the study has it.

    >>> import lca
    >>> from lca.study.small_study import small_study
    >>> made = over_sets(small_study(), "step", {}, {"lab.pue": 1.5, "bert.energy": "60 kWh"}, [(), ["lab.pue"]])
    >>> lca.nominal(made).data["total"].values.tolist()
    [48.0, 72.0]
    """
    paths = dict.fromkeys((*old, *new))
    rows = []
    for one in sets:
        sides = {path: new if path in one else old for path in paths}
        rows.append({path: side[path] for path, side in sides.items() if path in side})
    return study.bundled(dim, dict(enumerate(rows)))


def as_stated(study: Study, path: str) -> str:
    """What the study has at a path, in words.

    >>> from lca.study.small_study import small_study
    >>> as_stated(small_study(), "lab.electricity"), as_stated(small_study(), "bert.energy")
    ("Electricity 'grid'", '120 kWh at_wall')
    """
    (holder, *_), field = find(study.components, path)
    return said(holder.given(field))


def said(value: object) -> str:
    """What a field holds, or is given, in words."""
    if isinstance(value, Node):
        return value.parameter.describe() if value.parameter is not None else value.short
    if value is None:
        return "not given"
    return str(value) if isinstance(value, str | int | float) else shown(value)
