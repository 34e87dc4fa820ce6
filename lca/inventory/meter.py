"""Meters and readings: where a meter sits, how wrong it may be, and which part of that is shared (U10, Q3)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from ..arguments import entry
from ..checks import finite_number, one_of
from ..errors import AccountingError, BoundaryError, DomainError, UnitError
from ..expression.distribution import Distribution, read_scalar
from ..expression.families import Normal, Uniform
from ..expression.given import Labelled, labelled
from ..expression.label import label_texts
from ..expression.leaf import Parameter
from ..expression.node import Node, constant, parameter_node
from ..expression.record import Record, component, plain
from ..expression.value import STATUSES, attached_text
from ..units import BOUNDARIES, DIMENSIONLESS, Unit, boundary_of, parse_unit, root, unit_text


@component
class Meter(Record):
    """An instrument: where it sits (`at`), its accuracy and its resolution (GUM, JCGM 100:2008, 4.3).

    `accuracy="2 %"` are limits of the maker, so a rectangular distribution with u = a / sqrt 3 (GUM
    4.3.7); "5 W" are limits in the unit of what is read. `u="1 %"` is a standard uncertainty instead,
    `expanded=("2 %", 2)` an expanded one with its coverage factor. This error is one for the meter: every
    reading of it shares it. `resolution="1 W"` is each reading's own: rectangular, half a step either way
    (GUM F.2.2.1); what is read has its unit. A standard uncertainty is normal, and one of a sixth or more of
    what is read raises: its factor would reach 0.

    >>> wall = Meter("Kill A Watt", at="wall", accuracy="2 %", resolution="1 W")
    >>> wall.read(147, "W")
    <reading of Kill A Watt: 147 W at the wall>
    """

    at: str = plain()
    accuracy: Any = plain(default=None)
    u: Any = plain(default=None)
    expanded: tuple[Any, Any] | None = plain(default=None)
    resolution: Any = plain(default=None)
    status: str = plain(default="declared")
    source: str = plain(default="")
    key: str = plain(default="")

    def __post_init__(self) -> None:
        if f"at_{self.at}" not in BOUNDARIES:
            known = ", ".join(name[3:] for name in BOUNDARIES)
            raise BoundaryError(f"{self.at!r} is no measurement boundary", where=self.slug, fix=f"one of {known}")
        stated = [name for name in ("accuracy", "u", "expanded") if getattr(self, name) is not None]
        if len(stated) > 1:
            raise DomainError(f"{self.slug} states its uncertainty twice", sides=stated, fix="give one of them")
        one_of(self.status, STATUSES, "status", f"{self.slug}.status")
        super().__post_init__()
        calibration = self.calibration  # a figure that cannot be raises here, not at the first reading
        if calibration is not None and min(v.reach[0] for v in _spreads(calibration)) <= 0:
            raise DomainError(
                "a meter so uncertain that what it reads may be zero or less",
                where=self.slug,
                fix="a standard uncertainty is below 1/6: state limits, accuracy=, or read distributions",
            )
        if self.resolution is not None:
            step, unit = read_scalar(self.resolution, f"{self.slug}.resolution")
            if step <= 0 or root(unit) == DIMENSIONLESS:
                raise DomainError(
                    "a display step is a quantity above zero", where=f"{self.slug}.resolution", fix='write "1 W"'
                )

    @property
    def calibration(self) -> Node | None:
        """The factor between what the meter shows and what is true, shared by all its readings (relative figures)."""
        stated = self._stated()
        return None if stated is None or stated[1] else self._error(1.0, stated[0], "")

    @property
    def offset(self) -> Node | None:
        """What is added to all its readings, at its boundary (figures in the unit of the reading, as "5 W")."""
        stated = self._stated()
        return None if stated is None or not stated[1] else self._error(0.0, stated[0], _at(stated[1], self.at))

    def _stated(self) -> tuple[float, str] | None:
        """(limit or standard uncertainty, its unit; "" for a relative one), where the meter states one."""
        name = next((name for name in ("accuracy", "u", "expanded") if getattr(self, name) is not None), None)
        if name is None:
            return None
        where, said, coverage = f"{self.slug}.{name}", getattr(self, name), 1.0
        if name == "expanded":
            said, coverage = said
            coverage = finite_number(coverage, where, low=0, above=True, form='expanded=("2 %", 2)')
        value, unit = read_scalar(said, where)
        factor, found = parse_unit(unit)
        if found and not value > 0:
            raise DomainError("an accuracy is above zero", where=where, fix='write "2 %" or "5 W"')
        if found:
            return value / coverage, unit
        if not 0 < value * factor < 1:
            raise DomainError(
                "a relative uncertainty lies between 0 and 100 %",
                where=where,
                fix='write "2 %", or in the unit of the reading, "5 W"',
            )
        return value * factor / coverage, ""

    def _error(self, centre: float, size: float, unit: str) -> Node:
        """One error for the meter: limits are rectangular, a standard uncertainty is normal (GUM 4.3.7, 4.3.4)."""
        limits = self.accuracy is not None
        spread = Uniform(centre - size, centre + size) if limits else Normal(centre, size)
        source = self.source or f"{self.name}: stated accuracy"
        value = spread.in_unit(unit) if unit else spread
        return parameter_node(
            Parameter(
                f"{self.key_prefix}.accuracy", (value,), unit, parse_unit(unit)[0], kind="measurement",
                status=self.status, source=source,
            )
        )  # fmt: skip

    @entry
    def read(
        self, data: Any, unit: str = "", *, dim: str = "", u: Any = None, true_zeros: bool = False,
        status: str = "measured", source: str = "",
    ) -> Reading:  # fmt: skip
        """A reading of this meter: a number with unit, or labelled data with `dim`.

        `u` is the standard uncertainty of each reading itself ("3 W", or relative "2 %"), such as its
        scatter; it adds to the resolution. A distribution in place of a number says all of that itself. With
        `true_zeros` a reading of 0 is exactly 0, as of something switched off. A reading is a value like a
        distribution: the field that takes it gives the key.

        Raises `NonFiniteError` that lists missing values, `AccountingError` where nothing was measured,
        `BoundaryError` for a unit that names another boundary, `DomainError` where a value above 0 would be
        drawn below 0, `UnitError` where the display step or `u` has another unit.
        """
        where = f"a reading of {self.name}"
        one_of(status, STATUSES, "status", where)
        if dim:
            given = labelled(data, unit, dim=dim)
        elif isinstance(data, Labelled):
            given = data
        else:
            number, text = read_scalar(data, where)
            if text and unit:
                raise UnitError("the unit is given twice", where=where, sides=[text, unit], fix="give it once")
            given = Labelled((number,), unit or text)
        boundary = boundary_of(parse_unit(given.unit)[1])
        if boundary not in (None, f"at_{self.at}"):
            raise BoundaryError(
                "the unit names another boundary than the meter",
                where=where,
                sides=[unit_text(root(given.unit)), f"the meter sits at the {self.at}"],
                fix="leave the boundary out of the unit: the meter attaches it",
            )
        text = given.unit if boundary else _at(given.unit, self.at)
        shown = Labelled(given.values, text, given.dims, given.shared)
        reading = Reading(self, shown, u, self._step(text), true_zeros, status, source)
        reading.check()
        return reading

    def _step(self, unit: str) -> float:
        """The display step in the unit of a reading; 0 where the meter states none."""
        if self.resolution is None:
            return 0.0
        value, own = read_scalar(self.resolution, f"{self.slug}.resolution")
        (factor, found), (scale, read) = parse_unit(own), parse_unit(unit)
        if found * root(f"at_{self.at}") != read:
            raise UnitError(
                "a display step in another unit than the reading",
                where=f"{self.slug}.resolution",
                sides=[f"{value:g} {own}", unit_text(read)],
                fix="state the step of what is read; for another quantity take a second Meter, of the same key=, "
                "so that both share one error",
            )
        return value * factor / scale


def _spreads(node: Node) -> list[Distribution]:
    """The distributions behind a parameter."""
    assert node.parameter is not None
    return [value for value in node.parameter.values if isinstance(value, Distribution)]


def _at(unit: str, at: str) -> str:
    if "/" in unit:
        top, _, bottom = unit.partition("/")
        return f"{top.strip()} at_{at}/{bottom.strip()}"
    return f"{unit} at_{at}"


@dataclass(frozen=True, eq=False)
class Reading:
    """What a meter showed; a value without a key until a field takes it (U1)."""

    meter: Meter
    given: Labelled
    u: Any = None
    step: float = 0.0  # of the display, in the unit of `given`
    true_zeros: bool = False
    status: str = "measured"
    source: str = ""
    span: float = 1.0  # seconds, where a power was read over a time

    def check(self) -> None:
        """Raise where nothing was measured, or where what is read would be drawn below 0; all labels at once."""
        where = f"a reading of {self.meter.name}"
        values, labels = self.given.values, label_texts(self.given.dims)
        zero = [label or "0" for label, value in zip(labels, values, strict=True) if value == 0]
        if zero and not self.true_zeros:
            none = len(zero) == len(values)
            raise AccountingError(
                "a meter that measured nothing" if none else f"{len(zero)} of {len(values)} readings are 0",
                where=where,
                sides=[label.rstrip(": ") for label in zero],
                fix="leave the reading out, or say what the value is: a reading of zero is no measurement (A10). "
                "What is exactly 0, as of something switched off, is read with true_zeros=True",
            )
        if self.u is not None and any(isinstance(value, Distribution) for value in values):
            raise DomainError(
                "u= beside a distribution, which states its spread itself",
                where=where,
                fix="leave u= out, or give the values as numbers",
            )
        offset = self.meter.offset
        if offset is not None and set(root(self.given.unit) / offset.unit) - {"device"}:
            raise UnitError(
                "an accuracy in another unit than the reading",
                where=f"{self.meter.slug}.accuracy",
                sides=[unit_text(offset.unit), unit_text(root(self.given.unit))],
                fix='state it in per cent, or in the unit of what is read: "5 W"',
            )
        lowest = [(label, value, self._lowest(value)) for label, value in zip(labels, values, strict=True)]
        if below := [f"{label}{value} reaches down to {low:g}" for label, value, low in lowest if low < 0]:
            raise DomainError(
                f"{len(below)} of {len(values)} readings are so uncertain that they would be drawn below 0",
                where=where,
                sides=[f"{text} {unit_text(root(self.given.unit))}" for text in below],
                fix="a display of that step would show 0, and a normal of that width is no power or energy: give a "
                'distribution above 0 to read, such as lca.Lognormal("5 W", gsd=2) or lca.Uniform("0 W", "10 W")',
            )

    def _lowest(self, value: Distribution | float) -> float:
        """How low a value is drawn, with the offset of the meter; a value below 0 is left to the field (Q4)."""
        drawn = self._spread(value)
        if not isinstance(value, Distribution) and value < 0:
            return 0.0
        own = drawn.reach[0] if isinstance(drawn, Distribution) else drawn
        offset = self.meter.offset
        if offset is None:
            return own
        (shift,) = _spreads(offset)
        down = shift.reach[0] * parse_unit(shift.unit)[0] / parse_unit(self.given.unit)[0]
        middle = drawn.mean if isinstance(drawn, Distribution) else drawn
        both = isinstance(drawn, Normal) and isinstance(shift, Normal)
        return middle - math.hypot(middle - own, down) if both else own + down

    def over(self, seconds: float) -> Reading:
        """The energy of a mean power over a time: one error of the display over the whole of it."""
        given = replace(self.given, values=tuple(value * seconds for value in self.given.values),
                        unit=_at("J", self.meter.at))  # fmt: skip
        return replace(self, given=given, step=self.step * seconds, span=seconds)

    def node(self, key: str, attach: Unit = DIMENSIONLESS) -> Node:
        """The reading under a key: what was shown, with its own spread, times the meter's calibration."""
        unit = attached_text(self.given.unit, attach)
        spread = [self._spread(value) for value in self.given.values]
        values = tuple(v.in_unit(unit) if isinstance(v, Distribution) else v for v in spread)
        own = frozenset(dim.name for dim in self.given.dims)
        shown = parameter_node(
            Parameter(
                key,
                values,
                unit,
                parse_unit(unit)[0],
                self.given.dims,
                own,
                "measurement",
                self.status,
                self.source or self.meter.name,
            )
        )
        calibration, offset = self.meter.calibration, self.meter.offset
        if offset is not None:  # in the unit of the reading, with what a field attached to it
            return shown + offset * constant(self.span, shown.unit / offset.unit)
        return shown if calibration is None else shown * calibration

    def _spread(self, value: Distribution | float) -> Distribution | float:
        """What one value shown stands for: its own uncertainty and the display step; a true zero has none."""
        if isinstance(value, Distribution) or (value == 0 and self.true_zeros):
            return value
        own = self._own(value)
        if own:
            return Normal(value, math.hypot(own, self.step / math.sqrt(12))).in_unit(self.given.unit)
        half = self.step / 2
        return Uniform(value - half, value + half).in_unit(self.given.unit) if half else value

    def _own(self, value: float) -> float:
        if self.u is None:
            return 0.0
        where = f"u of a reading of {self.meter.name}"
        size, unit = read_scalar(self.u, where)
        factor, found = parse_unit(unit)
        if size < 0 or (not unit and size >= 1):
            raise DomainError("u is a standard uncertainty of 0 or more", where=where, fix='write "3 W", "2 %" or 0.02')
        if not found:
            return abs(value) * size * factor
        scale, reading = parse_unit(self.given.unit)
        if found not in (reading, reading / root(f"at_{self.meter.at}")):
            raise UnitError(
                "u has another unit than the reading",
                where=where,
                sides=[unit, self.given.unit],
                fix='state it in the unit of the reading, or relative, "2 %"',
            )
        return size * factor / scale

    def __repr__(self) -> str:
        first = self.given.values[0]
        text = unit_text(root(self.given.unit))
        unit = self.given.unit.replace(f"at_{self.meter.at}", f"at the {self.meter.at}")
        if self.given.dims:
            over = ", ".join(f"{dim.name}: {len(dim)}" for dim in self.given.dims)
            return f"<readings of {self.meter.name}, {over} [{text}]>"
        return f"<reading of {self.meter.name}: {first:g} {unit}>"
