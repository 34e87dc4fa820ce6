"""Labelled dims: what a value varies over, with labels that match exactly or raise (D1, D3)."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, TypeAlias

import numpy as np

from ..errors import LabelError

Label: TypeAlias = int | str | datetime.date
Dims: TypeAlias = "tuple[Dim, ...]"

#: Names with a meaning of their own in results and tables; neither a dim nor a coordinate may take them.
RESERVED = (
    "draw", "stage", "vintage", "parameter", "status",
    "development", "training", "manufacturing", "distribution", "use", "end_of_life", "total", "functional_unit",
    "nominal", "mean", "p5", "p50", "p95", "share", "unit", "best", "excess_p5", "excess_p50", "excess_p95",
    "first", "first_low", "first_high", "total_low", "total_high", "energy", "energy_unit", "quantile",
)  # fmt: skip


def canonical_label(label: Any, where: str = "") -> Label:
    """An int, a text or a date; floats and truth values are refused (D1)."""
    if isinstance(label, np.datetime64):
        label = label.astype("datetime64[us]").item()
    if isinstance(label, np.generic):
        label = label.item()
    if isinstance(label, datetime.datetime) and label == label and label.timetz() == datetime.time():
        label = label.date()  # a day is written in one way only
    if isinstance(label, (bool, datetime.datetime)) or not isinstance(label, (int, str, datetime.date)):
        raise LabelError(
            f"{label!r} cannot be a label",
            where=where,
            fix='labels are whole numbers, texts or dates: write "0.5" as text, or use a coordinate',
        )
    return label


@dataclass(frozen=True, slots=True)
class Dim:
    """A named dim, its labels in order, and coordinates along it (D3)."""

    name: str
    labels: tuple[Label, ...]
    coordinates: Mapping[str, tuple[Any, ...]] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.isidentifier():
            raise LabelError(f"{self.name!r} cannot name a dim", fix='use one word, such as "engine" or "model"')
        if taken := [name for name in (self.name, *self.coordinates) if name in RESERVED]:
            raise LabelError(
                f"{taken[0]!r} cannot name a dim or a coordinate",
                where=f"dim {self.name!r}",
                fix=f'it has a meaning of its own in results and tables: write "{taken[0]}_case"',
            )
        if not self.labels:
            raise LabelError(f"dim {self.name!r} has no labels", fix="give at least one label")
        texts = [str(label) for label in self.labels]
        if twice := sorted({text for text in texts if texts.count(text) > 1}):
            raise LabelError(
                f"labels of dim {self.name!r} appear twice: {', '.join(twice)}",
                fix='give every label once; 1 and "1" are the same label',
            )

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def texts(self) -> tuple[str, ...]:
        """The labels as canonical text."""
        return tuple(str(label) for label in self.labels)

    def position(self, label: Any, where: str = "") -> int:
        """The position of a label; near names are offered where there is none."""
        text = str(canonical_label(label, where))
        if text not in self.texts:
            near = get_close_matches(text, self.texts, 3, 0.4)
            raise LabelError(
                f"dim {self.name!r} has no label {text!r}",
                where=where,
                fix=f"did you mean {' or '.join(near)}?" if near else f"labels: {', '.join(self.texts[:8])}",
            )
        return self.texts.index(text)


def make_dim(name: str, labels: Iterable[Any], coordinates: Mapping[str, Sequence[Any]] | None = None) -> Dim:
    """A dim with canonical labels; every coordinate has one value per label.

    >>> make_dim("year", [2022, 2023]).texts
    ('2022', '2023')
    """
    canonical = tuple(canonical_label(label, f"dim {name!r}") for label in labels)
    along = {key: tuple(values) for key, values in (coordinates or {}).items()}
    for key, values in along.items():
        if len(values) != len(canonical):
            raise LabelError(f"coordinate {key!r} along {name!r} has {len(values)} values for {len(canonical)} labels")
    return Dim(name, canonical, along)


def table_dims(table: Any) -> Dims:
    """The dims of an xarray table, which brings its labels along: nothing is matched by position (D1)."""
    for name in table.dims:
        if name not in table.coords:
            raise LabelError(
                f"dim {str(name)!r} of a table has no labels",
                fix=f"table.assign_coords({name}=[...]): nothing is matched by position",
            )
    return tuple(make_dim(str(name), table[name].to_index().tolist()) for name in table.dims)


def merge_dims(many: Iterable[Dims], where: str = "", names: Callable[[int], str] | None = None) -> Dims:
    """The union of dims in order of appearance; one name must have the same labels in the same order (D1)."""
    found: dict[str, Dim] = {}
    owner: dict[str, int] = {}
    for number, dims in enumerate(many):
        for dim in dims:
            known = found.setdefault(dim.name, dim)
            owner.setdefault(dim.name, number)
            if known is dim:
                continue
            if known.texts != dim.texts:
                sides = ("one side", "other side") if names is None else (names(owner[dim.name]), names(number))
                raise _mismatch(known, dim, where, sides)
            if dim.coordinates and not known.coordinates:
                found[dim.name] = dim
    return tuple(found.values())


def _mismatch(left: Dim, right: Dim, where: str, names: Sequence[str]) -> LabelError:
    first, second = names
    only_left = [text for text in left.texts if text not in right.texts]
    only_right = [text for text in right.texts if text not in left.texts]
    if not only_left and not only_right:
        fix = "the labels are the same in another order: write them in one order; nothing is matched by position"
    else:
        fix = "give both sides the same labels, or select the ones you mean"
    return LabelError(
        f"labels of dim {left.name!r} do not match",
        where=where,
        sides=[
            f"{first}: {_shown(left.texts)}" + (f" (only here: {_shown(only_left)})" if only_left else ""),
            f"{second}: {_shown(right.texts)}" + (f" (only here: {_shown(only_right)})" if only_right else ""),
        ],
        fix=fix,
    )


def _shown(texts: Sequence[str]) -> str:
    return ", ".join(texts[:6]) + (f", ... {len(texts)} in all" if len(texts) > 6 else "")


def label_texts(dims: Dims) -> list[str]:
    """The labels of every value of some dims, row by row: "model=resnet18: "; one empty text where there are none."""
    texts = [""]
    for dim in dims:
        texts = [f"{before}{dim.name}={label}: " for before in texts for label in dim.texts]
    return texts


def dim_named(dims: Dims, name: str, what: str) -> Dim:
    """The dim of that name; raises where a node lacks it (D2)."""
    for dim in dims:
        if dim.name == name:
            return dim
    have = ", ".join(dim.name for dim in dims) or "none"
    raise LabelError(f"{what} has no dim {name!r} to go over", sides=[f"its dims: {have}"], fix=NAME_A_DIM)


NAME_A_DIM = "name one of its dims; what does not vary over a dim is not summed or selected over it"
