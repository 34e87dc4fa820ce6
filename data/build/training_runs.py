"""Makes training_runs/remaining_time.csv: how the rest of a training compares with its first part.

    python data/build/training_runs.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER, or its subfolder `runs`, holds `runs.csv` (run, step, seconds) and `index.csv` (run, repo, ...). A task
is the beginning of a run: its first 1, 3 or 10 marks, or 1, 2, 5 or 10 % of its steps. r is the logarithm of the time
that the rest took, over that at the mean rate after the first mark. Every repository counts once at each cut.

One mark alone is biased by start-up: its median is a line up to zero at 2 % of the run, by least absolute residuals.
About the median each side has a width: exp(terms x coefficients), by maximum likelihood of a half Student t with
3 degrees of freedom and a ridge. Then one factor for each side puts a share TAIL of the weight beyond the width,
one more task of the largest weight counted as beyond (as in conformal prediction).
"""

from __future__ import annotations

import csv
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from package import licence_field, number, source_and_data, text, write
from scipy.optimize import minimize
from terms import OWN

from lca.errors import AccountingError
from lca.logs.training.extrapolation import FOLDER, TABLE, Widths, terms
from lca.logs.training.marks import Marks, read_marks

CUTS = ("1", "3", "10", "1%", "2%", "5%", "10%")
#: The terms of each width. Below: a run is faster than it began, which more marks make less likely; above: slower.
TERMS = {
    "one": (("constant", "share"), ("constant", "share")),
    "several": (("constant", "marks", "variation"), ("constant", "share", "variation", "first mark")),
}
#: Weight beyond each width. With 5 % a repository that was left out was covered in 89 % of its tasks, with 4.5 % in 90.
TAIL = 0.045
RIDGE = 40.0
FREEDOM = 3.0
LEAST_WIDTH = 1e-3
#: The repositories of one owner are one family, left out together; so are these two owners, with runs of one code.
TWINS = {"lolrazh": "openai"}

Table = Mapping[tuple[str, str], tuple[float, float, float]]


@dataclass(frozen=True)
class Task:
    """The beginning of a run, and what became of it."""

    cut: str
    run: str
    repo: str
    marks: Marks
    planned: float
    total: float

    @property
    def family(self) -> str:
        owner = self.repo.partition("/")[0]
        return TWINS.get(owner, owner)

    @property
    def kind(self) -> str:
        return "one" if len(self.marks) == 1 else "several"

    @cached_property
    def terms(self) -> Mapping[str, float]:
        return terms(self.marks, self.planned)

    @cached_property
    def remaining(self) -> float:
        return self.marks.rate * (self.planned - float(self.marks.steps[-1]))

    @cached_property
    def residual(self) -> float:
        return math.log((self.total - float(self.marks.seconds[-1])) / self.remaining)


