"""The CSV of Intel Power Gadget: the cumulative energy of each socket in joules, since the log began.

The joules count; the same energy stands beside them in mWh. The processor holds IA (cores) and GT (graphics); DRAM is
outside. Without cumulative columns the mean powers count. Times are the elapsed seconds. Behind the rows the tool
writes totals, "Total Elapsed Time (sec) = 60.05", which are left out. Known from logs; the tool is no longer developed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..files.csv_rows import cells_of, fills, header
from ..files.source import Source, number
from ..format import Format
from ..power.channel import Channel
from ..power.power_log import PowerLog
from ..power.recording import power_log
from ..power.track import Recording

_COLUMN = re.compile(r"(Cumulative )?(Processor|Package|IA|GT|DRAM) (Power|Energy)_(\d+) ?\((Watt|Joules)\)")
_DOMAINS = {"Processor": "package", "Package": "package", "IA": "cores", "GT": "graphics", "DRAM": "dram"}
_INNER = {"package": ("cores", "graphics")}
_ELAPSED = "Elapsed Time (sec)"
_STEP = 0.001  # W or J, as printed


def _header(source: Source) -> list[str]:
    names = header(source)
    return names if _ELAPSED in names and any("RDTSC" in name or _COLUMN.fullmatch(name) for name in names) else []


def _fits(source: Source) -> bool:
    return bool(_header(source))


def _columns(names: Sequence[str], counter: bool) -> Mapping[int, tuple[str, str]]:
    """(socket, domain) of the columns of counters, or of powers, by their place."""
    found = {}
    for at, name in enumerate(names):
        column = _COLUMN.fullmatch(name)
        if column and bool(column[1]) == counter and column[5] == ("Joules" if counter else "Watt"):
            found[at] = (f"socket {column[4]}", _DOMAINS[column[2]])
    return found


def _read(source: Source) -> PowerLog:
    names = _header(source)
    counter = bool(_columns(names, True))
    columns = _columns(names, counter)
    if not columns:
        fix = "log again with the power of the processor"
        raise source.without_power("columns of Intel Power Gadget without power", fix)
    domains = dict.fromkeys(domain for _, domain in columns.values())
    made = [
        Channel(name, "component", _INNER.get(name, ()), counter=counter, mean=not counter, step=_STEP)
        for name in domains
    ]
    recording = Recording(source, made)
    _rows(source, names, columns, recording)
    notes = ['DRAM is outside the package: channels=["package", "dram"] adds it'] if "dram" in domains else []
    return power_log(source, "intel power gadget", recording, at="component", whole=["package"], notes=notes)


def _rows(source: Source, names: Sequence[str], columns: Mapping[int, tuple[str, str]], recording: Recording) -> None:
    elapsed, begun = names.index(_ELAPSED), False
    for line, text in source.lines():
        cells = cells_of(text)
        if _ELAPSED in text or " = " in text or not fills(source, line, cells, len(names), text):
            continue
        time, shown = number(cells[elapsed]), {at: number(cells[at]) for at in columns}
        if time is None or time != time or None in shown.values():
            source.refuse_line(line, "no time" if time is None or time != time else "not a number", text)
            continue
        rows: dict[str, dict[str, float]] = {}
        for at, (socket, domain) in columns.items():
            rows.setdefault(socket, {})[domain] = shown[at] or 0.0
        for socket, values in rows.items():
            device = socket if len(rows) > 1 else ""
            if not begun and time > 0:  # the counters began at 0 with the log
                zero = dict.fromkeys(values, 0.0) if recording.channels[0].counter else {}
                recording.add(line, 0.0, zero, device)
            recording.add(line, time, values, device)
        begun = True


FORMATS: Sequence[Format] = (
    Format("intel power gadget", "Intel Power Gadget, CSV", "PowerLog", "component", "real logs",
           "The cumulative joules of the processor count, from the start of the log.", _fits, _read),
)  # fmt: skip
