"""Figures of a report: each has a name, a title and a caption, which says what is to be seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..interpretation.plot.svg import svg_of
from .words import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Figure:
    """A figure as SVG, with its name, its title and what it shows."""

    name: str
    title: str
    caption: str
    svg: str

    @property
    def file(self) -> str:
        """Its file beside the Markdown twin."""
        return f"{self.name}.svg"


def drawn(ax: Axes | Sequence[Axes], name: str, title: str, caption: str, **words: object) -> Figure:
    """A figure of a report; `caption` is the key of its caption."""
    said = say(caption, "captions", **words)
    return Figure(name, title, said, svg_of(ax, name, title, said))
