"""Makes the table of ZIP codes from the file of US EPA's Power Profiler.

    python data/build/raw_zip.py --raw RAW_FOLDER [DATA_FOLDER]

RAW_FOLDER holds `power_profiler_zip*.csv`: a row for each ZIP code and utility, with the utility's subregion (SUBRGN)
and whether it serves most of the ZIP code. Where none does, as in Puerto Rico, all have to be in one subregion.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from package import write
from raw_files import csv_rows, files_like, raw_and_data, reference
from terms import GOVERNMENT
from zip_to_subregion import FIELDS

ZIP, SUBREGION, MOST = "zip", "SUBRGN", "Predominant Utility"
HOME = "https://www.epa.gov/egrid/power-profiler"


def rows(file: Path) -> Iterator[dict[str, str]]:
    """A row for each ZIP code. Ends the script with all codes of which no utility serves most."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in csv_rows(file, [ZIP, SUBREGION, MOST]):
        found.setdefault(row[ZIP].zfill(5), []).append(row)
    unclear = [code for code, served in found.items() if not main_of(served)]
    if unclear:
        raise SystemExit(
            f"{file.name}: no utility serves most of {', '.join(unclear)}, and they are in several subregions"
        )
    for code, served in sorted(found.items()):
        first = main_of(served)
        others = dict.fromkeys(row[SUBREGION] for row in served if row[SUBREGION] != first)
        yield {
            "zip": code,
            "region": f"US-{first}",
            "other_regions": " ".join(f"US-{name}" for name in others),
            "status": "dataset",
            "source": f"US EPA, Power Profiler, {file.name}",
            "licence": GOVERNMENT,
        }


def main_of(served: list[dict[str, str]]) -> str:
    """The subregion of the utility that serves most, or the only one; empty where neither is known."""
    most = {row[SUBREGION] for row in served if row[MOST] == "1"} or {row[SUBREGION] for row in served}
    return most.pop() if len(most) == 1 else ""


def main() -> None:
    raw, data = raw_and_data(__doc__)
    file = files_like(raw, "power_profiler_zip*.csv")[-1]
    made = list(rows(file))
    source = reference(file, "US EPA, Power Profiler", HOME)
    write(
        data,
        "electricity",
        "zip_to_subregion",
        title="ZIP codes and eGRID subregions, Power Profiler",
        description="As the table of the library with this name.",
        fields=FIELDS,
        key=("zip",),
        rows=made,
        sources=[source],
        version=source["title"].rpartition("sha256:")[2][:12],
    )
    print(f"{data / 'electricity' / 'zip_to_subregion'}.csv: {len(made)} rows")


if __name__ == "__main__":
    main()
