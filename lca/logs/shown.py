"""How a log shows itself: its kind, its file, facts and notes, as text and in a notebook."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from ..records.notebook import box, table


class Shown(ABC):
    """A log of a file, with notes on it."""

    _kind: ClassVar[str]
    _width: ClassVar[int] = 12  # of the names of facts
    path: Path
    notes: tuple[str, ...]

    @abstractmethod
    def _facts(self) -> Mapping[str, str]:
        """Short texts by what they are; an empty one is left out."""

    def _tables(self) -> dict[str, str]:
        """Tables that open on a click in a notebook."""
        return {}

    def __repr__(self) -> str:
        facts = [(name, fact) for name, fact in self._facts().items() if fact]
        lines = [f"{name:>{self._width}}: {text}" for name, text in (*facts, *(("note", note) for note in self.notes))]
        return "\n".join([f"<{self._kind} {self.path.name}>", *lines])

    def _repr_html_(self) -> str:
        notes = {"notes": table(("note",), [(note,) for note in self.notes])} if self.notes else {}
        return box(self._kind, self.path.name, self._facts(), self._tables() | notes)
