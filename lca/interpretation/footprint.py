"""Operational footprint of one activity: three lines to a table, no study needed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas

from ..arguments import entry
from ..errors import MissingError
from ..expression.node import Node
from ..inventory.activity import Activity
from ..inventory.site import Site
from ..study.operation import grid_of, operational_impact, supplied
from ..study.roles import Roles
from ..units import unit_text
from .result import monte_carlo, nominal
from .table import Table


@entry
def footprint(activity: Activity, *, site: Site | None = None, draws: int = 10_000, seed: int = 0) -> Table:
    """Energy at the facility and the gas it causes, for each label, with 90 % intervals; operation only.

    `site` stands in where the activity has none. A row for each label of the
    activity (years are summed). Columns: energy and its unit, then
    nominal, p5, p50, p95 of the mass and its unit (kg CO2 for a CO2-only factor).

    >>> from lca import Electricity, Site, Training
    >>> desk = Site("desk", pue=1.0, electricity=Electricity("0.4 kg CO2e/kWh", at="facility"))
    >>> footprint(Training("BERT", power="1.5 kW", duration="79 h", at="wall"), site=desk)["nominal"].item()
    47.4
    """
    where = site or activity.site
    if where is None:
        raise MissingError("an activity without a site takes no electricity", where=activity.slug, mend="site=")
    flow = activity.electricity_at(where)
    roles = Roles((), ())
    energy, grid = supplied(flow, roles), grid_of(flow)
    mass = roles.summed(operational_impact(energy, flow, grid, roles))
    energy = roles.summed(energy)
    named: dict[str, Node] = {"energy": energy, "mass": mass}
    plain = nominal(named).data
    spread = monte_carlo(named, draws=draws, seed=seed).data
    quantiles = {q: spread["mass"].quantile(p, "draw").drop_vars("quantile") for q, p in _QUANTILES.items()}
    dims = [str(d) for d in plain["mass"].dims]
    rows: list[dict[str, Any]] = []
    for labels in np.ndindex(*plain["mass"].shape):
        at = dict(zip(dims, labels, strict=True))
        row: dict[str, Any] = {dim: plain[dim].values.tolist()[i] for dim, i in at.items()}
        row["energy"] = float(plain["energy"].isel({d: i for d, i in at.items() if d in plain["energy"].dims}))
        row["energy_unit"] = unit_text(energy.unit)
        row["nominal"] = float(plain["mass"].isel(at))
        row |= {q: float(values.isel(at)) for q, values in quantiles.items()}
        row["unit"] = unit_text(mass.unit)
        rows.append(row)
    frame = pandas.DataFrame.from_records(rows)
    table = Table(frame.set_index(dims) if dims else frame)
    others = [flow.name for flow in activity.electricity_flows[1:]] if activity.site is not None else []
    others += grid.gases.split(", ")[1:]  # gases that stand apart are characterized in a study only
    table.attrs["note"] = f"operation of {activity.name} at {where.name} only: no hardware, no other stage"
    table.attrs["note"] += f"; not in it: {', '.join(others)}" if others else ""
    return table


_QUANTILES = {"p5": 0.05, "p50": 0.50, "p95": 0.95}
