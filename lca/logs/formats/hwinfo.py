"""The CSV that HWiNFO logs: each sensor of a machine is a column, named in the language of the program.

All columns in W are channels of one device, as they overlap and are of many parts: the user says which count. Columns
of one name are told apart by " (2)". The code page is that of Windows, the date 27.10.2025, the time not padded, and
the decimal mark that of the country. Behind the rows the names come again, with those of the sensors; both are left
out. Known from logs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..files.clock import Clock
from ..files.csv_rows import cells_of, fills
from ..files.source import Source, number
from ..format import Format
from ..power.channel import Channel
from ..power.power_log import PowerLog
from ..power.recording import power_log
from ..power.track import Recording

#: The columns of the whole of a processor or a card, by language: each contains the others of its part.
_TOTALS = {
    "CPU Package Power": "cpu", "CPU-Gesamt-Leistungsaufnahme": "cpu", "CPU Package Power (SMU)": "cpu",
    "CPU PPT": "cpu", "Total Board Power (TBP)": "gpu", "GPU Power": "gpu", "GPU Leistung": "gpu",
    "Total Graphics Power (TGP)": "gpu",
}  # fmt: skip
_PARTS = {
    "cpu": re.compile(r"(?!.*GPU)(?:CPU|Core|Kern|IA |GT |System Agent|Rest-of-Chip|VDDCR|SoC).*", re.I),
    "gpu": re.compile(r".*(?:GPU|PCIe|\d-pin|Graphics|Board Power).*", re.I),
}
_LIMIT = re.compile(r"limit|grenz", re.I)
_WATTS = "[W]"
_STEP = 0.001  # W, as printed


def _header(source: Source) -> tuple[list[str], str]:
    """The names of the columns, and what stands between them; no names where the file is not of HWiNFO."""
    for mark in ",;":
        names = cells_of(source.first_line, mark)
        if names[:2] == ["Date", "Time"] and any(name.endswith("]") for name in names[2:]):
            return names, mark
    return [], ","


def _fits(source: Source) -> bool:
    return bool(_header(source)[0])


def _powers(names: Sequence[str]) -> dict[int, str]:
    """The channels of the columns in W, by their place; limits are not powers."""
    found: dict[int, str] = {}
    for at, name in enumerate(names):
        if not name.endswith(_WATTS) or _LIMIT.search(name):
            continue
        count, short = names[:at].count(name), name.removesuffix(_WATTS).strip()
        found[at] = f"{short} ({count + 1})" if count else short
    return found


def _channels(names: Sequence[str], at: str) -> list[Channel]:
    totals = [name for name in _TOTALS if name in names]
    made = []
    for name in names:
        part = _TOTALS.get(name, "")
        outer = totals[: totals.index(name) + 1] if part else []
        inner = tuple(one for one in names if part and one not in outer and _PARTS[part].fullmatch(one))
        made.append(Channel(name, at, inner, step=_STEP))
    return made


def _read(source: Source) -> PowerLog:
    names, mark = _header(source)
    powers = _powers(names)
    if not powers:
        fix = "log again with the sensors of power"
        raise source.without_power("columns of HWiNFO, none of them in W", fix)
    at = source.said.boundary or "component"
    recording, clock = Recording(source, _channels(list(powers.values()), at)), None
    for line, text in source.lines():
        cells = cells_of(text, mark)
        if cells[:2] in (["Date", "Time"], ["", ""]) or not fills(source, line, cells, len(names), text):
            continue
        clock = clock or Clock(source, "ymd" if re.match(r"\d{4}", cells[0]) else "dmy")
        time = clock.read(f"{cells[0]} {cells[1]}") if "/" not in cells[0] else None
        shown = [_value(cells[place]) for place in powers]
        recording.take(line, time, shown, text, no_time="no date and time", no_number="not a number")
    notes = ["the columns are of many parts, and some contain others: choose with channels="]
    return power_log(source, "hwinfo", recording, at=at, clock=clock, notes=notes)


def _value(cell: str) -> float | None:
    """A number, with the decimal mark of any country."""
    return number(cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell)


FORMATS: Sequence[Format] = (
    Format("hwinfo", "HWiNFO, CSV", "PowerLog", "component, or said by the user", "real logs",
           "Each column in W is a channel; the user names those that count.", _fits, _read),
)  # fmt: skip
