"""A table of ratios: what users call, beside whole-array NumPy, xarray, SciPy and other tools, with equal answers.

    python benchmarks/table.py [--rows study,sobol] [--rounds 1] [--draws 1e6,1e7]
                               [--python peers=PATH] [--python brightway=PATH] [--python lca_algebraic=PATH]
                               [--against ROOT] [--json FILE]

Each case runs in a process of its own with one BLAS thread, in turns with the case that it is compared with. Ratios are
of the CPU time of one core, the median over rounds; rows of threads are of wall time. Draws of slower tools are fewer,
and costs are for each draw. Columns: the figure with the NumPy evaluator and with the extra `fast`; what it must be
with the first, and aims at with the second. Below stand the times and the answers of all cases.

The other tools stand in environments of their own, given by --python; a row without its tool says how to make one.
`--python fast=PATH` is for numba in an environment that has all that lca needs.
`--against` gives the root of another checkout, whose figures stand in a column of their own. The rows of 1e8 and 1e9
draws run only when --rows names them: `--rows long`.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
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


def measured(row: Row, columns: dict[str, tuple[Case, Path]], rounds: int, run: Runner) -> tuple[dict[str, str], Found]:
    """(the figure of each column as text, what each case found), with all cases in turns."""
    found: dict[str, list[Found]] = {name: [] for name in (*columns, "other")}
    for _ in range(rounds):
        for name, (case, root) in columns.items():
            if not found[name] or "lacking" not in found[name][-1]:
                found[name].append(run(case, root))
        if row.other is not None:
            found["other"].append(run(row.other, HERE.parent))
    texts = {}
    for name in columns:
        lacking = next((one["lacking"] for one in (*found[name], *found["other"]) if "lacking" in one), None)
        pairs = zip(found[name], found["other"] or [None] * rounds, strict=False)
        texts[name] = f"not available: {lacking}" if lacking else shown(
            statistics.median(figure_of(row, ours, other) for ours, other in pairs), row.figure)  # fmt: skip
    return texts, {name: middle(many) for name, many in found.items() if many and "lacking" not in many[0]}


def middle(many: list[Found]) -> Found:
    """The medians of the rounds, and the answer of the first."""
    return many[0] | {key: statistics.median(one[key] for one in many) for key in ("cpu", "wall", "mib")}


def shown(value: float, figure: str) -> str:
    """A figure with its unit, to about three digits."""
    number = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
    return f"{number}x" if figure in MULTIPLES else f"{number} {figure.removeprefix('wall ')}"


def apart(found: dict[str, Found]) -> str:
    """How far the answers of the columns and of the other side are apart, where they have the same names."""
    answers = [one["answer"] for one in found.values()]
    if len(answers) < 2:
        return ""
    if all(answer == answers[0] for answer in answers):
        return "same bits"
    names = set(answers[0]).intersection(*answers[1:])
    columns = [[answer[name] for answer in answers] for name in names]
    return f"{max(max(column) / min(column) - 1 for column in columns):.1%}" if columns else ""


def limit(text: str, figure: str) -> str:
    """What a figure must be, in its unit."""
    return "" if not text else f"{text}x" if figure in MULTIPLES else f"{text} {figure.removeprefix('wall ')}"


def where(rounds: int) -> str:
    """What was measured, and on what."""
    names = [f"{name} {metadata.version(name)}" for name in ("lca", "numpy", "scipy", "xarray")]
    python = ".".join(map(str, sys.version_info[:3]))
    return f"{', '.join(names)}, Python {python}, {os.cpu_count()} cores; medians of {rounds} rounds"


def main() -> None:
    """Print the table, row by row, and then all answers."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", default="", help="keys of rows, joined by commas; all but the long ones if not given")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--draws", default="1e6", help="numbers of draws, joined by commas")
    parser.add_argument("--python", action="append", default=[], metavar="NAME=PATH", help="the interpreter of a tool")
    parser.add_argument("--against", type=Path, help="the root of another checkout")
    parser.add_argument("--json", type=Path, help="a file for all that was measured")
    options = parser.parse_args()
    wanted = {key for key in options.rows.split(",") if key}
    table = [row for row in rows([int(float(n)) for n in options.draws.split(",")])
             if (row.key in wanted if wanted else row.key not in ON_DEMAND)]  # fmt: skip
    if unknown := wanted - {row.key for row in table}:
        raise SystemExit(f"no rows {sorted(unknown)}; there are {sorted({row.key for row in rows([1])})}")
    run, here = Runner(dict(text.split("=", 1) for text in options.python)), HERE.parent
    print(where(options.rounds) + "\n")
    heads = ["NumPy", "`fast`", *(["before"] if options.against else [])]
    print("| what | " + " | ".join(heads) + " | must | aim | answers apart |\n" + "|---" * (len(heads) + 4) + "|")
    everything = []
    for row in table:
        columns = {"NumPy": (row.ours.with_(evaluator="numpy") if row.evaluators else row.ours, here)}
        if row.evaluators:
            columns["`fast`"] = (row.ours.with_("fast", evaluator="numba"), here)
        if options.against:
            columns["before"] = (row.ours, options.against.resolve())
        texts, found = measured(row, columns, options.rounds, run)
        cells = [texts.get(head, "") for head in heads] + [limit(text, row.figure) for text in row.goals]
        print(f"| {row.what} | " + " | ".join(cells) + f" | {apart(found)} |", flush=True)
        everything.append({"what": row.what, **{head: texts.get(head, "") for head in heads}, "found": found})
    print("\n| case | CPU s | wall s | MiB | answer |\n|---|---|---|---|---|")
    for row, one in zip(table, everything, strict=True):
        for name, it in one["found"].items():
            answer = ", ".join(f"{key} {value:.5g}" for key, value in it["answer"].items())
            case = row.other.name if name == "other" and row.other else f"{row.ours.name}, {name}"
            print(f"| {row.what}: {case} | {it['cpu']:.3g} | {it['wall']:.3g} | {it['mib']:.0f} | {answer} |")
    if options.json:
        options.json.write_text(json.dumps(everything, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
