"""The duration of a training from its first marks: closed forms, laws, the learnt table, its fit and its coverage."""

from __future__ import annotations

import csv
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lca
from lca import formulas, tables
from lca.errors import DomainError
from lca.logs.training.extrapolation import Forecast, Widths, forecast, terms, widths_of
from lca.logs.training.marks import read_marks

ROOT = Path(__file__).parents[2]
for folder in ("data/build", "benchmarks"):
    sys.path.insert(0, str(ROOT / folder))
try:
    import extrapolation as benchmark
    import training_runs
finally:
    del sys.path[:2]


def steady(count: int, planned: float = 1_000, rate: float = 2.0, startup: float = 0.0, every: float = 10) -> Forecast:
    """The forecast of a run that has a mark every so many steps, each at the same rate."""
    steps = every * np.arange(1, count + 1)
    return forecast(steps, startup + rate * steps, planned)


def spans(found: Forecast) -> float:
    return found.high / found.low


# closed forms


@pytest.mark.parametrize("count", [2, 3, 10, 50])
def test_of_a_steady_run_it_is_the_steps_times_the_rate(count: int) -> None:
    found = steady(count)
    assert found.seconds == pytest.approx(2_000, rel=1e-9)
    assert found.low < found.seconds < found.high
    assert found.seen == pytest.approx(count / 100)


def test_the_interval_of_a_steady_run_is_narrow() -> None:
    assert spans(steady(100, planned=2_000)) < 1.25


def test_start_up_is_counted_once() -> None:
    """A start-up of 300 s adds 300 s: the rate is that after the first mark."""
    assert steady(10, startup=300.0).seconds == pytest.approx(steady(10).seconds + 300, rel=1e-12)


def test_a_pause_is_expected_again_and_widens_the_interval() -> None:
    """Four intervals of 20 s and one of 120 s: 200 s for 50 steps are 4 s per step, and 940 remain after 220 s."""
    steps, seconds = [10, 20, 30, 40, 50, 60], [20, 40, 160, 180, 200, 220]
    found = forecast(steps, seconds, 1_000)
    assert found.seconds == pytest.approx(220 + 4 * 940)
    assert found.phases.pauses == 1
    assert spans(found) > 1.5 * spans(steady(6))


def test_a_restart_continues_the_clock() -> None:
    found = forecast([10, 20, 30, 40], [20, 40, 20, 40], 400)
    assert found.seconds == pytest.approx(800)
    assert (found.elapsed, found.phases.restarts) == (80.0, 1)


def test_one_mark_counts_what_it_saw_as_it_is_and_the_rest_at_its_own_rate() -> None:
    """Above 2 % of the run the median is the mean so far, times the steps."""
    found = forecast([50], [100.0], 1_000)
    assert (found.elapsed, found.rate) == (100.0, 2.0)
    assert found.seconds == pytest.approx(2_000, rel=1e-12)


def test_one_mark_early_in_the_run_is_start_up_for_a_part() -> None:
    slope = {row["term"]: row["median"] for row in tables.rows("training_runs", "remaining_time")}["share below 2 %"]
    found = forecast([2], [100.0], 1_000)
    assert found.seconds == pytest.approx(100 + 50 * 998 * (0.002 / 0.02) ** slope)


# laws

