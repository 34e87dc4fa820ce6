"""Engines: networks that are built, loaded and run, behind one small Protocol.

* `OnnxRuntime`: an ONNX graph on a processor, or with any provider of ONNX Runtime.
* `TensorRT`: a plan of TensorRT on a CUDA device.
* `build`: a plan from an ONNX graph; `plans`: several of them as one labelled table.
* `scripted`: computes nothing and takes a stated time, to try a measurement.
* `Engine`, `Port`: what an engine has to be able to do, for one of your own.
"""

from __future__ import annotations

from .onnx_runtime import OnnxRuntime as OnnxRuntime
from .protocol import Engine as Engine
from .protocol import Port as Port
from .script import scripted as scripted
from .tensor_rt.from_onnx import build as build
from .tensor_rt.plan import Plan as Plan
from .tensor_rt.plan import plans as plans
from .tensor_rt.tensor_rt import TensorRT as TensorRT
