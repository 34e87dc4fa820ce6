"""Electricity as a record: an intensity at a boundary, the loss of the grid, and every tag of law A4."""

from __future__ import annotations

from typing import Any

from ..errors import BoundaryError, MissingError, UnitError
from ..expression.node import Node, as_node, constant
from ..expression.record import Record, Value, component, plain, quantity, tag
from ..units import boundary_of, gas_of, root, unit_text
from . import lookup

#: Tags that must agree within one alternative of a study (A4).
TAGS = ("gases", "basis", "mix", "averaging", "accounting", "gwp_set")


@component
class Electricity(Record):
    """Greenhouse gases per unit of electricity, with its tags; an unsaid tag is "unknown" and matches nothing.

    `intensity` is kg CO2 or kg CO2e per kWh; `at` says where that energy is counted: "busbar" (what power
    stations send out) or "facility" (what the customer's meter counts). `grid_loss` is the share lost
    between the two; it is asked for where an energy has to cross it.

    Raises `UnitError` for an intensity of plain mass, `DomainError` for a loss outside 0 to 1.

    >>> Electricity("0.0345 kg CO2e/kWh", at="facility", region="Quebec", year=2022).gases
    'CO2e'
    """

    name: str = plain(default="")
    intensity: Value = quantity("kg CO2e/kWh", "kg CO2/kWh", boundary="per", kw_only=False)
    at: str = plain(default="")
    grid_loss: Value = quantity("at_facility/at_busbar", bare=True, high=1.0, optional=True, default=None)
    region: Any = tag(default="")
    year: Any = tag(default=None)
    gwp_set: Any = tag(default="unknown")
    basis: Any = tag(default="unknown")
    mix: Any = tag(default="unknown")
    averaging: Any = tag(default="unknown")
    accounting: Any = tag(default="unknown")
    release: Any = tag(default="unknown")
    status: Any = tag(default="")
    source: Any = tag(default="")
    key: str = plain(default="")

    def __post_init__(self) -> None:
        if not self.name:
            parts = [str(part) for part in (self.region, self.year) if part]
            object.__setattr__(self, "name", " ".join(["electricity", *parts]))
        if not self.key:
            parts = [str(part) for part in (self.region, self.year) if part]
            object.__setattr__(self, "key", "/".join(["electricity", *parts]))
        super().__post_init__()
        if self.boundary not in ("at_busbar", "at_facility"):
            raise BoundaryError(
                f"an intensity in {unit_text(self.intensity.unit)} is not counted where electricity is sold",
                where=f"{self.key_prefix}.intensity",
                mend='at="busbar" (what power stations send out) or at="facility" (what the meter counts)',
            )
        if gas_of(self.intensity.unit) not in ("CO2", "CO2e"):
            raise UnitError(
                f"an intensity in {unit_text(self.intensity.unit)} does not say of which gas",
                where=f"{self.key_prefix}.intensity",
                mend='write "kg CO2e/kWh" or "kg CO2/kWh"',
            )

    @property
    def gases(self) -> str:
        """What the intensity counts: "CO2e" or "CO2"."""
        return str(gas_of(self.intensity.unit))

    @property
    def boundary(self) -> str:
        """Where its energy is counted: "at_busbar" or "at_facility"."""
        return str(boundary_of(self.intensity.unit**-1))

    @property
    def delivered_share(self) -> Node:
        """1 - grid loss: energy at the facility per energy at the busbar."""
        if self.grid_loss is None:
            raise MissingError(
                "energy at the facility meets an intensity at the busbar, and the grid loss is not known",
                where=f"{self.key_prefix}.grid_loss",
                mend="give grid_loss=, or an intensity per kWh at the facility",
            )
        return constant(1.0, root("at_facility/at_busbar")) - as_node(self.grid_loss)

    @classmethod
    def lookup(
        cls,
        place: str,
        year: int,
        *,
        basis: str = "life cycle",
        gases: str = "CO2e",
        source: str = "",
        allow_flagged: bool = False,
    ) -> Electricity:
        """Electricity of a place in one year, from the tables of data/electricity.

        `place` is an eGRID subregion ("US-RFCW"), the United States ("US"), a US state ("US-PA"), a ZIP code
        ("15213"), or a country by ISO code or name ("FR", "FRA", "France"); the United States are eGRID's, and
        with `source="Ember"` the world table's. `basis="life cycle"` adds fuel supply and plants to what power
        stations emit (`impact.upstream`); "direct" leaves them out, and is known for the United States only.
        Tables publish no spread: a gsd of 1.10 is assumed; upstream carries the ranges of its literature. The
        grid loss comes along where it is known.

        Sources: US EPA eGRID, a release per data year; Ember and Energy Institute in Our World in Data; World
        Bank for losses outside the United States; IPCC AR5, NETL and NREL for upstream.

        Raises `MissingError` for a place (near names are offered), a year, a gas or a basis that the tables lack.

        >>> Electricity.lookup("US-RFCW", 2019, basis="direct")
        Electricity('US-RFCW 2019', intensity=Lognormal("1074.41 lb CO2e/(MWh at_busbar)", gsd=1.1), ...
        >>> Electricity.lookup("France", 2023).basis
        'life cycle'
        """
        found = lookup.fields(place, year, basis=basis, gases=gases, source=source, allow_flagged=allow_flagged)
        return cls(found.pop("intensity"), **found)
