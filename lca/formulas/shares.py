"""Which part of a device a project owes (A8)."""

from __future__ import annotations

from ..graph.functions import Value, ceil


def reserved_devices(devices: Value, period: Value, lifetime: Value) -> Value:
    """Device lives by calendar time held: n x T / L; 8 years of a 5-year life are 1.6 devices.

    >>> reserved_devices(1, 8, 5)
    1.6
    """
    return devices * (period / lifetime)


def active_devices(devices: Value, running: Value, service_life: Value) -> Value:
    """Device lives by time of running: n x t_run / L_run.

    >>> active_devices(2, 1_000, 20_000)
    0.1
    """
    return devices * (running / service_life)


def whole_devices(devices: Value, period: Value, lifetime: Value) -> Value:
    """Device lives in whole units, bought for this activity alone: n x ceil(T / L), but for rounding (`ceil`).

    >>> float(whole_devices(1, 8, 5))
    2.0
    """
    return devices * ceil(period / lifetime)


def shared_devices(devices: Value, period: Value, lifetime: Value, share: Value) -> Value:
    """Device lives by the time and the part held: n x T / L x s (ISO/IEC 21031:2024, M = TE x TS x RS).

    >>> shared_devices(1, 2, 5, 0.25)
    0.1
    """
    return devices * (period / lifetime) * share


def valued_devices(devices: Value, share: Value) -> Value:
    """Device lives by value: n x s, with s the value of this use over that of all uses (ISO 14044, 4.3.4.2).

    >>> valued_devices(8, 0.25)
    2.0
    """
    return devices * share


def uncharged_devices(devices: Value) -> Value:
    """No device life: another use has paid, and the study says so.

    >>> uncharged_devices(8)
    0
    """
    return 0 * devices


def value_share(value: Value, whole: Value) -> Value:
    """The part of a whole that is one user's: s = v / V.

    >>> value_share(2, 8)
    0.25
    """
    return value / whole
