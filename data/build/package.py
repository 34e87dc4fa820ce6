"""Writes one table and its entry in the folder's datapackage.json: the same bytes every time.

Every script beside this one makes one table and is called the same way:

    python data/build/<table>.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds transcriptions, which manifest.toml lists; most of them stand in the folder transcriptions. The
scripts raw_*.py start from files as their publishers write them, and make tables for a folder of one's own
(raw_files.py).

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

from terms import references, seen

VERSION = "0.1.0"
FOLDERS = {
    "electricity": (
        "Electricity grids",
        "Emission rates of electricity grids by region and year, each with the tags that say what it is; "
        "mixes, losses and technologies beside them.",
    ),
    "electricity_maps": (
        "Electricity Maps",
        "Consumption-based intensity of electricity by zone and year, under the Open Database License: for comparison.",
    ),
    "characterization": (
        "Characterization factors",
        "Global warming potentials: kilograms of CO2e for a kilogram of a gas.",
    ),
    "hardware": (
        "Hardware",
        "Accelerators and boards, what their parts and their making emit, published footprints, lifetimes, freight, "
        "end of life, and the electricity of networks. Facts with a source each, and assumptions that say so.",
    ),
    "estimates": (
        "Estimates before anything is measured",
        "Peak rates of accelerators, what published runs reached of rate and power, and the spread learnt from them.",
    ),
    "training_runs": (
        "Training runs",
        "What real trainings did after their first marks: coefficients learnt from logs, not the logs.",
    ),
    "serving": (
        "Serving of language models",
        "What measured services show of the energy of a token: factors learnt from measurements, not the measurements; "
        "memory bandwidths of accelerators.",
    ),
    "product_footprints": (
        "Product carbon footprints declared by vendors",
        "A database under the Open Database License 1.0, and statistics made from it: whoever passes either on names "
        "Boavizta and keeps the licence.",
    ),
}

#: Folders under the Open Database License, and where they stand: a distribution of its own, lca-data-odbl.
SHARE_ALIKE = ("electricity_maps", "product_footprints")
ODBL = Path("odbl") / "lca_data_odbl"

STATUS = ("measured", "declared", "dataset", "assumed", "default")  # where a value comes from (A10)

Field = dict[str, Any]
Reference = dict[str, str]


def source_and_data() -> tuple[Path, Path]:
    """The two folders of the command line; the second is `data/` unless said."""
    if len(sys.argv) not in (2, 3):
        raise SystemExit(f"usage: python {Path(sys.argv[0]).name} SOURCE_FOLDER [DATA_FOLDER]")
    beside = Path(__file__).resolve().parent.parent
    return Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else beside


def folder_of(data: Path, folder: str) -> Path:
    """Where the tables of a folder stand: in data/, or in the distribution of the Open Database License."""
    return data / ODBL / folder if folder in SHARE_ALIKE else data / folder


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def text(name: str, description: str, *, among: Sequence[str] = (), required: bool = True) -> Field:
    constraints: Field = {"required": required} | ({"enum": list(among)} if among else {})
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


#: What a column of tags (A4) may say. "unknown": the source does not say it; such a tag matches nothing.
TAGS = {
    "basis": ("direct", "life cycle", "unknown"),
    "mix": ("production", "consumption", "residual", "unknown"),
    "averaging": ("average", "marginal", "unknown"),
    "accounting": ("location-based", "market-based", "unknown"),
    "boundary": ("busbar", "facility", "unknown"),
    "gases": ("CO2", "CO2e", "CH4 and N2O"),
    "gwp_set": ("SAR", "AR4", "AR5", "AR6", "none", "unknown"),
    "gwp_status": ("derived", "second-hand", "unverified", "none"),
}
MEANING = {
    "basis": "stack emissions only, or life cycle (A4)",
    "mix": "whose electricity (A4)",
    "averaging": "the whole mix, or what one MWh more would run (A4)",
    "accounting": "by place, or by contract (A4)",
    "boundary": "where the energy is metered (Q3)",
    "gases": "what is counted (A4)",
    "gwp_set": "GWP set of what is given as CO2e, 100 years (A4)",
    "gwp_status": "derived: rebuilding CO2e from the gases favours this set; second-hand: somebody other than "
    "the publisher says so; unverified: it was not tested; none: nothing is said",
}


def tag(name: str) -> Field:
    """A column of one of the tags that every grid factor carries."""
    return text(name, MEANING[name], among=TAGS[name])


def licence_field() -> Field:
    """The last column of every table."""
    return text("licence", "SPDX expression: terms of the figures and of the copy that was read")


def origin(release: str) -> list[Field]:
    """The last columns of a table: what is known of the spread, and where the row comes from (A10)."""
    return [
        text("uncertainty", "what is known about the spread of the row"),
        text("release", release),
        text("status", "status of the row (A10)", among=STATUS),
        text("source", "publisher and the public copy that was read"),
        licence_field(),
    ]


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
    version: str = VERSION,
    place: Path | None = None,
) -> None:
    """Write `folder/table.csv` and put its description among those of the folder's other tables.

    Licences are those that the rows name; what is under the Open Database License is written into its distribution,
    unless `place` says where the folder is.
    """
    rows = list(rows)
    content = _csv([field["name"] for field in fields], rows)
    place = place or folder_of(data, folder)
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
        "sources": [seen(source) for source in sources],
        "licenses": references(row["licence"] for row in rows),
        "schema": {"fields": list(fields), "primaryKey": list(key), "missingValues": []},
    }
    package = place / "datapackage.json"
    old = json.loads(package.read_text(encoding="utf-8"))["resources"] if package.exists() else []
    resources = sorted(
        [other for other in old if other["name"] != table] + [resource], key=lambda one: str(one["name"])
    )
    package.write_bytes(_json(_package(folder, resources, version)))


def _package(folder: str, resources: list[dict[str, Any]], version: str) -> dict[str, Any]:
    title, description = FOLDERS[folder]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": folder,
        "title": title,
        "description": description,
        "version": version,
        "sources": _once(resource["sources"] for resource in resources),
        "licenses": _once(resource["licenses"] for resource in resources),
        "resources": resources,
    }


def _once(lists: Iterable[list[Reference]]) -> list[Reference]:
    found: list[Reference] = []
    for some in lists:
        found += [reference for reference in some if reference not in found]
    return found


def _csv(names: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    lines = io.StringIO(newline="")
    writer = csv.DictWriter(lines, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return lines.getvalue().encode("utf-8")


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode("utf-8")
