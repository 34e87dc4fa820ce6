"""Energy of what runs: trainings, inference, fleets, and the crossings between measurement boundaries."""

from __future__ import annotations

from ..graph.functions import Value, clip

# --- energy --------------------------------------------------------------------------------------


def run_duration(window: Value, measured: Value, planned: Value) -> Value:
    """Duration of a whole run, extrapolated from a measured window: t = t_w / n_w x n.

    `window` [s] is the time that `measured` iterations took, `planned` the iterations of the whole run.

    >>> round(run_duration(143, 1_000, 170_000) / 3600, 4)
    6.7528
    """
    return window / measured * planned


def training_energy(window: Value, measured: Value, planned: Value, power: Value) -> Value:
    """Energy of a training, extrapolated from a measured window: E = t_w / n_w x n x P.

    `power` [W at the meter's boundary] is the mean power over the window, assumed to hold for the whole
    run (Strubell et al. 2019, eq. 1, without its PUE).

    >>> round(training_energy(143, 1_000, 170_000, 148) / 3.6e6, 4)
    0.9994
    """
    return window / measured * planned * power


def extrapolated_energy(window_energy: Value, measured: Value, planned: Value) -> Value:
    """Energy of a training, extrapolated from the energy of a measured window: E = E_w / n_w x n.

    `window_energy` [J at the meter's boundary] is that of `measured` iterations, `planned` the iterations of the whole
    run (`training_energy`, with E_w = P x t_w).

    >>> round(extrapolated_energy(46 * 3600, 1_000, 170_000) / 3.6e6, 4)
    7.82
    """
    return window_energy / measured * planned


def run_energy(power: Value, duration: Value, devices: Value) -> Value:
    """Energy of a run: E = P x t x n, with `power` per device (Patterson et al. 2021, sec. 2).

    >>> run_energy(400.0, 3600, 8) / 3.6e6
    3.2
    """
    return power * duration * devices


def energy_per_inference(energy_per_batch: Value, batch: Value) -> Value:
    """Energy per inference from energy per batch: e = E_b / b; a batch of b is b inferences (Q2).

    >>> energy_per_inference(0.8, 2)
    0.4
    """
    return energy_per_batch / batch


def marginal_energy(gross: Value, idle_power: Value, throughput: Value) -> Value:
    """Energy per inference above idle: e_m = e_g - P_idle / r, at the throughput r of the measurement (A3).

    >>> marginal_energy(0.5, 2.0, 10.0)
    0.3
    """
    return gross - idle_power / throughput


def device_energy(idle_power: Value, on_time: Value, marginal: Value, inferences: Value) -> Value:
    """Energy of one device: E = P_idle x t_on + e_m x N (A3).

    >>> device_energy(2.0, 3600, 0.5, 1000)
    7700.0
    """
    return idle_power * on_time + marginal * inferences


def powered_energy(power: Value, active_time: Value, idle_power: Value, idle_time: Value) -> Value:
    """Energy of one device that runs no inference: E = P x t_a + P_idle x t_i.

    `power` [W/device] is drawn for the active time t_a, `idle_power` for the idle time t_i.

    >>> powered_energy(0.5, 3600, 0.25, 7200)
    3600.0
    """
    return power * active_time + idle_power * idle_time


def time_in_year(period: Value, elapsed: Value, year: Value) -> Value:
    """The part of a period that falls in the year that begins after `elapsed`: clip(T - t, 0, 1 year).

    >>> float(time_in_year(2.5, 2.0, 1.0))
    0.5
    """
    return clip(period - elapsed, 0 * year, year)


# --- crossings between measurement boundaries (A1) --------------------------------------------------


def crossed_energy(gain: Value, energy: Value, power: Value, duration: Value) -> Value:
    """Energy behind a crossing: E_out = a E_in + b t (A1).

    The rest of a machine: a = 1 board per component, b its own power [W at the board].

    >>> crossed_energy(1.0, 100.0, 60.0, 2.0)
    220.0
    """
    return gain * energy + power * duration


def wall_energy(board_energy: Value, supply_efficiency: Value) -> Value:
    """Energy at the wall: E_w = E_b / eta, with eta [at_board/at_wall] of the power supply.

    >>> wall_energy(85.0, 0.85)
    100.0
    """
    return board_energy / supply_efficiency


def facility_energy(wall: Value, pue: Value) -> Value:
    """Energy at the facility's meter: E_f = E_w x PUE, with PUE [at_facility/at_wall] (ISO/IEC 30134-2).

    >>> facility_energy(100.0, 1.5)
    150.0
    """
    return wall * pue


def busbar_energy(facility: Value, delivered_share: Value) -> Value:
    """Energy sent out by power stations: E = E_f / (1 - loss), with 1 - loss [at_facility/at_busbar].

    >>> busbar_energy(90.0, 0.9)
    100.0
    """
    return facility / delivered_share
