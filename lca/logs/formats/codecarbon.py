"""The rows of CodeCarbon: emissions.csv of all versions, and the tables of tasks.

Written after real files of 2020, 2.x and 3.x, and after the documentation of its output, its methodology and its
source. Only energy and time are taken; its CO2 is not. What the columns mean:

- Energies are in kWh. `energy_consumed` is the sum of processors, cards and memory, so the boundary is their input.
- A `pue` that the user gave is in every energy, in each part too. It is taken out again here: a site has its own.
- A run that is flushed has several rows of one `run_id`, each with all that was used since the start: the last counts.
  Rows of tasks have one `run_id` too, but each its own energy.
- `timestamp` is the local time at which a row was written, so it is the end of the run.
- `tracking_mode` "machine" is the whole machine. "process" is a share of processors and memory, but whole cards.
- Memory is an estimate from its size. Whether processors were measured, the file does not say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...errors import LogError
from ..files.clock import Clock
from ..files.csv_rows import header, rows
from ..files.source import Source
from ..format import Format
from ..runs.run import Run, counted_once
from ..runs.run_table import RunTable
from ..runs.totals import KWH, amount, run_table

Row = Mapping[str, str]
_NEEDED = ("timestamp", "duration", "emissions", "energy_consumed")
_IDS = ("run_id", "experiment_id")  # in the order of choice: an experiment may hold several runs
_PARTS = {"cpu_energy": "processors", "gpu_energy": "cards", "ram_energy": "memory"}
_FACTS = (
    "project_name", "experiment_id", "tracking_mode", "codecarbon_version", "country_iso_code", "cpu_model",
    "gpu_count", "gpu_model", "pue",
)  # fmt: skip
#: What tells machines apart: CodeCarbon writes no name of the host. Cards are left out, since a user can select some.
_HOST = (
    "country_iso_code", "region", "cloud_provider", "cloud_region", "os", "cpu_count", "cpu_model", "ram_total_size",
    "longitude", "latitude",
)  # fmt: skip
#: W: half of the rated power that CodeCarbon takes for a processor that it does not know.
_UNKNOWN_PROCESSOR = "42.5"
_HINT = "energies of CodeCarbon are in kWh and durations in s: correct the file where they are not"


def _fits(source: Source) -> bool:
    return set(header(source)) >= set(_NEEDED)


def _read(source: Source) -> RunTable:
    names = header(source)
    run_id = next((name for name in _IDS if name in names), None)
    if run_id is None:
        raise LogError.of("runs_not_told_apart", source.where(), [", ".join(names)])
    clock, latest = Clock(source), dict[tuple[str, str], Run]()
    facts: dict[str, set[str]] = {}
    for line, row in rows(source, _NEEDED):
        run = _run(source, clock, line, row, row[run_id])
        key = (row[run_id] or f"line {line}", row.get("task_name", ""))
        before = latest.get(key)
        if line not in source.bad and before and (before.seconds or 0.0) > (run.seconds or 0.0):
            source.refuse_line(line, f"shorter than line {before.line} of the same run", run.name)
        if line not in source.bad:
            latest[key] = run
            for name in ("tracking_mode", "cpu_power", "pue"):
                facts.setdefault(name, set()).add(row.get(name, ""))
    runs = list(latest.values())
    return run_table(source, "codecarbon", runs, at="component", notes=_notes(runs, facts), hint=_HINT)


def _run(source: Source, clock: Clock, line: int, row: Row, run_id: str) -> Run:
    """One row; what is wrong with it is noted."""
    pue = amount(source, line, "pue", row.get("pue") or "1")
    energy, *parts = (
        amount(source, line, name, row.get(name, ""), KWH / (pue or 1.0)) for name in ("energy_consumed", *_PARTS)
    )
    seconds = amount(source, line, "duration", row["duration"])
    stop = clock.read(row["timestamp"])
    known = [(name, one) for name, one in zip(_PARTS.values(), parts, strict=True) if one is not None]
    if stop is None:
        source.refuse_line(line, "no time", row["timestamp"])
    if pue is not None and pue < 1:
        source.refuse_line(line, "a pue below 1", row["pue"])
    if energy is not None and len(known) == len(_PARTS) and abs(sum(one for _, one in known) - energy) > 0.01 * energy:
        source.refuse_line(line, "energy_consumed is not the sum of cpu_energy, gpu_energy and ram_energy")
    mode = row.get("tracking_mode", "")
    return Run(
        line, row.get("task_name") or run_id or f"{row.get('project_name', '')} line {line}".strip(),
        energy or None, seconds, None if stop is None or seconds is None else stop - seconds,
        host=" ".join(row.get(name, "") for name in _HOST), machine=mode == "machine", parts=tuple(known),
        facts=tuple((name, row[name]) for name in _FACTS if row.get(name)),
        cards=mode != "process" or dict(known).get("cards", 0.0) > 0, blur=1.0,
        local=clock.local,
    )  # fmt: skip


def _notes(runs: Sequence[Run], facts: Mapping[str, set[str]]) -> list[str]:
    """What is measured, estimated and left out, as far as the rows say."""
    found = ["energy only: the CO2 of CodeCarbon is not taken"]
    counted = [run for run in counted_once(runs) if run.joules is not None]
    memory = sum(dict(run.parts).get("memory", 0.0) for run in counted)
    if memory:
        share = memory / sum(run.joules or 0.0 for run in counted)
        found.append(f"memory is estimated from its size: {100 * share:.3g} % of the energy")
    processors = [dict(run.parts)["processors"] for run in counted if "processors" in dict(run.parts)]
    if any(processors):
        found.append("the file does not say whether processors were measured, or estimated from their rated power")
    if 0.0 in processors:
        found.append(
            f"{processors.count(0.0)} runs have 0 J of processors: these were not measured, so they are missing"
        )
    if _UNKNOWN_PROCESSOR in facts.get("cpu_power", ()):
        found.append(f"a processor that CodeCarbon does not know is taken as {_UNKNOWN_PROCESSOR} W")
    if pues := sorted(facts.get("pue", set()) - {"", "1", "1.0"}):
        found.append(f"the PUE of {', '.join(pues)} that CodeCarbon applied is taken out")
    if "process" in facts.get("tracking_mode", ()):
        found.append("process: a share of processors and memory, but cards as a whole")
    if hidden := len(runs) - len(counted_once(runs)):
        found.append(
            f"{hidden} of {len(runs)} runs lie within others of the same machine and count once; read them one by one "
            "if they are of several equal machines, or if each selected its own cards"
        )
    return found


FORMATS: Sequence[Format] = (
    Format("codecarbon", "CodeCarbon, emissions.csv", "RunTable", "component", "real logs",
           "Energy without its PUE. The last row of a run counts; runs of one machine at one time count once.",
           _fits, _read),
)  # fmt: skip
