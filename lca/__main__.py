"""The command: `python -m lca read FILE`, or `lca read FILE`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import TextIO

from .errors import LcaError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 where it worked, 1 for an error of this library, 2 for arguments that do not fit.

    >>> main(["read", "no-such-file.csv"])
    1
    """
    parser = argparse.ArgumentParser(prog="lca", description="Life-cycle assessment of machine-learning projects.")
    parser.add_argument("--version", action="version", version=f"lca {version('lca')}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    read = commands.add_parser("read", help="show what a log holds, and the line of Python that uses it")
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
    read.add_argument(
        "--between", nargs=2, default=(), metavar=("START", "STOP"), help="the time of the run: 10:00 12:00"
    )
    read.add_argument("--idle", nargs=2, default=(), metavar=("START", "STOP"), help="an idle time, which is taken off")
    read.add_argument("--skip", action="store_true", help="leave out lines that cannot be read, and count them")
    options = parser.parse_args(arguments)
    try:
        _write(_read(options), sys.stdout)
    except LcaError as error:
        _write(str(error), sys.stderr)
        return 1
    return 0


def _pair(text: str) -> tuple[str, str]:
    """The name and the unit of NAME=UNIT; a name may hold "="."""
    name, _, unit = text.rpartition("=")
    if not name or not unit:
        raise argparse.ArgumentTypeError(f"{text!r} is not a column with its unit, such as gpu=mW")
    return name, unit


def _write(text: str, stream: TextIO) -> None:
    """Print a text; what the terminal cannot show, such as a name of a file in another encoding, is escaped."""
    encoding = stream.encoding or "utf-8"
    try:
        print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream, flush=True)
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # nothing is left to flush at the end


def _read(options: argparse.Namespace) -> str:
    from .interpretation.log_report import described
    from .logs.recognise import read

    columns = dict(options.column)
    said = {name: getattr(options, name) for name in ("format", "at", "interval", "zone", "device", "run")}
    said |= {"columns": columns, "errors": "skip" if options.skip else "raise"}
    given = {name: value for name, value in said.items() if value and value != "raise"}
    way = {"channels": options.channel, "gaps": options.gaps if options.gaps != "refuse" else ""}
    kept = {name: value for name, value in way.items() if value}
    log = read(options.file, **given)
    return described(log, options.file, given, way=kept, window=options.between, idle=options.idle)


if __name__ == "__main__":
    sys.exit(main())
