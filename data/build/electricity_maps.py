"""Makes electricity_maps/consumption_yearly.csv: what a kWh used in a zone emits, trade traced, 2021 to 2025.

    python data/build/electricity_maps.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `electricity_consumption_based_yearly.csv`. The database is Electricity Maps' under the Open
Database License, which asks for attribution and for the same licence on what is made from it: so it is a
package of its own, and no factor of a look-up comes from it. Spreads and comparisons read it.
"""

from __future__ import annotations

from package import number, origin, rows_of, source_and_data, tag, text, write
from regions import ALPHA_2

#: Balancing areas that coincide with an eGRID subregion, nearly enough to compare.
AREAS = {
    "US-TEX-ERCO": "US-ERCT",
    "US-SE-SOCO": "US-SRSO",
    "US-CENT-SWPP": "US-SPSO",
    "US-CAL-CISO": "US-CAMX",
    "US-NW-PSCO": "US-RMPA",
    "US-FLA-FPL": "US-FRCC",
    "US-NE-ISNE": "US-NEWE",
}
COUNTRIES = {alpha_2: alpha_3 for alpha_3, alpha_2 in ALPHA_2.items()} | {"US": "US"}
TAGS = {
    "basis": "life cycle",
    "mix": "consumption",
    "averaging": "average",
    "accounting": "location-based",
    "boundary": "unknown",
    "gases": "CO2e",
    "gwp_set": "unknown",
}
FLAGS = {"": "none", "same value in every year: modelled, not measured": "one_for_all_years"}
LICENCE = "ODbL 1.0"
ORIGIN = {
    "uncertainty": "none known; rounded to 1 g/kWh",
    "release": "co2.js 27cbe832",
    "status": "dataset",
    "source": "Electricity Maps, from thegreenwebfoundation/co2.js 27cbe832",
    "licence": "ODbL-1.0",
}

FIELDS = [
    text("zone", "zone of Electricity Maps: ISO 3166-1 alpha-2 code, with parts behind it (NA is Namibia)"),
    text("zone_name", "name of the zone"),
    text(
        "region",
        "the same place in our tables: alpha-3 code of the country (US for the United States), or the eGRID subregion "
        "whose area nearly coincides; empty where there is none",
        required=False,
    ),
    number("year", "year of the data", minimum=2021, maximum=2025, kind="integer"),
    number(
        "co2e",
        "life-cycle emissions per energy used in the zone, imports and exports traced; whether losses are within "
        "is not stated",
        unit="g CO2e/kWh",
        minimum=1,
        maximum=1500,
    ),
    number("carbon_free", "share of carbon-free electricity", unit="percent", minimum=0, maximum=100),
    number("renewable", "share of renewable electricity", unit="percent", minimum=0, maximum=100),
    text(
        "flag",
        "one_for_all_years: one value in all years, so modelled and not measured; none",
        among=tuple(FLAGS.values()),
    ),
    *(tag(name) for name in TAGS),
    *origin("the copy that was read"),
]


def tidy(row: dict[str, str]) -> dict[str, str]:
    if row["unit"] != "g CO2e/kWh":
        raise SystemExit(f"{row['zone']} {row['year']}: {row['unit']}")
    return {
        "zone": row["zone"],
        "zone_name": row["zone_name"],
        "region": COUNTRIES.get(row["zone"]) or AREAS.get(row["zone"], ""),
        "year": row["year"],
        "co2e": row["consumption_intensity"],
        "carbon_free": row["carbon_free_percent"],
        "renewable": row["renewable_percent"],
        "flag": FLAGS[row["flag"]],
        **TAGS,
        **ORIGIN,
    }


def main() -> None:
    source, data = source_and_data()
    rows = [tidy(row) for row in rows_of(source / "electricity_consumption_based_yearly.csv")]
    write(
        data,
        "electricity_maps",
        "consumption_yearly",
        title="Electricity Maps, consumption-based intensity by year",
        description="Life-cycle intensity of the electricity used in 352 zones (60 of them in the US), 2021 to 2025, "
        "flow-traced. That the figures are life cycle and flow-traced is how Electricity Maps documents its "
        "default; the files do not say it. For comparison only. Data by Electricity Maps, electricitymaps.com, "
        "under the Open Database License 1.0.",
        fields=FIELDS,
        key=("zone", "year"),
        rows=sorted(rows, key=lambda row: (row["zone"], row["year"])),
        sources=[
            {"title": "Electricity Maps", "path": "https://www.electricitymaps.com"},
            {
                "title": "The Green Web Foundation, co2.js (the copy that was read)",
                "path": "https://github.com/thegreenwebfoundation/co2.js",
            },
        ],
    )


if __name__ == "__main__":
    main()
