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
    lines = ["", f"## {told['title']}", "", told.get("description", ""), ""]
    lines += [f"Version {told['version']}, in `{path.parent.relative_to(DATA.parent)}`.", ""]
    lines += ["| table | rows | licence |", "|---|---|---|"]
    for table in told["resources"]:
        with open(path.parent / table["path"], encoding="utf-8", newline="") as file:
            count = sum(1 for _ in csv.reader(file)) - 1
        lines.append(f"| [`{table['name']}`](#{anchor(told, table)}) | {count:,} | {licences(told, table)} |")
    for table in told["resources"]:
        lines += fields(told, table)
    return lines


def anchor(told: dict[str, Any], table: dict[str, Any]) -> str:
    """Where a table stands on the page; two packages may have tables of one name."""
    return f"{told['name']}-{table['name']}"


def licences(told: dict[str, Any], table: dict[str, Any]) -> str:
    """The licences of a table, or of its package."""
    return ", ".join(link(one, "title") for one in table.get("licenses") or told.get("licenses", [])) or "not stated"


def fields(told: dict[str, Any], table: dict[str, Any]) -> list[str]:
    """What a table holds, whose it is, and its fields."""
    lines = ["", f"### {table['name']} {{#{anchor(told, table)}}}", "", table.get("description", "")]
    if sources := "; ".join(link(one, "title") for one in table.get("sources", [])):
        lines += ["", f"Sources: {sources}."]
    lines += ["", "| field | type | what it holds |", "|---|---|---|"]
    for field in table["schema"]["fields"]:
        about = field.get("description", "").replace("|", "/")
        lines.append(f"| `{field['name']}` | {field.get('type', '')} | {about} |")
    return lines


def link(one: dict[str, str], key: str) -> str:
    """A source or a licence by its name, and its address where that is known."""
    name = one.get(key) or one.get("title") or one.get("path", "")
    return f"[{name}]({one['path']})" if one.get("path", "").startswith("http") else name
