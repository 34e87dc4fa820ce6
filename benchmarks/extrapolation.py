"""How well the duration of a training is told from its first marks: every owner of repositories left out in turn.

    python benchmarks/extrapolation.py FOLDER [--nested]

FOLDER holds `runs.csv` (run, step, seconds) and `index.csv` (run, repo, ...). The coefficients are fitted on the other
owners' runs (data/build/training_runs.py) and judged on the one left out. Beside them stand the coefficients that ship,
judged as they are (on the runs they were learnt from that is no test), and usual forecasts.
Every repository counts once. The columns:
coverage: % of the durations that lie in the interval of 90 %; above: % that took longer; high/low: its median width;
score: the interval score of the logarithm of the duration (Gneiting and Raftery 2007, eq. 43), lower is better;
error: the median of |forecast / duration - 1|, %; in 50 %, in 80 %: coverage of the central intervals of 50 and 80 %.
--nested also chooses the strength of the ridge for each owner on the others alone, which says what choosing it costs.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "data" / "build"))
try:
    import training_runs as learnt
    from training_runs import CUTS, Task
finally:
    sys.path.pop(0)

from lca.logs.training.extrapolation import widths_of

RIDGES = (10.0, 40.0, 160.0)
MISSED = 20.0  # 2 / (1 - 0.9): what the score adds for each unit beyond the interval


class Told(NamedTuple):
    """ln(factor on the remaining time): its median, its 90 % interval, and the ends of the central 50 and 80 %."""

    median: float
    low: float = math.nan
    high: float = math.nan
    half: tuple[float, float] = (math.nan, math.nan)
    most: tuple[float, float] = (math.nan, math.nan)


Method = Callable[[Sequence[Task]], Callable[[Task], Told]]


def told(widths: Any) -> Told:
    q = widths.quantiles([0.5, 0.05, 0.95, 0.25, 0.75, 0.1, 0.9]).tolist()
    return Told(*q[:3], (q[3], q[4]), (q[5], q[6]))


def ours(others: Sequence[Task]) -> Callable[[Task], Told]:
    """The forecast of this library, fitted on the others."""
    table = learnt.fit(others)
    return lambda task: told(learnt.widths(table, task))


def shipped(others: Sequence[Task]) -> Callable[[Task], Told]:
    """The forecast of this library as it ships."""
    return lambda task: told(widths_of(task.terms))


def mean_so_far(others: Sequence[Task]) -> Callable[[Task], Told]:
    """The time so far over the steps so far, times all steps."""

    def tell(task: Task) -> Told:
        seen = float(task.marks.steps[-1] / task.marks.seconds[-1])
        return Told(-math.log(task.marks.rate * seen))

    return tell


def first_dropped(others: Sequence[Task]) -> Callable[[Task], Told]:
    """The mean rate after the first mark."""
    return lambda task: Told(0.0)


def scaled_conformal(others: Sequence[Task]) -> Callable[[Task], Told]:
    """First dropped, with conformal quantiles of r over a scale that least squares of ln|r| gives."""
    design, r = np.array([_shown(task) for task in others]), np.array([task.residual for task in others])
    weight, group = learnt.weights(others), np.array([_group(task) for task in others])
    ridge = 2 * np.eye(design.shape[1])
    ridge[0, 0] = 0
    target = np.log(np.abs(r) + 0.005)
    b = np.linalg.solve(design.T @ (design * weight[:, None]) + ridge, design.T @ (weight * target))
    z = r / np.exp(design @ b)
    ends = {
        g: [learnt.quantile(sign * z[group == g], weight[group == g], 0.95) for sign in (-1, 1)] for g in set(group)
    }

    def tell(task: Task) -> Told:
        low, high = ends[_group(task)]
        scale = math.exp(_shown(task) @ b)
        return Told(0.0, -low * scale, high * scale)

    return tell


def _group(task: Task) -> int:
    return min(len(task.marks) // 2, 2)  # one mark; two or three; more


def _shown(task: Task) -> Any:
    marks, n = task.marks, len(task.marks)
    times = np.maximum(marks.step_times, 0.05 * marks.steady) if n > 1 else np.ones(1)
    logs = np.log(times)
    spread = min(1.4826 * float(np.median(np.abs(logs - np.median(logs)))), 3.0) if n > 2 else 0.1
    variation = 0.3 if marks.variation is None else min(marks.variation, 3.0)
    drift = min(abs(math.log(max(marks.phases.drift, 1e-9))), 2.0)
    share, seconds = float(marks.steps[-1]) / task.planned, float(marks.seconds[-1])
    return np.array([1.0, math.log(n), math.log(share), math.log(variation + 0.01), math.log(spread + 0.01),
                     task.terms.get("first mark", 0.0), math.log(seconds + 1), drift, n == 1, n == 2])  # fmt: skip


METHODS: dict[str, Method] = {
    "ours": ours, "as it ships": shipped, "scaled conformal": scaled_conformal,
    "first dropped": first_dropped, "mean so far": mean_so_far,
}  # fmt: skip


def left_out(found: Sequence[Task], method: Method) -> list[Told]:
    """What is told of each task by a method that has not seen its family."""
    made: dict[int, Told] = {}
    for family in sorted({task.family for task in found}):
        tell = method([task for task in found if task.family != family])
        made |= {i: tell(task) for i, task in enumerate(found) if task.family == family}
    return [made[i] for i in range(len(found))]


def nested(others: Sequence[Task]) -> Callable[[Task], Told]:
    """Ours, with the ridge that is best when each of the others is left out in turn."""
    scores = {}
    for ridge in RIDGES:
        learnt.RIDGE = ridge
        scores[ridge] = judged(others, left_out(others, ours))["score"]
    learnt.RIDGE = min(scores, key=lambda ridge: scores[ridge])
    return ours(others)


def judged(found: Sequence[Task], said: Sequence[Told]) -> dict[str, float]:
    """The columns of a row of the table, each repository once."""
    weight = learnt.weights(found, lambda task: task.repo)
    weight = weight / weight.sum()

    def duration(r: Sequence[float]) -> Any:
        seconds = np.array([task.marks.seconds[-1] for task in found])
        return np.log(seconds + np.array([task.remaining for task in found]) * np.exp(np.minimum(r, 30)))

    true = np.log([task.total for task in found])
    low, high, middle = (duration([getattr(one, name) for one in said]) for name in ("low", "high", "median"))

    def within(name: str) -> float:
        first, last = (duration([getattr(one, name)[side] for one in said]) for side in (0, 1))
        return share((true >= first) & (true <= last)) if math.isfinite(first[0]) else math.nan

    def share(which: Any) -> float:
        return float(100 * weight @ which) if interval else math.nan

    interval = math.isfinite(low[0])
    score = high - low + MISSED * (np.maximum(low - true, 0) + np.maximum(true - high, 0))
    return {
        "coverage": share((true >= low) & (true <= high)),
        "above": share(true > high),
        "high/low": math.exp(middle_of(high - low, weight)),
        "score": float(weight @ score),
        "error": 100 * middle_of(np.abs(np.exp(middle - true) - 1), weight),
        "in 50 %": within("half"),
        "in 80 %": within("most"),
    }


def middle_of(values: Any, weight: Any) -> float:
    """The weighted median."""
    order = np.argsort(values)
    reached = np.cumsum(weight[order]) - weight[order] / 2
    return float(np.interp(0.5, reached / weight.sum(), values[order]))


def main(arguments: list[str] | None = None) -> None:
    """A table for each method, a row for each cut."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--nested", action="store_true")
    options = parser.parse_args(arguments)
    found = learnt.tasks(options.folder)
    methods = METHODS | ({"ours, ridge chosen within": nested} if options.nested else {})
    for name, method in methods.items():
        said = left_out(found, method)
        print(f"\n{name}\n{'seen':<5}{'runs':>6}{'repos':>6}", end="")
        for number, cut in enumerate((*CUTS, "all")):
            own = [i for i, task in enumerate(found) if cut in ("all", task.cut)]
            if not own:
                continue
            row = judged([found[i] for i in own], [said[i] for i in own])
            print("" if number else "".join(f"{column:>10}" for column in row))
            repos = len({found[i].repo for i in own})
            values = "".join("         -" if math.isnan(value) else f"{value:>10.2f}" for value in row.values())
            print(f"{cut:<5}{len(own):>6}{repos:>6}{values}", end="")
        print()


if __name__ == "__main__":
    main()
