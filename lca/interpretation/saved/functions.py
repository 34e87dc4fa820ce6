"""The functions that the formulas of a file may call: those of NumPy, and those that the reader gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from ...errors import FileFormatError
from ..graph_data import Stored

#: As many functions as an error names.
_MOST_SHOWN = 6


class Functions:
    """The functions that a file may name, and the file."""

    def __init__(self, given: Iterable[Callable[..., object]], where: str) -> None:
        self.where = where
        self._names = frozenset(f"{one.__module__}:{one.__qualname__}" for one in given)

    def checked(self, graph: Stored) -> Stored:
        """A graph that calls nothing else. Raises `FileFormatError` before anything is made of it."""
        named = {row["static"]["path"]: None for row in graph["nodes"] if row.get("function") == "apply"}
        if unknown := [name for name in named if name not in self._names and not _of_numpy(name)]:
            raise FileFormatError.of("calls_a_function", self.where, unknown[:_MOST_SHOWN])
        return graph


def _of_numpy(name: str) -> bool:
    """Whether a name is that of a function of NumPy on numbers."""
    module, _, function = name.partition(":")
    return module == "numpy" and isinstance(getattr(np, function, None), np.ufunc)
