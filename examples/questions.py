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
    print("\nB. THE SAME PROJECT DONE RIGHT")
    _corrections()
    _stages(fleet)
    print("\nC. THE LAB'S OPEN QUESTIONS")
    _questions(result, fleet, drivers, draws)
    print("\nD. WHAT IF   (t CO2e, median [90 % interval] and embodied share; electricity of 2023)")
    _scenarios(draws)
    written = lca.report(result, out)
    print(f"\nReport: {written}; every value and its source: {out / 'provenance.csv'}")
    print(f"Run the result again: lca.rerun({str(out / 'result.json')!r})")
    print(f"{time.perf_counter() - begin:.1f} s")


def _headline(fleet: lca.Result, drivers: pandas.DataFrame, draws: int) -> str:
    stages = lca.summary(fleet)
    shares = stages["share"].drop("total").sort_values(ascending=False)
    first, second = shares.index[:2]
    total = stages.loc["total"]
    return (
        f"{study.name}, cradle to grave: {first} ({shares[first]:.0%}) and {second} ({shares[second]:.0%}) "
        f"are the footprint; training is {shares['training']:.2%} of it.\n"
        f"Total {total['p50'] / 1e3:.1f} t CO2e (median; 90 % between {total['p5'] / 1e3:.1f} and "
        f"{total['p95'] / 1e3:.1f}); the widest unknown is {_key(drivers.index[0])}, "
        f"{drivers['total'].iloc[0]:.0%} of the variance.\n"
        f"lca {fleet.versions['lca']}, {draws:,} draws, seed {fleet.seed}; carbon footprint, attributional, "
        "electricity over its life cycle"
    )


def _mass(site: lca.Site, of: str) -> float:
    """Nominal kg of the operation of one activity at another site; what moves both moves them alike."""
    activity = training if of != "inference" else use.replaced(inference=inference.sel(engine=BEST))
    return float(lca.footprint(activity, site=site, draws=2)["nominal"].sum())


def _corrections() -> None:
    lab_grid = lca.Electricity(lab_tables.INTENSITY, at="facility", region="US", year=2018)
    bare = lca.Electricity.lookup("US-RFCW", 2019, basis="direct", gases="CO2").replaced(grid_loss=0.0)
    steps = {
        "PUE 1.58 removed: a wall meter at a desk has no cooling plant behind it": (
            "training",
            home.replaced(electricity=lab_grid, pue=lab_tables.PUE),
            home.replaced(electricity=lab_grid),
        ),
        "one grid for both tables, CO2e not CO2, with the grid's losses": (
            "training",
            home.replaced(electricity=lab_grid),
            home.replaced(electricity=STACKS),
        ),
        "  the same for inference (eGRID2019 RFCW, CO2 at the busbar before)": (
            "inference",
            field.replaced(electricity=bare),
            field.replaced(electricity=STACKS),
        ),
        "fuel supply and plants, too: life cycle instead of stacks alone": (
            "both",
            home.replaced(electricity=STACKS),
            home,
        ),
        "Jetson rail carried to the wall: a supply that is 85 % efficient (assumed)": (
            "inference",
            field.replaced(supply_efficiency=1.0),
            field,
        ),
    }
    print("   what changed")
    for text, (of, before, after) in steps.items():
        change = _mass(after, of) / _mass(before, of) - 1
        print(f"   {text:<76}{of:<10}{change:>+7.0%}")
    runs = lca.footprint(training)
    print(f"\n   {'training':<16}{'energy kWh':>11}{'CO2e kg':>9}{'90 % interval':>18}")
    for model, row in runs.iterrows():
        print(f"   {model:<16}{row['energy']:>11.3f}{row['nominal']:>9.3f}{row['p5']:>10.2f} -{row['p95']:>5.2f}")
    each = study.model.outputs["training/superpoint-backbones"]
    five = lca.monte_carlo({"five": lca.functions.total(each, "model")})
    low, high = five.data["five"].quantile([0.05, 0.95]).values
    print(
        f"   {'five trainings':<16}{runs['energy'].sum():>11.3f}{runs['nominal'].sum():>9.2f}{low:>10.2f} -{high:>5.2f}"
    )


