"""Serving of language models under batching: time of a step, energy of a token, and the machines a load needs.

In one step a server puts out one token for each request in flight, and reads a part of the prompts that come in.
"""

from __future__ import annotations

from ..graph.function_table import Value
from ..graph.functions import ceil, exp, power

# --- the time of a step ----------------------------------------------------------------------------------


def parameters_read(active: Value, total: Value, expert_share: Value, batch: Value) -> Value:
    """Parameters that a step reads: M = N - (N - A) (1 - q)^(B - 1), with q the share of experts that a token takes.

    A token takes the parameters A of all N. Tokens choose their experts independently, so the experts that none of B
    takes shrink as a power of B (Pope et al. 2022, sec. 3.3, read for a mixture of experts). A dense model has A = N.

    Parameters
    ----------
    active : pure number
        The parameters A that one token takes.
    total : pure number
        All parameters N, from A.
    expert_share : pure number
        The share q of the experts that one token takes.
    batch : pure number
        The tokens B of a step, from 1.

    Returns
    -------
    pure number
        The parameters M, from A to N.

    Examples
    --------
    >>> [round(float(parameters_read(3.0, 30.0, 0.0625, batch)), 2) for batch in (1, 8, 64)]
    [3.0, 12.81, 29.54]
    """
    return total - (total - active) * power(1 - expert_share, batch - 1)


def memory_time(data: Value, bandwidth: Value, gpus: Value) -> Value:
    """Time to read data once, split over the GPUs: t = D / (n b) (roofline: Williams et al. 2009, eq. 1).

    Parameters
    ----------
    data : byte
        The weights, or the cached keys and values, D.
    bandwidth : byte/s per device
        The memory bandwidth b of one GPU.
    gpus : device
        The number n of GPUs over which they are split.

    Returns
    -------
    s
        The time t.

    Examples
    --------
    >>> round(memory_time(16e9, 3.35e12, 1) * 1000, 2)
    4.78
    """
    return data / (bandwidth * gpus)


def tokens_read(batch: Value, input_tokens: Value, output_tokens: Value) -> Value:
    """Tokens of prompts that come in during a step: x = B S / L, since a request ends every L / B steps.

    Parameters
    ----------
    batch : token
        The tokens B that a step puts out, one for each request in flight.
    input_tokens : token/request
        The prompt S of a request.
    output_tokens : token/request
        The answer L to a request.

    Returns
    -------
    token
        The tokens x that a step reads on average.

    Examples
    --------
    >>> tokens_read(64, 500, 400)
    80.0
    """
    return batch * input_tokens / output_tokens


def step_time(weights: Value, cache: Value, operations: Value, reading: Value, handling: Value, fixed: Value) -> Value:
    """Time of a step: t = t_w + t_c + t_o + t_r + t_h + t_0.

    The parts are added, and none hides another, as measured steps show (docs/serving.md).

    Parameters
    ----------
    weights : s
        Reading the weights, t_w.
    cache : s
        Reading the cached keys and values of all requests, t_c.
    operations : s
        Computing the tokens that are put out, t_o.
    reading : s
        Computing the prompts that come in, t_r.
    handling : s
        What the host does for each request, t_h.
    fixed : s
        What each step takes in any case, t_0: launches, and exchange between GPUs.

    Returns
    -------
    s
        The time t.

    Examples
    --------
    >>> step_time(4.0, 1.0, 0.5, 0.5, 1.0, 2.0)
    9.0
    """
    return weights + cache + operations + reading + handling + fixed


# --- the energy of a token -------------------------------------------------------------------------------


def token_energy(power: Value, gpus: Value, time: Value, tokens: Value) -> Value:
    """Energy of a token under batching: e = n P t / x, all GPUs over all tokens of the time.

    With the tokens that are put out it is the energy of decoding, with those that are read that of prefilling.

    Parameters
    ----------
    power : W at a boundary, per device
        The mean power P of one GPU.
    gpus : device
        The number n of GPUs that work together.
    time : s
        The time t of a step, or of one of its parts.
    tokens : token
        The tokens x of all requests together in that time.

    Returns
    -------
    J/token at that boundary
        The energy e.

    Examples
    --------
    >>> token_energy(500.0, 2, 0.02, 40)
    0.5
    """
    return power * gpus * time / tokens


