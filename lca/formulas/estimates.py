"""What a computation takes before anything is measured: operations, time and power from a data sheet.

A FLOP is one operation on floating-point numbers. A multiplication with its addition is two of them.
"""

from __future__ import annotations

from ..graph.function_table import Value


def transformer_work(per_parameter: Value, parameters: Value, tokens: Value) -> Value:
    """Operations of a transformer: C = c N D (Kaplan et al. 2020, sec. 2.1; Hoffmann et al. 2022, app. F).

    A token takes 2 FLOP for each parameter forwards, and 4 more backwards. So c is 6 FLOP in training and 2 FLOP in
    inference. The operations of attention on long texts are left out, as in the published utilisations.

    Parameters
    ----------
    per_parameter : FLOP/token
        The operations c for each parameter and token: 6 or 2.
    parameters : pure number
        The number N of parameters that each token meets; of a mixture of experts those that are active.
    tokens : token, or pure number
        The number D of tokens, every epoch counted.

    Returns
    -------
    FLOP, or FLOP/token
        The operations C.

    Examples
    --------
    >>> transformer_work(6.0, 7e9, 2e12)
    8.4e+22
    """
    return per_parameter * parameters * tokens


def achieved_rate(peak: Value, utilisation: Value) -> Value:
    """Useful operations in a second: p_u = p u (Chowdhery et al. 2022, app. B, model FLOPs utilization).

    Parameters
    ----------
    peak : FLOP/s per device
        The rate p of the data sheet, without sparsity.
    utilisation : pure number
        The part u of it that the operations of the model take, recomputed ones not counted.

    Returns
    -------
    FLOP/s per device
        The rate p_u.

    Examples
    --------
    >>> achieved_rate(989.4e12, 0.4) / 1e12
    395.76
    """
    return peak * utilisation


def computing_time(work: Value, rate: Value, devices: Value) -> Value:
    """Duration of a computation: t = C / (n p_u) (Chowdhery et al. 2022, app. B, solved for the time).

    Parameters
    ----------
    work : FLOP
        The operations C.
    rate : FLOP/s per device
        The useful operations p_u of one device in a second.
    devices : device
        The number n of devices.

    Returns
    -------
    s
        The duration t.

    Examples
    --------
    >>> computing_time(8.4e22, 4e14, 100) / 86_400
    24.305555555555557
    """
    return work / (rate * devices)


def loaded_power(tdp: Value, load: Value) -> Value:
    """Power of a device from its data sheet: P = TDP x l (Lannelongue et al. 2021, eq. 1, usage factor).

    Parameters
    ----------
    tdp : W at the component, per device
        The thermal design power.
    load : pure number
        The mean power over the thermal design power, l.

    Returns
    -------
    W at the component, per device
        The power P.

    Examples
    --------
    >>> loaded_power(400.0, 0.75)
    300.0
    """
    return tdp * load


def computing_energy(work: Value, rate: Value, power: Value) -> Value:
    """Energy of operations: e = C P / p_u, the power over the rate.

    Parameters
    ----------
    work : FLOP per something
        The operations C of one token, one inference or one run.
    rate : FLOP/s per device
        The useful operations p_u of one device in a second.
    power : W per device
        The power P of one device.

    Returns
    -------
    J per something
        The energy e at the boundary of the power.

    Examples
    --------
    >>> computing_energy(16e9, 4e14, 600.0)
    0.024
    """
    return work * power / rate


def amount_time(amount: Value, throughput: Value) -> Value:
    """Duration of what is worked off at a rate: t = A / r.

    Parameters
    ----------
    amount : token, inference or iteration
        The amount A.
    throughput : the same per s
        The rate r of all devices together.

    Returns
    -------
    s
        The duration t.

    Examples
    --------
    >>> amount_time(3e9, 1.2e4)
    250000.0
    """
    return amount / throughput


def powered_time(energy: Value, power: Value, devices: Value) -> Value:
    """Duration from energy and power: t = E / (P n), `run_energy` solved for the time.

    Parameters
    ----------
    energy : J at a boundary
        The energy E of all devices together.
    power : W at the same boundary, per device
        The mean power P of one device.
    devices : device
        The number n of devices.

    Returns
    -------
    s
        The duration t.

    Examples
    --------
    >>> powered_time(3.2 * 3.6e6, 400.0, 8)
    3600.0
    """
    return energy / (power * devices)
