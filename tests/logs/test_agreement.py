"""Two meters compared (M10): limits of agreement, fits, lag, what is impossible, and the crossings of a site."""

from __future__ import annotations

import math

import numpy as np
import pandas
import pytest
from scipy import stats

import lca
from lca.errors import AccountingError, LabelError, LogError, UnitError
from lca.logs.agreement import statistics

LOADS = [80.0, 120.0, 160.0, 200.0, 240.0, 280.0, 300.0, 320.0]


def readings(values: list[float], at: str, name: str, unit: str = "W", **meter: str) -> lca.meters.meter.Reading:  # type: ignore[name-defined]
    return lca.Meter(name, at=at, **meter).read(dict(zip("abcdefghijklmnop", values, strict=False)), unit, dim="run")


def log(power: np.ndarray, seconds: np.ndarray, at: str, dated: bool = True) -> lca.PowerLog:
    index = pandas.Index(seconds, name="s")
    series = pandas.Series(power, index=pandas.to_datetime(seconds, unit="s", utc=True) if dated else index)
    return lca.power_log(series, meter=lca.Meter(f"{at} meter", at=at))


def load(seconds: np.ndarray) -> np.ndarray:
    """A load that goes on and off at times that do not repeat."""
    edges = np.cumsum([20.3, 47.9, 33.1, 71.6, 18.2, 52.7, 94.5, 40.8, 26.4, 63.3, 80.6, 55.2])
    return np.where(np.searchsorted(edges, seconds) % 2 == 0, 90.0, 260.0)


# --- statistics ----------------------------------------------------------------------------------------------


def test_m10_limits_and_their_intervals_by_hand() -> None:
    """Differences -1, 1, -2, 2: bias 0, s = sqrt(10/3), t(3) = 3.1824 (Bland and Altman 1999, p. 141)."""
    found = lca.agreement(readings([10, 20, 30, 40], "wall", "Wright"), readings([11, 19, 32, 38], "wall", "mini"))
    s = math.sqrt(10 / 3)
    assert found.limits.bias.value == pytest.approx(0, abs=1e-12)
    assert found.limits.sd == pytest.approx(1.8257418583505538, rel=1e-12)
    assert found.limits.lower.value == pytest.approx(-3.5783882874343136, rel=1e-9)
    assert found.limits.upper.value == pytest.approx(3.5783882874343136, rel=1e-9)
    assert found.limits.bias.high == pytest.approx(3.18244630528 * s / 2, rel=1e-9)
    z = 1.959963984540054
    of_limit = s * math.sqrt(1 / 4 + z**2 / 6)
    assert found.limits.upper.high == pytest.approx(z * s + 3.18244630528 * of_limit, rel=1e-9)


def test_m10_ordinary_fit_is_that_of_scipy() -> None:
    rng = np.random.default_rng(3)
    x = rng.uniform(50, 300, 40)
    y = 20 + 1.3 * x + rng.normal(0, 8, 40)
    found, other = statistics.ordinary_fit(x, y, 40.0), stats.linregress(x, y)
    assert found.gain[:2] == pytest.approx((other.slope, other.stderr), rel=1e-9)
    assert found.offset[:2] == pytest.approx((other.intercept, other.intercept_stderr), rel=1e-9)


def test_m10_errors_in_both_in_closed_form() -> None:
    """Points (0,0), (1,2), (2,1): sxx = syy = 2, sxy = 1, so that the fit with equal errors has a gain of 1."""
    x, y = np.array([0.0, 1, 2]), np.array([0.0, 2, 1])
    assert statistics.both_errors_fit(x, y, 1.0, 3.0).gain.value == pytest.approx(1.0, rel=1e-12)
    # with r = 2: (2 - 4 + sqrt(4 + 8)) / 2 = sqrt 3 - 1
    assert statistics.both_errors_fit(x, y, 2.0, 3.0).gain.value == pytest.approx(math.sqrt(3) - 1, rel=1e-12)


def test_m10_the_jackknife_leaves_out_one_pair_at_a_time() -> None:
    rng = np.random.default_rng(5)
    x = rng.uniform(0, 10, 9)
    y = 2 + 1.5 * x + rng.normal(0, 1, 9)
    each = []
    for n in range(9):
        kept = np.arange(9) != n
        cov = np.cov(x[kept], y[kept])
        apart = cov[1, 1] - 0.5 * cov[0, 0]
        each.append((apart + math.sqrt(apart**2 + 2 * cov[0, 1] ** 2)) / (2 * cov[0, 1]))
    u = math.sqrt(8 / 9 * np.sum((np.array(each) - np.mean(each)) ** 2))
    assert statistics.both_errors_fit(x, y, 0.5, 9.0).gain.u == pytest.approx(u, rel=1e-9)