def fitted_token_energy(active: Value, batch: Value, slope: Value, decay: Value, floor: Value) -> Value:
    """Energy of a token and GPU by the formula of EcoLogits: e = a exp(b B) A + c (EcoLogits 0.11, llm.py).

    It is multiplied by the number of GPUs. Its constants are fits to measurements of ML.ENERGY on H100. What it is off
    by, against measurements on the GPUs that were there, stands in docs/serving.md.

    Parameters
    ----------
    active : pure number
        The active parameters A, in billions.
    batch : pure number
        The requests B in flight; EcoLogits takes 64.
    slope : J/token
        Energy a for each billion, at B = 0.
    decay : pure number
        Change b of its logarithm for each request in flight, below 0.
    floor : J/token
        Energy c of a token whatever the model.

    Returns
    -------
    J/token
        The energy e of one GPU.

    Examples
    --------
    >>> round(float(fitted_token_energy(70.0, 64.0, 4.1995e-3, -0.011206, 0.14591)), 4)
    0.2894
    """
    return slope * exp(decay * batch) * active + floor


def server_power(gpu_power: Value, gpus: Value, rest: Value) -> Value:
    """Power of a whole server from that of its GPUs: P = n P_g + R.

    Parameters
    ----------
    gpu_power : W at a boundary, per device
        The mean power P_g of one GPU.
    gpus : device
        The number n of GPUs in it.
    rest : W at the same boundary
        The rest R: processors, memory, network, fans and losses, as far as the boundary contains them.

    Returns
    -------
    W at that boundary
        The power P.

    Examples
    --------
    >>> server_power(500.0, 8, 1200.0)
    5200.0
    """
    return gpu_power * gpus + rest


# --- the machines that a load needs ----------------------------------------------------------------------


def requests_in_flight(rate: Value, time: Value) -> Value:
    """Requests that are served at the same time: N = r t (Little 1961, eq. 1).

    Parameters
    ----------
    rate : request/s
        The requests r that come in, in the mean.
    time : s
        The mean time t of a request from its arrival to its end.

    Returns
    -------
    request
        The mean number N in flight.

    Examples
    --------
    >>> requests_in_flight(4.0, 8.0)
    32.0
    """
    return rate * time


def utilisation(load: Value, throughput: Value, replicas: Value) -> Value:
    """Share of what servers could do that a load uses: u = r / (c m) (Kleinrock 1975, sec. 2.1).

    Parameters
    ----------
    load : request/s or token/s
        The load r, in the mean.
    throughput : the same, per device
        What one server of GPUs that work together can do, m.
    replicas : device
        The number c of such servers.

    Returns
    -------
    pure number
        The utilisation u, up to 1.

    Examples
    --------
    >>> utilisation(30.0, 10.0, 4)
    0.75
    """
    return load / (throughput * replicas)


def idle_share(utilisation: Value) -> Value:
    """Share of the time for which a server waits: 1 - u, while work is done at full batches.

    Parameters
    ----------
    utilisation : pure number
        The utilisation u.

    Returns
    -------
    pure number
        The share.

    Examples
    --------
    >>> idle_share(0.75)
    0.25
    """
    return 1 - utilisation


def gpus_needed(load: Value, throughput: Value, utilisation: Value, gpus: Value, spare: Value) -> Value:
    """GPUs for a load at its peak: n (ceil(r / (m u)) + k), in whole servers, with spares.

    Parameters
    ----------
    load : request/s or token/s
        The load r at its peak.
    throughput : the same
        What one server of GPUs that work together can do, m.
    utilisation : pure number, above 0 up to 1
        The utilisation u that is planned at the peak, so that requests do not queue.
    gpus : device
        The GPUs n of a server.
    spare : pure number
        Servers k that stand by for one that fails.

    Returns
    -------
    device
        The number of GPUs.

    Examples
    --------
    >>> float(gpus_needed(100.0, 12.0, 0.7, 8, 1))
    104.0
    """
    return gpus * (ceil(load / (throughput * utilisation)) + spare)
