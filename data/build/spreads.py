"""Makes electricity/spreads.csv: how far publishers lie apart, and years from their trend.

    python data/build/spreads.py SOURCE_FOLDER [DATA_FOLDER]

Nothing is read from SOURCE_FOLDER: the tables of DATA_FOLDER have to be made before. A life cycle of eGRID is
estimated here: its direct emissions, and what each fuel of the mix adds (UPSTREAM). No publisher of an intensity says
how sure it is, so this is measured on what there is: two publishers of one place and year, and the years of one place
about their trend. Only tables of the main distribution are compared: what a look-up gives may not depend on which
others are installed.

Between sources, d = log(one / other) over places and years, both sources equally uncertain. The median of d is what
all places share: half of the variance of a difference belongs to each source, so its standard uncertainty is
|median| / sqrt 2. One median is one degree of freedom, however many figures it comes of: each row says so. The scatter
about the median, 1.4826 times the median absolute deviation and again / sqrt 2, is each place's own.
From year to year, a straight line through log(intensity) of each place; the residuals are split into what all places of
a publisher have in common in a year and what is each place's own (one-way components of variance).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import fmean, median

from package import number, origin, rows_of, source_and_data, text, write
from terms import GOVERNMENT, all_of

LEAST = 20.0  # g/kWh: below, a difference of a few grams is a large ratio
#: What fuel supply and plant add to the stack, g/kWh: life-cycle medians of IPCC AR5 less their direct part; oil 0.23 x
#: 800. Other and unknown fuels add nothing.
UPSTREAM = {
    "coal": 60,
    "gas": 120,
    "oil": 184,
    "nuclear": 12,
    "hydro": 24,
    "wind": 11,
    "solar": 45,
    "biomass": 230,
    "geothermal": 38,
}
FIRST_LIFE_CYCLE = "2019"
TABLES = (
    *("cloud_places", "cloud_regions", "country_yearly", "egrid_generation_mix", "egrid_subregion_rates"),
    "regions",
)
POUND = 0.45359237  # kg; lb/MWh times this is g/kWh
TREND_YEARS = range(2015, 2025)
COMMON, RESIDUAL = "common between sources", "residual between sources"
YEAR_COMMON, YEAR_RESIDUAL = "year to year about a trend, common", "year to year about a trend, residual"
REVISION = "revision of a release"
DIRECT, LIFE_CYCLE, EMBER = "eGRID direct", "eGRID life cycle", "Ember life cycle"
OPERATIONAL, GROSS = "Google operational", "Google life cycle"
#: Google's regions in subregions whose areas coincide with a balancing area.
CLOUDS = {"us-south1": "US-ERCT", "us-west2": "US-CAMX"}
#: CO2e of RFCW in revisions 1 and 2 of eGRID2023, lb/MWh.
REVISED = (912.5, 916.1)

#: By a word of a publisher: under what its figures are.
LICENCES = {"eGRID": GOVERNMENT, "Ember": "CC-BY-4.0", "Google": "Apache-2.0"}
#: What a standard deviation from one median tells: with one degree of freedom it lies between s / 1.96 and s / 0.063.
ONE_MEDIAN = "of one median, so one degree of freedom: its logarithm within 0.5 to 16 times itself (90 %)"

Figures = dict[tuple[str, str], float]  # by place and year

FIELDS = [
    text("applies_to", "whose intensities, on which basis", among=(DIRECT, LIFE_CYCLE, EMBER, OPERATIONAL, GROSS)),
    text("what", "which part of the spread", among=(COMMON, RESIDUAL, YEAR_COMMON, YEAR_RESIDUAL, REVISION)),
    text(
        "against",
        "the other source; none for years and revisions",
        among=("Ember", "Google", "eGRID", "all", "none"),
    ),
    number("gsd", "geometric standard deviation; 1 where nothing is left", minimum=1, maximum=2),
    number("ratio", "median ratio of the first to the other source", minimum=0.5, maximum=2, required=False),
    number("count", "figures that it rests on", minimum=1, maximum=10000, kind="integer"),
    number("places", "places among them", minimum=1, maximum=300, kind="integer"),
    number("first_year", "first year", minimum=2000, maximum=2030, kind="integer"),
    number("last_year", "last year", minimum=2000, maximum=2030, kind="integer"),
    number("default", "1 for the row that look-ups use", minimum=0, maximum=1, kind="integer"),
    text("method", "how it was computed"),
    *origin("the editions"),
]


def figures(rows: Iterable[dict[str, str]], place: str, value: str, scale: float = 1.0) -> Figures:
    return {(row[place], row["year"]): float(row[value]) * scale for row in rows if row[value]}


def logs(one: Figures, other: Figures) -> dict[tuple[str, str], float]:
    """log(one / other) wherever both have a figure that is not small."""
    both = [at for at in one if at in other and min(one[at], other[at]) > LEAST]
    return {at: math.log(one[at] / other[at]) for at in sorted(both)}


def scatter(values: Sequence[float]) -> float:
    """Standard deviation by the median absolute deviation."""
    middle = median(values)
    return 1.4826 * median([abs(value - middle) for value in values])


def row(
    applies_to: str, what: str, sd: float, at: Iterable[tuple[str, str]], method: str, **rest: str
) -> dict[str, str]:
    places, years = zip(*at, strict=True)
    return {
        "applies_to": applies_to,
        "what": what,
        "against": "none",
        "gsd": f"{math.exp(sd):.4f}",
        "ratio": "",
        "count": str(len(places)),
        "places": str(len(set(places))),
        "first_year": min(years),
        "last_year": max(years),
        "default": "1",
        "method": method,
        "uncertainty": "of few figures" if len(places) < 30 else "not computed",
        "release": "as of the tables compared",
        "status": "dataset",
        "source": "computed from the tables compared",
        "licence": all_of(*(LICENCES[word] for word in LICENCES if word in applies_to + rest.get("against", ""))),
    } | rest


def between(applies_to: str, against: str, one: Figures, other: Figures, also: str = "") -> list[dict[str, str]]:
    """What two sources share and do not share; `also` is what lies within, beside what they err."""
    found = logs(one, other)
    values = list(found.values())
    source = f"computed from {applies_to} and {against} of the same places and years"
    same = {"against": against, "ratio": f"{math.exp(median(values)):.4f}", "source": source}
    common, own = abs(median(values)) / math.sqrt(2), scatter(values) / math.sqrt(2)
    return [
        row(
            applies_to, COMMON, common, found, f"|median of log ratios| / sqrt 2{also}", uncertainty=ONE_MEDIAN, **same
        ),
        row(applies_to, RESIDUAL, own, found, f"1.4826 MAD of log ratios / sqrt 2{also}", **same),
    ]


def residuals(found: Figures) -> dict[tuple[str, str], float]:
    """Of log(value) about a straight line in time, for each place with at least five years."""
    made = {}
    for place in sorted({place for place, _ in found}):
        years = sorted(year for where, year in found if where == place)
        if len(years) < 5:
            continue
        x, y = [float(year) for year in years], [math.log(found[place, year]) for year in years]
        middle, level = fmean(x), fmean(y)
        slope = sum((a - middle) * b for a, b in zip(x, y, strict=True)) / sum((a - middle) ** 2 for a in x)
        made |= {(place, f): b - level - slope * (a - middle) for a, b, f in zip(x, y, years, strict=True)}
    return made


def components(found: dict[tuple[str, str], float]) -> tuple[float, float]:
    """(common, own) standard deviation: one-way components of variance; each line has taken two degrees of freedom."""
    places, years = {place for place, _ in found}, sorted({year for _, year in found})
    means = {year: fmean(v for (_, when), v in found.items() if when == year) for year in years}
    own = sum((value - means[year]) ** 2 for (_, year), value in found.items())
    own /= len(found) - 2 * len(places) - (len(years) - 2)
    between_years = sum(means[year] ** 2 for _, year in found) / (len(years) - 2)
    return math.sqrt(max(0.0, (between_years - own) / (len(found) / len(years)))), math.sqrt(own)


def year_to_year(applies_to: str, found: Figures) -> list[dict[str, str]]:
    left = residuals(found)
    common, own = components(left)
    method = "log-linear trend of each place; one-way components of variance of its residuals"
    source = f"computed from {applies_to} of places with at least five years"
    return [
        row(applies_to, YEAR_COMMON, common, left, method, source=source),
        row(applies_to, YEAR_RESIDUAL, own, left, method, source=source),
    ]


def together(rows: list[dict[str, str]], at: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The root mean square of the common parts against several sources."""
    logs_of = [math.log(float(one["gsd"])) for one in rows]
    sd = math.sqrt(fmean(value**2 for value in logs_of))
    others = " and ".join(one["against"] for one in rows)
    return row(
        rows[0]["applies_to"],
        COMMON,
        sd,
        at,
        f"root mean square of the common parts against {others}",
        against="all",
        source=f"computed from {rows[0]['applies_to']}, {others} of the same places and years",
        licence=all_of(*(one["licence"] for one in rows)),
        uncertainty="of two medians, so two degrees of freedom: its logarithm within 0.6 to 4.4 times itself (90 %)",
    )


