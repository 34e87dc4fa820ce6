"""Networks: the electricity that the traffic of a service takes between its two ends."""

from __future__ import annotations

from typing import Any

from ..errors import MissingError
from ..expression.record import Record, Value, component, plain, quantity, tag
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
    <fixed-access.energy [kWh at the wall/GB]>
    """

    energy: Value = quantity("J/byte", boundary="times", kw_only=False)
    site: Any = plain(default=None)
    at: Any = plain(default=None)
    status: Any = tag(default="")
    source: Any = tag(default="")
    key: str = plain(default="")

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.site, Site):
            raise MissingError(
                "a network takes its electricity at a site",
                where=f"{self.slug}.site",
                mend='site=lca.Site("network", electricity=..., pue=1.0)',
            )
