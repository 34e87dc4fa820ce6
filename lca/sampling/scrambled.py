"""Several independent scramblings of Sobol' points as one design, made where they are asked for.

Point i of a column is the exclusive or of the direction numbers at the bits of i. A scrambling multiplies the direction
numbers of each column by a random lower triangular matrix of bits, and shifts all its points by random bits (Matousek
1998, J. Complexity 14, 527-556). All scramblings of all columns are made in one step.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from ..errors import DomainError
from ..graph.program import Stream
from .design import Column, Design, Reader, check_seed, own_columns
from .stream import Numbers

BITS = 32
#: Columns that have direction numbers (Joe and Kuo 2008).
MOST_COLUMNS = 21_201


class ScrambledPoints(Design):
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
        How many columns of the points each of `columns` has: `of_set` is the design of each set.
    asked : str
        The argument that `count` comes from, as an error names it.
    """

    name = "sobol"

    def __init__(
        self, columns: Sequence[Column], count: int, scramblings: int, seed: int, sets: int = 1, asked: str = "draws"
    ) -> None:
        if count & (count - 1) or count < 1:
            nearest = 1 << max(count, 0).bit_length()
            raise DomainError.of("not_a_power_of_two", asked, count=count, asked=asked, next=nearest)
        needed = sets * len(columns)
        if needed > MOST_COLUMNS:
            raise DomainError.of("too_many_columns", "design", columns=needed, most=MOST_COLUMNS)
        if count > 1 << BITS:
            raise DomainError.of("too_many_points", asked, count=count, most=1 << BITS)
        self._count, self._before = count, 0
        self._place = {column: place for place, column in enumerate(columns)}
        self._directions, self._shifts = _scrambled(_directions(needed, count.bit_length() - 1), scramblings, seed)

    def of_set(self, number: int) -> ScrambledPoints:
        """The same points in the columns of one set; the sets are counted from 0."""
        made = copy(self)
        made._before = number * len(self._place)
        return made

    def of_scrambling(self, number: int) -> ScrambledPoints:
        """The points of one scrambling alone; they are counted from 0."""
        made, own = copy(self), slice(number, number + 1)
        made._directions, made._shifts = self._directions[:, own], self._shifts[:, own]
        return made

    def fill(self, stream: Stream, start: int, stop: int, out: Numbers) -> None:
        """Fill `out` (own labels, stop - start) with points start to stop."""
        out[...] = self.reader(own_columns(stream)).read(slice(None), start, stop)

    def reader(self, columns: Sequence[Column]) -> Reader:
        """Makes the points of many columns at once."""
        places = [self._before + self._place[column] for column in columns]
        return _Reader(self._count, self._directions[places], self._shifts[places])


@dataclass(frozen=True)
class _Reader:
    """Points of some columns: direction numbers (columns, scramblings, bits) and shifts (columns, scramblings)."""

    count: int
    directions: Numbers
    shifts: Numbers

    def read(self, rows: slice, start: int, stop: int) -> Numbers:
        """Points start to stop, from whole blocks: 2^k more of each with every direction number."""
        bits = min(self.count, 1 << (stop - start - 1).bit_length()).bit_length() - 1
        blocks = np.arange(start >> bits, -(-stop >> bits)) << bits
        which, offset = blocks // self.count, blocks % self.count
        directions = self.directions[rows, which]
        words = np.empty((*directions.shape[:2], 1 << bits), np.uint32)
        words[..., 0] = self.shifts[rows, which]
        for bit in range(bits, directions.shape[-1]):
            words[..., 0] ^= directions[..., bit] * (offset >> bit & 1).astype(np.uint32)
        for bit in range(bits):
            half = 1 << bit
            np.bitwise_xor(words[..., :half], directions[..., bit, None], out=words[..., half : 2 * half])
        first = start - int(blocks[0])
        return words.reshape(len(words), -1)[:, first : first + stop - start]


@lru_cache(maxsize=8)
def _directions(columns: int, bits: int) -> Numbers:
    """The first direction numbers of so many columns, one for each bit of the number of a point: (columns, bits).

    The numbers m of a column follow from its first ones and its primitive polynomial (Joe and Kuo 2008, SIAM J. Sci.
    Comput. 30, 2635-2654); direction number k is m_k times 2^(BITS - 1 - k).
    """
    if (tables := _joe_and_kuo()) is None:
        return _directions_of_points(columns, bits)
    polynomials, starts = (table[: max(1, columns)] for table in tables)
    degrees = np.frexp(polynomials)[1] - 1
    numbers = np.ones((len(polynomials), max(1, bits)), np.uint32)
    for degree in range(1, degrees.max() + 1):
        these = degrees == degree
        made, given = numbers[these], min(degree, bits)
        made[:, :given] = starts[these, :given]
        taken = [polynomials[these] >> (degree - 1 - back) & 1 for back in range(degree)]
        for at in range(degree, bits):
            made[:, at] = made[:, at - degree]
            for back, used in enumerate(taken):
                made[:, at] ^= (made[:, at - 1 - back] << (back + 1)) * used
        numbers[these] = made
    return numbers[:, :bits] << np.arange(BITS - 1, BITS - 1 - bits, -1, dtype=np.uint32)


@cache
def _joe_and_kuo() -> tuple[Numbers, Numbers] | None:
    """(the polynomial of each column, its first numbers) from the file of SciPy, whose import takes half a second."""
    scipy = find_spec("scipy")
    assert scipy is not None
    assert scipy.origin is not None
    file = Path(scipy.origin).parent / "stats" / "_sobol_direction_numbers.npz"
    if not file.is_file():
        return None
    with np.load(file) as tables:
        return tables["poly"].astype(np.uint32), tables["vinit"].astype(np.uint32)


def _directions_of_points(columns: int, bits: int) -> Numbers:
    """The same from SciPy's points, for a SciPy that keeps its tables elsewhere."""
    from scipy.stats import qmc

    engine, alone = qmc.Sobol(max(1, columns), scramble=False, bits=BITS), np.empty((bits, max(1, columns)))
    for bit in range(bits):  # in Gray code order, point 2^(bit + 1) - 1 has this bit alone
        engine.fast_forward((2 << bit) - 1 - engine.num_generated)
        alone[bit] = engine.random(1)
    return np.ascontiguousarray((alone.T * 2.0**BITS).astype(np.uint32))


def _scrambled(directions: Numbers, scramblings: int, seed: int) -> tuple[Numbers, Numbers]:
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
