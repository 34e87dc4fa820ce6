"""What stays the same while the points of a run grow."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ...checks import Array
from ...graph.program import Program
from ..design import Design
from ..evaluate import evaluate


@dataclass(frozen=True)
class Setting:
    """A program whose outputs are kept, the keys that stay nominal, and how it is run."""

    program: Program
    held: frozenset[str] = frozenset()
    seed: int = 0
    threads: int | None = None
    progress: bool = False
    evaluator: str = "numpy"

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the parameters that are drawn, in order."""
        return tuple(key for key in self.program.keys if key not in self.held)

    def evaluate(
        self,
        program: Program,
        draws: int,
        design: Design,
        *,
        start: int = 0,
        held: Collection[str] = (),
    ) -> dict[str, Array]:
        """The outputs of a program in draws of a design, with more keys that stay nominal."""
        return evaluate(
            program,
            draws=draws,
            start=start,
            design=design,
            freeze=self.held.union(held),
            threads=self.threads,
            progress=self.progress,
            evaluator=self.evaluator,
        )
