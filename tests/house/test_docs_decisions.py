"""The page on decisions: its code runs, and its figures are those of the code."""

from __future__ import annotations

import contextlib
import io
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import lca

PAGE = (Path(__file__).parents[2] / "docs" / "decisions.md").read_text(encoding="utf-8")


@cache
def run() -> tuple[dict[str, Any], list[lca.Decision]]:
    """The names that the blocks of the page leave, and the decision after each."""
    names: dict[str, Any] = {}
    decisions = []
    for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(block, "docs/decisions.md", "exec"), names)
        decisions.append(names["decision"])
        names.setdefault("printed", []).append(printed.getvalue())
    return names, decisions


def numbers(text: str) -> list[float]:
    return [float(one) for one in re.findall(r"\b\d+(?:\.\d+)?", text)]


def test_the_answer_of_the_page_is_that_of_its_code() -> None:
    """The words are the same, the numbers agree to rounding."""
    _, (first, *_) = run()
    (said,) = re.findall(r"```\n(Choose .*?)\n```", PAGE)
    assert re.sub(r"[\d.]+", "#", repr(first)) == re.sub(r"[\d.]+", "#", said)
    assert numbers(repr(first)) == pytest.approx(numbers(said), rel=0.005)


def test_the_table_of_the_page_is_that_of_its_code() -> None:
    _, (first, *_) = run()
    rows = [line.split("|")[1:4] for line in PAGE.splitlines() if line.startswith("| `")]
    table = first.information
    assert [name.strip(" `") for name, _, _ in rows] == table.index.to_list()
    assert [float(avoided) for _, avoided, _ in rows] == pytest.approx(table["avoided"].to_list(), rel=0.005, abs=0.1)
    assert [float(share) for _, _, share in rows] == pytest.approx(table["share"].to_list(), abs=0.006)


def test_one_engine_is_worth_more_after_its_cost_than_both() -> None:
    names, decisions = run()
    worth = decisions[-1].worth
    assert worth is not None
    assert worth.index[0] == "engines.energy[engine=FP16]"
    assert names["figure"].axes[0].get_xlabel() == "kg CO2e of expected loss avoided"


def test_the_page_prints_the_break_evens_of_its_code() -> None:
    """The words are the same, the numbers agree to rounding."""
    names, _ = run()
    section = PAGE[PAGE.index("## Break-even") : PAGE.index("## How far the numbers")]
    shown = re.findall(r"```\n(<.*?)\n```", section, re.DOTALL)
    made = [one.rstrip() for one in names["printed"] if one.startswith(("<break-even", "<the new", "<lowest"))]
    assert len(shown) == len(made) == 6
    for said, one in zip(shown, made, strict=True):
        assert re.sub(r"[\d.,]+", "#", one).split() == re.sub(r"[\d.,]+", "#", said).split()
        assert numbers(one.replace(",", "")) == pytest.approx(numbers(said.replace(",", "")), rel=0.01, abs=1e-3)
    legend = names["contours"].legends[0].get_texts()
    assert "equal at nominal values" in [text.get_text() for text in legend]
    assert names["areas"].axes[0].get_ylabel() == "probability to be the lowest"
