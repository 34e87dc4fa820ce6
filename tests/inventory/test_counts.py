"""Energy per token, request, image and batch, and loads in each of them (Q2, A3, A12)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from example_chats import HALL, YEAR, chat, images, joules, number, per, server, study

import lca
from lca.errors import AccountingError, MissingError, UnitError

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
    result = study(images(), images().inferences / 1_000)
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
    for words, joule in (("image", 40), ("batch", 160)):
        drawn = lca.Inference("painter", power="320 W", per=words, **gross)
        assert number(drawn.energy) == pytest.approx(joule, rel=1e-12)
        assert number(drawn.per_inference) == pytest.approx(40, rel=1e-12)


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
    for stated in ("1e6 token", "1000 request"):
        with pytest.raises(AccountingError, match=r"stated: (.|\n)*served: chats\.(.|\n)*count=chats\.\w+ / 1000"):
            study(server(), stated)
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
    both = chat(prefill="0.02 J/token", prefill_throughput="9000 token/s")
    read = server(both, input_tokens="500 token/request")
    with pytest.raises(AccountingError, match=r"chats\.input_tokens"):
        study(read.replaced(input_tokens=tokens), "1 device", parts=("task",))
    rates = lca.labelled({"answer": 9e3, "code": 8e3}, "token/s", dim="task")
    with pytest.raises(AccountingError, match=r"chat\.prefill_throughput"):
        study(read.replaced(inference=both.replaced(prefill_throughput=rates)), "1 device", parts=("task",))
    sizes = lca.labelled({"answer": 4, "code": 8}, "inference/batch", dim="task")
    joule = lca.labelled({"answer": 160, "code": 200}, "J at_board/batch", dim="task")
    painter = lca.Inference("painter", joule, per="batch", batch=sizes, baseline="marginal")
    with pytest.raises(AccountingError, match=r"painter\.batch"):
        study(images(inference=painter, load="0.5 batch/s"), "1 device", parts=("task",))
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
