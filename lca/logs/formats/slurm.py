"""What sacct of Slurm prints of jobs: ConsumedEnergyRaw in joules, or ConsumedEnergy with K, M or G.

The columns stand between bars (--parsable, --parsable2), or are aligned below dashes. An energy that is blank or 0 is
missing: Slurm writes 0 where it gathered none. The steps of a job (.batch, .extern, .0) measure the same nodes at the
same time, so the job counts and its steps do not. Slurm counts whole nodes, so an energy is that of a job only where
the job had its nodes alone (manual page of sacct, "ConsumedEnergy"). Where it was measured depends on the cluster: the
user says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from ...errors import LogError
from ..files.clock import Clock, length_of
from ..files.csv_rows import fills
from ..files.source import Source, number
from ..format import Format
from ..power.recording import meter_of
from ..runs.run_table import Run, RunTable

_ENERGY = ("ConsumedEnergyRaw", "ConsumedEnergy")
_USUAL = {"JobID", "JobIDRaw", "JobName", "State", "Elapsed", "ElapsedRaw", "CPUTimeRAW", "ExitCode", *_ENERGY}
_FACTS = ("JobName", "Partition", "State", "NNodes", "AllocNodes", "AllocCPUS", "NCPUS", "CPUTimeRAW")
_WITH_UNIT = re.compile(r"(\d+(?:\.\d+)?)([KMGTP]?)")
_FACTORS = {"": 1.0, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}
_ELAPSED = re.compile(r"(?:(\d+)-)?(\d+):(\d\d):(\d\d)(?:\.\d+)?")
#: What Slurm keeps where it has no value, in 32 bits and in 64.
_NO_VALUE = (4294967294.0, 4294967295.0, 2.0**63)
_FIX = "run sacct with --format=JobID,Elapsed,Start,NodeList,ConsumedEnergyRaw"


def _header(source: Source) -> tuple[list[str], list[slice]]:
    """The names of the columns, and where they stand in a line, if they are aligned; no names for another file."""
    first, second, *_ = [*source.start.split("\n", 2), "", ""]
    if "|" in first:
        names = [name.strip() for name in first.removesuffix("|").split("|")]
        return (names, []) if len(_USUAL & set(names)) > 1 or set(_ENERGY) & set(names) else ([], [])
    if not re.fullmatch(r"\s*-+(?: +-+)*\s*", second):
        return [], []
    places = [slice(*found.span()) for found in re.finditer(r"-+", second)]
    names = [first[place].strip() for place in places]
    return (names, places) if len(_USUAL & set(names)) > 1 else ([], [])


def _fits(source: Source) -> bool:
    return bool(_header(source)[0])


def _rows(source: Source, names: list[str], places: list[slice]) -> Iterator[tuple[int, dict[str, str]]]:
    for line, text in source.lines():
        if places:
            cells = [text[place].strip() for place in places]
        else:
            cells = [cell.strip() for cell in text.split("|")]
            cells = cells[:-1] if len(cells) == len(names) + 1 and not cells[-1] else cells
        if cells == names or not "".join(cells).strip("-"):
            continue
        if fills(source, line, cells, len(names), text):
            yield line, dict(zip(names, cells, strict=True))


def _read(source: Source) -> RunTable:
    names, places = _header(source)
    if not set(_ENERGY) & set(names):
        raise source.without_power("jobs without their energy", _FIX)
    label = next((name for name in ("JobID", "JobIDRaw") if name in names), None)
    if label is None and source.said.run != "jobs":
        raise LogError.of("jobs_without_ids", source.where())
    clock, steps = Clock(source), 0
    runs: dict[tuple[str, float | None], Run] = {}  # a job that is listed twice is one
    for line, cells in _rows(source, names, places):
        name = cells[label] if label else f"row {line}"
        if "." in name:
            steps += 1
            continue
        if run := _run(source, clock, line, name, cells):
            runs.setdefault((name, run.start), run)
    known = tuple(runs.values())
    notes = [*source.check(len(known) + steps), *_notes(known, steps)]
    if not known:
        raise LogError.of("no_samples", source.where())
    table = RunTable(source.path, "slurm", known, meter_of(source, ""), tuple(notes))
    return table.sel(run=source.said.run) if label and source.said.run else table


def _notes(runs: Sequence[Run], steps: int) -> Iterator[str]:
    yield "Slurm counts whole nodes: the energy is that of a job only where the job had its nodes alone"
    lacking = sum(run.joules is None for run in runs)
    if lacking:
        yield f'{lacking} jobs have no energy; .sel(energy_known="yes") leaves them out'
    if steps:
        yield f"{steps} steps are left out: they are within their jobs"


def _run(source: Source, clock: Clock, line: int, name: str, cells: dict[str, str]) -> Run | None:
    """The run of a row; None where its energy cannot be read."""
    joules, seconds = _joules(cells), _seconds(cells)
    if joules is None:
        source.refuse_line(line, "not an energy", next(cells[one] for one in _ENERGY if one in cells))
        return None
    stated = joules == joules
    facts = [(one, _plain(one, cells[one])) for one in _FACTS if cells.get(one)]
    facts.append(("energy_known", "yes" if stated else "no"))
    nodes = cells.get("NodeList", "")
    start = clock.read(cells.get("Start", ""))
    return Run(
        line,
        name,
        joules if stated else None,
        seconds,
        start,
        host=nodes,
        machine=bool(nodes),
        facts=tuple(facts),
        local=clock.local,
    )


def _joules(cells: dict[str, str]) -> float | None:
    """The energy of a row in J, NaN where it is missing, None where it is not a number; the raw one is the finer."""
    for name in _ENERGY:
        cell = cells.get(name, "")
        found = _WITH_UNIT.fullmatch(cell)
        if found is None and number(cell) is None:
            return None
        joules = float(found[1]) * _FACTORS[found[2]] if found else 0.0
        if joules > 0 and joules not in _NO_VALUE and joules < _NO_VALUE[-1]:
            return joules
    return float("nan")


def _seconds(cells: dict[str, str]) -> float | None:
    """How long a job took. Its CPU time is not that."""
    raw = number(cells.get("ElapsedRaw", ""))
    if raw is not None and raw == raw:
        return raw
    found = _ELAPSED.fullmatch(cells.get("Elapsed", ""))
    return None if found is None else length_of(*found.groups())


def _plain(name: str, cell: str) -> str:
    """A cell without who cancelled a job, and without folders."""
    return cell.split()[0] if name == "State" else PurePath(cell).name


FORMATS: Sequence[Format] = (
    Format("slurm", "sacct of Slurm", "RunTable", "said by the user", "real logs",
           "Jobs count, their steps do not. 0 and blank are missing.", _fits, _read),
)  # fmt: skip
