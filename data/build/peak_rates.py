"""Makes estimates/peak_rates.csv: operations per second of accelerators by precision, without sparsity.

    python data/build/peak_rates.py data/build/transcriptions [DATA_FOLDER]

SOURCE_FOLDER holds `peak_rates.csv`. Left out are cards whose 16-bit rate depends on how sums are kept (GeForce RTX),
and devices of which two published rates differ.
"""

from __future__ import annotations

from package import STATUS, licence_field, number, rows_of, source_and_data, text, write
from terms import FIGURES

#: These were read at the publisher; the others in a list of data sheets, so at second hand.
FIRST_HAND = ("Patterson", "Google, Cloud TPU documentation, TPU v4")
LIST = ", second hand from Epoch AI, Data on machine learning hardware, March 2026"
FIELDS = [
    text("hardware", "the device, as the table of accelerators names it"),
    text(
        "precision",
        "16-bit: fp16 or bf16 on the units for matrices; fp8; tf32: 32-bit numbers on the units for matrices; fp32",
        among=("16-bit", "fp8", "tf32", "fp32"),
    ),
    number("rate", "dense peak rate; a multiplication with its addition is 2", unit="TFLOP/s", minimum=1, maximum=1e4),
    text("status", "status of the row (A10)", among=STATUS),
    text("source", "publisher and the public copy that was read"),
    licence_field(),
]


def main() -> None:
    source, data = source_and_data()
    rows = rows_of(source / "peak_rates.csv")
    for row in rows:
        copy = "" if row["source"].startswith(FIRST_HAND) else LIST
        row |= {
            "source": row["source"] + copy,
            "status": "dataset",
            "licence": "CC-BY-4.0" if copy == LIST else FIGURES,
        }
    write(
        data,
        "estimates",
        "peak_rates",
        title="Peak rates of accelerators",
        description="Operations per second that a device could do, from data sheets, without sparsity.",
        fields=FIELDS,
        key=("hardware", "precision"),
        rows=sorted(rows, key=lambda row: (row["hardware"], row["precision"])),
        sources=[
            {"title": "data sheets of vendors; each row names its own"},
            {
                "title": "Epoch AI, Data on machine learning hardware",
                "path": "https://epoch.ai/data/machine-learning-hardware",
            },
        ],
    )


if __name__ == "__main__":
    main()
