"""The code of docs/sensitivity.md runs, and gives what the page says of it."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import pytest

import lca

PAGE = (Path(__file__).parents[2] / "docs" / "sensitivity.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def ran() -> tuple[list[str], dict[str, Any]]:
    """What each block prints, and the names that all made."""
    names: dict[str, Any] = {}
    texts = []
    for number, code in enumerate(BLOCKS):
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(code, f"docs/sensitivity.md, block {number}", "exec"), names)
        texts.append(printed.getvalue())
    return texts, names


def test_the_page_asks_every_question_of_its_table(ran: tuple[list[str], dict[str, Any]]) -> None:
    """Each function of the first table is called, and each says how sure its ranks are."""
    texts, _ = ran
    said = " ".join(texts)
    for head in (
        "Sobol' indices of total",
        "after screening",
        "Shapley effects",
        "PAWN of total",
        "elementary effects",
    ):
        assert head in said
    assert said.count("told apart") == 7
    asked = set(re.findall(r"`lca\.(\w+)", PAGE.partition("## A study")[0]))
    assert asked == {"tornado", "morris", "sobol", "screen", "shapley", "pawn"}


def test_what_the_page_says_of_its_study(ran: tuple[list[str], dict[str, Any]]) -> None:
    texts, names = ran
    assert "robots.period" in texts[0]
    assert "shared by training and use" in texts[0]
    assert re.search(r"board\.embodied x robots\.period|robots\.period x board\.embodied", texts[0])
    assert lca.shapley(names["tied"])["shapley"].sum() == pytest.approx(1, abs=1e-12)
    with pytest.raises(lca.errors.DomainError, match="independent inputs"):
        lca.sobol(names["tied"])
