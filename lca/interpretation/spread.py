"""The spread of a value over all draws of a run: from the draws, or from the statistics that a run kept of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
import xarray

from ..checks import Array
from ..graph.labels import Label, placed
from ..sampling.statistics.histogram import Ints
from ..units.number_text import significant
from .row_statistics import RowStatistics

#: The headline of every table (A11): the median, and the ends of its 5 to 95 % interval.
QUANTILES = {"p50": 0.50, "p5": 0.05, "p95": 0.95}
SHARES = np.array([*QUANTILES.values()])
#: What an array holds.
Cell = TypeVar("Cell", bound=np.generic)


def quantiles(values: Array | xarray.DataArray) -> dict[str, Array]:
    """The median and the 5 and 95 % quantiles over the last axis, the draws."""
    return dict(zip(QUANTILES, np.quantile(values, list(QUANTILES.values()), axis=-1), strict=True))


@dataclass(frozen=True, eq=False)
class DrawnSpread:
    """A value that is known draw by draw: over its dims and, last, the draws."""

    dims: tuple[str, ...]
    values: Array
    drawn: bool = True

    @cached_property
    def mean(self) -> Array:
        """The mean, over the dims."""
        return np.asarray(self.values.mean(axis=-1))

    @cached_property
    def quantiles(self) -> dict[str, Array]:
        """The quantiles of the headline, over the dims; nothing of a value without draws."""
        return quantiles(self.values) if self.drawn else {}

    def sel(self, places: Mapping[str, int | list[int]]) -> DrawnSpread:
        """The same at places along some dims: one place, or several that keep the dim."""
        if not places:
            return self  # with its quantiles, where they are known
        return replace(self, dims=_left(self.dims, places), values=taken(self.values, self.dims, places))


@dataclass(frozen=True, eq=False)
class StreamedSpread:
    """A value of which statistics were kept: `rows` says over its dims in which row of them it stands."""

    dims: tuple[str, ...]
    statistics: RowStatistics
    rows: Ints
    scale: Array  # displayed units for one of the statistics, above 0, over the dims
    drawn: bool = True

    @cached_property
    def mean(self) -> Array:
        """The mean, over the dims."""
        return self._at(self.statistics.mean)

    @cached_property
    def quantiles(self) -> dict[str, Array]:
        """The quantiles of the headline, over the dims."""
        return dict(zip(QUANTILES, map(self._at, self.statistics.quantiles), strict=True))

    @property
    def errors(self) -> dict[str, Array]:
        """The standard errors of the mean and of these quantiles, of random draws."""
        told = self.statistics
        of_mean = self._at(told.sd) / np.sqrt(told.draws)
        return {"mean": of_mean, **dict(zip(QUANTILES, map(self._at, told.errors), strict=True))}

    def _at(self, statistic: Array) -> Array:
        return np.asarray(statistic[self.rows] * self.scale)

    def per(self, dims: Sequence[str], below: Array) -> StreamedSpread:
        """The same per something that is the same in all draws: `below`, over `dims`."""
        every = _joined(self.dims, dims)
        rows = laid(every, self.dims, self.rows)
        scale = laid(every, self.dims, self.scale) / laid(every, dims, below)
        return replace(self, dims=every, rows=np.broadcast_to(rows, scale.shape), scale=scale)

    def sel(self, places: Mapping[str, int | list[int]]) -> StreamedSpread:
        """The same at places along some dims: one place, or several that keep the dim."""
        rows, scale = taken(self.rows, self.dims, places), taken(self.scale, self.dims, places)
        return replace(self, dims=_left(self.dims, places), rows=rows, scale=scale)


@dataclass(frozen=True, eq=False)
class EstimatedSpread:
    """Statistics of a value with their errors, each over its dims, in the displayed unit.

    `values` and `errors` hold "mean" and quantiles such as "p95"; an error is the half-width of a 95 % interval.
    """

    dims: tuple[str, ...]
    values: Mapping[str, Array]
    errors: Mapping[str, Array]
    drawn: bool = True

    @property
    def mean(self) -> Array:
        """The mean, over the dims."""
        return self.values["mean"]

    @property
    def quantiles(self) -> dict[str, Array]:
        """The quantiles of the headline, over the dims."""
        return {name: self.values[name] for name in QUANTILES}

    @property
    def asked_quantiles(self) -> dict[str, Array]:
        """Quantiles beside the headline, of which an error was asked."""
        return {name: one for name, one in self.values.items() if name not in ("mean", *QUANTILES)}

    @property
    def relative(self) -> dict[str, Array]:
        """The error of each statistic as a share of it; NaN of a statistic that is 0."""
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = {name: np.abs(self.errors[name] / value) for name, value in self.values.items()}
        known = {name: np.where(np.isfinite(one), one, np.nan) for name, one in shares.items()}
        return {name: np.where(self.errors[name] == 0, 0.0, one) for name, one in known.items()}

    @property
    def largest(self) -> Array:
        """The largest of these errors."""
        return np.asarray(np.max([*self.relative.values()], axis=0))

    def sel(self, places: Mapping[str, int | list[int]]) -> EstimatedSpread:
        """The same at places along some dims: one place, or several that keep the dim."""
        values, errors = (
            {name: taken(one, self.dims, places) for name, one in those.items()} for those in (self.values, self.errors)
        )
        return replace(self, dims=_left(self.dims, places), values=values, errors=errors)

    def per(self, dims: tuple[str, ...], below: Array) -> EstimatedSpread:
        """The same per something that is the same in all draws: `below`, over `dims`."""
        every = _joined(self.dims, dims)
        under = laid(every, dims, below)
        values, errors = (
            {name: laid(every, self.dims, one) / under for name, one in those.items()}
            for those in (self.values, self.errors)
        )
        return replace(self, dims=every, values=values, errors=errors)


Spread: TypeAlias = DrawnSpread | StreamedSpread | EstimatedSpread


def laid(dims: Sequence[str], own: Sequence[str], values: npt.NDArray[Cell]) -> npt.NDArray[Cell]:
    """Values over their `own` dims, seen over `dims`: of length 1 where they do not vary.

    >>> laid(["a", "b"], ["b"], np.ones(3)).shape
    (1, 3)
    """
    ordered = np.transpose(values, [list(own).index(dim) for dim in dims if dim in own])
    return np.expand_dims(ordered, tuple(i for i, dim in enumerate(dims) if dim not in own))


def _joined(dims: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """The dims of both."""
    return tuple(dict.fromkeys((*dims, *others)))


def _left(dims: Sequence[str], places: Mapping[str, int | list[int]]) -> tuple[str, ...]:
    """The dims that stay where places are taken: one place ends its dim, several keep it."""
    return tuple(dim for dim in dims if not isinstance(places.get(dim), int))


def taken(array: npt.NDArray[Cell], dims: Sequence[str], places: Mapping[str, int | list[int]]) -> npt.NDArray[Cell]:
    """An array over dims at some of their places."""
    for axis in reversed(range(len(dims))):
        if dims[axis] in places:
            array = np.take(array, places[dims[axis]], axis=axis)
    return np.asarray(array)


def spread_of(array: xarray.DataArray | xarray.Variable, summed: Collection[str] = ()) -> DrawnSpread:
    """The spread of labelled draws, or a value without draws; some of its dims are summed."""
    own = [str(dim) for dim in array.dims]
    parts = tuple(i for i, dim in enumerate(own) if dim in summed)
    values = array.values.sum(axis=parts) if parts else array.values
    kept = tuple(dim for dim in own if dim not in summed)
    if "draw" not in kept:
        return DrawnSpread(kept, np.asarray(values)[..., None], drawn=False)
    dims = tuple(dim for dim in kept if dim != "draw")
    return DrawnSpread(dims, laid((*dims, "draw"), kept, values))


def ratio_of(top: DrawnSpread, below: DrawnSpread) -> DrawnSpread:
    """The ratio of two, draw by draw."""
    dims = _joined(top.dims, below.dims)
    above, under = (laid((*dims, "draw"), (*one.dims, "draw"), one.values) for one in (top, below))
    return DrawnSpread(dims, above / under, top.drawn or below.drawn)


def by_label(array: xarray.DataArray, *kept: str) -> Iterator[tuple[dict[str, Label], xarray.DataArray]]:
    """The array at every label of its dims, each by itself: all dims but the draws and those `kept`."""
    dims = [str(dim) for dim in array.dims if dim not in ("draw", *kept)]
    for at, labels in places_in(dims, array):
        yield labels, array[at]


def places_in(
    dims: Sequence[str], labelled: xarray.DataArray | xarray.Dataset
) -> Iterator[tuple[dict[str, int], dict[str, Label]]]:
    """Every place along some dims of labelled values, with its labels."""
    return places_of(dims, {dim: labelled[dim].values.tolist() for dim in dims})


def places_of(
    dims: Sequence[str], labels: Mapping[str, Sequence[Label]]
) -> Iterator[tuple[dict[str, int], dict[str, Label]]]:
    """Every place along some dims, with its labels."""
    for index in np.ndindex(*(len(labels[dim]) for dim in dims)):
        at = dict(zip(dims, index, strict=True))
        yield at, {dim: labels[dim][i] for dim, i in at.items()}


def label_text(labels: Mapping[str, Label]) -> str:
    """Labels as a path writes them: "engine=a,grid=US"."""
    return placed(labels.items())


def headlines(spread: Spread, unit: str) -> Array:
    """The number to quote at every place of a spread, as texts: the median with its interval, or the nominal value."""
    numbers = zip(*(one.ravel() for one in (spread.quantiles.values() if spread.drawn else [spread.mean])), strict=True)
    return np.array([quoted(row, unit) for row in numbers], dtype=object).reshape(spread.mean.shape)


def quoted(numbers: Sequence[float], unit: str) -> str:
    """A median with the ends of its interval, or a nominal value alone, as a text (A11).

    >>> quoted([9172.0, 6240.0, 13800.0], "kg CO2e"), quoted([48.0], "kg CO2e")
    ('9,170 kg CO2e (median; 5 to 95 %: 6,240 to 13,800)', '48.0 kg CO2e (nominal)')
    """
    middle, *ends = (significant(float(one)) for one in numbers)
    return f"{middle} {unit} ({f'median; 5 to 95 %: {ends[0]} to {ends[1]}' if ends else 'nominal'})"


def headline(values: xarray.DataArray) -> str:
    """The number to quote, with its unit: the median and its interval, or the nominal value without draws (A11)."""
    return str(headlines(spread_of(values), values.attrs["unit"]).item())
