"""Energy per token, request, image and batch, loads in each of them, and what does not convert (Q2, A3, A12)."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import lca
from lca.errors import AccountingError, DomainError, LcaError, MissingError, RecordError, UnitError

YEAR = 8_766 * 3600.0  # s
ONLY = lca.operation_only("the servers exist anyway")
GRID = lca.Electricity("grid", intensity="0.4 kg CO2e/kWh", at="facility")
HALL = lca.Site("hall", electricity=GRID, pue=1.0, supply_efficiency=1.0)
TOKENS: dict[str, Any] = {"per": "token", "at": "board", "baseline": "gross", "throughput": "900 token/s"}


def chat(energy: Any = "0.4 J/token", **changes: Any) -> lca.Inference:
    return lca.Inference("chat", energy, **TOKENS | changes)


def server(inference: lca.Inference | None = None, **changes: Any) -> lca.Deployment:
    fields: dict[str, Any] = {
        "load": "2 request/s", "output_tokens": "300 token/request", "idle_power": "90 W at_board", "active": 0.5,
        "idle": 0.25, "devices": 3, "start": 2025, "period": "1 year", "site": HALL,
    } | changes  # fmt: skip
    return lca.Deployment("chats", inference or chat(), **fields)


def images(**changes: Any) -> lca.Deployment:
    """One painter of 40 J each, four in a batch."""
    painter = lca.Inference("painter", "160 J at_board", per="batch", batch=4, baseline="marginal")
    return server(**{"inference": painter, "load": "2 image/s", "output_tokens": None} | changes)


def study(use: lca.Deployment, count: Any = None, **rest: Any) -> lca.Study:
    unit = lca.FunctionalUnit("1,000 requests", count=use.requests / 1_000 if count is None else count)
    return lca.Study("service", use, functional_unit=unit, excluded=ONLY, **rest)


def joules(use: lca.Deployment) -> float:
    """The energy of a deployment at its boundary, in J."""
    return 3.6e6 * float(lca.nominal(use.energy).data["value"].sum())


def number(node: Any) -> float:
    return float(lca.nominal(node).data["value"].sum())


def per(thing: lca.Study, what: str) -> float:
    """kg per something, at nominal values: 0.4 kg/kWh is 1/9e6 kg/J."""
    return float(lca.summary(lca.nominal(thing), per=what).loc["total", "nominal"])


# --- one token, one request, one image ------------------------------------------------------------------------


def test_a3_joules_of_a_token_carry_a_server() -> None:
    """A3: 3 servers on for 3/4 of the time at 90 W; 0.4 J - 90 W / 900 token/s = 0.3 J for each of 600 token/s."""
    wanted = 3 * YEAR * (0.75 * 90 + 0.5 * 600 * 0.3)
    assert joules(server()) == pytest.approx(wanted, rel=1e-12)
    assert number(server().requests) == pytest.approx(3 * YEAR * 0.5 * 2, rel=1e-12)
    assert number(server().tokens) == pytest.approx(3 * YEAR * 0.5 * 600, rel=1e-12)
    assert joules(server(load="600 token/s")) == pytest.approx(wanted, rel=1e-12)
    alone = server(load="600 token/s", output_tokens=None)
    assert joules(alone) == pytest.approx(wanted, rel=1e-12)
    assert list(alone.counts) == ["token"]
    above = chat("0.3 J/token", baseline="marginal", throughput=None)
    assert joules(server(above)) == pytest.approx(wanted, rel=1e-12)


def test_a3_joules_of_a_request_are_those_of_its_tokens() -> None:
    """A3: 300 tokens of 0.4 J at 900 token/s are a request of 120 J at 3 request/s."""
    asked = lca.Inference("chat", "120 J", per="request", at="board", baseline="gross", throughput="3 request/s")
    assert joules(server(asked)) == pytest.approx(joules(server()), rel=1e-12)
    assert joules(server(asked, load="600 token/s")) == pytest.approx(joules(server()), rel=1e-12)
    assert list(server(asked, output_tokens=None).counts) == ["request"]
    assert asked.count == "request"


def test_a3_tokens_that_are_read_have_joules_of_their_own() -> None:
    """A3: each request puts 300 tokens out at 0.4 J and reads 500 at 0.02 J, each gross at its own rate."""
    both = chat(prefill="0.02 J/token", prefill_throughput="9000 token/s")
    use = server(both, input_tokens="500 token/request")
    each = 300 * (0.4 - 90 / 900) + 500 * (0.02 - 90 / 9000)
    wanted = 3 * YEAR * (0.75 * 90 + 0.5 * 2 * each)
    assert joules(use) == pytest.approx(wanted, rel=1e-12)
    assert joules(use.replaced(load="600 token/s")) == pytest.approx(wanted, rel=1e-12)
    assert number(use.drawn) == pytest.approx(90 + 2 * each, rel=1e-12)
    above = chat("0.3 J/token", baseline="marginal", prefill="0.01 J/token", throughput=None)
    assert joules(use.replaced(inference=above)) == pytest.approx(wanted, rel=1e-12)
    assert lca.formulas.request_energy(0.3, 300.0, 0.01, 500.0) == pytest.approx(each, rel=1e-12)


def test_q2_an_image_is_one_inference_of_a_batch_of_one() -> None:
    """Q2: 160 J for a batch of 4 are 40 J for an image, whichever word is used."""
    wanted = joules(images())
    assert wanted == pytest.approx(3 * YEAR * (0.75 * 90 + 0.5 * 2 * 40), rel=1e-12)
    for load in ("2 inference/s", "0.5 batch/s"):
        assert joules(images(load=load)) == pytest.approx(wanted, rel=1e-12)
    for words in ({"per": "image"}, {"per": "inference"}):
        one = lca.Inference("painter", "40 J/image", at="board", baseline="marginal", **words)
        assert joules(images(inference=one)) == pytest.approx(wanted, rel=1e-12)
    result = study(images(), images().inferences)
    assert per(result, "image") == pytest.approx(per(result, "inference"), rel=1e-15)
    assert set(lca.summary(lca.nominal(result), per="image")["unit"]) == {"kg CO2e/image"}
    with pytest.raises(UnitError):
        lca.parameter("a", "1 image") + lca.parameter("b", "1 request")


def test_q2_batches_per_second_are_inferences_where_the_batch_is_known() -> None:
    """Q2: gross 160 J for a batch of 4 at 2 batch/s are 40 J at 8 image/s, so 40 - 90 / 8 J above idle."""
    gross: dict[str, Any] = {"at": "board", "baseline": "gross", "throughput": "2 batch/s", "batch": 4}
    for energy, words in (("160 J", "batch"), ("40 J", "inference"), ("40 J/image", "image")):
        painter = lca.Inference("painter", energy, per=words, **gross)
        assert number(painter.throughput) == pytest.approx(8)
        idle = lca.parameter("idle", "90 W at_board/device")
        assert number(painter.marginal(idle)) == pytest.approx(40 - 90 / 8, rel=1e-12)
        again = painter.replaced(batch=5)
        assert number(again.throughput) == pytest.approx(10)


# --- results ----------------------------------------------------------------------------------------------------


def test_a12_results_are_told_per_request_per_token_and_per_functional_unit() -> None:
    """A12: 1,000 requests and a million tokens are functional units, and neither a request nor a token."""
    made = study(server())
    kg = joules(server()) / 9e6
    requests = 3 * YEAR * 0.5 * 2
    assert per(made, "request") == pytest.approx(kg / requests, rel=1e-12)
    assert per(made, "token") == pytest.approx(kg / requests / 300, rel=1e-12)
    assert per(made, "functional_unit") == pytest.approx(1_000 * kg / requests, rel=1e-12)
    million = study(server(), server().tokens / 1e6)
    assert per(million, "functional_unit") == pytest.approx(1e6 * kg / requests / 300, rel=1e-12)
    stated = study(server(), "1e6 token")
    assert per(stated, "functional_unit") == pytest.approx(kg / 1e6, rel=1e-12)
    table = lca.summary(lca.nominal(made), per="token", unit="mg CO2e/token")
    assert table.loc["total", "nominal"] == pytest.approx(1e6 * kg / requests / 300, rel=1e-12)
    for none in ("inference", "image"):
        with pytest.raises(MissingError, match="one of total, functional_unit, request, token"):
            lca.summary(lca.nominal(made), per=none)


def test_a12_a_sensitivity_and_a_comparison_divide_by_tokens() -> None:
    spread = study(server(output_tokens=lca.Uniform("200 token/request", "400 token/request")))
    assert set(lca.tornado(spread, per="token")["unit"]) == {"kg CO2e/token"}
    varied = spread.vary("chat", {"chat.energy": {"old": "0.4 J at_board/token", "new": "0.2 J at_board/token"}})
    drawn = lca.monte_carlo(varied, draws=200, progress=False)
    table = lca.compare(drawn, over="chat", per="token")
    above, idle = (0.3, 0.1), 0.75 * 90
    wanted = [(idle + 0.5 * 600 * joule) / (0.5 * 600) / 9e6 for joule in above]
    nominal = lca.summary(lca.nominal(varied), per="token")["nominal"]
    assert nominal.xs("total", level="stage").tolist() == pytest.approx(wanted, rel=1e-12)
    assert table.loc["new", "best"] == 1.0


def test_the_traffic_is_that_of_a_request_a_token_or_an_inference() -> None:
    """20 kB a request of 300 tokens; what a load cannot be told in raises."""
    link = lca.Network("link", "0.05 kWh/GB", at="facility", site=HALL)
    wanted = number(server().requests) * 20e3 / 1e9 * 0.05
    for traffic in ("20 kB/request", lca.quantity(20e3 / 300, "byte/token")):
        made = study(server(network=link, traffic=traffic)).model.nominals["energy/chats/network"]
        assert float(made.sum()) / 3.6e6 == pytest.approx(wanted, rel=1e-12)
    with pytest.raises(MissingError, match="requests are asked for(.|\n)*4 inference/request"):
        server(network=link, traffic="20 kB/inference")
    with pytest.raises(MissingError, match="300 token/request"):
        server(load="600 token/s", output_tokens=None, network=link, traffic="20 kB/request")
    assert server(network=link, traffic="20 kB/request").replaced(traffic="1 B/token").traffic is not None


def test_the_derivation_says_what_a_request_is_made_of() -> None:
    text = lca.derivation(study(server()), "use/chats")
    assert "(energy - idle_power / throughput) x load x output_tokens x active" in text
    both = chat(prefill="0.02 J/token", prefill_throughput="9000 token/s")
    read = lca.derivation(study(server(both, input_tokens="500 token/request")), "use/chats")
    assert "(prefill - idle_power / prefill_throughput) x input_tokens) x load" in read
    service = lca.Inference.served("chat", power="360 W at_board", rate="900 token/s")
    assert "chat.energy [J at the board/token] = power / throughput" in lca.derivation(study(server(service)), "use")


def test_a_load_by_year_and_a_load_by_task() -> None:
    """D5: tokens per request may differ by task where the load does, and by year; never without the load."""
    tasks = {"answer": 100.0, "code": 700.0}
    load = lca.labelled({"answer": 1.0, "code": 0.5}, "request/s", dim="task")
    tokens = lca.labelled(tasks, "token/request", dim="task")
    use = server(load=load, output_tokens=tokens)
    assert float(lca.nominal(study(use, parts=("task",))).data["per/token"]) == pytest.approx(3 * YEAR * 0.5 * 450)
    with pytest.raises(AccountingError, match=r"chats\.output_tokens"):
        study(server(output_tokens=tokens), "1 device", parts=("task",))
    years = lca.labelled({2025: 300.0, 2026: 600.0}, "token/request", dim="year")
    by_year = lca.nominal(server(period="2 year", output_tokens=years).tokens).data["value"]
    assert by_year.sel(year=2026) == pytest.approx(2 * float(by_year.sel(year=2025)), rel=1e-12)


def test_d4_each_count_is_a_scenario() -> None:
    made = study(server())
    loads = made.vary("way", {"chats.load": {"requests": "2 request/s", "tokens": "600 token/s"}})
    assert np.ptp(lca.nominal(loads).data["total"].to_numpy()) == pytest.approx(0.0, abs=1e-9)
    longer = made.replace({"chats.output_tokens": "400 token/request"})
    wanted = 3 * YEAR * (0.75 * 90 + 0.5 * 800 * 0.3) / 9e6
    assert float(lca.nominal(longer).data["total"]) == pytest.approx(wanted, rel=1e-12)


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
