"""Makes electricity/country_yearly.csv: what a kWh generated in a country emits over its life cycle.

    python data/build/country_yearly.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `country_electricity_yearly.csv`, from the energy data set of Our World in Data. Its codebook names
the publishers of each column: Ember of the intensity (carbon_intensity_elec), Ember and the Energy Institute of
generation and shares. The files of the publishers were not seen: what was read is a copy, which the rows name. Figures
keep the digits of that file.
Rows it doubts are kept and flagged: 22 zeros of two countries, which no power station has, and
generation below 1 TWh, where the rounding of generation to 0.01 TWh is seen in the result.
"""

from __future__ import annotations

from package import number, origin, rows_of, source_and_data, tag, text, write
from regions import region_of

FLAGS = {
    "": "none",
    "zero: suspicious": "false_zero",
    "generation below 1 TWh: rounding noise": "small_generation",
}
TAGS = {
    "basis": "life cycle",
    "mix": "production",
    "averaging": "average",
    "accounting": "location-based",
    "boundary": "busbar",
    "gases": "CO2e",
    "gwp_set": "AR5",
    "gwp_status": "second-hand",
}
RELEASE = "OWID energy data, as of 2026-04-29"
EMBER = "Ember, Yearly electricity data 2026"
COPY = "in Our World in Data, Energy data; read in a copy by sayanarman/CAP6938-Final-Project 28a2c8af"
ORIGIN = {
    "release": RELEASE,
    "status": "dataset",
    "source": f"{EMBER}, {COPY}",
    "licence": "CC-BY-4.0",
}
SOURCES = [
    {"title": "Ember, Yearly electricity data", "path": "https://ember-energy.org/data/yearly-electricity-data/"},
    {
        "title": "Energy Institute, Statistical review of world energy",
        "path": "https://www.energyinst.org/statistical-review",
    },
    {"title": "Our World in Data, Energy data", "path": "https://github.com/owid/energy-data"},
    {
        "title": "sayanarman/CAP6938-Final-Project (the copy that was read)",
        "path": "https://github.com/sayanarman/CAP6938-Final-Project",
    },
]
FLAG = text(
    "flag",
    "false_zero: a zero that cannot be true, not to be used; small_generation: below 1 TWh in the year, so that "
    "the rounding of generation shows; none",
    among=tuple(FLAGS.values()),
)

FIELDS = [
    text("region", "alpha-3 code of the country, or code of the group, as in regions"),
    number("year", "year of the data", minimum=1990, maximum=2025, kind="integer"),
    number(
        "co2e",
        "life-cycle emissions per energy generated: fuel supply, fugitive methane and plant included; own "
        "use of power stations, losses and imports are not",
        unit="g CO2e/(kWh at_busbar)",
        minimum=0,
        maximum=1400,
    ),
    number(
        "generation",
        "gross generation, also from Energy Institute, Statistical review 2025; empty where it was not found",
        unit="TWh at_busbar",
        minimum=0,
        maximum=50000,
        required=False,
    ),
    FLAG,
    *(tag(name) for name in TAGS),
    *origin("the edition of the data set"),
]


def tidy(row: dict[str, str]) -> dict[str, str]:
    flag = FLAGS[row["flag"]]
    if (flag == "false_zero") != (float(row["carbon_intensity_gco2e_per_kwh"]) == 0):
        raise SystemExit(f"{row['country']} {row['year']}: a zero without a flag, or a flag without a zero")
    return {
        "region": region_of(row),
        "year": row["year"],
        "co2e": row["carbon_intensity_gco2e_per_kwh"],
        "generation": row["electricity_generation_twh"],
        "flag": flag,
        **TAGS,
        "uncertainty": "none known",
        **ORIGIN,
    }


def main() -> None:
    source, data = source_and_data()
    rows = [tidy(row) for row in rows_of(source / "country_electricity_yearly.csv")]
    write(
        data,
        "electricity",
        "country_yearly",
        title="Electricity of countries and groups by year",
        description="Life-cycle emissions per kWh of gross generation, 214 countries and 24 groups, most from "
        "2000, some from 1990, to 2024 or 2025: the production mix, without imports, without the own use of "
        "power stations, without losses on the way to the customer (electricity_losses has those). Not to be "
        "compared with eGRID, which counts the stack only. Ember says that all gases are expressed as CO2e "
        "over 100 years; that the GWP set is AR5 is what Climatiq, which passes the data on, says. No spread "
        "is published; editions differ: 39 of 212 values by more than 10 percent from an older copy.",
        fields=FIELDS,
        key=("region", "year"),
        rows=sorted(rows, key=lambda row: (row["region"], row["year"])),
        sources=SOURCES,
    )


if __name__ == "__main__":
    main()
