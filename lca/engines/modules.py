"""The libraries that engines need: imported when an engine is made, with our error where they are not installed."""

from __future__ import annotations

from importlib import import_module, util
from types import ModuleType

from ..errors import EngineError

#: The extra that brings each library.
EXTRAS = {"onnx": "onnx", "onnxruntime": "onnx", "cuda.bindings.runtime": "tensorrt", "tensorrt": "tensorrt"}
#: What pip calls the modules of TensorRT that the extra does not bring.
PACKAGES = {
    "tensorrt_rtx": "tensorrt-rtx-cu13",
    "tensorrt_lean": "tensorrt-lean",
    "tensorrt_dispatch": "tensorrt-dispatch",
}


def library(name: str, where: str) -> ModuleType:
    """The library of this name. Raises `EngineError` with what the import said, and how to install it.

    >>> library("json", "model.onnx").__name__
    'json'
    """
    try:
        return import_module(name)
    except (ImportError, OSError, RuntimeError) as error:  # a library of a driver raises what it likes
        package = f'"lca[{EXTRAS[name]}]"' if name in EXTRAS else PACKAGES.get(name, name)
        raise EngineError.of("library_not_installed", where, [f"{error}"], name=name, package=package) from None


def installed(name: str) -> bool:
    """Whether a module could be imported.

    >>> installed("json"), installed("no_such_module")
    (True, False)
    """
    return util.find_spec(name) is not None
