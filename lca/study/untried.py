"""The model of a changed study whose laws were not tried: no draw is made of it, and none refuses it."""

from __future__ import annotations

from collections.abc import Mapping

from ..kept import Once
from .assembly import Model
from .changes import changed, read
from .scenarios import Scenarios, model_of_case
from .side_by_side import for_each, merged


def untried(study: Scenarios, changes: Mapping[str, object]) -> Model:
    """The model that a study has with other values at some paths.

    Its guards are not looked at: who evaluates it looks.

    >>> from lca.study.small_study import small_study
    >>> untried(small_study(), {"lab.pue": 1.5}).nominals["total"].item()
    72.0
    """
    made, change = study._each(changes, read), Once(changed)
    pairs = {at: (case, made[at]) for at, case in study._cases.items()}
    cases = for_each(study._dims, pairs, lambda pair: change(*pair))
    models = for_each(study._dims, cases, Once(model_of_case))
    return merged(study._dims, models) if study._dims else models[()]
