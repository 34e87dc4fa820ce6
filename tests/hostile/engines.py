"""Working calls of what builds and runs engines, with fakes of TensorRT and CUDA in place of both."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import onnx_graphs
from fake_cuda import FakeCuda
from fake_tensor_rt import IMAGE, SCORE, FakeTensorRT

import lca


def with_fakes(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same callable, where a machine has TensorRT-RTX and a device."""

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        fakes = {
            "tensorrt_rtx": FakeTensorRT([IMAGE, SCORE], called="tensorrt_rtx"),
            "cuda.bindings.runtime": FakeCuda(),
        }
        with mock.patch.dict(sys.modules, fakes):
            return function(*args, **kwargs)

    return called


def engine_calls(folder: Path) -> dict[str, tuple[Callable[..., Any], dict[str, Any]]]:
    """Each callable by its name, with arguments that work."""
    path, plan = onnx_graphs.scaled(folder / "twice.onnx"), folder / "twice.plan"
    made = with_fakes(lca.engines.build)(path, plan, batch=2, module="tensorrt_rtx")
    shapes, inputs = {"x": (2, 4)}, {"x": np.ones((2, 4), np.float32)}
    runs = {"path": path, "name": "twice", "batch": 2, "shapes": shapes, "inputs": inputs, "threads": 1, "seed": 0}
    builds = {"path": path, "plan": plan, "batch": 2, "shapes": shapes, "precision": "fp32", "module": "tensorrt_rtx"}
    image = {"image": np.ones(IMAGE.shape, np.float32)}
    loads = {
        "path": made,
        "name": "twice",
        "shapes": {"image": IMAGE.shape},
        "inputs": image,
        "profile": 0,
        "device": 0,
    }
    return {
        "engines.OnnxRuntime": (lca.engines.OnnxRuntime, {**runs, "provider": "CPUExecutionProvider"}),
        "engines.build": (with_fakes(lca.engines.build), builds),
        "engines.TensorRT": (with_fakes(lca.engines.TensorRT), {**loads, "module": "tensorrt_rtx"}),
        "load": (with_fakes(lambda value: lca.engines.TensorRT(made, inputs=value).load()), {"value": image}),
        "engines.plans": (lca.engines.plans, {"found": [made]}),
    }
