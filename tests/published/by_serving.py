"""Serving of language models: the formula of EcoLogits, and the joules of a model that nothing was learnt from."""

from __future__ import annotations

import math

from published_cases import Case, Ours

import lca
from lca.distributions.lognormal import Lognormal
from lca.inventory.learnt.ecologits import ecologits_energy


def gpus(case: Case) -> int:
    """GPUs for 1.2 times the weights, a power of two of them."""
    gb = 1.2 * case.number("total") * case.number("bits") / 8
    return int(2 ** math.ceil(math.log2(math.ceil(gb / case.number("gpu_memory")))))


def seconds_per_token(case: Case) -> float:
    per_token = case.number("lat_alpha") * case.number("active") + case.number("lat_beta") * case.number("batch")
    return per_token + case.number("lat_gamma")


def ecologits(case: Case) -> float:
    """Wh of a request at the facility: the GPUs by the formula, and the server's share on top."""
    tokens, number = case.number("tokens"), gpus(case)
    gpu = float(ecologits_energy(case.number("active"))) * number * tokens
    server = tokens * seconds_per_token(case) * case.number("server_power") * 1e3
    shared = number / case.number("server_gpus") / case.number("batch")
    return case.number("pue") * (server * shared + gpu) / 3_600


def per_token(case: Case) -> float:
    """A3: power over rate, the publisher's own identity, through `Inference.served`."""
    served = lca.Inference.served("llama", power=case["power"], rate=case["rate"], at="component")
    return float(lca.nominal(served.energy).data["value"])


def computed(case: Case) -> dict[str, Ours]:
    """Every output of a case."""
    found = {}
    if "energy" in case.outputs:
        found["energy"] = ecologits(case)
    if "per_token" in case.outputs:
        found["per_token"] = per_token(case)
    return {name: Ours(one, one, one) for name, one in found.items()}


def energy(case: Case) -> Lognormal:
    """The joules of an output token that the step model tells."""
    batch, tokens = int(case.number("batch")), case.number("output_tokens")
    made = lca.Inference.of_model("llama", active=case.number("active"), batch=batch, output_tokens=tokens)
    assert made.energy.parameter is not None
    (value,) = made.energy.parameter.values
    assert isinstance(value, Lognormal)
    return value


def told(case: Case) -> dict[str, tuple[float, float, float]]:
    """5, 50 and 95 % of the energy that is estimated, in J for a token."""
    if not case.measured:
        return {}
    one = energy(case)
    return {"energy": (float(one.ppf(0.05)), float(one.median), float(one.ppf(0.95)))}