RUN = st.lists(st.tuples(st.integers(1, 50), st.floats(0.1, 100)), min_size=1, max_size=30)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(RUN, st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_units_of_time_and_of_steps_do_not_matter(run: list[tuple[int, float]], time: float, step: float) -> None:
    steps, seconds = (np.cumsum(column) for column in zip(*run, strict=True))
    one = forecast(steps, seconds, 10 * steps[-1])
    other = forecast(step * steps, time * seconds, 10 * step * steps[-1])
    ends = (other.low, other.seconds, other.high)
    assert ends == pytest.approx([time * one.low, time * one.seconds, time * one.high], rel=1e-9)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(RUN.filter(lambda run: len(run) > 1), st.floats(0, 1e4))
def test_a_longer_start_up_adds_its_own_time_alone(run: list[tuple[int, float]], startup: float) -> None:
    steps, seconds = (np.cumsum(column) for column in zip(*run, strict=True))
    one, other = (forecast(steps, seconds + shift, 10 * steps[-1]) for shift in (0.0, startup))
    assert other.seconds == pytest.approx(one.seconds + startup, rel=1e-9)


def test_more_of_the_same_steady_run_gives_a_narrower_interval() -> None:
    found = [spans(steady(count, planned=10_000)) for count in (1, 2, 3, 4, 5, 7, 10, 20, 50, 100, 300, 900)]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == len(found)


def test_steps_that_scatter_give_a_wider_interval() -> None:
    noise = np.tile([1.0, -1.0], 10)
    found = [
        forecast(10 * np.arange(1, 21), np.cumsum(20 + size * noise), 1_000) for size in (0.0, 0.5, 2.0, 10.0, 19.0)
    ]
    widths = [spans(one) for one in found]
    assert widths == sorted(widths)
    assert widths[-1] > 2 * widths[0]


# the distribution


def test_the_widths_are_quantiles_at_5_and_95_per_cent() -> None:
    widths = Widths(0.1, 0.2, 0.4, -9.0, 9.0)
    assert widths.quantiles([0.05, 0.5, 0.95]) == pytest.approx([-0.1, 0.1, 0.5])
    assert widths.quantiles([0.25, 0.75]) == pytest.approx(
        [0.1 - 0.2 / math.tan(0.45 * math.pi), 0.1 + 0.4 / math.tan(0.45 * math.pi)]
    )


def test_no_quantile_lies_beyond_what_was_seen() -> None:
    widths = Widths(0.0, 1.0, 1.0, -3.0, 2.0)
    assert widths.quantiles([1e-9, 1 - 1e-9]).tolist() == [-3.0, 2.0]


@pytest.mark.parametrize("planned", ["1000 iteration", lca.Uniform("500 iteration", "1500 iteration")])
def test_draws_lie_in_the_interval_as_often_as_stated(planned: Any) -> None:
    """Through the library: the factor is a parameter, the line a formula, and the planned steps may be uncertain."""
    found = forecast(10 * np.arange(1, 11), [30, 50, 71, 90, 112, 130, 149, 171, 190, 211], 1_000)
    run = formulas.forecast_duration(
        lca.parameter("run.elapsed", f"{found.elapsed} s"),
        lca.parameter("run.step_time", f"{found.rate} s/iteration"),
        lca.parameter("run.planned", planned),
        lca.parameter("run.done", f"{found.step} iteration"),
        lca.parameter("run.factor", found.factor),
    )
    draws = lca.monte_carlo(run, draws=40_000, seed=3, progress=False).data["value"].values
    assert lca.nominal(run).data["value"].item() == pytest.approx(found.seconds, rel=1e-9)
    inside = np.mean((draws >= found.low) & (draws <= found.high))
    if isinstance(planned, str):
        assert inside == pytest.approx(0.9, abs=0.006)
        assert np.mean(draws < found.low) == pytest.approx(0.05, abs=0.004)
        assert np.mean(draws < found.seconds) == pytest.approx(0.5, abs=0.01)
    else:
        assert inside < 0.8


def test_the_draws_have_the_quantiles_of_the_interval() -> None:
    found = steady(10)
    factors = [(end - found.elapsed) / (found.rate * (1_000 - 100)) for end in (found.low, found.seconds, found.high)]
    assert found.factor.ppf([0.05, 0.5, 0.95]) == pytest.approx(factors, rel=0.01)
    assert found.factor.nominal == 1.0


# what is said


def test_of_one_mark_three_are_asked_for() -> None:
    assert "one mark cannot tell start-up from steps: three marks or more narrow it" in steady(1).advice
    assert "two marks show no spread: three marks or more narrow it" in steady(2).advice
    assert "marks up to a tenth of it narrow it" in steady(3).advice
    assert "later marks narrow it" in steady(20).advice


def test_a_forecast_prints_its_interval_and_what_it_saw() -> None:
    said = repr(forecast([100], [100.0], 1_000))
    assert said.startswith("<forecast of 16.7 min, ")
    assert said.endswith("(90 %), from 1 mark, 10 % of 1000 steps; 1 s per step>")
    assert repr(steady(4, planned=10, every=1)).startswith("<forecast of 20 s, ")
    assert repr(steady(4, planned=8_000)).startswith("<forecast of 4.44 h, ")
    assert repr(steady(4, planned=800_000)).startswith("<forecast of 18.5 day, ")


@pytest.mark.parametrize("planned", [30, 10, math.nan, "many"])
def test_q4_the_planned_steps_lie_beyond_those_seen(planned: Any) -> None:
    with pytest.raises(lca.errors.LcaError) as raised:
        forecast([10, 20, 30], [1, 2, 3], planned, "run.log")
    assert raised.value.where == "run.log, planned"
    if planned == 30:
        assert isinstance(raised.value, DomainError)
        assert "after step 30 of the marks" in raised.value.fix


# the table


def test_a10_the_table_holds_every_term_and_each_narrows_as_it_should() -> None:
    rows = {(row["marks"], row["term"]): row for row in tables.rows("training_runs", "remaining_time")}
    one, several = (terms(read_marks(range(1, n + 1), range(1, n + 1), "run"), 100) for n in (1, 3))
    names = {("one", name) for name in one} | {("several", name) for name in several}
    assert set(rows) == names | {("one", "extreme"), ("several", "extreme")}
    assert rows["several", "marks"]["low"] < 0
    assert rows["several", "share"]["high"] < 0
    assert rows["several", "variation"]["low"] > 0 < rows["several", "variation"]["high"]
    assert all(row["low"] < 0 < row["high"] for name, row in rows.items() if name[1] == "extreme")
    assert {row["source"] for row in rows.values()} == {
        "424 runs of 49 public repositories; step numbers and seconds as logged"
        " [training_runs/remaining_time, BSD-3-Clause]"
    }


def test_the_widths_of_a_typical_beginning_are_the_constants() -> None:
    """7 marks, 5 % of the run, a variation of 4 %, and a first mark like the others: every other term is zero."""
    row = {row["term"]: row for row in tables.rows("training_runs", "remaining_time") if row["marks"] == "several"}
    typical = {"constant": 1.0, "marks": 0.0, "share": 0.0, "variation": 0.0, "first mark": 0.0}
    widths = widths_of(typical)
    assert math.log(widths.low) == pytest.approx(row["constant"]["low"])
    assert math.log(widths.high) == pytest.approx(row["constant"]["high"])
    shown = terms(read_marks([1, 2], [5.0, 10.0], "run"), 40)
    assert shown == typical | {"marks": pytest.approx(math.log(2 / 7))}


@pytest.mark.parametrize(
    ("first", "term"),
    [(10.0, 0.0), (20.0, math.log(2)), (5.0, math.log(2)), (1e4, 3.0), (1e-4, 3.0), (0.0, 3.0)],
)
def test_a_first_mark_unlike_the_others_counts_the_same_early_and_late(first: float, term: float) -> None:
    """|ln| of its time over that of the others, at most 3."""
    shown = terms(read_marks([1, 2, 3], [first, first + 10, first + 20], "run"), 60)
    assert shown["first mark"] == pytest.approx(term)


def test_a_mark_at_step_zero_is_not_unlike_the_others() -> None:
    assert terms(read_marks([0, 1, 2], [500.0, 510.0, 520.0], "run"), 60)["first mark"] == 0.0


def test_the_variation_counts_up_to_three() -> None:
    """99 intervals of 1 s and one of 1e6 s vary by 10; the term is that of 3: ln(3.01 / 0.05)."""
    times = np.cumsum([1.0] * 100 + [1e6])
    assert terms(read_marks(range(1, 102), times, "run"), 1_000)["variation"] == pytest.approx(math.log(60.2))


# the fit and the benchmark


@pytest.mark.parametrize(
    ("cut", "steps", "last"),
    [
        ("3", [1, 2, 3, 6], 2),
        ("3", [1, 2, 3, 5], None),  # more than half of the run
        ("10", [1, 2, 3], None),
        ("10%", [4, 10, 50, 100], 1),
        ("10%", [4, 15, 50, 100], 1),
        ("10%", [4, 16, 50, 100], None),  # no mark within half as much again
    ],
)
def test_a_beginning_ends_at_the_first_mark_of_its_cut(cut: str, steps: list[int], last: int | None) -> None:
    assert training_runs._last(cut, np.array(steps, dtype=float)) == last


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """200 runs of 20 owners: 3 s per step plus a start-up; the rest is slower or faster by a normal of sd 0.2."""
    place, random = tmp_path_factory.mktemp("runs"), np.random.default_rng(11)
    with (place / "runs.csv").open("w", newline="") as marks, (place / "index.csv").open("w", newline="") as index:
        of_marks, of_index = csv.writer(marks), csv.writer(index)
        of_marks.writerow(["run", "step", "seconds"])
        of_index.writerow(["run", "repo"])
        for number in range(200):
            of_index.writerow([f"R{number}", f"owner{number % 20}/repo"])
            step = np.where(np.arange(1, 101) <= 10, 3.0, 3.0 * math.exp(0.2 * random.standard_normal()))
            times = random.uniform(1, 60) + np.cumsum(step * random.uniform(0.98, 1.02, 100))
            of_marks.writerows(zip([f"R{number}"] * 100, range(1, 101), times, strict=True))
    return place


def test_the_fit_finds_the_spread_that_the_runs_have(runs: Path) -> None:
    """Of a normal of sd 0.2, 4.5 % lie beyond 0.339 on each side."""
    found = [task for task in training_runs.tasks(runs) if task.cut == "10"]
    assert len(found) == 200
    table = training_runs.fit(found)
    widths = training_runs.widths(table, found[0])
    assert widths.low == pytest.approx(0.339, rel=0.25)
    assert widths.high == pytest.approx(0.339, rel=0.25)
    outside = [task.residual for task in found if not -widths.low <= task.residual <= widths.high]
    assert 0.04 < len(outside) / 200 < 0.15


@pytest.mark.slow
def test_the_benchmark_leaves_each_owner_out_and_covers(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    benchmark.main([str(runs)])
    blocks = capsys.readouterr().out.strip().split("\n\n")
    assert [block.splitlines()[0] for block in blocks] == list(benchmark.METHODS)
    ours = {line.split()[0]: line.split()[1:] for line in blocks[0].splitlines()[2:]}
    assert list(ours) == [*training_runs.CUTS, "all"]
    assert ours["10"][:2] == ["200", "20"]
    assert 85 < float(ours["all"][2]) < 95
    dropped = blocks[3].splitlines()[-1].split()
    assert dropped[3:6] == ["-", "-", "-"]


def test_a_repository_is_judged_by_a_fit_that_has_not_seen_its_owner(runs: Path) -> None:
    found = training_runs.tasks(runs)
    seen: list[set[str]] = []

    def method(others: Any) -> Any:
        seen.append({task.family for task in others})
        return lambda task: benchmark.Told(0.0) if task.family not in seen[-1] else None

    assert all(benchmark.left_out(found, method))
    assert all(len(families) == 19 for families in seen)
    assert training_runs.Task("1", "R", "lolrazh/x", found[0].marks, 1, 1).family == "openai"


def test_the_score_is_the_width_and_twenty_times_what_lies_beyond() -> None:
    """Gneiting and Raftery 2007, eq. 43, at 90 %: 2 / 0.1 for each unit beyond the interval."""
    marks = read_marks([1, 2], [1.0, 2.0], "run")
    task = training_runs.Task("3", "R", "a/b", marks, 10, 2 + 8 * math.e)
    low, high = math.log(2 + 8 * math.exp(-0.1)), math.log(2 + 8 * math.exp(0.2))
    row = benchmark.judged([task], [benchmark.Told(0.0, -0.1, 0.2)])
    assert row["score"] == pytest.approx(high - low + 20 * (math.log(task.total) - high))
    assert (row["coverage"], row["above"]) == (0.0, 100.0)
    assert row["error"] == pytest.approx(100 * (1 - 10 / task.total))
