"""Ten years of a fleet in four places, on one basis, under three ideas of what their grids will do.

    python examples/grids.py [--draws N] [--out FOLDER]

The fleet is the one of superpoint.py in small: 100 robots, one engine of 0.386 J per inference. What the
electricity of a place will be is a scenario, not a spread: constant, falling at an uncertain rate, or going on
as the last ten published years went. Within each, every future year deviates as past years did.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import lca

YEARS = range(2024, 2034)
PLACES = {"Poland": "Poland", "France": "France", "India": "India", "Pittsburgh (RFC West)": "US-RFCW"}
MODELS = ("constant", "decline", "trend")

guess = dict(status="assumed", source="examples/grids.py")
rail = lca.Meter("Jetson rail", at="board", accuracy="5 %", **guess)
engine = lca.Inference("engine", rail.read(0.386, "J/inference"), per="inference", baseline="marginal")
outside = lca.outside_goal("the same in every place")


def fleet(place: str, model: str) -> lca.Study:
    """One place under one idea of its grid."""
    rate = lca.Uniform("2 %/year", "6 %/year") if model == "decline" else None  # assumed
    grid = lca.Electricity.trajectory(place, YEARS, model=model, rate=rate)
    site = lca.Site("sockets", electricity=grid, supply_efficiency=lca.Triangular(0.75, 0.85, 0.90), pue=1.0, **guess)
    robots = lca.Deployment(
        "robots", engine, site=site, devices=100, start=YEARS[0], period=f"{len(YEARS)} year",
        load=lca.Triangular("5 inference/s", "10 inference/s", "20 inference/s"), active="8 h/day",
        idle_power=lca.Triangular("1.2 W at_board", "1.9 W at_board", "3 W at_board"), **guess,
    )  # fmt: skip
    stages = ("development", "training", "manufacturing", "distribution", "end_of_life")
    unit = lca.FunctionalUnit("one frame", count=robots.inferences)
    return lca.Study("100 robots", robots, functional_unit=unit, excluded=dict.fromkeys(stages, outside))


def study() -> lca.Study:
    """All places under all ideas: two dims of alternatives, one set of random numbers."""
    by_place = {
        name: lca.alternatives("model", {model: fleet(place, model) for model in MODELS})
        for name, place in PLACES.items()
    }
    return lca.alternatives("place", by_place)


def main() -> None:
    """Print a table, and draw the figure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--out", default="out/grids", help="folder of the figure")
    options = parser.parse_args()
    result = lca.monte_carlo(study(), draws=options.draws)
    table = lca.summary(result, unit="t CO2e").xs("total", level="stage")
    print("Ten years of 100 robots, use only, life-cycle basis\n")
    print(table[["p50", "p5", "p95", "mean", "nominal", "unit"]].to_string(float_format="{:.2f}".format))
    by_year = result.data["use/robots"]
    apart = abs(by_year.sum("year") / result.data["total"] - 1).max().item()
    print(f"\nThe years sum to the total: largest relative difference {apart:.1e}")
    figure = lca.plot.years(result, panels="place", lines="model")[0].figure
    target = Path(options.out)
    target.mkdir(parents=True, exist_ok=True)
    figure.savefig(target / "grids.svg")
    figure.savefig(target / "grids.png", dpi=130)
    print(f"Figure: {target / 'grids.svg'}")


if __name__ == "__main__":
    main()
