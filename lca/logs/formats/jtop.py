"""The CSV logs of jtop (jetson-stats), as its example logger writes them: one row a sample, all figures of a board.

Power is in mW. jetson-stats 4 has "Power VDD_SOC" for each rail, and "Power TOT" for what jtop takes as the total.
Versions 2 and 3 have "power cur" for the total alone; their "power avg" is a mean and is left out. What jtop adds up is
not always the board. On AGX Orin it adds the memory rail, which is within the 5 V input, and on Thor the board input
beside its parts. So the rails that `jetson_rails.py` knows as the whole board come first. Written from the source of
jetson-stats: `jtop.stats` and `examples/jtop_logger.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...meters.jetson_rails import whole_of
from ..files.clock import Clock
from ..files.csv_rows import cells_of, fills, header
from ..files.source import Source, number
from ..format import Format
from ..power.channel import Channel
from ..power.jetson_rails import rails_of, said_of
from ..power.power_log import PowerLog
from ..power.recording import power_log
from ..power.track import Recording

_TOTALS = ("Power TOT", "power cur")
_TOTAL = "total"
_STEP = 0.001  # W, as printed


def _fits(source: Source) -> bool:
    names = set(header(source))
    return {"time", "uptime", "RAM"} <= names and any(name == "GPU" or name.startswith("CPU") for name in names)


def _channels(names: Sequence[str], rails: Sequence[str], total: str | None) -> tuple[list[Channel], tuple[str, ...]]:
    """The channels of a log, and those that make the whole board; none of them where it is open what the total is.

    jetson-stats 4.0 wrote all rails into one column, under the name of a thermometer. It also called VIN_SYS_5V0 of an
    AGX Orin the total, and left it out of the rails.
    """
    whole, found = whole_of(rails), rails_of(rails, _STEP)
    if total is None:
        return found, whole
    lost = len(rails) == 1 and f"Temp {rails[0]}" in names
    is_known = not lost and ("VDD_GPU_SOC" not in rails or "VIN_SYS_5V0" in rails)
    within = tuple(rails) if is_known else ()
    found.append(Channel(_TOTAL, at="board", contains=within, step=_STEP, about="what jtop calls the total"))
    return found, whole or ((_TOTAL,) if is_known else ())


def _read(source: Source) -> PowerLog:
    names = header(source)
    total = next((name for name in _TOTALS if name in names), None)
    columns = [name for name in names if name.startswith("Power ") and name != "Power TOT"]
    if total is None and not columns:
        fix = "boards without power monitors show none: use a wall meter"
        raise source.without_power("no column of a power", fix)
    channels, whole = _channels(names, [name.removeprefix("Power ") for name in columns], total)
    shown = [names.index(name) for name in [*columns, *([total] if total else [])]]
    clock, recording, stamp = Clock(source), Recording(source, channels), names.index("time")
    for line, text in source.lines():
        cells = cells_of(text)
        if cells != names and fills(source, line, cells, len(names), text):
            powers = [number(cells[at]) for at in shown]
            watts = [None if power is None else power / 1000 for power in powers]
            recording.take(line, clock.read(cells[stamp]), watts, text, no_number="a power that is no number")
    note = said_of(whole) if whole != (_TOTAL,) else "the whole board is what jtop calls the total"
    return power_log(source, "jtop", recording, at="board", clock=clock, whole=whole, notes=[note])


FORMATS: Sequence[Format] = (
    Format("jtop", "the CSV logger of jtop (jetson-stats)", "PowerLog", "board", "documentation",
           "Power in mW. The rails of the whole board count; the total of jtop where they are not there.",
           _fits, _read),
)  # fmt: skip
