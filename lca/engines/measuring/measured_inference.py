"""An inference that was measured here: an Inference with its idle power and its measurement beside it (M8, A3)."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ...arguments import entry
from ...errors import MissingError
from ...graph.node import Node, constant
from ...inventory.inference.inference import Inference
from ...logs.power.power_log import PowerLog
from ...records.record import Maybe, Value, component, plain, quantity, slug
from ...units.parse import root
from .block_figures import Estimate, Figures, figures, idle_power
from .measurement import Measurement
from .measurement_file import load, save
from .readings import source_of, values_of
from .shown import block_data, engine_table, notes_of

if TYPE_CHECKING:
    import pandas
    import xarray


@component
class MeasuredInference(Inference):
    """Energy per inference of one engine or of many, as `lca.measure_inference` measured it (M8).

    It is an `lca.Inference`: gross, per inference, with the throughput. A deployment takes its `idle_power` too.

    Parameters
    ----------
    name, energy, per, baseline, batch, throughput, at, status, source, key : as in `lca.Inference`
        The measured figures.
    power, prefill, prefill_throughput, accelerator : as in `lca.Inference`
        Not measured.
    marginal_energy : quantity, J/inference at a boundary
        The energy above idle; None where no idle power was measured, or nothing is left above it.
    idle_power : quantity, W at a boundary
        The power with the engines loaded and nothing running.
    batch_size : quantity, inference/batch above 0
        Inferences in one execution.
    measurement : Measurement
        All that was recorded: blocks, idle times, samples of the meter, warm-up, versions.

    Examples
    --------
    >>> import lca
    >>> issubclass(lca.MeasuredInference, lca.Inference)
    True
    """

    marginal_energy: Maybe = quantity("J/inference", boundary="times", low=None, optional=True, default=None)
    idle_power: Maybe = quantity("W", boundary="times", optional=True, default=None)
    batch_size: Value = quantity("inference/batch", bare=True, above=True, default=1)
    measurement: Measurement = plain()

    def __str__(self) -> str:
        table = self.table().T.to_string(float_format="{:.4g}".format)
        lines = [f"{self.name}: {self.source}", table, *(f"note: {note}" for note in self.notes)]
        return "\n".join(lines)

    @cached_property
    def _figures(self) -> tuple[list[Figures], Estimate | None]:
        """The figures of each engine, and the idle power."""
        idle = idle_power(self.measurement)
        return figures(self.measurement, idle), idle

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What a reader has to know: what was stopped, did not settle, or drifted."""
        return notes_of(self.measurement, *self._figures)

    @property
    def data(self) -> xarray.Dataset:
        """The blocks in their order: engine, start, seconds, executions, energy, and quantiles of the latency."""
        return block_data(self.measurement)

    @property
    def log(self) -> PowerLog:
        """All samples of the meter. Raises `MissingError` where the power was assumed."""
        if self.measurement.log is None:
            raise MissingError.of("no_meter_was_there", f"{self.slug}.log")
        return self.measurement.log

    @property
    def energy_per_batch(self) -> Node:
        """Energy of one execution, gross, [J/batch at its boundary]."""
        return self.energy * self.batch_size

    @property
    def latency(self) -> Node | None:
        """Mean time of one execution, [s/batch]: they run one after the other, so it is batch over throughput."""
        if self.throughput is None:
            return None
        return self.batch_size / (self.throughput * constant(1.0, root("device")))

    def table(self) -> pandas.DataFrame:
        """One row for each engine: energy, power, throughput, latency, scatter and drift.

        Returns
        -------
        pandas.DataFrame
            The figures with their units in the names of the columns; `u` is the own standard uncertainty of the
            energy, without that of the meter, which all engines share.

        Examples
        --------
        >>> import lca
        >>> clock = lca.meters.ScriptedClock()
        >>> engine = lca.engines.scripted("net", seconds=0.01, batch=2, clock=clock)
        >>> measured = lca.measure_inference(engine, lca.meters.scripted(20.0, clock=clock), progress=False)
        >>> float(measured.table().loc["net", "J/inference"].round(6))
        0.1
        """
        return engine_table(self.measurement, *self._figures)

    @entry
    def without_idle(self) -> Inference:
        """The same with the energy above idle: its baseline is "marginal".

        Returns
        -------
        Inference
            The energy above idle, per inference.

        Raises
        ------
        MissingError
            If no idle power was measured, or the engines took no more than that.

        Examples
        --------
        >>> import lca
        >>> clock = lca.meters.ScriptedClock()
        >>> meter = lca.meters.scripted(lambda seconds: 20.0 if 6 < seconds < 38 else 2.0, clock=clock)
        >>> engine = lca.engines.scripted("net", seconds=0.01, clock=clock)
        >>> measured = lca.measure_inference(engine, meter, progress=False)
        >>> round(lca.nominal(measured.without_idle().energy).data["value"].item(), 4)
        0.18
        """
        if self.marginal_energy is None:
            raise MissingError.of("nothing_above_idle", f"{self.slug}.marginal_energy", list(self.notes))
        return Inference(self.name, self.given("marginal_energy"), per="inference", baseline="marginal")

    @entry
    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the whole measurement to a JSON file, sealed by a hash.

        Parameters
        ----------
        path : str or path
            The file, ending in .json.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        FileFormatError
            If the path does not end in .json.

        Examples
        --------
        >>> import lca, tempfile
        >>> clock = lca.meters.ScriptedClock()
        >>> engine = lca.engines.scripted("net", seconds=0.01, clock=clock)
        >>> measured = lca.measure_inference(engine, lca.meters.scripted(20.0, clock=clock), progress=False)
        >>> measured.save(f"{tempfile.mkdtemp()}/net.json").name
        'net.json'
        """
        return save(self.measurement, Path(path))

    @classmethod
    @entry
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """The measurement as it was saved, with every figure computed again from what was recorded.

        Parameters
        ----------
        path : str or path
            The file.

        Returns
        -------
        MeasuredInference
            The measured inference.

        Raises
        ------
        FileFormatError
            If the file is missing, was changed, or is not a saved measurement.

        Examples
        --------
        >>> import lca, tempfile
        >>> clock = lca.meters.ScriptedClock()
        >>> engine = lca.engines.scripted("net", seconds=0.01, clock=clock)
        >>> measured = lca.measure_inference(engine, lca.meters.scripted(20.0, clock=clock), progress=False)
        >>> lca.MeasuredInference.load(measured.save(f"{tempfile.mkdtemp()}/net.json")).energy
        <net.energy = 0.2 J at the component/inference>
        """
        return cls.of(load(Path(path)))

    @classmethod
    @entry
    def of(cls, measurement: Measurement) -> Self:
        """The figures of a measurement, computed from what it recorded.

        Parameters
        ----------
        measurement : Measurement
            What was recorded: the `measurement` of a measured inference.

        Returns
        -------
        MeasuredInference
            The measured inference.

        Examples
        --------
        >>> import lca
        >>> clock = lca.meters.ScriptedClock()
        >>> engine = lca.engines.scripted("net", seconds=0.01, clock=clock)
        >>> measured = lca.measure_inference(engine, lca.meters.scripted(20.0, clock=clock), progress=False)
        >>> lca.MeasuredInference.of(measured.measurement).throughput
        <net.throughput = 100 inference/(s device)>
        """
        found = values_of(measurement, slug(measurement.name))
        return cls(
            measurement.name, found.energy, per="inference", baseline="gross", throughput=found.throughput,
            idle_power=found.idle_power, marginal_energy=found.marginal_energy, batch_size=found.batch_size,
            measurement=measurement, status="measured", source=source_of(measurement),
        )  # fmt: skip
