"""Scenarios as labelled dims, all combinations of them: what a user writes for each dim (D4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..arguments import entry
from ..checks import short
from ..errors import LabelError, RecordError
from ..graph.labels import RESERVED, Label, make_dim
from .changes import has
from .study import Study

_FORMS = '{"robots.period": {3: "3 year", 8: "8 year"}} or {"plan": {"pilot": {"robots.devices": 10}, "as stated": {}}}'


@entry
def scenarios(study: Study, dims: Mapping[str, object]) -> Study:
    """The study over dims of scenarios, in all combinations (D4).

    Scenarios are alternatives and share their random numbers (U2). What a scenario does not touch keeps its bits. A
    further call adds further dims. For named bundles that do not fill a grid there is `cases`.

    Parameters
    ----------
    study : Study
        The study, which may have scenarios already.
    dims : mapping
        What each dim changes. A key is the name of a dim, or a path, whose dim is named after its field. Three forms:

        * {"robots.period": {3: "3 year", 8: "8 year"}}: the dim `period`, with the value of one path at each label. A
          list of texts or numbers names its own labels.
        * {"years": {"robots.period": {3: "3 year", 8: "8 year"}}}: the same with a name of its own. Several paths with
          the same labels form a bundle.
        * {"plan": {"pilot": {"robots.devices": 10}, "as stated": {}}}: bundles by label. A path that a label does not
          name stays as the study has it.

        Values are what the field takes: texts, numbers, distributions, words, records.

    Returns
    -------
    Study
        The study over the new dims, which are alternatives.

    Raises
    ------
    MissingError
        If a path names nothing; the error offers near names.
    LabelError
        If the study has such a dim already, a name is taken, a label stands twice, or the paths of a bundle have
        different labels.
    RecordError
        If what is given for a dim is none of the three forms, or two dims change one path.

    Examples
    --------
    >>> import lca
    >>> from lca.study.small_study import small_study
    >>> runs = scenarios(small_study(), {"run": {"bert.energy": {"short": "120 kWh", "long": "240 kWh"}},
    ...                                  "lab.pue": [1.0, 1.5]})
    >>> lca.nominal(runs).data["total"].sel(run="long").to_series().to_dict()
    {'1': 96.0, '1.5': 144.0}
    """
    if not dims:
        raise RecordError.of("scenarios_not_given", "dims", forms=_FORMS)
    changed: dict[str, str] = {}
    for key, given in dims.items():
        study, paths = _over(study, key, given)
        if twice := [path for path in paths if path in changed]:
            raise RecordError.of("path_of_two_dims", twice[0], [changed[twice[0]], key])
        changed |= dict.fromkeys(paths, key)
    return study


def _over(study: Study, key: str, given: object) -> tuple[Study, list[str]]:
    """(the study over one more dim, the paths that it changes)."""
    if "." in key:
        name = key.rpartition(".")[2]
        if name in (*RESERVED, *study.parts, *study.alternatives):
            raise LabelError.of("dim_named_after_field", key, dim=name, path=key)
        return study.vary(name, {key: _labelled(given, key, name)}), [key]
    if not isinstance(given, Mapping) or not given or not all(isinstance(one, Mapping) for one in given.values()):
        raise RecordError.of("not_a_dim_of_scenarios", key, [short(given)], forms=_FORMS)
    inside = [name for one in given.values() for name in one]
    by_path = any(_names(study, one) for one in given)
    by_label = not inside or any(_names(study, one) for one in inside)
    if not by_path and not by_label:  # one of them is a path that is not there: an error says which
        by_path = any("." in str(one) for one in given) and not any("." in str(one) for one in inside)
    if by_path:
        return study.vary(key, given), list(given)
    return study.bundled(key, given), list(dict.fromkeys(inside))


def _names(study: Study, path: object) -> bool:
    return isinstance(path, str) and "." in path and any(has(case, path) for case in study._every)


def _labelled(given: object, path: str, name: str) -> Mapping[Label, object]:
    """Values by label; a list of texts or numbers names its own labels."""
    if isinstance(given, Mapping):
        return given
    values = given.tolist() if isinstance(given, np.ndarray) else given
    if not isinstance(values, Sequence) or isinstance(values, str | bytes):
        raise RecordError.of("not_a_dim_of_scenarios", path, [short(given)], forms=_FORMS)
    plain = [one.item() if isinstance(one, np.generic) else one for one in values]
    labels = [f"{one:g}" if isinstance(one, float) else one for one in plain]
    if wrong := [one for one in labels if not isinstance(one, str | int) or isinstance(one, bool)]:
        raise RecordError.of("list_without_labels", path, [short(wrong[0])], path=path)
    make_dim(name, labels)  # raises for one that stands twice
    return dict(zip(labels, values, strict=True))
