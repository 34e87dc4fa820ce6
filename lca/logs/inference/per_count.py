"""A mean power over a rate: the energy of one inference, request or token (M9)."""

from __future__ import annotations

from dataclasses import dataclass

from ...formulas import served_energy
from ...graph.fields import make_parameter
from ...graph.inputs import Labelled
from ...graph.node import Node, parameter_node
from ...meters.observed import About, Observed, nominal_of
from ...units.parse import parse_unit
from ...units.registry import DIMENSIONLESS, Unit


@dataclass(frozen=True, eq=False, repr=False)
class PerCount(Observed):
    """The energy of one of what was counted: E = P / r, with P the mean power and r the rate at the same time.

    The power errs by its meter, its display and its samples; the rate by the digits that were printed.
    """

    power: Observed
    rate: Labelled  # one value, in `count`/s
    count: str  # its unit: "inference", "token", ...
    name: str  # of the file that counted

    def node(self, key: str, attach: Unit = DIMENSIONLESS) -> Node:
        """The energy under a key; the rate has a key below it: "chat.energy.rate"."""
        source = f"{self.name}: count over time"
        rate = make_parameter(f"{key}.rate", self.rate, status="measured", source=source, kind="measurement")
        return served_energy(self.power.node(key, attach), parameter_node(rate))

    @property
    def about(self) -> About:
        """The meter and the file that counted, and the energy of one."""
        drawn = self.power.about
        boundary = drawn.unit.partition(" ")[2]
        watts = None if drawn.amount is None else drawn.amount * parse_unit(drawn.unit)[0]
        one = None if watts is None else watts / nominal_of(self.rate.values[0])
        return About(f"{drawn.meter} over {self.name}", one, f"J {boundary}/{self.count}", drawn.over)
