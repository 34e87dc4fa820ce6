"""What a user states of parameters that depend on each other: rank correlations between keys, and between labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, TypeGuard

import numpy as np

from ..checks import numbers_of, real, short
from ..errors import DomainError

if TYPE_CHECKING:
    import pandas

_FORM = '{("a.power", "b.power"): 0.6}, {"*.power": 0.6}, or {"a.life": {"year": 0.7}}'


@dataclass(frozen=True)
class Correlations:
    """Rank correlations as they were stated (U14).

    Attributes
    ----------
    pairs : tuple of (keys or patterns, correlation)
        Between any two different keys that match two of the texts.
    levels : tuple of (key or pattern, dim, correlation)
        Between any two labels of a dim, of one parameter.
    """

    pairs: tuple[tuple[tuple[str, ...], float], ...] = ()
    levels: tuple[tuple[str, str, float], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.pairs or self.levels)

    @classmethod
    def of(cls, given: object) -> Self:
        """What was given: a mapping, a labelled matrix, nothing, or what was read before. All bad entries at once."""
        if given is None or isinstance(given, cls):
            return given or cls()
        stated = list(_of_matrix(given) if _is_matrix(given) else _of_mapping(given))
        if wrong := [said for _, _, said in stated if said]:
            raise DomainError.of("not_correlations", "correlations=", wrong, form=_FORM)
        pairs = [(keys, ranks) for keys, ranks, _ in stated if isinstance(ranks, float)]
        levels = [(keys[0], dim, rank) for keys, ranks, _ in stated if not isinstance(ranks, float)
                  for dim, rank in ranks.items()]  # fmt: skip
        return cls(tuple(pairs), tuple(levels))

    def united(self, other: Correlations) -> Correlations:
        """What either states."""
        return Correlations(
            tuple(dict.fromkeys((*self.pairs, *other.pairs))), tuple(dict.fromkeys((*self.levels, *other.levels)))
        )

    @property
    def said(self) -> tuple[str, ...]:
        """Each statement in words: "a.power, b.power: 0.6"."""
        between = (f"{', '.join(keys)}: {rank:g}" for keys, rank in self.pairs)
        return (*between, *(f"{text} between labels of {dim}: {rank:g}" for text, dim, rank in self.levels))

    @property
    def texts(self) -> tuple[str, ...]:
        """Every key or pattern that is named, once."""
        named = (text for keys, _ in self.pairs for text in keys)
        return tuple(dict.fromkeys((*named, *(text for text, _, _ in self.levels))))


#: Keys, the correlation (of labels, by dim), and what is wrong with the entry.
_Stated = Iterator[tuple[tuple[str, ...], float | Mapping[str, float], str]]


def matching(text: str, keys: Sequence[str]) -> list[str]:
    """The keys that a text names: itself, or those that match it where it has a `*`.

    >>> matching("*.power", ["a.power", "a.pue", "b.power"])
    ['a.power', 'b.power']
    """
    pattern = re.compile(".*".join(map(re.escape, text.split("*"))), re.DOTALL)
    return [key for key in keys if pattern.fullmatch(key)]


def _rank(value: object) -> float | None:
    number = real(value)
    return number if number is not None and -1 <= number <= 1 else None


def _of_mapping(given: object) -> _Stated:
    if not isinstance(given, Mapping):
        raise DomainError.of("not_correlations", "correlations=", [short(given)], form=_FORM)
    for keys, value in given.items():
        texts = (keys,) if isinstance(keys, str) else tuple(keys) if isinstance(keys, (tuple, list, frozenset)) else ()
        texts = tuple(sorted(texts)) if isinstance(keys, frozenset) else texts
        said = f"{short(keys)}: {short(value)}"
        if not texts or not all(isinstance(text, str) and text.strip() for text in texts):
            yield (), 0.0, said
        elif isinstance(value, Mapping) and len(texts) == 1:
            ranks = {str(dim): _rank(rank) for dim, rank in value.items()}
            known = {dim: rank for dim, rank in ranks.items() if rank is not None and rank >= 0}
            yield texts, known, "" if len(known) == len(value) > 0 else f"{said}; between labels: from 0 to 1"
        else:
            one = len(texts) == 1
            rank, alone = _rank(value), one and "*" not in texts[0]
            wrong = "from -1 to 1" if rank is None else "a key alone has no pair" if alone else ""
            yield texts * 2 if one else texts, rank or 0.0, f"{said}; {wrong}" if wrong else ""


def _is_matrix(given: object) -> TypeGuard[pandas.DataFrame]:
    return hasattr(given, "columns") and hasattr(given, "loc")


def _of_matrix(given: pandas.DataFrame) -> _Stated:
    """Every pair of a labelled matrix, which is symmetric with 1 on its diagonal."""
    names, columns = [*map(str, given.index)], [*map(str, given.columns)]
    if len(set(names)) != len(names) or sorted(names) != sorted(columns):
        raise DomainError.of("matrix_of_other_keys", "correlations=", [short(names), short(columns)])
    table = given.to_numpy()[:, [columns.index(name) for name in names]]
    matrix = np.reshape(numbers_of(table.ravel(), "correlations=", "a matrix of numbers"), table.shape)
    for i, one in enumerate(names):
        if matrix[i, i] != 1:
            yield (one, one), 0.0, f"{one}, {one}: {matrix[i, i]:g}; 1 with itself"
        for j, other in enumerate(names[:i]):
            rank = _rank(matrix[i, j])
            said = f"{other}, {one}: {matrix[i, j]:g}"
            wrong = "from -1 to 1" if rank is None else ""
            wrong = f"and {matrix[j, i]:g}; a matrix is symmetric" if matrix[i, j] != matrix[j, i] else wrong
            yield (other, one), rank or 0.0, f"{said} {wrong}" if wrong else ""
