"""Which alternative is the lowest along a parameter, against closed forms and brute force (A12, U2)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import lca
from lca.errors import DomainError, MissingError

HOURS = lca.parameter("hours", "1 h")
N = 2_000


def engines(once: dict[str, Any], rates: dict[str, float], curve: Any = HOURS) -> dict[str, Any]:
    """A total over engines: what each takes once, and in each hour."""
    taken, rate = lca.labelled(once, "kg", dim="engine"), lca.labelled(rates, "kg/h", dim="engine")
    return {"total": lca.parameter("once", taken) + lca.parameter("rate", rate) * curve}


def ask(total: Any, low: str = "1 h", high: str = "9 h", **more: Any) -> lca.Switchover:
    return lca.switchover(total, over="engine", vary="hours", between=(low, high), **{"draws": 50} | more)


def test_lines_change_where_the_closed_form_says() -> None:
    """c = 3 x, b = 2 + 2 x, a = 7 + x: c to 2, b to 5, then a."""
    found = ask(engines({"a": 7.0, "b": 2.0, "c": 0.0}, {"a": 1.0, "b": 2.0, "c": 3.0}))
    assert found.table["lowest"].to_list() == ["c", "b", "a"]
    assert found.table["high"].to_list() == pytest.approx([2, 5, 9], rel=1e-12)
    assert found.table["low"].to_list() == pytest.approx([1, 2, 5], rel=1e-12)
    assert found.table["probability"].min() == 1
    assert found.switches["nominal"].to_list() == pytest.approx([2, 5], rel=1e-12)
    assert repr(found) == "<lowest engine along hours: c from 1 to 2, b to 5, a to 9 h>"


def test_one_that_is_never_the_lowest_has_no_interval() -> None:
    """Where a and c are equal at 3, b is above both."""
    found = ask(engines({"a": 6.0, "b": 9.0, "c": 0.0}, {"a": 1.0, "b": 2.0, "c": 3.0}))
    assert found.table["lowest"].to_list() == ["c", "a"]
    assert found.switches["nominal"].to_list() == pytest.approx([3], rel=1e-12)
    whole = ask(engines({"a": 0.0, "b": 9.0}, {"a": 1.0, "b": 2.0}))
    assert len(whole.switches) == 0
    assert whole.table[["low", "high"]].to_numpy().tolist() == [[1.0, 9.0]]
    assert "a from 1 to 9 h" in repr(whole)


def test_curves_agree_with_brute_force_over_a_thousand_points() -> None:
    """a: 30 + x, b: 10 + x^2 / 2, c: 40 / x + 2 x are lowest in turn."""
    square, inverse = HOURS * HOURS / lca.quantity(1, "h"), HOURS / (HOURS * HOURS) * lca.quantity(1, "h*h")
    total = engines({"a": 30.0, "b": 10.0, "c": 0.0}, {"a": 1.0, "b": 0.0, "c": 2.0})["total"]
    bent = lca.parameter("bent", lca.labelled({"a": 0.0, "b": 0.5, "c": 0.0}, "kg/h", dim="engine"))
    over = lca.parameter("over", lca.labelled({"a": 0.0, "b": 0.0, "c": 40.0}, "kg/h", dim="engine"))
    found = ask({"total": total + bent * square + over * inverse}, "1 h", "60 h")
    x = np.linspace(1, 60, 1_000)
    curves = np.stack([30 + x, 10 + x**2 / 2, 40 / x + 2 * x])
    lowest = np.array(["a", "b", "c"])[curves.argmin(axis=0)]
    changes = np.flatnonzero(lowest[1:] != lowest[:-1])
    assert found.table["lowest"].to_list() == [*lowest[changes], lowest[-1]]
    assert all(x[i] <= at <= x[i + 1] for i, at in zip(changes, found.switches["nominal"], strict=True))
    roots = {"b to c": lambda at: 10 + at**2 / 2 - 40 / at - 2 * at, "c to a": lambda at: 40 / at + at - 30}
    for name, at in zip(roots, found.switches["nominal"], strict=True):
        assert abs(roots[name](at)) < 1e-8


def test_two_that_change_twice_have_an_interval_at_each_change() -> None:
    """18 + x x and 9 x are equal at 3 and at 6; a draw counts with its value beside the nominal one."""
    square = HOURS * HOURS * lca.quantity(1, "1/h")
    bent = lca.parameter("bent", lca.labelled({"a": 1.0, "b": 0.0}, "kg/h", dim="engine")) * square
    found = ask({"total": engines({"a": 18.0, "b": 0.0}, {"a": 0.0, "b": 9.0})["total"] + bent})
    assert found.table["lowest"].to_list() == ["b", "a", "b"]
    assert found.switches["nominal"].to_list() == pytest.approx([3, 6], rel=1e-9)
    assert found.switches["p50"].to_list() == pytest.approx([3, 6], rel=1e-9)


def test_probabilities_and_intervals_are_those_of_the_draws() -> None:
    """New is the lowest at x where its Uniform from 2 to 6 kg is below x; both are equal at that value."""
    total = engines({"new": lca.Uniform(2, 6), "old": 0.0}, {"new": 1.0, "old": 2.0})
    found = ask(total, "1 h", "9 h", draws=N)
    once = lca.parameter("once", lca.labelled({"new": lca.Uniform(2, 6), "old": 0.0}, "kg", dim="engine"))
    drawn = lca.monte_carlo(once, draws=N, progress=False).data["value"].sel(engine="new").values
    for x, row in found.probabilities.iterrows():
        assert row["new"] == pytest.approx(np.mean(drawn < float(x)), abs=1e-12)
        assert row["new"] + row["old"] == pytest.approx(1)
    (switch,) = found.switches.to_dict("records")
    assert (switch["before"], switch["after"], switch["cross"]) == ("old", "new", 1.0)
    assert switch["nominal"] == pytest.approx(4)
    ends = [switch[name] for name in ("p5", "p50", "p95")]
    assert ends == pytest.approx(np.quantile(drawn, [0.05, 0.5, 0.95]).tolist(), rel=1e-9)
    last = found.table.iloc[-1]
    assert last["probability"] == pytest.approx((0.75 * 2 + 3) / 5, abs=0.01), "3/4 from 4 to 6 on average, then 1"


def test_blocks_of_draws_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    total = engines(
        {"new": lca.Uniform(2, 6), "old": 0.0}, {"new": 1.0, "old": 2.0}, HOURS * HOURS / lca.quantity(1, "h")
    )
    whole = ask(total, draws=30)
    monkeypatch.setattr("lca.interpretation.breakeven.switchover._BLOCK", 4_000)
    monkeypatch.setattr("lca.interpretation.breakeven.switchover.MOST", 40)
    again = ask(total, draws=30)
    assert again.switches.equals(whole.switches)
    assert again.probabilities.equals(whole.probabilities)


def test_other_alternatives_are_selected_before() -> None:
    places = lca.parameter("place", lca.labelled({"dry": 1.0, "wet": 2.0}, "", dim="place"))
    total = engines({"a": 1.0, "b": 2.0}, {"a": 2.0, "b": 1.0})["total"] * places
    with pytest.raises(DomainError, match="select one label of place"):
        ask({"total": total})
    with pytest.raises(MissingError, match="motor"):
        lca.switchover({"total": total}, over="motor", vary="hours", between=("1 h", "2 h"))


def test_the_figure_has_an_area_for_each_and_says_where_it_changes() -> None:
    total = engines({"new": lca.Uniform(2, 6), "old": 0.0}, {"new": 1.0, "old": 2.0})
    ax = lca.plot.switchover(ask(total))
    legend = ax.figure.legends[0]
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["old", "new"]
    said = ax.figure.get_supxlabel()
    assert "old to new at 4.00" in said.replace("\n", " ")
    assert ax.get_ylim() == (0, 1)
