"""Parameters that count as one: by name, by pattern, or by the stages of the life cycle that they enter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TypeAlias

from ...checks import one_of, some
from ...errors import DomainError, MissingError
from ...graph.program import Program
from ...inventory.stages import stage_label
from ...study.assembly import Model
from ..value_names import value_name

#: Keys or patterns by the name of a group, or "stage".
Groups: TypeAlias = Mapping[str, str | Iterable[str]] | str | None


def grouped(model: Model, keys: Sequence[str], groups: Groups, of: str) -> dict[str, list[str]]:
    """The keys of each group by its name; a key of no group stands alone.

    Raises `DomainError` for a pattern without a key and for a key in two groups, `MissingError` for stages of what has
    none.
    """
    if isinstance(groups, str):
        one_of(groups, ("stage",), "grouping", "groups")
        return _by_stage(model, keys, of)
    named = {
        name: _members([texts] if isinstance(texts, str) else texts, keys) for name, texts in (groups or {}).items()
    }
    members = [key for group in named.values() for key in group]
    if taken := sorted(name for name, group in named.items() if name in keys and list(group) != [name]):
        raise DomainError.of("group_named_as_a_key", "groups", name=taken[0])
    wrong = [f"{key} names no key with a spread" for key in dict.fromkeys(members) if key not in keys]
    wrong += [f"{key} stands in several groups" for key in keys if members.count(key) > 1]
    wrong += [f"{name} names no key" for name, group in named.items() if not group]
    if wrong:
        raise DomainError.of("wrong_keys_in_groups", "groups", wrong, keys=some(keys))
    return {**named, **{key: [key] for key in keys if key not in members}}


def independent(program: Program, groups: Mapping[str, Sequence[str]]) -> None:
    """Raise where keys that depend on each other do not stand in one group (U11)."""
    for tied in program.correlated:
        members = set(tied.keys).intersection(*[[key for keys in groups.values() for key in keys]])
        if len(members) > 1 and not any(members <= set(keys) for keys in groups.values()):
            keys = ", ".join(map(repr, sorted(members)))
            raise DomainError.of("sobol_of_correlated_keys", "groups", keys=some(sorted(members)), group=f"[{keys}]")


def _members(texts: Iterable[str], keys: Sequence[str]) -> list[str]:
    """The keys that some texts name: each a key, or a pattern with *; a text that names none stands for itself."""
    found: list[str] = []
    for text in texts:
        found += [text] if text in keys else [key for key in keys if fnmatchcase(key, text)] or [text]
    return list(dict.fromkeys(found))


def names_of(groups: Mapping[str, Sequence[str]], names: Mapping[str, str]) -> dict[str, str]:
    """Groups by their names, and what they are called: a parameter alone in words, a group by its name."""
    return {name: value_name(name, names) if list(members) == [name] else name for name, members in groups.items()}


def _by_stage(model: Model, keys: Sequence[str], of: str) -> dict[str, list[str]]:
    if not model.stages:
        raise MissingError.of("groups_without_stages", "groups")
    view = f"{of.partition('/')[0]}/" if of.partition("/")[0] in model.views else ""
    names = {stage: f"{view}{stage}" for stage in model.stages if f"{view}{stage}" in model.outputs}
    users = {stage: {leaf.key for leaf in model.program.of(name).used} for stage, name in names.items()}
    found: dict[str, list[str]] = {}
    for key in keys:
        stages = [stage_label(stage) for stage, used in users.items() if key in used]
        found.setdefault(_said(stages), []).append(key)
    return found


def _said(stages: Sequence[str]) -> str:
    """The name of a group: its stage, or those that share it."""
    if len(stages) < 2:
        return stages[0] if stages else "no stage"
    return f"shared by {', '.join(stages[:-1])} and {stages[-1]}"
