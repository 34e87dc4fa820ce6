"""Which parameter is integrated out of which number, and which parameters are moved together to find its slope."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...checks import Array
from ..design import Column
from .affine import UNPROVEN, Affine, StandardNumber

#: How much of its width counts, of a parameter that ends somewhere.
_WITH_ENDS = 0.75


@dataclass(frozen=True)
class Row:
    """A number of an output, by its place among the labels; z, if it is affine in one, and the key of z."""

    output: str
    index: tuple[int, ...]
    varies: bool = True
    key: str = ""
    z: StandardNumber | None = None


def rows_of(proven: Affine, moved: Mapping[str, Array], columns: Sequence[Column]) -> list[Row]:
    """Every number of the outputs, with the widest of the parameters in which it is affine.

    A parameter that ends on a side leaves kinks there, so one without ends is taken if it is 3/4 as wide.
    """
    members = [[i for i, (key, _) in enumerate(columns) if key == one] for one in proven.keys]
    made = []
    for name, proof in proven.outputs.items():
        width = np.zeros(proof.shape)
        for column, own in enumerate(members):
            width[..., column] = moved[name][..., own].max(axis=-1, initial=0.0)
        width[proof <= 0] = 0.0
        for column, key in enumerate(proven.keys):
            if any(not standard.shape.endless for standard in proven.standards[key]):
                width[..., column] *= _WITH_ENDS
        for index in np.ndindex(proof.shape[:-1]):
            widest = int(np.argmax(width[index])) if proven.keys else 0
            if not proven.keys or width[index][widest] <= 0:
                made.append(Row(name, index, bool(proof[index].any())))
                continue
            key = proven.keys[widest]
            made.append(Row(name, index, True, key, proven.standards[key][proof[(*index, widest)] - 1]))
    return made


def moved_together(rows: Sequence[Row], proven: Affine) -> list[frozenset[str]]:
    """Groups of keys: a row depends on one key of its group at most, so that one evaluation gives all slopes."""
    depends: dict[str, set[str]] = {}
    for row in rows:
        if row.key:
            on = np.flatnonzero(proven.outputs[row.output][row.index])
            depends.setdefault(row.key, set()).update(proven.keys[i] for i in on)
    groups: list[set[str]] = []
    for key, others in depends.items():
        for group in groups:
            if group.isdisjoint(others) and all(key not in depends[member] for member in group):
                group.add(key)
                break
        else:
            groups.append({key})
    return [frozenset(group) for group in groups]


def by_importance(
    columns: Sequence[Column], rows: Sequence[Row], moved: Mapping[str, Array], asked: Collection[str]
) -> list[Column]:
    """The columns, those first that move a row most for which an error was asked; then those of the other rows.

    What is integrated out of a row does not move it any more.
    """
    first, second = np.zeros(len(columns)), np.zeros(len(columns))
    for row in rows:
        weight = np.where([key == row.key for key, _ in columns], 0.0, moved[row.output][row.index])
        into = first if row.output in asked else second
        np.maximum(into, weight, out=into)
    return [columns[i] for i in np.lexsort((-second, -first))]


def affine_in_all(proven: Affine, rows: Sequence[Row], asked: Collection[str]) -> tuple[set[str], set[Row]]:
    """Keys in each of which all asked rows are affine, and the rows that are affine in each of these.

    What is affine in each of some independent parameters has its mean where these stand at their means.
    """
    wrong = np.zeros(len(proven.keys), bool)
    for name in asked:
        wrong |= (proven.outputs[name] == UNPROVEN).any(axis=tuple(range(proven.outputs[name].ndim - 1)))
    fits = {row for row in rows if not (proven.outputs[row.output][row.index] == UNPROVEN)[~wrong].any()}
    return {key for key, bad in zip(proven.keys, wrong, strict=True) if not bad}, fits
