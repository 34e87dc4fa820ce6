"""Makes estimates/published_runs.csv: what published trainings reached of the peak rate and of the rated power.

    python data/build/published_runs.py data/build/transcriptions [DATA_FOLDER]

SOURCE_FOLDER holds `published_runs.csv`: each figure was read in the source of its row, in a public copy of its text,
or in a public list that cites its page. A utilisation is 6 N D over devices x time x dense 16-bit peak rate, so
restarts and evaluations count as time; where the source states operations per second itself, that over the peak. A
load is the mean power of the accelerator alone over its thermal design power. Left out: benchmarks of some minutes,
energies that are hours times a rated power, and powers with a host in them.
"""

from __future__ import annotations

from package import STATUS, licence_field, number, rows_of, source_and_data, text, write
from terms import FIGURES

#: FLOP for each parameter and token in training (Kaplan et al. 2020, sec. 2.1).
PER_PARAMETER = 6
FIELDS = [
    text("run", "the run, as its publisher calls it"),
    text("group", "runs of one group share code and machines, and count as one when they are left out"),
    text("quantity", "utilisation: of the peak rate; load: of the thermal design power", among=("utilisation", "load")),
    text("hardware", "the device, as the table of accelerators names it"),
    number("parameters", "parameters that each token meets", minimum=1e6, maximum=1e13, required=False),
    number("tokens", "tokens, every epoch counted", unit="token", minimum=1e9, maximum=1e14, required=False),
    number("device_hours", "devices x hours", unit="h", minimum=1, maximum=1e9, required=False),
    number("achieved", "stated operations per second", unit="TFLOP/s", minimum=1, maximum=1e4, required=False),
    number("peak", "dense 16-bit rate of the data sheet", unit="TFLOP/s", minimum=1, maximum=1e4, required=False),
    number("energy", "of the accelerators", unit="kWh at_component", minimum=0.1, maximum=1e9, required=False),
    number("power", "mean of one accelerator", unit="W at_component", minimum=1, maximum=3e3, required=False),
    number("tdp", "thermal design power", unit="W", minimum=1, maximum=3e3, required=False),
    number("value", "the utilisation or the load", minimum=0.01, maximum=1),
    text("note", "what else is known", required=False),
    text("status", "status of the row (A10)", among=STATUS),
    text("source", "publisher"),
    licence_field(),
]


def value(row: dict[str, str]) -> float:
    """The utilisation or the load of a row."""
    known = {name: float(cell) for name, cell in row.items() if cell and name in NUMBERS}
    if row["quantity"] == "load":
        power = known["power"] if "power" in known else known["energy"] * 1e3 / known["device_hours"]
        return power / known["tdp"]
    if "achieved" in known:
        return known["achieved"] / known["peak"]
    work = PER_PARAMETER * known["parameters"] * known["tokens"]
    return work / (known["device_hours"] * 3600 * known["peak"] * 1e12)


NUMBERS = {"parameters", "tokens", "device_hours", "achieved", "peak", "energy", "power", "tdp"}


def main() -> None:
    source, data = source_and_data()
    said = {"status": "dataset", "licence": FIGURES}
    rows = [row | {"value": f"{value(row):.4g}"} | said for row in rows_of(source / "published_runs.csv")]
    write(
        data,
        "estimates",
        "published_runs",
        title="Utilisation and load of published trainings",
        description="Operations of the model over those that the devices could have done, and power over rated power.",
        fields=FIELDS,
        key=("run", "quantity"),
        rows=rows,
        sources=[{"title": "papers, model cards and documentation; each row names its own"}],
    )


if __name__ == "__main__":
    main()
