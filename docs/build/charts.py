"""Flow charts of Mermaid, drawn as SVG while the site is built, so that no script is fetched to show them.

Known are nodes in brackets or braces, `-->`, chains of it, and labels `-->|text|`. Layers run from top to bottom: a
node stands below all that lead to it, and those that lead nowhere stand lowest. An edge has a place of its own in each
layer that it passes (Sugiyama, Tagawa and Toda 1981). An edge back to a higher layer is drawn dashed.
"""

from __future__ import annotations

import html
import re
import textwrap
from dataclasses import dataclass, field
from itertools import pairwise

BLOCK = re.compile(r"^```mermaid\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NODE = re.compile(r"\s*(\w+)(?:\[+\"?(.*?)\"?\]+|\{+\"?(.*?)\"?\}+)?\s*")
EDGE = re.compile(r"-->(?:\|(.*?)\|)?")
CHARACTER, LINE, GAP, STEP = 6.6, 15, 26, 48  # pixels: a letter, a line, between boxes, between layers


@dataclass
class Chart:
    """Nodes with their lines of text, and edges with their labels."""

    nodes: dict[str, list[str]] = field(default_factory=dict)
    questions: set[str] = field(default_factory=set)
    edges: dict[tuple[str, str], str] = field(default_factory=dict)


def read(text: str) -> Chart:
    """The chart of a block, without its first line, which says the direction."""
    chart = Chart()
    for line in text.strip().splitlines()[1:]:
        last = ""
        labels = EDGE.findall(line)
        for position, part in enumerate(re.split(r"-->(?:\|.*?\|)?", line)):
            match = NODE.fullmatch(part)
            if match is None:
                raise ValueError(f"a line of a chart that docs/build/charts.py does not know: {line.strip()}")
            name, said = match[1], match[2] or match[3]
            chart.nodes.setdefault(name, [name])
            if said:
                chart.nodes[name] = re.split(r"<br */?>", said)
            if match[3]:
                chart.questions.add(name)
            if last:
                chart.edges[last, name] = labels[position - 1]
            last = name
    return chart


def back(chart: Chart) -> set[tuple[str, str]]:
    """The edges that close a circle, followed from the first nodes on."""
    found: set[tuple[str, str]] = set()
    seen: set[str] = set()
    path: list[str] = []

    def follow(name: str) -> None:
        seen.add(name)
        path.append(name)
        for start, end in chart.edges:
            if start == name and end in path:
                found.add((start, end))
            elif start == name and end not in seen:
                follow(end)
        path.pop()

    for name in chart.nodes:
        if name not in seen:
            follow(name)
    return found


def layers(chart: Chart) -> dict[str, int]:
    """The layer of each node: one below the lowest that leads to it; edges that close a circle do not count."""
    ways = set(chart.edges) - back(chart)
    found: dict[str, int] = {}

    def depth(name: str) -> int:
        if name not in found:
            found[name] = 1 + max((depth(start) for start, end in ways if end == name), default=-1)
        return found[name]

    whole = {name: depth(name) for name in chart.nodes}
    leading = {start for start, _ in chart.edges}
    return {name: whole[name] if name in leading else max(whole.values()) for name in chart.nodes}


def spread(chart: Chart) -> tuple[Chart, dict[str, int], dict[tuple[str, str], list[str]]]:
    """The chart with a place in each layer that an edge passes, the layers, and the places of each edge."""
    layer, closing = layers(chart), back(chart)
    nodes, edges, ways = dict(chart.nodes), {}, {}
    for (start, end), label in chart.edges.items():
        between = range(layer[start] + 1, layer[end]) if (start, end) not in closing else ()
        passed = [f"{start} to {end} at {level}" for level in between]
        ways[start, end] = [start, *passed, end]
        for level, name in zip(between, passed, strict=True):
            nodes[name] = textwrap.wrap(label, 20) if level == layer[start] + 1 and label else [""]
            layer[name] = level
        if (start, end) not in closing:
            edges.update(dict.fromkeys(pairwise(ways[start, end]), ""))
    return Chart(nodes, chart.questions, edges), layer, ways


def widths(chart: Chart) -> dict[str, float]:
    """The width of each box."""
    return {name: 18 + CHARACTER * max(map(len, lines)) for name, lines in chart.nodes.items()}


def places(chart: Chart, layer: dict[str, int]) -> dict[str, tuple[float, float]]:
    """The middle of each box: below the mean of those that lead to it, and beside its neighbours."""
    width = widths(chart)
    middle: dict[str, float] = {}
    levels = range(max(layer.values()) + 1)
    for level in levels:
        before = {
            name: [middle[start] for start, end in chart.edges if end == name and start in middle]
            for name in chart.nodes
            if layer[name] == level
        }
        wish = {name: sum(found) / len(found) if found else 0.0 for name, found in before.items()}
        row = sorted(wish, key=lambda name: wish[name])
        whole = sum(width[name] for name in row) + GAP * (len(row) - 1)
        left = sum(wish.values()) / len(wish) - whole / 2
        for name in row:
            middle[name] = left + width[name] / 2
            left += width[name] + GAP
    tall = [LINE * max(len(chart.nodes[name]) for name in chart.nodes if layer[name] == level) + 16 for level in levels]
    top = [level * STEP + sum(tall[:level]) for level in levels]
    return {name: (middle[name], top[layer[name]] + tall[layer[name]] / 2) for name in chart.nodes}


def svg(text: str) -> str:
    """The drawing of a block."""
    chart = read(text)
    wide, layer, ways = spread(chart)
    at, width = places(wide, layer), widths(wide)
    half = {name: (width[name] / 2, (LINE * len(lines) + 12) / 2) for name, lines in wide.nodes.items()}
    left = min(x - half[name][0] for name, (x, _) in at.items()) - 50
    right = max(x + half[name][0] for name, (x, _) in at.items()) + 50
    bottom = max(y + half[name][1] for name, (_, y) in at.items()) + 12
    parts = [
        f'<svg class="chart" viewBox="{left:.0f} -6 {right - left:.0f} {bottom + 6:.0f}" width="{right - left:.0f}" '
        'font-family="sans-serif" font-size="12" role="img" xmlns="http://www.w3.org/2000/svg">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto"><path d="M0 0 8 4 0 8z" fill="#666"/></marker></defs>',
        *(edge(at, half, ways[ends], label) for ends, label in chart.edges.items()),
        *(box(at[name], half[name], lines, name in chart.questions) for name, lines in chart.nodes.items()),
    ]
    return "".join([*parts, "</svg>"])


def edge(at: dict[str, tuple[float, float]], half: dict[str, tuple[float, float]], way: list[str], label: str) -> str:
    """An arrow from the lower side of a box to the upper side of another; beside the boxes where it leads back."""
    (x0, y0), (x1, y1) = at[way[0]], at[way[-1]]
    if y1 > y0:
        points = [(x0, y0 + half[way[0]][1]), *(at[name] for name in way[1:-1]), (x1, y1 - half[way[-1]][1])]
        bends = (
            f"C{a:.0f} {b + (d - b) / 2:.0f} {c:.0f} {d - (d - b) / 2:.0f} {c:.0f} {d:.0f}"
            for (a, b), (c, d) in pairwise(points)
        )
        path, dash = f"M{points[0][0]:.0f} {points[0][1]:.0f}{''.join(bends)}", ""
        direct = ((x0 + x1) / 2, (points[0][1] + points[-1][1]) / 2)
        where = direct if len(way) == 2 else at[way[1]]
    else:
        away = -1 if x0 < x1 else 1
        side, other = x0 + away * half[way[0]][0], x1 + away * half[way[-1]][0]
        out = away * (max(away * side, away * other) + 34)
        path = f"M{side:.0f} {y0:.0f}C{out:.0f} {y0:.0f} {out:.0f} {y1:.0f} {other:.0f} {y1:.0f}"
        dash, where = ' stroke-dasharray="4 3"', (out, (y0 + y1) / 2)
    return f'<path d="{path}" fill="none" stroke="#666"{dash} marker-end="url(#tip)"/>' + said(where, label)


def said(where: tuple[float, float], label: str) -> str:
    """The label of an arrow, across its line."""
    lines = textwrap.wrap(label, 20)
    first = where[1] - (len(lines) - 1) * LINE / 2 + 4
    return "".join(
        f'<text x="{where[0]:.0f}" y="{first + LINE * number:.0f}" {HALO}>{html.escape(line)}</text>'
        for number, line in enumerate(lines)
    )


#: The text of an arrow, readable across its line.
HALO = 'text-anchor="middle" fill="#333" stroke="white" stroke-width="4" paint-order="stroke"'


def box(at: tuple[float, float], half: tuple[float, float], lines: list[str], question: bool) -> str:
    """A box with its lines; that of a question has round ends."""
    (x, y), (wide, high) = at, half
    shape = (
        f'<rect x="{x - wide:.0f}" y="{y - high:.0f}" width="{2 * wide:.0f}" height="{2 * high:.0f}" '
        f'rx="{high if question else 4:.0f}" fill="{"#FFF4DC" if question else "#E8F3F1"}" stroke="#666"/>'
    )
    first = y - (len(lines) - 1) * LINE / 2 + 4
    texts = (
        f'<text x="{x:.0f}" y="{first + LINE * number:.0f}" text-anchor="middle" fill="#222">{html.escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    return shape + "".join(texts)


def drawn(markdown: str) -> str:
    """A page with its charts drawn."""
    return BLOCK.sub(lambda match: f"<div>{svg(match[1])}</div>", markdown)
