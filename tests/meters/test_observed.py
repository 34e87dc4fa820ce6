"""Differences and multiples of readings, and meters that show several quantities (U10; GUM 5.1, 5.2, F.2.2.1)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import lca
from lca.errors import BoundaryError, DomainError, LabelError, UnitError
from lca.graph.node import parameters

DRAWS = 100_000
STEP = 1 / math.sqrt(12)  # standard uncertainty of a display step of 1
LIMITS = 0.02 / math.sqrt(3)  # of limits of 2 %


def meter(name: str = "Clamp", **figures: Any) -> lca.Meter:
    return lca.Meter(name, **{"at": "wall", "resolution": "1 W"} | figures)


def drawn(value: Any) -> Any:
    return lca.monte_carlo(lca.parameter("x", value), draws=DRAWS, progress=False).data["value"].to_numpy()


def keys(value: Any) -> set[str]:
    return {str(leaf.short) for leaf in parameters([lca.parameter("x", value)])}


# --- differences ------------------------------------------------------------------------------------------------


def test_u10_in_a_difference_the_factor_of_one_meter_applies_to_the_difference() -> None:
    """y = (a - b) f, so u^2 = (d^2 + 2 s^2)(1 + u_f^2) - d^2: 0.70 W. With two meters it would be 2.1 W."""
    one = meter(accuracy="2 %")
    difference = one.read(147, "W") - one.read(98, "W")
    expected = math.sqrt((49**2 + 2 * STEP**2) * (1 + LIMITS**2) - 49**2)
    assert expected == pytest.approx(math.hypot(49 * LIMITS, STEP * math.sqrt(2)), rel=1e-3)
    draws = drawn(difference)
    assert draws.mean() == pytest.approx(49, abs=4 * expected / math.sqrt(DRAWS))
    assert draws.std() == pytest.approx(expected, rel=4 / math.sqrt(2 * DRAWS))
    assert keys(difference) == {"x.reading-1", "x.reading-2", "clamp.accuracy"}


def test_u10_in_a_difference_the_offset_of_one_meter_cancels() -> None:
    """y = (a + e) - (b + e): what is left is the triangle of two display steps, u = s sqrt 2."""
    one = meter(accuracy="5 W")
    draws = drawn(one.read(147, "W") - one.read(98, "W"))
    assert draws.std() == pytest.approx(STEP * math.sqrt(2), rel=4 / math.sqrt(2 * DRAWS))
    assert np.abs(draws - 49).max() <= 1 + 1e-9
    assert np.mean(np.abs(draws - 49) < 0.5) == pytest.approx(0.75, abs=4 * 0.5 / math.sqrt(DRAWS))


def test_u10_of_two_meters_each_has_its_own_calibration() -> None:
    """u^2 = (147^2 + 98^2) u_f^2 + 2 s^2 (1 + u_f^2)."""
    difference = meter(accuracy="2 %").read(147, "W") - meter("Plug", accuracy="2 %").read(98, "W")
    expected = math.sqrt((147**2 + 98**2) * LIMITS**2 + 2 * STEP**2 * (1 + LIMITS**2))
    assert drawn(difference).std() == pytest.approx(expected, rel=4 / math.sqrt(2 * DRAWS))
    assert keys(difference) == {"x.reading-1", "x.reading-2", "clamp.accuracy", "plug.accuracy"}


def test_u10_two_readings_of_one_counter_are_an_energy() -> None:
    counter = meter(resolution="0.01 kWh")
    run = lca.Training("run", energy=counter.read("12.87 kWh") - counter.read("12.41 kWh"))
    result = lca.monte_carlo(run.energy, draws=DRAWS, progress=False).data["value"]
    assert float(lca.nominal(run.energy).data["value"]) == pytest.approx(0.46, rel=1e-12)
    assert float(result.std()) == pytest.approx(0.01 * STEP * math.sqrt(2), rel=4 / math.sqrt(2 * DRAWS))
    assert {leaf.short for leaf in parameters([run.energy])} == {"run.energy.reading-1", "run.energy.reading-2"}


def test_u10_in_a_sum_the_error_of_one_meter_is_one_for_both() -> None:
    """y = (a + b) f, so u^2 = (t^2 + 2 s^2)(1 + u_f^2) - t^2; of a list, sum() begins with 0."""
    one = meter(accuracy="2 %")
    parts = [one.read(147, "W"), one.read(98, "W")]
    expected = math.sqrt((245**2 + 2 * STEP**2) * (1 + LIMITS**2) - 245**2)
    for total in (parts[0] + parts[1], sum(parts)):
        draws = drawn(total)
        assert draws.mean() == pytest.approx(245, abs=4 * expected / math.sqrt(DRAWS))
        assert draws.std() == pytest.approx(expected, rel=4 / math.sqrt(2 * DRAWS))
    with pytest.raises(UnitError, match="'98 W'"):
        parts[0] + "98 W"  # type: ignore[operator]
    with pytest.raises(UnitError):
        1 + parts[0]


def test_u10_one_reading_met_twice_is_one_reading() -> None:
    one = meter()
    idle = one.read(40, "W")
    assert np.all(drawn(idle - idle) == 0)
    twice = one.read(147, "W") - idle - idle  # of two machines that stand idle alike
    assert drawn(twice).std() == pytest.approx(math.hypot(STEP, 2 * STEP), rel=4 / math.sqrt(2 * DRAWS))


def test_u10_idle_power_is_subtracted_from_readings_by_label() -> None:
    one = meter(accuracy="5 W")
    rows = one.read({"a": 147, "b": 120}, "W", dim="model") - one.read(40, "W")
    found = lca.nominal(lca.parameter("x", rows)).data["value"]
    assert found.sel(model=["a", "b"]).values.tolist() == [107, 80]


# --- multiples --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("figures", [{"accuracy": "2 %"}, {"accuracy": "5 W"}])
def test_u10_a_multiple_of_a_reading_scales_all_of_it(figures: dict[str, Any]) -> None:
    reading = meter(**figures).read(147, "W")
    for many in (reading * 8, 8 * reading, reading * 2 * 4):
        np.testing.assert_allclose(drawn(many), 8 * drawn(reading), rtol=1e-12)
        assert keys(many) == {"x", "clamp.accuracy"}
    assert repr(reading * 8) == "<reading of Clamp: 1176 W at the wall>"
    assert repr(reading / 2) == "<reading of Clamp: 73.5 W at the wall>"


def test_u10_a_multiple_of_a_difference() -> None:
    one = meter(accuracy="2 %")
    difference = one.read(147, "W") - one.read(98, "W")
    np.testing.assert_allclose(drawn(difference * 8), 8 * drawn(difference), rtol=1e-10)
    assert repr(difference) == "<reading of Clamp: 49 W at the wall>"


# --- what raises ------------------------------------------------------------------------------------------------


def test_q1_readings_that_do_not_fit_raise_on_the_line_that_subtracts() -> None:
    one = meter(resolution=None)
    with pytest.raises(UnitError, match="W at the wall(.|\n)*kWh at the wall"):
        one.read(147, "W") - one.read(2, "kWh")
    with pytest.raises(BoundaryError, match="at the board"):
        one.read(147, "W") - meter("Rail", at="board").read(98, "W")
    with pytest.raises(LabelError, match="only here: b"):
        one.read({"a": 1, "b": 2}, "W", dim="m") - one.read({"a": 1, "c": 2}, "W", dim="m")


def test_what_is_no_reading_and_no_count_raises_with_a_way_to_write_it() -> None:
    reading: Any = meter().read(147, "W")
    for other in (20, "20 W", lca.quantity("20 W"), lca.parameter("p", "20 W at_wall")):
        with pytest.raises(UnitError, match="only a reading(.|\n)*lca.parameter"):
            reading - other
    for wrong in (0, -1, "8", math.inf, lca.quantity("2 h"), reading):
        with pytest.raises(DomainError if wrong is not math.inf else Exception, match="factor of <reading"):
            reading * wrong


def test_q4_a_difference_below_zero_is_refused_by_the_field() -> None:
    site = lca.Site("desk", pue=1.0, electricity=lca.Electricity("grid", intensity="0.4 kg CO2e/kWh", at="facility"))
    one = meter()
    run = lca.Training("run", power=one.read(98, "W") - one.read(147, "W"), duration="1 h", site=site)
    with pytest.raises(DomainError, match="run.power(.|\n)*-49 W"):
        lca.footprint(run)


# --- several display steps --------------------------------------------------------------------------------------


def test_u10_a_reading_takes_the_display_step_of_its_unit() -> None:
    plug = meter(resolution=("1 W", "0.01 kWh"))
    for text, half in (("147 W", 0.5), ("0.147 kW", 0.0005), ("2.37 kWh", 0.005), ("2370 Wh", 5)):
        leaf: Any = parameters([plug.read(text).node("x")])[0].parameter
        (value,) = leaf.values
        middle = float(text.split()[0])
        assert value.support == pytest.approx((middle - half, middle + half))
    first, second = meter(resolution=["1 W"]).read("5 W"), meter(resolution="1 W").read("5 W")
    np.testing.assert_array_equal(drawn(first), drawn(second))


def test_u10_a_quantity_without_a_display_step_of_its_own_raises() -> None:
    plug = meter(resolution=("1 W", "0.01 kWh"))
    with pytest.raises(UnitError, match=r"display step(.|\n)*J at the wall/inference(.|\n)*resolution=\(\"1 W\""):
        plug.read("0.4 J/inference")
    with pytest.raises(DomainError, match=r"two display steps(.|\n)*1 W(.|\n)*0.1 kW(.|\n)*range"):
        meter(resolution=("1 W", "0.1 kW"))
    with pytest.raises(DomainError, match="display step"):
        meter(resolution=("1 W", "2 %"))
    with pytest.raises(BoundaryError, match="clamp.resolution"):
        meter(resolution="1 W at_board")


@pytest.mark.parametrize("said", [{"status": "assumed"}, {"source": "a note"}])
def test_a10_a_parameter_takes_the_status_and_source_of_its_reading(said: dict[str, str]) -> None:
    """A10: a status or a source beside a reading would be lost, so it raises."""
    reading = lca.Meter("plug", at="wall").read(147, "W")
    assert lca.parameter("desk.power", reading).parameter.status == "measured"
    with pytest.raises(DomainError, match="brings its own status and source"):
        lca.parameter("desk.power", reading, **said)
