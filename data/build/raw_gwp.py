"""Makes the table of global warming potentials from the collection globalwarmingpotentials.

    python data/build/raw_gwp.py --raw RAW_FOLDER [DATA_FOLDER]

RAW_FOLDER holds `globalwarmingpotentials.csv`: lines that begin with # and name the chapters of the IPCC, then a row
for each gas and a column for each set. Of them the sets of the library are taken, and CH4 and N2O. AR6 gives methane
of fossil and of other origin values of their own, which this collection does not have.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gwp import FIELDS, GASES, SETS, factor
from package import write
from raw_files import csv_rows, files_like, raw_and_data, reference

NAME = "globalwarmingpotentials.csv"
HOME = "https://github.com/openclimatedata/globalwarmingpotentials"


def above(file: Path) -> int:
    """The lines above the columns."""
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    return next((place for place, line in enumerate(lines) if not line.startswith(("#", '"#'))), 0)


def rows(file: Path) -> Iterator[dict[str, str]]:
    """A row for each gas and set; a set that gives a gas no value has none."""
    columns = {name: f"{name}GWP100" for name in SETS}
    for row in csv_rows(file, ["Species", *columns.values()], above=above(file)):
        for name, column in columns.items():
            if row["Species"] in GASES and row[column]:
                yield factor(row["Species"], name, row[column], f"IPCC {name}, from {file.name}", "CC0-1.0")


def main() -> None:
    raw, data = raw_and_data(__doc__)
    file = files_like(raw, NAME)[-1]
    made = sorted(rows(file), key=lambda row: (SETS.index(row["gwp_set"]), GASES.index(row["gas"])))
    if not made:
        raise SystemExit(f"{file.name}: no value of {', '.join(GASES)}; has its publisher changed its form?")
    source = reference(file, "globalwarmingpotentials", HOME)
    write(
        data,
        "characterization",
        "gwp",
        title="Global warming potentials, from globalwarmingpotentials",
        description="As the table of the library with this name: potentials over 100 years.",
        fields=FIELDS,
        key=("gas", "gwp_set", "horizon_years"),
        rows=made,
        sources=[source],
        version=source["title"].rpartition("sha256:")[2][:12],
    )
    print(f"{data / 'characterization' / 'gwp'}.csv: {len(made)} rows")


if __name__ == "__main__":
    main()
