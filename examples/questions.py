"""What `make demo` prints: the lab's tables, the project done right, the lab's open questions, and what if."""

from __future__ import annotations

import time
from pathlib import Path

import lab_tables
import numpy as np
import pandas
from superpoint import engines, field, home, inference, nano, study, training, use

import lca
from lca.interpretation.table import significant

STACKS = lca.Electricity.lookup("US-RFCW", 2019, basis="direct")
BEST, FAMILIAR, PLAIN = (
    "sp_resnet18_2_120_392_FP16_seq_4",
    "superpoint_pretrained_2_120_392_FP16_seq_4",
    "sp_resnet18_1_120_392_FP32_seq_4",
)
YEAR = 365.25


def print_all(*, draws: int, everything: bool, out: Path) -> None:
    """The whole printout."""
    begin = time.perf_counter()
    result = lca.monte_carlo(study, draws=draws)
    best = study.sel(engine=BEST)
    fleet = lca.monte_carlo(best, draws=draws)
    drivers = {per: lca.sobol(best, per=per) for per in ("total", "inference")}
    print(_headline(fleet, drivers["total"], draws))
    print()
    print(lab_tables.tables_text(everything=everything))
    print("\nB. THE SAME PROJECT WITH THESE CHOICES CORRECTED")
    _corrections()
    _stages(fleet)
    print("\nC. QUESTIONS OF THE LAB")
    _questions(result, fleet, drivers, draws)
    print("\nD. OTHER GRIDS, LIFETIMES AND ENGINES")
    print("   t CO2e: median [5 to 95 %]; then the share of manufacturing in the mean; electricity of 2023")
    _scenarios(draws)
    written = lca.report(result, out)
    print(f"\nReport: {written}; every value and its source: {out / 'provenance.csv'}")
    print(f"Run the result again: lca.rerun({str(out / 'result.lca')!r})")
    print(f"{time.perf_counter() - begin:.1f} s")


def _headline(fleet: lca.Result, drivers: pandas.DataFrame, draws: int) -> str:
    stages = lca.summary(fleet)
    shares = stages["share"].drop("total").sort_values(ascending=False)
    first, second = shares.index[:2]
    middle, low, high = (f"{stages.loc['total', q] / 1e3:.1f}" for q in ("p50", "p5", "p95"))
    return (
        f"{study.name}, cradle to grave: {middle} t CO2e (median; 5 to 95 %: {low} to {high}).\n"
        f"{first.capitalize()} is {shares[first]:.0%} of the mean, {second} {shares[second]:.0%}, training "
        f"{shares['training']:.2%}. The largest uncertainty is the {drivers['words'].iloc[0]}: "
        f"{drivers['total'].iloc[0]:.0%} of the variance.\n"
        f"lca {fleet.versions['lca']}, {draws:,} draws, seed {fleet.seed}; carbon footprint, attributional, "
        "electricity over its life cycle"
    )


def _mass(site: lca.Site, of: str) -> float:
    """Nominal kg of the operation of one activity at another site; what moves both moves them alike."""
    activity = training if of != "inference" else use.replaced(inference=inference.sel(engine=BEST))
    return float(lca.footprint(activity, site=site, draws=2)["nominal"].sum())


