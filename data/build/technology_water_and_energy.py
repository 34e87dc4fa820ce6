"""Makes electricity/technology_water_and_energy.csv: water and primary energy of a kWh, by technology.

    python data/build/technology_water_and_energy.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER is not read: the figures stand here. Water is what stations consume while they run, medians of
Macknick et al. 2012 in US gallons per MWh: a typical cooling, and the lowest and highest medians of other coolings
and kinds of station (without carbon capture). Primary energy follows the physical energy content method of the
International Energy Agency: heat counts where a station makes or takes up heat, electricity where it does not.
"""

from __future__ import annotations

from decimal import Decimal

from package import number, origin, source_and_data, text, write
from terms import FIGURES

LITRES = Decimal("3.785411784")  # in a US gallon
WATER, ENERGY = "water_consumption", "primary_energy"
UNITS = {WATER: "L/(kWh at_busbar)", ENERGY: "kWh primary/(kWh at_busbar)"}
MACKNICK = "Macknick et al. 2012, Environ. Res. Lett. 7 045802"
COPY = f"{MACKNICK}, from Lucas-Doctorate-Project/env_research_scripts 19c2e8b0"
IEA = "IEA convention, as the IPCC AR4 WG3 figure 4.5 states it"
MEMORY = "from memory, unverified"

# technology: gal/MWh and its lowest and highest, what they are, flag, status, source
GALLONS = {
    "coal": ("687", "42", "779", "tower; pond of supercritical to pond of subcritical", "none", "dataset", COPY),
    "gas": ("205", "2", "826", "combined cycle with tower; dry to steam with tower", "none", "dataset", COPY),
    "oil": ("826", "240", "826", "gas steam with tower stands in; once-through", "stand_in", "assumed", COPY),
    "nuclear": ("672", "269", "672", "tower; once-through", "none", "dataset", COPY),
    "hydro": (
        "4491",
        "0",
        "22700",
        "evaporation of reservoirs; run of the river to reservoirs of many purposes, all of it charged to power",
        "reservoir_evaporation",
        "dataset",
        f"{COPY}; low and high: Lampert et al., Argonne National Laboratory (0 and 22.7 gal/kWh)",
    ),
    "wind": ("0", "", "", "nothing is cooled", "none", "dataset", COPY),
    "solar": ("1", "", "", "photovoltaic, washing", "none", "dataset", COPY),
    "biomass": ("553", "35", "553", "steam with tower; biogas, dry", "none", "dataset", COPY),
    "geothermal": ("270", "5", "505", "binary, dry; flash, dry to enhanced, dry", "none", "dataset", COPY),
}
# technology: efficiency and its lowest and highest, what it is, flag, status, source
EFFICIENCY = {
    "coal": ("0.36", "0.30", "0.45", "typical efficiency", "typical", "assumed", MEMORY),
    "gas": ("0.50", "0.33", "0.60", "typical efficiency", "typical", "assumed", MEMORY),
    "oil": ("0.37", "0.28", "0.42", "typical efficiency", "typical", "assumed", MEMORY),
    "nuclear": ("0.33", "", "", "heat at 33 percent", "convention", "dataset", IEA),
    "hydro": ("1", "", "", "electricity itself", "convention", "dataset", IEA),
    "wind": (
        "1",
        "",
        "",
        "electricity itself",
        "convention",
        "dataset",
        "IEA convention, as energiogklima.no states it",
    ),
    "solar": (
        "1",
        "",
        "",
        "photovoltaic: electricity itself",
        "convention",
        "dataset",
        "IEA convention, as energiogklima.no states it",
    ),
    "biomass": ("0.28", "0.20", "0.36", "typical efficiency", "typical", "assumed", MEMORY),
    "geothermal": ("0.10", "", "", "heat at 10 percent", "convention", "assumed", f"IEA convention, {MEMORY}"),
}

FIELDS = [
    text("technology", "technology, as the fuels of egrid_generation_mix"),
    text("quantity", "what the value is", among=(WATER, ENERGY)),
    number("value", "median, or what the convention says, in the unit of the row", minimum=0, maximum=100),
    number("low", "low end; empty where none is known", minimum=0, maximum=100, required=False),
    number("high", "high end; empty where none is known", minimum=0, maximum=100, required=False),
    text("unit", "unit of value, low and high", among=tuple(UNITS.values())),
    text("note", "what the value, and then the low and the high, stand for"),
    text(
        "flag",
        "reservoir_evaporation: not use by the station, and very wide; stand_in: another fuel's; convention: agreed, "
        "so it has no spread; typical: an efficiency of judgement; none",
        among=("none", "reservoir_evaporation", "stand_in", "convention", "typical"),
    ),
    number(
        "year",
        "year of the publication; empty where none was read",
        minimum=2000,
        maximum=2030,
        kind="integer",
        required=False,
    ),
    text("region", "where the stations stand"),
    *origin("the edition"),
]


def rounded(value: Decimal) -> str:
    """Six significant digits, more than any of the figures has."""
    return f"{Decimal(f'{value:.6g}').normalize():f}"


def row(technology: str, quantity: str, ends: list[str], rest: tuple[str, ...]) -> dict[str, str]:
    note, flag, status, source = rest
    copied = MACKNICK in source
    return {
        "technology": technology,
        "quantity": quantity,
        **dict(zip(("value", "low", "high"), ends, strict=True)),
        "unit": UNITS[quantity],
        "note": note,
        "flag": flag,
        "year": "2012" if copied else "",
        "region": "United States" if copied else "world",
        "uncertainty": "low and high, no quantiles"
        if ends[1]
        else "a convention"
        if flag == "convention"
        else "not given",
        "release": "Macknick et al. 2012" if copied else "none",
        "status": status,
        "source": source,
        "licence": FIGURES,
    }


def main() -> None:
    _, data = source_and_data()
    rows = []
    for name, (*three, note, flag, status, source) in GALLONS.items():
        ends = [rounded(Decimal(one) * LITRES / 1000) if one else "" for one in three]
        rows.append(row(name, WATER, ends, (note, flag, status, source)))
    for name, (middle, low, high, *rest) in EFFICIENCY.items():
        ends = [rounded(1 / Decimal(one)) if one else "" for one in (middle, high, low)]
        rows.append(row(name, ENERGY, ends, tuple(rest)))
    write(
        data,
        "electricity",
        "technology_water_and_energy",
        title="Water and primary energy by technology",
        description="Operational water consumption and primary energy of a kWh sent out, by technology. The medians "
        "of Macknick et al. were read in one transcription; the efficiencies of fossil and biomass stations, and "
        "the 10 percent of geothermal heat, are from memory and assumed. Water of hydropower is evaporation of "
        "reservoirs, which serve other purposes too.",
        fields=FIELDS,
        key=("technology", "quantity"),
        rows=sorted(rows, key=lambda one: (one["quantity"], one["technology"])),
        sources=[
            {"title": MACKNICK, "path": "https://doi.org/10.1088/1748-9326/7/4/045802"},
            {"title": "IPCC AR4 WG3, figure 4.5 (IEA convention)"},
            {"title": "Lampert et al., Water consumption of hydroelectric power, Argonne National Laboratory"},
        ],
    )


if __name__ == "__main__":
    main()
