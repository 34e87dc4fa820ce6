"""Impact categories: what is counted, in which unit. A new category is a row here, never new code.

Records carry their factors for categories other than climate change in `categories={name: factor}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import MissingError, RecordError
from ..expression.node import Node
from ..expression.value import Declared, resolve

CLIMATE = "climate_change"


@dataclass(frozen=True)
class Category:
    """An impact category and its unit (ISO 14044, 4.4.2.2)."""

    name: str
    unit: str
    says: str


CATEGORIES: Mapping[str, Category] = {
    one.name: one
    for one in (
        Category(CLIMATE, "kg CO2e", "greenhouse gases over 100 years, by the GWP set of the study"),
        Category("primary_energy", "kWh primary", "energy as found in nature, physical energy content (IEA)"),
        Category("water", "L", "fresh water consumed: evaporated or otherwise not given back"),
        Category("abiotic_depletion", "kg Sbe", "elements taken from the ground, in antimony equivalents"),
    )
}


def category(name: str, where: str = "categories") -> Category:
    """A category by name. Raises `MissingError` with the names there are.

    >>> category("water").unit
    'L'
    """
    if name not in tuple(CATEGORIES):
        raise MissingError(f"no impact category {name!r}", where=where, fix=f"one of: {', '.join(CATEGORIES)}")
    return CATEGORIES[name]


def factors(given: Any, *, per: str, key: str, at: str | None, status: str, source: str) -> dict[str, Node]:
    """Factors by category as nodes: `per` is what they are per, such as "kWh"; nodes and texts alike.

    Raises `MissingError` for an unknown category, `RecordError` for climate change, which has a field of its own.
    """
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise RecordError("factors by category are a mapping", where=key, fix='categories={"water": "1.8 L/kWh"}')
    made = {}
    for name, value in given.items():
        unit = category(name, key).unit
        if name == CLIMATE:
            raise RecordError("climate change has a field of its own", where=key, fix="intensity=, embodied=, ...")
        wanted = f"{unit}/{per}" if per == "kWh" else unit
        declared = Declared((wanted,), boundary="per" if per == "kWh" else "", per="" if per == "kWh" else per)
        stated = None if isinstance(value, Node) else at
        made[name] = resolve(value, declared, key=f"{key}.{name}", at=stated, status=status, source=source)
    return made
