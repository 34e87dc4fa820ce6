"""Makes the tables of peak rates and memory bandwidths from Epoch AI's data on machine learning hardware.

    python data/build/raw_epoch.py --raw RAW_FOLDER [DATA_FOLDER]

RAW_FOLDER holds `ml_hardware*.csv`: a row for each device, with rates in FLOP/s and the bandwidth in byte/s. Devices
that the library does not know (accelerators) are left out, and the script names them. Whether a rate is one without
sparsity is what Epoch AI says in its column of notes: look at it before you use the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import memory_bandwidth
import peak_rates
from accelerators import slug
from package import Field, rows_of, write
from raw_files import csv_rows, files_like, plain, raw_and_data, reference

NAME, BANDWIDTH = "Hardware name", "Memory bandwidth (byte/s)"
RATES = {
    "16-bit": "Tensor-FP16/BF16 performance (FLOP/s)",
    "fp8": "FP8 performance (FLOP/s)",
    "tf32": "TF32 (TensorFloat-32) performance (FLOP/s)",
    "fp32": "FP32 (single precision) performance (FLOP/s)",
}
TERA = 1e12
HOME = "https://epoch.ai/data/machine-learning-hardware"
Row = dict[str, str]


def known() -> dict[str, str]:
    """The name of a device in the library, by each name that it has there."""
    rows = rows_of(Path(__file__).parents[1] / "hardware" / "accelerators.csv")
    return {name: row["hardware"] for row in rows for name in (row["hardware"], *row["aliases"].split())}


def devices(file: Path) -> tuple[list[Row], list[str]]:
    """The rows of devices that the library knows, under its names, and the names of the others."""
    names, unknown = known(), []
    found: dict[str, Row] = {}
    for row in csv_rows(file, [NAME, BANDWIDTH, *RATES.values()]):
        hardware = names.get(slug(row[NAME]))
        if hardware is None:
            unknown.append(row[NAME])
        else:
            found.setdefault(hardware, row | {"hardware": hardware})
    return [found[name] for name in sorted(found)], unknown


def origin(file: Path) -> Row:
    """What all rows say of themselves."""
    source = f"Epoch AI, Data on machine learning hardware, {file.name}"
    return {"status": "dataset", "source": source, "licence": "CC-BY-4.0"}


def rates(rows: list[Row]) -> Iterator[Row]:
    for row in rows:
        for precision, column in sorted(RATES.items()):
            if row[column]:
                rate = plain(float(row[column]) / TERA, 3)
                yield {"hardware": row["hardware"], "precision": precision, "rate": rate}


def bandwidths(rows: list[Row]) -> Iterator[Row]:
    for row in rows:
        if row[BANDWIDTH]:
            yield {"hardware": row["hardware"], "bandwidth": plain(float(row[BANDWIDTH]) / TERA, 4)}


def main() -> None:
    raw, data = raw_and_data(__doc__)
    file = files_like(raw, "ml_hardware*.csv")[-1]
    rows, unknown = devices(file)
    print(f"{len(unknown)} devices that the library does not know are left out: {', '.join(unknown) or 'none'}")
    tables: list[tuple[str, str, list[Field], tuple[str, ...], list[Row]]] = [
        ("estimates", "peak_rates", peak_rates.FIELDS, ("hardware", "precision"), list(rates(rows))),
        ("serving", "memory_bandwidth", memory_bandwidth.FIELDS, ("hardware",), list(bandwidths(rows))),
    ]
    for folder, table, fields, key, made in tables:
        source = reference(file, "Epoch AI, Data on machine learning hardware", HOME)
        write(
            data,
            folder,
            table,
            title=f"{table.replace('_', ' ')}, Epoch AI".capitalize(),
            description="As the table of the library with this name.",
            fields=fields,
            key=key,
            rows=[row | origin(file) for row in made],
            sources=[source],
            version=source["title"].rpartition("sha256:")[2][:12],
        )
        print(f"{data / folder / table}.csv: {len(made)} rows")


if __name__ == "__main__":
    main()
