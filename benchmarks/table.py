"""A table of ratios: what users call, beside whole-array NumPy, xarray, SciPy and other tools, with equal answers.

    python benchmarks/table.py [--rows study,sobol] [--rounds 1] [--draws 1e6,1e7]
                               [--python peers=PATH] [--python brightway=PATH] [--python lca_algebraic=PATH]
                               [--against ROOT] [--into FILE] [--json FILE]

Each case runs in a process of its own with one BLAS thread, in turns with the case that it is compared with. Ratios are
of the CPU time of one core, the median over rounds; rows of threads are of wall time. Draws of slower tools are fewer,
and costs are for each draw. Columns: the figure with the NumPy evaluator and with the extra `fast`; what it must be
with the first, and aims at with the second. Below stand the times and the answers of all cases.

The other tools stand in environments of their own, given by --python; a row without its tool says how to make one.
`--python fast=PATH` is for numba in an environment that has all that lca needs.
`--against` gives the root of another checkout, whose figures stand in a column of their own. The rows of 1e8 and 1e9
draws run only when --rows names them: `--rows long`. `--into` also writes the table into a page, between its lines
`<!-- table -->` and `<!-- end of table -->`.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from _rows import INTERPRETERS, ON_DEMAND, Case, Row, rows

HERE = Path(__file__).parent
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
MULTIPLES = {"x", "wall x", "cost", "points"}

Found = dict[str, Any]


@dataclass(frozen=True)
class Runner:
    """Runs cases: under which interpreters, and with the lca of which checkout."""

    pythons: dict[str, str]

    def __call__(self, case: Case, root: Path, repeats: int | None = None) -> Found:
        python = self.pythons.get(case.python, "" if case.python in INTERPRETERS else sys.executable)
        if not python:
            return {"lacking": f"give --python {case.python}=PATH, made by: {INTERPRETERS[case.python]}"}
        environment = {**os.environ, **dict.fromkeys(ONE_THREAD, "1")}
        environment |= {} if case.python in INTERPRETERS else {"PYTHONPATH": str(root)}
        command = [python, str(HERE / "_one_case.py"), case.name, json.dumps(case.options)]
        command += [] if repeats is None else [str(repeats)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            return {"lacking": f"it failed: {(done.stderr.strip().splitlines() or ['?'])[-1]}"}
        return json.loads(done.stdout.strip().splitlines()[-1])


def figure_of(row: Row, ours: Found, other: Found | None) -> float:
    """The figure of one round."""
    if row.figure == "MiB":
        return float(ours["mib"])
    if row.figure == "points":
        return float(ours["answer"]["random draws"] / ours["answer"]["points"])
    clock = "wall" if row.figure.startswith("wall") else "cpu"
    if other is None:
        return float(ours[clock]) * (1000 if row.figure == "ms" else 1)
    mine, theirs = (one[clock] / one["numbers"] for one in (ours, other))
    return mine / theirs if row.figure == "cost" else theirs / mine


@dataclass(frozen=True)
class Measured:
    """A row that was measured: the figure of each column, or why there is none, and what each case found."""

    row: Row
    figures: dict[str, float]
    lacking: dict[str, str]
    found: dict[str, Found]


def others_of(row: Row, columns: dict[str, tuple[Case, Path]]) -> dict[str, str]:
    """The name of the case that each column is compared with, if any: of two threads, one thread of the same."""
    if row.figure == "wall x":
        return {name: f"{name}, one thread" for name in columns}
    return dict.fromkeys(columns, "other") if row.other else {}


def measured(row: Row, columns: dict[str, tuple[Case, Path]], rounds: int, run: Runner) -> Measured:
    """Measure all cases of a row in turns."""
    found: dict[str, list[Found]] = {}
    lacking: dict[str, str] = {}
    others = others_of(row, columns)
    cases = dict(columns)
    for name, other in others.items():
        case, root = columns[name]
        cases[other] = (row.other, HERE.parent) if row.other else (case.with_(threads=1), root)
    for _ in range(rounds):
        for name, (case, root) in reversed(cases.items()):  # what it is compared with first
            if name in lacking or others.get(name) in lacking:
                continue
            one = run(case, root)
            if "lacking" in one:
                lacking[name] = one["lacking"]
            else:
                found.setdefault(name, []).append(one)
    lacking |= {name: lacking[other] for name, other in others.items() if other in lacking}
    figures = {}
    for name in columns.keys() - lacking.keys():
        pairs = zip(found[name], found.get(others.get(name, ""), [None] * rounds), strict=True)
        figures[name] = statistics.median(figure_of(row, ours, other) for ours, other in pairs)
    return Measured(row, figures, lacking, {name: middle(many) for name, many in found.items() if name not in lacking})


def middle(many: list[Found]) -> Found:
    """The medians of the rounds, and the answer of the first."""
    return many[0] | {key: statistics.median(one[key] for one in many) for key in ("cpu", "wall", "mib")}


def with_unit(number: str, figure: str) -> str:
    """A number with the unit of its figure: "2.3x", "12 ms"."""
    return f"{number}x" if figure in MULTIPLES else f"{number} {figure.removeprefix('wall ')}"


def apart(found: dict[str, Found]) -> str:
    """How far the answers of a row are apart, where they have the same names."""
    answers = [one["answer"] for one in found.values()]
    if len(answers) < 2:
        return ""
    if all(answer == answers[0] for answer in answers):
        return "same bits"
    names = set(answers[0]).intersection(*answers[1:])
    columns = [[answer[name] for answer in answers] for name in names]
    return f"{max(max(column) / min(column) - 1 for column in columns):.1%}" if columns else ""


@dataclass
class Page:
    """The lines of the table as it grows, and why figures are not available."""

    heads: list[str]
    reasons: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def say(self, *lines: str) -> None:
        """Print lines, and keep them."""
        print(*lines, sep="\n", flush=True)
        self.lines += lines

    def row(self, before: list[str], goals: list[str], after: str) -> None:
        """Print a row, and keep it without its goals: a page says what is."""
        print(f"| {' | '.join([*before, *goals, after])} |", flush=True)
        self.lines.append(f"| {' | '.join([*before, after])} |")

    def start(self, rounds: int) -> None:
        """What was measured, and the head of the table."""
        names = [f"{name} {metadata.version(name)}" for name in ("lca", "numpy", "scipy", "xarray")]
        python = ".".join(map(str, sys.version_info[:3]))
        self.say(f"{', '.join(names)}, Python {python}, {os.cpu_count()} cores; medians over rounds: {rounds}.", "")
        self.row(["what", *self.heads], ["must", "aim"], "answers apart")
        self.row(["---"] * (1 + len(self.heads)), ["---"] * 2, "---")

    def add(self, one: Measured) -> None:
        """A row."""
        goals = [with_unit(goal, one.row.figure) if goal else "" for goal in one.row.goals]
        self.row([one.row.what, *(self.cell(one, head) for head in self.heads)], goals, apart(one.found))

    def cell(self, one: Measured, head: str) -> str:
        """A figure to about three digits, or the number of the reason why there is none."""
        if head in one.lacking:
            if one.lacking[head] not in self.reasons:
                self.reasons.append(one.lacking[head])
            return f"not available ({self.reasons.index(one.lacking[head]) + 1})"
        if head not in one.figures:
            return ""
        value = one.figures[head]
        return with_unit(f"{value:,.0f}" if value >= 100 else f"{value:.3g}", one.row.figure)

    def end(self) -> None:
        """The reasons."""
        self.say(*(f"\n({number}) {reason}." for number, reason in enumerate(self.reasons, 1)))

    def write(self, page: Path) -> None:
        """Put the table in the place of the one in a page."""
        begin, end = "<!-- table -->\n", "<!-- end of table -->\n"
        before, _, rest = page.read_text(encoding="utf-8").partition(begin)
        _, found, after = rest.partition(end)
        if not found:
            raise SystemExit(f"{page} has no lines {begin.strip()!r} and {end.strip()!r}")
        page.write_text(before + begin + "\n".join([*self.lines, end]) + after, encoding="utf-8")


def answers(row: Row, found: dict[str, Found]) -> Iterator[str]:
    """The times and the answer of each case of a row."""
    for name, one in found.items():
        answer = ", ".join(f"{key} {value:.5g}" for key, value in one["answer"].items())
        case = row.other.name if name == "other" and row.other else f"{row.ours.name}, {name}"
        yield f"| {row.what}: {case} | {one['cpu']:.3g} | {one['wall']:.3g} | {one['mib']:.0f} | {answer} |"


def columns_of(row: Row, before: Path | None) -> dict[str, tuple[Case, Path]]:
    """The case of each column, and the checkout whose lca it takes."""
    here = HERE.parent
    columns = {"NumPy": (row.ours.with_(evaluator="numpy") if row.evaluators else row.ours, here)}
    if row.evaluators:
        columns["`fast`"] = (row.ours.with_("fast", evaluator="numba"), here)
    if before is not None:
        columns["before"] = (row.ours, before.resolve())
    return columns


def main() -> None:
    """Print the table, row by row, and then the answers."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", default="", help="keys of rows, joined by commas; all but the long ones if not given")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--draws", default="1e6", help="numbers of draws, joined by commas")
    parser.add_argument("--python", action="append", default=[], metavar="NAME=PATH", help="the interpreter of a tool")
    parser.add_argument("--against", type=Path, help="the root of another checkout")
    parser.add_argument("--into", type=Path, help="a page that takes the table")
    parser.add_argument("--json", type=Path, help="a file for all that was measured")
    options = parser.parse_args()
    run = Runner(dict(text.split("=", 1) for text in options.python))
    page = Page(["NumPy", "`fast`", *(["before"] if options.against else [])])
    page.start(options.rounds)
    every = []
    for row in chosen([int(float(n)) for n in options.draws.split(",")], {*options.rows.split(",")} - {""}):
        every.append(measured(row, columns_of(row, options.against), options.rounds, run))
        page.add(every[-1])
    page.end()
    print("\n| case | CPU s | wall s | MiB | answer |\n|---|---|---|---|---|")
    print(*(line for one in every for line in answers(one.row, one.found)), sep="\n")
    if options.into:
        page.write(options.into)
    if options.json:
        kept = [{"what": one.row.what, "figures": one.figures, "found": one.found} for one in every]
        options.json.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def chosen(draws: list[int], keys: set[str]) -> list[Row]:
    """The rows that were asked for."""
    every = list(rows(draws))
    if unknown := keys - {row.key for row in every}:
        raise SystemExit(f"no rows {sorted(unknown)}; there are {sorted({row.key for row in every})}")
    return [row for row in every if (row.key in keys if keys else row.key not in ON_DEMAND)]


if __name__ == "__main__":
    main()
