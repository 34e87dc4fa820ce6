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


def outside_goal(reason: str) -> Exclusion:
    """The stage does not belong to the question that the study asks; say why.

    >>> outside_goal("the workstation exists anyway").reason
    'outside the goal: the workstation exists anyway'
    """
    if not reason.strip():
        raise SystemBoundaryError("an exclusion needs a reason", mend='outside_goal("why")')
    return Exclusion(f"outside the goal: {reason}")


def below_cut_off(upper: str, *, source: str) -> Exclusion:
    """The stage is smaller than the cut-off of the study: an upper estimate with its source.

    >>> below_cut_off("5 kg CO2e", source="transport of similar devices").upper
    5.0
    """
    parsed = parse_quantity(str(upper), "below_cut_off")
    factor, unit = parse_unit(parsed.unit)
    if unit != root("kg CO2e"):
        raise SystemBoundaryError(
            "an upper estimate is a mass of CO2e",
            sides=[unit_text(unit)],
            mend='below_cut_off("5 kg CO2e", source=...)',
        )
    if not parsed.value > 0:
        raise SystemBoundaryError("an upper estimate is above zero", sides=[upper], mend="estimate it from above")
    if not source.strip():
        raise SystemBoundaryError("an upper estimate needs a source", mend="source=")
    return Exclusion(f"below the cut-off: at most {upper}", parsed.value * factor, upper, source)
