"""Makes estimates/sensor_pairs.csv: what a plug showed over what a sensor of the same machine showed.

    python data/build/sensor_pairs.py data/build/transcriptions [DATA_FOLDER]

SOURCE_FOLDER holds `sensor_pairs.csv`. Each ratio is that of the sums over all loads.
"""

from __future__ import annotations

from package import STATUS, licence_field, number, rows_of, source_and_data, text, write
from terms import terms

FIELDS = [
    text("machine", "what the sensor saw"),
    text("sensor", "the sensor, at the component"),
    text("plug", "the meter at the wall"),
    number("pairs", "how many loads or runs", minimum=2, maximum=1e4),
    number("ratio", "sum at the wall over the sum of the sensor", minimum=1, maximum=10),
    text("status", "status of the row (A10)", among=STATUS),
    text("source", "publisher and the public copy that was read"),
    licence_field(),
]


def main() -> None:
    source, data = source_and_data()
    rows = rows_of(source / "sensor_pairs.csv")
    write(
        data,
        "estimates",
        "sensor_pairs",
        title="Sensors beside a plug",
        description="The energy of a machine at the wall over what a sensor at its components showed.",
        fields=FIELDS,
        key=("machine", "sensor"),
        rows=[row | {"status": "dataset", "licence": terms(row["licence"])} for row in rows],
        sources=[{"title": "published comparisons; each row names its own"}],
    )


if __name__ == "__main__":
    main()
