"""What a study is for and what it covers: functional unit, stages, exclusions (A6, ISO 14040 5.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from ..arguments import entry
from ..characterization.gwp import check_gwp_set
from ..distributions.correlations import Correlations
from ..errors import AccountingError, KeyClashError, RecordError, SystemBoundaryError, UnitError
from ..graph.fields import Declared, check_domain, parameter, resolve
from ..graph.labels import Choice, Label
from ..graph.node import Node
from ..impact.views import BURDENS
from ..inventory.activity import Activity
from ..inventory.stages import STAGES
from ..records.components import walk
from ..records.record import Record, Value, component, plain
from ..sampling.evaluate import nominal_values
from ..units.registry import COUNTS, powers_of
from ..units.text import unit_text
from .about import About
from .score import Score

#: What a functional unit may count: pieces, and time, length, mass and data as amounts.
AMOUNTS = (*COUNTS, "second", "meter", "kilogram", "byte")
_COUNT = Declared(("",), above=True)
_MASS = Declared(("kg CO2e",), above=True)


@component
class FunctionalUnit(Record):
    """The service that is compared: what it is, how much of it the study provides, and how well.

    Parameters
    ----------
    name : str
        The service in words: "one 120x392 frame through SuperPoint".
    count : Node, or text with a unit
        How often the study provides it, above 0, such as `deployment.inferences`, or `deployment.requests / 1000` for
        a thousand requests (parts are summed). It is an amount: a count, a time, a length, a mass or data; neither a
        rate nor an impact.
    quality : str or Score
        What makes two alternatives the same function, such as an accuracy (A12): in words, or as a score of each.

    Raises
    ------
    UnitError
        If the count is per time, or a mass of a gas.
    DomainError
        If the count is not above 0.

    Examples
    --------
    >>> FunctionalUnit("one training run", count="1 device").name
    'one training run'
    """

    _form: ClassVar[str] = 'lca.FunctionalUnit("one frame", count=robots.inferences)'

    count: Value = plain(example="robots.inferences, or 1 for one training")
    quality: str | Score = plain(default="")

    def __post_init__(self) -> None:
        super().__post_init__()
        where = f"{self.slug}.count"
        node = self.count if isinstance(self.count, Node) else parameter(where, self.count)
        if strange := sorted(name for name, power in powers_of(node.unit).items() if power < 0 or name not in AMOUNTS):
            given = f"{unit_text(node.unit)}, with {', '.join(strange)}"
            raise UnitError.of("functional_unit_not_an_amount", where, [given], amounts=", ".join(AMOUNTS))
        if node.parameter is not None:
            check_domain(node.parameter, _COUNT, where)
        self.__dict__["_given"]["count"] = node
        self._hold("count", node)


@dataclass(frozen=True)
class Exclusion:
    """A stage left out for a stated reason. Build it with `outside_goal`, `below_cut_off` or `operation_only`."""

    _form: ClassVar[str] = 'lca.outside_goal("why")'

    reason: str
    upper: float | None = None  # kg CO2e
    upper_text: str = ""
    source: str = ""
    whole: float | None = None  # kg CO2e, of what is sunk: what charging all of it would add
    where_absent: bool = False  # it gives way to an activity of its stage


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
    correlations: object = plain(default=None)
    about: About = plain(default=About())
    selected: tuple[tuple[str, Choice], ...] = plain(default=())
    scenarios: Mapping[str, tuple[Label, ...]] | None = plain(default=None)  # labels that are values side by side

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("parts", "alternatives", "mixed", "categories"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        object.__setattr__(self, "excluded", dict(self.excluded))
        object.__setattr__(self, "correlations", Correlations.of(self.correlations))
        check_gwp_set(self.gwp, f"{self.name}: gwp=")
        known: dict[str, Activity] = {}
        for activity in self.activities:  # results are named after them: no two share a name, of whatever kind (U1)
            if other := known.get(activity.slug):
                raise KeyClashError.of("activity_name_twice", "", [repr(other), repr(activity)], name=activity.slug)
            known[activity.slug] = activity
        if not known:
            raise RecordError.of("study_without_activities", self.name)
        self._check_count()

    def _check_count(self) -> None:
        """How often a study provides what a deployment serves is said by the deployment, and never twice (A12)."""
        stated = self.functional_unit.given("count")
        served = [node for activity in self.activities for node in activity.counts.values() if node.unit == stated.unit]
        if served and stated.parameter is not None:
            sides = [f"stated: {stated.parameter.describe()}", *(f"served: {node.short}" for node in served)]
            where = f"{self.functional_unit.slug}.count"
            raise AccountingError.of("functional_unit_stated_and_served", where, sides, served=served[0].short)

    @cached_property
    def components(self) -> list[Record]:
        """All its components, parts before wholes, itself last."""
        return walk(self)


@entry
def outside_goal(reason: str) -> Exclusion:
    """Exclude a stage that does not belong to the question of the study.

    Parameters
    ----------
    reason : str
        Why it does not belong.

    Returns
    -------
    Exclusion
        A value for `excluded=` of `Study`.

    Raises
    ------
    SystemBoundaryError
        If the reason is blank.

    Examples
    --------
    >>> outside_goal("the workstation exists anyway").reason
    'outside the goal: the workstation exists anyway'
    """
    _check_words("outside_goal", reason=reason)
    return Exclusion(f"outside the goal: {reason}")


@entry
def operation_only(reason: str) -> dict[str, Exclusion]:
    """The exclusions of a study of operation alone, by stage; say why.

    Hardware is not modelled: its manufacturing, distribution and end of life. Development, training and use are
    excluded as far as the study has no activity of theirs. `{**operation_only("why"), ...}` says more.

    Parameters
    ----------
    reason : str
        Why the question of the study ends with operation.

    Returns
    -------
    dict of str to Exclusion
        An exclusion for each stage of the life cycle, for `Study(excluded=)`.

    Raises
    ------
    SystemBoundaryError
        For a blank reason. The study raises it for an activity that brings hardware along.

    >>> operation_only("the machines exist anyway")["manufacturing"].reason
    'operation only: the machines exist anyway'
    """
    _check_words("operation_only", reason=reason)
    said = f"operation only: {reason}"
    return {stage: Exclusion(said, where_absent=stage not in BURDENS) for stage in STAGES}


@entry
def sunk(what: str, *, whole: str, source: str) -> Exclusion:
    """Exclude what was made before and for others: pretrained weights, a data set.

    It is a named cut-off. Reports show what charging all of it would add. In `excluded=` it has a name of its own
    ("pretrained weights"), or that of a stage to which nothing else belongs.

    Parameters
    ----------
    what : str
        What it is.
    whole : str
        The mass of CO2e of making all of it.
    source : str
        Where that mass comes from.

    Returns
    -------
    Exclusion
        A value for `excluded=` of `Study`.

    Raises
    ------
    SystemBoundaryError
        If `what` or `source` is blank.
    UnitError
        If `whole` is not a mass of CO2e.
    DomainError
        If `whole` is not above 0.

    Examples
    --------
    >>> sunk("ResNet-50 weights", whole="30 kg CO2e", source="model card").whole
    30.0
    """
    _check_words("sunk", what=what, source=source)
    mass = _mass(whole, "sunk(whole=)")
    return Exclusion(f"sunk: {what}, made before and for others", upper_text=whole, source=source, whole=mass)


@entry
def below_cut_off(upper: str, *, source: str) -> Exclusion:
    """Exclude a stage that is smaller than the cut-off of the study (ISO 14044, 4.2.3.3).

    Parameters
    ----------
    upper : str
        An upper estimate of the stage, a mass of CO2e.
    source : str
        Where the estimate comes from.

    Returns
    -------
    Exclusion
        A value for `excluded=` of `Study`.

    Raises
    ------
    SystemBoundaryError
        If the source is blank.
    UnitError
        If the estimate is not a mass of CO2e.
    DomainError
        If the estimate is not above 0.

    Examples
    --------
    >>> below_cut_off("5 kg CO2e", source="transport of similar devices").upper
    5.0
    """
    _check_words("below_cut_off", source=source)
    return Exclusion(f"below the cut-off: at most {upper}", _mass(upper, "below_cut_off(upper=)"), upper, source)


def _check_words(function: str, **given: str) -> None:
    """What explains an exclusion is not blank (A6)."""
    for name, text in given.items():
        if not text.strip():
            raise SystemBoundaryError.of("exclusion_unexplained", f"{function}({name}=)", name=name)


def _mass(text: str, where: str) -> float:
    """A mass of CO2e above zero, in kg."""
    return float(nominal_values({"mass": resolve(text, _MASS, key=where)})["mass"])
