"""One loop over units of draws: alone, in threads, by an executor, ended by Ctrl-C, gone on from a checkpoint (U7)."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lca
from lca.errors import DomainError, NonFiniteError, RunError
from lca.graph.program import compile_program
from lca.sampling import workers
from lca.sampling.design import RandomDesign
from lca.sampling.plan import UNIT
from lca.sampling.question import Question
from lca.sampling.run import run
from lca.sampling.sinks import KeptDraws

DRAWS = 3 * UNIT + 1_000
X = lca.parameter("x", lca.Normal("10 W at_wall", "1 W at_wall"))
HOURS = lca.parameter("hours", lca.labelled({"a": lca.Uniform(1, 2), "b": 3.0}, "h", dim="m"))


def question(draws: int = DRAWS, start: int = 0, **how: Any) -> Question:
    program = compile_program({"energy": X * HOURS, "power": X, "fixed": lca.parameter("fixed", "2 W at_wall")})
    return Question(program, how.pop("design", RandomDesign(5)), start, draws, **how)


def draws_of(asked: Question, **how: Any) -> dict[str, Any]:
    kept = KeptDraws(asked, shared="executor" not in how)
    return kept.draws(run(asked, kept, **how))


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    return draws_of(question(), threads=1)


def same(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    return left.keys() == right.keys() and all(np.array_equal(left[name], right[name]) for name in left)


class Sums:
    """A sink of sums that notes what came when."""

    def __init__(self) -> None:
        self.taken: list[int] = []
        self.sums: list[float] = []

    def part(self) -> SumPart:
        return SumPart()

    def take(self, number: int, part: SumPart) -> None:
        self.taken.append(number)
        self.sums.append(part.sum)

    def saved(self, first: int, stop: int) -> tuple[int, dict[str, Any]]:
        return 0, {"sums": np.array(self.sums)}

    def restore(self, first: int, stop: int, arrays: Mapping[str, Any]) -> None:
        assert first == 0
        self.sums = arrays["sums"].tolist()


class SumPart:
    """The sum of one unit, step after step."""

    def __init__(self) -> None:
        self.sum, self.next = 0.0, -1

    def add(self, values: Mapping[str, Any], first: int) -> None:
        assert self.next in (-1, first), "the steps of a unit come in order"
        self.next = first + values["power"].size
        for one in values["power"].reshape(-1, values["power"].size // 8 or 1):
            self.sum += float(one.sum())


# --- who does it (U7) -------------------------------------------------------------------------------------


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_u7_threads_give_the_bits_of_one(whole: dict[str, Any], threads: int) -> None:
    assert same(whole, draws_of(question(), threads=threads))


def test_u7_parts_are_taken_in_the_order_of_units() -> None:
    alone, threaded = Sums(), Sums()
    run(question(), alone, threads=1)
    run(question(), threaded, threads=3)
    assert alone.taken == threaded.taken == [0, 1, 2, 3]
    assert alone.sums == threaded.sums


def test_u7_a_run_that_begins_in_the_middle_of_a_unit(whole: dict[str, Any]) -> None:
    start, draws = UNIT - 77, UNIT + 100
    part = draws_of(question(draws, start), threads=2)
    assert same(part, {name: values[..., start : start + draws] for name, values in whole.items()})


def test_u7_any_executor_gives_the_same_bits(whole: dict[str, Any]) -> None:
    with ThreadPoolExecutor(2) as threads:
        assert same(whole, draws_of(question(), executor=threads))
    with ProcessPoolExecutor(2) as processes:
        assert same(whole, draws_of(question(), executor=processes))


def test_u7_overrides_are_cut_for_each_unit() -> None:
    """What is told by draw goes to a worker for its own draws alone."""
    numbers = np.linspace(0.001, 0.999, 2 * UNIT)
    given = {"hours": np.stack([numbers, 2 * numbers])}
    asked = question(2 * UNIT, overrides=given)
    with ThreadPoolExecutor(2) as executor:
        assert same(draws_of(asked, threads=1), draws_of(asked, executor=executor))
    cut = asked.cut(UNIT, UNIT + 5)
    assert (cut.start, cut.draws, cut.overrides["hours"].shape) == (UNIT, 5, (2, 5))
    plain = question()
    assert plain.cut(0, UNIT) is plain


def test_threads_are_chosen_by_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as there are processors where calls are long; one where there is one unit, or calls are short."""
    made: list[int] = []
    real = workers.ThreadPoolExecutor

    def pool(threads: int) -> Any:
        made.append(threads)
        return real(threads)

    monkeypatch.setattr(workers, "ThreadPoolExecutor", pool)
    monkeypatch.setattr("lca.sampling.run.processors", lambda: 3)
    draws_of(question())
    assert made == [3]
    draws_of(question(UNIT))
    draws_of(question(), threads=1)
    assert made == [3]
    assert question().plan.long_calls
    many = lca.parameter("many", lca.labelled({str(i): lca.Uniform(0, 1) for i in range(2_000)}, "W", dim="m"))
    program = compile_program({"sum": lca.functions.total(many, "m") * X})
    short = Question(program, RandomDesign(0), 0, 2 * UNIT).plan
    assert (short.step_draws, short.long_calls) == (1 << 10, False)
    assert workers.processors() >= 1


