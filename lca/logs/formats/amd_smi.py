"""What amd-smi prints: metric and monitor, as CSV, as JSON, and the table of monitor.

The power is that of the socket: one chip, or the two dies of a card, of which one shows the power of both and the other
shows N/A. Values are whole watts, stamps whole seconds since 1970. With --watch every line has a stamp. The energy
counter of the tool is not read: on some cards it is wrong, or the same for all of them. Columns, units and stamps are
those of the source of the tool (its logger and its commands), and of a log of eight cards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...checks import real
from ...errors import LogError
from ..channel import Channel
from ..clock import Clock
from ..csv_rows import cells_of
from ..document import documents
from ..format import Format
from ..power_log import PowerLog
from ..recording import power_log
from ..rounds import Rounds, refuse_one_moment
from ..source import Source, number
from ..stamps import read_stamp
from ..track import Recording

#: Keys of the power: of metric, old and new, and of monitor.
_POWER = ("socket_power", "current_socket_power", "average_socket_power", "power_usage")
#: Keys that only this tool has, to tell a log without power.
_OTHERS = ("gfx_activity", "umc_activity", "gfx_util", "total_energy_consumption", "hotspot_temperature", "gfx_voltage")
_SOCKET = Channel("power", at="component", step=1.0, about="the socket of a card")
_FIX = "log over time with amd-smi metric --power --watch 1 --csv --file power.csv"
_UNITS = {"": 1.0, "w": 1.0, "mw": 1e-3}


class _Samples:
    """The samples of cards, with stamps or in rounds."""

    def __init__(self, source: Source) -> None:
        self.source, self.clock, self.rounds = source, Clock(source), Rounds(source)
        self.recording = Recording(source, [_SOCKET])
        self.stamped = False

    def add(self, line: int, stamp: str | None, gpu: str, watts: float | None, text: str) -> None:
        """One card at one time; a line without a power that can be read is noted."""
        card = f"gpu {gpu}"
        time = self.rounds.next(card) if stamp is None else read_stamp(stamp, self.clock)
        if time is None or watts is None or not gpu.isdigit():
            what = "no card" if not gpu.isdigit() else "no time" if time is None else "no power"
            self.source.refuse_line(line, what, text)
            return
        self.stamped = self.stamped or stamp is not None
        self.recording.add(line, time, {"power": watts}, card)

    def log(self, name: str) -> PowerLog:
        """The log, after the last line."""
        refuse_one_moment(self.source, self.recording, _FIX)
        self.rounds.check()
        return power_log(
            self.source, name, self.recording, at="component", clock=self.clock if self.stamped else None,
            whole=["power"],
        )  # fmt: skip


def _names(text: str) -> list[str]:
    """The columns that a line of CSV names; none where the line is something else."""
    names = [cell.lower() for cell in cells_of(text)]
    return names if "gpu" in names and {*_POWER, *_OTHERS} & set(names) else []


def _is_csv(source: Source) -> bool:
    return bool(_names(next(iter(source.first_lines(1)), "")))


def _read_csv(source: Source) -> PowerLog:
    samples, names = _Samples(source), list[str]()
    power, stamp, partition = "", None, None
    for line, text in source.lines():
        if "gpu" in text.lower() and (header := _names(text)):  # each round of a loop may begin with it
            names, power = header, _power_column(source, header, line)
            stamp, partition = (names.index(one) if one in names else None for one in ("timestamp", "xcp"))
            continue
        row = cells_of(text)
        if len(row) != len(names):
            source.refuse_line(line, f"{len(row)} cells, not {len(names)}", text)
        elif partition is None or row[partition] in ("0", "N/A"):  # the parts of a card show the power of its socket
            watts = number(row[names.index(power)], "W")
            samples.add(line, None if stamp is None else row[stamp], row[names.index("gpu")], watts, text)
    return samples.log("amd-smi")


def _power_column(source: Source, names: list[str], line: int) -> str:
    """The column of the power; raises where there is none, and where one line holds several cards."""
    power = next((name for name in _POWER if name in names), None)
    if power is None:
        raise LogError.of("no_power_in_log", source.where(line), holds="no column socket_power", fix=_FIX)
    for name in (power, "gpu"):
        if (count := names.count(name)) > 1:
            raise LogError.of("columns_repeat", source.where(line), column=name, count=count)
    return power


def _is_json(source: Source) -> bool:
    begins = source.start.lstrip()[:1] in ("[", "{")
    return begins and '"gpu"' in source.start and any(f'"{name}"' in source.start for name in (*_POWER, *_OTHERS))


def _read_json(source: Source) -> PowerLog:
    samples = _Samples(source)
    for line, found in documents(source):
        if isinstance(found, str):
            source.refuse_line(line, "no JSON", found)
            continue
        for one in _cards(found):
            stamp, watts = one.get("timestamp"), _watts(one)
            samples.add(line, None if stamp is None else str(stamp), str(one.get("gpu")), watts, str(one))
    return samples.log("amd-smi json")


def _cards(found: Any) -> Iterator[Mapping[str, Any]]:
    """The cards of a document: a list of them, or of rounds, or a mapping that holds the list."""
    if isinstance(found, Mapping) and "gpu" in found:
        yield found
    elif isinstance(found, Mapping):
        yield from _cards(found.get("gpu_data"))
    elif isinstance(found, list):
        for one in found:
            yield from _cards(one)


def _watts(card: Mapping[str, Any]) -> float | None:
    """The power of a card, W: NaN where it shows none, None where it cannot be read."""
    parts = [part for part in (card, card.get("power"), card.get("gpu_metrics")) if isinstance(part, Mapping)]
    shown = [part[name] for name in _POWER for part in parts if name in part]
    read = [_watts_of(value) for value in shown]
    return next((watts for watts in read if watts is not None and watts == watts), read[0] if read else None)


def _watts_of(value: Any) -> float | None:
    """One value of JSON as a power: a number, a text, or a mapping of a value and its unit."""
    unit = ""
    if isinstance(value, Mapping):
        value, unit = value.get("value"), str(value.get("unit", "")).casefold()
    if value is None:
        return float("nan")
    size = number(value, "W") if isinstance(value, str) else real(value)
    return None if size is None or unit not in _UNITS else size * _UNITS[unit]


def _table_header(text: str) -> list[str]:
    """The heads of the table of monitor; none where the line is something else."""
    names = text.split()
    known = "GPU" in names[:2] and {"POWER", "GPU_T", "GPU_TEMP", "GFX_UTIL", "GFX%"} & set(names)
    return names if known and "," not in text else []


def _is_table(source: Source) -> bool:
    return bool(_table_header(next(iter(source.first_lines(1)), "")))


def _read_table(source: Source) -> PowerLog:
    samples, names = _Samples(source), list[str]()
    for line, text in source.lines():
        if header := _table_header(text):
            names = header
            continue
        if not names:
            source.refuse_line(line, "a line before the heads of the table", text)
            continue
        row, before = text.split(), names.index("GPU") + 1 + ("XCP" in names)
        if names[before : before + 1] != ["POWER"]:
            raise LogError.of("no_power_in_log", source.where(), holds="no column POWER", fix=_FIX)
        if "XCP" in names and row[before - 1 : before] not in (["0"], ["N/A"]):
            continue  # the parts of a card show the power of its socket
        stamp = row[0] if names[0] == "TIMESTAMP" else None
        watts = number(" ".join(row[before : before + 2]), "W") if row[before + 1 : before + 2] == ["W"] else None
        watts = float("nan") if row[before : before + 1] == ["N/A"] else watts
        gpu = row[names.index("GPU")] if len(row) > before else ""
        samples.add(line, stamp, gpu, watts, text)
    return samples.log("amd-smi monitor")


def _is_text(source: Source) -> bool:
    first = source.first_lines(1)
    return bool(first) and first[0].startswith("GPU: ") and any(f"{name.upper()}:" in source.start for name in _OTHERS)


def _read_text(source: Source) -> PowerLog:
    raise LogError.of("one_moment", source.where(), fix=_FIX)


FORMATS: Sequence[Format] = (
    Format("amd-smi", "amd-smi metric or monitor --csv", "PowerLog", "component", "real logs",
           "The socket of each card counts. Without --watch the lines have no time: say interval=.",
           _is_csv, _read_csv),
    Format("amd-smi json", "amd-smi metric or monitor --json", "PowerLog", "component", "documentation",
           "The same as JSON, one document or several.", _is_json, _read_json),
    Format("amd-smi monitor", "amd-smi monitor, the table", "PowerLog", "component", "documentation",
           "The same as a table, which needs the column POWER.", _is_table, _read_table),
    Format("amd-smi text", "amd-smi metric, the text", "refused", "component", "documentation",
           "One moment has no energy.", _is_text, _read_text),
)  # fmt: skip
