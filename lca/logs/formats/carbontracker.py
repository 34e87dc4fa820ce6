"""The two logs of carbontracker: what it used and predicted, and the mean powers of each epoch.

Written after real logs of both kinds, after the documentation of their parsing, and after the source.

- The output log gives the energy of the epochs that were tracked, and a prediction for all. Only what was used is
  read. carbontracker multiplies it by a PUE: the mean of data centres in a survey, 1.67 to 1.55 depending on the
  version. So its boundary is the facility; the losses of power supplies are not in it.
- The standard log gives the mean power of each device in each epoch, without a PUE. Its boundary is the component.
  The n-th mean power of a component belongs to the n-th duration, as carbontracker itself reads them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..files.clock import Clock, length_of
from ..files.source import LARGEST, Source
from ..format import Format
from ..runs.run import Run
from ..runs.run_table import RunTable
from ..runs.totals import KWH, amount, run_table

_STAMP = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:,\d+)?) - ")
_USED = re.compile(r"(Actual|Predicted) consumption(?: for (\d+) epoch\(s\))?:")
_FIGURE = re.compile(r"\s*(Time|Energy):\s*(.*?)(?:\s*kWh)?\s*")
_DURATION = re.compile(r"Duration:\s*(.*?)\s*$")
_POWER = re.compile(r"Average power usage \(W\) for (\w+):\s*(.*)")
_LENGTH = re.compile(r"(?:(\d+) days?, )?(\d+):(\d\d):(\d\d(?:\.\d+)?)")
_BEGIN = "The following components were found"


def _seconds(source: Source, line: int, shown: str) -> float | None:
    """The seconds of "1 day, 2:03:04.50"; another text is noted."""
    found = _LENGTH.fullmatch(shown)
    length = None if found is None else length_of(*found.groups())
    if length is None or length > LARGEST:
        source.refuse_line(line, "no duration", shown)
        return None
    return length


def _stamped(source: Source, clock: Clock) -> Iterator[tuple[int, str, float | None]]:
    """(line, text, time of the last stamp) of each line; a line without a stamp goes on with the one before."""
    time = None
    for line, text in source.lines():
        if found := _STAMP.match(text):
            time = clock.read(found[1].replace(",", "."))
        yield line, text, time


# --- what was used: the output log --------------------------------------------------------------------------------


@dataclass
class _Used:
    """One block of the output log: what was used, or predicted."""

    line: int
    kind: str
    epochs: str
    stop: float | None
    figures: dict[str, float | None] = field(default_factory=dict)


def _fits_output(source: Source) -> bool:
    return "CarbonTracker" in source.start and _USED.search(source.start) is not None


def _read_output(source: Source) -> RunTable:
    sections: list[list[_Used]] = [[]]
    clock = Clock(source)
    for line, text, stop in _stamped(source, clock):
        if _BEGIN in text:
            sections.append([])
        elif found := _USED.search(text):
            sections[-1].append(_Used(line, found[1], found[2] or "", stop))
        elif sections[-1] and (found := _FIGURE.fullmatch(text)) and found[1] not in sections[-1][-1].figures:
            sections[-1][-1].figures[found[1]] = _figure(source, line, found[1], found[2])
    runs = [_run(n, section, clock.local) for n, section in enumerate(filter(_has_used, sections), 1)]
    if not runs and any(sections) and not source.bad:
        fix = "track the run to its end: epochs that are predicted were not measured"
        raise source.without_power("a prediction alone", fix)
    notes = ["a PUE that carbontracker assumes is in the energy; its standard log gives powers without it"]
    if any(run.facts for run in runs):
        notes.append("only the epochs that were tracked; what is predicted for the others is not taken")
    return run_table(source, "carbontracker", runs, at="facility", notes=notes)


def _figure(source: Source, line: int, name: str, cell: str) -> float | None:
    """Seconds of a time, J of an energy."""
    return _seconds(source, line, cell) if name == "Time" else amount(source, line, "the energy", cell, KWH)


def _has_used(section: Sequence[_Used]) -> bool:
    return any(one.kind == "Actual" for one in section)


def _run(n: int, section: Sequence[_Used], local: bool) -> Run:
    """The run of one tracker: the last of its blocks, since each says all that was used so far."""
    used = [one for one in section if one.kind == "Actual"][-1]
    planned = next((one.epochs for one in section if one.kind == "Predicted"), "")
    seconds = used.figures.get("Time")
    start = None if used.stop is None or seconds is None else used.stop - seconds
    facts = {"epochs": used.epochs, "planned epochs": planned}
    said = tuple((name, value) for name, value in facts.items() if value)
    return Run(used.line, f"run {n}", used.figures.get("Energy") or None, seconds, start, facts=said, local=local)


# --- mean powers: the standard log --------------------------------------------------------------------------------


@dataclass
class _Epochs:
    """The durations of one tracker, and the mean powers of each component, in the order of the file."""

    durations: list[tuple[int, float | None, float | None]] = field(default_factory=list)  # line, s, stop
    powers: dict[str, list[float | None]] = field(default_factory=dict)


def _fits_standard(source: Source) -> bool:
    return "Average power usage (W) for " in source.start and not _fits_output(source)


def _read_standard(source: Source) -> RunTable:
    sections, open_list = [_Epochs()], ""
    name, first, clock = "", 0, Clock(source)
    for line, text, stop in _stamped(source, clock):
        if open_list:  # a list of many devices goes on in the next line
            open_list += f" {text.strip()}"
        elif _BEGIN in text:
            sections.append(_Epochs())
        elif found := _DURATION.search(text):
            sections[-1].durations.append((line, _seconds(source, line, found[1]), stop))
        elif found := _POWER.search(text):
            name, open_list, first = found[1], found[2].strip(), line
        if open_list and (not open_list.startswith("[") or "]" in open_list):
            sections[-1].powers.setdefault(name, []).append(_power(source, first, open_list))
            open_list = ""
    runs = [run for section in sections for run in _epochs(source, section, clock)]
    return run_table(source, "carbontracker log", runs, at="component", notes=["mean powers of epochs, without a PUE"])


def _power(source: Source, line: int, shown: str) -> float | None:
    """The sum of the devices of a component, W; None where one is missing."""
    cells = shown.strip("[] ").split()
    each = [amount(source, line, "a mean power", cell) for cell in cells]
    known = [one for one in each if one is not None]
    return sum(known) if cells and len(known) == len(cells) else None


def _epochs(source: Source, section: _Epochs, clock: Clock) -> Iterator[Run]:
    """The epochs of one tracker; one without the power of a component has no energy."""
    for name, powers in section.powers.items():
        if len(powers) > len(section.durations):
            line = section.durations[-1][0] if section.durations else 0
            source.refuse_line(line, f"{len(powers)} mean powers of {name}, but {len(section.durations)} durations")
    for n, (line, seconds, stop) in enumerate(section.durations):
        watts = {name: powers[n] if n < len(powers) else None for name, powers in section.powers.items()}
        known = {name: one for name, one in watts.items() if one is not None}
        whole = sum(known.values()) if known and len(known) == len(watts) else None
        joules = None if whole is None or seconds is None else whole * seconds
        parts = tuple((name, one * seconds) for name, one in known.items()) if seconds else ()
        start = None if stop is None or seconds is None else stop - seconds
        yield Run(line, f"epoch {n + 1}", joules or None, seconds, start, parts=parts, local=clock.local)


FORMATS: Sequence[Format] = (
    Format("carbontracker", "carbontracker, output log", "RunTable", "facility", "real logs",
           "What was used, with the PUE of the tool; its prediction is not taken.", _fits_output, _read_output),
    Format("carbontracker log", "carbontracker, standard log", "RunTable", "component", "real logs",
           "Mean power times duration of each epoch, without a PUE.", _fits_standard, _read_standard),
)  # fmt: skip
