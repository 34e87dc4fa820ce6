"""Weights & Biases: the power of GPUs and the steps of a run, from its file run-<id>.wandb or the folder wandb.

System metrics come every 15 s, or as the mean over the last 30 s from wandb before 0.17. They hold all GPUs of the
machine, whoever uses them; gpu.process.<n> says which of them the run uses, and shows the power of that GPU again, so
both are never added. On a Mac the power of the system, at the input of its mainboard, contains that of its chip. The
first minute of a run may have no sample: then its energy is not in the log.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ...errors import LogError
from ..files.json_documents import inner, parsed
from ..files.source import Source
from ..format import Format
from ..power.card_samples import ACCURACY, ACCURACY_SOURCE
from ..power.channel import Channel
from ..power.plausible import MARGIN, rated_power
from ..power.power_log import PowerLog
from ..power.recording import power_log
from ..power.track import Recording
from ..runs.run_table import Run, RunTable
from ..runs.several_runs import beside, from_one, named, row, table, uncovered
from ..training.training_log import TrainingLog, training_log
from .wandb_run import MAGIC, WandbRun, iterations, read_run

_GPU = Channel("power", at="component", step=0.01, about="the whole GPU")
_MAC = Channel("power", at="board", about="the whole Mac")


def _is_file(source: Source) -> bool:
    return source.head.startswith(MAGIC)


def _files(path: Path) -> list[Path]:
    """The run files in a folder and in the folders in it; latest-run, which is a link to one of them, is left out."""
    found = [*path.glob("*.wandb"), *(file for file in path.glob("*/*.wandb") if not file.parent.is_symlink())]
    return sorted(file for file in found if file.is_file())


def _is_folder(source: Source) -> bool:
    try:
        return source.path.is_dir() and any(_is_file(Source(file)) for file in _files(source.path))
    except OSError:
        return False


def _read_file(source: Source) -> PowerLog | TrainingLog:
    run = named(source, [read_run(source)], lambda one: one.names)
    assert run is not None  # it is the only one
    return _log(run)


def _read_folder(source: Source) -> PowerLog | TrainingLog | RunTable:
    """The log of one run, or the table of several."""
    files, asked = _files(source.path), source.said.run
    if len(files) > 1 and not asked:
        return table(source, "wandb folder", [_row(source.part(file)) for file in files])
    by_file = [file for file in files if asked in (file.stem.removeprefix("run-"), file.parent.name)]
    runs = [read_run(Source(file, source.said)) for file in by_file or files]
    run = named(source, runs, lambda one: one.names)
    assert run is not None  # one of several is named, or there is only one
    return _log(run)


def _row(source: Source) -> tuple[Run, str, int]:
    """A run as a row of a table."""
    try:
        run = read_run(source)
    except LogError as error:
        return Run(0, source.path.stem, None, None), error.what, 0
    code = "none" if run.exit_code is None else str(run.exit_code)
    one = Run(
        0, run.name or run.id, None, run.seconds, run.start, run.host, facts=(("id", run.id), ("exit code", code))
    )
    return row(source, one, lambda: _log(run))


def _log(run: WandbRun) -> PowerLog | TrainingLog:
    """The power of a run with its steps, or its steps alone."""
    source, notes = run.source, _notes(run)
    if not run.watts and not run.whole:
        if not run.rows:
            source.check(0)  # what could not be read may be why
            holds = "a run of Weights & Biases without system metrics and without history"
            raise source.without_power(holds, "log on a machine whose GPU has a meter")
        return _training(run, notes)
    training, silent = beside(lambda: _training(run, [])) if run.rows else (None, [])
    log = _power(run, [*notes, *silent], training)
    return replace(log, notes=(*log.notes, *uncovered(run.start, _stop(run), log.start, log.stop)))


def _power(run: WandbRun, notes: Sequence[str], training: TrainingLog | None) -> PowerLog:
    mac = any(watts > 0 for _, _, watts in run.whole)  # 0 stands for a sensor that could not be read
    recording = Recording(run.source, [_MAC if mac else _GPU])
    if mac:
        for offset, time, watts in run.whole:
            recording.add(offset, time, {"power": watts or math.nan})
        notes = [*notes, "the power is that of the whole Mac; those of its CPU and GPU are within it"]
        return power_log(
            run.source, "wandb", recording, at="board", whole=["power"], dated=True, notes=notes, training=training
        )
    for offset, time, gpus in run.watts:
        for gpu, watts in gpus.items():
            recording.add(offset, time, {"power": watts}, gpu)
    devices = {gpu for *_, gpus in run.watts for gpu in gpus}
    return power_log(
        run.source, "wandb", recording, at="component", whole=["power"], dated=True,
        own=sorted(run.own & devices, key=lambda gpu: int(gpu.split()[1])), shared=len(devices) > 1,
        accuracy=ACCURACY if run.nvidia else None, about=ACCURACY_SOURCE if run.nvidia else "",
        limit=_limit(run), notes=notes, training=training,
    )  # fmt: skip


def _limit(run: WandbRun) -> float | None:
    """What a GPU can draw at most, W: by its own limit, or by its model, which wandb-metadata.json holds."""
    rated = rated_power(_model(run.source.path.parent)) if not run.limit else None
    most = run.limit or rated
    return most * MARGIN if most else None


def _model(folder: Path) -> str:
    """The model of the GPUs; "" where it is not known."""
    try:
        model = inner(parsed((folder / "files" / "wandb-metadata.json").read_text(encoding="utf-8")), "gpu")
    except (OSError, UnicodeDecodeError):
        return ""
    return model if isinstance(model, str) else ""


def _stop(run: WandbRun) -> float | None:
    return None if run.start is None or run.seconds is None else run.start + run.seconds


def _notes(run: WandbRun) -> list[str]:
    """Who wrote the file, and how the run ended."""
    by = f", by wandb {run.version}" if run.version else ""
    ended = "it has no end: it goes on, or it was killed"
    if run.exit_code is not None:
        lasted = "" if run.seconds is None else f" after {run.seconds:g} s"
        ended = f"it ended{lasted}" + (f" with the exit code {run.exit_code}: it failed" if run.exit_code else "")
    return [f"run {run.name or run.id}{by}: {ended}"]


def _training(run: WandbRun, notes: Sequence[str]) -> TrainingLog:
    """The rows of history as marks, in seconds since the start of the run."""
    column, unit = iterations(run.rows, run.source.said.columns)
    marks = list(_marks(run, column))
    if not marks:
        fix = "log rows with wandb.log; for a column of your own that counts: columns={'epoch': 'epoch'}"
        raise LogError.of("no_steps_in_a_run", run.source.where(), holds=f"rows without {column} and a time", fix=fix)
    found, said = from_one(marks)
    return training_log(run.source, "wandb", found, unit=unit, notes=(*notes, *said))


def _marks(run: WandbRun, column: str) -> Iterator[tuple[int, float, float]]:
    """(offset, step, seconds) of each row that has both."""
    for offset, cells in run.rows:
        seconds = cells.get("_runtime")
        if seconds is None and run.start is not None and "_timestamp" in cells:
            seconds = cells["_timestamp"] - run.start
        if column in cells and seconds is not None:
            yield offset, cells[column], seconds


FORMATS: Sequence[Format] = (
    Format("wandb", "Weights & Biases, run-<id>.wandb", "PowerLog", "component", "real logs",
           "The GPUs that the run used count, if the file says which; without power, the steps.", _is_file, _read_file),
    Format("wandb folder", "Weights & Biases, the folder wandb or one of a run", "RunTable", "component", "real logs",
           "One run is a log, several are a table; run= names one.", _is_folder, _read_folder),
)  # fmt: skip
