"""Makes electricity/electricity_losses.csv: what is lost between power stations and customers, by country.

    python data/build/electricity_losses.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `electricity_losses.csv`. Used are the World Bank's losses, the latest year of each
country, with means over five years where one year is no guide, and beside them, to show how far sources
differ, the loss to low voltage in carculator_utils, whose year is not stated. Left out: losses that rest
on figures from memory, own use of power stations from a source without a name, and loss as an emission.
"""

from __future__ import annotations

from package import number, origin, rows_of, source_and_data, text, write
from regions import ALPHA_2, region_of
from terms import all_of

YEARLY, MEAN, OTHER = (
    "td_losses_percent_of_output",
    "td_losses_percent_of_output_5yr_mean",
    "cumulative_loss_factor_LV",
)
# from the beginning of the source's words
FLAGS = {
    "above 25 %: non-technical losses likely; jumps": "theft_likely jumps",
    "above 25 %": "theft_likely",
    "above 40 %": "not_physical",
    "below 1 %": "too_low",
    "jumps from year to year": "jumps",
    "old": "old",
    "output is small against imports": "importer",
}

FIELDS = [
    text("region", "alpha-3 code of the country, as in regions"),
    text("measure", "the loss of one year, or the mean of five", among=("year", "five-year mean")),
    number("first_year", "first year of the data", minimum=2010, maximum=2025, kind="integer"),
    number("year", "last year of the data", minimum=2010, maximum=2025, kind="integer"),
    number(
        "loss",
        "transmission and distribution losses, theft and unbilled use included, as a share of the country's "
        "output: from the busbar to the customer's meter",
        unit="percent",
        minimum=0,
        maximum=65,
    ),
    number(
        "other_loss",
        "the loss to low voltage in another source (carculator_utils, year not stated), in the same sense: "
        "100 (1 - 1/f) for its f kWh generated per kWh delivered; empty where it gives none, and beside a mean",
        unit="percent",
        minimum=0,
        maximum=70,
        required=False,
    ),
    text(
        "flag",
        "theft_likely: above 25 percent; not_physical: above 40 percent, theft, or output that is small against "
        "imports; importer: output is small against imports, so that a share of output is too high; too_low: "
        "below 1 percent, not physical; jumps: from year to year; old: before 2022; none",
        among=("none", *FLAGS.values()),
    ),
    *origin("the edition of the data set"),
]


def flag_of(words: str, loss: float, importer: bool) -> str:
    """A mean comes without words: what the words say of its size or its country holds for it too."""
    if words.startswith("mean of"):
        size = "too_low" if loss < 1 else "not_physical" if loss > 40 else "theft_likely" if loss > 25 else "none"
        return "importer" if importer else size
    return "none" if not words else next(flag for start, flag in FLAGS.items() if words.startswith(start))


def known(other: bool, mean: bool) -> str:
    words = ["other_loss of the same row"] * other + ["the five-year mean of the region"] * mean
    return " and ".join(words) or "none known"


def tidy(row: dict[str, str], other: dict[str, str], means: set[str], importers: set[str]) -> dict[str, str]:
    first, _, last = row["year"].rpartition("-")
    mean = row["metric"] == MEAN
    region = region_of(row)
    factor = "" if mean else other.get(region, "")
    return {
        "region": region,
        "measure": "five-year mean" if mean else "year",
        "first_year": first or last,
        "year": last,
        "loss": row["value"],
        "other_loss": f"{100 * (1 - 1 / float(factor)):.2f}" if factor else "",
        "flag": flag_of(row["flag"], float(row["value"]), row["iso3"] in importers),
        "uncertainty": known(factor != "", not mean and row["iso3"] in means),
        "release": "World Development Indicators at 01a34e8b",
        "status": "dataset",
        "source": "World Bank EG.ELC.LOSS.ZS (IEA), from open-numbers/ddf--open_numbers--world_development_"
        "indicators 01a34e8b" + ("; other_loss from carculator_utils 1.3.5" if factor else ""),
        "licence": all_of("CC-BY-4.0", *(["BSD-3-Clause"] if factor else [])),
    }


def main() -> None:
    source, data = source_and_data()
    found = rows_of(source / "electricity_losses.csv")
    other = {row["iso3"]: row["value"] for row in found if row["metric"] == OTHER and row["iso3"] in ALPHA_2}
    means = {row["iso3"] for row in found if row["metric"] == MEAN}
    importers = {row["iso3"] for row in found if row["flag"].startswith("output is small")}
    rows = [tidy(row, other, means, importers) for row in found if row["metric"] in (YEARLY, MEAN)]
    write(
        data,
        "electricity",
        "electricity_losses",
        title="Losses between power stations and customers",
        description="Transmission and distribution losses of 150 countries, each in its latest year, and means "
        "of five years for ten of them. Energy at a customer's meter is divided by (1 - loss) for energy at "
        "the busbar. They are shares of a country's output: for one that imports much they are too high.",
        fields=FIELDS,
        key=("region", "measure"),
        rows=sorted(rows, key=lambda row: (row["region"], row["first_year"] != row["year"])),
        sources=[
            {
                "title": "World Bank, Electric power transmission and distribution losses (EG.ELC.LOSS.ZS), from IEA",
                "path": "https://data.worldbank.org/indicator/EG.ELC.LOSS.ZS",
            },
            {
                "title": "open-numbers, World Development Indicators (the copy that was read)",
                "path": "https://github.com/open-numbers/ddf--open_numbers--world_development_indicators",
            },
            {"title": "carculator_utils 1.3.5", "path": "https://github.com/Laboratory-for-Energy-Systems-Analysis"},
        ],
    )


if __name__ == "__main__":
    main()
