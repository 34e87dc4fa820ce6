"""Goal, functional unit and comparison: mostly what people state, which is shown and never verified (A10, A12)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from ...interpretation.spread import by_label
from ...units.number_text import significant
from .subject import Subject
from .verdicts import Finding, does_not_apply, failed, not_stated, passed, stated

#: What people write where there was no critical review.
_NO_REVIEW = ("none", "no", "no review", "not reviewed", "n/a", "-")


def about(subject: Subject, of: str) -> Finding:
    """What people state in `About`."""
    held = subject.about.stated.get(of)
    if held is None:
        return not_stated("nothing", f"state it: about=lca.About({of}=...)")
    if isinstance(held, datetime.date):
        return stated(held.isoformat())
    return stated(_joined(held) if isinstance(held, tuple) else str(held))


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(text.rstrip(". ") for text in texts)


def _plain(text: str) -> str:
    return text.casefold().replace("-", " ")


def mentioned(subject: Subject, of: str) -> Finding:
    """A statement that has one of some words; the library counts nothing of it."""
    words = of.split("|")
    said = [text for held in subject.about.stated.values() for text in (held if isinstance(held, tuple) else (held,))]
    found = [text for text in said if isinstance(text, str) and any(word in _plain(text) for word in words)]
    return stated(_joined(found)) if found else not_stated("no statement has one of the words " + ", ".join(words))


def comparative(subject: Subject, of: str) -> Finding:
    """Whether the study supports a comparative assertion for the public."""
    said = subject.about.comparative
    if said is None:
        return not_stated("nothing")
    return stated(f"the study is meant to support one: {'yes' if said else 'no'}")


def _reviewed(subject: Subject) -> bool:
    return bool(subject.about.review) and subject.about.review.strip(" .").casefold() not in _NO_REVIEW


def review(subject: Subject, of: str) -> Finding:
    """The critical review, or that there was none."""
    if not subject.about.review:
        return not_stated("nothing")
    return stated(subject.about.review if _reviewed(subject) else "there was none")


def panel(subject: Subject, of: str) -> Finding:
    """A comparative assertion for the public needs a review by a panel."""
    if subject.about.comparative is None:
        return not_stated("it is not said whether the study supports a comparative assertion", _COMPARATIVE)
    if not subject.about.comparative:
        return does_not_apply("the study does not support a comparative assertion")
    if not _reviewed(subject):
        return failed("the study supports a comparative assertion, and states no critical review")
    return stated(subject.about.review)


_COMPARATIVE = "about=lca.About(comparative=False), or True"


def broad_enough(subject: Subject, of: str) -> Finding:
    """A comparative assertion for the public needs more than one impact category."""
    if subject.about.comparative is None:
        return not_stated("it is not said whether the study supports a comparative assertion", _COMPARATIVE)
    if not subject.about.comparative:
        return does_not_apply("the study does not support a comparative assertion")
    others = [name for name in subject.model.views if f"{name}/total" in subject.model.outputs and name in OTHERS]
    if not others:
        return failed("climate change is the only impact category with a total")
    return passed(f"climate change, {', '.join(others)}".replace("_", " "))


#: Impact categories beside climate change.
OTHERS = ("primary_energy", "water", "abiotic_depletion")


def functional_unit(subject: Subject, of: str) -> Finding:
    """What is compared, and how often the study provides it: computed from what is served, or stated."""
    counts = [float(one) for _, one in by_label(subject.at_nominal.data["functional_unit"])]
    times = " to ".join(dict.fromkeys(significant(end) for end in (min(counts), max(counts))))
    text = f"{subject.model.functional_unit}: {times} times (nominal)"
    keys = [parameter.key for parameter in subject.behind("functional_unit")]
    if all(key.endswith(".count") for key in keys):
        return stated(f"{text}; the count is stated")
    return passed(f"{text}; the count follows from {len(keys)} values of the study")


def quality(subject: Subject, of: str) -> Finding:
    """Whether alternatives deliver the same function (A12)."""
    if not subject.model.alternatives:
        return does_not_apply("the study compares nothing")
    if subject.model.scores:
        return stated(f"each alternative has a score: {', '.join(name.split('/')[1] for name in subject.model.scores)}")
    if subject.model.quality:
        return stated(subject.model.quality)
    return not_stated("nothing says that the alternatives deliver the same quality")


def paired(subject: Subject, of: str) -> Finding:
    """Whether alternatives are compared on the same random numbers (U2)."""
    if not subject.model.alternatives:
        return does_not_apply("the study compares nothing")
    if subject.result is None or subject.result.draws < 2:
        return not_stated("no draws were made")
    dims = ", ".join(subject.model.alternatives)
    return passed(f"alternatives over {dims} share their {subject.result.draws:,} draws")
