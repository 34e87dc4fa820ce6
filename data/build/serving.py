"""Makes serving/step_model.csv and serving/models_left_out.csv: joules of an output token, learnt from measurements.

    python data/build/serving.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `text.csv`: configurations that ML.ENERGY measured. The factors of the step model
(lca/inventory/serving_model.py) are fitted to the logarithm of joules per output token: least squares that grow linearly
beyond ROBUST, each model once, with a normal prior on each factor. The interval is that of split conformal prediction
over groups: each model is left out, its residual is divided by 1 + k x (share of reading prompts in a step), and the
half width is the quantile 0.9 (K + 1) / K of their absolute values, each of the K models once.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from package import STATUS, number, source_and_data, text, write
from scipy.optimize import least_squares, minimize_scalar

from lca import tables
from lca.inventory.serving_model import FOLDER, TABLE, Learnt, Setup, energy, parts, share

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
HARDWARE = {"H100": "h100-sxm5-80gb", "B200": "b200"}


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
        column("active_billion", 1e9), column("total_billion", 1e9), np.array([BYTES[row["precision"]] for row in rows]),
        column("gpus"), column("mean_batch"), column("mean_output_tokens"), np.full(len(rows), np.nan),
        [TASKS[row["task"]] for row in rows], power, bandwidth, peak,
        np.array([float(row["gpu"] == "B200") for row in rows]),
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


def left_out(found: Points, groups: Any) -> tuple[Any, Any]:
    """Residual and share of reading of every point, fitted without its group."""
    residual, reading = np.zeros(len(groups)), np.zeros(len(groups))
    for group in sorted(set(groups.tolist())):
        own = groups == group
        said, setup = factors(found.taken(~own)), found.setup.taken(own)
        by_part = parts(setup, said)
        residual[own] = found.joules[own] - np.log(energy(setup, by_part))
        reading[own] = share(by_part, "reading")
    return residual, reading


def widening(residual: Any, reading: Any, weight: Any) -> float:
    """k of the scale 1 + k x reading: maximum likelihood of a Laplace distribution."""

    def loss(k: float) -> float:
        scale = 1 + k * reading
        return float(math.log(weight @ (np.abs(residual) / scale) / weight.sum()) + weight @ np.log(scale) / weight.sum())

    return float(minimize_scalar(loss, bounds=(0.0, WIDEST), method="bounded").x)


def quantile(values: Any, weight: Any, level: float) -> float:
    """The smallest value that this share of the weight does not exceed."""
    order = np.argsort(values)
    reached = np.cumsum(weight[order]) / weight.sum()
    return float(values[order][min(int(np.searchsorted(reached, level - 1e-12)), len(values) - 1)])


def fit(found: Points) -> Learnt:
    """The model learnt from some points."""
    residual, reading = left_out(found, found.model)
    weight, models = found.weight, len(set(found.model.tolist()))
    k = widening(residual, reading, weight)
    half = quantile(np.abs(residual) / (1 + k * reading), weight, LEVEL * (models + 1) / models)
    drawn = np.array([float(row["mean_power_watt"]) for row in found.rows])
    used = quantile(drawn / (found.setup.power * found.setup.gpus), weight, 0.5)
    return Learnt(factors(found), half, k, used)
