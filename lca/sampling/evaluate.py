"""Evaluation of a compiled program: nominal, or in blocks of draws over threads, buffers reused.

Which values vary decides the plan: what does not depend on a varying parameter is computed once.
The unit of scheduling is sized by bytes; results do not depend on it, nor on threads (U7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np

from ..checks import Array, did_you_mean
from ..errors import LabelError, MissingError
from ..graph.node import Node
from ..graph.program import Leaf, Program, compile_program
from .design import Design
from .finite import require_finite
from .plan import Plan, compute, plan_of
from .quantile import Quantile
from .stream import BLOCK


def evaluate(
    program: Program,
    *,
    draws: int | None = None,
    start: int = 0,
    design: Design | None = None,
    freeze: Iterable[str] = (),
    overrides: Mapping[str, object] | None = None,
    threads: int | None = None,
    progress: bool = False,
) -> dict[str, Array]:
    """Evaluate every output of a program: arrays (labels..., draws) in root units.

    Without `draws` every parameter takes its nominal value and the last axis has length 1 (U5).
    `design` fills the uniform numbers; keys in `freeze` stay nominal; `overrides` replaces the value of
    a key by an array in root units that broadcasts to (labels..., draws). Draws `start` to `start + draws`
    are the same numbers as in any longer run. Raises `NonFiniteError`, traced to its origin (Q6).
    `threads` is 1 unless said otherwise: steps are short, and two threads pay only where the machine hands
    the interpreter over quickly. The results are the same bits (U7).
    """
    given = {key: np.asarray(value, dtype=np.float64) for key, value in (overrides or {}).items()}
    known, count = {leaf.key for leaf in program.leaves}, draws or 1
    for key, array in given.items():
        if key not in known:
            raise MissingError.of("override_of_no_parameter", "overrides", name=key, near=did_you_mean(key, known))
        if array.ndim and array.shape[-1] not in (1, count):
            raise LabelError.of("override_of_wrong_length", key, shape=array.shape, draws=count)
    plan = plan_of(program, given, set(freeze), draws is not None)
    shapes = {name: program.instructions[output.value].shape for name, output in program.outputs.items()}
    # filled, so that memory is touched in order: pages first touched in strides cost ten times as much
    results = {name: np.full((*shape, count), 0.0) for name, shape in shapes.items()}
    suspects = {name for name, output in program.outputs.items() if output.value in plan.fixed}
    for name in suspects:
        results[name][...] = plan.fixed[program.outputs[name].value]
    with np.errstate(all="ignore"):
        for check in program.checks:
            if check.value in plan.fixed:
                check.look(plan.fixed[check.value], start, draws=False)
    if plan.steps and draws:
        assert design is not None
        suspects |= _run(plan, design, start, draws, results, threads, progress)
    require_finite(plan, design, start, {name: results[name] for name in sorted(suspects)})
    return results


def nominal_values(nodes: Mapping[str, Node]) -> dict[str, Array]:
    """Nominal values of nodes in root units, each on the shape of its dims: of a node without dims, one number.

    >>> from lca.graph.node import constant
    >>> float(nominal_values({"x": constant(2.0)})["x"])
    2.0
    """
    return {name: values[..., 0] for name, values in evaluate(compile_program(nodes)).items()}


class _Worker:
    """Buffers, scratch and generator of one thread."""

    def __init__(self, plan: Plan, design: Design) -> None:
        self._plan, self._design = plan, design.worker()
        self._quantile = Quantile(plan.step_draws)
        self.suspects: set[str] = set()
        program = plan.program
        drawn = [program.instructions[p].leaf for p in plan.steps if program.instructions[p].op == "parameter"]
        leaves = [program.leaves[one] for one in drawn]
        streams = sorted({leaf.stream for leaf in leaves if leaf.key not in plan.overrides})
        unit = max(BLOCK, plan.step_draws)
        sizes = [size * plan.step_draws for size in plan.sizes]
        sizes += [len(program.streams[s].labels) * unit for s in streams]
        # one allocation: the system backs a large one with large pages, and touching small ones costs more
        # than computing in them
        spaces = np.split(np.empty(sum(sizes)), np.cumsum(sizes[:-1]))
        self._buffers = {position: spaces[buffer] for position, buffer in plan.buffers.items()}
        self._uniforms = {s: u.reshape(-1, unit) for s, u in zip(streams, spaces[len(plan.sizes) :], strict=True)}

    def unit(self, start: int, stop: int, origin: int, results: Mapping[str, Array]) -> None:
        """Draws start to stop (absolute), of one unit; results start at draw `origin`."""
        for s, uniforms in self._uniforms.items():
            self._design.fill(self._plan.program.streams[s], start, stop, uniforms[:, : stop - start])
        for step in range(start, stop, self._plan.step_draws):
            self._step(step, min(stop, step + self._plan.step_draws), step - start, origin, results)

    def _step(self, start: int, stop: int, offset: int, origin: int, results: Mapping[str, Array]) -> None:
        plan, count = self._plan, stop - start
        values = dict(plan.fixed)

        def draw(leaf: Leaf, out: Array) -> None:
            if leaf.key in plan.overrides:
                np.copyto(out, plan.overrides[leaf.key][..., start - origin : stop - origin])
            else:
                uniforms = self._uniforms[leaf.stream][:, offset : offset + count]
                self._quantile.fill(leaf, uniforms, out.reshape(-1, count))

        compute(plan.program, plan.steps, values, draw, count, self._buffers)
        for check in plan.program.checks:
            if check.value not in plan.fixed and not check.guard.at_nominal:
                check.look(values[check.value], start, draws=True)
        for name, output in plan.program.outputs.items():
            if output.value not in plan.fixed:
                made = values[output.value]
                results[name][..., start - origin : stop - origin] = made
                if not np.isfinite(made.sum()):  # while it is in cache: one pass, where a look at the result is two
                    self.suspects.add(name)


def _run(
    plan: Plan,
    design: Design,
    start: int,
    draws: int,
    results: Mapping[str, Array],
    threads: int | None,
    progress: bool,
) -> set[str]:
    """Evaluate every unit; the outputs in which something is not finite, or too large to add up."""
    from tqdm import tqdm

    unit = max(BLOCK, plan.step_draws)
    edges = sorted({start, start + draws, *range((start // unit + 1) * unit, start + draws, unit)})
    units = list(pairwise(edges))
    workers = max(1, min(threads or 1, len(units)))
    bar = tqdm(
        total=draws, delay=2, unit="draw", unit_scale=True, desc="Monte Carlo", disable=not progress, leave=False
    )

    def work(which: int) -> set[str]:
        worker = _Worker(plan, design)
        with np.errstate(all="ignore"):
            for first, last in units[which::workers]:
                worker.unit(first, last, start, results)
                bar.update(last - first)
        return worker.suspects

    with bar:
        if workers == 1:
            return work(0)
        with ThreadPoolExecutor(workers) as pool:
            return set().union(*pool.map(work, range(workers)))
