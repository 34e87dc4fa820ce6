"""What the reported results would be for given values of the unknowns, over all that rounded inputs may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from ...checks import Array
from ...graph.node import Node
from ...graph.program import Program, compile_program
from ...sampling.intervals import Ends, enclosed
from ..result import model_of
from .reports import Report
from .unknowns import Unknown

T = TypeVar("T", bound=np.generic)
#: A relative difference that is rounding of floats.
_ROUNDING = 1e-12


def nodes_of(results: Sequence[Report]) -> dict[str, Node]:
    """What the reports are of, over all labels: one that several are of stands once."""
    return {one.of: one.node for one in results}


def value_of(made: Mapping[str, npt.NDArray[T]], report: Report) -> npt.NDArray[T]:
    """The row of a report among the results that were made (labels..., draws)."""
    values = made[report.of]
    found: npt.NDArray[T] = values.reshape((-1, values.shape[-1]))[report.row]
    return found


@dataclass(frozen=True, eq=False)
class Forward:
    """The reports on results, as one program of the unknowns; `inputs` are reports on inputs."""

    program: Program
    unknowns: tuple[Unknown, ...]
    results: tuple[Report, ...]
    inputs: tuple[Report, ...]

    @classmethod
    def of(cls, thing: object, unknowns: Sequence[Unknown], reports: Sequence[Report]) -> Forward:
        """The reports, compiled."""
        results = tuple(one for one in reports if not one.key)
        program = compile_program(nodes_of(results))
        program = replace(program, correlated=model_of(thing).program.correlated)
        return cls(program, tuple(unknowns), results, tuple(one for one in reports if one.key))

    @cached_property
    def depends(self) -> list[bool]:
        """Of each unknown, whether a report depends on it."""
        keys = {leaf.key for leaf in self.program.used}
        return [one.key in keys for one in self.unknowns]

    @cached_property
    def held(self) -> list[str]:
        """The other parameters with a spread, which are held at their nominal values."""
        known = {one.key for one in self.unknowns} | {one.key for one in self.inputs}
        return [key for key in self.program.keys if key not in known]

    @property
    def low(self) -> Array:
        """The lower ends of what the reports stand for, in root units (reports, 1)."""
        return np.array([[one.low] for one in self.results])

    @property
    def high(self) -> Array:
        """The upper ends."""
        return np.array([[one.high] for one in self.results])

    def _leaves(self, key: str) -> list[int]:
        return [place for place, leaf in enumerate(self.program.leaves) if leaf.key == key]

    def _ends(self, boxes: Sequence[Ends], inputs: Sequence[Ends]) -> Ends:
        """The ends of each result (reports, n), for unknowns in boxes (n,) and reported inputs between ends (n,)."""
        given: dict[int, Ends] = {}
        for unknown, box in zip(self.unknowns, boxes, strict=True):
            given |= dict.fromkeys(self._leaves(unknown.key), box)
        count = max([1, *(np.size(end) for pair in inputs for end in pair)])
        for one, pair in zip(self.inputs, inputs, strict=True):
            for place in self._leaves(one.key):
                shape = self.program.leaves[place].nominal.shape
                known = given.get(place) or tuple(
                    np.repeat(self.program.leaves[place].nominal[..., None], count, axis=-1) for _ in range(2)
                )
                for ends, end in zip(known, pair, strict=True):
                    ends.reshape((-1, count))[one.row] = end
                given[place] = (known[0].reshape((*shape, count)), known[1].reshape((*shape, count)))
        found = enclosed(self.program, given)
        size = max([count, *(np.size(low) for low, _ in boxes)])
        low, high = (
            np.stack([np.broadcast_to(value_of(made, one), (size,)) for one in self.results])
            for made in ({name: pair[i] for name, pair in found.items()} for i in range(2))
        )
        return low, high

    def outer(self, boxes: Sequence[Ends]) -> Ends:
        """Between what each result lies for certain, whatever the reported inputs are."""
        return self._ends(boxes, [(np.asarray(one.low), np.asarray(one.high)) for one in self.inputs])

    @cached_property
    def _directions(self) -> Array:
        """The sign of each result's change with each reported input (reports, inputs), in the middle of all."""
        count = 2 * len(self.inputs)
        values = np.array([[one.middle] * count for one in self.inputs]).reshape((len(self.inputs), count))
        for place, one in enumerate(self.inputs):
            values[place, 2 * place : 2 * place + 2] = one.low, one.high
        middle = [np.atleast_1d(one.middle) for one in self.unknowns]
        low, _ = self._ends([(one, one) for one in middle], [(row, row) for row in values])
        return np.sign(low[:, 1::2] - low[:, ::2])

    @cached_property
    def shared(self) -> list[str]:
        """Reported inputs on which several reports depend: these may ask for different values of it."""
        several = (self._directions != 0).sum(axis=0) > 1
        return [one.name for one, many in zip(self.inputs, several, strict=True) if many]

    @cached_property
    def _groups(self) -> list[tuple[list[int], Array]]:
        """Reports whose directions do not contradict each other, with the directions of all inputs."""
        groups: list[tuple[list[int], Array]] = []
        for report, signs in enumerate(self._directions if self.inputs else np.zeros((len(self.results), 0))):
            for members, common in groups:
                if not (common * signs < 0).any():
                    members.append(report)
                    common[common == 0] = signs[common == 0]
                    break
            else:
                groups.append(([report], signs.copy()))
        return groups

    def reached(self, boxes: Sequence[Ends]) -> Ends:
        """(what each result is at most at its lowest, what it is at least at its highest), everywhere in a box.

        The reported inputs are at the ends where the result is lowest, and highest.
        """
        size = max(np.size(low) for low, _ in boxes)
        most, least = np.empty((len(self.results), size)), np.empty((len(self.results), size))
        ends = np.array([(one.low, one.high) for one in self.inputs]).reshape((-1, 2))
        for members, signs in self._groups:
            lowest = np.where(signs < 0, ends[:, 1], ends[:, 0])
            highest = np.where(signs < 0, ends[:, 0], ends[:, 1])
            most[members] = self._ends(boxes, [(end, end) for end in lowest])[1][members]
            least[members] = self._ends(boxes, [(end, end) for end in highest])[0][members]
        return most, least

    def status(self, boxes: Sequence[Ends]) -> Array:
        """Of each report in each box: 1 if it is true everywhere in it, -1 if nowhere, 0 if that is not known."""
        low, high = self.outer(boxes)
        slack = _ROUNDING * np.maximum(np.abs(self.low), np.abs(self.high))
        out = (low > self.high + slack) | (high < self.low - slack)
        most, least = self.reached(boxes)
        true = (most <= self.high + slack) & (least >= self.low - slack)
        return np.where(out, -1.0, np.where(true, 1.0, 0.0))

    def nominal(self, values: Mapping[str, Array]) -> Array:
        """Each result (reports, n) at values of the unknowns, with reported inputs as they were printed."""
        boxes = [(values[one.name], values[one.name]) for one in self.unknowns]
        middles = [np.asarray(one.middle) for one in self.inputs]
        return self._ends(boxes, [(one, one) for one in middles])[0]
