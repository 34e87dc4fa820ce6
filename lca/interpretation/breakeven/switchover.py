"""Switch-over: which alternative is the lowest in which interval of a parameter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ...arguments import entry
from ...checks import Array, finite_number
from ...errors import DomainError, MissingError
from ...graph.labels import Label
from ...graph.program import Program
from ...records import notebook
from ...sampling.statistics.ranks import SAME, shares, smallest, wins
from ...units.number_text import in_full
from ..draws import held_keys
from ..result import Evaluable, output_named
from ..table import Table
from .along import Along, Which, is_linear
from .axis import Axis, Bounds, axis_of, models_within
from .crossings import crossings, gap, on_a_line, places_between
from .pair import MOST
from .rows import NEVER, Row, shown, spread_of_crossings

#: Signs that are looked at together, which bounds memory.
_BLOCK = 1 << 22
_NOMINAL_POINTS = 1_000
#: Where in an interval the probabilities are averaged: the middles of equal parts.
_MIDDLES = (np.arange(16) + 0.5) / 16
#: An interval of the parameter: its ends, and the place of the alternative that is the lowest.
Interval = tuple[float, float, int]


@dataclass(frozen=True, eq=False)
class Switchover:
    """Which alternative is the lowest along a parameter, as `switchover` returns it.

    Attributes
    ----------
    path : str
        The path or key of the parameter.
    unit : str
        The unit of its values.
    over : str
        The dim of the alternatives.
    table : Table
        A row for each interval at nominal values, in rising order: `low`, `high`, the alternative that is the
        `lowest`, and its `probability` to be so, averaged over the interval.
    switches : Table
        A row for each value at which the lowest changes at nominal values: `before`, `after`, `nominal`, and `p50`,
        `p5` and `p95` of where the two are equal, over the draws in which they are. `cross` is their share,
        `cross_error` half of its 95 % interval.
    probabilities : Table
        For values of the parameter the probability of each alternative to be the lowest; ties are shared.

    Examples
    --------
    >>> import lca
    >>> rate = lca.parameter("rate", lca.labelled({"a": 1.0, "b": 2.0, "c": 3.0}, "kg/h", dim="engine"))
    >>> once = lca.parameter("once", lca.labelled({"a": 7.0, "b": 2.0, "c": 0.0}, "kg", dim="engine"))
    >>> total = {"total": once + rate * lca.parameter("hours", "1 h")}
    >>> lca.switchover(total, over="engine", vary="hours", between=("1 h", "9 h"), draws=10)
    <lowest engine along hours: c from 1 to 2, b to 5, a to 9 h>
    """

    path: str
    unit: str
    over: str
    table: Table
    switches: Table
    probabilities: Table

    def __repr__(self) -> str:
        rows = [
            (row["lowest"], *(in_full(float(row[end])) for end in ("low", "high"))) for _, row in self.table.iterrows()
        ]
        (lowest, low, high), *rest = rows
        said = [f"{lowest} from {low} to {high}", *(f"{label} to {end}" for label, _, end in rest)]
        unit = f" {self.unit}" if self.unit else ""
        return f"<lowest {self.over} along {self.path}: {', '.join(said)}{unit}>"

    def _repr_html_(self) -> str:
        tables = {"which is the lowest": self.table, "where it changes": self.switches}
        details = {name: one._repr_html_() for name, one in tables.items()}
        return notebook.box("Switch-over", f"{self.over} along {self.path}", {}, details, opened=tuple(tables))


@entry
def switchover(
    thing: Evaluable,
    *,
    over: str,
    vary: str,
    between: Bounds,
    draws: int = 10_000,
    seed: int = 0,
    points: int = 41,
) -> Switchover:
    """Which alternative is the lowest in which interval of a parameter, at nominal values and how surely.

    At nominal values the lowest is looked up at 1,000 values of the range, and each change is followed to its place.
    Where the totals are lines in the parameter, that is exact: two values are enough.

    Parameters
    ----------
    thing : Study, Result, Node, or mapping of str to Node
        What varies over the alternatives.
    over : str
        The dim of the alternatives. Others have to be selected before.
    vary : str
        The path of the parameter, or the key of a value, as in `breakeven`.
    between : pair of quantities
        The lower and the upper bound, checked like any value of the field.
    draws : int
        How many draws.
    seed : int
        The seed of the random numbers.
    points : int
        How many values of the range have a probability for each alternative.

    Returns
    -------
    Switchover
        `.table` has the intervals, `.switches` the values at which the lowest changes.

    Raises
    ------
    MissingError
        If the path is not a single parameter, or the total lacks the dim `over`.
    UnitError
        If a bound has another unit.
    DomainError
        If the bounds are outside the domain of the field or out of order, or if the total has other alternatives.

    Examples
    --------
    >>> import lca
    >>> rate = lca.parameter("rate", lca.labelled({"new": 1.0, "old": 2.0}, "kg/h", dim="engine"))
    >>> once = lca.parameter("once", lca.labelled({"new": lca.Uniform(2, 4), "old": 0.0}, "kg", dim="engine"))
    >>> total = {"total": once + rate * lca.parameter("hours", "1 h")}
    >>> found = lca.switchover(total, over="engine", vary="hours", between=("1 h", "9 h"), draws=2000)
    >>> found.switches[["before", "after", "nominal"]].to_dict("records")
    [{'before': 'old', 'after': 'new', 'nominal': 3.0}]
    """
    finite_number(draws, "draws", low=1, whole=True)
    finite_number(points, "points", low=2, whole=True)
    axis = axis_of([thing], vary, between)
    (model,) = models_within([thing], [vary], [between])
    name = output_named(model.outputs, "total")
    dims = [dim.name for dim in model.outputs[name].dims]
    if over not in dims:
        raise MissingError.of("no_alternatives_over", "over", dim=over, dims=", ".join(dims) or "none")
    if others := [dim for dim in dims if dim != over]:
        raise DomainError.of("switch_over_other_alternatives", "over", dims=", ".join(others))
    return _Rivals(model.program.of(name), axis, over, seed).answer(int(draws), points)


@dataclass(frozen=True, eq=False)
class _Rivals:
    """A total over one dim of alternatives, along a parameter."""

    program: Program
    axis: Axis
    over: str
    seed: int

    @property
    def labels(self) -> tuple[Label, ...]:
        (output,) = self.program.outputs.values()
        return output.dims[0].labels

    def answer(self, draws: int, points: int) -> Switchover:
        axis, linear = self.axis, is_linear(self.program, self.axis.keys)
        intervals = self.nominal(linear)
        inside = [low + (high - low) * _MIDDLES for low, high, _ in intervals]
        places = np.unique([*shown(axis, points), *(low for low, *_ in intervals)])
        every = self._best(np.concatenate([places, *inside]), draws)
        best, *within = np.split(every, len(places) + len(_MIDDLES) * np.arange(len(intervals)))
        factor = axis.factor
        rows: list[Row] = [
            {"low": low / factor, "high": high / factor, "lowest": self.labels[one],
             "probability": float(sure[:, one].mean()), "unit": axis.unit}
            for (low, high, one), sure in zip(intervals, within, strict=True)
        ]  # fmt: skip
        note = f"The lowest at nominal values along {axis.path}, with its mean probability to be the lowest there."
        probabilities = Table(best, columns=[*self.labels])
        probabilities.insert(0, axis.path, places / factor)
        said = (
            f"The probability of each {self.over} to be the lowest, from {draws:,} draws; {axis.path} in {axis.unit}."
        )
        return Switchover(
            axis.path, axis.unit, self.over, Table.of(rows, "", note), self._switches(intervals, linear, draws),
            Table.of(probabilities, axis.path, said),
        )  # fmt: skip

    def _along(self, draws: int | None, first: int = 0) -> Callable[..., Array]:
        """The totals (alternatives, n) over some draws, or at nominal values."""
        held = held_keys(self.program, ())
        along = Along.of(self.program, [self.axis.keys], held, draws, seed=self.seed, first=first)

        def totals(x: Array, which: Which | None = None) -> Array:
            (values,) = along(x, which=which).values()
            return values

        return totals

    def nominal(self, linear: bool) -> list[Interval]:
        """The intervals at nominal values; neighbours with one lowest are one interval."""
        totals = self._along(None)
        low, high = self.axis.low, self.axis.high
        places = np.array([low, high]) if linear else places_between(low, high, _NOMINAL_POINTS)
        lowest = _lowest(totals(places)).tolist()
        found: list[Interval] = []
        for i in range(len(places) - 1):
            found += _split(totals, (places[i], lowest[i]), (places[i + 1], lowest[i + 1]))
        joined: list[Interval] = []
        for one in found:
            if joined and joined[-1][2] == one[2]:
                joined[-1] = joined[-1][0], one[1], one[2]
            elif one[0] < one[1]:
                joined.append(one)
        return joined

    def _best(self, places: Array, draws: int) -> Array:
        """The share of draws in which each is the lowest at each value (values, alternatives)."""
        many, size = len(self.labels), max(1, MOST // len(self.labels))
        counts = np.zeros((len(places), many, many), np.int64)
        for first in range(0, draws, size):
            count = min(size, draws - first)
            totals = self._along(count, first)
            for place, x in enumerate(places):
                values = totals(np.full(count, x))
                counts[place] += wins(smallest(np.broadcast_to(values, (many, count)))[1])
        return shares(counts)

    def _switches(self, intervals: Sequence[Interval], linear: bool, draws: int) -> Table:
        """Where two that follow each other are equal: in each draw the value nearest to the nominal one."""
        rows: list[Row] = []
        for (_, at, before), (*_, after) in pairwise(intervals):
            values = self._equal(before, after, at, linear, draws) / self.axis.factor
            rows.append({"nominal": at / self.axis.factor, "before": self.labels[before], "after": self.labels[after],
                         **spread_of_crossings(values), "unit": self.axis.unit})  # fmt: skip
        columns = ("nominal", "before", "after", "p50", "p5", "p95", "cross", "cross_error", "unit")
        made = Table(rows, columns=[*columns])
        made = Table.of(made, "", f"Values of {self.axis.path}; quantiles are of the draws in which the two are equal.")
        made.attrs["why"] = NEVER
        return made

    def _equal(self, one: int, other: int, near: float, linear: bool, draws: int) -> Array:
        low, high = self.axis.low, self.axis.high
        places = np.array([low, high]) if linear else places_between(low, high, 400)
        size, found = max(1, min(_BLOCK // len(places), MOST // len(self.labels))), []
        for first in range(0, draws, size):
            count = min(size, draws - first)
            totals = self._along(count, first)

            def apart(x: Array, which: Which | None = None, totals: Callable[..., Array] = totals) -> Array:
                values = totals(x, which)
                return np.broadcast_to(gap(values[one], values[other])[None], (1, x.size))

            ends = np.stack([apart(np.full(count, x)) for x in places])
            if linear:
                made = on_a_line(low, high, (ends[0], ends[-1]))
            else:
                made = crossings(apart, places, np.sign(ends).astype(np.int8))
            away = np.where(np.isfinite(made[0]), np.abs(made[0] - near), np.inf)
            found.append(np.take_along_axis(made[0], away.argmin(axis=-1)[:, None], -1)[:, 0])
        return np.concatenate(found)


def _lowest(values: Array) -> Array:
    """The first place of the lowest of each column; what is as low up to rounding counts as equal."""
    lowest = values.min(axis=0)
    return np.asarray((values <= lowest + SAME * np.abs(lowest)).argmax(axis=0))


def _split(totals: Callable[..., Array], left: tuple[float, int], right: tuple[float, int]) -> list[Interval]:
    """Which is the lowest between two values: where the two are equal, a third may be lower."""
    (a, one), (b, other) = left, right
    if one == other:
        return [(a, b, one)]

    def apart(x: Array, which: Which | None = None) -> Array:
        values = totals(x)
        return gap(values[one], values[other])[None]

    ends = apart(np.array([a, b]))[0]
    at = float(crossings(apart, np.array([a, b]), np.sign(ends).astype(np.int8)[:, None, None])[0, 0, 0])
    values = totals(np.array([at]))
    third = int(_lowest(values)[0])
    both = min(values[one, 0], values[other, 0])
    if third in (one, other) or values[third, 0] >= both - SAME * abs(both) or not a < at < b:
        return [(a, at, one), (at, b, other)]
    return [*_split(totals, left, (at, third)), *_split(totals, (at, third), right)]
