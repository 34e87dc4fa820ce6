"""`lca check study.toml` or `lca check RESULT`: the clauses of standards, and what is missing."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from .printing import write

if TYPE_CHECKING:
    from ..interpretation.result import Result

#: The endings of a study in a file; anything else is a saved result.
_STUDIES = (".toml", ".xlsx")
#: Enough draws to see whether there is an interval.
_DRAWS = 1_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give the command its arguments."""
    parser.add_argument("file", help="a study (.toml or .xlsx), or a saved result")
    parser.add_argument(
        "--standard", action="append", metavar="NAME", help="one standard, such as ISO-14044; may be given again"
    )
    parser.add_argument("--draws", type=int, help="draws of a study; 1,000 if neither this nor the file says")
    parser.add_argument("--missing", action="store_true", help="print what has to be added, and nothing else")
    parser.add_argument("--csv", metavar="TABLE.csv", help="write the table")


def check(options: argparse.Namespace) -> int:
    """Print the clauses; 1 where one of them failed."""
    from ..reporting.clauses.check import check as checked

    found = checked(_read(options), standards=options.standard)
    write(str(found.missing if options.missing else found))
    if options.csv:
        found.to_csv(options.csv, index=False)
        write(f"written: {options.csv}")
    return 1 if len(found.failed) else 0


def _read(options: argparse.Namespace) -> Result:
    """A saved result, or draws of the study in a file."""
    path = Path(options.file)
    if path.suffix.lower() not in _STUDIES:
        from ..interpretation.saved.storage import load

        return load(path)
    from ..interpretation.draws import monte_carlo
    from ..study_files.reading import read_file

    file = read_file(path)
    asked = {"draws": options.draws} if options.draws is not None else file.run or {"draws": _DRAWS}
    return monte_carlo(file.study, **{**asked, "progress": False})
