"""Evaluation of a compiled program: nominal, or in blocks of draws over threads, buffers reused.

Which values vary decides the plan: what does not depend on a varying parameter is computed once.
The unit of scheduling is sized by bytes; results do not depend on it, nor on threads (U7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import LabelError, MissingError, NonFiniteError
from ..expression.functions import FUNCTIONS
from ..expression.node import Node
from ..expression.program import Instruction, Program, compile_program
from .design import Design, DesignFactory
from .quantile import Quantile
from .stream import BLOCK

Array = npt.NDArray[np.float64]

#: Bytes that the largest value of one step may take, and draws of a step at most: long enough that threads
#: do not fight over the interpreter, short enough that buffers stay in cache.
_STEP_BYTES = 1 << 20
_STEP_DRAWS = 2 * BLOCK


@dataclass(frozen=True)
class Plan:
    """A program with the question asked of it: what varies, what is fixed, where each value lives."""

    program: Program
    fixed: Mapping[int, Array]  # values computed once, (labels..., 1)
    steps: tuple[int, ...]  # positions of the instructions evaluated per draw
    buffers: Mapping[int, int]  # value -> buffer
    sizes: tuple[int, ...]  # label elements per buffer
    overrides: Mapping[str, Array]
    step_draws: int


def evaluate(
    program: Program,
    *,
    draws: int | None = None,
    start: int = 0,
    design: DesignFactory | None = None,
    freeze: Iterable[str] = (),
    overrides: Mapping[str, Any] | None = None,
    threads: int | None = None,
    progress: bool = False,
) -> dict[str, Array]:
    """Evaluate every output of a program: arrays (labels..., draws) in root units.

    Without `draws` every parameter takes its nominal value and the last axis has length 1 (U5).
    `design` fills the uniform numbers; keys in `freeze` stay nominal; `overrides` replaces the value of
    a key by an array in root units that broadcasts to (labels..., draws). Draws `start` to `start + draws`
    are the same numbers as in any longer run. Raises `NonFiniteError`, traced to its origin (Q6).
    `threads` is 1 unless said otherwise: steps are short, and two threads pay only where the machine hands
    the interpreter over quickly (benchmarks/whole_array.py measures it). The results are the same bits (U7).
    """
    given = {key: np.asarray(value, dtype=np.float64) for key, value in (overrides or {}).items()}
    known = {leaf.key for leaf in program.leaves}
    for key, array in given.items():
        if key not in known:
            raise MissingError(f"no parameter {key!r} in this study", where="overrides")
        if array.ndim and array.shape[-1] not in (1, draws or 1):
            raise LabelError(f"an override needs {draws or 1} draws", where=key, sides=[f"shape {array.shape}"])
    frozen = set(freeze)
    plan = _plan(program, given, frozen, draws is not None)
    count = draws or 1
    results = {
        name: _fresh((*program.instructions[output.value].shape, count)) for name, output in program.outputs.items()
    }
    suspects: set[str] = set()
    with np.errstate(all="ignore"):
        for name, output in program.outputs.items():
            if output.value in plan.fixed:
                results[name][...] = plan.fixed[output.value]
        if plan.steps and draws:
            assert design is not None
            suspects = _run(plan, design, start, draws, results, threads, progress)
        suspects |= {name for name, output in program.outputs.items() if output.value in plan.fixed}
    _require_finite(plan, design, start, {name: results[name] for name in sorted(suspects)})
    return results


def nominal_values(nodes: Mapping[str, Node]) -> dict[str, Array]:
    """Nominal values of nodes in root units, each on the shape of its dims: of a node without dims, one number.

    >>> from lca.expression.node import constant
    >>> float(nominal_values({"x": constant(2.0)})["x"])
    2.0
    """
    return {name: values[..., 0] for name, values in evaluate(compile_program(nodes)).items()}


def _fresh(shape: tuple[int, ...]) -> Array:
    """An array whose memory is touched in order: pages first touched in strides cost ten times as much."""
    array = np.empty(shape)
    array.fill(0.0)
    return array


def _plan(program: Program, overrides: Mapping[str, Array], frozen: set[str], random: bool) -> Plan:
    varying: list[bool] = []
    fixed: dict[int, Array] = {}
    for position, one in enumerate(program.instructions):
        if one.op == "constant":
            varying.append(False)
            fixed[position] = program.constants[position]
            continue
        if one.op == "parameter":
            leaf = program.leaves[one.leaf]
            given = overrides.get(leaf.key)
            varies = given is not None and given.ndim > 0 and given.shape[-1] > 1
            if given is None:
                varies = random and leaf.is_random and leaf.key not in frozen
            varying.append(varies)
            if not varies:
                value = leaf.nominal if given is None else given
                value = value[..., None] if given is None or given.ndim == 0 else value
                fixed[position] = np.broadcast_to(value, (*one.shape, 1))
            continue
        varies = any(varying[i] for i in one.inputs)
        varying.append(varies)
        if not varies:
            with np.errstate(all="ignore"):
                out = np.empty((*one.shape, 1))
                _execute(one, out, [fixed[i].reshape((*v, 1)) for i, v in zip(one.inputs, one.views, strict=True)])
                fixed[position] = out
    steps = _needed(program, varying)
    buffers, sizes = _allocate(program, steps)
    largest = max([*sizes, 1])
    fitting = max(1024, _STEP_BYTES // (8 * largest))
    step = min(_STEP_DRAWS, 1 << (fitting.bit_length() - 1))  # a power of two: steps and blocks nest
    return Plan(program, fixed, steps, buffers, sizes, overrides, step)


def _needed(program: Program, varying: list[bool]) -> tuple[int, ...]:
    wanted = {output.value for output in program.outputs.values() if varying[output.value]}
    for position in reversed(range(len(varying))):
        if position in wanted:
            wanted.update(i for i in program.instructions[position].inputs if varying[i])
    return tuple(sorted(wanted))


def _allocate(program: Program, steps: tuple[int, ...]) -> tuple[dict[int, int], tuple[int, ...]]:
    """Give every value a buffer, reusing those whose value is dead; an input is never its own output."""
    last: dict[int, int] = {}
    for position in steps:
        for i in program.instructions[position].inputs:
            last[i] = position
    kept = {output.value for output in program.outputs.values()}
    free: list[int] = []
    sizes: list[int] = []
    buffers: dict[int, int] = {}
    for position in steps:
        one = program.instructions[position]
        size = int(np.prod(one.shape, dtype=int))
        fits = sorted((sizes[b] < size, abs(sizes[b] - size), b) for b in free)
        if fits and (not fits[0][0] or sizes[fits[0][2]] * 4 > size):
            buffer = fits[0][2]
            free.remove(buffer)
            sizes[buffer] = max(sizes[buffer], size)
        else:
            buffer = len(sizes)
            sizes.append(size)
        buffers[position] = buffer
        for i in set(one.inputs):
            if last[i] == position and i in buffers and i not in kept:
                free.append(buffers[i])
    return buffers, tuple(sizes)


def _execute(one: Instruction, out: Array, inputs: list[Array]) -> None:
    FUNCTIONS[one.op].kernel(out, *inputs, **one.static)


class _Worker:
    """Buffers, scratch and generator of one thread."""

    def __init__(self, plan: Plan, design: DesignFactory) -> None:
        self._plan, self._design = plan, design.worker()
        self._quantile = Quantile(plan.step_draws)
        self.suspects: set[str] = set()
        program = plan.program
        self._streams = sorted(
            {
                program.leaves[program.instructions[p].leaf].stream
                for p in plan.steps
                if program.instructions[p].op == "parameter"
                and program.leaves[program.instructions[p].leaf].key not in plan.overrides
            }
        )
        self._filled = max(BLOCK, plan.step_draws)
        rows = [len(program.streams[s].labels) for s in self._streams]
        # one allocation: the system backs a large one with large pages, and touching small ones costs more
        # than computing in them
        arena = np.empty(sum(plan.sizes) * plan.step_draws + sum(rows) * self._filled)
        at = 0
        self._buffers = []
        for size in plan.sizes:
            self._buffers.append(arena[at : at + size * plan.step_draws])
            at += size * plan.step_draws
        self._uniforms = {}
        for s, count in zip(self._streams, rows, strict=True):
            self._uniforms[s] = arena[at : at + count * self._filled].reshape(count, self._filled)
            at += count * self._filled

    def unit(self, start: int, stop: int, origin: int, results: Mapping[str, Array]) -> None:
        """Draws start to stop (absolute); results start at draw `origin`."""
        at = start
        while at < stop:
            end = min(stop, (at // self._filled + 1) * self._filled)
            for s in self._streams:
                stream = self._plan.program.streams[s]
                self._design.fill(stream, at, end, self._uniforms[s][:, : end - at])
            for step in range(at, end, self._plan.step_draws):
                step_end = min(end, step + self._plan.step_draws)
                self._step(step, step_end, step - at, origin, results)
            at = end

    def _step(self, start: int, stop: int, offset: int, origin: int, results: Mapping[str, Array]) -> None:
        plan, count = self._plan, stop - start
        program = plan.program
        values: dict[int, Array] = {}
        for position in plan.steps:
            one = program.instructions[position]
            size = int(np.prod(one.shape, dtype=int))
            flat = self._buffers[plan.buffers[position]][: size * count]
            out = flat.reshape((*one.shape, count))
            values[position] = out
            if one.op == "parameter":
                leaf = program.leaves[one.leaf]
                if leaf.key in plan.overrides:
                    np.copyto(out, plan.overrides[leaf.key][..., start - origin : stop - origin])
                else:
                    self._quantile.fill(
                        leaf,
                        self._uniforms[leaf.stream][:, offset : offset + count],
                        flat.reshape(size, count),
                    )
                continue
            inputs = []
            for i, view in zip(one.inputs, one.views, strict=True):
                if i in values:
                    inputs.append(values[i].reshape((*view, count)))
                else:
                    inputs.append(plan.fixed[i].reshape((*view, 1)))
            _execute(one, out, inputs)
        for name, output in program.outputs.items():
            if output.value in values:
                made = values[output.value]
                results[name][..., start - origin : stop - origin] = made
                if not np.isfinite(made.sum()):  # while it is in cache: one pass, where a look at the result is two
                    self.suspects.add(name)


def _run(
    plan: Plan,
    design: DesignFactory,
    start: int,
    draws: int,
    results: Mapping[str, Array],
    threads: int | None,
    progress: bool,
) -> set[str]:
    """Evaluate every unit; returns the outputs in which something is not finite, or too large to add up."""
    unit = max(BLOCK, plan.step_draws)
    edges = sorted({start, start + draws, *range((start // unit + 1) * unit, start + draws, unit)})
    units = list(pairwise(edges))
    workers = max(1, min(threads or 1, len(units)))
    bar = _progress_bar(draws, progress)

    def work(which: int) -> set[str]:
        worker = _Worker(plan, design)
        with np.errstate(all="ignore"):
            for first, last in units[which::workers]:
                worker.unit(first, last, start, results)
                bar.update(last - first)
        return worker.suspects

    try:
        if workers == 1:
            return work(0)
        with ThreadPoolExecutor(workers) as pool:
            return set().union(*pool.map(work, range(workers)))
    finally:
        bar.close()


def _progress_bar(draws: int, wanted: bool) -> Any:
    from tqdm import tqdm

    return tqdm(
        total=draws,
        delay=2,
        unit="draw",
        unit_scale=True,
        desc="Monte Carlo",
        disable=not wanted,
        leave=False,
    )


# --- non-finite results, traced to where they were made (Q6) ----------------------------------------


def _require_finite(plan: Plan, design: DesignFactory | None, start: int, results: Mapping[str, Array]) -> None:
    for name, values in results.items():
        if np.isfinite(values).all():
            continue
        draw = int(np.argwhere(~np.isfinite(values))[0][-1])
        text = _trace(plan, design.worker() if design else None, start, draw, plan.program.outputs[name].value)
        raise NonFiniteError(
            f"a result is not finite: {name}" + (f", draw {start + draw}" if values.shape[-1] > 1 else ""),
            where=f"first made by: {text}",
            mend="a division by zero, the logarithm of nothing, or an overflow: bound its inputs",
        )


def _trace(plan: Plan, design: Design | None, start: int, draw: int, target: int) -> str:
    """Compute one draw value by value, and follow the non-finite ones down to the first."""
    program = plan.program
    values: dict[int, Array] = dict(plan.fixed)
    quantile = Quantile(1)
    with np.errstate(all="ignore"):
        for position in plan.steps:
            one = program.instructions[position]
            out = np.empty((*one.shape, 1))
            if one.op == "parameter":
                leaf = program.leaves[one.leaf]
                if leaf.key in plan.overrides:
                    np.copyto(out, plan.overrides[leaf.key][..., draw : draw + 1])
                else:
                    assert design is not None
                    stream = program.streams[leaf.stream]
                    uniforms = np.empty((len(stream.labels), 1))
                    design.fill(stream, start + draw, start + draw + 1, uniforms)
                    quantile.fill(leaf, uniforms, out.reshape(-1, 1))
            else:
                inputs = [values[i].reshape((*v, 1)) for i, v in zip(one.inputs, one.views, strict=True)]
                _execute(one, out, inputs)
            values[position] = out
    at = target
    while bad := _bad_inputs(program.instructions[at], values):
        at = bad[0]
    return program.instructions[at].text


def _bad_inputs(one: Instruction, values: Mapping[int, Array]) -> list[int]:
    """The inputs that are not finite where the value looks at them: of a selection, the selected branch only."""
    wrong = [~np.isfinite(values[i].reshape((*v, 1))) for i, v in zip(one.inputs, one.views, strict=True)]
    if one.op in ("where", "choice"):
        first = values[one.inputs[0]].reshape((*one.views[0], 1))
        if one.op == "where":
            looked = [first != 0, first == 0]
        else:
            edges = (-np.inf, *one.static["thresholds"], np.inf)
            looked = [(first >= low) & (first < high) for low, high in pairwise(edges)]
        wrong[1:] = [bad & seen for bad, seen in zip(wrong[1:], looked, strict=True)]
    return [i for i, bad in zip(one.inputs, wrong, strict=True) if bad.any()]