def of_clouds(tables: dict[str, list[dict[str, str]]], basis: str, names: dict[str, str]) -> Figures:
    wanted = {"default": "1", "metric": "grid_intensity", "basis": basis}
    kept = [one for one in tables["cloud_regions"] if wanted.items() <= one.items() and one["region"] in names]
    return figures([one | {"region": names[one["region"]]} for one in kept], "region", "value")


def main() -> None:
    _, data = source_and_data()
    tables = {name: rows_of(data / "electricity" / f"{name}.csv") for name in TABLES}
    single = {one["region"] for one in tables["regions"] if one["is_aggregate"] == "0"}
    world = [one for one in tables["country_yearly"] if one["region"] in single and one["flag"] == "none"]
    ember = figures(world, "region", "co2e")
    egrid = figures(tables["egrid_subregion_rates"], "region", "co2e", POUND)
    bridge = life_cycle(egrid, tables["egrid_generation_mix"])
    write_table(data, rows_between(tables, bridge, ember, egrid) + rows_of_years(bridge, ember, egrid))


def life_cycle(direct: Figures, mixes: Iterable[dict[str, str]]) -> Figures:
    """Direct emissions and what the fuels of the mix add, from 2019 on, rounded to 0.1 g/kWh."""
    upstream = {
        (mix["region"], mix["year"]): sum(UPSTREAM[fuel] * float(mix[fuel] or 0) / 100 for fuel in UPSTREAM)
        for mix in mixes
    }
    return {at: round(value + upstream[at], 1) for at, value in direct.items() if at[1] >= FIRST_LIFE_CYCLE}


