"""The columns of the sheets of a workbook: the arguments of the constructors, with what their documentation says."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..arguments import Kind
from ..graph.fields import STATUSES
from ..impact.allocation import RULES
from ..inventory.inference.joules import BASELINES, PER
from ..inventory.stages import STAGES
from ..units.registry import BOUNDARIES
from .makers import SECTIONS, WAY, maker_of, ways_of
from .workbook import ID, PAIRS, SCENARIOS

#: Words to choose from, by the heading.
WORDS: Mapping[str, Sequence[str]] = {
    "allocation": tuple(RULES), "at": tuple(name.removeprefix("at_") for name in BOUNDARIES), "status": STATUSES,
    "per": tuple(PER), "baseline": BASELINES, "readings": STATUSES, "basis": ("life cycle", "direct"),
}  # fmt: skip
#: What the sheet "study" asks for, with a note on each.
ASKED: Mapping[str, str] = {
    "study.name": "what the study is called",
    "study.parts": "dims whose labels are summed: model; run",
    "study.alternatives": "dims whose labels are rivals: engine",
    "study.data": "folders of data for this study alone: my_factors; more_factors",
    "functional_unit.name": "the service that is compared: one inference",
    "functional_unit.count": "how often the study provides it: robots.inferences, or 1 device",
    "about.authors": "who made the study: Ada Lovelace; Grace Hopper",
    "about.date": "the day of the study: 2026-11-30",
    "about.audience": "to whom the results will be told",
    "about.reason": "why the study was made",
    "about.licence": "under which terms the results may be used: CC-BY-4.0",
    **{f"excluded.{stage}.outside_goal": "why, if the stage is left out" for stage in STAGES},
    "run.draws": "how many draws; 10000 if blank",
    "summary.unit": "the unit of the table that is printed: t CO2e",
}
#: How kinds of Python are called in a sheet.
_IN_WORDS = {"str": "text", "int": "whole number", "float": "number", "bool": "TRUE or FALSE", "sequence": "list",
             "Path": "path", "None": "blank"}  # fmt: skip
_PARAMETER = re.compile(r"^(\w+(?:, \w+)*) : (.+)\n((?:[ ]{4}.*\n?)+)", re.MULTILINE)


@dataclass(frozen=True)
class Heading:
    """A column of a sheet.

    Attributes
    ----------
    note, about : str
        What stands below the name, and what is shown over it.
    words : sequence of str
        What may be chosen.
    of : str
        The sheet whose items may be chosen.
    """

    name: str
    note: str = ""
    about: str = ""
    words: Sequence[str] = ()
    of: str = ""


def headings(sheet: str) -> list[Heading]:
    """The columns of a sheet; none of a table of values, whose headings are its own.

    >>> [one.name for one in headings("site")][:4]
    ['id', 'name', 'electricity', 'market_electricity']
    """
    if sheet == "study":
        return [Heading(name) for name in (*PAIRS, "note")]
    if sheet == "scenarios":
        notes = ("a name, or blank", "what changes: robots.period", "what it is called; or blank", "its value")
        return [Heading(*one) for one in zip(SCENARIOS, notes, strict=True)]
    return list(_of_section(sheet)) if sheet in SECTIONS else []


def about(sheet: str) -> str:
    """What a sheet is for, in a sentence."""
    return _ABOUT.get(sheet) or (inspect.getdoc(SECTIONS[sheet]) or "").partition("\n")[0]


_ABOUT = {
    "study": "What the study is about. A value has its unit: 300 W. A list has semicolons. Rows may be added.",
    "scenarios": "The study with other values at some paths; each row is one value at one label of a dim.",
}


def _of_section(section: str) -> Iterator[Heading]:
    yield Heading(ID, "a name of your choice, by which other sheets use it")
    ways = ways_of(section)
    if ways:
        yield Heading(WAY, "how it is made; blank: from the values in its row", words=ways)
    makers = [maker_of(section, way, "") for way in (None, *ways)]
    notes = {name: said for maker in reversed(makers) for name, said in documented(maker.function).items()}
    kinds = {name: kind for maker in reversed(makers) for name, kind in maker.arguments.items()}
    told = [name for name in documented(SECTIONS[section]) if name in kinds]
    for name in dict.fromkeys([*told, *kinds]):
        note, said = notes.get(name, ("", ""))
        yield Heading(name, _plain(note), said, _words(name, kinds[name]), _section_of(kinds[name]))


def _words(name: str, kind: Kind | None) -> Sequence[str]:
    return ("TRUE", "FALSE") if kind is not None and kind.words == "True or False" else WORDS.get(name, ())


def _section_of(kind: Kind | None) -> str:
    """The sheet whose items a column names."""
    words = kind.words if kind is not None else ""
    made = {section: one for section, one in SECTIONS.items() if isinstance(one, type)}
    return next((section for section, one in made.items() if re.search(rf"\b{one.__name__}\b", words)), "")


def documented(function: Callable[..., object]) -> dict[str, tuple[str, str]]:
    """(kind, meaning) of each argument, as the documentation of a function says."""
    text = (inspect.getdoc(function) or "").partition("Parameters\n----------\n")[2].partition("\n\n")[0]
    found: dict[str, tuple[str, str]] = {}
    for names, kind, said in _PARAMETER.findall(text + "\n"):
        found.update(dict.fromkeys(names.split(", "), (kind, " ".join(said.split()))))
    return found


def _plain(note: str) -> str:
    """What an argument is, for people who write no Python.

    >>> _plain("str or sequence of str")
    'text or list of text'
    """
    for python, words in _IN_WORDS.items():
        note = re.sub(rf"\b{python}\b", words, note)
    return note.replace("`", "")
