"""Training and development: energy measured, extrapolated from a window, or estimated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...arguments import entry
from ...errors import DomainError, MissingError
from ...faults import refuse
from ...formulas import forecast_duration, run_energy
from ...graph.fields import Written
from ...graph.node import Node, constant
from ...logs.power.first_part import first_part, refuse_another_window
from ...logs.power.from_table import power_log
from ...logs.power.power_log import PowerLog
from ...logs.training.extrapolation import Forecast
from ...logs.training.training_log import TrainingLog
from ...meters.meter import Meter
from ...records.record import Maybe, Value, component, plain, quantity
from ..estimated.estimated_activity import Estimated
from .forecasting import each_run, forecast_of, learnt_pace


@component
class Training(Estimated):
    """Training of one model or several (a dim), on one kind of hardware at one site.

    The energy is given, or follows as `power` x `duration` x `devices`. A duration follows from `energy` and `power`.
    480 device-hours are `duration="480 h"` of one device, or "60 h" of eight. Energy, power and duration may vary over
    a dim. Each label is then a run of its own, of `devices` devices: the readings of eight cards are eight labels with
    `devices=1`. What is known before anything is measured gives an estimate: `from_flops`, `from_throughput`.

    Parameters
    ----------
    name : str
        The name of the training, unique in a study.
    energy : quantity, kWh at a boundary
        The energy of all devices together.
    power : quantity, W at a boundary per device
        The mean power of one device; with `duration` in place of `energy`.
    duration : quantity, time above 0
        How long the run takes. With `on=` it is needed whatever the energy is.
    window, measured, planned : quantity, time and iterations above 0
        The first part of a run, the iterations in it, and those of the whole run; see `extrapolated`.
    window_energy : quantity, kWh at a boundary
        The energy of the first part, in place of its power and length.
    pace : quantity, a number above 0
        How long the other iterations take, over the same number at the rate of the first part. If not given, it is
        what real trainings did (docs/extrapolation.md).
    step_time : quantity, s/iteration
        The rate of the first part without its start-up; `window / measured` if not given.
    marks : TrainingLog
        The log of the first part, from which window, iterations and rate were taken.
    parameters, work, amount, throughput : quantities above 0
        What gives the duration before it is measured; see `from_flops` and `from_throughput`.
    accelerator : Accelerator
        The device of which rate and power are estimated, of its data sheet.
    impact : quantity, kg CO2e
        The published CO2e of an activity of which no energy is known; in place of all that gives an energy.
    beyond : str
        "not counted" where what was measured at a component or a board leaves out the rest of the machine (listed).
        "assumed" takes a sensor at the component for the machine, with a wide factor (docs/agreement.md).
    at : str
        Where the values were measured, if neither a meter nor their unit says so: "component", "board", "wall" or
        "facility".
    on : Hardware, or mapping of Hardware to number
        The hardware that it runs on. A number is that of the whole activity: {robot: 100, camera: 200}.
    devices : quantity, device
        How many devices draw `power`; 1 if it is not given.
    allocation : str
        The rule that charges the hardware (docs/allocation.md), such as "reserved_time"; needed with `on=`.
    share : quantity, a number from 0 to 1
        What the rules "share" and "economic_value" charge of the hardware.
    site : Site
        Where the electricity is taken.
    year : int
        The calendar year in which it runs.
    status, source, key : str
        Status and source of the values; what their keys begin with, in place of the name.

    Raises
    ------
    MissingError
        If the energy does not follow from what is given, or a window lacks its iterations or its power.
    DomainError
        If energy, power or duration is given twice: as `energy` beside `power` and `duration`, or as a window and a
        whole run. Also if an estimate has no effect.
    BoundaryError
        If no boundary is given, or energy and power are at two.

    Examples
    --------
    >>> Training("BERT", power="1.5 kW", duration="79 h", at="wall").energy
    <bert.energy [kWh at the wall]>
    """

    energy: Value = quantity("J", boundary="times", optional=True, default=None)
    power: Maybe = quantity("W", boundary="times", per="device", optional=True, default=None)
    duration: Maybe = quantity("s", above=True, optional=True, default=None)
    impact: Maybe = quantity("kg CO2e", above=True, optional=True, default=None)
    window: Maybe = quantity("s", above=True, optional=True, default=None)
    window_energy: Maybe = quantity("J", boundary="times", optional=True, default=None)
    measured: Maybe = quantity("iteration", bare=True, above=True, optional=True, default=None)
    planned: Maybe = quantity("iteration", bare=True, above=True, optional=True, default=None)
    step_time: Maybe = quantity("s/iteration", above=True, optional=True, default=None)
    pace: Maybe = quantity("", above=True, optional=True, default=None)
    marks: TrainingLog | None = plain(default=None)
    at: str | None = plain(default=None)

    stage = "training"

    @classmethod
    @entry
    def extrapolated(
        cls,
        name: str,
        log: TrainingLog | PowerLog | None = None,
        *,
        measured: Written | None = None,
        planned: Written | None = None,
        duration: Written | None = None,
        power: PowerLog | Written | None = None,
        energy: PowerLog | Written | None = None,
        pace: Written | None = None,
        **rest: Any,
    ) -> Training:
        """A training of which the first part is known: its log, or its length in seconds and iterations.

        Its duration is T = t_n + r (N - n) F: the first n of N iterations took the time t_n, and the others take F
        times as long as at the rate r so far (`formulas.forecast_duration`). F is what 424 real trainings did. It is
        wide where little was seen, and of one mark alone it is very wide: log three marks or more. Power is that
        of the first part all along. `.forecast` prints the interval and what would narrow it.

        Parameters
        ----------
        name : str
            The name of the training, unique in a study.
        log : TrainingLog or PowerLog
            What `lca.read` returns for the log of the first part, in place of `measured` and `duration`.
        measured : quantity, iteration
            How many iterations were measured.
        planned : quantity, iteration
            How many iterations the whole run has; where the log says it, it may be left out. Where it may stop
            early, a distribution.
        duration : quantity, time above 0
            How long the measured iterations took.
        power : quantity, W at a boundary per device, or PowerLog
            The mean power of one device in that time. Of a PowerLog it is that of all its devices together.
        energy : quantity, kWh at a boundary, or PowerLog
            The energy of the first part, of all devices together; in place of `power`. A PowerLog has to cover the
            time of the first part and no more (`.between`).
        pace : quantity, a number above 0
            F, where it is known: 1 if the rest runs exactly as the first part did.
        **rest : as in `Training`
            The other fields, such as `at`, `on`, `site`, `allocation`.

        Returns
        -------
        Training
            The training, with the dims of what was given.

        Raises
        ------
        MissingError
            If nothing says how many iterations were measured or are planned.
        DomainError
            If fewer iterations are planned than were measured, or the log and an argument say the same twice. Also if
            a power log whose energy is taken is not of the time of the first part.

        Examples
        --------
        >>> run = Training.extrapolated("resnet", duration="143 s", power="148 W", measured=1_000,
        ...                             planned=170_000, at="wall")
        >>> run.duration
        <resnet.duration [s]>
        """
        said = {"window": duration, "measured": measured, "planned": planned}
        first = said if log is None else first_part(log, name, **said)
        power = power.power() if isinstance(power, PowerLog) else power
        given = energy.energy() if isinstance(energy, PowerLog) else energy
        made = cls(name, power=power, window_energy=given, pace=pace, **(first | rest))
        if isinstance(energy, PowerLog):
            refuse_another_window(energy, made.window, name)
        return made

    @classmethod
    @entry
    def logged(
        cls, name: str, *, log: object, meter: Meter | None = None, gaps: str = "refuse", **rest: Any
    ) -> Training:
        """A training whose whole power log exists.

        The energy is the integral of the power by the trapezoidal rule. The duration is the length of the log.

        Parameters
        ----------
        name : str
            The name of the training, unique in a study.
        log : PowerLog or pandas.Series
            What `lca.read` returns; or the power in W over time, of all devices together, by timestamps, timedeltas
            or seconds (see `lca.power_log`).
        meter : Meter
            The meter that recorded a Series, with its boundary and accuracy. A PowerLog has its own.
        gaps : str
            What becomes of a step of the log without samples: "refuse", "exclude" or "bridge".
        **rest : as in `Training`
            The other fields, such as `on`, `site`, `allocation`.

        Returns
        -------
        Training
            The training, with its energy and duration.

        Raises
        ------
        AccountingError
            If rows are only numbered, are out of order or have no power, or if nothing was measured.

        Examples
        --------
        >>> import lca, pandas
        >>> log = pandas.Series([0.0, 400.0, 400.0, 0.0], index=pandas.to_timedelta([0, 1, 3, 4], unit="min"))
        >>> run = Training.logged("fine-tuning", log=log, meter=lca.Meter("plug", at="wall"))
        >>> lca.nominal(run.energy).data["value"].item()
        0.02
        """
        read = log if isinstance(log, PowerLog) else power_log(log, meter=meter)
        return cls(name, energy=read.energy(gaps=gaps), duration=f"{read.span!r} s", **rest)

    def _complete(self) -> Mapping[str, Node]:
        of_window, of_iterations = {"window", "window_energy"}, {"measured", "planned"}
        ways = {"energy", "power", "duration", *of_window, *of_iterations}
        given = {name for name in ways if getattr(self, name) is not None}
        published = self.impact is not None
        beside = [
            *(given - {"duration"}),
            *(one for one in ("site", "at", "beyond", "accelerator") if getattr(self, one)),
        ]
        refuse((sorted(beside) if published else False, DomainError, "impact_and_energy_given", self.slug))
        found, solved = self._estimated(given, self.energy, self.power)
        power, length = found.get("power", self.power), found.get("duration", self.duration)
        given |= set(found)
        known, run = given & {"energy", "window_energy"}, {"power", "duration"} <= given
        window, iterations = given & of_window, given & of_iterations
        complete = iterations == of_iterations and ("window_energy" in given or {"window", "power"} <= given)
        refuse(
            (bool(window and given & {"energy", "duration"}), DomainError, "window_and_whole_run_given", self.slug),
            (bool(window) and not complete, MissingError, "window_without_iterations", self.slug),
            (bool(iterations) and not window, DomainError, "iterations_without_a_window", self.slug),
            (bool(known) and "power" in given and not solved, DomainError, "energy_and_power_given", self.slug),
            (not (known or window or run or published), MissingError, "energy_not_given", self.slug),
        )
        if not window:
            return found | ({"energy": run_energy(power, length, self.devices)} if run and not known else {})
        return found | self._extrapolated(power)

    def _extrapolated(self, power: Node | None) -> dict[str, Node]:
        """Duration, energy and pace of the whole run, from its first part."""
        measured, planned = self.measured, self.planned
        assert measured is not None
        assert planned is not None
        learnt = {} if self.pace is not None else {"pace": learnt_pace(self.forecast, f"{self.key_prefix}.pace")}
        pace = learnt.get("pace", self.pace)

        runs = (planned, measured, self.window, power, self.window_energy, self.step_time, pace)

        def whole(seen: Node, each: Node) -> Node:
            return forecast_duration(each_run(seen, runs), each_run(each, runs), planned, measured, pace)

        if self.window is None:
            assert self.window_energy is not None
            return learnt | {"energy": whole(self.window_energy, self.window_energy / measured)}
        duration = whole(self.window, self.step_time if self.step_time is not None else self.window / measured)
        mean = power if self.window_energy is None else self.window_energy / self.window
        devices = self.devices if self.window_energy is None else constant(1.0)
        return learnt | {"duration": duration, "energy": run_energy(mean, duration, devices)}

    @property
    def forecast(self) -> Forecast | None:
        """How long the whole run takes, told from its first part; None where that is not how it is known.

        Of several runs over a dim, it is that of the first.

        Examples
        --------
        >>> run = Training.extrapolated("resnet", duration="143 s", power="148 W", measured=1_000,
        ...                             planned=170_000, at="wall")
        >>> run.forecast
        <forecast of 4.44 h, 15.4 min to 16.8 h (90 %), from 1 mark, 0.588 % of 170000 steps; 0.143 s per step>
        """
        if self.planned is None or self.measured is None:
            return None
        return forecast_of(self.marks, self.window, self.measured, self.planned, f"{self.slug}.planned")

    @property
    def drawn(self) -> Node | None:
        """The power of one device, where it is given."""
        return self.power

    def times(self, devices: Node) -> tuple[Node | None, Node | None]:
        """How long the training holds its hardware, and how long that runs: the duration of the whole run for both.

        Each label of the energy is a run of its own. Five models with a power each and 60 h are five runs of 60 h.

        Parameters
        ----------
        devices : Node
            The number of devices; the time does not depend on it.

        Returns
        -------
        pair of Node or None
            Time held and time of running, [s]; None if no duration is known.

        Examples
        --------
        >>> from lca.graph.node import constant
        >>> Training("BERT", power="1.5 kW", duration="79 h", at="wall").times(constant(1.0))
        (<bert.duration = 79 h>, <bert.duration = 79 h>)
        """
        held: Node | None = self.duration
        runs = self.energy if self.impact is None else self.impact
        held = None if held is None else each_run(held, [runs])
        return held, held
