"""Which published figure an inferred number may be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas

from ...arguments import entry
from ...checks import finite_number, one_of, short
from ...distributions.reading import read_scalar
from ...electricity.every_figure import Figure, every_figure
from ...electricity.places import find_place
from ...errors import DomainError, MissingError, UnitError
from ...units.parse import parse_unit
from ...units.quantity import conversion
from ...units.registry import BOUNDARIES, GASES, Unit
from ...units.text import unit_text
from ..table import Table
from .findings import Finding
from .inferred import Inferred, digits_of

_COLUMNS = ["fits", "value", "off", "unit", "place", "year", "basis", "gases", "publisher"]


@entry
def candidates(
    inferred: object,
    catalogue: str = "electricity",
    *,
    place: str | None = None,
    year: int | None = None,
    basis: str | None = None,
    gases: str | None = None,
    most: int = 10,
) -> Table:
    """Published figures that an inferred value may be, those that fit first.

    Many figures fit a wide interval, so that a fit is a hypothesis and no proof. The mass per energy is compared alone:
    which gases it is of, and at which boundary the energy was counted, is part of the question.

    Parameters
    ----------
    inferred : Inferred, or pair of text with a unit
        What was inferred of an intensity of electricity, or an interval of one: ("1.0672 lb/kWh", "1.0678 lb/kWh").
    catalogue : str
        "electricity": the intensities of `Electricity.lookup`.
    place : str
        Figures of one place alone, as in `Electricity.lookup`.
    year : int
        Figures of one year alone.
    basis : str
        "direct" or "life cycle" alone.
    gases : str
        "CO2" or "CO2e" alone.
    most : int
        How many rows.

    Returns
    -------
    Table
        A row for each figure, by region. `fits` says whether its nominal value lies within; `off` is how far outside it
        is, as a share of the nearer end. Those that fit come first, the nearest to the middle before; then the nearest.

    Raises
    ------
    DomainError
        If a word is unknown, or the interval is not in order.
    MissingError
        If nothing was inferred, or no figure is of that place, year, basis and gases.
    UnitError
        If the interval is not of a mass per energy.

    Examples
    --------
    >>> found = candidates(("1.0672 lb/kWh", "1.0678 lb/kWh"), place="US-RFCW")
    >>> found[found["fits"]][["year", "gases"]].values.tolist()
    [[2019, 'CO2']]
    """
    one_of(catalogue, ("electricity",), "catalogue", "catalogue")
    finite_number(most, "most", low=1, whole=True)
    asked = _asked(inferred)
    region = None if place is None else find_place(place).region
    wanted = {"region": region, "year": year, "basis": basis, "gases": gases}
    figures = [
        one
        for one in every_figure()
        if all(value is None or getattr(one, name) == value for name, value in wanted.items())
    ]
    if not figures:
        said = ", ".join(str(value) for value in wanted.values() if value is not None)
        raise MissingError.of("no_figure_to_compare", "candidates", asked=said)
    rows = pandas.DataFrame([row for one in asked for row in _rows(figures, one)])
    rows = rows.sort_values(["off", "far"], kind="stable")
    fit = int(rows["fits"].sum())
    note = f"{fit:,} of {len(rows):,} figures fit."
    if fit > 1:
        note += " The interval does not tell these apart; what else is known of the place and the year does."
    columns = ["region", *_COLUMNS, *(name for one in asked[:1] for name in one.at)]
    table = Table.of(rows[columns].head(int(most)), "region", note)
    table.attrs["digits"] = max(digits_of(*piece) for one in asked for piece in one.pieces)
    return table


def _asked(inferred: object) -> list[Finding]:
    """The intervals of what was inferred, one for each combination of listed values."""
    if isinstance(inferred, Inferred):
        found = [one for one in inferred.findings if one.pieces]
        if not found:
            raise MissingError.of("nothing_was_inferred", "inferred")
        return [one for one in found if one.name == found[0].name]
    if not isinstance(inferred, tuple) or len(inferred) != 2:
        raise DomainError.of("not_an_interval", "inferred", value=short(inferred))
    (low, unit), (high, other) = (read_scalar(one, "inferred") for one in inferred)
    high *= conversion(other, unit, "inferred")
    if not 0 <= low <= high:
        raise DomainError.of("bounds_not_in_order", "inferred")
    return [Finding({}, "", unit, ((low, high),), "")]


def _rows(figures: Sequence[Figure], asked: Finding) -> Iterator[dict[str, object]]:
    """The figures beside an interval: how far each lies outside, and how far from the middle."""
    factor = _grams(asked.unit)
    for one in figures:
        value = one.grams / factor
        off = min(_off(value, low, high) for low, high in asked.pieces)
        yield {
            "region": one.region, "fits": off == 0, "value": value, "off": off, "unit": asked.unit, "place": one.name,
            "year": one.year, "basis": one.basis, "gases": one.gases, "publisher": one.publisher, **asked.at,
            "far": abs(value - (asked.pieces[0][0] + asked.pieces[-1][1]) / 2),
        }  # fmt: skip


def _off(value: float, low: float, high: float) -> float:
    """How far a value lies outside an interval, as a share of the nearer end."""
    return (low - value) / low if value < low else (value - high) / high if value > high else 0.0


def _grams(unit: str) -> float:
    """g/kWh of one of a unit of mass per energy, whatever its gases and its boundary. Raises `UnitError`."""
    factor, root = parse_unit(unit)
    grams, plain = parse_unit("g/kWh")
    if Unit({name: power for name, power in root.items() if name not in (*GASES, *BOUNDARIES)}) != plain:
        raise UnitError.of("not_an_intensity", "inferred", unit=unit_text(root))
    return factor / grams
