"""The page on decisions: its code runs, and its figures are those of the code."""

from __future__ import annotations

import contextlib
import io
import re
from functools import cache
from pathlib import Path
from typing import Any

import lca
from lca.units.number_text import significant

PAGE = (Path(__file__).parents[2] / "docs" / "decisions.md").read_text(encoding="utf-8")


@cache
def run() -> tuple[dict[str, Any], list[lca.Decision]]:
    """The names that the blocks of the page leave, and the decision after each."""
    names: dict[str, Any] = {}
    decisions = []
    with contextlib.redirect_stdout(io.StringIO()):
        for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
            exec(compile(block, "docs/decisions.md", "exec"), names)
            decisions.append(names["decision"])
    return names, decisions


def test_the_answer_of_the_page_is_that_of_its_code() -> None:
    _, (first, *_) = run()
    (said,) = re.findall(r"```\n(Choose .*?)\n```", PAGE)
    assert repr(first) == said


def test_the_table_of_the_page_is_that_of_its_code() -> None:
    _, (first, *_) = run()
    rows = [line.split("|")[1:4] for line in PAGE.splitlines() if line.startswith("| `")]
    shown = [(name.strip(" `"), avoided.strip(), float(share)) for name, avoided, share in rows]
    table = first.information
    assert shown == [
        (name, significant(row["avoided"]), round(float(row["share"]), 2)) for name, row in table.iterrows()
    ]


def test_one_engine_is_worth_more_after_its_cost_than_both() -> None:
    names, decisions = run()
    worth = decisions[-1].worth
    assert worth is not None
    assert worth.index[0] == "engines.energy[engine=FP16]"
    assert names["figure"].axes[0].get_xlabel() == "kg CO2e of expected loss avoided"
