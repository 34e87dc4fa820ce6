"""The README is run: every Python block, and the table that it prints."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```(?:\s*```\n(.*?)```)?", README, re.DOTALL)


@pytest.fixture(autouse=True)
def _the_library_alone() -> Iterator[None]:
    """README and demo rest on the tables of the library, whatever is installed beside it."""
    import lca

    with lca.using_data(installed=False):
        yield


@pytest.mark.parametrize("block", range(len(BLOCKS)))
def test_block_runs_and_prints_what_the_readme_shows(block: int) -> None:
    code, shown = BLOCKS[block]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, f"README block {block}", "exec"), {})
    assert printed.getvalue().strip()
    if shown:
        assert printed.getvalue().split() == shown.split()


def test_the_headline_is_what_the_demo_prints(capsys: pytest.CaptureFixture[str]) -> None:
    """The two lines quoted from the demo are its first two lines."""
    import sys

    sys.path.insert(0, str(Path(__file__).parents[2] / "examples"))
    try:
        import questions
        import superpoint

        import lca

        best = superpoint.study.sel(engine=questions.BEST)
        lines = questions._headline(lca.monte_carlo(best), lca.sobol(best), 10_000).splitlines()
    finally:
        sys.path.pop(0)
    for line in lines[:2]:
        assert line in README
