"""The what-if page computes what the library computes: to 1e-12, at random settings (U2, U3, D4)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import example_study
import numpy as np
import pytest
from browser import Browser, needs_browser
from what_if_pages import data_of, every_function, largest_difference, over_years, settings

import lca
from lca.sampling.elements import Op

pytestmark = needs_browser

EXACT = 1e-12
#: What a page may meet: what is drawn is a row, and limits are laws.
OPERATIONS = set(Op) - {
    Op.COPY, Op.UNIFORM, Op.EMPIRICAL, Op.TRIANGULAR, Op.CUBIC, Op.DISCRETE, Op.LIMIT,
}  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as one:
        yield one


def answers(browser: Browser, page: Path, asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a page answers to some settings."""
    tab = browser.open(page)
    assert tab.complaints == []
    script = f"{json.dumps(asked)}.map(one => {{ const {{ draws, ...rest }} = what_if.answer(one); return rest; }})"
    found: list[dict[str, Any]] = tab.run(script)
    return found


def test_a_page_answers_as_the_library_does(browser: Browser, tmp_path: Path) -> None:
    """The numbers that are compared are those of `lca.nominal`, `lca.monte_carlo` and `lca.summary`."""
    study = over_years()
    page = lca.explore(study, tmp_path / "page.html", parameters=["robots.load", "jetson.embodied"], draws=500, seed=7)
    asked = [{"values": {}, "labels": {}}, *settings(page, 2, 1)]
    for setting, answer in zip(asked, answers(browser, page, asked), strict=True):
        assert "refused" not in answer
        assert largest_difference(study, page, setting, answer) < EXACT


@pytest.mark.slow
@pytest.mark.parametrize("make", [example_study.study, every_function, over_years])
def test_a_hundred_settings(browser: Browser, tmp_path: Path, make: Callable[[], lca.Study]) -> None:
    study = make()
    page = lca.explore(study, tmp_path / "page.html")
    asked = settings(page, 100, 11)
    found = answers(browser, page, asked)
    differences = [largest_difference(study, page, one, answer) for one, answer in zip(asked, found, strict=True)]
    assert max(differences) < EXACT
    assert len({answer["total"]["p50"] for answer in found}) > 50  # they are not all the same


def test_the_study_of_every_function_has_every_operation(tmp_path: Path) -> None:
    page = lca.explore(every_function(), tmp_path / "page.html", draws=100)
    nodes = np.frombuffer(base64.b64decode(data_of(page)["nodes"]), "<i4").reshape(5, -1)
    assert {Op(op) for op in nodes[0].tolist()} == OPERATIONS
    kinds = {shape["kind"] for shape in data_of(page)["shapes"]}
    assert kinds == {"uniform", "listed", "discrete", "normal", "tabled", "drawn"}
