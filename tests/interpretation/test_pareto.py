"""Impact and score at once: the Pareto front draw by draw, and scores of a study or beside a result (A12)."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from example_study import BEST, JOULES, result, study
from scipy import stats

import lca
from lca.errors import DomainError, LabelError, MissingError
from lca.interpretation.comparison.pareto import fronts
from lca.interpretation.recipe import model_in, model_out
from lca.interpretation.result import Result

DRAWS = 40_000


def rivals(values: dict[str, Any], *, draws: int = DRAWS, design: str = "random") -> Result:
    node = lca.parameter("rivals", lca.labelled(values, "kg CO2e", dim="option"))
    return lca.monte_carlo({"total": node}, draws=draws, design=design, progress=False)


def score(values: dict[str, Any], better: str = "higher", unit: str = "") -> lca.Score:
    return lca.Score("accuracy", lca.labelled(values, unit, dim="option"), better=better, source="a test set")


def test_the_front_of_two_normals_against_the_closed_form() -> None:
    """b is dominated where both differences are above 0: Phi(m / s) Phi(n / t) for independent ones."""
    both = rivals({"a": lca.Normal(10, 1), "b": lca.Normal(11, 2)})
    found = score({"a": lca.Normal(0.7, 0.03), "b": lca.Normal(0.68, 0.04)})
    table = lca.pareto(both, over="option", score=found)
    p = stats.norm.cdf(1 / math.sqrt(5)), stats.norm.cdf(0.02 / 0.05)
    for name, other, dominated in (("b", "a", p[0] * p[1]), ("a", "b", (1 - p[0]) * (1 - p[1]))):
        error = 4 * math.sqrt(dominated * (1 - dominated) / DRAWS)
        assert table.loc[name, "front"] == pytest.approx(1 - dominated, abs=error)
        assert table.loc[name, "dominated_share"] == pytest.approx(dominated, abs=error)
        assert table.loc[name, "dominated_by"] == other
    assert table["score_p50"].to_list() == pytest.approx([0.7, 0.68], abs=1e-3)
    assert list(table.index) == ["a", "b"]


def test_the_direction_of_a_score_decides() -> None:
    """A latency is better where it is lower: a always dominates c, and b is on the front where it is quicker."""
    three = rivals({"a": 1.0, "b": 2.0, "c": 3.0}, draws=200)
    latency = score({"a": 5.0, "b": lca.Uniform(4, 12), "c": 8.0}, "lower", "ms")
    table = lca.pareto(three, over="option", score=latency)
    assert table["front"].to_dict() == {"a": 1.0, "b": pytest.approx(1 / 8, abs=0.1), "c": 0.0}
    assert table.loc["c", ["dominated_by", "dominated_share"]].to_list() == ["a", 1.0]
    assert table.loc["c", ["score_p50", "score_unit"]].to_list() == [pytest.approx(0.008), "s"]
    higher = lca.pareto(three, over="option", score=score({"a": 5.0, "b": 4.0, "c": 8.0}))
    assert higher["front"].to_list() == [1.0, 0.0, 1.0]
    assert higher["dominated_by"].to_list() == ["none", "a", "none"]
    turned = lca.pareto(
        rivals({"a": 3.0, "b": 2.0, "c": 1.0}, draws=9), over="option", score=score(dict.fromkeys("abc", 1.0))
    )
    assert turned["dominated_by"].to_dict() == {"c": "none", "b": "c", "a": "c"}


def test_what_is_equal_in_both_dominates_nothing() -> None:
    """U7: equal to 1e-12 is equal; equal in one and better in the other dominates."""
    first = np.array([[1.0], [1.0 + 1e-15], [1.0], [2.0]])
    second = np.array([[1.0], [1.0], [3.0], [1.0]])
    on_front, dominates = fronts(first, second)
    assert on_front.tolist() == [1, 1, 0, 0]
    assert fronts(np.zeros((2, 1)), np.array([[1.0], [2.0]]))[0].tolist() == [1, 0]
    assert dominates.tolist() == [[0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 0, 0], [0, 0, 0, 0]]


def test_the_front_agrees_with_a_walk_along_sorted_draws() -> None:
    """Another algorithm: in the order of the impact, a new smallest score is on the front."""
    rng = np.random.default_rng(3)
    first, second = rng.normal(size=(9, 400)), rng.normal(size=(9, 400))
    counts = np.zeros(9)
    for x, y in zip(first.T, second.T, strict=True):
        order = np.argsort(x)
        best = np.minimum.accumulate(y[order])
        counts[order[y[order] == best]] += 1
    assert fronts(first, second)[0] == pytest.approx(counts / 400, abs=1e-12)


def test_a_score_and_an_impact_on_one_parameter_share_its_draws() -> None:
    """U2: where the score rests on a parameter of the total, the two move together, in the same draws."""
    noise = lca.parameter(
        "rivals", lca.labelled({"a": lca.Normal(10, 1), "b": lca.Normal(10, 1)}, "kg CO2e", dim="option")
    )
    drawn = lca.monte_carlo({"total": noise}, draws=2_000, seed=5, progress=False)
    both = lca.pareto(drawn, over="option", score=lca.Score("mass again", noise, better="lower"))
    best = lca.compare(drawn, over="option")["best"]
    assert both["front"].to_dict() == best.to_dict()  # the smaller one is better in both


def test_u8_a_score_on_a_mixed_choice_is_mixed_with_the_result() -> None:
    """U8: a choice that a run mixes by name is mixed in the score, too; else both stay nominal."""
    which = lca.choice("which", {"x": 1.0, "y": 3.0}, weights=[1, 1], default="x")
    mass = lca.parameter("rivals", lca.labelled({"a": 1.0, "b": 2.0}, "kg CO2e", dim="option")) * which
    rank = lca.parameter("rank", lca.labelled({"a": 1.0, "b": 2.0}, dim="option")) * which
    for mix, highest in (((), 1.0), (("which",), 3.0)):
        drawn = lca.monte_carlo({"total": mass}, draws=200, mix=mix, progress=False)
        row = lca.compare(drawn, over="option", score=lca.Score("rank", rank, better="lower")).loc["a"]
        assert row["score_p95"] == row["p95"] == highest


# --- a score in a study ----------------------------------------------------------------------------------------


def with_score(**about: Any) -> lca.Study:
    found = {name: lca.Normal(0.5 + 0.01 * i, 0.002) for i, name in enumerate(JOULES)}
    quality = lca.Score("repeatability", lca.labelled(found, dim="engine"), better="higher", source="HPatches", **about)
    return study().replaced(functional_unit=study().functional_unit.replaced(quality=quality))


def test_a12_the_score_of_a_study_stands_beside_each_alternative() -> None:
    """A12: it is drawn with the study, and the same as beside the result, draw by draw."""
    drawn = lca.monte_carlo(with_score(), draws=1_000, progress=False)
    table = lca.compare(drawn, over="engine")
    assert table.loc[BEST, "score_p50"] == pytest.approx(0.5, abs=5e-4)
    assert "Score: repeatability (higher is better)." in table.attrs["note"]
    assert "No quality is stated" not in table.attrs["note"]
    quality = with_score().functional_unit.quality
    assert isinstance(quality, lca.Score)
    apart = lca.compare(lca.monte_carlo(study(), draws=1_000, progress=False), over="engine", score=quality)
    assert table["score_p5"].to_dict() == apart["score_p5"].to_dict()
    assert table["p50"].to_dict() == pytest.approx(apart["p50"].to_dict(), rel=1e-12)
    assert "score/repeatability" in drawn.data
    assert "score" not in drawn.model.views
    use = with_score().functional_unit.quality.replaced(name="use")
    named = study().replaced(functional_unit=study().functional_unit.replaced(quality=use))
    assert named.model.views == (), "a score that is called as a stage is no other way to count"


def test_a10_a_score_has_its_status_and_source_in_the_provenance() -> None:
    values = lca.provenance(with_score(status="measured"))
    assert values.loc["repeatability.value", ["status", "source"]].to_list() == ["measured", "HPatches"]


def test_d4_a_selected_study_and_a_saved_result_keep_their_score(tmp_path: Any) -> None:
    few = list(JOULES)[:3]
    drawn = lca.monte_carlo(with_score(), draws=300, progress=False).sel(engine=few)
    table = lca.pareto(drawn, over="engine")
    assert list(table.index) == few
    assert table["front"].to_list() == pytest.approx([1, 1, 1], abs=0.02)  # dearer, and better by more than the noise
    read = lca.load(lca.save(drawn, tmp_path / "drawn.lca"))
    assert lca.pareto(read, over="engine")["front"].to_dict() == table["front"].to_dict()
    changed = with_score().replace({"repeatability.value": lca.labelled(dict.fromkeys(JOULES, 0.5), dim="engine")})
    equal = lca.pareto(lca.monte_carlo(changed, draws=300, progress=False), over="engine")
    assert equal["front"].to_dict() == {name: float(name == BEST) for name in equal.index}


def test_a_saved_recipe_says_which_scores_are_better() -> None:
    assert model_in(model_out(result().model)).scores == {}
    assert model_in(model_out(with_score().model)).scores == {"score/repeatability": "higher"}


def test_what_cannot_be_scored_is_named() -> None:
    two = rivals({"a": 1.0, "b": 2.0}, draws=10)
    with pytest.raises(MissingError, match=r"no score to compare with the total(.|\n)*where: score(.|\n)*lca.Score\("):
        lca.pareto(two, over="option")
    with pytest.raises(LabelError, match=r"labels(.|\n)*over 'option'(.|\n)*the result: a, b(.|\n)*the score: a, c"):
        lca.pareto(two, over="option", score=score({"a": 1.0, "c": 2.0}))
    other = lca.Score("x", lca.labelled({"m": 1.0}, dim="model"), better="higher")
    with pytest.raises(LabelError, match=r"over 'model'(.|\n)*the result: none(.|\n)*the score: m"):
        lca.compare(two, over="option", score=other)
    sobol = rivals({"a": lca.Normal(1, 0.1), "b": 2.0}, draws=16, design="sobol")
    with pytest.raises(DomainError, match=r"beside sobol draws(.|\n)*FunctionalUnit\(..., quality=score\)"):
        lca.pareto(sobol, over="option", score=score({"a": lca.Normal(1, 0.1), "b": 2.0}))
    assert lca.pareto(sobol, over="option", score=score({"a": 1.0, "b": 2.0}))["front"].to_list() == [1.0, 1.0]
    older = replace(two, versions={**two.versions, "stream": "1"})
    with pytest.raises(DomainError, match=r"version 1 of the random streams(.|\n)*version 2(.|\n)*lca.rerun"):
        lca.pareto(older, over="option", score=score({"a": lca.Normal(1, 0.1), "b": 2.0}))
    assert lca.pareto(older, over="option", score=score({"a": 1.0, "b": 2.0}))["front"].to_list() == [1.0, 1.0]
    with pytest.raises(DomainError, match=r"no better 'best'(.|\n)*accuracy.better(.|\n)*higher, lower"):
        score({"a": 1.0}, "best")
    with pytest.raises(MissingError, match="no alternatives over 'model'"):
        lca.pareto(result(), over="model", score=score({"a": 1.0}))