def _stages(fleet: lca.Result) -> None:
    table = lca.summary(fleet)
    print(f"\n   cradle to grave: 100 robots, 5 years, 8 h/day, 10 inferences/s (5 to 20), engine {BEST}")
    print(f"   {'stage':<15}{'nominal':>9}{'median':>9}{'90 % interval':>19}{'share*':>9}   widest unknowns")
    for stage, row in table.iterrows():
        values = [significant(float(row[c]), 2 if stage != "total" else 3) for c in ("nominal", "p50", "p5", "p95")]
        key = str(stage).replace(" ", "_")
        line = f"   {stage:<15}{values[0]:>9}{values[1]:>9}{values[2]:>10} -{values[3]:>7}{row['share']:>9.2%}"
        print(f"{line}   {'' if stage == 'total' else _widest(key)}".rstrip())
    per = {name: lca.summary(fleet, per=name, unit=unit).loc["total"] for name, unit in _PER.items()}
    stacks = study.replace(dict.fromkeys(("pittsburgh-desk.electricity", "robots-sockets.electricity"), STACKS))
    direct = lca.nominal(stacks.sel(engine=BEST)).data
    plug = float(lca.nominal({"e": study.sel(engine=BEST).model.outputs["energy/robots"]}).data["e"].sum())
    print(
        f"   kg CO2e; * of the mean. = {_range(per['inference'])} mg CO2e per inference"
        f" = {_range(per['device_year'])} kg per robot and year; {plug:,.0f} kWh at the plug"
    )
    stated, drawn = (
        float(r.data["load"].median()) for r in (lca.nominal({"load": use.load}), lca.monte_carlo({"load": use.load}))
    )
    print(
        f"   nominal: inputs as stated, load {stated:.0f} inferences/s; "
        f"the draws of it lie about {drawn:.1f}: medians are above"
    )
    print(
        f"   on the direct basis (stacks alone, nominal): training {float(direct['training']):.2f} kg, "
        f"use {float(direct['use']):,.0f} kg, total {float(direct['total']):,.0f} kg"
    )
    _rules(draws=fleet.draws)


