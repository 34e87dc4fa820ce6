"""How the cost of a run grows: with draws, parameters, labels, scenarios, years and threads, as one figure.

    python benchmarks/growth.py [--full] [--draws 1e5] [--python PATH] [--out docs/figures/growth.svg]

Each point is the median of three runs of `monte_carlo` and `summary` of the reference study, or of one like it, in a
process of its own. It is CPU time on one core; threads are in wall time. `--full` takes more and larger points, for the
figure of docs/speed.md. The line with numba needs an interpreter that has it. Without `--out` it prints the points
alone. The figure needs the extra `report`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from _rows import Case
from table import Runner

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Curve:
    """Points of one kind: what grows, the line it belongs to, and the case of each point."""

    panel: str
    line: str
    cases: dict[int, Case]
    clock: str = "cpu"


def curves(draws: int, full: bool) -> Iterator[Curve]:
    """All curves. `full` adds the larger points."""

    def grown(panel: str, name: str, option: str, small: tuple[int, ...], large: tuple[int, ...]) -> Curve:
        cases = {n: Case(name, {"draws": draws, option: n}) for n in sorted((*small, *(large if full else ())))}
        return Curve(panel, "lca", cases)

    points = (10**4, 10**5, 10**6, 10**7) if full else (10**4, 10**5, 10**6)
    study = {n: Case("library.study", {"draws": n}) for n in points}
    yield Curve("draws", "lca", {n: one.with_(evaluator="numpy") for n, one in study.items()})
    yield Curve("draws", "lca with numba", {n: one.with_("fast", evaluator="numba") for n, one in study.items()})
    yield Curve("draws", "whole-array NumPy", {n: Case("arrays.stages", {"draws": n}) for n in points})
    yield grown("uncertain parameters", "library.wide", "parameters", (10, 100), (30, 300, 1000))
    yield grown("engines side by side", "library.engines", "count", (1, 10), (3, 30, 100))
    yield grown("regions, each with 12 scenarios", "library.regions", "count", (1, 9), (3, 27))
    yield grown("years of use", "library.years", "count", (5, 20), (10, 40))
    million = {"draws": 10**6}  # so that there is work to share
    yield Curve("threads", "lca", {n: Case("library.study", million | {"threads": n}) for n in (1, 2)}, clock="wall")


def measured(curve: Curve, run: Runner) -> dict[int, float]:
    """Milliseconds of each point; without those that are not available."""
    found = {n: run(case, ROOT, repeats=3) for n, case in curve.cases.items()}
    return {n: 1e3 * one[curve.clock] for n, one in found.items() if "lacking" not in one}


def drawn(panels: dict[str, dict[str, dict[int, float]]], draws: int, out: Path) -> None:
    """The figure: a panel for each thing that grows, both axes logarithmic."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    mpl.rcParams.update({"svg.hashsalt": "growth", "font.size": 8, "svg.fonttype": "none"})
    figure, axes = plt.subplots(2, 3, figsize=(8.4, 4.8), layout="constrained")
    for axis, (panel, lines) in zip(axes.flat, panels.items(), strict=True):
        for style, (line, points) in zip(("o-", "^:", "s--"), lines.items(), strict=False):
            axis.plot(list(points), list(points.values()), style, label=line, markersize=4)
        axis.set(xscale="log", yscale="log", xlabel=panel)
        axis.set_ylabel("wall time, ms" if panel == "threads" else "CPU time, ms")
        _plain_ticks(axis, sorted({n for points in lines.values() for n in points}), lines)
        axis.grid(alpha=0.3)
        if len(lines) > 1:
            axis.legend(frameon=False, loc="lower right", fontsize=7.5, handlelength=1.4, borderaxespad=0.2)
    out.parent.mkdir(parents=True, exist_ok=True)
    figure.suptitle(f"monte_carlo and summary of {draws:,} draws; 1e6 for threads")
    figure.savefig(out, metadata={"Date": None} if out.suffix == ".svg" else None, dpi=150)


def _plain_ticks(axis: Any, marks: list[int], lines: dict[str, dict[int, float]]) -> None:
    """A tick for each point, and as many decades of time as the points fill, at least one."""
    from matplotlib import ticker

    axis.xaxis.set_major_locator(ticker.FixedLocator(marks))
    axis.xaxis.set_major_formatter(lambda n, _: f"{n:,.0f}" if n < 10**5 else f"1e{len(str(int(n))) - 1}")
    axis.xaxis.set_minor_locator(ticker.NullLocator())
    values = [value for points in lines.values() for value in points.values()]
    middle = (min(values) * max(values)) ** 0.5
    axis.set_ylim(min(min(values) / 1.5, middle / 4), max(max(values) * 1.5, middle * 4))
    axis.yaxis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
    axis.yaxis.set_major_formatter(lambda ms, _: f"{ms:,.4g}")
    axis.yaxis.set_minor_formatter(ticker.NullFormatter())


def main() -> None:
    """Print every point, and write the figure where one is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--full", action="store_true", help="more points, and larger ones")
    parser.add_argument("--draws", type=float, default=20_000, help="draws of all points but those of the first panel")
    parser.add_argument("--out", type=Path, help="the figure to write: SVG or PNG")
    parser.add_argument("--python", help="an interpreter with numba, if this one has none")
    options = parser.parse_args()
    run = Runner({"fast": options.python} if options.python else {})
    panels: dict[str, dict[str, dict[int, float]]] = {}
    print("| what grows | line | " + "points: milliseconds |\n|---|---|---|")
    for curve in curves(int(options.draws), options.full):
        if not (points := measured(curve, run)):
            continue
        panels.setdefault(curve.panel, {})[curve.line] = points
        text = "; ".join(f"{n:,}: {ms:.3g}" for n, ms in points.items())
        print(f"| {curve.panel} | {curve.line} | {text} |", flush=True)
    if options.out:
        drawn(panels, int(options.draws), options.out)


if __name__ == "__main__":
    main()
