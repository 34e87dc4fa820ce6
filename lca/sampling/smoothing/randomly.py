"""Random draws, as many as a stated error needs: where smoothing does not apply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import NormalDist

import numpy as np

from ...checks import Array
from ..design import RandomDesign
from .mixture import LEVEL, Estimate, read_back
from .rows import Row
from .setting import Setting

#: Draws to begin with.
FIRST = 1 << 14
_WIDTH = NormalDist().inv_cdf((1 + LEVEL) / 2)


class Randomly:
    """Draws so far, and what they say of each row; the face of `Smoothed`.

    The interval of a mean is that of the central limit theorem, that of a quantile the values at the two ranks
    between which it lies by the binomial distribution (Woodruff 1952).
    """

    first = FIRST

    def __init__(self, setting: Setting, names: Sequence[str]) -> None:
        self._setting, program = setting, setting.program
        self._design = RandomDesign(setting.seed)
        self._kept: list[Mapping[str, Array]] = []
        shapes = {name: program.instructions[program.outputs[name].value].shape for name in names}
        self.rows = [Row(name, index) for name, shape in shapes.items() for index in np.ndindex(shape)]
        self.points = 0

    @property
    def evaluations(self) -> int:
        """How often the program was evaluated."""
        return self.points

    def more(self, points: int) -> None:
        """Draw on, up to so many draws."""
        count, program = points - self.points, self._setting.program
        self._kept.append(self._setting.evaluate(program, count, self._design, start=self.points))
        self.points = points

    def next(self, ratio: float) -> int:
        """How many draws to go on to, where the error is `ratio` times as large as it may be: a power of two."""
        needed = self.points * min(ratio, 1e6) ** 2
        return max(2 * self.points, 1 << int(np.ceil(np.log2(needed))))

    def statistic(self, row: Row, name: str) -> Estimate:
        """A statistic of a row, from all draws so far."""
        values = np.concatenate([kept[row.output][row.index] for kept in self._kept])
        n = values.size
        if name == "mean":
            return Estimate(float(values.mean()), _WIDTH * float(values.std()) / n**0.5)
        probability = float(name[1:]) / 100
        half = _WIDTH * (probability * (1 - probability) / n) ** 0.5
        return read_back(values, probability, half)

    def values(self) -> dict[str, Array]:
        """Every output in every draw: (labels..., draws)."""
        return {name: np.concatenate([one[name] for one in self._kept], axis=-1) for name in self._kept[0]}
