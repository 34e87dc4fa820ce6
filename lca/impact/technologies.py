"""Electricity from a mix of technologies, and of certain hours of the day."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import numpy as np

from .. import tables
from ..checks import real
from ..errors import AccountingError, DomainError, MissingError
from ..expression.families import Lognormal, Normal
from ..expression.functions import total
from ..expression.given import labelled
from ..expression.label import make_dim
from ..expression.node import Node, constant
from ..expression.value import parameter

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
    median of its literature, with minimum and maximum as 99 % of the probability (they are no bounds). Each share is
    a parameter of its mix, `mix/0.6 wind, 0.4 gas.share_wind`.

    Raises `MissingError` for an unknown technology, `AccountingError` for shares that do not sum to one.

    >>> mixed_intensity({"wind": 0.6, "gas": 0.4})
    <value [kg CO2e/(kWh at the busbar)]>
    """
    known = _technologies()
    made: Any = 0
    checked = _checked(shares)
    mix = ", ".join(f"{share!r} {name}" for name, share in checked.items())
    for name, share in checked.items():
        technology = _COMMON.get(name, name)
        if technology not in known:
            near = tables.near(name, [*known, *_COMMON]) or sorted(known)
            raise MissingError(f"no technology {name!r}", where="mix", fix=f"one of: {', '.join(near)}")
        # the mix is its own key: another mix never clashes with it, and the same one is the same everywhere (U1)
        part = parameter(f"mix/{mix}.share_{name}", share, status="declared", source="stated, as a share of a mix")
        made = made + part * _intensity(technology, known[technology])
    return made.named("value")  # type: ignore[no-any-return]


def _checked(shares: Mapping[str, float]) -> dict[str, float]:
    if not isinstance(shares, Mapping) or not shares:
        raise DomainError(f"{shares!r} is no mix", where="mix", fix='{"wind": 0.6, "gas": 0.4}')
    numbers = {name: share for name, share in shares.items() if _is_number(share)}
    bad = [f"{name}: {share!r}" for name, share in shares.items() if not (name in numbers and 0 <= share <= 1)]
    whole = math.fsum(numbers.values())
    if bad or not math.isclose(whole, 1, abs_tol=1e-6):
        raise AccountingError(
            "the shares of a mix lie between 0 and 1 and sum to one (A7)",
            where="mix",
            sides=bad or [f"their sum: {whole:g}"],
            fix="state all of it; what is bought on the grid is no technology",
        )
    return {name: float(share) for name, share in numbers.items()}


@cache
def _technologies() -> dict[str, dict[str, Any]]:
    rows = tables.rows(_FOLDER, "lifecycle_by_technology")
    whole = [row for row in rows if all(math.isfinite(float(row[c])) for c in ("minimum", "median", "maximum"))]
    return {str(row["technology"]): row for row in whole}


def _intensity(technology: str, row: Mapping[str, Any]) -> Node:
    low, middle, high = (f"{row[end]} g CO2e/(kWh at_busbar)" for end in ("minimum", "median", "maximum"))
    return parameter(
        f"technology/{technology}",
        Lognormal.through(low, middle, high, level=_LEVEL),
        status=row["status"],
        source=f"{row['source']}; {row['minimum']:g} to {row['maximum']:g} as {_LEVEL:.0%} of the probability",
    )


def technology_tags(shares: Mapping[str, float]) -> dict[str, str]:
    """The tags that the technologies of a mix have in common (A4)."""
    rows = [_technologies()[_COMMON.get(name, name)] for name in shares]
    names = ("gwp_set", "basis", "averaging", "accounting", "release")
    return {name: text.pop() if len(text := {str(row[name]) for row in rows}) == 1 else "unknown" for name in names}


def search_technologies(text: str = "") -> Any:
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


def _is_number(value: Any) -> bool:
    return math.isfinite(real(value) or 0.0) and real(value) is not None


