"""Which power stations a place has: shares of generation as numbers, and as parameters with their source (A4, A10)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import median
from types import MappingProxyType

from .. import tables
from ..distributions.families import Lognormal
from ..graph.fields import parameter
from ..graph.node import Node

_FOLDER = "electricity"
#: The columns of the table of countries that are fuels; what is renewable and no biofuel is not told apart there.
_NAMED = ("coal", "gas", "oil", "nuclear", "hydro", "solar", "wind")

Row = tables.Row


@tables.cached
def by_place(table: str) -> dict[str, dict[int, Row]]:
    """The rows of a table of electricity by region and year, read once; not to be changed.

    >>> by_place("egrid_subregion_rates")["US-RFCW"][2019]["co2"]
    1067.679
    """
    found: dict[str, dict[int, Row]] = {}
    for row in tables.rows(_FOLDER, table):
        found.setdefault(row.text("region"), {})[int(row.number("year"))] = row
    return found


@tables.cached
def subregions(state: str) -> Mapping[str, float]:
    """The eGRID subregions of a state, by their share of its ZIP codes, largest first; empty for no state.

    >>> list(subregions("US-PA"))
    ['US-RFCE', 'US-RFCW', 'US-NYUP']
    """
    rows = tables.rows(_FOLDER, "state_subregions")
    return MappingProxyType({row.text("subregion"): row.number("share") for row in rows if row["region"] == state})


@tables.cached
def generation_mix(region: str, year: int) -> Mapping[str, float]:
    """Shares of generation as parts of one; empty where no table has the place in that year.

    A state has none of its own: `state_mix` estimates it.

    >>> round(generation_mix("FRA", 2023)["nuclear"], 2)
    0.65
    """
    row = by_place(_table(region)).get(region, {}).get(year, Row())
    found = {name: value / 100 for name, value in row.items() if isinstance(value, float) and not math.isnan(value)}
    if found and _table(region) == "country_shares":
        bio = found.get("biofuel", 0.0)
        rest = {"biomass": bio, "other": max(found.get("other_renewables", 0.0) - bio, 0.0)}
        found = {name: found[name] for name in _NAMED if name in found} | rest
    return MappingProxyType(found)


def _table(region: str) -> str:
    return "egrid_generation_mix" if region.startswith("US") and region != "USA" else "country_shares"


@tables.cached
def state_mix(state: str, year: int) -> Mapping[str, float]:
    """The mix of the subregions in which the ZIP codes of a state lie; empty for a year that one of them lacks.

    >>> round(state_mix("US-PA", 2021)["nuclear"], 2)
    0.34
    """
    parts = [(share, generation_mix(region, year)) for region, share in subregions(state).items()]
    if not parts or not all(mix for _, mix in parts):
        return MappingProxyType({})
    whole = math.fsum(share for share, _ in parts)
    fuels = dict.fromkeys(fuel for _, mix in parts for fuel in mix)
    mixed = {fuel: math.fsum(share * mix.get(fuel, 0.0) for share, mix in parts) / whole for fuel in fuels}
    return MappingProxyType(mixed)


@tables.cached
def shares(region: str, year: int) -> Mapping[str, Node]:
    """The shares of generation above zero as parameters, each with the row that it comes from.

    A state takes those of `state_mix`, which are assumed.

    >>> shares("US-RFCW", 2023)["coal"]
    <electricity/US-RFCW/2023.share_coal = 0.25>
    """
    mix, table = generation_mix(region, year), _table(region)
    if mix:
        row = by_place(table)[region][year]
        status, source = row.text("status"), f"{row['source']}; {table}, {region} {year}"
    else:
        mix = state_mix(region, year)
        places = ", ".join(f"{place} {share:.1%}" for place, share in subregions(region).items())
        status, source = "assumed", f"egrid_generation_mix {year} of the subregions of its ZIP codes: {places}"
    stem = f"electricity/{region}/{year}.share"
    percent = {fuel: f"{round(share * 100, 9)!r} %" for fuel, share in mix.items() if share > 0}
    return MappingProxyType(
        {fuel: parameter(f"{stem}_{fuel}", value, status=status, source=source) for fuel, value in percent.items()}
    )


@tables.cached
def between_states() -> tuple[float, int]:
    """(gsd, count) of what states emit over what their subregions emit, directly, in all years of both.

    The gsd is 1.4826 times the median absolute deviation of the log ratios, so that the few states that run on
    water alone in a subregion of gas (Vermont) do not decide it.

    >>> round(between_states()[0], 2)
    1.37
    """
    states, rates = by_place("egrid_state_co2e"), by_place("egrid_subregion_rates")
    logs = []
    for state, years in states.items():
        for year, row in years.items():
            around = [(share, rates[region][year].number("co2e") if year in rates[region] else math.nan)
                      for region, share in subregions(state).items()]  # fmt: skip
            mean = math.fsum(share * rate for share, rate in around) if around else math.nan
            if row.number("co2e") > 0 and mean > 0:
                logs.append(math.log(row.number("co2e") / mean))
    middle = median(logs)
    return math.exp(1.4826 * median([abs(one - middle) for one in logs])), len(logs)


def like_its_subregions(state: str) -> Node:
    """How far the mix of a state is from that of its subregions, as a factor of upstream: a pure number, assumed.

    >>> like_its_subregions("US-PA")
    <electricity/US-PA.mix-of-subregions = 1; 5 to 95 %: 0.5961 to 1.678>
    """
    gsd, count = between_states()
    source = (
        f"assumption: upstream of a state is as far from that of its subregions as its direct CO2e (gsd {gsd:.3g}, "
        f"{count} states and years of egrid_state_co2e against egrid_subregion_rates)"
    )
    return parameter(f"electricity/{state}.mix-of-subregions", Lognormal(1.0, gsd), status="assumed", source=source)
