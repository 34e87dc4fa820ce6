"""A folder of data as a user writes one: tables that add rows to those of the library, with a datapackage.json."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Field = dict[str, Any]
#: The columns of egrid_subregion_rates as a user states them: all that are required, and CO2e.
EGRID: list[Field] = [
    {"name": "region", "type": "string"},
    {"name": "region_name", "type": "string"},
    {"name": "year", "type": "integer", "constraints": {"maximum": 2024}},
    {"name": "co2", "type": "number", "unit": "lb CO2/(MWh at_busbar)"},
    {"name": "co2e", "type": "number", "unit": "lb CO2e/(MWh at_busbar)"},
    {"name": "grid_loss", "type": "number", "unit": "percent"},
    *(
        {"name": name, "type": "string"}
        for name in ("basis", "mix", "averaging", "accounting", "boundary", "gwp_set", "gwp_status")
    ),
    *({"name": name, "type": "string"} for name in ("uncertainty", "release", "status", "source", "licence")),
]
#: A made-up rate of one subregion.
RATE = {
    "region": "US-RFCW", "region_name": "RFC West", "year": "2024", "co2": "900", "co2e": "910", "grid_loss": "4.2",
    "basis": "direct", "mix": "production", "averaging": "average", "accounting": "location-based",
    "boundary": "busbar", "gwp_set": "AR5", "gwp_status": "unverified", "uncertainty": "none published",
    "release": "made up", "status": "assumed", "source": "made up for a test", "licence": "none needed",
}  # fmt: skip


def write_data_folder(
    root: Path,
    rows: Sequence[Mapping[str, str]] = (RATE,),
    *,
    fields: Sequence[Field] = EGRID,
    table: str = "egrid_subregion_rates",
    folder: str = "electricity",
    version: str = "2024.1",
    key: Sequence[str] = ("region", "year"),
    **about: object,
) -> Path:
    """Write `root/folder/table.csv` and its datapackage.json; `about` is said of the table in place of what is."""
    (root / folder).mkdir(parents=True, exist_ok=True)
    names = [field["name"] for field in fields]
    with (root / folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([names, *([row.get(name, "") for name in names] for row in rows)])
    schema = {"fields": list(fields), "primaryKey": list(key)}
    one = {"name": table, "path": f"{table}.csv", "schema": schema, **about}
    package = {"name": folder, "version": version, "resources": [one]}
    (root / folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    return root
