"""A table of runs: the energy and the time of each, as tools write them when a run ends (M3)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from ...arguments import Kind, entry
from ...checks import did_you_mean
from ...distributions.lognormal import Lognormal
from ...errors import LogError
from ...graph.inputs import Labelled, labelled
from ...meters.meter import Meter, Reading
from ...records.notebook import table
from ...units.number_text import readable, significant
from ...units.parse import root
from ..files.source import SHOWN
from ..power.moments import moment_text
from ..power.reading import with_scatter
from ..shown import Shown
from ..training.marks import counted as counted_in_words
from .run import Run as Run
from .run import counted_once, overlapping

if TYPE_CHECKING:
    import pandas


_TEXT = Kind("a text", lambda value: isinstance(value, str))
#: Names of runs that a table shows of itself.
_NAMES = 6
#: s since 1970 that are dates, up to the year 9892; another start is of a clock that counts from elsewhere.
DATED = (1e8, 2.5e11)


@dataclass(frozen=True, eq=False, repr=False)
class RunTable(Shown):
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

    _kind: ClassVar[str] = "run table"
    _form: ClassVar[str] = "lca.read(path)"
    _as_value: ClassVar[str] = "give runs.energy() or runs.energies(dim)"  # what a field takes of it

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
            start = None if run.start is None else moment_text(run.start, DATED[0] <= run.start < DATED[1])
            own = {"run": run.name, "start": start}
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
            If no run fits, or there is no such column.

        Examples
        --------
        >>> import lca, pathlib, tempfile
        >>> file = pathlib.Path(tempfile.mkdtemp(), "zeus.csv")
        >>> _ = file.write_text("start_time,window_name,elapsed_time,gpu0_energy\\n1.5,a,9,20\\n11.5,b,9,30\\n")
        >>> lca.read(file).sel(run="b").energy()
        <reading of zeus.csv: 30 J at the component>
        """
        for name, value in facts.items():
            if not _TEXT.holds(value):
                _TEXT.refuse(value, f"sel({name}=)", name)
        known = [dict(run.facts) | {"run": run.name} for run in self.runs]
        columns = {str(name) for one in known for name in one}
        if unknown := [name for name in facts if name not in columns]:
            near = did_you_mean(unknown[0], sorted(columns))
            raise LogError.of("no_such_column_of_runs", str(self.path), column=unknown[0], near=near)
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

        Of runs that count the whole of one machine, each moment counts once. A run that lies within another one is in
        its energy already: ranks of one training, or a part of a training beside the whole.

        Returns
        -------
        Reading
            The energy at the boundary of the tool, for a field of a component.

        Raises
        ------
        LogError
            If a run has no energy, or if runs share only a part of their time and so of their energy.

        Examples
        --------
        >>> import lca, pathlib, tempfile
        >>> file = pathlib.Path(tempfile.mkdtemp(), "zeus.csv")
        >>> _ = file.write_text("start_time,window_name,elapsed_time,gpu0_energy\\n1.5,a,9,20\\n11.5,b,9,30\\n")
        >>> lca.read(file).energy()
        <reading of zeus.csv: 50 J at the component>
        """
        counted = self._with_energy(self._counted())
        fewer = len(counted) < len(self.runs)
        joules, u = sum(run.joules or 0.0 for run in counted), math.hypot(*(run.u for run in counted))
        return self._reading(
            {"": (joules, u)},
            f"{self.path.name}: {len(counted)} of {len(self.runs)} runs counted"
            if fewer
            else f"{self.path.name}: {len(self.runs)} runs",
        )

    @entry
    def energies(self, dim: str = "run") -> Reading:
        """The energy of each run, by its name.

        Parameters
        ----------
        dim : str
            The dim that the names label, such as "model".

        Returns
        -------
        Reading
            The energies at the boundary of the tool, dims (`dim`,), for a field of a component.

        Raises
        ------
        LogError
            If a run has no energy.
        LabelError
            If two runs have one name.

        Examples
        --------
        >>> import lca, pathlib, tempfile
        >>> file = pathlib.Path(tempfile.mkdtemp(), "zeus.csv")
        >>> _ = file.write_text("start_time,window_name,elapsed_time,gpu0_energy\\n1.5,a,9,20\\n11.5,b,9,30\\n")
        >>> lca.read(file).energies("phase")
        <readings of zeus.csv, phase: 2 [kWh at the component]>
        """
        runs = self._with_energy(self.runs)
        self._refuse_same_names()
        return self._reading({run.name: (run.joules or 0.0, run.u) for run in runs}, self.path.name, dim)

    @entry
    def durations(self, dim: str = "run") -> Labelled:
        """The duration of each run, by its name.

        Parameters
        ----------
        dim : str
            The dim that the names label, such as "model".

        Returns
        -------
        Labelled
            The durations in s, dims (`dim`,), for a field of a component.

        Raises
        ------
        LogError
            If a run has no duration.

        Examples
        --------
        >>> import lca, pathlib, tempfile
        >>> file = pathlib.Path(tempfile.mkdtemp(), "zeus.csv")
        >>> _ = file.write_text("start_time,window_name,elapsed_time,gpu0_energy\\n1.5,a,9,20\\n11.5,b,9,30\\n")
        >>> lca.read(file).durations().values
        (9.0, 9.0)
        """
        self._refuse_same_names()
        return labelled({run.name: run.seconds for run in self._with_duration(self.runs)}, "s", dim=dim)

    @property
    def seconds(self) -> float:
        """How long the runs took, s: the time that at least one run of a machine took, summed over machines.

        Raises `LogError` where a run has no duration, or where runs share only a part of it.
        """
        return sum(run.seconds or 0.0 for run in self._with_duration(self._counted()))

    def _with_energy(self, runs: Sequence[Run]) -> Sequence[Run]:
        lacking = [self._place(run) for run in self.runs if run.joules is None]
        if lacking:
            sides = [*lacking[:SHOWN], *self.notes]  # the notes say why
            raise LogError.of("runs_without_energy", str(self.path), sides, count=len(lacking))
        return runs

    def _with_duration(self, runs: Sequence[Run]) -> Sequence[Run]:
        lacking = [self._place(run) for run in self.runs if run.seconds is None]
        if lacking:
            raise LogError.of("runs_without_duration", str(self.path), lacking[:SHOWN], count=len(lacking))
        return runs

    def _refuse_same_names(self) -> None:
        names = Counter(run.name for run in self.runs)
        if twice := [self._place(run) for run in self.runs if names[run.name] > 1]:
            raise LogError.of("runs_share_a_name", str(self.path), twice[:SHOWN])

    def _reading(self, energies: Mapping[str, tuple[float, float]], source: str, dim: str = "") -> Reading:
        """The readings of (energy, standard uncertainty), J, by name; of one energy without a dim."""
        values = {name: with_scatter(joules, u) if u else joules for name, (joules, u) in energies.items()}
        unit = f"J at_{self.meter.at}"
        given = labelled(values, unit, dim=dim) if dim else Labelled(tuple(values.values()), unit)
        own = zip(values.values(), energies.values(), strict=True)
        scatter = tuple(0.0 if isinstance(value, Lognormal) else u for value, (_, u) in own)
        reading = Reading(self.meter, given, scatter, 0.0, False, "measured", source)
        reading.check()
        return reading

    def _place(self, run: Run) -> str:
        return f"{self.path}:{run.line}: {run.name}" if run.line else f"{self.path}: {run.name}"

    def _counted(self) -> list[Run]:
        """The runs that count; raises for those that share a part of their energy with another one."""
        counted = counted_once(self.runs)
        if pairs := overlapping(counted):
            sides = [f"{self._place(one)}; {self._place(other)}" for one, other in pairs[:SHOWN]]
            raise LogError.of("runs_overlap", str(self.path), sides, count=len(pairs))
        return counted

    def _facts(self) -> Mapping[str, str]:
        known = [run for run in self.runs if run.joules is not None]
        names = [run.name for run in self.runs]
        return {
            "format": self.format,
            "boundary": f"at the {self.meter.at}",
            "size": counted_in_words(len(self.runs), "run")
            + ("" if len(known) == len(self.runs) else f", {len(known)} with an energy"),
            "names": ", ".join(names[:_NAMES]) + ", ..." * (len(names) > _NAMES),
            "energy": self._said_energy(),
        }

    def _said_energy(self) -> str:
        """The energy for people, or why there is none."""
        try:
            counted = self._with_energy(self._counted())
        except LogError as error:
            return f"refused: {error.what}"
        joules = sum(run.joules or 0.0 for run in counted)
        unit, factor = readable(root("J"), joules or 1.0)
        of = counted_in_words(len(counted), "run")
        return f"{significant(joules / factor)} {unit} of {of}{' that count' * (len(counted) < len(self.runs))}"

    def _tables(self) -> dict[str, str]:
        heads, shown = tuple(self.data.columns), self.data.head(SHOWN).itertuples(index=False)
        return {"runs": table(heads, [tuple(map(str, row)) for row in shown])}


def reading_of_runs(log: RunTable, runs: Sequence[tuple[Run, float]]) -> Reading:
    """The energy of some runs of a table, each with the share of it that counts."""
    joules, u = sum((run.joules or 0.0) * share for run, share in runs), math.hypot(*(run.u * s for run, s in runs))
    return log._reading({"": (joules, u)}, f"{log.path.name}: {len(runs)} of {len(log.runs)} runs")
