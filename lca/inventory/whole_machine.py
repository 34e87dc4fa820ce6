"""A sensor taken as the whole machine: what the rest of it takes, from published pairs of a sensor and a plug."""

from __future__ import annotations

import math

import numpy as np

from .. import tables
from ..distributions.families import Lognormal
from ..fits import widening
from ..graph.fields import parameter
from ..graph.node import Node, constant
from ..units.parse import root


def excess() -> tuple[Lognormal, str]:
    """What a machine takes beside what its sensor shows, over what it shows, and from which machines.

    The logarithm of the excess is normal between machines. For one more machine its spread is that of a prediction
    by Student's t: t(n - 1) s sqrt(1 + 1/n), matched at the 5 and 95 % quantiles.

    >>> excess()
    (Lognormal(0.567089, gsd=3.12062), '3 machines beside a plug: ...')
    """
    rows = tables.rows("estimates", "sensor_pairs")
    logs = np.log([row.number("ratio") - 1 for row in rows])
    n = logs.size
    wide = widening(n - 1) * float(logs.std(ddof=1)) * math.sqrt(1 + 1 / n)
    said = "; ".join(dict.fromkeys(row.text("source") for row in rows))
    return Lognormal(math.exp(float(logs.mean())), math.exp(wide)), f"{n} machines beside a plug: {said}"


def wall_over_sensor(site: str) -> Node:
    """The energy at the wall over that of a sensor at the component: one factor for all activities of a site."""
    spread, source = excess()
    beside = parameter(f"{site}.beside-the-sensor", spread, status="assumed", source=f"assumed: {source}")
    return (1 + beside) * constant(1.0, root("at_wall/at_component"))
