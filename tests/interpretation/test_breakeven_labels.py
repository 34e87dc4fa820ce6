"""Break-even in closed form, by outcome, and at every label of alternatives (A12, D2, U2, U7)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from example_study import BEST, part, study
from hypothesis import given, settings
from hypothesis import strategies as st

import lca
from lca.errors import DomainError, LabelError, MissingError, UnitError
from lca.graph.functions import select
from lca.graph.program import compile_program
from lca.interpretation.breakeven import pair as pairs
from lca.interpretation.breakeven.along import is_linear
from lca.interpretation.breakeven.crossings import on_a_line

HOURS = lca.parameter("hours", "1 h")
BETWEEN = ("1 h", "9 h")
N = 2_000


def line(once: Any, rate: Any, name: str = "") -> dict[str, Any]:
    """A total of so many kg, and so many kg in each hour."""
    once, rate = (lca.parameter(f"{name}{n}", value) for n, value in (("once", once), ("rate", rate)))
    return {"total": once + rate * HOURS}


def engines(**once: Any) -> dict[str, Any]:
    """Engines a, b and c: 1, 2 and 3 kg in an hour, and what each takes once."""
    said = once or {"a": 6.0, "b": 3.0, "c": 0.0}
    rates = lca.labelled(dict(zip(said, (1.0, 2.0, 3.0), strict=False)), "kg/h", dim="engine")
    return line(lca.labelled(said, "kg", dim="engine"), rates, "engine ")


def kg(name: str, draws: int = N) -> np.ndarray:
    """The draws of a Uniform from 2 to 14 kg under a key (U2)."""
    node = lca.parameter(name, lca.Uniform("2 kg", "14 kg"))
    values: np.ndarray = lca.monte_carlo(node, draws=draws, progress=False).data["value"].values
    return values


# --- closed form ----------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(st.floats(0.1, 100), st.floats(0.1, 10), st.floats(0.1, 10))
def test_a_line_is_crossed_where_the_closed_form_says(once: float, rate: float, more: float) -> None:
    one, other = line(f"{once} kg", f"{rate} kg/h", "a "), line("0 kg", f"{rate + more} kg/h", "b ")
    exact = once / more
    found = lca.breakeven(one, other, vary="hours", between=("0 h", f"{3 * exact} h"), draws=2)
    assert found.linear
    assert found.nominal == pytest.approx(exact, rel=1e-9)
    assert np.allclose(found.values, exact, rtol=1e-9)


def test_every_draw_of_a_line_is_in_closed_form_and_no_search_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lca.interpretation.breakeven.crossings.roots", None)
    found = lca.breakeven(line(lca.Uniform("2 kg", "14 kg"), "1 kg/h", "a "), line("0 kg", "2 kg/h", "b "),
                          vary="hours", between=BETWEEN, draws=N)  # fmt: skip
    drawn = kg("a once")
    assert np.allclose(found.values[drawn <= 9], drawn[drawn <= 9], rtol=1e-12)
    assert np.array_equal(np.isnan(found.values), drawn > 9)


def test_a_curve_and_two_keys_that_move_together_are_not_taken_for_a_line() -> None:
    """x * x, and the product of a value with itself under the same key: 4 = x * x at 2."""
    square = {"total": HOURS * HOURS * lca.quantity(1, "kg/h/h")}
    found = lca.breakeven(square, {"total": lca.parameter("four", "4 kg")}, vary="hours", between=BETWEEN, draws=3)
    assert not found.linear
    assert found.nominal == pytest.approx(2, rel=1e-9)
    assert np.allclose(found.crossings, 2, rtol=1e-9)


def test_a_line_that_touches_an_end_crosses_there() -> None:
    for low, high, exact in (("3 h", "9 h", 3.0), ("1 h", "3 h", 3.0)):
        one, other = line("3 kg", "1 kg/h", "a "), line("0 kg", "2 kg/h", "b ")
        found = lca.breakeven(one, other, vary="hours", between=(low, high), draws=2)
        assert found.nominals == pytest.approx((exact,), rel=1e-12)


def test_two_keys_that_move_together_are_lines_apart_and_no_line_multiplied() -> None:
    x, y = lca.parameter("x", 2.0), lca.parameter("y", 3.0)
    both = frozenset({"x", "y"})
    assert not is_linear(compile_program({"value": x * y}), both)
    assert is_linear(compile_program({"one": x * 2.0, "other": y + 1.0}), both)
    assert not is_linear(compile_program({"value": 1.0 / x}), both)


def test_a_crossing_beside_an_end_keeps_its_digits() -> None:
    """0.001 in a range that begins at -1,000,000: computed from the upper end."""
    ends = np.array([[-1e6 - 1e-3]]), np.array([[1 - 1e-3]])
    assert on_a_line(-1e6, 1.0, ends).item() == pytest.approx(1e-3, rel=1e-12)


# --- outcomes -------------------------------------------------------------------------------------------------


def test_the_kind_of_each_draw_is_counted_with_its_sampling_error() -> None:
    """A uniform from 2 to 14 kg at 1 kg more in an hour crosses in the range up to 9 h in 7 of 12 draws."""
    one, other = line(lca.Uniform("2 kg", "14 kg"), "1 kg/h", "a "), line("0 kg", "2 kg/h", "b ")
    found = lca.breakeven(one, other, vary="hours", between=BETWEEN, draws=N)
    shares = found.outcomes["share"].to_dict()
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["once: the second is lower before"] == found.probability
    assert shares["never: the second is lower"] == np.mean(kg("a once") > 9)
    assert shares["never: the first is lower"] == shares["several times"] == 0
    error = found.outcomes.loc["once: the second is lower before", "share_error"]
    assert error == pytest.approx(1.96 * (7 / 12 * 5 / 12 / N) ** 0.5, rel=0.03)
    assert abs(found.probability - 7 / 12) < 2 * error
    assert found.outcomes.index[found.outcomes["nominal"]].to_list() == ["once: the second is lower before"]


def test_one_that_never_crosses_says_which_is_lower() -> None:
    lean, heavy = line("1 kg", "1 kg/h", "a "), line("2 kg", "2 kg/h", "b ")
    for pair, said in (((lean, heavy), "the first"), ((heavy, lean), "the second")):
        found = lca.breakeven(*pair, vary="hours", between=BETWEEN, draws=5)
        assert (found.lower, found.probability) == (said, 0)
        assert found.outcomes.loc[f"never: {said} is lower", "share"] == 1
        assert f"{said} is lower throughout" in repr(found)
        assert "n/a: no crossing in the range" in repr(found.table)


def test_two_that_meet_at_the_lower_bound_are_told_apart_above_it() -> None:
    one, other = line("3 kg", "1 kg/h", "a "), line("0 kg", "2 kg/h", "b ")
    for pair, said in (((one, other), "the second"), ((other, one), "the first")):
        found = lca.breakeven(*pair, vary="hours", between=("3 h", "9 h"), draws=4)
        assert found.outcomes.loc[f"once: {said} is lower before", "share"] == 1


def test_two_crossings_are_several() -> None:
    """(x - 3) (x - 6) = x x + 18 - 9 x."""
    square = {"total": HOURS * HOURS * lca.quantity(1, "kg/h/h") + lca.parameter("a", "18 kg")}
    found = lca.breakeven(square, {"total": HOURS * lca.quantity(9, "kg/h")}, vary="hours", between=BETWEEN, draws=4)
    assert found.nominals == pytest.approx((3, 6), rel=1e-9)
    assert found.outcomes["share"].to_dict()["several times"] == found.several == 1
    assert found.outcomes.index[found.outcomes["nominal"]].to_list() == ["several times"]


# --- labels ---------------------------------------------------------------------------------------------------


def test_all_engines_against_one_have_a_break_even_each() -> None:
    """6 + x = 3 x at 3, and 3 + 2 x = 3 x at 3."""
    found = lca.breakeven(engines(), vary="hours", between=BETWEEN, over="engine", against="c", draws=4)
    assert found.table["nominal"].to_dict() == pytest.approx({"a": 3.0, "b": 3.0})
    assert found.crossings.shape == (2, 4, 1)
    assert found.sel(engine="a").names == ("a", "c")
    assert "c is lower before" in repr(found.sel(engine="a").outcomes)
    assert repr(found).startswith("<break-even of hours at each label of engine>")
    for ask in (lambda: found.nominal, lambda: found.probability, lambda: found.quantile(0.5)):
        with pytest.raises(DomainError, match="select one label of engine"):
            ask()
    with pytest.raises(LabelError, match="engine: a, b"):
        found.sel(engine="z")


@pytest.mark.slow
@pytest.mark.parametrize("curved", [False, True])
def test_each_label_has_the_crossings_that_it_has_alone(curved: bool) -> None:
    """Draw by draw, by search as in closed form, in one block as in many."""
    spread = lca.labelled({"a": lca.Uniform(2, 14), "b": lca.Uniform(1, 20)}, "kg", dim="engine")
    once = lca.parameter("once", spread)
    along = HOURS * HOURS * lca.quantity(1, "kg/h/h") if curved else HOURS * lca.quantity(1, "kg/h")
    other = {"total": along}
    whole = lca.breakeven({"total": once}, other, vary="hours", between=BETWEEN, draws=300)
    assert whole.linear is not curved
    for label in ("a", "b"):
        alone = lca.breakeven({"total": select(once, "engine", label)}, other, vary="hours", between=BETWEEN, draws=300)
        assert np.allclose(whole.sel(engine=label).crossings[:, :1], alone.crossings, rtol=1e-11, equal_nan=True)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pairs, "_BLOCK", 2_000)
        again = lca.breakeven({"total": once}, other, vary="hours", between=BETWEEN, draws=300)
    assert np.array_equal(again.values, whole.values, equal_nan=True)


def test_d2_a_study_over_engines_is_compared_at_each_of_them() -> None:
    """Each engine against the best one: as the studies that are selected one by one."""
    every = study()
    label = next(one for one in every.model.outputs["total"].dims[0].labels if one != BEST)
    common: dict[str, Any] = {"vary": "robots.load", "between": ("1 inference/s", "20 inference/s"), "draws": 20}
    found = lca.breakeven(every, over="engine", against=BEST, **common)
    alone = lca.breakeven(every.sel(engine=label), every.sel(engine=BEST), **common)
    assert np.allclose(found.sel(engine=label).crossings, alone.crossings, rtol=1e-9, equal_nan=True)
    assert alone.names == (f"engine={label}", f"engine={BEST}")
    assert found.sel(engine=label).lower == (label if alone.lower == alone.names[0] else BEST)


def test_scenarios_are_labels_of_both_sides() -> None:
    """A grid of half the intensity halves both totals: the crossing stays, label by label."""
    grids = {"dirty": "0.4 kg CO2e/kWh", "clean": "0.2 kg CO2e/kWh"}
    grid = lca.Electricity("grid", intensity="0.4 kg CO2e/kWh", at="facility")
    lab, hall = (lca.Site(name, pue=pue, electricity=grid) for name, pue in (("lab", 1.0), ("hall", 1.5)))
    over = [
        part(lca.Training("run", energy=energy, at="wall", site=site)).vary("place", {"grid.intensity": grids})
        for energy, site in (("150 kWh", lab), ("120 kWh", hall))
    ]
    found = lca.breakeven(*over, vary="hall.pue", between=(1.0, 2.0), draws=3)
    assert found.dims == {"place": ("dirty", "clean")}
    assert found.table["nominal"].to_dict() == pytest.approx({"dirty": 1.25, "clean": 1.25}, rel=1e-9)


def test_what_cannot_be_compared_is_refused() -> None:
    one, two = line("1 kg", "1 kg/h"), engines()
    common: dict[str, Any] = {"vary": "hours", "between": BETWEEN, "draws": 2}
    with pytest.raises(MissingError, match='over="engine"'):
        lca.breakeven(one, **common)
    with pytest.raises(DomainError, match="two studies"):
        lca.breakeven(one, one, over="engine", against="a", **common)
    with pytest.raises(MissingError, match="engine"):
        lca.breakeven(two, over="place", against="a", **common)
    with pytest.raises(LabelError, match="a, b, c"):
        lca.breakeven(two, over="engine", against="z", **common)
    with pytest.raises(LabelError, match="only label"):
        lca.breakeven(engines(a=1.0), over="engine", against="a", **common)
    with pytest.raises(LabelError):
        lca.breakeven(engines(a=1.0, b=2.0), engines(a=1.0, d=2.0), **common)
    with pytest.raises(UnitError):
        lca.breakeven(one, {"total": HOURS}, **common)
