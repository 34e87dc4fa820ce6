"""What a result is made of: rows that sum to the total in every draw, nested as asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas
import pytest
from example_changes import SPREAD, UNSURE, study, trials

import lca
from lca.errors import DomainError, MissingError
from lca.hardware.parts import Part


def fleet() -> lca.Study:
    """Ten robots with a board of two parts and two cameras each, over two years, and a training."""
    grid = lca.Electricity("grid", intensity=lca.Lognormal("0.4 kg CO2e/kWh", gsd=1.3), at="facility", **UNSURE)
    lab = lca.Site("lab", pue=1.2, electricity=grid, **UNSURE)
    ends = {"distribution": "1 kg CO2e", "end_of_life": "0.5 kg CO2e"}
    pieces = [Part("die", embodied=lca.Lognormal("6 kg CO2e", gsd=1.5), contents="dies", **UNSURE),
              Part("case", embodied="2 kg CO2e", contents="enclosure", **UNSURE)]  # fmt: skip
    board = lca.Hardware.from_parts("board", pieces, lifetime="4 year", **ends, **UNSURE)
    camera = lca.Hardware("camera", embodied="3 kg CO2e", lifetime="4 year", **ends, **UNSURE)
    net = lca.Inference(
        "net", lca.Lognormal("2 J/inference", gsd=1.4), at="wall", per="inference", baseline="marginal", **UNSURE
    )
    robots = lca.Deployment("robots", net, on={board: 10, camera: 20}, site=lab, devices=10, start=2024,
                            period="2 year", load="1 inference/s", active="10 h/day", idle="0 h/day",
                            idle_power="1 W at_wall", allocation="reserved_time", **UNSURE)  # fmt: skip
    run = lca.Training("run", energy="50 kWh", at="wall", site=lab, **UNSURE)
    unit = lca.FunctionalUnit("one inference", count=robots.inferences)
    return lca.Study("robots", robots, run, functional_unit=unit, excluded={"development": lca.outside_goal("none")})


@pytest.fixture(scope="module")
def result() -> lca.Result:
    return lca.monte_carlo(fleet(), draws=1_000, progress=False)


LEVELS = ["stage", ("stage", "activity"), ("stage", "activity", "device"), ("device", "stage"), "year",
          ("activity", "year", "stage"), ("stage", "device", "part")]  # fmt: skip


@pytest.mark.parametrize("by", LEVELS)
def test_rows_sum_to_the_total(result: lca.Result, by: str | tuple[str, ...]) -> None:
    table = lca.contribution(result, by=by)
    rows = table.iloc[:-1]
    assert rows["mean"].sum() == pytest.approx(float(result.data["total"].mean()), rel=1e-12)
    assert rows["share"].sum() == pytest.approx(1.0, rel=1e-12)
    assert list(table.index.names) == ([by] if isinstance(by, str) else [*by])
    assert not (table.index.get_level_values(0) == "other").any()


def test_shares_are_taken_draw_by_draw(result: lca.Result) -> None:
    table = lca.contribution(result, by="stage")
    shares = (result.data["use"] / result.data["total"]).quantile([0.05, 0.95]).values
    assert table.loc["use", ["share_p5", "share_p95"]].to_list() == pytest.approx(shares, rel=1e-12)
    summary = lca.summary(result)
    pandas.testing.assert_series_equal(
        pandas.Series(table["share"]), pandas.Series(summary["share"]), check_names=False, rtol=1e-12
    )


def test_devices_and_parts_are_told_apart(result: lca.Result) -> None:
    """By hand: two years of four, 10 x 8 kg / 2 and 20 x 3 kg / 2; a case is 2 kg of each board, in every draw."""
    table = lca.contribution(result, by=("stage", "device"))
    assert table.loc[("manufacturing", "camera"), "mean"] == pytest.approx(30.0)
    assert ("use", "board and camera") in table.index
    assert ("training", "no device") in table.index
    parts = lca.contribution(result, by=("stage", "device", "part"))
    assert parts.loc[("manufacturing", "board", "case"), "mean"] == pytest.approx(10.0, rel=1e-12)
    board = result.data["manufacturing/robots/board"]
    assert parts.loc[("manufacturing", "board", "die"), "mean"] == pytest.approx(float(board.mean()) - 10, rel=1e-9)


def test_years_and_what_happens_in_none(result: lca.Result) -> None:
    table = lca.contribution(result, by="year")
    assert list(table.index) == [2024, 2025, "in no year", "total"]
    assert table.loc[2024, "mean"] == pytest.approx(float(result.data["use/robots"].sel(year=2024).mean()))


def test_small_pieces_are_one_row(result: lca.Result) -> None:
    whole = lca.contribution(result, by=("stage", "device"))
    table = lca.contribution(result, by=("stage", "device"), least=0.05)
    kept = whole.iloc[:-1][whole["share"].iloc[:-1] >= 0.05]
    assert len(kept) < len(whole) - 1
    assert table.iloc[:-2]["mean"].to_list() == kept["mean"].to_list()
    assert table.loc[("other", ""), "mean"] == pytest.approx(float(whole["mean"].iloc[-1] - kept["mean"].sum()))


def test_each_alternative_has_its_own_total() -> None:
    regions = fleet().vary("region", {"grid.intensity": {"dry": "0.1 kg CO2e/kWh", "wet": "0.6 kg CO2e/kWh"}})
    table = lca.contribution(lca.nominal(regions), by="stage")
    assert table.index.names == ["region", "stage"]
    for region in ("dry", "wet"):
        rows = table.xs(region, level="region")
        assert rows["mean"].iloc[:-1].sum() == pytest.approx(rows.loc["total", "mean"], rel=1e-12)
    assert table.loc[("wet", "use"), "mean"] == pytest.approx(6 * table.loc[("dry", "use"), "mean"])
    assert table.loc[("wet", "manufacturing"), "mean"] == table.loc[("dry", "manufacturing"), "mean"]


def test_a_summary_has_means_of_all_draws_and_intervals_of_the_first() -> None:
    kept = lca.monte_carlo(fleet(), draws=20_000, keep="summary", details=True, progress=False)
    table = lca.contribution(kept, by=("stage", "activity"))
    assert table.iloc[:-1]["mean"].sum() == pytest.approx(float(kept.spreads.of("total").mean), rel=1e-9)
    assert "From the first 16,384 of 20,000 draws: the intervals." in table.attrs["note"]
    with pytest.raises(MissingError, match="no statistics by 'year'"):
        lca.contribution(kept, by="year")
    with pytest.raises(MissingError, match="details were not kept"):
        lca.contribution(lca.monte_carlo(fleet(), draws=100, details=False, progress=False))


def test_parameters_count_the_terms_that_they_multiply() -> None:
    """On paper: 48 kg of energy and 20 kg of the card; the lifetime divides the 20 kg."""
    table = lca.contribution(lca.nominal(study()), by="parameter")
    sizes = {
        "run.energy": 48.0,
        "lab.pue": 48.0,
        "electricity/grid.intensity": 48.0,
        "card.embodied": 20.0,
        "card.lifetime": -20.0,
    }
    found = {name: table.loc[name, "nominal"] for name in sizes}
    assert found == pytest.approx(sizes, rel=1e-6)
    assert table.loc["total", "nominal"] == pytest.approx(68.0)
    nested = lca.contribution(lca.nominal(study(more=(trials,))), by=("stage", "parameter"))
    assert nested.loc[("development", "lab.pue"), "nominal"] == pytest.approx(4.8, rel=1e-6)
    assert nested.loc[("training", "lab.pue"), "share"] == pytest.approx(48 / 72.8, rel=1e-6)


def test_a_unit_is_that_of_a_summary(result: lca.Result) -> None:
    table = lca.contribution(result, by="stage", unit="g CO2e")
    assert table.loc["total", "mean"] == pytest.approx(1000 * float(result.data["total"].mean()))
    assert set(table["unit"]) == {"g CO2e"}


def test_of_nothing_there_is_no_share() -> None:
    table = lca.contribution(lca.nominal(study(intensity="0 kg CO2e/kWh", embodied="0 kg CO2e")), by="stage")
    assert table["share"].isna().all()
    assert "n/a: a share of 0 cannot be computed" in repr(table)


def test_what_cannot_be_divided_is_refused(result: lca.Result) -> None:
    with pytest.raises(MissingError, match="divided by 'stages'"):
        lca.contribution(result, by="stages")
    with pytest.raises(DomainError, match="named once"):
        lca.contribution(result, by=("stage", "stage"))
    with pytest.raises(DomainError, match="nothing can be nested"):
        lca.contribution(result, by=("parameter", "stage"))
    with pytest.raises(DomainError, match="cannot be nested in 'year'"):
        lca.contribution(result, by=("year", "parameter"))
    with pytest.raises(MissingError, match="without stages"):
        lca.contribution(lca.nominal(lca.parameter("x", "3 kg CO2e")))


def test_parts_need_the_study_and_random_draws(tmp_path: object) -> None:
    sobol = lca.monte_carlo(fleet(), draws=256, design="sobol", progress=False)
    with pytest.raises(DomainError, match="these are sobol"):
        lca.contribution(sobol, by="part")
    drawn = lca.monte_carlo(fleet(), draws=64, progress=False)
    loaded = lca.load(lca.save(drawn, f"{tmp_path}/r.lca"))
    assert lca.contribution(loaded, by="part").equals(lca.contribution(drawn, by="part"))
    loaded = replace(loaded, held=None)
    with pytest.raises(MissingError, match="evaluated again"):
        lca.contribution(loaded, by="part")
    table = lca.contribution(loaded, by=("stage", "device"))
    assert ("manufacturing", "board") in table.index
    assert np.isclose(table["share"].iloc[:-1].sum(), 1)


def test_spreads_of_the_example() -> None:
    """The share of the card falls with the energy: its interval is wider than 0, and within 0 and 1."""
    table = lca.contribution(lca.monte_carlo(study(**SPREAD), draws=500, progress=False), by="stage")
    low, high = table.loc["manufacturing", ["share_p5", "share_p95"]]
    assert 0 < low < table.loc["manufacturing", "share"] < high < 1
