"""The messages of smart plugs, one JSON object a line: Tasmota, Shelly, TP-Link Kasa and Tapo; Home Assistant's CSV.

A plug counts energy and shows power. The counter is the energy, where it is fine enough; its power is kept as a second
channel of the same energy. What stands in front of an object on its line, such as an MQTT topic, names the plug.

- Tasmota, SENSOR and STATUS8: ENERGY.Total in kWh, Power in W, local Time without a zone (Tasmota documentation,
  "JSON Status Responses"). Another TotalStartTime is another plug, or a counter that was set back.
- Shelly, second generation and later: apower in W, aenergy.total in Wh (Shelly API, "Switch"). The time is that of the
  notification or of the system, else minute_ts, the begin of the running minute. by_minute, in mWh, is left out.
- Shelly, first generation: meters[].power in W, total in watt-minutes since the last start.
- Kasa: power_mw and total_wh, or power and total in W and kWh; no time. Tapo: current_power in mW with local_time;
  its today_energy, in whole Wh, begins anew each midnight, so the power counts.
- Home Assistant, history as CSV: entity_id, state, last_changed. It holds changes only, so between two rows a power is
  unknown, and only counters are read. The unit is not in the file: the user says it, columns={"sensor.plug": "kWh"}.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ...errors import LcaError, LogError
from ...units.quantity import conversion
from ..files.clock import Clock
from ..files.csv_rows import cells_of, header
from ..files.json_documents import Object, inner, part
from ..files.source import Source, number
from ..format import Format
from ..power.channel import Channel
from ..power.power_log import PowerLog
from ..power.recording import power_log
from ..power.track import Recording
from .plugs import Message, Plugs, objects

_WH, _KWH, _WATT_MINUTE = 3600.0, 3.6e6, 60.0  # J
#: Parts of an MQTT topic that say the kind of a message: of Tasmota, and of Shelly.
_KINDS = frozenset(("tele", "stat", "SENSOR", "STATUS8", "STATUS10", "events", "rpc", "status"))
_HISTORY = ["entity_id", "state", "last_changed"]
Parser = Callable[[Object], Iterator[Message]]


def _read(source: Source, name: str, parse: Parser, whole: Sequence[str], notes: Sequence[str] = ()) -> PowerLog:
    plugs, dated = Plugs(source), True
    for line, topic, found in objects(source):
        messages = list(parse(found)) if isinstance(found, dict) else []
        plugs.silent += not messages
        for message in messages:
            dated = dated and message.time is not None
            plugs.take(line, replace(message, device=message.device or _plug(topic)))
    return plugs.log(name, whole, notes, dated=dated)


def _plug(topic: str) -> str:
    """The name of a plug in an MQTT topic: what is left without the kind of the message."""
    parts = topic.split()[-1].split("/") if topic else []
    return "/".join(part for part in parts if part not in _KINDS and not part.startswith("switch:"))


def _holds(source: Source, *words: str) -> bool:
    """Whether the first bytes hold JSON objects with all these names."""
    return all(f'"{word}"' in source.start for word in words) and "{" in source.first_line


def _tasmota(found: Object) -> Iterator[Message]:
    told = part(found, "StatusSNS") or found
    energy = part(told, "ENERGY")
    if {"Total", "Power"} & set(energy):
        begin, time = energy.get("TotalStartTime") or "", told.get("Time", "no Time")
        yield Message("", time, energy.get("Total"), energy.get("Power"), joules=_KWH, counter=str(begin))


def _shelly(found: Object) -> Iterator[Message]:
    told = part(found, "params") or part(found, "result") or found
    time = next((one for one in (told.get("ts"), told.get("unixtime"), inner(told, "sys", "unixtime")) if one), None)
    switches = {name: one for name, one in told.items() if name.startswith(("switch:", "pm1:"))}
    source = str(found.get("src") or "")
    for name, one in (switches or {_own_name(told): told}).items():
        if isinstance(one, dict) and {"apower", "aenergy"} & set(one):
            device = " ".join(filter(None, (source, name if name[-2:] != ":0" else "")))
            moment = time or inner(one, "aenergy", "minute_ts") or "no time"
            yield Message(device, moment, inner(one, "aenergy", "total"), one.get("apower"), joules=_WH)


def _own_name(told: Object) -> str:
    return f"switch:{told.get('id') or 0}"


def _shelly_first(found: Object) -> Iterator[Message]:
    listed = found.get("meters", [found])
    meters = listed if isinstance(listed, list) else []
    for n, meter in enumerate(meters):
        if isinstance(meter, dict) and "power" in meter and meter.get("is_valid", True):
            time = found.get("unixtime") or meter.get("timestamp") or "no time"
            device = f"meter {n}" if len(meters) > 1 else ""
            yield Message(device, time, meter.get("total"), meter.get("power"), joules=_WATT_MINUTE)


def _kasa(found: Object) -> Iterator[Message]:
    told = part(found, "emeter", "get_realtime") or part(found, "get_realtime") or found
    if "power_mw" in told:
        yield Message("", None, told.get("total_wh"), told["power_mw"], joules=_WH, watts=0.001)
    elif {"power", "total"} <= set(told):
        yield Message("", None, told["total"], told["power"], joules=_KWH)


def _tapo(found: Object) -> Iterator[Message]:
    told = part(found, "result") or found
    if "current_power" in told:
        time = told.get("local_time") or "no local_time"
        yield Message("", time, told.get("today_energy"), told["current_power"], joules=_WH, watts=0.001)


def _is_history(source: Source) -> bool:
    return header(source)[:3] == _HISTORY


def _read_history(source: Source) -> PowerLog:
    units = {name: _joules(unit, source) for name, unit in source.said.columns.items()}
    if not units:
        raise LogError.of("unit_of_an_entity_unknown", source.where())
    recording, clock = Recording(source, [Channel("energy", at="wall", counter=True)]), Clock(source)
    others: set[str] = set()
    for line, text in source.lines():
        cells = cells_of(text)
        if cells[:3] == _HISTORY:
            continue
        if len(cells) < 3:
            source.refuse_line(line, f"{len(cells)} cells, not 3", text)
            continue
        if cells[0] not in units:
            others.add(cells[0])
            continue
        value = number("" if cells[1] in ("unavailable", "unknown") else cells[1])
        joules = None if value is None else value * units[cells[0]]
        recording.take(line, clock.read(cells[2]), [joules], text, cells[0], no_number="no number")
    if not recording.read:
        raise LogError.of("no_such_entity", source.where(), asked=", ".join(units), there=", ".join(sorted(others)))
    note = "only changes are in the file: the energy is that between the first and the last change"
    return power_log(source, "home assistant", recording, at="", clock=clock, whole=["energy"], notes=[note])


def _joules(unit: str, source: Source) -> float:
    """The J of one unit of a counter; raises where it is a unit of power, or another."""
    try:
        return conversion(unit, "J")
    except LcaError as error:
        raise LogError.of("entity_is_no_counter", source.where(), [f"{unit!r}: {error.what}"]) from error


_MINUTES = "where a message has no other time, it is the begin of its minute: up to 60 s too early"
_DAILY = "today_energy begins anew each midnight and has whole Wh, so the power counts"

FORMATS: Sequence[Format] = (
    Format("tasmota", "Tasmota plugs: SENSOR and STATUS8 messages", "PowerLog", "wall", "real logs",
           "The counter in kWh counts. Stamps are local: say zone=, if the clocks were changed in between.",
           lambda source: _holds(source, "ENERGY", "Total"),
           lambda source: _read(source, "tasmota", _tasmota, ["energy"])),
    Format("shelly", "Shelly plugs of the second generation and later", "PowerLog", "wall", "real logs",
           "The counter in Wh counts. Keep the notifications: the status alone has minutes only.",
           lambda source: _holds(source, "apower") or _holds(source, "aenergy"),
           lambda source: _read(source, "shelly", _shelly, ["energy"], [_MINUTES])),
    Format("shelly gen1", "Shelly plugs of the first generation", "PowerLog", "wall", "documentation",
           "The counter in watt-minutes counts; it begins anew when the plug starts.",
           lambda source: _holds(source, "is_valid", "power", "counters", "total") and not _holds(source, "apower"),
           lambda source: _read(source, "shelly gen1", _shelly_first, ["energy"])),
    Format("kasa", "TP-Link Kasa plugs: emeter get_realtime", "PowerLog", "wall", "documentation",
           "The messages have no time: say interval=.",
           lambda source: _holds(source, "power_mw", "voltage_mv") or _holds(source, "get_realtime"),
           lambda source: _read(source, "kasa", _kasa, ["energy"])),
    Format("tapo", "TP-Link Tapo plugs: get_energy_usage", "PowerLog", "wall", "documentation",
           "The power in mW counts, since the counter begins anew each midnight.",
           lambda source: _holds(source, "current_power", "today_energy"),
           lambda source: _read(source, "tapo", _tapo, ["power"], [_DAILY])),
    Format("home assistant", "the history of Home Assistant as CSV", "PowerLog", "said by the user", "documentation",
           "Counters only; their unit is said: columns={'sensor.plug_energy': 'kWh'}.",
           _is_history, _read_history),
)  # fmt: skip