def _corrections() -> None:
    lab_grid = lca.Electricity("lab grid", intensity=lab_tables.INTENSITY, at="facility", region="US", year=2018)
    bare = lca.Electricity.lookup("US-RFCW", 2019, basis="direct", gases="CO2").replaced(grid_loss=0.0)
    steps = {
        "PUE 1.58 removed: there is no cooling plant at a desk": (
            "training",
            home.replaced(electricity=lab_grid, pue=lab_tables.PUE),
            home.replaced(electricity=lab_grid),
        ),
        "same grid for both tables, CO2e instead of CO2, grid losses included": (
            "training",
            home.replaced(electricity=lab_grid),
            home.replaced(electricity=STACKS),
        ),
        "  the same for inference (before: eGRID2019 RFCW, CO2 at the power station)": (
            "inference",
            field.replaced(electricity=bare),
            field.replaced(electricity=STACKS),
        ),
        "life cycle: fuel supply and construction of the plants included": (
            "both",
            home.replaced(electricity=STACKS),
            home,
        ),
        "energy at the Jetson converted to the wall: 85 % efficiency (assumed)": (
            "inference",
            field.replaced(supply_efficiency=1.0),
            field,
        ),
    }
    print(f"   {'correction':<76}{'of':<10}{'change of the nominal value'}")
    for text, (of, before, after) in steps.items():
        change = _mass(after, of) / _mass(before, of) - 1
        print(f"   {text:<76}{of:<10}{change:>+7.0%}")
    steady = float(lca.footprint(training.replaced(pace=1), site=home, draws=2)["nominal"].sum())
    change = _mass(home, "training") / steady - 1
    text = "the rest of a run is not paced as its first 0.6 %: as real trainings were"
    print(f"   {text:<76}{'training':<10}{change:>+7.0%}")
    runs = lca.footprint(training)
    print(f"\n   {'training':<16}{'energy kWh':>11}{'CO2e kg, median':>18}{'5 to 95 %':>16}{'nominal':>10}")
    line = "   {:<16}{:>11.3f}{:>18.2f}{:>9.2f} - {:>4.2f}{:>10.2f}"
    for model, row in runs.iterrows():
        print(line.format(model, *row[["energy", "p50", "p5", "p95", "nominal"]]))
    each = study.model.outputs["training/superpoint-backbones"]
    five = lca.monte_carlo({"five": lca.functions.total(each, "model")})
    middle, low, high = five.data["five"].quantile([0.5, 0.05, 0.95]).values
    print(line.format("five trainings", runs["energy"].sum(), middle, low, high, runs["nominal"].sum()))


def _stages(fleet: lca.Result) -> None:
    table = lca.summary(fleet)
    print(f"\n   cradle to grave: 100 robots, 5 years, 8 h/day, 10 inferences/s (5 to 20), engine {BEST}")
    print(f"   {'kg CO2e':<15}{'median':>9}{'5 to 95 %':>19}{'mean':>9}{'nominal':>9}{'share*':>9}")
    columns = ("p50", "p5", "p95", "mean", "nominal")
    for stage, row in table.iterrows():
        values = [significant(float(row[c]), 2 if stage != "total" else 3) for c in columns]
        text = "{:>9}{:>10} -{:>7}{:>9}{:>9}".format(*values)
        print(f"   {stage:<15}{text}{row['share']:>9.2%}")
    per = {name: lca.summary(fleet, per=name, unit=unit).loc["total"] for name, unit in _PER.items()}
    stacks = study.replace(dict.fromkeys(("pittsburgh-desk.electricity", "robots-sockets.electricity"), STACKS))
    direct = lca.nominal(stacks.sel(engine=BEST)).data
    plug = float(lca.nominal({"e": study.sel(engine=BEST).model.outputs["energy/robots"]}).data["e"].sum())
    print(
        f"   * of the mean, since means add up. The total is {_range(per['inference'])} mg CO2e per inference,\n"
        f"   or {_range(per['device_year'])} kg CO2e per robot and year (medians, 5 to 95 %). "
        f"The robots need {plug:,.0f} kWh at the socket (nominal)."
    )
    stated, drawn = (
        float(r.data["load"].median()) for r in (lca.nominal({"load": use.load}), lca.monte_carlo({"load": use.load}))
    )
    print(
        f"   Nominal: every input at its stated value. The stated load is {stated:.0f} inferences/s, the median of "
        f"its draws is {drawn:.1f},\n   so the median of the total is above its nominal value."
    )
    print(
        f"   Direct emissions of power stations only (nominal): training {float(direct['training']):.2f} kg, "
        f"use {float(direct['use']):,.0f} kg, total {float(direct['total']):,.0f} kg."
    )
    print("\n   largest uncertainties of each stage, with the status of the value")
    for stage in table.index.drop("total"):
        print(f"   {stage:<15}{_widest(str(stage).replace(' ', '_'))}")
    _rules(draws=fleet.draws)


