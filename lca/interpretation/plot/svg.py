"""A figure as SVG for a page: live text, words for those who hear it, colours that follow the page or the reader."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from .texts import GRID, INK, LINE, PAPER, QUIET

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Colours that a page sets: the custom property for each, and its value on a dark ground.
THEMED = {
    INK: ("--ink", "#e8eaed"),
    QUIET: ("--quiet", "#a3abb5"),
    LINE: ("--line", "#4a525c"),
    GRID: ("--grid", "#333a42"),
    PAPER: ("--paper", "#15191e"),
}
#: What matplotlib draws in black is ink, too.
_BLACK = "#000000"
#: None of these is wider than the font of the layout, DejaVu Sans.
FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', Arial, sans-serif"
_LIGHT_RULES = "".join(f"{name}:{colour.lower()};" for colour, (name, _) in THEMED.items())
_DARK_RULES = "".join(f"{name}:{dark};" for name, dark in THEMED.values())
#: For a file of its own. On a page its root is the page, whose own rules hold.
_STYLE = f"<style>svg:root{{{_LIGHT_RULES}}}@media (prefers-color-scheme:dark){{svg:root{{{_DARK_RULES}}}}}</style>"
_NOT_NEEDED = r"<\?xml.*?\?>|<metadata>.*?</metadata>|<!--.*?-->|<!DOCTYPE[^>]*>|<defs>\s*<style.*?</defs>"
_HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}" role="img" '
    'aria-labelledby="{name}-title {name}-desc" font-family="{fonts}" stroke-linejoin="round" '
    'style="font-variant-numeric: tabular-nums">\n'
    '<title id="{name}-title">{title}</title>\n<desc id="{name}-desc">{description}</desc>\n{style}'
)


def svg_of(ax: Axes | Sequence[Axes], name: str, title: str, description: str) -> str:
    """A figure as SVG with live text, for a page or a file of its own: the same bytes every time.

    Ink, quiet text, lines, grid and ground have the colours of the custom properties `--ink`, `--quiet`, `--line`,
    `--grid` and `--paper`, where the page sets them. A file of its own follows the reader's
    `prefers-color-scheme`. The family of the texts is that of the page, if it sets one for `svg`.

    Parameters
    ----------
    ax
        What a function of `lca.plot` returned.
    name
        What the ids of the figure begin with: unique on a page.
    title, description
        What a screen reader says of the figure: what it shows, and what is to be seen in it.

    Returns
    -------
    str
        The text of an `svg` element.

    Examples
    --------
    >>> from lca.interpretation.plot.canvas import figure_of
    >>> text = svg_of(figure_of(2, 1).add_subplot(), "empty", "Axes", "An empty pair of axes.")
    >>> "<text" in text, '<title id="empty-title">Axes</title>' in text
    (True, True)
    """
    from .svg_renderer import drawn

    figure = (ax[0] if isinstance(ax, Sequence) else ax).get_figure(root=True)
    assert figure is not None
    text = re.sub(_NOT_NEEDED, "", drawn(figure), flags=re.DOTALL)
    text = _coloured(_shortened(_renamed(text, name)))
    width, height = (f"{72 * size:g}" for size in figure.get_size_inches())
    head = _HEAD.format(
        width=width, height=height, name=name, title=escape(title), description=escape(description), fonts=FONTS,
        style=_STYLE,
    )  # fmt: skip
    text = re.sub(r"<svg[^>]*>", lambda _: head, text, count=1)
    return re.sub(r"\n\s+", "\n", text.replace("<g/>", "")).strip() + "\n"


def _renamed(text: str, name: str) -> str:
    """Ids that something refers to, numbered and named after the figure; the others go."""
    used = dict.fromkeys(re.findall(r'(?:href="#|url\(#)([^")]+)', text))
    names = {old: f"{name}-{number}" for number, old in enumerate(used)}
    text = re.sub(r' id="([^"]*)"', lambda m: f' id="{names[m[1]]}"' if m[1] in names else "", text)
    return re.sub(r'(href="#|url\(#)([^")]+)', lambda m: m[1] + names[m[2]], text)


def _shortened(text: str) -> str:
    """Places with two decimals, which is less than a hundredth of a point."""
    return re.sub(r'( (?:d|x|y|transform|width|height)=")([^"]*)', lambda m: m[1] + _rounded(m[2]), text)


def _rounded(text: str) -> str:
    return re.sub(r"-?\d+\.\d{3,}", lambda m: f"{float(m[0]):.2f}".rstrip("0").rstrip("."), text)


def _coloured(text: str) -> str:
    """Colours that the page sets as custom properties, behind the plain colour for readers that know none."""
    for colour, name in [*((colour, name) for colour, (name, _) in THEMED.items()), (_BLACK, THEMED[INK][0])]:
        one = colour.lower()
        for what in ("fill", "stroke"):
            text = text.replace(f"{what}: {one}", f"{what}: {one}; {what}: var({name}, {one})")
    return text
