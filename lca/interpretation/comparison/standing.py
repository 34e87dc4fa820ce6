"""How alternatives stand to each other, draw by draw: from draws, or from what a run kept of all draws (A12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...checks import Array
from ..spread import quantiles
from ..streaming import Paired
from .ranking import best_shares, expected_losses


@dataclass(frozen=True)
class Standing:
    """Alternatives beside the one at the place `reference`: quantiles of how far they are from it, and who is best."""

    reference: int
    excess: Mapping[str, Array]
    ratio: Mapping[str, Array]
    best: Array
    losses: Array

    @classmethod
    def of_draws(cls, draws: Array, reference: int) -> Standing:
        """From draws over (alternatives, draws)."""
        first = draws[reference]
        with np.errstate(invalid="ignore", divide="ignore"):  # nothing is a multiple of 0
            excess, ratio = quantiles(draws - first), quantiles(draws / first)
        return cls(reference, excess, ratio, best_shares(draws), expected_losses(draws))

    @classmethod
    def of_paired(cls, paired: Paired, factor: float) -> Standing:
        """From what was kept of alternatives over one dim alone; `factor` has units of the result per unit asked."""
        excess = {name: values / factor for name, values in paired.excess.quantiles.items()}
        return cls(int(paired.reference), excess, paired.ratio.quantiles, paired.best, paired.losses / factor)

    def columns(self) -> dict[str, Array]:
        """The columns of a table of comparison."""
        apart = {"excess": self.excess, "ratio": self.ratio}
        made = {f"{what}_{name}": values for what, one in apart.items() for name, values in one.items()}
        return {"best": self.best, **made, "expected_loss": self.losses}
