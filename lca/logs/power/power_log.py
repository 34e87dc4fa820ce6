"""A power log: what meters showed over time, with its boundary, and its energy as a reading (chapter M)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from ...arguments import entry
from ...meters.meter import Meter
from ...meters.observed import Observed
from ..shown import Shown
from .baseline import above_idle, declared_power, each_device, over_devices
from .dataset import count_and_steps, dataset
from .moments import moment_text
from .reading import Names, Parts, chosen, covered_share, integrals, reading_of, refuse_zeros
from .samples import Samples
from .track import Track
from .window import cut

if TYPE_CHECKING:
    import xarray

    from ..training.training_log import TrainingLog

_UNSTATED = 'not stated, so intervals leave it out; say it with meter=lca.Meter("name", at=..., accuracy="5 %")'


@dataclass(frozen=True, eq=False, repr=False)
class PowerLog(Samples, Shown):
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
    local : bool
        Whether dates are local ones, of which no zone is known.

    Examples
    --------
    >>> import lca, pandas
    >>> log = lca.power_log(pandas.Series([100.0, 120.0, 110.0], index=pandas.Index([0, 1, 2], name="s")), at="wall")
    >>> log.energy()
    <reading of log: 225 J at the wall>
    """

    _kind: ClassVar[str] = "power log"
    _width: ClassVar[int] = 20
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
    local: bool = False

    @cached_property
    def data(self) -> xarray.Dataset:
        """The samples: `power` in W over (time, channel), `counter` in J over (time, counted) where there is one.

        NaN stands where a channel has no sample at a time. Times are dates, or seconds since the start.
        """
        return dataset(self.tracks, self.dated, {"file": str(self.path), "format": self.format})

    @entry
    def between(self, start: str | float, stop: str | float) -> PowerLog:
        """The log from one time to another.

        Parameters
        ----------
        start, stop : str or float
            A time of day ("10:00" or "10:05:30"), a date with its time, or seconds since the start of the log. Dates
            and times of day are those of the log: UTC, where its stamps have a zone or `zone=` was given.

        Returns
        -------
        PowerLog
            The samples in between, both ends included. A note says where the window is longer than the log.

        Raises
        ------
        LogError
            If a time cannot be read, the window ends before it begins, or fewer than two samples of each device
            lie in between.

        Examples
        --------
        >>> import lca, pandas
        >>> power = pandas.Series([100.0, 120.0, 110.0], index=pandas.Index([0, 1, 2], name="s"))
        >>> lca.power_log(power, at="wall").between(1, 2).energy()
        <reading of log: 115 J at the wall>
        """
        tracks, said = cut(self.tracks, start, stop, self.dated, str(self.path))
        return replace(self, tracks=tracks, notes=(*self.notes, *said))

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
        return energy if above is None else above_idle(energy, self._idle(above, parts, channels, gaps), self.path)

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
            As for `energy`, and if the idle power is of other devices, or not below that of the run.

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
        return {"gross": gross, "idle": below, "marginal": above_idle(gross, below, self.path)}

    @entry
    def power(
        self, *, channels: Names = None, devices: Names = None, gaps: str = "refuse", max_gap: float | None = None,
        above: Observed | PowerLog | str | None = None,
    ) -> Observed:  # fmt: skip
        """The mean power over the covered time, of all devices together.

        Parameters
        ----------
        channels, devices : str or sequence of str
            What to add, as for `energy`.
        gaps : str
            What becomes of a step without samples, as for `energy`.
        max_gap : float
            The longest step that does not count as a gap, s.
        above : PowerLog, reading or str
            The idle power, which is taken off, as for `energy`.

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
        parts = self._integrals(channels, devices, gaps, max_gap)
        power = self._reading(parts, "W")
        if above is None:
            return power
        return above_idle(
            power, each_device(self._idle_power(above, parts, channels, gaps), parts, self.path), self.path
        )

    @entry
    def idle(self, start: str | float, stop: str | float, *, gaps: str = "refuse") -> Observed:
        """The mean power of an idle time in the log, for `baseline` and for `energy(above=)`.

        Parameters
        ----------
        start, stop : str or float
            From when to when, as for `between`.
        gaps : str
            What becomes of a step without samples, as for `energy`.

        Returns
        -------
        Observed
            The idle power of each device.

        Raises
        ------
        LogError
            As for `between` and `power`.

        Examples
        --------
        >>> import lca, pandas
        >>> power = pandas.Series([40.0, 40.0, 100.0, 100.0], index=pandas.Index([0, 1, 2, 3], name="s"))
        >>> log = lca.power_log(power, at="wall")
        >>> log.between(2, 3).energy(above=log.idle(0, 1))
        <reading of log: 60 J at the wall>
        """
        return self.between(start, stop).power(gaps=gaps)

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
        return covered_share(self._integrals(channels, "all", gaps, max_gap))

    def _idle(self, idle: Observed | PowerLog | str, parts: Parts, channels: Names, gaps: str) -> Observed:
        """The idle energy of the devices over the time that their energy covers."""
        power = self._idle_power(idle, parts, channels, gaps)
        return over_devices(power, {name: part.covered for name, part in parts.items()}, str(self.path))

    def _idle_power(self, idle: Observed | PowerLog | str, parts: Parts, channels: Names, gaps: str) -> Observed:
        """The idle power of the devices, or of one where it is that of each."""
        if isinstance(idle, PowerLog):
            other = len(idle.devices) == 1 and not set(parts) <= set(idle.devices)  # the power of one device, for each
            return idle.power(channels=channels, devices=None if other else list(parts), gaps=gaps)
        return declared_power(idle, self.meter.at, self.path.name) if isinstance(idle, str) else idle

    def _integrals(self, channels: Names, devices: Names, gaps: str, max_gap: float | None) -> Parts:
        tracks = chosen(self.tracks, self.own, self.shared, devices, str(self.path))
        parts = integrals(tracks, self.whole, str(self.path), channels=channels, gaps=gaps, max_gap=max_gap)
        return refuse_zeros(parts, str(self.path))

    def _reading(self, parts: Parts, unit: str) -> Observed:
        return reading_of(parts, self.meter, unit, self.path.name)

    def _facts(self) -> dict[str, str]:
        return {
            "format": self.format,
            "boundary": f"at the {self.meter.at}",
            "accuracy": _UNSTATED if self.meter.spread is None else str(self.meter.accuracy or ""),
            "time": f"{self.span:.6g} s from {moment_text(self.start, self.dated)}",
            "samples": count_and_steps(self.tracks),
            "devices": ", ".join(name for name in self.devices if name),
            "channels": ", ".join(channel.name for channel in self.channels),
            "belongs to the run": ", ".join(self.own),
        }
