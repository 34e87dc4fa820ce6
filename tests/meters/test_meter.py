"""Meters and logs: which error is shared, which is each reading's own, and what is no measurement (U10, A10)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas
import pytest
from example_study import JOULES

import lca
from lca.errors import (
    AccountingError,
    BoundaryError,
    DomainError,
    NonFiniteError,
    ParseError,
    UnitError,
)
from lca.graph.node import parameters

DRAWS = 100_000


def drawn(nodes: Any, draws: int = DRAWS) -> Any:
    nodes = nodes if isinstance(nodes, dict) else {"value": nodes}
    return lca.monte_carlo(nodes, draws=draws, progress=False).data


def leaves(node: Any) -> dict[str, Any]:
    return {leaf.parameter.key: leaf.parameter for leaf in parameters([node])}


def meter(**figures: Any) -> lca.Meter:
    return lca.Meter("Clamp", **{"at": "wall"} | figures)


# --- the meter's own error, shared by its readings (U10) ----------------------------------------------------

STATED = {
    "limits": ({"accuracy": "2 %"}, 0.02 / math.sqrt(3)),
    "limits as a number": ({"accuracy": 0.02}, 0.02 / math.sqrt(3)),
    "standard": ({"u": "1.5 %"}, 0.015),
    "expanded, k = 2": ({"expanded": ("3 %", 2)}, 0.015),
    "expanded, k = 3": ({"expanded": ("3 %", 3)}, 0.01),
}


@pytest.mark.parametrize(("figures", "u"), STATED.values(), ids=list(STATED))
def test_u10_standard_uncertainty_of_a_meter(figures: dict[str, Any], u: float) -> None:
    node = meter(**figures).read(200, "W").node("x")
    leaf = leaves(node)["clamp.accuracy"]
    assert leaf.values[0].mean == pytest.approx(1, rel=1e-12)
    assert leaf.values[0].sd == pytest.approx(u, rel=1e-12)
    assert (leaf.kind, leaf.status) == ("measurement", "declared")
    draws = drawn(node)["value"].to_numpy()
    # excess kurtosis of a rectangle is below that of a normal, so that u / sqrt(2 n) bounds the error of a sd
    assert draws.std() == pytest.approx(200 * u, rel=4 / math.sqrt(2 * DRAWS))
    assert draws.mean() == pytest.approx(200, abs=4 * 200 * u / math.sqrt(DRAWS))


def test_u10_accuracy_means_limits() -> None:
    draws = drawn(meter(accuracy="2 %").read(200, "W").node("x"))["value"].to_numpy()
    assert draws.min() >= 196
    assert draws.max() <= 204
    for level in (0.1, 0.5, 0.9):  # a rectangle: as much near the limits as in the middle
        assert np.mean(draws < 196 + 8 * level) == pytest.approx(level, abs=4 * 0.5 / math.sqrt(DRAWS))


def test_u10_all_readings_of_one_meter_share_its_error() -> None:
    """U10: between fields, labels and studies; another meter errs by itself."""
    one, other = meter(accuracy="5 %"), lca.Meter("Rail", at="wall", accuracy="5 %")
    nodes = {
        "first": one.read(100, "W").node("a"),
        "second": meter(accuracy="5 %").read(300, "W").node("b"),
        "many": one.read({"x": 10, "y": 20}, "W", dim="m").node("c"),
        "other": other.read(100, "W").node("d"),
    }
    data = drawn(nodes, 20_000)
    np.testing.assert_allclose(data["second"], 3 * data["first"], rtol=1e-13)
    for label, size in (("x", 10), ("y", 20)):
        np.testing.assert_allclose(data["many"].sel(m=label), data["first"] * size / 100, rtol=1e-13)
    assert abs(np.corrcoef(data["first"], data["other"])[0, 1]) < 4 / math.sqrt(20_000)


def test_u10_a_meter_that_states_nothing_adds_no_spread() -> None:
    node = meter().read(147, "W").node("x")
    assert list(leaves(node)) == ["x"]
    assert np.all(drawn(node, 100)["value"] == 147)


# --- what is each reading's own (U10) -----------------------------------------------------------------------


def test_u10_resolution_is_each_readings_own_half_step() -> None:
    readings = meter(resolution="1 W").read({"a": 147, "b": 140}, "W", dim="m")
    data = drawn(readings.node("x"))["value"]
    for label, value in (("a", 147), ("b", 140)):
        draws = data.sel(m=label).to_numpy()
        assert draws.min() >= value - 0.5
        assert draws.max() <= value + 0.5
        assert draws.std() == pytest.approx(1 / math.sqrt(12), rel=4 / math.sqrt(2 * DRAWS))
    assert abs(np.corrcoef(data.values)[0, 1]) < 4 / math.sqrt(DRAWS)


@pytest.mark.parametrize(("u", "size"), [("3 W", 3.0), ("2 %", 4.0), ("0.003 kW", 3.0), (0.02, 4.0)])
def test_u10_scatter_of_a_reading_is_its_own_and_adds_to_the_resolution(u: Any, size: float) -> None:
    for step in (0.0, 2.0):
        instrument = meter(resolution=f"{step} W") if step else meter()
        node = instrument.read({"a": 200, "b": 200}, "W", dim="m", u=u).node("x")
        expected = math.hypot(size, step / math.sqrt(12))
        assert leaves(node)["x"].values[0].sd == pytest.approx(expected, rel=1e-12)
        data = drawn(node, 20_000)["value"]
        assert float(data.sel(m="a").std()) == pytest.approx(expected, rel=4 / math.sqrt(40_000))
        assert abs(np.corrcoef(data.values)[0, 1]) < 4 / math.sqrt(20_000)


def best_probability(readings: Any) -> float:
    draws = drawn(readings.node("engines.energy"))["value"].to_numpy()
    return float(np.mean(draws.argmin(axis=0) == 0))


def test_u10_ranking_hangs_on_what_is_shared() -> None:
    """U10: ten engines, standard uncertainty 10 %: P(best) is about 76 % if each reading's own, 100 % if shared."""
    own = best_probability(meter().read(JOULES, "J/inference", dim="engine", u="10 %"))
    shared = best_probability(meter(u="10 %").read(JOULES, "J/inference", dim="engine"))
    assert shared == 1.0
    assert own == pytest.approx(0.76, abs=0.005 + 4 * math.sqrt(0.76 * 0.24 / DRAWS))


