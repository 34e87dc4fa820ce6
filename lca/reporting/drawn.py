"""Figures of a report: each has a name, a title and a caption, which says what is to be seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from ..interpretation.plot.svg import svg_of
from .words import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    Drawn: TypeAlias = Axes | Sequence[Axes]

#: The width of a figure on a phone, in inches: its texts are then as large as those of the page.
_PHONE = 3.7


@dataclass(frozen=True)
class Figure:
    """A figure as SVG for a page and for a phone, with its name, its title and what it shows."""

    name: str
    title: str
    caption: str
    svg: str
    narrow: str

    @property
    def file(self) -> str:
        """Its file beside the Markdown twin."""
        return f"{self.name}.svg"


def drawn(draw: Callable[..., Drawn], name: str, title: str, caption: str, **words: object) -> Figure:
    """A figure of a report; `draw` takes a width in inches, and `caption` is the key of the caption."""
    said = say(caption, "captions", **words)
    wide, narrow = draw(width=None), draw(width=_PHONE)
    return Figure(name, title, said, svg_of(wide, name, title, said), svg_of(narrow, f"{name}-narrow", title, said))
