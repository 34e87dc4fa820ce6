"""What lca reads in every file of a folder, beside the facts that the folder states about it.

    python benchmarks/samples.py FOLDER [--only TEXT]

The facts come from every table in a *.md file of the folder that has the columns `file` and `fact`. A name with `..`
fits all files that it abbreviates; a name of a folder fits the files in it. The script holds no expected value: each
pair is judged by reading. For each file it prints the fact, and what was read: rows, span, energy and mean power of a
power log, the marks of a training log, the totals of a table of runs, the counts, rates and times of a log of
inference, or the refusal. Where the refusal says how to read the file, `lca.read(path, columns={...})`, it is read a
second time in that way, which is printed in front.
"""

from __future__ import annotations

import argparse
import ast
import fnmatch
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lca
from lca.errors import LcaError
from lca.logs.format import Log
from lca.logs.inference.bench_run import COUNTS, BenchRun
from lca.logs.inference.inference_log import InferenceLog
from lca.logs.power.power_log import PowerLog
from lca.logs.runs.run_table import RunTable


def facts(folder: Path) -> Iterator[tuple[str, str]]:
    """(file, fact) of every table with these columns."""
    for page in sorted(folder.glob("*.md")):
        head: list[str] = []
        for line in page.read_text(encoding="utf-8").splitlines():
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("|") else []
            head = cells if {"file", "fact"} <= set(cells) else head if cells else []
            if cells and head and cells != head and not set(line) <= set("|-: "):
                found = dict(zip(head, cells, strict=False))
                yield found["file"], found["fact"]


def fits(name: str, file: str) -> bool:
    """Whether the name that a table gives means a file; what stands in brackets behind it is a remark."""
    pattern = re.sub(r"\.\.+", "*", name.split(" (")[0].strip())
    return any(fnmatch.fnmatch(file, one) for one in (pattern, f"{pattern}*", f"{pattern}/*"))


def read(path: Path, **said: Any) -> list[str]:
    """What is read in a file, as lines of text; and once more in the way that a refusal says, with what it asks for."""
    try:
        return shown(lca.read(path, **said))
    except LcaError as error:
        sides = "".join(f" [{side}]" for side in error.sides[:2])
        lines = [f"refused: {error.what}{sides}; fix: {error.fix}".replace(f"{path}", path.name)]
        answer = asked(error.fix)
        if answer and not set(answer) <= set(said):
            lines += [f"with {answer}:", *read(path, **said, **answer)]
        return lines


def asked(fix: str) -> dict[str, Any]:
    """The arguments of the call `lca.read(path, ...)` in a text; none where there is no such call."""
    begin = fix.find("lca.read(path, ")
    for end in range(begin, len(fix) + 1 if begin >= 0 else begin):
        try:
            call = ast.parse(fix[begin:end], mode="eval").body
            if isinstance(call, ast.Call):
                return {str(one.arg): ast.literal_eval(one.value) for one in call.keywords}
        except (SyntaxError, ValueError):
            continue
    return {}


def shown(log: Log) -> list[str]:
    """The numbers of a log."""
    if isinstance(log, PowerLog):
        return [f"PowerLog, {log.format}", *_of_power(log)]
    if isinstance(log, RunTable):
        return [f"RunTable, {log.format}, {len(log.runs)} runs", *log.data.to_string(max_colwidth=28).splitlines()[:30],
                _value(log.energy, 3.6e6, "J"), *log.notes]  # fmt: skip
    if isinstance(log, InferenceLog):
        return [f"InferenceLog, {log.format}, {len(log.runs)} runs", *_of_inference(log), *log.notes]
    pace = ", ".join(f"{step:g}: {seconds:.6g} s" for step, seconds in zip(log.steps[:5], log.seconds[:5], strict=True))
    last = f"{log.steps.size} marks, the last {log.steps[-1]:g} at {log.seconds[-1]:.8g} s, planned {log.planned}"
    return [f"TrainingLog, {log.format}, {log.unit}: {last}; {pace}", *log.notes]


def _of_power(log: PowerLog) -> Iterator[str]:
    samples = sum(track.times.size for track in log.tracks)
    yield f"{samples} samples, {log.span:.8g} s, devices {log.devices}, own {log.own}, whole {log.whole}"
    for track in log.tracks:
        for name in track.names:
            part = {"channels": name, "devices": track.device, "gaps": "exclude"}
            yield f"  {track.device} {name}: {_value(lambda part=part: log.energy(**part), 3.6e6, 'J')}"
    yield f"energy(): {_value(log.energy, 3.6e6, 'J')}, mean power {_value(log.power, 1.0, 'W')}"
    yield from log.notes
    if log.training is not None:
        yield from shown(log.training)


def _of_inference(log: InferenceLog) -> Iterator[str]:
    for run in log.runs:
        yield f"  {run.name}: {_counts(run)}, batch {run.batch}, streams {run.streams}, warm-up {run.warmup}"
        for of, times in run.times.items():
            yield f"    {of} [ms]: " + ", ".join(f"{name} {1000 * one:.6g}" for name, one in times.items())
        if run.trace is not None:
            own = run.trace.statistics
            yield "    trace [ms]: " + ", ".join(f"{name} {1000 * one:.6g}" for name, one in own.items())
        if run.layers:
            whole = 1000 * sum(layer.seconds for layer in run.layers)
            yield f"    {len(run.layers)} layers, {whole:.6g} ms together, mean of {run.profiled} executions"
        yield from ([f"    {', '.join(f'{name}: {text}' for name, text in run.facts)}"] if run.facts else [])
        yield from ([f"    no rate: {run.no_rate}"] if run.no_rate else [])


def _counts(run: BenchRun) -> str:
    """What a run counted, in which time, and its rates."""
    totals = [f"{total.value:.9g} {count}" for count in COUNTS if (total := run.total(count))]
    rates = [f"{rate.value:.9g} {count}/s" for count in COUNTS if (rate := run.rate(count))]
    return ", ".join([*totals, "no time" if run.seconds is None else f"{run.seconds.value:.9g} s", *rates])


def _value(reading: Any, factor: float, unit: str) -> str:
    """An energy or a power, whose results are in kWh and W; or its refusal."""
    try:
        value = lca.nominal(lca.parameter("log", reading())).data["value"].item() * factor
    except LcaError as error:
        return f"refused: {error.what}"
    return f"{value:.9g} {unit}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="files whose path holds this text")
    options = parser.parse_args()
    stated = list(facts(options.folder))
    files = [path for path in sorted(options.folder.rglob("*")) if path.is_file() and path.suffix != ".md"]
    for path in files:
        name = path.relative_to(options.folder).as_posix()
        if options.only not in name:
            continue
        print(f"== {name}")
        for about, fact in stated:
            if fits(about, name):
                print(f"   fact: {fact}")
        for line in read(path):
            print(f"   read: {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
