"""The energy of one inference, token or request: from a batch, from a server, above idle, at another rate."""

from __future__ import annotations

from ..graph.function_table import Value


def energy_per_inference(energy_per_batch: Value, batch: Value) -> Value:
    """Energy per inference from energy per batch: e = E_b / b (Q2).

    Parameters
    ----------
    energy_per_batch : J/batch
        Energy E_b of a batch.
    batch : inference/batch
        The size b of a batch.

    Returns
    -------
    J/inference
        The energy e.

    Examples
    --------
    >>> energy_per_inference(0.8, 2)
    0.4
    """
    return energy_per_batch / batch


def served_energy(power: Value, rate: Value) -> Value:
    """Energy of one of what a server counts: e = P / r.

    A server works on n requests at a time, each for the latency t. By Little's law r = n / t (Little 1961), so that
    P t is the energy of n requests.

    Parameters
    ----------
    power : W/device
        The power P of the server while it serves at that rate.
    rate : request/s, token/s, inference/s or batch/s, per device
        How many it serves in a time, r.

    Returns
    -------
    J/request, or per what the rate counts
        The energy e.

    Examples
    --------
    >>> served_energy(5000.0, 12.5)
    400.0
    """
    return power / rate


def request_energy(output_energy: Value, output_tokens: Value, input_energy: Value, input_tokens: Value) -> Value:
    """Energy of a request that reads tokens and puts tokens out: e = e_o n_o + e_i n_i.

    Parameters
    ----------
    output_energy, input_energy : J/token
        Energy of a token that is put out, e_o, and of one that is read, e_i.
    output_tokens, input_tokens : token/request
        How many are put out, n_o, and read, n_i.

    Returns
    -------
    J/request
        The energy e.

    Examples
    --------
    >>> request_energy(0.5, 300.0, 0.02, 500.0)
    160.0
    """
    return output_energy * output_tokens + input_energy * input_tokens


def marginal_energy(gross: Value, idle_power: Value, throughput: Value) -> Value:
    """Energy above idle of one that is counted: e_m = e_g - P_idle / r (A3).

    Parameters
    ----------
    gross : J/inference, J/token or J/request
        Energy e_g with the idle power of its time.
    idle_power : W/device
        Idle power P_idle.
    throughput : inference/s, token/s or request/s, per device
        The rate r of the measurement.

    Returns
    -------
    J/inference, J/token or J/request
        The energy e_m.

    Examples
    --------
    >>> marginal_energy(0.5, 2.0, 10.0)
    0.3
    """
    return gross - idle_power / throughput


def energy_at_rate(energy: Value, slope: Value, throughput: Value, typical: Value) -> Value:
    """Energy of an inference whose rate differs from the typical one: e(r) = e + P_s (1/r - 1/r_0).

    At a steady power P the slope P_s is P, and with e = P / r_0 this is P / r.

    Parameters
    ----------
    energy : J/inference
        Energy e at the typical rate, gross.
    slope : W/device
        Power P_s that the time of an inference takes more.
    throughput : inference/s per device
        The rate r.
    typical : inference/s per device
        The typical rate r_0.

    Returns
    -------
    J/inference
        The energy at the rate r.

    Examples
    --------
    >>> energy_at_rate(0.5, 5.0, 8.0, 10.0)
    0.625
    """
    return energy + slope * (1 / throughput - 1 / typical)
