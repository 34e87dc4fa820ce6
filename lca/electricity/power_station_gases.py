"""Methane and nitrous oxide of power stations, apart from their CO2: what a study characterizes itself (A4)."""

from __future__ import annotations

from .. import tables
from ..errors import MissingError
from ..graph.fields import parameter
from ..graph.node import Node
from .generation_mix import by_place
from .places import spans

_TABLE = "egrid_ch4_n2o"
_FIELDS = {"methane": "ch4", "nitrous_oxide": "n2o"}


def separate_gases(region: str, year: int) -> dict[str, Node]:
    """CH4 and N2O of an eGRID region in a year, per kWh at the busbar, direct; as fields of an `Electricity`.

    Raises `MissingError` for a region or a year that the table lacks.

    >>> sorted(separate_gases("US-RFCW", 2019))
    ['methane', 'nitrous_oxide']
    """
    here = by_place(_TABLE).get(region, {})
    if year not in here:
        raise MissingError.of("gases_not_published_apart", _TABLE, region=region, year=year, years=spans(here))
    units, row = tables.units("electricity", _TABLE), here[year]
    status, source = row.text("status"), row.text("source")
    shown = {field: f"{row.number(column)} {units[column]}" for field, column in _FIELDS.items()}
    return {
        field: parameter(f"electricity/{region}/{year}.{field}", value, status=status, source=source)
        for field, value in shown.items()
    }
