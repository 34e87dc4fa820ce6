"""`lca report` writes the report of a saved result; `lca search` looks into the catalogues."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import MissingError
from .printing import write

#: As many rows of a catalogue as are printed without --all.
_MOST_ROWS = 20


def add_report_arguments(parser: argparse.ArgumentParser) -> None:
    """Give the command its arguments."""
    parser.add_argument("result", help="the .lca file of a saved result")
    parser.add_argument("--out", metavar="FOLDER", help="the folder of the report; beside the result if not given")
    parser.add_argument("--before", metavar="OLDER", help="the file of an older result: what changed since")


def report(options: argparse.Namespace) -> int:
    """Write the report of a saved result, and say where."""
    from ..interpretation.saved.storage import load
    from ..reporting import page

    path = Path(options.result)
    out = options.out or path.with_name(f"{path.stem}-report")
    write(f"written: {page.report(load(path), out, before=options.before)}")
    return 0


def add_search_arguments(parser: argparse.ArgumentParser) -> None:
    """Give the command its arguments."""
    parser.add_argument("words", nargs="+", help="part of a name or a code")
    parser.add_argument("--in", dest="catalogue", help="electricity, hardware or technologies; all if not given")
    parser.add_argument("--all", action="store_true", help="print all rows")


def search(options: argparse.Namespace) -> int:
    """Print the entries of the catalogues that hold some words; raises where there is none."""
    from ..table_search import CATALOGUES
    from ..table_search import search as entries

    text = " ".join(options.words)
    names = [options.catalogue] if options.catalogue else list(CATALOGUES)
    found = {name: table for name in names if len(table := entries(name, text))}
    if not found:
        raise MissingError.of("nothing_found", text, catalogues=", ".join(names))
    for name, table in found.items():
        shown = table if options.all else table.head(_MOST_ROWS)
        more = f"\n... {len(table)} in all; --all prints them" if len(table) > len(shown) else ""
        write(f"{name}\n{shown.to_string(index=False)}{more}\n")
    return 0
