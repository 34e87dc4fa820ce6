"""A folder of PUE and WUE of single cloud regions, as a user adds them: the library ships none."""

from __future__ import annotations

from pathlib import Path

from data_folder import write_data_folder

_TEXTS = (
    *("provider", "region", "place", "metric", "value", "unit", "default", "series", "flag", "note", "basis", "mix"),
    *("averaging", "accounting", "gwp_set", "dataset", "uncertainty", "release", "status", "source", "licence"),
)
_TYPES = {"year": "integer", "value": "number", "default": "integer"}
_FIELDS = [{"name": name, "type": _TYPES.get(name, "string")} for name in (*_TEXTS[:4], "year", *_TEXTS[4:])]
_UNITS = {"pue": "at_facility/at_wall", "wue": "L/(kWh at_wall)"}
#: Provider, region, place, metric, year, value: made up.
FIGURES = [
    ("aws", "eu-west-1", "Ireland", "wue", "2023", "0.18"),
    ("azure", "northeurope", "Finland", "pue", "2022", "1.15"),
    ("azure", "northeurope", "Ireland", "pue", "2022", "1.2"),
    *(("gcp", "europe-west4", "Eemshaven", "pue", year, "1.1") for year in ("2022", "2023", "2024")),
]


def write_cloud_figures(root: Path) -> Path:
    """Write `root` with a table that adds FIGURES to electricity/cloud_regions."""
    rest = dict.fromkeys(("series", "note", "dataset", "uncertainty", "release", "source", "licence"), "made up")
    rest |= {"default": "0", "flag": "none", "status": "declared"}
    tags = dict.fromkeys(("basis", "mix", "averaging", "accounting", "gwp_set"), "none")
    names = ("provider", "region", "place", "metric", "year", "value")
    rows = [rest | tags | dict(zip(names, cells, strict=True)) | {"unit": _UNITS[cells[3]]} for cells in FIGURES]
    return write_data_folder(root, rows, fields=_FIELDS, table="cloud_regions", key=(*names[:5], "dataset"))
