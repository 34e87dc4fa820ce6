"""The reference problem with the distributions and the sampling of chaospy."""

from __future__ import annotations

import math

import chaospy
from reference import problem as ref

from . import Act


def marginal(name: str) -> chaospy.Distribution:
    """The distribution of a parameter."""
    family, numbers, _ = ref.PARAMETERS[name]
    if family == "lognormal":
        return chaospy.LogNormal(math.log(numbers[0]), math.log(numbers[1]))
    if family == "pert":
        alpha, beta, low, width = ref.beta_shape(numbers)
        return chaospy.Beta(alpha, beta, low, low + width)
    return {"normal": chaospy.Normal, "uniform": chaospy.Uniform, "triangular": chaospy.Triangle}[family](*numbers)


def total(draws: int) -> Act:
    """A joint distribution, sampled, and the model in NumPy."""
    joint = chaospy.J(*map(marginal, ref.PARAMETERS))

    def act(seed: int) -> dict[str, float]:
        drawn = joint.sample(draws, rule="random", seed=seed)
        return ref.answer_of(ref.stages(dict(zip(ref.PARAMETERS, drawn, strict=True)))["total"])

    return act
