"""Makes the tables of serving/ that are learnt: joules of an output token from measured configurations.

    python data/build/serving.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `text.csv`: configurations that ML.ENERGY measured. `step_model.py` says how they are learnt from.
The measurements themselves are not passed on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from package import STATUS, Field, licence_field, number, source_and_data, text, write
from step_model import PRIORS, Points, fit, formula, points, published, quantile, step_model
from terms import OWN

from lca.inventory.learnt.ecologits import USUAL_BATCH
from lca.inventory.learnt.language_energy import FOLDER, INTERVAL, RANGES, TABLE, Learnt

LEFT_OUT, RATIOS = "models_left_out", "formula_ratios"
WHAT = {
    TABLE: "Factors of the time of a step, and the width of the interval.",
    RANGES: "The least and the largest of each field among the configurations.",
    LEFT_OUT: "What the step model and the formula of EcoLogits tell of each model from the others.",
    RATIOS: "Measured over predicted joules of an output token, the formula times the number of GPUs.",
}
SOURCE = (
    "ML.ENERGY leaderboard, version 3 (ml-energy/leaderboard, commit 0cd52da): {rows} configurations of {models} "
    "language models, measured with Zeus"
)
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
    "half width between batches": "half of the 90 % interval of a point between two others of its series, ln",
    "power, low": "5 % quantile of the power of a GPU over its rated power",
    "power, middle": "its median",
    "power, high": "its 95 % quantile",
}
STEP_FIELDS = [
    text("term", "what the value is of"),
    number("value", "of a factor its logarithm; of the last six the value itself", minimum=-10, maximum=20),
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
    licence_field(),
]


def step_rows(made: Learnt) -> list[dict[str, str]]:
    """The rows of the step model."""
    interval = (made.half_width, made.with_reading, made.between, *made.power)
    values = {**made.factors, **dict(zip(INTERVAL, interval, strict=True))}
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


def write_learnt(
    data: Path, table: str, said: str, *, title: str, description: str, fields: Sequence[Field],
    rows: Sequence[dict[str, str]],
) -> None:  # fmt: skip
    """Write a table that was learnt from the configurations of ML.ENERGY; `said` is its source."""
    origin = {"status": "dataset", "source": said, "licence": OWN}
    write(
        data,
        FOLDER,
        table,
        title=title,
        description=description,
        fields=[*fields, *ORIGIN],
        key=(str(fields[0]["name"]),),
        rows=[row | origin for row in rows],
        sources=[{"title": said, "path": "https://github.com/ml-energy/leaderboard"}],
    )


def learn(file: Path, data: Path, source: str = SOURCE) -> None:
    """Write the tables that are learnt from a file of configurations."""
    found = points(file)
    made = fit(found)
    said = source.format(rows=len(found.rows), models=len(set(found.model.tolist())))
    ranges = [{"field": name, "low": f"{low:.4g}", "high": f"{high:.4g}"} for name, (low, high) in made.ranges.items()]
    for table, title, description, fields, rows in (
        (TABLE, "The step model of serving", WHAT[TABLE], STEP_FIELDS, step_rows(made)),
        (RANGES, "What was measured", WHAT[RANGES], RANGE_FIELDS, ranges),
        (LEFT_OUT, "Models left out", WHAT[LEFT_OUT], MODEL_FIELDS, model_rows(found)),
        (RATIOS, "What the formula of EcoLogits is off by", WHAT[RATIOS], RATIO_FIELDS, ratio_rows(found)),
    ):
        write_learnt(data, table, said, title=title, description=description, fields=fields, rows=rows)


def main() -> None:
    source, data = source_and_data()
    learn(source / "text.csv", data)


if __name__ == "__main__":
    main()