def tasks(folder: Path) -> list[Task]:
    """The tasks of a folder of runs; those that end at their last seen mark, or whose clock stands, are left out."""
    folder = folder / "runs" if (folder / "runs").is_dir() else folder
    rows: dict[str, list[tuple[float, float]]] = defaultdict(list)
    with (folder / "runs.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            rows[row["run"]].append((float(row["step"]), float(row["seconds"])))
    with (folder / "index.csv").open(encoding="utf-8", newline="") as lines:
        repos = {row["run"]: row["repo"] for row in csv.DictReader(lines)}
    return [task for run in repos if rows[run] for task in _tasks_of(run, repos[run], np.array(rows[run]))]


def _tasks_of(run: str, repo: str, rows: Any) -> Iterator[Task]:
    steps, seconds = rows[:, 0], rows[:, 1]
    falls = np.diff(seconds) < 0
    clock = seconds + np.concatenate([[0.0], np.cumsum(np.where(falls, seconds[:-1], 0.0))])
    rising = np.concatenate([[True], np.diff(steps) > 0])
    steps, clock = steps[rising], clock[rising]
    for cut in CUTS:
        last = _last(cut, steps)
        if last is None or not (clock[0] < clock[last] < clock[-1] or (last == 0 < clock[0] < clock[-1])):
            continue
        with suppress(AccountingError):  # a clock or a step below zero: no forecast is made
            marks = read_marks(steps[: last + 1], clock[: last + 1], run)
            yield Task(cut, run, repo, marks, float(steps[-1]), float(clock[-1]))


def _last(cut: str, steps: Any) -> int | None:
    """The index of the last seen mark; None where the run has none near this cut."""
    whole = steps[-1]
    if not cut.endswith("%"):
        last = int(cut) - 1
        return last if last < len(steps) and steps[last] <= 0.5 * whole else None
    share = float(cut[:-1]) / 100
    last = int(np.searchsorted(steps, share * whole * (1 - 1e-9)))
    return last if last < len(steps) and steps[last] <= 1.5 * share * whole else None


def weights(found: Sequence[Task], of: Callable[[Task], Any] = lambda task: (task.repo, task.cut)) -> Any:
    """Every repository once, at each cut."""
    counts = Counter(of(task) for task in found)
    return np.array([1 / counts[of(task)] for task in found])


def quantile(values: Any, weight: Any, share: float) -> float:
    """The weighted quantile of `values`, one more of the largest weight counted as beyond all."""
    order = np.argsort(values)
    reached = np.cumsum(weight[order]) / (weight.sum() + weight.max())
    return float(values[order][min(int(np.searchsorted(reached, share)), len(values) - 1)])


def fit(found: Sequence[Task]) -> Table:
    """(median, low, high) by marks and term."""
    made: dict[tuple[str, str], tuple[float, float, float]] = {}
    for kind, sides in TERMS.items():
        own = [task for task in found if task.kind == kind]
        if not own:
            continue
        weight = weights(found)[[task.kind == kind for task in found]]
        shown = [task.terms for task in own]
        residual = np.array([task.residual for task in own])
        early = np.array([one.get("share below 2 %", 0.0) for one in shown])
        slope = _slope(early, residual, weight)
        about = residual - slope * early
        low, high = (_side(names, shown, sign * about, weight) for names, sign in zip(sides, (-1, 1), strict=True))
        made |= {(kind, name): (0.0, low.get(name, 0.0), high.get(name, 0.0)) for name in shown[0]}
        made |= {(kind, "share below 2 %"): (slope, 0.0, 0.0)} if kind == "one" else {}
        made[kind, "extreme"] = (0.0, float(residual.min()), float(residual.max()))
    return made


def _slope(x: Any, y: Any, weight: Any) -> float:
    """The slope of the line through the origin with the least absolute residuals: a weighted median of y / x."""
    if not (slanted := x != 0).any():
        return 0.0
    ratio, heavy = y[slanted] / x[slanted], (weight * np.abs(x))[slanted]
    order = np.argsort(ratio)
    return float(ratio[order][np.searchsorted(np.cumsum(heavy[order]), heavy.sum() / 2)])


def _side(names: Sequence[str], shown: Sequence[Mapping[str, float]], beyond: Any, weight: Any) -> dict[str, float]:
    """The coefficients of one width; `beyond` is how far each task lies on that side of the median."""
    design = np.array([[one[name] for name in names] for one in shown])
    side = beyond > 0
    x, e, w = design[side], beyond[side], weight[side]

    def loss(b: Any) -> tuple[float, Any]:
        z = e * np.exp(-x @ b)
        slopes = np.concatenate([[0.0], b[1:]])
        value = float(w @ (x @ b + (FREEDOM + 1) / 2 * np.log1p(z**2 / FREEDOM)) + RIDGE / 2 * slopes @ slopes)
        return value, x.T @ (w * (1 - (FREEDOM + 1) * z**2 / (FREEDOM + z**2))) + RIDGE * slopes

    start = np.concatenate([[-2.0], np.zeros(len(names) - 1)])
    best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"ftol": 1e-13, "gtol": 1e-8}).x
    best[0] += math.log(max(quantile(beyond / np.exp(design @ best), weight, 1 - TAIL), LEAST_WIDTH))
    return dict(zip(names, best.tolist(), strict=True))


def widths(table: Table, task: Task) -> Widths:
    """What a fitted table says of a task."""
    shown = task.terms.items()
    median, low, high = (sum(table[task.kind, name][i] * value for name, value in shown) for i in range(3))
    _, lowest, highest = table[task.kind, "extreme"]
    return Widths(median, math.exp(low), math.exp(high), lowest, highest)


FIELDS = [
    text("marks", "how many marks were seen", among=("one", "several")),
    text("term", "what the coefficient multiplies; extreme: the smallest and largest value, of no width"),
    number("median", "coefficient of the median of ln(factor)", minimum=-5, maximum=5),
    number("low", "coefficient of ln(median - 5 % quantile)", minimum=-20, maximum=20),
    number("high", "coefficient of ln(95 % quantile - median)", minimum=-20, maximum=20),
    text("status", "status of the value (A10)", among=("dataset",)),
    text("source", "what it was learnt from"),
    licence_field(),
]


def main() -> None:
    source, data = source_and_data()
    found = tasks(source)
    runs, repos = ({getattr(task, name) for task in found} for name in ("run", "repo"))
    logs = f"{len(runs)} runs of {len(repos)} public repositories; step numbers and seconds as logged"
    said = {"status": "dataset", "source": logs, "licence": OWN}
    rows = []
    for (kind, term), values in fit(found).items():
        numbers = {name: f"{value:.4g}" for name, value in zip(("median", "low", "high"), values, strict=True)}
        rows.append({"marks": kind, "term": term, **numbers, **said})
    write(
        data,
        FOLDER,
        TABLE,
        title="The remaining time of a training",
        description="Coefficients of the factor between the time that the rest of a training took and that at its mean "
        f"rate after the first mark, learnt from {len(found)} beginnings of {len(runs)} runs.",
        fields=FIELDS,
        key=("marks", "term"),
        rows=rows,
        sources=[{"title": f"Logs of trainings: {logs}"}],
    )


if __name__ == "__main__":
    main()
