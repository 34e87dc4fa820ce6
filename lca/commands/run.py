"""`lca run study.toml`: the result of a study in a file, printed, and written where it is asked for."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import FileFormatError
from .printing import write

if TYPE_CHECKING:
    from ..interpretation.result import Result
    from ..interpretation.table import Table

#: Options that are arguments of `lca.monte_carlo`, and of `lca.summary`.
_OF_RUN = ("draws", "until", "seed")
_OF_SUMMARY = ("of", "per", "unit", "by")
#: As many rows of a summary as are printed without --all.
_MOST_ROWS = 40


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give the command its arguments; what the file says of a run or a summary is their default."""
    parser.add_argument("file", help="the study: a .toml file, or an .xlsx workbook")
    parser.add_argument("--draws", type=int, help="how many draws; 10,000 if neither this nor the file says")
    parser.add_argument("--until", help='in place of it, the error to be met: "1 %%"')
    parser.add_argument("--seed", type=int, help="the seed of the random numbers")
    parser.add_argument("--of", help="the impact category, such as water")
    parser.add_argument("--per", help="total, functional_unit, year, device, inference, ...")
    parser.add_argument("--unit", help='the unit of the table: "t CO2e"')
    parser.add_argument("--by", choices=("stage", "activity", "year"), help="what the rows are; stage if not given")
    parser.add_argument("--all", action="store_true", help="print all rows, of each alternative and scenario")
    parser.add_argument("--cite", action="store_true", help="print the works that a publication has to cite")
    parser.add_argument("--report", metavar="PAGE.html", help="write the report as one page")
    parser.add_argument("--save", metavar="RESULT.lca", help="write the result, in one verified file")
    parser.add_argument("--xlsx", metavar="RESULT.xlsx", help="write the result as a workbook")
    parser.add_argument("--netcdf", metavar="RESULT.nc", help="write the draws as NetCDF")
    parser.add_argument("--out", metavar="FOLDER", help="write the report, its figures, every value and the result")


def run(options: argparse.Namespace) -> int:
    """Evaluate the study of a file, print its summary, and write what is asked for."""
    from ..interpretation.draws import monte_carlo
    from ..study_files.reading import read_file

    targets = _targets(options)
    file = read_file(options.file)
    asked = {name: value for name in _OF_RUN if (value := getattr(options, name)) is not None}
    with file.using_data():
        result = monte_carlo(file.study, **{"progress": sys.stderr.isatty(), **file.run, **asked})
    shown = {name: value for name in _OF_SUMMARY if (value := getattr(options, name)) is not None}
    write(described(result, {**file.summary, **shown}, everything=options.all))
    for line in (*_data(result, file.data), *_cited(result, everything=options.cite)):
        write(line)
    for kind, path in targets.items():
        write(f"written: {_WRITERS[kind](result, path)}")
    return 0


def _targets(options: argparse.Namespace) -> dict[str, Path]:
    """Where results are written; raises for an ending that is not that of the kind, before anything is computed."""
    given = {kind: Path(path) for kind in _WRITERS if (path := getattr(options, kind))}
    for kind, path in given.items():
        endings = _ENDINGS.get(kind, ())
        if endings and path.suffix.lower() not in endings:
            raise FileFormatError.of("ending_of_another_kind", str(path), kind=kind, endings=" or ".join(endings))
    return given


def described(result: Result, asked: Mapping[str, Any], *, everything: bool) -> str:
    """The name of the study, its total in words, and the table; of many rows the totals alone."""
    from ..interpretation.summary import summary

    table = summary(result, **asked)
    many = len(table) > _MOST_ROWS and not everything and table.index.nlevels > 1
    shown: Table = table[table.index.get_level_values(-1) == "total"] if many else table
    shown.attrs = table.attrs
    lines = [_headline(result.model.title, table), str(shown)]
    return "\n".join(lines + [f"These are the totals of {len(table)} rows; --all prints all of them."] * many)


def _data(result: Result, folders: Sequence[Path]) -> Iterator[str]:
    """The folders of data that the file names, with the version of each of their packages."""
    names = tuple(f"{folder.name}/" for folder in folders)
    yield from (f"Data: {name} {version}" for name, version in result.versions.items() if name.startswith(names))


def _cited(result: Result, *, everything: bool) -> Iterator[str]:
    """What a publication has to cite: how many works and whose, or a line for each."""
    from ..interpretation.attribution import attribution

    found = attribution(result)
    works = [credit.work for credit in found.credits if not credit.work.own]
    publishers = ", ".join(dict.fromkeys(work.publisher for work in works))
    if everything:
        yield f"A publication cites:\n{found}"
    elif works:
        count = f"{len(works)} work{'s' * (len(works) > 1)}"
        yield f"A publication cites {count} behind these numbers ({publishers}); --cite prints them."


def _headline(title: str, table: Table) -> str:
    """The name of a study, with its total where it has one."""
    from ..units.number_text import significant

    if table.index.nlevels > 1 or "total" not in table.index or "p50" not in table:
        return title
    total: Mapping[Any, Any] = table.loc["total"].to_dict()
    middle, low, high = (significant(total[name], int(table.attrs.get("digits", 3))) for name in ("p50", "p5", "p95"))
    return f"{title}: {middle} {total['unit']} (median; 5 to 95 %: {low} to {high})"


# --- what is written ------------------------------------------------------------------------------------------


def _report(result: Result, path: Path) -> Path:
    from ..reporting.page import report

    return report(result, path)


def _saved(result: Result, path: Path) -> Path:
    from ..interpretation.saved.storage import save

    return save(result, path)


def _workbook(result: Result, path: Path) -> Path:
    from ..reporting.workbook import to_excel

    return to_excel(result, path)


def _netcdf(result: Result, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    result.data.to_netcdf(path)
    return path


_WRITERS: Mapping[str, Callable[[Result, Path], Path]] = {
    "report": _report,  # the page alone, since its path ends in .html
    "save": _saved,
    "xlsx": _workbook,
    "netcdf": _netcdf,
    "out": _report,
}
_ENDINGS = {"report": (".html",), "save": (".lca",), "xlsx": (".xlsx",), "netcdf": (".nc",)}
