"""What nvidia-smi prints: --query-gpu as CSV, dmon, and what of it holds no energy (pmon, the table of one moment).

The power is that of the whole card. NVIDIA states that it is accurate to within 5 W
(nvidia-smi manual page, "Power Draw"). Columns and units are those of the same page; the lines are those of real logs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...errors import LogError
from ..files.asked_columns import Asked, asked_columns
from ..files.clock import Clock
from ..files.csv_rows import cells_of, fills, header
from ..files.source import Source, number
from ..files.stamps import read_stamp
from ..format import Format, refused
from ..power.card_samples import NVIDIA_CARD, nvidia_log
from ..power.channel import Channel
from ..power.plausible import MARGIN, rated_power
from ..power.power_log import PowerLog
from ..power.rounds import Rounds, one_moment, refuse_nameless_devices
from ..power.track import Recording

#: Columns of power, the best first: a mean over the last second hides less than one moment does.
_POWER = ("power.draw.average", "power.draw", "power.draw.instant")
#: Columns that tell cards apart, the best first. Two cards may have one name.
_DEVICE = ("uuid", "gpu_uuid", "pci.bus_id", "gpu_bus_id", "index", "gpu_index", "serial", "gpu_serial")
_NAME = ("name", "gpu_name")
#: The whole card, as dmon shows it.
_CARD = Channel("power", at="component", step=1.0, about="the whole card")
_UNIT = re.compile(r"\s*\[.*\]$")
_STAMP = re.compile(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{3}")
_OVER_TIME = "log over time with --query-gpu=timestamp,index,power.draw --format=csv -l 1"


def _header(source: Source) -> list[str]:
    """The column names of --query-gpu without their units; none where the file has no such header."""
    names = [_UNIT.sub("", cell) for cell in header(source)]
    return names if "timestamp" in names or any(name in _POWER for name in names) else []


def _is_query(source: Source) -> bool:
    names = _header(source)
    units = "[W]" in source.start.split("\n", 1)[0] or any(name in _POWER for name in names)
    known = units or any(name in _DEVICE[:4] or name.startswith(("utilization.", "clocks.")) for name in names)
    return (len(names) > 1 and known) or _is_nameless(source)


def _is_nameless(source: Source) -> bool:
    """Whether the lines are those of a query with noheader: one cell is a stamp as nvidia-smi prints it."""
    first = source.first_lines(2)
    return bool(first) and all(sum(bool(_STAMP.fullmatch(cell)) for cell in cells_of(line)) == 1 for line in first)


@dataclass(frozen=True)
class _Places:
    """Where the cells of a line stand; None for a column that the log has not."""

    count: int
    stamp: int | None
    power: int
    factor: float  # W in its unit
    device: int | None
    by_index: bool
    name: int | None
    limit: int | None

    def device_of(self, row: list[str]) -> str:
        if self.device is None:
            return ""
        return f"gpu {row[self.device]}" if self.by_index else row[self.device]


def _places(source: Source) -> _Places:
    """The columns of a query: by their names, or by number where nvidia-smi ran with noheader."""
    names = _header(source)
    first = header(source)
    asked = asked_columns(source, names or [str(n + 1) for n in range(len(first))])
    if not names:
        return _numbered(source, first, asked)
    power = next((name for name in (*asked.powers, *_POWER) if name in names), None)
    if power is None:
        raise source.without_power("a query without power.draw", _OVER_TIME)
    device = asked.device or next((name for name in (*_DEVICE, *_NAME) if name in names), "")
    at = {name: names.index(name) for name in names}
    factor = asked.powers.get(power, 1.0)
    name = next((at[name] for name in _NAME if name in at), None)
    by_index = "index" in device
    return _Places(
        len(names), at.get("timestamp"), at[power], factor, at.get(device), by_index, name, at.get("power.limit")
    )  # fmt: skip


def _numbered(source: Source, first: list[str], asked: Asked) -> _Places:
    if len(asked.powers) != 1:
        sides = [f"{n}: {cell}" for n, cell in enumerate(first, start=1)]
        column = next((n for n, cell in enumerate(first, start=1) if cell.endswith(" W")), len(first))
        raise LogError.of("columns_without_names", source.where(), sides, column=column)
    [(power, factor)] = asked.powers.items()
    stamp = next((n for n, cell in enumerate(first) if _STAMP.fullmatch(cell)), None)
    device = int(asked.device) - 1 if asked.device else None
    by_index = device is not None and first[device].isdigit()
    return _Places(len(first), stamp, int(power) - 1, factor, device, by_index, None, None)


def _read_query(source: Source) -> PowerLog:
    places = _places(source)
    clock, rounds, recording = Clock(source), Rounds(source), Recording(source, [NVIDIA_CARD])
    cards: dict[str, float] = {}  # the power that each model may draw, W
    shape, most = "", 0.0
    for line, row in _rows(source, places.count):
        device = places.device_of(row)
        time = rounds.next(device) if places.stamp is None else read_stamp(row[places.stamp], clock)
        shown = number(row[places.power], "W")
        watts = None if shown is None else shown * places.factor
        if not recording.take(line, time, [watts], ",".join(row), device):
            continue
        if places.limit is not None:
            most = max(most, number(row[places.limit], "W") or 0.0)
        if places.name is not None and row[places.name] not in cards:
            cards[row[places.name]] = rated_power(row[places.name]) or 0.0
        shape, last = shape or row[places.power], (line, row[places.power])
    if recording.read and source.ends_inside_line and _is_cut(last[1], shape):
        source.refuse_line(last[0], "the file ends inside this line", last[1])
    rounds.check()
    for device in recording.devices if not places.by_index else []:
        refuse_nameless_devices(source, recording, device)
    most = most or (max(cards.values()) if all(cards.values()) and cards else 0.0)
    notes = [f"cards: {', '.join(cards)}"] if cards and places.device != places.name else []
    dated = clock if places.stamp is not None else None
    return nvidia_log(source, "nvidia-smi", recording, dated, limit=MARGIN * most or None, notes=notes)


def _is_cut(cell: str, usual: str) -> bool:
    """Whether a number lacks decimals or the unit that the first one has: the file ends within it."""
    decimals = [len(one.rstrip(" W").partition(".")[2]) for one in (cell, usual)]
    return decimals[0] < decimals[1] or (usual.endswith("W") and not cell.endswith("W"))


def _rows(source: Source, count: int) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line behind the header; a header that comes again is left out."""
    for line, text in source.lines():
        row = cells_of(text)
        if "timestamp" in row or any(_UNIT.sub("", cell) in _POWER for cell in row):
            continue
        if fills(source, line, row, count, text):
            yield line, row


