"""The effect of one property of alternatives, by pairs that differ in nothing else (D3, A12)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...arguments import entry
from ...checks import Array, did_you_mean
from ...errors import DomainError, LabelError, MissingError
from ...graph.labels import Label
from ..result import Result
from ..spread import quantiles
from ..table import Table
from .rivals import Group, Rivals, rivals


@entry
def effect(result: Result, *, of: str, over: str, against: Label | None = None, per: str = "total") -> Table:
    """By what factor a property changes the impact, from alternatives that differ in that property alone.

    Two labels are matched if all their coordinates but one are equal, such as FP16 and FP32 of one backbone, batch
    and size. In each draw the ratios of all matched pairs have a geometric mean, exp(mean(ln(x / x_against))).

    Parameters
    ----------
    result : Result
        A result with draws.
    of : str
        The coordinate, such as "precision".
    over : str
        The dim of alternatives that it belongs to.
    against : label
        The value that the others are compared with; the first one if not given.
    per : str
        "total", or what to divide by, as in `summary`.

    Returns
    -------
    Table
        A row for each other value. `ratio_p50`, `ratio_p5` and `ratio_p95` are of the mean factor, `smallest` and
        `largest` the medians of single pairs, `pairs` how many there are. The interval is of the mean of these pairs,
        not of another pair.

    Raises
    ------
    MissingError
        If the dim has no such coordinate or value, or no two labels differ in it alone.
    LabelError
        If two labels have the same coordinates.
    DomainError
        If a value is not above 0.

    Examples
    --------
    >>> import lca
    >>> joules = lca.labelled({"net_1_FP16": 0.4, "net_1_FP32": 0.5, "net_2_FP32": 0.6}, "J at_board", dim="engine")
    >>> engines = lca.Inference.engines("engines", joules, names="<backbone>_<batch:int>_<precision>",
    ...                                 per="inference", baseline="marginal")
    >>> result = lca.monte_carlo({"total": engines.energy}, draws=10, progress=False)
    >>> effect(result, of="precision", over="engine")["ratio_p50"].to_dict()
    {'FP32': 1.25}
    """
    compared = rivals(result, over, per=per)
    levels = compared.along(of, "of")
    base = levels[0] if against is None else against
    if base not in levels:
        raise MissingError.of("no_such_value", "against", of=of, value=base, near=did_you_mean(base, levels))
    matched = _matched(compared, of, base)
    if not matched:
        known = ", ".join(compared.coordinates())
        raise MissingError.of("nothing_to_match", "of", dim=over, of=of, known=known)
    rows: list[dict[str, object]] = []
    for group in compared.groups():
        _check_above_zero(group)
        logs = np.log(group.draws)
        for level, pairs in matched.items():
            rows.append({**group.at, of: level, "against": base, **_factors(logs, pairs)})
    used = {place for pairs in matched.values() for pair in pairs for place in pair}
    labels = compared.values[over].values.tolist()
    left = [str(label) for place, label in enumerate(labels) if place not in used]
    note = f"Geometric means over pairs that differ in {of} alone. {result.contents}"
    if left:
        note += f" Without a match, and left out: {', '.join(left)}."
    return Table.of(rows, [*compared.others, of], note + compared.first_note("everything"))


def _matched(compared: Rivals, of: str, base: Label) -> Mapping[Label, list[tuple[int, int]]]:
    """For each value but the base: the places of (a label of it, the label of the base that matches)."""
    along = compared.coordinates()
    levels = along[of]
    rest = list(zip(*(values for name, values in along.items() if name != of), strict=True)) or [()] * len(levels)
    places: dict[tuple[object, ...], dict[Label, int]] = {}
    for place, (key, level) in enumerate(zip(rest, levels, strict=True)):
        known = places.setdefault(key, {})
        if level in known:
            labels = compared.values[compared.over].values.tolist()
            sides = [str(labels[known[level]]), str(labels[place])]
            raise LabelError.of("labels_alike", compared.over, sides, dim=compared.over)
        known[level] = place
    found: dict[Label, list[tuple[int, int]]] = {}
    for level in dict.fromkeys(levels):
        pairs = [(at[level], at[base]) for at in places.values() if {level, base} <= at.keys()]
        if level != base and pairs:
            found[level] = pairs
    return found


def _factors(logs: Array, pairs: list[tuple[int, int]]) -> dict[str, object]:
    ratios = logs[[one for one, _ in pairs]] - logs[[other for _, other in pairs]]
    mean = {f"ratio_{name}": float(np.exp(one)) for name, one in quantiles(ratios.mean(axis=0)).items()}
    each = np.exp(np.median(ratios, axis=1))
    return {**mean, "smallest": float(each.min()), "largest": float(each.max()), "pairs": len(pairs)}


def _check_above_zero(group: Group) -> None:
    """Raise for draws that have no ratio, with how many there are of each alternative."""
    bad = (group.draws <= 0).sum(axis=1)
    sides = [f"{label}: {count:,} draws" for label, count in zip(group.labels, bad, strict=True) if count]
    if sides:
        raise DomainError.of("ratio_of_what_is_not_above_0", "total", sides)
