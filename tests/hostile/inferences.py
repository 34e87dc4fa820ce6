"""Working calls of what states the energy of an inference: records, services, learnt models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import lca


def inference_calls() -> list[tuple[str, Callable[..., Any], dict[str, Any]]]:
    """(name, callable, arguments that work)."""
    return [
        ("Inference of tokens", lca.Inference,
             {"name": "chat", "energy": "0.4 J/token", "at": "board", "per": "token", "baseline": "gross",
              "throughput": "900 token/s", "prefill": "0.1 J/token", "prefill_throughput": "9000 token/s"}),
        ("Inference of a power", lca.Inference,
             {"name": "chat", "power": "5 kW", "at": "board", "per": "batch", "baseline": "gross",
              "throughput": "9 batch/s", "batch": 4}),
        ("Inference.of_model", lca.Inference.of_model,
             {"name": "m", "active": 3e9, "total": 30e9, "batch": 32, "output_tokens": 400, "gpus": 2, "task": "chat",
              "precision": "fp8", "accelerator": "H100", "input_tokens": 200, "apart": True}),
        ("Inference.of_diffusion", lca.Inference.of_diffusion,
             {"name": "m", "parameters": 8e9, "steps": 28, "height": 512, "width": 512, "batch": 4, "tdp": "300 W"}),
        ("points", lca.serving.points, {"table": {8: 0.4, 32: 0.2}}),
        ("point", lambda value: lca.serving.points({8: 0.4, 32: value}), {"value": 0.2}),
        ("Points.energy", lca.serving.points({8: 0.4, 32: 0.2}).energy, {"batch": 9}),
        ("Points.inference", lca.serving.points({8: 0.4, 32: 0.2}).inference,
             {"name": "m", "batch": 9, "throughput": "900 token/s", "source": "here"}),
        ("ecologits", lca.serving.ecologits, {"active": 8e9, "gpus": 1, "batch": 32}),
        ("Inference.served", lca.Inference.served,
             {"name": "chat", "power": "5 kW at_wall", "rate": "9 request/s"}),
        ("Inference.served alone", lca.Inference.served,
             {"name": "chat", "power": "5 kW at_wall", "latency": "2 s/batch", "concurrency": 1, "batch": 4}),
        ("Inference.engines", lca.Inference.engines, {
            "name": "engines", "energy": lca.labelled({"a_1": 1.0, "b_2": 2.0}, "J at_board", dim="engine"),
            "names": "<net>_<batch:int>", "per": "batch", "baseline": "marginal"}),
    ]  # fmt: skip
