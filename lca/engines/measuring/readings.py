"""From the figures of a measurement to values with unit, source and spread: readings of one meter (U10, M8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...distributions.base import Distribution
from ...distributions.families import Normal
from ...distributions.lognormal import Lognormal
from ...errors import LabelError
from ...formulas import energy_at_rate, marginal_energy, served_energy
from ...graph.fields import Declared, make_parameter, resolve
from ...graph.inputs import Labelled, read_value
from ...graph.labels import Dims, make_dim
from ...graph.node import Node, constant, parameter_node
from ...inventory.inference.label_patterns import parse_names
from ...logs.power.reading import with_scatter
from ...meters.assumption import ASSUMED_GSD
from ...meters.meter import Meter, Reading
from ...units.parse import parse_unit, root
from .block_figures import Estimate, Figures, figures, idle_power
from .measurement import Measurement, Subject

_POWER = Declared(("W",), boundary="times", above=True)


class Values(NamedTuple):
    """What the fields of a measured inference take."""

    energy: Reading | Node
    throughput: Node
    batch_size: Node
    idle_power: Node | None
    marginal_energy: Node | None


def values_of(measurement: Measurement, prefix: str) -> Values:
    """The values of a measurement, under keys that begin with `prefix`."""
    idle, source = idle_power(measurement), source_of(measurement)
    found = figures(measurement, idle)
    dims = dims_of(measurement.engines, measurement.names) if measurement.labelled else ()
    rates, unit = [one.throughput for one in found], "inference/s" if measurement.log is None else "inference/s/device"
    throughput = _throughput(f"{prefix}.throughput", Labelled(tuple(map(_spread, rates)), unit, dims), source)
    sizes = [float(one.batch) for one in measurement.engines]
    batch_size = constant(sizes if dims else sizes[0], root("inference/batch"), dims)
    if measurement.log is None:
        energy = served_energy(assumed(measurement.assumed_power, f"{prefix}.power"), throughput)
        return Values(energy, throughput, batch_size, None, None)
    readings = _Readings(measurement.log.meter, found, dims, source)
    idle_node = None if idle is None else readings.idle(idle).node(f"{prefix}.idle_power")
    above = None if idle_node is None else readings.above(idle_node, f"{prefix}.gross_energy")
    energy = readings.at_rate(throughput, f"{prefix}.energy") if any(one.slope for one in found) else readings.gross()
    return Values(energy, throughput, batch_size, idle_node, above)


def dims_of(engines: Sequence[Subject], names: str) -> Dims:
    """The dim `engine`, with the batch and what the pattern of the names gives as coordinates (D3)."""
    labels = [one.name for one in engines]
    batches = tuple(one.batch for one in engines)
    pieces = parse_names(names, labels) if names else {}
    pairs = zip(engines, pieces.get("batch", batches), strict=True)
    if wrong := [f"{one.name}: {one.batch}" for one, said in pairs if str(one.batch) != str(said)]:
        raise LabelError.of("batch_of_another_name", repr(names), wrong)
    return (make_dim("engine", labels, {"batch": batches, **pieces}),)


def source_of(measurement: Measurement) -> str:
    """The source of the figures, in words."""
    meter = "no meter, times only" if measurement.log is None else measurement.log.meter.name
    each = min(len(measurement.of(one.name)) for one in measurement.engines)
    return f"measured {measurement.started}: {meter}, {each} blocks of {measurement.schedule.block:g} s for each engine"


def _throughput(key: str, rates: Labelled, source: str) -> Node:
    return parameter_node(make_parameter(key, rates, status="measured", source=source, kind="measurement"))


def _spread(one: Estimate) -> Distribution | float:
    """A figure with its own spread."""
    value = with_scatter(one.value, one.u)
    return Normal(value, one.u) if one.u and isinstance(value, float) else value


def assumed(said: str, key: str) -> Node:
    """A power that somebody assumes, with the spread that it states or a wide one."""
    given = read_value(said, key)
    value = given.values[0]
    spread = value if isinstance(value, Distribution) else Lognormal(value, ASSUMED_GSD).in_unit(given.unit)
    return resolve(spread, _POWER, key=key, status="assumed", source="assumed_power= of the measurement")


def assumed_watts(said: str) -> float:
    """The nominal value of an assumed power, W."""
    given = read_value(said, "assumed_power")
    value = given.values[0]
    return (value.nominal if isinstance(value, Distribution) else value) * parse_unit(given.unit)[0]


class _Readings:
    """The figures of a meter as readings, which share its error."""

    def __init__(self, meter: Meter, found: Sequence[Figures], dims: Dims, source: str) -> None:
        self.meter, self.found, self.dims, self.source = meter, found, dims, source

    def gross(self) -> Reading:
        """The energy per inference, with the scatter of its blocks that their times do not explain."""
        return self._energy([Estimate(one.energy.value, one.rest) for one in self.found if one.energy is not None])

    def at_rate(self, throughput: Node, key: str) -> Node:
        """The same with the scatter that it shares with the throughput: a slow block takes more (M8)."""
        at, rates = self.meter.at, [one.throughput.value for one in self.found]
        slopes = self._constant([one.slope for one in self.found], f"W at_{at}/device")
        return energy_at_rate(self.gross().node(key), slopes, throughput, self._constant(rates, "inference/s/device"))

    def idle(self, power: Estimate) -> Reading:
        """The idle power."""
        return self._reading([power], f"W at_{self.meter.at}", (), 1.0)

    def above(self, idle: Node, key: str) -> Node | None:
        """The energy per inference less that of the idle power; None where nothing is left of it.

        The scatter is that of what the blocks took above the idle power.
        """
        pairs = [(one.energy, one.above_idle) for one in self.found if one.energy and one.above_idle]
        if not all(one.is_above_idle for one in self.found):
            return None
        gross = self._energy([Estimate(energy.value, above.u) for energy, above in pairs]).node(key)
        rates = self._constant([one.throughput.value for one in self.found], "inference/s")
        return marginal_energy(gross, idle, rates)

    def _constant(self, values: Sequence[float], unit: str) -> Node:
        """Numbers of the engines that have no spread of their own."""
        return constant(list(values) if self.dims else values[0], root(unit), self.dims)

    def _energy(self, energies: Sequence[Estimate]) -> Reading:
        times = tuple(one.seconds for one in self.found)
        return self._reading(energies, f"J at_{self.meter.at}/inference", self.dims, times if self.dims else times[0])

    def _reading(
        self, figures: Sequence[Estimate], unit: str, dims: Dims, span: float | tuple[float, ...]
    ) -> Reading:  # fmt: skip
        """Figures as one reading; an offset of the meter counts for `span` seconds."""
        values = tuple(with_scatter(one.value, one.u) for one in figures)
        scatter = tuple(one.u if isinstance(value, float) else 0.0 for value, one in zip(values, figures, strict=True))
        return Reading(
            self.meter, Labelled(values, unit, dims), scatter, 0.0, False, self.meter.readings, self.source, span
        )
