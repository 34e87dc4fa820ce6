"""Figures of a report: SVG with the same bytes every time, a caption, and a text for those who do not see it."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .words import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas


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


def drawn(ax: Axes, name: str, title: str, caption: str, **words: object) -> Figure:
    """A figure of a report; `caption` is the key of its caption."""
    said = say(caption, "captions", **words)
    return Figure(name, title, said, svg_of(ax, name, title, said))


def _draw(figure: Canvas, file: io.StringIO) -> None:
    """Put everything in its place, and draw it, by one renderer: matplotlib keeps the sizes of texts by renderer."""
    from matplotlib.backends import backend_svg

    svg: Any = backend_svg  # which has no types
    figure.dpi = 72  # of an SVG
    width, height = 72 * figure.get_size_inches()
    renderer, canvas = svg.RendererSVG(width, height, file, image_dpi=72), svg.FigureCanvasSVG(figure)
    canvas.get_renderer = lambda: renderer
    figure.draw(renderer)
    renderer.finalize()


def svg_of(ax: Axes, name: str, title: str, description: str) -> str:
    """A figure as SVG without date, comments and metadata, its ids named after it: the same bytes every time."""
    file = io.StringIO()
    figure = ax.get_figure(root=True)
    assert figure is not None
    _draw(figure, file)
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->|<!DOCTYPE[^>]*>", "", file.getvalue(), flags=re.DOTALL)
    known = {old: f"{name}-{i}" for i, old in enumerate(dict.fromkeys(re.findall(r' id="([^"]+)"', text)))}
    text = re.sub(r'( id="|href="#|url\(#)([^")]+)', lambda m: m[1] + known.get(m[2], m[2]), text)
    return re.sub(r"\n\s*\n+", "\n", text)
