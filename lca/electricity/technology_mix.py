"""Electricity from a mix of technologies, and of certain hours of the day."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from .. import tables
from ..checks import finite_number
from ..distributions.families import Lognormal, Normal
from ..errors import AccountingError, DomainError
from ..graph.fields import parameter
from ..graph.functions import total
from ..graph.inputs import labelled
from ..graph.labels import make_dim
from ..graph.node import Node, constant

if TYPE_CHECKING:
    import pandas

_FOLDER = "electricity"
#: What people call a technology, for the one of the table that is commonest.
_COMMON = {
    "wind": "wind_onshore",
    "solar": "solar_pv_utility",
    "gas": "gas_combined_cycle",
    "coal": "coal_pc",
    "hydro": "hydropower",
    "biomass": "biomass_dedicated",
}
#: The extremes of a literature of about a hundred studies are read as this share of the probability.
_LEVEL = 0.99
#: Weights of hours beyond this one sum to infinity.
_HEAVIEST = 1e300


def mixed_intensity(shares: Mapping[str, float]) -> Node:
    """Life-cycle intensity of a mix of technologies by shares of generation, [kg CO2e/kWh at the busbar].

    Each technology is one parameter, `technology/<name>`, that all mixes share: a two-piece lognormal about the
    median of its literature, with minimum and maximum as 99 % of the probability (they are not bounds). Each share is
    a parameter of its mix, `mix/0.6 wind, 0.4 gas.share_wind`.

    Raises `MissingError` for an unknown technology, `DomainError` for a share that is not between 0 and 1,
    `AccountingError` for shares that do not sum to one.

    >>> mixed_intensity({"wind": 0.6, "gas": 0.4})
    <value [kg CO2e/(kWh at the busbar)]>
    """
    numbers = {name: finite_number(share, f"mix, {name}", low=0, high=1) for name, share in shares.items()}
    whole = math.fsum(numbers.values())
    if not math.isclose(whole, 1, abs_tol=1e-6):
        raise AccountingError.of("shares_of_a_mix_not_one", "mix", whole=whole)
    mix = ", ".join(f"{share!r} {name}" for name, share in numbers.items())
    parts: list[Node] = []
    for name, share in numbers.items():
        # the mix is its own key: another mix never clashes with it, and the same one is the same everywhere (U1)
        part = parameter(f"mix/{mix}.share_{name}", share, status="declared", source="stated, as a share of a mix")
        parts.append(part * _intensity(_technology(name)))
    return sum(parts[1:], parts[0]).named("value")


def _technology(name: str) -> tables.Row:
    """The row of a technology, or of the commonest of its kind."""
    known = _technologies()
    return tables.pick(known | {called: known[common] for called, common in _COMMON.items()}, name, "technology", "mix")


@tables.cached
def _technologies() -> dict[str, tables.Row]:
    rows = tables.rows(_FOLDER, "lifecycle_by_technology")
    whole = [row for row in rows if all(math.isfinite(row.number(c)) for c in ("minimum", "median", "maximum"))]
    return {row.text("technology"): row for row in whole}


def _intensity(row: tables.Row) -> Node:
    low, middle, high = (f"{row[end]} g CO2e/(kWh at_busbar)" for end in ("minimum", "median", "maximum"))
    ends = f"{row.number('minimum'):g} to {row.number('maximum'):g}"
    return parameter(
        f"technology/{row['technology']}",
        Lognormal.through(low, middle, high, level=_LEVEL),
        status=row.text("status"),
        source=f"{row['source']}; {ends} as {_LEVEL:.0%} of the probability",
    )


def technology_tags(shares: Mapping[str, float]) -> dict[str, str]:
    """The tags that the technologies of a mix have in common (A4)."""
    rows = [_technology(name) for name in shares]
    names = ("gwp_set", "basis", "averaging", "accounting", "release")
    return {name: text.pop() if len(text := {str(row[name]) for row in rows}) == 1 else "unknown" for name in names}


def search_technologies(text: str = "") -> pandas.DataFrame:
    """Technologies of a mix whose name contains a text: name, also called, minimum, median, maximum, unit.

    >>> search_technologies("wind")["technology"].tolist()
    ['wind_offshore', 'wind_onshore']
    """
    import pandas

    called = {technology: name for name, technology in _COMMON.items()}
    columns = ("minimum", "median", "maximum", "source")
    rows = [
        {"technology": name, "also": called.get(name, ""), **{c: row[c] for c in columns}, "unit": "g CO2e/kWh"}
        for name, row in sorted(_technologies().items())
        if text.casefold() in f"{name} {called.get(name, '')}".casefold()
    ]
    return pandas.DataFrame(rows, columns=["technology", "also", *columns, "unit"])


def _each_once(given: Iterable[object], what: str, known: range) -> list[int]:
    """Hours or months. Raises `DomainError` for one that is not `known`, or that stands twice."""
    made = [int(finite_number(one, f"at_hours, {what}", low=known[0], high=known[-1], whole=True)) for one in given]
    if not made or len(set(made)) < len(made):
        raise DomainError.of("hours_not_each_once", f"at_hours, {what}", what=what)
    return made


@tables.cached
def _days() -> dict[str, dict[tuple[int, int], tables.Row]]:
    """The shapes of a day by balancing authority, then by month and hour."""
    found: dict[str, dict[tuple[int, int], tables.Row]] = {}
    for row in tables.rows(_FOLDER, "us_diurnal_shape"):
        at = int(row.number("month")), int(row.number("hour"))
        found.setdefault(row.text("region"), {})[at] = row
    return found


def hour_factor(hours: Iterable[int] | Mapping[int, float], shape: str, months: Iterable[int]) -> Node:
    """Mean intensity at some hours of the day over the mean of all hours, a pure number.

    The shape of a day (mean 1) is that of a US balancing authority in 2022, hour by hour in local time,
    averaged over `months`; `hours` are the hours of the load, or their weights. Its spread is that of the mean
    over the days of the year.

    Raises `MissingError` for an unknown authority, `DomainError` for hours outside 0 to 23 or months
    outside 1 to 12.

    >>> hour_factor(range(9, 17), "CISO", range(1, 13))
    <shape/CISO at its hours [a pure number]>
    """
    days = tables.pick(_days(), shape, "balancing authority", "shape")
    listed = _each_once(hours, "hours", range(24))
    weights = hours if isinstance(hours, Mapping) else dict.fromkeys(listed, 1.0)
    chosen = sorted(_each_once(months, "months", range(1, 13)))
    load = [finite_number(weights.get(hour, 0.0), f"at_hours, {hour}", low=0, high=_HEAVIEST) for hour in range(24)]
    if not sum(load) > 0:
        raise DomainError.of("load_at_no_hour", "at_hours")
    count, shapes, sd = (
        np.array([[days[month, hour][column] for month in chosen] for hour in range(24)], dtype=np.float64)
        for column in ("count", "shape", "sd")
    )
    means = (shapes * count).sum(axis=1) / count.sum(axis=1)
    errors = np.sqrt((sd**2 * count).sum(axis=1)) / count.sum(axis=1)
    pairs = np.stack([means, errors], axis=1) / means.mean()  # mean 1 over the months chosen, too
    spread = {hour: Normal(mean, error) for hour, (mean, error) in enumerate(pairs.tolist())}
    first = days[chosen[0], 0]
    key = f"shape/{shape}" + ("" if len(chosen) == 12 else f"/{'-'.join(map(str, chosen))}")
    values = parameter(key, labelled(spread, dim="hour"), status=first.text("status"), source=first.text("source"))
    shares = constant(np.array(load) / sum(load), dims=(make_dim("hour", range(24)),)).named("share of the load")
    return total(values * shares, over="hour").named(f"shape/{shape} at its hours")
