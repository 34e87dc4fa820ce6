"""What standards ask of the assessment of AI systems: training apart from use, units, and all that runs beside."""

from __future__ import annotations

from ...inventory.deployment.deployment import Deployment
from ...inventory.training.development import Development
from ...inventory.training.ledger import Ledger
from ...inventory.training.training import Training
from .goal import mentioned
from .subject import Subject, names
from .verdicts import Finding, does_not_apply, failed, not_stated, of_study, passed, stated

#: What one unit of a service may be: outputs that a result can be divided by.
_UNITS = ("inference", "request", "token")
#: What the size of a training is told by.
_SIZES = ("parameters", "work", "amount")


def training_apart(subject: Subject, of: str) -> Finding:
    """Training and use stand apart."""
    if not {"training", "use"} <= set(subject.model.stages):
        return does_not_apply("the study has no training beside a use")
    return passed(f"training {subject.amount('training')}; use {subject.amount('use')}")


def per_unit(subject: Subject, of: str) -> Finding:
    """The result can be told for each unit of the service."""
    found = [one for one in _UNITS if f"per/{one}" in subject.model.outputs]
    if not found:
        return not_stated("no deployment says what it serves")
    return passed("served: " + "; ".join(subject.amount(f"per/{one}") for one in found))


@of_study
def size(subject: Subject, of: str) -> Finding:
    """The size of a training: its parameters, tokens or FLOP."""
    said = [
        f"{one.name}: {name} {node.short if node.parameter is None else node.parameter.describe()}"
        for one in subject.activities
        if isinstance(one, Training)
        for name in _SIZES
        if (node := getattr(one, name)) is not None
    ]
    return passed("; ".join(dict.fromkeys(said))) if said else mentioned(subject, of)


@of_study
def all_runs(subject: Subject, of: str) -> Finding:
    """Runs beside the last training count, too: those that failed, and those that were stopped."""
    if books := names(one for one in subject.activities if isinstance(one, Ledger)):
        return passed(f"each run of its logs counts: {', '.join(books)}")
    if others := names(one for one in subject.activities if isinstance(one, Development)):
        return stated(f"what they hold is as it was stated: {', '.join(others)}")
    return not_stated("the last training alone is counted")


@of_study
def beside(subject: Subject, of: str) -> Finding:
    """What runs beside the devices: a network, or what a statement names."""
    fleets = [one for one in subject.activities if isinstance(one, Deployment)]
    if not fleets:
        return does_not_apply("the use stage is not modelled")
    counted = names([*(one.network for one in fleets if one.network is not None), *fleets])
    if len(counted) > 1:
        return stated(f"counted: {', '.join(counted)}; that nothing else runs is not verified")
    return mentioned(subject, of)


def energy(subject: Subject, of: str) -> Finding:
    """The energy of each activity is known."""
    known = [name for name in subject.model.outputs if name.startswith("energy/")]
    unknown = set(subject.operated) - {name.split("/")[1] for name in known}
    if unknown:
        return failed(f"energy unknown: {', '.join(sorted(unknown))}")
    return passed("; ".join(f"{name.removeprefix('energy/')} {subject.amount(name)}" for name in known))
