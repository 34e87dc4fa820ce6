"""Makes the tables of serving/ on diffusion: joules of an image or a video, learnt from measured configurations.

    python data/build/diffusion.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `diffusion.csv`: configurations that ML.ENERGY measured. Least squares of ln(J), each model once,
with a normal prior on each factor. Each model is left out in turn. The half width of the 90 % interval is that of
Student's t with K - 1 degrees of freedom for a new model, from the mean square of the residuals of the K left out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from package import number, rows_of, source_and_data, text
from scipy.optimize import least_squares
from scipy.special import stdtrit
from serving import RANGE_FIELDS, STEP_FIELDS, write_learnt
from step_model import HARDWARE, MISSED, data_sheet, quantile

from lca.inventory.learnt.diffusion_energy import INTERVAL, RANGES, TABLE, Learnt, Setup, energy, latent_tokens

#: The prior of each factor, as a logarithm: its mean and standard deviation.
PRIORS = {
    "operations": (math.log(1.5), 0.5),
    "operations by gpus": (0.15, 0.15),
    "operations on blackwell": (0.3, 0.3),
    "reach": (0.0, 0.4),
    "fixed": (math.log(20.0), 0.7),
    "fixed by size": (0.5, 0.3),
    "fixed on blackwell": (0.0, 0.3),
}
STRENGTH = 0.2  # of the prior against one model
#: Models that need no second pass for guidance, since it was distilled into them.
ONE_PASS = ("tencent/HunyuanVideo",)
RANGED = ("parameters", "tokens", "steps", "gpus", "batch")
LEFT_OUT = "diffusion_left_out"
SOURCE = (
    "ML.ENERGY leaderboard, version 3 (ml-energy/leaderboard, commit 0cd52da): {rows} configurations of {models} "
    "models of images and videos, measured with Zeus"
)
MEANING = {
    "operations": "factor on the time to compute the operations of a step, one H100",
    "operations by gpus": "the power of the number of GPUs with which it grows",
    "operations on blackwell": "factor on it on a B200",
    "reach": "factor on the tokens at which attention takes as much as the rest",
    "fixed": "milliseconds of launches and exchange in a step, at 5 billion parameters",
    "fixed by size": "the power of the parameters with which it grows",
    "fixed on blackwell": "factor on it on a B200",
    "half width": "half of the 90 % interval, ln",
    "power, low": "5 % quantile of the power of a GPU over its rated power",
    "power, middle": "its median",
    "power, high": "its 95 % quantile",
}
MODEL_FIELDS = [
    text("model", "the model that was left out"),
    number("configurations", "measured configurations of it", minimum=1, maximum=1000, kind="integer"),
    number("covered", "share of them within the 90 % interval learnt from the other models", minimum=0, maximum=1),
    number("high_over_low", "width of that interval", minimum=1, maximum=1000),
    number("score", "its mean interval score, ln, alpha 0.1", minimum=0, maximum=1000),
    number("low", "5 % quantile of ln(measured / predicted)", minimum=-10, maximum=10),
    number("middle", "median of ln(measured / predicted)", minimum=-10, maximum=10),
    number("high", "95 % quantile of ln(measured / predicted)", minimum=-10, maximum=10),
]


@dataclass(frozen=True)
class Points:
    """Measured configurations: their setup, the logarithm of their joules, their model, and the power over rated."""

    setup: Setup
    joules: Any
    model: Any
    drawn: Any

    @property
    def models(self) -> Sequence[str]:
        return sorted(set(self.model.tolist()))

    @property
    def weight(self) -> Any:
        """Each model once."""
        _, place, count = np.unique(self.model, return_inverse=True, return_counts=True)
        return 1 / count[place]

    def taken(self, which: Any) -> Points:
        return Points(self.setup.taken(which), self.joules[which], self.model[which], self.drawn[which])


def points(file: Path) -> Points:
    """The configurations of a file."""
    rows = rows_of(file)
    sheets = {gpu: data_sheet(hardware) for gpu, hardware in HARDWARE.items()}

    def column(name: str) -> Any:
        return np.array([float(row[name]) for row in rows])

    power, _, peak = np.array([sheets[row["gpu"]] for row in rows]).T
    model = np.array([row["model"] for row in rows])
    setup = Setup(
        1e9 * column("total_billion"), latent_tokens(column("height"), column("width"), column("frames")),
        column("steps"), np.where(np.isin(model, ONE_PASS), 1.0, 2.0), column("gpus"), column("batch"), power, peak,
        np.array([float(row["gpu"] == "B200") for row in rows]), np.zeros(len(rows)),
    )  # fmt: skip
    return Points(setup, np.log(column("joule_each")), model, column("mean_power_watt") / (power * column("gpus")))


def factors(found: Points) -> dict[str, float]:
    """The factors that fit some points."""
    prior, sd = np.array(list(PRIORS.values())).T
    root = np.sqrt(found.weight)

    def misfit(values: Any) -> Any:
        said = dict(zip(PRIORS, values.tolist(), strict=True))
        residual = np.log(energy(found.setup, said)) - found.joules
        return np.concatenate([root * residual, STRENGTH * (values - prior) / sd])

    return dict(zip(PRIORS, least_squares(misfit, prior).x.tolist(), strict=True))


def residual(others: Points, own: Points) -> Any:
    """ln(measured / told) of points, fitted on others."""
    return own.joules - np.log(energy(own.setup, factors(others)))


def half_width(squares: Sequence[float]) -> float:
    """Half of the 90 % interval of a new model, from the mean squares of models that were left out."""
    count = len(squares)
    return float(stdtrit(count - 1, 0.95) * math.sqrt(np.mean(squares) * (1 + 1 / count)))


def fit(found: Points) -> Learnt:
    """The model learnt from some points."""
    squares = [
        float(np.mean(residual(found.taken(found.model != model), found.taken(found.model == model)) ** 2))
        for model in found.models
    ]
    low, middle, high = (quantile(found.drawn, found.weight, level) for level in (0.05, 0.5, 0.95))
    ranges = {
        name: (float(getattr(found.setup, name).min()), float(getattr(found.setup, name).max())) for name in RANGED
    }
    return Learnt(factors(found), half_width(squares), (low, middle, high), ranges)


def model_rows(found: Points) -> list[dict[str, str]]:
    """What each model shows when it is left out."""
    rows = []
    for model in found.models:
        own, made = found.taken(found.model == model), fit(found.taken(found.model != model))
        off = own.joules - np.log(energy(own.setup, made.factors))
        missed = np.maximum(np.abs(off) - made.half_width, 0)
        ends = dict(zip(("low", "middle", "high"), np.quantile(off, [0.05, 0.5, 0.95]), strict=True))
        rows.append({
            "model": model, "configurations": str(len(off)), "covered": f"{np.mean(missed == 0):.4g}",
            "high_over_low": f"{math.exp(2 * made.half_width):.3g}",
            "score": f"{np.mean(2 * made.half_width + MISSED * missed):.4g}",
        } | {name: f"{end:.3f}" for name, end in ends.items()})  # fmt: skip
    return rows


def term_rows(made: Learnt) -> list[dict[str, str]]:
    """The rows of the model."""
    values: Mapping[str, float] = {
        **made.factors, **dict(zip(INTERVAL, (made.half_width, *made.power), strict=True))
    }  # fmt: skip
    prior = {name: (f"{mean:.4g}", f"{sd:.4g}") for name, (mean, sd) in PRIORS.items()}
    return [
        {"term": term, "value": f"{value:.5g}", "prior": prior.get(term, ("", ""))[0],
         "prior_sd": prior.get(term, ("", ""))[1], "meaning": MEANING[term]}
        for term, value in values.items()
    ]  # fmt: skip


def learn(file: Path, data: Path, source: str = SOURCE) -> None:
    """Write the tables that are learnt from a file of configurations."""
    found = points(file)
    made = fit(found)
    said = source.format(rows=len(found.model), models=len(found.models))
    ranges = [{"field": name, "low": f"{low:.4g}", "high": f"{high:.4g}"} for name, (low, high) in made.ranges.items()]
    for table, title, fields, rows in (
        (TABLE, "The model of diffusion", STEP_FIELDS, term_rows(made)),
        (RANGES, "What was measured of diffusion", RANGE_FIELDS, ranges),
        (LEFT_OUT, "Models of diffusion left out", MODEL_FIELDS, model_rows(found)),
    ):
        what = f"{title}, learnt from configurations that ML.ENERGY measured."
        write_learnt(data, table, said, title=title, description=what, fields=fields, rows=rows)


def main() -> None:
    source, data = source_and_data()
    learn(source / "diffusion.csv", data)


if __name__ == "__main__":
    main()
