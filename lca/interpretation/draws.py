"""Draws of every output of a study, and the keys that a run leaves at their nominal values."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial

from ..arguments import entry
from ..checks import Array, did_you_mean, finite_number, one_of
from ..errors import DomainError
from ..graph.program import Program
from ..sampling.correlated import columns_of
from ..sampling.design import Design, RandomDesign
from ..sampling.evaluate import require_known
from ..sampling.latin import LatinHypercube
from ..sampling.question import Question
from ..sampling.run import run
from ..sampling.scrambled import ScrambledPoints
from ..sampling.sinks import KeptDraws
from ..sampling.smoothing.setting import Setting
from ..sampling.telling import telling
from ..study.assembly import Model
from ..study.study import Study
from .dataset import dataset_of
from .keeping import Kept, require_known_names, what_to_keep
from .result import COVERED, Evaluable, Result, model_of
from .resuming import checkpoint_of
from .streamed_run import How, streamed_run
from .streaming import FIRST, Streamed
from .until import asked_of, refuse_beside_until, run_until
from .versions import versions


@entry
def monte_carlo(
    thing: Evaluable,
    *,
    draws: int | None = None,
    until: str | Mapping[str, str] | None = None,
    seed: int = 0,
    keep: str = "auto",
    details: bool | None = None,
    per: Iterable[str] = ("functional_unit",),
    over: Iterable[str] | None = None,
    design: str = "random",
    mix: Iterable[str] = (),
    threads: int | None = None,
    executor: Executor | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    evaluator: str = "auto",
    progress: bool = True,
) -> Result:
    """Draws of every output of a study (GUM, Supplement 1).

    Draw i of a parameter depends on the seed, its key, the label and i only. So 10,000 draws are the first 10,000 of
    100,000, and studies share their random numbers (U2).

    Parameters
    ----------
    thing : Study, Node, or mapping of str to Node
        What to evaluate.
    draws : int
        How many draws, 10,000 if not given; with "sobol" a power of two. With `until` the most points that are taken,
        1,048,576 if not given, or fewer that fit into 1 GiB.
    until : str, or mapping of str to str
        The error to be met: "1 %" for the mean and the 5, 50 and 95 % quantiles of the total, or one for each
        statistic, such as {"p95": "0.5 %"} or {"mean": "2 kg CO2e"}. An error is a half-width: half of a 95 %
        interval. The run takes scrambled Sobol' points and integrates one parameter of each result out, where that
        helps, else random draws. `.reached` and the note of a summary say what it came to (U13). `keep`, `over`,
        `design`, `executor` and `checkpoint` have no place beside it.
    seed : int
        The seed of the random numbers.
    keep : str
        "draws" keeps every draw. "summary" keeps statistics of all draws and the first 16,384 draws, or fewer of many
        results. Its memory grows neither with `draws` nor, but for what is kept, with the scenarios. "auto" keeps
        draws up to 64 MiB (up to 256 MiB of 16,384 draws or fewer), and a summary of more; the result says which.
    details : bool
        Whether the details by activity and the energies are kept, for `summary(by="activity")` and `by="year"`. If
        not given, they are where all draws are kept and take less than 256 MiB with them.
    per : sequence of str
        Of a summary: what results may be divided by, beside "total" and what is the same in all draws.
    over : sequence of str
        Of a summary: dims of alternatives that are compared draw by draw in all draws. If not given, the dim of a
        result that has one, of 512 labels at most; `compare` over another dim takes the first draws.
    design : str
        "random"; "latin_hypercube", of which each of `draws` equal parts of a parameter's distribution has one draw; or
        "sobol" for scrambled Sobol' points. The draws of the last two depend on their number (U2).
    mix : sequence of str
        Keys of parameters of kind model or scenario that are drawn; the others stay nominal (U8).
    threads : int
        How many threads; as many as there are processors if not given, where the work is long enough. 1 is the thread
        of the caller alone.
    executor : concurrent.futures.Executor
        Does the work in its own threads, processes or machines, such as `client.get_executor()` of Dask.
    checkpoint : path
        A folder for the draws that are done. A run that was killed goes on from there, with the same bits. Scenarios
        that are counted in blocks are saved block by block.
    evaluator : str
        "numpy", or "numba" (extra `fast`), with equal bits; to 1e-12 where `exp`, `log` or a power whose exponent is
        not whole takes part (U7). "auto" takes numba, if it is installed, for 10^9 operations or more; with `until` it
        takes NumPy.
    progress : bool
        Show a bar with the time left, for long runs.

    Returns
    -------
    Result
        The draws, over alternatives and `draw`. A run that Ctrl-C ends has the first draws, and says so. A Latin
        hypercube, and scenarios that are counted in blocks, have none.

    Raises
    ------
    NonFiniteError
        If a value is not finite; the error says where it first arose (Q6).
    DomainError
        If a key of `mix` is unknown, or an argument or a draw is outside its domain.
    AccountingError
        If a draw breaks a law of the study, such as a load above the throughput.
    MissingError
        If `evaluator` is "numba" and numba cannot be loaded.
    FileFormatError
        If the checkpoint is of another study, seed, version or design, or is damaged.
    RunError
        If the executor lost a worker, a worker has other versions, or another run uses the checkpoint.

    Examples
    --------
    >>> import lca
    >>> energy = lca.parameter("x", lca.Normal("3 kWh at_wall", "1 kWh at_wall"))
    >>> round(monte_carlo(energy, progress=False).data["value"].std().item(), 1)
    1.0
    >>> monte_carlo(energy, until="1 %", progress=False).reached.met
    True
    """
    finite_number(1 if threads is None else threads, "threads", low=1, whole=True)
    compared = over if over is None else tuple(over)
    how = Running(seed, threads, executor, checkpoint, evaluator, progress)
    asked = Asked(model_of(thing), keep, details, tuple(per), compared, design, tuple(mix), how)
    with telling(progress=progress):
        drawn = asked.draws(draws) if until is None else asked.points(until, draws)
    return replace(drawn, held=thing if isinstance(thing, Study) else None)


@dataclass(frozen=True)
class Running:
    """The numbers that a run takes, who does the work, and where it is saved."""

    seed: int
    threads: int | None
    executor: Executor | None
    checkpoint: str | os.PathLike[str] | None
    evaluator: str
    progress: bool


@dataclass(frozen=True)
class Asked:
    """What is asked of a run, in the words of `monte_carlo`."""

    model: Model
    keep: str
    details: bool | None
    per: tuple[str, ...]
    over: tuple[str, ...] | None
    design: str
    mix: tuple[str, ...]
    how: Running

    def draws(self, draws: int | None) -> Result:
        """The result of so many draws: all of them, or a summary."""
        model, how = self.model, self.how
        count = 10_000 if draws is None else int(finite_number(draws, "draws", low=1, whole=True))
        require_known_names(model, per=self.per, over=self.over)
        kept = what_to_keep(model, count, self.keep, self.details)
        question = self._question(kept.program, design_named(kept.program, self.design, count, how.seed), count)
        require_known(question)
        values, streamed, done = self._values(kept, question)
        data = dataset_of(kept.program, values, model.outputs)
        stopped = count if done < count else None
        made = data, model, int(how.seed), done, self.design, self.mix, versions(model)
        return Result(*made, None, stopped, streamed, question.evaluated_by)

    def points(self, until: str | Mapping[str, str], draws: int | None) -> Result:
        """The result of as many points as the stated errors take (U13)."""
        model, how = self.model, self.how
        refuse_beside_until(
            keep=self.keep, over=self.over, design=self.design, executor=how.executor, checkpoint=how.checkpoint
        )
        program, points = what_to_keep(model, FIRST, "draws", self.details).program, RandomDesign(how.seed)
        question = self._question(program, points, 1)
        by = "numpy" if how.evaluator == "auto" else question.evaluated_by
        setting = Setting(program, question.frozen, points.seed, how.threads, how.progress, by)
        values, reached = run_until(model, setting, asked_of(until), draws, self.per)
        made = dataset_of(program, values, model.outputs), model, setting.seed, reached.points, reached.design, self.mix
        return Result(*made, versions(model), evaluator=by, reached=reached)

    def _question(self, program: Program, design: Design, draws: int) -> Question:
        held = frozenset(held_keys(program, self.mix))
        return Question(program, design, 0, draws, held, evaluator=self.how.evaluator)

    def _values(self, kept: Kept, question: Question) -> tuple[dict[str, Array], Streamed | None, int]:
        """(the draws that are kept, the statistics of all if these are a summary, how many draws were done)."""
        how = self.how
        facts = _facts(question, kept, how.seed, self.mix, self.per, self.over)
        saved = checkpoint_of(how.checkpoint, self.model, facts)
        stoppable = self.design != "latin_hypercube"  # whose first draws are another number of draws
        work = partial(run, threads=how.threads, executor=how.executor)
        if kept.summary:
            summary = How(work, saved, how.progress, stoppable)
            return streamed_run(self.model, question, summary, per=self.per, over=self.over)
        sink = KeptDraws(question, shared=how.executor is None)
        done = work(question, sink, checkpoint=saved, progress=how.progress, stoppable=stoppable)
        return sink.draws(done), None, done


def _facts(
    question: Question, kept: Kept, seed: int, mixed: Sequence[str], per: Sequence[str], over: Sequence[str] | None
) -> dict[str, object]:
    """How draws are made and what is kept of them: what has to be equal where a run goes on."""
    assert question.design is not None
    name = question.design.name
    facts = {"seed": seed, "design": name if name == "random" else f"{name}, {question.draws:,} points"}
    facts |= {"mix": ", ".join(mixed), "results": ", ".join(kept.program.outputs), "evaluator": question.evaluated_by}
    if kept.summary:
        compared = "the one dim there is" if over is None else ", ".join(over) or "none"
        facts |= {"keep": kept.word, "per": ", ".join(per), "over": compared}
    return facts


def held_keys(program: Program, mix: Iterable[str]) -> set[str]:
    """The keys that stay nominal: model and scenario choices that are not mixed by name (U8)."""
    known = {leaf.key for leaf in program.used}
    choices = {leaf.key for leaf in program.used if leaf.parameter.kind not in COVERED}
    if unknown := sorted(set(mix) - known):
        near = did_you_mean(unknown[0], sorted(choices)) or "the study has no parameter of kind model or scenario"
        raise DomainError.of("unknown_key_to_mix", "mix", keys=", ".join(unknown), near=near)
    return choices - set(mix)


def design_named(program: Program, name: str, draws: int, seed: int) -> Design:
    """The design of that name, before correlations."""
    one_of(name, ("random", "latin_hypercube", "sobol"), "design", "design")
    if name == "random":
        return RandomDesign(seed)
    if name == "latin_hypercube":
        return LatinHypercube(draws, seed)
    return ScrambledPoints(columns_of(program, program.keys), draws, 1, seed)
