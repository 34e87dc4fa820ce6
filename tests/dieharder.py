"""Pipe random numbers of `lca` into a battery of statistical tests, `dieharder` (R. G. Brown; in Debian and Ubuntu).

    python tests/dieharder.py one | dieharder -a -g 200
    python tests/dieharder.py labels --streams 64 | dieharder -a -g 200

`one` writes one stream. The others write streams whose names differ little, a number of each in turn, so that the
battery sees what neighbours have in common: `labels`, `keys` and `seeds`. The full battery takes an hour or
two, and some 250 GB of numbers; they are made as it asks for them.
"""

from __future__ import annotations

import argparse
import os
import sys

import numpy as np

from lca.sampling.stream import StreamReader, stream_keys

#: Draws of each stream that are made at once, all streams together.
NUMBERS = 1 << 20
NAMES = {
    "one": lambda i: (0, "robots.load", ""),
    "labels": lambda i: (0, "engines.energy", f"[engine=engine{i}]"),
    "keys": lambda i: (0, f"engine{i}.power", ""),
    "seeds": lambda i: (i, "robots.load", ""),
}


def main() -> None:
    """Write numbers until the reader ends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("neighbours", choices=NAMES, help="what differs from stream to stream")
    parser.add_argument("--streams", type=int, default=64, help="how many streams are interleaved")
    asked = parser.parse_args()
    names = [NAMES[asked.neighbours](i) for i in range(1 if asked.neighbours == "one" else asked.streams)]
    reader = StreamReader(np.concatenate([stream_keys(seed, [(key, label)]) for seed, key, label in names]))
    step = NUMBERS // len(names)
    start = 0
    try:
        while True:
            numbers = reader.read(slice(None), start, start + step)
            sys.stdout.buffer.write(np.ascontiguousarray(numbers.T).tobytes())
            start += step
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing is left to be flushed


if __name__ == "__main__":
    main()
