"""Characterization factors: a gas becomes CO2e only by name, with a stated GWP set (Q2, A4)."""

from __future__ import annotations

from .. import tables
from ..arguments import entry
from ..graph.fields import parameter
from ..graph.node import Node
from ..near_names import entry_of

#: The horizon of an intensity in CO2e.
_YEARS = 100


@tables.cached
def _table() -> dict[int, dict[str, dict[str, tables.Row]]]:
    """The rows by horizon in years, GWP set and gas."""
    found: dict[int, dict[str, dict[str, tables.Row]]] = {}
    for row in tables.rows("characterization", "gwp"):
        sets = found.setdefault(int(row.number("horizon_years")), {})
        sets.setdefault(row.text("gwp_set"), {})[row.text("gas")] = row
    return found


@entry
def characterization_factor(gas: str, gwp_set: str, *, horizon_years: int = 100) -> Node:
    """The global warming potential of a gas (IPCC assessment reports; ISO 14044, 4.4.2.4).

    Parameters
    ----------
    gas : str
        "CO2", "CH4", "N2O", or "CH4_fossil" (AR6).
    gwp_set : str
        The assessment report: "AR4", "AR5" or "AR6".
    horizon_years : int
        The time horizon.

    Returns
    -------
    Node
        The factor, [kg CO2e per kg of the gas].

    Raises
    ------
    MissingError
        If the set lacks the gas. No other set is taken in its place.

    Examples
    --------
    >>> characterization_factor("N2O", "AR6")
    <gwp/AR6-100/N2O = 273 kg CO2e/kg N2O>
    """
    where = "characterization_factor"
    sets = entry_of(horizon_years, _table(), "horizon in years", where)
    row = entry_of(gas, entry_of(gwp_set, sets, "GWP set", where), f"characterization factor in {gwp_set} of", where)
    value = f"{float(row.number('value'))} kg CO2e/kg {gas.split('_')[0]}"
    key = f"gwp/{gwp_set}-{horizon_years}/{gas}"
    return parameter(key, value, status="dataset", source=row.text("source"))


def gas_of_power_stations(gas: str, gwp_set: str) -> str:
    """The row of a set for a gas out of power stations: fossil methane where the set keeps it apart.

    >>> gas_of_power_stations("CH4", "AR6"), gas_of_power_stations("CH4", "AR4")
    ('CH4_fossil', 'CH4')
    """
    fossil = f"{gas}_fossil"
    return fossil if fossil in _table()[_YEARS].get(gwp_set, {}) else gas


def check_gwp_set(name: str, where: str) -> None:
    """Raise `MissingError` where no GWP set has this name, with those that there are."""
    entry_of(name, _table()[_YEARS], "GWP set", where)


@tables.cached
def largest_change(from_set: str, to_set: str) -> float:
    """The largest relative change of CO2e of a gas from one GWP set to another: what a figure of unknown gases risks.

    >>> round(largest_change("AR4", "AR6"), 3)
    0.192
    """

    def factor(gas: str, gwp_set: str) -> float:
        here = entry_of(gwp_set, _table()[_YEARS], "GWP set", "gwp_set")
        return here[gas_of_power_stations(gas, gwp_set)].number("value")

    return max(abs(factor(gas, to_set) / factor(gas, from_set) - 1) for gas in ("CH4", "N2O"))
