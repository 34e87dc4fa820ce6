"""Networks: the electricity that the traffic of a service takes between its two ends."""

from __future__ import annotations

from ..arguments import entry
from ..errors import MissingError
from ..hardware.component_factors import rows_of, spread_parameter
from ..near_names import near_names
from ..records.record import Record, Value, component, plain, quantity, slug
from .site import Site


@component
class Network(Record):
    """What carries the traffic of a deployment: energy per amount of data, taken at a site of its own.

    `energy` is energy per byte at a measurement boundary, an average over all traffic (attributional, A9); a
    byte more does not take that much more. It falls from year to year: give that of the years of use, or
    `lca.labelled({...}, "kWh at_wall/GB", dim="year")`. `site` has the electricity, and the crossings from
    the boundary to the meter; `at` says the boundary where the text does not.

    Raises `BoundaryError` for energy without a boundary, `MissingError` without a site.

    >>> grid = Site("grid", pue=1.0)
    >>> Network("fixed access", "0.03 kWh/GB", at="wall", site=grid, source="EU ICT impact study 2020").energy
    <fixed-access.energy = 0.03 kWh at the wall/GB>
    """

    energy: Value = quantity("J/byte", boundary="times", kw_only=False)
    site: Site = plain()
    at: str | None = plain(default=None)
    status: str = plain(default="")
    source: str = plain(default="")
    key: str = plain(default="")

    @classmethod
    @entry
    def lookup(cls, scope: str, *, site: Site, name: str = "") -> Network:
        """The network of a scope, "fixed", "mobile" or "between data centres", from data/hardware.

        Its energy per byte is the recommended range of the table, a judgement over what is published, and so
        `assumed`; it is counted at the meter of `site`. `name` is that of the scope unless it is given. Raises
        `MissingError` with near names for a scope that the table lacks.

        >>> Network.lookup("fixed", site=Site("grid", pue=1.0)).energy
        <network/fixed.energy = 0.03 kWh at the facility/GB; 5 to 95 %: 0.01 to 0.09>
        """
        rows = {row["scope"]: row for row in rows_of("network_energy") if row["flag"] == "recommended"}
        if scope not in rows:
            near = near_names(str(scope), {one: one for one in rows}) or list(rows)
            raise MissingError.of("unknown_network", "network_energy", scope=scope, near=", ".join(near))
        row = rows[scope]
        energy = spread_parameter(f"network/{slug(scope)}.energy", row, row["source"])
        return cls(name or f"{scope} network", energy, site=site, status=row["status"], source=row["source"])
