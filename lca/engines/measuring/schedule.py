"""How a measurement goes: its times, its blocks and their order (M8)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...checks import finite_number
from ...errors import DomainError

#: A block, and an idle time, last this many update periods of the meter at least.
PERIODS = 10
#: Before each block the engine runs for this part of it, and for two update periods at least: nothing is counted.
_LEAD = 0.05
#: Before an idle time the machine rests, s.
_PAUSE = 1.0


@dataclass(frozen=True)
class Schedule:
    """The times in s, the number of blocks of each engine, and the seed of their order."""

    seconds: float  # of each engine, over all blocks
    blocks: int
    idle: float  # before the blocks, and behind them again
    warm_up: float  # of each engine, at most
    seed: int

    def __post_init__(self) -> None:
        where = "measure_inference({}=)".format
        for name in ("seconds", "idle", "warm_up"):
            finite_number(getattr(self, name), where(name), low=0, above=True)
        finite_number(self.blocks, where("blocks"), low=2, whole=True, form="two blocks at least show their scatter")
        finite_number(self.seed, where("seed"), low=0, whole=True)

    @property
    def block(self) -> float:
        """How long a block lasts, s."""
        return self.seconds / self.blocks

    @property
    def pause(self) -> float:
        """How long the machine rests before an idle time, s."""
        return min(_PAUSE, self.idle)

    def lead(self, update_period: float) -> float:
        """How long an engine runs before each block, s."""
        return max(_LEAD * self.block, 2 * update_period)

    def order(self, engines: int) -> list[tuple[int, int]]:
        """(round, number of the engine) of each block: in each round every engine has one, in random order."""
        draw = np.random.default_rng(self.seed)
        return [(n, int(one)) for n in range(self.blocks) for one in draw.permutation(engines)]

    def refuse_short(self, update_period: float, meter: str) -> None:
        """Raise where a block, or an idle time, is short against the update period of the meter."""
        needed = PERIODS * update_period
        found = {"a block": self.block, "the idle time": self.idle}
        if short := [f"{name}: {seconds:g} s" for name, seconds in found.items() if seconds < needed * (1 - 1e-9)]:
            sides = [*short, f"new values of {meter}: each {update_period:g} s"]
            raise DomainError.of(
                "blocks_too_short", "measure_inference(seconds=)", sides, periods=PERIODS,
                seconds=f"{needed * self.blocks:g}", needed=f"{needed:g}",
            )  # fmt: skip
