"""Writes one table and its entry in the folder's datapackage.json: the same bytes every time.

Every script beside this one makes one table and is called the same way:

    python data/build/<table>.py SOURCE_FOLDER [DATA_FOLDER]

A package follows the Data Package standard, version 2. Text is never missing (so that "NA" is
Namibia); an empty cell of a number column is a missing number.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

VERSION = "0.1.0"
FOLDERS = {
    "electricity": (
        "Electricity grids",
        "Emission rates of electricity grids by region and year, each with the tags that say what it is.",
    ),
    "characterization": (
        "Characterization factors",
        "Global warming potentials: kilograms of CO2e for a kilogram of a gas.",
    ),
}

STATUS = ("measured", "declared", "dataset", "assumed", "default")  # where a value comes from (A10)

Field = dict[str, Any]
Reference = dict[str, str]


def source_and_data() -> tuple[Path, Path]:
    """The two folders of the command line; the second is `data/` unless said."""
    if len(sys.argv) not in (2, 3):
        raise SystemExit(f"usage: python {Path(sys.argv[0]).name} SOURCE_FOLDER [DATA_FOLDER]")
    beside = Path(__file__).resolve().parent.parent
    return Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else beside


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def text(name: str, description: str, *, among: Sequence[str] = ()) -> Field:
    constraints: Field = {"required": True} | ({"enum": list(among)} if among else {})
    return {"name": name, "type": "string", "description": description, "constraints": constraints}


def number(
    name: str,
    description: str,
    *,
    unit: str = "",
    minimum: float,
    maximum: float,
    required: bool = True,
    kind: str = "number",
) -> Field:
    constraints = {"required": required, "minimum": minimum, "maximum": maximum}
    field: Field = {"name": name, "type": kind, "description": description}
    return field | ({"unit": unit} if unit else {}) | {"missingValues": [""], "constraints": constraints}


def write(
    data: Path,
    folder: str,
    table: str,
    *,
    title: str,
    description: str,
    fields: Sequence[Field],
    key: Sequence[str],
    rows: Iterable[Mapping[str, str]],
    sources: Sequence[Reference],
    licenses: Sequence[Reference],
) -> None:
    """Write `folder/table.csv` and put its description among those of the folder's other tables."""
    content = _csv([field["name"] for field in fields], rows)
    place = data / folder
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{table}.csv").write_bytes(content)
    resource = {
        "name": table,
        "type": "table",
        "title": title,
        "description": description,
        "path": f"{table}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "sources": list(sources),
        "licenses": list(licenses),
        "schema": {"fields": list(fields), "primaryKey": list(key), "missingValues": []},
    }
    package = place / "datapackage.json"
    old = json.loads(package.read_text(encoding="utf-8"))["resources"] if package.exists() else []
    resources = sorted(
        [other for other in old if other["name"] != table] + [resource], key=lambda one: str(one["name"])
    )
    package.write_bytes(_json(_package(folder, resources)))


def _package(folder: str, resources: list[dict[str, Any]]) -> dict[str, Any]:
    title, description = FOLDERS[folder]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": folder,
        "title": title,
        "description": description,
        "version": VERSION,
        "sources": _once(resource["sources"] for resource in resources),
        "licenses": _once(resource["licenses"] for resource in resources),
        "resources": resources,
    }


def _once(lists: Iterable[list[Reference]]) -> list[Reference]:
    found: list[Reference] = []
    for references in lists:
        found += [reference for reference in references if reference not in found]
    return found


def _csv(names: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    lines = io.StringIO(newline="")
    writer = csv.DictWriter(lines, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return lines.getvalue().encode("utf-8")


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode("utf-8")
