"""The two stores of MLflow on a disk: its folder mlruns, and its database of SQLite.

In the folder a run is `<experiment>/<run>/meta.yaml`, beside a file for each metric, whose lines are "time value step"
(mlflow/store/tracking/file_store.py). In the database runs and metrics are tables (tests/resources/db/latest_schema.sql
in MLflow). Times are milliseconds since 1970. This module lists no formats of logs.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from ...checks import real, short
from ...errors import LogError
from ..files.source import Source, number
from ..files.stamps import YEAR_2000, YEAR_2100

#: What the numbers of the folder stand for (RunStatus in mlflow/protos/service.proto).
_STATUS = {"1": "RUNNING", "2": "SCHEDULED", "3": "FINISHED", "4": "FAILED", "5": "KILLED"}
_FIRST, _LAST = 1000 * YEAR_2000, 1000 * YEAR_2100  # ms since 1970
_NO_POWER = "a power below 0, or without end"
_META_FILES = 10_000  # the folders of a store that are looked at to recognise it
_MAGIC = b"SQLite format 3\0"
_TABLES = {"runs", "metrics", "experiments", "params"}

#: (line, seconds since 1970, value, step)
Mark = tuple[int, float, float, int]


@dataclass(frozen=True)
class StoredRun(ABC):
    """One run of a store."""

    source: Source  # what its bad lines are noted in
    id: str
    name: str
    status: str
    stage: str  # "active" or "deleted"
    start: float | None  # s since 1970
    stop: float | None

    @property
    def names(self) -> tuple[str, ...]:
        """What a user may call it."""
        return tuple(dict.fromkeys((self.name, self.id)))

    @property
    def seconds(self) -> float | None:
        """From its start to its end, s."""
        return None if self.start is None or self.stop is None else self.stop - self.start

    @abstractmethod
    def keys(self) -> list[str]:
        """The names of its metrics."""

    @abstractmethod
    def marks(self, key: str, *, power: bool = False) -> Iterator[Mark]:
        """What was logged of a metric, in order; what cannot be read, or cannot be a power, is noted as a bad line."""


# --- the folder -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _FolderRun(StoredRun):
    only: str = ""  # the one metric that the user named by its file

    def keys(self) -> list[str]:
        folder = self.source.path / "metrics"
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        found = [path.relative_to(folder).as_posix() for path in files]
        return [self.only] if self.only else found

    def marks(self, key: str, *, power: bool = False) -> Iterator[Mark]:
        part = self.source.part(self.source.path / "metrics" / key)
        for line, text in part.lines():
            cells = text.split()
            time, step = _whole(cells[0]), _whole(cells[2]) if len(cells) > 2 else 0
            value = _value(cells[1]) if len(cells) > 1 else None
            if time is None or value is None or step is None:
                part.refuse_line(line, 'not "time value step"', text)
            elif not _FIRST <= time < _LAST:
                part.refuse_line(line, "not milliseconds since 1970", text)
            elif power and not _is_power(value):
                part.refuse_line(line, _NO_POWER, text)
            else:
                yield line, time / 1000, value, step


def _whole(cell: str) -> int | None:
    digits = cell.removeprefix("-")
    return int(cell) if digits.isascii() and digits.isdigit() and len(digits) < 20 else None


def _value(cell: str) -> float | None:
    found = number(cell)
    return math.inf if found is None and cell.lstrip("+-").casefold() in ("inf", "infinity") else found


def _is_power(value: float) -> bool:
    return math.isnan(value) or 0 <= value < math.inf


def _facts(meta: Path) -> dict[str, str]:
    """The entries of meta.yaml: one on each line, never nested in what is read here."""
    try:
        lines = meta.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    pairs = [line.partition(": ") for line in lines if not line.startswith((" ", "#", "-"))]
    return {name.strip(): value.strip().strip("'\"") for name, sign, value in pairs if sign}


def _is_run(meta: Path) -> bool:
    facts = _facts(meta)
    return bool({"run_id", "run_uuid"} & set(facts)) and {"status", "start_time"} <= set(facts)


def _folder(path: Path) -> Path:
    """The folder that a path means: itself; for meta.yaml its folder; for the file of a metric that of its run."""
    if path.is_dir():
        return path
    above = [path.parent, *(one.parent for one in path.parents if one.name == "metrics")]
    return next((one for one in above if _is_run(one / "meta.yaml")), path)


def is_folder(path: Path) -> bool:
    """Whether a path is a store, an experiment or a run of the folder mlruns, or a file of a run."""
    if not path.is_dir() and path.name != "meta.yaml" and "metrics" not in path.parts:
        return False
    try:
        return any(True for _ in islice(_metas(_folder(path)), 1))
    except OSError:
        return False


def _metas(folder: Path) -> Iterator[Path]:
    """The files meta.yaml of runs: of this folder, of the folders in it, and of those in them; hidden ones left out."""
    found = chain.from_iterable(folder.glob(f"{depth}meta.yaml") for depth in ("", "*/", "*/*/"))
    for meta in islice(found, _META_FILES):
        if not any(part.startswith(".") for part in meta.relative_to(folder).parts) and _is_run(meta):
            yield meta


def folder_runs(source: Source) -> list[StoredRun]:
    """The runs of a folder."""
    folder = _folder(source.path)
    metrics = folder / "metrics"
    only = source.path.relative_to(metrics).as_posix() if source.path.is_relative_to(metrics) else ""
    return [_folder_run(source.part(meta.parent), _facts(meta), only) for meta in sorted(_metas(folder))]


def _folder_run(source: Source, facts: dict[str, str], only: str) -> StoredRun:
    stage = facts.get("lifecycle_stage", "active")
    status = _STATUS.get(facts["status"], facts["status"])
    name, key = facts.get("run_name", ""), facts.get("run_id") or facts.get("run_uuid", "")
    return _FolderRun(
        source, key, name or key, status, stage, _moment(facts.get("start_time")), _moment(facts.get("end_time")), only
    )


def _moment(value: object) -> float | None:
    """Seconds since 1970 of milliseconds; None where there are none, as for a run that goes on."""
    found = _whole(value) if isinstance(value, str) else real(value)
    return found / 1000 if found is not None and _FIRST <= found < _LAST else None


# --- the database -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _TableRun(StoredRun):
    def keys(self) -> list[str]:
        rows = _rows(self.source, "SELECT DISTINCT key FROM metrics WHERE run_uuid = ? ORDER BY key", self.id)
        return [str(key) for (key,) in rows]

    def marks(self, key: str, *, power: bool = False) -> Iterator[Mark]:
        asked = "SELECT rowid, timestamp, value, step, is_nan FROM metrics WHERE run_uuid = ? AND key = ?"
        for row, time, value, step, is_nan in _rows(self.source, f"{asked} ORDER BY timestamp, step", self.id, key):
            moment, found, at = _moment(time), math.nan if is_nan else real(value), real(step)
            if moment is None or found is None or at is None or at != at // 1:
                self.source.refuse_line(
                    row, "a row of metrics without a time, value or step", short((time, value, step))
                )
            elif power and not _is_power(found):
                self.source.refuse_line(row, _NO_POWER, short(value))
            else:
                yield row, moment, found, int(at)


def is_database(source: Source) -> bool:
    """Whether a file is a database of SQLite with the tables of MLflow."""
    if not source.head.startswith(_MAGIC):
        return False
    try:
        return {str(name) for (name,) in _rows(source, "SELECT name FROM sqlite_master")} >= _TABLES
    except LogError:
        return False


def database_runs(source: Source) -> list[StoredRun]:
    """The runs of a database."""
    asked = "SELECT run_uuid, name, status, lifecycle_stage, start_time, end_time FROM runs ORDER BY start_time"
    return [
        _TableRun(
            source.part(source.path), str(key), str(name or key), str(status), str(stage), _moment(start), _moment(stop)
        )
        for key, name, status, stage, start, stop in _rows(source, asked)
    ]


def _rows(source: Source, asked: str, *values: str) -> Iterator[tuple[Any, ...]]:
    """The rows that a query of the database gives; it is opened to be read only."""
    import sqlite3

    try:
        with closing(sqlite3.connect(f"{source.path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            yield from database.execute(asked, values)
    except (sqlite3.Error, UnicodeDecodeError) as error:  # the text of a damaged database may be none
        raise LogError.of("database_cannot_be_read", source.where(), [str(error)]) from error
