"""Makes electricity/upstream_by_fuel.csv: what fuel supply and plant add to the emissions of the stack.

    python data/build/upstream_by_fuel.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `electricity_upstream_factors.csv` and `fuel_upstream_factors.csv`. Life cycle is direct
plus upstream. For coal, gas and oil the upstream is a ratio to the direct emission: a choice made from the
figures of those files, which have to lie within its range. For the rest it is the median life cycle of the
IPCC, whose direct part is zero. Not used: the columns of the IPCC's table (from memory, and they do not sum
to its medians), the 244 g/kWh of oil that come from two unrelated sources, and every row from memory.
"""

from __future__ import annotations

from package import number, origin, rows_of, source_and_data, tag, text, write
from terms import FIGURES, all_of

UNIT = "g CO2e/(kWh at_busbar)"

# ratio, low, high; typical direct emission in g CO2e/kWh and its status; what the ratio rests on
FOSSIL = {
    "coal": ("0.08", "0.06", "0.12", "760", "dataset", "IPCC AR5 0.08, NREL Standard Scenarios 2024 0.096"),
    "gas": (
        "0.33",
        "0.22",
        "0.45",
        "370",
        "dataset",
        "IPCC AR5 0.32, NETL 0.337 (mean of US plants; 0.28 to 0.51 over the basins), NREL 0.23 to 0.44 for leakage "
        "of 1 to 3 percent",
    ),
    "oil": ("0.23", "0.18", "0.28", "800", "assumed", "NREL Standard Scenarios 2024 0.234; the range is judgement"),
}
# fuel of the mix: technology of the IPCC
REST = {
    "nuclear": "nuclear",
    "hydro": "hydropower",
    "wind": "wind_onshore",
    "solar": "solar_pv_utility",
    "biomass": "biomass_dedicated",
    "geothermal": "geothermal",
}
NOTES = {
    "coal": "none",
    "gas": "none",
    "oil": "the typical direct emission is assumed; a low and a high of judgement",
    "biomass": "CO2 from burning biomass counts as zero at the stack",
    "hydro": "reservoirs make the maximum; for the US a mean of 12 from reservoirs alone is known",
    "solar": "utility scale; rooftop 41, newer modules 11 to 37",
    "wind": "onshore; offshore 12",
    "nuclear": "other sources: 5.1 (UNECE), 17.5 (NETL, fuel supply in the US)",
    "geothermal": "none",
}
MISSING = ("other_fossil", "other_unknown")
RATIO, VALUE, NONE = "ratio to direct", "per energy", "not found"

FIELDS = [
    text("fuel", "fuel, as in the columns of egrid_generation_mix"),
    text("kind", "how upstream is given", among=(RATIO, VALUE, NONE)),
    number("ratio", "upstream as a ratio to the direct emission", unit="1", minimum=0, maximum=1, required=False),
    number("ratio_low", "low end of ratio", unit="1", minimum=0, maximum=1, required=False),
    number("ratio_high", "high end of ratio", unit="1", minimum=0, maximum=1, required=False),
    number(
        "direct",
        "typical direct emission of the fuel, to share the direct emission of a mix among its fuels",
        unit=UNIT,
        minimum=0,
        maximum=1000,
        required=False,
    ),
    text(
        "direct_status", "status of direct (A10); none where there is no direct", among=("dataset", "assumed", "none")
    ),
    number(
        "upstream",
        "upstream where nothing is burnt, or only biomass",
        unit=UNIT,
        minimum=0,
        maximum=500,
        required=False,
    ),
    number("upstream_low", "lowest of the literature, not a bound", unit=UNIT, minimum=0, maximum=500, required=False),
    number(
        "upstream_high", "highest of the literature, not a bound", unit=UNIT, minimum=0, maximum=2500, required=False
    ),
    text("note", "what is to be known beside; none"),
    number("year", "year of the publication", minimum=2014, maximum=2024, kind="integer", required=False),
    text("region", "where", among=("world", "US")),
    tag("averaging"),
    tag("boundary"),
    tag("gases"),
    tag("gwp_set"),
    tag("gwp_status"),
    *origin("the publication"),
]


