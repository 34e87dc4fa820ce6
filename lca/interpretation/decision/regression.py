"""Means of values given what is known, by regression: each part of the draws is predicted from all others.

Strong, Oakley and Brennan (Med. Decis. Making 34, 2014) estimate the value of information by regression on the draws
of one run. Predictions of draws that took no part in a fit favour nothing that is in these draws by chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from scipy.special import ndtri

from ...checks import Array
from ...sampling.statistics.ranks import SAME

#: Parts of the draws, each of which is predicted from the others.
PARTS = 8
#: Values of a discrete parameter that have a mean of their own each.
_MOST_VALUES = 12
#: Knots of the spline, as probabilities; and the most functions of all known parameters together.
_KNOTS = (0.05, 0.275, 0.5, 0.725, 0.95)
_MOST_FUNCTIONS = 240
_MOST_KNOWN = 120
#: A function is left out where less than this of it is not made up of others.
_DEPENDENT = 1e-7


class Regression:
    """Means of values given some parameters, at the draws that these have.

    The draws are `PARTS` parts of equal length. The functions are a constant, a line and a cubic spline of each
    parameter (or a mean for each of a few values), and products of two and of three parameters. Models take the first
    so many of them.

    >>> x = np.random.default_rng(1).normal(size=(2, 8000))
    >>> made = Regression(x[:1]).means(x[:1] ** 2 + x[1:])
    >>> bool(np.abs(made - x[:1] ** 2).mean() < 0.05)
    True
    """

    def __init__(self, known: Array) -> None:
        draws = known.shape[1]
        blocks = [np.ones((1, draws)), *_models(known)]
        made, triangle = np.linalg.qr(np.concatenate(blocks).T)
        kept = np.abs(np.diag(triangle)) > _DEPENDENT * np.sqrt(draws)  # what others make up already is left out
        self._functions = made[:, kept].reshape(PARTS, draws // PARTS, -1)
        self._lengths = [int(kept[:count].sum()) for count in np.cumsum([len(one) for one in blocks])]
        squares = self._functions.swapaxes(1, 2) @ self._functions
        self._squares = squares.sum(axis=0) - squares  # of all other parts

    def means(self, values: Array) -> Array:
        """The mean of each value given what is known, (values, draws).

        Each value takes the model that predicts the other parts best, by squared errors.
        """
        given = values.T.reshape(*self._functions.shape[:2], len(values))
        products = self._functions.swapaxes(1, 2) @ given
        others = products.sum(axis=0) - products
        found, least = np.zeros_like(given), np.full(len(values), np.inf)
        for some in map(slice, self._lengths):
            made = self._functions[..., some] @ np.linalg.solve(self._squares[:, some, some], others[:, some])
            errors = ((given - made) ** 2).sum(axis=(0, 1))
            better = errors < least
            found[..., better], least[better] = made[..., better], errors[better]
        return np.asarray(found.reshape(-1, len(values)).T)


def leading(known: Array, values: Array) -> Array:
    """The parameters whose ranks go most with a value, where there are more than a regression takes."""
    if len(known) <= _MOST_KNOWN:
        return known
    scores = np.stack([normal_score(one) for one in known])
    apart = values - values.mean(axis=1, keepdims=True)
    spread = np.maximum(np.sqrt((apart**2).sum(axis=1)), np.finfo(float).tiny)
    strength = np.abs(scores @ apart.T / spread).max(axis=1)
    return known[np.argsort(-strength, kind="stable")[:_MOST_KNOWN]]


def _models(known: Array) -> Iterator[Array]:
    """The functions that each model adds to the one before: of each alone, products of two, products of three."""
    each = max(1, _MOST_FUNCTIONS // max(1, len(known)))
    yield np.concatenate([_alone(one)[:each] for one in known])
    lines = [_scaled(one) for one in known]
    for size in (2, 3):
        together = list(combinations(range(len(lines)), size))
        if together and len(together) <= _MOST_FUNCTIONS:
            yield np.stack([_scaled(np.prod([lines[place] for place in one], axis=0)) for one in together])


def _alone(one: Array) -> Array:
    """The functions of one parameter (functions, draws)."""
    levels = np.unique(one)
    if len(levels) <= _MOST_VALUES:
        return np.stack([_scaled((one == level).astype(float)) for level in levels])
    score = normal_score(one)
    bends = [_scaled(np.maximum(score - knot, 0) ** 3) for knot in ndtri(_KNOTS)]
    return np.stack([_scaled(one), score, *bends])


def normal_score(one: Array) -> Array:
    """The normal quantile at the rank of each draw; equal draws share theirs.

    >>> normal_score(np.array([5.0, 7.0, 5.0])).round(3).tolist()
    [-0.431, 0.967, -0.431]
    """
    _, place, counts = np.unique(one, return_inverse=True, return_counts=True)
    return np.asarray(ndtri((np.cumsum(counts) - counts / 2) / one.size)[place])


def _scaled(one: Array) -> Array:
    """With mean 0 and standard deviation 1; 0 of what does not vary."""
    apart = one - one.mean()
    sd = float(np.sqrt(np.mean(apart**2)))
    return apart / sd if sd > SAME * float(np.abs(one).max()) else np.zeros_like(one)
