"""Meters and readings: where a meter sits, how wrong it may be, and which part of that is shared (U10, Q3)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..arguments import entry
from ..checks import finite_number, one_of
from ..distributions.base import Distribution
from ..distributions.families import Normal, Uniform
from ..distributions.lognormal import Lognormal
from ..errors import AccountingError, BoundaryError, DomainError, UnitError
from ..faults import refuse
from ..graph.fields import STATUSES, Declared, attached_text, attachment, make_parameter
from ..graph.inputs import Labelled, labelled, read_value
from ..graph.labels import label_texts
from ..graph.leaf import Parameter
from ..graph.node import Node, constant, parameter_node
from ..records.record import Record, component, plain, word
from ..units.parse import parse_unit, root
from ..units.registry import DIMENSIONLESS, Unit, boundary_of
from ..units.text import unit_text
from .figures import below_zero, factor_between, figure_of, fits_reading, in_words, scatter_of
from .observed import Labels, Lasting, nominal_of

_POWER = Declared(("W",), boundary="times")


@component
class Meter(Record):
    """An instrument: where it sits, its accuracy and its resolution (GUM, JCGM 100:2008, 4.3).

    The error of the accuracy is one for the meter: all its readings share it. The error of the resolution is that of
    each reading alone. Limits are a rectangular distribution, u = a / sqrt 3 (GUM 4.3.7). A standard uncertainty is
    a normal distribution; it must be below a sixth of what is read.

    Parameters
    ----------
    name : str
        The name of the meter, unique in a study.
    at : str
        Where it sits: "component", "board", "wall" or "facility".
    accuracy : str
        The limits of its error as the maker states them, relative ("2 %") or in the unit of the reading ("5 W"). Or a
        factor around 1, as of a power that is assumed: `lca.Lognormal(1, gsd=1.5)`.
    u : str
        A standard uncertainty in place of limits: "1 %".
    expanded : pair
        An expanded uncertainty with its coverage factor in place of limits: ("2 %", 2).
    resolution : str
        The smallest step of its display, "1 W": rectangular, half a step either way (GUM F.2.2.1).
    status, source, key : str
        Status and source of the accuracy; what its key begins with, in place of the name.
    readings : str
        The status of its readings: "measured", or "assumed" where a power stands in for a meter.

    Raises
    ------
    BoundaryError
        If `at` is not a boundary.
    DomainError
        If the uncertainty is stated twice, or is so large that a reading could be 0.

    Examples
    --------
    >>> wall = Meter("Kill A Watt", at="wall", accuracy="2 %", resolution="1 W")
    >>> wall.read(147, "W")
    <reading of Kill A Watt: 147 W at the wall>
    """

    at: str = plain()
    accuracy: Any = plain(default=None)
    u: Any = plain(default=None)
    expanded: tuple[Any, Any] | None = plain(default=None)
    resolution: Any = plain(default=None)
    status: str = word(*STATUSES, default="declared")
    source: str = plain(default="")
    key: str = plain(default="")
    readings: str = word(*STATUSES, default="measured")

    def __post_init__(self) -> None:
        super().__post_init__()
        attachment(root("W"), _POWER, where=f"{self.slug}.at", at=self.at)  # raises where there is no such boundary
        _ = self.spread, self._steps  # a figure that cannot be raises here, not at the first reading

    @cached_property
    def spread(self) -> Distribution | None:
        """How its readings err: around 1, a factor, or around 0 in the unit of what is read, an offset.

        Limits are rectangular, a standard uncertainty is normal (GUM 4.3.7, 4.3.4).
        """
        figures = {"accuracy": self.accuracy, "u": self.u, "expanded": self.expanded}
        stated = [name for name, said in figures.items() if said is not None]
        if not stated:
            return None
        if len(stated) > 1:
            raise DomainError.of("uncertainty_stated_twice", self.slug, stated)
        where, said, coverage = f"{self.slug}.{stated[0]}", figures[stated[0]], 1.0
        if isinstance(self.accuracy, Lognormal) and not self.accuracy.unit and self.accuracy.nominal == 1:
            return self._around_one(self.accuracy)
        if self.expanded is not None:
            said, factor = self.expanded
            coverage = finite_number(factor, where, low=0, above=True, form='expanded=("2 %", 2)')
        size, unit = figure_of(said, where, form='write "2 %", or in the unit of the reading, "5 W"')
        centre, half = 0.0 if unit else 1.0, size / coverage
        made = Normal(centre, half) if self.accuracy is None else Uniform(centre - half, centre + half)
        return made.in_unit(self._here(unit, where)) if unit else self._around_one(made)

    def _around_one(self, factor: Distribution) -> Distribution:
        """A factor by which its readings err; raises where it could be 0."""
        if factor.reach[0] <= 0:
            raise DomainError.of("meter_may_read_zero", self.slug)
        return factor

    @cached_property
    def error(self) -> Node | None:
        """The one error that all its readings share."""
        if self.spread is None:
            return None
        source = self.source or f"{self.name}: stated accuracy"
        given = Labelled((self.spread,), self.spread.unit)
        key = f"{self.key_prefix}.accuracy"
        return parameter_node(make_parameter(key, given, status=self.status, source=source, kind="measurement"))

    @cached_property
    def _steps(self) -> dict[Unit, tuple[float, str]]:
        """(display step, its unit) for each kind of quantity it shows, as far as stated: never a part of a reading."""
        where, form = f"{self.slug}.resolution", 'a display step is a quantity above zero: write "1 W"'
        said = self.resolution if isinstance(self.resolution, (tuple, list)) else (self.resolution,)
        steps = [figure_of(one, where, form=form, part=0) for one in said if one is not None]
        made = {root(self._here(unit, where)): (size, unit) for size, unit in steps}
        if len(made) < len(steps):
            raise DomainError.of("two_steps_of_one_unit", where, [f"{size:g} {unit}" for size, unit in steps])
        return made

    def step_of(self, unit: str) -> float:
        """The display step of readings of a unit, in that unit; 0 where the meter states none.

        Parameters
        ----------
        unit : str
            The unit of the readings, with its boundary: "W at_wall".

        Returns
        -------
        float
            The step, in that unit.

        Examples
        --------
        >>> Meter("plug", at="wall", resolution="0.1 W").step_of("W at_wall")
        0.1
        """
        fits = [one for kind, one in self._steps.items() if fits_reading(kind, root(unit))]
        size, own = next(iter([*fits, *self._steps.values()]), (0.0, unit))
        return size * factor_between(own, unit, f"{self.slug}.resolution", "resolution_in_another_unit")

    def _here(self, unit: str, where: str) -> str:
        """A unit with the boundary of the meter. Raises `BoundaryError` where it names another."""
        named, here = boundary_of(root(unit)), f"at_{self.at}"
        if named not in (None, here):
            raise BoundaryError.of("not_the_boundary_of_the_meter", where, unit=unit_text(root(unit)), at=self.at)
        top, slash, bottom = unit.partition("/")
        return unit if named else f"{top.strip()} {here}{slash}{bottom.strip()}"

    @entry
    def read(
        self, data: Any, unit: str = "", *, dim: str = "", u: Any = None, true_zeros: bool = False,
        status: str = "", source: str = "",
    ) -> Reading:  # fmt: skip
        """A reading of this meter: a number with its unit, or labelled data.

        A reading is a value, like a distribution: the field that takes it gives the key.

        Parameters
        ----------
        data : number, text, Distribution, or values by label
            What was read. A distribution says its own spread, in place of `u` and the resolution.
        unit : str
            The unit of the numbers, without the boundary: "W".
        dim : str
            The name of the dim of labelled data.
        u : str or float
            The standard uncertainty of each reading itself, such as its scatter: "3 W" or "2 %". It adds to the
            resolution.
        true_zeros : bool
            Take a reading of 0 as exactly 0, as of what is switched off.
        status, source : str
            Status and source of the reading; the status is that of the readings of the meter, if not given.

        Returns
        -------
        Reading
            The reading, for a field of power or energy.

        Raises
        ------
        NonFiniteError
            If values are missing; the error lists them.
        AccountingError
            If readings are 0 without `true_zeros`.
        BoundaryError
            If the unit names another boundary.
        DomainError
            If a value above 0 would be drawn below 0.
        UnitError
            If the unit is given twice, or the display step or `u` has another unit.

        Examples
        --------
        >>> Meter("rail", at="board", accuracy="5 %").read({"FP16": 0.386, "FP32": 0.524}, "J/inference", dim="engine")
        <readings of rail, engine: 2 [J at the board/inference]>
        """
        where = f"a reading of {self.name}"
        status = one_of(status or self.readings, STATUSES, "status", where)
        given = labelled(data, unit, dim=dim) if dim else read_value(data, where)
        if given.unit and unit and not dim:
            raise UnitError.of("unit_given_twice", where, [given.unit, unit])
        text = self._here(given.unit or unit, where)
        shown = Labelled(given.values, text, given.dims)
        scatter = (0.0,) * len(given.values) if u is None else scatter_of(u, shown, where)
        reading = Reading(self, shown, scatter, self.step_of(text), true_zeros, status, source)
        reading.check()
        return reading


@dataclass(frozen=True, eq=False, repr=False)
class Reading(Labels):
    """What a meter showed; a value without a key until a field takes it (U1).

    `before - after` is the difference of two readings, and `reading * 8` a multiple (U10).

    >>> from lca.graph.node import parameters
    >>> counter = Meter("counter", at="wall", accuracy="2 %", resolution="0.01 kWh")
    >>> node = (counter.read("12.87 kWh") - counter.read("12.41 kWh")).node("run.energy")
    >>> [leaf.short for leaf in parameters([node])]
    ['run.energy.reading-1', 'counter.accuracy', 'run.energy.reading-2']
    """

    meter: Meter
    given: Labelled
    scatter: tuple[float, ...]  # the standard uncertainty of each value itself, in the unit of `given`
    step: float  # of the display, in the unit of `given`
    true_zeros: bool
    status: str
    source: str
    span: float | tuple[float, ...] = 1.0  # seconds, where a power was read over a time; for each label or for all

    @property
    def name(self) -> str:
        """The name of the meter."""
        return self.meter.name

    def check(self) -> None:
        """Raise for readings of zero, and for what would be drawn below 0; all labels at once."""
        where, shift, down = f"a reading of {self.meter.name}", self.meter.spread, 0.0
        if shift is not None and shift.unit:
            accuracy = f"{self.meter.slug}.accuracy"
            down = shift.reach[0] * factor_between(shift.unit, self.given.unit, accuracy, "accuracy_in_another_unit")
        rows = list(zip(label_texts(self.given.dims), self.given.values, self.drawn(), strict=True))
        zeros = [label.rstrip(": ") or "0" for label, value, _ in rows if value == 0 and not self.true_zeros]
        low = [(label, below_zero(value, one, down, isinstance(shift, Normal))) for label, value, one in rows]
        below = [f"{label}{said} {in_words(self.given.unit)}" for label, said in low if said]
        refuse(
            (zeros, AccountingError, "all_readings_zero" if len(zeros) == len(rows) else "some_readings_zero", where),
            (below, DomainError, "readings_drawn_below_zero", where),
            count=len(zeros or below),
            number=len(rows),
        )

    def drawn(self) -> list[Distribution | float]:
        """What each value shown stands for: its own uncertainty and the display step; a true zero has none."""
        half, found = self.step / 2, list(self.given.values)
        for n, (value, own) in enumerate(zip(self.given.values, self.scatter, strict=True)):
            if isinstance(value, Distribution) or (value == 0 and self.true_zeros):
                continue
            if own:
                found[n] = Normal(value, math.hypot(own, self.step / math.sqrt(12)))
            elif half:
                found[n] = Uniform(value - half, value + half)
        return found

    def over(self, seconds: float | Sequence[float]) -> Lasting:
        """The energy of a mean power over a time, or over one for each label; the display errs once over the whole."""
        power, read = root(f"W at_{self.meter.at}"), root(self.given.unit)
        if read != power:
            sides = [f"the reading: {unit_text(read)}", f"needed: {unit_text(power)}"]
            raise UnitError.of("over_a_time_another_unit", f"a reading of {self.meter.name}", sides)
        each = np.broadcast_to(np.asarray(seconds, dtype=np.float64), len(self.given.values))
        joules = [
            nominal_of(value) * s * parse_unit(self.given.unit)[0]
            for value, s in zip(self.given.values, each, strict=True)
        ]
        return Lasting(self, tuple(each.tolist()), Labelled(tuple(joules), f"J at_{self.meter.at}", self.given.dims))

    def node(self, key: str, attach: Unit = DIMENSIONLESS) -> Node:
        """The reading under a key: what was shown, with its own spread, and the error of the meter."""
        unit, dims, error = attached_text(self.given.unit, attach), self.given.dims, self.meter.error
        values = tuple(one.in_unit(unit) if isinstance(one, Distribution) else one for one in self.drawn())
        own, source = frozenset(dim.name for dim in dims), self.source or self.meter.name
        leaf = Parameter(key, values, unit, parse_unit(unit)[0], dims, own, "measurement", self.status, source)
        shown = parameter_node(leaf)
        if error is None:
            return shown
        if error.unit == DIMENSIONLESS:
            return shown * error
        span = constant(self.span, shown.unit / error.unit, dims=dims if isinstance(self.span, tuple) else ())
        return shown + error * span  # with what a field attached to its unit
