"""Shares of a whole that sum to one in every draw: weights, each divided by their sum."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ..arguments import entry
from ..checks import finite_number
from ..distributions.base import Distribution, read_scalar
from ..distributions.gamma import LEAST_SHAPE, Gamma
from ..errors import DomainError, LabelError, UnitError
from .fields import parameter
from .functions import total
from .inputs import labelled
from .labels import L
from .node import Node

#: How far stated shares may be from one in sum, as they are rounded.
_ROUNDING = 1e-6


@entry
def shares(
    key: str,
    values: Mapping[L, object],
    *,
    dim: str,
    concentration: float | None = None,
    sd: Mapping[L, object] | None = None,
    status: str = "declared",
    source: str = "",
) -> Node:
    """Shares of a whole over the labels of a dim: they sum to 1 in every draw.

    Numbers are the means of a Dirichlet distribution: gamma variates, each divided by their sum (Devroye 1986, chapter
    XI.4). The share p has the standard deviation sqrt(p (1 - p) / (concentration + 1)). Distributions are weights: each
    is drawn by itself and divided by the sum of all, so that a share has another mean than its weight.

    Parameters
    ----------
    key : str
        The permanent name. Draws depend on it.
    values : mapping of label to share
        The share of each label, as "40 %" or 0.4, together 1; or a distribution of each, with no value below 0.
    dim : str
        The name of the dim.
    concentration : float
        How narrow: 10 is wide, 1,000 is narrow. Where shares were counted, it is about how many were counted.
    sd : mapping of one label to its standard deviation
        The standard deviation of one share, in place of a concentration: {"gas": "5 %"}.
    status : str
        How it is known: "measured", "declared", "dataset", "assumed" or "default".
    source : str
        Where it comes from.

    Returns
    -------
    Node
        The shares, pure numbers over the dim. Their nominal values are those stated.

    Raises
    ------
    DomainError
        If the shares do not sum to 1, one is not above 0, or not exactly one of `concentration` and `sd` is given;
        beside distributions neither is.
    LabelError
        If `sd` does not name one of the labels.

    Examples
    --------
    >>> import lca
    >>> mix = lca.shares("our mix", {"gas": "40 %", "wind": "60 %"}, dim="source", concentration=50)
    >>> lca.nominal(mix).data["value"].values.round(12).tolist()
    [0.4, 0.6]
    """
    weights = {label: _weight(value, f"{key}[{label}]") for label, value in values.items()}
    drawn = [label for label, weight in weights.items() if isinstance(weight, Distribution)]
    plain = {label: weight for label, weight in weights.items() if not isinstance(weight, Distribution)}
    if not drawn:
        weights = _gammas(key, plain, concentration, sd)
    elif plain or concentration is not None or sd is not None:
        raise DomainError.of("weights_beside_shares", key, [f"distributions: {', '.join(map(str, drawn))}"])
    made = parameter(key, labelled(weights, dim=dim), status=status, source=source)
    return made / total(made, over=dim)


def _weight(value: object, where: str) -> Distribution | float:
    if isinstance(value, Distribution):
        low = value.reach[0]
        if value.unit or low < 0:
            raise DomainError.of("weight_below_0", where, [repr(value)], low=low)
        return value
    return _share(value, where)


def _share(value: object, where: str) -> float:
    """A number between 0 and 1, also as a text."""
    number, unit = read_scalar(value, where)
    factor = {"": 1.0, "%": 0.01}.get(unit)
    if factor is None:
        raise UnitError.of("share_with_a_unit", where, unit=unit)
    return finite_number(number * factor, where, low=0, high=1, above=True)


def _gammas(
    key: str, plain: Mapping[L, float], concentration: float | None, sd: Mapping[L, object] | None
) -> dict[L, Distribution | float]:
    """Gamma variates whose means are the shares, of one scale 1 / concentration."""
    whole = math.fsum(plain.values())
    if not math.isclose(whole, 1, abs_tol=_ROUNDING) or len(plain) < 2:
        raise DomainError.of(
            "shares_not_one", key, [f"{label}: {share:g}" for label, share in plain.items()], whole=whole
        )
    if (concentration is None) == (sd is None):
        raise DomainError.of("concentration_or_sd", key)
    narrow = concentration if sd is None else _concentration(key, plain, sd)
    least = LEAST_SHAPE / min(plain.values())
    finite_number(narrow, f"{key}: concentration", low=0, above=True)
    assert narrow is not None
    if narrow < least:
        raise DomainError.of("concentration_too_small", key, concentration=narrow, least=least)
    return {label: Gamma(share, math.sqrt(share / narrow)) for label, share in plain.items()}


def _concentration(key: str, plain: Mapping[L, float], sd: Mapping[L, object]) -> float:
    """From the standard deviation of one share: p (1 - p) / sd^2 - 1."""
    if len(sd) != 1 or not sd.keys() <= plain.keys():
        raise LabelError.of("sd_of_one_share", key, [", ".join(map(str, sd))], labels=", ".join(map(str, plain)))
    ((label, value),) = sd.items()
    share, spread = plain[label], _share(value, f"{key}: sd of {label}")
    largest = math.sqrt(share * (1 - share))
    if spread >= largest:
        raise DomainError.of("sd_of_a_share_too_large", key, sd=spread, largest=largest)
    return (largest / spread) ** 2 - 1