# --- what is refused ------------------------------------------------------------------------------------------

IMPOSSIBLE = {
    "200 %": {"accuracy": "200 %"},
    "zero": {"accuracy": "0 %"},
    "negative": {"u": "-1 %"},
    "negative watts": {"accuracy": "-2 W"},
    "zero watts": {"accuracy": "0 W"},
    "no coverage": {"expanded": ("2 %", 0)},
    "negative coverage": {"expanded": ("2 %", -2)},
    "as wide as the value": {"u": "60 %"},
    "a sixth": {"u": "17 %"},
    "expanded beyond a sixth": {"expanded": ("50 %", 2)},
    "two statements": {"accuracy": "2 %", "u": "1 %"},
    "no resolution": {"resolution": "0 W"},
    "negative resolution": {"resolution": "-1 W"},
}


@pytest.mark.parametrize("figures", IMPOSSIBLE.values(), ids=list(IMPOSSIBLE))
def test_u4_a_meter_that_cannot_be_raises_at_once(figures: dict[str, Any]) -> None:
    with pytest.raises(DomainError, match="clamp"):
        meter(**figures)


def test_q3_a_meter_sits_somewhere() -> None:
    with pytest.raises(BoundaryError, match="'plug'(.|\n)*clamp.at(.|\n)*component(.|\n)*busbar"):
        meter(at="plug")
    with pytest.raises(BoundaryError, match="another boundary(.|\n)*at the board(.|\n)*at the wall"):
        meter().read(5, "W at_board")
    assert repr(meter().read(5, "W")) == "<reading of Clamp: 5 W at the wall>"
    assert repr(meter().read(5, "J/inference")) == "<reading of Clamp: 5 J at the wall/inference>"


@pytest.mark.parametrize("nothing", [0, 0.0, {"a": 0, "b": 0.0}])
def test_a10_readings_that_are_all_zero_raise(nothing: Any) -> None:
    with pytest.raises(AccountingError, match="all readings are zero(.|\n)*Clamp"):
        meter().read(nothing, "W", dim="m" if isinstance(nothing, dict) else "")


def test_q6_missing_readings_are_listed_all_at_once() -> None:
    readings = {"a": 147, "b": math.nan, "c": 140, "d": math.inf, "e": None}
    with pytest.raises(NonFiniteError, match="3 of 5") as raised:
        meter().read(readings, "W", dim="m")
    assert [side.split(":")[0] for side in raised.value.sides] == ["m=b", "m=d", "m=e"]
    column = pandas.Series(readings.values(), index=list(readings), dtype=object)
    with pytest.raises(NonFiniteError, match="m=b(.|\n)*m=d(.|\n)*m=e"):
        meter().read(column, "W", dim="m")
    with pytest.raises(NonFiniteError):
        meter().read(math.nan, "W")
    with pytest.raises(ParseError, match="m=b: 'n/a'"):
        meter().read({"a": 147, "b": "n/a"}, "W", dim="m")


def test_d1_labels_come_with_the_readings() -> None:
    column = pandas.Series({"resnet18": 148.0, "baseline": 147.0})
    for data in (column, dict(column), column.to_xarray().rename(index="model")):
        node = meter().read(data, "W", dim="model").node("x")
        assert node.dims[0].texts == ("resnet18", "baseline")
        np.testing.assert_array_equal(lca.nominal(node).data["value"], [148, 147])


