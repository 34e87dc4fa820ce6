"""Streams of random numbers, version 2: number i depends on (seed, key, label, i) and on nothing else (U2).

Word j of a stream is mix(key + j gamma) mod 2^64, where mix is the finaliser of splitmix64 (Steele, Lea and Flood
2014; constants of Stafford's variant 13). Key and gamma are a hash of seed, key and label. A word gives two numbers of
32 bits, the low half first. So any number is reached at once, and there is no block in the definition.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

#: Raise it with every change of the numbers: every recorded number changes with them.
STREAM_VERSION = 2
#: Whole numbers of 32 bits, the numbers of a stream.
Numbers: TypeAlias = npt.NDArray[np.uint32]
Words: TypeAlias = npt.NDArray[np.uint64]

#: The two rounds of mix, (shift, multiplier), and its last shift.
ROUNDS = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
LAST_SHIFT = 31
_ROUNDS, _LAST_SHIFT = tuple((np.uint64(shift), np.uint64(by)) for shift, by in ROUNDS), np.uint64(LAST_SHIFT)
#: Words of a stream that are counted from one place.
_STRETCH = 1024
_FLIP, _LEAST_CHANGES = 0xAAAAAAAAAAAAAAAA, 24


def key_and_gamma(seed: int, key: str, label: str) -> tuple[int, int]:
    """Where a stream starts, and its odd step: a step with too few changes of bit is flipped (Steele et al. 2014)."""
    digest = hashlib.blake2b(f"{STREAM_VERSION}/{seed}/{key}/{label}".encode(), digest_size=16).digest()
    first, gamma = int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little") | 1
    return first, gamma if (gamma ^ (gamma >> 1)).bit_count() >= _LEAST_CHANGES else gamma ^ _FLIP


def stream_keys(seed: int, columns: Sequence[tuple[str, str]]) -> Words:
    """(columns, 2): key and gamma of each (key, label)."""
    pairs = [key_and_gamma(seed, key, label) for key, label in columns]
    return np.array(pairs, dtype=np.uint64).reshape(-1, 2)


class StreamReader:
    """Numbers of several streams at once, into scratch space of its own. Not shared between threads."""

    def __init__(self, keys: Words) -> None:
        self._keys, self._gammas = keys[:, :1], keys[:, 1:]
        self._space = np.empty((2, 0), np.uint64)

    def read(self, rows: slice, start: int, stop: int) -> Numbers:
        """Numbers start to stop of some streams, (rows, stop - start); valid until the next call."""
        first, last = start // 2, -(-stop // 2)
        words, spare = self._counted(self._keys[rows], self._gammas[rows], first, last - first)
        for shift, multiplier in _ROUNDS:
            np.right_shift(words, shift, out=spare)
            np.bitwise_xor(words, spare, out=words)
            np.multiply(words, multiplier, out=words)
        np.right_shift(words, _LAST_SHIFT, out=spare)
        np.bitwise_xor(words, spare, out=words)
        halves = words.astype("<u8", copy=False).view("<u4").astype(np.uint32, copy=False)  # the low half first
        return halves[:, start - 2 * first : stop - 2 * first]

    def _counted(self, key: Words, gamma: Words, first: int, length: int) -> tuple[Words, Words]:
        """(key + j gamma for words j from `first` on, space as large), each (rows, length or a little more).

        One sum for each word: what a stretch of words begins with, and how far each is from there.
        """
        stretch = min(_STRETCH, length)
        stretches = -(-length // stretch)
        begins = key + gamma * (np.uint64(first) + np.arange(stretches, dtype=np.uint64) * np.uint64(stretch))
        size = len(key) * stretches * stretch
        if self._space.shape[1] < size:
            self._space = np.empty((2, size), np.uint64)
        words, spare = self._space[:, :size].reshape(2, len(key), -1)
        inside = gamma * np.arange(stretch, dtype=np.uint64)
        np.add(begins[:, :, None], inside[:, None], out=words.reshape(len(key), stretches, stretch))
        return words, spare
