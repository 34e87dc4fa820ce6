"""Impact categories: what is counted, in which unit. A new category is a row here, never new code.

Records carry their factors for categories other than climate change in `categories={name: factor}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import RecordError
from ..graph.fields import Declared, Written, resolve
from ..graph.node import Node
from ..near_names import entry_of

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
    return entry_of(name, CATEGORIES, "impact category", where)


def factors(
    given: Mapping[str, Written] | None, *, per: str, key: str, at: str | None, status: str, source: str
) -> dict[str, Node]:
    """Factors by category as nodes: `per` is what they are per, such as "kWh"; nodes and texts alike.

    Raises `MissingError` for an unknown category, `RecordError` for climate change, which has a field of its own.
    """
    made = {}
    for name, value in (given or {}).items():
        unit = category(name, key).unit
        if name == CLIMATE:
            raise RecordError.of("climate_change_among_categories", key)
        wanted = f"{unit}/{per}" if per == "kWh" else unit
        declared = Declared((wanted,), boundary="per" if per == "kWh" else "", per="" if per == "kWh" else per)
        stated = None if isinstance(value, Node) else at
        made[name] = resolve(value, declared, key=f"{key}.{name}", at=stated, status=status, source=source)
    return made
