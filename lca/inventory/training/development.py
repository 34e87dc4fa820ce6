"""Development: what counts before and beside a training."""

from __future__ import annotations

from ...records.record import component
from .training import Training


@component
class Development(Training):
    """All that counts before and beside the training: experiments, failed runs, a desk that is left on.

    Parameters
    ----------
    name : str
        The name of the development, unique in a study.
    energy : quantity, kWh at a boundary
        The energy of all devices together.
    power : quantity, W at a boundary per device
        The mean power of one device; with `duration` in place of `energy`.
    duration : quantity, time above 0
        How long it lasts. With `on=` it is needed whatever the energy is.
    window, window_energy, measured, planned, step_time, pace : quantities above 0
        As in `Training`.
    marks : TrainingLog
        As in `Training`.
    accelerator, parameters, work, amount, throughput : as in `Training`
        What gives the duration or the power before anything is measured.
    impact : quantity, kg CO2e
        The published CO2e of work of which no energy is known; in place of all that gives an energy.
    beyond : str
        "not counted" where what was measured at a component or a board leaves out the rest of the machine (listed).
        "assumed" takes a sensor at the component for the machine, with a wide factor (docs/agreement.md).
    at : str
        Where the values were measured: "component", "board", "wall" or "facility".
    on, devices, allocation, share : as in `Training`
        The hardware, the number of devices, the rule that charges the hardware, and the share that it may need.
    site : Site
        Where the electricity is taken.
    year : int
        The calendar year in which it happens.
    status, source, key : str
        Status and source of the values; what their keys begin with, in place of the name.

    Examples
    --------
    >>> Development("semester", energy="175 kWh", at="wall", duration="15 week").energy
    <semester.energy = 175 kWh at the wall>
    """

    stage = "development"
