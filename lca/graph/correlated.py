"""Groups of parameters that depend on each other, found among the leaves of a program (U14).

A group with one correlation has a common factor: z = sqrt(rho) common + sqrt(1 - rho) own. So a further member or label
changes no draw of another. Any other matrix is mixed by its triangular root, in the order of keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

import numpy as np

from ..checks import Array, did_you_mean
from ..distributions import gaussian_copula as copula
from ..distributions.correlations import Correlations, matching
from ..errors import DomainError, LabelError, MissingError
from .leaf import Parameter

#: One stream: a key and an own label (U2).
StreamName: TypeAlias = tuple[str, str]
#: What the score of a stream is a sum of: independent streams, each with its weight.
Weights: TypeAlias = Mapping[StreamName, Mapping[StreamName, float]]
#: Kinds that are chosen and not drawn, unless they are mixed by name (U8).
CHOSEN = ("model", "scenario")
#: What the key of a common factor begins with.
HIDDEN = "correlation/"


@dataclass(frozen=True)
class Group:
    """Parameters that depend on each other: their keys in order, and what correlates them.

    Attributes
    ----------
    keys : tuple of str
        The keys; a single one, where its labels depend on each other and on nothing else.
    ranks : tuple of tuple of float
        Spearman's rank correlations between the keys, with 1 on the diagonal.
    factor : str
        The key of the stream of the common factor; blank where there is none.
    levels : tuple of (dim, float)
        Dims whose labels share a level, and the rank correlation between two labels.
    """

    keys: tuple[str, ...]
    ranks: tuple[tuple[float, ...], ...]
    factor: str = ""
    levels: tuple[tuple[str, float], ...] = ()

    @property
    def matrix(self) -> Array:
        """The correlations of the normal scores of the keys."""
        return copula.matrix_of_ranks(np.array(self.ranks))

    def at_label(self) -> dict[str, dict[str, float]]:
        """The weights of the streams of keys in the score of each key, at one label."""
        if self.factor:
            rho = copula.of_ranks(self.ranks[0][1])
            return {key: {self.factor: rho**0.5, key: (1 - rho) ** 0.5} for key in self.keys}
        root = copula.root_of(self.matrix)
        return {
            key: {other: weight for other, weight in zip(self.keys, row.tolist(), strict=True) if weight}
            for key, row in zip(self.keys, root, strict=True)
        }


# --- which keys are correlated ----------------------------------------------------------------------


def groups_of(stated: Correlations, parameters: Iterable[Parameter]) -> tuple[Group, ...]:
    """The groups of parameters that depend on each other, by the first key of each.

    A key that is named is a member whether it is there or not, so that its absence in a scenario changes no draw; what
    matches a pattern is one if it is drawn. Raises `DomainError` for statements that contradict each other, and
    `LabelError` where labels do not match.
    """
    if not stated:
        return ()
    known = drawn(parameters)
    ranks = _pair_ranks(stated, list(known))
    levels = _levels(stated, known)
    tied = {pair for pair, rank in ranks.items() if rank}
    groups = [_group(keys, ranks, levels, stated) for keys in _components(tied)]
    alone = set(levels).difference(*(group.keys for group in groups))
    groups += [Group((key,), ((1.0,),), levels=levels[key]) for key in alone]
    for group in groups:
        _check_labels(group, known)
    return tuple(sorted(groups, key=lambda group: group.keys))


def ties(groups: Iterable[Group], keys: Iterable[str]) -> set[tuple[str, str, float]]:
    """What groups say of some keys: (key, other key or dim, rank correlation)."""
    known, found = set(keys), set[tuple[str, str, float]]()
    for group in groups:
        for i, one in enumerate(group.keys):
            if one in known:
                found |= {(one, dim, rank) for dim, rank in group.levels}
                others = zip(group.keys[:i], group.ranks[i], strict=False)
                found |= {(other, one, rank) for other, rank in others if rank and other in known}
    return found


def drawn(parameters: Iterable[Parameter]) -> dict[str, list[Parameter]]:
    """The parameters with a spread, without choices, by key in order; one key may stand for several (U1)."""
    found: dict[str, list[Parameter]] = {}
    for one in parameters:
        if one.is_random and one.kind not in CHOSEN:
            found.setdefault(one.key, []).append(one)
    return dict(sorted(found.items()))


def _named(text: str, keys: Sequence[str]) -> list[str]:
    return matching(text, keys) if "*" in text else [text]


def _pair_ranks(stated: Correlations, keys: Sequence[str]) -> dict[tuple[str, str], float]:
    """The rank correlation of every pair of which something is stated, in the order of keys."""
    ranks: dict[tuple[str, str], float] = {}
    for texts, rank in stated.pairs:
        for one, other in combinations([_named(text, keys) for text in texts], 2):
            for pair in {(min(a, b), max(a, b)) for a in one for b in other if a != b}:
                if ranks.setdefault(pair, rank) != rank:
                    sides = [f"{ranks[pair]:g}", f"{rank:g}"]
                    raise DomainError.of("two_correlations_of_a_pair", ", ".join(pair), sides)
    return ranks


def _levels(stated: Correlations, known: Mapping[str, Sequence[Parameter]]) -> dict[str, tuple[tuple[str, float], ...]]:
    """The dims whose labels share a level, for each key of which they are stated."""
    found: dict[str, dict[str, float]] = {}
    for text, dim, rank in stated.levels:
        for key in _named(text, list(known)):
            if "*" in text and not any(dim in _own(one) for one in known[key]):
                continue
            if found.setdefault(key, {}).setdefault(dim, rank) != rank:
                sides = [f"{found[key][dim]:g}", f"{rank:g}"]
                raise DomainError.of("two_correlations_of_a_pair", f"{key}, {dim}", sides)
    made = {key: tuple((dim, rank) for dim, rank in sorted(ranks.items()) if rank) for key, ranks in found.items()}
    return {key: ranks for key, ranks in made.items() if ranks}


def _components(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Keys that are tied by pairs, directly or by others."""
    groups: list[set[str]] = []
    for pair in pairs:
        touched = [group for group in groups if group & set(pair)]
        groups = [group for group in groups if group not in touched] + [set(pair).union(*touched)]
    return [sorted(group) for group in groups]


