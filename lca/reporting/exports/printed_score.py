"""A score as somebody printed it, against its own numerator and denominator."""

from __future__ import annotations

import re

from ...arguments import entry
from ...checks import finite_number
from ...errors import DomainError
from ...units.number_text import in_full
from ...units.quantity import Quantity, quantity

_DIGITS = re.compile(r"\s*[-+\u2212]?(\d+)(?:\.(\d*))?(?:[eE]([-+]?\d+))?")


@entry
def check_score(printed: str, *, per: float | str, whole: str, units: float | str) -> Quantity:
    """Compare a printed score with what it was made of: the whole over its units, times what it is told per.

    The two may differ by the rounding of the printed number: half of its last digit, where zeros at the end of a whole
    number are none.

    Parameters
    ----------
    printed : str
        The score as it is printed, such as "130 g CO2e".
    per : float or str
        What it is told per: "1e6 token", or 1e9 of what has no unit here, such as parameters.
    whole : str
        The mass that was divided, such as "6500 kg CO2e".
    units : float or str
        What it was divided by, such as "50e9 token", or 2.5e9 parameters.

    Returns
    -------
    Quantity
        The score as it follows, in the unit of the printed one.

    Raises
    ------
    DomainError
        If the printed number is another one, or something is not above 0.
    UnitError
        If the units do not fit: a mass per image beside a count of tokens, plain mass beside CO2e.

    Examples
    --------
    >>> import lca
    >>> print(check_score("130 g CO2e", per="1e6 token", whole="6500 kg CO2e", units="50e9 token"))
    130 g CO2e
    >>> try:
    ...     check_score("0.13 g CO2e", per="1e6 token", whole="6500 kg CO2e", units="50e9 token")
    ... except lca.errors.DomainError as error:
    ...     print(error)
    the printed score is not the whole over its units: 1,000 times as much follows
      where: check_score
      found: printed: 0.13 g CO2e per 1e6 token
        and: 6500 kg CO2e over 50e9 token: 130 g CO2e per 1e6 token
        fix: print 130 g CO2e, or correct the whole or its units
    """
    said, each, mass, count = (_read(one, name) for one, name in zip((printed, per, whole, units), _NAMES, strict=True))
    unit = re.sub(_DIGITS, "", printed, count=1).strip()
    follows = (mass / count * each).to(unit)
    here, there = float(follows.magnitude), float(said.to(unit).magnitude)
    if abs(here - there) > _rounding(printed) * (1 + 1e-9):
        found, times = f"{in_full(here)} {unit}", in_full(here / there)
        raise DomainError.of(
            "printed_score_differs", "check_score", follows=found, times=times,
            printed=printed, per=per, whole=whole, units=units,
        )  # fmt: skip
    return follows


_NAMES = ("printed", "per", "whole", "units")


def _read(value: float | str, name: str) -> Quantity:
    """A quantity above 0; a number is a pure one."""
    read = quantity(value) if isinstance(value, str) else quantity(float(value), "")
    finite_number(float(read.magnitude), f"check_score({name}=)", low=0, above=True)
    return read


def _rounding(printed: str) -> float:
    """Half of the last digit of a printed number.

    >>> _rounding("0.080 g"), _rounding("3000 kg"), _rounding("1.5e3 kg")
    (0.0005, 500.0, 50.0)
    """
    found = _DIGITS.match(printed)
    assert found is not None  # it was read as a quantity
    whole, part, power = found[1], found[2], int(found[3] or 0)
    place = -len(part) if part else len(whole) - len(whole.rstrip("0")) if whole.strip("0") else 0
    return float(0.5 * 10.0 ** (place + power))