def test_q4_a_negative_reading_raises_in_the_field_that_takes_it() -> None:
    """Q4: the domain of a field holds for a reading as for a text."""
    with pytest.raises(DomainError, match="run.power(.|\n)*-5 W"):
        lca.Training("run", power=meter(accuracy="2 %").read(-5, "W"), duration="1 h")
    with pytest.raises(DomainError, match="m=b: -1 W"):
        lca.Training("run", power=meter().read({"a": 3, "b": -1}, "W", dim="m"), duration="1 h")


def test_q1_units_of_a_reading() -> None:
    with pytest.raises(UnitError, match="twice"):
        meter().read("5 W", "W")
    with pytest.raises(UnitError, match="another unit"):
        meter().read(200, "W", u="3 J").node("x")
    with pytest.raises(ParseError):
        meter().read(200, "Watts")
    assert lca.nominal(meter().read("0.2 kW").node("x")).data["value"] == pytest.approx(200)


def test_a10_a_reading_is_measured_unless_it_says_otherwise() -> None:
    assert leaves(meter().read(5, "W").node("x"))["x"].status == "measured"
    guessed = leaves(meter().read(5, "W", status="assumed", source="a photograph").node("x"))["x"]
    assert (guessed.status, guessed.source) == ("assumed", "a photograph")


def test_u10_an_accuracy_in_watts_is_one_offset_shared_by_all_readings() -> None:
    """Limits of 5 W are rectangular, u = 5 / sqrt 3, and cancel between two readings of one meter."""
    meter = lca.Meter("NVML", at="component", accuracy="5 W")
    run = lca.Training("run", power=meter.read({"a": 300, "b": 200}, "W", dim="gpu"), duration="1 h")
    data = lca.monte_carlo(run.power, draws=20_000, progress=False).data["value"]
    np.testing.assert_allclose(data.sel(gpu="a") - data.sel(gpu="b"), 100, atol=1e-9)
    error = data.sel(gpu="a").values - 300
    assert np.abs(error).max() <= 5
    assert error.std() == pytest.approx(5 / np.sqrt(3), rel=4 / np.sqrt(40_000))
    expanded = lca.Meter("NVML", at="component", expanded=("5 W", 2))
    drawn = lca.monte_carlo(lca.parameter("p", expanded.read("300 W")), draws=20_000, progress=False).data["value"]
    assert float(drawn.std()) == pytest.approx(2.5, rel=4 / np.sqrt(40_000))
    with pytest.raises(UnitError, match="another unit than the reading"):
        lca.Inference("engine", meter.read("0.4 J/inference"), per="inference", baseline="marginal")


@pytest.mark.parametrize("step", ["1 %", "0.5", "0 W"])
def test_u10_a_display_step_is_a_quantity(step: str) -> None:
    with pytest.raises(DomainError, match="display step"):
        lca.Meter("plug", at="wall", resolution=step)


BELOW_ZERO = {
    "a scatter as large as the value": ({}, {"data": 5, "u": "5 W"}),
    "a scatter of a fifth": ({}, {"data": 5, "u": "20 %"}),
    "a step that would show 0": ({"resolution": "1 W"}, {"data": 0.3}),
    "scatter and step": ({"resolution": "5 W"}, {"data": 5, "u": "0.5 W"}),
    "an offset": ({"accuracy": "5 W"}, {"data": 4}),
    "an offset and a step": ({"accuracy": "5 W", "resolution": "2 W"}, {"data": 5.5}),
    "an offset and a scatter": ({"u": "3 W"}, {"data": 20, "u": "2 W"}),
    "a distribution": ({}, {"data": {"a": lca.Normal(5, 5), "b": 7}, "dim": "m"}),
}


@pytest.mark.parametrize(("figures", "read"), BELOW_ZERO.values(), ids=list(BELOW_ZERO))
def test_u10_a_reading_that_would_be_drawn_below_zero_raises(figures: dict[str, Any], read: dict[str, Any]) -> None:
    """U10: the quantile at 1e-9 of what is drawn is 0 or more, for power and energy."""
    with pytest.raises(DomainError, match="below 0(.|\n)*reaches down to -(.|\n)*lca.Lognormal"):
        meter(**figures).read(unit="W", **read)


def test_u10_a_true_zero_of_a_meter_with_an_offset_would_be_drawn_below_zero() -> None:
    """U10: what is added to every reading is added to a zero, too: 0 W less 5 W."""
    for data, dim in ((0, ""), ({"on": 147, "off": 0}, "state")):
        with pytest.raises(DomainError, match="drawn below 0(.|\n)*0(.0)? reaches down to -5"):
            meter(accuracy="5 W").read(data, "W", dim=dim, true_zeros=True)


