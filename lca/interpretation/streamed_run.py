"""A run in summary mode: first draws are kept, all draws are counted, in one piece or in blocks of scenarios."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from ..checks import Array
from ..sampling.checkpoint import Checkpoint
from ..sampling.question import Question
from ..sampling.run import progress_bar
from ..sampling.run import run as draw_all
from ..sampling.sinks import KeptDraws
from ..study.assembly import Model
from .blocks import Block, Blocks, First, blocks_of
from .counting import Counting, Run, Told
from .keeping import compared, divisors, elements
from .saved_blocks import SavedBlocks
from .statistic_rows import Layout
from .streaming import Streamed, first_draws, looked_draws


@dataclass(frozen=True)
class How:
    """Who makes the draws, where they are saved, and whether a Ctrl-C leaves the first of them.

    In blocks it leaves nothing but what was saved.
    """

    run: Callable[..., int]
    checkpoint: Checkpoint | None
    progress: bool
    stoppable: bool


def streamed_run(
    model: Model, question: Question, how: How, *, per: Iterable[str], over: Iterable[str] | None
) -> tuple[dict[str, Array], Streamed, int]:
    """(the first draws of every output, the statistics of all, how many draws were done)."""
    dims = compared(model, over)
    layout = Layout(model, question, per=divisors(model, per), over=dims)
    looked = looked_draws(elements(question.program), question.draws)
    blocks = blocks_of(layout, question, looked, dims)
    counted = _Counted(layout, blocks, looked)
    done = counted.in_blocks(how) if blocks.dim else counted.whole(how)
    return counted.first.values, counted.told.streamed(), done


class _Counted:
    """The draws that are kept and what is said of all, while a run goes on."""

    def __init__(self, layout: Layout, blocks: Blocks, looked: int) -> None:
        program, draws = blocks.question.program, blocks.question.draws
        self._layout, self._blocks, self._looked = layout, blocks, looked
        self.told = Told(layout, blocks.dim, draws)
        self.first = First(program, blocks.dim, first_draws(elements(program), draws))

    def whole(self, how: How) -> int:
        """All labels at once; a run that is saved may go on with more draws."""
        (block,) = self._blocks
        run = partial(how.run, checkpoint=how.checkpoint, progress=how.progress, stoppable=how.stoppable)
        return self._count(block, self._look(block), run, grows=how.checkpoint is not None)

    def in_blocks(self, how: How) -> int:
        """One block after the other, but for those that were saved."""
        saved, many = SavedBlocks(how.checkpoint, self._blocks), len(self._blocks.labels)
        with saved.held(self.told) as known, progress_bar(many, known, how.progress, "block") as bar:
            for number, block in enumerate(self._blocks):
                first = self._look(block)
                if number >= known:
                    self._count(block, first, partial(how.run, checkpoint=saved.of(number)))
                    saved.keep(self.told, number)
                    bar(1)
        return self._blocks.question.draws

    def _look(self, block: Block) -> dict[str, Array]:
        """The first draws of every output of a block, some of which are kept."""
        question = block.question.first(self._looked)
        kept = KeptDraws(question)
        draw_all(question, kept, threads=1)
        values = kept.draws(self._looked)
        self.first.take(block.labels, values)
        return values

    def _count(self, block: Block, first: dict[str, Array], run: Run, *, grows: bool = False) -> int:
        counting = Counting(self._layout, block, self._blocks.dim, first, grows=grows)
        done = counting.run(run)
        self.told.take(counting.said(done))
        return done
