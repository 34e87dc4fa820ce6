"""How many points an error needs, by design: random draws, Sobol' points, and the points of `until`.

    python benchmarks/points_needed.py [--seeds 24] [--most 32768] [--draws 1e7] [--out docs/figures/points_needed.svg]

For the total of the reference problem it prints how many random draws have the same error as so many points: of the
mean, and of the 5, 50 and 95 % quantiles. An error is the root of the mean square over seeds. The truth is 2^20 points
of `until`, which are compared with draws of plain NumPy first. It also prints how often the stated
intervals held. With `--out` the errors become a figure, which needs the extra `report`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from reference import in_lca, problem

import lca
from lca.graph.program import Program, compile_program
from lca.sampling.correlated import columns_of
from lca.sampling.design import RandomDesign
from lca.sampling.evaluate import evaluate
from lca.sampling.scrambled import ScrambledPoints
from lca.sampling.smoothing.estimate import Smoothed
from lca.sampling.smoothing.setting import Setting

NAMES = ("mean", "p5", "p50", "p95")
SHARES = (0.05, 0.50, 0.95)


def of_draws(values: np.ndarray) -> np.ndarray:
    """The statistics of draws of equal weight."""
    return np.array([values.mean(), *np.quantile(values, SHARES)])


def random(program: Program, points: int, seed: int) -> np.ndarray:
    """Statistics of random draws."""
    return of_draws(evaluate(program, draws=points, design=RandomDesign(seed))["total"])


def smoothed(program: Program, points: int, seed: int) -> Smoothed:
    """The points of `until`, as many as are asked for."""
    made = Smoothed(Setting(program, seed=seed), ["total"], ["total"])
    made.more(points)
    return made


def integrated(program: Program, points: int, seed: int) -> np.ndarray:
    """Statistics of `until`, with a parameter integrated out."""
    made = smoothed(program, points, seed)
    return np.array([made.statistic(made.rows[0], name).value for name in NAMES])


def sobol(program: Program, points: int, seed: int) -> np.ndarray:
    """Statistics of scrambled Sobol' points, as `design="sobol"` takes them."""
    design = ScrambledPoints(columns_of(program, program.keys), points, 1, seed)
    return of_draws(evaluate(program, draws=points, design=design)["total"])


DESIGNS: dict[str, Callable[[Program, int, int], np.ndarray]] = {
    "random draws": random,
    'design="sobol"': sobol,
    "until=": integrated,
}


def truth_of(program: Program, draws: int) -> np.ndarray:
    """The statistics from many points, compared with plain NumPy draws."""
    true = integrated(program, 1 << 20, 10**6)
    rng = np.random.default_rng(1)
    parts = [problem.stages(problem.all_drawn(rng, 10**6))["total"] for _ in range(max(1, draws // 10**6))]
    plain = of_draws(np.concatenate(parts))
    print(f"2^20 points: {dict(zip(NAMES, true.round(1).tolist(), strict=True))}")
    apart = ", ".join(f"{name} {100 * (a / b - 1):+.4f} %" for name, a, b in zip(NAMES, plain, true, strict=True))
    print(f"{draws:,} draws of plain NumPy differ by {apart}\n")
    return true


def errors_of(program: Program, true: np.ndarray, counts: list[int], seeds: int) -> dict[str, np.ndarray]:
    """The relative error of each design: (counts, statistics)."""
    found = {}
    for design, run in DESIGNS.items():
        apart = [[run(program, points, seed) / true - 1 for seed in range(seeds)] for points in counts]
        found[design] = np.sqrt(np.mean(np.square(apart), axis=1))
    return found


def random_draws(errors: dict[str, np.ndarray], counts: list[int]) -> np.ndarray:
    """The error of one random draw: that of N of them is this over the root of N."""
    return np.sqrt(np.mean(errors["random draws"] ** 2 * np.array(counts)[:, None], axis=0))


def held(program: Program, true: np.ndarray, points: int, seeds: int) -> np.ndarray:
    """How often the stated interval of each statistic held its true value."""
    inside = []
    for seed in range(seeds):
        made = smoothed(program, points, seed)
        found = [made.statistic(made.rows[0], name) for name in NAMES]
        inside.append([abs(one.value - real) <= one.error for one, real in zip(found, true, strict=True)])
    return np.mean(inside, axis=0)


def figure(errors: dict[str, np.ndarray], counts: list[int], out: Path) -> None:
    """The error against the points: a panel for the mean, and one for the 95 % quantile."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    mpl.rcParams.update({"svg.hashsalt": "points", "font.size": 8, "svg.fonttype": "none"})
    made, axes = plt.subplots(1, 2, figsize=(7.6, 3.2), layout="constrained", sharey=True)
    for axis, column, title in zip(axes, (0, 3), ("mean", "95 % quantile"), strict=True):
        for (design, error), style in zip(errors.items(), ("o-", "s-", "^-"), strict=True):
            axis.loglog(counts, 100 * error[:, column], style, label=design, markersize=4)
        axis.set(title=title, xlabel="points")
        axis.grid(visible=True, which="major", alpha=0.3)
    axes[0].set_ylabel("error, % of the statistic")
    axes[1].legend(frameon=False, loc="lower left")
    out.parent.mkdir(parents=True, exist_ok=True)
    made.savefig(out, metadata={"Date": None} if out.suffix == ".svg" else None, dpi=150)


def main(arguments: Any = None) -> None:
    """Print the table; draw the figure where one is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--most", type=int, default=8192)
    parser.add_argument("--draws", type=float, default=1e6, help="draws of plain NumPy")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args(arguments)
    program = compile_program({"total": in_lca.nodes()["total"]})
    true = truth_of(program, int(given.draws))
    counts = [1 << power for power in range(10, given.most.bit_length())]
    errors = errors_of(program, true, counts, given.seeds)
    one = random_draws(errors, counts)
    print("Random draws that have the same error, over the points used:\n")
    print(f"| design | points | {' | '.join(NAMES)} |\n|---|---|{'---|' * len(NAMES)}")
    for design, found in errors.items():
        for points, row in zip(counts, found, strict=True):
            print(f"| {design} | {points:,} | {' | '.join(f'{x:,.3g}' for x in (one / row) ** 2 / points)} |")
    share = held(program, true, 4096, 4 * given.seeds)
    print(f"\nThe stated 95 % intervals of 4,096 points held in {', '.join(f'{x:.0%}' for x in share)} of the seeds.")
    if given.out:
        figure(errors, counts, given.out)
    print(f"lca {lca.__version__}, {given.seeds} seeds")


if __name__ == "__main__":
    main()
