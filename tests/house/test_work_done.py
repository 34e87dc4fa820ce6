"""How often the costly parts run for what people wait for: counts, never seconds."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from example_study import BEST, build

import lca

#: What is counted, by the name of the function.
COSTLY = {
    "assemble", "compile_program", "rewritten", "_made", "_parts", "finalize", "provenance", "monte_carlo",
}  # fmt: skip


def counted(act: Callable[[], Any]) -> Counter[str]:
    """How often each costly function runs during an act."""
    calls: Counter[str] = Counter()

    def look(frame: FrameType, event: str, given: Any) -> None:
        name = frame.f_code.co_name
        if event == "call" and name in COSTLY:
            module = Path(frame.f_code.co_filename).stem
            calls[module if name in ("_made", "_parts") else name] += 1

    sys.setprofile(look)
    try:
        act()
    finally:
        sys.setprofile(None)
    return calls


@pytest.fixture(scope="module")
def study() -> lca.Study:
    made = build()
    lca.monte_carlo(made, draws=100, progress=False)
    return made


def test_a_changed_number_is_neither_assembled_nor_compiled_nor_planned(study: lca.Study) -> None:
    calls = counted(lambda: lca.nominal(study.replace({"robots.active": "7 h/day"})))
    assert not calls["assemble"] + calls["compile_program"] + calls["form"]
    assert calls["plan"] == 1  # its values that no draw changes


def test_a_scenario_of_other_numbers_is_neither_assembled_nor_compiled(study: lca.Study) -> None:
    def loads(first: int) -> lca.Study:
        return study.vary("case", {"robots.load": {i: f"{first + i} inference/s" for i in range(3)}})

    loads(9)
    calls = counted(lambda: loads(8))
    assert not calls["assemble"] + calls["compile_program"] + calls["form"]


def test_a_second_run_is_not_planned(study: lca.Study) -> None:
    assert not counted(lambda: lca.monte_carlo(study, draws=100, progress=False)) - Counter(monte_carlo=1)


def test_a_new_study_is_compiled_once() -> None:
    calls = counted(build)
    assert calls["assemble"] == 1
    assert calls["compile_program"] == 1
    assert calls["rewritten"] == 1


def test_a_second_report_compiles_and_draws_nothing_of_the_study_again(study: lca.Study, tmp_path: Path) -> None:
    """Each figure is drawn once, for the page and for its Markdown twin, and no study is assembled."""
    result = lca.monte_carlo(study.sel(engine=BEST), draws=100, progress=False)
    lca.report(result, tmp_path, base=64)
    calls = counted(lambda: lca.report(result, tmp_path, base=64))
    figures = len(list(tmp_path.glob("*.svg")))
    assert figures >= 2
    assert calls["finalize"] == 2 * figures  # for the page, and for a phone
    assert calls["assemble"] == 0
    assert calls["monte_carlo"] == 0
    assert calls["provenance"] == 1
    assert calls["compile_program"] <= 3
