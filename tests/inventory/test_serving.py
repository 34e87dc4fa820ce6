"""Serving of language models: formulas by hand, the learnt model, points of one's own, and what is refused."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas
import pytest

import lca
from lca import formulas, tables
from lca.distributions.lognormal import Lognormal
from lca.errors import DomainError, LabelError, LcaError, MissingError, NonFiniteError, UnitError
from lca.fits import NORMAL
from lca.inventory.learnt.language_energy import Setup, learnt, outside, parts, share, unlearnt, wider_gap

#: Arguments in root units, and the result by hand; tests/graph/test_functions.py has the four readings and units.
FORMULAS: dict[str, tuple[tuple[float, ...], float]] = {
    "parameters_read": ((2.0, 10.0, 0.5, 3.0), 8.0),
    "memory_time": ((24e9, 3e12, 4.0), 0.002),
    "tokens_read": ((64.0, 500.0, 400.0), 80.0),
    "step_time": ((1.0, 2.0, 4.0, 8.0, 16.0, 32.0), 63.0),
    "denoising_work": ((6e10, 2.0, 30.0, 15.0), 3.6e11),
    "overlapped_time": ((0.6, 0.8), 1.0),
    "token_energy": ((500.0, 4.0, 0.03, 60.0), 1.0),
    "fitted_token_energy": ((10.0, 0.0, 0.5, -0.1, 2.0), 7.0),
    "server_power": ((500.0, 8.0, 1_000.0), 5_000.0),
    "requests_in_flight": ((4.0, 8.0), 32.0),
    "utilisation": ((30.0, 10.0, 4.0), 0.75),
    "idle_share": ((0.75,), 0.25),
    "gpus_needed": ((85.0, 12.0, 0.7, 8.0, 1.0), 96.0),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_by_hand(name: str) -> None:
    given, expected = FORMULAS[name]
    assert float(getattr(formulas, name)(*given)) == pytest.approx(expected, rel=1e-12)


def test_experts_that_no_token_takes_are_not_read() -> None:
    """Against a count: 8 experts, two taken by each of 3 tokens at random; the rest of the model is read always."""
    random, tokens, experts = np.random.default_rng(7), 3, 8
    taken = [len({e for _ in range(tokens) for e in random.choice(experts, 2, replace=False)}) for _ in range(20_000)]
    each, common = 1e9, 5e9  # parameters of an expert, and of what each token meets
    told = float(formulas.parameters_read(common + 2 * each, common + experts * each, 2 / experts, tokens))
    error = np.std(taken) * each / math.sqrt(len(taken))
    assert told == pytest.approx(common + np.mean(taken) * each, abs=4 * error)
    assert float(formulas.parameters_read(8e9, 8e9, 0.6, 64)) == 8e9


# --- the model --------------------------------------------------------------------------------------------


def setup(batch: Any = 32.0, **changes: Any) -> Setup:
    """One GPU of 1,000 W, 1 TB/s and 100 TFLOP/s with a dense model of 10 billion parameters in 16 bits."""
    fields = {
        "active": 1e10, "total": 1e10, "width": 2.0, "gpus": 1.0, "batch": batch, "output_tokens": 400.0,
        "input_tokens": 200.0, "power": 1_000.0, "bandwidth": 1e12, "peak": 1e14, "blackwell": 0.0, "elsewhere": 0.0,
    } | changes  # fmt: skip
    return Setup(task=["chat"], **{name: np.array([value]) for name, value in fields.items()})


#: All factors 1, so that each part is its roofline alone.
ONES = dict.fromkeys(learnt().factors, 0.0)


def test_the_parts_of_a_step_by_hand() -> None:
    """2 bytes x 1e10 at 1 TB/s; 150 kB x (200 + 400 / 2) tokens x 32; 2 FLOP x 1e10 x 32 and x 32 x 200 / 400."""
    made = {name: value.item() for name, value in parts(setup(), ONES).items()}
    expected = {
        "weights": 0.02, "cache": 32 * 150e3 * 400 / 1e12, "operations": 0.0064, "reading": 0.0032,
        "handling": 32e-6, "fixed": 1e-3,
    }  # fmt: skip
    assert made == pytest.approx(expected, rel=1e-12)
    assert share(parts(setup(), ONES), "reading").item() == pytest.approx(0.0032 / sum(expected.values()), rel=1e-12)


@pytest.mark.parametrize(
    ("term", "changes", "part", "grows"),
    [
        ("fixed of experts", {"total": 2e10}, "fixed", True),
        ("fixed of few bits", {"total": 2e10, "width": 1.0}, "fixed", True),
        ("fixed of few bits", {"width": 1.0}, "fixed", False),
        ("fixed on blackwell", {"blackwell": 1.0}, "fixed", True),
        ("weights of experts", {"total": 2e10}, "weights", True),
        ("weights of experts", {}, "weights", False),
        ("fixed by gpus", {"gpus": math.e}, "fixed", True),
        ("fixed by size", {"active": math.e * 1e10, "total": math.e * 1e10}, "fixed", True),
        ("prompt of video", {"input_tokens": math.nan}, "reading", False),
    ],
)
def test_a_factor_acts_where_it_should(term: str, changes: dict[str, float], part: str, grows: bool) -> None:
    """A factor of e on its own part of its own kind of model, and on nothing else."""
    before, after = (parts(setup(**changes), ONES | {term: value}) for value in (0.0, 1.0))
    ratios = {name: (after[name] / before[name]).item() for name in before}
    assert ratios == pytest.approx(dict.fromkeys(before, 1.0) | {part: math.e if grows else 1.0}, rel=1e-12)


def test_a_prompt_is_that_of_the_task_unless_it_is_given() -> None:
    video = Setup(**{**vars(setup(input_tokens=math.nan)), "task": ["video"]})
    assert parts(video, ONES)["reading"].item() == pytest.approx(2e10 * 32 * 1000 / 400 / 1e14, rel=1e-12)
    chat = parts(setup(input_tokens=math.nan), ONES)["reading"].item()
    assert chat == pytest.approx(2e10 * 32 * 100 / 400 / 1e14, rel=1e-12)


def test_what_no_measurement_tells_widens_the_interval() -> None:
    """sqrt of a sum of squares: 0.3 elsewhere, 0.5 of the fixed share with few bits, 0.2 for each factor of e."""
    ranges, by_part = learnt().ranges, parts(setup(), ONES)
    assert unlearnt(setup(), by_part, ranges).item() == 0
    assert unlearnt(setup(elsewhere=1.0), by_part, ranges).item() == pytest.approx(0.3, rel=1e-12)
    few = 0.5 * share(by_part, "fixed").item()
    assert unlearnt(setup(width=1.0), by_part, ranges).item() == pytest.approx(few, rel=1e-12)
    fewer = math.hypot(few, 0.5 * share(by_part, "weights", "operations").item())
    assert unlearnt(setup(width=0.5), by_part, ranges).item() == pytest.approx(fewer, rel=1e-12)
    large = setup(batch=math.e**2 * ranges["batch"][1])
    assert outside(large, ranges)["batch"].item() == pytest.approx(2)
    assert outside(setup(batch=ranges["batch"][0] / math.e), ranges)["batch"].item() == pytest.approx(1)
    assert unlearnt(large, by_part, ranges).item() == pytest.approx(0.4)
    middle, half = learnt().told(setup(elsewhere=1.0))
    plain = learnt().told(setup())[1]
    assert half.item() == pytest.approx(math.hypot(plain.item(), NORMAL * 0.3), rel=1e-12)
    reading = share(parts(setup(), learnt().factors), "reading").item()
    assert plain.item() == pytest.approx(learnt().half_width * (1 + learnt().with_reading * reading), rel=1e-12)
    assert middle.item() == learnt().told(setup())[0].item()


# --- an engine of a model -----------------------------------------------------------------------------------

MODEL: dict[str, Any] = {"active": 8e9, "batch": 32, "output_tokens": 400}


def told(**changes: Any) -> Lognormal:
    """The distribution of the energy of a model of 8 billion parameters."""
    node = lca.Inference.of_model("chat", **(MODEL | changes)).energy
    assert node.parameter is not None
    (value,) = node.parameter.values
    assert isinstance(value, Lognormal)
    return value


def test_a10_a_model_is_an_engine_with_status_source_and_spread() -> None:
    chat = lca.Inference.of_model("chat", **MODEL)
    assert (chat.per, chat.baseline, chat.status) == ("token", "gross", "assumed")
    found = {leaf.parameter.key: leaf.parameter for leaf in [chat.energy] if leaf.parameter}
    assert found["chat.energy"].status == "assumed"
    assert "measured with Zeus [serving/step_model, " in found["chat.energy"].source
    assert "616 configurations of 23 language models" in found["chat.energy"].source
    assert found["chat.energy"].unit == "J at_component/token"
    assert lca.Inference.of_model("chat", key="old", **MODEL).energy.parameter.key == "old.energy"  # type: ignore[union-attr]


def test_its_throughput_is_the_power_over_the_energy() -> None:
    """70 % of the rated 700 W of one H100, or of two, at the median."""
    for gpus in (1, 2):
        chat = lca.Inference.of_model("chat", gpus=gpus, **MODEL)
        rate = float(lca.nominal(chat.throughput).data["value"])  # type: ignore[arg-type]
        assert rate == pytest.approx(0.70076 * 700 * gpus / told(gpus=gpus).median, rel=1e-4)
    rate = lca.Inference.of_model("chat", **MODEL).throughput
    assert rate is not None
    draws = lca.monte_carlo(rate, draws=4_000, progress=False).data["value"]
    assert float(draws.min()) == pytest.approx(0.70076 * 700 / told().median, rel=1e-4)
    assert float((draws > draws.min() * (1 + 1e-9)).mean()) == pytest.approx(0.5, abs=0.03)
    fixed = lca.Inference.of_model("chat", throughput="900 token/s", **MODEL)
    assert float(lca.nominal(fixed.throughput).data["value"]) == 900  # type: ignore[arg-type]


def test_the_energy_moves_as_it_should() -> None:
    base = told().median
    assert told(batch=64).median < base < told(batch=16).median
    assert told(active=14e9).median > base
    assert told(total=30e9).median > base  # experts are read on top
    assert told(output_tokens=8_000).median > base
    assert told(input_tokens=4_000).median > base
    assert told(gpus=2).median > base
    assert told(task="video").median > told(task="image").median > base
    assert told(task="gpqa") == told(task="reasoning")
    assert told(precision="fp8").median < base == told(precision="bfloat16").median
    assert told(tdp="350 W").median == pytest.approx(base / 2, rel=1e-9)


def test_what_was_not_measured_has_a_wider_interval_and_says_so() -> None:
    for changes, said in (
        ({"active": 70e9, "gpus": 4}, "active (3 to 35 billion)"),
        ({"batch": 2}, "batch (7.453 to 4090)"),
        ({"accelerator": "H200"}, "GPU (H100 and B200)"),
        ({"precision": "fp8"}, "precision (16-bit; 8-bit of a mixture of experts)"),
        ({"tdp": "700 W"}, "GPU (H100 and B200)"),
    ):
        node = lca.Inference.of_model("chat", **(MODEL | changes)).energy
        assert node.parameter is not None
        assert node.parameter.source.endswith(f"beyond what was measured: {said}")
        assert told(**changes).gsd > told().gsd


def test_d3_several_batches_are_one_dim_on_one_stream() -> None:
    """The error is one of the model, so it cancels between batches."""
    chat = lca.Inference.of_model("chat", **(MODEL | {"batch": [8, 32, 128]}))
    assert chat.energy.dims[0].labels == (8, 32, 128)
    draws = lca.monte_carlo(chat.energy, draws=2_000, progress=False).data["value"]
    assert np.argsort(draws.sel(batch=8).values).tolist() == np.argsort(draws.sel(batch=128).values).tolist()
    assert float(draws.sel(batch=32).median()) == pytest.approx(told().median, rel=0.03)


@pytest.mark.parametrize(
    ("changes", "error", "text"),
    [
        ({"total": 7e9}, DomainError, "fewer parameters"),
        ({"active": 70e9}, DomainError, "140 GB"),
        ({"active": lca.Lognormal(8e9, gsd=1.2)}, DomainError, "spread or labels"),
        ({"active": math.nan}, NonFiniteError, "nan"),
        ({"active": 0}, DomainError, "above 0"),
        ({"batch": 0.5}, DomainError, "from 1"),
        ({"batch": []}, LabelError, "no labels"),
        ({"batch": [8, 8]}, LabelError, "twice"),
        ({"batch": "many"}, DomainError, "many"),
        ({"output_tokens": "4 s"}, UnitError, "token/request"),
        ({"output_tokens": None}, MissingError, "output_tokens"),
        ({"gpus": 1.5}, DomainError, "1.5"),
        ({"gpus": 0}, DomainError, "from 1"),
        ({"accelerator": "V100 SXM2 32 GB"}, MissingError, "memory bandwidth of v100-sxm2-32gb"),
        ({"accelerator": "H1000"}, MissingError, "h100"),
        ({"accelerator": ""}, MissingError, "tdp"),
        ({"accelerator": "", "tdp": "1 kW", "peak": "1 PFLOP/s"}, MissingError, "bandwidth"),
        ({"task": "chatting"}, DomainError, "chat"),
        ({"precision": "bf8"}, DomainError, "precision"),
        ({"bandwith": "3 TB/s"}, LcaError, "bandwith"),
    ],
)
def test_q4_what_is_refused(changes: dict[str, Any], error: type[LcaError], text: str) -> None:
    with pytest.raises(error) as raised:
        lca.Inference.of_model("chat", **(MODEL | changes))
    assert text in str(raised.value)


def test_a_gpu_of_ones_own() -> None:
    sheet = {"tdp": "700 W", "peak": "989.4 TFLOP/s", "bandwidth": "3.35 TB/s"}
    own = told(accelerator="", **sheet)
    assert own.median == pytest.approx(told().median, rel=1e-9)
    assert math.log(own.gsd) == pytest.approx(math.hypot(math.log(told().gsd), 0.3), rel=1e-9)


def test_tokens_that_are_read_may_stand_apart() -> None:
    """A request of 400 tokens put out and 2,000 read takes the same either way, on the same draws."""
    given = MODEL | {"input_tokens": 2_000}
    both, apart = lca.Inference.of_model("chat", **given), lca.Inference.of_model("chat", apart=True, **given)
    assert apart.prefill is not None
    value = {name: float(lca.nominal(node).data["value"]) for name, node in (
        ("both", both.energy), ("out", apart.energy), ("read", apart.prefill), ("rate", apart.throughput),
        ("read rate", apart.prefill_throughput),
    )}  # fmt: skip
    assert 400 * value["out"] + 2_000 * value["read"] == pytest.approx(400 * value["both"], rel=1e-9)
    assert 0 < value["read"] < value["out"]
    assert value["rate"] * value["out"] == pytest.approx(value["read rate"] * value["read"], rel=1e-9)
    several = lca.Inference.of_model("chat", apart=True, **(given | {"batch": [8, 32]}))
    assert several.energy.dims[0].labels == (8, 32)
    assert float(lca.nominal(several.energy).data["value"].sel(batch=32)) == pytest.approx(value["out"], rel=1e-9)
    with pytest.raises(MissingError, match="prompt is not given"):
        lca.Inference.of_model("chat", apart=True, **MODEL)


# --- points of one's own ------------------------------------------------------------------------------------

OWN = {128: 0.09, 8: 0.45, 32: 0.18}


def test_points_are_read_on_a_line_of_logarithms() -> None:
    """Half-way between 8 and 32 on a logarithmic scale is 16: the geometric mean of the joules."""
    made = lca.serving.points(OWN)
    assert made.batches.tolist() == [8, 32, 128]
    assert made.energy(16).median == pytest.approx(math.sqrt(0.45 * 0.18), rel=1e-5)
    assert made.energy(128).median == pytest.approx(0.09, rel=1e-9)
    table = pandas.DataFrame({"batch": list(OWN), "joules": list(OWN.values())})
    assert lca.serving.points(table).energy(16) == made.energy(16)
    known = {row["term"]: row["value"] for row in tables.rows("serving", "step_model")}
    half = known["half width between batches"]
    assert math.log(made.energy(16).gsd) * NORMAL == pytest.approx(half, rel=1e-6)


def test_wider_gaps_have_wider_intervals() -> None:
    """What a line misses of a curve grows with the square of the gap, beyond a factor of 4."""
    assert (wider_gap(math.log(2)), wider_gap(math.log(4)), wider_gap(math.log(16))) == (1, 1, pytest.approx(4))
    made = lca.serving.points({8: 0.45, 128: 0.09, 256: 0.08})
    narrow, wide = (math.log(made.energy(batch).gsd) for batch in (200, 30))
    assert wide == pytest.approx(4 * narrow, rel=1e-9)
    assert made.energy(128).gsd == made.energy(200).gsd


def test_an_engine_between_points() -> None:
    chat = lca.serving.points(OWN).inference("chat", batch=16, throughput="900 token/s", source="our own runs")
    assert (chat.per, chat.baseline, chat.status) == ("token", "gross", "assumed")
    assert chat.source == "between measured points at batch 16; our own runs"


@pytest.mark.parametrize("batch", [7.99, 128.01, 0, -1, math.nan, "8"])
def test_nothing_is_extrapolated_beyond_the_points(batch: Any) -> None:
    with pytest.raises(LcaError, match=r"asked: |number|finite"):
        lca.serving.points(OWN).energy(batch)


@pytest.mark.parametrize(
    ("table", "error", "text"),
    [
        ({8: 0.4}, DomainError, "fewer than two"),
        ({8: 0.4, 16: math.nan}, NonFiniteError, "nan"),
        ({8: 0.4, 16: 0}, DomainError, "above 0"),
        ({8: 0.4, "a": 0.3}, DomainError, "'a'"),
        ({8: 0.4, 8.0000001: 0.3, 9: True}, DomainError, "True"),
        (pandas.DataFrame({"batch": [8, 8], "joules": [0.4, 0.5]}), LabelError, "twice"),
        (pandas.DataFrame({"batch": [8, 16], "energy": [0.4, 0.5]}), LabelError, "lacking: joules"),
        ([(8, 0.4)], LabelError, "lacking: batch"),
    ],
)
def test_points_that_are_refused(table: Any, error: type[LcaError], text: str) -> None:
    with pytest.raises(error) as raised:
        lca.serving.points(table)
    assert text in str(raised.value)


# --- a service ----------------------------------------------------------------------------------------------


def test_a_service_from_a_model_by_hand() -> None:
    """1 request/s of 400 tokens each for a year: 8,766 h x 3,600 s x 400 x J/token, on a desk without idle power."""
    site = lca.Site(
        "hall", pue=1.0, supply_efficiency=1.0, rest_of_machine="0 W at_board",
        electricity=lca.Electricity("grid", intensity="0.4 kg CO2e/kWh", at="facility"),
    )  # fmt: skip
    use = lca.Deployment(
        "service", lca.Inference.of_model("chat", **MODEL), site=site, devices=1, start=2026, period="1 year",
        load="1 request/s", output_tokens="400 token/request", active="24 h/day", idle="0 h/day",
        idle_power="1 mW at_component",
    )  # fmt: skip
    study = lca.Study(
        "s", use, functional_unit=lca.FunctionalUnit("request", count=use.requests),
        excluded=lca.operation_only("only the energy is asked"),
    )  # fmt: skip
    total = float(lca.nominal(study).data["total"])
    assert total == pytest.approx(365.25 * 86_400 * 400 * told().median / 3.6e6 * 0.4, rel=1e-4)
