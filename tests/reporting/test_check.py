"""`lca.check`: each clause turns with the study, and no text alone makes one pass (A10)."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas
import pytest
from clause_pairs import OTHER_VERDICTS, PAIRS, Thing, pair_of
from example_clauses import TOLD, drawn, grid, nano, of, published, rivals, robots, whole

import lca
from lca.reporting.clauses.rules import RULES
from lca.reporting.clauses.tables import standards
from lca.reporting.clauses.verdicts import OPEN, VERDICTS

CLAUSES = [(name, clause) for name, one in standards().items() for clause in one.clauses]


@cache
def checked(thing: lca.Study | lca.Result, name: str) -> pandas.DataFrame:
    return lca.check(thing, standards=[name])


def row(thing: lca.Study | lca.Result, rule: str, argument: str) -> dict[str, Any]:
    """The first clause of all standards that has a rule."""
    name, clause = next((name, one) for name, one in CLAUSES if (one.rule, one.of) == (rule, argument))
    found = checked(thing, name)
    return dict(found[(found["item"] == clause.item)].iloc[0])


@pytest.mark.parametrize(("rule", "argument", "thing", "verdict", "found"), OTHER_VERDICTS)
def test_other_verdicts_say_what_was_found(rule: str, argument: str, thing: Thing, verdict: str, found: str) -> None:
    looked = row(thing(), rule, argument)
    assert looked["verdict"] == verdict
    assert found in looked["found"]


@pytest.mark.parametrize(("rule", "argument"), dict.fromkeys((one.rule, one.of) for _, one in CLAUSES))
def test_each_clause_turns_with_the_study(rule: str, argument: str) -> None:
    """One study meets it, and another does not: a clause that cannot turn says nothing."""
    good, met, bad, unmet = pair_of(rule, argument)
    assert met != unmet
    found = row(good(), rule, argument)
    assert (found["verdict"], found["add"]) == (met, "") if met not in OPEN else met, found["found"]
    found = row(bad(), rule, argument)
    assert found["verdict"] == unmet, found["found"]
    assert found["add"] if unmet in OPEN else True
    assert found["found"]


def test_all_clauses_have_a_rule_and_all_rules_a_clause() -> None:
    used = {clause.rule for _, clause in CLAUSES}
    assert used == set(RULES)
    assert {rule for rule, _ in PAIRS} <= used


def test_a10_no_text_alone_makes_a_clause_pass() -> None:
    """With everything stated in words, and nothing else changed, no clause passes that did not pass before."""
    for silent in (drawn(whole()), rivals(), published()):
        study = silent if isinstance(silent, lca.Study) else whole()
        talking: lca.Study | lca.Result = study.replaced(about=TOLD)
        if isinstance(silent, lca.Result):
            talking = drawn(talking)
        before, after = lca.check(silent), lca.check(talking)
        became = after[(after["verdict"] == "passed") & (before["verdict"] != "passed")]
        assert became["item"].tolist() == []
        assert (after["verdict"] == "stated").sum() > (before["verdict"] == "stated").sum() + 10


def test_a10_words_in_the_place_of_sources_and_tags_do_not_pass() -> None:
    """Two studies of equal numbers: sources, statuses, regions and tags in words make none of its clauses pass."""
    forged = "US EPA eGRID, as I remember it [electricity/egrid_subregion_rates, MIT]"  # as a source of a row looks
    said = {"source": forged, "status": "measured"}
    silent = {"source": "", "status": ""}
    untold = {"gwp_set": "unknown", "basis": "unknown", "mix": "unknown", "averaging": "unknown", "region": "",
              "accounting": "unknown", "source": ""}  # fmt: skip
    few = lca.check(of(robots(on=nano(**silent), electricity=grid(**untold), **silent)))
    many = lca.check(of(robots(on=nano(**said), electricity=grid(source=forged), **said)))
    became = many[(many["verdict"] == "passed") & (few["verdict"] != "passed")]
    assert became["item"].tolist() == []
    verdicts = many.set_index("item")["verdict"]
    assert verdicts["Sources of the data."] == "stated"
    assert verdicts["Electricity: with fuel supply, plants and the loss of the grid."] == "stated"


def test_the_columns_are_those_that_a_report_shows() -> None:
    found = lca.check(drawn(whole()))
    assert list(found) == ["standard", "clause", "item", "verdict", "found", "add", "text"]
    assert set(found["verdict"]) <= set(VERDICTS)
    assert set(found["text"]) <= {"seen", "not seen"}
    assert (found["add"] != "").eq(found["verdict"].isin(OPEN)).all()
    assert found.map(lambda cell: isinstance(cell, str) and "\n" not in cell).all(axis=None)


def test_counts_failed_and_missing_are_those_of_the_rows() -> None:
    found = lca.check(of(robots(electricity=grid(year=2019))))
    assert found.counts.to_numpy().sum() == len(found)
    assert (
        found.counts.loc["ISO 14044", "failed"]
        == (found[found["standard"] == "ISO 14044"]["verdict"] == "failed").sum()
    )
    assert found.failed["found"].iloc[0] == "robots: electricity up to 5 years away"
    assert len(found.missing) == found["verdict"].isin(OPEN).sum()
    assert found.said.startswith(f"{len(found)} clauses: ")


def test_it_prints_in_groups_and_says_what_was_not_seen() -> None:
    found = lca.check(drawn(whole()), standards=["iso 14044"])
    text = str(found)
    assert text.startswith("a small study, ")
    assert "Text not seen; known from public summaries" in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 110
    assert "passed: computed or verified by the library" in text
    assert text.count("found: ") == len(found)
    html = found._repr_html_()
    assert html.startswith(f"<p>{found.said}</p>")
    assert "<table" in html
    assert str(found[["item"]]).splitlines()[0].strip() == "item"
    assert "<table" in found[["item"]]._repr_html_()
    assert str(found[found["verdict"] == "passed"]).startswith("a small study, 15 clauses: 15 passed, 0 stated")
    assert "ISO 9" in str(found.assign(standard="ISO 9"))


def test_a_csv_file_has_a_row_for_each_clause(tmp_path: Any) -> None:
    found = lca.check(whole(), standards=["ISO 14044"])
    found.to_csv(tmp_path / "check.csv", index=False)
    assert len((tmp_path / "check.csv").read_text(encoding="utf-8").splitlines()) == len(found) + 1


def test_an_unknown_standard_and_a_result_without_stages_are_refused() -> None:
    with pytest.raises(lca.errors.MissingError, match="there are no clauses of 'ISO 14001'") as raised:
        lca.check(whole(), standards=["ISO 14001"])
    assert "ISO 14044" in raised.value.fix
    with pytest.raises(lca.errors.MissingError, match="without stages"):
        lca.check(lca.nominal(lca.parameter("x", "1 kg CO2e")))
