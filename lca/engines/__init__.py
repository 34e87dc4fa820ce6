"""Engines: networks that run, behind one small Protocol.

* `OnnxRuntime`: an ONNX graph on a processor, or with any provider of ONNX Runtime.
* `ScriptedEngine`: computes nothing and takes a stated time, to try a measurement.
* `Engine`: what an engine has to be able to do, for one of your own.
"""

from __future__ import annotations

from .onnx_runtime import OnnxRuntime as OnnxRuntime
from .protocol import Engine as Engine
from .protocol import Port as Port
from .script import ScriptedEngine as ScriptedEngine
