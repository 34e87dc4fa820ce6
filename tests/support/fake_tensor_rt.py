"""A module of TensorRT without TensorRT: an engine of declared tensors, a builder, and failures on request."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol, SupportsInt

from lca.engines.onnx_runtime import OnnxRuntime
from lca.engines.protocol import Engine
from lca.engines.tensor_rt.builder import BuilderModule
from lca.engines.tensor_rt.tensor_rt import TensorRT
from lca.engines.tensor_rt.tensor_rt_module import CudaEngine, Log, Named


class Severity(IntEnum):
    ERROR = 1
    WARNING = 2
    VERBOSE = 4


class Mode(IntEnum):
    INPUT = 1
    OUTPUT = 2


class Location(IntEnum):
    DEVICE = 0
    HOST = 1


class DataType(IntEnum):
    FLOAT = 0
    HALF = 1
    BF16 = 2
    INT32 = 3
    FP8 = 4


class Verbosity(IntEnum):
    DETAILED = 2


class Forms(IntEnum):
    JSON = 1


class OldNetworkFlags(IntEnum):
    EXPLICIT_BATCH = 0


class NetworkFlags(IntEnum):
    STRONGLY_TYPED = 1


class OldBuilderFlags(IntEnum):
    FP16 = 0
    INT8 = 1
    TF32 = 2


class BuilderFlags(IntEnum):
    TF32 = 2


class Logger:
    """`ILogger`: the base of a logger that a library brings."""

    def __init__(self) -> None:
        self.ready = True

    def log(self, severity: Named, message: str, /) -> None: ...


class Telling(Protocol):
    def log(self, severity: Named, message: str, /) -> None: ...


@dataclass
class Tensor:
    """An input or an output; `low` and `high` are the bounds of each profile for an input with open lengths."""

    name: str
    shape: tuple[int, ...]
    mode: Mode = Mode.INPUT
    dtype: DataType = DataType.FLOAT
    location: Location = Location.DEVICE
    profiles: Sequence[tuple[tuple[int, ...], tuple[int, ...]]] = ()


IMAGE = Tensor("image", (2, 3, 8, 8))
SCORE = Tensor("score", (2, 10), Mode.OUTPUT)


@dataclass
class FakeTensorRT:
    """A module: `fails` names the calls that are refused, `says` is what the logger is told then."""

    tensors: Sequence[Tensor] = (IMAGE, SCORE)
    fails: set[str] = field(default_factory=set)
    says: str = "Error Code 6: API Usage Error (serialized plan is of version 9, this library reads 10)"
    old: bool = False
    parsed: list[bytes] = field(default_factory=list)
    flags: set[int] = field(default_factory=set)
    network_flags: int = 0
    runs: list[int] = field(default_factory=list)
    profile: int = 0
    open_runtime: bool = False
    layers: Sequence[str] = ("conv", "pool")
    called: str = "tensorrt"
    __version__: str = "10.1"
    __spec__: object = "found"
    ILogger: type = Logger
    ProfilingVerbosity: type[Verbosity] = Verbosity
    LayerInformationFormat: type[Forms] = Forms
    num_errors: int = 1
    num_layers: int = 212
    profiling_verbosity: object = None

    def __hash__(self) -> int:
        return id(self)

    @property
    def __name__(self) -> str:
        return self.called

    @property
    def BuilderFlag(self) -> type[OldBuilderFlags] | type[BuilderFlags]:
        return OldBuilderFlags if self.old else BuilderFlags

    @property
    def NetworkDefinitionCreationFlag(self) -> type[OldNetworkFlags] | type[NetworkFlags]:
        return OldNetworkFlags if self.old else NetworkFlags

    def refuses(self, call: str) -> bool:
        if call in self.fails:
            self.tell(Severity.ERROR, self.says)
        return call in self.fails

    def make(self, call: str) -> None:
        """As the bindings do where a class makes nothing."""
        if self.refuses(call):
            raise TypeError("pybind11::init(): factory function returned nullptr")

    def tell(self, severity: Severity, message: str) -> None:
        self._log.log(severity, message)

    # what runs plans

    def Runtime(self, log: Log, /) -> FakeRuntime:
        self._log: Telling = log  # type: ignore[assignment]
        self.make("Runtime")
        return FakeRuntime(self)

    # what builds them

    def Builder(self, log: Log, /) -> FakeTensorRT:
        self._log = log  # type: ignore[assignment]
        self.make("Builder")
        return self

    def create_network(self, flags: int, /) -> FakeTensorRT:
        self.network_flags = flags
        return self

    def OnnxParser(self, network: object, log: Log, /) -> FakeTensorRT:
        return self

    def parse(self, model: bytes, path: str, /) -> bool:
        self.parsed.append(model)
        return "parse" not in self.fails

    def get_error(self, number: int, /) -> FakeTensorRT:
        return self

    def desc(self) -> str:
        return "Invalid Node - n7\nShape Error\nwhat nobody reads"

    def node_name(self) -> str:
        return "n7"

    def node_operator(self) -> str:
        return "Reshape"

    def create_builder_config(self) -> FakeTensorRT:
        self.flags = {2}  # TF32, as the library does
        return self

    def set_flag(self, flag: SupportsInt, /) -> None:
        self.flags.add(int(flag))

    def get_flag(self, flag: SupportsInt, /) -> bool:
        return int(flag) in self.flags

    def build_serialized_network(self, network: object, config: object, /) -> bytes | None:
        if self.refuses("build_serialized_network"):
            return None
        told = "\n".join(f"Name: {name}, LayerType: kgen, Inputs: []" for name in self.layers)
        self.tell(Severity.VERBOSE, f"Layers:\n{told}")
        return b"a plan"


@dataclass
class FakeRuntime:
    module: FakeTensorRT
    _allowed: bool = False

    @property
    def engine_host_code_allowed(self) -> bool:
        return self._allowed

    @engine_host_code_allowed.setter
    def engine_host_code_allowed(self, allowed: bool) -> None:
        self._allowed = self.module.open_runtime = allowed

    def deserialize_cuda_engine(self, plan: bytes, /) -> FakeCudaEngine | None:
        return None if self.module.refuses("deserialize_cuda_engine") else FakeCudaEngine(self.module)


@dataclass
class FakeCudaEngine:
    module: FakeTensorRT

    @property
    def num_io_tensors(self) -> int:
        return len(self.module.tensors)

    @property
    def num_optimization_profiles(self) -> int:
        return max((len(one.profiles) for one in self.module.tensors), default=0) or 1

    def named(self, name: str) -> Tensor:
        return next(one for one in self.module.tensors if one.name == name)

    def get_tensor_name(self, number: int, /) -> str:
        return self.module.tensors[number].name

    def get_tensor_mode(self, name: str, /) -> Mode:
        return self.named(name).mode

    def get_tensor_dtype(self, name: str, /) -> DataType:
        return self.named(name).dtype

    def get_tensor_location(self, name: str, /) -> Location:
        return self.named(name).location

    def get_tensor_shape(self, name: str, /) -> Sequence[int]:
        return self.named(name).shape

    def get_tensor_profile_shape(self, name: str, profile: int, /) -> Sequence[Sequence[int]]:
        low, high = self.named(name).profiles[profile]
        return [low, high, high]

    def create_execution_context(self) -> FakeContext | None:
        return None if self.module.refuses("create_execution_context") else FakeContext(self)

    def create_engine_inspector(self) -> FakeCudaEngine:
        return self

    def get_engine_information(self, form: Named, /) -> str:
        assert form.name == "JSON"
        return json.dumps({"Layers": ["fused", {"Name": "conv + relu", "LayerType": "CaskConvolution"}]})


@dataclass
class FakeContext:
    engine: FakeCudaEngine
    shapes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    addresses: dict[str, int] = field(default_factory=dict)

    def set_optimization_profile_async(self, profile: int, stream: int, /) -> bool:
        self.engine.module.profile = profile
        return not self.engine.module.refuses("set_optimization_profile_async")

    def set_input_shape(self, name: str, shape: tuple[int, ...], /) -> bool:
        self.shapes[name] = shape
        return not self.engine.module.refuses("set_input_shape")

    def get_tensor_shape(self, name: str, /) -> Sequence[int]:
        """An open first length of an output is the batch of the first input."""
        shape = self.engine.named(name).shape
        batch = next(iter(self.shapes.values()))[0]
        return (batch, *shape[1:]) if shape[:1] == (-1,) else shape

    def set_tensor_address(self, name: str, address: int, /) -> bool:
        self.addresses[name] = address
        return not self.engine.module.refuses("set_tensor_address")

    def execute_async_v3(self, stream: int, /) -> bool:
        assert set(self.addresses) == {one.name for one in self.engine.module.tensors}
        self.engine.module.runs.append(stream)
        return not self.engine.module.refuses("execute_async_v3")


def fits(module: FakeTensorRT, onnx: OnnxRuntime, plan: TensorRT) -> tuple[BuilderModule, CudaEngine, list[Engine]]:
    """What a type checker compares with the Protocols."""
    return module, FakeCudaEngine(module), [onnx, plan]
