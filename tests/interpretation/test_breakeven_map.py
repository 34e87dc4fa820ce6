"""Which of two totals is lower over two parameters: contour and probabilities against closed forms (A12, U2)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import lca
from lca.errors import DomainError

HOURS, RATE = lca.parameter("hours", "1 h"), lca.parameter("rate", "1 kg/h")
ENDS = ("1 h", "6 h"), ("1 kg/h", "6 kg/h")
N = 1_000


def ask(once: Any, other: Any = HOURS * RATE, **more: Any) -> lca.BreakevenMap:
    given: dict[str, Any] = {"vary": ("hours", "rate"), "between": ENDS, "draws": N, "points": 11} | more
    return lca.breakeven_map({"total": lca.parameter("once", once)}, {"total": other}, **given)


def test_the_contour_is_the_closed_form() -> None:
    """once = x y, so y = once / x; below 1 kg/h and above 6 kg/h there is none."""
    contour = ask("6 kg").contour
    assert np.allclose(contour["rate"] * contour["hours"], 6, rtol=1e-12)
    assert len(contour) == 201
    short = ask("3 kg").contour
    assert short["hours"].max() == pytest.approx(3, abs=0.03)


def test_a_curve_has_all_its_branches() -> None:
    """(y - 3)^2 = once / x has two roots in y."""
    apart = RATE - lca.quantity(3, "kg/h")
    contour = ask("1 kg", HOURS * apart * apart * lca.quantity(1, "h/kg")).contour
    assert sorted(contour["branch"].unique()) == [0, 1]
    assert np.allclose((contour["rate"] - 3) ** 2 * contour["hours"], 1, rtol=1e-8)


def test_the_probability_is_the_share_of_the_draws() -> None:
    """The first is lower at (x, y) where its Uniform from 5 to 20 kg is below x y."""
    found = ask(lca.Uniform("5 kg", "20 kg"))
    node = lca.parameter("once", lca.Uniform("5 kg", "20 kg"))
    drawn = lca.monte_carlo(node, draws=N, progress=False).data["value"].values
    exact = [[np.mean(drawn < x * y) for y in found.y] for x in found.x]
    assert np.allclose(found.probability, exact, atol=1.5 / N)
    assert np.allclose(found.difference, 12.5 - np.outer(found.x, found.y))
    assert found.table.loc[(1.0, 1.0), "lower"] == found.probability[0, 0] == 0
    assert repr(found).startswith("<break-even over hours from 1 to 6 h and rate from 1 to 6 kg/h: the first is lower")


def test_equal_draws_count_half_and_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    half = ask("6 kg", points=6)
    assert half.probability[0, -1] == half.probability[-1, 0] == 0.5
    whole = ask(lca.Uniform("5 kg", "20 kg"), draws=70)
    monkeypatch.setattr("lca.interpretation.breakeven.map.MOST", 64)
    assert np.array_equal(ask(lca.Uniform("5 kg", "20 kg"), draws=70).probability, whole.probability)


def test_a_wide_range_is_shown_in_even_ratios() -> None:
    found = ask("6 kg", between=(("0.1 h", "100 h"), ENDS[1]))
    assert np.allclose(np.diff(np.log(found.x)), np.log(1000) / 10)
    assert lca.plot.breakeven_map(found).get_xscale() == "log"


def test_what_has_no_map_is_refused() -> None:
    with pytest.raises(DomainError, match="both axes are one parameter"):
        ask("6 kg", vary=("hours", "hours"), between=(ENDS[0], ENDS[0]))
    with pytest.raises(DomainError, match="select one label of engine"):
        ask(lca.labelled({"a": 1.0, "b": 2.0}, "kg", dim="engine"))
    with pytest.raises(DomainError, match="equal whatever the value"):
        lca.breakeven_map({"total": HOURS * RATE}, {"total": HOURS * RATE}, vary=("hours", "rate"), between=ENDS)


def test_the_figure_says_what_its_lines_are() -> None:
    ax = lca.plot.breakeven_map(ask(lca.Uniform("5 kg", "20 kg")))
    (legend,) = ax.figure.legends
    said = [text.get_text() for text in legend.get_texts()]
    assert "equal at nominal values" in said
    assert "the first is lower (95 % or more)" in said
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("hours [h]", "rate [kg/h]")
