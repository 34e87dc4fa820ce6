"""The page of data tables: every table with its fields, rows, publishers and licence, from the datapackages."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[2] / "data"


def pages() -> dict[str, str]:
    """The page by its path."""
    lines = [
        "# Data tables",
        "",
        "Each table has one row for each value, with its unit and source beside it. The page is made from the "
        "`datapackage.json` of each folder.",
    ]
    for path in sorted(DATA.rglob("datapackage.json")):
        lines += package(path)
    return {"reference/data-tables.md": "\n".join(lines) + "\n"}


def package(path: Path) -> list[str]:
    """One folder of tables."""
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    licences = ", ".join(link(one, "name") for one in told.get("licenses", [])) or "see each table"
    lines = [
        "",
        f"## {told['title']}",
        "",
        told.get("description", ""),
        "",
        f"Version {told['version']}, licence: {licences}.",
    ]
    lines += ["", "| table | rows | what a row is | sources | licence |", "|---|---|---|---|---|"]
    for table in told["resources"]:
        sources = "; ".join(link(one, "title") for one in table.get("sources", []))
        named = ", ".join(link(one, "name") for one in table.get("licenses", [])) or licences
        with open(path.parent / table["path"], encoding="utf-8", newline="") as file:
            count = sum(1 for _ in csv.reader(file)) - 1
        about = table.get("description", table.get("title", "")).replace("|", "\\|")
        lines.append(f"| [`{table['name']}`](#{table['name']}) | {count:,} | {about} | {sources} | {named} |")
    for table in told["resources"]:
        lines += fields(table)
    return lines


def fields(table: dict[str, Any]) -> list[str]:
    """The fields of one table."""
    lines = ["", f"### {table['name']} {{#{table['name']}}}", "", "| field | type | what it holds |", "|---|---|---|"]
    for field in table["schema"]["fields"]:
        lines.append(
            f"| `{field['name']}` | {field.get('type', '')} | {field.get('description', '').replace('|', '/')} |"
        )
    return lines


def link(one: dict[str, str], key: str) -> str:
    """A source or a licence by its name, and its address where that is known."""
    name = one.get(key) or one.get("title") or one.get("path", "")
    return f"[{name}]({one['path']})" if one.get("path", "").startswith("http") else name
