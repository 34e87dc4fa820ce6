"""A CUDA device: proved before anything of TensorRT is made, with memory that is counted and freed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, SupportsInt, TypeAlias, cast

from ...errors import EngineError
from ..input_arrays import Tensor
from ..modules import library

_OUT_OF_MEMORY = 2  # cudaErrorMemoryAllocation
#: What each function gives first: `cudaError_t`, 0 for success.
Code: TypeAlias = SupportsInt


class Properties(Protocol):
    """What is read of `cudaDeviceProp`."""

    @property
    def name(self) -> bytes: ...


class CopyKinds(Protocol):
    """What is used of `cudaMemcpyKind`."""

    @property
    def cudaMemcpyHostToDevice(self) -> SupportsInt: ...


class Cuda(Protocol):
    """The functions of `cuda.bindings.runtime` that are used (CUDA Runtime API, 5.1 to 5.9)."""

    @property
    def cudaMemcpyKind(self) -> CopyKinds: ...

    def cudaDriverGetVersion(self) -> tuple[Code, int]: ...
    def cudaGetDeviceCount(self) -> tuple[Code, int | None]: ...
    def cudaSetDevice(self, device: int, /) -> tuple[Code]: ...
    def cudaGetDeviceProperties(self, device: int, /) -> tuple[Code, Properties]: ...
    def cudaGetErrorName(self, error: Code, /) -> tuple[Code, bytes]: ...
    def cudaGetErrorString(self, error: Code, /) -> tuple[Code, bytes]: ...
    def cudaMalloc(self, size: int, /) -> tuple[Code, SupportsInt]: ...
    def cudaFree(self, pointer: int, /) -> tuple[Code]: ...
    def cudaMemcpy(self, to: int, source: int, size: int, kind: SupportsInt, /) -> tuple[Code]: ...
    def cudaStreamCreate(self) -> tuple[Code, SupportsInt]: ...
    def cudaStreamSynchronize(self, stream: SupportsInt, /) -> tuple[Code]: ...
    def cudaStreamDestroy(self, stream: SupportsInt, /) -> tuple[Code]: ...


class Device:
    """A device that was proved to be there: a driver, a device of this number, and a stream on it.

    Without this proof the runtimes of TensorRT give an object whose next use ends the process (segmentation fault).
    Raises `EngineError` with the words of CUDA. Without a device it says what `ask` finds.
    """

    def __init__(self, number: int, where: str, ask: Callable[[], Sequence[str]] = tuple) -> None:
        self._cuda = cast(Cuda, library("cuda.bindings.runtime", where))
        self._where, self._held = where, list[int]()
        self._stream: SupportsInt | None = None
        self._prove(number, ask)
        code, self._stream = self._cuda.cudaStreamCreate()
        self._check(code, "cudaStreamCreate")

    def _prove(self, number: int, ask: Callable[[], Sequence[str]]) -> None:
        version = self._cuda.cudaDriverGetVersion()[1]
        counted, count = self._cuda.cudaGetDeviceCount()
        if int(counted) or not count:
            said = self._words(counted) if int(counted) else f"{count} devices"
            driver = f"a driver for CUDA {_dotted(version)}" if version else "no driver"
            raise EngineError.of("no_cuda_device", self._where, [driver, f"CUDA: {said}", *ask()])
        if number >= count:
            raise EngineError.of("no_such_cuda_device", self._where, [f"asked: {number}"], count=count)
        self._check(self._cuda.cudaSetDevice(number)[0], "cudaSetDevice")
        code, properties = self._cuda.cudaGetDeviceProperties(number)
        self._check(code, "cudaGetDeviceProperties")
        self.about = f"{properties.name.decode(errors='replace').strip(chr(0))}, driver for CUDA {_dotted(version)}"

    @property
    def stream(self) -> int:
        """The stream on which executions are started."""
        assert self._stream is not None
        return int(self._stream)

    def memory(self, size: int, name: str) -> int:
        """The address of so many bytes on the device; `name` is that of the input or output, for an error."""
        code, pointer = self._cuda.cudaMalloc(size)
        if int(code) == _OUT_OF_MEMORY:
            sides = [f"{name}: {size} bytes", f"CUDA: {self._words(code)}"]
            raise EngineError.of("device_out_of_memory", self._where, sides)
        self._check(code, f"cudaMalloc of {name}")
        self._held.append(int(pointer))
        return int(pointer)

    def copied(self, array: Tensor, name: str) -> int:
        """The address of a copy of an array on the device."""
        pointer = self.memory(array.nbytes, name)
        kind = self._cuda.cudaMemcpyKind.cudaMemcpyHostToDevice
        self._check(self._cuda.cudaMemcpy(pointer, array.ctypes.data, array.nbytes, kind)[0], f"cudaMemcpy of {name}")
        return pointer

    def wait(self) -> None:
        """Wait until the stream is empty; raises for what failed on it."""
        assert self._stream is not None
        self._check(self._cuda.cudaStreamSynchronize(self._stream)[0], "cudaStreamSynchronize")

    def close(self) -> None:
        """Free all memory and the stream; may be called twice."""
        while self._held:
            self._cuda.cudaFree(self._held.pop())
        if self._stream is not None:
            self._cuda.cudaStreamDestroy(self._stream)
            self._stream = None

    def _check(self, code: Code, call: str) -> None:
        if int(code):
            raise EngineError.of("cuda_failed", self._where, [f"CUDA: {self._words(code)}"], call=call)

    def _words(self, code: Code) -> str:
        """An error of CUDA as TensorRT writes it: "cudaError 35: CUDA driver version is insufficient ..."."""
        text = self._cuda.cudaGetErrorString(code)[1].decode(errors="replace")
        return f"cudaError {int(code)}: {text} ({self._cuda.cudaGetErrorName(code)[1].decode(errors='replace')})"


def _dotted(version: int) -> str:
    """A version as CUDA counts it, 13010, as people write it.

    >>> _dotted(13010)
    '13.1'
    """
    return f"{version // 1000}.{version % 1000 // 10}"