def rows_between(
    tables: dict[str, list[dict[str, str]]], bridge: Figures, ember: Figures, egrid: Figures
) -> list[dict[str, str]]:
    several = {"default": "0"}
    states = {("US", year): value for (at, year), value in ember.items() if at == "USA"}
    national = between(LIFE_CYCLE, "Ember", bridge, states, "; the spread of upstream is partly within")
    clouds = of_clouds(tables, "direct", CLOUDS)
    abroad = {
        one["region"]: one["place"]
        for one in tables["cloud_places"]
        if one["provider"] == "gcp" and one["status"] == "dataset" and len(one["place"]) == 3
    }
    own = of_clouds(tables, "life cycle", abroad)
    google, grid = between(EMBER, "Google", ember, own), between(EMBER, "eGRID", states, bridge)
    return [
        together([google[0], grid[0]], [*logs(ember, own), *logs(states, bridge)]),
        google[0] | several,
        grid[0] | several,
        google[1],
        national[0],
        *between(DIRECT, "Google", egrid, clouds),
        *between(OPERATIONAL, "eGRID", clouds, egrid),
        *between(GROSS, "Ember", own, ember),
        row(
            DIRECT,
            REVISION,
            math.log(REVISED[1] / REVISED[0]),
            [("US-RFCW", "2023")],
            "CO2e of RFCW in revision 2 over revision 1 of eGRID2023; more than rounding and the sum of its gases",
            default="0",
            source="US EPA eGRID2023, revisions 1 and 2",
        ),
    ]


def rows_of_years(bridge: Figures, ember: Figures, egrid: Figures) -> list[dict[str, str]]:
    recent = {at: v for at, v in ember.items() if int(at[1]) in TREND_YEARS and v > LEAST}
    parts = {DIRECT: egrid, LIFE_CYCLE: bridge}
    regional = {name: {at: v for at, v in found.items() if at[0] != "US"} for name, found in parts.items()}
    return [made for name, found in (regional | {EMBER: recent}).items() for made in year_to_year(name, found)]


def write_table(data: Path, rows: list[dict[str, str]]) -> None:
    key = ("applies_to", "what", "against")
    write(
        data,
        "electricity",
        "spreads",
        title="Spread of intensities between sources and between years",
        description="Geometric standard deviations computed from the tables: between publishers of one place and "
        "year, split into what all places of a publisher share and what is each place's own, and from year to year "
        "about a log-linear trend, split in the same way. Publishers use some of the same statistics, so they "
        "may be wrong together by more than this.",
        fields=FIELDS,
        key=key,
        rows=sorted(rows, key=lambda one: [one[name] for name in key]),
        sources=[
            {"title": "US EPA, eGRID", "path": "https://www.epa.gov/egrid"},
            {"title": "Ember in Our World in Data", "path": "https://github.com/owid/energy-data"},
            {"title": "Google", "path": "https://github.com/GoogleCloudPlatform/region-carbon-info"},
        ],
    )


if __name__ == "__main__":
    main()
