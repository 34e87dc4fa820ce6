"""How long a changed study takes to a result, on the README's study "Fifteen lines to a footprint with an interval".

    python benchmarks/change_to_result.py [--rounds 9] [--against PATH]

Milliseconds of CPU, medians over rounds in one process, after a warm-up round:

- the study itself, from what a user writes to the checked study, and a formula of 100 uncertain parameters, compiled;
- a changed input (`study.replace`) to a new nominal result: the load, then the period, which decides the years, and a
  distribution in place of a number, which is another form of the study;
- the same load to an interval: `monte_carlo` of 10,000 draws and `summary`;
- `monte_carlo` of 10,000 draws, first of a new study and again of the same; `summary` of the result, and its ratio to
  both, each ratio the median of those of the rounds;
- a scenario over ten labels (`study.vary`) to its nominal result;
- a second `report` of a result, and how many times `compile_program` runs for it (needs the extra `report`).

With `--against`, the lca of another checkout (its root folder) is timed the same way, in turns with this one, each in
processes of its own; the last column is this one over the other. The seconds are those of the machine: it fails
nothing.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).parent.parent
DRAWS = 10_000
TURNS = 3
ROWS = (
    ("the study", "ms"),
    ("100 uncertain parameters, compiled", "ms"),
    ("another load to a nominal result", "ms"),
    ("another period to a nominal result", "ms"),
    ("a spread for a number, to a nominal result", "ms"),
    ("another load to an interval", "ms"),
    ("vary over 10 labels to a nominal result", "ms"),
    ("monte_carlo, first of a study", "ms"),
    ("monte_carlo, again", "ms"),
    ("summary", "ms"),
    ("summary / monte_carlo, first", ""),
    ("summary / monte_carlo, again", ""),
    ("report, warm", "ms"),
    ("compile_program in one report", "times"),
)


def readme_study() -> Any:
    """The study of the README, with its numbers."""
    import lca

    nano = lca.Hardware.lookup("Jetson Nano")
    grid = lca.Electricity.trajectory("US-CAMX", range(2024, 2029), model="trend")
    socket = lca.Site("sockets", electricity=grid, supply_efficiency=lca.Triangular(0.75, 0.85, 0.90), pue=1.0)
    rail = lca.Meter("Jetson rail", at="board", accuracy="5 %")
    engines = lca.Inference("engines", rail.read({"FP16": 0.386, "FP32": 0.524}, "J/inference", dim="engine"),
                            per="inference", baseline="marginal")  # fmt: skip
    robots = lca.Deployment("robots", engines, on=nano, site=socket, devices=100, start=2024, period="5 year",
                            load=lca.Triangular("5 inference/s", "10 inference/s", "20 inference/s"), active="8 h/day",
                            idle_power="1.9 W at_board", allocation="reserved_time")  # fmt: skip
    unit = lca.FunctionalUnit("one frame", count=robots.inferences)
    excluded = {"development": lca.outside_goal("we compare deployments"),
                "training": lca.outside_goal("the weights exist")}  # fmt: skip
    return lca.Study("100 robots", robots, functional_unit=unit, alternatives=("engine",), excluded=excluded)


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """(milliseconds, what it gave)."""
    begin = time.process_time()
    made = act()
    return 1e3 * (time.process_time() - begin), made


def formula(number: int) -> Any:
    """The sum of fifty products of two uncertain parameters, compiled; `number` makes them other ones."""
    import lca
    from lca.graph.program import compile_program

    powers = [
        lca.parameter(f"{i}.power", lca.Lognormal(f"{100 + i} W at_wall", gsd=1.2 + number / 1e4)) for i in range(50)
    ]
    times = [lca.parameter(f"{i}.time", lca.Uniform("1 h", f"{2 + number / 1e4} h")) for i in range(50)]
    return compile_program({"total": sum(power * time for power, time in zip(powers, times, strict=True))})


def interval(study: Any) -> Any:
    """The table of a run of 10,000 draws."""
    import lca

    return lca.summary(lca.monte_carlo(study, draws=DRAWS, progress=False))


def one_round(study: Any, number: int) -> list[float]:
    """The times and ratios of one round; each changes the study to one that was not asked for yet."""
    import lca

    loads = {label: f"{1 + label + number / 100} inference/s" for label in range(10)}
    built, _ = timed(readme_study)
    compiled, _ = timed(lambda: formula(number))
    load = lca.Triangular("5 inference/s", f"{10 + number / 100} inference/s", "20 inference/s")
    loaded, _ = timed(lambda: lca.nominal(study.replace({"robots.load": load})))
    changed, _ = timed(lambda: lca.nominal(study.replace({"robots.period": f"{3 + number / 100} year"})))
    active = lca.Uniform("7 h/day", f"{8 + number / 100} h/day")
    spread, _ = timed(lambda: lca.nominal(study.replace({"robots.active": active})))
    asked = lca.Triangular("5 inference/s", f"{11 + number / 100} inference/s", "20 inference/s")
    drawn, _ = timed(lambda: interval(study.replace({"robots.load": asked})))
    varied, _ = timed(lambda: lca.nominal(study.vary("case", {"robots.load": loads})))
    fresh = study.replace({"robots.period": f"{4 + number / 100} year"})
    first, _ = timed(lambda: lca.monte_carlo(fresh, draws=DRAWS, progress=False))
    again, result = timed(lambda: lca.monte_carlo(fresh, draws=DRAWS, progress=False))
    summed, _ = timed(lambda: lca.summary(result))
    ratios = [summed / first, summed / again]
    return [built, compiled, loaded, changed, spread, drawn, varied, first, again, summed, *ratios]


def reports(study: Any, rounds: int) -> tuple[float, float]:
    """(milliseconds of a report after the first, how often `compile_program` runs); nan without what reports need."""
    import lca

    if any(importlib.util.find_spec(name) is None for name in ("matplotlib", "jinja2")):
        return float("nan"), float("nan")
    result = lca.monte_carlo(study, draws=1_000, progress=False)
    count = 0

    def look(frame: FrameType, event: str, given: Any) -> None:
        nonlocal count
        count += event == "call" and frame.f_code.co_name == "compile_program"

    with tempfile.TemporaryDirectory() as folder:
        lca.report(result, folder)
        times = [timed(lambda: lca.report(result, folder))[0] for _ in range(min(rounds, 3))]
        sys.setprofile(look)
        try:
            lca.report(result, folder)
        finally:
            sys.setprofile(None)
    return statistics.median(times), count


def measured(rounds: int) -> list[float]:
    """A figure for each row, of the lca that this process imports."""
    study = readme_study()
    one_round(study, 0)
    found = [one_round(study, number) for number in range(1, rounds + 1)]
    return [*(statistics.median(column) for column in zip(*found, strict=True)), *reports(study, rounds)]


def measured_at(root: Path, rounds: int) -> list[float]:
    """The figures of the lca of a checkout, from a process of its own."""
    command = [sys.executable, __file__, "--here", f"--rounds={rounds}"]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    where, *figures = json.loads(done.stdout)
    if Path(where).resolve() != (root / "lca").resolve():
        raise SystemExit(f"{root} was to be timed, and lca of {where} was imported: give the root of a checkout")
    return [float(figure) for figure in figures]


def main() -> None:
    """Print a row for each figure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--against", type=Path, help="the root of another checkout")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        import lca

        print(json.dumps([str(Path(lca.__file__).parent), *measured(options.rounds)]))
        return
    roots = [ROOT] if options.against is None else [ROOT, options.against.resolve()]
    turns = [[measured_at(root, options.rounds) for root in roots] for _ in range(TURNS)]
    medians = [[statistics.median(column) for column in zip(*of_root, strict=True)]
               for of_root in zip(*turns, strict=True)]  # fmt: skip
    print(f"medians of {TURNS} processes of {options.rounds} rounds")
    print(f"{'':<46}{'':<7}{'here':>9}" + (f"{'against':>10}{'here / against':>16}" if len(roots) > 1 else ""))
    for (name, unit), *figures in zip(ROWS, *medians, strict=True):
        other = f"{figures[1]:>10.2f}{figures[0] / figures[1]:>16.2f}" if len(roots) > 1 else ""
        print(f"{name:<46}{unit:<7}{figures[0]:>9.2f}{other}")


if __name__ == "__main__":
    main()
