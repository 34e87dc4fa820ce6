"""The first screen: one number that is named, and what it is, how sure, what drives it, what next."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from example_study import BEST, grid, home_site, part, study
from report_pages import small, written

import lca
from lca.interpretation.table import significant
from lca.reporting.words import rounded, spread_text


@cache
def ten() -> lca.Result:
    return lca.monte_carlo(study(), draws=1_000, progress=False)


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    return written(ten(), tmp_path_factory.mktemp("first"), base=64)


def test_a11_the_headline_is_one_named_statistic(texts: tuple[str, str]) -> None:
    """A11: the median with its 5 and 95 % quantiles, with the digits that their distance supports."""
    row = lca.summary(ten()).loc[(BEST, "total")]
    middle, low, high = (f"{float(row[name]) / 1000:.1f}" for name in ("p50", "p5", "p95"))
    for text in texts:
        assert f"{middle} t CO2e (median; 5 to 95 %: {low} to {high})" in text.replace("*", "")
        assert f"90 % of the simulated totals lie between {low} and {high} t CO2e." in text
    page = texts[0]
    before = page[: page.index("About this study")]
    assert re.findall(r"[\d.,]+ t CO2e \(median", before) == [f"{middle} t CO2e (median"]


def test_the_first_screen_says_what_it_is_and_what_drives_it(texts: tuple[str, str]) -> None:
    table = lca.summary(ten()).xs(BEST)
    shares = table["share"].drop("total").sort_values(ascending=False)
    large = [f"{name} {100 * float(share):.0f} %" for name, share in shares.items() if share >= 0.02]
    rest = [float(share) for share in shares if share < 0.02]
    first = large[0].replace(" ", " stage emits ", 1)
    said = ", ".join([f"The {first} of the mean total", *large[1:]])
    count = significant(float(ten().data["functional_unit"].median()) / 1e9, 2)
    units = f"{count} billion functional units ({study().functional_unit.name}) in 5 years"
    for text in texts:
        assert f"from development to end of life, for {units}. It holds for the engine with the lowest" in text
        assert "with the lowest emissions of all 10." in text
        assert f"{said} and the other {len(rest)} stages {100 * sum(rest):.0f} % together." in text


def test_a10_the_weakest_values_are_counted_with_the_spread_they_cause(texts: tuple[str, str]) -> None:
    """A10: how many values are assumed, and which share of the variance of the total is theirs alone."""
    values = lca.provenance(study())
    own = values.index[values["status"] == "assumed"]
    first = lca.sobol(study().sel(engine=BEST), base=64)["first"].clip(lower=0)
    share = 100 * float(first.reindex(own).sum())
    for text in texts:
        assert f"{len(own)} of {len(values)} values are assumed: they cause {share:.0f} % of this spread." in text


def test_a12_the_best_alternative_is_named_with_its_probability_and_the_next(texts: tuple[str, str]) -> None:
    """A12: the choice is that of the draws, and the differences are paired."""
    table = lca.compare(ten(), over="engine")
    assert table["best"].iloc[0] == 1
    last = table.iloc[-1]
    next_to = rounded(*(float(table[f"excess_{q}"].iloc[1]) / 1000 for q in ("p50", "p5", "p95")))
    most = rounded(*(float(last[f"excess_{q}"]) / 1000 for q in ("p50", "p5", "p95")))[0]
    for text in texts:
        best = f"{BEST} (backbone sp_resnet18, batch 2 and precision FP16)"
        assert f"Which engine{':' if text is texts[1] else ''} {best} emits the least in all 1,000 simulations." in text
        said = f"The second, with batch 1, emits {next_to[0]} t CO2e more than the first"
        assert f"{said} (median difference; 5 to 95 %: {next_to[1]} to {next_to[2]})." in text
        more = significant(100 * (float(last["ratio_p50"]) - 1), 2)
        assert f"The last emits {most} t CO2e more than the first (+{more} %)." in text
        assert "If all 10 do the job equally well, choose the one that emits least. Then find a more certain" in text


def test_what_to_find_out_is_the_largest_driver_with_its_status(texts: tuple[str, str]) -> None:
    drivers = lca.sobol(study().sel(engine=BEST), base=64)
    status = lca.provenance(study()).loc[drivers.index[0], "status"]
    known = {"declared": "it is declared", "assumed": "it is assumed", "dataset": "it comes from a data set"}[status]
    share = significant(100 * float(drivers["total"].iloc[0]), 2)
    said = f"{drivers['words'].iloc[0]}: {known}, and its uncertainty causes {share} % of the spread (variance)"
    for text in texts:
        assert said in text


def rivals(spread: float) -> lca.Result:
    """Two trainings of nearly the same energy, each with a spread of its own."""
    energy = {"a": lca.Normal(5, spread), "b": lca.Normal(5.01, spread)}
    run = lca.Training("run", energy=lca.labelled(energy, "kWh", dim="run"), at="wall", site=home_site(grid()))
    made = part(run, alternatives=("run",), excluded=lca.operation_only("the machines exist"))
    return lca.monte_carlo(made, draws=2_000, progress=False)


def test_a12_where_the_draws_do_not_decide_nothing_is_to_be_chosen(tmp_path: Path) -> None:
    """A12: two that are not told apart are both named."""
    page, _ = written(rivals(0.5), tmp_path)
    best = lca.compare(rivals(0.5), over="run")
    assert 0.5 < best["best"].iloc[0] < 0.6
    share = significant(100 * float(best["best"].iloc[0]), 2)
    assert f"The simulations do not decide: {best.index[0]} emits the least in {share} % of them." in page
    assert "These may be the best: " in page
    assert "choose the one" not in page.lower()


def test_one_alternative_alone_is_no_choice(tmp_path: Path) -> None:
    page, _ = written(ten().sel(engine=[BEST]), tmp_path)
    first = page[: page.index("About this study")]
    assert "from development to end of life, for " in first
    assert "lowest emissions" not in first
    assert "Which engine" not in first
    assert "Choose" not in first


def test_u5_nominal_values_have_no_interval_and_name_what_moves_most(tmp_path: Path) -> None:
    page, twin = written(lca.nominal(study().sel(engine=BEST)), tmp_path)
    nominal = float(lca.nominal(study().sel(engine=BEST)).data["total"])
    top = lca.provenance(study().sel(engine=BEST)).iloc[0]
    effect = significant(float(abs(top["effect"])))
    for text in (page, twin.replace("*", "")):
        assert f"{significant(nominal / 1000)} t CO2e (nominal)" in text
        assert "Nominal values only: there is no interval." in text
        assert "Nominal value of each stage" in text
        assert "median" not in text[: text.index("Standards Passed" if text is page else "## Standards")].replace(
            "median of the total", ""
        )
        assert f"Check the {top['words']}: the result changes by {effect} % when it changes by 1 %" in text


def test_a_part_of_the_life_cycle_is_not_called_the_whole(tmp_path: Path) -> None:
    page, _ = written(small(), tmp_path)
    assert "of training and manufacturing." in page
    assert "whole life cycle" not in page
    assert "Which" not in page[: page.index("About this study")]


@pytest.mark.parametrize(
    ("numbers", "printed"),
    [
        ((9.2134, 6.3144, 13.8912), ("9.2", "6.3", "13.9")),
        ((0.1523, 0.1112, 0.2449), ("0.152", "0.111", "0.245")),
        ((2.41, 0.139, 9.66), ("2.4", "0.14", "9.7")),  # two digits of a small end stay
        ((920.4, 631.2, 1389.0), ("920", "630", "1,390")),
        ((9.21234567, 9.21234561, 9.21234572), ("9.21235", "9.21235", "9.21235")),  # not more than six digits
        ((0.0, 0.0, 0.0), ("0", "0", "0")),
        ((-5.02, -9.3, -1.2), ("-5.0", "-9.3", "-1.2")),
        ((2.0,), ("2.00",)),
    ],
)
def test_a11_numbers_have_the_digits_that_their_spread_supports(
    numbers: tuple[float, ...], printed: tuple[str, ...]
) -> None:
    assert rounded(*numbers) == printed


@pytest.mark.parametrize(
    ("row", "printed"),
    [
        ({"p50": 9210.0, "p5": 6310.0, "p95": 13900.0}, "9.2 t CO2e (median; 5 to 95\N{NO-BREAK SPACE}%: 6.3 to 13.9)"),
        ({"p50": 0.5, "p5": 0.4, "p95": 0.7}, "500 g CO2e (median; 5 to 95\N{NO-BREAK SPACE}%: 400 to 700)"),
        ({"nominal": 12.0}, "12.0 kg CO2e (nominal)"),
        ({"nominal": 0.0}, "0 kg CO2e (nominal)"),
    ],
)
def test_a11_the_headline_has_the_unit_in_which_it_reads_best(row: dict[str, Any], printed: str) -> None:
    assert spread_text({**row, "unit": "kg CO2e"}) == printed


def test_u11_what_to_find_out_is_of_the_number_of_the_headline(tmp_path: Path) -> None:
    """Where the headline is one functional unit, so is the driver: the load moves both, and not alike."""
    periods = {"robots.period": {years: f"{years} year" for years in (3, 5)}}
    varied = study().sel(engine=BEST).vary("years", periods)
    page, _ = written(lca.monte_carlo(varied, draws=200, progress=False), tmp_path, base=64)
    best = lca.summary(lca.monte_carlo(varied, draws=200, progress=False), per="functional_unit")["p50"]
    years = int(best.xs("total", level="stage").idxmin())
    each = lca.sobol(varied.sel(years=years), per="functional_unit", base=64)
    whole = lca.sobol(varied.sel(years=years), base=64)
    share = significant(100 * float(each["total"].iloc[0]), 2)
    assert share != significant(100 * float(whole["total"].iloc[0]), 2)
    assert re.search(rf"for the {each['words'].iloc[0]}: it is \w+, and its uncertainty causes {share} %", page)
