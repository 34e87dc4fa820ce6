"""The size of a batch from the shapes of the inputs of a network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_DIMENSIONS = re.compile(r"(?<![\w.])\d{1,9}(?:x\d{1,9})+(?![\w.])")
_TUPLE = re.compile(r"shape=\((\d{1,9}(?:, ?\d{1,9})*),?\)")


def shapes_in(text: str) -> list[list[int]]:
    """The shapes in a text, as TensorRT and Polygraphy write them.

    >>> shapes_in("image:4x3x224x224,mask:4x10"), shapes_in("x [dtype=float32, shape=(4, 1, 28, 28)]")
    ([[4, 3, 224, 224], [4, 10]], [[4, 1, 28, 28]])
    """
    found = [one.split("x") for one in _DIMENSIONS.findall(text)] or [one.split(",") for one in _TUPLE.findall(text)]
    return [[int(size) for size in one] for one in found]


def batch_of(shapes: Iterable[Sequence[int]]) -> float | None:
    """The first size of all inputs, where they have the same; None where they differ, or where there are none.

    An input of one dimension only, such as a threshold, has no batch.

    >>> batch_of([[4, 3, 224, 224], [4, 10], [1]]), batch_of([[4, 3], [1, 9]])
    (4.0, None)
    """
    first = {shape[0] for shape in shapes if len(shape) > 1}
    return float(first.pop()) if len(first) == 1 and 0 not in first else None