def _rules(draws: int) -> None:
    """Whose share of the hardware: two rules side by side, on the same draws."""
    names = {"part of its lifetime": "reserved_time", "whole devices": "whole_units"}
    both = study.sel(engine=BEST).vary("rule", {"robots.allocation": names})
    table = lca.summary(lca.monte_carlo(both, draws=draws, details=False))
    print(f"\n   {'share of a robot':<18}{'manufacturing':>13}{'5 to 95 %':>19}{'total':>9}{'5 to 95 %':>19}")
    for label in names:
        cells = ""
        for stage in ("manufacturing", "total"):
            middle, low, high = (significant(float(table.loc[(label, stage), c]), 2) for c in ("p50", "p5", "p95"))
            cells += f"{middle:>9}{low:>10} -{high:>7}"
        print(f"   {label:<22}{cells}")
    low, life, high = _life()
    print(
        f"   kg CO2e, medians. A robot lives {life:.0f} years ({low:.0f} to {high:.0f}) and is used for 5: the part is "
        f"{5 / life:.2f}.\n   Whole devices: no one uses the robots after these 5 years."
    )


def _life() -> tuple[float, float, float]:
    """5 % quantile, median and 95 % quantile of a robot's life, in years."""
    drawn = lca.monte_carlo(nano.lifetime, progress=False).data["value"] / (YEAR * 86_400)
    low, middle, high = drawn.quantile([0.05, 0.5, 0.95]).values
    return float(low), float(middle), float(high)


_PER = {"inference": "mg CO2e", "device_year": "kg CO2e"}


def _range(row: pandas.Series) -> str:
    return f"{significant(row['p50'], 2)} ({significant(row['p5'], 2)} to {significant(row['p95'], 2)})"


def _widest(stage: str) -> str:
    """The two values whose intervals change the stage most, each with its status."""
    best = study.sel(engine=BEST)
    statuses = lca.provenance({stage: best.model.outputs[stage]}, of=stage)["status"]
    widest = lca.tornado(best, of=stage)["words"].head(2)
    return "; ".join(f"{name} ({statuses[key]})" for key, name in widest.items())


def _questions(result: lca.Result, fleet: lca.Result, drivers: dict[str, pandas.DataFrame], draws: int) -> None:
    data = fleet.data
    embodied = (data["manufacturing"] / data["total"]).quantile([0.05, 0.5, 0.95]).values
    mean = data["manufacturing"].mean().item() / data["total"].mean().item()
    print(
        f"   1 How large is the hardware?    Manufacturing is {embodied[1]:.0%} of the total "
        f"(median; 5 to 95 %: {embodied[0]:.0%} to {embodied[2]:.0%}); it is {mean:.0%} of the mean."
    )
    robot = data["use"].mean().item() / 100 / (5 * YEAR)
    days = data["training"].mean().item() / robot
    print(
        f"   2 How large is training?        {data['training'].mean().item() / data['total'].mean().item():.2%} of the "
        f"mean: as much as the use of one robot in {days:.0f} days, or of all in {days / 100 * 24:.0f} hours."
    )
    _which_engine(result)
    _paid_back(draws)
    print("   5 What causes the uncertainty?  Shares of the variance (total-order Sobol' index): total | per inference")
    total, per = drivers["total"]["total"], drivers["inference"]["total"]
    shown = total.index[total > 0.01]
    for key in shown:
        name, bar = drivers["total"]["words"][key], "#" * round(20 * total[key])
        print(f"       {name:<62}{total[key]:>5.2f} | {per[key]:.2f}  {bar}".rstrip())
    rest = [key for key in total.index if key not in shown]
    print(f"       {f'the other {len(rest)} together':<62}{total[rest].sum():>5.2f} | {per[rest].sum():.2f}")
    measured = [key for key, kind in lca.provenance(study)["kind"].items() if kind == "measurement" and key in total]
    print(
        f"     Exact meters would remove {total[measured].sum():.1%} of the variance. The exact value for the "
        f"{drivers['total']['words'].iloc[0]} would remove up to {total[shown[0]]:.0%}."
    )


