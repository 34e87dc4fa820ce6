"""A service that is estimated before it runs: which loads it can be given, and what an error says (A3, A15)."""

from __future__ import annotations

from typing import Any

import pytest

import lca
from lca.errors import AccountingError

MODEL: dict[str, Any] = {"active": 8e9, "batch": 32, "output_tokens": 400}
DEVICE: dict[str, Any] = {"parameters": "8e9", "accelerator": "H100 SXM"}


def service(chat: lca.Inference, load: str, idle_power: str = "75 W at_component") -> lca.Study:
    """Four H100 that each serve at this load; the catalogue says what a card can draw."""
    site = lca.Site("hall", electricity=lca.Electricity.lookup("FR", 2023), pue=1.2, supply_efficiency=0.93)
    use = lca.Deployment(
        "chats", chat, on=lca.Hardware.lookup("H100 SXM"), allocation="reserved_time", site=site, devices=4,
        start=2024, period="1 year", load=load, active=1.0, idle_power=idle_power, beyond="not counted",
    )  # fmt: skip
    out = lca.outside_goal("a test of what serving takes")
    unit = lca.FunctionalUnit("1 million tokens", count=use.tokens / 1e6)
    return lca.Study("chats", use, functional_unit=unit, excluded=dict.fromkeys(("development", "training"), out))


def test_the_energy_of_a_served_token_is_that_of_docs_serving_by_hand() -> None:
    """The parts of a step with the factors as the page rounds them: 8 billion parameters, one H100, batch 32."""
    weights, cache = 0.73 * 16e9 / 3.35e12, 0.79 * 32 * 300 * 150e3 * 0.8**0.35 / 3.35e12
    operations, reading = 1.6 * 32 * 16e9 / 989e12, 1.7 * 32 * 100 / 400 * 16e9 / 989e12
    step = weights + cache + operations + reading + 32 * 46e-6 + 2.1e-3 * 0.8**0.30
    told = float(lca.nominal(lca.Inference.of_model("chat", **MODEL).energy).data["value"])
    assert told == pytest.approx(700 * step / 32, rel=0.015)


def test_a15_an_estimate_may_serve_up_to_the_rate_of_its_median() -> None:
    """A15: a draw that needs more power than a card has stands for more cards; a nominal value that does raises."""
    chat = lca.Inference.of_model("chat", **MODEL)
    assert chat.throughput is not None
    rate = float(lca.nominal(chat.throughput).data["value"])
    drawn = lca.monte_carlo(service(chat, f"{0.95 * rate:.1f} token/s"), draws=4_000, progress=False)
    energy = drawn.data["energy/chats"]
    assert float(energy.max() / energy.median()) > 1.25 * 700 / (0.7 * 700)  # beyond what one card can draw
    with pytest.raises(AccountingError, match=r"above the throughput(.|\n)*a device would be busy: 1\.05"):
        service(chat, f"{1.05 * rate:.1f} token/s")
    fast = lca.Inference.of_model("chat", throughput="30000 token/s", **MODEL)
    with pytest.raises(AccountingError, match=r"above the maximum power(.|\n)*at nominal values"):
        service(fast, "20000 token/s")


def test_a15_a_measured_energy_is_looked_at_in_each_draw() -> None:
    """A15: 0.3 J x 2,000 token/s is 600 W of 700 W; with a factor of 1.4 (k=1) some draws need more than 875 W."""
    wide = lca.Inference("chat", lca.Lognormal("0.3 J/token", gsd=1.4), at="component", per="token",
                         baseline="gross", throughput="2500 token/s", status="measured")  # fmt: skip
    with pytest.raises(AccountingError, match=r"above the maximum power(.|\n)*in draw"):
        service(wide, "2000 token/s", "0 W at_component")


def test_a3_an_estimate_by_data_sheet_serves_where_its_figures_have_bounds() -> None:
    """A3: learnt utilisations and loads reach so low that draws contradict a load and an idle power; ranges do not."""
    with pytest.raises(AccountingError, match=r"less than idle power(.|\n)*give load= a range"):
        service(lca.Inference.from_flops("chat", utilisation=0.05, **DEVICE), "600 token/s")
    ranges = {"utilisation": lca.Triangular(0.02, 0.05, 0.1), "load": lca.Triangular(0.4, 0.7, 0.95)}
    drawn = lca.monte_carlo(
        service(lca.Inference.from_flops("chat", **DEVICE, **ranges), "600 token/s"), draws=2_000, progress=False
    )
    assert float(drawn.data["total"].min()) > 0
