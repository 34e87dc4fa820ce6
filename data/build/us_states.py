"""Makes electricity/us_states.csv: names of the states in egrid_state_co2e.

    python data/build/us_states.py SOURCE_FOLDER [DATA_FOLDER]

Nothing is read from SOURCE_FOLDER: names and codes are those of ISO 3166-2.
"""

from __future__ import annotations

from package import STATUS, licence_field, source_and_data, text, write
from terms import FIGURES

NAMES = """AK Alaska, AL Alabama, AR Arkansas, AZ Arizona, CA California, CO Colorado, CT Connecticut,
DC District of Columbia, DE Delaware, FL Florida, GA Georgia, HI Hawaii, IA Iowa, ID Idaho, IL Illinois, IN Indiana,
KS Kansas, KY Kentucky, LA Louisiana, MA Massachusetts, MD Maryland, ME Maine, MI Michigan, MN Minnesota, MO Missouri,
MS Mississippi, MT Montana, NC North Carolina, ND North Dakota, NE Nebraska, NH New Hampshire, NJ New Jersey,
NM New Mexico, NV Nevada, NY New York, OH Ohio, OK Oklahoma, OR Oregon, PA Pennsylvania, PR Puerto Rico,
RI Rhode Island, SC South Carolina, SD South Dakota, TN Tennessee, TX Texas, UT Utah, VA Virginia, VT Vermont,
WA Washington, WI Wisconsin, WV West Virginia, WY Wyoming"""
STATES = dict(part.split(maxsplit=1) for part in NAMES.replace("\n", " ").split(", "))

FIELDS = [
    text("region", "the state, as in egrid_state_co2e"),
    text("name", "its name"),
    text("status", "status of the row (A10)", among=STATUS),
    text("source", "where the name comes from"),
    licence_field(),
]


def main() -> None:
    _, data = source_and_data()
    rest = {"status": "dataset", "source": "ISO 3166-2:US", "licence": FIGURES}
    write(
        data,
        "electricity",
        "us_states",
        title="States of the United States",
        description="Names of the 50 states, the District of Columbia and Puerto Rico.",
        fields=FIELDS,
        key=("region",),
        rows=[{"region": f"US-{code}", "name": STATES[code], **rest} for code in sorted(STATES)],
        sources=[{"title": "ISO 3166-2:US"}],
    )


if __name__ == "__main__":
    main()
