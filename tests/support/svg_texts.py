"""The boxes of the texts of a figure in SVG, as a browser places them in the font of the layout or a narrower one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

_SVG = "{http://www.w3.org/2000/svg}"
_EAST = 0x2E80
#: What neighbours may share, in points: a letter fills less than its line.
_SHARED = 1.5


@dataclass(frozen=True)
class Box:
    """A text, its ends in points from the upper left corner, and its size."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float

    def meets(self, other: Box) -> bool:
        """Whether two texts share more than a margin."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > _SHARED and down > _SHARED


def boxes(svg: str) -> tuple[list[Box], tuple[float, float]]:
    """(the boxes of all texts that are not turned by a slant, the width and height of the figure)."""
    root = ElementTree.fromstring(svg)
    width, height = (float(one) for one in root.get("viewBox", "").split()[2:])
    found = [_box(one) for one in root.iter(f"{_SVG}text")]
    return [one for one in found if one is not None], (width, height)


def _box(element: ElementTree.Element) -> Box | None:
    text, style = element.text or "", element.get("style", "")
    size = float(_first(r"font-size: ([\d.]+)px", style))
    weight = "bold" if "font-weight: 7" in style else "normal"
    known = "".join(one for one in text if ord(one) < _EAST)  # what the font of the layout lacks is a square
    wide, _, _ = text_to_path.get_text_width_height_descent(known, FontProperties(size=size, weight=weight), False)
    wide += size * (len(text) - len(known))
    x, y = float(element.get("x", 0)), float(element.get("y", 0))
    before = {"middle": wide / 2, "end": wide}.get(element.get("text-anchor", ""), 0.0)
    turn = float(_first(r"rotate\((-?[\d.]+)", element.get("transform", "")) or 0)
    if turn == 0:
        return Box(text, x - before, y - 0.75 * size, x - before + wide, y + 0.1 * size, size)
    if turn == -90:
        return Box(text, x - 0.75 * size, y + before - wide, x + 0.1 * size, y + before, size)
    return None


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    return found.group(1) if found else ""


def outside(svg: str) -> list[Box]:
    """The texts that are not whole within the figure."""
    found, (width, height) = boxes(svg)
    return [b for b in found if b.left < -0.5 or b.top < -0.5 or b.right > width + 0.5 or b.bottom > height + 0.5]


def meeting(svg: str) -> list[tuple[str, str]]:
    """Pairs of texts that overlap."""
    return [(one.text, other.text) for one, other in combinations(boxes(svg)[0], 2) if one.meets(other)]
