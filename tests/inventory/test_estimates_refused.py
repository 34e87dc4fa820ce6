"""What an estimate refuses: figures that lack, stand twice, have no effect or do not fit (A10, A15, Q2, Q3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from base_estimates import CARD, by_flops

import lca
from lca.errors import BoundaryError, DomainError, LcaError, MissingError, UnitError

REFUSED: dict[str, tuple[Callable[[], Any], type[LcaError], str]] = {
    "a utilisation above 1": (lambda: by_flops(accelerator="H100 SXM", utilisation=1.2), DomainError,
                              r"accelerator\.utilisation"),
    "a utilisation that may lie above 1": (lambda: by_flops(accelerator="H100 SXM", utilisation=lca.Normal(0.9, 0.1)),
                                           DomainError, r"accelerator\.utilisation"),
    "a load above the margin": (lambda: lca.estimated_power("p", tdp="300 W", load=1.3), DomainError, r"p\.load"),
    "no device": (lambda: by_flops(accelerator=""), MissingError, "no device of the catalogue"),
    "no peak in the tables": (lambda: by_flops(accelerator="RTX 4090"), MissingError, "no 16-bit peak rate"),
    "no TDP in the catalogue": (lambda: by_flops(accelerator="trainium1"), MissingError, "no thermal design power"),
    "an unknown device": (lambda: by_flops(accelerator="H900"), MissingError, "catalogue"),
    "fp8 without utilisation": (lambda: by_flops(accelerator="H100 SXM", precision="fp8"), MissingError, "16-bit"),
    "an unknown precision": (lambda: by_flops(accelerator="H100 SXM", precision="int8"), DomainError, "precision"),
    "work without utilisation": (lambda: by_flops(parameters=None, tokens=None, work="1e20 FLOP",
                                                  accelerator="H100 SXM"), MissingError, "not of any work"),
    "no tokens": (lambda: by_flops(tokens=None), MissingError, r"pretraining\.amount"),
    "tokens without effect": (lambda: by_flops(parameters=None, work="1e20 FLOP"), DomainError, "no effect"),
    "tokens that are pictures": (lambda: by_flops(tokens="2e12 inference"), DomainError, "something else"),
    "two ways to a duration": (lambda: by_flops(duration="3 day"), DomainError, "several ways"),
    "parameters and work": (lambda: by_flops(work="1e20 FLOP"), DomainError, "several ways"),
    "power and TDP": (lambda: by_flops(power="300 W at_wall"), DomainError, "TDP"),
    "figures twice": (lambda: by_flops(utilisation=0.5), DomainError, "again"),
    "operations without a device": (lambda: lca.Training("x", parameters=3, amount="3 token", power="3 W at_wall"),
                                    MissingError, "no device"),
    "an idle device": (lambda: lca.Training("x", energy="3 kWh at_wall", accelerator=lca.Accelerator("y")),
                       DomainError, "no effect"),
    "a device without a rate": (lambda: by_flops(accelerator=lca.Accelerator("y", tdp="3 W", load=1)), MissingError,
                                "no rate"),
    "a device without a load": (lambda: lca.Accelerator("y", tdp="3 W").power, MissingError, "no power"),
    "throughput in other counts": (
        lambda: lca.Training.from_throughput("x", throughput="5 token/s", amount="5 iteration", power="3 W at_wall"),
        DomainError, "something else"),
    "throughput without power": (lambda: lca.Training.from_throughput("x", throughput="5 token/s", amount="5 token"),
                                 MissingError, "data sheet"),
    "a power without a boundary": (
        lambda: lca.Training.from_throughput("x", throughput="5 token/s", amount="5 token", power="3 W"),
        BoundaryError, "where it was measured"),
    "energy and power at two boundaries": (lambda: lca.Training("x", energy="3 kWh at_wall", power="3 W at_board"),
                                           BoundaryError, "two boundaries"),
    "energy, power and duration": (
        lambda: lca.Training("x", energy="3 kWh", power="3 W", duration="3 h", at="wall"), DomainError, "both given"),
    "CO2e and operations": (lambda: lca.Training("x", impact="3 kg CO2e", accelerator=CARD), DomainError, "impact"),
    "an engine without operations": (lambda: lca.Inference.from_flops("x", accelerator="T4"), MissingError,
                                     "how many operations"),
    "an engine with both": (lambda: lca.Inference.from_flops("x", parameters=3, work="3 FLOP/token"), DomainError,
                            "both given"),
    "an engine of a total": (lambda: lca.Inference.from_flops("x", work="3 FLOP", accelerator=CARD), UnitError,
                             r"x\.work"),
}  # fmt: skip


@pytest.mark.parametrize(("made", "kind", "said"), REFUSED.values(), ids=list(REFUSED))
def test_what_an_estimate_refuses(made: Callable[[], Any], kind: type[LcaError], said: str) -> None:
    with pytest.raises(kind, match=said):
        made()
