"""Groups of parameters that depend on each other, found among the leaves of a program (U14).

A group with one correlation has a common factor: z = sqrt(rho) common + sqrt(1 - rho) own. So a further member or label
changes no draw of another. Any other matrix is mixed by its triangular root, in the order of keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ..checks import Array, did_you_mean, some
from ..distributions import gaussian_copula as copula
from ..distributions.correlations import Correlations, matching
from ..errors import DomainError, LabelError, MissingError
from .labels import placed
from .leaf import Parameter

#: One stream: a key and an own label (U2).
StreamName: TypeAlias = tuple[str, str]
#: What the score of a stream is a sum of: independent streams, each with its weight.
Weights: TypeAlias = Mapping[StreamName, Mapping[StreamName, float]]
#: The labels of a stream of a parameter: pairs of dim and label.
Labels: TypeAlias = tuple[tuple[str, str], ...]
#: The keys that are drawn, in order, each with the labels of its streams.
Drawn: TypeAlias = tuple[tuple[str, tuple[Labels, ...]], ...]
#: Dims of which the labels share a level, with the rank correlation between two labels.
Levels: TypeAlias = tuple[tuple[str, float], ...]
#: How many answers are kept: scenarios ask again and again.
_KEPT = 64
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
    levels: Levels = ()

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


# --- what is drawn ----------------------------------------------------------------------------------


def labels_of(parameter: Parameter) -> list[Labels]:
    """The labels of each stream of a parameter, dims by name; a label that was chosen still names its stream (U2)."""
    own: dict[str, tuple[str, ...]] = {name: (label,) for name, label in parameter.fixed}
    own |= {dim.name: dim.texts for dim in parameter.dims if dim.name in parameter.own}
    made: list[Labels] = [()]
    for dim, labels in sorted(own.items()):
        made = [(*before, (dim, label)) for before in made for label in labels]
    return made


def stream_label(labels: Labels) -> str:
    """The name of a stream of a parameter: "" or "[dim=label,...]".

    >>> stream_label((("year", "2025"),))
    '[year=2025]'
    """
    return f"[{placed(labels)}]" if labels else ""


def drawn(parameters: Iterable[Parameter]) -> Drawn:
    """The keys with a spread, without choices, in order; a key that stands for several has the labels of all (U1)."""
    found: dict[str, dict[Labels, None]] = {}
    for one in parameters:
        if one.is_random and one.kind not in CHOSEN:
            found.setdefault(one.key, {}).update(dict.fromkeys(labels_of(one)))
    return tuple((key, tuple(labels)) for key, labels in sorted(found.items()))


# --- which keys are correlated ----------------------------------------------------------------------


@lru_cache(_KEPT)
def groups_of(stated: Correlations, there: Drawn) -> tuple[Group, ...]:
    """The groups of parameters that depend on each other, by the first key of each.

    A key that is named is a member whether it is there or not, so that its absence in a scenario changes no draw; what
    matches a pattern is one if it is drawn. Raises `DomainError` for statements that contradict each other, and
    `LabelError` where labels do not match.
    """
    known = dict(there)
    keys, ranks = _stated_ranks(stated, list(known))
    levels = _levels(stated, known)
    groups = [_group([keys[i] for i in at], ranks[np.ix_(at, at)], levels, known, stated) for at in _tied(ranks != 0)]
    alone = set(levels).difference(*(group.keys for group in groups))
    groups += [Group((key,), ((1.0,),), levels=levels[key]) for key in alone]
    for group in groups:
        _check_labels(group, known)
    return tuple(sorted(groups, key=lambda group: group.keys))


def ties(groups: Iterable[Group], there: Drawn) -> set[tuple[str, str, float]]:
    """What groups say of the keys that are there: (key, other key or dim, rank correlation)."""
    known, found = dict(there), set[tuple[str, str, float]]()
    for group in groups:
        for i, one in enumerate(group.keys):
            if one in known:
                found |= {(one, dim, rank) for dim, rank in group.levels}
                others = zip(group.keys[:i], group.ranks[i], strict=False)
                found |= {(other, one, rank) for other, rank in others if rank and other in known}
    return found


def _named(text: str, keys: Sequence[str]) -> list[str]:
    return matching(text, keys) if "*" in text else [text]


def _stated_ranks(stated: Correlations, there: Sequence[str]) -> tuple[list[str], Array]:
    """Every key of which something is stated, in order, and the matrix of rank correlations: 0 where none is stated."""
    named = [([_named(text, there) for text in texts], rank) for texts, rank in stated.pairs]
    keys = sorted({key for lists, _ in named for listed in lists for key in listed})
    place = {key: at for at, key in enumerate(keys)}
    ranks = np.full((len(keys), len(keys)), np.nan)
    for lists, rank in named:
        for one, other in combinations([[place[key] for key in listed] for listed in lists], 2):
            block = ranks[np.ix_(one, other)]
            apart = ~np.isnan(block) & (block != rank) & np.not_equal.outer(one, other)
            if apart.any():
                i, j = np.argwhere(apart)[0]
                sides = [f"{block[i, j]:g}", f"{rank:g}"]
                raise DomainError.of("two_correlations_of_a_pair", f"{keys[one[i]]}, {keys[other[j]]}", sides)
            ranks[np.ix_(one, other)] = rank
            ranks[np.ix_(other, one)] = rank
            np.fill_diagonal(ranks, np.nan)
    np.fill_diagonal(ranks, 1.0)
    return keys, np.nan_to_num(ranks)


def _levels(stated: Correlations, known: Mapping[str, Sequence[Labels]]) -> dict[str, Levels]:
    """The dims whose labels share a level, for each key of which they are stated."""
    found: dict[str, dict[str, float]] = {}
    for text, dim, rank in stated.levels:
        for key in _named(text, list(known)):
            if "*" in text and dim not in _dims(known[key]):
                continue
            if found.setdefault(key, {}).setdefault(dim, rank) != rank:
                sides = [f"{found[key][dim]:g}", f"{rank:g}"]
                raise DomainError.of("two_correlations_of_a_pair", f"{key}, {dim}", sides)
    made = {key: tuple((dim, rank) for dim, rank in sorted(ranks.items()) if rank) for key, ranks in found.items()}
    return {key: ranks for key, ranks in made.items() if ranks}


def _dims(labels: Iterable[Labels]) -> set[str]:
    return {dim for one in labels for dim, _ in one}


def _tied(pairs: npt.NDArray[np.bool_]) -> list[list[int]]:
    """The places that are tied by pairs, directly or by others; those that are tied to none are left out."""
    groups, left = [], set(range(len(pairs)))
    while left:
        group = np.zeros(len(pairs), bool)
        group[min(left)] = True
        while not group[more := pairs[group].any(axis=0)].all():
            group |= more
        places = np.flatnonzero(group).tolist()
        left.difference_update(places)
        groups += [places] if places[1:] else []
    return groups


def _group(
    keys: Sequence[str],
    ranks: Array,
    levels: Mapping[str, Levels],
    known: Mapping[str, Sequence[Labels]],
    stated: Correlations,
) -> Group:
    """A group from the matrix of its rank correlations."""
    _check_valid(keys, ranks)
    said = {key: levels.get(key, ()) for key in keys if key in known}
    if len(set(said.values())) > 1:
        sides = [f"{key}: {', '.join(f'{dim} {rank:g}' for dim, rank in of) or 'nothing'}" for key, of in said.items()]
        raise DomainError.of("levels_differ_in_a_group", "correlations=", sides)
    pairs = ranks[np.triu_indices(len(keys), 1)]
    factor = HIDDEN + _name(keys, stated) if pairs[0] > 0 and (pairs == pairs[0]).all() else ""
    return Group(tuple(keys), tuple(map(tuple, ranks.tolist())), factor, next(iter(said.values()), ()))


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


def _check_labels(group: Group, known: Mapping[str, Sequence[Labels]]) -> None:
    """Members are correlated label by label, so that they have the same own labels (D1)."""
    labels = {key: frozenset(known[key]) for key in group.keys if key in known}
    first = {own: key for key, own in reversed(labels.items())}
    for one, other in combinations(first, 2):
        if not (one <= other or other <= one):
            labels_of = {own: some(sorted(filter(None, map(stream_label, own))), 4) for own in (one, other)}
            sides = [f"{first[own]}: {labels_of[own] or 'no labels with draws of their own'}" for own in (one, other)]
            raise LabelError.of("correlated_labels_differ", f"{first[one]}, {first[other]}", sides, first=first[one])
    for key, own in labels.items():
        if lacking := [dim for dim, _ in group.levels if dim not in _dims(own)]:
            sides = [f"own labels: {', '.join(sorted(_dims(own))) or 'none'}"]
            raise LabelError.of("level_of_no_own_dim", key, sides, dim=lacking[0])


def require_all(stated: Correlations, parameters: Sequence[Parameter]) -> None:
    """Raise `MissingError` for every text that names no parameter with a spread, and a pattern without a pair."""
    there = [key for key, _ in drawn(parameters)]
    fixed = {one.key: "has no spread" for one in parameters}
    fixed |= {one.key: f"is a choice of kind {one.kind}" for one in parameters if one.kind in CHOSEN}
    lost = [text for text in stated.texts if not matching(text, there)]
    wrong = [f"{text} {fixed.get(text, 'names no key of the study')}" for text in lost]
    for texts, _ in stated.pairs:
        named = {key for text in texts for key in matching(text, there)}
        if len(named) == 1 and not set(texts) & set(lost):
            wrong.append(f"{', '.join(dict.fromkeys(texts))} names {named.pop()} alone")
    if wrong:
        near = did_you_mean(lost[0] if lost else "", there)
        raise MissingError.of("correlations_of_nothing", "correlations=", wrong, near=near)


# --- weights ----------------------------------------------------------------------------------------


@lru_cache(_KEPT)
def weights_of(groups: tuple[Group, ...], there: Drawn) -> Weights:
    """What the score of every correlated stream is a sum of: independent streams, with their weights."""
    found: dict[StreamName, Mapping[StreamName, float]] = {}
    known = dict(there)
    for group in groups:
        for key, weights in group.at_label().items():
            for labels in known.get(key, ()):
                leveled = [(_leveled(other, labels, group.levels), weight) for other, weight in weights.items()]
                found[key, stream_label(labels)] = {
                    name: weight * share for shares, weight in leveled for name, share in shares.items()
                }
    return found


def _leveled(key: str, labels: Labels, levels: Levels) -> dict[StreamName, float]:
    """The score of a stream as a level for all labels of some dims, and a part for each label."""
    made: list[tuple[Labels, float]] = [(labels, 1.0)]
    for dim, rank in levels:
        rho = copula.of_ranks(rank)
        without = [(tuple(one for one in at if one[0] != dim), weight * rho**0.5) for at, weight in made]
        made = [*((at, weight * (1 - rho) ** 0.5) for at, weight in made), *without]
    names = ((HIDDEN + key if len(at) < len(labels) else key, stream_label(at)) for at, _ in made)
    return {name: weight for name, (_, weight) in zip(names, made, strict=True) if weight}
