"""What a study is for and what it covers: functional unit, stages, exclusions (A6, ISO 14040 5.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from ..arguments import entry
from ..errors import KeyClashError, RecordError, SystemBoundaryError, UnitError
from ..expression.components import walk
from ..expression.label import Label
from ..expression.node import Node
from ..expression.record import Record, component, plain
from ..expression.value import Declared, check_domain, parameter
from ..inventory.activity import Activity
from ..tokenizer import parse_quantity
from ..units import COUNTS, parse_unit, powers_of, root, unit_text

#: What a functional unit may count: pieces, and time, length, mass and data as amounts.
AMOUNTS = (*COUNTS, "second", "meter", "kilogram", "byte")
_COUNT = Declared(("",), above=True)

#: The stages of the life cycle, in the order in which tables show them.
STAGES = ("development", "training", "manufacturing", "distribution", "use", "end_of_life")


def stage_label(stage: str) -> str:
    """A stage as text: "end of life"."""
    return stage.replace("_", " ")


@component
class FunctionalUnit(Record):
    """The service that is compared: what it is, how often it is rendered (`count`), how well (`quality`).

    `count` is a node such as `deployment.inferences` (its parts are summed), or a number with a unit of
    count: an amount above 0, neither a rate nor an impact. `quality` says what makes two alternatives the same
    function, such as an accuracy (A12).

    Raises `UnitError` for a count per time and for a mass of a gas, `DomainError` where it is not above 0.

    >>> FunctionalUnit("one training run", count="1 device").name
    'one training run'
    """

    _form: ClassVar[str] = 'lca.FunctionalUnit("one frame", count=robots.inferences)'

    count: Any = plain()
    quality: str = plain(default="")

    def __post_init__(self) -> None:
        super().__post_init__()
        where = f"{self.slug}.count"
        node = self.count if isinstance(self.count, Node) else parameter(where, self.count)
        if strange := {name for name, power in powers_of(node.unit).items() if power < 0 or name not in AMOUNTS}:
            raise UnitError(
                "a functional unit counts an amount",
                where=where,
                sides=[f"{unit_text(node.unit)}, with {', '.join(sorted(strange))}"],
                fix=f"no rate and no impact: a number, or an amount in {', '.join(AMOUNTS)}",
            )
        if node.parameter is not None:
            check_domain(node.parameter, _COUNT, where)
        self.__dict__["_given"]["count"] = node
        self._hold("count", node)


@dataclass(frozen=True)
class Exclusion:
    """A stage left out for a stated reason. Build it with `outside_goal` or `below_cut_off`."""

    _form: ClassVar[str] = 'lca.outside_goal("why")'

    reason: str
    upper: float | None = None  # kg CO2e
    upper_text: str = ""
    source: str = ""
    whole: float | None = None  # kg CO2e, of what is sunk: what charging all of it would add


@component
class Inputs(Record):
    """What one study states, without scenarios: its components, and what `Study` says of the rest."""

    activities: Sequence[Activity] = plain()
    functional_unit: FunctionalUnit = plain()
    parts: Sequence[str] = plain()
    alternatives: Sequence[str] = plain()
    excluded: Mapping[str, Exclusion] = plain()
    cut_off: tuple[float, float] = plain()
    gwp: str = plain()
    mixed: Sequence[str] = plain()
    categories: Sequence[str] = plain()
    selected: tuple[tuple[str, Any], ...] = plain(default=())
    scenarios: Mapping[str, tuple[Label, ...]] | None = plain(default=None)  # labels that are values side by side

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("parts", "alternatives", "mixed", "categories"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        object.__setattr__(self, "excluded", dict(self.excluded))
        self._check_activities()

    @cached_property
    def components(self) -> list[Record]:
        """All its components, parts before wholes, itself last."""
        return walk(self)

    def _check_activities(self) -> None:
        """Results are named after activities, so that no two share a name, of whatever kind they are (U1)."""
        known: dict[str, Activity] = {}
        for activity in self.activities:
            if activity.slug in known:
                raise KeyClashError(
                    f"two activities are named {activity.slug!r}",
                    sides=[repr(known[activity.slug]), repr(activity)],
                    fix="rename one; an activity that stands twice is written once",
                )
            known[activity.slug] = activity
        if not known:
            raise RecordError("a study has at least one activity", where=self.name, fix="Training, Deployment, ...")


@entry
def outside_goal(reason: str) -> Exclusion:
    """The stage does not belong to the question that the study asks; say why.

    >>> outside_goal("the workstation exists anyway").reason
    'outside the goal: the workstation exists anyway'
    """
    if not reason.strip():
        raise SystemBoundaryError("an exclusion needs a reason", fix='outside_goal("why")')
    return Exclusion(f"outside the goal: {reason}")


@entry
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
            "what is sunk has a name and a source", fix='sunk("ResNet-50 weights", whole="30 kg CO2e", source=...)'
        )
    return Exclusion(f"sunk: {what}, made before and for others", upper_text=whole, source=source, whole=mass)


@entry
def below_cut_off(upper: str, *, source: str) -> Exclusion:
    """The stage is smaller than the cut-off of the study: an upper estimate with its source.

    >>> below_cut_off("5 kg CO2e", source="transport of similar devices").upper
    5.0
    """
    mass = _mass(upper, "below_cut_off")
    if not source.strip():
        raise SystemBoundaryError("an upper estimate needs a source", fix="source=")
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
            fix=f'{where}(..., "5 kg CO2e", source=...)',
        )
    if not parsed.value > 0:
        raise SystemBoundaryError("an upper estimate is above zero", sides=[text], fix="estimate it from above")
    return parsed.value * factor
