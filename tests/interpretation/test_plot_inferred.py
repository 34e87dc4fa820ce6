"""The figure of what reports leave of an unknown: its bars, bands, marks and words."""

from __future__ import annotations

import pytest

import lca
from lca import plot
from lca.errors import DomainError, MissingError
from lca.graph.node import Node


def nodes() -> dict[str, Node]:
    energy = lca.parameter("energy", lca.labelled({"a": 100.0, "b": 200.0}, "kWh", dim="engine"))
    return {"use": energy * lca.parameter("rate", "0.5 kg CO2e/kWh") * lca.parameter("factor", 1.0)}


GIVEN = {"use[engine=a]": "48 kg CO2e", "use[engine=b]": "97 kg CO2e"}


def test_a_bar_for_each_report_and_a_band_for_all() -> None:
    made = lca.infer(nodes(), {"rate": None}, given=GIVEN)
    assert made.intervals[0] == pytest.approx((0.4825, 0.485), rel=1e-9)  # 96.5 / 200 to 48.5 / 100
    found = lca.candidates(("0.4825 kg CO2e/kWh", "0.485 kg CO2e/kWh"), place="US-RFCW")
    ax = plot.inferred(made, candidates=found)
    bars = [tuple(line.get_xdata()) for line in ax.lines[:2]]
    assert bars[0] == pytest.approx((0.475, 0.485))
    assert bars[1] == pytest.approx((0.4825, 0.4875))
    (band,) = ax.patches
    assert band.get_extents().width > 0
    assert ax.get_xlabel() == "rate, kg CO2e/kWh"
    assert [text.get_text() for text in ax.figure.legends[0].get_texts()] == ["0.48250 to 0.48500"]
    assert any("US-RFCW 2019, direct, CO2: 0.4842910" in text.get_text() for text in ax.texts)
    low, high = ax.get_xlim()
    assert low < 0.475 < 0.4875 < high


def test_listed_values_stand_side_by_side_up_to_three() -> None:
    made = lca.infer(nodes(), {"rate": None, "factor": [1.0, 1.02]}, given=GIVEN)
    ax = plot.inferred(made)
    said = [text.get_text() for text in ax.figure.legends[0].get_texts()]
    assert said[0] == "factor = 1: 0.48250 to 0.48500"
    assert said[1].startswith("factor = 1.02: 0.473")
    many = lca.infer(nodes(), {"rate": None, "factor": [1.0, 1.01, 1.02, 1.03]}, given=GIVEN)
    with pytest.raises(DomainError, match="too many"):
        plot.inferred(many)


def test_reports_that_contradict_each_other_have_bars_and_no_band() -> None:
    made = lca.infer(nodes(), {"rate": None}, given={**GIVEN, "use[engine=b]": "102 kg CO2e"})
    ax = plot.inferred(made)
    assert [text.get_text() for text in ax.figure.legends[0].get_texts()] == ["nothing fits"]
    assert len(ax.lines) == 2


def test_a_range_without_a_bound_is_not_shown_whole() -> None:
    y = lca.parameter("y", "5 kWh")
    made = lca.infer({"q": lca.functions.minimum(y, lca.parameter("x", "3 kWh"))}, {"x": None}, given={"q": "5 kWh"})
    assert plot.inferred(made).get_xlim()[1] < 1000


def test_what_no_report_says_alone_has_no_figure() -> None:
    x, y = lca.parameter("x", "3 kWh"), lca.parameter("y", "5 kWh")
    ranges = {"x": ("0 kWh", "10 kWh"), "y": ("0 kWh", "10 kWh")}
    made = lca.infer({"s": x + y, "d": x - y}, ranges, given={"s": "8.0 kWh", "d": "-2.0 kWh"})
    with pytest.raises(MissingError, match="no intervals"):
        plot.inferred(made)


def test_a_posterior_beside_its_prior() -> None:
    prior = lca.Uniform("0.4 kg CO2e/kWh", "0.6 kg CO2e/kWh")
    made = lca.infer(nodes(), {"rate": prior}, given=GIVEN, draws=40_000)
    ax = plot.inferred(made, of="rate")
    said = [text.get_text() for text in ax.figure.legends[0].get_texts()]
    assert said[0].startswith("before: 0.41")
    assert said[1].startswith("after the reports: 0.4826")
    before, after = list(ax.containers[0]), ax.patches[-1:]
    assert len(before) == 40
    assert len(after) == 1
    with pytest.raises(DomainError, match="rate"):
        plot.inferred(made, of="factor")
