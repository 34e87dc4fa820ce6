"""Streams of uniform numbers: draw i of a parameter depends on (seed, key, label, i) and nothing else (U2).

A stream is cut into logical blocks of `BLOCK` draws. Each block is one run of SFC64 whose state is a
hash of (seed, key, label, block number); the block length is part of the definition and never an option.
"""

from __future__ import annotations

import hashlib

import numpy as np

from ..checks import Array

#: Draws per logical block. Changing it changes every recorded number: raise STREAM_VERSION with it.
BLOCK = 16_384
STREAM_VERSION = 1
#: The smallest probability handed to an inverse CDF: a stream may return 0 (U3).
SMALLEST = 2.0**-54


class StreamFiller:
    """One re-keyed bit generator; cheaper than a new one per block. Not shared between threads."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._bits = np.random.SFC64(0)
        self._generator = np.random.Generator(self._bits)
        self._state = self._bits.state

    def fill(self, key: str, label: str, block: int, out: Array) -> None:
        """Fill `out` (at most BLOCK long) with the first draws of one block, in [0, 1)."""
        text = f"{STREAM_VERSION}/{self._seed}/{key}/{label}/{block}"
        digest = hashlib.blake2b(text.encode(), digest_size=24).digest()
        words = self._state["state"]["state"]
        words[:3] = np.frombuffer(digest, np.uint64)
        words[3] = 1
        self._state["has_uint32"] = 0
        self._bits.state = self._state
        self._generator.random(out=out)
