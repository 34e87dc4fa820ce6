"""`lca.check` of every kind of result: nominal, summarised, of other designs, loaded, of scenarios, and of nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas
import pytest
from example_clauses import alone, drawn, grid, of, published, rivals, robots, told, training, whole, work

import lca


def of_scenarios() -> lca.Study:
    """Two rules, two places and two networks at a time."""
    there = {"dirty": "0.9 kg CO2e/kWh", "clean": "0.1 kg CO2e/kWh"}
    rules = {"reserved_time": "reserved_time", "whole_units": "whole_units"}
    return rivals().vary("rule", {"robots.allocation": rules}).vary("grid", {"the-grid.intensity": there})


def of_parts() -> lca.Study:
    run = training(energy=lca.labelled({"a": 90, "b": lca.Uniform(50, 60)}, "kWh", dim="model"))
    return of(run, parts=("model",))


def of_nothing() -> lca.Study:
    """A training that takes no energy: its total is 0."""
    site = lca.Site("desk", electricity=grid(), pue=1.0)
    return of(lca.Training("run", energy="0 kWh", at="wall", site=site, year=2023),
              excluded=lca.operation_only("a test"))  # fmt: skip


THINGS: dict[str, Callable[[], lca.Study | lca.Result]] = {
    "nominal": lambda: lca.nominal(whole()),
    "a summary": lambda: lca.monte_carlo(rivals(), draws=2_000, keep="summary", progress=False),
    "without details": lambda: lca.monte_carlo(whole(), draws=64, details=False, progress=False),
    "Sobol' points": lambda: lca.monte_carlo(whole(), draws=64, design="sobol", progress=False),
    "until": lambda: lca.monte_carlo(whole(), until="5 %", progress=False),
    "a Latin hypercube": lambda: lca.monte_carlo(whole(), draws=64, design="latin_hypercube", progress=False),
    "one label": lambda: drawn(rivals()).sel(network="a"),
    "scenarios": of_scenarios,
    "scenarios, drawn": lambda: lca.monte_carlo(of_scenarios(), draws=32, progress=False),
    "parts": of_parts,
    "nothing": of_nothing,
    "published": published,
    "without its study": lambda: alone(rivals()),
}


@pytest.mark.parametrize("name", THINGS)
def test_any_study_and_any_result_is_checked(name: str) -> None:
    found = lca.check(THINGS[name]())
    assert len(found) > 100
    text = found.astype(str).agg(" ".join, axis=1)
    assert not text.str.contains(r"\bnan\b|\binf\b|Traceback|<.* at 0x").any()
    assert not found["found"].str.contains("lca.graph").any()
    sums = found[found["item"] == "Activities add up to stages, and stages to the total."]
    assert sums["verdict"].tolist() == ["passed"]  # on whatever dims, in whatever order


def test_a_result_in_a_file_is_checked(tmp_path: Path) -> None:
    loaded = lca.load(lca.save(drawn(told()), tmp_path / "result.lca"))
    of_file, of_result = lca.check(loaded), lca.check(drawn(told()))
    assert of_file["found"].tolist() == of_result["found"].tolist()
    assert of_file["verdict"].tolist() == of_result["verdict"].tolist()
    assert of_file[of_file["clause"] == "4.2.3.6.2 h"]["verdict"].tolist() == ["passed"]


@pytest.mark.parametrize(
    ("name", "verdict", "found"),
    [
        ("Sobol' points", "not stated", "draws of the design sobol are made again by lca.rerun alone"),
        ("a summary", "passed", "the first 32 draws were made again with seed 0, and are the same"),
        ("nominal", "not stated", "no draws were made"),
    ],
)
def test_u2_draws_are_made_again_where_one_can(name: str, verdict: str, found: str) -> None:
    table = lca.check(THINGS[name](), standards=["ISO 14044"]).set_index("clause")
    assert table.loc["4.2.3.6.2 h", ["verdict", "found"]].tolist() == [verdict, found]


def test_amounts_are_those_of_the_result() -> None:
    """A11: a stage is the median with its interval, and of alternatives from the lowest median to the highest."""
    result = drawn(whole())
    row = lca.summary(result).loc["use"]
    found = lca.check(result, standards=["GHG Protocol"]).set_index("clause")["found"]
    numbers = [lca.units.number_text.significant(float(row[name])) for name in ("p50", "p5", "p95")]
    assert found["Scope 3, category 11"] == "{} kg CO2e (median; 5 to 95 %: {} to {})".format(*numbers)
    middles = lca.summary(drawn(rivals()))["p50"].xs("use", level="stage")
    low, high = (lca.units.number_text.significant(float(end)) for end in (middles.min(), middles.max()))
    found = lca.check(drawn(rivals()), standards=["GHG Protocol"]).set_index("clause")["found"]
    assert found["Scope 3, category 11"] == f"{low} to {high} kg CO2e (medians of 2 alternatives)"


def test_electricity_of_every_scenario_is_looked_at() -> None:
    """One name, and two years: the second is told apart by its scenario."""
    later = {"2019": grid(year=2019, region="there"), "2023": grid()}
    found = lca.check(of(robots()).vary("release", {"field.electricity": later}), standards=["ISO 14044"])
    rows = found.set_index("clause")["found"]
    assert rows["4.2.3.6.2 a"] == "robots: electricity up to 5 years away"
    assert rows["4.2.3.6.2 b"].startswith("the grid: there; the grid, as of scenario 2: here; stated by hand")


def test_each_run_of_a_ledger_passes() -> None:
    times = pandas.date_range("2026-03-02 09:00", periods=61, freq="min", tz="UTC")
    site = lca.Site("desk", electricity=grid(), pue=1.0)
    book = lca.ledger(lca.power_log(pandas.Series([200.0] * 61, index=times), at="wall"), name="semester", site=site)
    found = lca.check(of(book), standards=["SCI for AI"])
    runs = found[found["item"].str.startswith("Training over its entire duration")].iloc[0]
    assert (runs["verdict"], runs["found"]) == ("passed", "each run of its logs counts: semester")
    found = lca.check(of(work()), standards=["SCI for AI"])
    assert found[found["item"] == runs["item"]]["verdict"].tolist() == ["stated"]


def test_a_statement_is_found_by_its_words_however_they_are_written() -> None:
    study = whole(lca.About(limitations=["Land-use change is not covered."]))
    found: Any = lca.check(study, standards=["ISO 14067"])
    row = found[found["item"].str.startswith("Land use")].iloc[0]
    assert (row["verdict"], row["found"]) == ("stated", "Land-use change is not covered")
