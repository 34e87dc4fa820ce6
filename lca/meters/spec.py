"""A live meter by a short text, as the command line takes it: "nvml:1", "rapl:dram", "tasmota:192.168.1.20"."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..arguments import entry
from ..checks import did_you_mean
from ..errors import MeterError
from .assumption import assumed
from .batteries import battery
from .by_hand import prompt
from .nvidia import nvml
from .plugs import plug
from .powercap import rapl
from .protocol import LiveMeter
from .rails import ina3221
from .sensors import hwmon

#: What follows the colon, and what makes the meter of it.
_KINDS: Mapping[str, tuple[str, Callable[[str], LiveMeter]]] = {
    "nvml": ("the number of the card", lambda rest: nvml(_number(rest))),
    "rapl": ("a domain", lambda rest: rapl(domain=rest or "package")),
    "ina3221": ("rails, with +", lambda rest: ina3221(rail=rest.split("+") if rest else None)),
    "hwmon": ("name, or name@boundary", lambda rest: _sensor(rest)),
    "battery": ("nothing", lambda rest: _without(rest, battery)),
    "tasmota": ("an address", lambda rest: plug(rest, kind="tasmota")),
    "shelly": ("an address", lambda rest: plug(rest, kind="shelly")),
    "prompt": ("the name of the meter", lambda rest: prompt(rest or "Kill A Watt")),
    "assumed": ("a power with its boundary", lambda rest: assumed(rest)),
}


@entry
def meter_of(text: str) -> LiveMeter:
    """The live meter that a short text names.

    Parameters
    ----------
    text : str
        The kind, and behind a colon which one: "nvml:1", "rapl:dram", "ina3221:VDD_IN", "hwmon:power_meter@wall",
        "battery", "tasmota:192.168.1.20", "shelly:192.168.1.20", "prompt", "assumed:250 W at_component".

    Returns
    -------
    LiveMeter
        The meter.

    Raises
    ------
    MeterError
        If there is no such kind, or the machine has no such meter.

    Examples
    --------
    >>> import lca
    >>> lca.meters.meter_of("assumed:15 W at_board").meter.at
    'board'
    """
    kind, _, rest = text.partition(":")
    if kind not in _KINDS:
        raise MeterError.of("unknown_kind_of_meter", "meter", kind=kind, near=did_you_mean(kind, _KINDS))
    return _KINDS[kind][1](rest.strip())


def _number(rest: str) -> int:
    if rest and not (rest.isascii() and rest.isdecimal()):
        raise MeterError.of("kind_of_meter_takes", "meter", [rest], kind="nvml", takes=_KINDS["nvml"][0])
    return int(rest or 0)


def _sensor(rest: str) -> LiveMeter:
    name, _, at = rest.partition("@")
    return hwmon(name=name, at=at)


def _without(rest: str, made: Callable[[], LiveMeter]) -> LiveMeter:
    if rest:
        raise MeterError.of("kind_of_meter_takes", "meter", [rest], kind="battery", takes=_KINDS["battery"][0])
    return made()
