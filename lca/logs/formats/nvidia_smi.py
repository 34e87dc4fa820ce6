"""What nvidia-smi prints: --query-gpu as CSV, dmon, and what of it holds no energy (pmon, the table of one moment).

The power is that of the whole card. NVIDIA states that it is accurate to within 5 W
(nvidia-smi manual page, "Power Draw").
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from typing import NoReturn

from ...errors import LogError
from ..channel import Channel
from ..clock import Clock
from ..format import Format
from ..power_log import PowerLog
from ..recording import power_log
from ..source import Source, number
from ..track import Recording

#: Columns of power, the best first: a mean over the last second hides less than one moment does.
_POWER = ("power.draw.average", "power.draw", "power.draw.instant")
_DEVICE = ("uuid", "gpu_uuid", "pci.bus_id", "gpu_bus_id", "index", "gpu_index")
_ACCURACY = "5 W"
_ABOUT = "nvidia-smi manual page: accurate to within +/- 5 W"
_STEP = 0.01  # W, as printed
_CARD = Channel("power", at="component", step=_STEP, about="the whole card")


def _header(source: Source) -> list[str]:
    """The column names of --query-gpu without their units; none where the file has no such header."""
    first = next(iter(source.first_lines(1)), "")
    names = [re.sub(r"\s*\[.*\]$", "", cell.strip()) for cell in first.split(",")]
    return names if "timestamp" in names or any(name in _POWER for name in names) else []


def _is_query(source: Source) -> bool:
    names = _header(source)
    units = "[W]" in source.start.split("\n", 1)[0] or "power.draw" in names
    return len(names) > 1 and (units or any(name in _DEVICE[:-2] or "." in name for name in names))


def _read_query(source: Source) -> PowerLog:
    names = _header(source)
    power = next((name for name in _POWER if name in names), None)
    if power is None:
        _refuse(source, "a query without power.draw", "log again with --query-gpu=timestamp,index,power.draw")
    if "timestamp" not in names:
        raise LogError.of("no_time_in_log", source.where())
    clock, recording = Clock(source), Recording(source, [_CARD])
    device = next((name for name in _DEVICE if name in names), None)
    stamp, watts = names.index("timestamp"), names.index(power)
    label = names.index(device) if device else None
    limit = names.index("power.limit") if "power.limit" in names else None
    most = 0.0
    for line, cells in _cells(source, len(names)):
        time, shown = clock.read(cells[stamp]), number(cells[watts], "W")
        if time is None or shown is None:
            source.refuse_line(line, "no time" if time is None else "no power", ",".join(cells))
            continue
        most = max(most, number(cells[limit], "W") or 0.0) if limit is not None else 0.0
        recording.add(line, time, {"power": shown}, "" if label is None else _name(device or "", cells[label]))
    return _log(source, "nvidia-smi", recording, clock, limit=1.5 * most or None)


def _cells(source: Source, count: int) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line behind the header; a header that comes again is left out."""
    for line, text in source.lines():
        cells = [cell.strip() for cell in next(csv.reader([text]))]
        if "timestamp" in cells:
            continue
        if len(cells) != count:
            source.refuse_line(line, f"{len(cells)} cells, not {count}", text)
        else:
            yield line, cells


def _name(column: str, cell: str) -> str:
    return f"gpu {cell}" if "index" in column else cell


def _log(source: Source, name: str, recording: Recording, clock: Clock | None, limit: float | None = None) -> PowerLog:
    return power_log(
        source,
        name,
        recording,
        at="component",
        clock=clock,
        whole=["power"],
        accuracy=_ACCURACY,
        about=_ABOUT,
        limit=limit,
    )


def _columns(source: Source) -> list[str]:
    """The columns of dmon or pmon, from the line of names that begins with a hash."""
    first = next(iter(source.first_lines(1)), "")
    return first.lstrip("# ").split() if first.startswith("#") else []


def _is_monitor(source: Source) -> bool:
    return {"gpu"} <= set(_columns(source)) and bool({"sm", "pwr"} & set(_columns(source)))


def _read_monitor(source: Source) -> PowerLog:
    names = _columns(source)
    if "pwr" not in names:
        tool = "pmon, which shows processes" if "pid" in names else "dmon without its column pwr"
        _refuse(source, tool, "log again with nvidia-smi dmon -s p -o DT")
    clock = Clock(source) if "Time" in names else None
    recording = Recording(source, [Channel("power", at="component", step=1.0, about="the whole card")])
    rows: dict[str, int] = {}
    for line, text in source.lines():
        if text.lstrip().startswith("#"):
            continue
        cells = text.split()
        if len(cells) != len(names):
            source.refuse_line(line, f"{len(cells)} cells, not {len(names)}", text)
            continue
        found = dict(zip(names, cells, strict=True))
        card = f"gpu {found['gpu']}"
        rows[card] = rows.get(card, -1) + 1
        time, shown = _moment(source, found, clock, rows[card]), number(found["pwr"])
        if time is None or shown is None:
            source.refuse_line(line, "no time" if time is None else "no power", text)
            continue
        recording.add(line, time, {"power": shown}, card)
    return _log(source, "nvidia-smi dmon", recording, clock)


def _moment(source: Source, cells: dict[str, str], clock: Clock | None, row: int) -> float | None:
    """The time of a line of dmon: its date and time, or the rows before it times the interval that the user says."""
    if clock is None:
        if source.said.interval is None:
            raise LogError.of("no_time_in_log", source.where())
        return row * source.said.interval
    if "Date" not in cells:
        return clock.read_of_day(cells["Time"])
    day = cells["Date"]
    return clock.read(f"{day[:4]}-{day[4:6]}-{day[6:]} {cells['Time']}")


def _is_table(source: Source) -> bool:
    return "NVIDIA-SMI" in source.start and "Driver Version" in source.start


def _read_table(source: Source) -> PowerLog:
    _refuse(source, "the state of one moment", "log over time with --query-gpu=timestamp,index,power.draw -l 1")


def _refuse(source: Source, holds: str, fix: str) -> NoReturn:
    raise LogError.of("no_power_in_log", source.where(), holds=holds, fix=fix)


FORMATS: Sequence[Format] = (
    Format("nvidia-smi", "nvidia-smi --query-gpu --format=csv", "PowerLog", "component", "real logs",
           "Cards are told apart by uuid, bus or index. [N/A] is missing.", _is_query, _read_query),
    Format("nvidia-smi dmon", "nvidia-smi dmon", "PowerLog", "component", "real logs",
           "Without -o T the lines have no time: say interval=. pmon shows no power and is refused.",
           _is_monitor, _read_monitor),
    Format("nvidia-smi table", "nvidia-smi, the table of one moment", "refused", "component", "real logs",
           "One moment has no energy.", _is_table, _read_table),
)  # fmt: skip
