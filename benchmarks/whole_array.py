"""Time of a million draws of the robot fleet, against whole-array NumPy doing the same arithmetic.

    python benchmarks/whole_array.py [--draws 1e6] [--rounds 3] [--threads 2]

Both sides compute every stage and the total of the same study, for 1, 10 and 72 engines, in turn within one
run; the ratio is the median over rounds. The NumPy side is what an expert writes: no units, labels, keys or
blocks. Both print the mean of the total, which must agree within the sampling error.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time

import numpy as np

import lca

HOUR, YEAR, LB = 3600.0, 365.25 * 86_400, 0.45359237
WINDOW = (196.0, 188.0, 227.0, 143.0, 187.0)
WATTS = (147.0, 146.0, 140.0, 148.0, 145.0)


def joules(engines: int) -> dict[str, float]:
    """Energies per inference of so many engines, spread as those of the lab are."""
    return {f"engine{i}": round(0.386 + 0.166 * i / max(engines - 1, 1), 6) for i in range(engines)}


def study(engines: int) -> lca.Study:
    """The study of examples/superpoint.py with another number of engines."""
    assumed = {"status": "assumed", "source": "benchmark"}
    desk = lca.Hardware(
        "workstation", embodied=lca.Lognormal("350 kg CO2e", gsd=1.6), lifetime="4 year",
        distribution=lca.Lognormal("18 kg CO2e", gsd=2), end_of_life=lca.Lognormal("2 kg CO2e", gsd=2), **assumed,
    )  # fmt: skip
    nano = lca.Hardware(
        "jetson", embodied=lca.Lognormal("36 kg CO2e", gsd=1.7), lifetime="5 year",
        distribution=lca.Lognormal("3.6 kg CO2e", gsd=1.45), end_of_life=lca.Lognormal("0.2 kg CO2e", gsd=1.5),
        **assumed,
    )  # fmt: skip
    home = lca.Site("desk", electricity=lca.Electricity.lookup("US-RFCW", 2019, basis="direct"), pue=1.0)
    field = lca.Site("field", electricity=home.electricity, supply_efficiency=lca.Triangular(0.75, 0.85, 0.9), pue=1.0)
    wall = lca.Meter("plug", at="wall", accuracy="2 %", resolution="1 W")
    rail = lca.Meter("rail", at="board", accuracy="5 %")
    names = [f"model{i}" for i in range(5)]
    training = lca.Training.extrapolated(
        "training", duration=lca.labelled(dict(zip(names, WINDOW, strict=True)), "s", dim="model"),
        power=wall.read(dict(zip(names, WATTS, strict=True)), "W", dim="model"), measured=1_000, planned=170_000,
        on=desk, site=home, allocation="reserved_time",
    )  # fmt: skip
    inference = lca.Inference("engines", rail.read(joules(engines), "J/inference", dim="engine"),
                              per="inference", baseline="marginal")  # fmt: skip
    use = lca.Deployment(
        "robots", inference, on=nano, site=field, devices=100, start=2022, period="5 year",
        load=lca.Triangular("5 inference/s", "10 inference/s", "20 inference/s"), active="8 h/day", idle="0 h/day",
        idle_power=rail.read(1.9, "W"), allocation="reserved_time",
    )  # fmt: skip
    work = lca.Development(
        "work", energy=lca.Uniform("50 kWh", "300 kWh"), at="wall", duration="15 week", on=desk, site=home,
        allocation="reserved_time", **assumed,
    )  # fmt: skip
    unit = lca.FunctionalUnit("inference", count=use.inferences)
    return lca.Study("fleet", work, training, use, functional_unit=unit, parts=("model",), alternatives=("engine",))


def with_lca(fleet: lca.Study, draws: int, threads: int) -> tuple[float, float]:
    """(seconds, mean of the total of the first engine)."""
    begin = time.perf_counter()
    result = lca.monte_carlo(fleet, draws=draws, seed=1, details=False, threads=threads, progress=False)
    return time.perf_counter() - begin, float(result.data["total"].values[0].mean())


def with_numpy(engines: int, draws: int) -> tuple[float, float]:
    """The same stages and total, on whole arrays."""
    begin = time.perf_counter()
    rng = np.random.default_rng(1)
    lognormal = lambda median, gsd: rng.lognormal(math.log(median), math.log(gsd), draws)  # noqa: E731
    desk, desk_moved, desk_end = lognormal(350, 1.6), lognormal(18, 2), lognormal(2, 2)
    nano, nano_moved, nano_end = lognormal(36, 1.7), lognormal(3.6, 1.45), lognormal(0.2, 1.5)
    grid = lognormal(1074.41 * LB / 1000 / 3.6e6, 1.1) / (1 - 0.051)  # kg per J at the facility
    supply = rng.triangular(0.75, 0.85, 0.9, draws)
    plug, rail = rng.uniform(0.98, 1.02, draws), rng.uniform(0.95, 1.05, draws)
    load = rng.triangular(5, 10, 20, draws)
    work = rng.uniform(50, 300, draws) * 3.6e6
    watts = [rng.uniform(p - 0.5, p + 0.5, draws) for p in WATTS]
    e = np.array(list(joules(engines).values()))[:, None]
    active = 8 / 24 * 5 * YEAR
    stages = {
        "development": work * grid,
        "training": sum(t * 170 * p for t, p in zip(WINDOW, watts, strict=True)) * plug * grid,
        "use": 100 * (1.9 * rail * active + e * rail * load * active) / supply * grid,
    }
    desk_lives, nano_lives = (sum(WINDOW) * 170 + 15 * 168 * HOUR) / (4 * YEAR), 100 * 5 / 5
    stages["manufacturing"] = desk * desk_lives + nano * nano_lives
    stages["distribution"] = desk_moved * desk_lives + nano_moved * nano_lives
    stages["end_of_life"] = desk_end * desk_lives + nano_end * nano_lives
    total = sum(stages.values())
    count = 100 * load * active
    assert count.shape == (draws,)
    return time.perf_counter() - begin, float(total[0].mean())


def main() -> None:
    """Print one row per number of engines."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=float, default=1e6)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    draws = int(options.draws)
    print(f"{draws:,} draws; seconds are medians of {options.rounds} rounds, ratios below 1 mean lca is faster")
    print(
        f"{'engines':>8}{'NumPy s':>10}{'lca s, 1 thread':>17}{'ratio':>7}"
        f"{'threads':>9}{'lca s':>8}{'ratio':>7}{'means apart':>13}"
    )
    for engines in (1, 10, 72):
        fleet = study(engines)
        with_lca(fleet, 20_000, 1)  # tables of the inverse CDFs are made once per process
        rows = [(with_numpy(engines, draws), with_lca(fleet, draws, 1), with_lca(fleet, draws, options.threads))
                for _ in range(options.rounds)]  # fmt: skip
        numpy_s, one, many = (statistics.median(row[i][0] for row in rows) for i in range(3))
        apart = abs(rows[0][0][1] / rows[0][1][1] - 1)
        ratios = [statistics.median(row[i][0] / row[0][0] for row in rows) for i in (1, 2)]
        print(
            f"{engines:>8}{numpy_s:>10.3f}{one:>17.3f}{ratios[0]:>7.2f}"
            f"{options.threads:>9}"
            f"{many:>8.3f}{ratios[1]:>7.2f}{apart:>13.1e}"
        )


if __name__ == "__main__":
    main()
