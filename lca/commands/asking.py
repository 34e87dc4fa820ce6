"""The five questions of `lca init`, and what an answer says."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from ..electricity.electricity import Electricity
from ..errors import LcaError, ParseError
from ..graph.fields import Declared, resolve
from ..hardware.hardware import Hardware
from ..logs.power.power_log import PowerLog
from ..logs.recognise import read
from ..logs.runs.run_table import RunTable
from .first_text import Answers, Measured, Use
from .printing import write

A = TypeVar("A")
_NONE = ("none", "nothing", "no", "-")
_HOURS = Declared(("s",), above=True)
_WATTS = Declared(("W",), boundary="times", above=True)
_JOULES = Declared(("J/inference", "J"), boundary="times", above=True)
_LOAD = Declared(("inference/s",), above=True)


def answers(folder: Path, *, silent: bool) -> Answers:
    """The answers to all five questions."""
    name = _ask("What is the project called?", "my project", _name, silent)
    asked = "What was measured? Hours and watts at the socket, or the file of a log"
    measured = _ask(asked, "10 h at 300 W", lambda said: _measured(said, folder), silent)
    place, year = _ask("Where and in which year did it run?", "France 2023", _place, silent)
    machine = _ask("On which hardware? A name that `lca search` finds, or none", "rtx-4090", _hardware, silent)
    asked = "What is it used for afterwards? 100000 inference/day at 0.5 J for 3 year, or nothing"
    return Answers(name, measured, place, year, machine, _ask(asked, "nothing", _use, silent))


def _ask(question: str, default: str, read_answer: Callable[[str], A], silent: bool) -> A:
    """The answer to a question; what cannot be read is asked again where somebody can answer."""
    while True:
        try:
            return read_answer(("" if silent else _line(f"{question} [{default}] ")) or default)
        except LcaError as error:
            if silent or not sys.stdin.isatty():
                raise
            write(str(error))


def _line(prompt: str) -> str:
    """What somebody types; nothing where no line is left."""
    try:
        answer = input(prompt).strip()
    except EOFError:
        answer = ""
    if not sys.stdin.isatty():
        write(answer)  # a terminal shows it by itself
    return answer


# --- what an answer says --------------------------------------------------------------------------------------


def _name(said: str) -> str:
    if not re.search(r"\w", said):
        raise ParseError.of("answer_not_understood", repr(said), form="my project")
    return said


def _measured(said: str, folder: Path) -> Measured:
    """Hours and watts, or the log that a file holds."""
    hours, at, watts = said.rpartition(" at ")
    if at and not Path(said).exists():
        resolve(hours, _HOURS, key="hours")
        resolve(watts, _WATTS, key="watts", at=None if "at_" in watts else "wall")
        return Measured(hours=hours.strip(), watts=watts.strip(), at=watts.partition("at_")[2].strip() or "wall")
    if not Path(said).exists():
        raise ParseError.of("answer_not_understood", repr(said), form="10 h at 300 W, or the path of a log")
    log = read(said)
    if not isinstance(log, PowerLog | RunTable):
        raise ParseError.of("log_without_a_power", said)
    path = Path(os.path.relpath(said, folder)).as_posix()
    return Measured(log=path, runs=isinstance(log, RunTable), at=log.meter.at)


def _place(said: str) -> tuple[str, int]:
    place, _, year = said.replace(",", " ").strip().rpartition(" ")
    if not place.strip() or not re.fullmatch(r"\d{4}", year):
        raise ParseError.of("answer_not_understood", repr(said), form="France 2023")
    Electricity.lookup(place.strip(), int(year))
    return place.strip(), int(year)


def _hardware(said: str) -> str:
    if said.casefold() in _NONE:
        return ""
    Hardware.lookup(said)
    return said


def _use(said: str) -> Use | None:
    if said.casefold() in _NONE:
        return None
    found = re.fullmatch(r"(.+?) at (.+?) for (.+)", said)
    if found is None:
        raise ParseError.of("answer_not_understood", repr(said), form="100000 inference/day at 0.5 J for 3 year")
    load, joules, period = (one.strip() for one in found.groups())
    resolve(load, _LOAD, key="inferences")
    resolve(joules, _JOULES, key="energy", at=None if "at_" in joules else "wall")
    resolve(period, _HOURS, key="time")
    return Use(load, joules, period)
