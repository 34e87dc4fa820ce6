"""Labelled dims: what a value varies over, with labels that match exactly or raise (D1, D3)."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias, TypeGuard, TypeVar

import numpy as np

from ..checks import did_you_mean
from ..errors import LabelError

if TYPE_CHECKING:
    import xarray

Label: TypeAlias = int | str | datetime.date
Dims: TypeAlias = "tuple[Dim, ...]"
#: What is chosen of a dim: one label, which ends the dim, or several, which it keeps.
Choice: TypeAlias = Label | tuple[Label, ...]
#: Labels of one kind, as the keys of a mapping have them.
L = TypeVar("L", bound=Label)

#: Names with a meaning of their own in results and tables; neither a dim nor a coordinate may take them.
RESERVED = (
    "draw", "stage", "vintage", "parameter", "status",
    "development", "training", "manufacturing", "distribution", "use", "end_of_life", "total", "functional_unit",
    "nominal", "mean", "p5", "p50", "p95", "share", "error", "unit", "best", "excess_p5", "excess_p50", "excess_p95",
    "mean_se", "p5_se", "p50_se", "p95_se",
    "ratio_p5", "ratio_p50", "ratio_p95", "words", "among_best", "letters", "expected_loss", "above", "above_error",
    "differs", "choose", "chosen", "loss_low", "loss_high", "known", "avoided", "avoided_low", "avoided_high",
    "measuring_cost", "net_avoided", "best_cells", "worst", "worst_at", "regret", "regret_at",
    "rank", "order", "interactions", "interactions_low", "interactions_high", "shapley", "shapley_low", "shapley_high",
    "pawn", "pawn_low", "pawn_high", "dummy", "above_dummy", "mu_star", "mu_star_low", "mu_star_high", "mu", "sigma",
    "outcome", "share_error", "cross", "cross_error", "several",
    "front", "dominated_by", "dominated_share", "score_p5", "score_p50", "score_p95", "score_unit",
    "first", "first_low", "first_high", "total_low", "total_high", "energy", "energy_unit", "quantile",
)  # fmt: skip


def canonical_label(label: object, where: str = "") -> Label:
    """An int, a text or a date; floats and truth values are refused (D1)."""
    if isinstance(label, np.datetime64):
        label = label.astype("datetime64[us]").item()
    if isinstance(label, np.generic):
        label = label.item()
    if isinstance(label, datetime.datetime) and label == label and label.timetz() == datetime.time():
        label = label.date()  # a day is written in one way only
    if isinstance(label, (bool, datetime.datetime)) or not isinstance(label, (int, str, datetime.date)):
        raise LabelError.of("not_a_label", where, label=label)
    return label


@dataclass(frozen=True, slots=True)
class Dim:
    """A named dim, its labels in order, and coordinates along it (D3)."""

    name: str
    labels: tuple[Label, ...]
    coordinates: Mapping[str, tuple[object, ...]] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.isidentifier():
            raise LabelError.of("not_the_name_of_a_dim", name=self.name)
        if taken := [name for name in (self.name, *self.coordinates) if name in RESERVED]:
            raise LabelError.of("reserved_name_of_a_dim", f"dim {self.name!r}", name=taken[0])
        if self.name in self.coordinates:
            raise LabelError.of("coordinate_named_as_its_dim", f"dim {self.name!r}", name=self.name)
        if not self.labels:
            raise LabelError.of("dim_without_labels", dim=self.name)
        counts = Counter(str(label) for label in self.labels)
        if twice := sorted(text for text, count in counts.items() if count > 1):
            raise LabelError.of("labels_given_twice", dim=self.name, labels=", ".join(twice))

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def texts(self) -> tuple[str, ...]:
        """The labels as canonical text."""
        return tuple(str(label) for label in self.labels)

    def some(self, labels: Sequence[Label]) -> Dim:
        """The dim with some of its labels, and what its coordinates say of these."""
        places = {label: place for place, label in enumerate(self.labels)}
        along = {name: tuple(every[places[one]] for one in labels) for name, every in self.coordinates.items()}
        return Dim(self.name, tuple(labels), along)

    def position(self, label: object, where: str = "") -> int:
        """The position of a label; near names are offered where there is none."""
        text = str(canonical_label(label, where))
        if text not in self.texts:
            fix = did_you_mean(text, self.texts, cutoff=0.4)
            raise LabelError.of("no_such_label", where, dim=self.name, label=text, fix=fix)
        return self.texts.index(text)


def make_dim(name: str, labels: Iterable[object], coordinates: Mapping[str, Sequence[object]] | None = None) -> Dim:
    """A dim with canonical labels; every coordinate has one value per label.

    >>> make_dim("year", [2022, 2023]).texts
    ('2022', '2023')
    """
    canonical = tuple(canonical_label(label, f"dim {name!r}") for label in labels)
    along = {key: tuple(values) for key, values in (coordinates or {}).items()}
    for key, values in along.items():
        if len(values) != len(canonical):
            raise LabelError.of("coordinate_of_another_length", f"dim {name!r}", coordinate=key,
                                values=len(values), labels=len(canonical))  # fmt: skip
    return Dim(name, canonical, along)


def is_table(value: object) -> TypeGuard[xarray.DataArray]:
    """Whether a value is a table of xarray, whose labels come along.

    >>> is_table([1, 2])
    False
    """
    return hasattr(value, "coords") and hasattr(value, "dims")


def table_dims(table: xarray.DataArray) -> Dims:
    """The dims of an xarray table, which brings its labels along: nothing is matched by position (D1)."""
    for name in table.dims:
        if name not in table.coords:
            raise LabelError.of("table_without_labels", dim=str(name))
    return tuple(make_dim(str(name), table[name].to_index().tolist()) for name in table.dims)


def merge_dims(many: Iterable[Dims], names: Callable[[int], str] = "value {}".format) -> Dims:
    """The union of dims in order of appearance; one name must have the same labels in the same order (D1).

    `names` says what an error calls the value at a position.
    """
    found: dict[str, Dim] = {}
    owner: dict[str, int] = {}
    for number, dims in enumerate(many):
        for dim in dims:
            known = found.setdefault(dim.name, dim)
            owner.setdefault(dim.name, number)
            if known is not dim and known.texts != dim.texts:
                raise _mismatch((names(owner[dim.name]), known), (names(number), dim))
            if dim.coordinates and not known.coordinates:
                found[dim.name] = dim
    return tuple(found.values())


def _mismatch(*both: tuple[str, Dim]) -> LabelError:
    (_, left), (_, right) = both
    sides = []
    for (name, own), other in zip(both, (right, left), strict=True):
        only = [text for text in own.texts if text not in other.texts]
        sides.append(f"{name}: {_shown(own.texts)}" + (f" (only here: {_shown(only)})" if only else ""))
    same = set(left.texts) == set(right.texts)
    return LabelError.of("labels_in_another_order" if same else "labels_do_not_match", sides=sides, dim=left.name)


def _shown(texts: Sequence[str]) -> str:
    return ", ".join(texts[:6]) + (f", ... {len(texts)} in all" if len(texts) > 6 else "")


def label_texts(dims: Dims) -> list[str]:
    """The labels of every value of some dims, row by row: "model=resnet18: "; one empty text where there are none."""
    texts = [""]
    for dim in dims:
        texts = [f"{before}{dim.name}={label}: " for before in texts for label in dim.texts]
    return texts


def placed(labels: Iterable[tuple[str, object]], between: str = ",") -> str:
    """Where something stands along dims, as paths and errors write it.

    >>> placed([("engine", "a"), ("year", 2025)])
    'engine=a,year=2025'
    """
    return between.join(f"{dim}={label}" for dim, label in labels)


def dim_named(dims: Dims, name: str, what: str) -> Dim:
    """The dim of that name; raises where a node lacks it (D2)."""
    for dim in dims:
        if dim.name == name:
            return dim
    raise no_such_dim(what, name, [dim.name for dim in dims])


def no_such_dim(what: str, name: str, known: Iterable[object]) -> LabelError:
    """The error where a value lacks a dim (D2)."""
    return LabelError.of("no_such_dim", what=what, dim=name, known=", ".join(map(str, known)) or "none")
