"""The modules of TensorRT: what is used of them, which one is meant, and a logger that keeps their errors."""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar, cast

from ...checks import one_of
from ...errors import EngineError
from ..modules import installed, library

Made = TypeVar("Made")
#: All have the same interface: the whole library, two runtimes for plans of other versions, and TensorRT for RTX.
MODULES = ("tensorrt", "tensorrt_rtx", "tensorrt_lean", "tensorrt_dispatch")
_MOST_KEPT = 1_000
_ERRORS = ("ERROR", "INTERNAL_ERROR")
#: How the builder's list of layers begins, in a message of its own.
LAYERS = "Layers:"


class Named(Protocol):
    """A member of one of TensorRT's enumerations."""

    @property
    def name(self) -> str: ...


class Context(Protocol):
    """What is used of `IExecutionContext`."""

    def set_optimization_profile_async(self, profile: int, stream: int, /) -> bool: ...
    def set_input_shape(self, name: str, shape: tuple[int, ...], /) -> bool: ...
    def get_tensor_shape(self, name: str, /) -> Sequence[int]: ...
    def set_tensor_address(self, name: str, address: int, /) -> bool: ...
    def execute_async_v3(self, stream: int, /) -> bool: ...


class Inspector(Protocol):
    """What is used of `EngineInspector`."""

    def get_engine_information(self, form: Named, /) -> str: ...


class CudaEngine(Protocol):
    """What is used of `ICudaEngine`."""

    @property
    def num_io_tensors(self) -> int: ...
    @property
    def num_optimization_profiles(self) -> int: ...

    def get_tensor_name(self, number: int, /) -> str: ...
    def get_tensor_mode(self, name: str, /) -> Named: ...
    def get_tensor_dtype(self, name: str, /) -> Named: ...
    def get_tensor_location(self, name: str, /) -> Named: ...
    def get_tensor_shape(self, name: str, /) -> Sequence[int]: ...
    def get_tensor_profile_shape(self, name: str, profile: int, /) -> Sequence[Sequence[int]]: ...
    def create_execution_context(self) -> Context | None: ...
    def create_engine_inspector(self) -> Inspector: ...


class Runtime(Protocol):
    """What is used of `Runtime`."""

    engine_host_code_allowed: bool

    def deserialize_cuda_engine(self, plan: bytes, /) -> CudaEngine | None: ...


class TensorRTModule(Protocol):
    """What is used of a module of TensorRT to run a plan."""

    @property
    def __name__(self) -> str: ...
    @property
    def __version__(self) -> str: ...
    @property
    def ILogger(self) -> type: ...

    def __hash__(self) -> int: ...
    def Runtime(self, log: Log, /) -> Runtime | None: ...


class Log(Protocol):
    """A logger of TensorRT that keeps what it was told."""

    said: deque[tuple[str, str]]


def _init(log: Log) -> None:
    super(type(log), log).__init__()  # as the classes of TensorRT ask for
    log.said = deque(maxlen=_MOST_KEPT)


def _log(log: Log, severity: Named, message: str) -> None:
    if severity.name in _ERRORS or message.startswith(LAYERS):
        log.said.append((severity.name, " ".join(message.split()) if severity.name in _ERRORS else message))


@functools.cache
def log_of(module: TensorRTModule) -> Log:
    """The logger of a module. A process has one: TensorRT goes on to use the first that it was given."""
    made = type("Log", (module.ILogger,), {"__init__": _init, "log": _log})()
    return cast(Log, made)


def made(make: Callable[[Log], Made | None], log: Log) -> Made | None:
    """What a class of TensorRT makes; None where it makes nothing, which its bindings raise as a TypeError."""
    try:
        return make(log)
    except TypeError:
        return None


def errors_in(log: Log) -> list[str]:
    """The errors that a logger holds, each once, in their order; they are taken out of it."""
    found = list(dict.fromkeys(message for severity, message in log.said if severity in _ERRORS))
    log.said.clear()
    return found or ["TensorRT said nothing; a logger that was registered earlier in this process may have more"]


def tensor_rt(name: str, where: str) -> TensorRTModule:
    """The module of this name, imported."""
    one_of(name, MODULES, "module of TensorRT", where)
    return cast(TensorRTModule, library(name, where))


def module_name(asked: str, wrote: str, where: str) -> str:
    """The module to load a plan with: the one asked for, the one that wrote the plan, or the only one installed."""
    if asked or wrote:
        return asked or wrote
    there = [name for name in MODULES if installed(name)]
    if len(there) == 1:
        return there[0]
    if not there:
        library(MODULES[0], where)
    raise EngineError.of("module_of_plan_unknown", where, [f"installed: {', '.join(there)}"], first=there[0])
