"""Quality of the data: time, place, technology, precision, sources (ISO 14044, 4.2.3.6.2; A4, A5, A10)."""

from __future__ import annotations

from collections.abc import Iterable

from ...checks import some
from ...electricity.electricity import TAGS, Electricity
from ...errors import LcaError
from ...graph.node import parameters
from ...interpretation.explain import elasticities, status_shares
from ...interpretation.value_names import value_name
from ...study.consistency import MOST_YEARS_APART, years_apart
from ...study.scenarios import try_laws
from ...units.number_text import significant
from .subject import Subject, names
from .table_sources import in_a_table
from .verdicts import Finding, does_not_apply, failed, not_stated, of_study, passed, stated

#: A value of which 1 % moves the total by more than this share of 1 % matters.
_MATTERS = 0.1


def _names(subject: Subject, keys: Iterable[str]) -> str:
    return some([value_name(key, subject.model.names) for key in keys], 5)


@of_study
def time(subject: Subject, of: str) -> Finding:
    """The years of electricity and of activities are known, and close to each other (A5)."""
    dated = [(one, site.electricity) for one, site in subject.taken if site.electricity is not None]
    if not dated:
        return does_not_apply("no electricity is taken")
    if lacking := names(one for one, grid in dated if not one.years or not _has_years(grid)):
        return not_stated(f"year of the activity or of its electricity unknown: {some(lacking)}")
    gaps: dict[str, int] = {}
    for one, grid in dated:
        gaps[one.name] = max(gaps.get(one.name, 0), years_apart(one.years, grid))
    far = {name: gap for name, gap in gaps.items() if gap > MOST_YEARS_APART}
    if far:
        return failed("; ".join(f"{name}: electricity up to {gap} years away" for name, gap in far.items()))
    return passed(f"electricity is at most {max(gaps.values())} years away from what takes it")


def _has_years(grid: Electricity) -> bool:
    return isinstance(grid.year, int) or "year" in grid.intensity.dim_names


@of_study
def place(subject: Subject, of: str) -> Finding:
    """The electricity of each site is of a named region."""
    if not subject.grids:
        return does_not_apply("no electricity is taken")
    if blank := [name for name, grid in subject.grids.items() if not grid.region]:
        return not_stated(f"without a region: {some(blank)}")
    return said_by_hand(subject, "; ".join(f"{name}: {grid.region}" for name, grid in subject.grids.items()))


def from_table(grid: Electricity) -> bool:
    """Whether an intensity was read from a checked table."""
    return any(
        node.parameter is not None and in_a_table(node.parameter.source) for node in parameters([grid.intensity])
    )


@of_study
def technology(subject: Subject, of: str) -> Finding:
    """The figures of hardware are of the product, and not of its class or assumed."""
    if not (machines := subject.machines):
        return does_not_apply("no hardware is counted")
    behind = {
        name: [n.parameter for n in parameters([thing.embodied]) if n.parameter] for name, thing in machines.items()
    }
    assumed = [name for name, found in behind.items() if any(one.status in ("assumed", "default") for one in found)]
    if assumed:
        return not_stated(f"assumed, or of a class of devices: {some(assumed)}")
    by_hand = [name for name, found in behind.items() if not all(in_a_table(one.source) for one in found)]
    if by_hand:
        return stated(f"figures stated by hand: {some(by_hand)}")
    return passed(f"no figure is assumed, and all are from checked tables: {some(list(machines))}")


def precision(subject: Subject, of: str) -> Finding:
    """Each value that matters has a spread."""
    every, random = (
        subject.parameters,
        {key for key, found in subject.parameters.items() if any(one.is_random for one in found)},
    )
    effects = elasticities(subject.model.program.of("total"), "total", every)
    matters = sorted((key for key in effects if abs(effects[key]) > _MATTERS), key=lambda key: -abs(effects[key]))
    exact = [key for key in matters if key not in random]
    text = f"{len(random)} of {len(every)} values have a spread"
    if exact:
        return not_stated(
            f"{text}; without one, though 1 % of each moves the total by 0.1 % or more: {_names(subject, exact)}"
        )
    return passed(f"{text}, and so has each of which 1 % moves the total by 0.1 % or more")


