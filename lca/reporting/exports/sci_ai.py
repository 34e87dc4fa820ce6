"""The scores of SCI for AI: one of the provider of a model, one of its consumer, never added to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...arguments import entry
from ...impact.views import BURDENS
from ...interpretation.result import Result
from ...interpretation.spreads import denominator
from ...inventory.stages import stage_label
from ...units.registry import YEAR_SECONDS
from .activities import MASS, Group, Told, activities_of, kept_note, reasons, said_of_draws
from .export import Export
from .numbers import Number, amount, one_of
from .texts import bullets, page, say

#: The activities of each score, by their stages (sections 5 to 7 of the draft).
_PROVIDER, _CONSUMER = ("development", "training"), ("use",)


@dataclass(frozen=True)
class _Unit:
    """A functional unit of the provider (section 8): how many a score is told per, their unit, and in words."""

    size: float
    unit: str
    words: str


_UNITS = {
    "parameters": _Unit(1e9, "", "billion parameters"),
    "training_tokens": _Unit(1e9, "token", "billion training tokens"),
    "flop": _Unit(1e15, "FLOP", "1e15 FLOP"),
}


@dataclass(frozen=True)
class _Side:
    """One of the two scores: its activities, the score in each unit, what was divided, and what could not be said."""

    those: tuple[Told, ...]
    scores: tuple[Number, ...]
    whole: Number | None
    notes: tuple[str, ...]

    @property
    def text(self) -> str:
        """The scores, and what is within."""
        if self.whole is None:
            return say("sci_ai", "no_score")
        said = "\n".join(f"**{score.readable.text}**\n" for score in self.scores)
        names = ", ".join(f"{one.name} ({one.stage})" for one in self.those)
        return said + "\n" * bool(said) + say("sci_ai", "within", names=names, whole=self.whole.readable.text)

    @property
    def plain(self) -> dict[str, object]:
        """The same as plain data."""
        whole = None if self.whole is None else self.whole.plain
        names = [one.slug for one in self.those]
        return {"scores": [score.plain for score in self.scores], "whole": whole, "activities": names}


@entry
def sci_ai(
    result: Result,
    *,
    per: str = "functional_unit",
    parameters: float | str | None = None,
    training_tokens: float | str | None = None,
    flop: float | str | None = None,
    counted: str = "",
    why: str = "",
) -> Export:
    """The two scores of SCI for AI (Green Software Foundation, draft of 2026-01-12), which are never added.

    The provider's score holds development and training with their hardware, over what the model is or took. The
    consumer's holds the use with its hardware, over what is served.

    Parameters
    ----------
    result : Result
        A result of one alternative: `result.sel(engine="a")`.
    per : str
        What the consumer's score is told per: "functional_unit", or what the deployment serves: "token",
        "inference", "image", "request".
    parameters : float
        The parameters of the model; the score is told per billion of them.
    training_tokens : float or str
        The tokens that it was trained on, such as "50e9 token"; the score is told per billion.
    flop : float or str
        The operations of its training, such as "5e22 FLOP"; the score is told per 1e15 FLOP.
    counted : str
        What was counted: gross or effective values, such as "total parameters" or "curated tokens".
    why : str
        Why this unit was chosen.

    Returns
    -------
    Export
        Markdown; `.data` has "provider" and "consumer", each with its scores in full, and what is within. A score that
        the study cannot give is None, and the notes say why.

    Raises
    ------
    LabelError
        If the result has several alternatives.
    MissingError
        If nothing is served that is called `per`.
    DomainError
        If a number is not above 0.

    Examples
    --------
    >>> import lca
    >>> from lca.study.small_study import small_study
    >>> scores = sci_ai(lca.nominal(small_study()), parameters=2e9)
    >>> scores.data["provider"]["scores"]
    [{'nominal': 24.0, 'unit': 'kg CO2e/billion parameters'}]
    """
    one = one_of(result)
    given = {"parameters": parameters, "training_tokens": training_tokens, "flop": flop}
    counts = [
        (_UNITS[name], amount(value, _UNITS[name].unit, f"sci_ai({name}=)"))
        for name, value in given.items()
        if value is not None
    ]
    provider, consumer = _provider(one, counts), _consumer(one, per)
    stated = {"counted": counted, "why": why, "assumptions": " ".join(one.model.about.assumptions)}
    unsaid = [say("sci_ai", f"no_{name}") for name, text in stated.items() if provider.scores and not text]
    notes = [*provider.notes, *unsaid, *consumer.notes, *kept_note(one)]
    said = [say("sci_ai", name, text=text) for name, text in stated.items() if text]
    remarks = [say("sci_ai", "never_added"), *said, *_period(one), said_of_draws(one), say("sci_ai", "location")]
    text = page(
        "sci_ai", notes, title=one.model.title, unit=one.model.functional_unit, remarks=bullets(remarks),
        provider=provider.text, consumer=consumer.text,
    )  # fmt: skip
    data: dict[str, object] = {"study": one.model.title, "functional_unit": one.model.functional_unit}
    data |= {name: text or None for name, text in stated.items()}
    data |= {"provider": provider.plain, "consumer": consumer.plain}
    return Export(one.model.title, say("sci_ai", "standard"), text, tuple(notes), data)


def _period(result: Result) -> list[str]:
    """How long the use lasts, over which operation and hardware are counted (section 9.1)."""
    if "per/year" not in result.data:
        return []
    years = Number.of_draws(result.data["per/year"] / YEAR_SECONDS, "year")
    return [say("sci_ai", "period", time=years.text)]


def _provider(result: Result, counts: Sequence[tuple[_Unit, float]]) -> _Side:
    """Development and training, over what the model is or took (sections 6, 7 and 8.2)."""
    those, notes = _within(result, _PROVIDER)
    whole = those.operation + those.embodied
    if not those.those:
        return _Side((), (), None, (say("sci_ai", "no_provider"),))
    scores = [Number.of_draws(whole / count * unit.size, MASS, unit.words) for unit, count in counts]
    notes += [] if scores else [say("sci_ai", "no_unit")]
    notes += [say("sci_ai", "provider_unmodelled")]
    return _Side(those.those, tuple(scores), Number.of_draws(whole, MASS), tuple(notes))


def _consumer(result: Result, per: str) -> _Side:
    """The use, over what is served (sections 6 and 8.1)."""
    name, size, words = denominator(result.data, per)
    those, notes = _within(result, _CONSUMER)
    if not those.those:
        return _Side((), (), None, (say("sci_ai", "no_consumer"),))
    whole = those.operation + those.embodied
    score = Number.of_draws(whole / (result.data[name] / size), MASS, words)
    notes += [say("sci_ai", "consumer_unmodelled")]
    return _Side(those.those, (score,), Number.of_draws(whole, MASS), tuple(notes))


def _within(result: Result, stages: Sequence[str]) -> tuple[Group, list[str]]:
    """The activities of some stages, and which of these are not modelled or have no hardware."""
    those = activities_of(result).in_stages(stages)
    lacking = reasons(result, result.model.stages)
    notes = [
        say("sci_ai", "stage_lacking", stage=stage_label(stage), reason=reason)
        for stage, reason in lacking.items()
        if those.those and stage in (*stages, *BURDENS)
    ]
    bare = [one.name for one in those.those if not one.embodied]
    return those, notes + ([say("sci_ai", "no_hardware", names=", ".join(bare))] if bare else [])
