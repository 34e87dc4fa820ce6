"""The reference problem in lca_algebraic: a symbolic foreground on Brightway, compiled to NumPy."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("BRIGHTWAY2_DIR", tempfile.mkdtemp())

import bw2data
import lca_algebraic
import numpy as np
import sympy
from reference import problem as ref

from . import Act

METHOD = ("climate", "climate", "total")


def total(draws: int) -> Act:
    """All draws of every parameter in one call. The draws are NumPy's, since its own sampler takes other families."""
    bw2data.projects.set_current("reference")
    for name in list(bw2data.databases):
        del bw2data.databases[name]
    gas = ("gases", "co2")
    bw2data.Database("gases").write({gas: {"name": "co2", "unit": "kg", "type": "emission", "exchanges": []}})
    method = bw2data.Method(METHOD)
    method.register(unit="kg")
    method.write([(gas, 1.0)])
    lca_algebraic.resetDb("foreground")
    lca_algebraic.resetParams()
    p = {}
    for name, (_, numbers, _) in ref.PARAMETERS.items():
        low, high = min(numbers), max(numbers) + 1
        p[name] = lca_algebraic.newFloatParam(name, default=low, min=low, max=high, dbname="foreground")
    formula = ref.stages(p, clip=lambda x, low, high: sympy.Min(sympy.Max(x, low), high))["total"]
    fleet = lca_algebraic.newActivity("foreground", "fleet", "unit", exchanges={bw2data.get_activity(gas): formula})

    def act(seed: int) -> dict[str, float]:
        drawn = ref.all_drawn(np.random.default_rng(seed), draws)
        found = lca_algebraic.compute_impacts(fleet, [METHOD], **drawn)
        return ref.answer_of(found.iloc[:, 0].to_numpy(float))

    return act
