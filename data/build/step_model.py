"""Learns the step model of serving from measured configurations, and tells of models that it has not seen.

The factors of the step model (lca/inventory/learnt/language_energy.py) are fitted to the logarithm of joules per output
token: least squares that grow linearly beyond ROBUST, each model once, with a normal prior on each factor. The interval
is that of conformal prediction over groups: each model is left out, its residual is divided by 1 + k x (share of
reading prompts in a step), and the half width is the quantile 0.9 (K + 1) / K of their absolute values, each of the K
models once. `serving.py` makes the tables of it, and benchmarks/serving.py judges it.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import least_squares, minimize_scalar

from lca import tables
from lca.fits import NORMAL
from lca.inventory.learnt.ecologits import ecologits_energy
from lca.inventory.learnt.language_energy import (
    Learnt,
    Setup,
    energy,
    parts,
    share,
    unlearnt,
    wider_gap,
)

#: The prior of each factor, as a logarithm: its mean and standard deviation.
PRIORS = {
    "fixed": (math.log(2.0), 0.7),
    "fixed by size": (0.25, 0.15),
    "fixed by gpus": (0.0, 0.3),
    "fixed of experts": (0.3, 0.5),
    "fixed of few bits": (0.5, 0.7),
    "fixed on blackwell": (0.2, 0.5),
    "weights": (0.0, 0.5),
    "weights of experts": (0.3, 0.4),
    "operations": (0.3, 0.5),
    "cache": (0.0, 0.6),
    "reading": (0.5, 0.7),
    "prompt of code": (math.log(2.0), 0.7),
    "prompt of image": (math.log(1.5), 0.7),
    "prompt of video": (math.log(6.0), 0.7),
    "handling": (math.log(20.0), 0.7),
}
STRENGTH = 0.2  # of the prior against one model; chosen once, by eye
ROBUST = 0.3  # residuals beyond it weigh linearly
LEVEL = 0.9
WIDEST = 15.0
TASKS = {
    "lm-arena-chat": "chat", "gpqa": "reasoning", "sourcegraph-fim": "code", "image-chat": "image",
    "video-chat": "video",
}  # fmt: skip
BYTES = {"bfloat16": 2.0, "fp8": 1.0, "mxfp4": 0.53125}
#: What the points of one series share; they differ in the batch.
SERIES = ("model", "task", "gpu", "gpus", "tensor_parallel", "precision")
RANGED = ("active", "total", "gpus", "batch", "output_tokens")
HARDWARE = {"H100": "h100-sxm5-80gb", "B200": "b200"}


Ranges = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Points:
    """Measured configurations: their setup, the logarithm of their joules, and where each comes from."""

    setup: Setup
    joules: Any
    model: Any
    family: Any
    rows: Sequence[Mapping[str, str]]

    @property
    def weight(self) -> Any:
        """Each model once."""
        _, place, count = np.unique(self.model, return_inverse=True, return_counts=True)
        return 1 / count[place]

    def taken(self, which: Any) -> Points:
        rows = [row for row, keep in zip(self.rows, which, strict=True) if keep]
        return Points(self.setup.taken(which), self.joules[which], self.model[which], self.family[which], rows)


def points(file: Path) -> Points:
    """The configurations of a file."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    sheets = {gpu: data_sheet(hardware) for gpu, hardware in HARDWARE.items()}

    def column(name: str, factor: float = 1.0) -> Any:
        return factor * np.array([float(row[name]) for row in rows])

    power, bandwidth, peak = np.array([sheets[row["gpu"]] for row in rows]).T
    setup = Setup(
        column("active_billion", 1e9), column("total_billion", 1e9),
        np.array([BYTES[row["precision"]] for row in rows]),
        column("gpus"), column("mean_batch"), column("mean_output_tokens"), np.full(len(rows), np.nan),
        [TASKS[row["task"]] for row in rows], power, bandwidth, peak,
        np.array([float(row["gpu"] == "B200") for row in rows]), np.zeros(len(rows)),
    )  # fmt: skip
    model, family = (np.array([row[name] for row in rows]) for name in ("model", "family"))
    return Points(setup, np.log(column("joule_per_output_token")), model, family, rows)


def data_sheet(hardware: str) -> tuple[float, float, float]:
    """(W, byte/s, FLOP/s) of one GPU."""
    found = [
        next(row.number(column) for row in tables.rows(folder, table) if row["hardware"] == hardware
             and row.get("precision", "16-bit") == "16-bit")
        for folder, table, column in (
            ("hardware", "accelerators", "tdp"), ("serving", "memory_bandwidth", "bandwidth"),
            ("estimates", "peak_rates", "rate"),
        )
    ]  # fmt: skip
    return found[0], 1e12 * found[1], 1e12 * found[2]


def factors(found: Points) -> dict[str, float]:
    """The factors that fit some points."""
    prior, sd = np.array(list(PRIORS.values())).T
    root = np.sqrt(found.weight)

    def misfit(values: Any) -> Any:
        said = dict(zip(PRIORS, values.tolist(), strict=True))
        residual = np.log(energy(found.setup, parts(found.setup, said))) - found.joules
        robust = np.sign(residual) * ROBUST * np.sqrt(2 * (np.sqrt(1 + (residual / ROBUST) ** 2) - 1))
        return np.concatenate([root * robust, STRENGTH * (values - prior) / sd])

    return dict(zip(PRIORS, least_squares(misfit, prior).x.tolist(), strict=True))


