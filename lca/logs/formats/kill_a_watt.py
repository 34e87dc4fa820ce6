"""The notebook of a plug meter such as a Kill A Watt: what a person read from its display, as a small table.

Cells stand between commas, semicolons or tabs; lines that begin with # are comments. The header says what the columns
are and in which unit. The three forms are a format of this library, and docs/logs.md shows each:

- run, time, power: the power at some moments, which is a power log;
- run, start, stop, start energy, stop energy: the counter before and after, which gives totals of runs;
- run, duration, power: a steady power over a time, which gives totals of runs.

Other columns are kept as facts of a run. The digits that were written are the resolution of the display. The accuracy
is that of `meter=`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ...errors import LcaError, LogError
from ...units.quantity import conversion
from ..files.clock import Clock
from ..files.csv_rows import cells_of, fills
from ..files.source import SHOWN, Source, number
from ..format import Format
from ..power.channel import Channel
from ..power.power_log import PowerLog
from ..power.recording import meter_of, power_log
from ..power.track import Recording
from ..runs.run_table import Run, RunTable

_NAME = "kill-a-watt"
_SHORT = {
    "watts": "power [W]",
    "seconds": "duration [s]",
    "start_kwh": "start energy [kWh]",
    "stop_kwh": "stop energy [kWh]",
}
#: The columns of the three forms, and the root units of those that have one.
_LOG = {"time", "power"}
_COUNTER = {"start", "stop", "start energy", "stop energy"}
_STEADY = {"duration", "power"}
_UNITS = {"power": "W", "start energy": "J", "stop energy": "J", "duration": "s"}


@dataclass(frozen=True)
class _Table:
    """The header of a notebook: its columns by name, with the factor of each to its root unit."""

    separator: str
    at: Mapping[str, int]
    factor: Mapping[str, float]
    names: Sequence[str]  # as they are written

    def number(self, name: str, cells: Sequence[str]) -> tuple[float, float] | None:
        """(value, one unit of its last digit) of a cell in the root unit; NaN if missing, None if no number."""
        cell = cells[self.at[name]]
        value = number(cell)
        if value is None or math.isinf(value):
            return None
        if math.isnan(value):
            return value, math.inf
        whole, _, power = cell.lower().partition("e")
        step = 10.0 ** max(-300, min(300, float(power or 0) - len(whole.partition(".")[2])))
        return value * self.factor[name], step * self.factor[name]


def _head_line(source: Source) -> str:
    return next((line for line in source.first_lines(200) if not line.startswith("#")), "")


def _columns(line: str) -> tuple[str, list[tuple[str, str]]]:
    """The separator of a header, and (name, unit) of each column; the unit is "" where none is written."""
    separator = max(",;\t", key=line.count)
    cells = cells_of(line, separator)
    return separator, [_head(_SHORT.get(cell.casefold(), cell)) for cell in cells]


def _head(cell: str) -> tuple[str, str]:
    """The name and the unit of a column: "power [W]"."""
    name, bracket, unit = cell.partition("[")
    whole = not bracket or not unit.endswith("]")
    return (cell.casefold(), "") if whole else (name.strip().casefold(), unit[:-1])


def _fits(source: Source) -> bool:
    names = [name for name, _ in _columns(_head_line(source))[1]]
    if source.said.columns or len(set(names)) < len(names) or any(name[:1].isdigit() for name in names):
        return False
    return any(form <= set(names) for form in (_LOG, _COUNTER)) or _STEADY | {"run"} <= set(names)


def _table(source: Source) -> _Table:
    separator, columns = _columns(_head_line(source))
    names = [name for name, _ in columns]
    units = {name: unit for name, unit in columns if name in _UNITS or (name == "time" and unit)}
    bad, factor = [], {}
    for name, unit in units.items():
        try:
            factor[name] = conversion(unit, _UNITS.get(name, "s"))
        except LcaError as error:
            bad.append(f"{name} [{unit}]: {error.what}" if unit else f"{name}: without a unit")
    if bad or len(set(names)) < len(names) or not any(form <= set(names) for form in (_LOG, _COUNTER, _STEADY)):
        raise LogError.of("header_of_a_notebook", source.where(), bad or [", ".join(names)])
    return _Table(separator, {name: n for n, name in enumerate(names)}, factor, names)


def _rows(source: Source, table: _Table) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each row; comments and the header are left out."""
    head = True
    for line, text in source.lines():
        if text.lstrip().startswith("#"):
            continue
        if head:
            head = False
            continue
        cells = cells_of(text, table.separator)
        if fills(source, line, cells, len(table.names), text, hint=" (write decimals with a point)"):
            yield line, cells


def _read(source: Source) -> PowerLog | RunTable:
    table = _table(source)
    if set(table.at) >= _LOG:
        return _read_log(source, table)
    one = _counted if set(table.at) >= _COUNTER else _steady
    clock = Clock(source)
    runs = [run for line, cells in _rows(source, table) if (run := one(source, table, clock, line, cells))]
    _refuse_names(source, [(run.line, run.name) for run in runs])
    notes = source.check(len(runs))
    if not runs:
        raise LogError.of("no_samples", source.where())
    timed = tuple(replace(run, local=clock.local) for run in runs)
    found = RunTable(source.path, _NAME, timed, meter_of(source, "wall"), tuple(notes))
    return found.sel(run=source.said.run) if source.said.run else found


