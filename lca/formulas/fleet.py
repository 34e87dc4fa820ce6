"""Fleets over the years: how long devices live, how many are made, and what they take beside their work."""

from __future__ import annotations

from ..graph.function_table import Value
from ..graph.functions import clip, exp, power, where

# --- life and renewal ---------------------------------------------------------------------------------


def characteristic_life(mean_life: Value, gamma: Value) -> Value:
    """The age that a share 1/e survives: L_c = L / G, with G = gamma(1 + 1/k) of the shape k (Weibull 1951).

    Parameters
    ----------
    mean_life : time
        The mean life L.
    gamma : pure number
        gamma(1 + 1/k).

    Returns
    -------
    time
        The characteristic life L_c.

    Examples
    --------
    >>> round(characteristic_life(5.0, 0.886227), 4)
    5.6419
    """
    return mean_life / gamma


def survival(age: Value, life: Value, shape: Value) -> Value:
    """The share of devices that reach an age: S = exp(-(a / L_c)^k) (Weibull 1951).

    Parameters
    ----------
    age : time
        The age a, above 0.
    life : time
        The characteristic life L_c.
    shape : pure number
        The shape k.

    Returns
    -------
    pure number
        The share S, from 0 to 1.

    Examples
    --------
    >>> round(float(survival(5.0, 5.0, 2.0)), 6)
    0.367879
    """
    return exp(-power(age / life, shape))


def failed_devices(devices: Value, before: Value, after: Value) -> Value:
    """Devices of one age that fail in a step: n (S - S').

    Parameters
    ----------
    devices : device
        Devices made, n.
    before, after : pure number
        The shares that survive to the start and to the end of the step, S and S'.

    Returns
    -------
    device
        Devices that fail in the step.

    Examples
    --------
    >>> failed_devices(100.0, 0.75, 0.5)
    25.0
    """
    return devices * (before - after)


def renewed_devices(failed: Value, survived: Value) -> Value:
    """Devices made in a step for those that failed in it: r = f / S(h/2).

    A device made in the step counts as made at its middle, and may fail in the rest of it. This is the
    Riemann-Stieltjes method for the renewal equation (Xie 1989).

    Parameters
    ----------
    failed : device
        Failures f of what stood before the step.
    survived : pure number
        The share S(h/2) that survives half a step.

    Returns
    -------
    device
        Devices made in the step.

    Examples
    --------
    >>> renewed_devices(9.0, 0.9)
    10.0
    """
    return failed / survived


def used_share(time: Value, step: Value, before: Value) -> Value:
    """The share of a step of a year that is used: clip(t / h - i, 0, 1).

    Parameters
    ----------
    time : s
        The part t of the year, from its beginning, in which the fleet is used.
    step : s
        The length h of a step.
    before : pure number
        The number i of steps before it in the year.

    Returns
    -------
    pure number
        The share, from 0 to 1.

    Examples
    --------
    >>> float(used_share(0.625, 0.25, 2.0))
    0.5
    """
    return clip(time / step - before, 0, 1)


def standing_devices(start: Value, middle: Value, end: Value, used: Value) -> Value:
    """Devices in service in the used share c of a step, times c: the integral from 0 to c of a parabola.

    a c - (3 a - 4 m + b) c^2 / 2 + (2 a - 4 m + 2 b) c^3 / 3. For a whole step it is Simpson's rule, (a + 4 m + b) / 6.

    Parameters
    ----------
    start, middle, end : device
        Devices a, m and b in service at the start, the middle and the end of the step.
    used : pure number
        The used share c of the step.

    Returns
    -------
    device
        The mean number of devices, times c.

    Examples
    --------
    >>> standing_devices(3.0, 2.0, 1.0, 1.0)
    2.0
    """
    bent = 2 * start - 4 * middle + 2 * end
    return start * used - (3 * start - 4 * middle + end) * (used * used / 2) + bent * (used * used * used / 3)


def made_in_year(delivered: Value, spare: Value, renewed: Value, time: Value) -> Value:
    """Devices made for a year: d (1 + s), if t > 0, + r.

    Parameters
    ----------
    delivered : device
        Devices d delivered at the beginning of the year.
    spare : pure number
        Spares s made with them, as a share.
    renewed : device
        Devices r made for failures in the time used.
    time : s
        The part t of the year in which the fleet is used.

    Returns
    -------
    device
        Devices made.

    Examples
    --------
    >>> float(made_in_year(100.0, 0.05, 4.0, 0.5))
    109.0
    """
    return where(time > 0 * time, delivered * (1 + spare), 0 * delivered) + renewed


# --- the rest of the day, and the network -----------------------------------------------------------------


def sleep_energy(sleep_power: Value, active: Value, idle: Value, period: Value) -> Value:
    """Energy of one device while it is neither active nor idle: E = P_sleep x (1 - a - i) x T.

    The formula is a sum of terms. So shifts that are parts of one day each take their share of it (D5).

    Parameters
    ----------
    sleep_power : W at a boundary
        Power P_sleep in that time.
    active, idle : pure number
        Shares a and i of the time T, together at most 1.
    period : s
        The time T.

    Returns
    -------
    J at that boundary
        The energy.

    Examples
    --------
    >>> float(sleep_energy(0.5, 0.25, 0.25, 100.0))
    25.0
    """
    return sleep_power * ((1 - active - idle) * period)


def network_energy(energy_per_byte: Value, traffic: Value, inferences: Value) -> Value:
    """Energy of the network: E = e x b x N (Aslan et al. 2018).

    Parameters
    ----------
    energy_per_byte : J/byte at a boundary
        Energy per amount of data, e.
    traffic : byte/inference, byte/request or byte/token
        Data of one of them, b.
    inferences : inference, request or token
        The number N of them.

    Returns
    -------
    J at that boundary
        The energy.

    Examples
    --------
    >>> network_energy(2.0, 10.0, 3.0)
    60.0
    """
    return energy_per_byte * (traffic * inferences)
