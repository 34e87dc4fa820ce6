"""Makes electricity/country_shares.csv: what the electricity of a country was made from.

    python data/build/country_shares.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `country_electricity_yearly.csv`. Rows without any share are left out: most groups,
and Kosovo. A share that is missing stays missing; the others of its row sum to 100 all the same.
"""

from __future__ import annotations

from country_yearly import COPY, EMBER, FLAG, FLAGS, ORIGIN, SOURCES
from package import number, origin, rows_of, source_and_data, tag, text, write
from regions import region_of

# column here: column there, what it is
SHARES = {
    "coal": "coal",
    "gas": "gas",
    "oil": "oil",
    "nuclear": "nuclear",
    "hydro": "hydropower",
    "solar": "solar",
    "wind": "wind",
    "other_renewables": "other renewables: biofuel, geothermal, wave and tide",
    "biofuel": "biofuel, which is inside other_renewables: not to be added to them",
    "fossil": "sum of coal, gas and oil",
    "renewables": "sum of hydro, solar, wind and other_renewables",
    "low_carbon": "sum of nuclear and renewables",
}
TAGS = {"mix": "production", "boundary": "busbar"}

FIELDS = [
    text("region", "alpha-3 code of the country, or code of the group, as in regions"),
    number("year", "year of the data", minimum=1990, maximum=2025, kind="integer"),
    *(
        number(name, f"share of generation: {what}", unit="percent", minimum=0, maximum=100.01, required=False)
        for name, what in SHARES.items()
    ),
    FLAG,
    *(tag(name) for name in TAGS),
    *origin("the edition of the data set"),
]


def tidy(row: dict[str, str]) -> dict[str, str]:
    return {
        "region": region_of(row),
        "year": row["year"],
        **{name: row[f"{name}_share_percent"] for name in SHARES},
        "flag": FLAGS[row["flag"]],
        **TAGS,
        "uncertainty": "none known",
        **ORIGIN,
        "source": f"{EMBER}, and Energy Institute, Statistical review 2025, {COPY}",
    }


def main() -> None:
    source, data = source_and_data()
    rows = [tidy(row) for row in rows_of(source / "country_electricity_yearly.csv")]
    write(
        data,
        "electricity",
        "country_shares",
        title="Shares in the electricity of countries by year",
        description="Shares in gross generation. Coal, gas, oil, nuclear, hydro, solar, wind and "
        "other_renewables sum to 100 within 0.01; biofuel is a part of other_renewables, and fossil, "
        "renewables and low_carbon are sums of the others. The flag is that of country_yearly.",
        fields=FIELDS,
        key=("region", "year"),
        rows=sorted(
            (row for row in rows if any(row[name] for name in SHARES)),
            key=lambda row: (row["region"], row["year"]),
        ),
        sources=SOURCES,
    )


if __name__ == "__main__":
    main()
