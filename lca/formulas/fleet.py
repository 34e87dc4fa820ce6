"""A fleet in time: how long devices live, how many are made, and what they take beside their work."""

from __future__ import annotations

from typing import Any, TypeAlias

from ..expression.functions import exp, maximum, power, where

Value: TypeAlias = Any

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


def made_in_year(delivered: Value, spare: Value, renewed: Value, time: Value, year: Value) -> Value:
    """Devices made for a year: those delivered in it with their spares, if it comes to that year, and its renewals.

    d (1 + s), if t > 0, + r x t / 1 year; `time` [s] is the part of the year in which the fleet is used.

    >>> float(made_in_year(100.0, 0.05, 8.0, 0.5, 1.0))
    109.0
    """
    return where(time > 0 * year, delivered * (1 + spare), 0 * delivered) + renewed * (time / year)


# --- the rest of the day, and the network -----------------------------------------------------------------


def sleep_energy(sleep_power: Value, active: Value, idle: Value, period: Value) -> Value:
    """Energy of one device while it is neither active nor idle: E = P_sleep x max(1 - a - i, 0) x T.

    >>> float(sleep_energy(0.5, 0.25, 0.25, 100.0))
    25.0
    """
    return sleep_power * (maximum(1 - active - idle, 0) * period)


def network_energy(energy_per_byte: Value, traffic: Value, inferences: Value) -> Value:
    """Energy of the network: E = e x b x N, with `traffic` b in bytes per inference (Aslan et al. 2018).

    >>> network_energy(2.0, 10.0, 3.0)
    60.0
    """
    return energy_per_byte * (traffic * inferences)
