"""What the files of an INA3221 power monitor show: the power of a few rails at one moment, which has no energy.

Two layouts of the driver, as `cat` or `grep . folder/*` list them. The older one has rail_name_0, in_power0_input (mW),
in_voltage0_input (mV) and in_current0_input (mA). The one of hwmon has in1_label, in1_input (mV) and curr1_input (mA)
(Linux kernel documentation, "Kernel driver ina3221"; in4 to in6 are shunt voltages, in7 is their sum). The error says
the powers that were read, so that they can be given by hand as readings of a meter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...errors import LogError
from ..files.source import SHOWN, Source, number
from ..format import Format, refused

_FILE = r"(rail_name_|in_power|in_voltage|in_current|in|curr|power)(\d)(_input|_label)?"
_PATH = re.compile(rf"(\S*?){_FILE}(?::\s*(.*))?\s*$")
_OLD = re.compile(r"(?:^|/|\s)(?:rail_name_\d|in_(?:power|voltage|current)\d_input)\b", re.M)
_NEW = re.compile(r"(?:^|/|\s)(?:in[1-3]_label|curr[1-3]_input)\b", re.M)


def _fits(source: Source) -> bool:
    return bool(_OLD.search(source.start) or (_NEW.search(source.start) and "ina3221" in source.start.casefold()))


def _values(source: Source) -> Iterator[tuple[str, str, str, str]]:
    """(folder, what, channel, value) of each file that is shown: "path: value", or the value in the line after."""
    waiting: tuple[str, str, str] | None = None
    for _, text in source.lines():
        found = _PATH.match(text.strip().removeprefix("$").strip().removeprefix("cat").strip())
        if found is None:
            if waiting:
                yield *waiting, text.strip()
            waiting = None
            continue
        folder, what, channel, kind, value = found.groups()
        what = "label" if kind == "_label" or what == "rail_name_" else what
        waiting = None if value else (folder, what, channel)
        if value:
            yield folder, what, channel, value.strip()


def _powers(source: Source) -> list[str]:
    """The power of each rail in words; mW as shown, else mV times mA. Rails without a name are not connected."""
    rails: dict[tuple[str, str], dict[str, str]] = {}
    for folder, what, channel, value in _values(source):
        rails.setdefault((folder, channel), {})[what] = value
    found = []
    for (_, channel), shown in rails.items():
        watts = _watts({name: number(value) for name, value in shown.items() if name != "label"})
        if watts is not None and shown.get("label", "") != "NC":
            found.append(f"{shown.get('label', f'channel {channel}')}: {watts:.6g} W")
    return found


def _watts(shown: dict[str, float | None]) -> float | None:
    def of(*names: str) -> float | None:
        return next((value for name in names if (value := shown.get(name)) is not None), None)

    power, volts, amperes = of("in_power"), of("in_voltage", "in"), of("in_current", "curr")
    if power is not None:
        return power / 1000
    return None if volts is None or amperes is None else volts * amperes / 1e6


def _why(source: Source) -> LogError:
    powers = _powers(source)
    holds = f"the power of one moment ({', '.join(powers[:SHOWN]) or 'of no rail'})"
    return source.without_power(holds, "log over time: tegrastats --interval 1000 --logfile power.log")


FORMATS: Sequence[Format] = (
    refused("ina3221", "the files of an INA3221 power monitor", "board", "real logs",
            "One moment has no energy; the error says the powers.", _fits, _why),
)  # fmt: skip
