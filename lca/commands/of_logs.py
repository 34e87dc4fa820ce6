"""`lca read` shows what a log holds; `lca measure` runs a command under a meter."""

from __future__ import annotations

import argparse
import sys

from ..logs.command import add_arguments, said_of
from ..logs.live.arguments import add_measure_arguments
from .printing import write

add_read_arguments = add_arguments
__all__ = ["add_measure_arguments", "add_read_arguments", "measure", "read"]


def read(options: argparse.Namespace) -> int:
    """Print what a log holds, and the line of Python that uses it."""
    from ..interpretation.log_report import described
    from ..logs import recognise

    given, way = said_of(options)
    log = recognise.read(options.file, **given)
    write(described(log, options.file, given, way=way, window=options.between, idle=options.idle))
    return 0


def measure(options: argparse.Namespace) -> int:
    """Run a command under its meters; what it took goes to the error stream, so that its own output stays its own."""
    from ..logs.live.command import NoMeter, NotStarted, measured
    from ..run_report import place_of, run_described

    if bool(options.place) != (options.year is not None):
        options.parser.error("--place and --year belong together: --place France --year 2024")
    site = place_of(options.place, options.year, basis=options.basis, pue=options.pue) if options.place else None
    try:
        run, status = measured(options)
    except NoMeter as none:
        write(str(none), sys.stderr)
        return 2
    except NotStarted as error:
        write(str(error), sys.stderr)
        return 127
    write(run_described(run, site), sys.stderr)
    return status
