"""From the runs that a format read to a table of runs: one place for all checks (M1, M3, M6)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...checks import did_you_mean
from ...errors import LogError
from ..files.source import LARGEST, SHOWN, Source, number
from ..power.plausible import MOST
from ..power.recording import meter_of
from .run import Run
from .run_table import RunTable

#: J in a kWh.
KWH = 3.6e6


def amount(source: Source, line: int, what: str, cell: str, factor: float = 1.0) -> float | None:
    """A number from 0 of a cell, times a factor; None where it is missing.

    A line with another content is noted.
    """
    read = number(cell)
    if read is not None and math.isnan(read):
        return None
    if read is None or not 0 <= read <= LARGEST:
        source.refuse_line(line, f"{what} is not a number from 0", cell)
        return None
    return read * factor


def run_table(
    source: Source, format: str, runs: Sequence[Run], *, at: str, accuracy: str | None = None, about: str = "",
    devices: int = 0, notes: Sequence[str] = (), hint: str = "",
) -> RunTable:  # fmt: skip
    """The table of the runs that a format read, after all checks.

    Parameters
    ----------
    source, format, runs
        The file, the name of its format, and the runs.
    at : str
        The boundary where the format measures; "" where it cannot know.
    accuracy, about : str
        What is stated of the error, and where.
    devices : int
        How many cards the tool counts, which bounds the power; a whole machine if 0.
    notes : sequence of str
        What a reader of the result has to know.
    hint : str
        What to check where a mean power is too high.

    Returns
    -------
    RunTable
        The runs; only the one named with `run=`, if any.

    Raises
    ------
    LogError
        For bad lines, for a file without runs, for a name that is not there, and for power that cannot be.
    """
    said = source.check(len(runs))
    if not runs:
        raise LogError.of("no_samples", source.where())
    chosen = [run for run in runs if run.name == source.said.run] if source.said.run else list(runs)
    if not chosen:
        names = list(dict.fromkeys(run.name for run in runs))
        near = did_you_mean(source.said.run, names)
        raise LogError.of("no_such_run", source.where(), names[:SHOWN], run=source.said.run, near=near)
    _refuse_power(source, chosen, MOST["component"] * devices if devices else MOST["wall"], hint)
    meter = meter_of(source, at, accuracy=accuracy, about=about)
    return RunTable(source.path, format, tuple(chosen), meter, (*notes, *said))


def _refuse_power(source: Source, runs: Sequence[Run], most: float, hint: str) -> None:
    """Raise for runs of which the mean power is above what the devices can draw."""
    sides = [
        f"{source.where(run.line)}: {run.name}: {run.joules:.4g} J in {run.seconds:.4g} s"
        for run in runs
        if run.joules and run.seconds is not None and run.joules > most * run.seconds
    ]
    if sides:
        fix = hint or "check the unit of the energy in the file"
        raise LogError.of("power_above_the_device", source.where(), [*sides[:SHOWN], f"at most {most:g} W"], fix=fix)
