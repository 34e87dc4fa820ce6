"""Files in the form of publishers, with made-up figures: of EIA, EPA, Epoch AI, ACT, Boavizta and others."""

from __future__ import annotations

from pathlib import Path

import pytest

FUELS = ("Coal", "Natural Gas", "Nuclear", "All Petroleum Products", "Hydropower and Pumped Storage", "Solar", "Wind")
EIA = ["Balancing Authority", "Data Date", "Hour Number", "Local Time at End of Hour", "Demand (MW)"]
EIA += [f"Net Generation (MW) from {fuel}{end}" for end in ("", " (Imputed)", " (Adjusted)") for fuel in FUELS]
BOAVIZTA = (
    "manufacturer,name,category,subcategory,gwp_total,gwp_use_ratio,yearly_tec,lifetime,use_location,report_date,sources,"
    "sources_hash,gwp_error_ratio,gwp_manufacturing_ratio,weight,assembly_location,screen_size,server_type,hard_drive,"
    "memory,number_cpu,height,added_date,add_method,gwp_transport_ratio,gwp_eol_ratio\n"
)
EPOCH = (
    "Hardware name,Manufacturer,Type,Notes,Tensor-FP16/BF16 performance (FLOP/s),FP8 performance (FLOP/s),"
    "Memory bandwidth (byte/s),TDP (W),FP32 (single precision) performance (FLOP/s),"
    "TF32 (TensorFloat-32) performance (FLOP/s)\n"
)
MAPS = (
    "Datetime (UTC),Country,Zone {n}ame,Zone {i}d,Carbon {t}ntensity gCO₂eq/kWh (direct),Carbon {t}ntensity gCO₂eq/kWh "
    "({lca}),{free},{renewable},Data {s}ource,Data {e}stimated\n"
)
OLD = {"n": "N", "i": "I", "t": "I", "s": "S", "e": "E", "lca": "LCA"}
OLD |= {"free": "Low Carbon Percentage", "renewable": "Renewable Percentage"}
NEW = {"n": "n", "i": "i", "t": "i", "s": "s", "e": "e", "lca": "Life cycle"}
NEW |= {"free": "Carbon-free energy percentage (CFE%)", "renewable": "Renewable energy percentage (RE%)"}
ACT = {
    "logic_epa": '# a comment\n"7nm"  : 1.50 kWh / cm2\n"2nm" : 4.000 kWh / cm2\n',
    "logic_gpa_95": '"7nm" : 300 g / cm2\n',
    "logic_gpa_99": '"7nm" : 200 g / cm2 # another\n',
    "logic_materials": '"7nm" : 510 g / cm2\n',
    "logic_imec-netzero-cpa": '"7nm" : 1.5 kg\n',
    "dram_dram_hynix": '"ddr9_made_up" : 55 g / GB\n',
    "hdd_hdd_consumer": '"Made Up Pro": 2.5 g / GB\n',
}
GWP = (
    "# Global warming potentials of greenhouse gases.,,,,,\n# Sources:,,,,,\n"
    "Species,SARGWP100,AR4GWP100,AR5GWP100,AR5CCFGWP100,AR6GWP100\nCH4,21,25,28.5,34,27.9\nN2O,,298,265,298,273\nSF6,1,1,1,1,1\n"
)
ZIP = (
    "zip,state,UtilName,trim_util_code,SUBRGN,Predominant Utility\n00601,PR,,,PRMS,0\n20147,VA,One,1,RFCW,0\n"
    "20147,VA,Two,2,SRVC,1\n1001,MA,Three,3,NEWE,1\n"
)
AZURE = (
    "Region,Location,NERC Region,CO2e (metric ton/kWh),Source\nWest Europe,Netherlands,,0.000345,EEA\n"
    "Finland Central,Helsinki,,000081,EEA,\n"
)
AWS = "Region,Country,NERC Region,CO2e (metric ton/kWh),Source\neu-west-1,Ireland,,0.000316,EEA\n"
TABLE_8 = [
    [
        "Vehicle Type",
        "CO2 Factor \r\n(kg CO2 / unit)",
        "CH4 Factor \r\n(g CH4 / unit)",
        "N2O Factor \r\n(g N2O / unit)",
    ],
    ["Medium- and Heavy-Duty Truck", 1.3, 0.01, 0.03],
    ["Passenger Car A", 0.3, 0.01, 0.01],
    ["Medium- and Heavy-Duty Truck", 0.15, 0.01, 0.02],
    ["Rail", 0.02, 0.002, 0.001],
    ["Waterborne Craft", 0.08, 0.03, 0.002],
    ["Aircraft", 1.1, 0, 0.03],
]
UNITS = ["Units", "vehicle-mile", "vehicle-mile", *["short ton-mile"] * 4]
TABLE_9 = [
    ["Material", "RecycledA", "LandfilledB", "CombustedC", "CompostedD", "Anaerobically Digested"],
    ["Aluminum Cans", 0.06, 0.02, 0.01, "NA", "NA"],
    *([name, 0.01, 0.02, 0.4, "NA", "NA"] for name in ("Desktop CPUs", "Portable Electronic Devices")),
    *([name, 0.03, 0.02, 0.5, "NA", "NA"] for name in ("Flat-panel Displays", "Electronic Peripherals")),
    ["Mixed Electronics", 0.02, 0.02, "NA", "NA", "NA"],
]


def balance(*rows: tuple[str, str, dict[str, str]]) -> str:
    """Lines of an authority and an hour, with its generation by fuel in the adjusted columns."""
    lines = [",".join(EIA)]
    for authority, time, made in rows:
        raw = ["99"] * len(FUELS)
        adjusted = [f'"{made.get(fuel, "")}"' for fuel in FUELS]
        lines.append(",".join([authority, "01/01/2030", "1", time, '"1,000"', *raw, *[""] * len(FUELS), *adjusted]))
    return "\n".join(lines) + "\n"


def hub(file: Path, eight: list[list[object]], nine: list[list[object]]) -> None:
    """A workbook with two of EPA's tables below one another on one sheet, a column in from the left."""
    openpyxl = pytest.importorskip("openpyxl", reason="the extra excel")
    book = openpyxl.Workbook()
    page = book.active
    page.append([None, "Emission Factors for Greenhouse Gas Inventories"])
    for title, rows in (("Table 8", eight), ("Table 9", nine)):
        page.append([None, title])
        for row in rows:
            page.append([None, *row])
        page.append([None])
        page.append([None, "Source: EPA."])
    book.save(file)
