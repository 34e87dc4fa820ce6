"""Makes hardware/freight.csv: emissions of moving goods, and of bringing a device to its user.

    python data/build/freight.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `transport_and_end_of_life.csv` and `lifetimes_and_eol.csv`. EPA counts what burns in the
vehicle (tank-to-wheel): making the fuel comes on top. Left out: three factors whose licence does not let us pass
them on.
"""

from __future__ import annotations

from accelerators import evidence
from package import number, rows_of, source_and_data, text, write
from terms import GOVERNMENT, terms

FLAGS = {
    "recommended": "a judgement; low and high hold 90 %",
    "second_hand": "read in a transcription, an extract or a quotation",
    "fleet_average": "an average over all loads and distances, aircraft with short flights among them",
    "not_public": "exists and is closed to outsiders",
    "none": "nothing",
}
SCOPES = ("tank-to-wheel", "well-to-wheel", "unknown")
QUANTITIES = {
    "emission": "of moving goods, for mass and distance",
    "distribution": "of bringing one kilogram of electronics, or one device, to its user",
    "share": "of transport in a footprint",
    "distance": "that a vendor assumes",
}
FIELDS = [
    text("quantity", "; ".join(f"{name}: {words}" for name, words in QUANTITIES.items()), among=tuple(QUANTITIES)),
    text("mode", "truck, rail, ship, aircraft; mixed", among=("truck", "rail", "ship", "aircraft", "mixed")),
    text("item", "what it was stated of"),
    number("value", "in the unit of the row", minimum=0, maximum=2000, required=False),
    number("low", "lower end", minimum=0, maximum=2000, required=False),
    number("high", "upper end", minimum=0, maximum=2000, required=False),
    number("level", "probability between low and high; empty: extremes", minimum=0.5, maximum=0.99, required=False),
    text("unit", "unit of value, low and high"),
    text("scope", "tank-to-wheel: what burns in the vehicle; well-to-wheel: with making the fuel", among=SCOPES),
    number("default", "1: the row that a model takes unasked", minimum=0, maximum=1, kind="integer"),
    number("year", "year of the figure", minimum=2020, maximum=2026, kind="integer"),
    text("region", "where", among=("USA", "world", "unknown")),
    *evidence(FLAGS),
]
MODES = {"truck, medium and heavy duty": "truck", "rail": "rail", "waterborne": "ship", "aircraft": "aircraft"}
UNITS = {"kgCO2e/kg": "kg CO2e/kg", "kgCO2e/unit": "kg CO2e/device", "fraction": "1", "km": "km"}
KINDS = {"kg CO2e/kg": "distribution", "kg CO2e/device": "distribution", "1": "share", "km": "distance"}
JUDGEMENT = "assumption: sea alone is about 0.3 and air alone about 8; HPE states 160 kg for a server"
PLAIN = {"low": "", "high": "", "level": "", "default": "0", "region": "unknown", "uncertainty": "none known"}


def epa(row: dict[str, str]) -> dict[str, str]:
    return PLAIN | {
        "quantity": "emission",
        "mode": MODES[row["item"]],
        "item": row["item"],
        "value": row["value"],
        "unit": "kg CO2e/(t km)",
        "scope": "tank-to-wheel",
        "default": "1",
        "year": "2026",
        "region": "USA",
        "trust": row["trust"],
        "flag": "second_hand fleet_average",
        "status": "dataset",
        "source": "US EPA, GHG Emission Factors Hub 2026, Table 8, transcribed; gases by AR6, short tons and miles "
        "converted",
        "licence": GOVERNMENT,
    }


def other(row: dict[str, str]) -> dict[str, str]:
    recommended, unit = row["item"] == "recommended", UNITS[row["unit"]]
    second_hand = "extraction" in row["source"] or "SCARIF" in row["source"]
    words = "not_public" if not row["value"] else "second_hand" if second_hand else "none"
    return PLAIN | {
        "quantity": KINDS[unit],
        "mode": "truck" if "truck" in row["what"] else "mixed",
        "item": row["what"],
        "value": row["value"],
        "low": row["low"],
        "high": row["high"],
        "level": "0.90" if recommended else "",
        "unit": unit,
        "scope": "unknown",
        "default": str(int(recommended)),
        "year": row["year"],
        "region": "world" if recommended else "unknown",
        "trust": row["trust"].replace("-", "none"),
        "flag": "recommended" if recommended else words,
        "uncertainty": "low and high, a judgement" if recommended else "low and high" if row["low"] else "none known",
        "status": "assumed" if recommended else "dataset",
        "source": JUDGEMENT if recommended else row["source"],
        "licence": terms(row["licence"]),
    }


def main() -> None:
    source, data = source_and_data()
    rows = [epa(row) for row in rows_of(source / "transport_and_end_of_life.csv") if row["item"] in MODES]
    rows += [
        other(row)
        for row in rows_of(source / "lifetimes_and_eol.csv")
        if (row["item"] == "transport" or row["what"].startswith("transport to user"))
        and not any(name in row["licence"] for name in ("ODbL", "AGPL"))
    ]
    write(
        data,
        "hardware",
        "freight",
        title="Freight and distribution",
        description="Emissions for mass and distance by mode, and of distribution for mass or device. Sources differ "
        "by a factor of two to four for one mode.",
        fields=FIELDS,
        key=("quantity", "mode", "item"),
        rows=sorted(rows, key=lambda row: (list(QUANTITIES).index(row["quantity"]), -int(row["default"]), row["item"])),
        sources=[
            {
                "title": "US EPA, GHG Emission Factors Hub, Table 8",
                "path": "https://www.epa.gov/climateleadership/ghg-emission-factors-hub",
            },
            {"title": "HPE product carbon footprints, from arc-research-lab/SCARIF f4dc4fb5"},
            {"title": "NVIDIA HGX B200 product carbon footprint summary, second-hand"},
        ],
    )


if __name__ == "__main__":
    main()
