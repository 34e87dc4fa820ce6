"""How a stated intensity compares with our tables: near our own figure, and what CO2 alone leaves out.

The notes are for a study: each function takes an `Electricity` and returns a line, empty where nothing is to say.
"""

from __future__ import annotations

import math

import numpy as np

from .. import tables
from ..checks import Array
from ..graph.node import Node, parameters
from ..sampling.evaluate import nominal_values
from ..units.number_text import in_full
from . import lookup
from .electricity import Electricity
from .generation_mix import by_place
from .places import Place, known_place, nearest_year
from .supply import PER_KWH, refuse_above

#: A stated intensity is far from our own figure beyond this factor.
_FAR = 2.0
#: Our own figure may be of a year so near (A5).
_YEARS = 2


def compared_with_tables(record: Electricity) -> str:
    """How far a stated intensity is from our own figure for its region and year, where the factor is above two.

    Silent for what a look-up gave, for a region or year that no table has, for what is bought by contract and for
    marginal factors. Raises `DomainError` for an expression above what any fuel gives.

    >>> from lca import Electricity
    >>> compared_with_tables(Electricity(intensity="0.4 kg CO2e/kWh", at="facility", region="France", year=2023))
    'electricity-france-2023 states 400 g CO2e/kWh, 7.5 times our own figure for FRA in 2023, 53.3 g (life cycle)'
    """
    if _looked_up(record.intensity):
        return ""
    stated = np.ravel(nominal_values({"intensity": record.intensity})["intensity"]) * PER_KWH
    refuse_above(float(stated.max()), f"{record.key_prefix}.intensity")
    place, year = known_place(record.region), record.year
    other = record.accounting == "market-based" or record.averaging == "marginal"
    if place is None or type(year) is not int or other:
        return ""
    gases = "CO2e" if record.gases == "CO2e" else "CO2"
    bases = [basis for basis in ("life cycle", "direct") if record.basis in (basis, "unknown")]
    found = [own for basis in bases if (own := _own(place, year, basis, gases)) is not None]
    far = [(_apart(stated, grams), grams, said) for grams, said in found]
    if not far or min(factor for factor, *_ in far) <= _FAR:
        return ""
    factor, grams, said = min(far)
    worst = float(max(stated, key=lambda one: _apart(np.array([one]), grams))) * 1e3
    ratio = (
        f"{in_full(factor, 2)} times" if worst > grams else f"1/{in_full(factor, 2)} of" if worst else "nothing beside"
    )
    return f"{record.slug} states {in_full(worst, 3)} g {record.gases}/kWh, {ratio} our own figure for {said}"


def _apart(stated: Array, grams: float) -> float:
    """The largest factor between stated values, in kg, and a figure in g."""
    return max(max(1e3 * one / grams, grams / (1e3 * one)) if one > 0 and grams > 0 else math.inf for one in stated)


def _looked_up(intensity: Node) -> bool:
    """Whether an intensity rests on a look-up: it then carries how far publishers differ, or is a published zero."""
    keys = [leaf.parameter.key for leaf in parameters([intensity]) if leaf.parameter]
    return any(key.startswith("electricity/") and key.endswith(".between-sources") for key in keys)


@tables.cached
def _own(place: Place, year: int, basis: str, gases: str) -> tuple[float, str] | None:
    """(our figure in g/kWh, of what it is), of the nearest year that is near enough."""
    gases = gases if lookup.published(place, basis, gases) else "CO2e"
    known = lookup.published(place, basis, gases)
    if not known or abs((near := nearest_year(year, known)) - year) > _YEARS:
        return None
    made = lookup.made(place, near, basis, gases, known[near])
    grams = lookup.grams_per_kwh(made["intensity"])
    return grams, f"{made['region']} in {near}, {in_full(grams, 3)} g ({basis})"


def co2_only_bound(record: Electricity) -> str:
    """What the other gases add at most to an intensity of CO2 alone, by our tables; empty where it has them.

    The bound is the region's own share of the nearest year, else the largest of all subregions and years, and
    says which. It holds for what power stations emit: upstream, with its methane, is not part of an intensity of CO2.

    >>> from lca import Electricity
    >>> co2_only_bound(Electricity.lookup("US-RFCW", 2019, basis="direct", gases="CO2")).split(": ")[1]
    'CH4 and N2O of power stations would add at most 0.63 % (US-RFCW in 2019)'
    """
    if record.gases != "CO2":
        return ""
    place, year = known_place(record.region), record.year
    rows = _other_gases().get(place.region, {}) if place else {}
    if place and rows:
        near = nearest_year(year, rows) if type(year) is int else max(rows)
        share, which = rows[near], f"{place.region} in {near}"
    else:
        share, region, near = max((s, name, y) for name, years in _other_gases().items() for y, s in years.items())
        which = f"{region} in {near}, the largest in the table"
    return f"{record.slug} counts CO2 alone: CH4 and N2O of power stations would add at most {share:.2g} % ({which})"


@tables.cached
def _other_gases() -> dict[str, dict[int, float]]:
    """CH4 and N2O over CO2, both as CO2e, in per cent, by subregion and year."""
    found: dict[str, dict[int, float]] = {}
    for region, years in by_place("egrid_subregion_rates").items():
        for year, row in years.items():
            if row.number("co2e") > 0:
                found.setdefault(region, {})[year] = 100 * (row.number("co2e") / row.number("co2") - 1)
    return found
