"""Makes electricity/state_subregions.csv: in which eGRID subregions the ZIP codes of a state lie.

    python data/build/state_subregions.py SOURCE_FOLDER [DATA_FOLDER]

Nothing is read from SOURCE_FOLDER: the ZIP codes are those of `zip_to_subregion`, made before, in DATA_FOLDER. The
state of a ZIP code is that of its first three digits, as the US Postal Service assigns them.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from package import STATUS, licence_field, number, rows_of, source_and_data, text, write
from terms import GOVERNMENT, all_of

FIRST_DIGITS = """005 NY, 006-007 PR, 009 PR, 010-027 MA, 028-029 RI, 030-038 NH, 039-049 ME, 050-054 VT, 055 MA,
056-059 VT, 060-069 CT, 070-089 NJ, 100-149 NY, 150-196 PA, 197-199 DE, 200 DC, 201 VA, 202-205 DC, 206-219 MD,
220-246 VA, 247-268 WV, 270-289 NC, 290-299 SC, 300-319 GA, 320-339 FL, 341-349 FL, 350-369 AL, 370-385 TN, 386-397 MS,
398-399 GA, 400-427 KY, 430-459 OH, 460-479 IN, 480-499 MI, 500-528 IA, 530-549 WI, 550-567 MN, 569 DC, 570-577 SD,
580-588 ND, 590-599 MT, 600-629 IL, 630-658 MO, 660-679 KS, 680-693 NE, 700-714 LA, 716-729 AR, 730-732 OK, 733 TX,
734-749 OK, 750-799 TX, 800-816 CO, 820-831 WY, 832-838 ID, 840-847 UT, 850-865 AZ, 870-884 NM, 885 TX, 889-898 NV,
900-961 CA, 967-968 HI, 970-979 OR, 980-994 WA, 995-999 AK"""
SOURCE = "first three digits as the US Postal Service assigns them; subregions of zip_to_subregion"

FIELDS = [
    text("region", "the state, as in us_states"),
    text("subregion", "an eGRID subregion, as in egrid_subregion_rates"),
    number("share", "share of the state's ZIP codes that lie in it", minimum=0, maximum=1),
    text("status", "status of the row (A10): which share of the generation they stand for is not known", among=STATUS),
    text("source", "where the row comes from"),
    licence_field(),
]


def states_by_digits() -> dict[str, str]:
    """The state of each first three digits."""
    found = {}
    for part in FIRST_DIGITS.replace("\n", " ").split(", "):
        digits, state = part.split()
        first, _, last = digits.partition("-")
        found |= {f"{number:03d}": state for number in range(int(first), int(last or first) + 1)}
    return found


def main() -> None:
    _, data = source_and_data()
    states, counts = states_by_digits(), defaultdict[str, Counter[str]](Counter)
    for row in rows_of(data / "electricity" / "zip_to_subregion.csv"):
        if state := states.get(row["zip"][:3]):
            counts[state][row["region"]] += 1
    rest = {"status": "assumed", "source": SOURCE, "licence": all_of("MIT", GOVERNMENT)}
    write(
        data,
        "electricity",
        "state_subregions",
        title="eGRID subregions of US states",
        description="Shares of the ZIP codes of each state by eGRID subregion. States have no generation mix in the "
        "tables: that of their subregions, weighted by ZIP codes, stands in for it where upstream is estimated.",
        fields=FIELDS,
        key=("region", "subregion"),
        rows=[
            {"region": f"US-{state}", "subregion": subregion, "share": f"{count / counts[state].total():.4f}", **rest}
            for state in sorted(counts)
            for subregion, count in sorted(counts[state].items(), key=lambda one: (-one[1], one[0]))
        ],
        sources=[
            {"title": "US EPA, Power Profiler", "path": "https://www.epa.gov/egrid/power-profiler"},
            {"title": "US Postal Service, first three digits of ZIP codes (publication L002)"},
        ],
    )


if __name__ == "__main__":
    main()
