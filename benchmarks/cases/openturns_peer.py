"""The reference problem in OpenTURNS: a joint distribution, and the model as a symbolic function."""

from __future__ import annotations

import math

import numpy as np
import openturns as ot
from reference import problem as ref

from . import Act


def marginal(name: str) -> ot.Distribution:
    """The distribution of a parameter."""
    family, numbers, _ = ref.PARAMETERS[name]
    if family == "lognormal":
        return ot.LogNormal(math.log(numbers[0]), math.log(numbers[1]), 0.0)
    if family == "pert":
        alpha, beta, low, width = ref.beta_shape(numbers)
        return ot.Beta(alpha, beta, low, low + width)
    return {"normal": ot.Normal, "uniform": ot.Uniform, "triangular": ot.Triangular}[family](*numbers)


class _Text(str):
    """A formula as text that grows by arithmetic, so that the model of the problem writes itself."""

    def _join(sign: str, swapped: bool = False):
        def joined(self: _Text, other: object) -> _Text:
            left, right = (other, self) if swapped else (self, other)
            return _Text(f"({left}{sign}{right})")

        return joined

    __add__, __radd__ = _join("+"), _join("+", swapped=True)
    __sub__, __rsub__ = _join("-"), _join("-", swapped=True)
    __mul__, __rmul__ = _join("*"), _join("*", swapped=True)
    __truediv__, __rtruediv__ = _join("/"), _join("/", swapped=True)


def total(draws: int) -> Act:
    """Sample and evaluate, both in OpenTURNS."""
    joint = ot.JointDistribution([marginal(name) for name in ref.PARAMETERS])
    names = {name: _Text(name) for name in ref.PARAMETERS}
    formula = ref.stages(names, clip=lambda x, low, high: _Text(f"max({low},min({high},{x}))"))["total"]
    model = ot.SymbolicFunction(list(ref.PARAMETERS), [str(formula)])

    def act(seed: int) -> dict[str, float]:
        ot.RandomGenerator.SetSeed(seed)
        return ref.answer_of(np.asarray(model(joint.getSample(draws)))[:, 0])

    return act
