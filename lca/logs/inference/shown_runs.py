"""Runs of inference as tables, and as facts for people."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ...arguments import Kind
from ...checks import did_you_mean, real
from ...errors import LogError
from ...records.notebook import table
from ...units.number_text import NOTHING, in_full
from ..files.source import SHOWN
from ..power.moments import moment_text
from .bench_run import COUNTS, BenchRun, in_order

if TYPE_CHECKING:
    import pandas

#: Runs that a log shows of itself, each on a line.
_SHOWN = 8
_TEXT_OR_NUMBER = Kind("a text or a number", lambda value: isinstance(value, str) or real(value) is not None, "8")
_COUNTED = tuple(count for count in COUNTS if count != "token")


def frame(runs: Sequence[BenchRun]) -> pandas.DataFrame:
    """One row for each run; a column that no run fills is left out."""
    import pandas

    made = pandas.DataFrame([_row(run) for run in runs])
    return made.loc[:, [name for name in made.columns if made[name].notna().any()]]


def _row(run: BenchRun) -> dict[str, object]:
    """What is known of a run, by its column."""
    totals = {_plural(count): _value(run.total(count)) for count in _COUNTED}
    rates = {f"{_plural(count)}/s": _value(run.rate(count)) for count in _COUNTED}
    latency = {f"latency {name} [ms]": 1000 * one for name, one in run.latency.items() if name in ("mean", "median")}
    began = None if run.began is None else moment_text(run.began[0], True)
    facts = {name: text for name, text in run.facts if text}
    return {
        "run": run.name, "batch": run.batch, **totals, "seconds": _value(run.seconds), **rates, **latency,
        "executions at a time": _at_a_time(run), "streams": run.streams, "begin": began,
        "warm-up": None if run.warmup is None else str(run.warmup), **facts,
    }  # fmt: skip


def _at_a_time(run: BenchRun) -> float | None:
    """The executions that ran at a time in the mean: their rate times their latency (Little's law)."""
    rate, mean = run.rate("batch"), run.latency.get("mean")
    return None if rate is None or mean is None else rate.value * mean


def runs_with(
    runs: Sequence[BenchRun], data: pandas.DataFrame, facts: Mapping[str, str | float], where: str
) -> tuple[BenchRun, ...]:
    """The runs of which the columns of a table have these values; raises where there is no such column, or no run."""
    columns = [str(name) for name in data.columns]
    if unknown := [name for name in facts if name not in columns]:
        raise LogError.of("no_such_column_of_runs", where, column=unknown[0], near=did_you_mean(unknown[0], columns))
    for name, value in facts.items():
        if not _TEXT_OR_NUMBER.holds(value):
            _TEXT_OR_NUMBER.refuse(value, f"sel({name}=)", name)
    kept = [all(_same(row[name], value) for name, value in facts.items()) for _, row in data.iterrows()]
    if not any(kept):
        sides = [f"{name}: {', '.join(dict.fromkeys(map(str, data[name])))}" for name in facts]
        raise LogError.of("no_run_fits", where, sides)
    return tuple(run for run, keep in zip(runs, kept, strict=True) if keep)


def _same(found: object, asked: str | float) -> bool:
    """Whether a cell has the value that is asked for; numbers may be given as texts."""
    return found == asked or str(found) == str(asked) or (isinstance(found, float) and f"{found:g}" == str(asked))


def latencies(runs: Sequence[BenchRun]) -> pandas.DataFrame:
    """The times of each run in ms: a row for each time that the tool states, and one from the trace."""
    import pandas

    rows = []
    for run in runs:
        own = {} if run.trace is None else {"latency, from the trace": run.trace.statistics}
        for of, times in {**run.times, **own}.items():
            rows.append(({"run": run.name, "time": of}, {name: 1000 * one for name, one in times.items()}))
    names = in_order(name for _, times in rows for name in times)
    made = [head | {f"{name} [ms]": times.get(name) for name in names} for head, times in rows]
    return pandas.DataFrame(made, columns=["run", "time", *(f"{name} [ms]" for name in names)])


def layer_times(runs: Sequence[BenchRun]) -> pandas.DataFrame:
    """The layers of each run, with the mean time of each in ms and its share of the sum."""
    import pandas

    rows = []
    for run in runs:
        whole = sum(layer.seconds for layer in run.layers)
        for one in run.layers:
            rows.append((run.name, one.name, 1000 * one.seconds, one.seconds / whole if whole else 0.0))
    return pandas.DataFrame(rows, columns=["run", "layer", "time [ms]", "share of time"])


def facts_of(runs: Sequence[BenchRun]) -> Mapping[str, str]:
    """What is told of the runs: all of a single one, or a line for each of several."""
    if len(runs) > 1:
        lines = {run.name: _in_short(run) or _of_layers(run) for run in runs[:_SHOWN]}
        rest = {"and": f"{len(runs) - _SHOWN} more"} if len(runs) > _SHOWN else {}
        return {"runs": str(len(runs))} | lines | rest
    (run,) = runs
    return {
        "model": run.fact("model"),
        "tool": run.fact("version"),
        "device": run.fact("device"),
        "precision": run.fact("precision"),
        "batch": "" if run.batch is None else f"{run.batch:g}",
        "run": _in_short(run),
        "latency": _in_words(run),
        "streams": "" if run.streams is None else str(run.streams),
        "warm-up": "not known" if run.warmup is None else str(run.warmup),
        "layers": _of_layers(run),
    }


def _in_short(run: BenchRun) -> str:
    """What a run counted, in which time, and how fast."""
    counts = [
        f"{in_full(total.value)} {_plural(count, total.value)}" for count in _COUNTED if (total := run.total(count))
    ]
    time = "" if run.seconds is None else f"in {run.seconds.value:.6g} s"
    rates = [f"{in_full(rate.value)} {_plural(count)}/s" for count in _COUNTED if (rate := run.rate(count))]
    done = " ".join(filter(None, [", ".join(counts), time]))
    return ": ".join(filter(None, [done, ", ".join(rates)]))


def _in_words(run: BenchRun) -> str:
    return ", ".join(f"{name} {in_full(1000 * run.latency[name])} ms" for name in in_order(run.latency))


def _of_layers(run: BenchRun) -> str:
    if not run.layers:
        return ""
    whole = sum(layer.seconds for layer in run.layers)
    of = "" if run.profiled is None else f", mean of {run.profiled:g} executions of a profiling run"
    return f"{len(run.layers)}, {in_full(1000 * whole)} ms together{of}"


def _plural(count: str, number: float = 2) -> str:
    word = "execution" if count == "batch" else count
    return word if number == 1 else f"{word}s"


def _value(one: tuple[float, float] | None) -> float | None:
    return None if one is None else one[0]


def tables_of(frames: Mapping[str, pandas.DataFrame]) -> dict[str, str]:
    """Tables for a notebook; those without rows are left out."""
    return {
        name: table(tuple(map(str, one.columns)), [tuple(map(_cell, row)) for row in one.head(SHOWN).values.tolist()])
        for name, one in frames.items()
        if len(one)
    }


def _cell(value: object) -> str:
    """A cell for people: a number with four digits, and a word where there is none."""
    return str(value) if not isinstance(value, float) else in_full(value) if math.isfinite(value) else NOTHING
