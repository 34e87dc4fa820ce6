"""The commands: `python -m lca run study.toml`, or `lca run study.toml` where the package is installed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import NamedTuple

from .commands import check, export, first_file, of_history, of_logs, of_results, run
from .commands.printing import write
from .errors import LcaError


class Command(NamedTuple):
    """A command: what it does, what gives it its arguments, and what runs it."""

    about: str
    arguments: Callable[[argparse.ArgumentParser], None]
    work: Callable[[argparse.Namespace], int]


COMMANDS = {
    "init": Command("ask five questions, and write a first study", first_file.add_arguments, first_file.init),
    "run": Command("evaluate a study in a file, and print its summary", run.add_arguments, run.run),
    "report": Command("write the report of a saved result", of_results.add_report_arguments, of_results.report),
    "history": Command(
        "show saved results over time, and whether a budget is kept", of_history.add_arguments, of_history.history
    ),
    "export": Command("write a result as a standard or a tool asks for it", export.add_arguments, export.export),
    "check": Command("look whether the clauses of standards are met", check.add_arguments, check.check),
    "search": Command("look for a place or a device", of_results.add_search_arguments, of_results.search),
    "read": Command(
        "show what a log holds, and the line of Python that uses it", of_logs.add_read_arguments, of_logs.read
    ),
    "measure": Command(
        "run a command under a meter, and say what it took", of_logs.add_measure_arguments, of_logs.measure
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 where it worked, 1 for an error of this library, 2 for arguments that do not fit.

    `check` ends with 1 where a clause failed. `history` ends with 1 above the budget, and with 2 where a file cannot
    be read. `measure` ends with the exit status of what it measured. It ends with 2 without a meter, and with 127 if
    nothing started.

    >>> main(["read", "no-such-file.csv"])
    1
    """
    parser = argparse.ArgumentParser(prog="lca", description="Life-cycle assessment of machine-learning projects.")
    parser.add_argument("--version", action="version", version=f"lca {version('lca')}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, one in COMMANDS.items():
        own = commands.add_parser(name, help=one.about, description=one.about[0].upper() + one.about[1:] + ".")
        one.arguments(own)
        own.set_defaults(parser=own)
    options = parser.parse_args(arguments)
    try:
        return COMMANDS[options.command].work(options)
    except LcaError as error:
        write(str(error), sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
