"""The tables behind estimates: rates, published runs, and whether their spread covers runs that were left out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas
import pytest

from lca import tables

DATA = next(place for place in tables.PLACES if place.is_dir())
BUILD = Path(__file__).parents[2] / "data" / "build"
sys.path.insert(0, str(BUILD))
try:
    import estimate_spreads as spreads
finally:
    sys.path.remove(str(BUILD))


@pytest.fixture(scope="module")
def runs() -> pandas.DataFrame:
    return tables.read("estimates", "published_runs")


@pytest.mark.parametrize("table", ["published_runs", "peak_rates", "sensor_pairs"])
def test_a_table_is_made_again_with_the_same_bytes(table: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, BUILD / f"{table}.py", BUILD / "transcriptions", tmp_path], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    made = (tmp_path / "estimates" / f"{table}.csv").read_bytes()
    assert made == (DATA / "estimates" / f"{table}.csv").read_bytes()


def test_figures_known_from_elsewhere(runs: pandas.DataFrame) -> None:
    """LLaMA 65B: the paper states 380 tokens/s of each device. PaLM: its table 21 has 2,527.2e21 FLOP."""
    at = runs.set_index("run")["value"]
    assert at["LLaMA 65B"] == pytest.approx(6 * 65.2e9 * 380 / 312e12, rel=0.01)
    assert at["T5 11B"] == pytest.approx(0.37, abs=0.005)
    assert at["Switch Transformer 1500B"] == pytest.approx(0.28, abs=0.005)
    assert at["PaLM 540B"] == pytest.approx(2527.2e21 / (8_404_992 * 3600 * 275e12), rel=0.01)
    assert at["transformer 6B, part of it"] == pytest.approx(13_812.4e3 / (256 * 192) / 400, rel=1e-3)
    assert at["Olmo 3 32B"] == pytest.approx(649 / 700, rel=1e-3)


def test_rates_fit_one_another_and_the_catalogue() -> None:
    """16-bit numbers run twice as fast as tf32 on the same units, fp8 twice as fast again."""
    rates = tables.read("estimates", "peak_rates")
    wide = rates.pivot(index="hardware", columns="precision", values="rate")
    for fast, slow in (("16-bit", "tf32"), ("fp8", "16-bit")):
        ratio = (wide[fast] / wide[slow]).dropna()
        assert len(ratio) > 4
        assert ratio.between(1.9, 2.1).all()
    assert (wide["16-bit"] > wide["fp32"]).where(wide["fp32"].notna()).dropna().all()
    assert set(rates["hardware"]) <= set(tables.read("hardware", "accelerators")["hardware"])
    assert wide.loc["v100-sxm2-32gb", "16-bit"] == 125


def test_the_spread_is_learnt_from_the_published_runs(runs: pandas.DataFrame) -> None:
    """By hand for the load: the mean over groups of the mean logit, and each group's spread about it."""
    for row in tables.rows("estimates", "spreads"):
        if row["doing"] == "training":
            groups = spreads.trainings(DATA, row.text("quantity"))
            made = spreads.fit(groups)
            assert (made.groups, sum(map(len, groups.values()))) == (row["groups"], row["runs"])
            assert [made.center, made.width] == pytest.approx([row["center"], row["width"]], rel=1e-3)
            ends = [made.quantile(u) for u in (0.05, 0.5, 0.95)]
            assert ends == pytest.approx([row["low"], row["median"], row["high"]], rel=1e-3)
            assert max(x for values in groups.values() for x in values) == row["highest"]
    assert set(runs["quantity"]) == {"utilisation", "load"}


def test_u4_intervals_cover_the_runs_of_groups_that_were_left_out() -> None:
    """Nominal 90 %: 87 % of 15 groups for the utilisation, a standard error of 8 %; all of 5 groups for the load."""
    shares = {name: spreads.coverage(spreads.trainings(DATA, name)) for name in ("utilisation", "load")}
    assert shares["utilisation"] == pytest.approx(0.872, abs=0.001)
    assert shares["load"] == 1.0
    for row in tables.rows("estimates", "spreads"):
        stated = float(row.text("source").rpartition("hold ")[2].partition("%")[0]) / 100
        assert 0.85 <= stated <= 1
        if row["doing"] == "training":
            assert stated == pytest.approx(shares[row.text("quantity")], abs=0.005)


def test_the_coverage_of_a_known_spread_is_what_it_says() -> None:
    """Groups of one draw each from a logistic-normal law: 90 % within 3 standard errors; a narrow fit would not do."""
    import numpy as np

    rng = np.random.default_rng(4)
    covered = []
    for _ in range(60):
        draws = 1 / (1 + np.exp(-rng.normal(-0.5, 0.7, 12)))
        covered.append(spreads.coverage({str(n): [float(x)] for n, x in enumerate(draws)}))
    error = np.sqrt(0.9 * 0.1 / (60 * 12))
    assert np.mean(covered) == pytest.approx(0.9, abs=3 * error)
    assert spreads.fit({"a": [0.5], "b": [0.5], "c": [0.5]}).quantile(0.9) == pytest.approx(0.5)


def test_a_run_counts_once_for_its_group() -> None:
    """Ten copies of a run in its group change neither centre nor width."""
    base = {"a": [0.2], "b": [0.4], "c": [0.3]}
    assert spreads.fit(base | {"a": [0.2] * 10}) == pytest.approx(spreads.fit(base))


def test_the_page_has_the_figures_of_the_table() -> None:
    page = (Path(__file__).parents[2] / "docs" / "estimates.md").read_text(encoding="utf-8")
    told = {
        tuple(cells[:2]): cells[2:]
        for line in page.splitlines()
        if line.startswith(("| utilisation |", "| load |"))
        and len(cells := [cell.strip() for cell in line.split("|")[1:-1]]) == 9
    }
    assert len(told) == 4
    for row in tables.rows("estimates", "spreads"):
        groups, runs, *shares, coverage = told[row.text("quantity"), row.text("doing")]
        assert (int(groups), int(runs)) == (row["groups"], row["runs"])
        found = [row.number(name) for name in ("low", "median", "high", "highest")]
        assert [float(share) for share in shares] == pytest.approx(found, rel=0.003)
        assert f"hold {coverage.replace(' ', '')}" in row.text("source")
