"""Published energies of inference: windows of MLPerf Tiny, services of ML.ENERGY, the method of EcoLogits.

The tables are those of tests/published/inference: facts, typed with seven digits where their source prints more.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from by_inference import computed, request
from published_cases import MET, read_cases, verdict

import lca

CASES = read_cases("inference")


@pytest.mark.parametrize("name", CASES)
def test_a_published_energy_of_inference_follows_from_its_inputs(name: str) -> None:
    """A3, U10: a window over its inferences to the printed digit, power over rate, a request's share of a server."""
    case = CASES[name]
    found = computed(case)
    assert set(found) >= set(case.outputs)
    for output in case.outputs:
        assert verdict(case, output, found[output]) in MET, (output, found[output], case.outputs[output])


@pytest.mark.parametrize("name", CASES)
def test_a_tenth_more_of_an_energy_or_a_power_is_noticed(name: str) -> None:
    """The comparison is sharp: each input that a sweep or a window has of its own counts."""
    case = CASES[name]
    own = [key for key in case.inputs if "@" in key] or ["intensity", "server_power", "pue", "water", "gpu_embodied"]
    for changed in own[:4]:
        other = case.with_figure(changed, case.inputs[changed].value * Decimal("1.1"))
        found = computed(other)
        assert "not reproduced" in {verdict(other, output, found[output]) for output in case.outputs}, changed


def test_ecologits_total_is_use_and_hardware() -> None:
    """A13: water is a category beside; the total of climate change is the sum of both stages."""
    for name in ("ecologits-request-70b", "ecologits-request-13b"):
        found = request(CASES[name])
        both = sum(float(CASES[name].outputs[part].value) for part in ("use", "embodied"))
        assert found["total"] == pytest.approx(both, rel=1e-9)


def test_ml_energy_power_times_latency_would_charge_each_request_with_all() -> None:
    """A3: 32 at a time at 3,391 token/s take 3.68 s for 390 tokens: P t says 2,062 J where 64.4 J were published."""
    case = CASES["ml-energy-llama-3.1-8b"]
    latency = 32 * case.number("tokens@32") / case.number("rate@32")
    with pytest.raises(lca.errors.AccountingError, match="2,060 J(.|\n)*64.4 J"):
        lca.Inference.served("llama", power=case["power@32"], latency=f"{latency} s/request", concurrency=32)


def test_every_case_of_inference_is_there() -> None:
    assert len(CASES) == 8
    assert sum(len(case.outputs) for case in CASES.values()) == 3 * 8 + 2 * 6 + 3 + 2 * 4
