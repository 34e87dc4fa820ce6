"""Characterization factors: a gas becomes CO2e only by name, with its GWP set said (Q2, A4)."""

from __future__ import annotations

from .. import tables
from ..errors import MissingError
from ..expression.node import Node
from ..expression.value import parameter

_TABLE = ("characterization", "gwp")


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
        raise MissingError(f"no characterization factor for {gas} in {gwp_set}", mend=f"there are: {known}")
    only = row.iloc[0]
    species = gas.split("_")[0]
    return parameter(
        f"gwp/{gwp_set}-{horizon_years}/{gas}",
        f"{float(only['value'])} kg CO2e/kg {species}",
        status="dataset",
        source=str(only["source"]),
    )
