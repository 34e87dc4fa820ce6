"""Makes serving/memory_bandwidth.csv: bytes per second between the memory of an accelerator and its units.

    python data/build/memory_bandwidth.py data/build/transcriptions [DATA_FOLDER]

SOURCE_FOLDER holds `memory_bandwidth.csv`.
"""

from __future__ import annotations

from package import STATUS, licence_field, number, rows_of, source_and_data, text, write
from terms import FIGURES

COPY = ", second hand from public comparisons of data sheets"
FIELDS = [
    text("hardware", "the device, as the table of accelerators names it"),
    number("bandwidth", "peak rate to its own memory", unit="TB/s", minimum=0.1, maximum=30),
    text("status", "status of the row (A10)", among=STATUS),
    text("source", "publisher and the public copy that was read"),
    licence_field(),
]


def main() -> None:
    source, data = source_and_data()
    rows = rows_of(source / "memory_bandwidth.csv")
    for row in rows:
        row |= {"source": row["source"] + COPY, "status": "dataset", "licence": FIGURES}
    write(
        data,
        "serving",
        "memory_bandwidth",
        title="Memory bandwidth of accelerators",
        description="Peak rate between an accelerator and its own memory, from data sheets.",
        fields=FIELDS,
        key=("hardware",),
        rows=sorted(rows, key=lambda row: row["hardware"]),
        sources=[{"title": "data sheets of vendors; each row names its own"}],
    )


if __name__ == "__main__":
    main()
