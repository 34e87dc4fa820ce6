"""What could be known better: each parameter, each of its own labels, and groups of both by patterns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from ...checks import did_you_mean, some
from ...errors import DomainError
from ..value_names import value_name
from .points import Points

#: A parameter by its key, and one of its own labels.
Known = tuple[str, str]


@dataclass(frozen=True)
class Subject:
    """What would be known: `kind` is "parameter", "label" or "group"; `known` is all that would be known with it."""

    name: str
    words: str
    kind: str
    known: tuple[Known, ...]


def subjects_of(points: Points, groups: Mapping[str, Iterable[str]] | None, names: Mapping[str, str]) -> list[Subject]:
    """Every parameter with a spread, its labels where it has several of its own, and the groups.

    Raises `DomainError` for a group that names what is not there, or has the name of a parameter.
    """
    single: list[Subject] = []
    for key, labels in points.rows.items():
        single.append(Subject(key, value_name(key, names), "parameter", tuple((key, label) for label in labels)))
        if len(labels) > 1:
            single += [_of_label(key, label, names) for label in labels]
    named = {one.name: one for one in single}
    return [*(_group(name, [*members], named) for name, members in (groups or {}).items()), *single]


def _of_label(key: str, label: str, names: Mapping[str, str]) -> Subject:
    inside = label.strip("[]").replace("=", " ")
    return Subject(key + label, f"{value_name(key, names)} ({inside})", "label", ((key, label),))


def _group(name: str, members: list[str], named: Mapping[str, Subject]) -> Subject:
    """A group of parameters and labels, by their names or by patterns with `*`."""
    if name in named:
        raise DomainError.of("group_named_as_parameter", "groups", name=name)
    found: dict[Known, None] = {}
    for member in members:
        matched = [named[member]] if member in named else [one for one in named.values() if _fits(one.name, member)]
        if not matched:
            near = did_you_mean(member, named) or f"There are: {some(list(named))}"
            raise DomainError.of("no_parameter_for_group", f"groups[{name!r}]", member=member, near=near)
        found |= dict.fromkeys(known for one in matched for known in one.known)
    if not found:
        raise DomainError.of("group_of_nothing", f"groups[{name!r}]")
    return Subject(name, name, "group", tuple(found))


def _fits(name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern.replace("[", "[[]"))  # a bracket begins a label, and no set of letters
