"""Makes electricity/egrid_generation_mix.csv: what the electricity of a US grid region was made from.

    python data/build/egrid_generation_mix.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `us_egrid_generation_mix.csv`, a row for each region, data year and fuel, read from
USEPA/power-profiler at the commit named in the row: the regions and years of egrid_subregion_rates.
"""

from __future__ import annotations

from egrid_subregion_rates import REVISION
from package import number, origin, rows_of, source_and_data, tag, text, write
from terms import GOVERNMENT, all_of

# column here: fuel there
FUELS = {
    "coal": "coal",
    "gas": "gas",
    "oil": "oil",
    "other_fossil": "otherFossilFuel",
    "nuclear": "nuclear",
    "hydro": "hydro",
    "biomass": "biomass",
    "geothermal": "geothermal",
    "solar": "solar",
    "wind": "wind",
    "other_unknown": "otherUnknownFuel",
}
TAGS = {"mix": "production", "boundary": "busbar"}

FIELDS = [
    text("region", "US- and the acronym of the eGRID subregion; US is the national average"),
    number("year", "year of the data, not of the release", minimum=2016, maximum=2023, kind="integer"),
    *(
        number(name, f"share of net generation: {name.replace('_', ' ')}", unit="percent", minimum=0, maximum=100)
        for name in FUELS
    ),
    *(tag(name) for name in TAGS),
    *origin("the eGRID release"),
]


def tidy(shares: dict[str, dict[str, str]]) -> dict[str, str]:
    if set(shares) != set(FUELS.values()):
        raise SystemExit(f"fuels {', '.join(sorted(shares))}")
    one = shares["coal"]
    release = f"eGRID{one['year']}{REVISION.get(one['year'], '')}"
    return {
        "region": one["region"] if one["region"] == "US" else f"US-{one['region']}",
        "year": one["year"],
        **{name: shares[fuel]["share_percent"] for name, fuel in FUELS.items()},
        **TAGS,
        "uncertainty": "none known; rounded to 0.1 percent",
        "release": release,
        "status": "dataset",
        "source": f"US EPA {release}, from USEPA/power-profiler {one['source_commit']}",
        "licence": all_of("MIT", GOVERNMENT),
    }


def main() -> None:
    source, data = source_and_data()
    places: dict[tuple[str, str], dict[str, dict[str, str]]] = {}
    for row in rows_of(source / "us_egrid_generation_mix.csv"):
        if places.setdefault((row["year"], row["region"]), {}).setdefault(row["fuel"], row) is not row:
            raise SystemExit(f"{row['region']} {row['year']}: {row['fuel']} twice")
    write(
        data,
        "electricity",
        "egrid_generation_mix",
        title="eGRID generation mix",
        description="Shares of net generation by fuel in the 27 eGRID subregions and the US. They are rounded to "
        "0.1 and sum to 99.8 to 100.4.",
        fields=FIELDS,
        key=("region", "year"),
        rows=sorted(map(tidy, places.values()), key=lambda row: (row["year"], row["region"])),
        sources=[
            {"title": "US EPA, eGRID", "path": "https://www.epa.gov/egrid"},
            {"title": "USEPA/power-profiler", "path": "https://github.com/USEPA/power-profiler"},
        ],
    )


if __name__ == "__main__":
    main()
