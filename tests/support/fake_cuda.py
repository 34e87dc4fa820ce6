"""A CUDA without a device: it counts what is taken and freed, and fails where a test says so."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from enum import IntEnum
from types import SimpleNamespace
from typing import SupportsInt

from lca.engines.tensor_rt.cuda import Cuda, Properties

NO_DEVICE, OLD_DRIVER, OUT_OF_MEMORY, LAUNCH_FAILED = 100, 35, 2, 719
WORDS = {
    0: ("cudaSuccess", "no error"),
    OUT_OF_MEMORY: ("cudaErrorMemoryAllocation", "out of memory"),
    OLD_DRIVER: ("cudaErrorInsufficientDriver", "CUDA driver version is insufficient for CUDA runtime version"),
    NO_DEVICE: ("cudaErrorNoDevice", "no CUDA-capable device is detected"),
    LAUNCH_FAILED: ("cudaErrorLaunchFailure", "unspecified launch failure"),
}


class Kind(IntEnum):
    cudaMemcpyHostToDevice = 1


@dataclass
class FakeCuda:
    """`cuda.bindings.runtime` as far as it is used. `fails` maps a function to the code it returns."""

    driver: int = 13_010
    devices: int = 1
    room: int = 2**30
    fails: dict[str, int] = field(default_factory=dict)
    memory: dict[int, int] = field(default_factory=dict)
    streams: set[int] = field(default_factory=set)
    copied: list[bytes] = field(default_factory=list)
    device: int = -1
    waited: int = 0
    taken: int = 0
    cudaMemcpyKind: type[Kind] = Kind

    def cudaDriverGetVersion(self) -> tuple[int, int]:
        return 0, self.driver

    def cudaGetDeviceCount(self) -> tuple[int, int | None]:
        if not self.driver:
            return OLD_DRIVER, None
        return (0, self.devices) if self.devices else (NO_DEVICE, None)

    def cudaSetDevice(self, device: int, /) -> tuple[int]:
        self.device = device
        return (self.fails.get("cudaSetDevice", 0),)

    def cudaGetDeviceProperties(self, device: int, /) -> tuple[int, Properties]:
        return self.fails.get("cudaGetDeviceProperties", 0), SimpleNamespace(name=f"Fake {device}\0\0".encode())

    def cudaGetErrorName(self, error: SupportsInt, /) -> tuple[int, bytes]:
        return 0, WORDS[int(error)][0].encode()

    def cudaGetErrorString(self, error: SupportsInt, /) -> tuple[int, bytes]:
        return 0, WORDS[int(error)][1].encode()

    def cudaMalloc(self, size: int, /) -> tuple[int, int]:
        if size > self.room - sum(self.memory.values()):
            return OUT_OF_MEMORY, 0
        self.taken += 1
        self.memory[4096 * self.taken] = size
        return 0, 4096 * self.taken

    def cudaFree(self, pointer: int, /) -> tuple[int]:
        del self.memory[pointer]  # twice is a KeyError
        return (0,)

    def cudaMemcpy(self, to: int, source: int, size: int, kind: SupportsInt, /) -> tuple[int]:
        assert self.memory[to] == size
        assert kind is Kind.cudaMemcpyHostToDevice
        self.copied.append(ctypes.string_at(source, size))
        return (self.fails.get("cudaMemcpy", 0),)

    def cudaStreamCreate(self) -> tuple[int, int]:
        if code := self.fails.get("cudaStreamCreate", 0):
            return code, 0
        self.streams.add(77)
        return 0, 77

    def cudaStreamSynchronize(self, stream: SupportsInt, /) -> tuple[int]:
        assert int(stream) in self.streams
        self.waited += 1
        return (self.fails.get("cudaStreamSynchronize", 0),)

    def cudaStreamDestroy(self, stream: SupportsInt, /) -> tuple[int]:
        self.streams.remove(int(stream))
        return (0,)

    @property
    def clean(self) -> bool:
        """Whether all that was taken is free again."""
        return not self.memory and not self.streams


_FITS: Cuda = FakeCuda()
