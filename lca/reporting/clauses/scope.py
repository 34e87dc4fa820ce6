"""System boundary, cut-offs, allocation and completeness (A6 to A8)."""

from __future__ import annotations

import math

import numpy as np
import xarray

from ...checks import some
from ...impact.allocation import RULES
from ...impact.views import BURDENS, CREDIT
from ...inventory.stages import stage_label
from ...study.scope import Exclusion
from ...units.number_text import significant
from .subject import Subject, names
from .verdicts import Finding, does_not_apply, failed, not_stated, of_study, passed, stated

#: Where sums are equal up to rounding.
_ROUNDING = 1e-9


def stages(subject: Subject, of: str) -> Finding:
    """Every stage, or each of some, is modelled, or left out for a reason."""
    modelled, excluded, unsaid = subject.treated(*([tuple(of.split())] if of else []))
    if unsaid:
        return failed(f"neither modelled nor left out: {', '.join(unsaid)}")
    said = [f"modelled: {', '.join(modelled)}"] * bool(modelled)
    if not excluded:
        return passed(said[0])
    return stated("; ".join([*said, *(f"left out, {stage}: {reason}" for stage, reason in excluded.items())]))


def _bound(out: Exclusion, smallest: float) -> float:
    size = out.upper if out.upper is not None else out.whole
    return math.nan if size is None else size / smallest if smallest else math.inf


def cut_off(subject: Subject, of: str) -> Finding:
    """What is left out has an upper estimate, which is compared with the total."""
    excluded = subject.model.excluded
    if not excluded:
        return does_not_apply("nothing is left out")
    smallest = float(np.min(subject.at_nominal.data["total"].values))
    shares = {name: _bound(out, smallest) for name, out in excluded.items()}
    bounded = {name: share for name, share in shares.items() if not math.isnan(share)}
    texts = [f"{stage_label(name)} at most {significant(100 * share, 2)} %" for name, share in bounded.items()]
    if open_ones := [stage_label(name) for name in shares if name not in bounded]:
        return stated("; ".join([f"left out for a reason, without an estimate: {some(open_ones)}", *texts]))
    if subject.study is None:
        return stated(f"of the nominal total: {', '.join(texts)}; the cut-off is not in the file")
    each, together = subject.study.cut_off
    limits = f"cut-off {100 * each:g} % each, {100 * together:g} % together"
    cut = [bounded[name] for name, out in excluded.items() if out.upper is not None]
    if cut and (max(cut) > each or sum(cut) > together):
        return failed(f"of the nominal total: {', '.join(texts)}; {limits}")
    return passed(f"of the nominal total: {', '.join(texts)}; {limits}")


def completeness(subject: Subject, of: str) -> Finding:
    """Each activity brings its hardware, and each has its energy, unless hardware is outside the boundary."""
    if all(stage in subject.model.excluded for stage in BURDENS):
        return stated(f"hardware is left out: {subject.model.excluded['manufacturing'].reason}")
    bare = [who for who in subject.operated if who not in subject.equipped]
    unknown = [who for who in subject.operated if not any(
        name.split("/")[1] == who for name in subject.model.outputs if name.startswith("energy/")
    )]  # fmt: skip
    said = [f"without hardware: {some(bare)}"] * bool(bare) + [f"energy unknown: {some(unknown)}"] * bool(unknown)
    if said:
        return failed("; ".join(said))
    return passed(f"each has its energy and its hardware: {some(list(subject.operated))}")


def sums(subject: Subject, of: str) -> Finding:
    """Details add up to their stages, and stages to the total (A7); nothing negative is among them (A9)."""
    data = subject.at_nominal.data
    names = {stage: [one for one in subject.model.details if one.startswith(f"{stage}/")] for stage in data}
    wrong = []
    for stage in subject.model.stages:
        parts = [data[one].sum([dim for dim in data[one].dims if dim not in data[stage].dims]) for one in names[stage]]
        if not _same(sum(parts), data[stage]):
            wrong.append(stage_label(stage))
    if not _same(sum(data[stage] for stage in subject.model.stages), data["total"]):
        wrong.append("total")
    if wrong:
        return failed(f"not the sum of their parts: {', '.join(wrong)}")
    return passed(f"the impacts of activities add up to {some(subject.treated()[0])} and the total")


