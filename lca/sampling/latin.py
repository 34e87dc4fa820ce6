"""A Latin hypercube: each of `count` equal parts of (0, 1) holds one draw of every column (McKay et al. 1979).

Draw i of a column lies in the part P(i), at a place that the number of its stream decides (U2). P is a permutation of
0 to count - 1 which is computed at any i alone: a keyed bijection of the next power of two, repeated until it lands
below `count` (Black and Rogaway 2002). So the points need no memory, and come in any blocks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import DomainError
from ..graph.program import Stream
from .design import Column, Design, RandomDesign, Reader, own_columns
from .stream import Numbers, Words

#: So many draws at most: the arithmetic of a part is done in 64 bits.
MOST = 1 << 31
#: Rounds of the bijection: each multiplies by an odd number, adds, and shifts high bits into the low ones.
_ROUNDS = 6
#: Bits of the bijection at least: of fewer numbers it has too few.
_FEWEST_BITS = 8
#: Raise it with every change of the permutations.
_VERSION = 1


class LatinHypercube(Design):
    """Draws 0 to `count` of every column fill its `count` parts once; columns are paired at random.

    Parameters
    ----------
    count : int
        The number of draws.
    seed : int
        The seed of permutations and places.
    """

    name = "latin_hypercube"

    def __init__(self, count: int, seed: int) -> None:
        if count > MOST:
            raise DomainError.of("too_many_points", "draws", count=count, most=MOST)
        self._count, self._random = count, RandomDesign(seed)

    def fill(self, stream: Stream, start: int, stop: int, out: Numbers) -> None:
        """Fill `out` (own labels, stop - start) with draws start to stop."""
        out[...] = self.reader(own_columns(stream)).read(slice(None), start, stop)

    def reader(self, columns: Sequence[Column]) -> Reader:
        """Makes the draws of many columns at once."""
        keys = np.array([_keys(self._random.seed, column) for column in columns], np.uint32)
        return _Reader(self._count, keys.reshape(-1, _ROUNDS, 2), self._random.reader(columns))


def _keys(seed: int, column: Column) -> Numbers:
    """The multipliers, which are odd, and the summands of a column: (rounds x 2) numbers."""
    name = "/".join(["hypercube", str(_VERSION), str(seed), *column])
    digest = hashlib.blake2b(name.encode(), digest_size=8 * _ROUNDS).digest()
    return np.frombuffer(digest, "<u4").astype(np.uint32) | np.tile(np.array([1, 0], np.uint32), _ROUNDS)


@dataclass(frozen=True)
class _Reader:
    """Draws of some columns: keys (columns, rounds, 2), and the random numbers of their streams."""

    count: int
    keys: Numbers
    random: Reader

    def read(self, rows: slice, start: int, stop: int) -> Numbers:
        """Draws start to stop: the numbers from `first` of a part to that of the next, at a random place."""
        part = permuted(np.arange(start, stop, dtype=np.uint32), self.count, self.keys[rows]).astype(np.uint64)
        first = _first_number(part, self.count)
        part += np.uint64(1)
        width = _first_number(part, self.count)
        width -= first
        width *= self.random.read(rows, start, stop)
        width >>= np.uint64(32)
        width += first
        return width.astype(np.uint32)


def _first_number(part: Words, count: int) -> Words:
    """The least r with (r + 1/2) / 2^32 >= part / count: of the part behind the last one, 2^32."""
    if count & (count - 1) == 0:
        return part << np.uint64(33 - count.bit_length())
    return (part * np.uint64(1 << 33) + np.uint64(count - 1)) // np.uint64(2 * count)


def permuted(numbers: Numbers, count: int, keys: Numbers) -> Numbers:
    """Where whole numbers below `count` go in each permutation: (columns, n) of keys (columns, rounds, 2)."""
    bits = max(_FEWEST_BITS, (count - 1).bit_length())
    made = _mixed(np.broadcast_to(numbers, (len(keys), len(numbers))), bits, keys[:, None])
    if count == 1 << bits:
        return made
    columns, places = np.nonzero(made >= count)
    while columns.size:
        values = _mixed(made[columns, places], bits, keys[columns])
        made[columns, places] = values
        out = values >= count
        columns, places = columns[out], places[out]
    return made


def _mixed(numbers: Numbers, bits: int, keys: Numbers) -> Numbers:
    """A keyed bijection of the whole numbers of so many bits; the keys are (..., rounds, 2)."""
    mask, shift = np.uint32((1 << bits) - 1), np.uint32(bits // 2 + 1)
    made = numbers.copy()
    for number in range(_ROUNDS):
        made *= keys[..., number, 0]
        made += keys[..., number, 1]
        made &= mask
        made ^= made >> shift
    return made
