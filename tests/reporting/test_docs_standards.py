"""The page on standards: its code runs, and its tables are those of the demo.

After a change of the demo, of a rule or of a clause: LCA_WRITE_STANDARDS=1 python -m pytest
tests/reporting/test_docs_standards.py, then read the difference as a user would.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from lca.reporting.clauses.tables import standards

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "standards.md"
_HEADS = ("clause", "item", "verdict", "found", "add")
#: What the page shows of the demo: the counts, the diagram, the tables.
PLACES = {
    "counts": re.compile(r"(?<=print\(found.counts\)\n```\n\n```\n).*?(?=\n```)", re.DOTALL),
    "diagram": re.compile(r"(?<=print\(lca.boundary_diagram\(study\)\)\n```\n\n).*?(?=\n\n## )", re.DOTALL),
    "tables": re.compile(r"(?<=was not made for a review.\n\n).*(?=\n$)", re.DOTALL),
}


@cache
def run() -> tuple[dict[str, Any], list[str]]:
    """The names that the blocks of the page leave, and what each prints."""
    names: dict[str, Any] = {}
    printed = []
    with contextlib.chdir(ROOT):
        for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
            with contextlib.redirect_stdout(io.StringIO()) as stream:
                exec(compile(block, "docs/how-to/standards.md", "exec"), names)
            printed.append(stream.getvalue().rstrip("\n"))
    return names, printed


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")


def tables() -> str:
    """A table for each standard, as Markdown."""
    found, parts = run()[0]["found"], []
    for name, rows in found.groupby("standard", sort=False):
        one = standards()[str(name)]
        lines = [f"### {one.title}", "", f"{one.edition}. Text {one.text}; known from {one.known}.", ""]
        lines += [f"| {' | '.join(_HEADS)} |", f"|{'---|' * len(_HEADS)}"]
        lines += [f"| {' | '.join(cell(row[head]) for head in _HEADS)} |" for row in rows.to_dict("records")]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def shown() -> dict[str, str]:
    """What the page has to show."""
    _, (counts, diagram) = run()
    return {"counts": counts, "diagram": f"```mermaid\n{diagram}\n```", "tables": tables()}


@pytest.mark.parametrize("name", PLACES)
def test_the_page_shows_what_its_code_finds(name: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    if os.environ.get("LCA_WRITE_STANDARDS"):
        page = PLACES[name].sub(lambda _: shown()[name], page)
        PAGE.write_text(page, encoding="utf-8")
    (said,) = PLACES[name].findall(page)
    assert said.split() == shown()[name].split()


def test_the_page_names_every_standard_and_whether_its_text_was_seen() -> None:
    rows = re.findall(r"^\| `(.+?)` \| .* \| (yes|no) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [(name, "yes" if one.seen else "no") for name, one in standards().items()]


def test_every_clause_of_the_demo_is_looked_at() -> None:
    found = run()[0]["found"]
    assert len(found) == sum(len(one.clauses) for one in standards().values())
    assert (found["found"] != "").all()
