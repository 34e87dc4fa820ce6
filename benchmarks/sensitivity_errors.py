"""How the errors of sensitivity indices fall with the points, and what other implementations find.

    python benchmarks/sensitivity_errors.py [--seeds 24] [--most 4096] [--out docs/figures/sensitivity_errors.svg]
    python benchmarks/sensitivity_errors.py --peers

The first prints the root of the mean square error over seeds, of functions whose indices are known: Ishigami's function
and a linear model of correlated normals. It says how often the stated intervals held. With `--out` the errors become a
figure, which needs the extra `report`. The second compares indices of the study of the main example with those of SALib
and SciPy, which must be installed.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

import lca
from lca.graph.program import Program
from lca.sampling.evaluate import evaluate

F = lca.functions
Truth = Mapping[str, float]
#: The spread of a run's power in W, and the correlation of the normal values of the first two.
SPREADS, RHO = {"a": 10.0, "b": 20.0, "c": 30.0}, 0.5


def ishigami() -> Any:
    """sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1, inputs uniform from -pi to pi (Ishigami and Homma 1990)."""
    x1, x2, x3 = (lca.parameter(f"x{i}", lca.Uniform(-math.pi, math.pi)) for i in (1, 2, 3))
    return F.apply(np.sin, x1) + 7 * F.apply(np.sin, x2) ** 2 + 0.1 * x3**4 * F.apply(np.sin, x1)


def linear() -> lca.Study:
    """Trainings whose emissions are linear in their power, two of them correlated."""
    grid = lca.Electricity("grid", intensity="1 kg CO2e/kWh", at="facility")
    site = lca.Site("lab", pue=1.0, electricity=grid)
    powers = {name: lca.Normal("1000 W", f"{sd} W") for name, sd in SPREADS.items()}
    runs = [lca.Training(name, power=w, duration="1 h", at="wall", site=site) for name, w in powers.items()]
    others = ("development", "manufacturing", "distribution", "use", "end_of_life")
    return lca.Study(
        "runs",
        *runs,
        functional_unit=lca.FunctionalUnit("one model", count="1 device"),
        excluded=dict.fromkeys(others, lca.outside_goal("trainings are compared")),
        correlations={("a.power", "b.power"): 6 / math.pi * math.asin(RHO / 2)},
    )


FIRST = {"x1": 0.31390519114781146, "x2": 0.4424111447900409, "x3": 0.0}
TOTAL = {"x1": 0.5575888552099592, "x2": 0.4424111447900409, "x3": 0.24368366406214773}
PAIRS = {"x1 x x2": 0.0, "x1 x x3": 0.24368366406214773, "x2 x x3": 0.0}
SHAPLEY = {"x1": FIRST["x1"] + PAIRS["x1 x x3"] / 2, "x2": FIRST["x2"], "x3": PAIRS["x1 x x3"] / 2}


def linear_effects() -> Truth:
    """Owen and Prieur 2017, theorem 2, for the two that are correlated; the third has its share of the variance."""
    (a, b, c), whole = SPREADS.values(), 0.0
    whole = a**2 + b**2 + c**2 + 2 * RHO * a * b
    shared = RHO * a * b
    one, other = (x**2 * (1 - RHO**2 / 2) + shared + y**2 * RHO**2 / 2 for x, y in ((a, b), (b, a)))
    return {"a.power": one / whole, "b.power": other / whole, "c.power": c**2 / whole}


#: What is estimated, by panel and line: the table of so many points and a seed, its column, the truth.
CASES: Mapping[str, Mapping[str, tuple[Callable[[int, int], Any], str, Truth]]] = {
    "Sobol' indices, Ishigami's function": {
        "first order": (lambda n, seed: lca.sobol(ishigami(), base=n, seed=seed), "first", FIRST),
        "total order": (lambda n, seed: lca.sobol(ishigami(), base=n, seed=seed), "total", TOTAL),
        "pairs": (lambda n, seed: lca.sobol(ishigami(), base=n, seed=seed, order=2), "first", PAIRS),
    },
    "Shapley effects": {
        "Ishigami's function": (lambda n, seed: lca.shapley(ishigami(), base=n, seed=seed), "shapley", SHAPLEY),
        "correlated normals": (lambda n, seed: lca.shapley(LINEAR, base=n, seed=seed), "shapley", linear_effects()),
    },
}
LINEAR = linear()


def errors_of(case: tuple[Callable[[int, int], Any], str, Truth], counts: list[int], seeds: int) -> tuple[Any, Any]:
    """(the root of the mean square error of all indices, how often the intervals held) for each number of points."""
    table_of, column, truth = case
    errors, held = [], []
    for points in counts:
        tables = [table_of(points, seed).loc[list(truth)] for seed in range(seeds)]
        true = np.array(list(truth.values()))
        errors.append(np.sqrt(np.mean([(table[column] - true) ** 2 for table in tables])))
        inside = [(t[f"{column}_low"] <= true + 1e-12) & (true - 1e-12 <= t[f"{column}_high"]) for t in tables]
        held.append(np.mean(inside))
    return np.array(errors), np.array(held)


def figure(found: Mapping[str, Mapping[str, Any]], counts: list[int], out: Path) -> None:
    """The error against the points: a panel for Sobol' indices, and one for Shapley effects."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    mpl.rcParams.update({"svg.hashsalt": "sensitivity", "font.size": 8, "svg.fonttype": "none"})
    made, axes = plt.subplots(1, 2, figsize=(7.6, 3.2), layout="constrained", sharey=True)
    colours = ("#0072B2", "#D55E00", "#009E73")
    for axis, (title, lines) in zip(axes, found.items(), strict=True):
        for (name, error), style, colour in zip(lines.items(), ("o-", "s-", "^-"), colours, strict=False):
            axis.loglog(counts, error, style, label=name, markersize=4, color=colour)
        start = max(error[0] for error in lines.values())
        for power, style in ((0.5, ":"), (1.0, "--")):
            guide = start * (np.array(counts) / counts[0]) ** -power
            axis.loglog(counts, guide, style, color="#666666", linewidth=0.9, label=f"points to the power -{power:g}")
        axis.set(title=title, xlabel="points of each of 8 scramblings")
        axis.grid(visible=True, which="major", alpha=0.3)
        axis.set_xticks(counts[::2], [f"{count:,}" for count in counts[::2]])
        axis.minorticks_off()
        axis.set_ylim(3e-5, 0.3)
        axis.legend(frameon=False, loc="upper right", fontsize=7)
    axes[0].set_ylabel("error of an index")
    out.parent.mkdir(parents=True, exist_ok=True)
    made.savefig(out, metadata={"Date": None} if out.suffix == ".svg" else None, dpi=150)


