"""Studies that meet a clause, and others that do not, for each rule of the clauses of standards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any, TypeAlias

from example_clauses import (
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
)  # fmt: skip

import lca
from lca.graph.guard import Guard
from lca.reporting.clauses.goal import OTHERS
from lca.study.small_study import small_study

Thing: TypeAlias = Callable[[], lca.Study | lca.Result]


@cache
def small() -> lca.Study:
    return small_study()


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
    total = result.data["total"]
    return replace(result, data=result.data.assign(total=total.copy(data=total.values * 1.000001)))


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
    ("functional_unit", ""): (whole, "passed", small, "stated"),
    ("quality", ""): (scored, "stated", rivals, "not stated"),
    ("paired", ""): (lambda: drawn(rivals()), "passed", rivals, "not stated"),
    ("stages", ""): (whole, "passed", lambda: changed(small(), excluded={}), "failed"),
    ("diagram", ""): (whole, "passed", lambda: alone(whole()), "not stated"),
    ("processes", ""): (whole, "passed", small, "not stated"),
    ("cut_off", ""): (
        lambda: replace(all_bounded(), held=whole()), "passed",
        lambda: replace(all_bounded(9999.0), held=whole()), "failed",
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
    ("tags", ""): (on_a_table, "passed", small, "not stated"),
    ("made_again", ""): (lambda: drawn(whole()), "passed", other_draws, "failed"),
    ("sources", ""): (published, "stated", small, "not stated"),
    ("laws", ""): (whole, "passed", broken_law, "failed"),
    ("sums", ""): (whole, "passed", doubled, "failed"),
    ("allocation", ""): (whole, "passed", lambda: of(robots(allocation="none")), "stated"),
    ("allocation_compared", ""): (two_rules, "passed", whole, "not stated"),
    ("charged_once", ""): (
        lambda: of_two_uses(NANO, nano(name="other")), "passed", lambda: of_two_uses(NANO, NANO), "not stated",
    ),
    ("recycling", ""): (whole, "passed", lambda: of(
        robots(on=nano(end_of_life=None)), excluded={"end_of_life": lca.outside_goal("not asked for")}), "stated"),
    ("contributions", ""): (whole, "passed", small, "does not apply"),
    ("completeness", ""): (whole, "passed", lambda: of(
        robots(), lca.Training("run", energy="9 kWh", at="wall", site=robots().site, year=2023)), "failed"),
    ("sensitivity", ""): (whole, "passed", small, "not stated"),
    ("uncertainty", ""): (lambda: drawn(whole()), "passed", lambda: drawn(small()), "failed"),
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
    ("use_profile", ""): (whole, "passed", small, "does not apply"),
    ("fuel", ""): (whole, "does not apply", published, "not stated"),
    ("electricity", ""): (on_a_table, "passed", whole, "not stated"),
    ("contract", ""): (bought, "passed", whole, "not stated"),
    ("capital_goods", ""): (lambda: of(robots(allocation="whole_units")), "passed", whole, "not stated"),
    ("training_apart", ""): (whole, "passed", small, "does not apply"),
    ("per_unit", ""): (whole, "passed", small, "not stated"),
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
        return whole, "passed", small, "stated"
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
    ("stages", "", small, "stated", "left out, use: outside the goal: we compare trainings"),
    ("completeness", "", small, "stated", "hardware is left out: outside the goal: we compare trainings"),
    ("cut_off", "", whole, "does not apply", "nothing is left out"),
    ("cut_off", "", small, "stated", "without an estimate: development, manufacturing, distribution, use"),
    ("cut_off", "", lambda: replace(all_bounded(), held=None), "stated", "the cut-off is not in the file"),
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
    ("time", "", small, "not stated", "year of the activity or of its electricity unknown: BERT"),
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
    ("supply_chain", "needed", small, "not stated", "basis unknown: grid"),
    ("gwp", "", small, "not stated", "unknown set: grid"),
    ("capital_goods", "", small, "does not apply", "no hardware is counted"),
    ("stage_amount", "use", lambda: changed(small(), excluded={}), "not stated", "nothing is said of this stage"),
    ("category", "water", lambda: counted("primary_energy"), "not stated", "lacking: the-grid.water"),
    ("uncertainty", "", whole, "not stated", "no draws were made"),
    ("processes", "", lambda: alone(whole()), "not stated", "the result comes without its study"),
]
