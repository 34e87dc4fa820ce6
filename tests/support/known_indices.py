"""Functions of which the sensitivity indices are known, and what they are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

import lca

F = lca.functions

#: Indices of Ishigami and Homma's function with a = 7, b = 0.1 (Saltelli et al. 2008, Global Sensitivity Analysis).
ISHIGAMI_VARIANCE = 13.844587940719254
ISHIGAMI_FIRST = {"x1": 0.31390519114781146, "x2": 0.4424111447900409, "x3": 0.0}
ISHIGAMI_TOTAL = {"x1": 0.5575888552099592, "x2": 0.4424111447900409, "x3": 0.24368366406214773}
ISHIGAMI_13 = 0.24368366406214773
#: A pair is shared out equally: S1 + S13 / 2, S2, S13 / 2.
ISHIGAMI_SHAPLEY = {"x1": ISHIGAMI_FIRST["x1"] + ISHIGAMI_13 / 2, "x2": ISHIGAMI_FIRST["x2"], "x3": ISHIGAMI_13 / 2}


def ishigami() -> Any:
    """sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1, inputs uniform from -pi to pi (Ishigami and Homma 1990)."""
    x1, x2, x3 = (lca.parameter(f"x{i}", lca.Uniform(-math.pi, math.pi)) for i in (1, 2, 3))
    return F.apply(np.sin, x1) + 7 * F.apply(np.sin, x2) ** 2 + 0.1 * x3**4 * F.apply(np.sin, x1)


G_COEFFICIENTS = (0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0)
#: Indices for these coefficients (Saltelli and Sobol' 1995).
G_FIRST = (
    0.7161921688790331,
    0.17904804221975829,
    0.02367577417781928,
    0.007161921688790333,
    *[7.16192168879e-05] * 4,
)
G_TOTAL = (
    0.7871441266592748,
    0.2421981928182384,
    0.03431691015408282,
    0.010460387065239534,
    *[1.0494905191950601e-4] * 4,
)


def g_function(coefficients: Sequence[float] = G_COEFFICIENTS) -> Any:
    """Product of (|4 x - 2| + a) / (1 + a), inputs x0, x1, ... uniform from 0 to 1 (Saltelli and Sobol' 1995)."""
    product: Any = 1.0
    for i, a in enumerate(coefficients):
        x = 4 * lca.parameter(f"x{i}", lca.Uniform(0, 1)) - 2
        product = product * ((F.maximum(x, -x) + a) / (1 + a))
    return product


def g_share(coefficients: Sequence[float], members: Sequence[int], others: bool = False) -> float:
    """The share of the variance that some inputs have together alone, or with others too.

    An effect of the set u has the variance prod V_i over u, with V_i = 1 / (3 (1 + a_i)^2).
    """
    own = [1 / (3 * (1 + a) ** 2) for a in coefficients]
    whole = math.prod(1 + one for one in own) - 1
    rest = math.prod(1 + one for i, one in enumerate(own) if i not in members) if others else 1.0
    return math.prod(own[i] for i in members) * rest / whole
