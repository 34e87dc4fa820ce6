"""A changed study whose laws were not tried: no draw is made of it, and none refuses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..graph.node import Node
from ..kept import Once
from ..records.components import find
from ..records.record import Record
from .assembly import Model
from .changes import changed, read
from .scenarios import Scenarios, model_of_case
from .side_by_side import for_each, merged


class Untried(NamedTuple):
    """The model of a study, and its components. Its guards were not looked at: who evaluates it looks."""

    model: Model
    components: Sequence[Record]

    def given(self, path: str) -> Node:
        """What a field of a component holds."""
        holders, field = find(self.components, path)
        held = holders[0].given(field)
        assert isinstance(held, Node)
        return held


def untried(study: Scenarios, changes: Mapping[str, object]) -> Untried:
    """What a study is with other values at some paths.

    >>> from lca.study.small_study import small_study
    >>> untried(small_study(), {"lab.pue": 1.5}).model.nominals["total"].item()
    72.0
    """
    made, change = study._each(changes, read), Once(changed)
    pairs = {at: (case, made[at]) for at, case in study._cases.items()}
    cases = for_each(study._dims, pairs, lambda pair: change(*pair))
    models = for_each(study._dims, cases, Once(model_of_case))
    model = merged(study._dims, models) if study._dims else models[()]
    return Untried(model, [record for case in cases.values() for record in case.components])