def _whole_numbers(given: Any, what: str, known: range) -> list[int]:
    """Hours or months, each once. Raises `DomainError` for what is none."""
    several = isinstance(given, Iterable) and not isinstance(given, (str, bytes))
    made = list(given) if several else []
    bad = [one for one in made if not isinstance(one, (int, np.integer)) or isinstance(one, bool) or one not in known]
    bad += [] if several else [given]
    if bad or len(set(made)) < len(made):
        raise DomainError(
            "hours are 0 to 23, months 1 to 12, each once",
            where=f"at_hours, {what}",
            sides=list(map(repr, bad)),
            fix="at_hours(range(9, 17), ...), or weights by hour: {9: 1, 10: 2}",
        )
    return [int(one) for one in made]


@cache
def _days() -> dict[str, dict[tuple[int, int], dict[str, Any]]]:
    """The shapes of a day by balancing authority, then by month and hour."""
    found: dict[str, dict[tuple[int, int], dict[str, Any]]] = {}
    for row in tables.rows(_FOLDER, "us_diurnal_shape"):
        at = int(row["month"]), int(row["hour"])
        found.setdefault(str(row["region"]), {})[at] = row
    return found


def hour_factor(hours: Iterable[int] | Mapping[int, float], shape: str, months: Iterable[int]) -> Node:
    """Mean intensity at some hours of the day over the mean of all hours, a pure number.

    The shape of a day (mean 1) is that of a US balancing authority in 2022, hour by hour in local time,
    averaged over `months`; `hours` are the hours of the load, or their weights. Its spread is that of the mean
    over the days of the year.

    Raises `MissingError` for an unknown authority, `DomainError` for hours or months that are none.

    >>> hour_factor(range(9, 17), "CISO", range(1, 13))
    <shape/CISO at its hours [a pure number]>
    """
    known = _days()
    if not isinstance(shape, str) or shape not in known:
        there = f"balancing authorities: {sorted(known)}"
        raise MissingError(f"no shape of a day for {shape!r}", where="shape", fix=there)
    weights = hours if isinstance(hours, Mapping) else dict.fromkeys(_whole_numbers(hours, "hours", range(24)), 1.0)
    _whole_numbers(weights, "hours", range(24))
    chosen = sorted(_whole_numbers(months, "months", range(1, 13)))
    if bad := [f"{hour}: {w!r}" for hour, w in weights.items() if not (_is_number(w) and 0 <= w < _HEAVIEST)]:
        raise DomainError("the weight of an hour is a number from 0 up", where="at_hours", sides=bad)
    if not chosen or not sum(weights.values()) > 0:
        raise DomainError("a load takes place at some hour", where="at_hours", fix="at_hours(range(9, 17), ...)")
    rows = [[known[shape][month, hour] for month in chosen] for hour in range(24)]
    days = [sum(row["count"] for row in of_hour) for of_hour in rows]
    means = [sum(row["shape"] * row["count"] for row in of_hour) / n for of_hour, n in zip(rows, days, strict=True)]
    errors = [
        math.sqrt(sum(row["sd"] ** 2 * row["count"] for row in of_hour)) / n
        for of_hour, n in zip(rows, days, strict=True)
    ]
    scale = math.fsum(means) / 24  # mean 1 over the months chosen, too
    spread = {hour: Normal(means[hour] / scale, errors[hour] / scale) for hour in range(24)}
    first = rows[0][0]
    whole = chosen == list(range(1, 13))
    key = f"shape/{shape}" + ("" if whole else f"/{'-'.join(map(str, chosen))}")
    values = parameter(key, labelled(spread, dim="hour"), status=first["status"], source=first["source"])
    parts = np.array([float(weights.get(hour, 0.0)) for hour in range(24)])
    load = constant(parts / parts.sum(), dims=(make_dim("hour", range(24)),)).named("share of the load")
    return total(values * load, over="hour").named(f"shape/{shape} at its hours")  # type: ignore[no-any-return]
