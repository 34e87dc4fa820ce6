"""The page on inverse questions: its code runs, and its answers are those of the code."""

from __future__ import annotations

import contextlib
import io
import re
from functools import cache
from pathlib import Path
from typing import Any

import lca

PAGE = (Path(__file__).parents[2] / "docs" / "inverse.md").read_text(encoding="utf-8")


@cache
def run() -> tuple[dict[str, Any], str]:
    """The names that the blocks of the page leave, and what they print."""
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
            exec(compile(block, "docs/inverse.md", "exec"), names)
    return names, printed.getvalue()


def test_the_answers_of_the_page_are_those_of_its_code() -> None:
    names, printed = run()
    said = re.findall(r"```\n(.*?)\n```", re.sub(r"```python\n.*?```", "", PAGE, flags=re.DOTALL), re.DOTALL)
    assert len(said) == 3
    assert all(text in printed for text in said)
    assert names["loose"].table.index.to_list() == ["rate x conversion"]


def test_the_candidates_of_the_page() -> None:
    """One figure of the subregion fits, and three more among all places."""
    names, _ = run()
    fits = names["candidates"][names["candidates"]["fits"]]
    assert fits[["year", "basis", "gases"]].to_numpy().tolist() == [[2019, "direct", "CO2"]]
    rounded = lca.candidates(("1.067181 lb/kWh", "1.067781 lb/kWh"))
    assert int(rounded["fits"].sum()) == 4
    nearest = lca.candidates(("1.068035 lb/kWh", "1.068635 lb/kWh"), place="US-RFCW", most=1)
    assert nearest[["value", "off"]].round(6).to_numpy().tolist() == [[1.067679, 0.000333]]


def test_the_posterior_of_the_page() -> None:
    names, _ = run()
    assert names["posterior"].effective >= 400
    assert names["figure"].axes[0].get_xlabel().startswith("intensity, ")
    table = names["posterior"].table
    assert 18.5 <= table.loc["total", "p5"] < table.loc["total", "p95"] <= 19.5
