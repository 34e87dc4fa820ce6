"""Makes electricity/datacentres.csv: PUE and WUE of providers and of a yearly survey.

    python data/build/datacentres.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `datacentre_pue_wue.csv`, a row for each figure that somebody printed. None is a default: who
uses one names it. Where two prints disagree about a year both are kept and flagged.
"""

from __future__ import annotations

from package import number, origin, rows_of, source_and_data, text, write
from terms import FIGURES

UNITS = {"pue": "at_facility/at_wall", "wue": "L/(kWh at_wall)"}
TRUST = {"A": "first hand", "B": "one intermediary", "C": "second hand"}
KINDS = {"Uptime Institute": "survey", "US average": "survey"}
ANNOUNCED = "Uptime Institute survey average (announced at Symposium 2011)"
SURVEY = "Uptime Institute survey average"
# (year, entity): what is wrong with it
DOUBTS = {
    ("2011", SURVEY): "two_figures",
    ("2011", ANNOUNCED): "two_figures",
    ("2013", SURVEY): "two_years",
    ("2014", SURVEY): "two_years",
    ("2020", SURVEY): "restated",
    ("2023", "AWS best site"): "best_site",
}
NOTES = {
    "two_figures": "1.98 in a restatement, 1.8 when it was announced",
    "two_years": "one figure, 1.65, that is dated 2013 by one print and 2014 by another",
    "restated": "published as 1.58, later restated as 1.59",
    "best_site": "one site, not a mean",
    "none": "none",
}

FIELDS = [
    text("entity", "whose facilities"),
    text("kind", "a provider's own facilities, or a survey of many operators", among=("provider", "survey")),
    text("metric", "what the value is", among=tuple(UNITS)),
    number("year", "year of the data", minimum=2007, maximum=2025, kind="integer"),
    number("value", "the value, in the unit of its row", minimum=0, maximum=3),
    text(
        "unit",
        "energy of the facility, or litres of water at the site, per energy of its IT",
        among=tuple(UNITS.values()),
    ),
    text(
        "flag",
        "two_figures: prints give two figures for the year; two_years: prints date the figure differently; "
        "restated: later given with another value; best_site: one site, not a mean; none",
        among=tuple(NOTES),
    ),
    text("note", "what the flag means here"),
    text("trust", "how near to the publisher the figure was read", among=tuple(TRUST.values())),
    *origin("where it was read"),
]


def tidy(row: dict[str, str]) -> dict[str, str]:
    flag = DOUBTS.get((row["year"], row["entity"]), "none")
    survey = any(row["entity"].startswith(name) for name in KINDS)
    return {
        "entity": row["entity"],
        "kind": "survey" if survey else "provider",
        "metric": row["metric"],
        "year": row["year"],
        "value": row["value"],
        "unit": UNITS[row["metric"]],
        "flag": flag,
        "note": NOTES[flag],
        "trust": TRUST[row["trust"]],
        "uncertainty": "largest site of each operator, as it says itself" if survey else "none known",
        "release": row["source"],
        "status": "dataset" if survey else "declared",
        "source": row["source"],
        "licence": FIGURES,
    }


def main() -> None:
    source, data = source_and_data()
    rows = [tidy(row) for row in rows_of(source / "datacentre_pue_wue.csv")]
    write(
        data,
        "electricity",
        "datacentres",
        title="PUE and WUE of data centres",
        description="Power and water usage effectiveness: means of providers, and the yearly survey of the Uptime "
        "Institute, in which operators report their largest site. Statistics of many sites, not of one.",
        fields=FIELDS,
        key=("entity", "metric", "year"),
        rows=sorted(rows, key=lambda row: (row["entity"], row["metric"], row["year"])),
        sources=[
            {"title": "Uptime Institute, Global Data Center Survey", "path": "https://uptimeinstitute.com"},
            {"title": "Providers' sustainability reports, as the rows name them"},
        ],
    )


if __name__ == "__main__":
    main()
