"""The commands: `python -m lca read FILE`, `python -m lca measure -- COMMAND`; or `lca read`, `lca measure`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import TextIO

from .errors import LcaError
from .logs.command import add_arguments, said_of
from .logs.live.arguments import add_measure_arguments


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 where it worked, 1 for an error of this library, 2 for arguments that do not fit.

    `measure` ends with the exit status of what it measured. It ends with 2 without a meter, and with 127 if nothing
    started.

    >>> main(["read", "no-such-file.csv"])
    1
    """
    parser = argparse.ArgumentParser(prog="lca", description="Life-cycle assessment of machine-learning projects.")
    parser.add_argument("--version", action="version", version=f"lca {version('lca')}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    add_arguments(commands.add_parser("read", help="show what a log holds, and the line of Python that uses it"))
    add_measure_arguments(commands.add_parser("measure", help="run a command under a meter, and say what it took"))
    options = parser.parse_args(arguments)
    try:
        if options.command == "measure":
            return _measure(options, parser)
        _write(_read(options), sys.stdout)
    except LcaError as error:
        _write(str(error), sys.stderr)
        return 1
    return 0


def _measure(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Run a command under its meters; what it took goes to the error stream, so that its own output stays its own."""
    from .logs.live.command import NoMeter, NotStarted, measured
    from .run_report import place_of, run_described

    if bool(options.place) != (options.year is not None):
        parser.error("--place and --year belong together: --place France --year 2024")
    site = place_of(options.place, options.year, basis=options.basis, pue=options.pue) if options.place else None
    try:
        run, status = measured(options)
    except NoMeter as none:
        _write(str(none), sys.stderr)
        return 2
    except NotStarted as error:
        _write(str(error), sys.stderr)
        return 127
    _write(run_described(run, site), sys.stderr)
    return status


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

    given, way = said_of(options)
    log = read(options.file, **given)
    return described(log, options.file, given, way=way, window=options.between, idle=options.idle)


if __name__ == "__main__":
    sys.exit(main())
