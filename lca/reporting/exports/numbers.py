"""The numbers of an export: each with its unit and its interval, as text for people and in full for machines (A11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import xarray

from ...checks import finite_number
from ...errors import LabelError, MissingError
from ...interpretation.plot.canvas import readable
from ...interpretation.result import Result
from ...interpretation.spread import Spread, places_in, quoted, spread_of
from ...interpretation.summary import words_of
from ...units.quantity import conversion, quantity

#: The names of a median and of the ends of its interval in plain data.
_PLAIN = {"p50": "median", "p5": "p5", "p95": "p95", "nominal": "nominal"}


def plain_number(value: float) -> float:
    """A number without the noise of its last bits: the 15 digits that every double has.

    >>> plain_number(0.1 + 0.2)
    0.3
    """
    return float(f"{value:.15g}")


@dataclass(frozen=True)
class Number:
    """A median with the ends of its interval, or a nominal value, in `unit` per `per`."""

    values: Mapping[str, float]
    unit: str
    per: str = ""

    @classmethod
    def of(cls, spread: Spread, unit: str, per: str = "") -> Number:
        """The number of a spread without labels."""
        held = {name: float(one) for name, one in (spread.quantiles or {"nominal": spread.mean}).items()}
        for value in held.values():
            finite_number(value, unit)
        return cls(held, unit, per)

    @classmethod
    def of_draws(cls, values: xarray.DataArray, unit: str, per: str = "") -> Number:
        """The number of draws, or of one value without draws."""
        return cls.of(spread_of(values), unit, per)

    @property
    def value(self) -> float:
        """The number to quote: the median, or the nominal value."""
        return next(iter(self.values.values()))

    @property
    def whole_unit(self) -> str:
        """Its unit, with what it is per."""
        return f"{self.unit}/{self.per}" if self.per else self.unit

    @property
    def text(self) -> str:
        """The number as people quote it, with its interval."""
        return quoted([*self.values.values()], self.whole_unit)

    @property
    def alone(self) -> Number:
        """The same without what it is per, where the sentence says that."""
        return replace(self, per="")

    @property
    def plain(self) -> dict[str, float | str]:
        """Its values in full, by name, with the unit."""
        return {_PLAIN[name]: plain_number(value) for name, value in self.values.items()} | {"unit": self.whole_unit}

    def to(self, unit: str) -> Number:
        """The same in another unit."""
        factor = conversion(self.unit, unit)
        return replace(self, values={name: value * factor for name, value in self.values.items()}, unit=unit)

    @property
    def readable(self) -> Number:
        """A mass in the unit in which it reads best; kg where that gives 0.1 to 100,000."""
        return self.to(readable(abs(self.value), self.unit, kg_up_to=1e5))


def of_a_study(result: Result) -> Result:
    """The result, if it is of a study."""
    if not result.model.stages:
        raise MissingError.of("result_without_stages", "result", what="an export")
    return result


def one_of(result: Result, *, detailed: bool = True) -> Result:
    """The result, if it is of a study and of one alternative: rivals are never pooled (D2); with details, if asked."""
    named = [of_a_study(result).data[name] for name in ("total", "functional_unit")]
    if dims := list(dict.fromkeys(str(dim) for one in named for dim in one.dims if dim != "draw")):
        _, labels = next(places_in(dims, result.data))
        form = ", ".join(f"{dim}={label!r}" for dim, label in labels.items())
        at = " ".join(f'--at "{dim}={label}"' for dim, label in labels.items())
        said = {"dims": ", ".join(dims), "form": f"result.sel({form})", "command": at}
        raise LabelError.of("export_of_one_alternative", "result", **said)
    lacking = [name for name in result.model.details if name not in result.data]
    if detailed and lacking:
        raise MissingError.of("details_not_kept", f"result.data[{lacking[0]!r}]")
    return result


def stated(result: Result, name: str, per: str = "total") -> Number:
    """A variable of the result over all of its draws."""
    return Number.of(result.spreads.of(name, per), str(result.data[name].attrs["unit"]), words_of(result, per))


def drawn(result: Result, names: Iterable[str]) -> xarray.DataArray:
    """The sum of some variables of one unit draw by draw, parts summed; 0 of none."""
    arrays = [result.data[name] for name in names]
    sums = [one.sum([dim for dim in one.dims if dim in result.model.summed]) for one in arrays]
    return sum(sums[1:], sums[0]) if sums else xarray.DataArray(0.0)


def amount(value: float | str, unit: str, where: str) -> float:
    """A number above 0, or a text with its unit, which a pure number may leave out."""
    if isinstance(value, str):
        read = quantity(value)
        value = float((read if unit and not read.dimensionless else read * quantity(1.0, unit)).to(unit).magnitude)
    return finite_number(value, where, low=0, above=True)
