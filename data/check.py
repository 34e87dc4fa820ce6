"""Validates every data package of data/ with frictionless: an independent check of what lca checks at reading.

    python data/check.py [FOLDER ...]

FOLDER holds data packages, as data/ and lca_data_odbl do; without one, all of the repository are looked at. It needs
frictionless, which knows nothing of lca. It ends with 1 where a package is not valid.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from frictionless import Package, Report

DATA = Path(__file__).parent


def packages(folders: list[Path]) -> Iterator[Path]:
    """The data packages in some folders."""
    for folder in folders:
        yield from sorted(folder.rglob("datapackage.json"))


def check(file: Path) -> Report:
    """What frictionless says of a package: columns, types, limits, keys, size and hash of each table."""
    return Package(str(file)).validate()


def faults(report: Report) -> Iterator[str]:
    """What is wrong, with table and row."""
    yield from (f"{error.type}: {error.message}" for error in report.errors)
    for task in report.tasks:
        for error in task.errors:
            row = getattr(error, "row_number", None)
            yield f"{task.name}{f', row {row}' if row else ''}: {error.type}: {error.message}"


def main() -> int:
    files = list(packages([Path(name) for name in sys.argv[1:]] or [DATA]))
    bad = 0
    for file in files:
        report = check(file)
        bad += not report.valid
        rows = sum(task.stats.get("rows", 0) for task in report.tasks)
        print(
            f"{'valid' if report.valid else 'NOT VALID'}: {file.parent.name}, {len(report.tasks)} tables, {rows} rows"
        )
        for fault in faults(report):
            print(f"    {fault}")
    print(f"{len(files)} packages, {bad} of them not valid")
    return int(bad > 0 or not files)


if __name__ == "__main__":
    sys.exit(main())
