"""U13: a run until a stated error is met, by the public face: what is asked, told, kept, and refused."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from example_study import BEST, study

import lca
from lca.errors import DomainError, LcaError, MissingError, UnitError
from lca.interpretation.until import most_of

A = lca.parameter("a", lca.Normal("10 kg CO2e", "3 kg CO2e"))
B = lca.parameter("b", lca.Normal("20 kg CO2e", "4 kg CO2e"))
LARGER = {"total": lca.functions.maximum(A, B)}
P95 = 30 + 5 * NormalDist().inv_cdf(0.95)


def until(thing: Any, asked: str | Mapping[str, str], **rest: Any) -> lca.Result:
    return lca.monte_carlo(thing, until=asked, progress=False, **rest)


# --- what it comes to -------------------------------------------------------------------------------------


def test_u13_every_stated_error_is_as_small_as_was_asked() -> None:
    made = until({"total": A + B}, "0.1 %")
    table = lca.summary(made)
    assert made.reached is not None
    assert made.reached.met
    assert table.loc["total", "error"] <= 0.001
    assert table.loc["total", "p95"] == pytest.approx(P95, rel=table.loc["total", "error"])
    assert table.loc["total", "mean"] == pytest.approx(30, rel=1e-9)


def test_u13_an_error_is_asked_of_one_statistic_in_the_unit_of_the_result() -> None:
    made = until({"total": A + B}, {"p99": "20 g CO2e"})
    assert made.reached is not None
    spread = made.reached.spreads["total"]
    assert float(spread.errors["p99"]) <= 0.02
    assert abs(float(spread.values["p99"]) - (30 + 5 * NormalDist().inv_cdf(0.99))) <= float(spread.errors["p99"])
    table = lca.summary(made)
    assert table.loc["total", "p99"] == float(spread.values["p99"])
    assert table.loc["total", "error"] == max(float(one) for one in spread.relative.values())
    assert "p99" not in lca.summary(until({"total": A + B}, "1 %"))


def test_u13_a_result_and_its_tables_say_what_was_reached() -> None:
    made = until({"total": A + B}, {"p95": "0.5 %"})
    assert repr(made).startswith("<result of 'nodes': 4,096 scrambled Sobol' points, b integrated out, seed 0; total ")
    assert made.reached is not None
    assert made.reached.says.startswith("Errors of the total (95 % intervals): p95 0.0")
    assert made.reached.says in lca.summary(made).attrs["note"]


def test_u13_a_run_that_may_not_go_on_says_that_its_error_was_not_met() -> None:
    made = until({"total": A + B}, {"p95": "0.0001 %"}, draws=5000)
    assert made.reached is not None
    assert (made.draws, made.reached.met) == (4096, False)
    assert "This was not met with 4,096 points, of 4,096 that draws= allows." in lca.summary(made).attrs["note"]
    assert "b integrated out, too few for the error that was asked" in repr(made)


def test_what_was_reached_is_told_in_a_few_lines() -> None:
    made = until(study(), "1 %")
    assert len(repr(made.reached)) < 400


def test_u13_per_what_was_not_estimated_raises_with_the_line_as_it_was_written() -> None:
    served = lca.parameter("served", lca.Uniform("3 inference", "4 inference"))
    made = until({"total": A + B, "functional_unit": served / 10, "per/inference": served}, "1 %")
    line = r"monte_carlo\(\.\.\., until='1 %', per=\('functional_unit', 'inference'\)\)"
    with pytest.raises(MissingError, match=rf"the run kept no statistics of 'total' per inference(.|\n)*{line}"):
        lca.summary(made, per="inference")


def test_a_long_run_shows_a_bar_that_counts_points(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, str, int]] = []

    class Bar:
        def __init__(self, total: int, initial: int, unit: str, **rest: object) -> None:
            self.total, self.unit, self.count = total, unit, initial

        def __enter__(self) -> Bar:
            return self

        def __exit__(self, *ended: object) -> None:
            seen.append((self.total, self.unit, self.count))

        def update(self, count: int) -> None:
            self.count += count

    monkeypatch.setattr("tqdm.tqdm", Bar)
    made = lca.monte_carlo({"total": A + B}, until={"p95": "0.0001 %"}, draws=16_384)
    assert [one for one in seen if one[1] == "point"] == [(n, "point", n) for n in (4096, 8192, 16_384)]
    assert made.draws == 16_384


def test_u13_random_draws_say_why_they_were_taken() -> None:
    made = until(LARGER, {"p95": "1 %"})
    assert made.design == "random"
    assert "16,384 random draws, because total is affine in none of its parameters" in repr(made)
    drawn = lca.monte_carlo(LARGER, draws=16_384, progress=False)
    assert np.array_equal(made.data["total"], drawn.data["total"])
    assert lca.summary(made).loc["total", "p95"] == pytest.approx(lca.summary(drawn).loc["total", "p95"], rel=1e-12)


def test_u13_the_mean_of_anything_is_served_by_points() -> None:
    made = until(LARGER, {"mean": "0.1 %"})
    assert made.design == "sobol"
    gap = 10 / 5  # E max = 20 P(B > A) + 10 P(A > B) + 5 phi
    z = NormalDist()
    truth = 20 * z.cdf(gap) + 10 * z.cdf(-gap) + 5 * z.pdf(gap)
    assert abs(lca.summary(made).loc["total", "mean"] - truth) <= 0.001 * truth


def test_u13_all_alternatives_and_stages_have_errors_and_agree_with_random_draws() -> None:
    """The table of 20,000 random draws, within four of its standard errors of a quantile."""
    made, drawn = until(study(), "1 %"), lca.monte_carlo(study(), draws=20_000, progress=False)
    table, other = lca.summary(made), lca.summary(drawn)
    assert list(table.index) == list(other.index)
    assert (table.xs("total", level="stage")["error"] <= 0.01).all()
    for name in ("p5", "p50", "p95", "mean"):
        apart = (table[name] / other[name] - 1).abs()
        assert apart.max() < 0.03
    assert (table["nominal"] == other["nominal"]).all()
    assert table["share"].to_numpy() == pytest.approx(other["share"].to_numpy(), rel=0.03)


def test_u13_one_label_of_a_result_keeps_its_errors() -> None:
    made = until(study(), {"p95": "1 %"})
    one, whole = lca.summary(made.sel(engine=BEST)), lca.summary(made).loc[BEST]
    for name in ("p50", "p95", "mean", "error"):
        assert (one[name].to_numpy() == whole[name].to_numpy()).all()


def test_u13_per_functional_unit_is_estimated_draw_by_draw() -> None:
    served = lca.parameter("served", lca.Triangular("10 kWh at_wall", "12 kWh at_wall", "20 kWh at_wall"))
    nodes = {"total": A + B, "functional_unit": served}
    made = until(nodes, "1 %")
    table = lca.summary(made, per="functional_unit")
    drawn = lca.summary(lca.monte_carlo(nodes, draws=200_000, progress=False), per="functional_unit")
    assert table.loc["total", "p95"] == pytest.approx(drawn.loc["total", "p95"], rel=0.01)
    assert table.loc["total", "error"] < 0.02


def test_u13_per_what_no_draw_changes_errors_are_divided_as_well() -> None:
    made = until({"total": A + B, "functional_unit": lca.parameter("served", "4 kWh at_wall")}, "1 %")
    whole, each = lca.summary(made).loc["total"], lca.summary(made, per="functional_unit").loc["total"]
    for name in ("p5", "p95", "mean"):
        assert each[name] == pytest.approx(whole[name] / 4, rel=1e-12)
    assert each["error"] == pytest.approx(whole["error"], rel=1e-12)


def test_u13_other_questions_are_answered_from_the_points_and_say_so() -> None:
    made = until(study(), "1 %")
    assert "From its 4,096 points, without a stated error: best" in lca.compare(made, over="engine").attrs["note"]
    by_activity = lca.summary(made.sel(engine=BEST), by="activity")
    assert "error" not in by_activity
    assert "No error is stated of these rows, except the total." in by_activity.attrs["note"]


def test_u6_the_same_seed_gives_the_same_points_and_another_others() -> None:
    one, same, other = (until({"total": A + B}, "1 %", seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one.data["total"], same.data["total"])
    assert not np.array_equal(one.data["total"], other.data["total"])


def test_u7_threads_change_no_bit() -> None:
    one, two = (until(study(), {"p95": "0.2 %"}, threads=threads) for threads in (1, 2))
    assert one.data.identical(two.data)
    assert one.reached is not None
    assert two.reached is not None
    assert one.reached.plain == two.reached.plain


@pytest.mark.parametrize("nodes", [{"total": A + B}, LARGER])
def test_u7_what_was_saved_is_loaded_and_run_again(nodes: Any, tmp_path: Path) -> None:
    made = until(nodes, {"p95": "1 %"}, seed=3, draws=100_000)
    path = lca.save(made, tmp_path / "r.lca")
    loaded = lca.load(path)
    assert loaded.reached is not None
    assert made.reached is not None
    assert loaded.reached.plain == made.reached.plain
    assert repr(loaded) == repr(made)
    again, table = lca.rerun(path)
    assert table["identical"].all()
    assert again.reached is not None
    assert again.reached.plain == made.reached.plain


def test_q6_a_statistic_of_nothing_has_no_relative_error() -> None:
    """A median of 0: its error in kg is stated, as a share of it there is none."""
    made = until({"total": A - A * 1.0 + lca.parameter("c", lca.Normal("0 kg CO2e", "1 kg CO2e"))}, {"p95": "1 %"})
    assert made.reached is not None
    assert made.reached.met
    assert math.isfinite(float(made.reached.spreads["total"].errors["p50"]))


# --- what is refused --------------------------------------------------------------------------------------

NODES = {"total": A + B}


@pytest.mark.parametrize("text", ["0 %", "-1 %", "100 %", "150 %", "1 % ± 1 %"])
def test_u13_a_share_lies_between_0_and_1(text: str) -> None:
    with pytest.raises(LcaError):
        until(NODES, text)
    with pytest.raises(DomainError, match="cannot be asked for mean"):
        until(NODES, "0 %")


@pytest.mark.parametrize("name", ["p0", "p100", "median", "sd", "p", "95", "P95"])
def test_u13_a_statistic_that_is_none_raises(name: str) -> None:
    with pytest.raises(DomainError, match="is not a statistic of which an error can be asked"):
        until(NODES, {name: "1 %"})


def test_u13_asking_nothing_raises() -> None:
    with pytest.raises(DomainError, match="until names no statistic"):
        until(NODES, {})


def test_u13_an_error_in_another_unit_raises() -> None:
    with pytest.raises(UnitError, match=r"asked: kWh(.|\n)*the result: kg CO2e(.|\n)*\"1 %\"(.|\n)*\"3 kg CO2e\""):
        until(NODES, {"p95": "3 kWh"})


@pytest.mark.parametrize(
    ("asked", "form"), [(0.01, 'until="0.01"'), ({"p95": 0.01}, "until={'p95': '0.01'}"), ("soon", 'such as "1 %"')]
)
def test_u13_an_error_says_how_what_was_asked_is_written(asked: Any, form: str) -> None:
    with pytest.raises(DomainError) as raised:
        until(NODES, asked)
    assert form in str(raised.value)


@pytest.mark.parametrize(
    "chosen",
    [
        {"keep": "summary"},
        {"keep": "draws"},
        {"keep": "details"},
        {"design": "sobol"},
        {"over": ("engine",)},
        {"checkpoint": "c"},
    ],
)
def test_u13_what_such_a_run_chooses_itself_raises(chosen: dict[str, Any]) -> None:
    with pytest.raises(DomainError, match="has no place beside until"):
        until(NODES, "1 %", **chosen)


def test_u13_fewer_points_than_replicates_can_use_raise() -> None:
    with pytest.raises(DomainError, match="draws"):
        until(NODES, "1 %", draws=1000)


def test_u13_the_most_points_fit_into_a_gibibyte_unless_draws_says_more() -> None:
    assert most_of(None, 10) == 1 << 20
    assert most_of(None, 1000) == 1 << 17
    assert most_of(5_000_000, 1000) == 1 << 22
    assert most_of(None, 10**9) == 1024


def test_u13_a_ratio_that_was_not_estimated_raises_with_the_line_to_write() -> None:
    served = lca.parameter("served", lca.Triangular(10, 12, 20))
    nodes = {"total": A + B, "per/device": served}
    with pytest.raises(MissingError, match=r"per=\('device',\)"):
        lca.summary(until(nodes, "1 %"), per="device")
    lca.summary(until(nodes, "1 %", per=("device",)), per="device")