def _same(found: xarray.DataArray | int, whole: xarray.DataArray) -> bool:
    """Whether a sum is the whole, up to rounding, on its dims in whatever order."""
    return bool((abs(whole - found) <= _ROUNDING * abs(whole)).all())


@of_study
def charged_once(subject: Subject, of: str) -> Finding:
    """No device is charged whole to a first use and again to another (A7)."""
    assert subject.study is not None
    uses = [case.activities for case in subject.study._every]
    if not subject.machines:
        return does_not_apply("no hardware is charged")
    twice = {
        thing.name
        for activities in uses
        for one in activities
        for other in activities
        for thing in one.machines
        if one.allocation == "first_use" and other is not one and thing in other.machines and other.allocation != "none"
    }
    if twice:
        return not_stated(f"charged to a first use, and to others: {some(sorted(twice))}")
    return passed(f"no first use is charged beside another use: {some(list(subject.machines))}")


@of_study
def allocation(subject: Subject, of: str) -> Finding:
    """Each activity with hardware has a named rule (A8)."""
    if not subject.rules:
        return does_not_apply("no activity brings hardware")
    every = dict.fromkeys(rule for rules in subject.rules.values() for rule in rules)
    by_rule = {rule: [slug for slug, rules in subject.rules.items() if rule in rules] for rule in every}
    text = "; ".join(f"{some(slugs)} by {rule}: {RULES[rule].says}" for rule, slugs in by_rule.items())
    return stated(f"{text}; that nothing is charged is a choice") if "none" in by_rule else passed(text)


@of_study
def allocation_compared(subject: Subject, of: str) -> Finding:
    """Another rule was tried, as a scenario."""
    if not subject.rules:
        return does_not_apply("no activity brings hardware")
    varied = {slug: rules for slug, rules in subject.rules.items() if len(rules) > 1}
    if not varied:
        rules = '{"reserved_time": "reserved_time", "whole_units": "whole_units"}'
        return not_stated(
            "one rule alone", f'study.vary("rule", {{"{next(iter(subject.rules))}.allocation": {rules}}})'
        )
    return passed("; ".join(f"{slug} by {', '.join(rules)}" for slug, rules in varied.items()))


def recycling(subject: Subject, of: str) -> Finding:
    """How recycling is treated: cut off, with credits that stand apart (A9)."""
    if not subject.equipped:
        return does_not_apply("no hardware is counted")
    if "end_of_life" not in subject.model.stages:
        why = subject.model.excluded["end_of_life"].reason if "end_of_life" in subject.model.excluded else "no reason"
        return stated(f"end of life is left out: {why}")
    apart = f"; credits stand apart: {subject.amount(f'{CREDIT}/total')}" if CREDIT in subject.model.views else ""
    return passed(f"recycling is cut off: the treatment alone counts{apart}")


@of_study
def diagram(subject: Subject, of: str) -> Finding:
    """The diagram of the system boundary can be drawn."""
    parts = {"activities": names(subject.activities), "sites": names(site for _, site in subject.taken),
             "hardware": list(subject.machines), "left out": list(subject.model.excluded)}  # fmt: skip
    return passed(
        f"lca.boundary_diagram draws it: {'; '.join(f'{kind} {some(one)}' for kind, one in parts.items() if one)}"
    )


@of_study
def processes(subject: Subject, of: str) -> Finding:
    """Each activity says when and where it happens."""
    lacking = [f"{name}: no year" for name in names(one for one in subject.activities if not one.years)]
    placeless = names(one for one in subject.activities if one.site is None and one.impact is None)
    if lacking := [*lacking, *(f"{name}: no site" for name in placeless)]:
        return not_stated(some(lacking))
    years = sorted({year for one in subject.activities for year in one.years})
    span = " to ".join(dict.fromkeys(map(str, (years[0], years[-1]))))
    return passed(f"each with year and site, in {span}: {some(names(subject.activities))}")