def _group(
    keys: Sequence[str],
    ranks: Mapping[tuple[str, str], float],
    levels: Mapping[str, tuple[tuple[str, float], ...]],
    stated: Correlations,
) -> Group:
    """A group from its pairs; a pair of which nothing is stated is not correlated."""
    pairs = list(combinations(keys, 2))
    matrix = np.eye(len(keys))
    for (i, j), pair in zip(combinations(range(len(keys)), 2), pairs, strict=True):
        matrix[i, j] = matrix[j, i] = ranks.get(pair, 0.0)
    _check_valid(keys, matrix)
    of_members = {levels.get(key, ()) for key in keys}
    if len(of_members) > 1:
        sides = [f"{key}: {dict(levels.get(key, ())) or 'nothing'}" for key in keys]
        raise DomainError.of("levels_differ_in_a_group", "correlations=", sides)
    (shared,) = of_members
    one = {ranks.get(pair, 0.0) for pair in pairs}
    factor = HIDDEN + _name(keys, stated) if len(one) == 1 and min(one) > 0 else ""
    return Group(tuple(keys), tuple(map(tuple, matrix.tolist())), factor, shared)


def _name(keys: Sequence[str], stated: Correlations) -> str:
    """What a common factor is called: the one pattern that ties all its keys, or the first key."""
    patterns = [texts for texts, _ in stated.pairs if any("*" in text and matching(text, keys) for text in texts)]
    return " & ".join(sorted(set(patterns[0]))) if len(patterns) == 1 else keys[0]


def _check_valid(keys: Sequence[str], ranks: Array) -> None:
    matrix = copula.matrix_of_ranks(ranks)
    if copula.is_valid(matrix):
        return
    three = copula.clashing(matrix)
    sides = [f"{keys[i]}, {keys[j]}: {ranks[i, j]:g}" for i, j in combinations(three, 2)]
    raise DomainError.of("correlations_contradict", "correlations=", sides, factor=copula.largest_factor(ranks))


# --- labels -----------------------------------------------------------------------------------------


def _own(parameter: Parameter) -> dict[str, tuple[str, ...]]:
    """The labels of each dim with a stream for each of them; one that was chosen still names its stream."""
    chosen = {name: (label,) for name, label in parameter.fixed}
    return chosen | {dim.name: dim.texts for dim in parameter.dims if dim.name in parameter.own}


