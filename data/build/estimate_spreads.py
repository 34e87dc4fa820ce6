"""Makes estimates/spreads.csv: how utilisation and load differ between runs, learnt from published measurements.

    python data/build/estimate_spreads.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `ml_energy/text.csv`, configurations of language models that were served (ML.ENERGY); the
trainings are those of estimates/published_runs.csv. Of a share x the logit ln(x / (1 - x)) is taken. Each group of
runs counts once. For a run of a new group the logit is Student's t with k - 1 degrees of freedom about the mean m of
k groups, with the scale s sqrt(1 + 1/k), where s holds the differences between groups and within them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from package import STATUS, licence_field, number, rows_of, source_and_data, text, write
from scipy.special import stdtrit
from terms import OWN

Groups = Mapping[str, Sequence[float]]
#: What the configurations of ML.ENERGY ran on: rated power in W, dense 16-bit peak in FLOP/s.
SERVERS = {"H100": (700.0, 989.4e12), "B200": (1000.0, 2250e12)}
#: FLOP for each parameter and token in inference.
PER_PARAMETER = 2
FIELDS = [
    text("quantity", "utilisation: of the peak rate; load: of the thermal design power", among=("utilisation", "load")),
    text("doing", "what the devices do", among=("training", "inference")),
    number("center", "mean m of the logit over groups", minimum=-20, maximum=20),
    number("width", "standard deviation s of the logit", minimum=0, maximum=20),
    number("groups", "groups of runs, k", minimum=3, maximum=1e6, kind="integer"),
    number("runs", "runs in all", minimum=3, maximum=1e6, kind="integer"),
    number("low", "5 % quantile for a run of a new group", minimum=0, maximum=1),
    number("median", "its median", minimum=0, maximum=1),
    number("high", "its 95 % quantile", minimum=0, maximum=1),
    number("highest", "the highest value of all runs", minimum=0, maximum=1),
    text("status", "status of the row (A10)", among=STATUS),
    text("source", "what it was learnt from"),
    licence_field(),
]


class Fit(NamedTuple):
    """The spread of a share over runs."""

    center: float
    width: float
    groups: int

    def quantile(self, u: float) -> float:
        """The share below which a run of a new group lies with probability u."""
        scale = self.width * math.sqrt(1 + 1 / self.groups)
        return 1 / (1 + math.exp(-self.center - scale * float(stdtrit(self.groups - 1, u))))


def fit(groups: Groups) -> Fit:
    """The spread of the logit, each group counted once."""
    logits = {name: [math.log(x / (1 - x)) for x in values] for name, values in groups.items()}
    k = len(logits)
    center = sum(sum(values) / len(values) for values in logits.values()) / k
    square = sum(sum((y - center) ** 2 for y in values) / len(values) for values in logits.values()) / (k - 1)
    return Fit(center, math.sqrt(square), k)


def coverage(groups: Groups, level: float = 0.9) -> float:
    """The share of runs inside the central interval that is learnt without their group; each group counts once."""
    found = 0.0
    for left_out, values in groups.items():
        made = fit({name: rest for name, rest in groups.items() if name != left_out})
        low, high = made.quantile((1 - level) / 2), made.quantile((1 + level) / 2)
        found += sum(low <= x <= high for x in values) / len(values)
    return found / len(groups)


def trainings(data: Path, quantity: str) -> Groups:
    """Values of the published trainings by group."""
    groups = defaultdict(list)
    for row in rows_of(data / "estimates" / "published_runs.csv"):
        if row["quantity"] == quantity:
            groups[row["group"]].append(float(row["value"]))
    return groups


def served(source: Path, quantity: str) -> Groups:
    """Values of the configurations in 16-bit numbers by model."""
    groups = defaultdict(list)
    for row in rows_of(source / "ml_energy" / "text.csv"):
        if row["precision"] != "bfloat16":
            continue
        devices = int(row["gpus"])
        tdp, peak = SERVERS[row["gpu"]]
        work = PER_PARAMETER * float(row["active_billion"]) * 1e9 * float(row["output_token_per_s"])
        value = work / (devices * peak) if quantity == "utilisation" else float(row["mean_power_watt"]) / devices / tdp
        groups[row["model"]].append(value)
    return groups


def joules_per_token(source: Path, draws: int = 20_000) -> tuple[float, float]:
    """(the share of configurations whose joules per token lie in the 90 % interval learnt without their model, and
    the median of high over low): utilisation and load are drawn apart, as an estimate draws them.
    """
    utilisation, load = (served(source, quantity) for quantity in ("utilisation", "load"))
    rng, held, widths = np.random.default_rng(0), [], []
    for model, reached in utilisation.items():
        fits = [fit({name: rest for name, rest in groups.items() if name != model}) for groups in (utilisation, load)]
        u, drawn = ([one.quantile(x) for x in rng.uniform(size=draws)] for one in fits)
        low, high = np.quantile(np.array(drawn) / np.array(u), [0.05, 0.95])
        energies = [power / rate for power, rate in zip(load[model], reached, strict=True)]
        held.append(sum(low <= energy <= high for energy in energies) / len(energies))
        widths.append(high / low)
    return float(np.mean(held)), float(np.median(widths))


def row_of(quantity: str, doing: str, groups: Groups, source: str) -> dict[str, str]:
    made = fit(groups)
    values = [x for values in groups.values() for x in values]
    numbers = {
        "center": made.center,
        "width": made.width,
        "low": made.quantile(0.05),
        "median": made.quantile(0.5),
        "high": made.quantile(0.95),
        "highest": max(values),
    }
    about = f"; 90 % intervals learnt without a group hold {coverage(groups):.0%} of its runs"
    return {
        "quantity": quantity,
        "doing": doing,
        **{name: f"{value:.4g}" for name, value in numbers.items()},
        "groups": str(made.groups),
        "runs": str(len(values)),
        "status": "dataset",
        "source": source + about,
        "licence": OWN,
    }


def main() -> None:
    source, data = source_and_data()
    rows = []
    for quantity in ("utilisation", "load"):
        runs = trainings(data, quantity)
        told = f"{sum(map(len, runs.values()))} published trainings of {len(runs)} groups (published_runs)"
        rows.append(row_of(quantity, "training", runs, told))
        models = served(source, quantity)
        configurations = sum(map(len, models.values()))
        told = f"{configurations} configurations of {len(models)} language models, ML.ENERGY leaderboard 3.0 @ 0cd52da"
        rows.append(row_of(quantity, "inference", models, told))
    write(
        data,
        "estimates",
        "spreads",
        title="Spread of utilisation and load",
        description="How far runs of others lie from one another: what is assumed of a run that was not measured.",
        fields=FIELDS,
        key=("quantity", "doing"),
        rows=rows,
        sources=[
            {"title": "estimates/published_runs"},
            {"title": "ML.ENERGY leaderboard", "path": "https://github.com/ml-energy/leaderboard"},
        ],
    )
    share, width = joules_per_token(source)
    print(f"joules per token: {share:.0%} of the configurations are held, high/low {width:.3g}")


if __name__ == "__main__":
    main()
