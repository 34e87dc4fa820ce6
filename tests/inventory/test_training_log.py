"""Trainings of which the whole power log exists: the integral, its length, and bad rows all at once (A10, Q6)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lca
from lca.errors import AccountingError, BoundaryError

WALL = lca.Meter("Clamp", at="wall", accuracy="2 %")


def logged(log: Any, **rest: Any) -> lca.Training:
    return lca.Training.logged("run", log=log, meter=WALL, **rest)


def joules(log: Any) -> float:
    return float(lca.nominal(logged(log).energy).data["value"]) * 3.6e6


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(st.floats(1e-3, 1e4), min_size=2, max_size=20, unique=True).map(sorted),
    st.floats(0, 500),
    st.floats(0, 3),
)
def test_a_straight_line_is_integrated_exactly(times: list[float], start: float, rise: float) -> None:
    """Trapezoid: P = p0 + r t has E = p0 (t1 - t0) + r (t1^2 - t0^2) / 2, on any grid of times."""
    if start == rise == 0:
        start = 1.0
    power = start + rise * np.array(times)
    first, last = times[0], times[-1]
    expected = start * (last - first) + rise * (last**2 - first**2) / 2
    run = logged(pandas.Series(power, index=times), gaps="bridge")
    assert 3.6e6 * float(lca.nominal(run.energy).data["value"]) == pytest.approx(expected, rel=1e-9)


def test_a_sine_is_integrated_within_the_error_of_the_trapezoid() -> None:
    """100 W + 50 W sin over half a period T: E = 100 T + 100 T / pi; the error is below T h^2 max|P''| / 12."""
    span = 1_800.0
    times = np.linspace(0, span, 1_801)
    log = pandas.Series(100 + 50 * np.sin(math.pi * times / span), index=times)
    bound = span * 1.0**2 * 50 * (math.pi / span) ** 2 / 12
    assert abs(joules(log) - (100 + 100 / math.pi) * span) <= bound * 1.001


# the night in which 02:00 to 03:00 comes twice: seconds are elapsed time, not clock time
CLOCKS_BACK = pandas.date_range("2021-10-31 00:00", periods=3, freq="30min", tz="UTC").tz_convert("Europe/Berlin")
INDEXES = {
    "seconds": [0.0, 30.0, 90.0],
    "whole seconds": pandas.Index([10, 40, 100], name="seconds"),
    "timedeltas": pandas.to_timedelta([0, 30, 90], unit="s"),
    "timestamps": pandas.to_datetime(["2021-03-28 01:59:30", "2021-03-28 02:00:00", "2021-03-28 02:01:00"]),
    "timestamps of a zone": CLOCKS_BACK,
}


@pytest.mark.parametrize("index", INDEXES.values(), ids=list(INDEXES))
def test_times_are_seconds_timedeltas_or_timestamps(index: Any) -> None:
    run = logged(pandas.Series([100.0, 200.0, 200.0], index=index))
    zone = getattr(index, "tz", None) is not None
    energy, seconds = (150 * 1_800 + 200 * 1_800, 3_600) if zone else (150 * 30 + 200 * 60, 90)
    assert lca.nominal(run.energy).data["value"] * 3.6e6 == pytest.approx(energy, rel=1e-12)
    assert lca.nominal(run.duration).data["value"] == pytest.approx(seconds, rel=1e-12)


def test_u10_a_log_carries_the_error_of_its_meter() -> None:
    run = logged(pandas.Series([100.0, 100.0], index=[0.0, 3_600.0]))
    draws = lca.monte_carlo(run.energy, draws=20_000, progress=False).data["value"]
    assert draws.attrs["unit"] == "kWh at the wall"
    assert 0.098 <= float(draws.min()) < 0.0981
    assert 0.1019 < float(draws.max()) <= 0.102
    with pytest.raises(BoundaryError, match="otherwise(.|\n)*board"):
        logged(pandas.Series([100.0, 100.0], index=[0.0, 3_600.0]), at="board")


def test_q6_every_bad_row_of_a_log_is_listed_at_once() -> None:
    power = [100.0, math.nan, 120.0, -3.0, 110.0, math.inf, 90.0]
    log = pandas.Series(power, index=pandas.Index([0, 1, 2, 3, 3, 5, 4], name="s"))
    with pytest.raises(AccountingError, match="5 bad rows of 7(.|\n)*a log of Clamp") as raised:
        logged(log)
    text = "\n".join(raised.value.sides)
    for row in (
        "row 1 (1): nan",
        "row 3 (3): -3.0",
        "row 5 (5): inf",
        "row 4 (3): not after",
        "row 6 (4): not after",
    ):
        assert row in text


@pytest.mark.parametrize("times", [[0.0, math.nan, 2.0], pandas.to_datetime(["2021-01-01", None, "2021-01-03"])])
def test_q6_a_missing_time_is_a_bad_row(times: Any) -> None:
    with pytest.raises(AccountingError, match="row 1(.|\n)*row 2"):
        logged(pandas.Series([1.0, 2.0, 3.0], index=times))


NO_LOGS = {
    "empty": pandas.Series([], dtype=float),
    "empty over time": pandas.Series([], index=pandas.DatetimeIndex([]), dtype=float),
    "one row": pandas.Series([5.0], index=[0]),
    "a list": [5.0, 6.0],
    "an array": np.array([5.0, 6.0]),
}


@pytest.mark.parametrize("log", NO_LOGS.values(), ids=list(NO_LOGS))
def test_a10_what_is_no_log_raises(log: Any) -> None:
    with pytest.raises(AccountingError, match="pandas Series(.|\n)*Clamp"):
        logged(log)


def test_a10_a_log_of_nothing_but_zeros_raises() -> None:
    with pytest.raises(AccountingError, match="all readings are zero"):
        logged(pandas.Series([0.0, 0.0, 0.0], index=[0.0, 1.0, 2.0]))


ROWS = pandas.Series([100.0, 110.0, math.nan, 120.0, 130.0])
NO_TIMES = {
    "a default index": ROWS.fillna(0),
    "a slice of one": ROWS[3:],
    "what is left of one": ROWS.dropna(),
    "texts": ROWS.fillna(0).set_axis(["0", "1", "2", "3", "4"]),
    "days": pandas.Series([1.0, 2.0], index=pandas.period_range("2024-01-01", periods=2)),
    "truth values": pandas.Series([1.0, 2.0], index=[False, True]),
    "milliseconds": ROWS.fillna(0).rename_axis("ms"),
    "minutes": ROWS.fillna(0).set_axis([0.5, 1, 2, 3, 4]).rename_axis("minutes"),
    "categories": ROWS.fillna(0).set_axis(pandas.CategoricalIndex(list("abcde"))),
    "two levels": pandas.Series([1.0, 2.0], index=pandas.MultiIndex.from_tuples([(0, 1), (1, 2)])),
}


@pytest.mark.parametrize("log", NO_TIMES.values(), ids=list(NO_TIMES))
def test_q5_an_index_that_is_no_time_raises(log: Any) -> None:
    """Q5: rows that are only numbered are no seconds, and what is measured in minutes is none either."""
    with pytest.raises(AccountingError, match="is not a time, or only numbers the rows"):
        logged(log)


@pytest.mark.parametrize(
    "power", [[1 + 2j, 1], [True, False], ["5", "6"], [None, 5], pandas.array([5, None], dtype="Int64")]
)
def test_q6_a_power_that_is_no_number_is_a_bad_row(power: Any) -> None:
    with pytest.raises(AccountingError, match="bad rows of 2(.|\n)*row "):
        logged(pandas.Series(power, index=[0.0, 1.0]))


def test_u10_a_log_carries_the_display_step_and_the_offset_of_its_meter_over_its_length() -> None:
    """U10: half a step either way, and an accuracy in watts, each times the seconds of the log."""
    log = pandas.Series([100.0, 100.0], index=[0.0, 3_600.0])
    for figures, half in (({"resolution": "2 W"}, 0.001), ({"accuracy": "5 W"}, 0.005)):
        run = lca.Training.logged("run", log=log, meter=lca.Meter("Clamp", at="wall", **figures))
        draws = lca.monte_carlo(run.energy, draws=20_000, progress=False).data["value"]
        assert draws.attrs["unit"] == "kWh at the wall"
        assert float(draws.min()) == pytest.approx(0.1 - half, abs=half / 100)
        assert float(draws.max()) == pytest.approx(0.1 + half, abs=half / 100)


@pytest.mark.parametrize("power", [-0.5, -1e-9])
def test_a10_a_power_just_below_zero_is_a_bad_row_and_zero_is_none(power: float) -> None:
    """A10: a meter may read nothing for a while (10 J in two seconds here), and never less than nothing."""
    assert joules(pandas.Series([10.0, 0.0, 10.0], index=[0.0, 1.0, 2.0])) == pytest.approx(10, rel=1e-12)
    with pytest.raises(AccountingError, match=r"1 bad rows of 3(.|\n)*row 1 \(1\.0\)"):
        logged(pandas.Series([10.0, power, 10.0], index=[0.0, 1.0, 2.0]))
