"""Several independent scramblings of Sobol' points as one design, made where they are asked for.

Point i of a column is the exclusive or of the direction numbers at the bits of i. A scrambling multiplies the direction
numbers of each column by a random lower triangular matrix of bits, and shifts all its points by random bits (Matousek
1998, J. Complexity 14, 527-556). All scramblings of all columns are made in one step.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ..checks import Array
from ..errors import DomainError
from ..graph.program import Stream
from .design import check_seed

Words: TypeAlias = npt.NDArray[np.uint32]
BITS = 32
#: Columns that have direction numbers (Joe and Kuo 2008).
MOST_COLUMNS = 21_201


class ScrambledPoints:
    """`scramblings` times `count` Sobol' points, one scrambling after the other; each is a set of its own.

    Parameters
    ----------
    columns : sequence of (key, label)
        What each column of the points is for, in order.
    count : int
        Points of each scrambling, a power of two.
    scramblings : int
        How many scramblings.
    seed : int
        The seed of the scramblings.
    sets : int
        How many columns each of `columns` has: `of_set` is the design of each set.
    """

    name = "sobol"

    def __init__(
        self, columns: Sequence[tuple[str, str]], count: int, scramblings: int, seed: int, sets: int = 1
    ) -> None:
        if count & (count - 1) or count < 1:
            raise DomainError.of("draws_not_a_power_of_two", "draws", count=count, next=1 << count.bit_length())
        needed = sets * len(columns)
        if needed > MOST_COLUMNS:
            raise DomainError.of("too_many_columns", "design", columns=needed, most=MOST_COLUMNS)
        self._count, self._before = count, 0
        self._last: dict[tuple[int, int], Words] = {}  # the last block that was asked for: all columns are made at once
        self._row = {column: row for row, column in enumerate(columns)}
        self._directions, self._shifts = _scrambled(_directions(needed, count), scramblings, seed)

    def of_set(self, number: int) -> ScrambledPoints:
        """The same points in the columns of one set; the sets are counted from 0."""
        made = copy(self)
        made._before = number * len(self._row)
        return made

    def worker(self) -> ScrambledPoints:
        """The same points for one thread."""
        made = copy(self)
        made._last = {}
        return made

    def fill(self, stream: Stream, start: int, stop: int, out: Array) -> None:
        """Fill `out` (own labels, stop - start) with points start to stop, in the middle of their cells."""
        if (start, stop) not in self._last:
            self._last.clear()
            self._last[start, stop] = self._words(start, stop)
        columns = [self._before + self._row[stream.key, label] for label in stream.labels]
        np.add(self._last[start, stop][columns], 0.5, out=out)
        out *= 2.0**-BITS

    def _words(self, start: int, stop: int) -> Words:
        """Points start to stop of all columns, from whole blocks: 2^k more of each with every direction number."""
        bits = min(self._count, 1 << (stop - start - 1).bit_length()).bit_length() - 1
        blocks = np.arange(start >> bits, -(-stop >> bits)) << bits
        which, offset = blocks // self._count, blocks % self._count
        directions = self._directions[:, which]
        words = np.empty((*directions.shape[:2], 1 << bits), np.uint32)
        words[..., 0] = self._shifts[:, which]
        for bit in range(bits, directions.shape[-1]):
            words[..., 0] ^= directions[..., bit] * (offset >> bit & 1).astype(np.uint32)
        for bit in range(bits):
            half = 1 << bit
            np.bitwise_xor(words[..., :half], directions[..., bit, None], out=words[..., half : 2 * half])
        first = start - int(blocks[0])
        return words.reshape(len(words), -1)[:, first : first + stop - start]


@lru_cache(maxsize=8)
def _directions(columns: int, count: int) -> Words:
    """The direction numbers of so many columns as far as `count` points have bits: (columns, bits)."""
    from scipy.stats import qmc

    points = qmc.Sobol(max(1, columns), scramble=False, bits=BITS).random(count)
    # in Gray code order, point 2^(j + 1) - 1 has bit j alone
    alone = points[(2 << np.arange(count.bit_length() - 1)) - 1]
    return np.ascontiguousarray((alone.T * 2.0**BITS).astype(np.uint32))


def _scrambled(directions: Words, scramblings: int, seed: int) -> tuple[Words, Words]:
    """(direction numbers (columns, scramblings, bits), shifts (columns, scramblings)) of every scrambling."""
    columns, size = directions.shape
    random = np.random.default_rng(check_seed(seed))
    made = np.zeros((columns, scramblings, size), np.uint32)
    rows = random.integers(0, 1 << BITS, (columns, scramblings, BITS), dtype=np.uint32)
    for bit in range(BITS):  # from the highest: each is its own bit and a random part of those above
        own = np.uint32(1 << (BITS - 1 - bit))
        row = (rows[..., bit] & ~np.uint32(2 * int(own) - 1) | own)[..., None]
        made <<= np.uint32(1)
        made |= np.bitwise_count(row & directions[:, None]) & np.uint32(1)
    return made, random.integers(0, 1 << BITS, (columns, scramblings), dtype=np.uint32)
