"""Which part of a device a project owes (A8)."""

from __future__ import annotations

from typing import Any, TypeAlias

from ..expression.functions import ceil

Value: TypeAlias = Any


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
    """Device lives in whole units, bought for this activity alone: n x ceil(T / L).

    >>> float(whole_devices(1, 8, 5))
    2.0
    """
    # 12.3 year / 4.1 year is 3 and a rounding error: that error buys no fourth device
    return devices * ceil(period / lifetime - 1e-9)
