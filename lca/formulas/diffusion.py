"""Diffusion models of images and videos: operations and time of a denoising step."""

from __future__ import annotations

from ..graph.function_table import Value
from ..graph.functions import power


def denoising_work(work: Value, passes: Value, tokens: Value, reach: Value) -> Value:
    """Operations of a denoising step for one image or video: C = C_0 G (1 + x / r) (Peebles and Xie 2023, sec. 3).

    Each token of the latent image looks at all others, so that beyond r tokens attention takes more than the rest.

    Parameters
    ----------
    work : FLOP
        The operations C_0 of one pass without attention (`transformer_work`).
    passes : pure number
        The passes G through the network: 2 with classifier-free guidance, else 1.
    tokens : token
        The tokens x of the latent image or video.
    reach : token
        The tokens r at which attention takes as much as the rest.

    Returns
    -------
    FLOP
        The operations C.

    Examples
    --------
    >>> denoising_work(2e13, 2, 4096.0, 16384.0)
    50000000000000.0
    """
    return work * passes * (1 + tokens / reach)


def overlapped_time(computing: Value, waiting: Value) -> Value:
    """Time of two things at once, of which the longer one counts most: t = sqrt(t_1^2 + t_2^2).

    Parameters
    ----------
    computing : s
        The time t_1 of the operations.
    waiting : s
        The time t_2 of launches and of exchange between GPUs.

    Returns
    -------
    s
        The time t.

    Examples
    --------
    >>> float(overlapped_time(3.0, 4.0))
    5.0
    """
    return power(computing * computing + waiting * waiting, 0.5)
