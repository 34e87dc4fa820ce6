"""How long a changed study takes to a result, on the README's study "Fifteen lines to a footprint with an interval".

    python benchmarks/change_to_result.py [--rounds 9] [--against PATH]

Milliseconds, medians over rounds in one process, after a warm-up round:

- a changed input (`study.replace`) to a new nominal result;
- `monte_carlo` of 10,000 draws, first of a new study and again of the same; `summary` of the result, and its ratio to
  both, each ratio the median of those of the rounds;
- a scenario over ten labels (`study.vary`) to its nominal result;
- how many times `compile_program` runs for one `report` (needs the extra `report`).

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
    ("replace to a nominal result", "ms"),
    ("vary over 10 labels to a nominal result", "ms"),
    ("monte_carlo, first of a study", "ms"),
    ("monte_carlo, again", "ms"),
    ("summary", "ms"),
    ("summary / monte_carlo, first", ""),
    ("summary / monte_carlo, again", ""),
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
    begin = time.perf_counter()
    made = act()
    return 1e3 * (time.perf_counter() - begin), made


def one_round(study: Any, number: int) -> list[float]:
    """The times and ratios of one round; each changes the study to one that was not asked for yet."""
    import lca

    loads = {label: f"{1 + label + number / 100} inference/s" for label in range(10)}
    period = f"{3 + number / 100} year"
    changed, _ = timed(lambda: lca.nominal(study.replace({"robots.period": period})))
    varied, _ = timed(lambda: lca.nominal(study.vary("case", {"robots.load": loads})))
    fresh = study.replace({"robots.period": f"{4 + number / 100} year"})
    first, _ = timed(lambda: lca.monte_carlo(fresh, draws=DRAWS, progress=False))
    again, result = timed(lambda: lca.monte_carlo(fresh, draws=DRAWS, progress=False))
    summed, _ = timed(lambda: lca.summary(result))
    return [changed, varied, first, again, summed, summed / first, summed / again]


def compilations(study: Any) -> float:
    """How many times `compile_program` runs for one report; nan without what a report needs."""
    import lca

    if any(importlib.util.find_spec(name) is None for name in ("matplotlib", "jinja2")):
        return float("nan")
    result = lca.monte_carlo(study, draws=1_000, progress=False)
    count = 0

    def look(frame: FrameType, event: str, given: Any) -> None:
        nonlocal count
        count += event == "call" and frame.f_code.co_name == "compile_program"

    with tempfile.TemporaryDirectory() as folder:
        sys.setprofile(look)
        try:
            lca.report(result, folder)
        finally:
            sys.setprofile(None)
    return count


def measured(rounds: int) -> list[float]:
    """A figure for each row, of the lca that this process imports."""
    study = readme_study()
    one_round(study, 0)
    found = [one_round(study, number) for number in range(1, rounds + 1)]
    return [*(statistics.median(column) for column in zip(*found, strict=True)), compilations(study)]


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
    print(f"{'':<42}{'':<7}{'here':>9}" + (f"{'against':>10}{'here / against':>16}" if len(roots) > 1 else ""))
    for (name, unit), *figures in zip(ROWS, *medians, strict=True):
        other = f"{figures[1]:>10.2f}{figures[0] / figures[1]:>16.2f}" if len(roots) > 1 else ""
        print(f"{name:<42}{unit:<7}{figures[0]:>9.2f}{other}")


if __name__ == "__main__":
    main()
