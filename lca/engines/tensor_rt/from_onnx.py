"""Plans of TensorRT from ONNX graphs, with batch, size and precision set in the graph before the build."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, cast

from ...arguments import entry
from ...checks import one_of
from ...errors import EngineError
from ...whole_files import sha256_of
from ..declared import Declared, Wanted, batch_of, shapes_of
from ..modules import installed
from ..onnx_graph import as_bytes, in_float16, inputs_of, precision_of, read_graph, with_shapes
from .builder import BUILDERS, WITHOUT_DEVICE, BuilderModule, built_from
from .cuda import Device
from .plan import Plan, name_of, write_plan
from .tensor_rt_module import tensor_rt

if TYPE_CHECKING:
    from onnx import ModelProto

PRECISIONS = ("fp32", "fp16", "int8")
_IMAGE, _SEQUENCE = 4, 2


@entry
def build(
    path: str | os.PathLike[str],
    plan: str | os.PathLike[str],
    *,
    batch: int | None = None,
    height: int | None = None,
    width: int | None = None,
    shapes: Mapping[str, Sequence[int]] | None = None,
    precision: str = "fp32",
    module: str = "",
    device: int = 0,
) -> Plan:
    """Build a plan of TensorRT from an ONNX graph, with a sidecar that says what it is.

    Batch and size are set by rewriting the inputs of the graph, and half precision by the float16 converter of ONNX
    Runtime; inputs and outputs stay as they were. `tensorrt_rtx` builds without a device. Plan and sidecar are
    written whole, or not at all.

    Parameters
    ----------
    path : str or path
        The .onnx file.
    plan : str or path
        The plan to be written. The sidecar has the same name with ".json" behind it.
    batch, height, width : int
        The first length of the inputs, and the third and fourth of inputs that have four. As in the graph if not given.
    shapes : mapping of str to sequence of int
        Whole shapes in their place, by the name of the input.
    precision : str
        "fp32", "fp16", or "int8" for a graph that holds quantized nodes already.
    module : str
        "tensorrt" or "tensorrt_rtx"; if not given, the first of them that is installed.
    device : int
        The CUDA device to build on, from 0, if there is one.

    Returns
    -------
    Plan
        The plan, for `lca.engines.TensorRT` and `lca.engines.plans`.

    Raises
    ------
    EngineError
        If the graph does not allow the shapes (the nodes are named), or has another precision. If the module cannot
        be imported, needs a device, or refuses. If the plan cannot be written.

    Examples
    --------
    >>> import lca
    >>> lca.engines.build("net.onnx", "net.plan", batch=4, precision="fp16")  # doctest: +SKIP
    <plan net_4_224_224_fp16: 66 of 214 layers, 1.62 MB, tensorrt_rtx 1.7.1.116>
    >>> lca.engines.build("net.onnx", "net.plan", module="tensorrt_lean")
    Traceback (most recent call last):
    ...
    lca.errors.DomainError: there is no module that builds 'tensorrt_lean'
      where: build(module=)
        fix: did you mean 'tensorrt' or 'tensorrt_rtx'?
    """
    where, start = os.fspath(path), time.perf_counter()
    one_of(precision, PRECISIONS, "precision", "build(precision=)")
    if module:
        one_of(module, BUILDERS, "module that builds", "build(module=)")
    if Path(plan).resolve() == Path(path).resolve():
        raise EngineError.of("plan_over_graph", where)
    graph, shaped = _graph(Path(path), Wanted(batch, height, width, shapes), precision)
    trt = cast(BuilderModule, tensor_rt(module or _installed(), where))
    on = _device(trt.__name__, device, where)
    built = built_from(trt, as_bytes(graph, where), precision, where, on=on)
    known = _properties(Path(path).stem, inputs_of(graph), shaped, precision)
    hashes = {"onnx_sha256": sha256_of(Path(path).read_bytes()), "plan_sha256": sha256_of(built.plan)}
    made = Plan(
        path=Path(plan), name=name_of(known), shapes=shaped, module=trt.__name__, version=trt.__version__, device=on,
        flags=built.flags, layers=built.layers, layers_from=built.layers_from, network_layers=built.network_layers,
        size=len(built.plan), seconds=round(time.perf_counter() - start, 3), **hashes, **known,
    )  # fmt: skip
    write_plan(made, built.plan)
    return made


def _graph(path: Path, wanted: Wanted, precision: str) -> tuple[ModelProto, dict[str, tuple[int, ...]]]:
    """The graph with the wanted shapes and precision, and the shapes of its inputs."""
    graph, where = read_graph(path), str(path)
    shapes = shapes_of(inputs_of(graph), wanted, where)
    fitted, written = with_shapes(graph, shapes, where), precision_of(graph)
    if (written, precision) == ("fp32", "fp16"):
        return in_float16(fitted, where), shapes
    if written != precision:
        raise EngineError.of("graph_of_another_precision", where, [f"asked: {precision}", f"graph: {written}"])
    return fitted, shapes


def _installed() -> str:
    """The first module that can build, of those that are installed; else the first, to say how it is installed."""
    return next((name for name in BUILDERS if installed(name)), BUILDERS[0])


def _device(module: str, number: int, where: str) -> str:
    """The device to build on; "" for none, where the module needs none."""
    try:
        device = Device(number, where)
    except EngineError:
        if module == WITHOUT_DEVICE:
            return ""
        raise
    device.close()
    return device.about


class Properties(TypedDict):
    """What the name and the coordinates of an engine say."""

    backbone: str
    batch: int
    height: int | None
    width: int | None
    sequence: int | None
    precision: str


def _properties(
    backbone: str, declared: Sequence[Declared], shapes: Mapping[str, tuple[int, ...]], precision: str
) -> Properties:
    """Batch and size of a network from the shapes of its inputs: of the first image, or else of the first tokens."""
    image = next((shape for shape in shapes.values() if len(shape) == _IMAGE), None)
    tokens = [shapes[one.name] for one in declared if len(one.lengths) == _SEQUENCE and one.dtype.startswith("int")]
    return {
        "backbone": backbone,
        "batch": batch_of(shapes),
        "height": image[2] if image else None,
        "width": image[3] if image else None,
        "sequence": tokens[0][1] if tokens and not image else None,
        "precision": precision,
    }
