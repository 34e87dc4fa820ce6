"""Electricity as a record: an intensity at a boundary, the loss of the grid, and every tag of law A4."""

from __future__ import annotations

from typing import Any

from .. import tables
from ..errors import BoundaryError, DomainError, MissingError, UnitError
from ..expression.families import Lognormal
from ..expression.node import Node, as_node, constant
from ..expression.record import Record, Value, component, plain, quantity, tag
from ..expression.value import parameter
from ..units import boundary_of, gas_of, root, unit_text

#: Tags that must agree within one alternative of a study (A4).
TAGS = ("gases", "basis", "mix", "averaging", "accounting", "gwp_set")
_TABLE = ("electricity", "egrid_subregion_rates")


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
    def lookup(cls, place: str, year: int, *, basis: str, gases: str = "CO2e") -> Electricity:
        """Electricity of an eGRID subregion ("US-RFCW") or of the United States ("US") in one year.

        The intensity is what power stations emit per energy sent out (`basis="direct"`, the only one in the
        table yet), as CO2e or CO2 alone, with a lognormal spread of gsd 1.10 that is assumed until the data
        give one; the grid loss comes with it. Source: US EPA eGRID, a release per data year.

        Raises `MissingError` for a place (near names are offered), a year, a gas or a basis that the table lacks.

        >>> Electricity.lookup("US-RFCW", 2019, basis="direct")
        Electricity('US-RFCW 2019', intensity=Lognormal("1074.41 lb CO2e/(MWh at_busbar)", gsd=1.1), ...
        """
        if basis != "direct":
            raise MissingError(
                f"no table of electricity on the basis {basis!r}",
                where=f"{place}, {year}",
                mend='basis="direct" is there: what power stations emit, without fuel supply or plant',
            )
        row = _row(place, year, gases)
        rate, spread = float(row[gases.lower()]), float(row["gsd"])
        unit = tables.units(*_TABLE)[gases.lower()]
        key = f"electricity/{place}/{year}"
        intensity = parameter(
            f"{key}.intensity" if gases == "CO2e" else f"{key}.intensity_{gases}",
            Lognormal(f"{rate} {unit}", spread),
            status=row["gsd_status"],
            source=f"{row['source']}; its spread is {row['gsd_status']}",
        )
        return cls(
            intensity,
            name=f"{place} {year}",
            grid_loss=f"{float(row['grid_loss'])} %",
            region=place,
            year=int(year),
            gwp_set=row["gwp_set"] if gases == "CO2e" else "none",
            basis=row["basis"],
            mix=row["mix"],
            averaging=row["averaging"],
            accounting=row["accounting"],
            release=row["release"],
            status="dataset",
            source=row["source"],
        )


def _row(place: str, year: int, gases: str) -> Any:
    table = tables.read(*_TABLE)
    if gases not in ("CO2e", "CO2"):
        raise DomainError(f"{gases!r} is not in the table", where=f"{place}, {year}", mend='gases="CO2e" or "CO2"')
    here = table[table["region"] == place]
    if here.empty:
        places = sorted(set(table["region"]))
        near = tables.near(place, places) or tables.near(f"US-{place}", places) or places
        raise MissingError(
            f"no electricity for {place!r}",
            where=f"eGRID, {year}",
            mend=f"did you mean {', '.join(near[:6])}? There are the eGRID subregions, as in US-RFCW, and US",
        )
    there = here[here[gases.lower()].notna()]
    row = there[there["year"] == year]
    if row.empty:
        years = ", ".join(str(y) for y in there["year"])
        raise MissingError(
            f"no {gases} rate for {place} in {year}", where=f"eGRID, {place}", mend=f"years there are: {years}"
        )
    return row.iloc[0]
