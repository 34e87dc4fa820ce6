"""A study between two of its scenarios: some paths as in the one, the others as in the other (D4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ..graph.decided import same_decisions
from ..graph.node import Node
from ..records.components import NO_SCENARIO
from ..records.record import Record
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


def decisive(old: Study, new: Study) -> dict[str, object]:
    """What a study has in fields that decide its form and in which another differs, by path with the other's value.

    Such are words, numbers without a unit of their own, and parameters on which the form was noted to depend.

    >>> from lca.study.small_study import small_study
    >>> study = small_study()
    >>> decisive(study, study.replace({"bert.year": 2024, "lab.pue": 1.2}))
    {}
    """
    others = _single(new)
    pairs = [(one, others[name]) for name, one in _single(old).items() if name in others]
    fields = [(one, now, field) for one, now in pairs for field in one._fields if field not in NO_SCENARIO]
    return {
        f"{one.slug}.{field}": now.given(field)
        for one, now, field in fields
        if _decides(one.given(field), now.given(field))
    }


def _single(study: Study) -> dict[tuple[type, str], Record]:
    """The components of a study by kind and name, without those that scenarios have several of."""
    several: dict[tuple[type, str], list[Record]] = {}
    for one in study.components:
        several.setdefault((type(one), one.slug), []).append(one)
    return {name: ones[0] for name, ones in several.items() if len(ones) == 1}


def _decides(was: object, now: object) -> bool:
    if isinstance(was, Node) and isinstance(now, Node):
        return (
            was.parameter is not None and now.parameter is not None and not same_decisions(was.parameter, now.parameter)
        )
    return isinstance(was, str | int | float) and isinstance(now, str | int | float) and was != now
