"""The tables of a difference, from the moves of its changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...checks import Array
from ...graph.labels import Dim
from ..spread import places_of, quantiles
from ..table import Table
from .answer import WHOLE
from .moves import Ends

_ROUNDING = 1e-12


@dataclass(frozen=True)
class Change:
    """What was changed: its name, in words, of which kind, and what it was and is."""

    name: str
    words: str
    kind: str = "input"
    old: str = ""
    new: str = ""


@dataclass(frozen=True, eq=False)
class Piece:
    """What a change moves (labels..., draws), and the error of the orders (labels...); of one that is not paired the
    mean alone, as one draw.
    """

    change: Change
    moves: Array
    error: Array


def moves_table(
    dims: Sequence[Dim], parts: Sequence[Piece], whole: Array, factor: float, unit: str, note: str
) -> Table:
    """A row for each change and one for the whole, at each label; `whole` is of the means (labels...)."""
    drawn = any(part.moves.shape[-1] > 1 for part in parts)
    labels = {dim.name: list(dim.labels) for dim in dims}
    large = max((float(np.abs(part.moves).max()) for part in parts), default=0.0)
    sampled = any((part.error > _ROUNDING * large).any() for part in parts)
    rows: list[dict[str, object]] = []
    for at, named in places_of(list(labels), labels):
        place = tuple(at.values())
        size = float(whole[place]) / factor
        for part in parts:
            change, values = part.change, part.moves[place] / factor
            said = {"change": change.name, "words": change.words, "kind": change.kind}
            row = {**named, **said, "moves": float(values.mean())}
            row |= {name: float(one) for name, one in quantiles(values).items()} if drawn else {}
            row |= {"error": _error(float(part.error[place]), large) / factor} if sampled else {}
            rows.append({**row, "share": _share(float(values.mean()), size), "old": change.old, "new": change.new})
        paired = sum((part.moves[place] for part in parts), np.zeros(1)) / factor
        row = {**named, "change": WHOLE, "words": "the whole difference", "kind": WHOLE, "moves": size}
        row |= {name: float(one) for name, one in quantiles(paired).items()} if drawn else {}
        row |= {"error": 0.0} if sampled else {}
        rows.append({**row, "share": _share(size, size), "old": "", "new": ""})
    return Table.of([{**row, "unit": unit} for row in rows], [*labels, "change"], note)


def _error(error: float, large: float) -> float:
    """An error of the orders; of a move that is the same in all of them it is 0."""
    return error if error > _ROUNDING * large else 0.0


def _share(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def totals_table(ends: Ends, means: tuple[Array, Array], factor: float, unit: str) -> Table:
    """The old and the new value at each label, with the quantiles of the paired draws."""
    labels = {dim.name: list(dim.labels) for dim in ends.dims}
    rows: list[dict[str, object]] = []
    for at, named in places_of(list(labels), labels):
        place = tuple(at.values())
        for side, drawn, mean in zip(("old", "new"), (ends.before, ends.after), means, strict=True):
            values = drawn[place] / factor
            spread = {name: float(one) for name, one in quantiles(values).items()} if len(values) > 1 else {}
            rows.append({**named, "side": side, "mean": float(mean[place]) / factor, **spread, "unit": unit})
    return Table.of(rows, [*labels, "side"])


def sorted_parts(parts: Sequence[Piece], order: Sequence[str] | None) -> list[Piece]:
    """Parts in the order that was stated, else the largest first."""
    if order is not None:
        return sorted(parts, key=lambda part: list(order).index(part.change.name))
    return sorted(parts, key=lambda part: -float(np.abs(part.moves.mean(axis=-1)).max()))
