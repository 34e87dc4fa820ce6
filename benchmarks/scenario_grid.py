"""Grids and tables of scenarios of docs/scenarios.md: how long they take, in which memory; and the figure of the page.

    python benchmarks/scenario_grid.py [--out docs/figures/best_board.svg]

Each row is measured in a process of its own.
"""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl

import lca

PAGE = Path(__file__).parents[1] / "docs" / "scenarios.md"
#: The subregions of eGRID, of the states and Puerto Rico.
REGIONS = [
    "AKGD", "AKMS", "AZNM", "CAMX", "ERCT", "FRCC", "HIMS", "HIOA", "MROE", "MROW", "NEWE", "NWPP", "NYCW", "NYLI",
    "NYUP", "PRMS", "RFCE", "RFCM", "RFCW", "RMPA", "SPNO", "SPSO", "SRMV", "SRMW", "SRSO", "SRTV", "SRVC",
]  # fmt: skip
LIVES = ["2 year", "3 year", "5 year", "8 year"]
RULES = ("reserved_time", "whole_units")


def study() -> lca.Study:
    """The study of the page."""
    first = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[0]
    names: dict[str, Any] = {}
    exec(compile(first, str(PAGE), "exec"), names)
    return names["study"]


def place(region: str) -> lca.Electricity:
    """The electricity of a subregion; that of Puerto Rico is published from 2021 on."""
    return lca.Electricity.lookup(f"US-{region}", 2021 if region == "PRMS" else 2019, basis="direct")


def grid() -> lca.Study:
    """27 regions, 4 lifetimes, 3 boards."""
    regions = {region: place(region) for region in REGIONS}
    return lca.scenarios(study(), {"region": {"hall.electricity": regions}, "board.lifetime": LIVES})


def numbers(count: int, *, boards: bool = False) -> lca.Study:
    """Cases that differ in numbers, of one board or of three."""
    base = study() if boards else study().sel(board="small")
    rows = {n: {"robots.load": f"{20 + n / 1000} inference/s", "robots.devices": 50 + n % 100} for n in range(count)}
    return lca.cases(base, rows, dim="n")


def numbers_and_words(count: int) -> lca.Study:
    """The same, half of them with another allocation rule."""
    small = study().sel(board="small")
    rows = {n: {"robots.load": f"{20 + n / 1000} inference/s", "robots.allocation": RULES[n % 2]} for n in range(count)}
    return lca.cases(small, rows, dim="n")


def records(count: int) -> lca.Study:
    """Each with a record of its own: an assembly for each."""
    small = study().sel(board="small")
    base = lca.Electricity.lookup("US-RFCW", 2019, basis="direct")
    rows = {n: {"hall.electricity": base.replaced(name=f"grid {n}")} for n in range(count)}
    return lca.cases(small, rows, dim="n")


ROWS: dict[str, tuple[Callable[[], lca.Study], int]] = {
    "27 regions x 4 lifetimes x 3 boards, 10,000 draws": (grid, 10_000),
    "5,000 cases of numbers, 1,000 draws": (lambda: numbers(5_000), 1_000),
    "20,000 cases of numbers, 1,000 draws": (lambda: numbers(20_000), 1_000),
    "5,000 cases of 3 boards, 10,000 draws, compared": (lambda: numbers(5_000, boards=True), 10_000),
    "20,000 cases of 3 boards, 1,000 draws, compared": (lambda: numbers(20_000, boards=True), 1_000),
    "5,000 cases of numbers and two words, 1,000 draws": (lambda: numbers_and_words(5_000), 1_000),
    "500 cases with a record each, 1,000 draws": (lambda: records(500), 1_000),
}


def measured(name: str) -> str:
    """A row of the table: CPU time to make the study, to run and sum up, and memory at most."""
    make, draws = ROWS[name]
    start = time.process_time()
    made = make()
    built = time.process_time()
    over = ("board",) if "compared" in name else None
    lca.summary(lca.monte_carlo(made, draws=draws, over=over, progress=False))
    done = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"| {name} | {built - start:.1f} s | {done - built:.1f} s | {peak:,.0f} MiB |"


def main() -> None:
    """Print the rows, and draw the figure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--row", choices=ROWS, help="measure this row alone, in this process")
    parser.add_argument("--out", type=Path, help="draw the figure of the page to this file")
    options = parser.parse_args()
    if options.row:
        print(measured(options.row))
        return
    for name in ROWS:
        subprocess.run([sys.executable, __file__, "--row", name], check=True)
    if options.out:
        mpl.rcParams.update({"svg.hashsalt": "cells", "svg.fonttype": "none"})
        result = lca.monte_carlo(grid(), draws=10_000, progress=False)
        (panel,) = lca.plot.heatmap(result, over="board", x="lifetime", y="region")
        panel.figure.savefig(options.out, metadata={"Date": None})
        print(lca.robust(result, over="board"))


if __name__ == "__main__":
    main()
