"""Scopes and categories of the GHG Protocol: what a company that reports finds of them in a study.

Whose electricity it is, the study does not know: the texts of the clauses say what decides it.
"""

from __future__ import annotations

from ...checks import some
from ...impact.views import BURDENS, MARKET
from ...inventory.stages import stage_label
from .subject import Subject, names
from .verdicts import Finding, does_not_apply, not_stated, of_study, passed, stated

#: Rules that charge all of a device when it is bought or made.
_WHOLE = ("whole_units", "first_use", "devices_made")


@of_study
def fuel(subject: Subject, of: str) -> Finding:
    """Nothing is burnt on site in a study of electricity and hardware."""
    if published := names(one for one in subject.activities if one.impact is not None):
        return not_stated(f"what the published CO2e holds is unknown: {some(published)}")
    return does_not_apply(f"electricity and hardware alone, and no fuel: {some(names(subject.activities))}")


@of_study
def electricity(subject: Subject, of: str) -> Finding:
    """The electricity of each activity, by the grid of the place, direct emissions alone."""
    if not subject.grids:
        return does_not_apply("no electricity is taken")
    taken = [name for name in subject.model.details if name.split("/")[0] not in BURDENS]
    amounts = "; ".join(f"{name.partition('/')[2]} {subject.amount(name)}" for name in taken)
    if wide := [name for name, grid in subject.grids.items() if grid.basis != "direct"]:
        return not_stated(f"not apart from fuel supply: {some(wide)}; with it: {amounts}")
    loss = [name for name, grid in subject.grids.items() if grid.boundary == "at_busbar"]
    return passed(amounts + (f"; with the loss of the grid, which is category 3: {some(loss)}" if loss else ""))


def contract(subject: Subject, of: str) -> Finding:
    """The total by contract."""
    if f"{MARKET}/total" not in subject.model.outputs:
        return not_stated("nothing is said of what is bought")
    stages = [name for name in subject.model.stages if f"{MARKET}/{name}" in subject.model.outputs]
    return passed("; ".join(f"{stage_label(name)} {subject.amount(f'{MARKET}/{name}')}" for name in stages))


def stage_amount(subject: Subject, of: str) -> Finding:
    """One stage as an amount, or why it is left out."""
    if of in subject.model.stages:
        return passed(subject.amount(of))
    if of in subject.model.excluded:
        return stated(f"left out: {subject.model.excluded[of].reason}")
    return not_stated("nothing is said of this stage")


@of_study
def capital_goods(subject: Subject, of: str) -> Finding:
    """Devices that are bought count whole, in the year in which they are bought."""
    if not subject.rules:
        return does_not_apply("no hardware is counted")
    if spread := [f"{name} by {rule}" for name, rules in subject.rules.items() for rule in rules if rule not in _WHOLE]:
        return not_stated(f"a share of their life is charged: {some(spread)}")
    return passed(subject.amount("manufacturing"))