def _refuse_names(source: Source, names: Sequence[tuple[int, str]]) -> None:
    """Note each name that an earlier row has: a run that is written twice would count twice."""
    first: dict[str, int] = {}
    for line, name in names:
        if name in first:
            source.refuse_line(line, f"the run {name!r} stands in line {first[name]} too")
        first.setdefault(name, line)


def _text(table: _Table, name: str, cells: Sequence[str]) -> str:
    return cells[table.at[name]] if name in table.at else ""


def _facts(table: _Table, cells: Sequence[str], used: set[str]) -> tuple[tuple[str, str], ...]:
    rest = [name for name in table.names if name not in used | {"run"}]
    return tuple((name, cells[table.at[name]]) for name in rest)


def _moment(clock: Clock, text: str) -> float | None:
    """The time that a person wrote: a date with its time, or a time of day; seconds may be left out."""
    whole = f"{text}:00" if text.count(":") == 1 else text
    return clock.read(whole) if _has_date(text) else clock.read_of_day(whole)


def _has_date(text: str) -> bool:
    return "-" in text or "/" in text


def _counted(source: Source, table: _Table, clock: Clock, line: int, cells: Sequence[str]) -> Run | None:
    """A run from the counter before and after: the difference of two displays, u = step sqrt(2/12) (GUM F.2.2.1)."""
    start = _text(table, "start", cells)
    begin, end = _moment(clock, start), _moment(clock, _text(table, "stop", cells))
    before, after = (table.number(name, cells) for name in ("start energy", "stop energy"))
    if begin is None or end is None or before is None or after is None:
        source.refuse_line(line, "no time" if begin is None or end is None else "no number", ", ".join(cells))
        return None
    joules = after[0] - before[0]
    if end <= begin or joules < 0:
        why = "the stop is before the start: write the dates" if end <= begin else "the counter fell"
        source.refuse_line(line, why, ", ".join(cells))
        return None
    u, facts = max(before[1], after[1]) * math.sqrt(2 / 12), _facts(table, cells, _COUNTER)
    return _run(table, cells, line, joules, end - begin, begin if _has_date(start) else None, facts, u)


def _steady(source: Source, table: _Table, _: Clock, line: int, cells: Sequence[str]) -> Run | None:
    """A run from a steady power and its time; each display errs by half a step: u = step / sqrt 12."""
    power, duration = (table.number(name, cells) for name in ("power", "duration"))
    if power is None or duration is None or power[0] < 0 or not duration[0] > 0:
        source.refuse_line(
            line, "no power, or no time above 0 (plain numbers: units stand in the header)", ", ".join(cells)
        )
        return None
    (watts, step_w), (seconds, step_s) = power, duration
    u = math.hypot(watts * step_s, seconds * step_w) / math.sqrt(12)
    facts = (("power [W]", f"{watts:.10g}"), *_facts(table, cells, _STEADY))
    return _run(table, cells, line, watts * seconds, seconds, None, facts, u)


def _run(
    table: _Table, cells: Sequence[str], line: int, joules: float, seconds: float, start: float | None,
    facts: tuple[tuple[str, str], ...], u: float,
) -> Run:  # fmt: skip
    """A run; a cell that is blank leaves its energy unknown."""
    name = _text(table, "run", cells) or "run"
    known = math.isfinite(joules)
    return Run(line, name, joules if known else None, seconds, start, facts=facts, u=u if known else 0.0)


def _read_log(source: Source, table: _Table) -> PowerLog:
    clock, asked = Clock(source), source.said.run
    recording = Recording(source, [Channel("power", at="wall")])
    runs: dict[str, int] = {}
    step, dated = math.inf, "time" not in table.factor
    for line, cells in _rows(source, table):
        run = _text(table, "run", cells)
        runs.setdefault(run, line)
        if asked and run != asked:
            continue
        seconds = _moment(clock, _text(table, "time", cells)) if dated else (table.number("time", cells) or (None,))[0]
        power = table.number("power", cells)
        if seconds is None or power is None:
            source.refuse_line(line, "no time" if seconds is None else "no power", ", ".join(cells))
        else:
            step = min(step, power[1])
            recording.add_row(line, seconds, [power[0]])
    if asked not in runs if asked else len(runs) > 1:
        names = ", ".join(list(runs)[:SHOWN])
        raise LogError.of("which_run_of_a_notebook", source.where(), runs=names)
    recording.channels = (replace(recording.channels[0], step=0.0 if math.isinf(step) else step),)
    clock.resolution = 0.0  # times by hand are moments: two in one minute are an error, not a burst of samples
    return power_log(source, _NAME, recording, at="wall", clock=clock if dated else None, whole=["power"])


FORMATS: Sequence[Format] = (
    Format(_NAME, "the notebook of a plug meter, such as a Kill A Watt", "PowerLog or RunTable", "wall",
           "documentation", "A table by hand: power over time, the counter before and after, or a steady power.",
           _fits, _read),
)  # fmt: skip
