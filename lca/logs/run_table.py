"""A table of runs: the energy and the time of each, as tools write them when a run ends (M3)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..arguments import entry
from ..distributions.lognormal import Lognormal
from ..errors import LogError
from ..graph.inputs import Labelled
from ..meters.meter import Meter, Reading
from ..records.notebook import box, table
from ..units.number_text import readable, significant
from ..units.registry import root
from .moments import moment_text
from .power_log import with_scatter
from .source import SHOWN

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Run:
    """One run: what a tool said of it when it ended. None stands for what it did not say."""

    line: int  # of the file; 0 where a file holds one run
    name: str
    joules: float | None  # of the devices that the tool counts
    seconds: float | None
    start: float | None = None  # s since 1970
    host: str = ""  # the machine, whose whole energy it is if `machine`
    machine: bool = False  # the tool counted the whole machine, not one process
    parts: tuple[tuple[str, float], ...] = ()  # (component, J) as the tool splits the energy
    facts: tuple[tuple[str, str], ...] = ()  # other columns that say what was run
    u: float = 0.0  # the standard uncertainty of `joules` itself, such as the steps of two displays, J


@dataclass(frozen=True, eq=False, repr=False)
class RunTable:
    """The totals of runs, such as the rows of CodeCarbon: `lca.read` returns it for such a file or folder.

    Parameters
    ----------
    path : Path
        The file or folder.
    format : str
        The name of the format, as in the table of formats.
    runs : tuple of Run
        One for each run.
    meter : Meter
        What measured, with its boundary and accuracy.
    notes : tuple of str
        What a reader of the result has to know.

    Examples
    --------
    >>> import lca, pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp(), "zeus.csv")
    >>> _ = file.write_text("start_time,window_name,elapsed_time,gpu0_energy\\n100.5,epoch,9.2,2053.6\\n")
    >>> lca.read(file).energy()
    <reading of zeus.csv: 2053.6 J at the component>
    """

    path: Path
    format: str
    runs: tuple[Run, ...]
    meter: Meter
    notes: tuple[str, ...] = ()

    @cached_property
    def data(self) -> pandas.DataFrame:
        """One row for each run: name, start, seconds, joules, the parts of the energy, and what the tool says."""
        import pandas

        rows = []
        for run in self.runs:
            own = {"run": run.name, "start": None if run.start is None else moment_text(run.start, True)}
            split = {f"{part} [J]": joules for part, joules in run.parts}
            rows.append(own | {"seconds": run.seconds, "energy [J]": run.joules} | split | dict(run.facts))
        return pandas.DataFrame(rows)

    @entry
    def sel(self, **facts: str) -> RunTable:
        """The runs of which a column has a value.

        Parameters
        ----------
        **facts : str
            A column of `.data` and its value: `run="train"`, `project_name="detector"`.

        Returns
        -------
        RunTable
            The runs that fit.

        Raises
        ------
        LogError
            If no run fits.

        Examples
        --------
        >>> import lca, pathlib, tempfile
        >>> file = pathlib.Path(tempfile.mkdtemp(), "zeus.csv")
        >>> _ = file.write_text("start_time,window_name,elapsed_time,gpu0_energy\\n1.5,a,9,20\\n11.5,b,9,30\\n")
        >>> lca.read(file).sel(run="b").energy()
        <reading of zeus.csv: 30 J at the component>
        """
        known = [dict(run.facts) | {"run": run.name} for run in self.runs]
        kept = [all(one.get(column) == value for column, value in facts.items()) for one in known]
        if not any(kept):
            sides = [
                f"{column}: {', '.join(sorted({str(one.get(column)) for one in known})[:SHOWN])}" for column in facts
            ]
            raise LogError.of("no_run_fits", str(self.path), sides)
        return replace(self, runs=tuple(run for run, keep in zip(self.runs, kept, strict=True) if keep))

    @entry
    def energy(self) -> Reading:
        """The energy of all runs together.

        Of runs that count the whole of one machine at the same time, each moment counts once: where their times
        overlap, only the run with the most energy counts. They are the ranks of one training, or two runs side by
        side, and each says the energy of the machine.

        Returns
        -------
        Reading
            The energy at the boundary of the tool, for a field of a component.

        Raises
        ------
        LogError
            If a run has no energy.

        Examples
        --------
        >>> import lca, pathlib, tempfile
        >>> file = pathlib.Path(tempfile.mkdtemp(), "zeus.csv")
        >>> _ = file.write_text("start_time,window_name,elapsed_time,gpu0_energy\\n1.5,a,9,20\\n11.5,b,9,30\\n")
        >>> lca.read(file).energy()
        <reading of zeus.csv: 50 J at the component>
        """
        lacking = [self._place(run) for run in self.runs if run.joules is None]
        if lacking:
            raise LogError.of("runs_without_energy", str(self.path), lacking[:SHOWN], count=len(lacking))
        counted = self._counted()
        joules = sum(run.joules or 0.0 for run in counted)
        said = (
            f"{self.path.name}: {len(counted)} of {len(self.runs)} runs counted"
            if len(counted) < len(self.runs)
            else ""
        )
        source = said or f"{self.path.name}: {len(self.runs)} runs"
        u = math.hypot(*(run.u for run in counted))
        value = with_scatter(joules, u) if u else joules
        given = Labelled((value,), f"J at_{self.meter.at}")
        scatter = 0.0 if isinstance(value, Lognormal) else u
        reading = Reading(self.meter, given, (scatter,), 0.0, False, "measured", source)
        reading.check()
        return reading

    @property
    def seconds(self) -> float:
        """How long the runs took, s: the time that at least one run of a machine took, summed over machines.

        Raises `LogError` where a run has no duration.
        """
        lacking = [self._place(run) for run in self.runs if run.seconds is None]
        if lacking:
            raise LogError.of("runs_without_duration", str(self.path), lacking[:SHOWN], count=len(lacking))
        return sum(run.seconds or 0.0 for run in self._counted())

    def _place(self, run: Run) -> str:
        return f"{self.path}:{run.line}: {run.name}" if run.line else f"{self.path}: {run.name}"

    def _counted(self) -> list[Run]:
        """The runs without those whose machine another run counts at the same time; the largest energy counts."""
        kept: list[Run] = []
        for run in sorted(self.runs, key=lambda one: -(one.joules or 0.0)):
            if not any(_counted_by(run, other) for other in kept):
                kept.append(run)
        return kept

    def _facts(self) -> Mapping[str, str]:
        known = [run for run in self.runs if run.joules is not None]
        counted = [run for run in self._counted() if run.joules is not None]
        unit, factor = readable(root("J"), sum(run.joules or 0.0 for run in counted) or 1.0)
        energy = significant(f"{sum(run.joules or 0.0 for run in counted) / factor:.10g} {unit}")
        return {
            "format": self.format,
            "boundary": f"at the {self.meter.at}",
            "runs": f"{len(self.runs)}" + ("" if len(known) == len(self.runs) else f", {len(known)} with an energy"),
            "energy": f"{energy} of {len(counted)} runs that are counted once",
        }

    def __repr__(self) -> str:
        lines = [f"{name:>12}: {said}" for name, said in self._facts().items()]
        return "\n".join([f"<run table {self.path.name}>", *lines, *(f"{'note':>12}: {note}" for note in self.notes)])

    def _repr_html_(self) -> str:
        heads, shown = tuple(self.data.columns), self.data.head(SHOWN).itertuples(index=False)
        details = {"runs": table(heads, [tuple(map(str, row)) for row in shown])}
        return box("run table", self.path.name, self._facts(), details)


def _counted_by(run: Run, other: Run) -> bool:
    """Whether another run counts the same machine at the same time, for more than half of the shorter one."""
    if not (run.machine and other.machine and run.host == other.host):
        return False
    if run.start is None or other.start is None or run.seconds is None or other.seconds is None:
        return False
    common = min(run.start + run.seconds, other.start + other.seconds) - max(run.start, other.start)
    return common > 0.5 * min(run.seconds, other.seconds)
