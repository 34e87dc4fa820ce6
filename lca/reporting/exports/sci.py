"""The SCI score of ISO/IEC 21031: (E x I + M) / R, each term with its unit and its interval."""

from __future__ import annotations

from collections.abc import Sequence

from ...arguments import entry
from ...checks import did_you_mean
from ...errors import MissingError
from ...formulas import sci_score
from ...impact.views import BURDENS, MARKET
from ...interpretation.result import Result
from ...interpretation.spreads import denominator
from .activities import MASS, Group, activities_of, boundary, kept_note, reasons, said_of_draws
from .export import Export
from .numbers import Number, drawn, one_of, stated
from .texts import bullets, page, rows, say

#: The rules that charge hardware by time and share, as M of the standard does.
_BY_TIME = ("reserved_time", "active_time", "share")
_MEANINGS = {
    "E": "electricity",
    "I": "what a kWh emits",
    "M": "hardware",
    "R": "functional units",
}


@entry
def sci(result: Result, *, per: str = "functional_unit", stages: Sequence[str] | None = None) -> Export:
    """The software carbon intensity of a study: SCI = (E x I + M) / R (ISO/IEC 21031, text not seen).

    E is the electricity at the facility, I the location-based intensity, M the part of the hardware's life cycle that
    the activities are charged, and R the functional units. With all stages the score is the total of the study per
    functional unit.

    Parameters
    ----------
    result : Result
        A result of one alternative: `result.sel(engine="a")`.
    per : str
        What R counts: "functional_unit", or what the deployment serves: "token", "inference", "request".
    stages : sequence of str
        The stages within the software boundary, such as ("manufacturing", "use"); all that are modelled if not given.

    Returns
    -------
    Export
        Markdown; `.data` has "E", "I", "M", "R" and "score" in full, each with its unit, and the boundary.

    Raises
    ------
    LabelError
        If the result has several alternatives.
    MissingError
        If a stage is not modelled, nothing is called `per`, or the result has no stages or details.

    Examples
    --------
    >>> import lca
    >>> from lca.study.small_study import small_study
    >>> score = sci(lca.nominal(small_study()))
    >>> {term: score.data[term]["nominal"] for term in ("E", "I", "M", "R", "score")}
    {'E': 120.0, 'I': 0.4, 'M': 0.0, 'R': 1.0, 'score': 48.0}
    """
    one = one_of(result)
    within = _within(one, stages)
    terms, score, those = _terms(one, within, per)
    notes = _notes(one, those, terms["I"], hardware=not BURDENS.keys().isdisjoint(within))
    shown = [[name, _MEANINGS[name], number.text] for name, number in terms.items() if number is not None]
    counted = say("sci", "is_unit", unit=one.model.functional_unit) if per == "functional_unit" else ""
    text = page(
        "sci", notes, title=one.model.title, score=score.readable.text, unit=counted,
        terms=rows(["term", "what it is", "value"], shown), boundary=boundary(one, within),
        remarks=bullets(_remarks(one, per, score.readable.unit)),
    )  # fmt: skip
    data = {
        "study": one.model.title,
        "functional_unit": one.model.functional_unit,
        **{name: number.plain if number is not None else None for name, number in terms.items()},
        "score": score.plain,
        "stages": list(within),
        "not_within": reasons(one, within),
    }
    return Export(one.model.title, say("sci", "standard"), text, tuple(notes), data)


def _within(result: Result, stages: Sequence[str] | None) -> tuple[str, ...]:
    """The stages asked for, in their order; raises for one that is not modelled."""
    known = result.model.stages
    asked = known if stages is None else tuple(stage.strip().replace(" ", "_") for stage in stages)
    if unknown := [stage for stage in asked if stage not in known] or ([""] if not asked else []):
        raise MissingError.of("stage_not_modelled", "stages", stage=unknown[0], near=did_you_mean(unknown[0], known))
    return tuple(stage for stage in known if stage in asked)


def _terms(result: Result, within: Sequence[str], per: str) -> tuple[dict[str, Number | None], Number, Group]:
    """E, I, M and R, the score, and the activities that have the energy."""
    name, size, words = denominator(result.data, per)
    those = activities_of(result).in_stages(within)
    embodied, units = drawn(result, [stage for stage in within if stage in BURDENS]), result.data[name] / size
    terms = {
        "E": those.kilowatt_hours,
        "I": those.intensity,
        "M": Number.of_draws(embodied, MASS),
        "R": Number.of_draws(units, words),
    }
    if within == result.model.stages:
        score = stated(result, "total", per)
    else:  # E x I is what the electricity emits, draw by draw
        made = sci_score(those.operation, 1.0, embodied, units)
        score = Number.of_draws(made, MASS, words)
    return terms, score, those


def _remarks(result: Result, per: str, unit: str) -> list[str]:
    """What the terms hold."""
    beside = f"{MARKET}/total"
    market = stated(result, beside, per).to(unit).text if beside in result.data else ""
    location = say("sci", "location_beside", market=market) if market else say("sci", "location")
    return [location, say("sci", "hardware"), said_of_draws(result)]


def _notes(result: Result, those: Group, intensity: Number | None, *, hardware: bool) -> list[str]:
    """What could not be said."""
    alone = those.without_energy
    notes = [say("sci", "energy_unknown", names=", ".join(alone))] if alone else []
    notes += [say("sci", "intensity_unknown")] if intensity is None else []
    charged = activities_of(result).records if hardware else []
    others = dict.fromkeys(one.allocation for one in charged if one.allocation not in ("", *_BY_TIME))
    if others:
        notes.append(say("sci", "other_rules", rules=", ".join(rule.replace("_", " ") for rule in others)))
    return notes + kept_note(result)
