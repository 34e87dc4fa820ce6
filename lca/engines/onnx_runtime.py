"""ONNX graphs in ONNX Runtime: the embedded default, on a processor or with any of its providers."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..arguments import entry
from ..checks import finite_number
from ..errors import EngineError
from .declared import Declared, Wanted, batch_of, shapes_of
from .file_engine import FileEngine
from .input_arrays import Tensor, input_arrays, shapes_with, told
from .modules import library
from .onnx_graph import as_bytes, inputs_of, outputs_of, read_graph, with_shapes
from .protocol import Port

if TYPE_CHECKING:
    from onnxruntime import InferenceSession, IOBinding, SessionOptions

_PROCESSOR = "CPUExecutionProvider"
#: Providers whose inputs and outputs can stay in the memory of the device.
_ON_CUDA = ("CUDAExecutionProvider", "NvTensorRTRTXExecutionProvider", "TensorrtExecutionProvider")
_ONLY_FATAL = 4  # what fails is raised with the same words


class OnnxRuntime(FileEngine):
    """An ONNX graph that runs in ONNX Runtime (extra `onnx`).

    Inputs and outputs stay where the network runs: in memory, or on the device of CUDA providers, so that an execution
    copies nothing to and fro. Its threads do not spin while they wait, and nothing is sent over the network.

    Parameters
    ----------
    path : str or path
        The .onnx file.
    name : str
        The name of the engine as a label; the name of the file if not given.
    batch : int
        The batch: first length of the inputs. A fixed one is rewritten where the nodes of the graph allow it.
    shapes : mapping of str to sequence of int
        Whole shapes, by the name of the input; those of given arrays need not be said.
    inputs : mapping of str to numpy.ndarray
        What it works on, by the name of the input. Random if not given: floats are standard normal, whole numbers are
        0 or 1 (those of 8 bits fill their range), and an input whose name contains "mask" is all 1.
    provider : str
        The execution provider of ONNX Runtime, "CUDAExecutionProvider" for instance.
    threads : int
        Threads for the work of one node; the processors this process may use if not given.
    seed : int
        The seed of random inputs.

    Raises
    ------
    EngineError
        If the file or a library is not there, lengths are left open, or the graph does not allow the shapes. If given
        arrays do not fit, or this build of ONNX Runtime does not have the provider.

    Examples
    --------
    >>> import lca, onnx, pathlib
    >>> light = pathlib.Path(onnx.__file__).parent / "backend/test/data/light"
    >>> engine = lca.engines.OnnxRuntime(light / "light_squeezenet.onnx", name="squeezenet", batch=2, threads=1)
    >>> engine.inputs
    (Port(name='data_0', shape=(2, 3, 224, 224), dtype='float32'),)
    """

    @entry
    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        name: str = "",
        batch: int | None = None,
        shapes: Mapping[str, Sequence[int]] | None = None,
        inputs: Mapping[str, Tensor] | None = None,
        provider: str = _PROCESSOR,
        threads: int | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__(path, name)
        where = str(self.path)
        self._provider = _checked_provider(provider, where)
        self._threads = _processors() if threads is None else threads
        finite_number(self._threads, f"{where}, threads=", low=1, whole=True)
        finite_number(seed, f"{where}, seed=", low=0, whole=True)
        graph = read_graph(self.path, weights=False)
        declared = inputs_of(graph)
        self._shapes = shapes_of(declared, Wanted(batch, shapes=shapes_with(inputs, shapes)), where)
        self._rewritten = not all(_allows(one, self._shapes[one.name]) for one in declared)
        self._inputs = tuple(Port(one.name, self._shapes[one.name], one.dtype) for one in declared)
        self._results = outputs_of(with_shapes(graph, self._shapes, where))
        self._outputs = _ports(self._results, [one.lengths for one in self._results])
        self._arrays = input_arrays(self._inputs, inputs, seed, where)
        self._told = told(self._inputs, inputs, seed)
        self._session: InferenceSession | None = None
        self._binding: IOBinding | None = None
        self._placed = ""

    @property
    def about(self) -> str:
        """What runs it: library, version, provider and its share of the nodes, threads, inputs."""
        version = library("onnxruntime", str(self.path)).__version__
        threads = f"{self._threads} thread{'s' if self._threads > 1 else ''} that do not spin"
        placed = f" ({self._placed})" if self._placed else ""
        return f"ONNX Runtime {version}, {self._provider}{placed}, {threads}, {self._told}"

    @property
    def batch(self) -> int:
        """Inferences in one execution: the first length of its first input."""
        return batch_of(self._shapes)

    def _load(self) -> None:
        where = str(self.path)
        runtime = library("onnxruntime", where)
        graph: str | bytes = where
        if self._rewritten:
            graph = as_bytes(with_shapes(read_graph(self.path), self._shapes, where), where)
        try:
            session = runtime.InferenceSession(graph, self._options(), providers=[self._provider], enable_fallback=0)
            self._check_placement(session)
            self._session, self._binding = session, self._bound(session)
        except EngineError:
            raise
        except Exception as error:  # of ONNX Runtime, which has a class for each code
            raise EngineError.of("engine_refused", where, [_words(error)], library="ONNX Runtime") from None
        if not self._outputs:
            self._run()
            self._outputs = _ports(self._results, [tuple(one.shape()) for one in self._binding.get_outputs()])

    def _options(self) -> SessionOptions:
        runtime = library("onnxruntime", str(self.path))
        runtime.disable_telemetry_events()
        options = runtime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = self._threads, 1
        options.log_severity_level = _ONLY_FATAL
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.add_session_config_entry("session.inter_op.allow_spinning", "0")
        options.add_session_config_entry("session.record_ep_graph_assignment_info", "1")
        return options

    def _check_placement(self, session: InferenceSession) -> None:
        """Raise where the provider was asked for and the processor would do all the work."""
        taken = session.get_providers()
        if taken[0] != self._provider:
            raise EngineError.of("provider_fell_back", str(self.path), [f"asked: {self._provider}", f"taken: {taken}"])
        if not hasattr(session, "get_provider_graph_assignment_info"):
            return
        parts = session.get_provider_graph_assignment_info()
        nodes = Counter({one.ep_name: 0 for one in parts})
        for one in parts:
            nodes[one.ep_name] += len(one.get_nodes())
        if not nodes[self._provider]:
            sides = [f"asked: {self._provider}", *(f"{name}: {count} nodes" for name, count in nodes.items())]
            raise EngineError.of("provider_fell_back", str(self.path), sides)
        on_it = nodes[self._provider]
        self._placed = "" if on_it == nodes.total() else f"{on_it} of {nodes.total()} nodes"

    def _bound(self, session: InferenceSession) -> IOBinding:
        """Inputs and outputs at their place: a copy of the inputs on the device, room for the outputs there."""
        runtime = library("onnxruntime", str(self.path))
        device = "cuda" if self._provider in _ON_CUDA else "cpu"
        binding = session.io_binding()
        for name, array in self._arrays.items():
            binding.bind_ortvalue_input(name, runtime.OrtValue.ortvalue_from_numpy(array, device, 0))
        for one in self._results:
            binding.bind_output(one.name, device)
        return binding

    def _run(self) -> None:
        assert self._session is not None
        try:
            self._session.run_with_iobinding(self._binding)
        except Exception as error:  # of ONNX Runtime, which has a class for each code
            raise EngineError.of("engine_refused", str(self.path), [_words(error)], library="ONNX Runtime") from None

    def _synchronise(self) -> None:
        assert self._binding is not None
        self._binding.synchronize_outputs()

    def _free(self) -> None:
        self._binding = self._session = None


def _processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _checked_provider(provider: str, where: str) -> str:
    """The provider, if this build of ONNX Runtime has it; it would fall back to the processor with a warning only."""
    there = library("onnxruntime", where).get_available_providers()
    if provider not in there:
        raise EngineError.of("provider_not_there", where, [f"asked: {provider}", f"there: {', '.join(there)}"])
    return provider


def _allows(declared: Declared, shape: Sequence[int]) -> bool:
    """Whether a shape is one that the file allows as it stands."""
    return all(isinstance(fixed, str) or fixed == length for fixed, length in zip(declared.lengths, shape, strict=True))


def _ports(declared: Sequence[Declared], shapes: Sequence[Sequence[int | str]]) -> tuple[Port, ...]:
    """Outputs with their shapes; none as long as a length of one is open, which the first execution will tell."""
    if any(isinstance(length, str) for shape in shapes for length in shape):
        return ()
    return tuple(Port(one.name, tuple(map(int, shape)), one.dtype) for one, shape in zip(declared, shapes, strict=True))


def _words(error: Exception) -> str:
    return " ".join(str(error).split())
