"""What statistics are of: outputs of a program as they are, one per another, and how far alternatives are apart.

Each is plain data, so that it pickles, and computes its values from those of a step by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ...checks import Array
from ..multiples import Multiples


class Derived(Protocol):
    """Values (labels..., n) from the values of a step."""

    def values(self, step: Mapping[str, Array]) -> Array:
        """The values of the draws of a step."""
        ...


@dataclass(frozen=True)
class Plain:
    """An output as it is."""

    name: str

    def values(self, step: Mapping[str, Array]) -> Array:
        """The output."""
        return step[self.name]


@dataclass(frozen=True, eq=False)
class First:
    """The rows of some values of which all others are multiples: the first labels along some axes."""

    of: Derived
    first: tuple[slice, ...]

    def values(self, step: Mapping[str, Array]) -> Array:
        """These rows."""
        return self.of.values(step)[self.first]


@dataclass(frozen=True)
class Total:
    """A sum of outputs, each with some of its axes summed before, and then seen with the dims of all of them.

    A term is (name, the axes that are summed, the shape over the dims of all).
    """

    terms: tuple[tuple[str, tuple[int, ...], tuple[int, ...]], ...]

    def values(self, step: Mapping[str, Array]) -> Array:
        """The sum, draw by draw."""
        whole = np.zeros(1)
        for name, axes, view in self.terms:
            one = step[name].sum(axis=axes) if axes else step[name]
            whole = whole + one.reshape((*view, one.shape[-1]))
        return whole


@dataclass(frozen=True)
class Ratio:
    """Values per an output, each seen with the dims of both: `views` are their shapes over these dims."""

    of: Derived
    below: str
    views: tuple[tuple[int, ...], tuple[int, ...]]

    def values(self, step: Mapping[str, Array]) -> Array:
        """The ratio, draw by draw; infinite or NaN where a draw divides by 0."""
        both = self.of.values(step), step[self.below]
        top, below = (one.reshape((*view, one.shape[-1])) for one, view in zip(both, self.views, strict=True))
        with np.errstate(all="ignore"):
            return np.asarray(top / below)


@dataclass(frozen=True, eq=False)
class Apart:
    """How far alternatives along an axis are from one of them, as a difference or as a multiple.

    `reference` is the place of that one along the axis, on the shape of the others (with length 1 in the axis).
    """

    of: Derived
    axis: int
    reference: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
    multiple: bool

    def values(self, step: Mapping[str, Array]) -> Array:
        """The difference or the multiple, draw by draw."""
        own = self.of.values(step)
        first = np.take_along_axis(own, self.reference[..., None], self.axis)
        with np.errstate(all="ignore"):
            return np.asarray(own / first if self.multiple else own - first)


def fewer_rows(of: Derived, known: Mapping[str, Multiples]) -> tuple[Derived, Multiples] | None:
    """The rows of which all others are multiples, and these; None where there are none. `known` is of outputs."""
    if isinstance(of, Plain) and of.name in known:
        return First(of, known[of.name].first), known[of.name]
    if isinstance(of, Ratio) and isinstance(of.of, Plain) and of.of.name in known:
        above = known[of.of.name].seen(of.views[0])
        found = above.along(above.axes & {axis for axis, length in enumerate(of.views[1]) if length == 1})
        if found.useful and found.axes < above.axes:  # the other output differs along some of the axes
            return First(of, found.first), found
        if found.useful:
            views = found.factors[found.first].shape, of.views[1]
            return Ratio(First(of.of, known[of.of.name].first), of.below, views), found
    return None


def same_rows(chosen: Derived, own: Derived, shape: tuple[int, ...]) -> Derived:
    """The rows `chosen` of some values, of these values at fewer labels: `own`. `shape` is that of the rows."""
    match chosen, own:
        case First(_, first), _:
            return First(own, first)
        case Ratio(First(_, first), below), Ratio(of, _, (_, under)):
            return Ratio(First(of, first), below, (shape, under))
    raise AssertionError(chosen)


def outputs_read(all_of_them: Iterable[Derived]) -> set[str]:
    """The outputs that are read."""
    return {name for of in all_of_them for name, _ in _read(of)}


def first_labels(all_of_them: Iterable[Derived]) -> dict[str, tuple[slice, ...]]:
    """The outputs of which only the first labels along some axes are read, and these labels."""
    read: dict[str, list[tuple[slice, ...]]] = {}
    for name, first in (one for of in all_of_them for one in _read(of)):
        read.setdefault(name, [])
        read[name] += [first] if first not in read[name] else []
    return {name: first for name, (first, *others) in read.items() if first and not others}


def _read(of: Derived) -> Iterator[tuple[str, tuple[slice, ...]]]:
    """The outputs that are read, each with its first labels; () stands for all labels."""
    match of:
        case Plain(name):
            yield name, ()
        case First(Plain(name), first):
            yield name, first
        case Ratio(above, below):
            yield from ((below, ()), *_read(above))
        case Total(terms):
            yield from ((name, ()) for name, _, _ in terms)
        case First(within) | Apart(within):
            yield from _read(within)
