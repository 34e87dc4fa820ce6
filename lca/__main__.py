"""The command: `python -m lca read FILE`, or `lca read FILE`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import TextIO

from .errors import LcaError
from .logs.command import add_arguments, said_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 where it worked, 1 for an error of this library, 2 for arguments that do not fit.

    >>> main(["read", "no-such-file.csv"])
    1
    """
    parser = argparse.ArgumentParser(prog="lca", description="Life-cycle assessment of machine-learning projects.")
    parser.add_argument("--version", action="version", version=f"lca {version('lca')}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    read = commands.add_parser("read", help="show what a log holds, and the line of Python that uses it")
    add_arguments(read)
    options = parser.parse_args(arguments)
    try:
        _write(_read(options), sys.stdout)
    except LcaError as error:
        _write(str(error), sys.stderr)
        return 1
    return 0


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
