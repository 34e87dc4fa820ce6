"""HTML for notebooks: a title, facts, and tables that open on a click; self-contained, escaped, without scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

import numpy as np

from ..graph.node import Node
from ..sampling.evaluate import shown_values
from ..source_marks import unmarked
from ..units.number_text import in_full, readable, significant

_STYLE = """<style>
.lca-box{border:1px solid #ccc;border-radius:4px;padding:.5em .8em;margin:.3em 0;font:13px/1.45 sans-serif;
max-width:64em;color:#222;background:#fff;overflow-x:auto}
.lca-box .lca-kind{color:#666;margin-right:.5em}
.lca-box table{border-collapse:collapse;margin:.3em 0}
.lca-box th,.lca-box td{text-align:left;vertical-align:top;padding:.15em .9em .15em 0;border-bottom:1px solid #eee}
.lca-box th{color:#666;font-weight:normal}
.lca-box summary{cursor:pointer;margin:.2em 0}
.lca-box p{margin:.3em 0}
</style>"""


def box(
    kind: str, name: str, facts: Mapping[str, object], details: Mapping[str, str], opened: Sequence[str] = ()
) -> str:
    """One box.

    Parameters
    ----------
    kind, name
        What is shown, and its name.
    facts
        Short texts by what they are; an empty one is left out.
    details
        HTML made by the functions of this module, by the text that opens it.
    opened
        Which details are open from the start.

    Returns
    -------
    str
        HTML, with its own style.

    Examples
    --------
    >>> "<b>a &lt; b</b>" in box("Site", "a < b", {}, {})
    True
    """
    rows = [(term, significant(text)) for term, text in facts.items() if text not in ("", None)]
    shown = table((), rows) if rows else ""
    for head, inside in details.items():
        state = " open" if head in opened else ""
        shown += f"<details{state}><summary>{escape(head)}</summary>{inside}</details>"
    return (
        f'{_STYLE}<div class="lca-box"><span class="lca-kind">{escape(kind)}</span><b>{escape(name)}</b>{shown}</div>'
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table of texts; without heads the first cell of each row is its head."""
    top = "".join(f"<th>{escape(head)}</th>" for head in heads)
    lines = [[escape(str(cell)) for cell in row] for row in rows]
    first, end = ("<td>", "</td>") if heads else ("<th>", "</th>")
    body = "".join(f"<tr>{first}{row[0]}{end}{''.join(f'<td>{cell}</td>' for cell in row[1:])}</tr>" for row in lines)
    return f"<table>{f'<thead><tr>{top}</tr></thead>' if top else ''}<tbody>{body}</tbody></table>"


def paragraphs(texts: Iterable[str]) -> str:
    """Texts as paragraphs."""
    return "".join(f"<p>{escape(text)}</p>" for text in texts)


def plain(text: str) -> str:
    """Text as it prints."""
    return f"<pre>{escape(text)}</pre>"


def values(nodes: Mapping[str, Node]) -> str:
    """A table of values: nominal number and unit, spread, status and source of each."""
    numbers = shown_values(nodes)
    rows = []
    for name, node in nodes.items():
        unit, factor = readable(node.unit, float(np.max(np.abs(numbers[name]))))
        ends = [in_full(float(end) / factor) for end in (np.min(numbers[name]), np.max(numbers[name]))]
        number = f"{' to '.join(dict.fromkeys(ends))} {unit}".strip()
        over = ", ".join(f"{len(dim)} labels over {dim.name}" for dim in node.dims)
        one = node.parameter
        spread = "from a formula" if one is None else one.spread or "none"
        status, source = (one.status, unmarked(one.source)) if one else ("", "")
        rows.append((name.replace("_", " "), f"{number} ({over})" if over else number, spread, status, source))
    return table(("value", "nominal", "spread", "status", "source"), rows)
