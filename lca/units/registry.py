"""The one registry of units, and what its root units are: gases, counts and measurement boundaries.

They are dimensions of their own, so that plain pint arithmetic catches a PUE used twice, CO2 added to CO2e, or board
energy met by a grid factor (rules Q2, Q3). Inside the graph a unit is a container of root units (`Unit`). Text becomes
a unit in `parse.py`, and a unit becomes text in `text.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, TypeAlias, TypeGuard, cast

import pint
from pint.util import UnitsContainer

Unit: TypeAlias = UnitsContainer
#: What pint raises where units do not fit.
DimensionalityError = pint.DimensionalityError

BOUNDARIES = ("at_component", "at_board", "at_wall", "at_facility", "at_busbar")
GASES = ("CO2e", "CO2", "CH4", "N2O")
COUNTS = ("inference", "token", "request", "iteration", "batch", "device", "FLOP")
#: A year of 365.25 days, as `definitions.txt` has it.
YEAR_SECONDS = 365.25 * 86_400

registry: pint.UnitRegistry[Any] = pint.UnitRegistry(None)
registry.load_definitions(Path(__file__).with_name("definitions.txt"))
DIMENSIONLESS: Unit = UnitsContainer()
WORDS = {name: name.replace("at_", "at the ") for name in BOUNDARIES}


class PintQuantity(Protocol):
    """A number or an array with its unit: a quantity of any registry of pint."""

    @property
    def magnitude(self) -> Any:
        """A number or an array."""

    @property
    def units(self) -> object:
        """Its unit, which "D" writes as text."""


def is_pint(value: object) -> TypeGuard[PintQuantity]:
    """Whether a value is a quantity of pint.

    >>> is_pint(registry.Quantity(3, "W")), is_pint(3)
    (True, False)
    """
    return hasattr(value, "magnitude") and hasattr(value, "units")


def powers_of(unit: Unit) -> dict[str, float]:
    """The root units of a unit, each with its power."""
    return {str(name): float(cast(float, power)) for name, power in unit.items()}


def _only(unit: Unit, names: Sequence[str]) -> str | None:
    """The one of these root units that a unit carries with exponent 1; None where there is none, or several."""
    found = [name for name in names if unit.get(name, 0) == 1]
    return found[0] if len(found) == 1 else None


def boundary_of(unit: Unit) -> str | None:
    """The measurement boundary that a unit carries with exponent 1, or None (Q3)."""
    return _only(unit, BOUNDARIES)


def gas_of(unit: Unit) -> str | None:
    """The gas that a unit carries with exponent 1, or None (Q2)."""
    return _only(unit, GASES)
