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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from package import STATUS, number, source_and_data, text, write
from scipy.optimize import least_squares, minimize_scalar

from lca import tables
from lca.inventory.ecologits import USUAL_BATCH, ecologits_energy
from lca.inventory.serving_model import (
    FOLDER,
    INTERVAL,
    NORMAL,
    RANGES,
    TABLE,
    Learnt,
    Setup,
    energy,
    parts,
    share,
    unlearnt,
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
        column("active_billion", 1e9), column("total_billion", 1e9), np.array([BYTES[row["precision"]] for row in rows]),
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
    return Learnt(factors(found), half, k, quantile(drawn / (setup.power * setup.gpus), weight, 0.5), ranges)


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


# --- what is shipped -------------------------------------------------------------------------------------

SOURCE = (
    "The ML.ENERGY leaderboard, version 3 (ml-energy/leaderboard, commit 0cd52da): {rows} configurations of {models} "
)
SOURCE += "language models, measured with Zeus"
LICENCE = "own computation from facts; no licence file in that repository"
MEANING = {
    "fixed": "milliseconds of a step whatever is in it, at 10 billion active parameters on one H100",
    "fixed by size": "the power of the active parameters with which it grows",
    "fixed by gpus": "the power of the number of GPUs with which it grows",
    "fixed of experts": "factor on it for a mixture of experts",
    "fixed of few bits": "further factor with less than 16 bits",
    "fixed on blackwell": "factor on it on a B200",
    "weights": "factor on the time to read the weights",
    "weights of experts": "further factor for a mixture of experts",
    "operations": "factor on the time to compute the tokens that are put out",
    "cache": "factor on the time to read cached keys and values",
    "reading": "factor on the time to compute the prompts",
    "prompt of code": "thousand tokens of a prompt, with what reading takes beyond a plain token",
    "prompt of image": "the same with a picture",
    "prompt of video": "the same with a video",
    "handling": "microseconds of the host for each request and step",
    "half width": "half of the 90 % interval, ln",
    "half width with reading": "k: the half width times 1 + k x the share of reading prompts in a step",
    "share of rated power": "median of the power of a GPU over its rated power",
}
STEP_FIELDS = [
    text("term", "what the value is of"),
    number("value", "of a factor its logarithm; of the last three the value itself", minimum=-10, maximum=20),
    number("prior", "mean of its prior, missing where it has none", minimum=-10, maximum=20, required=False),
    number("prior_sd", "standard deviation of its prior", minimum=0, maximum=10, required=False),
    text("meaning", "in words"),
]
RANGE_FIELDS = [
    text("field", "a field of a configuration"),
    number("low", "smallest value measured", minimum=0, maximum=1e13),
    number("high", "largest value measured", minimum=0, maximum=1e13),
]
MODEL_FIELDS = [
    text("model", "the model that was left out"),
    text("family", "its publisher"),
    number("configurations", "measured configurations of it", minimum=1, maximum=1000, kind="integer"),
    number("covered", "share of them within the 90 % interval learnt from the other models", minimum=0, maximum=1),
    number("high_over_low", "median width of that interval", minimum=1, maximum=1000),
    number("score", "its mean interval score, ln, alpha 0.1", minimum=0, maximum=1000),
    number("low", "5 % quantile of ln(measured / predicted)", minimum=-10, maximum=10),
    number("middle", "median of ln(measured / predicted)", minimum=-10, maximum=10),
    number("high", "95 % quantile of ln(measured / predicted)", minimum=-10, maximum=10),
    number("formula_covered", "as covered, of the published formula with its own ratios", minimum=0, maximum=1),
    number("formula_score", "as score, of that formula", minimum=0, maximum=1000),
]
RATIO_FIELDS = [
    text("batch", "the requests in flight that the formula was given", among=("64", "as measured")),
    number("low", "5 % quantile of measured / predicted, each model once", minimum=0, maximum=100),
    number("middle", "their median", minimum=0, maximum=100),
    number("high", "their 95 % quantile", minimum=0, maximum=100),
]
ORIGIN = [
    text("status", "status of the value (A10)", among=STATUS),
    text("source", "what it was learnt from"),
    text("licence", "terms"),
]


def step_rows(made: Learnt) -> list[dict[str, str]]:
    """The rows of the step model."""
    values = {
        **made.factors,
        **dict(zip(INTERVAL, (made.half_width, made.with_reading, made.power_share), strict=True)),
    }
    prior = {name: (f"{mean:.4g}", f"{sd:.4g}") for name, (mean, sd) in PRIORS.items()}
    return [
        {"term": term, "value": f"{value:.5g}", "prior": prior.get(term, ("", ""))[0],
         "prior_sd": prior.get(term, ("", ""))[1], "meaning": MEANING[term]}
        for term, value in values.items()
    ]  # fmt: skip


def model_rows(found: Points) -> list[dict[str, str]]:
    """What each model shows when it is left out."""
    rows = []
    for model in sorted(set(found.model.tolist())):
        others, own = found.taken(found.model != model), found.taken(found.model == model)
        told = {"": step_model(others)(own), "formula_": formula(others)(own)}
        residual = own.joules - told[""].middle
        row = {"model": model, "family": str(own.family[0]), "configurations": str(len(own.rows))}
        row |= {"high_over_low": f"{math.exp(np.median(told[''].high - told[''].low)):.3g}"}
        row |= {f"{name}covered": f"{one.covers(own.joules).mean():.4g}" for name, one in told.items()}
        row |= {f"{name}score": f"{one.score(own.joules).mean():.4g}" for name, one in told.items()}
        ends = np.quantile(residual, [0.05, 0.5, 0.95]) + 0.0
        rows.append(row | {name: f"{end:.3f}" for name, end in zip(("low", "middle", "high"), ends, strict=True)})
    return rows


def ratio_rows(found: Points) -> list[dict[str, str]]:
    """The ratios of the published formula to what was measured."""
    rows = []
    for name, batch in (("64", USUAL_BATCH), ("as measured", found.setup.batch)):
        ratio = np.exp(found.joules - published(found, batch))
        ends = [quantile(ratio, found.weight, level) for level in (0.05, 0.5, 0.95)]
        rows.append(
            {"batch": name} | {key: f"{end:.3g}" for key, end in zip(("low", "middle", "high"), ends, strict=True)}
        )
    return rows


def main() -> None:
    source, data = source_and_data()
    found = points(source / "text.csv")
    made = fit(found)
    said = SOURCE.format(rows=len(found.rows), models=len(set(found.model.tolist())))
    ranges = [{"field": name, "low": f"{low:.4g}", "high": f"{high:.4g}"} for name, (low, high) in made.ranges.items()]
    for table, title, description, fields, rows in (
        (TABLE, "The step model of serving", "Factors of the time of a step, and the width of the interval.",
         STEP_FIELDS, step_rows(made)),
        (RANGES, "What was measured", "The least and the largest of each field among the configurations.",
         RANGE_FIELDS, ranges),
        ("models_left_out", "Models left out", "What the step model and the formula of EcoLogits tell of each model from "
         "the others.", MODEL_FIELDS, model_rows(found)),
        ("formula_ratios", "What the formula of EcoLogits is off by", "Measured over predicted joules of an output token, "
         "the formula times the number of GPUs.", RATIO_FIELDS, ratio_rows(found)),
    ):  # fmt: skip
        write(
            data, FOLDER, table, title=title, description=description, fields=[*fields, *ORIGIN], key=(fields[0]["name"],),
            rows=[row | {"status": "dataset", "source": said, "licence": LICENCE} for row in rows],
            sources=[{"title": said, "path": "https://github.com/ml-energy/leaderboard"}],
            licenses=[{"name": "other-open", "title": LICENCE}],
        )  # fmt: skip


if __name__ == "__main__":
    main()
