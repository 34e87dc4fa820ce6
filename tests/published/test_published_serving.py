"""Published figures of serving: the formula of EcoLogits, and joules of a model that nothing was learnt from.

The figures were typed in from the sources named.
"""

from __future__ import annotations

import math
from typing import Any

import pytest

import lca
from lca.distributions.lognormal import Lognormal
from lca.inventory.learnt.ecologits import ecologits_energy

#: EcoLogits 0.11.3, impacts/llm.py, constants of that version: active and total parameters in billions, tokens, PUE;
#: Wh of the facility for the request, as its code gives it. Latency a A + b B + c, a server of 1.2 kW with 8 GPUs.
ECOLOGITS = {"70B": (70.0, 70.0, 400, 1.2, 0.2630115971334018)}
LATENCY = (0.0006785088094353663, 0.0003119310311688259, 0.019473717579473387)


@pytest.mark.parametrize("name", ECOLOGITS)
def test_the_formula_of_ecologits_gives_its_request(name: str) -> None:
    """GPUs for 1.2 times the weights in 16 bits, a power of two of 80 GB each; the server's share on top."""
    active, total, tokens, pue, expected = ECOLOGITS[name]
    gpus = 2 ** math.ceil(math.log2(math.ceil(1.2 * total * 2 / 80)))
    gpu = float(ecologits_energy(active)) * gpus * tokens
    seconds = tokens * (LATENCY[0] * active + LATENCY[1] * 64 + LATENCY[2])
    server = seconds * 1_200 * gpus / 8 / 64
    assert pue * (server + gpu) / 3_600 == pytest.approx(expected, rel=1e-9)


#: ML.ENERGY leaderboard, version 3, lm-arena-chat (ml-energy/leaderboard @ 0cd52da): Llama 3.1 8B Instruct in bfloat16
#: on one H100: requests in flight, output tokens of a request, J per output token. The family was not learnt from.
LLAMA = {
    8: (388.677734375, 0.4547982611462042),
    16: (404.2314453125, 0.26273977845850766),
    32: (390.3291015625, 0.16505510741316592),
    64: (395.541015625, 0.11857964835952284),
    96: (392.8330078125, 0.102865531346047),
    128: (404.58984375, 0.09510991243206074),
    192: (396.7734375, 0.08369519184258484),
}
#: The same source: W of the GPU and output tokens in a second.
RATES = {8: (486.4380535594687, 1069.5688508868182), 192: (688.2545655688424, 8223.34653182135)}


def energy(batch: int) -> Any:
    node = lca.Inference.of_model("llama", active=8e9, batch=batch, output_tokens=LLAMA[batch][0]).energy
    assert node.parameter is not None
    (value,) = node.parameter.values
    assert isinstance(value, Lognormal)
    return value


@pytest.mark.parametrize("batch", LLAMA)
def test_u4_the_interval_of_a_model_holds_what_was_measured(batch: int) -> None:
    """Within 90 %, and the median within 20 %, of a family that was not learnt from."""
    told, measured = energy(batch), LLAMA[batch][1]
    assert float(told.ppf(0.05)) < measured < float(told.ppf(0.95))
    assert told.median == pytest.approx(measured, rel=0.2)


def test_the_published_formula_with_its_error_holds_them_too() -> None:
    """It is some six times wider than the step model, and less true at small batches."""
    off = {}
    for batch, (_, measured) in LLAMA.items():
        made = lca.serving.ecologits(active=8e9, gpus=1, batch=batch)
        assert float(made.ppf(0.05)) < measured < float(made.ppf(0.95))
        off[batch] = measured / float(ecologits_energy(8.0, batch))
        width = float(energy(batch).ppf(0.95) / energy(batch).ppf(0.05))
        assert float(made.ppf(0.95) / made.ppf(0.05)) > 5 * width
    assert off[8] == pytest.approx(2.57, abs=0.01)
    assert off[192] == pytest.approx(0.56, abs=0.01)


def test_points_that_were_left_out_lie_between_their_neighbours() -> None:
    """Each of the five inner points, from the six others."""
    batches = sorted(LLAMA)
    for batch in batches[1:-1]:
        made = lca.serving.points({one: LLAMA[one][1] for one in batches if one != batch}).energy(batch)
        assert float(made.ppf(0.05)) < LLAMA[batch][1] < float(made.ppf(0.95))


@pytest.mark.parametrize("batch", RATES)
def test_power_over_rate_is_the_published_energy(batch: int) -> None:
    """A3: the publisher's own identity, through `Inference.served`."""
    watts, rate = RATES[batch]
    served = lca.Inference.served(
        "llama", power=lca.quantity(watts, "W"), rate=lca.quantity(rate, "token/s"), at="component"
    )
    assert float(lca.nominal(served.energy).data["value"]) == pytest.approx(LLAMA[batch][1], rel=1e-9)
