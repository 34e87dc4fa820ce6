"""The energy of a service from power and rate, and what of counts is refused (Q2, A3)."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from example_chats import YEAR, chat, images, number, server, study

import lca
from lca.errors import AccountingError, DomainError, LcaError, MissingError, RecordError, UnitError

# --- a service ----------------------------------------------------------------------------------------------------


def test_a3_a_request_takes_the_power_of_its_server_over_its_rate() -> None:
    """A3: 5 kW at 12 request/s are 416.7 J; with 2 kW of idle power, 250 J above it."""
    service = lca.Inference.served("chat", power="5 kW at_wall", rate="12 request/s", source="a load test")
    assert (service.per, service.baseline, service.count) == ("request", "gross", "request")
    assert number(service.energy) == pytest.approx(5000 / 12, rel=1e-12)
    idle = lca.parameter("idle", "2 kW at_wall/device")
    assert number(service.marginal(idle)) == pytest.approx(250, rel=1e-12)
    same = lca.Inference("chat", power="5 kW at_wall", throughput="12 request/s", per="request", baseline="gross")
    assert number(same.energy) == pytest.approx(number(service.energy), rel=1e-15)
    assert lca.formulas.served_energy(5000.0, 12.5) == 400.0


def test_d4_power_and_rate_of_a_service_stay_one_thing_in_a_scenario() -> None:
    """D4: another rate moves the joules and what is idle in them together: (5000 - 2000) / 20 = 150 J above idle."""
    service = lca.Inference.served("chat", power="5 kW at_board", rate="12 request/s")
    made = study(server(service, idle_power="2 kW at_board"))
    faster = made.replace({"chat.throughput": "20 request/s"})
    wanted = 3 * YEAR * (0.75 * 2000 + 0.5 * 2 * 150) / 9e6
    assert float(lca.nominal(faster).data["total"]) == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize(
    ("latency", "batch", "joule"),
    [("2 s/request", None, 10_000), ("20 ms/token", None, 100), ("2 s/batch", 4, 2_500), ("2 s/image", None, 10_000)],
)
def test_a3_power_times_latency_is_of_what_runs_alone(latency: str, batch: int | None, joule: float) -> None:
    alone = lca.Inference.served("chat", power="5 kW at_wall", latency=latency, concurrency=1, batch=batch)
    assert number(alone.per_count) == pytest.approx(joule, rel=1e-12)


def test_a3_power_times_latency_while_others_run_is_refused_with_both_figures() -> None:
    """A3: 8 at the same time for 2 s each are 4 request/s (Little), so 1,250 J, where P t says 10,000 J."""
    with pytest.raises(AccountingError) as raised:
        lca.Inference.served("chat", power="5 kW at_wall", latency="2 s/request", concurrency=8)
    said = str(raised.value)
    assert "on which 8 run at the same time" in said
    assert "power x latency: 10,000 J at the wall/request" in said
    assert "power / rate: 1,250 J at the wall/request" in said
    rate = re.search(r'rate="([^"]+)"', said)
    assert rate is not None
    right = lca.Inference.served("chat", power="5 kW at_wall", rate=rate[1])
    assert number(right.energy) == pytest.approx(1_250, rel=1e-12)


def test_u10_the_power_of_a_service_may_be_a_reading() -> None:
    meter = lca.Meter("pdu", at="wall", accuracy="2 %")
    service = lca.Inference.served("chat", power=meter.read(5, "kW"), rate="12 request/s")
    drawn = lca.monte_carlo(service.energy, draws=2_000, progress=False).data["value"].to_numpy()
    assert drawn.min() > 5000 / 12 * 0.98
    assert drawn.max() < 5000 / 12 * 1.02
    assert np.std(drawn) / np.mean(drawn) == pytest.approx(0.02 / 3**0.5, rel=0.05)


def test_a15_the_power_of_a_service_is_below_what_its_server_can_draw() -> None:
    """A15: 5 MW in place of 5 kW raises, though a small load draws little of it; 1.5 times at the board is let pass."""
    machine = lca.Hardware("server", embodied="900 kg CO2e", lifetime="5 year", max_power="4 kW")
    stages = ("development", "training", "distribution", "end_of_life")
    outside = {stage: lca.outside_goal("not asked") for stage in stages}
    for power, fine in (("6 kW", True), ("6.1 kW", False), ("5 MW", False)):
        service = lca.Inference.served("chat", power=power, rate="1000 request/s", at="board")
        use = server(service, load="0.001 request/s", on=machine, allocation="reserved_time")
        parts: tuple[Any, ...] = ("service", use)
        unit = lca.FunctionalUnit("request", count=use.requests)
        if fine:
            assert lca.Study(*parts, functional_unit=unit, excluded=outside).model.stages
            continue
        with pytest.raises(AccountingError, match=r"above the maximum power(.|\n)*at most 4 kW"):
            lca.Study(*parts, functional_unit=unit, excluded=outside)


# --- what is refused -----------------------------------------------------------------------------------------------

PREFILL: dict[str, Any] = {"prefill": "0.02 J/token", "prefill_throughput": "9000 token/s"}
SERVED: dict[str, Any] = {"power": "5 kW at_wall"}
REFUSED: dict[str, tuple[Any, type[LcaError], str]] = {
    "rate of another count": (lambda: chat(throughput="3 request/s"), AccountingError, r"request/s(.|\n)*per='token'"),
    "unit of another count": (
        lambda: chat(per="request", throughput="3 request/s"), AccountingError, r"per token(.|\n)*per='request'",
    ),
    "per unknown": (lambda: chat(per="query"), AccountingError, 'per="token" or per="request"'),
    "no energy": (lambda: chat(None), MissingError, "power= with throughput="),
    "energy and power": (lambda: chat(power="360 W"), DomainError, "energy and power"),
    "batch of tokens": (lambda: chat(batch=8), AccountingError, "batch= has no effect"),
    "batch/s of tokens": (lambda: chat(throughput="3 batch/s", batch=8), AccountingError, "count different things"),
    "batch/s, size unsaid": (
        lambda: lca.Inference("p", "4 J at_wall", per="image", baseline="gross", throughput="3 batch/s"),
        MissingError, r"p\.batch",
    ),
    "prefill of requests": (
        lambda: lca.Inference("p", "4 J at_wall", per="request", baseline="marginal", prefill="1 J at_wall/token"),
        AccountingError, "per request",
    ),
    "rate of prefill alone": (lambda: chat(prefill_throughput="9 token/s"), AccountingError, "no effect without"),
    "gross prefill without rate": (lambda: chat(prefill="1 J/token"), MissingError, "prefill_throughput="),
    "prefill, input unsaid": (lambda: server(chat(**PREFILL)), MissingError, 'input_tokens="500 token/request"'),
    "input read by nobody": (
        lambda: study(server(input_tokens="9 token/request")), AccountingError, r"no effect(.|\n)*prefill= of",
    ),
    "tokens of images": (lambda: images(output_tokens="9 token/request"), DomainError, "output_tokens= out"),
    "load in requests alone": (lambda: server(output_tokens=None), MissingError, "output_tokens="),
    "requests for images": (lambda: images(load="2 request/s"), MissingError, "4 inference/request"),
    "batch/s for tokens": (lambda: server(load="2 batch/s", output_tokens=None), MissingError, r"chat\.batch"),
    "load above": (lambda: study(server(load="3.1 request/s")), AccountingError, r"3\.1 request/s(.|\n)*900 token/s"),
    "busy with both": (
        lambda: study(server(chat(**PREFILL), load="2.9 request/s", input_tokens="500 token/request")),
        AccountingError, r"input_tokens: 500(.|\n)*9000 token/s(.|\n)*1\.128",
    ),
    "gross below idle": (lambda: study(server(idle_power="370 W at_board")), AccountingError, "idle power alone"),
    "prefill below idle": (
        lambda: study(server(chat(**PREFILL), idle_power="200 W at_board", load="1 request/s",
                             input_tokens="5 token/request")),
        AccountingError, r"chat\.prefill",
    ),
    "served, no rate": (lambda: lca.Inference.served("s", **SERVED), MissingError, r"s\.rate"),
    "served, both": (
        lambda: lca.Inference.served("s", rate="3 request/s", latency="1 s/request", **SERVED), DomainError, "latency=",
    ),
    "served, unsaid": (lambda: lca.Inference.served("s", latency="1 s/request", **SERVED), MissingError, "currency=1"),
    "served, half": (
        lambda: lca.Inference.served("s", latency="1 s/request", concurrency=0.5, **SERVED), DomainError, "from 1",
    ),
    "served, s": (lambda: lca.Inference.served("s", latency="1 s", concurrency=1, **SERVED), UnitError, "s/request"),
    "served, 3 1/s": (lambda: lca.Inference.served("s", rate="3 1/s", **SERVED), UnitError, "token/.s device"),
    "served, per": (lambda: lca.Inference.served("s", rate="3 request/s", per="token", **SERVED), RecordError, "per"),
    "per inference of tokens": (lambda: chat().per_inference, MissingError, "per_count"),
    "inferences of requests": (lambda: server().inferences, MissingError, "4 inference/request"),
    "tokens of images served": (lambda: images().tokens, MissingError, "4 token/inference"),
}  # fmt: skip


@pytest.mark.parametrize(("ask", "error", "said"), REFUSED.values(), ids=list(REFUSED))
def test_what_does_not_convert_or_has_no_effect_raises(ask: Any, error: type[LcaError], said: str) -> None:
    with pytest.raises(error, match=said) as raised:
        ask()
    assert raised.value.fix


def test_d4_tokens_read_in_one_scenario_alone_are_used() -> None:
    """D4: what has no effect in any scenario raises, so one that reads tokens apart is enough."""
    made = study(server(chat(**PREFILL), input_tokens="500 token/request", load="1 request/s"))
    plain = chat()
    varied = made.vary(
        "engine", {"chats.inference": {"apart": chat(**PREFILL), "within": plain.replaced(name="other")}}
    )
    totals = lca.nominal(varied).data["total"]
    assert float(totals.sel(engine="apart")) > float(totals.sel(engine="within"))
