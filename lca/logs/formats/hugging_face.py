"""What the Trainer of Hugging Face transformers leaves: trainer_state.json, train_results.json, all_results.json.

The state says how long the whole training took (`train_runtime`), once, at its end; so it gives one mark. The time of
an evaluation (`eval_runtime`) is not it. `train_runtime` counts from the last start only: of a run that was resumed
it leaves out what passed before, and the file does not say so.
The states were checked against real logs; the results files are read as the documentation of the examples of
transformers shows them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..files.json_documents import Object, document
from ..files.source import Source
from ..format import Format
from ..training.training_log import TrainingLog, training_log

_STATE = re.compile(r'"(?:log_history|global_step)"\s*:')
_RESULTS = re.compile(r'^\s*\{(?=[^{}]*"epoch"\s*:)[^{}]*"train_runtime"\s*:[^{}]*\}\s*$')
_FIX = "read trainer_state.json in the output folder, which is written when the training ends, or the console output"
_RESUMED = "train_runtime counts from the last start: if the run was resumed, it took longer"


def _is_state(source: Source) -> bool:
    start = source.start
    return start.lstrip().startswith("{") and len(set(_STATE.findall(start))) == 2


def _is_results(source: Source) -> bool:
    return _RESULTS.match(source.start) is not None


def _number(value: object) -> float | None:
    """A number above 0, or None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1e300:
        return None
    return float(value)


def _read_state(source: Source) -> TrainingLog:
    state = document(source)
    history = state.get("log_history")
    entries = [one for one in history if isinstance(one, dict)] if isinstance(history, list) else []
    marks: list[tuple[int, float, float]] = []
    passed, lacking = 0.0, 0
    for entry in entries:
        if "train_runtime" not in entry:
            continue
        step, seconds = _number(entry.get("step")), _number(entry["train_runtime"])
        if step is None or seconds is None:
            lacking += 1
            source.refuse_line(lacking, "train_runtime without its step, or below 0", str(entry))
            continue
        passed += seconds
        marks.append((0, step, passed))
    if not marks and not source.bad:
        raise source.without_steps(_without(entries), _FIX)
    planned, anew = _number(state.get("max_steps")), range(1, len(marks))
    return training_log(source, "hugging face", marks, unit="iteration", planned=planned, notes=(_RESUMED,), anew=anew)


def _without(entries: Sequence[Object]) -> str:
    """What a state without train_runtime holds."""
    evaluated = sum("eval_runtime" in entry for entry in entries)
    beside = f"; {evaluated} times of evaluations (eval_runtime) are not it" if evaluated else ""
    return f"the state of a checkpoint, without the time of the training (train_runtime){beside}"


def _read_results(source: Source) -> TrainingLog:
    results = document(source)
    epochs, seconds = _number(results.get("epoch")), _number(results.get("train_runtime"))
    if epochs is None or seconds is None:
        raise source.without_steps("no epoch with its train_runtime above 0", _FIX)
    return training_log(source, "hugging face results", [(0, epochs, seconds)], unit="epoch", notes=(_RESUMED,))


FORMATS: Sequence[Format] = (
    Format("hugging face", "Hugging Face trainer_state.json", "TrainingLog", "", "real logs",
           "One mark, the whole run. A state without train_runtime is refused.", _is_state, _read_state),
    Format("hugging face results", "Hugging Face train_results.json, all_results.json", "TrainingLog", "",
           "documentation", "One mark, the whole run, in epochs.", _is_results, _read_results),
)  # fmt: skip
