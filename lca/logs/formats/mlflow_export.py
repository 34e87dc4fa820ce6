"""What MLflow exports of runs: the tables of mlflow.search_runs and of its web page, and mlflow runs describe.

They hold the last value of each metric, so no energy follows from a power in them. A column counts as an energy if the
user says so: columns={"metrics.energy": "kWh"}. Which columns there are depends on the runs: run_id, start_time and
end_time, then metrics.*, params.* and tags.* (mlflow.search_runs in the documentation of MLflow's Python API); the web
page writes "Start Time,Duration,Run ID,Name,...", with the names of metrics as they are (runInfosToCsv in
mlflow/server/js).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import isfinite

from ...checks import did_you_mean
from ...errors import LogError
from ...units.quantity import conversion
from ..files.clock import Clock
from ..files.csv_rows import fills, header, long_rows
from ..files.json_documents import begins_with
from ..files.source import Source, number
from ..format import Format, refused
from ..power.recording import meter_of
from ..runs.run_table import Run, RunTable

_PREFIXES = ("metrics.", "params.", "tags.mlflow.")
_PAGE = {"Run ID", "Duration", "Source Name", "Status"}
_LAST_VALUES = "the last value of each metric of a run"
_ALL_VALUES = "read the folder mlruns or the database of MLflow, where all values stand with their times"
#: How the web page writes a duration, and how many seconds one is.
_DURATION = re.compile(r"([\d.]+)\s*(ms|s|min|h|days?)")
_SECONDS = {"ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "day": 86_400.0, "days": 86_400.0}


def _is_search(source: Source) -> bool:
    names = header(source)
    return "run_id" in names and any(name.startswith(_PREFIXES) for name in names)


def _is_page(source: Source) -> bool:
    return set(header(source)) >= _PAGE


def _read_table(source: Source) -> RunTable:
    """The runs of a table, each with its energy: the sum of the columns that the user says are energies."""
    rows = long_rows(source)
    _, names = next(rows, (0, []))
    _refuse_columns(source, names)
    factors = {name: conversion(unit, "J", "lca.read(columns=)") for name, unit in source.said.columns.items()}
    clock, runs = Clock(source), []
    for line, cells in rows:
        if fills(source, line, cells, len(names)):
            run = _run(source, line, dict(zip(names, cells, strict=True)), clock, factors)
            runs += [run] if run else []
    said = source.check(len(runs))
    if not runs:
        raise LogError.of("no_samples", source.where())
    added = [f"the energy of a run is the sum of {', '.join(factors)}"] if len(factors) > 1 else []
    format = "mlflow runs" if "run_id" in names else "mlflow page"
    return RunTable(source.path, format, tuple(runs), meter_of(source, ""), (*said, *added))


def _refuse_columns(source: Source, names: Sequence[str]) -> None:
    """Raise where the user names no column as an energy, or one that is not there."""
    if not source.said.columns:
        metrics = [name for name in names if re.search("energy|power|kwh|joule|consum", name, re.I)]
        example = metrics[0] if metrics else "metrics.energy"
        fix = f'a column is an energy if you say so, with its unit: columns={{"{example}": "kWh"}}, at="component"'
        raise source.without_power(_LAST_VALUES, fix)
    if unknown := [name for name in source.said.columns if name not in names]:
        near = did_you_mean(unknown[0], names)
        raise LogError.of("no_such_channel", source.where(), channel=unknown[0], near=near)


def _run(
    source: Source, line: int, cells: Mapping[str, str], clock: Clock, factors: Mapping[str, float]
) -> Run | None:  # fmt: skip
    """A row as a run; None where it cannot be read, which is noted."""
    start, stop = (_moment(cells, name, clock) for name in (("start_time", "Start Time"), ("end_time",)))
    energies = {name: number(cells[name]) for name in factors}
    wrong = [name for name, value in (("the start", start), ("the end", stop)) if value is None]
    wrong += [name for name, value in energies.items() if value is None or value < 0]
    seconds = _duration(cells["Duration"]) if "Duration" in cells else (stop or 0.0) - (start or 0.0)
    wrong += ["the duration"] if seconds is None or seconds < 0 else []
    if wrong or start is None or seconds is None:
        source.refuse_line(line, f"{', '.join(wrong)} cannot be read", ",".join(cells.values()))
        return None
    joules = {name: (value or 0.0) * factors[name] for name, value in energies.items()}
    parts = tuple((name, joules[name]) for name in joules)
    whole = sum(joules.values()) if parts and all(isfinite(value) for value in joules.values()) else None
    key = cells.get("run_id") or cells.get("Run ID", "")
    name = cells.get("tags.mlflow.runName") or cells.get("Name") or key
    facts = {
        column: said
        for column, said in cells.items()
        if column.lower() == "status" or (column.startswith("params.") and not re.search(r"[/\\]", said))  # no paths
    }
    return Run(
        line, name, whole, seconds if isfinite(seconds) else None, start if isfinite(start) else None,
        parts=parts if whole is not None else (), facts=(("run_id", key), *facts.items()),
        local=clock.local,
    )  # fmt: skip


def _moment(cells: Mapping[str, str], names: Sequence[str], clock: Clock) -> float | None:
    """The time in a column; NaN where there is none, as for the end of a run that goes on; None where it is another."""
    cell = next((cells[name].strip() for name in names if name in cells), "")
    return float("nan") if cell in ("", "NaT", "nan", "None", "-") else clock.read(cell)


def _duration(cell: str) -> float | None:
    found = _DURATION.fullmatch(cell.strip())
    if found is None:
        return float("nan") if cell.strip() in ("", "-") else None
    size = number(found[1])
    return None if size is None else size * _SECONDS[found[2]]


def _is_describe(source: Source) -> bool:
    """Whether a file is what `mlflow runs describe` prints: the data of one run as JSON."""
    return begins_with(source, "data", "metrics", "params", "tags")


FORMATS: Sequence[Format] = (
    Format("mlflow runs", "mlflow.search_runs, as CSV", "RunTable", "said by the user", "real logs",
           "A column is an energy if the user says so: columns={'metrics.energy': 'kWh'}.", _is_search, _read_table),
    Format("mlflow page", "MLflow's web page, runs as CSV", "RunTable", "said by the user", "documentation",
           "As mlflow runs; its durations are rounded to a tenth of their unit.", _is_page, _read_table),
    refused("mlflow runs describe", "mlflow runs describe", "component", "real logs",
            "One last value of each metric has no energy.", _is_describe,
            lambda source: source.without_power(_LAST_VALUES, _ALL_VALUES)),
)  # fmt: skip