def test_memory_of_a_step_is_bounded_in_labels_and_parameters() -> None:
    for labels in (1, 30, 1_000):
        x = lca.parameter("x", lca.labelled({str(i): lca.Uniform(0, 1) for i in range(labels)}, "W", dim="m"))
        plan = Question(compile_program({"y": x + x * 3}), RandomDesign(0), 0, UNIT).plan
        assert plan.step_draws & (plan.step_draws - 1) == 0
        assert UNIT % plan.step_draws == 0
        assert plan.step_draws == 1 << 10 or 8 * plan.step_draws * plan.memory.rows <= 32 << 20


# --- what goes wrong --------------------------------------------------------------------------------------


def late(draw: int) -> Question:
    """A question whose output is not finite at one draw."""
    given = np.ones(DRAWS)
    given[draw] = 0.0
    program = compile_program({"ratio": X / lca.parameter("below", lca.Uniform(1, 2))})
    return Question(program, RandomDesign(0), 0, DRAWS, overrides={"below": given})


@pytest.mark.parametrize("how", [{"threads": 1}, {"threads": 3}])
def test_q6_the_first_draw_that_is_not_finite_is_named_whoever_met_it(how: dict[str, int]) -> None:
    asked = late(2 * UNIT + 5)
    asked.overrides["below"][3 * UNIT + 7] = 0.0
    with pytest.raises(NonFiniteError, match=rf"ratio, draw {2 * UNIT + 5}\b"):
        draws_of(asked, **how)


def test_q6_an_error_of_a_worker_is_the_error() -> None:
    with ThreadPoolExecutor(2) as executor, pytest.raises(NonFiniteError, match=rf"ratio, draw {UNIT + 5}\b"):
        draws_of(late(UNIT + 5), executor=executor)


class Breaking(Executor):
    """Does one task, and loses its worker at the next."""

    def __init__(self) -> None:
        self.done = 0

    def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if self.done:
            future.set_exception(OSError("the worker is gone"))
        else:
            future.set_result(function(*args, **kwargs))
        self.done += 1
        return future


def test_a_worker_that_is_lost_is_an_error_that_says_what_was_done() -> None:
    with pytest.raises(RunError, match=rf"failed after {UNIT:,} draws") as raised:
        draws_of(question(), executor=Breaking())
    assert raised.value.sides == ("OSError: the worker is gone",)
    assert "checkpoint" in raised.value.fix


def test_a_worker_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    unit = workers.Unit(0, 0, 10)
    with pytest.raises(RunError, match="other versions") as raised:
        workers.do_elsewhere(("lca 0.0", "NumPy 1.0"), b"", unit, SumPart())
    assert raised.value.sides[0] == "lca 0.0, NumPy 1.0"


@pytest.mark.parametrize("threads", [0, -1, True])
def test_a_number_of_threads_is_at_least_one(threads: Any) -> None:
    with pytest.raises(DomainError, match="threads"):
        lca.monte_carlo(X, draws=10, threads=threads, progress=False)


# --- Ctrl-C -----------------------------------------------------------------------------------------------


class Pressing(RandomDesign):
    """Presses Ctrl-C when some draw is made for the first time, and not before what it waits for."""

    def __init__(self, seed: int, at: int, after: threading.Event | None = None) -> None:
        super().__init__(seed)
        self.waiting, self.after = [at], after

    def reader(self, columns: Any) -> Any:
        reader, waiting, after = super().reader(columns), self.waiting, self.after

        class Reader:
            def read(self, rows: slice, start: int, stop: int) -> Any:
                if waiting and start <= waiting[0] < stop:
                    waiting.clear()
                    assert after is None or after.wait(60)
                    os.kill(os.getpid(), signal.SIGINT)
                    while signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
                        time.sleep(1e-3)  # until the main thread has heard of it
                return reader.read(rows, start, stop)

        return Reader()


@pytest.mark.parametrize("threads", [1, 2])
def test_ctrl_c_leaves_whole_units_from_the_first_on(
    whole: dict[str, Any], threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, taken = signal.getsignal(signal.SIGINT), threading.Event()
    monkeypatch.setattr(KeptDraws, "take", lambda *_: taken.set())  # draws of this process are where they belong
    found = draws_of(question(design=Pressing(5, 2 * UNIT + 5, after=taken)), threads=threads, stoppable=True)
    assert signal.getsignal(signal.SIGINT) is usual
    done = found["power"].size
    assert done in ((2 * UNIT,) if threads == 1 else (UNIT, 2 * UNIT))
    assert same(found, {name: values[..., :done] for name, values in whole.items()})


def test_ctrl_c_before_the_first_unit_is_done_interrupts() -> None:
    with pytest.raises(KeyboardInterrupt):
        draws_of(question(design=Pressing(5, 5)), threads=1, stoppable=True)
    with pytest.raises(KeyboardInterrupt):  # where nobody asked for a part of it
        draws_of(question(design=Pressing(5, UNIT + 5)), threads=1)


def test_a_result_that_was_stopped_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("lca.interpretation.draws.RandomDesign", lambda seed: Pressing(5, 2 * UNIT + 5))
    made = lca.monte_carlo({"power": X, "energy": X * HOURS}, draws=DRAWS, threads=1, progress=False)
    assert (made.draws, made.asked, made.data.sizes["draw"]) == (2 * UNIT, DRAWS, 2 * UNIT)
    assert f"{2 * UNIT:,} of {DRAWS:,} draws" in repr(made)
    assert made.contents.startswith(f"The run was stopped: these are the first {2 * UNIT:,} of {DRAWS:,} draws.")
    assert lca.load(lca.save(made, tmp_path / "stopped.lca")).asked == DRAWS
    assert lca.monte_carlo(X, draws=10, progress=False).asked is None
