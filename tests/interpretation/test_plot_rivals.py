"""Figures of rivals show the numbers of `compare` and `pareto`, and say what they leave out (A12)."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from example_study import BEST, result
from matplotlib.colors import to_hex
from matplotlib.text import Text

import lca
from lca.errors import DomainError, MissingError
from lca.interpretation.table import significant

BLUE, GREY = "#0072b2", "#666666"


@cache
def three() -> lca.Result:
    values = {"a": lca.Normal(10, 1), "b": lca.Normal(11, 1), "c": lca.Normal(16, 1)}
    node = lca.parameter("rivals", lca.labelled(values, "kg CO2e", dim="option"))
    return lca.monte_carlo({"total": node}, draws=2_000, progress=False)


@cache
def accuracy() -> lca.Score:
    found = {"a": lca.Normal(0.6, 0.01), "b": lca.Normal(0.7, 0.01), "c": lca.Normal(0.5, 0.01)}
    return lca.Score("accuracy", lca.labelled(found, dim="option"), better="higher")


def texts(ax: Any) -> str:
    return " ".join(" ".join(text.get_text().split()) for text in ax.figure.findobj(Text))


def dots(ax: Any) -> list[tuple[float, float]]:
    return [(line.get_xdata()[0], line.get_ydata()[0]) for line in ax.lines if line.get_marker() == "o"]


def test_differences_are_those_of_the_comparison() -> None:
    ax = lca.plot.differences(three(), over="option", unit="g CO2e")
    table = lca.compare(three(), over="option")
    assert dots(ax) == [(pytest.approx(1_000 * x), y) for y, x in enumerate(table["excess_p50"])]
    ends = [line.get_xdata() for line in ax.lines if line.get_marker() == "|"]
    expected = 1_000 * table[["excess_p5", "excess_p95"]].to_numpy()
    np.testing.assert_allclose(ends, expected, rtol=1e-12)
    assert ax.get_xlabel() == "g CO2e above a"
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b", "c"]
    colours = [to_hex(line.get_color()) for line in ax.lines if line.get_marker() == "o"]
    assert table["among_best"].to_list() == [True, True, False]
    assert colours == [BLUE, BLUE, GREY]
    shown = texts(ax)
    assert table["letters"].to_list() == ["a", "a", "b"]
    for name in ("letters", "best", "difference", "expected loss"):
        assert name in shown
    assert significant(1_000 * float(table.loc["b", "expected_loss"])) in shown
    assert f"{100 * table.loc['a', 'best']:.0f} %" in shown
    assert "hold at once with a confidence of 90 %" in shown


def test_differences_have_a_unit_that_reads_well_and_say_what_they_leave_out() -> None:
    ax = lca.plot.differences(result(), over="engine", per="inference", most=3)
    assert ax.get_xlabel() == f"µg CO2e/inference above {BEST}"
    assert len(dots(ax)) == 3
    assert "the 3 smallest of 10" in texts(ax)
    assert ax.figure.get_suptitle().startswith("SuperPoint on 100 Jetsons: differences over engine")


def test_a_front_shows_medians_intervals_and_shares() -> None:
    ax = lca.plot.pareto(three(), over="option", score=accuracy())
    table = lca.pareto(three(), over="option", score=accuracy())
    assert dots(ax) == list(zip(table["p50"], table["score_p50"], strict=True))
    crosses = [
        tuple(line.get_xdata()) for line in ax.lines if len(line.get_xdata()) == 2 and line.get_linestyle() == "-"
    ]
    assert (table.loc["b", "p5"], table.loc["b", "p95"]) in crosses
    steps = next(line for line in ax.lines if line.get_linestyle() == "--")
    assert list(steps.get_xdata()) == table.loc[["a", "b"], "p50"].to_list()
    shown = texts(ax)
    assert f"a {100 * table.loc['a', 'front']:.0f} %" in shown
    assert 0.5 < table.loc["a", "front"] < 0.9
    assert [to_hex(line.get_color()) for line in ax.lines if line.get_marker() == "o"] == [BLUE, BLUE, "#b4b4b4"]
    assert table.loc["c", "front"] < 0.05
    assert " c " not in shown
    assert ax.get_ylabel() == "accuracy (higher is better)"
    assert ax.get_xlabel() == "kg CO2e"
    lower = lca.Score("latency", lca.labelled({"a": 5, "b": 3, "c": 9}, "s", dim="option"), better="lower")
    slow = lca.plot.pareto(three(), over="option", score=lower)
    assert slow.get_ylabel() == "latency (lower is better), s"
    steps = next(line for line in slow.lines if line.get_linestyle() == "--")
    assert list(steps.get_ydata()) == [5, 3]


def test_figures_of_rivals_name_what_they_cannot_draw() -> None:
    rate = lca.parameter("rate", lca.labelled({"x": 1.0, "y": 3.0}, dim="place"))
    many = lca.monte_carlo({"total": three().model.outputs["total"] * rate}, draws=5, progress=False)
    for figure in (lca.plot.differences, lca.plot.pareto):
        with pytest.raises(DomainError, match=r"one dim of alternatives(.|\n)*over place(.|\n)*result.sel\(place="):
            figure(many, over="option", **({"score": accuracy()} if figure is lca.plot.pareto else {}))
    for most in (0, -1):
        with pytest.raises(DomainError, match=r"a whole number from 1(.|\n)*"):
            lca.plot.differences(three(), over="option", most=most)
        with pytest.raises(DomainError, match=r"a whole number from 1(.|\n)*"):
            lca.plot.stages(result(), most=most)
    with pytest.raises(MissingError, match="there is no score"):
        lca.plot.pareto(three(), over="option")
