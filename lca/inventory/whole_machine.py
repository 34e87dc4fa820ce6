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


def excess() -> tuple[Lognormal, int]:
    """What a machine takes beside what its sensor shows, over what it shows, and of how many machines.

    The logarithm of the excess is normal between machines. For one more machine its spread is that of a prediction
    by Student's t: t(n - 1) s sqrt(1 + 1/n), matched at the 5 and 95 % quantiles.

    >>> excess()
    (Lognormal(0.567089, gsd=3.12062), 3)
    """
    logs = np.log([row.number("ratio") - 1 for row in tables.rows("estimates", "sensor_pairs")])
    n = logs.size
    wide = widening(n - 1) * float(logs.std(ddof=1)) * math.sqrt(1 + 1 / n)
    return Lognormal(math.exp(float(logs.mean())), math.exp(wide)), n


def wall_over_sensor(site: str) -> Node:
    """The energy at the wall over that of a sensor at the component: one factor for all activities of a site."""
    spread, count = excess()
    source = f"assumed: {count} machines beside a plug (estimates/sensor_pairs)"
    beside = parameter(f"{site}.beside-the-sensor", spread, status="assumed", source=source)
    return (1 + beside) * constant(1.0, root("at_wall/at_component"))
