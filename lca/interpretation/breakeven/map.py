"""Break-even in two parameters: which of two totals is lower at every pair of values, and how surely."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...arguments import entry
from ...checks import Array, finite_number
from ...errors import DomainError
from ...records import notebook
from ...units.number_text import in_full, significant
from ...units.text import display
from ..result import Evaluable
from ..table import Table
from .along import Which, is_linear
from .axis import Axis, Bounds, axis_of, models_within
from .crossings import crossings, on_a_line, places_between
from .pair import MOST, Pair, names_of
from .rows import shown

_CONTOUR_POINTS = 201


@dataclass(frozen=True, eq=False)
class BreakevenMap:
    """Which of two totals is lower over two parameters, as `breakeven_map` returns it.

    Attributes
    ----------
    paths, units : tuple of str
        The two parameters, and the units of their values.
    names : tuple of str
        What the first and the second total are called.
    x, y : array
        The values of the first and of the second parameter.
    probability : array (x, y)
        The share of draws in which the first total is lower; equal ones count half.
    difference : array (x, y)
        The first total less the second at nominal values, in `unit`.
    contour : Table
        Where both are equal at nominal values: for values of the first parameter all values of the second.
    unit : str
        The unit of the totals.
    draws : int
        How many draws.

    Examples
    --------
    >>> import lca
    >>> hours, rate = lca.parameter("hours", "1 h"), lca.parameter("rate", "1 kg/h")
    >>> one, other = {"total": lca.parameter("once", "6 kg")}, {"total": hours * rate}
    >>> between = ("1 h", "6 h"), ("1 kg/h", "6 kg/h")
    >>> lca.breakeven_map(one, other, vary=("hours", "rate"), between=between, points=6).contour["rate"].to_list()[0]
    6.0
    """

    paths: tuple[str, str]
    units: tuple[str, str]
    names: tuple[str, str]
    x: Array
    y: Array
    probability: Array
    difference: Array
    contour: Table
    unit: str
    draws: int

    @property
    def table(self) -> Table:
        """A row for each pair of values: the probability that the first is lower, and the nominal difference."""
        x, y = (one.ravel() for one in np.meshgrid(self.x, self.y, indexing="ij"))
        columns = {self.paths[0]: x, self.paths[1]: y, "lower": self.probability.ravel()}
        frame = Table({**columns, "difference": self.difference.ravel(), "unit": self.unit})
        note = f"lower: the probability that {self.names[0]} is lower than {self.names[1]}, from {self.draws:,} draws."
        return Table.of(frame, list(self.paths), f"{note} difference: the first less the second, nominal.")

    def __repr__(self) -> str:
        ends = [f"{path} from {in_full(at[0])} to {in_full(at[-1])}{' ' * bool(unit)}{unit}"
                for path, unit, at in zip(self.paths, self.units, (self.x, self.y), strict=True)]  # fmt: skip
        share = significant(float((self.difference < 0).mean()))
        sure = significant(float((self.probability >= 0.95).mean()))
        never = significant(float((self.probability <= 0.05).mean()))
        said = f"{self.names[0]} is lower than {self.names[1]} on a share of {share} of the grid at nominal values"
        return f"<break-even over {' and '.join(ends)}: {said}; surely (95 %) on {sure}, surely not on {never}>"

    def _repr_html_(self) -> str:
        details = {"where they are equal at nominal values": self.contour._repr_html_()}
        return notebook.box("Break-even", " and ".join(self.names), {repr(self).strip("<>"): " "}, details)


@entry
def breakeven_map(
    study_a: Evaluable,
    study_b: Evaluable,
    *,
    vary: tuple[str, str],
    between: tuple[Bounds, Bounds],
    draws: int = 2_000,
    seed: int = 0,
    points: int = 31,
) -> BreakevenMap:
    """Which of two studies is lower at every pair of values of two parameters, and where both are equal.

    Parameters
    ----------
    study_a, study_b : Study, Result, Node, or mapping of str to Node
        Both get the values, and share their random numbers.
    vary : pair of str
        The paths or keys of the two parameters, as in `breakeven`.
    between : pair of pairs of quantities
        The lower and the upper bound of each.
    draws : int
        How many draws.
    seed : int
        The seed of the random numbers.
    points : int
        How many values of each parameter. Over a ratio of 50 or more they are in even ratios, else in even steps.

    Returns
    -------
    BreakevenMap
        The probability that the first is lower, over a grid, and the nominal contour, which does not depend on the
        grid: 201 values of the first parameter with every crossing of the second.

    Raises
    ------
    MissingError
        If a path is not a single parameter in either study.
    UnitError
        If a bound has another unit, or the totals have two.
    DomainError
        If bounds are outside the domain of a field or out of order, if one parameter is named twice, or if the totals
        vary over alternatives.

    Examples
    --------
    >>> import lca
    >>> hours, rate = lca.parameter("hours", "1 h"), lca.parameter("rate", "1 kg/h")
    >>> one, other = {"total": lca.parameter("once", lca.Uniform("5 kg", "7 kg"))}, {"total": hours * rate}
    >>> found = breakeven_map(one, other, vary=("hours", "rate"), between=(("1 h", "6 h"), ("1 kg/h", "6 kg/h")))
    >>> found.probability[0, 0].item(), found.probability[-1, -1].item()
    (0.0, 1.0)
    """
    finite_number(draws, "draws", low=1, whole=True)
    finite_number(points, "points", low=2, whole=True)
    things = (study_a, study_b)
    x, y = (
        axis_of(things, path, ends, f"between[{n}]") for n, (path, ends) in enumerate(zip(vary, between, strict=True))
    )
    if x.keys & y.keys:
        raise DomainError.of("one_parameter_twice", "vary", list(vary))
    models = models_within(things, vary, between)
    pair = Pair.of(names_of(models), (models[0], models[1]), seed)
    if pair.dims:
        raise DomainError.of("switch_over_other_alternatives", "total", dims=", ".join(dim.name for dim in pair.dims))
    at = shown(x, points), shown(y, points)
    unit, factor = display(pair.unit)
    grid = [one.ravel() for one in np.meshgrid(*at, indexing="ij")]
    difference = pair.gap(pair.along([x, y], None), *grid).reshape(points, points) / factor
    if not difference.any():
        raise DomainError.of("equal_whatever_the_value", "vary", list(pair.names))
    probability = _lower(pair, (x, y), grid, int(draws)).reshape(points, points)
    return BreakevenMap(
        (x.path, y.path), (x.unit, y.unit), pair.names, at[0] / x.factor, at[1] / y.factor, probability, difference,
        _contour(pair, x, y), unit, int(draws),
    )  # fmt: skip


def _lower(pair: Pair, axes: tuple[Axis, Axis], grid: list[Array], draws: int) -> Array:
    """The share of draws in which the first is lower at each pair of values; equal ones count half."""
    won = np.zeros(grid[0].size)
    for first in range(0, draws, MOST):
        count = min(MOST, draws - first)
        along = pair.along(axes, count, first)
        for some in _parts(grid[0].size, max(1, MOST // count)):
            which = np.tile(np.arange(count), len(some))
            xs = [np.repeat(one[some], count) for one in grid]
            signs = np.sign(pair.gap(along, *xs, which=which)[0])
            won[some] += 0.5 * (1 - signs).reshape(len(some), count).sum(axis=1)
    return won / draws


def _parts(count: int, size: int) -> Iterator[range]:
    return (range(first, min(first + size, count)) for first in range(0, count, size))


def _contour(pair: Pair, x: Axis, y: Axis) -> Table:
    """Where both are equal at nominal values: each value of x is a row of its own."""
    at = shown(x, _CONTOUR_POINTS)
    along = pair.along([x, y], None)

    def apart(values: Array, which: Which | None = None) -> Array:
        return pair.gap(along, at if which is None else at[which], values)

    if is_linear(pair.program.of("one", "other"), y.keys):
        ends = [apart(np.full(at.size, end)) for end in (y.low, y.high)]
        made = on_a_line(y.low, y.high, (ends[0], ends[1]))[0]
    else:
        places = places_between(y.low, y.high, _CONTOUR_POINTS)
        signs = np.stack([np.sign(apart(np.full(at.size, one))) for one in places]).astype(np.int8)
        made = crossings(apart, places, signs)[0]
    row, number = np.nonzero(np.isfinite(made))
    columns = {x.path: at[row] / x.factor, y.path: made[row, number] / y.factor, "branch": number}
    note = f"Where both are equal at nominal values: {x.path} in {x.unit or '1'}, {y.path} in {y.unit or '1'}."
    return Table.of(Table(columns), "", note)
