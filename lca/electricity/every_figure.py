"""Every intensity of electricity that the tables have, as nominal numbers: to find which of them a number is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..tables import cached
from .lookup import FIGURES, nominal_grams, published
from .places import PUBLISHED_BY, every_place


@dataclass(frozen=True)
class Figure:
    """An intensity of a place in a year, in g/kWh at the busbar."""

    region: str
    name: str
    year: int
    basis: str
    gases: str
    publisher: str
    grams: float


@cached
def every_figure() -> tuple[Figure, ...]:
    """The published intensities of all places and years; a cloud region has those of its provider alone.

    >>> found = [one for one in every_figure() if (one.region, one.year, one.gases) == ("US-RFCW", 2019, "CO2")]
    >>> [(one.basis, round(one.grams, 3)) for one in found]
    [('direct', 484.291)]
    """
    return tuple(_figures())


def _figures() -> Iterator[Figure]:
    for place in every_place():
        for basis, gases in FIGURES[place.kind]:
            for year, row in published(place, basis, gases).items():
                if place.kind == "cloud" and "provider" not in row:
                    continue  # the figure of the place where it stands, which has a row of its own
                grams = nominal_grams(place, year, basis, gases, row)
                yield Figure(place.region, place.name, year, basis, gases, PUBLISHED_BY[place.kind], grams)
