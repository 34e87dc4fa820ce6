"""Water and primary energy of electricity, from its generation mix and factors by technology.

Water is what stations consume while they run (Macknick et al. 2012, and for reservoirs Lampert et al.); primary
energy follows the physical energy content convention of the International Energy Agency. Each technology is one
parameter that all places share. Low and high of the table are other kinds of cooling and of station. How
frequent these are is unknown, so low and high are read as 90 % of the probability about the stated median (assumed).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from .. import tables
from ..characterization.categories import category
from ..distributions.families import Lognormal, SplitLognormal
from ..errors import MissingError
from ..graph.fields import parameter
from ..graph.node import Node, constant
from .generation_mix import generation_mix, shares

_CATEGORIES = {"water": "water_consumption", "primary_energy": "primary_energy"}
#: A mix of which more than this share has no factor has none either; the rest is taken to be like what has one.
_MOST_UNKNOWN = 0.05
#: Low and high are read as this share of the probability.
_LEVEL = 0.9
#: How far stations of one kind go beyond its median where the table has no other kind: assumed.
_STATIONS = 1.3


def factors_of_place(region: str, year: int, categories: Iterable[str]) -> dict[str, Node]:
    """Factors of the categories asked for, of the generation mix of a place in a year.

    Raises `MissingError` for a place without a mix, for an unknown category and for one of which too much of the
    mix has no factor.

    >>> list(factors_of_place("FRA", 2023, ["water"]))
    ['water']
    """
    wanted = [category(name).name for name in categories]
    mix = generation_mix(region, year)
    found = factors_of_mix(mix, shares(region, year)) if mix else {}
    if lacking := [name for name in wanted if name not in found]:
        raise MissingError.of("mix_without_factor", f"electricity of {region}, {year}", region=region, year=year,
                              lacking=", ".join(lacking), known=", ".join(found) or "none")  # fmt: skip
    return {name: found[name] for name in wanted}


def factors_of_mix(mix: Mapping[str, float], nodes: Mapping[str, Node] | None = None) -> dict[str, Node]:
    """Factors by impact category of a mix, per kWh at the busbar.

    `mix` holds parts of one by technology, `nodes` the parameters that stand for them (`generation.shares`). A
    category is left out where more than 5 % of the mix is of technologies without a factor: it is then a gap of the
    study, never a smaller number.

    >>> sorted(factors_of_mix({"coal": 0.5, "wind": 0.48, "other": 0.02}))
    ['primary_energy', 'water']
    """
    made: dict[str, Node] = {}
    parts = nodes or {fuel: constant(share).named(f"share of {fuel}") for fuel, share in mix.items()}
    for name in _CATEGORIES:
        factors = _technologies(name)
        known = {fuel: share for fuel, share in mix.items() if share > 0 and fuel in factors}
        if known and math.fsum(known.values()) >= (1 - _MOST_UNKNOWN) * math.fsum(mix.values()):
            first, *rest = (parts[fuel] for fuel in known)
            whole = sum(rest, first)
            first, *rest = (factors[fuel] * (parts[fuel] / whole) for fuel in known)
            made[name] = sum(rest, first)
    return made


@tables.cached
def _technologies(category: str) -> dict[str, Node]:
    rows = tables.rows("electricity", "technology_water_and_energy")
    return {row.text("technology"): _factor(category, row) for row in rows if row["quantity"] == _CATEGORIES[category]}


def _factor(category: str, row: tables.Row) -> Node:
    unit, source = row.text("unit"), row.text("source")
    low, value, high = (row.number(end) for end in ("low", "value", "high"))
    spread: str | Lognormal | SplitLognormal = f"{value} {unit}"
    if low < high:
        low, high, note = _ends(low, value, high)
        spread = Lognormal.through(f"{low} {unit}", f"{value} {unit}", f"{high} {unit}", level=_LEVEL)
        source += f"; {low:g} to {high:g} as {_LEVEL:.0%} of the probability, assumed{note}"
    return parameter(f"{category}/{row['technology']}", spread, status=row.text("status"), source=source)


def _ends(low: float, value: float, high: float) -> tuple[float, float, str]:
    """(low, high, note): ends on both sides of the median, where the table has none that a lognormal can have.

    A low of zero (hydropower: stations on a running river) has no logarithm: the median spreads below as it does
    above. A value that is itself the lowest or highest kind still differs from station to station.
    """
    if low == 0:
        return value**2 / high, high, "; the low of 0 has no logarithm, so below the median as above"
    if high == value or low == value:
        note = f"; beyond the {'highest' if high == value else 'lowest'} kind by a factor of {_STATIONS:g}"
        return value / _STATIONS if low == value else low, high if high > value else value * _STATIONS, note
    return low, high, ""
