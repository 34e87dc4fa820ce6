"""The leaves of the graph: plain numbers of a formula, and parameters with a key (U1)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ..checks import Array
from ..distributions.base import Distribution
from ..distributions.shapes import Shape
from ..units.number_text import in_full, readable
from ..units.parse import parse_unit
from .labels import Dims


@dataclass(frozen=True, eq=False, slots=True)
class Constant:
    """Numbers of a formula itself, in root units; no key, no spread."""

    values: Array


@dataclass(frozen=True)
class Rows:
    """The distributions of a parameter as arrays, a row for each label."""

    location: Array
    scale: Array
    shapes: tuple[Shape, ...]
    shape_of: tuple[int, ...]  # per row; -1 for a fixed row
    own_of: tuple[int, ...]  # per row: which label of the stream


@dataclass(frozen=True, eq=False)
class Parameter:
    """A value with a key: a distribution or a fixed value per label (U1, U2, U5, U8, A10).

    `values` holds, row-major over `dims`, a Distribution or a float, in the unit text `unit`;
    `scale` is root units per that unit. Dims in `own` have a stream per label, the others share one.
    """

    key: str
    values: tuple[Distribution | float, ...]
    unit: str
    scale: float
    dims: Dims = ()
    own: frozenset[str] = frozenset()
    kind: str = "input"
    status: str = "assumed"
    source: str = ""
    population: int | None = None
    fixed: tuple[tuple[str, str], ...] = ()  # own labels already chosen: they still name the stream

    def at(self, chosen: Mapping[str, int]) -> Parameter:
        """The same parameter at some labels (positions by dim): same key, same streams, fewer rows."""
        table = np.empty(len(self.values), dtype=object)
        table[:] = self.values
        index = tuple(chosen.get(dim.name, slice(None)) for dim in self.dims)
        kept = np.atleast_1d(table.reshape(self.shape)[index]).ravel().tolist()
        own = [(d.name, d.texts[chosen[d.name]]) for d in self.dims if d.name in chosen and d.name in self.own]
        dims = tuple(dim for dim in self.dims if dim.name not in chosen)
        fixed = tuple(sorted((*self.fixed, *own)))
        made = replace(self, values=tuple(kept), dims=dims, own=self.own - set(chosen), fixed=fixed)
        return made.made_of((self,), lambda whole: whole[0].at(chosen))

    def made_of(self, parts: tuple[Parameter, ...], make: Callable[[Sequence[Parameter]], Parameter]) -> Parameter:
        """The same parameter, which is known to be made of others: of others like them, another can be made."""
        self.__dict__["origin"] = (parts, make)
        return self

    @cached_property
    def origin(self) -> tuple[tuple[Parameter, ...], Callable[[Sequence[Parameter]], Parameter]] | None:
        """The parameters that it was made of, and how; None where it was stated."""
        return None

    @cached_property
    def decided(self) -> dict[Callable[..., object], object]:
        """What the form of a study took from its values, by the function that looked (see `decided.py`)."""
        return {}

    @cached_property
    def is_random(self) -> bool:
        """Whether any label has a spread."""
        return any(isinstance(value, Distribution) for value in self.values)

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of its dims."""
        return tuple(len(dim) for dim in self.dims)

    @property
    def nominal(self) -> Array:
        """Nominal values in root units, on the shape of the dims (U5)."""
        return np.asarray(self.plain, dtype=np.float64).reshape(self.shape) * self.scale

    @property
    def plain(self) -> list[float]:
        """The nominal value of each label, in the unit as written."""
        return [value.nominal if isinstance(value, Distribution) else value for value in self.values]

    @cached_property
    def definition(self) -> tuple[object, ...]:
        """What must be equal where the key is equal (U1)."""
        labels = tuple((dim.name, dim.texts) for dim in self.dims)
        return (labels, self.numbers, parse_unit(self.unit), self.own, self.kind, self.population)

    @property
    def numbers(self) -> tuple[Distribution | float, ...]:
        """Its values, plain numbers in root units."""
        return tuple(v if isinstance(v, Distribution) else v * self.scale for v in self.values)

    @cached_property
    def rows(self) -> Rows:
        """What sampling needs: per label location + scale x shape, in root units."""
        shapes: dict[Shape, int] = {}
        size = len(self.values)
        location, scale, shape_of = np.zeros(size), np.zeros(size), [-1] * size
        for row, value in enumerate(self.values):
            if not isinstance(value, Distribution):
                location[row] = value * self.scale
                continue
            where, width, shape = value.standard
            location[row], scale[row] = where * self.scale, width * self.scale
            shape_of[row] = shapes.setdefault(shape, len(shapes))
        own = [len(dim) if dim.name in self.own else 1 for dim in self.dims]
        own_of = np.broadcast_to(np.arange(math.prod(own)).reshape(own), self.shape)
        return Rows(location, scale, tuple(shapes), tuple(shape_of), tuple(own_of.ravel().tolist()))

    @cached_property
    def reach(self) -> tuple[float, float]:
        """The smallest and largest value that count, over all labels, in root units."""
        ends = [end for v in self.values for end in (v.reach if isinstance(v, Distribution) else (v, v))]
        return min(ends) * self.scale, max(ends) * self.scale

    @property
    def highest(self) -> float:
        """The largest value that can be drawn; infinity where there is no end."""
        return max(v.support[1] if isinstance(v, Distribution) else v for v in self.values) * self.scale

    def quantile(self, u: float) -> Array:
        """The exact quantile of every label, in root units; a label without spread stays where it is."""
        rows = self.rows
        standard = [0.0 if i < 0 else float(rows.shapes[i].ppf(np.asarray(u))) for i in rows.shape_of]
        return np.asarray(rows.location + rows.scale * np.array(standard)).reshape(self.shape)

    @property
    def spread(self) -> str:
        """Its 5 to 95 % interval in words; empty without a spread, and a name of the family for several labels."""
        if not self.is_random:
            return ""
        if self.values[1:]:
            return ", ".join(dict.fromkeys(type(one).__name__ for one in self.values if isinstance(one, Distribution)))
        factor = readable(parse_unit(self.unit)[1], float(np.max(np.abs(self.nominal))))[1]
        low, high = (in_full(float(self.quantile(u).item()) / factor) for u in (0.05, 0.95))
        basis = getattr(self.values[0], "basis", "")
        return f"5 to 95 %: {low} to {high}" + (f", by {basis}" if basis else "")

    def __getstate__(self) -> dict[str, object]:
        # what was decided by it is no cache: another study may ask
        return {name: self.__dict__[name] for name in (*self.__dataclass_fields__, "decided") if name in self.__dict__}

    def describe(self) -> str:
        """The definition in words, for errors and provenance."""
        first = self.values[0]
        text = repr(first) if isinstance(first, Distribution) else f"{first:g} {self.unit}".strip()
        return text + (f" and {len(self.values) - 1} more" if len(self.values) > 1 else "")