# --- other implementations --------------------------------------------------------------------------------


class Marginal:
    """The inverse CDF of one parameter of a program, as SciPy asks for it."""

    def __init__(self, program: Program, key: str) -> None:
        (leaf,) = (leaf for leaf in program.used if leaf.key == key)
        self.rows = leaf.parameter.rows

    def ppf(self, u: np.ndarray) -> np.ndarray:
        """Values at probabilities, of any shape."""
        standard = self.rows.shapes[self.rows.shape_of[0]].ppf(np.clip(u, 1e-12, 1 - 1e-12).ravel())
        return (self.rows.location[0] + self.rows.scale[0] * standard).reshape(u.shape)


def peers() -> None:
    """Indices of the study of the tests by lca, SALib and SciPy, 2^15 points or as many as lca takes in all."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
    from example_study import BEST, study
    from SALib.analyze import pawn
    from SALib.analyze import sobol as analyse
    from SALib.sample import sobol as sample
    from scipy.stats import sobol_indices

    best = study().sel(engine=BEST)
    program = best.model.program.of("total")
    keys = [key for key in program.keys if key != "superpoint-backbones.power"]  # five labels: not one number
    marginals = [Marginal(program, key) for key in keys]

    def total(x: np.ndarray) -> np.ndarray:
        given = dict(zip(keys, x, strict=True))
        return evaluate(program, draws=x.shape[1], freeze=program.keys, overrides=given)["total"]

    problem = {"num_vars": len(keys), "names": keys, "bounds": [[0, 1]] * len(keys)}
    u = sample.sample(problem, 1 << 15, calc_second_order=True, seed=1).T
    values = total(np.array([one.ppf(row) for one, row in zip(marginals, u, strict=True)]))
    saltelli = analyse.analyze(problem, values, calc_second_order=True, seed=1)
    random = np.random.default_rng(1).random((len(keys), 1 << 14))
    y = total(np.array([one.ppf(row) for one, row in zip(marginals, random, strict=True)]))
    distance = pawn.analyze(problem, random.T, y, S=10, seed=1)
    scipys = sobol_indices(func=total, n=1 << 15, dists=marginals, rng=1)
    ours, given = lca.sobol(best, base=4096, order=2), lca.pawn(best, draws=1 << 14)
    print(f"lca {lca.__version__}, SALib {version('SALib')}, SciPy {version('scipy')}\n")
    print("| parameter | total: lca | SALib | SciPy | first: lca | SALib | SciPy | PAWN: lca | SALib |")
    print(f"|---|{'---|' * 8}")
    for key in ours.index[:20]:
        if key in keys and ours.loc[key, "total"] > 1e-3:
            i = keys.index(key)
            row = [ours.loc[key, "total"], saltelli["ST"][i], scipys.total_order.ravel()[i], ours.loc[key, "first"]]
            row += [saltelli["S1"][i], scipys.first_order.ravel()[i], given.loc[key, "pawn"], distance["median"][i]]
            print(f"| {key} | {' | '.join(f'{x:.4f}' for x in row)} |")
    one, other = "jetson-rail.accuracy", "robots.load"
    found = ours.loc[next(key for key in (f"{one} x {other}", f"{other} x {one}") if key in ours.index)]
    i, j = sorted((keys.index(one), keys.index(other)))
    print(
        f"\n{one} x {other}: {found['first']:.5f}; SALib {saltelli['S2'][i, j]:.5f} +- {saltelli['S2_conf'][i, j]:.5f}"
    )


def main(arguments: Any = None) -> None:
    """Print the table; draw the figure where one is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--most", type=int, default=1024)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--peers", action="store_true", help="compare with SALib and SciPy")
    given = parser.parse_args(arguments)
    if given.peers:
        peers()
        return
    counts = [1 << power for power in range(5, given.most.bit_length())]
    found: dict[str, dict[str, Any]] = {}
    print(f"| indices | {' | '.join(f'{n:,}' for n in counts)} | fall | intervals held |")
    print(f"|---|{'---|' * (len(counts) + 2)}")
    for title, lines in CASES.items():
        for name, case in lines.items():
            error, held = errors_of(case, counts, given.seeds)
            found.setdefault(title, {})[name] = error
            fall = np.polyfit(np.log(counts), np.log(error), 1)[0]
            row = " | ".join(f"{x:.2g}" for x in error)
            print(f"| {title}: {name} | {row} | {fall:.2f} | {held.mean():.0%} |")
    if given.out:
        figure(found, counts, given.out)
    print(f"\nlca {lca.__version__}, {given.seeds} seeds; fall: the power of the points that the error follows")


if __name__ == "__main__":
    main()
