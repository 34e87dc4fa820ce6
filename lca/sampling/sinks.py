"""What becomes of the values of a run: a sink takes them as parts, one for each unit of draws, in order (U7).

A part is filled by whoever does the unit, in any thread or process; the sink lives where the run was asked for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import numpy as np

from ..checks import Array
from ..errors import DomainError
from .evaluator import Values
from .plan import UNIT
from .question import Question


class Part(Protocol):
    """What is made of the values of one unit. It pickles."""

    def add(self, values: Values, first: int) -> None:
        """Take the values of one step, whose draws begin at number `first`; the steps of a unit come in order.

        The arrays are used again after the call: what is kept has to be copied.
        """
        ...


P = TypeVar("P", bound=Part)


class Savable(Protocol):
    """What a checkpoint saves, unit by unit."""

    def saved(self, first: int, stop: int) -> tuple[int, Mapping[str, Array]]:
        """What a checkpoint adds when units 0 to `stop` were taken, and it holds those before `first` already.

        The number of the first unit that the arrays are about, and the arrays. That is `first` where draws are added
        to those before, and 0 where sums take the place of what was saved.
        """
        ...

    def restore(self, first: int, stop: int, arrays: Mapping[str, Array]) -> None:
        """Take units first to stop, as they were saved."""
        ...


class Sink(Savable, Protocol[P]):
    """Takes the values of a run: one keeps all draws, another adds up statistics."""

    def part(self) -> P:
        """An empty part for one unit."""
        ...

    def take(self, number: int, part: P) -> None:
        """Take the part of one unit; called in the order of units, by the thread that asked for the run."""
        ...


@dataclass(frozen=True)
class _Here:
    """A part that writes where the draws are kept: threads of one process share memory, and nothing is copied."""

    kept: Mapping[str, Array]
    start: int

    def add(self, values: Values, first: int) -> None:
        """Take the values of one step."""
        for name, made in values.items():
            self.kept[name][..., first - self.start : first - self.start + made.shape[-1]] = made


@dataclass(frozen=True)
class _Elsewhere:
    """A part of another process: the steps in order, each with its first draw."""

    steps: list[tuple[int, dict[str, Array]]] = field(default_factory=list)

    def add(self, values: Values, first: int) -> None:
        """Take the values of one step."""
        self.steps.append((first, {name: np.array(made) for name, made in values.items()}))


class KeptDraws:
    """Keeps arrays (labels..., draws) of every output. `shared` says that its parts stay in this process."""

    def __init__(self, question: Question, *, shared: bool = True) -> None:
        plan, self._start, self._shared = question.plan, question.start, shared
        self._varying = tuple(plan.varying)
        # filled, so that memory is touched in order: pages first touched in strides cost ten times as much
        shapes = {name: plan.program.instructions[one.value].shape for name, one in plan.program.outputs.items()}
        try:
            self._kept = {name: np.full((*shape, question.draws), 0.0) for name, shape in shapes.items()}
        except (MemoryError, ValueError):  # ValueError: more than can be counted
            size = f"{sum(map(math.prod, shapes.values())) * question.draws / 2**27:,.0f}"
            raise DomainError.of("draws_beyond_memory", "draws", draws=f"{question.draws:,}", size=size) from None
        for name, values in plan.known.items():
            self._kept[name][...] = values

    def part(self) -> _Here | _Elsewhere:
        """An empty part for one unit."""
        return _Here(self._kept, self._start) if self._shared else _Elsewhere()

    def take(self, number: int, part: _Here | _Elsewhere) -> None:
        """Keep the draws of one unit."""
        if isinstance(part, _Elsewhere):
            for first, values in part.steps:
                _Here(self._kept, self._start).add(values, first)

    def saved(self, first: int, stop: int) -> tuple[int, dict[str, Array]]:
        """The draws of these units, of every output that varies."""
        return first, {name: self._kept[name][..., self._units(first, stop)] for name in self._varying}

    def restore(self, first: int, stop: int, arrays: Mapping[str, Array]) -> None:
        """Keep the draws of units first to stop."""
        for name, values in arrays.items():
            self._kept[name][..., self._units(first, stop)] = values

    def _units(self, first: int, stop: int) -> slice:
        return slice(first * UNIT - self._start, stop * UNIT - self._start)

    def draws(self, count: int) -> dict[str, Array]:
        """The first `count` draws of every output."""
        return {name: values[..., :count] for name, values in self._kept.items()}
