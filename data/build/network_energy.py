"""Makes hardware/network_energy.csv: electricity of networks for data carried.

    python data/build/network_energy.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `network_energy_intensity.csv`. The estimates span a factor of 2,800 and none is a default: a
study chooses a scope. The recommended ranges are judgements over the rows of their scope.
"""

from __future__ import annotations

from accelerators import evidence
from package import number, rows_of, source_and_data, text, write
from terms import FIGURES

FLAGS = {
    "recommended": "a judgement over the rows of its scope; low and high hold 90 %",
    "second_hand": "read in another's page",
    "unit_ambiguous": "the source calls it per gigabit and uses it per gigabyte: a factor of 8",
    "access_only": "the radio access alone, without core network",
    "none": "nothing",
}
SCOPES = ("fixed", "mobile", "between data centres")
FIELDS = [
    text("scope", "which network", among=SCOPES),
    text("item", "what the figure is of"),
    number("value", "electricity bought by network operators", minimum=0, maximum=5),
    number("low", "lower end", minimum=0, maximum=5, required=False),
    number("high", "upper end", minimum=0, maximum=5, required=False),
    number("level", "probability between low and high", minimum=0.5, maximum=0.99, required=False),
    text("unit", "unit of value, low and high"),
    number("year", "year of the data, where stated", minimum=2010, maximum=2026, required=False, kind="integer"),
    *evidence(FLAGS),
]
PLAIN = {"low": "", "high": "", "level": "", "unit": "kWh at_facility/GB", "uncertainty": "none known"}
# scope, value, low, high
RANGES = (("fixed", "0.03", "0.01", "0.09"), ("mobile", "0.14", "0.03", "0.6"), (SCOPES[2], "0.003", "0.0005", "0.02"))


def scope_of(words: str) -> str:
    return SCOPES[2] if "inter-region" in words else "fixed" if words.startswith("fixed") else "mobile"


def tidy(row: dict[str, str]) -> dict[str, str]:
    access = "radio" in row["scope"] or "base station" in row["scope"]
    rules = {"second_hand": "via" in row["source"], "unit_ambiguous": "8x" in row["note"], "access_only": access}
    source = row["source"].replace(" via ", ", from ").replace("scope3 page", "Scope3 methodology page")
    return PLAIN | {
        "scope": scope_of(row["scope"]),
        "item": row["scope"],
        "value": row["kwh_per_gb"],
        "year": row["year_of_data"],
        "trust": row["trust"],
        "flag": " ".join(token for token, holds in rules.items() if holds) or "none",
        "status": "dataset",
        "source": source.replace("scope3 methodology", "Scope3 methodology"),
        "licence": FIGURES,
    }


def recommended(scope: str, value: str, low: str, high: str) -> dict[str, str]:
    return PLAIN | {
        "scope": scope,
        "item": "recommended range",
        "value": value,
        "low": low,
        "high": high,
        "level": "0.90",
        "year": "2026",
        "trust": "D",
        "flag": "recommended",
        "uncertainty": "low and high, a judgement",
        "status": "assumed",
        "source": "assumption: judgement over the rows of this scope; average, not marginal",
        "licence": FIGURES,
    }


def main() -> None:
    source, data = source_and_data()
    rows = [tidy(row) for row in rows_of(source / "network_energy_intensity.csv")]
    rows += [recommended(*told) for told in RANGES]
    write(
        data,
        "hardware",
        "network_energy",
        title="Electricity of networks",
        description="Electricity for a gigabyte carried, averages over a network's traffic: a gigabyte more or less "
        "changes the electricity by far less. Fixed networks halved their figure about every two years until 2015.",
        fields=FIELDS,
        key=("scope", "item", "year"),
        rows=sorted(rows, key=lambda row: (SCOPES.index(row["scope"]), row["flag"] != "recommended", row["item"])),
        sources=[
            {"title": "Aslan, Mayers, Koomey, France 2018", "path": "https://doi.org/10.1111/jiec.12630"},
            {"title": "Scope3 methodology"},
            {
                "title": "cloud-carbon-footprint b7a049c7",
                "path": "https://github.com/cloud-carbon-footprint/cloud-carbon-footprint",
            },
        ],
    )


if __name__ == "__main__":
    main()
