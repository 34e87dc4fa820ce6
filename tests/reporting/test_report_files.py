"""Where a report is written: a folder, or the page alone."""

from __future__ import annotations

from pathlib import Path

from example_study import BEST, study

import lca


def test_a_path_that_ends_in_html_is_the_page_alone(tmp_path: Path) -> None:
    result = lca.nominal(study().sel(engine=BEST))
    alone = lca.report(result, tmp_path / "sub" / "page.html", base=64, date="2026-11-30")
    assert [path.name for path in (tmp_path / "sub").iterdir()] == ["page.html"]
    assert alone.read_bytes() == lca.report(result, tmp_path / "folder", base=64, date="2026-11-30").read_bytes()
