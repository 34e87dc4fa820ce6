"""Characterization factors: a gas becomes CO2e only by name, with its GWP set said (Q2, A4)."""

from __future__ import annotations

from functools import cache

from .. import tables
from ..arguments import entry
from ..errors import MissingError
from ..expression.node import Node
from ..expression.value import parameter

_TABLE = ("characterization", "gwp")


@entry
def characterization_factor(gas: str, gwp_set: str, *, horizon_years: int = 100) -> Node:
    """The global warming potential of a gas, in kg CO2e per kg of it.

    Raises `MissingError` where the set lacks the gas; no other set stands in for it.

    >>> characterization_factor("N2O", "AR6")
    <gwp/AR6-100/N2O [kg CO2e/kg N2O]>
    """
    table = tables.read(*_TABLE)
    here = table[(table["gwp_set"] == gwp_set) & (table["horizon_years"] == horizon_years)]
    row = here[here["gas"] == gas]
    if row.empty:
        known = ", ".join(sorted(set(table["gwp_set"]))) if here.empty else ", ".join(here["gas"])
        raise MissingError(f"no characterization factor for {gas} in {gwp_set}", fix=f"there are: {known}")
    only = row.iloc[0]
    species = gas.split("_")[0]
    return parameter(
        f"gwp/{gwp_set}-{horizon_years}/{gas}",
        f"{float(only['value'])} kg CO2e/kg {species}",
        status="dataset",
        source=str(only["source"]),
    )


def gas_of_power_stations(gas: str, gwp_set: str) -> str:
    """The row of a set for a gas out of power stations: fossil methane where the set keeps it apart.

    >>> gas_of_power_stations("CH4", "AR6"), gas_of_power_stations("CH4", "AR4")
    ('CH4_fossil', 'CH4')
    """
    table = tables.read(*_TABLE)
    fossil = f"{gas}_fossil"
    return fossil if fossil in set(table[table["gwp_set"] == gwp_set]["gas"]) else gas


@cache
def largest_change(from_set: str, to_set: str) -> float:
    """The largest relative change of CO2e of a gas from one GWP set to another: what a figure of unknown gases risks.

    >>> round(largest_change("AR4", "AR6"), 3)
    0.192
    """
    table = tables.read(*_TABLE)
    table = table[table["horizon_years"] == 100]

    def factor(gas: str, gwp_set: str) -> float:
        here = table[table["gwp_set"] == gwp_set]
        if here.empty:
            raise MissingError(f"no GWP set {gwp_set!r}", fix=f"there are: {', '.join(sorted(set(table['gwp_set'])))}")
        return float(here[here["gas"] == gas_of_power_stations(gas, gwp_set)]["value"].iloc[0])

    return max(abs(factor(gas, to_set) / factor(gas, from_set) - 1) for gas in ("CH4", "N2O"))
