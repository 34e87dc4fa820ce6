"""What a study is for and what it covers: functional unit, stages, exclusions (A6, ISO 14040 5.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import SystemBoundaryError
from ..expression.node import Node
from ..expression.record import Record, component, plain
from ..expression.value import parameter
from ..tokenizer import parse_quantity
from ..units import parse_unit, root, unit_text

#: The stages of the life cycle, in the order in which tables show them.
STAGES = ("development", "training", "manufacturing", "distribution", "use", "end_of_life")


def stage_label(stage: str) -> str:
    """A stage as text: "end of life"."""
    return stage.replace("_", " ")


@component
class FunctionalUnit(Record):
    """The service that is compared: what it is, how often it is rendered (`count`), how well (`quality`).

    `count` is a node such as `deployment.inferences` (its parts are summed), or a number with a unit of
    count. `quality` says what makes two alternatives the same function, such as an accuracy (A12).

    >>> FunctionalUnit("one training run", count="1 device").name
    'one training run'
    """

    count: Any = plain()
    quality: str = plain(default="")

    def __post_init__(self) -> None:
        if not isinstance(self.count, Node):
            node = parameter(f"{self.slug}.count", self.count)
            object.__setattr__(self, "count", node)
        super().__post_init__()


@dataclass(frozen=True)
class Exclusion:
    """A stage left out for a stated reason. Build it with `outside_goal` or `below_cut_off`."""

    reason: str
    upper: float | None = None  # kg CO2e
    upper_text: str = ""
    source: str = ""
    whole: float | None = None  # kg CO2e, of what is sunk: what charging all of it would add


def outside_goal(reason: str) -> Exclusion:
    """The stage does not belong to the question that the study asks; say why.

    >>> outside_goal("the workstation exists anyway").reason
    'outside the goal: the workstation exists anyway'
    """
    if not reason.strip():
        raise SystemBoundaryError("an exclusion needs a reason", mend='outside_goal("why")')
    return Exclusion(f"outside the goal: {reason}")


def sunk(what: str, *, whole: str, source: str) -> Exclusion:
    """Something made before and for others, which this study uses and does not pay for: pretrained weights, a data set.

    A named cut-off, not a small number: `whole` is what charging all of it would add, and reports show it. Its name
    in `excluded=` is free ("pretrained weights"), or a stage where that has nothing else.

    Raises `SystemBoundaryError` for a `whole` that is no mass of CO2e, or without a source.

    >>> sunk("ResNet-50 weights", whole="30 kg CO2e", source="model card").whole
    30.0
    """
    mass = _mass(whole, "sunk")
    if not what.strip() or not source.strip():
        raise SystemBoundaryError(
            "what is sunk has a name and a source", mend='sunk("ResNet-50 weights", whole="30 kg CO2e", source=...)'
        )
    return Exclusion(f"sunk: {what}, made before and for others", upper_text=whole, source=source, whole=mass)


def below_cut_off(upper: str, *, source: str) -> Exclusion:
    """The stage is smaller than the cut-off of the study: an upper estimate with its source.

    >>> below_cut_off("5 kg CO2e", source="transport of similar devices").upper
    5.0
    """
    mass = _mass(upper, "below_cut_off")
    if not source.strip():
        raise SystemBoundaryError("an upper estimate needs a source", mend="source=")
    return Exclusion(f"below the cut-off: at most {upper}", mass, upper, source)


def _mass(text: str, where: str) -> float:
    """A mass of CO2e above zero, in kg."""
    parsed = parse_quantity(str(text), where)
    factor, unit = parse_unit(parsed.unit)
    if unit != root("kg CO2e"):
        raise SystemBoundaryError(
            "an upper estimate is a mass of CO2e",
            where=where,
            sides=[unit_text(unit)],
            mend=f'{where}(..., "5 kg CO2e", source=...)',
        )
    if not parsed.value > 0:
        raise SystemBoundaryError("an upper estimate is above zero", sides=[text], mend="estimate it from above")
    return parsed.value * factor
