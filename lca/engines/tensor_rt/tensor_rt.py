"""Plans of TensorRT on a CUDA device: explicit shapes, profiles, and errors in TensorRT's own words."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from ...arguments import entry
from ...checks import finite_number
from ...errors import EngineError, FileFormatError
from ...whole_files import sha256_of
from ..declared import Declared, Wanted, batch_of, shapes_of
from ..file_engine import FileEngine
from ..input_arrays import Tensor, input_arrays, shapes_with, told
from ..protocol import Port
from .cuda import Device
from .plan import Plan, read_plan
from .tensor_rt_module import Context, CudaEngine, Runtime, errors_in, log_of, made, module_name, tensor_rt
from .trial import words_of

#: The types of TensorRT as NumPy writes them, with the bytes of one value.
_TYPES: Mapping[str, tuple[str, int]] = {
    "FLOAT": ("float32", 4), "HALF": ("float16", 2), "BF16": ("bfloat16", 2), "INT8": ("int8", 1),
    "UINT8": ("uint8", 1), "BOOL": ("bool", 1), "INT32": ("int32", 4), "INT64": ("int64", 8),
}  # fmt: skip
_OPEN = -1
#: The module whose plans bring the code that runs them.
_WITH_CODE = "tensorrt_dispatch"


class TensorRT(FileEngine):
    """A plan of TensorRT on a CUDA device (extra `tensorrt`; docs/engines.md says how to install it).

    One adapter for the modules `tensorrt`, `tensorrt_rtx`, `tensorrt_lean` and `tensorrt_dispatch`. Driver and device
    are proved before a runtime is made, since without them the runtime can end the process. Inputs lie on the device
    and outputs stay there, so that an execution copies nothing to and fro.

    Parameters
    ----------
    path : str, path or Plan
        The plan.
    name : str
        The name of the engine as a label; if not given, that of the sidecar, else of the file.
    shapes : mapping of str to sequence of int
        The shapes of inputs whose lengths the plan leaves open, by the name of the input.
    inputs : mapping of str to numpy.ndarray
        What it works on; random if not given, as with `OnnxRuntime`.
    profile : int
        The optimization profile, from 0.
    module : str
        The module that loads the plan. If not given, the one that wrote it, as the sidecar says, else the only one
        installed.
    device : int
        The CUDA device, from 0.
    seed : int
        The seed of random inputs.

    Raises
    ------
    EngineError
        If there is no such file, or the module is neither said nor known.
    FileFormatError
        If the sidecar is damaged.

    Examples
    --------
    >>> import lca
    >>> lca.engines.TensorRT("not_built.plan", module="tensorrt")
    Traceback (most recent call last):
    ...
    lca.errors.EngineError: there is no file of this name
      where: not_built.plan
        fix: correct the path
    """

    @entry
    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        name: str = "",
        shapes: Mapping[str, Sequence[int]] | None = None,
        inputs: Mapping[str, Tensor] | None = None,
        profile: int = 0,
        module: str = "",
        device: int = 0,
        seed: int = 0,
    ) -> None:
        where = os.fspath(path)
        if not Path(path).is_file():
            raise EngineError.of("engine_file_missing", where)
        self._plan = read_plan(Path(path))
        super().__init__(path, name or (self._plan.name if self._plan else ""))
        for argument, number in (("profile", profile), ("device", device), ("seed", seed)):
            finite_number(number, f"{where}, {argument}=", low=0, whole=True)
        self._module = tensor_rt(module_name(module, self._plan.module if self._plan else "", where), where)
        self._shapes, self._given, self._seed = shapes_with(inputs, shapes), inputs, seed
        self._profile, self._number = profile, device
        self._device: Device | None = None
        self._runtime: Runtime | None = None
        self._engine: CudaEngine | None = None
        self._context: Context | None = None
        self._arrays: dict[str, Tensor] = {}

    @property
    def about(self) -> str:
        """What runs it: module, version, profile, and once it is loaded the device."""
        inputs = told(self._inputs, self._given, self._seed)
        device = f", {self._device.about}" if self._device else ""
        return f"{self._module.__name__} {self._module.__version__}, profile {self._profile}, {inputs}{device}"

    @property
    def batch(self) -> int:
        """Inferences in one execution: the first length of its first input.

        Before it is loaded, that of the given shapes or of the sidecar; 0 where neither says it.
        """
        shapes = {port.name: port.shape for port in self._inputs} or self._shapes
        return batch_of(shapes) if shapes else self._plan.batch if self._plan else 0

    def _load(self) -> None:
        where = str(self.path)
        content = self.path.read_bytes()
        _check_hash(self._plan, content, where)
        self._device = Device(self._number, where, ask=partial(words_of, self._module.__name__, self.path))
        self._engine = engine = self._read(content)
        context = engine.create_execution_context()
        if context is None:
            raise self._failed("create_execution_context")
        self._context = context
        self._use_profile(engine, context, self._device)
        self._give_inputs(engine, context, self._device)
        self._take_outputs(engine, context, self._device)

    def _read(self, content: bytes) -> CudaEngine:
        log = log_of(self._module)
        log.said.clear()
        self._runtime = runtime = made(self._module.Runtime, log)
        if runtime is None:
            raise self._failed("Runtime")
        if self._module.__name__ == _WITH_CODE:
            runtime.engine_host_code_allowed = True
        engine = runtime.deserialize_cuda_engine(content)
        if engine is None:
            raise self._failed("deserialize_cuda_engine")
        return engine

    def _failed(self, call: str) -> EngineError:
        """The error of a call that TensorRT refused, with the errors of its logger and who wrote the plan."""
        wrote = [f"written by: {self._plan.module} {self._plan.version}"] if self._plan else []
        loads = f"loaded by: {self._module.__name__} {self._module.__version__}"
        sides = [*errors_in(log_of(self._module)), *wrote, loads]
        return EngineError.of("tensor_rt_failed", str(self.path), sides, call=call)

    def _use_profile(self, engine: CudaEngine, context: Context, device: Device) -> None:
        count = engine.num_optimization_profiles
        if self._profile >= max(count, 1):
            sides = [f"asked: {self._profile}"]
            raise EngineError.of("no_such_profile", str(self.path), sides, count=count, last=max(count, 1) - 1)
        if self._profile:
            if not context.set_optimization_profile_async(self._profile, device.stream):
                raise self._failed("set_optimization_profile_async")
            device.wait()

    def _give_inputs(self, engine: CudaEngine, context: Context, device: Device) -> None:
        """Check shapes against the profile, and put an array on the device for each input."""
        where = str(self.path)
        ranges = {name: self._range(engine, name) for name in _names(engine, "INPUT")}
        declared = [
            Declared(name, tuple(map(_length, low, high)), self._type(engine, name)[0])
            for name, (low, high) in ranges.items()
        ]
        shapes = shapes_of(declared, Wanted(shapes=self._shapes), where)
        if outside := [
            f"{name}: {shape}, from {tuple(ranges[name][0])} to {tuple(ranges[name][1])}"
            for name, shape in shapes.items()
            if not all(low <= n <= high for low, n, high in zip(ranges[name][0], shape, ranges[name][1], strict=True))
        ]:
            raise EngineError.of("shape_outside_profile", where, outside, profile=self._profile)
        self._inputs = tuple(Port(one.name, shapes[one.name], one.dtype) for one in declared)
        self._arrays = input_arrays(self._inputs, self._given, self._seed, where)
        for name, shape in shapes.items():
            if not context.set_input_shape(name, shape):
                raise self._failed(f"set_input_shape of {name}")
            self._place(context, name, self._address(engine, device, name))

    def _address(self, engine: CudaEngine, device: Device, name: str) -> int:
        """Where an input lies: on the device, or in memory if its values are those of a shape."""
        if engine.get_tensor_location(name).name != "HOST":
            return device.copied(self._arrays[name], name)
        if name not in (self._given or {}):
            raise EngineError.of("shape_input_not_given", str(self.path), name=name)
        return int(self._arrays[name].ctypes.data)

    def _take_outputs(self, engine: CudaEngine, context: Context, device: Device) -> None:
        """Take memory for each output."""
        found = []
        for name in _names(engine, "OUTPUT"):
            shape = tuple(context.get_tensor_shape(name))
            if any(length < 0 for length in shape):
                raise EngineError.of("output_shape_open", str(self.path), [f"{name}: {shape}"])
            dtype, size = self._type(engine, name)
            self._place(context, name, device.memory(max(math.prod(shape) * size, 1), name))
            found.append(Port(name, shape, dtype))
        self._outputs = tuple(found)

    def _place(self, context: Context, name: str, address: int) -> None:
        if not context.set_tensor_address(name, address):
            raise self._failed(f"set_tensor_address of {name}")

    def _range(self, engine: CudaEngine, name: str) -> tuple[Sequence[int], Sequence[int]]:
        """The least and the greatest lengths of an input."""
        shape = tuple(engine.get_tensor_shape(name))
        if _OPEN not in shape:
            return shape, shape
        low, _, high = engine.get_tensor_profile_shape(name, self._profile)
        return tuple(low), tuple(high)

    def _type(self, engine: CudaEngine, name: str) -> tuple[str, int]:
        kind = engine.get_tensor_dtype(name).name
        if kind not in _TYPES:
            raise EngineError.of("engine_type_of_input", str(self.path), name=name, dtype=kind)
        return _TYPES[kind]

    def _run(self) -> None:
        assert self._context is not None
        assert self._device is not None
        if not self._context.execute_async_v3(self._device.stream):
            raise self._failed("execute_async_v3")

    def _synchronise(self) -> None:
        assert self._device is not None
        self._device.wait()

    def _free(self) -> None:
        self._context = self._engine = self._runtime = None
        if self._device is not None:
            self._device.close()
        self._device = None


def _names(engine: CudaEngine, mode: str) -> Iterator[str]:
    """The inputs, or the outputs, in the order of the plan."""
    every = [engine.get_tensor_name(n) for n in range(engine.num_io_tensors)]
    yield from (name for name in every if engine.get_tensor_mode(name).name == mode)


def _length(low: int, high: int) -> int | str:
    """A length as it is declared: a number, or from where to where it may lie."""
    return low if low == high else f"{low} to {high}"


def _check_hash(plan: Plan | None, content: bytes, where: str) -> None:
    """Raise where the plan is not the one of its sidecar."""
    if plan is not None and plan.plan_sha256 != (found := sha256_of(content)):
        raise FileFormatError.of("plan_was_changed", where, [f"sidecar: {plan.plan_sha256}", f"plan: {found}"])
