"""Which part of a device a project is charged (A8)."""

from __future__ import annotations

from ..graph.function_table import Value
from ..graph.functions import ceil


def reserved_devices(devices: Value, period: Value, lifetime: Value) -> Value:
    """Device lives by calendar time held: n x T / L.

    Parameters
    ----------
    devices : device
        The number n of devices.
    period : time
        The time T for which they are held.
    lifetime : time
        The calendar life L of one.

    Returns
    -------
    device
        Device lives; 8 years of a 5-year life are 1.6.

    Examples
    --------
    >>> reserved_devices(1, 8, 5)
    1.6
    """
    return devices * (period / lifetime)


def active_devices(devices: Value, running: Value, service_life: Value) -> Value:
    """Device lives by time of running: n x t_run / L_run.

    Parameters
    ----------
    devices : device
        The number n of devices.
    running : time
        The time t_run for which they run.
    service_life : time
        The time of running L_run of a life.

    Returns
    -------
    device
        Device lives.

    Examples
    --------
    >>> active_devices(2, 1_000, 20_000)
    0.1
    """
    return devices * (running / service_life)


def whole_devices(devices: Value, period: Value, lifetime: Value) -> Value:
    """Device lives in whole units, bought for this activity alone: n x ceil(T / L).

    Parameters
    ----------
    devices : device
        The number n of devices.
    period : time
        The time T for which they are held.
    lifetime : time
        The calendar life L of one.

    Returns
    -------
    device
        Device lives; `ceil` takes no unit more for an error of rounding.

    Examples
    --------
    >>> float(whole_devices(1, 8, 5))
    2.0
    """
    return devices * ceil(period / lifetime)


def shared_devices(devices: Value, period: Value, lifetime: Value, share: Value) -> Value:
    """Device lives by time and part held: n x T / L x s (ISO/IEC 21031:2024, M = TE x TS x RS).

    Parameters
    ----------
    devices : device
        The number n of devices.
    period : time
        The time T for which they are held.
    lifetime : time
        The calendar life L of one.
    share : pure number
        The part s of them.

    Returns
    -------
    device
        Device lives.

    Examples
    --------
    >>> shared_devices(1, 2, 5, 0.25)
    0.1
    """
    return devices * (period / lifetime) * share


def valued_devices(devices: Value, share: Value) -> Value:
    """Device lives by economic value: n x s (ISO 14044, 4.3.4.2).

    Parameters
    ----------
    devices : device
        The number n of devices.
    share : pure number
        The value s of this use over that of all uses.

    Returns
    -------
    device
        Device lives.

    Examples
    --------
    >>> valued_devices(8, 0.25)
    2.0
    """
    return devices * share


def uncharged_devices(devices: Value) -> Value:
    """Device lives of a use that is charged nothing: 0 x n.

    Another use is charged all, and the study says so.

    Parameters
    ----------
    devices : device
        The number n of devices.

    Returns
    -------
    device
        0.

    Examples
    --------
    >>> uncharged_devices(8)
    0
    """
    return 0 * devices


def value_share(value: Value, whole: Value) -> Value:
    """The part of a whole that belongs to one user: s = v / V.

    Parameters
    ----------
    value : any unit
        The value v of this user.
    whole : the same unit
        The value V of all.

    Returns
    -------
    pure number
        The share s.

    Examples
    --------
    >>> value_share(2, 8)
    0.25
    """
    return value / whole
