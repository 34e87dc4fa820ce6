"""An inference that was measured here: an Inference with its idle power and its measurement beside it (M8, A3)."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ..arguments import entry
from ..distributions.families import Normal
from ..distributions.lognormal import Lognormal
from ..errors import MissingError
from ..formulas import marginal_energy
from ..graph.fields import Declared, make_parameter, resolve
from ..graph.inputs import Labelled, read_value
from ..graph.labels import Dims, make_dim
from ..graph.node import Node, constant, parameter_node
from ..inventory.inference import Inference
from ..inventory.label_patterns import parse_names
from ..logs.power.power_log import PowerLog
from ..logs.power.reading import with_scatter
from ..meters.meter import Meter, Reading
from ..records.record import Maybe, component, plain, quantity, slug
from ..units.parse import root
from .estimates import Estimate, Figures, figures_of, idle_power
from .measurement import Measurement
from .measurement_file import load, save
from .shown import block_data, engine_table, notes_of

if TYPE_CHECKING:
    import pandas
    import xarray

#: The spread of a power that is assumed and says none: 5 to 95 % is about half of it to twice.
ASSUMED_GSD = 1.5
_POWER = Declared(("W",), boundary="times", above=True)


@component
class MeasuredInference(Inference):
    """Energy per inference of one engine or of many, as `lca.measure_inference` measured it (M8).

    It is an `lca.Inference`: gross, per inference, with the throughput. A deployment takes its `idle_power` too.

    Parameters
    ----------
    name, energy, per, baseline, batch, throughput, at, status, source, key : as in `lca.Inference`
        The measured figures.
    marginal_energy : quantity, J/inference at a boundary
        The energy above idle; None where no idle power was measured, or nothing is left above it.
    idle_power : quantity, W at a boundary
        The power with the engines loaded and nothing running.
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
    measurement: Measurement = plain()

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What a reader has to know: what was stopped, did not settle, or drifted."""
        return notes_of(self.measurement, figures(self.measurement), idle_power(self.measurement))

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
        dims = tuple(dim for dim in self.energy.dims if dim.name == "engine")
        sizes = {one.name: float(one.batch) for one in self.measurement.engines}
        values = [sizes[str(label)] for label in dims[0].labels] if dims else next(iter(sizes.values()))
        return self.energy * constant(values, root("inference/batch"), dims)

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
        >>> list(lca.MeasuredInference.table.__annotations__)
        ['return']
        """
        return engine_table(self.measurement, figures(self.measurement), idle_power(self.measurement))

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
        >>> lca.MeasuredInference.without_idle.__name__
        'without_idle'
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
        >>> import lca
        >>> lca.MeasuredInference.save.__name__
        'save'
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
        >>> import lca
        >>> lca.MeasuredInference.load.__name__
        'load'
        """
        return cls._of(load(Path(path)))

    @classmethod
    def _of(cls, measurement: Measurement) -> Self:
        """The record of a measurement."""
        found, idle, dims = figures(measurement), idle_power(measurement), dims_of(measurement)
        prefix, source = slug(measurement.name), source_of(measurement)
        throughput = _throughput(f"{prefix}.throughput", [one.throughput for one in found], dims, source)
        said = {"throughput": throughput, "status": "measured", "source": source}
        of = {"name": measurement.name, "per": "inference", "baseline": "gross", "measurement": measurement, **said}
        if measurement.log is None:
            power = _assumed(measurement.assumed_power, f"{prefix}.power")
            return cls(energy=power / throughput, **of)
        shown = _Shown(measurement.log.meter, found, dims, source)
        idle_node = None if idle is None else shown.idle(idle).node(f"{prefix}.idle_power")
        above = None if idle_node is None else shown.above(idle_node, f"{prefix}.gross_energy")
        return cls(energy=shown.gross(), idle_power=idle_node, marginal_energy=above, **of)


def figures(measurement: Measurement) -> list[Figures]:
    """The figures of each engine, in their order."""
    idle = idle_power(measurement)
    return [figures_of(measurement, one.name, one.batch, idle) for one in measurement.engines]


def dims_of(measurement: Measurement) -> Dims:
    """The dim `engine`, with the batch and what the pattern of the names gives as coordinates (D3)."""
    if not measurement.labelled:
        return ()
    names = [one.name for one in measurement.engines]
    pieces = parse_names(measurement.names, names) if measurement.names else {}
    return (make_dim("engine", names, {"batch": [one.batch for one in measurement.engines]} | pieces),)


def source_of(measurement: Measurement) -> str:
    """The source of the figures, in words."""
    meter = "no meter" if measurement.log is None else measurement.log.meter.name
    each = min(len(measurement.of(one.name)) for one in measurement.engines)
    return f"measured {measurement.started}: {meter}, {each} blocks of {measurement.plan.block:g} s for each engine"


def _throughput(key: str, rates: list[Estimate], dims: Dims, source: str) -> Node:
    values = _spread(rates)
    given = Labelled(tuple(values), "inference/s", dims)
    return parameter_node(make_parameter(key, given, status="measured", source=source, kind="measurement"))


def _spread(figures: list[Estimate]) -> list[Lognormal | Normal | float]:
    """The values with their own spread."""
    found = [(with_scatter(one.value, one.u), one.u) for one in figures]
    return [Normal(one, u) if u and not isinstance(one, Lognormal) else one for one, u in found]


def _assumed(said: str, key: str) -> Node:
    """A power that somebody assumes, with the spread that it states or a wide one."""
    given = read_value(said, key)
    value = given.values[0]
    spread = value if not isinstance(value, float) else Lognormal(value, ASSUMED_GSD).in_unit(given.unit)
    return resolve(spread, _POWER, key=key, status="assumed", source="assumed_power= of the measurement")


class _Shown:
    """The figures of a meter as readings, which share its error."""

    def __init__(self, meter: Meter, found: list[Figures], dims: Dims, source: str) -> None:
        self.meter, self.found, self.dims, self.source = meter, found, dims, source

    def gross(self) -> Reading:
        """The energy per inference, with the scatter of its blocks."""
        return self._energy([one.energy for one in self.found if one.energy is not None])

    def idle(self, power: Estimate) -> Reading:
        """The idle power."""
        return _reading(self.meter, [power], "W", (), self.source, 1.0)

    def above(self, idle: Node, key: str) -> Node | None:
        """The energy per inference less that of the idle power; None where nothing is left of it.

        The scatter is that of what the blocks took above the idle power.
        """
        pairs = [(one.energy, one.above_idle) for one in self.found if one.energy and one.above_idle]
        if not pairs or min(above.value for _, above in pairs) <= 0:
            return None
        gross = self._energy([Estimate(energy.value, above.u) for energy, above in pairs]).node(key)
        rate = constant(self._labelled([one.throughput.value for one in self.found]), root("inference/s"), self.dims)
        return marginal_energy(gross, idle, rate)

    def _energy(self, energies: list[Estimate]) -> Reading:
        times = [one.seconds for one in self.found]
        span = tuple(times) if self.dims else times[0]
        return _reading(self.meter, energies, "J", self.dims, self.source, span)

    def _labelled(self, values: list[float]) -> list[float] | float:
        return values if self.dims else values[0]


def _reading(
    meter: Meter, figures: list[Estimate], unit: str, dims: Dims, source: str, span: float | tuple[float, ...]
) -> Reading:
    """Figures of a meter as one reading; joules are per inference."""
    per = "/inference" if unit == "J" else ""
    values = tuple(with_scatter(one.value, one.u) for one in figures)
    scatter = tuple(0.0 if isinstance(value, Lognormal) else one.u for value, one in zip(values, figures, strict=True))
    given = Labelled(values, f"{unit} at_{meter.at}{per}", dims)
    return Reading(meter, given, scatter, 0.0, False, "measured", source, span)
