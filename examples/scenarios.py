"""Which engine, where, how long, and what to measure next: the deployment questions of a robotics lab.

    python examples/scenarios.py [--draws N] [--out FOLDER]

A lab has 100 robots to equip. It can take a network whose weights are published, or spend a semester on one of its own,
which needs less energy for each frame. The measurements, the desk and the robots are those of superpoint.py. Each engine
was read once; that a reading has an error of its own of 10 % is assumed.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator
from superpoint import engines, rail, study, training, use, work
from tqdm import tqdm

import lca

#: The engines that matter: how each is called here, and its row of the lab's table.
ENGINES = {
    "pretrained": "superpoint_pretrained_2_120_392_FP16_seq_4",
    "own SqueezeNet": "sp_squeeze_2_120_392_FP16_seq_4",
    "own ResNet18": "sp_resnet18_2_120_392_FP16_seq_4",
}
#: The row of the lab's notebook of those that it trains.
TRAINED = {"own SqueezeNet": "squeezenet", "own ResNet18": "resnet18"}
OLD, NEW = "pretrained", "own ResNet18"
PERIODS = {"6 months": "6 month", "1 year": "1 year", "3 years": "3 year", "8 years": "8 year"}
HOME, LEAST = "RFC West (RFCW)", "6 months"
DESK, SOCKETS = "pittsburgh-desk.electricity", "robots-sockets.electricity"
YEAR, MONTHS = 2023, 96  # of the grids; the longest period of use
#: What a measurement would emit: assumed.
COSTS = {
    "both engines, read again": "0.1 kg CO2e",  # an afternoon with a Jetson and its meter
    "semester.energy": "3 kg CO2e",  # a plug meter at the desk
    "robots.load": "6 kg CO2e",  # a month of logs of ten robots
}


def regions() -> dict[str, lca.Electricity]:
    """The electricity of each of the 27 subregions of eGRID, by its code and name."""
    found = lca.search("electricity", "US-")
    rows = found[(found["kind"] == "egrid") & (found["region"] != "US")]
    return {
        f"{name} ({region.removeprefix('US-')})": lca.Electricity.lookup(region, YEAR)
        for region, name in zip(rows["region"], rows["name"], strict=True)
    }


def plan(engine: str) -> lca.Study:
    """100 robots with one engine, and the semester and the training behind it if it is the lab's own."""
    joules = {name: engines["joules"][row] for name, row in ENGINES.items()}
    read = rail.read(joules, "J/inference", dim="engine", u="10 %")  # on top of the 5 % that all readings share
    networks = lca.Inference("network", read, per="inference", baseline="marginal")
    robots = use.replaced(inference=networks.sel(engine=engine))
    made = (work, training.sel(model=TRAINED[engine])) if engine in TRAINED else ()
    left_out = () if made else ("development", "training")
    return lca.Study(
        study.name,
        *made,
        robots,
        functional_unit=lca.FunctionalUnit("one frame", count=robots.inferences),
        excluded=dict.fromkeys(left_out, lca.outside_goal("the weights are published, whoever takes them")),
    )


def choice(places: dict[str, lca.Electricity]) -> lca.Study:
    """The engines side by side, at home."""
    plans = lca.alternatives("engine", {engine: plan(engine) for engine in ENGINES})
    return plans.replace(dict.fromkeys((DESK, SOCKETS), places[HOME]))


def everywhere(plans: lca.Study, places: dict[str, lca.Electricity]) -> lca.Study:
    """27 regions x 4 periods x 3 engines; the desk stays where it is."""
    return lca.scenarios(plans, {"region": {SOCKETS: places}, "robots.period": PERIODS})


# --- the four answers ---------------------------------------------------------------------------------


def which(result: lca.Result) -> tuple[str, Figure]:
    """The engine to choose at home, and the one whose largest regret over all scenarios is the smallest."""
    here = result.sel(region=HOME, period="3 years")
    table, ranked = lca.compare(here, over="engine"), lca.robust(result, over="engine")
    first, everywhere = table.iloc[0], ranked.iloc[0]
    return (
        f"{table.index[0]}. For 3 years at home it is the best with a probability of {first['best']:.0%}; the expected "
        f"loss of this choice is {first['expected_loss']:.0f} kg CO2e of {first['p50']:,.0f}.\n"
        f"It has the smallest median in {everywhere['best_cells']:.0%} of all {len(PERIODS) * 27} scenarios, and is "
        f"{everywhere['regret']:.0f} kg CO2e above the best at most ({everywhere['regret_at']})."
    ), lca.plot.differences(here, over="engine").figure


def where(result: lca.Result) -> tuple[str, Figure]:
    """How much the place matters, and where the published network is the better one."""
    total = result.data["total"].sel(engine=NEW, period="3 years")
    middle = total.median("draw").to_series().sort_values() / 1e3
    low, high = (total.sel(region=middle.index[end]).quantile([0.05, 0.95], "draw").values / 1e3 for end in (0, -1))
    best = {label: _best(result, label) for label in PERIODS}
    said = ", ".join(f"{count} for {label}" for label, count in best.items() if count)
    return (
        f"The place matters more than the engine. Three years with {NEW} emit {middle.iloc[0]:.1f} t CO2e "
        f"({low[0]:.1f} to {low[1]:.1f}) in {middle.index[0]},\nand {middle.iloc[-1]:.1f} t ({high[0]:.1f} to "
        f"{high[1]:.1f}) in {middle.index[-1]}. The {OLD} network is the better choice in {said} of 27 regions."
    ), lca.plot.heatmap(result, over="engine", x="period", y="region")[0].figure