def test_u10_every_reading_below_zero_is_listed_and_narrow_ones_pass() -> None:
    with pytest.raises(DomainError, match="2 of 3 readings(.|\n)*m=a: 1(.|\n)*m=c: 2"):
        meter().read({"a": 1, "b": 40, "c": 2}, "W", dim="m", u="1 W")
    node = meter(u="16 %", resolution="10 W").read({"a": 40, "b": 5}, "W", dim="m").node("x")
    assert float(drawn(node)["value"].min()) >= 0
    both = meter(u="3 W").read(22, "W", u="2 W").node("x")  # sqrt(13) W: 22 W are 6.1 of them
    assert float(drawn(both)["value"].min()) > 0


def test_a10_one_reading_of_zero_among_others_is_said_to_be_one() -> None:
    """A10: a zero is no measurement, unless it is said to be exact; then it has no spread."""
    readings = {"on": 147, "off": 0, "asleep": 0.0}
    with pytest.raises(AccountingError, match="2 of 3 readings are zero(.|\n)*m=off(.|\n)*m=asleep(.|\n)*true_zeros"):
        meter().read(readings, "W", dim="m")
    node = meter(resolution="1 W", accuracy="2 %").read(readings, "W", dim="m", u="1 W", true_zeros=True).node("x")
    data = drawn(node, 1_000)["value"]
    assert np.all(data.sel(m=["off", "asleep"]) == 0)
    assert float(data.sel(m="on").std()) > 1
    assert lca.nominal(meter().read(0, "W", true_zeros=True).node("x")).data["value"] == 0


def test_u10_a_scatter_of_nothing_is_none_and_a_relative_one_is_below_one() -> None:
    for u in (0, "0 W", "0 %"):
        assert leaves(meter().read(5, "W", u=u).node("x"))["x"].values[0] == 5
    with pytest.raises(DomainError, match="standard uncertainty is 0 or more"):
        meter().read(5, "W", u=1.5)


def test_u10_an_uncertainty_beside_a_distribution_raises() -> None:
    for data, dim in ((lca.Lognormal(5, gsd=1.1), ""), ({"a": lca.Lognormal(5, gsd=1.1), "b": 3}, "m")):
        given = data if dim else {"a": data}
        with pytest.raises(DomainError, match="given for a distribution"):
            meter().read(given, "W", dim="m", u="1 W")


@pytest.mark.parametrize("data", ["20 W ± 3 W (k=1)", "20 ± 3 W (k=1)", lca.Normal("20 W", "3 W"), lca.Normal(20, 3)])
def test_u10_a_single_distribution_or_a_text_with_its_spread_is_read(data: Any) -> None:
    unit = "W" if getattr(data, "unit", "W") == "" else ""
    read = meter(resolution="1 W").read(data, unit)
    (value,) = leaves(read.node("x"))["x"].values
    assert (value.mean, value.sd, value.unit) == (20, 3, "W at_wall")
    assert repr(read) == "<reading of Clamp: 20 W at the wall>"


def test_q1_a_unit_beside_labelled_data_that_have_one_raises() -> None:
    """Q1: the second one was ignored."""
    watts = lca.labelled({"a": 0.2}, "kW", dim="m")
    assert lca.nominal(meter().read(watts).node("x")).data["value"].item() == pytest.approx(200)
    with pytest.raises(UnitError, match="twice(.|\n)*kW(.|\n)*W"):
        meter().read(watts, "W")


@pytest.mark.parametrize("figures", [{"accuracy": "5 W at_wall"}, {"resolution": "2 W at_wall"}])
def test_q3_a_figure_of_a_meter_may_name_its_boundary(figures: dict[str, Any]) -> None:
    said = {name: text.removesuffix(" at_wall") for name, text in figures.items()}
    drawn = [lca.monte_carlo(meter(**one).read(100, "W").node("x"), draws=9, progress=False) for one in (figures, said)]
    np.testing.assert_array_equal(*(result.data["value"] for result in drawn))
    with pytest.raises(BoundaryError, match="clamp.accuracy"):
        meter(accuracy="5 W at_board")


def test_u10_a_display_step_of_another_quantity_raises() -> None:
    """U10: it was taken to be none; a second meter of the same key shares the error."""
    first = meter(resolution="1 W", accuracy="2 %")
    with pytest.raises(UnitError, match="display step(.|\n)*W(.|\n)*kWh at the wall(.|\n)*resolution="):
        first.read(2.37, "kWh")
    second = meter(resolution="0.01 kWh", accuracy="2 %")
    energy, power = second.read(2.37, "kWh").node("e"), first.read(147, "W").node("p")
    assert leaves(energy)["e"].values[0].support == pytest.approx((2.365, 2.375))
    assert set(leaves(power * energy)) == {"e", "p", "clamp.accuracy"}
