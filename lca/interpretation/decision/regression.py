"""Means of values given what is known, by regression: each part of the draws is predicted from all others.

Strong, Oakley and Brennan (Med. Decis. Making 34, 2014) estimate the value of information by regression on the draws
of one run. Predictions of draws that took no part in a fit favour nothing that is in these draws by chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import comb

import numpy as np
from scipy.special import ndtr, ndtri

from ...checks import Array
from ...sampling.statistics.ranks import SAME

#: Parts of the draws, each of which is predicted from the others.
PARTS = 8
#: Values of a discrete parameter that have a mean of their own each.
_MOST_VALUES = 12
#: Steps of one parameter, and the knots of its spline, as probabilities.
_STEPS = 24
_KNOTS = (0.05, 0.275, 0.5, 0.725, 0.95)
#: The most functions of a kind, and the most parameters.
_MOST_FUNCTIONS = 240
_MOST_KNOWN = 120
#: Pairs are chosen by one draw in so many.
_EVERY = 4
#: What is added to the mean squares of the functions, so that some of them may be made up of others.
_RIDGE = 1e-9


class Regression:
    """Means of values given some parameters, (parameters, draws).

    The functions are a constant, and a line and a cubic spline of each parameter. A few values of a parameter have a
    mean each. One parameter alone has a mean for each of 24 shares of the draws, too; several have products of two and
    of three. Where these are too many, those are taken that go most with one of the values of `guide`. Models take the
    first so many of them.

    >>> x = np.random.default_rng(1).normal(size=(2, 8000))
    >>> made = Regression(x[:1], x[:1]).means(x[:1] ** 2 + x[1:])
    >>> bool(np.abs(made - x[:1] ** 2).mean() < 0.1)
    True
    """

    def __init__(self, known: Array, guide: Array) -> None:
        known = _leading(known, guide)
        blocks = [np.ones((1, known.shape[1])), *_models(known, guide)]
        functions = np.concatenate(blocks)
        self._functions = functions.reshape(len(functions), PARTS, -1).swapaxes(0, 1)
        self._lengths = np.cumsum([len(one) for one in blocks]).tolist()
        squares = self._functions @ self._functions.swapaxes(1, 2)
        self._squares = squares.sum(axis=0) - squares  # of all other parts
        self._squares += _RIDGE * known.shape[1] * np.eye(len(functions))

    def means(self, values: Array) -> Array:
        """The mean of each value given what is known, (values, draws).

        Each value takes the model that predicts the other parts best, by squared errors.
        """
        given = values.reshape(len(values), PARTS, -1).swapaxes(0, 1)
        products = given @ self._functions.swapaxes(1, 2)
        others = products.sum(axis=0) - products
        found, least = np.zeros_like(given), np.full(len(values), np.inf)
        for some in map(slice, self._lengths):
            weights = np.linalg.solve(self._squares[:, some, some], others[..., some].swapaxes(1, 2))
            made = weights.swapaxes(1, 2) @ self._functions[:, some]
            errors = ((given - made) ** 2).sum(axis=(0, 2))
            better = errors < least
            found[:, better], least[better] = made[:, better], errors[better]
        return np.asarray(found.swapaxes(0, 1).reshape(values.shape))


def _leading(known: Array, guide: Array) -> Array:
    """The parameters whose ranks go most with a value, where there are more than a regression takes."""
    if len(known) <= _MOST_KNOWN:
        return known
    strength = _strength(np.stack([normal_score(one) for one in known]), guide)
    return known[np.argsort(-strength, kind="stable")[:_MOST_KNOWN]]


def _strength(functions: Array, guide: Array) -> Array:
    """How much each function goes with one of some values, at most: its correlation, but for its own scale."""
    apart = guide - guide.mean(axis=1, keepdims=True)
    spread = np.maximum(np.sqrt((apart**2).sum(axis=1)), np.finfo(float).tiny)
    return np.asarray(np.abs(functions @ (apart / spread[:, None]).T).max(axis=1))


def _models(known: Array, guide: Array) -> Iterator[Array]:
    """The functions that each model adds to the one before: lines, bends, products of two, products of three."""
    lines = np.stack([_scaled(one) for one in known])
    yield lines
    each = max(1, _MOST_FUNCTIONS // len(known))
    yield np.concatenate([_bends(one)[:each] for one in known])
    if len(known) == 1:
        yield _steps(known[0])
    for size in (2, 3):
        if len(together := _together(lines, size, guide)):
            yield np.stack([_scaled(np.prod(lines[list(one)], axis=0)) for one in together])


def _together(lines: Array, size: int, guide: Array) -> list[tuple[int, ...]]:
    """Which parameters are multiplied: all, or the pairs that go most with a value, on some of the draws."""
    count = len(lines)
    if comb(count, size) <= _MOST_FUNCTIONS:
        return list(combinations(range(count), size))
    if size > 2:
        return []
    some, values = lines[:, ::_EVERY], guide[:, ::_EVERY]
    strength = np.concatenate([_strength(some[first] * some[first + 1 :], values) for first in range(count - 1)])
    pairs = list(combinations(range(count), 2))
    return [pairs[place] for place in np.argsort(-strength, kind="stable")[:_MOST_FUNCTIONS]]


def _bends(one: Array) -> Array:
    """What bends a line in one parameter (functions, draws)."""
    levels = np.unique(one)
    if len(levels) <= _MOST_VALUES:
        return np.stack([_scaled((one == level).astype(float)) for level in levels])
    score = normal_score(one)
    return np.stack([score, *(_scaled(np.maximum(score - knot, 0) ** 3) for knot in ndtri(_KNOTS))])


def _steps(one: Array) -> Array:
    """A mean of its own for each of some equal shares of the draws: of what rises in steps."""
    return np.stack([_scaled((np.floor(_STEPS * ndtr(normal_score(one))) == step) * 1.0) for step in range(_STEPS)])


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
