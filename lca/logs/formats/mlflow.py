"""MLflow: the power and the steps of runs, from its folder mlruns or its database.

The power is the metric system/gpu_<n>_power_usage_watts (mlflow/system_metrics/metrics/gpu_monitor.py): what NVML or
ROCm says of each GPU of the machine, rounded to 0.1 W, every 10 s. With several samples before logging it is their
mean. MLflow does not say which GPUs the run used. The steps are those of the other metrics; they are marked by the
time at which they were logged, from the start of the run.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np

from ...checks import did_you_mean
from ...errors import LogError
from ..files.source import Source
from ..format import Format
from ..power.card_samples import ACCURACY, ACCURACY_SOURCE
from ..power.channel import Channel
from ..power.power_log import PowerLog
from ..power.recording import power_log
from ..power.track import Recording
from ..runs.run_table import Run, RunTable
from ..runs.several_runs import beside, from_one, named, row, table, uncovered
from ..training.training_log import TrainingLog, training_log
from .mlflow_store import Mark, StoredRun, database_runs, folder_runs, is_database, is_folder

_POWER = re.compile(r"system/(?:(?P<node>.+)/)?gpu_(?P<gpu>\d+)_power_usage_watts")
#: A metric of NVIDIA's cards only: that of AMD's counts gigabytes (mlflow/system_metrics/metrics/rocm_monitor.py).
_OF_NVIDIA = re.compile(r"system/(?:.+/)?gpu_\d+_memory_usage_megabytes")
_GPU = Channel("power", at="component", step=0.1, about="the whole GPU")
_FEW = 2  # samples that may be the same by chance
#: What a user may say of a metric: that it counts these.
COUNTED = ("iteration", "epoch")


def _read_folder(source: Source) -> PowerLog | TrainingLog | RunTable:
    return _read(source, "mlflow", folder_runs(source))


def _read_database(source: Source) -> PowerLog | TrainingLog | RunTable:
    return _read(source, "mlflow database", database_runs(source))


def _read(source: Source, format: str, runs: Sequence[StoredRun]) -> PowerLog | TrainingLog | RunTable:
    """The log of one run, or the table of several."""
    run = named(source, runs, lambda one: one.names)
    if run is not None:
        return _log(run, format)
    return table(source, format, [_row(one, format) for one in runs])


def _row(run: StoredRun, format: str) -> tuple[Run, str, int]:
    """A run as a row of a table."""
    facts = (("status", run.status), ("lifecycle_stage", run.stage))
    one = Run(0, run.name, None, run.seconds, run.start, facts=facts)
    return row(run.source, one, lambda: _log(run, format))


def _log(run: StoredRun, format: str) -> PowerLog | TrainingLog:
    """The power of a run with its steps, or its steps alone."""
    keys = run.keys()
    powers = {key: found for key in keys if (found := _POWER.fullmatch(key))}
    if not powers:
        return _training(run, format, keys)
    recording = Recording(run.source, [_GPU])
    for key, found in powers.items():
        _add(recording, run, key, f"{found['node'] or ''} gpu {found['gpu']}".strip())
    more = len(powers) < len(keys)
    training, silent = beside(lambda: _training(run, format, keys)) if more else (None, [])
    nvidia = any(_OF_NVIDIA.fullmatch(key) for key in keys)
    log = power_log(
        run.source, format, recording, at="component", whole=["power"], shared=len(powers) > 1, dated=True,
        accuracy=ACCURACY if nvidia else None, about=ACCURACY_SOURCE if nvidia else "", training=training,
        notes=[*_notes(run), *silent],
    )  # fmt: skip
    silence = uncovered(run.start, run.stop, log.start, log.stop)
    return replace(log, notes=(*log.notes, *silence, *_twins(log)))


def _twins(log: PowerLog) -> list[str]:
    """Notes on GPUs of which each sample is the same: MLflow gives every die of an AMD card the power of the card."""
    return [
        f"{one.device} and {other.device} show the same power in every sample: two dies of one card count once"
        for one, other in combinations(log.tracks, 2)
        if one.times.size > _FEW and np.array_equal(one.values, other.values)
    ]


def _add(recording: Recording, run: StoredRun, key: str, device: str) -> None:
    """The samples of one GPU."""
    for line, time, watts, _ in run.marks(key, power=True):
        recording.add(line, time, {"power": watts}, device)


def _notes(run: StoredRun) -> list[str]:
    lasted = "" if run.seconds is None else f", {run.seconds:.6g} s from its start to its end"
    deleted = "; it is deleted in the store" if run.stage == "deleted" else ""
    return [f"run {run.name}: {run.status}{lasted}{deleted}"]


# --- the steps --------------------------------------------------------------------------------------------------


def _training(run: StoredRun, format: str, keys: Sequence[str]) -> TrainingLog:
    """The steps of a run: of all metrics where they count alike, else of the one that the user names."""
    chosen, unit = _counting(run, keys)
    own = [chosen] if chosen else [key for key in keys if not key.startswith("system/")]
    series = {key: marks for key in own if _counts(marks := list(run.marks(key)))}
    if not series:
        run.source.check(0)  # what could not be read may be why
        fix = "log metrics at each step: mlflow.log_metric(name, value, step=n)"
        raise LogError.of("no_steps_in_a_run", run.source.where(), holds="one value of each metric, or none", fix=fix)
    merged = sorted((mark for marks in series.values() for mark in marks), key=lambda mark: (mark[1], mark[3]))
    if len(series) > 1 and any(after[3] < before[3] for before, after in pairwise(merged)):
        sides = [f"{key}: {len(marks)} marks, step {marks[0][3]} to {marks[-1][3]}" for key, marks in series.items()]
        longest = max(series, key=lambda key: len(series[key]))
        raise LogError.of("which_metric_counts", run.source.where(), sides, name=longest)
    return _of_marks(run, format, merged, unit)


def _counts(marks: Sequence[Mark]) -> bool:
    """Whether a metric was logged at more than one step."""
    return len({step for *_, step in marks}) > 1


def _of_marks(run: StoredRun, format: str, marks: Sequence[Mark], unit: str) -> TrainingLog:
    start = marks[0][1] if run.start is None else run.start
    found, said = from_one([(line, float(step), time - start) for line, time, _, step in marks])
    said += ["the store has no start of the run: times count from the first mark"] if run.start is None else []
    return training_log(run.source, format, found, unit=unit, notes=(*_notes(run), *said))


def _counting(run: StoredRun, keys: Sequence[str]) -> tuple[str, str]:
    """(the metric that the user says counts, what it counts); no metric, and "step", where the user says nothing."""
    for name, unit in run.source.said.columns.items():
        if name not in keys:
            near = did_you_mean(name, keys)
            raise LogError.of("no_such_channel", run.source.where(), channel=name, near=near)
        if unit not in COUNTED:
            raise LogError.of("metric_is_not_a_count", run.source.where(), [f"{name}: {unit}"], name=name)
        return name, unit
    return "", "step"


FORMATS: Sequence[Format] = (
    Format("mlflow", "MLflow, the folder mlruns or a run of it", "PowerLog", "component", "real logs",
           "Power (read as documented) of each GPU of the machine; without it, steps. Several runs are a table.",
           lambda source: is_folder(source.path), _read_folder),
    Format("mlflow database", "MLflow, its database of SQLite", "PowerLog", "component", "documentation",
           "As of the folder; run= names one of its runs.", is_database, _read_database),
)  # fmt: skip