def test_m10_intervals_cover_what_they_say() -> None:
    """Of 400 made comparisons, 95 % of the intervals hold the truth: 380, give or take 3 x sqrt(400 x 0.95 x 0.05)."""
    rng, hits = np.random.default_rng(8), np.zeros(4)
    for _ in range(400):
        true = rng.uniform(60, 300, 30)
        inner, outer = true + rng.normal(0, 5, 30), 15 + 1.2 * true + rng.normal(0, 5, 30)
        both = statistics.both_errors_fit(inner, outer, 1.0, 30.0)
        apart = statistics.limits_of_agreement(outer[:] - 1.2 * true, 30.0)
        ratio = statistics.estimated_ratio(outer, inner, 30.0)
        truth = 1.2 + 15 / float(true.mean())
        hits += [
            both.gain.low < 1.2 < both.gain.high,
            apart.bias.low < 15 < apart.bias.high,
            apart.upper.low < 15 + 1.96 * 5 < apart.upper.high,
            ratio.low < truth < ratio.high,
        ]
    assert (np.abs(hits - 380) < 14).all()


def test_m10_values_that_follow_each_other_count_less() -> None:
    rng = np.random.default_rng(2)
    noise = rng.normal(size=20_000)
    series = np.zeros(20_000)
    for n in range(1, series.size):
        series[n] = 0.8 * series[n - 1] + noise[n]
    assert statistics.effective_count(series) == pytest.approx(20_000 * 0.2 / 1.8, rel=0.1)
    assert statistics.effective_count(noise) > 19_000


def test_m10_repeatability_is_the_scatter_and_not_the_load() -> None:
    rng, seconds = np.random.default_rng(4), np.arange(600.0)
    assert statistics.repeatability(load(seconds) + rng.normal(0, 3, 600)) == pytest.approx(3.0, rel=0.15)


# --- clocks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dated", [True, False])
def test_m10_a_lag_is_found(dated: bool) -> None:
    """The wall log's clock is 3.7 s ahead; it samples each second, the board each 0.5 s."""
    rng = np.random.default_rng(1)
    fine, coarse = np.arange(0, 600, 0.5), np.arange(0, 600, 1.0)
    board = log(load(fine) + rng.normal(0, 1, fine.size), 1e9 * dated + fine, "board", dated)
    wall = log(load(coarse - 3.7) * 1.15 + 9 + rng.normal(0, 1, coarse.size), 1e9 * dated + coarse, "wall", dated)
    found = lca.agreement(board, wall)
    assert found.lag == pytest.approx(3.7, abs=0.25)
    assert found.fit.gain.value == pytest.approx(1.15, rel=0.02)
    assert lca.agreement(wall, board).lag == pytest.approx(-3.7, abs=0.25)
    assert found.notes == ()


def test_m10_a_stated_lag_is_taken() -> None:
    seconds = np.arange(0, 600, 1.0)
    board, wall = log(load(seconds), seconds, "board"), log(1.2 * load(seconds - 5), seconds, "wall")
    found = lca.agreement(wall, board, lag="-5 s")
    assert found.fit.gain.value == pytest.approx(1.2, rel=1e-9)
    assert found.limits.sd > 0


def test_m10_a_steady_load_shows_no_lag() -> None:
    seconds, rng = np.arange(0, 300, 1.0), np.random.default_rng(6)
    pair = [(100 + rng.normal(0, 1, 300), at) for at in ("wall", "board")]
    assert "no lag can be found" in lca.agreement(*(log(power, seconds, at) for power, at in pair)).notes[0]
    with pytest.raises(LogError, match="say how far the second one is ahead"):
        lca.agreement(*(log(power, seconds, at, dated=False) for power, at in pair))


def test_m10_a_load_that_repeats_is_said_to_fit_twice() -> None:
    seconds = np.arange(0, 600, 1.0)
    power, rng = np.where(seconds % 20 < 10, 80.0, 200.0), np.random.default_rng(7)
    one, two = (log(power + rng.normal(0, 2, 600), seconds, at) for at in ("wall", "board"))
    assert "another lag fits nearly as well" in lca.agreement(one, two).notes[0]


def test_m2_a_gap_of_one_log_is_left_out() -> None:
    seconds = np.arange(0, 600, 1.0)
    kept = (seconds < 200) | (seconds > 300)
    found = lca.agreement(log(load(seconds), seconds, "wall"), log(load(seconds[kept]), seconds[kept], "wall"), lag=0)
    assert found.bias.value == pytest.approx(0, abs=1e-9)
    assert any("touch a gap" in note for note in found.notes)


# --- what cannot be ------------------------------------------------------------------------------------------


def test_m10_a_wall_below_its_board_is_impossible() -> None:
    found = lca.agreement(readings([0.9 * one for one in LOADS], "wall", "plug"), readings(LOADS, "board", "rail"))
    assert "impossible" in found.faults[0]
    with pytest.raises(AccountingError, match="cannot both be right"):
        found.crossings()
    slack = lca.agreement(
        readings([0.99 * one for one in LOADS], "wall", "plug", accuracy="2 %"), readings(LOADS, "board", "rail")
    )
    assert slack.faults == ()  # the meter may err by more than that


