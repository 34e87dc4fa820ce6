"""A11: one headline, the median with its 5 to 95 % interval, wherever a number leads; it is named as such."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from example_study import BEST, result, study

import lca
from lca.interpretation.value_names import value_name
from lca.units.number_text import significant


@pytest.fixture(scope="module")
def best() -> lca.Result:
    return result().sel(engine=BEST)


def said(draws: np.ndarray) -> str:
    middle, low, high = (significant(float(q)) for q in np.quantile(draws, [0.5, 0.05, 0.95]))
    return f"{middle} kg CO2e (median; 5 to 95 %: {low} to {high})"


def test_a11_print_report_and_summary_lead_with_the_same_median(best: lca.Result, tmp_path: Path) -> None:
    headline = said(best.data["total"].values)
    assert f"total {headline}>" in repr(best)
    page = lca.report(best, tmp_path, base=16).with_suffix(".md").read_text().replace("\N{NO-BREAK SPACE}", " ")
    middle, low, high = (f"{q / 1000:.1f}" for q in np.quantile(best.data["total"].values, [0.5, 0.05, 0.95]))
    assert f"**{middle} t CO2e** (median; 5 to 95 %: {low} to {high})" in page.splitlines()
    assert headline in best._repr_html_()
    table = lca.summary(best)
    assert list(table.columns)[:5] == ["p50", "p5", "p95", "mean", "nominal"]
    assert table.loc["total", "p50"] == np.median(best.data["total"])


def test_a11_median_mean_and_nominal_of_a_skewed_value_by_hand() -> None:
    """Lognormal of median 10 and gsd 2: nominal 10, mean 10 exp(ln(2)^2 / 2) = 12.7, 5 % at 10 / 2^1.645 = 3.20."""
    value = lca.parameter("x", lca.Lognormal("10 kg CO2e", gsd=2))
    row = lca.summary(lca.monte_carlo(value, draws=200_000, progress=False)).iloc[0]
    assert row["p50"] == pytest.approx(10, rel=0.01)
    assert row["p5"] == pytest.approx(10 / 2**1.6449, rel=0.01)
    assert row["mean"] == pytest.approx(10 * np.exp(np.log(2) ** 2 / 2), rel=0.01)
    assert row["nominal"] == 10


def test_a11_nominal_numbers_are_called_nominal() -> None:
    assert repr(lca.nominal(study().sel(engine=BEST))).endswith(" kg CO2e (nominal)>")
    first = lca.derivation(study(), f"total[engine={BEST}]").splitlines()[2]
    assert first.endswith(" kg CO2e (nominal)")
    exact = lca.derivation({"y": lca.parameter("x", "3 W at_wall") * 2}, "y")
    assert "(nominal)" not in exact, "without a spread there is one value"


def test_a12_a_comparison_has_ratios_draw_by_draw() -> None:
    """Energy x intensity: 20 over 10 kWh is a ratio of 2 in every draw; the errors of the grid cancel."""
    grid = lca.Electricity(intensity=lca.Lognormal("0.4 kg CO2e/kWh", gsd=1.3), at="facility", region="here", year=2024)
    site = lca.Site("desk", pue=1.0, electricity=grid)
    outside = dict.fromkeys(
        ("development", "use", "manufacturing", "distribution", "end_of_life"), lca.outside_goal("-")
    )
    run = lca.Training("run", energy="10 kWh", at="wall", site=site)
    unit = lca.FunctionalUnit("one run", count="1 device")
    one = lca.Study("s", run, functional_unit=unit, excluded=outside)
    drawn = lca.monte_carlo(one.vary("plan", {"run.energy": {"b": "20 kWh", "a": "10 kWh"}}), draws=500, progress=False)
    table = lca.compare(drawn, over="plan")
    assert table.index.tolist() == ["a", "b"]
    ratios = table[["ratio_p50", "ratio_p5", "ratio_p95"]]
    np.testing.assert_allclose(ratios.to_numpy(), [[1, 1, 1], [2, 2, 2]], rtol=1e-12)
    assert table.loc["b", "excess_p95"] > 1.2 * table.loc["b", "excess_p50"], "differences keep the spread of the grid"


def test_sobol_tornado_and_provenance_say_in_words_what_a_value_is(best: lca.Result) -> None:
    keys = {key: value_name(key, best.model.names) for key in lca.provenance(best)["words"].index}
    assert keys["jetson.embodied"] == "manufacturing of Jetson"
    assert keys["robots.idle_power"] == "idle power of robots"
    for table in (lca.provenance(best), lca.sobol(best, base=16), lca.tornado(best)):
        assert [keys[key] for key in table.index] == table["words"].tolist()
    grouped = lca.sobol(best, base=16, groups={"the.robots": ["robots.load", "jetson.embodied"]})
    assert grouped.loc["the.robots", "words"] == "the.robots", "the name of a group stays as it was given"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("electricity/US-RFCW/2019.intensity", "intensity of electricity US-RFCW 2019"),
        ("electricity/US-RFCW.between-sources", "difference between sources for electricity US-RFCW"),
        ("upstream/gas", "fuel supply and plants of electricity from gas"),
        ("upstream/gas.direct_intensity", "direct intensity of electricity from gas"),
        ("Google fleet/2024.pue", "PUE of Google fleet 2024"),
        ("end of life/electronics, mixed", "end of life of electronics, mixed"),
        ("robots-sockets.supply_efficiency", "supply efficiency of robots sockets"),
        ("hardware/class-consumer-gpu.mass", "mass of a typical consumer GPU"),
        ("hardware/workstation-tower.embodied", "manufacturing of workstation tower"),
        ("electricity/gcp:europe-west9.intensity", "intensity of electricity gcp:europe-west9"),
        (
            "electricity/eGRID-life-cycle.between-sources",
            "difference between sources for electricity eGRID, life cycle",
        ),
        ("my-own-key", "my-own-key"),
        ("x", "x"),
    ],
)
def test_words_of_keys(key: str, words: str) -> None:
    assert value_name(key) == words


@pytest.mark.parametrize(
    ("key", "name", "words"),
    [
        ("robots-sockets.pue", "robots' sockets", "PUE of robots' sockets"),
        ("hardware/class-edge-module.embodied", "Jetson", "manufacturing of Jetson (a typical edge module)"),
        (
            "electricity/US-RFCW/2019.share_gas",
            "US-RFCW 2019, 15213",
            "share of gas in electricity US-RFCW 2019, 15213",
        ),
        ("electricity/FR/2023.intensity", "our grid", "intensity of electricity our grid (FR 2023)"),
    ],
)
def test_a_value_is_named_after_what_people_call_its_component(key: str, name: str, words: str) -> None:
    assert value_name(key, {key.rpartition(".")[0]: name}) == words


def test_names_of_components_are_those_of_all_scenarios_and_of_a_saved_result(tmp_path: Path) -> None:
    """Two records of one class share draws and keys (U2): the words name both. A name that is a slug says no more."""
    first, second = (
        lca.Hardware.lookup("class-edge-module").replaced(name=name, distribution=None, end_of_life=None)
        for name in ("Jetson", "the spare one")
    )
    lab = lca.Site("lab", electricity=lca.Electricity("grid", intensity="1 kg CO2e/kWh", at="facility"), pue=1.0)
    each = {"energy": "1 kWh", "at": "wall", "duration": "1 h", "allocation": "reserved_time", "site": lab}
    runs = [lca.Training(f"run-{n}", on=device, **each) for n, device in enumerate((first, second))]
    outside = dict.fromkeys(("development", "use", "distribution", "end_of_life"), lca.outside_goal("-"))
    unit = lca.FunctionalUnit("one run", count="1 device")
    made = lca.Study("Two", runs[0], runs[1], functional_unit=unit, excluded=outside)
    words = "manufacturing of Jetson and the spare one (a typical edge module)"
    assert lca.tornado(made)["words"].to_dict()["hardware/class-edge-module.embodied"] == words
    assert "run-0" not in made.model.names
    result = lca.monte_carlo(made, draws=10, progress=False)
    loaded = lca.load(lca.save(result, tmp_path / "two.lca"))
    assert lca.provenance(loaded)["words"].tolist() == lca.provenance(result)["words"].tolist()
    alone = lca.Study("One", runs[0], functional_unit=unit, excluded=outside)
    changed = alone.vary("device", {"run-0.on": {"a": first, "b": second}})
    assert changed.model.names["jetson"] == "Jetson"
    assert changed.model.names["the-spare-one"] == "the spare one"


def test_the_demo_and_the_report_have_no_wordplay(best: lca.Result, tmp_path: Path) -> None:
    page = lca.report(best, tmp_path, base=16).with_suffix(".md").read_text()
    assert ".." not in page.replace("...", "")
    for phrase in ("are dims", "needs a value that is", "formula bends", "To bear in mind", "makes up"):
        assert phrase not in page
    assert "It does not cover choices of model or scenario; these are separate rows." in page
    assert re.search(
        r"a more certain value for the (manufacturing|load) of \w+: it is \w+, and its uncertainty causes ", page
    )
