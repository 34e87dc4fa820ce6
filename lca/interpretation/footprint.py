"""Operational footprint of one activity: three lines to a table, no study needed."""

from __future__ import annotations

from collections.abc import Mapping

import xarray

from ..arguments import entry
from ..errors import MissingError
from ..graph.node import Node
from ..graph.program import check_keys
from ..impact.dim_roles import Roles
from ..impact.electricity_impact import grid_of, operational_impact, supplied
from ..inventory.activity import Activity
from ..inventory.site import Site
from ..records.components import walk
from ..study.assembly import Model, domains
from ..study.consistency import check_flows
from ..study.scenarios import try_laws
from ..units.quantity import conversion
from .draws import monte_carlo
from .result import nominal
from .spread import places_in
from .table import Table

#: What a view of the mass is called: the grid of the place, and what the site buys by contract (A9).
PLACE, CONTRACT = "location-based", "market-based"
_GWP = "AR6"  # what the notes compare with: gases that stand apart are not characterized here


@entry
def footprint(
    activity: Activity, *, site: Site | None = None, unit: str | None = None, draws: int = 10_000, seed: int = 0
) -> Table:
    """Energy and greenhouse gases of the operation of one activity; no study is needed.

    Units, tags, laws and domains are checked as in a study.

    Parameters
    ----------
    activity : Training, Development or Deployment
        The activity.
    site : Site
        The site, if the activity has none.
    unit : str
        A mass for the columns, such as "g CO2e".
    draws : int
        How many draws.
    seed : int
        The seed of the random numbers.

    Returns
    -------
    Table
        A row for each label of the activity, summed over years. Columns: `energy` and `energy_unit`, then `p50`, `p5`,
        `p95`, `mean`, `nominal` and `unit` of the mass (kg CO2 for a factor of CO2 alone). If the site buys by
        contract, each `view` has a row, "location-based" and "market-based" (A9). The note says what is unknown.

    Raises
    ------
    MissingError
        If there is no site, or the site lacks a crossing.
    AccountingError
        If the site has no electricity, its factor is marginal, or a market-based factor stands alone.

    Examples
    --------
    >>> from lca import Electricity, Site, Training
    >>> desk = Site("desk", pue=1.0, electricity=Electricity("grid", intensity="0.4 kg CO2e/kWh", at="facility"))
    >>> footprint(Training("BERT", power="1.5 kW", duration="79 h", at="wall"), site=desk)["nominal"].item()
    47.4
    """
    where = site or activity.site
    if where is None:
        key = "footprint_without_a_site" if activity.impact is None else "energy_not_published"
        raise MissingError.of(key, activity.slug)
    model = _model(activity, where)
    at_nominal = nominal(model)
    try_laws(model)
    drawn = monte_carlo(model, draws=draws, seed=seed, progress=False)
    energy = at_nominal.data["energy"]
    views = [view for view in (PLACE, CONTRACT) if view in model.outputs]
    rows: list[dict[str, object]] = []
    for view in views:
        shown = unit or at_nominal.data[view].attrs["unit"]
        spread, factor = drawn.spreads.of(view), conversion(drawn.data[view].attrs["unit"], shown, "unit=")
        stated = at_nominal.to(shown, of=view)
        for place, labels in places_in(spread.dims, drawn.data):
            row = {**labels, **({"view": view} if len(views) > 1 else {}), "energy": _at(energy, place)}
            row["energy_unit"], own = energy.attrs["unit"], spread.sel(place)
            ends = {name: float(end) * factor for name, end in {**own.quantiles, "mean": own.mean}.items()}
            rows.append({**row, **ends, "nominal": _at(stated, place), "unit": shown})
    index = [*map(str, at_nominal.data[PLACE].dims), *["view"] * (len(views) > 1)]
    return Table.of(rows, index, "\n".join(model.notes))


def _at(values: xarray.DataArray, place: Mapping[str, int]) -> float:
    """The value at a place, of which it may lack some dims."""
    return float(values.values[tuple(place[str(dim)] for dim in values.dims)])


def _model(activity: Activity, where: Site) -> Model:
    """Energy and mass of the operation, with the laws of the activity and the notes on its electricity."""
    flow, roles = activity.electricity_at(where), Roles((), ())
    energy, grid = supplied(flow, roles), grid_of(flow)
    outputs: dict[str, Node] = {"energy": energy, PLACE: operational_impact(energy, grid.intensity, flow, grid, roles)}
    if where.market_electricity is not None:
        bought = where.market_electricity
        outputs[CONTRACT] = operational_impact(energy, bought.intensity, flow, bought, roles)
    others = [one.name for one in activity.electricity_flows[1:]] if activity.site is not None else []
    others += grid.gases.split(", ")[1:]  # gases that stand apart are characterized in a study only
    notes = [f"operation of {activity.name} at {where.name} only: no hardware, no other stage"]
    notes += check_flows([flow], (), _GWP) + [f"not in it: {', '.join(others)}"] * bool(others)
    guards = [*domains(walk((activity, where))), *activity.laws(roles.summed)]
    summed = {name: roles.summed(node) for name, node in outputs.items()}
    check_keys(list(summed.values()))
    return Model(activity.name, summed, (), (), (), "", "", {}, tuple(notes), {}, tuple(guards))
