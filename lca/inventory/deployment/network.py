"""Networks: the electricity that the traffic of a service takes between its two ends."""

from __future__ import annotations

from ...arguments import entry
from ...errors import MissingError
from ...hardware.component_factors import rows_of, spread_parameter
from ...near_names import near_names
from ...records.record import Record, Value, component, plain, quantity, slug
from ..site import Site


@component
class Network(Record):
    """What carries the traffic of a deployment: energy per amount of data, taken at a site of its own.

    The energy is an average over all traffic (attributional, A9). One byte more does not take that much more. The
    energy falls from year to year, so give that of the years of use, or values by year:
    `lca.labelled({...}, "kWh at_wall/GB", dim="year")`.

    Parameters
    ----------
    name : str
        The name of the network, unique in a study.
    energy : quantity, kWh/GB at a boundary
        Energy per amount of data; it may vary over `year`.
    site : Site
        The electricity of the network, and the crossings from the boundary to the meter.
    at : str
        The boundary, if the unit of the energy does not say it.
    status, source, key : str
        Status and source of the values; what their keys begin with, in place of the name.

    Raises
    ------
    BoundaryError
        If no boundary is given.
    MissingError
        If there is no site.

    Examples
    --------
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
        """The network of a scope, from data/hardware.

        Its energy per byte is the range that the table recommends. That is a judgement over what is published, so its
        status is "assumed". It is counted at the meter of `site`.

        Parameters
        ----------
        scope : str
            "fixed", "mobile" or "between data centres".
        site : Site
            The electricity of the network.
        name : str
            The name; that of the scope if it is not given.

        Returns
        -------
        Network
            The network, with its source.

        Raises
        ------
        MissingError
            If the table lacks the scope; the error offers near names.

        Examples
        --------
        >>> Network.lookup("fixed", site=Site("grid", pue=1.0)).energy
        <network/fixed.energy = 0.03 kWh at the facility/GB; 5 to 95 %: 0.01 to 0.09>
        """
        rows = {row.text("scope"): row for row in rows_of("network_energy") if row["flag"] == "recommended"}
        if scope not in rows:
            near = near_names(str(scope), {one: one for one in rows}) or list(rows)
            raise MissingError.of("unknown_network", "network_energy", scope=scope, near=", ".join(near))
        row = rows[scope]
        energy = spread_parameter(f"network/{slug(scope)}.energy", row, row.text("source"))
        return cls(name or f"{scope} network", energy, site=site, status=row.text("status"), source=row.text("source"))
