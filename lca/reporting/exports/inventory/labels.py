"""Processes of several alternatives in one inventory: what they share stands once, what differs is named apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ....graph.labels import placed
from .parts import At, Process


def named_apart(every: Mapping[At, Mapping[str, Process]]) -> tuple[list[Process], dict[At, dict[str, str]]]:
    """(the processes, those behind others first; the code that each has in each alternative).

    A process that differs has the labels of those dims on which it depends behind its name.
    """
    codes: dict[At, dict[str, str]] = {at: {} for at in every}
    made: list[Process] = []
    order = list(dict.fromkeys(code for processes in every.values() for code in processes))
    for code in sorted(order, key=lambda one: _RANKS[_kind(every, one)]):
        variants = {at: _resolved(processes[code], codes[at]) for at, processes in every.items() if code in processes}
        dims = _deciding(variants)
        known: dict[str, Process] = {}
        for at, process in variants.items():
            said = placed([one for one in at if one[0] in dims])
            name = f"{process.name} [{said}]" if said else process.name
            known.setdefault(said, replace(process, code=f"{code}[{said}]" if said else code, name=name))
            codes[at][code] = known[said].code
        made += known.values()
    return made, codes


#: What may stand behind what.
_RANKS = {"busbar": 0, "electricity": 1, "hardware": 1, "activity": 2, "stage": 3, "study": 4, "functional unit": 5}


def _kind(every: Mapping[At, Mapping[str, Process]], code: str) -> str:
    kind = next(processes[code].kind for processes in every.values() if code in processes)
    return "busbar" if code.startswith("electricity/busbar") else kind


def _resolved(process: Process, codes: Mapping[str, str]) -> Process:
    """The process with the codes that what stands behind it has in this alternative."""
    return replace(process, exchanges=tuple(replace(one, to=codes.get(one.to, one.to)) for one in process.exchanges))


def _deciding(variants: Mapping[At, Process]) -> list[str]:
    """The dims on whose labels it depends which variant it is: as few as tell them apart."""
    dims = [name for name, _ in next(iter(variants))]
    for name in reversed(list(dims)):
        fewer = [one for one in dims if one != name]
        if _tells(variants, fewer):
            dims = fewer
    return dims


def _tells(variants: Mapping[At, Process], dims: Sequence[str]) -> bool:
    """Whether the labels of some dims leave one variant each."""
    known: dict[At, Process] = {}
    return all(
        known.setdefault(tuple(one for one in at if one[0] in dims), process) == process
        for at, process in variants.items()
    )
