"""Makes product_footprints/class_statistics.csv: medians and ranges of the vendors' footprints, by kind of product.

    python data/build/class_statistics.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `product_carbon_footprints.csv`. Only rows without a flag count. Quantiles are interpolated
between ranks (Hyndman and Fan's type 7). A derived database: the ODbL holds for it.
"""

from __future__ import annotations

from collections.abc import Callable

from package import STATUS, licence_field, number, rows_of, source_and_data, text, write
from product_footprints import LICENCE, PACKAGE, SOURCES, tidied

Row = dict[str, str]
FLAGS = {
    "few": "fewer than ten rows: median and range say little",
    "rounded_to_zero": "many vendors round this stage to nothing",
    "none": "nothing",
}
MEASURES = {
    "total": ("kg CO2e/device", "the whole life, use included"),
    "manufacturing": ("kg CO2e/device", "what vendors call manufacturing"),
    "transport": ("kg CO2e/kg", "transport over mass"),
    "end_of_life": ("kg CO2e/kg", "end of life over mass"),
    "lifetime": ("year", "life that vendors assume"),
    "mass": ("kg/device", "mass"),
}
#: Families that a model takes as a class of its own: manufacturer, word of the product, subcategories.
FAMILIES = {
    "dell_precision": ("Dell", "Precision", ("desktop", "workstation")),
    "dell_optiplex": ("Dell", "OptiPlex", ("desktop",)),
}
FIELDS = [
    text("class", "subcategory of product_footprints, or a family of products"),
    text("measure", "; ".join(f"{name}: {words}" for name, (_, words) in MEASURES.items()), among=tuple(MEASURES)),
    number("median", "median", minimum=0, maximum=20000),
    number("low", "5 percent quantile", minimum=0, maximum=20000),
    number("high", "95 percent quantile", minimum=0, maximum=20000),
    number("level", "share of the rows between low and high", minimum=0.9, maximum=0.9),
    text("unit", "unit of median, low and high", among=tuple({unit: 0 for unit, _ in MEASURES.values()})),
    number("rows", "how many products", minimum=1, maximum=2000, kind="integer"),
    number("year", "when the database was read", minimum=2023, maximum=2023, kind="integer"),
    text("flag", "; ".join(f"{token}: {words}" for token, words in FLAGS.items()), among=tuple(FLAGS)),
    text("uncertainty", "what is known about the spread of the row"),
    text("status", "status of the row (A10)", among=STATUS),
    text("source", "what it was made from"),
    licence_field(),
]


def per_mass(stage: str) -> Callable[[Row], float | None]:
    def value(row: Row) -> float | None:
        if not (row["total"] and row["mass"] and row[f"{stage}_fraction"]):
            return None
        return float(row["total"]) * float(row[f"{stage}_fraction"]) / float(row["mass"])

    return value


def cell(column: str) -> Callable[[Row], float | None]:
    return lambda row: float(row[column]) if row[column] else None


VALUES = {name: cell(name) for name in ("total", "manufacturing", "lifetime", "mass")} | {
    name: per_mass(name) for name in ("transport", "end_of_life")
}


def quantile(ordered: list[float], share: float) -> float:
    at = share * (len(ordered) - 1)
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (at - below) * (ordered[above] - ordered[below])


def four(value: float) -> str:
    """Four significant digits, without an exponent."""
    return f"{float(f'{value:.4g}'):g}"


def statistic(name: str, measure: str, rows: list[Row]) -> Row | None:
    ordered = sorted(value for row in rows if (value := VALUES[measure](row)) is not None)
    if not ordered:
        return None
    median, low, high = (quantile(ordered, share) for share in (0.5, 0.05, 0.95))
    zero = measure in ("transport", "end_of_life") and sum(value == 0 for value in ordered) > len(ordered) / 4
    return {
        "class": name,
        "measure": measure,
        "median": four(median),
        "low": four(low),
        "high": four(high),
        "level": "0.90",
        "unit": MEASURES[measure][0],
        "rows": str(len(ordered)),
        "year": "2023",
        "flag": "few" if len(ordered) < 10 else "rounded_to_zero" if zero else "none",
        "uncertainty": "low and high, over products",
        "status": "dataset",
        "source": "derived from product_footprints (Boavizta/environmental-footprint-data 61323eb5), rows without flag",
        "licence": LICENCE,
    }


def classes(rows: list[Row]) -> dict[str, list[Row]]:
    found = {name: [row for row in rows if row["subcategory"] == name] for name in {row["subcategory"] for row in rows}}
    for name, (maker, word, kinds) in FAMILIES.items():
        found[name] = [
            row
            for row in rows
            if row["manufacturer"] == maker and word in row["product"] and row["subcategory"] in kinds
        ]
    return found


def main() -> None:
    source, data = source_and_data()
    rows = [row for row in tidied(rows_of(source / "product_carbon_footprints.csv")) if row["flag"] == "none"]
    made = [statistic(name, measure, part) for name, part in sorted(classes(rows).items()) for measure in MEASURES]
    write(
        data,
        PACKAGE,
        "class_statistics",
        title="Vendors' footprints by kind of product",
        description="Median, 5 and 95 percent of the rows without flag. A base configuration without graphics card is "
        "what most vendors declare.",
        fields=FIELDS,
        key=("class", "measure"),
        rows=[row for row in made if row],
        sources=SOURCES,
    )


if __name__ == "__main__":
    main()