def test_m10_a_gain_of_no_supply_is_implausible() -> None:
    rng = np.random.default_rng(9)
    wall = [150 + 0.4 * one + rng.normal(0, 2) for one in LOADS]
    found = lca.agreement(readings(wall, "wall", "plug"), readings(LOADS, "component", "RAPL"))
    assert "which no power supply does" in found.faults[0]


# --- what it feeds -------------------------------------------------------------------------------------------


def test_a1_crossings_carry_the_component_to_the_wall() -> None:
    """What the fit says at its centre comes back, with the spread of its level alone: gain and rest are correlated."""
    rng = np.random.default_rng(10)
    wall = [40 + 1.25 * one + rng.normal(0, 3) for one in LOADS]
    found = lca.agreement(readings(wall, "wall", "plug"), readings(LOADS, "component", "RAPL"))
    site = lca.Site("lab", pue=1.0, **found.crossings())
    centre = float(np.mean(LOADS))
    energy, time = lca.parameter("e", f"{centre * 10} J at_component"), lca.parameter("t", "10 s device")
    result = lca.monte_carlo({"e": site.at_wall(energy, device_time=time)}, draws=20_000, seed=1, progress=False)
    draws = result.data["e"].values * 3.6e6  # J of kWh
    assert draws.mean() == pytest.approx(10 * np.mean(wall), rel=3e-3)
    freedom = len(LOADS) - 2
    expected = 10 * found.both_errors.level.u * math.sqrt(freedom / (freedom - 2))
    assert draws.std() == pytest.approx(expected, rel=0.03)
    alone = lca.monte_carlo({"r": site.rest_of_machine}, draws=20_000, seed=1, progress=False).data["r"].values
    assert alone.std() > 2 * found.both_errors.level.u  # the rest alone is far less certain than the sum


def test_u10_the_inner_meters_error_cancels_at_the_wall() -> None:
    """The board meter errs by one factor in the comparison and in the use, so that only the wall meter's is left."""
    rail = lca.Meter("rail", at="board", accuracy="5 %")
    labels = dict(zip("abcdefgh", LOADS, strict=True))
    wall = lca.Meter("plug", at="wall", accuracy="1 %").read({k: 1.2 * v for k, v in labels.items()}, "W", dim="run")
    found = lca.agreement(wall, rail.read(labels, "W", dim="run"))
    site = lca.Site("lab", pue=1.0, **found.crossings())
    energy = lca.parameter("e", rail.read("100 J"))
    draws = lca.monte_carlo({"e": site.at_wall(energy)}, draws=20_000, seed=2, progress=False).data["e"].values * 3.6e6
    assert draws.mean() == pytest.approx(120, rel=1e-3)
    assert draws.std() == pytest.approx(120 * 0.01 / math.sqrt(3), rel=0.05)


def test_m10_wall_and_facility_give_a_pue() -> None:
    hall = lca.Meter("hall", at="facility").read(dict(zip("abcdefgh", LOADS, strict=True)), "kW", dim="day")
    racks = lca.Meter("racks", at="wall").read(
        {k: v / 1.4 for k, v in zip("abcdefgh", LOADS, strict=True)}, "kW", dim="day"
    )
    pue = lca.agreement(hall, racks).crossings()["pue"]
    assert lca.nominal({"pue": pue}).data["pue"].item() == pytest.approx(1.4)


# --- bad input -----------------------------------------------------------------------------------------------


def test_m10_what_cannot_be_compared_raises() -> None:
    wall, board = readings(LOADS, "wall", "plug"), readings(LOADS, "board", "rail")
    with pytest.raises(LabelError, match="only in rail: h"):
        lca.agreement(readings(LOADS[:-1], "wall", "plug"), board)
    with pytest.raises(LabelError, match="4 pairs are needed"):
        lca.agreement(readings(LOADS[:3], "wall", "plug"), readings(LOADS[:3], "board", "rail"))
    with pytest.raises(UnitError, match="different quantities"):
        lca.agreement(wall, readings(LOADS, "board", "rail", "J"))
    with pytest.raises(AccountingError, match="leave them out"):
        lca.agreement(wall, board, lag=3)
    with pytest.raises(LabelError, match="without labels"):
        lca.agreement(lca.Meter("plug", at="wall").read("33 W"), board)
    seconds = np.arange(0, 60, 1.0)
    with pytest.raises(AccountingError, match="compared with readings"):
        lca.agreement(log(load(seconds), seconds, "wall"), board)
    with pytest.raises(LogError, match="in common"):
        lca.agreement(log(load(seconds), seconds, "wall"), log(load(seconds), seconds + 1e6, "board"), lag=0)


def test_m10_milliwatts_meet_watts() -> None:
    found = lca.agreement(readings(LOADS, "wall", "a"), readings([1000 * one for one in LOADS], "wall", "b", "mW"))
    assert found.bias.value == pytest.approx(0, abs=1e-9)
    assert "repeatability" not in repr(found)
