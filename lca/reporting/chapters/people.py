"""Who made the study, when, for whom and why, and how it is cited: what people stated, shown as it is."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

from ...interpretation.attribution import tex
from ...study.about import About
from ..subject import Subject
from ..words import listed, say, texts

#: What is shown in a line each, in this order; the other fields have a place of their own.
_LINES = (
    "authors", "commissioner", "date", "version", "licence", "link", "reason", "application", "audience", "comparative",
    "review",
)  # fmt: skip


def contents(subject: Subject) -> dict[str, object]:
    """What is stated of the study, what is not, and how to cite it."""
    about = subject.result.model.about
    heads = texts()["about"]
    lines = [(heads[name], _said(about.stated[name])) for name in _LINES if name in about.stated]
    if "date" not in about.stated:
        lines.append((heads["written"], _day(subject.today)))
    lacking = [heads[name].lower() for name in _LINES if name not in about.stated and name != "date"]
    return {
        "lines": lines,
        "lacking": say("not_stated", fields=listed(lacking)) if lacking else "",
        "conclusions": list(about.conclusions),
        "plain": cited(subject),
        "bibtex": bibtex(subject),
    }


def byline(subject: Subject) -> str:
    """Authors, day, version and licence in a line under the title."""
    about = subject.result.model.about
    said = [*about.authors, _day(date_of(subject))]
    said += [say("version", version=about.version)] if about.version else []
    return " · ".join([*said, *([about.licence] if about.licence else [])])


def date_of(subject: Subject) -> datetime.date:
    """The day of the study; the day on which the page is written, where none is stated."""
    date = subject.result.model.about.date
    return date if isinstance(date, datetime.date) else subject.today


def _said(held: object) -> str:
    if isinstance(held, bool):
        return say("comparative" if held else "not_comparative")
    if isinstance(held, datetime.date):
        return _day(held)
    return "; ".join(map(str, held)) if isinstance(held, tuple) else str(held)


def _day(date: datetime.date) -> str:
    """A day as people of all countries read it: 30 November 2026."""
    return f"{date.day} {texts()['months'][str(date.month)]} {date.year}"


def cited(subject: Subject) -> str:
    """The study as a list of references has it."""
    about, version = subject.result.model.about, subject.result.versions.get("lca", "")
    who = listed(about.authors) if about.authors else say("no_author")
    parts = [f"{who} ({date_of(subject).year})", subject.result.model.title]
    parts += [say("version", version=about.version)] if about.version else []
    parts.append(say("computed", version=version))
    return ". ".join(parts) + "." + (f" {about.link}" if about.link else "")


def bibtex(subject: Subject) -> str:
    """The study as an entry for BibTeX."""
    about, date = subject.result.model.about, date_of(subject)
    title = subject.result.model.title
    fields = {
        "author": " and ".join(f"{{{tex(name)}}}" for name in about.authors),
        "title": f"{{{tex(title)}}}",
        "year": str(date.year),
        "month": str(date.month),
        "version": tex(about.version),
        "url": about.link,
        "note": tex(say("computed", version=subject.result.versions.get("lca", ""))),
    }
    lines = [f"  {name} = {{{text}}}" for name, text in fields.items() if text]
    return "\n".join([f"@misc{{{_key(about, title)}{date.year},", ",\n".join(lines), "}"])


def _key(about: About, title: str) -> str:
    """The key of an entry: the last word of the first author, else the first words of the title."""
    first = re.sub(r"\(.*?\)", "", about.authors[0]).split(",")[0].split() if about.authors else []
    words: list[str] = [first[-1]] if first else title.split()[:2]
    return re.sub(r"[^a-z0-9]+", "-", "-".join(words).lower()).strip("-") or "study"


def stated_texts(subject: Subject) -> Mapping[str, tuple[str, ...]]:
    """What is stated in texts of their own: assumptions, limitations, value choices, requirements of the data."""
    about = subject.result.model.about
    required = (about.data_requirements,) if about.data_requirements else ()
    found = {"limitations": about.limitations, "assumptions": about.assumptions, "value_choices": about.value_choices}
    named = {**found, "data_requirements": required}
    return {texts()["about"][name]: tuple(held) for name, held in named.items() if held}
