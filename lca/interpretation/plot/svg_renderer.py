"""How matplotlib writes a figure as SVG: its texts as texts, whatever its settings say."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from math import cos, radians, sin
from typing import TYPE_CHECKING, Any

from matplotlib import font_manager
from matplotlib.backends import backend_svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_svg: Any = backend_svg  # which has no types
#: Letters below this one are in the font that matplotlib brings along.
_BEYOND_LATIN = "\u0250"
#: How far the ends of lines may lie apart and still count as aligned, in points.
_NEAR = 0.2


def drawn(figure: Figure) -> str:
    """A figure as matplotlib writes it in SVG, in points, with `text` elements. The figure stays as it was."""
    file, before = io.StringIO(), (figure.dpi, figure.canvas)
    try:
        figure.dpi = 72  # of an SVG
        width, height = 72 * figure.get_size_inches()
        renderer: Any = _Renderer(width, height, file, image_dpi=72)
        canvas = _svg.FigureCanvasSVG(figure)
        canvas.get_renderer = lambda: renderer  # the layout measures by the renderer that draws
        figure.draw(renderer)
        renderer.finalize()
    finally:
        figure.dpi = before[0]
        figure.set_canvas(before[1])
    return file.getvalue()


@dataclass(frozen=True)
class _Line:
    """A line of text: where it begins, how wide it is, what it says, and its graphics context."""

    x: float
    y: float
    width: float
    angle: float
    text: str
    style: dict[str, str]


class _Renderer(backend_svg.RendererSVG):
    """A renderer of SVG whose texts are `text` elements, placed by the side at which they are aligned.

    So a text in another font than the one of the layout ends where it should. The lines of one text arrive one after
    the other: their common side is the one at which they are aligned.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        whole: Any = super()
        whole.__init__(*args, **options)
        self._lines: list[_Line] = []

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any = False, mtext: Any = None
    ) -> None:
        """Keep a line until its text is whole; a formula is drawn as matplotlib does."""
        if ismath:
            whole: Any = super()
            whole.draw_text(gc, x, y, s, prop, angle, ismath, mtext)
            return
        width, _, _ = self.get_text_width_height_descent(s, prop, ismath=False)
        line = _Line(x, y, width, angle, s, _style(gc, prop))
        if mtext is None:
            self._lines.append(line)
        else:
            self._put(line, _side(mtext, angle))

    def close_group(self, s: str) -> None:
        """Write the lines of a text that has several."""
        lines, self._lines = self._lines, []
        side = _common_side(lines)
        for line in lines:
            self._put(line, side)
        whole: Any = super()
        whole.close_group(s)

    def _put(self, line: _Line, side: str) -> None:
        along = {"start": 0.0, "middle": 0.5, "end": 1.0}[side] * line.width
        x, y = line.x + along * cos(radians(line.angle)), line.y - along * sin(radians(line.angle))
        place = {"x": f"{x:.2f}", "y": f"{y:.2f}"}
        if side != "start":
            place["text-anchor"] = side
        if line.angle:
            place["transform"] = f"rotate({-line.angle:g} {x:.2f} {y:.2f})"
        if "  " in line.text:
            place["xml:space"] = "preserve"
        style = "; ".join(f"{name}: {value}" for name, value in line.style.items())
        writer: Any = self.writer
        writer.element("text", line.text, attrib={**place, "style": style})

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        """The size of a text in points; a letter that the font lacks is taken as wide as it is high."""
        whole: Any = super()
        if ismath or max(s, default="") < _BEYOND_LATIN:
            return _size(whole.get_text_width_height_descent(s, prop, ismath))
        there = _letters(font_manager.findfont(prop))
        known = "".join(one for one in s if ord(one) in there)
        width, height, descent = _size(whole.get_text_width_height_descent(known or "M", prop, ismath))
        size = float(prop.get_size_in_points())
        return width * bool(known) + size * (len(s) - len(known)), height, descent


def _size(found: Any) -> tuple[float, float, float]:
    width, height, descent = found
    return float(width), float(height), float(descent)


@cache
def _letters(path: Any) -> frozenset[int]:
    """The letters that a font has."""
    return frozenset(font_manager.get_font(path).get_charmap())


def _style(gc: Any, prop: Any) -> dict[str, str]:
    """Colour, size and weight of a text; the family is that of the page."""
    red, green, blue, alpha = gc.get_rgb()
    fill = "#" + "".join(f"{round(255 * one):02x}" for one in (red, green, blue))
    style = {"fill": fill, "font-size": f"{prop.get_size_in_points():g}px"}
    weight = font_manager.weight_dict.get(prop.get_weight(), prop.get_weight())
    if weight != 400:
        style["font-weight"] = str(weight)
    if prop.get_style() != "normal":
        style["font-style"] = str(prop.get_style())
    if alpha < 1:
        style["opacity"] = f"{alpha:.3g}"
    return style


def _side(text: Any, angle: float) -> str:
    """The side of its line at which a text is aligned; of a turned one as its vertical alignment says."""
    upright = angle == 0 or text.get_rotation_mode() == "anchor"
    if upright:
        return {"left": "start", "right": "end"}.get(text.get_horizontalalignment(), "middle")
    if angle != 90:
        return "start"
    return {"bottom": "start", "baseline": "start", "top": "end"}.get(text.get_verticalalignment(), "middle")


def _common_side(lines: list[_Line]) -> str:
    """The side that lines of a text have in common."""
    for side, share in (("start", 0.0), ("end", 1.0), ("middle", 0.5)):
        ends = [line.x + share * line.width for line in lines]
        if lines and max(ends) - min(ends) < _NEAR:
            return side
    return "start"
