"""A small workbook in the form of US EPA's eGRID, with made-up figures: two rows above, then rows by code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

Cells = dict[str, Any]
#: CO2, CH4 and N2O in lb/MWh of a subregion, and the shares of coal, gas and nuclear; CO2e is made with AR5.
SUBREGIONS = {
    "RFCW": ("RFC West", (880.0, 0.07, 0.01), (0.30, 0.40, 0.30)),
    "ERCT": ("ERCOT All", (740.0, 0.05, 0.006), (0.10, 0.60, 0.30)),
    "PRMS": ("Puerto Rico Miscellaneous", (1500.0, 0.08, 0.012), (0.20, 0.80, 0.0)),
}
LOSSES = {"Eastern": 0.043, "Western": 0.041, "ERCOT": 0.045, "Alaska": 0.05, "Hawaii": 0.054, "U.S.": 0.0435}


def rates(start: str, gases: tuple[float, float, float], shares: tuple[float, float, float]) -> Cells:
    """The codes of rates and shares of a region: SR... or US..."""
    co2, ch4, n2o = gases
    made = {"CO2RTA": co2, "CH4RTA": ch4, "N2ORTA": n2o, "C2ERTA": round(co2 + 28 * ch4 + 265 * n2o, 3)}
    mixed = dict.fromkeys(("OLPR", "HYPR", "BMPR", "WIPR", "SOPR", "GTPR", "OFPR", "OPPR"), 0.0)
    mixed |= dict(zip(("CLPR", "GSPR", "NCPR"), shares, strict=True))
    return {start + code: value for code, value in (made | mixed).items()}


def sheets(year: int) -> dict[str, list[Cells]]:
    """The rows of each sheet that a release has for what the library takes from it."""
    subregions = [
        {"YEAR": year, "SUBRGN": code, "SRNAME": name, "SRNGENAN": 1e6, **rates("SR", gases, shares)}
        for code, (name, gases, shares) in SUBREGIONS.items()
    ]
    states = [{"YEAR": year, "PSTATABB": "PA", "FIPSST": 42, "STC2ERTA": 615.4321}]
    losses = [{"YEAR": year, "REGION": region, "ESTLOSS": 1.0, "GGRSLOSS": loss} for region, loss in LOSSES.items()]
    whole = [{"YEAR": year, **rates("US", (750.0, 0.06, 0.008), (0.2, 0.5, 0.3))}]
    short = f"{year % 100:02d}"
    return {f"SRL{short}": subregions, f"US{short}": whole, f"ST{short}": states, f"GGL{short}": losses}


def write_workbook(file: Path, content: Mapping[str, list[Cells]]) -> Path:
    """Write a workbook: a row of descriptions, a row of codes, the rows, and an empty one at the end."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Contents"
    for name, rows in content.items():
        page = book.create_sheet(name)
        codes = list(rows[0])
        page.append([f"what {code} is" for code in codes])
        page.append(codes)
        for row in rows:
            page.append([row.get(code) for code in codes])
        page.append([None] * len(codes))
    file.parent.mkdir(parents=True, exist_ok=True)
    book.save(file)
    return file
