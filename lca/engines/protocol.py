"""What an engine is: it loads, states its inputs and outputs, runs, waits, and closes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol, runtime_checkable


class Port(NamedTuple):
    """An input or an output of an engine, with the shape it runs with."""

    name: str
    shape: tuple[int, ...]
    dtype: str  # as NumPy writes it: "float32"


@runtime_checkable
class Engine(Protocol):
    """A network that is ready to run, in whatever runtime."""

    @property
    def name(self) -> str:
        """The name of the engine, as a label."""

    @property
    def about(self) -> str:
        """What runs it, in words: runtime, version, provider, threads, device."""

    @property
    def batch(self) -> int:
        """Inferences in one execution: the first length of its first input, unless it was stated."""

    @property
    def inputs(self) -> Sequence[Port]:
        """Its inputs, with the shapes it runs with."""

    @property
    def outputs(self) -> Sequence[Port]:
        """Its outputs, with the shapes they have then."""

    def load(self) -> None:
        """Read the file, prove the device, take memory. May be called twice."""

    def run(self) -> None:
        """Start one execution; it may go on after the call."""

    def synchronise(self) -> None:
        """Wait until all executions that were started have ended."""

    def close(self) -> None:
        """Free what it holds; may be called twice."""
