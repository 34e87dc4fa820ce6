"""Which engine, where, how long, and what to measure next: the deployment questions of a robotics lab.

    python examples/scenarios.py [--draws N] [--out FOLDER]

A lab has 100 robots to equip. It can take a network whose weights are published, or spend a semester on one of its
own, which needs less energy for each frame. The measurements, the desk and the robots are those of superpoint.py. Each
engine was read once; that a reading has an error of its own of 10 % is assumed.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from pathlib import Path

import numpy as np
import pandas
import xarray
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator
from superpoint import engines, rail, study, training, use, work

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
HOME, PLANNED, PILOT = "RFC West (RFCW)", "3 years", "6 months"
DESK, SOCKETS = "pittsburgh-desk.electricity", "robots-sockets.electricity"
YEAR, MONTHS = 2023, 96  # of the grids; the longest period of use
#: What a measurement would emit: assumed.
COSTS = {
    "both engines, side by side": "0.1 kg CO2e",  # an afternoon with a Jetson and its meter
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
    rivals = lca.Inference("engines", read, per="inference", baseline="marginal")
    robots = use.replaced(inference=rivals.sel(engine=engine))
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
    here = result.sel(region=HOME, period=PLANNED)
    table, ranked = lca.compare(here, over="engine"), lca.robust(result, over="engine")
    first, everywhere = table.iloc[0], ranked.iloc[0]
    return (
        f"Choose {table.index[0]}. For {PLANNED} at home it is the best with a probability of {first['best']:.0%}; "
        f"the expected loss of this choice is {first['expected_loss']:.0f} kg CO2e of {first['p50']:,.0f}. "
        f"It has the smallest median in {everywhere['best_cells']:.0%} of all {len(PERIODS) * 27} scenarios, and is "
        f"{everywhere['regret']:.0f} kg CO2e above the best at most ({everywhere['regret_at']})."
    ), lca.plot.differences(here, over="engine").figure


def where(result: lca.Result) -> tuple[str, Figure]:
    """How much the place matters, and in how many regions the published network is most often the best."""
    planned = result.data["total"].sel(period=PLANNED) / 1e3
    middle = planned.median("draw")
    ranked = middle.sel(engine=NEW).to_series().sort_values()
    ends = [_spread(planned.sel(engine=NEW, region=name)) for name in ranked.index[[0, -1]]]
    factors = [float(middle.sel(at).max() / middle.sel(at).min()) for at in ({"engine": NEW}, {"region": HOME})]
    best = lca.compare(result, over="engine")["best"].unstack("engine")
    wins, surest = (best.idxmax(axis="columns") == OLD).groupby("period").sum(), best.max(axis="columns")
    counts = ", ".join(f"{wins[period]} for {period}" for period in PERIODS)
    return (
        f"For {PLANNED} the place changes the median by a factor of up to {factors[0]:.1f}, the engine at home by "
        f"{factors[1]:.1f}. With {NEW} it is {ends[0]}, and {ends[1]}. "
        f"The regions of 27 in which the {OLD} network is best: {counts}. "
        f"The best engine of a scenario is so with a probability of {surest.min():.0%} to {surest.max():.0%}."
    ), lca.plot.heatmap(result, over="engine", x="period", y="region")[0].figure


def _spread(tonnes: xarray.DataArray) -> str:
    """The median of some draws with its interval, and the region."""
    middle, low, high = tonnes.quantile([0.5, 0.05, 0.95]).values
    return f"{middle:.1f} t CO2e (5 to 95 %: {low:.1f} to {high:.1f}) in {tonnes.region.item()}"


def how_long(plans: lca.Study, places: dict[str, lca.Electricity], draws: int) -> tuple[str, Figure]:
    """After how many months an own network has saved what it took, in each region."""
    months = paid_back(lca.scenarios(plans, {"region": {SOCKETS: places}}), draws)
    table = months.quantile([0.05, 0.25, 0.5, 0.75, 0.95], interpolation="nearest").T
    table = table.assign(never=np.isinf(months).mean()).sort_values(0.5)
    home, first, last = table.loc[HOME], table.iloc[0], table.iloc[-1]
    return (
        f"At home {NEW} has saved what its semester took after {home[0.5]:.0f} months of use (median; 25 to 75 %: "
        f"{home[0.25]:.0f} to {home[0.75]:.0f}). In {home['never']:.0%} of draws it has not within {MONTHS // 12} "
        f"years. The median is {first[0.5]:.0f} months in {table.index[0]} and {last[0.5]:.0f} in {table.index[-1]}."
    ), _paybacks(table)


def paid_back(plans: lca.Study, draws: int) -> pandas.DataFrame:
    """The months of each draw, a column for each region; infinite where the published network stays lower."""
    found = lca.breakeven(
        plans.sel(engine=NEW), plans.sel(engine=OLD), vary="robots.period", between=("0.1 month", f"{MONTHS} month"),
        draws=draws, points=100,
    )  # fmt: skip
    return pandas.DataFrame(found.values.T, columns=found.dims["region"]).fillna(np.inf)


def _paybacks(table: pandas.DataFrame) -> Figure:
    """For each region the quantiles of its months, and the share of draws that never pay back."""
    figure = Figure(figsize=(9, 7.8), layout="constrained", facecolor="white")
    ax, places = figure.add_subplot(), range(len(table))
    colours = ["#D55E00" if name == HOME else "#0072B2" for name in table.index]
    ends = table.clip(upper=MONTHS)
    ax.hlines(places, ends[0.05], ends[0.95], color=colours, linewidth=1)
    ax.hlines(places, ends[0.25], ends[0.75], color=colours, linewidth=5)
    ax.scatter(ends[0.5], places, s=42, color="white", edgecolors=colours, linewidths=1.6, zorder=3)
    for place, share in zip(places, table["never"], strict=True):
        ax.annotate(f"{share:.0%}", (1.06, place), xycoords=("axes fraction", "data"), ha="right", va="center")
    ax.annotate(
        f"not in {MONTHS} months", (1.06, -1.0), xycoords=("axes fraction", "data"), ha="right", color="#666666"
    )
    ax.set_xscale("log")
    ticks = [1, 2, 3, 6, 12, 24, 48, 96]
    ax.xaxis.set_major_locator(FixedLocator(ticks))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xticks(ticks, map(str, ticks))
    ax.set_xlim(1, MONTHS)
    ax.set_yticks(places, table.index)
    ax.set_ylim(len(table) - 0.4, -0.6)
    ax.grid(True, axis="x", color="#E2E2E2")
    ax.set_axisbelow(True)
    ax.tick_params(length=0)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    read = "circles: median; bars: 25 to 75 %; lines: 5 to 95 %, as far as the axis goes; orange: at home"
    ax.set_xlabel(f"months of use until {NEW} has emitted less than {OLD}\n{read}", loc="left")
    figure.suptitle(
        f"{study.name}: how long until an own network has paid back", x=0.02, ha="left", fontweight="bold", fontsize=11
    )
    return figure


def what_next(plans: lca.Study) -> tuple[str, Figure]:
    """What to measure before the choice that is the least sure: the shortest period at home."""
    pilot = plans.replace({"robots.period": PERIODS[PILOT]})
    both = [f"engines.energy[engine={engine}]" for engine in (OLD, NEW)]
    decided = lca.decide(pilot, over="engine", groups={next(iter(COSTS)): both}, cost=COSTS)
    largest = lca.screen(pilot.sel(engine=decided.choice)).iloc[0]
    value = decided.information["avoided"].get(largest.name, 0.0)
    return (
        f"For {PILOT} at home. {decided} The largest uncertainty of the total is the {largest['words']} "
        f"({largest['total']:.0%} of the variance), but knowing it would avoid {value:.2g} kg CO2e of that loss."
    ), lca.plot.decision(decided, most=8).figure


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
        print(f"{number} {question.capitalize()}?", flush=True)
        if sys.stderr.isatty():  # an answer may take some seconds; its first line is written over this one
            print("  computing ...", end="\r", file=sys.stderr, flush=True)
        text, figure = answer()
        file = folder / f"{number}-{question.replace(' ', '-')}.png"
        figure.savefig(file, dpi=130)
        print(f"{textwrap.fill(text, 110, initial_indent='  ', subsequent_indent='  ')}\n  Figure: {file}\n")


if __name__ == "__main__":
    main()
