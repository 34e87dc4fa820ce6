"""Quantities outside a study: a number with its unit, in pint's arithmetic, read and shown as a study does it."""

from __future__ import annotations

from typing import Any, cast

import numpy.typing as npt

from ..arguments import entry
from ..checks import numeric, real
from ..errors import MissingError, ParseError, UnitError
from .mismatch import remedy
from .parse import parse_unit, pint_unit
from .quantity_text import parse_quantity
from .registry import Unit, registry
from .text import display, unit_text


@entry
def conversion(unit: str, to: str, where: str = "") -> float:
    """How many of one unit are in another; raises `UnitError` where they do not fit, with a way to fix it.

    >>> conversion("kWh", "J")
    3600000.0
    """
    (factor, root), (scale, wanted) = parse_unit(unit), parse_unit(to)
    if root != wanted:
        raise UnitError.of("converted_to_another_unit", where, [unit or unit_text(root), to], fix=remedy(root, wanted))
    return factor / scale


class Quantity(registry.Quantity):  # type: ignore[misc, name-defined]
    """A pint quantity of this library's registry: shown in the unit that it was given or converted to.

    What arithmetic makes is shown as results are: energies in kWh, powers in W, else SI. A format is that of
    its number: f"{energy:.1f}".
    """

    _shown: str | None = None
    _repr_html_ = _repr_latex_ = _repr_pretty_ = None

    def _in(self, text: str) -> Quantity:
        self._shown = text
        return self

    def to(self, other: object, *contexts: object, **settings: object) -> Quantity:
        """The same in another unit, such as "J" or "kWh at the wall", or in that of a pint quantity.

        >>> quantity(3, "kWh").to("MJ")
        <quantity 10.8 MJ>
        """
        if isinstance(other, (registry.Quantity, registry.Unit, Unit)):
            return super().to(other, *contexts, **settings)
        unit = cast(str, other)  # which the next line checks
        conversion(display(self._root)[0], unit, "quantity.to")
        made: Quantity = super().to(pint_unit(unit))
        return made._in(unit)

    @property
    def _root(self) -> Unit:
        return self.to_root_units()._units

    def __format__(self, spec: str) -> str:
        if set(spec) & set("~DPHLC"):  # a format of pint
            return str(super().__format__(spec))
        text, factor = display(self._root)
        if self._shown is not None and parse_unit(self._shown)[1] == self._root:
            text, factor = self._shown, parse_unit(self._shown)[0]
        number = self.to_root_units().magnitude / factor
        return f"{number if real(number) is None else format(number, spec or '.12g')} {text}".strip()

    def __str__(self) -> str:
        return format(self)

    def __repr__(self) -> str:
        return f"<quantity {self}>"


@entry
def quantity(value: float | npt.NDArray[Any] | str, unit: str | None = None) -> Quantity:
    """A number with its unit, for arithmetic outside a study, and to check a formula by hand.

    Parameters
    ----------
    value : float, array or str
        A number or an array in `unit`, or a text with its unit: "147 W", "2 kWh at the wall".
    unit : str
        The unit of a number, such as "kWh"; "" for a pure number.

    Returns
    -------
    Quantity
        A pint quantity of this library's registry, in root units inside. It prints in the unit that was given;
        `.to("J")` converts it.

    Raises
    ------
    UnitError
        For a unit beside a text that has one, and for `.to(...)` a unit that does not fit.
    ParseError
        For a text that is not a quantity, or has a spread: a quantity is one number.
    MissingError
        For a number without a unit.

    Examples
    --------
    >>> print(quantity("147 W") * quantity(2, "h"))
    0.294 kWh
    >>> (quantity(1, "kWh at_wall") / quantity(2, "h")).to("W at the wall").magnitude
    500.0
    """
    if isinstance(value, str):
        if unit is not None:
            raise UnitError.of("unit_given_beside_a_text", "quantity", [value, unit])
        read = parse_quantity(value, "quantity")
        if read.half_width is not None:
            raise ParseError.of("spread_in_a_quantity", "quantity", [value], text=value)
        value, unit = read.value, read.unit
    if unit is None:
        raise MissingError.of("quantity_without_a_unit", "quantity(unit=)", number=value)
    factor, root = parse_unit(unit)
    return Quantity(numeric(value, "quantity(value=)") * factor, registry.Unit(root))._in(unit)
