"""`lca.check`: each clause turns with the study, and no text alone makes one pass (A10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

import pytest
from example_clauses import (
    TOLD,
    alone,
    asserting,
    bought,
    counted,
    drawn,
    grid,
    nano,
    of,
    published,
    rivals,
    robots,
    told,
    training,
    whole,
)

import lca
from lca.graph.guard import Guard
from lca.reporting.clauses.goal import OTHERS
from lca.reporting.clauses.rules import RULES
from lca.reporting.clauses.tables import standards
from lca.reporting.clauses.verdicts import OPEN, VERDICTS
from lca.study.small_study import small_study

Thing: TypeAlias = Callable[[], lca.Study | lca.Result]
CLAUSES = [(name, clause) for name, one in standards().items() for clause in one.clauses]


def row(thing: lca.Study | lca.Result, rule: str, argument: str) -> dict[str, Any]:
    """The first clause of all standards that has a rule."""
    name, clause = next((name, one) for name, one in CLAUSES if (one.rule, one.of) == (rule, argument))
    found = lca.check(thing, standards=[name])
    return dict(found[(found["item"] == clause.item)].iloc[0])


def changed(study: lca.Study, **fields: Any) -> lca.Result:
    """A result whose model was changed behind the back of the library."""
    result = lca.nominal(study)
    return replace(result, model=replace(result.model, **fields))


def doubled() -> lca.Result:
    outputs = dict(whole().model.outputs)
    return changed(whole(), outputs={**outputs, "total": outputs["total"] * 2})


def broken_law() -> lca.Result:
    """A law that holds at nominal values and not in every draw."""
    model = whole().model
    said = {"value": 1, "limits": "", "fix": ""}
    most = 1.01 * float(model.nominals["total"])
    law = Guard(model.outputs["total"], "total", "number_outside", high=most, values=said)
    return changed(whole(), guards=(*model.guards, law))


def offset() -> lca.Result:
    outputs = dict(whole().model.outputs)
    return changed(whole(), outputs={**outputs, "use/robots": outputs["use/robots"] * -1})


def by_flops() -> lca.Study:
    run = lca.Training.from_flops("run", parameters=7e9, tokens="2e12 token", accelerator="a100-sxm4-80gb",
                                  devices=64, beyond="not counted",
                                  site=robots().site, year=2023)  # fmt: skip
    return of(run)


def networked() -> lca.Study:
    access = lca.Network("access", "0.03 kWh/GB", at="wall", site=robots().site, source="a study")
    return of(robots(network=access, traffic="10 kB/inference"))


def other_draws() -> lca.Result:
    result = lca.monte_carlo(whole(), draws=64, progress=False)
    return replace(result, data=result.data.assign(total=result.data["total"] * 1.000001))


def on_a_table(place: str = "US-RFCW") -> lca.Study:
    return of(robots(electricity=lca.Electricity.lookup(place, 2021, basis="direct")))


def bounded(upper: str = "1 g CO2e") -> lca.Study:
    """Its distribution is left out, below the cut-off."""
    return of(robots(on=nano(distribution=None)), work_left_out(), excluded={
        "distribution": lca.below_cut_off(upper, source="similar machines")})  # fmt: skip


def work_left_out() -> lca.Training:
    return training(nano(name="card", distribution=None))


def all_bounded(upper: float = 0.001) -> lca.Result:
    """Each stage that is left out has an estimate; then one of them grows."""
    use, small = robots(), lca.below_cut_off("1 g CO2e", source="similar work")
    study = lca.Study("small", use, functional_unit=lca.FunctionalUnit("one frame", count=use.inferences),
                      excluded={"development": small, "training": small})  # fmt: skip
    excluded = {name: replace(one, upper=upper) for name, one in study.model.excluded.items()}
    return replace(lca.nominal(study), model=replace(study.model, excluded=excluded))


def of_two_uses(first: lca.Hardware, second: lca.Hardware) -> lca.Study:
    return of(training(first, allocation="first_use"), robots(on=second))


def scored() -> lca.Study:
    found = lca.labelled({"a": 0.6, "b": 0.7}, dim="network")
    return rivals(quality=lca.Score("accuracy", found, better="higher", source="a test"))


def two_rules() -> lca.Study:
    rules = {"reserved_time": "reserved_time", "whole_units": "whole_units"}
    return whole().vary("rule", {"robots.allocation": rules})


NANO, SILENT = nano(), lca.About()
#: For each rule and its argument: a study with its verdict, and another of which the verdict is not the same.
PAIRS: dict[tuple[str, str], tuple[Thing, str, Thing, str]] = {
    ("comparative", ""): (told, "stated", whole, "not stated"),
    ("review", ""): (told, "stated", whole, "not stated"),
    ("panel", ""): (lambda: asserting(whole()), "stated", lambda: asserting(whole(), review="none"), "failed"),
    ("broad_enough", ""): (told, "does not apply", lambda: asserting(whole()), "failed"),
    ("functional_unit", ""): (whole, "passed", small_study, "stated"),
    ("quality", ""): (scored, "stated", rivals, "not stated"),
    ("paired", ""): (lambda: drawn(rivals()), "passed", rivals, "not stated"),
    ("stages", ""): (whole, "passed", lambda: changed(small_study(), excluded={}), "failed"),
    ("diagram", ""): (whole, "passed", lambda: alone(whole()), "not stated"),
    ("processes", ""): (whole, "passed", small_study, "not stated"),
    ("cut_off", ""): (
        lambda: replace(all_bounded(), study=whole()), "passed",
        lambda: replace(all_bounded(9999.0), study=whole()), "failed",
    ),
    ("categories", ""): (lambda: counted(*OTHERS), "passed", whole, "not stated"),
    ("time", ""): (whole, "passed", lambda: of(robots(electricity=grid(year=2019))), "failed"),
    ("place", ""): (on_a_table, "passed", lambda: of(robots(electricity=grid(region=""))), "not stated"),
    ("technology", ""): (
        lambda: of(robots(on=lca.Hardware.lookup("gpu-card-ecodiag"))), "passed", whole, "not stated",
    ),
    ("precision", ""): (published, "passed", whole, "not stated"),
    ("pedigree", ""): (
        lambda: of(robots(on=nano(embodied=lca.Lognormal("36 kg CO2e", gsd=lca.pedigree((2, 1, 1, 1, 5), basic=0.1))))),
        "stated", whole, "not stated",
    ),
    ("measured", ""): (
        lambda: of(training(energy=lca.Meter("plug", at="wall", accuracy="2 %").read("90 kWh"), at=None)), "stated",
        whole, "not stated",
    ),
    ("tags", ""): (on_a_table, "passed", small_study, "not stated"),
    ("made_again", ""): (lambda: drawn(whole()), "passed", other_draws, "failed"),
    ("sources", ""): (published, "stated", small_study, "not stated"),
    ("laws", ""): (whole, "passed", broken_law, "failed"),
    ("sums", ""): (whole, "passed", doubled, "failed"),
    ("allocation", ""): (whole, "passed", lambda: of(robots(allocation="none")), "stated"),
    ("allocation_compared", ""): (two_rules, "passed", whole, "not stated"),
    ("charged_once", ""): (
        lambda: of_two_uses(NANO, nano(name="other")), "passed", lambda: of_two_uses(NANO, NANO), "not stated",
    ),
    ("recycling", ""): (whole, "passed", lambda: of(
        robots(on=nano(end_of_life=None)), excluded={"end_of_life": lca.outside_goal("not asked for")}), "stated"),
    ("contributions", ""): (whole, "passed", small_study, "does not apply"),
    ("completeness", ""): (whole, "passed", lambda: of(
        robots(), lca.Training("run", energy="9 kWh", at="wall", site=robots().site, year=2023)), "failed"),
    ("sensitivity", ""): (whole, "passed", small_study, "not stated"),
    ("uncertainty", ""): (lambda: drawn(whole()), "passed", lambda: drawn(small_study()), "failed"),
    ("assumptions", ""): (published, "stated", whole, "not stated"),
    ("category", "water"): (lambda: counted(*OTHERS), "passed", whole, "not stated"),
    ("category", "abiotic_depletion"): (lambda: counted(*OTHERS), "passed", lambda: counted("water"), "not stated"),
    ("gwp", ""): (whole, "stated", lambda: of(robots(electricity=grid(gwp_set="AR4"))), "not stated"),
    ("gases", ""): (on_a_table, "passed", lambda: of(robots(electricity=grid(intensity="0.4 kg CO2/kWh"))), "failed"),
    ("supply_chain", "needed"): (whole, "stated", on_a_table, "failed"),
    ("supply_chain", "listed"): (whole, "stated", on_a_table, "not stated"),
    ("both_views", ""): (bought, "passed", whole, "not stated"),
    ("instruments", ""): (bought, "stated", whole, "does not apply"),
    ("offsets", ""): (whole, "passed", offset, "failed"),
    ("use_profile", ""): (whole, "passed", small_study, "does not apply"),
    ("fuel", ""): (whole, "does not apply", published, "not stated"),
    ("electricity", ""): (on_a_table, "passed", whole, "not stated"),
    ("contract", ""): (bought, "passed", whole, "not stated"),
    ("capital_goods", ""): (lambda: of(robots(allocation="whole_units")), "passed", whole, "not stated"),
    ("training_apart", ""): (whole, "passed", small_study, "does not apply"),
    ("per_unit", ""): (whole, "passed", small_study, "not stated"),
    ("size", "parameters|training tokens|flop"): (by_flops, "passed", whole, "not stated"),
    ("all_runs", ""): (whole, "stated", lambda: of(training()), "not stated"),
    ("beside", "orchestration|storage|monitoring|client|network|all that runs"): (
        networked, "stated", whole, "not stated",
    ),
    ("energy", ""): (whole, "passed", published, "failed"),
}  # fmt: skip


def pair_of(rule: str, argument: str) -> tuple[Thing, str, Thing, str]:
    """The pair of a rule; what people state is met where it is stated, and not where nothing is."""
    if (rule, argument) in PAIRS:
        return PAIRS[rule, argument]
    if rule in ("stages", "stage_amount"):
        return whole, "passed", small_study, "stated"
    assert rule in ("about", "mentioned"), f"a clause without a pair of studies: {rule} {argument}"
    return told, "stated", whole, "not stated"


def of_two_bases() -> lca.Study:
    """Two sites whose electricity is of two bases, which is said."""
    desk = lca.Site("desk", electricity=grid(name="direct", basis="direct"), pue=1.0)
    return of(robots(), training(site=desk), mixed=("basis",))


def of_no_energy() -> lca.Study:
    site = lca.Site("desk", electricity=grid(), pue=1.0)
    none = {"energy": "0 kWh", "at": "wall", "site": site, "year": 2023}
    why = lca.operation_only("a test")
    return of(lca.Training("run", **none), lca.Development("work", **none), excluded=why)


def of_a_table_alone() -> lca.Study:
    return of(lca.Training("leak", impact=lca.characterization_factor("CH4", "AR6") * lca.quantity(5, "kg CH4")))


def of_a_doubled_stage() -> lca.Result:
    outputs = dict(whole().model.outputs)
    return changed(whole(), outputs={**outputs, "use": outputs["use"] * 2})


def of_two_places() -> lca.Study:
    """Its second scenario has old electricity, of CO2 alone, of power stations alone."""
    old = grid(name="old grid", year=2012, basis="direct", gwp_set="AR4", region="", mix="unknown", other_gases=0.1)
    return of(robots()).vary("place", {"field.electricity": {"here": grid(), "there": old}})


#: Verdicts of a rule beside the two of its pair, with what is found.
OTHER_VERDICTS: list[tuple[str, str, Thing, str, str]] = [
    ("stages", "", small_study, "stated", "left out, use: outside the goal: we compare trainings"),
    ("completeness", "", small_study, "stated", "hardware is left out: outside the goal: we compare trainings"),
    ("cut_off", "", whole, "does not apply", "nothing is left out"),
    ("cut_off", "", small_study, "stated", "without an estimate: development, manufacturing, distribution, use"),
    ("cut_off", "", lambda: replace(all_bounded(), study=None), "stated", "the cut-off is not in the file"),
    ("sums", "", of_a_doubled_stage, "failed", "not the sum of their parts: use, total"),
    (
        "laws",
        "",
        lambda: of(robots(on=nano(max_power=None))),
        "not stated",
        "no power is compared with what its device",
    ),
    ("tags", "", of_two_bases, "stated", "accepted as different: basis"),
    ("tags", "", whole, "stated", "stated by hand: the grid"),
    ("tags", "", of_two_places, "not stated", "unknown: mix of old grid"),
    ("time", "", of_two_places, "failed", "robots: electricity up to 12 years away"),
    ("place", "", of_two_places, "not stated", "without a region: old grid"),
    ("gwp", "", of_two_places, "not stated", "old-grid arrives as CO2e with AR4"),
    ("supply_chain", "needed", of_two_places, "failed", "emissions of power stations alone: old grid"),
    ("allocation", "", two_rules, "passed", "robots by whole_units: whole devices"),
    ("time", "", small_study, "not stated", "year of the activity or of its electricity unknown: BERT"),
    ("place", "", whole, "stated", "the grid: here; stated by hand: the grid"),
    ("technology", "", lambda: of(robots(on=nano(status="declared"))), "stated", "figures stated by hand: nano"),
    ("technology", "", published, "does not apply", "no hardware is counted"),
    ("sources", "", of_a_table_alone, "passed", "1 of 1 values were read from checked tables"),
    ("contributions", "", of_no_energy, "failed", "the total is 0"),
    (
        "categories",
        "",
        lambda: counted("water"),
        "not stated",
        "without a total: primary energy, lacking: the-grid.primary",
    ),
    (
        "broad_enough",
        "",
        lambda: asserting(counted(*OTHERS)),
        "passed",
        "climate change, water, primary energy, abiotic depletion",
    ),
    ("panel", "", told, "does not apply", "the study does not support a comparative assertion"),
    ("panel", "", whole, "not stated", "it is not said whether"),
    ("review", "", lambda: asserting(whole(), review="None."), "stated", "there was none"),
    ("quality", "", lambda: rivals(quality="mAP of 0.6"), "stated", "mAP of 0.6"),
    ("quality", "", whole, "does not apply", "the study compares nothing"),
    ("supply_chain", "needed", small_study, "not stated", "basis unknown: grid"),
    ("gwp", "", small_study, "not stated", "unknown set: grid"),
    ("capital_goods", "", small_study, "does not apply", "no hardware is counted"),
    ("stage_amount", "use", lambda: changed(small_study(), excluded={}), "not stated", "nothing is said of this stage"),
    ("category", "water", lambda: counted("primary_energy"), "not stated", "lacking: the-grid.water"),
    ("uncertainty", "", whole, "not stated", "no draws were made"),
    ("processes", "", lambda: alone(whole()), "not stated", "the result comes without its study"),
]


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
    for silent in (whole(), drawn(whole()), rivals(), small_study(), published()):
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
    assert found.counts.sum(axis=None) == len(found)
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