def _rules(draws: int) -> None:
    """Allocation of the hardware: two rules, on the same draws."""
    names = {"by time held": "reserved_time", "in whole devices": "whole_units"}
    both = study.sel(engine=BEST).vary("rule", {"robots.allocation": names})
    table = lca.summary(lca.monte_carlo(both, draws=draws, keep="stages"))
    print(f"\n   {'robots are charged':<22}{'making':>9}{'90 % interval':>19}{'total':>9}{'90 % interval':>19}")
    for label in names:
        cells = ""
        for stage in ("manufacturing", "total"):
            middle, low, high = (significant(float(table.loc[(label, stage), c]), 2) for c in ("p50", "p5", "p95"))
            cells += f"{middle:>9}{low:>10} -{high:>7}"
        print(f"   {label:<22}{cells}")
    low, life, high = _life()
    print(
        f"   kg CO2e; by time, a robot that lives {life:.0f} years ({low:.0f} to {high:.0f}) and serves 5 "
        f"is charged {5 / life:.2f}; whole, it is not used later"
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
    """The three parameters whose intervals move the stage most, each with its status."""
    best = study.sel(engine=BEST)
    statuses = lca.provenance({stage: best.model.outputs[stage]}, of=stage)["status"]
    widest = lca.tornado(best, of=stage).index[:3]
    return ", ".join(dict.fromkeys(f"{_short(key)} ({statuses[key]})" for key in widest))


def _short(key: str) -> str:
    return key.rsplit(".", 1)[-1].replace("_", " ").replace("-", " ")


def _key(key: str) -> str:
    """A key without the shelf it stands on: "class-edge-module.embodied"."""
    return key.removeprefix("hardware/").removeprefix("electricity/")


def _questions(result: lca.Result, fleet: lca.Result, drivers: dict[str, pandas.DataFrame], draws: int) -> None:
    data = fleet.data
    embodied = (data["manufacturing"] / data["total"]).quantile([0.05, 0.5, 0.95]).values
    mean = data["manufacturing"].mean().item() / data["total"].mean().item()
    print(
        f"   1 how much is in the hardware?  its making is {embodied[1]:.0%} of the total "
        f"({embodied[0]:.0%} to {embodied[2]:.0%} over the draws; {mean:.0%} of the means)"
    )
    robot = data["use"].mean().item() / 100 / (5 * YEAR)
    days = data["training"].mean().item() / robot
    print(
        f"   2 is training what matters?     no: {data['training'].mean().item() / data['total'].mean().item():.2%}; "
        f"one robot's electricity emits as much in {days:.0f} days, the fleet's in {days / 100 * 24:.0f} hours (means)"
    )
    _which_engine(result)
    _paid_back(draws)
    print("   5 what drives the uncertainty?  (total-order Sobol' index: of the total | per inference)")
    total, per = drivers["total"]["total"], drivers["inference"]["total"]
    shown = total.index[total > 0.01]
    for key in shown:
        print(f"       {_key(key):<38}{total[key]:>5.2f} | {per[key]:.2f}  {'#' * round(20 * total[key])}")
    rest = [key for key in total.index if key not in shown]
    print(f"       {f'the other {len(rest)} together':<38}{total[rest].sum():>5.2f} | {per[rest].sum():.2f}")
    measured = [key for key, kind in lca.provenance(study)["kind"].items() if kind == "measurement" and key in total]
    print(
        f"     -> perfect meters would remove {total[measured].sum():.1%} of the variance; "
        f"a sourced figure for {_key(shown[0])} up to {total[shown[0]]:.0%}"
    )


def _which_engine(result: lca.Result) -> None:
    shared = lca.compare(result, over="engine")["best"]
    alone = lca.Meter("Jetson rail", at="board")
    own = inference.replaced(energy=alone.read(engines["joules"], "J/inference", dim="engine", u="10 %"))
    apart = lca.monte_carlo(study.replace({"robots.inference": own}))
    each = lca.compare(apart, over="engine")["best"]
    best = shared.index[0]
    print(f"   3 which engine?                 {best}: P(best) {shared[best]:.0%} if readings share one meter error,")
    print(f"{'':<35}{each[best]:.0%} if each reading errs by 10 % (k=1) on its own")


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
    print("   4 when has training ResNet18 paid for itself?  (against pretrained_2_FP16; the desk's share is included)")
    print(
        f"{'':<35}after {middle:.0f} million inferences ({low:.0f} to {high:.0f}) "
        f"= {hours:.0f} active hours of all 100 robots at 10 inferences/s each"
    )


def _scenarios(draws: int) -> None:
    grids = {"RFC West": "US-RFCW", "California": "US-CAMX", "US average": "US"}
    there = {name: lca.Electricity.lookup(place, 2023) for name, place in grids.items()}
    desk = dict.fromkeys(there, there["RFC West"])  # one release for both places, but only the robots move
    many = study.vary("grid", {"robots-sockets.electricity": there, "pittsburgh-desk.electricity": desk})
    many = many.vary("years", {"robots.period": {n: f"{n} year" for n in (3, 5, 8)}})
    data = lca.monte_carlo(many, draws=draws, keep="stages").data
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
    owed = f"of a {life:.0f}-year life, 8 years are {8 / life:.1f} devices"
    print(f"   hardware is charged by calendar time in use ({owed})")


def _engine(name: str) -> str:
    return name.replace("_120_392", "").replace("_seq_4", "").removeprefix("sp_").replace("superpoint_", "")
