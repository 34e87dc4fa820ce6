"""What all engines of a file share: they are loaded once, run only when loaded, and freed whatever happens."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from ..arguments import entry
from ..errors import EngineError
from .protocol import Port


class FileEngine(ABC):
    """An engine in a file. A class of its own says how it loads, runs, waits and frees (`_load`, `_run`, ...)."""

    _form = "lca.engines.OnnxRuntime(path)"  # how one is written, in an error
    _kind_words = "an engine"

    def __init__(self, path: str | os.PathLike[str], name: str) -> None:
        self.path = Path(path)
        self._name = name or self.path.stem
        self._loaded = False
        self._inputs: tuple[Port, ...] = ()
        self._outputs: tuple[Port, ...] = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._name!r}, {self.path.name!r})"

    @property
    def name(self) -> str:
        """The name of the engine, as a label."""
        return self._name

    @property
    def inputs(self) -> Sequence[Port]:
        """Its inputs, with the shapes it runs with."""
        return self._inputs

    @property
    def outputs(self) -> Sequence[Port]:
        """Its outputs, with the shapes they have then."""
        return self._outputs

    @entry
    def load(self) -> None:
        """Read the file, prove the device, take memory. What is loaded already stays as it is.

        Raises
        ------
        EngineError
            If the file, the library or the device does not allow it. Whatever was taken is freed.

        Examples
        --------
        >>> import lca, onnx, pathlib
        >>> light = pathlib.Path(onnx.__file__).parent / "backend/test/data/light"
        >>> engine = lca.engines.OnnxRuntime(light / "light_squeezenet.onnx", threads=1)
        >>> engine.load()
        >>> engine.outputs
        (Port(name='softmaxout_1', shape=(1, 1000, 1, 1), dtype='float32'),)
        >>> engine.close()
        """
        if self._loaded:
            return
        try:
            self._load()
            self._loaded = True
        finally:
            if not self._loaded:
                self._free()

    @entry
    def run(self) -> None:
        """Start one execution, on the inputs that it was made with. It may go on after the call.

        Raises
        ------
        EngineError
            If the engine is not loaded, or its library refuses.

        Examples
        --------
        >>> import lca, onnx, pathlib
        >>> light = pathlib.Path(onnx.__file__).parent / "backend/test/data/light"
        >>> with lca.engines.OnnxRuntime(light / "light_squeezenet.onnx", threads=1) as engine:
        ...     engine.run()
        ...     engine.synchronise()
        """
        self._check_loaded()
        self._run()

    @entry
    def synchronise(self) -> None:
        """Wait until all executions that were started have ended.

        Raises
        ------
        EngineError
            If the engine is not loaded, or an execution failed.

        Examples
        --------
        >>> import lca, onnx, pathlib
        >>> light = pathlib.Path(onnx.__file__).parent / "backend/test/data/light"
        >>> with lca.engines.OnnxRuntime(light / "light_squeezenet.onnx", threads=1) as engine:
        ...     engine.run()
        ...     engine.synchronise()
        """
        self._check_loaded()
        self._synchronise()

    @entry
    def close(self) -> None:
        """Free what it holds; may be called twice.

        Examples
        --------
        >>> import lca, onnx, pathlib
        >>> light = pathlib.Path(onnx.__file__).parent / "backend/test/data/light"
        >>> engine = lca.engines.OnnxRuntime(light / "light_squeezenet.onnx", threads=1)
        >>> engine.close()
        """
        self._loaded = False
        self._free()

    def __enter__(self) -> Self:
        self.load()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _check_loaded(self) -> None:
        if not self._loaded:
            raise EngineError.of("engine_not_loaded", str(self.path))

    @abstractmethod
    def _load(self) -> None:
        """Read the file, prove the device, take memory; what was taken is freed by `_free` where this fails."""

    @abstractmethod
    def _run(self) -> None:
        """Start one execution."""

    @abstractmethod
    def _synchronise(self) -> None:
        """Wait until all executions have ended."""

    @abstractmethod
    def _free(self) -> None:
        """Free what is held; may be called twice, and after a load that failed."""
