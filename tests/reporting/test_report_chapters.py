"""Chapters of a report: who and why, how it is cited, data quality, scenarios, what changed, and where values lead."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from example_study import BEST, grid, study
from report_pages import DAY, Page, small, written

import lca
from lca.errors import DomainError, RecordError
from lca.interpretation.table import significant
from lca.reporting.environment import address
from lca.study.small_study import small_study

STATED: dict[str, Any] = {
    "authors": ["Ada Lovelace (University of Examples)", "R&D of Babbage_Ltd"],
    "commissioner": "the city of London",
    "date": "1843-10-18",
    "version": "2.1",
    "licence": "CC-BY-4.0",
    "link": "https://doi.org/10.5281/zenodo.1234567",
    "reason": "to choose a card",
    "audience": "the lab",
    "comparative": True,
    "limitations": ["The engine was never built."],
    "value_choices": ["No weighting."],
    "conclusions": ["The first program is the smallest."],
    "review": "by a panel of three",
}


def told(about: lca.About | None = None) -> lca.Result:
    """A nominal result of a small study with what people state."""
    made = small_study()
    return lca.nominal(made if about is None else made.replaced(about=about))


@cache
def best() -> lca.Result:
    return lca.monte_carlo(study().sel(engine=BEST), draws=400, progress=False)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of the page of one alternative."""
    folder = tmp_path_factory.mktemp("best")
    written(best(), folder)
    return (folder / "report.html").read_text(encoding="utf-8")


def test_what_people_state_is_shown_as_it_is(tmp_path: Path) -> None:
    """ISO 14044, 4.2 and 5.2: who, for whom, why, and with which limits."""
    for text in written(told(lca.About(**STATED)), tmp_path):
        assert "Ada Lovelace (University of Examples) · R&D of Babbage_Ltd · 18 October 1843 · Version 2.1" in text
        for head, said in {
            "Commissioned by": "the city of London", "Reason": "to choose a card", "Audience": "the lab",
            "Comparative assertion": "yes: a comparison that is told to the public",
            "Critical review": "by a panel of three",
        }.items():  # fmt: skip
            assert re.search(rf"{head}:? {re.escape(said)}", text), head
        for said in ("The engine was never built.", "No weighting.", "The first program is the smallest."):
            assert said in text
        assert "Limitations, as stated" in text
        assert "Not stated: intended use." in text


def test_a_study_that_states_nothing_says_so_and_when_the_page_was_written(tmp_path: Path) -> None:
    for text in written(told(), tmp_path, date="2031-02-03"):
        assert re.search(r"Written on:? 3 February 2031", text)
        assert "Not stated: authors, commissioned by, version, licence, address" in text
        assert "Authors not stated (2031). training." in text


def test_a_report_is_cited_in_words_and_as_bibtex(tmp_path: Path) -> None:
    written(told(lca.About(**STATED)), tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    version = told().versions["lca"]
    plain = "Ada Lovelace (University of Examples) and R&amp;D of Babbage_Ltd (1843). training. Version 2.1. "
    assert f"{plain}Computed with lca {version}." in page
    assert '<a href="https://doi.org/10.5281/zenodo.1234567">' in page
    entry = (tmp_path / "report.md").read_text(encoding="utf-8")
    entry = entry[entry.index("@misc{") :].split("\n\n")[0]
    assert "\n".join(line.removeprefix("    ") for line in entry.splitlines()) == "\n".join(
        [
            "@misc{lovelace1843,",
            "  author = {{Ada Lovelace (University of Examples)} and {R\\&D of Babbage\\_Ltd}},",
            "  title = {{training}},",
            "  year = {1843},",
            "  month = {10},",
            "  version = {2.1},",
            "  url = {https://doi.org/10.5281/zenodo.1234567},",
            f"  note = {{Computed with lca {version}}}",
            "}",
        ]
    )


def test_a_day_is_a_day(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="2026-13-01"):
        lca.report(told(), tmp_path / "out", date="2026-13-01")
    assert not (tmp_path / "out").exists()


def test_a_pdf_is_printed_by_a_browser(tmp_path: Path) -> None:
    with pytest.raises(DomainError, match="print it to PDF"):
        lca.report(told(), tmp_path / "report.pdf")
    assert list(tmp_path.iterdir()) == []


def test_a10_every_row_of_drivers_and_derivations_leads_to_its_value(page: str) -> None:
    """A10: from any number there is a way to its source: each key has a row, and what names it leads there."""
    rows = dict(re.findall(r'<tr id="(value-\d+)"><th scope="row">.*?<small>(.*?)</small>', page))
    keys = {name: key.replace("<wbr>", "") for name, key in rows.items()}
    assert set(keys.values()) == set(map(str, lca.provenance(best()).index))
    drivers = page[page.index('id="drivers"') : page.index('id="scenarios"')]
    led = re.findall(r'<a href="#(value-\d+)">[^<]*(?:<wbr>[^<]*)*</a><small>(.*?)</small>', drivers)
    assert {key.replace("<wbr>", "") for _, key in led} == {str(one) for one in lca.sobol(best(), base=16).index}
    assert all(keys[name] == key.replace("<wbr>", "") for name, key in led)
    derivation = page[page.index('id="derivation"') : page.index('id="credits"')]
    named = re.findall(r'<a href="#(value-\d+)">(.*?)</a>', derivation)
    assert len(named) > 20
    assert all(keys[row].endswith(name.partition("[")[0]) for row, name in named)


def test_every_internal_link_has_its_target_and_every_row_a_head(page: str) -> None:
    read = Page(page)
    inside = {value[1:] for _, _, value in read.loads if value.startswith("#")}
    assert inside
    assert inside <= set(read.ids)
    assert len(read.ids) == len(set(read.ids))
    assert page.count("<tr") == page.count('<th scope="row">') + page.count("<thead><tr>")
    assert page.count("<figure") == page.count("<figcaption")
    assert page.count('class="scroll for-page"') == page.count(
        'class="scroll for-page" role="region" tabindex="0" aria-label="'
    )


def test_sources_with_an_address_are_links(tmp_path: Path) -> None:
    found = lca.Electricity.lookup("FRA", 2023)
    run = lca.Training(
        "run", energy="5 kWh", at="wall", year=2023, site=lca.Site("desk", electricity=found, pue=1.0),
        source="a log, doi 10.1000/182.", status="declared",
    )  # fmt: skip
    thing = lca.Study(
        "one", run, functional_unit=lca.FunctionalUnit("one run", count=1), excluded=lca.operation_only("they exist")
    )
    written(lca.nominal(thing), tmp_path)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert '<a href="https://doi.org/10.1000/182">10.1000/182</a>.' in text
    assert re.search(r'<small><a href="https://ember[^"]*">Ember, ', text)
    assert "](https://ember" in (tmp_path / "report.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("see https://a.org/b_(c), and", "https://a.org/b_(c"),
        ("arXiv:2112.11446, table 1", "https://arxiv.org/abs/2112.11446"),
        ("doi: 10.1088/1748-9326/7/4/045802.", "https://doi.org/10.1088/1748-9326/7/4/045802"),
        ("10.5 to 10.7 of 2019/2020", None),
    ],
)
def test_addresses_are_found_in_texts(text: str, href: str | None) -> None:
    from lca.reporting.environment import _ADDRESS

    found = _ADDRESS.search(text)
    assert (address(found) if found else None) == href