def _which_engine(result: lca.Result) -> None:
    shared = lca.compare(result, over="engine")["best"]
    alone = lca.Meter("Jetson rail", at="board")
    own = inference.replaced(energy=alone.read(engines["joules"], "J/inference", dim="engine", u="10 %"))
    apart = lca.monte_carlo(study.replace({"robots.inference": own}))
    each = lca.compare(apart, over="engine")["best"]
    best = shared.index[0]
    print(f"   3 Which engine is best?         {best}.")
    print(f"{'':<35}It is the best with a probability of {shared[best]:.0%} if all readings have the same meter error,")
    print(f"{'':<35}and of {each[best]:.0%} if each reading has an error of its own, of 10 % (k=1).")


def _paid_back(draws: int) -> None:
    without = {"development": lca.outside_goal("the same for both engines")}
    unit = study.functional_unit

    def fleet_with(engine: str, *trained: lca.Training) -> lca.Study:
        excluded = without if trained else without | {"training": lca.outside_goal("the weights exist")}
        made = lca.Study(engine, *trained, use, functional_unit=unit, alternatives=("engine",), excluded=excluded)
        return made.sel(engine=engine)

    one = fleet_with(BEST, training.sel(model="resnet18"))
    found = lca.breakeven(
        one, fleet_with(FAMILIAR), vary="robots.period", between=("0.001 day", "365 day"), draws=draws
    )
    low, middle, high = (found.quantile(q, of="count") / 1e6 for q in (0.05, 0.5, 0.95))
    hours = found.nominal * 8
    print("   4 When are the emissions of training ResNet18 saved again?  (compared with pretrained_2_FP16)")
    print(
        f"{'':<35}After {middle:.0f} million inferences (median; 5 to 95 %: {low:.0f} to {high:.0f}): "
        f"{hours:.0f} hours of 100 robots at 10 inferences/s."
    )


def _scenarios(draws: int) -> None:
    grids = {"RFC West": "US-RFCW", "California": "US-CAMX", "US average": "US"}
    there = {name: lca.Electricity.lookup(place, 2023) for name, place in grids.items()}
    desk = dict.fromkeys(there, there["RFC West"])  # one release for both places, but only the robots move
    many = study.vary("grid", {"robots-sockets.electricity": there, "pittsburgh-desk.electricity": desk})
    many = many.vary("years", {"robots.period": {n: f"{n} year" for n in (3, 5, 8)}})
    data = lca.monte_carlo(many, draws=draws, details=False).data
    total, made = data["total"] / 1e3, data["manufacturing"] / 1e3
    print(f"   {'grid':<12}{'years':>5}" + "".join(f"   {_engine(name):<29}" for name in (BEST, FAMILIAR, PLAIN)))
    for grid in there:
        for years in (3, 5, 8):
            cells = []
            for engine in (BEST, FAMILIAR, PLAIN):
                values = total.sel(grid=grid, years=years, engine=engine).values
                low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
                share = float(made.sel(years=years).mean()) / values.mean()
                cells.append(f"   {middle:>5.1f} [{low:>4.1f} - {high:>4.1f}] {share:>4.0%}        ")
            print(f"   {grid:<12}{years:>5}" + "".join(cells).rstrip())
    life = _life()[1]
    print(
        f"   Hardware counts by its time in use: of a lifetime of {life:.0f} years, 8 years are {8 / life:.1f} devices."
    )


def _engine(name: str) -> str:
    return name.replace("_120_392", "").replace("_seq_4", "").removeprefix("sp_").replace("superpoint_", "")