def pedigree(subject: Subject, of: str) -> Finding:
    """Scores of data quality."""
    scored = [
        key
        for key, found in subject.parameters.items()
        if any("pedigree" in getattr(value, "basis", "") for one in found for value in one.values)
    ]
    text = f"{len(scored)} of {len(subject.parameters)} values have scores"
    return stated(f"{text}: {_names(subject, scored)}") if scored else not_stated(text)


def measured(subject: Subject, of: str) -> Finding:
    """What the result rests on: readings of the project itself, or figures from elsewhere."""
    shares = status_shares(subject.one.model)["share"]
    text = ", ".join(f"{status} {significant(100 * float(share), 2)} %" for status, share in shares.items())
    own = [key for key, found in subject.parameters.items() if any(one.status == "measured" for one in found)]
    text = f"share of the nominal total by the weakest value behind it: {text}"
    return stated(f"{text}; measured: {_names(subject, own)}") if own else not_stated(f"{text}; nothing is measured")


def sources(subject: Subject, of: str) -> Finding:
    """Each value has a source: a table that was checked, or words."""
    defined = {one.key for one in subject.behind("functional_unit") if one.key.endswith(".count")}
    every = {key: found[0].source for key, found in subject.parameters.items() if key not in defined}
    if lacking := [key for key, source in every.items() if not source.strip()]:
        return not_stated(f"{len(lacking)} of {len(every)} values have no source: {_names(subject, lacking)}")
    read = [key for key, source in every.items() if in_a_table(source)]
    text = f"{len(read)} of {len(every)} values were read from checked tables"
    return passed(text) if len(read) == len(every) else stated(f"{text}; the others name their source")


def assumptions(subject: Subject, of: str) -> Finding:
    """Assumptions are told in words; the values that rest on one are listed."""
    assumed = [key for key, found in subject.parameters.items() if any(one.status == "assumed" for one in found)]
    if not assumed:
        return stated("no value has the status assumed")
    listed = f"{len(assumed)} values are assumed, as lca.provenance lists"
    if subject.about.assumptions:
        return stated(f"{'; '.join(subject.about.assumptions)} ({listed})")
    return not_stated(f"{listed}; no words say why")


def laws(subject: Subject, of: str) -> Finding:
    """The laws of the study hold, a power below what its device can draw among them (A15)."""
    # a saved model has no laws, and its study has them
    model = subject.study.model if subject.study is not None and not subject.model.guards else subject.model
    try:
        try_laws(model)
    except LcaError as error:
        return failed(f"{error.where}: {error.what}")
    compared = [guard.where for guard in model.guards if guard.message == "power_above_maximum"]
    text = f"{len(model.guards)} laws hold on trial draws"
    if not compared:
        return not_stated(f"{text}; no power is compared with what its device can draw")
    return passed(f"{text}; power is compared with what the device can draw: {some(compared)}")


@of_study
def tags(subject: Subject, of: str) -> Finding:
    """All electricity counts the same thing in the same way (A4)."""
    if not subject.grids:
        return does_not_apply("no electricity is taken")
    assert subject.study is not None
    unknown = [
        f"{tag} of {name}" for name, grid in subject.grids.items() for tag in TAGS if getattr(grid, tag) == "unknown"
    ]
    if unknown:
        return not_stated(f"unknown: {some(unknown)}".replace("_", " "))
    if mixed := subject.study.inputs.mixed:
        return stated(f"accepted as different: {', '.join(mixed)}".replace("_", " "))
    said = {tag: dict.fromkeys(str(getattr(grid, tag)) for grid in subject.grids.values()) for tag in TAGS}
    text = ", ".join(f"{tag} {' or '.join(values)}" for tag, values in said.items()).replace("_", " ")
    return said_by_hand(subject, text)


def said_by_hand(subject: Subject, text: str) -> Finding:
    """Tags of electricity passed if all of it was read from tables; those of other electricity are words of people."""
    by_hand = [name for name, grid in subject.grids.items() if not from_table(grid)]
    return stated(f"{text}; stated by hand: {some(by_hand)}") if by_hand else passed(f"{text}, from checked tables")
