"""The builder of TensorRT: from an ONNX graph to a plan, its flags and its layers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol, SupportsInt

from ...errors import EngineError
from .plan import Layer
from .tensor_rt_module import LAYERS, Log, Named, TensorRTModule, errors_in, log_of, made

#: The modules that can build, in the order in which they are taken, and the one that builds without a device.
BUILDERS = ("tensorrt", "tensorrt_rtx")
WITHOUT_DEVICE = "tensorrt_rtx"
_ONE_LAYER = re.compile(r"^Name: (.*?), LayerType: (.*?),", re.MULTILINE)
_FROM_INSPECTOR, _FROM_LOG, _FROM_NOWHERE = "the inspector of the engine", "the log of the builder", "not known"


class Enumeration(Protocol):
    """One of TensorRT's enumerations."""

    @property
    def __members__(self) -> Mapping[str, SupportsInt]: ...


class ParserError(Protocol):
    """What is used of `ParserError`."""

    def desc(self) -> str: ...
    def node_name(self) -> str: ...
    def node_operator(self) -> str: ...


class Parser(Protocol):
    """What is used of `OnnxParser`."""

    @property
    def num_errors(self) -> int: ...

    def parse(self, model: bytes, path: str, /) -> bool: ...
    def get_error(self, number: int, /) -> ParserError: ...


class Network(Protocol):
    """What is used of `INetworkDefinition`."""

    @property
    def num_layers(self) -> int: ...


class Config(Protocol):
    """What is used of `IBuilderConfig`."""

    profiling_verbosity: object

    def set_flag(self, flag: SupportsInt, /) -> None: ...
    def get_flag(self, flag: SupportsInt, /) -> bool: ...


class Builder(Protocol):
    """What is used of `Builder`."""

    def create_network(self, flags: int, /) -> Network: ...
    def create_builder_config(self) -> Config: ...
    def build_serialized_network(self, network: Network, config: Config, /) -> bytes | None: ...


class InformationForms(Protocol):
    """What is used of `LayerInformationFormat`."""

    @property
    def JSON(self) -> Named: ...


class Verbosity(Protocol):
    """What is used of `ProfilingVerbosity`."""

    @property
    def DETAILED(self) -> object: ...


class BuilderModule(TensorRTModule, Protocol):
    """What is used of a module of TensorRT to build a plan."""

    @property
    def BuilderFlag(self) -> Enumeration: ...
    @property
    def NetworkDefinitionCreationFlag(self) -> Enumeration: ...
    @property
    def ProfilingVerbosity(self) -> Verbosity: ...
    @property
    def LayerInformationFormat(self) -> InformationForms: ...

    def Builder(self, log: Log, /) -> Builder | None: ...
    def OnnxParser(self, network: Network, log: Log, /) -> Parser: ...


class Built(NamedTuple):
    """What a builder made."""

    plan: bytes
    flags: tuple[str, ...]
    layers: tuple[Layer, ...]
    layers_from: str
    network_layers: int


def built_from(trt: BuilderModule, graph: bytes, precision: str, where: str, *, on: str) -> Built:
    """The plan of a graph. On a device (`on` names it) its layers are those of the loaded engine.

    Raises `EngineError` with the nodes that TensorRT's parser refuses, or with the errors of its builder.
    """
    log = log_of(trt)
    log.said.clear()
    builder = made(trt.Builder, log)
    if builder is None:
        raise _refused(trt, "Builder", where)
    network = builder.create_network(_typing(trt))
    parser = trt.OnnxParser(network, log)
    if not parser.parse(graph, where):
        bad = [_parser_error(parser.get_error(n)) for n in range(parser.num_errors)]
        raise EngineError.of("graph_not_parsed", where, bad, library=f"{trt.__name__} {trt.__version__}")
    config = builder.create_builder_config()
    config.profiling_verbosity = trt.ProfilingVerbosity.DETAILED
    for flag in _precision_flags(trt, precision):
        config.set_flag(flag)
    serialized = builder.build_serialized_network(network, config)
    if serialized is None:
        raise _refused(trt, "build_serialized_network", where)
    plan = bytes(serialized)
    flags = tuple(name for name, flag in trt.BuilderFlag.__members__.items() if config.get_flag(flag))
    layers, source = _layers(trt, log, plan, on)
    return Built(plan, flags, layers, source, network.num_layers)


def _typing(trt: BuilderModule) -> int:
    """The flags of a network whose types are those of its graph; older versions choose types by themselves."""
    known = trt.NetworkDefinitionCreationFlag.__members__
    name = "STRONGLY_TYPED" if "STRONGLY_TYPED" in known else "EXPLICIT_BATCH"
    return 1 << int(known[name])


def _precision_flags(trt: BuilderModule, precision: str) -> list[SupportsInt]:
    """The flags that older versions need before they keep the types of a graph."""
    if "STRONGLY_TYPED" in trt.NetworkDefinitionCreationFlag.__members__:
        return []
    wanted = {"fp32": (), "fp16": ("FP16",), "int8": ("FP16", "INT8")}[precision]
    return [trt.BuilderFlag.__members__[name] for name in wanted]


def _refused(trt: BuilderModule, call: str, where: str) -> EngineError:
    sides = [*errors_in(log_of(trt)), f"module: {trt.__name__} {trt.__version__}"]
    return EngineError.of("plan_not_built", where, sides, call=call)


def _parser_error(error: ParserError) -> str:
    first = error.desc().strip().splitlines()
    return f"{error.node_operator()} {error.node_name()}: {' '.join(first[:2])}"


def _layers(trt: BuilderModule, log: Log, plan: bytes, on: str) -> tuple[tuple[Layer, ...], str]:
    """The layers of a plan, and where they come from: the loaded engine, or without a device what the builder said."""
    if on and (runtime := made(trt.Runtime, log)) and (engine := runtime.deserialize_cuda_engine(plan)):
        text = engine.create_engine_inspector().get_engine_information(trt.LayerInformationFormat.JSON)
        return tuple(_inspected(text)), _FROM_INSPECTOR
    said = next((message for _, message in reversed(log.said) if message.startswith(LAYERS)), "")
    found = tuple(Layer(name, kind) for name, kind in _ONE_LAYER.findall(said))
    return found, _FROM_LOG if found else _FROM_NOWHERE


def _inspected(text: str) -> Iterator[Layer]:
    """The layers in the JSON of an inspector: objects, or names alone where the plan holds no more."""
    for one in json.loads(text)["Layers"]:
        yield Layer(one, "") if isinstance(one, str) else Layer(one["Name"], one.get("LayerType", ""))
