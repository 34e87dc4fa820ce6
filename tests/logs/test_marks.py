"""The marks of a training: start-up, steady rate, pauses, restarts and drift told apart; bad marks all at once (Q6)."""

from __future__ import annotations

import math
from typing import Any

import pytest

from lca.errors import AccountingError
from lca.logs.training.marks import Marks, read_marks


def marks(steps: Any, seconds: Any) -> Marks:
    return read_marks(steps, seconds, "run.log")


def test_a_run_without_events_has_a_steady_rate_alone() -> None:
    phases = marks([10, 20, 30], [20, 40, 60]).phases
    assert (phases.startup, phases.steady, phases.pauses, phases.paused) == (0.0, 2.0, 0, 0.0)
    assert (phases.restarts, phases.drift) == (0, 1.0)
    assert str(phases) == "2 s per step"


def test_start_up_is_the_time_to_the_first_mark_beyond_its_steps() -> None:
    read = marks([10, 20, 30], [65, 85, 105])
    assert read.phases.startup == 45.0
    assert read.rate == 2.0


def test_a_clock_that_starts_late_has_a_negative_start_up() -> None:
    assert marks([10, 20, 30], [5, 25, 45]).phases.startup == -15.0


def test_a_mark_at_step_zero_ends_the_start_up() -> None:
    read = marks([0, 10, 20], [30, 50, 70])
    assert (read.phases.startup, read.rate) == (30.0, 2.0)


def test_a_pause_is_an_interval_above_three_times_the_steady_rate() -> None:
    """One interval of 140 s among those of 20 s: a pause of 120 s; the mean rate holds it, as more will come."""
    read = marks([10, 20, 30, 40, 50], [20, 40, 180, 200, 220])
    assert (read.phases.pauses, read.phases.paused) == (1, 120.0)
    assert read.rate == 5.0
    assert read.phases.steady == 2.0
    assert marks([10, 20, 30, 40, 50], [20, 40, 100, 120, 140]).phases.pauses == 0, "exactly three times"


def test_a_clock_that_falls_back_runs_on() -> None:
    """Resumed after 40 s: what the clock shows then is added to the 40 s."""
    read = marks([10, 20, 30, 40], [20, 40, 22, 42])
    assert read.seconds.tolist() == [20.0, 40.0, 62.0, 82.0]
    assert read.phases.restarts == 1
    twice = marks([10, 20, 30, 40], [20, 5, 25, 1])
    assert twice.seconds.tolist() == [20.0, 25.0, 45.0, 46.0]
    assert twice.phases.restarts == 2


@pytest.mark.parametrize(
    ("seconds", "drift"),
    [([10, 20, 40], 2.0), ([10, 20, 30, 50, 70], 2.0), ([10, 20, 99, 109], 1.0), ([10, 30], 1.0), ([10], 1.0)],
)
def test_drift_is_the_later_half_over_the_earlier_without_the_interval_between(
    seconds: list[float], drift: float
) -> None:
    assert marks(range(1, len(seconds) + 1), seconds).phases.drift == drift


def test_a_coarse_clock_has_the_mean_for_its_steady_rate() -> None:
    read = marks([1, 2, 3, 4], [0, 0, 0, 1])
    assert read.steady == read.rate == pytest.approx(1 / 3)


def test_the_variation_needs_two_intervals() -> None:
    """Intervals of 1, 2 and 3 s: a standard deviation of 1 s over a mean of 2 s."""
    assert marks([1, 2, 3, 4], [5, 6, 8, 11]).variation == pytest.approx(0.5)
    assert marks([1, 2], [5, 6]).variation is None
    assert marks([1], [5]).variation is None


def test_what_was_found_is_said_in_words() -> None:
    said = str(marks([10, 20, 30, 40, 50, 60], [70, 90, 230, 20, 40, 60]).phases)
    assert said == "2 s per step, start-up +50 s, 1 pause of 120 s, 1 restart, drift x0.25"


def test_q6_every_bad_mark_is_named_at_once() -> None:
    with pytest.raises(AccountingError) as raised:
        marks([10, "x", 30, 30, -1, 40], [1, 2, math.nan, 4, 5, math.inf])
    assert "5 faults in 6 marks" in raised.value.what
    assert raised.value.where == "run.log"
    assert raised.value.sides == (
        "mark 2: step nan at 2 s",
        "mark 3: step 30 at nan s",
        "mark 5: step -1 at 5 s",
        "mark 6: step 40 at inf s",
        "mark 4: step 30 after step 30",
    )


def test_q6_twenty_bad_marks_are_shown_and_all_are_counted() -> None:
    with pytest.raises(AccountingError) as raised:
        marks([5] * 30, range(1, 31))
    assert "29 faults in 30 marks" in raised.value.what
    assert len(raised.value.sides) == 20


@pytest.mark.parametrize(("steps", "seconds"), [([1, 2], [1.0]), ([], []), ([1], [1.0, 2.0])])
def test_q6_steps_and_times_are_pairs(steps: list[float], seconds: list[float]) -> None:
    with pytest.raises(AccountingError, match=f"there are {len(steps)} steps and {len(seconds)} times"):
        marks(steps, seconds)


@pytest.mark.parametrize(
    ("steps", "seconds"), [([0], [5.0]), ([5], [0.0]), ([1, 2], [5.0, 5.0]), ([1, 2, 3], [7.0, 7.0, 7.0])]
)
def test_q6_marks_that_hold_no_time_of_a_step_raise(steps: list[float], seconds: list[float]) -> None:
    with pytest.raises(AccountingError, match="hold no time of a step"):
        marks(steps, seconds)
