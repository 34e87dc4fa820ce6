"""HTML for notebooks: a title, facts, and tables that open on a click; self-contained, escaped, without scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

import numpy as np

from ..graph.node import Node
from ..sampling.evaluate import shown_values
from ..source_marks import unmarked
from ..units.number_text import in_full, readable, significant

#: Colours are those of the page around, light or dark. A class that stands three times outweighs the rules of a notebook.
_STYLE = """<style>
.lca-box{border:1px solid rgba(128,128,128,.45);border-radius:4px;padding:.5em .8em;margin:.3em 0;
font:13px/1.45 sans-serif;max-width:64em;color:inherit;background:transparent;overflow-x:auto}
.lca-box .lca-kind{opacity:.7;margin-right:.5em}
.lca-box.lca-box.lca-box table{border-collapse:collapse;margin:.3em 0;font-size:13px;table-layout:auto}
.lca-box.lca-box table:not(.lca-table) :is(th,td){text-align:left}
.lca-box.lca-box.lca-box :is(th,td){vertical-align:top;padding:.15em .9em .15em 0;max-width:44em;
border:0;border-bottom:1px solid rgba(128,128,128,.25);background:transparent;white-space:normal}
.lca-box.lca-box.lca-box tr{background:transparent}
.lca-box.lca-box.lca-box th{font-weight:normal;opacity:.7}
.lca-box.lca-box.lca-box pre{font:12px/1.4 monospace;white-space:pre;color:inherit;background:transparent;
margin:.3em 0;padding:0;border:0;overflow-x:auto}
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
        Short texts by what they are; an empty one is left out. Of one that is " " the term is a sentence of its own.
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
    rows = [(term, significant(text)) for term, text in facts.items() if text not in ("", None, " ")]
    shown = paragraphs(term for term, text in facts.items() if text == " ") + (table((), rows) if rows else "")
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
