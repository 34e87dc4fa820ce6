"""A power log: what meters showed over time, with its boundary, and its energy as a reading (chapter M)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt

from ..arguments import entry
from ..checks import did_you_mean, one_of
from ..distributions.lognormal import Lognormal
from ..errors import AccountingError, LogError
from ..graph.inputs import Labelled, labelled
from ..meters.meter import Meter, Reading
from ..meters.observed import Observed, Total
from ..records.notebook import box, table
from .baseline import declared_power, over_devices
from .channel import Channel
from .integration import GAPS, Integral, integrate
from .moments import moment_text, seconds_of
from .track import Track

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes

    from .training_log import TrainingLog

Array = npt.NDArray[np.float64]
Names = str | Sequence[str] | None


@dataclass(frozen=True, eq=False, repr=False)
class PowerLog:
    """Power over time, as a meter or a tool logged it; `lca.read` returns it for such a file.

    Samples are never filled in. `.energy()` and `.power()` are readings, which a field of a component takes.

    Parameters
    ----------
    path : Path
        The file.
    format : str
        The name of the format, as in the table of formats.
    tracks : tuple of Track
        The samples of each device.
    meter : Meter
        What measured, with its boundary and accuracy. All readings of the log share its error.
    whole : tuple of str
        The channels that make the whole of a device; they are added if nothing else is asked for.
    dated : bool
        Whether times are dates; else they are seconds since the start of the log.
    own : tuple of str
        The devices of the run, where the file tells.
    shared : bool
        Whether the file logs all devices of a machine, whoever uses them; the devices are asked for then.
    notes : tuple of str
        What a reader of the result has to know, such as lines that were skipped.
    training : TrainingLog
        The steps of the training that the same file logs, if there are any.

    Examples
    --------
    >>> import lca, pandas
    >>> log = lca.power_log(pandas.Series([100.0, 120.0, 110.0], index=pandas.Index([0, 1, 2], name="s")), at="wall")
    >>> log.energy()
    <reading of log: 225 J at the wall>
    """

    _form: ClassVar[str] = "lca.read(path)"
    _as_value: ClassVar[str] = "give log.energy() or log.power()"  # what a field takes of it

    path: Path
    format: str
    tracks: tuple[Track, ...]
    meter: Meter
    whole: tuple[str, ...] = ()
    dated: bool = True
    own: tuple[str, ...] = ()
    shared: bool = False
    notes: tuple[str, ...] = ()
    training: TrainingLog | None = None

    @property
    def devices(self) -> tuple[str, ...]:
        """The devices, in the order of the file; one "" where the file knows one device only."""
        return tuple(track.device for track in self.tracks)

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels of all devices, each once."""
        return tuple({channel.name: channel for track in self.tracks for channel in track.channels}.values())

    @property
    def start(self) -> float:
        """The time of the first sample, s."""
        return min(float(track.times[0]) for track in self.tracks)

    @property
    def stop(self) -> float:
        """The time of the last sample, s."""
        return max(float(track.times[-1]) for track in self.tracks)

    @property
    def span(self) -> float:
        """From the first sample to the last, s."""
        return self.stop - self.start

    @cached_property
    def data(self) -> xarray.Dataset:
        """The samples: `power` in W over (time, channel), `counter` in J over (time, counted) where there is one.

        NaN stands where a channel has no sample at a time. Times are dates, or seconds since the start.
        """
        import xarray

        times = np.unique(np.concatenate([track.times for track in self.tracks]))
        found: dict[bool, dict[str, Array]] = {False: {}, True: {}}
        for track in self.tracks:
            at = np.searchsorted(times, track.times)
            for channel, column in zip(track.channels, track.values.T, strict=True):
                filled = np.full(times.size, np.nan)
                filled[at] = column
                found[channel.counter][f"{track.device} {channel.name}".strip()] = filled
        stamps = (times * 1e9).round().astype("datetime64[ns]") if self.dated else times
        made = xarray.Dataset(coords={"time": stamps}, attrs={"file": str(self.path), "format": self.format})
        for counter, name, dim, unit in ((False, "power", "channel", "W"), (True, "counter", "counted", "J")):
            if columns := found[counter]:
                made[name] = (("time", dim), np.stack(list(columns.values()), axis=1), {"units": unit})
                made = made.assign_coords({dim: list(columns)})
        return made

    @entry
    def between(self, start: str | float, stop: str | float) -> PowerLog:
        """The log from one time to another.

        Parameters
        ----------
        start, stop : str or float
            A time of day ("10:00" or "10:05:30"), a date with its time, or seconds since the start of the log.

        Returns
        -------
        PowerLog
            The samples in between, both ends included.

        Raises
        ------
        LogError
            If a time cannot be read, or fewer than two samples of each device lie in between.

        Examples
        --------
        >>> import lca, pandas
        >>> power = pandas.Series([100.0, 120.0, 110.0], index=pandas.Index([0, 1, 2], name="s"))
        >>> lca.power_log(power, at="wall").between(1, 2).energy()
        <reading of log: 115 J at the wall>
        """
        first, last = (seconds_of(one, self.start, self.dated, str(self.path)) for one in (start, stop))
        tracks = tuple(part for track in self.tracks if (part := track.within(first, last)).times.size > 1)
        if not tracks:
            there = f"the log: {moment_text(self.start, self.dated)} to {moment_text(self.stop, self.dated)}"
            raise LogError.of("nothing_in_the_window", str(self.path), [f"{start} to {stop}", there])
        return replace(self, tracks=tracks)

    @entry
    def energy(
        self, *, channels: Names = None, devices: Names = None, gaps: str = "refuse",
        max_gap: float | None = None, above: Observed | PowerLog | str | None = None,
    ) -> Observed:  # fmt: skip
        """The energy from the first sample to the last, of all devices together.

        Trapezoids between samples, or the difference of a counter. Its standard uncertainty holds the errors of
        sampling and of the resolution (docs/logs.md); the error of the meter is shared by its readings (U10).

        Parameters
        ----------
        channels : str or sequence of str
            The channels to add; if not given, those that make the whole of a device.
        devices : str or sequence of str
            The devices that belong to the run, or "all".
        gaps : str
            What becomes of a step without samples: "refuse" it, "exclude" it from energy and time, or "bridge" it
            with a straight line.
        max_gap : float
            The longest step that does not count as a gap, s; if not given, 10 times the median step, an hour at most.
        above : PowerLog, reading or str
            The idle power, which is taken off: what is left is the marginal energy. A log of an idle time, its
            `.power()`, or what is declared for one device, "33 W".

        Returns
        -------
        Observed
            The energy, at the boundary of the log, for a field of a component.

        Raises
        ------
        LogError
            For gaps, for channels that contain each other, and where it is open what belongs to the run.

        Examples
        --------
        >>> import lca, pandas
        >>> power = pandas.DataFrame({"gpu 0": [300.0, 300.0], "gpu 1": [200.0, 210.0]})
        >>> log = lca.power_log(power.set_index(pandas.Index([0, 10], name="s")), at="component", by="device")
        >>> log.energy(), log.energy(devices="gpu 1")
        (<reading of log: 5050 J at the component>, <reading of log: 2050 J at the component>)
        """
        parts = self._integrals(channels, devices, gaps, max_gap)
        energy = self._reading(parts, "J")
        return energy if above is None else energy - self._idle(above, parts, channels, gaps)

    @entry
    def baseline(
        self, idle: Observed | PowerLog | str, *, channels: Names = None, devices: Names = None, gaps: str = "refuse",
        max_gap: float | None = None,
    ) -> dict[str, Observed]:  # fmt: skip
        """The gross, the idle and the marginal energy of the run, beside each other.

        `lca.summary(lca.monte_carlo(log.baseline(idle)))` shows the three with their intervals.

        Parameters
        ----------
        idle : PowerLog, reading or str
            A log of an idle time, its `.power()`, or what is declared for one device: "33 W" or "33 W ± 3 W (k=1)".
        channels, devices : str or sequence of str
            What to add, as for `energy`; the channels are also those of an idle log.
        gaps : str
            What becomes of a step without samples, as for `energy`, in the run and in an idle log.
        max_gap : float
            The longest step of the run that does not count as a gap, s.

        Returns
        -------
        dict of str to reading
            "gross", "idle" and "marginal", each for a field of a component. Gross minus idle is marginal.

        Raises
        ------
        LogError
            As for `energy`, and if the idle power is of other devices.

        Examples
        --------
        >>> import lca, pandas
        >>> seconds = pandas.Index([0, 10, 20, 30], name="s")
        >>> log = lca.power_log(pandas.Series([50.0, 50.0, 300.0, 300.0], index=seconds), at="component")
        >>> log.between(20, 30).baseline(log.between(0, 10))["marginal"]
        <reading of log: 2500 J at the component>
        """
        parts = self._integrals(channels, devices, gaps, max_gap)
        gross, below = self._reading(parts, "J"), self._idle(idle, parts, channels, gaps)
        return {"gross": gross, "idle": below, "marginal": gross - below}

    @entry
    def power(
        self, *, channels: Names = None, devices: Names = None, gaps: str = "refuse", max_gap: float | None = None
    ) -> Observed:
        """The mean power over the covered time, of all devices together.

        Parameters
        ----------
        channels, devices : str or sequence of str
            What to add, as for `energy`.
        gaps : str
            What becomes of a step without samples, as for `energy`.
        max_gap : float
            The longest step that does not count as a gap, s.

        Returns
        -------
        Observed
            The power, at the boundary of the log, for a field of a component.

        Raises
        ------
        LogError
            As for `energy`.

        Examples
        --------
        >>> import lca, pandas
        >>> lca.power_log(pandas.Series([100.0, 120.0], index=pandas.Index([0, 60], name="s")), at="wall").power()
        <reading of log: 110 W at the wall>
        """
        return self._reading(self._integrals(channels, devices, gaps, max_gap), "W")

    @entry
    def covered(self, *, channels: Names = None, gaps: str = "exclude", max_gap: float | None = None) -> float:
        """The share of the time between first and last sample that the energy stands for.

        Parameters
        ----------
        channels : str or sequence of str
            What to add, as for `energy`.
        gaps : str
            What becomes of a step without samples, as for `energy`.
        max_gap : float
            The longest step that does not count as a gap, s.

        Returns
        -------
        float
            A number from 0 to 1.

        Examples
        --------
        >>> import lca, pandas
        >>> power = pandas.Series([300.0] * 4, index=pandas.Index([0, 60, 3660, 3720], name="s"))
        >>> round(lca.power_log(power, at="wall").covered(max_gap=600), 4)
        0.0323
        """
        parts = self._integrals(channels, "all", gaps, max_gap).values()
        return sum(part.covered for part in parts) / sum(part.span for part in parts)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the power of each device over time; what no sample covers is grey.

        Parameters
        ----------
        ax : matplotlib Axes
            Where to draw; a new figure if not given.

        Returns
        -------
        Axes
            What was drawn on.

        Examples
        --------
        >>> import lca, pandas
        >>> power = pandas.Series([100.0, 120.0], index=pandas.Index([0, 60], name="s"))
        >>> lca.power_log(power, at="wall").plot().get_ylabel()
        'power at the wall (W)'
        """
        from .plot import draw

        start = None if self.dated else self.start
        ylabel = f"power at the {self.meter.at} (W)"
        return draw(self.tracks, self.whole, start=start, title=self.path.name, ylabel=ylabel, ax=ax)

    # --- the way from samples to a reading --------------------------------------------------------------------

    def _chosen(self, devices: Names) -> list[Track]:
        """The devices that belong to the run: those asked for, those that the file names, or all there are."""
        if devices is None:
            devices = self.own or "all"
            if self.shared and not self.own and len(self.tracks) > 1:
                raise LogError.of("which_devices", str(self.path), devices=", ".join(self.devices))
        asked = [devices] if isinstance(devices, str) else list(devices)
        asked = list(self.devices) if asked == ["all"] else asked
        if unknown := [name for name in asked if name not in self.devices]:
            near = did_you_mean(unknown[0], self.devices)
            raise LogError.of("no_such_device", str(self.path), device=unknown[0], near=near)
        return [track for track in self.tracks if track.device in asked]

    def _idle(
        self, idle: Observed | PowerLog | str, parts: Mapping[str, Integral], channels: Names, gaps: str
    ) -> Observed:
        """The idle energy of the devices over the time that their energy covers."""
        if isinstance(idle, PowerLog):
            other = len(idle.devices) == 1 and not set(parts) <= set(idle.devices)  # the power of one device, for each
            idle = idle.power(channels=channels, devices=None if other else list(parts), gaps=gaps)
        elif isinstance(idle, str):
            idle = declared_power(idle, self.meter.at, self.path.name)
        return over_devices(idle, {name: part.covered for name, part in parts.items()}, str(self.path))

    def _integrals(self, channels: Names, devices: Names, gaps: str, max_gap: float | None) -> dict[str, Integral]:
        one_of(gaps, GAPS, "way with gaps", str(self.path))
        found = {}
        for track in self._chosen(devices):
            names = [channels] if isinstance(channels, str) else list(channels or self._whole(track))
            channel, values = track.added(names, str(self.path))
            lines = [f"{self.path}:{line}" for line in track.lines]
            found[track.device] = integrate(channel, track.times, values, lines, gaps=gaps, max_gap=max_gap)
        zeros = [f"{device or 'all samples'}: 0 W" for device, part in found.items() if part.joules == 0]
        if zeros:
            raise AccountingError.of("all_readings_zero", str(self.path), zeros)
        return found

    def _whole(self, track: Track) -> list[str]:
        """The channels that make the whole of a device; raises where that is open."""
        named = [name for name in self.whole if name in track.names]
        if named or len(track.names) == 1:
            return named or track.names
        raise LogError.of("which_channels", str(self.path), channels=", ".join(track.names))

    def _reading(self, parts: dict[str, Integral], unit: str) -> Reading | Total:
        """The energies, or mean powers, of the devices as one reading: of their sum where there are several."""
        of_energy = unit == "J"
        each = [part.covered if of_energy else 1.0 for part in parts.values()]
        size = [part.power * s for part, s in zip(parts.values(), each, strict=True)]
        own = [part.scatter / part.covered * s for part, s in zip(parts.values(), each, strict=True)]
        step = max(part.step * s for part, s in zip(parts.values(), each, strict=True))
        values = dict(zip(parts, map(with_scatter, size, own), strict=True))
        several, text = len(parts) > 1, f"{unit} at_{self.meter.at}"
        given = labelled(values, text, dim="device") if several else Labelled(tuple(values.values()), text)
        scatter = tuple(0.0 if isinstance(one, Lognormal) else u for one, u in zip(values.values(), own, strict=True))
        span = tuple(each) if several else each[0]
        reading = Reading(self.meter, given, scatter, step, False, "measured", self._said(parts), span)
        return reading.total() if several else reading

    def _said(self, parts: dict[str, Integral]) -> str:
        """The source of a reading: the file, how many samples, and what share of the time they cover."""
        covered = sum(part.covered for part in parts.values()) / sum(part.span for part in parts.values())
        samples = sum(part.samples for part in parts.values())
        share = "" if covered == 1 else f", {covered:.3g} of the time covered"
        return f"{self.path.name}: {samples} samples, {max(part.span for part in parts.values()):.6g} s{share}"

    # --- how it shows itself ----------------------------------------------------------------------------------

    def _facts(self) -> dict[str, str]:
        samples = sum(track.times.size for track in self.tracks)
        steps = np.concatenate([np.diff(track.times) for track in self.tracks])
        start = moment_text(self.start, self.dated)
        between = (
            f", a step of {np.median(steps):.3g} s in the median, {steps.max():.6g} s at most" if steps.size else ""
        )
        facts = {
            "format": self.format,
            "boundary": f"at the {self.meter.at}",
            "time": f"{self.span:.6g} s from {start}",
            "samples": f"{samples}{between}",
            "devices": ", ".join(name for name in self.devices if name),
            "channels": ", ".join(channel.name for channel in self.channels),
            "belongs to the run": ", ".join(self.own),
        }
        return {name: said for name, said in facts.items() if said}

    def __repr__(self) -> str:
        lines = [f"{name:>20}: {said}" for name, said in self._facts().items()]
        return "\n".join([f"<power log {self.path.name}>", *lines, *(f"{'note':>20}: {note}" for note in self.notes)])

    def _repr_html_(self) -> str:
        notes = table(("note",), [(note,) for note in self.notes]) if self.notes else ""
        return box("power log", self.path.name, self._facts(), {"notes": notes} if notes else {})


def with_scatter(size: float, u: float) -> float | Lognormal:
    """The value, or a lognormal with it as median where the standard uncertainty is above a seventh of it.

    A normal distribution would then reach below 0, where no power is. A value of 0 is left as it is.
    """
    if not 0 < size < 7 * u:
        return size
    ratio = u / size
    return Lognormal(size, math.exp(math.sqrt(math.log1p(ratio * ratio))))
