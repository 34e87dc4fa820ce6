"""Two meters compared (M10) where the load is steady, hangs on one pair, or is 0; other units; clocks of two kinds."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas
import pytest

import lca
from lca.errors import AccountingError, LogError
from lca.logs.agreement import statistics

SECONDS = np.arange(0.0, 700.0)
EDGES = np.cumsum([20.3, 47.9, 33.1, 71.6, 18.2, 52.7, 94.5, 40.8, 26.4, 63.3, 80.6, 55.2])
LOAD = np.where(np.searchsorted(EDGES, SECONDS) % 2 == 0, 90.0, 260.0)


def readings(values: list[float], at: str, unit: str = "W", **meter: str) -> lca.meters.meter.Reading:  # type: ignore[name-defined]
    named = dict(zip("abcdefghijkl", values, strict=False))
    return lca.Meter(f"{at} meter", at=at, **meter).read(named, unit, dim="run")


def log(power: np.ndarray, at: str, start: float = 1.77e9, zone: str | None = "UTC") -> lca.PowerLog:
    index = pandas.to_datetime(SECONDS + start, unit="s", utc=True)
    series = pandas.Series(power, index=index if zone else index.tz_localize(None))
    return lca.power_log(series, meter=lca.Meter(f"{at} meter", at=at))


def no_warning(made: lca.Agreement) -> str:
    """All that a page shows of an agreement; a warning of a division is an error here."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made._repr_html_()
        made.plot()
        return repr(made)


@pytest.mark.parametrize(
    ("inner", "outer"),
    [([80.0] * 4, [100.0, 101, 99, 102]), ([80.0] * 4, [100.0] * 4), ([80.0, 80, 80, 128], [100.0, 101, 102, 160])],
    ids=["one load", "one load, and one value of the outer meter", "one pair alone differs"],
)
def test_m10_one_load_gives_no_line(inner: list[float], outer: list[float]) -> None:
    made = lca.agreement(readings(outer, "wall"), readings(inner, "board"))
    assert "errors in both: none" in no_warning(made)
    with pytest.raises(LogError, match="a line needs loads that differ"):
        _ = made.both_errors
    assert made.ratio.value == pytest.approx(sum(outer) / sum(inner))
    assert list(made.crossings()) == ["supply_efficiency"]


def test_m10_a_crossing_by_a_line_needs_loads_that_differ() -> None:
    made = lca.agreement(log(0 * LOAD + 100.0, "wall"), log(0 * LOAD + 80.0, "component"))
    no_warning(made)
    with pytest.raises(LogError, match="a line needs loads that differ"):
        made.crossings()


def test_m10_an_outer_meter_that_stands_still_has_a_gain_of_0() -> None:
    made = lca.agreement(readings([100.0] * 5, "wall"), readings([80.0, 81, 82, 83, 90], "component"))
    assert made.both_errors.gain.value == pytest.approx(0, abs=1e-12)
    assert "no power supply" in no_warning(made)
    with pytest.raises(AccountingError, match="cannot both be right"):
        made.crossings()


def test_m10_the_slope_does_not_cancel() -> None:
    """A steep scale: x in W, y in MW; the gain of the exact line is 1e-9 in whatever form it is written."""
    x = np.array([1.0, 2, 3, 4, 6])
    found = statistics.both_errors_fit(x, 1e-9 * x + 1e-12 * np.array([1.0, -1, 0, 1, -1]), 1.0, 5.0)
    assert found is not None
    assert found.gain.value == pytest.approx(1e-9, rel=1e-3)


def test_a10_a_meter_that_shows_0_is_refused() -> None:
    for outer, inner in ((LOAD, 0 * LOAD), (0 * LOAD, LOAD)):
        with pytest.raises(AccountingError, match="all readings are zero"):
            lca.agreement(log(outer, "wall"), log(inner, "board"))


def test_m5_a_local_clock_beside_one_with_a_zone_is_refused() -> None:
    """An hour apart is a zone, and no lag of a clock; the lag may be stated."""
    local, other = log(1.2 * LOAD, "wall", zone=None), log(LOAD, "board")
    with pytest.raises(LogError, match="known zone"):
        lca.agreement(local, other)
    assert lca.agreement(local, other, lag=0).ratio.value == pytest.approx(1.2)


def test_q4_cells_too_short_for_the_memory_are_refused() -> None:
    with pytest.raises(LogError, match="ten million cells"):
        lca.agreement(log(1.2 * LOAD, "wall"), log(LOAD, "board"), every=1e-9)


def test_q1_powers_in_kilowatt_are_powers() -> None:
    watts, inner = [115.0, 163, 211, 260], [80.0, 120, 160, 200]
    kilo = lca.agreement(readings([one / 1000 for one in watts], "wall", "kW"), readings(inner, "component"))
    plain = lca.agreement(readings(watts, "wall"), readings(inner, "component"))
    assert kilo.unit == "W"
    assert kilo.bias == pytest.approx(plain.bias)
    assert list(kilo.crossings()) == ["supply_efficiency", "rest_of_machine"]


def test_m6_a_device_without_samples_is_refused_by_name() -> None:
    index = pandas.to_datetime(SECONDS + 1.77e9, unit="s", utc=True)
    frame = pandas.DataFrame({"g0": LOAD, "g1": np.nan * LOAD}, index=index)
    with pytest.raises(LogError, match="samples"):
        lca.agreement(log(1.2 * LOAD, "wall"), lca.power_log(frame, at="board", by="device"))
    with pytest.raises(LogError, match="samples"):
        lca.ledger(lca.power_log(frame, at="board", by="device"))


@pytest.mark.parametrize("at", ["component", "board"])
@pytest.mark.parametrize(("inside", "outside"), [("3 %", "1 %"), ("2 W", "1 W"), ("3 %", "1 W"), ("2 W", "1 %")])
def test_u10_an_energy_that_is_carried_errs_as_the_outer_meter(at: str, inside: str, outside: str) -> None:
    """The error of the inner meter cancels, whether it is a factor or an offset (GUM F.1.2)."""
    rng = np.random.default_rng(4)
    shown = rng.uniform(60, 300, 12)
    wall = 1.2 * shown + rng.normal(0, 0.1, 12) + (15 if at == "component" else 0)
    inner = lca.Meter("in", at=at, accuracy=inside)
    labels = list("abcdefghijkl")
    made = lca.agreement(
        lca.Meter("out", at="wall", accuracy=outside).read(dict(zip(labels, wall, strict=True)), "W", dim="run"),
        inner.read(dict(zip(labels, shown, strict=True)), "W", dim="run"),
    )
    site = lca.Site("desk", pue=1.0, **made.crossings())
    run = lca.Training("run", power=inner.read(float(shown.mean()), "W"), duration="1 h", devices=1, site=site)
    carried = site.at_wall(run.energy, device_time=run.device_time)
    drawn = lca.monte_carlo(carried, draws=4_000, seed=1, progress=False).data["value"].to_numpy() * 1000
    half = float(outside.split()[0]) * (float(wall.mean()) / 100 if "%" in outside else 1.0)
    assert drawn.mean() == pytest.approx(wall.mean(), rel=1e-3)
    assert drawn.std() == pytest.approx(half / math.sqrt(3), rel=0.05)