def test_a_long_table_shows_ten_rows_first(page: str) -> None:
    many = len(lca.provenance(best()))
    shown, folded = page[page.index('id="values"') : page.index('id="derivation"')].split("<details>")
    assert shown.count('<tr id="value-') == 10
    assert f"All {many} rows: the other {many - 10}</summary>" in folded
    assert folded.count('<tr id="value-') == many - 10


def test_a_pedigree_is_shown_with_its_scores(tmp_path: Path) -> None:
    gsd = lca.pedigree((2, 1, 3, 1, 5), basic=0.0006)
    card = lca.Hardware("card", embodied=lca.Lognormal("36 kg CO2e", gsd=gsd), lifetime="5 year")
    run = small_study().activities[0].replaced(on=card, allocation="reserved_time", duration="20 h")
    why = lca.outside_goal("only its making is asked for")
    stages = ("development", "distribution", "use", "end_of_life")
    left = dict.fromkeys((*stages, "card.distribution", "card.end_of_life"), why)
    made = small_study().replaced(activities=(run,), excluded=left)
    for text in written(lca.nominal(made), tmp_path):
        assert "Pedigree scores" in text
        assert "2,1,3,1,5" in text


def test_a13_what_is_missing_is_listed_under_completeness(tmp_path: Path) -> None:
    thing = small(categories=("climate_change", "water"))
    for text in written(thing, tmp_path):
        assert "No factor is known for water, so that it has no total: " in text
        assert "distribution: outside the goal: nothing is shipped" in text


@pytest.fixture(scope="module")
def scenarios() -> lca.Result:
    periods = {"robots.period": {years: f"{years} year" for years in (3, 5)}}
    grids = {"robots.electricity": {k: grid(k) for k in ("US-RFCW", "US-CAMX")}}
    varied = study().sel(engine=[BEST, study().model.outputs["total"].dims[0].labels[1]])
    return lca.monte_carlo(varied.vary("years", periods).vary("grid", grids), draws=200, progress=False)


def test_scenarios_are_a_heat_map_of_the_best(scenarios: lca.Result, tmp_path: Path) -> None:
    for text in written(scenarios, tmp_path):
        assert "Which engine is the smallest at each pair of grid and years" in text
        assert "Which engine, grid and years" in text or "Which grid, years and engine" in text
    svg = (tmp_path / "scenarios.svg").read_text(encoding="utf-8")
    assert "US-CAMX" in svg


def test_two_dims_of_scenarios_are_a_heat_map_of_medians(scenarios: lca.Result, tmp_path: Path) -> None:
    page, _ = written(scenarios.sel(engine=BEST), tmp_path)
    assert "The median at each pair of " in page


def test_what_changed_since_an_older_result(tmp_path: Path) -> None:
    """The waterfall is that of `lca.difference`, at the alternative that is shown."""
    older = study().replace({"robots.devices": 120})
    before = lca.monte_carlo(older, draws=200, progress=False)
    now = lca.monte_carlo(study(), draws=200, progress=False)
    found = lca.difference(before.sel(engine=BEST), now.sel(engine=BEST))
    saved = lca.save(before, tmp_path / "older.lca")
    for name, one in {"drawn": before, "file": saved}.items():
        for text in written(now, tmp_path / name, before=one):
            assert "What changed" in text
            assert f"For engine {BEST}" in text
            moved = significant(float(found.table.loc["robots.devices", "moves"]))
            assert re.search(rf"robots\.devices \|? ?number of devices of robots .*?{re.escape(moved)}", text)
        assert (tmp_path / name / "changes.svg").exists()


def test_the_same_day_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        written(told(), tmp_path / name, date=DAY)
    names = sorted(path.name for path in (tmp_path / "a").iterdir() if path.suffix != ".lca")  # which says when
    assert {"report.html", "report.md", "stages.svg", "provenance.csv"} <= set(names)
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name
    one, two = (lca.verify(tmp_path / folder / "result.lca") for folder in "ab")
    assert one.attrs["note"].split(";")[0] == two.attrs["note"].split(";")[0], "the same but for the time of saving"
