"""Tutorials and how-to pages run as a reader would run them: files written, blocks in order, prints compared."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).parents[2] / "docs"
#: Pages that other tests run, with files that they need.
ELSEWHERE = {
    "add-egrid-2024.md": "data/test_raw_egrid.py",
    "standards.md": "reporting/test_docs_standards.py",
}
PAGES = sorted(page for place in ("tutorials", "how-to") for page in DOCS.glob(f"{place}/*.md"))
#: A block: its language, the name of the file that it is, what it holds, and the block without a language behind it.
BLOCK = re.compile(r'^```(\w+)?(?: title="([^"]+)")?\n(.*?)^```$(?:\s*^```\n(.*?)^```$)?', re.MULTILINE | re.DOTALL)

#: What a page needs beside the library, where that is an extra.
NEEDS = {"export.md": ("openpyxl", "excel")}


def test_a_block_is_read_with_what_it_prints() -> None:
    page = '```csv title="a.csv"\nx\n```\ntext\n```python\nprint(1)\n```\n\n```\n1\n```\n```python\npass\n```\n'
    assert BLOCK.findall(page) == [
        ("csv", "a.csv", "x\n", ""),
        ("python", "", "print(1)\n", "1\n"),
        ("python", "", "pass\n", ""),
    ]


def test_pages_that_are_run_elsewhere_are_run_there() -> None:
    for page, test in ELSEWHERE.items():
        assert page in (DOCS.parent / "tests" / test).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.name not in ELSEWHERE], ids=lambda page: f"{page.parent.name}/{page.name}"
)
def test_a_page_runs_and_prints_what_it_shows(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if needed := NEEDS.get(page.name):
        pytest.importorskip(needed[0], reason=f"needs the extra {needed[1]}")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for language, title, text, shown in BLOCK.findall(page.read_text(encoding="utf-8")):
        if title:
            Path(title).write_text(text, encoding="utf-8")
        if language != "python":
            continue
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(text, f"{page.name}: {text.splitlines()[0]}", "exec"), names)
        if shown:
            assert printed.getvalue().split() == shown.split()
