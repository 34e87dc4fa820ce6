"""Published energies of inference: windows of MLPerf Tiny, services of ML.ENERGY, the method of EcoLogits.

Figures are facts, typed with seven digits where their source prints more; so results agree to 1e-6 or better.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import lca

ONLY = lca.operation_only("the source counts electricity alone")
#: 1 kg CO2e for each kWh: what a study charges is then the energy.
UNITY = lca.Electricity("unity", intensity="1 kg CO2e/kWh", at="facility")
YEAR_S = 8_766 * 3_600.0


def nominal(node: Any) -> np.ndarray:
    return np.atleast_1d(lca.nominal(node).data["value"].to_numpy())


def joules_per(use: lca.Deployment, what: str, dim: str) -> np.ndarray:
    """What a study charges to one of something, in J, for each label of a dim."""
    study = lca.Study(
        "published", use, functional_unit=lca.FunctionalUnit("one", count=next(iter(use.counts.values()))),
        excluded=ONLY, alternatives=(dim,),
    )  # fmt: skip
    table = lca.summary(lca.nominal(study), per=what)
    assert set(table["unit"]) == {f"kg CO2e/{what}"}
    return 3.6e6 * table["nominal"].xs("total", level="stage").to_numpy()


# --- MLPerf Tiny v1.1, commit c32ef94 of mlcommons/tiny_results_v1.1, energy/results.txt of each system ---------


@dataclass(frozen=True)
class Windows:
    """Five windows of a board: their energy, how many inferences each held and how long these ran; what is printed."""

    microjoules: tuple[float, ...]
    inferences: int
    seconds: tuple[float, ...]
    printed: tuple[float, ...]  # uJ per inference
    milliwatts: float  # printed power of the median window
    median: float
    throughput: float


TINY = {
    "vww on NUCLEO-H7A3ZI-Q": Windows(
        (1561746.5, 1562140.501, 1562833.999, 1562955.87, 1562066.85), 200, (10.044, 10.044, 10.041, 10.044, 10.043),
        (7808.733, 7810.703, 7814.17, 7814.779, 7810.334), 155.530, 7810.703, 19.912,
    ),
    "ic on NUCLEO-L4R5ZI": Windows(
        (865388.53, 866466.66, 866062.03, 865755.68, 865298.57), 50, (11.108, 11.109, 11.108, 11.108, 11.107),
        (17307.771, 17329.333, 17321.241, 17315.114, 17305.971), 77.940, 17315.114, 4.501,
    ),
    "kws on NUCLEO-U575ZI-Q": Windows(
        (301266.371, 301567.309, 301185.99, 301417.21, 301256.04), 300, (11.49, 11.489, 11.488, 11.492, 11.487),
        (1004.221, 1005.224, 1003.953, 1004.724, 1004.187), 26.226, 1004.221, 26.112,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TINY)
def test_mlperf_tiny_energy_per_inference_of_five_windows(name: str) -> None:
    """A3, U10: a window over its inferences, to the printed digit; at full rate the board draws its printed power."""
    windows = TINY[name]
    monitor = lca.Meter("energy monitor", at="board")
    read = monitor.read({f"w{i}": value for i, value in enumerate(windows.microjoules)}, "uJ", dim="window")
    rates = {f"w{i}": windows.inferences / seconds for i, seconds in enumerate(windows.seconds)}
    engine = lca.Inference(
        name, read / windows.inferences, per="inference", baseline="gross",
        throughput=lca.labelled(rates, "inference/s", dim="window"),
    )  # fmt: skip
    found = 1e6 * nominal(engine.per_inference)
    assert found == pytest.approx(windows.printed, abs=0.002)
    assert np.median(found) == pytest.approx(windows.median, abs=0.002)
    assert np.median(nominal(engine.throughput)) == pytest.approx(windows.throughput, rel=2e-3)
    always = lca.Deployment(
        "sensor", engine, load=lca.labelled(rates, "inference/s", dim="window"), idle_power="10 mW at_board",
        active=1.0, start=2025, period="1 year",
    )  # fmt: skip
    power = nominal(always.energy).reshape(-1) / YEAR_S * 3.6e6 * 1e3
    assert np.median(power) == pytest.approx(windows.milliwatts, rel=5e-3)


# --- ML.ENERGY leaderboard, public/data/tasks, commit 0cd52da of ml-energy/leaderboard --------------------------


@dataclass(frozen=True)
class Served:
    """A sweep over the largest number of requests at a time: W of all GPUs, token/s, tokens put out for a request."""

    at_a_time: tuple[int, ...]
    watts: tuple[float, ...]
    tokens_per_second: tuple[float, ...]
    tokens: tuple[float, ...]
    joules_per_token: tuple[float, ...]
    joules_per_request: tuple[float, ...]


CHATS = {
    "Llama 3.1 8B Instruct, H100": Served(
        (8, 32, 192), (486.4381, 559.7135, 688.2546), (1069.569, 3391.070, 8223.347), (388.6777, 390.3291, 396.7734),
        (0.4547983, 0.1650551, 0.08369519), (176.7700, 64.42581, 33.20803),
    ),
    "Qwen 3 14B, B200": Served(
        (8, 64, 512), (759.9468, 696.9625, 913.3278), (1086.711, 4176.121, 11857.97), (615.0537, 609.0732, 620.7207),
        (0.6993092, 0.1668923, 0.07702227), (430.1128, 101.6496, 47.80932),
    ),
}  # fmt: skip


def along(numbers: tuple[int, ...], values: tuple[float, ...], unit: str) -> Any:
    return lca.labelled(dict(zip(numbers, values, strict=True)), unit, dim="requests")


@pytest.mark.parametrize("name", CHATS)
def test_ml_energy_joules_of_tokens_and_requests(name: str) -> None:
    """A3, A12: power over rate is the printed J/token, and with the printed tokens per request the J/request."""
    facts = CHATS[name]
    power = along(facts.at_a_time, facts.watts, "W at_component")
    service = lca.Inference.served(name, power=power, rate=along(facts.at_a_time, facts.tokens_per_second, "token/s"))
    assert nominal(service.energy) == pytest.approx(facts.joules_per_token, rel=1e-6)
    site = lca.Site("hall", electricity=UNITY, pue=1.0)
    use = lca.Deployment(
        "chats", service, load="0.5 request/s", output_tokens=along(facts.at_a_time, facts.tokens, "token/request"),
        idle_power="0 W at_component", active=1.0, start=2026, period="1 year", site=site, beyond="not counted",
    )  # fmt: skip
    assert joules_per(use, "request", "requests") == pytest.approx(facts.joules_per_request, rel=1e-6)
    assert joules_per(use, "token", "requests") == pytest.approx(facts.joules_per_token, rel=1e-6)


def test_ml_energy_power_times_latency_would_charge_each_request_with_all() -> None:
    """A3: 32 at a time at 3,391 token/s take 3.68 s for 390 tokens: P t says 2,062 J where 64.4 J were published."""
    facts = CHATS["Llama 3.1 8B Instruct, H100"]
    latency = 32 * facts.tokens[1] / facts.tokens_per_second[1]
    with pytest.raises(lca.errors.AccountingError, match="2,060 J(.|\n)*64.4 J"):
        lca.Inference.served("llama", power=f"{facts.watts[1]} W at_component", latency=f"{latency} s/request",
                             concurrency=32)  # fmt: skip


def test_ml_energy_joules_of_an_image_by_batch() -> None:
    """Q2, A3: SANA 1.5 1.6B on an H100; a batch runs alone, and an image is one of its inferences."""
    batches = (1, 4, 32)
    watts, seconds = (526.3247, 630.7455, 643.9446), (0.7925253, 2.660536, 20.85000)
    printed = (417.1256, 419.5303, 419.5702)
    service = lca.Inference.served(
        "SANA", power=along(batches, watts, "W at_component"), latency=along(batches, seconds, "s/batch"),
        concurrency=1, batch=along(batches, tuple(map(float, batches)), "inference/batch"),
    )  # fmt: skip
    assert nominal(service.per_inference) == pytest.approx(printed, rel=1e-6)
    use = lca.Deployment(
        "images", service, load="0.5 image/s", idle_power="0 W at_component", active=1.0, start=2026, period="1 year",
        site=lca.Site("hall", electricity=UNITY, pue=1.0), beyond="not counted",
    )  # fmt: skip
    assert joules_per(use, "image", "requests") == pytest.approx(printed, rel=1e-6)


# --- EcoLogits 0.11.3: what compute_llm_impacts returned, with the constants of that version ----------------------


@dataclass(frozen=True)
class Asked:
    """A request: billions of parameters, tokens put out; and kWh, kg CO2e of use and of hardware, L of water."""

    active: float
    total: float
    tokens: int
    kwh: float
    use: float
    embodied: float
    water: float


ECOLOGITS = {
    "70B, 400 tokens": Asked(70, 70, 400, 2.630115971e-4, 1.553025619e-4, 2.263878131e-5, 1.118895169e-3),
    "13B of 47B, 250 tokens": Asked(13, 47, 250, 4.760974646e-5, 2.811250787e-5, 3.927239428e-6, 2.025397964e-4),
}
BATCH, PUE = 64, 1.2


@pytest.mark.parametrize("name", ECOLOGITS)
def test_ecologits_request_through_a_server_and_its_accelerators(name: str) -> None:
    """A3, A8, A13: a server with 64 requests at a time, each of which holds it for its latency."""
    asked = ECOLOGITS[name]
    gpus = 2 ** math.ceil(math.log2(math.ceil(1.2 * asked.total * 16 / 8 / 80)))
    kwh_per_token = (1.1665273170451914e-06 * math.exp(-0.011205921025579175 * BATCH) * asked.active
                     + 4.052928146734005e-05) / 1000  # fmt: skip
    seconds_per_token = 0.0006785088094353663 * asked.active + 0.0003119310311688259 * BATCH + 0.019473717579473387
    rate = f"{BATCH / seconds_per_token!r} token/s"
    grid = lca.Electricity("world", intensity="0.590478 kg CO2e/(kWh at_facility)",
                           categories={"water": "3.78 L/(kWh at_facility)"})  # fmt: skip
    hall = lca.Site("hall", electricity=grid, pue=PUE, wue="0.569 L/(kWh at_wall)")
    years = {"start": 2026, "period": "1 year", "active": 1.0, "devices": 1, "allocation": "reserved_time"}
    asks: dict[str, Any] = {
        "load": f"{BATCH / seconds_per_token / asked.tokens!r} request/s", "site": hall,
        "output_tokens": f"{asked.tokens} token/request",
    } | years  # fmt: skip
    card = lca.Hardware("accelerator", embodied="273 kg CO2e", lifetime="94608000 s")
    box = lca.Hardware("server", embodied="5700 kg CO2e", lifetime="94608000 s")
    cards = lca.Inference(
        "accelerators", f"{gpus * kwh_per_token!r} kWh at_wall/token", per="token", baseline="marginal"
    )
    rest = lca.Inference.served("rest of the server", power=f"{1.2 * gpus / 8!r} kW at_wall", rate=rate)
    computing = lca.Deployment("computing", cards, idle_power="0 W at_wall", on={card: gpus}, **asks)
    hosting = lca.Deployment("hosting", rest, idle_power="50 W at_wall", on={box: gpus / 8}, **asks)
    outside = {
        stage: lca.outside_goal("not in it") for stage in ("development", "training", "distribution", "end_of_life")
    }
    study = lca.Study(
        "ecologits", computing, hosting, functional_unit=lca.FunctionalUnit("a request", count=hosting.requests),
        excluded=outside, categories=("climate_change", "water"),
    )  # fmt: skip
    result = lca.nominal(study)
    found = lca.summary(result, per="request")["nominal"]
    assert found["use"] == pytest.approx(asked.use, rel=1e-9)
    assert found["manufacturing"] == pytest.approx(asked.embodied, rel=1e-9)
    assert found["total"] == pytest.approx(asked.use + asked.embodied, rel=1e-9)
    assert lca.summary(result, of="water", per="request")["nominal"]["use"] == pytest.approx(asked.water, rel=1e-9)
    kwh = sum(float(result.data[f"energy/{one}"].sum()) for one in ("computing", "hosting"))
    assert kwh / float(result.data["per/request"]) == pytest.approx(asked.kwh, rel=1e-9)