def _columns(source: Source) -> list[str]:
    """The columns of dmon or pmon, from the line of names that begins with a hash."""
    first = source.first_line
    return first.lstrip("# ").split() if first.startswith("#") else []


def _is_monitor(source: Source) -> bool:
    return {"gpu"} <= set(_columns(source)) and bool({"sm", "pwr"} & set(_columns(source)))


def _read_monitor(source: Source) -> PowerLog:
    names = _columns(source)
    if "pwr" not in names:
        tool = "pmon, which shows processes" if "pid" in names else "dmon without its column pwr"
        raise source.without_power(tool, "log again with nvidia-smi dmon -s p -o DT")
    clock, rounds = (Clock(source) if "Time" in names else None), Rounds(source)
    recording = Recording(source, [_CARD])
    for line, text in source.lines():
        if text.lstrip().startswith("#"):
            continue
        row = text.split()
        if fills(source, line, row, len(names), text):
            found = dict(zip(names, row, strict=True))
            card = f"gpu {found['gpu']}"
            time = rounds.next(card) if clock is None else _moment(found, clock)
            recording.take(line, time, [number(found["pwr"])], text, card)
    rounds.check()
    return nvidia_log(source, "nvidia-smi dmon", recording, clock)


def _moment(row: dict[str, str], clock: Clock) -> float | None:
    """The time of a line of dmon, from its date and time of day or the latter alone."""
    if "Date" not in row:
        return clock.read_of_day(row["Time"])
    day = row["Date"]
    return clock.read(f"{day[:4]}-{day[4:6]}-{day[6:]} {row['Time']}")


def _is_table(source: Source) -> bool:
    return "NVIDIA-SMI" in source.start and "Driver Version" in source.start


FORMATS: Sequence[Format] = (
    Format("nvidia-smi", "nvidia-smi --query-gpu --format=csv", "PowerLog", "component", "real logs",
           "Cards are told apart by uuid, bus or index. [N/A] is missing. With noheader, say columns= by number.",
           _is_query, _read_query),
    Format("nvidia-smi dmon", "nvidia-smi dmon", "PowerLog", "component", "real logs",
           "Without -o T the lines have no time: say interval=. pmon shows no power and is refused.",
           _is_monitor, _read_monitor),
    refused("nvidia-smi table", "nvidia-smi, the table of one moment", "component", "real logs",
            "One moment has no energy.", _is_table, lambda source: one_moment(source, _OVER_TIME)),
)  # fmt: skip