def combinations_of(parameter: Parameter) -> list[dict[str, str]]:
    """The labels of each stream of a parameter, by dim in the order of dims (U2)."""
    made: list[dict[str, str]] = [{}]
    for dim, labels in sorted(_own(parameter).items()):
        made = [{**before, dim: label} for before in made for label in labels]
    return made


def stream_label(labels: Mapping[str, str]) -> str:
    """The name of a stream of a parameter: "" or "[dim=label,...]".

    >>> stream_label({"year": "2025"})
    '[year=2025]'
    """
    return f"[{','.join(f'{dim}={label}' for dim, label in labels.items())}]" if labels else ""


def _check_labels(group: Group, known: Mapping[str, Sequence[Parameter]]) -> None:
    """Members are correlated label by label, so that they have the same own labels (D1)."""
    labels = {
        key: {stream_label(at) for one in known.get(key, ()) for at in combinations_of(one)} for key in group.keys
    }
    there = [key for key in group.keys if labels[key]]
    first = {frozenset(labels[key]): key for key in reversed(there)}
    for one, other in combinations(first.values(), 2):
        if not (labels[one] <= labels[other] or labels[other] <= labels[one]):
            sides = [f"{key}: {', '.join(sorted(labels[key])[:4])}" for key in (one, other)]
            raise LabelError.of("correlated_labels_differ", f"{one}, {other}", sides, first=one)
    for key in there:
        dims = {dim for one in known[key] for dim in _own(one)}
        if lacking := [dim for dim, _ in group.levels if dim not in dims]:
            own = ", ".join(sorted(dims)) or "none"
            raise LabelError.of("level_of_no_own_dim", key, [f"own labels: {own}"], dim=lacking[0])


def require_all(stated: Correlations, parameters: Sequence[Parameter]) -> None:
    """Raise `MissingError` for every text that names no parameter with a spread, and a pattern without a pair."""
    known = drawn(parameters)
    fixed = {one.key: "has no spread" for one in parameters}
    fixed |= {one.key: f"is a choice of kind {one.kind}" for one in parameters if one.kind in CHOSEN}
    wrong = [
        f"{text} {fixed.get(text, 'is no key of the study')}" for text in stated.texts if not matching(text, [*known])
    ]
    for texts, _ in stated.pairs:
        named = {key for text in texts for key in matching(text, [*known])}
        if len(named) == 1 and all(matching(text, [*known]) for text in texts):
            wrong.append(f"{', '.join(dict.fromkeys(texts))} names {named.pop()} alone")
    if wrong:
        lost = next((text for text in stated.texts if not matching(text, [*known])), "")
        raise MissingError.of("correlations_of_nothing", "correlations=", wrong, near=did_you_mean(lost, [*known]))


# --- weights ----------------------------------------------------------------------------------------


def weights_of(groups: Sequence[Group], parameters: Iterable[Parameter]) -> Weights:
    """What the score of every correlated column is made of: columns of independent scores, with their weights."""
    found: dict[StreamName, dict[StreamName, float]] = {}
    at_label = {key: (group, weights) for group in groups for key, weights in group.at_label().items()}
    for one in parameters:
        if one.key not in at_label or not one.is_random:
            continue
        group, weights = at_label[one.key]
        for labels in combinations_of(one):
            made: dict[StreamName, float] = {}
            for key, weight in weights.items():
                for column, share in _leveled(key, labels, group.levels).items():
                    made[column] = made.get(column, 0.0) + weight * share
            found[one.key, stream_label(labels)] = made
    return found


def _leveled(key: str, labels: Mapping[str, str], levels: Sequence[tuple[str, float]]) -> dict[StreamName, float]:
    """The score of a stream as a level for all labels of some dims, and a part for each label."""
    made: list[tuple[Mapping[str, str], float]] = [(labels, 1.0)]
    for dim, rank in ((dim, rank) for dim, rank in levels if dim in labels):
        rho = copula.of_ranks(rank)
        made = [
            (kept, weight * share**0.5)
            for at, weight in made
            for kept, share in ((at, 1 - rho), ({d: at[d] for d in at if d != dim}, rho))
            if share
        ]
    return {(key if len(at) == len(labels) else f"{HIDDEN}{key}", stream_label(at)): weight for at, weight in made}