def _best(result: lca.Result, label: str) -> int:
    """In how many regions the published network is most often the best."""
    totals = result.data["total"].sel(period=label)
    return int(((totals.argmin("engine") == list(ENGINES).index(OLD)).mean("draw") > 0.5).sum())


def how_long(plans: lca.Study, places: dict[str, lca.Electricity], draws: int) -> tuple[str, Figure]:
    """After how many months an own network has saved what it took, in each region."""
    months = pandas.DataFrame({name: _payback(plans, place, draws) for name, place in _shown(places)})
    table = months.quantile([0.5, 0.05, 0.95], interpolation="nearest").T.sort_values(0.5)
    home, first, last = table.loc[HOME], table.iloc[0], table.iloc[-1]
    never = float(np.isinf(months[HOME]).mean())
    return (
        f"At home {NEW} has saved its semester after {home[0.5]:.0f} months of use (median; 5 to 95 %: "
        f"{home[0.05]:.0f} to {_months(home[0.95])});\nin {never:.0%} of draws not within {MONTHS // 12} years. "
        f"It takes {first[0.5]:.0f} months in {table.index[0]}, and {last[0.5]:.0f} in {table.index[-1]}."
    ), _paybacks(table)


def _shown(places: dict[str, lca.Electricity]) -> tqdm[tuple[str, lca.Electricity]]:
    """The regions, with a line of progress where there is a terminal."""
    return tqdm(places.items(), desc="break-even by region", unit="region", leave=False, disable=None)


def _payback(plans: lca.Study, place: lca.Electricity, draws: int) -> np.ndarray:
    """The months of each draw; infinite where the published network stays lower."""
    there = plans.replace({SOCKETS: place})
    found = lca.breakeven(
        there.sel(engine=NEW), there.sel(engine=OLD), vary="robots.period", between=("0.1 month", f"{MONTHS} month"),
        draws=draws, points=100,
    )  # fmt: skip
    return np.where(np.isfinite(found.values), found.values, np.inf)


def _months(value: float) -> str:
    return f"{value:.0f}" if np.isfinite(value) else f"more than {MONTHS}"


def _paybacks(table: pandas.DataFrame) -> Figure:
    """A line for each region, from the 5 % to the 95 % quantile of its months, with a dot at the median."""
    figure = Figure(figsize=(8.2, 7.6), layout="constrained", facecolor="white")
    ax = figure.add_subplot()
    for y, (name, row) in enumerate(table.iterrows()):
        colour = "#D55E00" if name == HOME else "#0072B2"
        ends = row[[0.05, 0.95]].clip(upper=MONTHS)
        ax.plot(ends, [y, y], color=colour, linewidth=1.8, solid_capstyle="butt")
        ax.plot(row[0.5], y, marker="o", markersize=6, color=colour)
        if np.isinf(row[0.95]):
            ax.plot(MONTHS, y, marker=">", markersize=6, color=colour, clip_on=False)
    ax.set_xscale("log")
    ticks = [1, 2, 3, 6, 12, 24, 48, 96]
    ax.xaxis.set_major_locator(FixedLocator(ticks))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xticklabels(map(str, ticks))
    ax.set_xlim(right=MONTHS)
    ax.set_yticks(range(len(table)), table.index)
    ax.set_ylim(len(table) - 0.4, -0.6)
    ax.grid(True, axis="x", color="#E2E2E2")
    ax.set_axisbelow(True)
    ax.tick_params(length=0)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.set_xlabel(
        f"months of use until {NEW} has emitted less than {OLD}\n"
        f"dots: median; lines: 5 % to 95 %; arrows: beyond {MONTHS} months; orange: at home",
        loc="left",
    )
    figure.suptitle("100 Jetsons: how long until an own network pays back", x=0.02, ha="left", fontweight="bold", fontsize=11)
    return figure


def what_next(plans: lca.Study) -> tuple[str, Figure]:
    """What to measure before the choice that is the least sure: the shortest period at home."""
    pilot = plans.replace({"robots.period": PERIODS[LEAST]})
    both = [f"network.energy[engine={engine}]" for engine in (OLD, NEW)]
    decided = lca.decide(pilot, over="engine", groups={next(iter(COSTS)): both}, cost=COSTS)
    largest = lca.screen(pilot.sel(engine=decided.choice)).iloc[0]
    value = decided.information.set_index("words")["avoided"].get(largest["words"], 0.0)
    return (
        f"For {LEAST} at home. {decided}\nThe largest uncertainty of the total is the {largest['words']} "
        f"({largest['total']:.0%} of the variance), but knowing it would avoid {value:.2g} kg CO2e of that loss."
    ), lca.plot.decision(decided).figure


def main() -> None:
    """Print the answers, and draw the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--out", default="out/scenarios", help="folder of the figures")
    options = parser.parse_args()
    places, folder = regions(), Path(options.out)
    folder.mkdir(parents=True, exist_ok=True)
    plans = choice(places)
    result = lca.monte_carlo(everywhere(plans, places), draws=options.draws)
    questions = {
        "which engine": lambda: which(result),
        "where": lambda: where(result),
        "how long": lambda: how_long(plans, places, options.draws),
        "what to measure next": lambda: what_next(plans),
    }
    for number, (question, answer) in enumerate(questions.items(), start=1):
        print(f"{number} {question.capitalize()}?", flush=True)  # before what takes some seconds
        text, figure = answer()
        file = folder / f"{number}-{question.replace(' ', '-')}.png"
        figure.savefig(file, dpi=130)
        print(f"{text}\n{file}\n")


if __name__ == "__main__":
    main()
