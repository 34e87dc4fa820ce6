"""Element operations: what a program comes to for one label and one draw, equal ones computed once.

An element is one number for each draw. It is written as an operation on other elements: a number from 0 up is a
place in `Elements.nodes`, one below 0 a constant, `~number` being its place in `Elements.constants`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from ..checks import Array
from ..graph import kernels


class Op(IntEnum):
    """What an element operation computes of its operands a, b and c; `extra` says which table or row."""

    COPY = 0
    ADD = 1
    SUBTRACT = 2
    MULTIPLY = 3
    DIVIDE = 4
    NEGATIVE = 5
    MINIMUM = 6
    MAXIMUM = 7
    LESS = 8
    LESS_EQUAL = 9
    WHERE = 10
    CLIP = 11  # between two constants
    CEIL = 12
    EXP = 13
    LOG = 14
    POWER = 15
    INTERPOLATE = 16  # in a table
    GIVEN = 17  # a row of values that a run was given
    UNIFORM = 18  # a row of random numbers, times b, plus c
    EMPIRICAL = 19  # the same through listed values
    TRIANGULAR = 20  # the same of a triangular distribution
    CUBIC = 21  # the same through cubic polynomials
    DISCRETE = 22  # the same through listed values with probabilities
    LIMIT = 23  # whether all draws of a lie between b and c


class Made(NamedTuple):
    """An element: its operation, operands and table."""

    op: Op
    a: int = -1
    b: int = -1
    c: int = -1
    extra: int = 0


#: How many operands an operation has; of what is drawn the place of its random numbers stands in `a`.
ARITY: Mapping[Op, int] = {
    Op.COPY: 1, Op.ADD: 2, Op.SUBTRACT: 2, Op.MULTIPLY: 2, Op.DIVIDE: 2, Op.NEGATIVE: 1, Op.MINIMUM: 2, Op.MAXIMUM: 2,
    Op.LESS: 2, Op.LESS_EQUAL: 2, Op.WHERE: 3, Op.CLIP: 3, Op.CEIL: 1, Op.EXP: 1, Op.LOG: 1, Op.POWER: 2,
    Op.INTERPOLATE: 1, Op.GIVEN: 0, Op.UNIFORM: 0, Op.EMPIRICAL: 0, Op.TRIANGULAR: 0, Op.CUBIC: 0, Op.DISCRETE: 0,
    Op.LIMIT: 1,
}  # fmt: skip
_COMMUTATIVE = (Op.ADD, Op.MULTIPLY)
_FIXED: Mapping[Op, Callable[..., None]] = {
    Op.ADD: kernels.into(np.add), Op.SUBTRACT: kernels.into(np.subtract), Op.MULTIPLY: kernels.into(np.multiply),
    Op.DIVIDE: kernels.into(np.divide), Op.NEGATIVE: kernels.into(np.negative), Op.MINIMUM: kernels.into(np.minimum),
    Op.MAXIMUM: kernels.into(np.maximum), Op.LESS: kernels.into(np.less), Op.LESS_EQUAL: kernels.into(np.less_equal),
    Op.WHERE: kernels.where_kernel, Op.CLIP: kernels.into(np.clip), Op.CEIL: kernels.ceil_kernel,
    Op.EXP: kernels.into(np.exp), Op.LOG: kernels.into(np.log), Op.POWER: kernels.into(np.power),
}  # fmt: skip


class Elements:
    """Operations on elements, each of them once; those on constants alone are computed at once."""

    def __init__(self) -> None:
        self.nodes: list[Made] = []
        self.constants: list[float] = []
        self.lists: list[Array] = []  # numbers that an operation looks up
        self._known: dict[Made, int] = {}
        self._constant_at: dict[int, int] = {}

    def constant(self, value: float) -> int:
        """The place of a number; 0 and -0 are two."""
        bits = int(np.float64(value).view(np.int64))
        if bits not in self._constant_at:
            self._constant_at[bits] = len(self.constants)
            self.constants.append(float(value))
        return ~self._constant_at[bits]

    def listed(self, numbers: Array) -> int:
        """The place of numbers that an operation looks up."""
        for place, known in enumerate(self.lists):
            if known is numbers or np.array_equal(known, numbers):
                return place
        self.lists.append(numbers)
        return len(self.lists) - 1

    def make(self, op: Op, *operands: int, extra: int = 0) -> int:
        """The place of an operation, which is new only if no equal one is known."""
        if op in _FIXED and all(one < 0 for one in operands):
            return self._folded(op, operands)
        if op in _COMMUTATIVE and operands[0] > operands[1]:
            operands = (operands[1], operands[0])
        if (same := self._unchanged(op, operands)) is not None:
            return same
        a, b, c = (*operands, -1, -1, -1)[:3]
        made = Made(op, a, b, c, extra)
        if made not in self._known:
            self._known[made] = len(self.nodes)
            self.nodes.append(made)
        return self._known[made]

    def _unchanged(self, op: Op, operands: tuple[int, ...]) -> int | None:
        """The operand that an operation gives back to the bit: times 1, over 1, less 0, or that a number chooses."""
        if op is Op.WHERE and operands[0] < 0:
            return operands[1] if self.constants[~operands[0]] != 0 else operands[2]
        if op is Op.MULTIPLY and operands[0] < 0 and self.constants[~operands[0]] == 1.0:
            return operands[1]
        if op in (Op.DIVIDE, Op.SUBTRACT) and operands[1] == self.constant(1.0 if op is Op.DIVIDE else 0.0):
            return operands[0]
        return None

    def _folded(self, op: Op, operands: tuple[int, ...]) -> int:
        out = np.empty(1)
        with np.errstate(all="ignore"):
            _FIXED[op](out, *(np.array([self.constants[~one]]) for one in operands))
        return self.constant(float(out[0]))


def operands(made: Made) -> tuple[int, ...]:
    """The elements that an operation stands on; constants are left out."""
    return tuple(one for one in made[1 : 1 + ARITY[made.op]] if one >= 0)
