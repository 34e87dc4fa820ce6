"""What amd-smi prints: metric and monitor, as CSV, as JSON, and the table of monitor.

The power is that of the socket: one chip, or the two dies of a card, of which one shows the power of both and the other
shows N/A. Values are whole watts, stamps whole seconds since 1970. With --watch every line has a stamp. The energy
counter of the tool is not read: on some cards it is wrong, or the same for all of them. Columns, units and stamps are
those of the source of the tool (its logger and its commands), and of a log of eight cards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...checks import real
from ...errors import LogError
from ..files.csv_rows import cells_of, fills
from ..files.json_documents import Object, documents
from ..files.source import Source, number
from ..format import Format, refused
from ..power.card_samples import CardSamples
from ..power.channel import Channel
from ..power.power_log import PowerLog
from ..power.rounds import one_moment

#: Keys of the power: of metric, old and new, and of monitor.
_POWER = ("socket_power", "current_socket_power", "average_socket_power", "power_usage")
#: Keys that only this tool has, to tell a log without power.
_OTHERS = ("gfx_activity", "umc_activity", "gfx_util", "total_energy_consumption", "hotspot_temperature", "gfx_voltage")
_SOCKET = Channel("power", at="component", step=1.0, about="the socket of a card")
_FIX = "log over time with amd-smi metric --power --watch 1 --csv --file power.csv"
_UNITS = {"": 1.0, "w": 1.0, "mw": 1e-3}


def _add(samples: CardSamples, line: int, stamp: str | None, gpu: str, watts: float | None, text: str) -> None:
    """One card at one time; a line without a power that can be read is noted."""
    card = f"gpu {gpu}"
    time = samples.time(stamp, card)
    if not gpu.isdigit():
        samples.source.refuse_line(line, "no card", text)
    elif samples.recording.take(line, time, [watts], text, card):
        samples.stamped = samples.stamped or stamp is not None


def _names(text: str) -> list[str]:
    """The columns that a line of CSV names; none where the line is something else."""
    names = [cell.lower() for cell in cells_of(text)]
    return names if "gpu" in names and {*_POWER, *_OTHERS} & set(names) else []


def _is_csv(source: Source) -> bool:
    return bool(_names(source.first_line))


def _read_csv(source: Source) -> PowerLog:
    samples, names = CardSamples(source, [_SOCKET]), list[str]()
    power, stamp, partition = "", None, None
    for line, text in source.lines():
        if "gpu" in text.lower() and (header := _names(text)):  # each round of a loop may begin with it
            names, power = header, _power_column(source, header, line)
            stamp, partition = (names.index(one) if one in names else None for one in ("timestamp", "xcp"))
            continue
        row = cells_of(text)
        if not fills(source, line, row, len(names), text):
            continue
        if partition is None or row[partition] in ("0", "N/A"):  # the parts of a card show the power of its socket
            watts = number(row[names.index(power)], "W")
            _add(samples, line, None if stamp is None else row[stamp], row[names.index("gpu")], watts, text)
    return samples.log("amd-smi", _FIX)


def _power_column(source: Source, names: list[str], line: int) -> str:
    """The column of the power; raises where there is none, and where one line holds several cards."""
    power = next((name for name in _POWER if name in names), None)
    if power is None:
        raise source.without_power("no column socket_power", _FIX, line)
    for name in (power, "gpu"):
        if (count := names.count(name)) > 1:
            raise LogError.of("columns_repeat", source.where(line), column=name, count=count)
    return power


def _is_json(source: Source) -> bool:
    begins = source.start.lstrip()[:1] in ("[", "{")
    return begins and '"gpu"' in source.start and any(f'"{name}"' in source.start for name in (*_POWER, *_OTHERS))


def _read_json(source: Source) -> PowerLog:
    samples = CardSamples(source, [_SOCKET])
    for line, found in documents(source):
        if isinstance(found, str):
            source.refuse_line(line, "no JSON", found)
            continue
        for one in _cards(found):
            stamp, watts = one.get("timestamp"), _watts(one)
            _add(samples, line, None if stamp is None else str(stamp), str(one.get("gpu")), watts, str(one))
    return samples.log("amd-smi json", _FIX)


def _cards(found: object) -> Iterator[Object]:
    """The cards of a document: a list of them, or of rounds, or a mapping that holds the list."""
    if isinstance(found, Mapping) and "gpu" in found:
        yield found
    elif isinstance(found, Mapping):
        yield from _cards(found.get("gpu_data"))
    elif isinstance(found, list):
        for one in found:
            yield from _cards(one)


def _watts(card: Object) -> float | None:
    """The power of a card, W: NaN where it shows none, None where it cannot be read."""
    parts = [part for part in (card, card.get("power"), card.get("gpu_metrics")) if isinstance(part, Mapping)]
    shown = [part[name] for name in _POWER for part in parts if name in part]
    read = [_watts_of(value) for value in shown]
    return next((watts for watts in read if watts is not None and watts == watts), read[0] if read else None)


def _watts_of(value: object) -> float | None:
    """One value of JSON as a power: a number, a text, or a mapping of a value and its unit."""
    unit = ""
    if isinstance(value, Mapping):
        unit = str(value.get("unit", "")).casefold()
        value = value.get("value")
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
    return bool(_table_header(source.first_line))


def _read_table(source: Source) -> PowerLog:
    samples, names = CardSamples(source, [_SOCKET]), list[str]()
    for line, text in source.lines():
        if header := _table_header(text):
            names = header
            continue
        if not names:
            source.refuse_line(line, "a line before the heads of the table", text)
            continue
        row, before = text.split(), names.index("GPU") + 1 + ("XCP" in names)
        if names[before : before + 1] != ["POWER"]:
            raise source.without_power("no column POWER", _FIX)
        if "XCP" in names and row[before - 1 : before] not in (["0"], ["N/A"]):
            continue  # the parts of a card show the power of its socket
        stamp = row[0] if names[0] == "TIMESTAMP" else None
        watts = number(" ".join(row[before : before + 2]), "W") if row[before + 1 : before + 2] == ["W"] else None
        watts = float("nan") if row[before : before + 1] == ["N/A"] else watts
        gpu = row[names.index("GPU")] if len(row) > before else ""
        _add(samples, line, stamp, gpu, watts, text)
    return samples.log("amd-smi monitor", _FIX)


def _is_text(source: Source) -> bool:
    return source.first_line.startswith("GPU: ") and any(f"{name.upper()}:" in source.start for name in _OTHERS)


FORMATS: Sequence[Format] = (
    Format("amd-smi", "amd-smi metric or monitor --csv", "PowerLog", "component", "real logs",
           "The socket of each card counts. Without --watch the lines have no time: say interval=.",
           _is_csv, _read_csv),
    Format("amd-smi json", "amd-smi metric or monitor --json", "PowerLog", "component", "documentation",
           "The same as JSON, one document or several.", _is_json, _read_json),
    Format("amd-smi monitor", "amd-smi monitor, the table", "PowerLog", "component", "documentation",
           "The same as a table, which needs the column POWER.", _is_table, _read_table),
    refused("amd-smi text", "amd-smi metric, the text", "component", "documentation",
            "One moment has no energy.", _is_text, lambda source: one_moment(source, _FIX)),
)  # fmt: skip