def check_ratios(technologies: list[dict[str, str]], fuels: list[dict[str, str]]) -> None:
    """Every ratio that the files give for a fuel lies within the range that is chosen here."""
    median = {
        (row["technology"], row["component"]): float(row["median"])
        for row in technologies
        if row["source"].startswith("IPCC") and row["median"] and "from memory" not in row["flag"].partition(";")[0]
    }
    seen = {
        fuel: [median[name, "lifecycle"] / median[name, "direct"] - 1]
        for fuel, name in (("coal", "coal_pc"), ("gas", "gas_combined_cycle"))
    } | {"oil": []}
    names = {"natural_gas": "gas", "coal": "coal", "oil_gas_steam": "oil"}
    for row in fuels:
        if row["component"] == "upstream_to_combustion_ratio":
            seen[names[row["fuel"]]].append(float(row["value"]))
    for fuel, ratios in seen.items():
        middle, low, high = (float(text) for text in FOSSIL[fuel][:3])
        if not ratios or not all(low <= ratio <= high for ratio in (middle, *ratios)):
            raise SystemExit(f"{fuel}: {ratios} against {low} to {high}")
        direct = median.get(({"coal": "coal_pc", "gas": "gas_combined_cycle"}.get(fuel, ""), "direct"))
        if FOSSIL[fuel][4] == "dataset" and direct != float(FOSSIL[fuel][3]):
            raise SystemExit(f"{fuel}: a direct emission of {direct}")


def fossil(fuel: str) -> dict[str, str]:
    ratio, low, high, direct, direct_status, basis = FOSSIL[fuel]
    return {
        "fuel": fuel,
        "kind": RATIO,
        "ratio": ratio,
        "ratio_low": low,
        "ratio_high": high,
        "direct": direct,
        "direct_status": direct_status,
        "note": NOTES[fuel],
        "year": "2024",
        "region": "US" if fuel == "oil" else "world",
        "gwp_set": "unknown",
        "gwp_status": "none",
        "uncertainty": "ratio_low and ratio_high",
        "release": "IPCC AR5 (2014), NETL (base year 2016), NREL (2024)",
        "status": "default",
        "source": f"chosen from: {basis}" + ("; direct: IPCC AR5 median" if direct_status == "dataset" else ""),
        "licence": all_of(FIGURES, "CC0-1.0"),
    }


def rest(fuel: str, row: dict[str, str]) -> dict[str, str]:
    return {
        "fuel": fuel,
        "kind": VALUE,
        "direct_status": "none",
        "upstream": row["median"],
        "upstream_low": row["low"],
        "upstream_high": row["high"],
        "note": NOTES[fuel],
        "year": row["year"],
        "region": row["region"],
        "gwp_set": "AR5",
        "gwp_status": "unverified",
        "uncertainty": "upstream_low and upstream_high",
        "release": "IPCC AR5 WG3 Annex III Table A.III.2",
        "status": "dataset",
        "source": f"IPCC AR5 WG3 Annex III Table A.III.2, life cycle of {row['technology']}",
        "licence": FIGURES,
    }


def missing(fuel: str) -> dict[str, str]:
    return {
        "fuel": fuel,
        "kind": NONE,
        "direct_status": "none",
        "note": "no figure was found; a mix with it is incomplete by this share",
        "region": "world",
        "gwp_set": "none",
        "gwp_status": "none",
        "uncertainty": "none known",
        "release": "none",
        "status": "default",
        "source": "none found",
        "licence": FIGURES,
    }


def main() -> None:
    source, data = source_and_data()
    technologies = rows_of(source / "electricity_upstream_factors.csv")
    check_ratios(technologies, rows_of(source / "fuel_upstream_factors.csv"))
    lifecycle = {
        row["technology"]: row
        for row in technologies
        if row["component"] == "lifecycle" and row["source"].startswith("IPCC") and row["trust"] == "A"
    }
    rows = [fossil(fuel) for fuel in FOSSIL]
    rows += [rest(fuel, lifecycle[name]) for fuel, name in REST.items()]
    rows += [missing(fuel) for fuel in MISSING]
    tags = {"averaging": "average", "boundary": "busbar", "gases": "CO2e"}
    write(
        data,
        "electricity",
        "upstream_by_fuel",
        title="Upstream emissions by fuel",
        description="What fuel supply, fugitive methane and plant add to direct emissions: life cycle = direct + "
        "upstream. Never added to a figure that is life cycle already (country_yearly). For coal, gas and oil "
        "it is a ratio to the direct emission, read as a triangular distribution from ratio_low to ratio_high; for "
        "the others a median of the literature with its extremes, which are not bounds.",
        fields=FIELDS,
        key=("fuel",),
        rows=[row | tags for row in rows],
        sources=[
            {"title": "IPCC AR5 WG3, Annex III", "path": "https://www.ipcc.ch/report/ar5/wg3/"},
            {"title": "NETL inventories in USEPA/ElectricityLCI", "path": "https://github.com/USEPA/ElectricityLCI"},
            {"title": "NREL, Standard Scenarios 2024, in NREL/ReEDS-2.0", "path": "https://github.com/NREL/ReEDS-2.0"},
        ],
    )


if __name__ == "__main__":
    main()
