"""docs/dependence.md is run: every Python block, in order, and what it prints."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "dependence.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```(?:\s*```\n(.*?)```)?", PAGE, re.DOTALL)


def test_the_blocks_run_and_print_what_the_page_shows() -> None:
    assert len(BLOCKS) >= 3
    known: dict[str, object] = {}
    for code, shown in BLOCKS:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "docs/dependence.md", "exec"), known)
        assert printed.getvalue().split() == shown.split()
