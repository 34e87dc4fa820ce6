"""The value of information: how much of the expected loss of a choice knowledge would avoid (U15).

EVPI = E[x_chosen - min_i x_i], and EVPPI = E[x_chosen - x_i*(known)], where i*(known) has the smallest mean given what
is known (Raiffa and Schlaifer 1961; Brennan et al. 2007, Med. Decis. Making 27).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ...checks import Array
from ...sampling.statistics.ranks import SAME
from .points import Points
from .regression import PARTS, Regression
from .subjects import Known, Subject

#: Alternatives that one regression predicts together, which bounds its memory.
_TOGETHER = 64


@dataclass(frozen=True, eq=False)
class Choice:
    """Alternatives of one place, (alternatives, points), and the one with the smallest mean."""

    draws: Array
    chosen: int

    @classmethod
    def of(cls, draws: Array) -> Choice:
        """The choice between some alternatives."""
        return cls(draws, int(draws.mean(axis=1).argmin()))

    @property
    def losses(self) -> Array:
        """EVPI in each part of the points: what the chosen one is above the smallest, on average."""
        return by_part(self.draws[self.chosen] - self.draws.min(axis=0))

    @cached_property
    def rivals(self) -> Array:
        """How far each other is above the chosen one; those that are above in every draw are left out."""
        apart = np.delete(self.draws, self.chosen, axis=0) - self.draws[self.chosen]
        least = SAME * np.abs(self.draws[self.chosen]).max()
        return np.asarray(apart[(apart < -least).any(axis=1)])

    def avoided(self, known: Regression) -> Array:
        """EVPPI in each part of the points, of parameters that would be known.

        The alternative with the smallest predicted mean is taken at each point, and what it saves there is averaged. A
        prediction stands on other points. So no chance agreement counts as knowledge, and no point saves more than
        perfect knowledge would.
        """
        rivals = self.rivals
        if not len(rivals):
            return np.zeros(PARTS)
        blocks = [rivals[first : first + _TOGETHER] for first in range(0, len(rivals), _TOGETHER)]
        best, saved = np.zeros(rivals.shape[1]), np.zeros(rivals.shape[1])
        for block in blocks:
            predicted = known.means(block)
            place = predicted.argmin(axis=0)
            lowest = np.take_along_axis(predicted, place[None], axis=0)[0]
            better = lowest < best
            best = np.where(better, lowest, best)
            saved = np.where(better, -np.take_along_axis(block, place[None], axis=0)[0], saved)
        return by_part(saved)


def by_part(values: Array) -> Array:
    """The mean in each part of the points.

    >>> by_part(np.arange(16.0)).tolist()
    [0.5, 2.5, 4.5, 6.5, 8.5, 10.5, 12.5, 14.5]
    """
    return np.asarray(values.reshape(PARTS, -1).mean(axis=1))


@dataclass(eq=False)
class Information:
    """EVPPI of subjects at choices. The parameters of one key are drawn once, and kept until another is asked."""

    points: Points
    choices: Sequence[Choice]
    _kept: dict[str, Mapping[str, Array]] = field(default_factory=dict)

    def of(self, subject: Subject) -> Array:
        """EVPPI in each part of the points, (choices, parts)."""
        if not len(self._guide):
            return np.zeros((len(self.choices), PARTS))
        known = Regression(self._drawn(subject.known), self._guide)
        return np.stack([choice.avoided(known) for choice in self.choices])

    @cached_property
    def _guide(self) -> Array:
        """Some of all differences."""
        every = np.concatenate([choice.rivals for choice in self.choices])
        return every[:: -(-len(every) // _TOGETHER) or 1]

    def _drawn(self, known: Sequence[Known]) -> Array:
        keys = dict.fromkeys(key for key, _ in known)
        self._kept = {key: self._kept[key] if key in self._kept else self.points.drawn(key) for key in keys}
        return np.stack([self._kept[key][label] for key, label in known])
