"""Whole studies side by side (D4)."""

from __future__ import annotations

from collections.abc import Mapping

from ..arguments import entry
from ..errors import LabelError, RecordError
from ..graph.labels import L
from .changes import new_dim
from .study import Study


@entry
def alternatives(dim: str, studies: Mapping[L, Study]) -> Study:
    """Whole studies side by side, as one study with a new dim of alternatives (D4).

    Each study is assembled by itself. Results that differ vary over the dim.

    Parameters
    ----------
    dim : str
        The name of the new dim.
    studies : mapping of label to Study
        The studies, all with the same dims of scenarios.

    Returns
    -------
    Study
        One study over the new dim.

    Raises
    ------
    RecordError
        If no study is given, or if one has an activity that another neither has nor excludes.
    LabelError
        If the studies have different scenarios, or a dim of this name already.

    Examples
    --------
    >>> import lca
    >>> lab = lca.Site("lab", pue=1.0, electricity=lca.Electricity("grid", intensity="0.4 kg CO2e/kWh", at="facility"))
    >>> others = ("development", "manufacturing", "distribution", "use", "end_of_life")
    >>> common = dict(functional_unit=lca.FunctionalUnit("one model", count="1 device"),
    ...               excluded=dict.fromkeys(others, lca.outside_goal("we compare trainings")))
    >>> short, long = (lca.Study(f"{hours} hours", lca.Training("BERT", power="1.5 kW", duration=f"{hours} h",
    ...                at="wall", site=lab), **common) for hours in (10, 79))
    >>> lca.nominal(lca.alternatives("plan", {"short": short, "long": long})).data["total"].values.round(3).tolist()
    [6.0, 47.4]
    """
    if not studies:
        raise RecordError.of("studies_not_given", dim)
    first = next(iter(studies.values()))
    if any(study._dims != first._dims for study in studies.values()):
        raise LabelError.of("studies_of_other_scenarios", dim)
    new = new_dim(dim, studies, {*first.alternatives, *first.parts})
    cases = {
        (*at, label): case
        for label, study in zip(new.labels, studies.values(), strict=True)
        for at, case in study._cases.items()
    }
    return Study._of({**first._dims, dim: new}, cases)
