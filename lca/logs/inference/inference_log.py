"""A log of inference: what benchmarks counted and timed; with a power log, the energy of each inference (M9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from ...arguments import entry
from ...checks import finite_number
from ...errors import LogError
from ...graph.inputs import Labelled
from ...meters.observed import Observed
from ..files.source import SHOWN
from ..power.power_log import PowerLog
from ..power.reading import Names
from ..shown import Shown
from .bench_run import COUNTS, BenchRun
from .joining import joined
from .layers import LayerEnergies, layer_energies
from .per_count import PerCount
from .rates import rates_of, seconds_of
from .shown_runs import facts_of, frame, latencies, layer_times, runs_with, tables_of
from .window import Window, power_of_run, powers_of_runs

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, eq=False, repr=False)
class InferenceLog(Shown):
    """Runs of a benchmark of inference, of an engine or of a server: `lca.read` returns it for such a file.

    An inference is one item carried through the network; a batch is one execution. Servers count requests and tokens.

    Parameters
    ----------
    path : Path
        The file.
    format : str
        The name of the format, as in the table of formats.
    runs : tuple of BenchRun
        One for each run.
    local : bool
        Whether the times of the runs are local ones, without a zone.
    notes : tuple of str
        What a reader of the result has to know.

    Examples
    --------
    >>> import lca, pandas, pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp(), "engine.log")
    >>> _ = file.write_text("[03/01/2026-10:00:09] [I] Input inference shapes: x=4x3x224x224\\n"
    ...     "[03/01/2026-10:00:09] [I] === Performance summary ===\\n[03/01/2026-10:00:09] [I] Throughput: 50 qps\\n"
    ...     "[03/01/2026-10:00:09] [I] Total Host Walltime: 3.00 s\\n")
    >>> log = lca.read(file)
    >>> print(log)
    <inference log engine.log>
          format: trtexec
           batch: 4
             run: 600 inferences, 150 executions in 3 s: 200 inferences/s, 50 executions/s
         warm-up: not known
    >>> rail = lca.power_log(pandas.Series([9.0, 9.2, 9.1], index=pandas.Index([0, 1, 2], name="s")), at="board")
    >>> energy, rate = log.energy(rail, window=(0, 2)), log.throughput()
    >>> engine = lca.Inference("engine", energy, per="inference", baseline="gross", throughput=rate)
    """

    _kind: ClassVar[str] = "inference log"
    _form: ClassVar[str] = "lca.read(path)"
    _as_value: ClassVar[str] = "give log.throughput() or log.energy(power)"  # what a field takes of it
    path: Path
    format: str
    runs: tuple[BenchRun, ...]
    local: bool = False
    notes: tuple[str, ...] = ()

    @cached_property
    def data(self) -> pandas.DataFrame:
        """One row for each run: what was counted, in which time, how fast, and what the tool says of it."""
        return frame(self.runs)

    @cached_property
    def latency(self) -> pandas.DataFrame:
        """The times in ms: a row for each run and each time that the tool states, and one from the trace."""
        return latencies(self.runs)

    @cached_property
    def profile(self) -> pandas.DataFrame:
        """The layers: a row for each, with its mean time in ms in a profiling run, and its share of the sum."""
        return layer_times(self.runs)

    @property
    def seconds(self) -> float:
        """How long the runs took by their clock, s, without what ran before it. Raises where that is not known."""
        return seconds_of(self.runs, str(self.path))

    @entry
    def sel(self, **facts: str | float) -> InferenceLog:
        """The runs of which a column has a value.

        Parameters
        ----------
        **facts : str or number
            A column of `.data` and its value: `run="batch 8"`, `batch=8`, `precision="FP16"`.

        Returns
        -------
        InferenceLog
            The runs that fit.

        Raises
        ------
        LogError
            If no run fits, or there is no such column.

        Examples
        --------
        >>> import lca, pathlib, tempfile
        >>> file = pathlib.Path(tempfile.mkdtemp(), "engine.log")
        >>> _ = file.write_text("".join(f"[03/01/2026-10:00:09] [I] Throughput: {n} qps\\n" for n in (50, 60)))
        >>> lca.read(file).sel(run="run (2)").throughput("batch").values[0].nominal
        60.0
        """
        return replace(self, runs=runs_with(self.runs, self.data, facts, str(self.path)))

    @entry
    def joined(self, *others: InferenceLog) -> InferenceLog:
        """The runs with what other files tell of them: a trace, the layers, the shapes.

        Parameters
        ----------
        *others : InferenceLog
            What `lca.read` returns for such files. Each holds one run, or as many as this log, in the same order.

        Returns
        -------
        InferenceLog
            The runs, with batch, trace, layers and facts. Of a trace that holds the warm-up too, what is above the
            count of the run is left out at its begin.

        Raises
        ------
        LogError
            If files contradict each other: another number of runs, another batch, too short a trace.

        Examples
        --------
        >>> import lca, pathlib, tempfile
        >>> folder = pathlib.Path(tempfile.mkdtemp())
        >>> timed, layers = folder / "engine.log", folder / "profile.json"
        >>> _ = timed.write_text("[03/01/2026-10:00:09] [I] Throughput: 50 qps\\n")
        >>> _ = layers.write_text('[{"count": 10}, {"name": "conv", "timeMs": 30.0, "averageMs": 3.0}]')
        >>> lca.read(timed).joined(lca.read(layers)).profile["layer"].tolist()
        ['conv']
        """
        made = self
        for other in others:
            runs = joined(made.runs, other.runs, [str(self.path), str(other.path)])
            made = replace(made, runs=runs, notes=tuple(dict.fromkeys((*made.notes, *other.notes))))
        return made

    @entry
    def with_batch(self, batch: float) -> InferenceLog:
        """The runs with the size of a batch, where the file does not say it.

        Parameters
        ----------
        batch : float
            The inferences in one execution, above 0.

        Returns
        -------
        InferenceLog
            The runs, each with this batch.

        Raises
        ------
        LogError
            If a run has another batch.

        Examples
        --------
        >>> import lca, pathlib, tempfile
        >>> file = pathlib.Path(tempfile.mkdtemp(), "engine.log")
        >>> _ = file.write_text("[03/01/2026-10:00:09] [I] Throughput: 50.0 qps\\n")
        >>> lca.read(file).with_batch(8).throughput().values[0].nominal
        400.0
        """
        size = finite_number(batch, "with_batch(batch=)", low=0, above=True)
        other = [f"{run.name}: {run.batch:g}" for run in self.runs if run.batch not in (None, size)]
        if other:
            raise LogError.of("runs_of_other_batches", str(self.path), [*other[:SHOWN], f"given: {size:g}"])
        return replace(self, runs=tuple(replace(run, batch=size) for run in self.runs))

    @entry
    def throughput(self, per: str = "inference") -> Labelled:
        """How many inferences (batches, requests, tokens) were done in a second, for a field.

        Parameters
        ----------
        per : str
            What is counted: "inference", "batch" (executions), "request", "output token" (or "token"), "input token".

        Returns
        -------
        Labelled
            The rate, as count over wall time; where several runs are, dims (run,). Its spread is that of the digits
            that the tool printed.

        Raises
        ------
        LogError
            If a run does not tell: the batch is not known, the tool printed 0, or one cold execution is all there is.

        Examples
        --------
        >>> import lca, pathlib, tempfile
        >>> file = pathlib.Path(tempfile.mkdtemp(), "engine.log")
        >>> _ = file.write_text("[03/01/2026-10:00:09] [I] Throughput: 167.872 qps\\n")
        >>> lca.read(file).throughput("batch").unit
        'batch/s'
        """
        return rates_of(self.runs, per, str(self.path))

    @entry
    def energy(
        self, power: PowerLog, *, per: str = "inference", window: Window = None, channels: Names = None,
        devices: Names = None, gaps: str = "refuse", max_gap: float | None = None,
        above: Observed | PowerLog | str | None = None,
    ) -> Observed:  # fmt: skip
        """The energy of one inference: the mean power while the run went on, over its rate.

        So the window need not be as long as the run; it must lie in it. Its gross energy holds the idle power.

        Parameters
        ----------
        power : PowerLog
            The power of the device, of which a part lies in the run.
        per : str
            What the energy is of, as for `throughput`.
        window : pair of str or float
            From when to when of the power log, as for `PowerLog.between`. If not given, the time of the run by its
            stamps; of logs without stamps the power log must be cut to the run.
        channels, devices : str or sequence of str
            What to add, as for `PowerLog.energy`. A rail that is a part of the device raises.
        gaps : str
            What becomes of a step without samples, as for `PowerLog.energy`.
        max_gap : float
            The longest step that does not count as a gap, s.
        above : PowerLog, reading or str
            The idle power, for the marginal energy, as for `PowerLog.energy`.

        Returns
        -------
        Observed
            The energy in J per what `per` says, at the boundary of the power log, for a field of a component. Of
            several runs with stamps, dims (run,).

        Raises
        ------
        LogError
            If the power log does not lie in the run, has too few samples in it, or the rate is not known.

        Examples
        --------
        >>> import lca, pandas, pathlib, tempfile
        >>> file = pathlib.Path(tempfile.mkdtemp(), "engine.log")
        >>> _ = file.write_text("[03/01/2026-10:00:09] [I] Throughput: 50.0 qps\\n")
        >>> rail = pandas.Series([9.0, 9.2, 9.1], index=pandas.Index([0, 1, 2], name="s"))
        >>> log = lca.read(file).with_batch(1)
        >>> log.energy(lca.power_log(rail, at="board"), window=(0, 2))
        <reading of log over engine.log: 0.1825 J at the board/inference>
        """
        rate, where = self.throughput(per), str(self.path)
        way = {"channels": channels, "devices": devices, "gaps": gaps, "max_gap": max_gap, "above": above}
        if len(self.runs) > 1 and window is None:
            drawn = powers_of_runs(self.runs, power, where, local=self.local, way=way)
        else:
            drawn = power_of_run(self._one(), power, window, where, local=self.local, way=way)
        return PerCount(drawn, rate, COUNTS[per], self.path.name)

    @entry
    def layers(
        self, power: PowerLog, *, per: str = "inference", window: Window = None, channels: Names = None,
        devices: Names = None, gaps: str = "refuse", above: Observed | PowerLog | str | None = None,
        spread: float = 1.5,
    ) -> LayerEnergies:  # fmt: skip
        """An estimate of the energy of each layer: its share of the time, of the energy of one inference.

        Only shares are taken from the profiling run: it is slower than the timed run. The power of a layer is assumed
        to be that of the mean, up to a factor.

        Parameters
        ----------
        power : PowerLog
            The power of the whole device during the timed run.
        per : str
            What the energy is of, "inference" or "batch".
        window, channels, devices, gaps, above : as for `energy`
            Which part of the power counts.
        spread : float
            How far the power of a layer may lie from the mean: a geometric standard deviation, 1 or more. Assumed.

        Returns
        -------
        LayerEnergies
            The estimates, dims (layer,), with status "assumed"; in each draw they sum to the energy of one inference.

        Raises
        ------
        LogError
            As for `energy`, and if no layers are known.

        Examples
        --------
        >>> import lca, pandas, pathlib, tempfile
        >>> file, profile = (pathlib.Path(tempfile.mkdtemp(), name) for name in ("engine.log", "profile.json"))
        >>> _ = file.write_text("[03/01/2026-10:00:09] [I] Throughput: 50.0 qps\\n")
        >>> _ = profile.write_text('[{"count": 1}, {"name": "conv", "averageMs": 3}, {"name": "fc", "averageMs": 1}]')
        >>> log = lca.read(file).with_batch(1).joined(lca.read(profile))
        >>> rail = pandas.Series([9.0, 9.2, 9.1], index=pandas.Index([0, 1, 2], name="s"))
        >>> log.layers(lca.power_log(rail, at="board"), window=(0, 2)).data["share of time"].tolist()
        [0.75, 0.25]
        """
        run = self._one()
        if not run.layers:
            raise LogError.of("no_layers_in_log", str(self.path), [run.name])
        energy = self.energy(power, per=per, window=window, channels=channels, devices=devices, gaps=gaps, above=above)
        return layer_energies(energy, run.layers, spread)

    def _one(self) -> BenchRun:
        """The only run; raises where there are several."""
        if len(self.runs) > 1:
            names = [run.name for run in self.runs]
            raise LogError.of("several_runs_of_inference", str(self.path), names[:SHOWN], first=names[0])
        return self.runs[0]

    def _facts(self) -> Mapping[str, str]:
        return {"format": self.format, **facts_of(self.runs)}

    def _tables(self) -> dict[str, str]:
        return tables_of({"runs": self.data, "latency": self.latency, "layers": self.profile})
