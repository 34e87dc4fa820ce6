"""Greenhouse gases: which are counted, with which potentials, and how electricity is told (A4, A9)."""

from __future__ import annotations

import numpy as np

from ...checks import some
from ...graph.node import Node
from ...impact.views import MARKET
from ...inventory.deployment.deployment import Deployment
from ...study.consistency import gwp_bounds
from ...units.number_text import in_full
from .data import said_by_hand
from .subject import Subject
from .verdicts import Finding, does_not_apply, failed, not_stated, of_study, passed, stated


@of_study
def gwp(subject: Subject, of: str) -> Finding:
    """The potentials are those of one named set, the set of the study (A4)."""
    if not subject.grids:
        return not_stated("no electricity is taken; a published figure does not say its set")
    assert subject.study is not None
    wanted = subject.study.inputs.gwp
    if unknown := [name for name, grid in subject.grids.items() if grid.gwp_set == "unknown"]:
        return not_stated(f"unknown set: {some(unknown)}")
    if older := gwp_bounds(list(subject.grids.values()), wanted):
        return not_stated("; ".join(older))
    return said_by_hand(subject, f"electricity by {wanted}, over 100 years; hardware as its publishers state it")


@of_study
def gases(subject: Subject, of: str) -> Finding:
    """All greenhouse gases are counted, and not CO2 alone."""
    if not subject.grids:
        return does_not_apply("no electricity is taken")
    if alone := [name for name, grid in subject.grids.items() if grid.gases == "CO2"]:
        return failed(f"CO2 alone: {some(alone)}")
    return said_by_hand(subject, "; ".join(f"{name}: {grid.gases}" for name, grid in subject.grids.items()))


@of_study
def supply_chain(subject: Subject, of: str) -> Finding:
    """Electricity counts its fuel supply, its plants and the loss of the grid; `of` says what it is without."""
    if not subject.grids:
        return does_not_apply("no electricity is taken")
    if unknown := [name for name, grid in subject.grids.items() if grid.basis == "unknown"]:
        return not_stated(f"basis unknown: {some(unknown)}")
    if direct := [name for name, grid in subject.grids.items() if grid.basis == "direct"]:
        text = f"emissions of power stations alone: {some(direct)}"
        return failed(text) if of == "needed" else not_stated(text)
    apart = "" if of == "needed" else ", within the figures of electricity and not apart"
    return said_by_hand(subject, f"life cycle, with the loss of the grid{apart}: {some(list(subject.grids))}")


def both_views(subject: Subject, of: str) -> Finding:
    """What is bought by contract stands beside the grid of the place (A9)."""
    place = f"by place {subject.amount('total')}"
    if f"{MARKET}/total" in subject.model.outputs:
        return passed(f"{place}; by contract {subject.amount(f'{MARKET}/total')}")
    return not_stated(f"{place}; nothing is said of what is bought")


@of_study
def instruments(subject: Subject, of: str) -> Finding:
    """Each contract names its instrument, or is a residual mix."""
    if not subject.contracts:
        return does_not_apply("nothing is bought by contract")
    said = (f"{site}: {grid.instrument or 'the residual mix'}" for site, grid in subject.contracts.items())
    return stated("; ".join(said))


def offsets(subject: Subject, of: str) -> Finding:
    """No offset, credit or avoided emission is in the total: nothing in it is negative (A9)."""
    data = subject.at_nominal.data
    below = [name for name in subject.model.details if np.any(data[name].values < 0)]
    if below:
        return failed(f"negative: {some(below)}")
    return passed(
        f"no activity has a negative impact in any of {len(subject.model.stages)} stages; credits stand apart"
    )


@of_study
def use_profile(subject: Subject, of: str) -> Finding:
    """How long and how much what is made is used."""
    used = [one for one in subject.activities if isinstance(one, Deployment)]
    if not used:
        return does_not_apply("the use stage is not modelled")
    said = []
    for one in used:
        fields = {"period": one.period, "active": one.active, "load": one.load}
        given = ", ".join(f"{name} {_text(node)}" for name, node in fields.items() if node is not None)
        said.append(f"{one.name}: from {one.start}, {given}")
    return passed("; ".join(dict.fromkeys(said)))


def _text(node: Node) -> str:
    """A value of a field: its nominal value, and whether it has a spread."""
    one = node.parameter
    if node.dims:
        return f"by {', '.join(node.dim_names)}"
    if one is None:
        return "computed from other values"
    return f"{in_full(one.plain[0])} {one.unit}{', with a spread' * one.is_random}"
