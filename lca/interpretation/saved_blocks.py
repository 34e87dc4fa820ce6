"""A run in blocks on disk: what is said of the blocks that are done, and the counts of the one under way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..sampling.checkpoint import Checkpoint
from ..sampling.plan import UNIT
from .blocks import Blocks
from .counting import Told


class SavedBlocks:
    """A folder for a run in blocks, or none. What is done of a block cannot grow by further draws."""

    def __init__(self, checkpoint: Checkpoint | None, blocks: Blocks) -> None:
        many, draws = len(blocks.labels), blocks.question.draws
        self._many, self._several_units = many, draws > UNIT
        facts = {"draws": f"{draws:,}", "blocks": f"{many:,} along {blocks.dim}"}
        self._whole = checkpoint.of(**facts) if checkpoint else None

    @contextmanager
    def held(self, told: Told) -> Iterator[int]:
        """Hold the folder for one run, and give back what it holds: how many blocks these are."""
        if self._whole is None:
            yield 0
            return
        with self._whole.held():
            yield self._whole.restore(told, self._many * UNIT) // UNIT  # a block stands where a unit does
            self._whole.keep(told, self._many, now=True)

    def of(self, number: int) -> Checkpoint | None:
        """For the units of one block."""
        return self._whole.of(f"block-{number:06}") if self._whole and self._several_units else None

    def keep(self, told: Told, number: int) -> None:
        """Save what is said of all blocks up to this one."""
        if self._whole is not None:
            self._whole.keep(told, number + 1)
        if (own := self.of(number)) is not None and self._whole is not None and self._whole.units > number:
            own.remove()