class Apart(NamedTuple):
    """What is seen of points whose model was left out: residual, share of reading, and what no measurement tells."""

    residual: Any
    reading: Any
    unlearnt: Any


def left_out(found: Points, ranges: Ranges) -> Apart:
    """Every point, fitted without its model."""
    made = np.zeros((3, len(found.rows)))
    for model in sorted(set(found.model.tolist())):
        own = found.model == model
        said, setup = factors(found.taken(~own)), found.setup.taken(own)
        by_part = parts(setup, said)
        made[0, own] = found.joules[own] - np.log(energy(setup, by_part))
        made[1, own] = share(by_part, "reading")
        made[2, own] = unlearnt(setup, by_part, ranges)
    return Apart(*made)


def widening(residual: Any, reading: Any, weight: Any) -> float:
    """k of the scale 1 + k x reading: maximum likelihood of a Laplace distribution."""

    def loss(k: float) -> float:
        scale = 1 + k * reading
        return float(
            math.log(weight @ (np.abs(residual) / scale) / weight.sum()) + weight @ np.log(scale) / weight.sum()
        )

    return float(minimize_scalar(loss, bounds=(0.0, WIDEST), method="bounded").x)


def quantile(values: Any, weight: Any, level: float) -> float:
    """The smallest value that this share of the weight does not exceed."""
    order = np.argsort(values)
    reached = np.cumsum(weight[order]) / weight.sum()
    return float(values[order][min(int(np.searchsorted(reached, level - 1e-12)), len(values) - 1)])


def fit(found: Points) -> Learnt:
    """The model learnt from some points."""
    setup, weight, models = found.setup, found.weight, len(set(found.model.tolist()))
    ranges = {name: (float(getattr(setup, name).min()), float(getattr(setup, name).max())) for name in RANGED}
    residual, reading, other = left_out(found, ranges)
    k = widening(residual, reading, weight)
    needed = np.sqrt(np.maximum(residual**2 - (NORMAL * other) ** 2, 0)) / (1 + k * reading)
    half = quantile(needed, weight, LEVEL * (models + 1) / models)
    drawn = np.array([float(row["mean_power_watt"]) for row in found.rows])
    used = [quantile(drawn / (setup.power * setup.gpus), weight, level) for level in (0.05, 0.5, 0.95)]
    return Learnt(factors(found), half, k, between(found), (used[0], used[1], used[2]), ranges)


def between(found: Points) -> float:
    """Half width of what a point is off the line through its two neighbours, ln, over their gap (`wider_gap`)."""
    off, model = off_the_line(found)
    _, place, count = np.unique(model, return_inverse=True, return_counts=True)
    return quantile(off, 1 / count[place], LEVEL * (len(count) + 1) / len(count))


def off_the_line(found: Points) -> tuple[Any, Any]:
    """|ln(measured / line)| over the widening of the gap, of the inner points of each series, and their models.

    Points of one series differ in the batch alone; two of one batch are one, at their mean.
    """
    series: dict[tuple[str, ...], dict[str, list[tuple[float, float]]]] = defaultdict(lambda: defaultdict(list))
    for row, joules in zip(found.rows, found.joules.tolist(), strict=True):
        point = (math.log(float(row["mean_batch"])), joules)
        series[tuple(row[name] for name in SERIES)][row["max_requests"]].append(point)
    off, model = [], []
    for key, by_batch in series.items():
        line = sorted(tuple(np.mean(same, axis=0).tolist()) for same in by_batch.values())
        for (x0, y0), (x1, y1), (x2, y2) in zip(line, line[1:], line[2:], strict=False):
            told = y0 + (y2 - y0) * (x1 - x0) / (x2 - x0)
            off.append(abs(y1 - told) / wider_gap(x2 - x0))
            model.append(key[0])
    return np.array(off), np.array(model)


# --- what is told of models that were not seen -----------------------------------------------------------

MISSED = 20.0  # 2 / (1 - 0.9): what the score adds for each unit beyond the interval


class Told(NamedTuple):
    """ln(J per token) of some configurations: ends of the 90 % interval, and its middle."""

    low: Any
    high: Any
    middle: Any

    def covers(self, true: Any) -> Any:
        """Whether each lies within."""
        return (true >= self.low) & (true <= self.high)

    def score(self, true: Any) -> Any:
        """The interval score of each at alpha = 0.1 (Gneiting and Raftery 2007, eq. 43)."""
        missed = np.maximum(self.low - true, 0) + np.maximum(true - self.high, 0)
        return self.high - self.low + MISSED * missed


Method = Callable[[Points], Callable[[Points], Told]]


def step_model(others: Points) -> Callable[[Points], Told]:
    """The step model, fitted on some points."""
    made = fit(others)

    def tell(found: Points) -> Told:
        middle, half = made.told(found.setup)
        return Told(middle - half, middle + half, middle)

    return tell


def formula(others: Points) -> Callable[[Points], Told]:
    """The published formula at the batch as measured, with its own ratios on some points, each model once."""
    ratio = others.joules - published(others, others.setup.batch)
    low, high = (quantile(ratio, others.weight, level) for level in (0.05, 0.95))

    def tell(found: Points) -> Told:
        middle = published(found, found.setup.batch)
        return Told(middle + low, middle + high, middle)

    return tell


def published(found: Points, batch: Any) -> Any:
    """ln of the joules that the published formula gives, all GPUs together."""
    return np.log(ecologits_energy(found.setup.active / 1e9, batch) * found.setup.gpus)
