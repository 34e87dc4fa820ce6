"""Coordinates of a dim: alternatives compared within one, and the effect of one by matched pairs (D3)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

import lca
from lca.errors import DomainError, LabelError, MissingError
from lca.interpretation.result import Result

NAMES = "<backbone>_<batch:int>_<precision>"
MEASURED = {"net_1_FP16": 4.0, "net_2_FP16": 3.0, "net_1_FP32": 5.0, "net_2_FP32": 6.0, "other_1_FP32": 2.0}


def drawn(
    values: dict[str, Any] = MEASURED,
    spread: Callable[[float], Any] = float,
    *,
    draws: int = 20_000,
    names: str = NAMES,
) -> Result:
    joules = lca.labelled({name: spread(value) for name, value in values.items()}, "J at_board", dim="engine")
    engines = lca.Inference.engines("engines", joules, names=names, per="inference", baseline="marginal")
    return lca.monte_carlo({"total": engines.energy}, draws=draws, progress=False)


def test_d3_alternatives_are_ranked_within_a_coordinate() -> None:
    """D3: each value of the coordinate is a ranking of its own."""
    table = lca.compare(drawn(draws=10), over="engine", within="precision")
    assert table.index.names == ["precision", "engine"]
    assert table.loc["FP16"].index.to_list() == ["net_2_FP16", "net_1_FP16"]
    assert table.loc["FP32"].index.to_list() == ["other_1_FP32", "net_1_FP32", "net_2_FP32"]
    assert table["best"].to_list() == [1, 0, 1, 0, 0]
    assert table["expected_loss"].to_list() == [0, 1, 0, 3, 4]
    assert table["letters"].to_list() == ["a", "b", "a", "b", "c"]
    assert table["excess_p50"].to_list() == [0, 1, 0, 3, 4]
    assert "the first row of each precision" in table.attrs["note"]
    found = lca.Score("rank", lca.labelled({name: i for i, name in enumerate(MEASURED)}, dim="engine"), better="lower")
    scores = lca.compare(drawn(draws=10), over="engine", within="precision", score=found)["score_p50"]
    assert scores.to_list() == [1, 0, 4, 2, 3]


def test_an_effect_by_hand() -> None:
    """FP32 over FP16: 5/4 and 6/3, geometric mean sqrt(2.5); the third backbone has no match and is named."""
    table = lca.effect(drawn(draws=10), of="precision", over="engine")
    assert table.index.to_list() == ["FP32"]
    row = table.loc["FP32"]
    assert row[["ratio_p5", "ratio_p50", "ratio_p95"]].to_list() == pytest.approx([math.sqrt(2.5)] * 3, rel=1e-12)
    assert row[["smallest", "largest"]].to_list() == pytest.approx([1.25, 2], rel=1e-12)
    assert row[["against", "pairs"]].to_list() == ["FP16", 2]
    assert "left out: other_1_FP32" in table.attrs["note"]
    other = lca.effect(drawn(draws=10), of="precision", over="engine", against="FP32").loc["FP16"]
    assert other["ratio_p50"] == pytest.approx(1 / math.sqrt(2.5), rel=1e-12)
    assert other["against"] == "FP32"
    batch = lca.effect(drawn(draws=10), of="batch", over="engine")
    assert batch.loc[2, "ratio_p50"] == pytest.approx(math.sqrt(3 / 4 * 6 / 5), rel=1e-12)


def test_the_interval_of_an_effect_against_the_closed_form() -> None:
    """ln of the mean of two ratios of lognormals: normal with standard deviation s sqrt(4) / 2 = s."""
    s = 0.1
    result = drawn(spread=lambda value: lca.Lognormal(value, gsd=math.exp(s)))
    row = lca.effect(result, of="precision", over="engine").loc["FP32"]
    for name, q in (("ratio_p5", 0.05), ("ratio_p50", 0.5), ("ratio_p95", 0.95)):
        z = stats.norm.ppf(q)
        error = s * math.sqrt(q * (1 - q) / 20_000) / stats.norm.pdf(z)
        assert math.log(row[name]) == pytest.approx(math.log(2.5) / 2 + z * s, abs=4 * error)


def test_u10_an_error_that_all_share_is_in_no_ratio() -> None:
    """U10: 10 % of one meter for all readings leaves the factor certain."""
    joules = lca.Meter("rail", at="board", u="10 %").read(MEASURED, "J", dim="engine")
    engines = lca.Inference.engines("engines", joules, names=NAMES, per="inference", baseline="marginal")
    result = lca.monte_carlo({"total": engines.energy}, draws=500, progress=False)
    row = lca.effect(result, of="precision", over="engine").loc["FP32"]
    assert row["ratio_p95"] - row["ratio_p5"] < 1e-9
    assert np.ptp(lca.compare(result, over="engine")[["p5", "p95"]].iloc[0]) > 0.1


def test_each_other_alternative_has_an_effect_of_its_own() -> None:
    """D2: nothing is averaged over other alternatives."""
    rate = lca.parameter("rate", lca.labelled({"x": 1.0, "y": 3.0}, dim="place"))
    result = lca.monte_carlo({"total": drawn(draws=2).model.outputs["total"] * rate}, draws=5, progress=False)
    table = lca.effect(result, of="precision", over="engine")
    assert table.index.to_list() == [("x", "FP32"), ("y", "FP32")]
    within = lca.compare(result, over="engine", within="batch")
    assert within.index.names == ["place", "batch", "engine"]


def test_what_has_no_effect_to_show_is_named() -> None:
    with pytest.raises(MissingError, match=r"no coordinate 'precison'(.|\n)*did you mean 'precision'"):
        lca.effect(drawn(draws=2), of="precison", over="engine")
    with pytest.raises(MissingError, match=r"no coordinate 'size'(.|\n)*where: within"):
        lca.compare(drawn(draws=2), over="engine", within="size")
    with pytest.raises(MissingError, match=r"no label has the precision 'FP23'(.|\n)*against(.|\n)*'FP32'"):
        lca.effect(drawn(draws=2), of="precision", over="engine", against="FP23")
    plain = lca.parameter("x", lca.labelled({"a": 1.0, "b": 2.0}, "kg CO2e", dim="option"))
    with pytest.raises(MissingError, match=r"no coordinate 'size'(.|\n)*reads coordinates from names"):
        lca.effect(lca.monte_carlo({"total": plain}, draws=2, progress=False), of="size", over="option")
    apart = {"net_1_FP16": 4.0, "other_1_FP32": 5.0}
    with pytest.raises(
        MissingError, match=r"no two labels of 'engine' differ in 'precision' alone(.|\n)*backbone, batch"
    ):
        lca.effect(drawn(apart, draws=2), of="precision", over="engine")
    with pytest.raises(LabelError, match=r"same coordinates(.|\n)*found: net_01_FP16(.|\n)*and: net_1_FP16"):
        lca.effect(drawn({"net_01_FP16": 1.0, "net_1_FP16": 2.0}, draws=2), of="precision", over="engine")
    below = {"total": drawn(draws=2).model.outputs["total"] - lca.parameter("less", "2 J at_board/inference")}
    with pytest.raises(DomainError, match=r"values above 0(.|\n)*other_1_FP32: 5 draws"):
        lca.effect(lca.monte_carlo(below, draws=5, progress=False), of="precision", over="engine")
