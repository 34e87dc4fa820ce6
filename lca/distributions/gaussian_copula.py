"""The Gaussian copula: how normal scores depend on each other, from rank correlations.

Each parameter keeps its own distribution. Its draws are the quantiles of Phi(z), and the scores z of several
parameters are jointly normal. Between two scores with correlation rho, Spearman's rank correlation is
(6 / pi) asin(rho / 2) (Kruskal 1958, J. Am. Stat. Assoc. 53, 814-861).
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from ..checks import Array

#: An eigenvalue this far below 0 is rounding.
ROUNDING = 1e-12
_STEPS = 50
#: Of so many keys all threes are looked at, where correlations contradict each other.
_LOOKED_AT = 16


def of_ranks(rank: float) -> float:
    """The correlation of two normal scores from Spearman's rank correlation: 2 sin(pi rank / 6).

    >>> round(of_ranks(0.5), 4), of_ranks(0.0)
    (0.5176, 0.0)
    """
    return float(matrix_of_ranks(np.array(rank)))


def matrix_of_ranks(ranks: Array) -> Array:
    """The same for a whole matrix of rank correlations; 1 and -1 stay what they are."""
    return np.where(np.abs(ranks) < 1, 2 * np.sin(np.pi / 6 * ranks), ranks)


def is_valid(matrix: Array) -> bool:
    """Whether numbers with these correlations exist: no eigenvalue is below 0."""
    return bool(np.linalg.eigvalsh(matrix)[0] >= -ROUNDING * len(matrix))


def largest_factor(ranks: Array) -> float:
    """The largest factor, of three digits, by which all rank correlations may be multiplied at once.

    >>> largest_factor(np.array([[1, 0.9, 0], [0.9, 1, 0.9], [0, 0.9, 1]]))
    0.766
    """
    off = ranks - np.eye(len(ranks))
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if is_valid(matrix_of_ranks(np.eye(len(ranks)) + middle * off)):
            low = middle
        else:
            high = middle
    return int(low * 1000) / 1000


def clashing(matrix: Array) -> tuple[int, ...]:
    """The three places that fit together least: the smallest eigenvalue of any three, of those that matter most."""
    weakest = np.linalg.eigh(matrix)[1][:, 0]
    places = sorted(np.argsort(-np.abs(weakest))[:_LOOKED_AT].tolist())
    return min(
        combinations(places, min(3, len(places))),
        key=lambda places: float(np.linalg.eigvalsh(matrix[np.ix_(places, places)])[0]),
    )


def root_of(matrix: Array) -> Array:
    """The lower triangular root L of a correlation matrix, L L' = matrix; a row that others decide has a 0 at its end.

    >>> root_of(np.array([[1.0, 0.6], [0.6, 1.0]])).round(12).tolist()
    [[1.0, 0.0], [0.6, 0.8]]
    """
    root = np.zeros_like(matrix)
    for j in range(len(matrix)):
        rest = matrix[j:, j] - root[j:, :j] @ root[j, :j]
        if rest[0] > ROUNDING * len(matrix):
            root[j:, j] = rest / np.sqrt(rest[0])
    return root
