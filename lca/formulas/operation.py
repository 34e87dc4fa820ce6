"""Energy of what runs: trainings, inference, fleets, and the crossings between measurement boundaries."""

from __future__ import annotations

from ..graph.function_table import Value
from ..graph.functions import clip

# --- energy --------------------------------------------------------------------------------------


def forecast_duration(elapsed: Value, step_time: Value, planned: Value, done: Value, factor: Value) -> Value:
    """Duration of a whole run, told from its first part: T = t_n + r x (N - s_n) x F.

    What is seen counts as it is. Start-up is in t_n alone, so it is not multiplied.

    Parameters
    ----------
    elapsed : s
        The time t_n from the start to the last step that was seen.
    step_time : s/iteration
        The mean time r of a step after the first mark.
    planned : iteration
        The steps N of the whole run.
    done : iteration
        The steps s_n that were seen, fewer than planned.
    factor : pure number
        What the remaining steps take, over the same steps at the rate so far: F (docs/extrapolation.md).

    Returns
    -------
    s
        The duration T.

    Examples
    --------
    >>> forecast_duration(85.0, 2.0, 400, 40, 1.5)
    1165.0
    """
    return elapsed + step_time * (planned - done) * factor


def run_energy(power: Value, duration: Value, devices: Value) -> Value:
    """Energy of a run: E = P x t x n (Patterson et al. 2021, sec. 2).

    Parameters
    ----------
    power : W at a boundary, per device
        The mean power P of one device.
    duration : s
        The duration t.
    devices : device
        The number n of devices.

    Returns
    -------
    J at that boundary
        The energy E.

    Examples
    --------
    >>> run_energy(400.0, 3600, 8) / 3.6e6
    3.2
    """
    return power * duration * devices


def device_energy(idle_power: Value, on_time: Value, marginal: Value, inferences: Value) -> Value:
    """Energy of one device: E = P_idle x t_on + e_m x N (A3).

    Parameters
    ----------
    idle_power : W
        Idle power P_idle.
    on_time : s
        The time t_on for which it is on.
    marginal : J/inference, J/token or J/request
        Energy e_m of one of them above idle.
    inferences : inference, token or request
        The number N of them.

    Returns
    -------
    J
        The energy E.

    Examples
    --------
    >>> device_energy(2.0, 3600, 0.5, 1000)
    7700.0
    """
    return idle_power * on_time + marginal * inferences


def powered_energy(power: Value, active_time: Value, idle_power: Value, idle_time: Value) -> Value:
    """Energy of one device that runs no inference: E = P x t_a + P_idle x t_i.

    Parameters
    ----------
    power, idle_power : value, W per device
        The power in the active time, and in the idle time.
    active_time, idle_time : value, s
        The active time t_a and the idle time t_i.

    Returns
    -------
    value, J per device
        The energy of one device.

    >>> powered_energy(0.5, 3600, 0.25, 7200)
    3600.0
    """
    return power * active_time + idle_power * idle_time


def time_in_year(period: Value, elapsed: Value, year: Value) -> Value:
    """The part of a period that falls in one year: clip(T - t, 0, 1 year).

    Parameters
    ----------
    period : time
        The whole period T.
    elapsed : time
        The time t from its beginning to that of the year.
    year : time
        The length of a year.

    Returns
    -------
    time
        The part, from 0 to a year.

    Examples
    --------
    >>> float(time_in_year(2.5, 2.0, 1.0))
    0.5
    """
    return clip(period - elapsed, 0 * year, year)


# --- crossings between measurement boundaries (A1) --------------------------------------------------


def crossed_energy(gain: Value, energy: Value, power: Value, duration: Value) -> Value:
    """Energy behind a crossing: E_out = a E_in + b t (A1).

    For the rest of a machine a is 1 and b is its own power [W at the board].

    Parameters
    ----------
    gain : pure number, or ratio of boundaries
        The factor a.
    energy : J at the inner boundary
        The energy E_in.
    power : W at the outer boundary
        The power b of what the crossing adds.
    duration : s
        The time t.

    Returns
    -------
    J at the outer boundary
        The energy E_out.

    Examples
    --------
    >>> crossed_energy(1.0, 100.0, 60.0, 2.0)
    220.0
    """
    return gain * energy + power * duration


def wall_energy(board_energy: Value, supply_efficiency: Value) -> Value:
    """Energy at the wall: E_w = E_b / eta.

    Parameters
    ----------
    board_energy : J at the board
        The energy E_b.
    supply_efficiency : at_board/at_wall
        The efficiency eta of the power supply.

    Returns
    -------
    J at the wall
        The energy E_w.

    Examples
    --------
    >>> wall_energy(85.0, 0.85)
    100.0
    """
    return board_energy / supply_efficiency


def facility_energy(wall: Value, pue: Value) -> Value:
    """Energy at the meter of the facility: E_f = E_w x PUE (ISO/IEC 30134-2).

    Parameters
    ----------
    wall : J at the wall
        The energy E_w.
    pue : at_facility/at_wall
        The power usage effectiveness.

    Returns
    -------
    J at the facility
        The energy E_f.

    Examples
    --------
    >>> facility_energy(100.0, 1.5)
    150.0
    """
    return wall * pue


def busbar_energy(facility: Value, delivered_share: Value) -> Value:
    """Energy sent out by power stations: E = E_f / (1 - loss).

    Parameters
    ----------
    facility : J at the facility
        The energy E_f.
    delivered_share : at_facility/at_busbar
        1 - loss of the grid.

    Returns
    -------
    J at the busbar
        The energy E.

    Examples
    --------
    >>> busbar_energy(90.0, 0.9)
    100.0
    """
    return facility / delivered_share
