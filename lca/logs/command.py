"""The arguments of the command `lca read`, and what they say of a log."""

from __future__ import annotations

import argparse
import math
from typing import Any

from .files.source import number


def add_arguments(read: argparse.ArgumentParser) -> None:
    """Give the command its arguments."""
    read.add_argument("file", help="a file, or the folder of a store")
    read.add_argument("--format", default="", help="the format, where a file could be of several")
    read.add_argument("--at", default="", help="where the meter sat: component, board, wall or facility")
    read.add_argument("--interval", default=None, help='the time from line to line of logs without times: "1 s"')
    read.add_argument("--zone", default="", help='the time zone of stamps without one: "Europe/Berlin"')
    read.add_argument("--device", default="", help='the model of the device: "RTX 4090"')
    read.add_argument("--run", default="", help="one run of a file that holds several")
    read.add_argument(
        "--column", action="append", default=[], type=_pair, metavar="NAME=UNIT", help="the unit of a column: gpu=mW"
    )
    read.add_argument("--gaps", default="refuse", choices=("refuse", "exclude", "bridge"), help="what to do with gaps")
    read.add_argument("--channel", action="append", default=[], help="a channel that makes the whole of a device")
    window: dict[str, Any] = {"nargs": 2, "default": (), "metavar": ("START", "STOP"), "type": _moment}
    read.add_argument("--between", **window, help="the time of the run: 10:00 12:00, or seconds since the start: 0 60")
    read.add_argument("--idle", **window, help="an idle time, which is taken off")
    read.add_argument("--skip", action="store_true", help="leave out lines that cannot be read, and count them")


def _pair(text: str) -> tuple[str, str]:
    """The name and the unit of NAME=UNIT; a name may hold "="."""
    name, _, unit = text.rpartition("=")
    if not name or not unit:
        raise argparse.ArgumentTypeError(f"{text!r} is not a column with its unit, such as gpu=mW")
    return name, unit


def _moment(text: str) -> str | float:
    """A number of seconds, or a time of day or a date as it is."""
    seconds = number(text)
    return text if seconds is None or math.isnan(seconds) else seconds


def said_of(options: argparse.Namespace) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is said of the file, for `lca.read`; and which energy of it is asked for, for `PowerLog.energy`."""
    columns = dict(options.column)
    said = {name: getattr(options, name) for name in ("format", "at", "interval", "zone", "device", "run")}
    said |= {"columns": columns, "errors": "skip" if options.skip else "raise"}
    given = {name: value for name, value in said.items() if value and value != "raise"}
    way = {"channels": options.channel, "gaps": options.gaps if options.gaps != "refuse" else ""}
    kept = {name: value for name, value in way.items() if value}
    return given, kept
