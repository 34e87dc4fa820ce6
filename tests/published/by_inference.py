"""Energies of inference: windows of MLPerf Tiny, services of ML.ENERGY, the method of EcoLogits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from by_serving import gpus, seconds_per_token
from published_cases import Case, Ours

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


def tiny(case: Case) -> dict[str, Any]:
    """A3, U10: a window over its inferences; at full rate the board draws its printed power."""
    monitor, count = lca.Meter("energy monitor", at="board"), case.number("inferences")
    windows = {f"w{i}": case.number(f"energy@w{i}") for i in range(5)}
    read = monitor.read(windows, "uJ", dim="window")
    rates = {window: count / case.number(f"duration@{window}") for window in windows}
    rate = lca.labelled(rates, "inference/s", dim="window")
    engine = lca.Inference(case.name, read / count, per="inference", baseline="gross", throughput=rate)
    found = 1e6 * nominal(engine.per_inference)
    always = lca.Deployment(
        "sensor", engine, load=rate, idle_power="10 mW at_board", active=1.0, start=2025, period="1 year"
    )
    power = nominal(always.energy).reshape(-1) / YEAR_S * 3.6e6 * 1e3
    return {
        **{f"per_inference@{window}": one for window, one in zip(windows, found, strict=True)},
        "median": np.median(found),
        "throughput": np.median(nominal(engine.throughput)),
        "power": np.median(power),
    }


def chats(case: Case) -> dict[str, Any]:
    """A3, A12: power over rate is the printed J/token, and with the printed tokens per request the J/request."""
    service = lca.Inference.served(
        case.name, power=case.along("power", "requests"), rate=case.along("rate", "requests")
    )
    site = lca.Site("hall", electricity=UNITY, pue=1.0)
    use = lca.Deployment(
        "chats", service, load="0.5 request/s", output_tokens=case.along("tokens", "requests"),
        idle_power="0 W at_component", active=1.0, start=2026, period="1 year", site=site, beyond="not counted",
    )  # fmt: skip
    tokens = nominal(service.energy)
    assert np.allclose(joules_per(use, "token", "requests"), tokens, rtol=1e-9, atol=0)
    return {**_at(case, "per_token", tokens), **_at(case, "per_request", joules_per(use, "request", "requests"))}


def images(case: Case) -> dict[str, Any]:
    """Q2, A3: a batch runs alone, and an image is one of its inferences."""
    service = lca.Inference.served(
        "SANA", power=case.along("power", "requests"), latency=case.along("latency", "requests"), concurrency=1,
        batch=case.along("batch", "requests"),
    )  # fmt: skip
    use = lca.Deployment(
        "images", service, load="0.5 image/s", idle_power="0 W at_component", active=1.0, start=2026, period="1 year",
        site=lca.Site("hall", electricity=UNITY, pue=1.0), beyond="not counted",
    )  # fmt: skip
    found = joules_per(use, "image", "requests")
    assert np.allclose(nominal(service.per_inference), found, rtol=1e-9, atol=0)
    return _at(case, "per_image", found)


def _at(case: Case, name: str, values: np.ndarray) -> dict[str, float]:
    """The values of a sweep under the names of its outputs."""
    names = [output for output in case.outputs if output.startswith(f"{name}@")]
    return dict(zip(names, values, strict=True))


def request(case: Case) -> dict[str, Any]:
    """A3, A8, A13: a server with 64 requests at a time, each of which holds it for its latency."""
    result = lca.nominal(_requests(case))
    found = lca.summary(result, per="request")["nominal"]
    water = lca.summary(result, of="water", per="request")["nominal"]["use"]
    kwh = sum(float(result.data[f"energy/{one}"].sum()) for one in ("computing", "hosting"))
    return {
        "energy": kwh / float(result.data["per/request"]),
        "use": found["use"],
        "embodied": found["manufacturing"],
        "water": water,
        "total": found["total"],
    }


def _requests(case: Case) -> lca.Study:
    number, batch = gpus(case), case.number("batch")
    per_gpu = case.number("gpu_alpha") * math.exp(case.number("gpu_beta") * batch) * case.number("active")
    kwh_per_token, rate = (per_gpu + case.number("gpu_gamma")) / 1000, batch / seconds_per_token(case)
    grid = lca.Electricity("world", intensity=case["intensity"], categories={"water": case["water"]})
    hall = lca.Site("hall", electricity=grid, pue=case.number("pue"), wue=case["wue"])
    asks: dict[str, Any] = {
        "load": f"{rate / case.number('tokens')!r} request/s", "site": hall, "output_tokens": case["tokens"],
        "start": 2026, "period": "1 year", "active": 1.0, "devices": 1, "allocation": "reserved_time",
    }  # fmt: skip
    card = lca.Hardware("accelerator", embodied=case["gpu_embodied"], lifetime=case["lifetime"])
    box = lca.Hardware("server", embodied=case["server_embodied"], lifetime=case["lifetime"])
    cards = lca.Inference(
        "accelerators", f"{number * kwh_per_token!r} kWh at_wall/token", per="token", baseline="marginal"
    )
    share = number / case.number("server_gpus")
    power = f"{case.number('server_power') * share!r} kW at_wall"
    rest = lca.Inference.served("rest of the server", power=power, rate=f"{rate!r} token/s")
    computing = lca.Deployment("computing", cards, idle_power="0 W at_wall", on={card: number}, **asks)
    hosting = lca.Deployment("hosting", rest, idle_power="50 W at_wall", on={box: share}, **asks)
    outside = {
        stage: lca.outside_goal("not in it") for stage in ("development", "training", "distribution", "end_of_life")
    }
    return lca.Study(
        "ecologits", computing, hosting, functional_unit=lca.FunctionalUnit("a request", count=hosting.requests),
        excluded=outside, categories=("climate_change", "water"),
    )  # fmt: skip


KINDS = {"mlperf-tiny": tiny, "ml-energy-image": images, "ml-energy": chats, "ecologits": request}


def computed(case: Case) -> dict[str, Ours]:
    """Every output of a case."""
    kind = next(kind for start, kind in KINDS.items() if case.name.startswith(start))
    return {name: Ours(float(one), float(one), float(one)) for name, one in kind(case).items()}
