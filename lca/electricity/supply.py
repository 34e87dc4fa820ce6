"""Electricity as a record: an intensity at a boundary, the loss of the grid, every tag of law A4, and its name."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import TypeVar

from ..arguments import shown
from ..characterization.categories import factors
from ..checks import finite_number
from ..distributions.base import Distribution
from ..errors import AccountingError, BoundaryError, DomainError, MissingError, UnitError
from ..graph.decided import decided
from ..graph.node import Node, as_node, constant
from ..records.record import ByCategory, Maybe, Record, Value, component, plain, quantity, slug, word
from ..units.parse import root
from ..units.registry import boundary_of, gas_of
from ..units.text import unit_text
from .places import calendar_year

T = TypeVar("T")
#: kg per kWh: twice what the worst power stations emit, of lignite or peat, with fuel supply and the losses of a grid.
HIGHEST = 3.0
#: An unbounded distribution reaches as far as its quantile of this probability.
_REACH = 0.99
PER_KWH = 3.6e6


@component
class Supply(Record):
    """The fields of electricity, and what follows from them; `Electricity` says what each is."""

    name: str = plain(default="", kw_only=False)
    intensity: Value = quantity("kg CO2e/kWh", "kg CO2/kWh", boundary="per")
    at: str = plain(default="")
    grid_loss: Maybe = quantity("at_facility/at_busbar", bare=True, high=1.0, optional=True, default=None)
    methane: Maybe = quantity("kg CH4/kWh", boundary="per", optional=True, default=None)
    nitrous_oxide: Maybe = quantity("kg N2O/kWh", boundary="per", optional=True, default=None)
    categories: ByCategory = plain(default=None)
    region: str = plain(default="")
    year: int | str | None = plain(default=None)
    gwp_set: str = plain(default="unknown")
    # a word that no rule knows would slip past the rules about it
    basis: str = word("direct", "life cycle", "unknown", default="unknown")
    mix: str = word("production", "consumption", "residual", "unknown", default="unknown")
    averaging: str = word("average", "hourly", "marginal", "unknown", default="unknown")
    accounting: str = word("location-based", "market-based", "unknown", default="unknown")
    instrument: str = plain(default="")
    other_gases: float | None = plain(default=None)
    release: str = plain(default="unknown")
    status: str = plain(default="")
    source: str = plain(default="")
    key: str = plain(default="")

    def __post_init__(self) -> None:
        bought = ["market-based", *["residual"] * (self.mix == "residual"), *[self.instrument] * bool(self.instrument)]
        called = name_and_key(
            self.name, self.key, self.region, self.year, bought if self.accounting == "market-based" else []
        )
        for field, given in zip(("name", "key"), called, strict=True):
            object.__setattr__(self, field, given)
        super().__post_init__()
        where, unit = f"{self.key_prefix}.intensity", self.intensity.unit
        if self.boundary not in ("at_busbar", "at_facility"):
            raise BoundaryError.of("intensity_at_another_boundary", where, unit=unit_text(unit))
        if gas_of(unit) not in ("CO2", "CO2e"):
            raise UnitError.of("intensity_of_no_gas", where, unit=unit_text(unit))
        check_height(self.intensity, where)
        made = factors(
            self.categories, per="kWh", key=self.key_prefix, at=self.boundary[3:],
            status=str(self.status) or "declared", source=str(self.source),
        )  # fmt: skip
        object.__setattr__(self, "categories", made)
        if self.year is not None and (not isinstance(self.year, str) or self.year.strip().isdigit()):
            object.__setattr__(self, "year", calendar_year(self.year, f"{self.key_prefix}.year"))
        if self.other_gases is not None:
            finite_number(self.other_gases, f"{self.key_prefix}.other_gases", low=0, high=1, form="other_gases=0.005")
        apart = [name for name in ("methane", "nitrous_oxide") if getattr(self, name) is not None]
        if apart and gas_of(unit) != "CO2":
            raise AccountingError.of("gases_counted_twice", f"{self.key_prefix}.{apart[0]}", gases=", ".join(apart))
        if self.accounting == "market-based" and not self.instrument and self.mix != "residual":
            raise AccountingError.of("market_based_without_instrument", f"{self.key_prefix}.instrument")

    @property
    def gases(self) -> str:
        """What the intensity counts: "CO2e", "CO2", or "CO2, CH4, N2O" where they are given apart."""
        apart = {"CH4": self.methane, "N2O": self.nitrous_oxide}
        return ", ".join([str(gas_of(self.intensity.unit)), *(gas for gas, one in apart.items() if one is not None)])

    @property
    def boundary(self) -> str:
        """Where its energy is counted: "at_busbar" or "at_facility"."""
        return str(boundary_of(self.intensity.unit**-1))

    @property
    def delivered_share(self) -> Node:
        """1 - grid loss: energy at the facility per energy at the busbar."""
        if self.grid_loss is None:
            raise MissingError.of("grid_loss_unknown", f"{self.key_prefix}.grid_loss")
        return constant(1.0, root("at_facility/at_busbar")) - as_node(self.grid_loss)


def value_by_name(cls: type[T]) -> type[T]:
    """Refuse a value in the place of the name, where it stood once."""
    made: Callable[..., None] = cls.__init__

    @functools.wraps(made)
    def checked(self: object, *args: object, **fields: object) -> None:
        if args and "intensity" not in fields:
            raise MissingError.of("intensity_not_given", "Electricity(intensity=)", [f"name: {shown(args[0])}"])
        made(self, *args, **fields)

    cls.__init__ = checked  # type: ignore[method-assign]
    return cls


def name_and_key(name: str, key: str, region: str, year: object, bought: Sequence[str]) -> tuple[str, str]:
    """The name and the key; made from region and year where they are not given, and from how it is bought.

    >>> name_and_key("", "", "Quebec", 2022, ["market-based", "hydro"])
    ('electricity Quebec 2022 market-based hydro', 'electricity/Quebec/2022/market-based/hydro')
    """
    parts = [str(part) for part in (region, year) if part]
    place = " ".join(parts)
    named = [slug(name)] if name and not parts else parts  # two grids of no place are told apart by name

    def called(given: str, sign: str, said: Sequence[str], more: Sequence[str]) -> str:
        default = sign.join(["electricity", *said])
        given = given or default
        # what the location-based electricity of the place is called
        return sign.join([given, *more]) if given in (default, place) else given

    return called(name, " ", parts, bought), called(key, "/", named, [slug(one) for one in bought])


def check_height(intensity: Node, where: str) -> None:
    """Raise `DomainError` for a stated intensity that lies, or reaches, above what any fuel gives.

    Of an expression only `compared_with_tables` knows the value.
    """
    if intensity.parameter is not None and decided(_is_too_high, intensity):
        refuse_above(_highest_of(intensity), where)


def _highest_of(intensity: Node) -> float:
    """The highest value of a parameter that counts, in kg/kWh."""
    assert intensity.parameter is not None
    return max(map(_highest, intensity.parameter.values)) * intensity.parameter.scale * PER_KWH


def _is_too_high(intensity: Node) -> bool:
    return _highest_of(intensity) > HIGHEST * (1 + 1e-12)


def _highest(value: Distribution | float) -> float:
    if not isinstance(value, Distribution):
        return value
    end = value.support[1]
    return max(value.nominal, end if math.isfinite(end) else float(value.ppf(_REACH)))


def refuse_above(highest: float, where: str) -> None:
    """Raise `DomainError` for kg per kWh above what any fuel gives."""
    if highest > HIGHEST * (1 + 1e-12):
        raise DomainError.of("intensity_above_any_fuel", where, highest=highest, limit=HIGHEST)
