"""Writes who is to be credited: NOTICE of each distribution, and the table of docs/data.md.

    python data/build/credits.py [--check]

Both are made from the datapackage.json of every folder and the rows of its tables, after the tables were made. With
--check nothing is written: it says which files are not up to date, and fails if there are any.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from package import ODBL, rows_of
from terms import LICENCES, OWN, ids

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
#: The distributions, and where their folders of tables stand.
DISTRIBUTIONS = {"lca": DATA, "lca-data-odbl": DATA / ODBL}
NOTICES = {"lca": ROOT / "NOTICE", "lca-data-odbl": DATA / ODBL.parent / "NOTICE"}
PAGE = ROOT / "docs" / "data.md"
BEGIN, END = "<!-- made by data/build/credits.py -->", "<!-- end -->"
CHANGED = """
What was changed: rows and columns were chosen, columns were named anew and given units. Places were named by their
codes, doubtful rows were flagged, and what was calculated says so in its row. No published figure was altered, unless
the row says that it was put right.
"""
HEADS = {
    "lca": """lca
Copyright (c) 2026, the lca authors

The code is under the BSD 3-Clause License (LICENSE). The tables in lca/data are under the licences that each of their
rows names; the texts are in licenses/. This file names for each table its title, its licences and its sources.
""",
    "lca-data-odbl": """lca-data-odbl

Contains information from environmental-footprint-data by Boavizta and from Electricity Maps, which is made available
here under the Open Database License (ODbL) 1.0: https://opendatacommons.org/licenses/odbl/1-0/
What is made from these tables and passed on is under the same licence.
""",
}


@dataclass(frozen=True)
class Table:
    """One table of a distribution."""

    distribution: str
    folder: str
    resource: dict[str, Any]
    rows: int
    licences: list[str]

    @property
    def name(self) -> str:
        return f"{self.folder}/{self.resource['name']}"

    @property
    def sources(self) -> list[dict[str, str]]:
        return list(self.resource["sources"])


def tables() -> Iterator[Table]:
    """Every table of every distribution."""
    for distribution, place in DISTRIBUTIONS.items():
        for file in sorted(place.glob("*/datapackage.json")):
            for resource in json.loads(file.read_text(encoding="utf-8"))["resources"]:
                rows = rows_of(file.parent / resource["path"])
                named = sorted({name for row in rows for name in ids(row["licence"])})
                yield Table(distribution, file.parent.name, resource, len(rows), named)


def notice(distribution: str) -> str:
    """The NOTICE of a distribution."""
    parts = [HEADS[distribution], CHANGED]
    for table in tables():
        if table.distribution == distribution:
            parts.append(_entry(table))
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _entry(table: Table) -> str:
    lines = [f"{table.name}.csv ({table.rows:,} rows): {table.resource['title']}"]
    lines += [f"  licence: {name}, {' '.join(LICENCES[name]).strip()}" for name in table.licences]
    lines += [f"  from: {source['title']} {source.get('path', '')}".rstrip() for source in table.sources]
    return "\n".join(lines)


def page(text: str) -> str:
    """The page of data with its table up to date."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    head = ["table", "rows", "publisher", "licence", "terms seen", "distribution"]
    lines = [_line(head), _line(["---"] * len(head)), *(_line(_cells(table)) for table in tables())]
    return f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{after}"


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cells(table: Table) -> list[str]:
    named = [f"[{one['title']}]({one['path']})" if "path" in one else one["title"] for one in table.sources]
    plain = "our own computation" if table.licences == [OWN] else "each row names its source"
    seen = list(dict.fromkeys(one["terms"] for one in table.sources if "terms" in one)) or [plain]
    licences = ", ".join(f"`{name}`" for name in table.licences)
    return [
        f"`{table.name}`",
        f"{table.rows:,}",
        "; ".join(named),
        licences,
        "; ".join(seen),
        f"`{table.distribution}`",
    ]


def main() -> None:
    """Write the files, or say which are not up to date."""
    wanted = {file: notice(distribution) for distribution, file in NOTICES.items()}
    wanted[PAGE] = page(PAGE.read_text(encoding="utf-8"))
    old = [file for file, text in wanted.items() if not file.exists() or file.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        raise SystemExit("\n".join(f"not up to date: {file.relative_to(ROOT)}" for file in old) or 0)
    for file in old:
        file.write_text(wanted[file], encoding="utf-8")


if __name__ == "__main__":
    main()
