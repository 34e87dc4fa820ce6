"""A fleet in time: how long devices live, how many are made, and what they take beside their work."""

from __future__ import annotations

from ..graph.functions import Value, clip, exp, power, where

# --- life and renewal ---------------------------------------------------------------------------------


def characteristic_life(mean_life: Value, gamma: Value) -> Value:
    """The age that a share 1/e survives, from the mean life: L_c = L / G, with G = gamma(1 + 1/k) of the shape k.

    >>> round(characteristic_life(5.0, 0.886227), 4)
    5.6419
    """
    return mean_life / gamma


def survival(age: Value, life: Value, shape: Value) -> Value:
    """The share of devices that reach an age: S = exp(-(a / L_c)^k) (Weibull 1951); `life` is L_c, `age` above 0.

    >>> round(float(survival(5.0, 5.0, 2.0)), 6)
    0.367879
    """
    return exp(-power(age / life, shape))


def failed_devices(devices: Value, before: Value, after: Value) -> Value:
    """Devices of one age that fail in a step: n (S - S'), with the shares that survive to its start and its end.

    >>> failed_devices(100.0, 0.75, 0.5)
    25.0
    """
    return devices * (before - after)


def renewed_devices(failed: Value, survived: Value) -> Value:
    """Devices made in a step for those that failed in it: r = f / S(h/2).

    `failed` are failures of what stood before the step; a device made in the step is taken to be made at its
    middle, and may fail in what is left of it (the Riemann-Stieltjes method for the renewal equation, Xie 1989).

    >>> renewed_devices(9.0, 0.9)
    10.0
    """
    return failed / survived


def used_share(time: Value, step: Value, before: Value) -> Value:
    """The share of a step of a year that is used: clip(t / h - i, 0, 1).

    `time` [s] is the part of the year, from its beginning, in which the fleet is used, `step` [s] the length h of
    a step and `before` the number i of steps before it in the year.

    >>> float(used_share(0.625, 0.25, 2.0))
    0.5
    """
    return clip(time / step - before, 0, 1)


def standing_devices(start: Value, middle: Value, end: Value, used: Value) -> Value:
    """Devices in service in the used share c of a step, their mean times c: the integral from 0 to c of a parabola.

    a c - (3 a - 4 m + b) c^2 / 2 + (2 a - 4 m + 2 b) c^3 / 3, from the devices at the step's start a, its middle m
    and its end b; of a whole step (a + 4 m + b) / 6 (Simpson).

    >>> standing_devices(3.0, 2.0, 1.0, 1.0)
    2.0
    """
    bent = 2 * start - 4 * middle + 2 * end
    return start * used - (3 * start - 4 * middle + end) * (used * used / 2) + bent * (used * used * used / 3)


def made_in_year(delivered: Value, spare: Value, renewed: Value, time: Value) -> Value:
    """Devices made for a year: those delivered in it with their spares, if it comes to that year, and its renewals.

    d (1 + s), if t > 0, + r; `time` [s] is the part of the year in which the fleet is used, and `renewed` are the
    renewals of that part.

    >>> float(made_in_year(100.0, 0.05, 4.0, 0.5))
    109.0
    """
    return where(time > 0 * time, delivered * (1 + spare), 0 * delivered) + renewed


# --- the rest of the day, and the network -----------------------------------------------------------------


def sleep_energy(sleep_power: Value, active: Value, idle: Value, period: Value) -> Value:
    """Energy of one device while it is neither active nor idle: E = P_sleep x (1 - a - i) x T.

    `active` a and `idle` i are shares of the time T, together 1 at most. The formula is a sum of terms, so that
    shifts which are parts of one day each take their share of it (D5).

    >>> float(sleep_energy(0.5, 0.25, 0.25, 100.0))
    25.0
    """
    return sleep_power * ((1 - active - idle) * period)


def network_energy(energy_per_byte: Value, traffic: Value, inferences: Value) -> Value:
    """Energy of the network: E = e x b x N, with `traffic` b in bytes per inference (Aslan et al. 2018).

    >>> network_energy(2.0, 10.0, 3.0)
    60.0
    """
    return energy_per_byte * (traffic * inferences)
