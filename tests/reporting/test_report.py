"""Reports: everything the law asks to be said is said (A4 to A12, U5, U8), on one page that needs nothing else."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pandas
import pytest
from example_study import BEST, grid, part, study
from report_pages import plain, small, written

import lca
from lca.graph.node import parameters
from lca.interpretation.table import significant
from lca.inventory.stages import stage_label
from lca.source_marks import unmarked

BASE = 64
LEVELS = ("p50", "p5", "p95", "mean")


@cache
def ten() -> lca.Result:
    return lca.monte_carlo(study(), draws=1_000, progress=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lca.report(ten(), tmp_path_factory.mktemp("out") / "superpoint", base=BASE).parent


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return plain(folder / "report.html")


@pytest.fixture(scope="module")
def twin(folder: Path) -> str:
    return plain(folder / "report.md")


# --- what it says ------------------------------------------------------------------------------------


def test_a10_every_value_is_in_the_page_in_its_twin_and_in_the_csv(folder: Path, page: str, twin: str) -> None:
    found = {node.parameter for node in parameters(study().model.outputs.values()) if node.parameter}
    values = pandas.read_csv(folder / "provenance.csv", index_col="key", keep_default_na=False)
    assert set(values.index) == {parameter.key for parameter in found}
    for parameter in found:
        for text in (page, twin):
            assert re.search(rf"{re.escape(parameter.key)}\b", text)
            assert unmarked(parameter.source) in text
        assert values.loc[parameter.key, "status"] == parameter.status
        assert values.loc[parameter.key, "source"] == unmarked(parameter.source)


def test_a6_every_exclusion_stands_with_its_reason_and_its_upper_estimate(tmp_path: Path) -> None:
    thing = small()
    texts = written(thing, tmp_path)
    mean = float(lca.monte_carlo(thing, draws=200, progress=False).data["total"].mean())
    for text in texts:
        for name, exclusion in thing.excluded.items():
            assert f"{stage_label(name)} excluded {exclusion.reason}" in text.replace(" | ", " ")
            assert exclusion.source in text
        assert f"2 g CO2e, {significant(100 * 0.002 / mean, 2)} % of the mean total" in text
        assert "1 % for a stage, 5 % for all together" in text


def test_a8_allocation_rules_are_named_and_explained(page: str, twin: str) -> None:
    for text in (page, twin):
        assert "reserved_time" in text
        assert "calendar time held over calendar lifetime" in text


def test_a4_every_tag_of_the_electricity_is_shown_and_the_gwp_set_bounded(page: str) -> None:
    rfcw = grid()
    for tag in ("basis", "mix", "averaging", "accounting", "gwp_set", "gases"):
        assert str(getattr(rfcw, tag)) in page
    share = 100 * (1 - 1067.679 / 1074.41)
    assert f"US-RFCW 2019 busbar 2019 CO2e direct production average location-based AR4 {share:.2f} what is not" in page


def test_a5_a_gap_of_years_shows_the_share_it_touches(page: str) -> None:
    best = lca.monte_carlo(study().sel(engine=BEST), draws=1_000, progress=False)
    share = float(lca.summary(best, by="activity").loc["use/robots", "share"])
    note = "robots in 2022-2026 uses electricity of 2019: up to 7 years apart; that is"
    assert f"{note} {significant(100 * share, 2)} % of the total" in page


def test_a9_a_climate_only_result_is_called_a_carbon_footprint(page: str, twin: str) -> None:
    for text in (page, twin):
        assert "climate change only, as CO2e: a carbon footprint, not a full environmental assessment" in text
        assert "attributional; offsets, avoided emissions and rebound are in no figure" in text
    assert not re.search(r"environmental(ly)? (impact|friendly)", page)


def test_a12_alternatives_without_a_stated_quality_are_questioned(page: str, tmp_path: Path) -> None:
    assert "Its quality not stated" in page
    assert "are these the same function (A12)?" in page
    unit = lca.FunctionalUnit("one run", count="1 device", quality="mAP of 0.62 on HPatches")
    assert "Its quality mAP of 0.62 on HPatches" in written(small(functional_unit=unit), tmp_path)[0]


def test_u5_nominal_and_mean_stand_side_by_side_with_their_gap(page: str, twin: str) -> None:
    table = lca.summary(lca.monte_carlo(study().sel(engine=BEST), draws=1_000, progress=False))
    for name, row in table.iterrows():
        gap = 100 * (row["mean"] / row["nominal"] - 1)
        columns = ("p50", "p5", "p95", "mean", "nominal")
        numbers = [significant(float(v)) for v in (*row[list(columns)], gap)]
        assert " ".join([str(name), *numbers]) in page
        assert " | ".join([str(name), *numbers]) in twin


def test_u8_what_an_interval_contains_and_what_not_is_said(page: str, twin: str) -> None:
    contents = ten().contents
    values = lca.provenance(study())
    fixed = int((values["spread"] == "none").sum())
    for text in (page, twin):
        assert contents in text
        assert f"{fixed} of the {len(values)} values are stated without a spread" in text
        assert "1,000 draws (random, seed 0)" in text


def test_a10_status_shares_and_the_weakest_value_of_every_stage(page: str) -> None:
    shares = lca.status_shares(study().sel(engine=BEST))
    values = lca.provenance(study())
    for status, share in shares["share"].items():
        own = values[values["status"] == status]
        counted = f"{len(own)} {int((own['spread'] != 'none').sum())}"
        assert f"{status} {counted} {significant(100 * float(share))}" in page
    assert shares.loc["assumed", "share"] < 1
    assert "default" not in set(values["status"])
    assert "default 0 0 0" not in page  # a status that no value has
    own = int((values["status"] == "assumed").sum())
    assert f"{own} of {len(values)} values are assumed: they cause" in page


def test_comparison_and_drivers_are_those_of_the_answers(page: str, twin: str) -> None:
    apart = [f"{what}_{q}" for what in ("excess", "ratio") for q in ("p50", "p5", "p95")]
    for name, row in lca.compare(ten(), over="engine").iterrows():
        cells = [significant(float(row[c]) * (100 if c == "best" else 1)) for c in (*LEVELS, "best", "expected_loss")]
        cells += ["yes" if row["among_best"] else "no", row["letters"], "kg CO2e"]
        differences = [*(significant(float(row[c])) for c in apart), "kg CO2e"]
        for one in (cells, differences):
            assert " ".join([str(name), *one]) in page
            assert " | ".join([str(name), *one]) in twin
    for per in ("total", "functional_unit"):
        for key, row in lca.sobol(study().sel(engine=BEST), per=per, base=BASE).iterrows():
            cells = [*(significant(100 * float(v)) for v in row.drop(["words", "rank"])), row["rank"]]
            assert " ".join([row["words"], str(key), *cells]) in page
            assert " | ".join([f"{row['words']} ({key})", *cells]) in twin


def test_derivations_of_the_smallest_alternative_are_whole(page: str, twin: str) -> None:
    for text in (re.sub(r" (?=[,:])", "", page), twin):
        for line in lca.derivation(study(), f"total[engine={BEST}]").splitlines():
            assert " ".join(line.split()) in text
        for slug in ("semester", "superpoint-backbones", "robots"):
            assert re.search(rf"{slug}: energy(\[engine=\w+\])? \[kWh at the facility\] = ", text)
        assert "functional units [inference] = " in text


def test_scenarios_are_compared_per_functional_unit_where_the_service_differs(tmp_path: Path) -> None:
    periods = {"robots.period": {years: f"{years} year" for years in (3, 5)}}
    grids = {"robots.electricity": {k: grid(k) for k in ("US-RFCW", "US-CAMX")}}
    varied = study().sel(engine=BEST).vary("years", periods).vary("grid", grids)
    result = lca.monte_carlo(varied, draws=300, progress=False)
    page, twin = written(result, tmp_path)
    smallest = lca.summary(result, per="functional_unit").xs("total", level="stage")["p50"].idxmin()
    assert smallest == ("US-CAMX", 5)
    for text in (page, twin):
        assert "It holds for the grid and years with the lowest emissions of all 4." in text
        assert "grid US-CAMX, years 5 emits the least, " in text
        assert "for one 120x392 frame through SuperPoint" in text
        assert "do not provide the functional unit the same number of times" in text
        assert "Compared over years" in text
        assert "Compared over grid" in text
    for key, row in lca.compare(result, over="grid", per="functional_unit", unit="mg CO2e").iterrows():
        assert " ".join([*map(str, key), significant(float(row["p50"]))]) in page


def test_versions_seed_and_the_way_to_run_again(folder: Path, page: str) -> None:
    for name, version in ten().versions.items():
        assert f"{name} {version}" in page
    assert 'lca.rerun("result.lca")' in page
    again, differences = lca.rerun(folder / "result.lca")
    assert differences["identical"].all()
    np.testing.assert_array_equal(again.data["total"], ten().data["total"])


def test_u5_a_nominal_result_has_a_report_without_intervals(tmp_path: Path) -> None:
    page, _ = written(lca.nominal(study().sel(engine=BEST)), tmp_path)
    assert "Nominal values only: there is no interval." in page
    assert "median;" not in page
    assert "Largest uncertainties" not in page
    assert not (tmp_path / "drivers.svg").exists()


def test_a_study_without_any_spread_has_no_drivers(tmp_path: Path) -> None:
    factor = lca.Electricity("grid", intensity="0.4 kg CO2e/kWh", at="facility")
    run = lca.Training("run", energy="5 kWh", at="wall", site=lca.Site("desk", electricity=factor, pue=1.0))
    page, _ = written(part(run, excluded={s: lca.outside_goal("old") for s in ("use", "manufacturing")}), tmp_path)
    assert "Largest uncertainties" not in page
    assert "2.00 kg CO2e (median; 5 to 95 %: 2.00 to 2.00)" in page
    assert "unknown basis of grid" in page  # A4: what is not said is listed
