"""The what-if page computes what the library computes: to 1e-12, at random settings (U2, U3, D4)."""

from __future__ import annotations

import base64
import importlib
import importlib.util
from collections.abc import Callable
from pathlib import Path

import example_study
import numpy as np
import pytest
from browser import Browser, needs_browser, one_browser
from what_if_pages import data_of, every_function, largest_difference, over_years, said, settings

import lca
from lca.sampling.elements import Op

pytestmark = needs_browser

EXACT = 1e-12
#: What a page may meet: what is drawn is a row, and limits are laws.
OPERATIONS = set(Op) - {
    Op.COPY, Op.UNIFORM, Op.EMPIRICAL, Op.TRIANGULAR, Op.CUBIC, Op.DISCRETE, Op.LIMIT,
}  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Browser:
    return one_browser()


def test_a_page_answers_as_the_library_does(browser: Browser, tmp_path: Path) -> None:
    """The numbers that are compared are those of `lca.nominal`, `lca.monte_carlo` and `lca.summary`."""
    study = over_years()
    page = lca.explore(study, tmp_path / "page.html", parameters=["robots.load", "jetson.embodied"], draws=500, seed=7)
    tab = browser.open(page)
    assert tab.complaints == []
    for setting in ({"values": {}, "labels": {}}, *settings(page, 2, 1)):
        assert largest_difference(study, page, tab, setting) < EXACT


def demo() -> lca.Study:
    """The study of `make demo`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).parents[2] / "examples"))
        made: lca.Study = importlib.import_module("superpoint").study
    return made


@pytest.mark.slow
@pytest.mark.parametrize("make", [demo, example_study.study, every_function, over_years])
def test_a_hundred_settings(browser: Browser, tmp_path: Path, make: Callable[[], lca.Study]) -> None:
    study = make()
    page = lca.explore(study, tmp_path / "page.html")
    tab, asked = browser.open(page), settings(page, 100, 11)
    assert max(largest_difference(study, page, tab, one) for one in asked) < EXACT
    assert len({said(tab, one)[0]["total"]["p50"] for one in asked}) > 50  # they are not all the same


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_no_violation(browser: Browser, tmp_path: Path, width: int, dark: bool) -> None:
    spec = importlib.util.find_spec("axe_playwright_python")
    if spec is None or spec.origin is None:
        pytest.skip("axe-playwright-python is not installed; make check installs it")
    parameters = {"robots.active": ("4 h/day", "20 h/day"), "robots.idle": ("0 h/day", "16 h/day"), "robots.load": None}
    page = lca.explore(example_study.study(), tmp_path / "page.html", parameters=parameters, draws=100)
    for setting in ("", "robots.load=9", "robots.active=20&robots.idle=16"):
        tab = browser.open(page, width=width, dark=dark, hash=setting)
        tab.run(Path(spec.origin).with_name("axe.min.js").read_text(encoding="utf-8") + "; 0")
        assert tab.run("axe.run().then(found => found.violations.map(one => one.id))") == []


def test_the_study_of_every_function_has_every_operation(tmp_path: Path) -> None:
    page = lca.explore(every_function(), tmp_path / "page.html", draws=100)
    nodes = np.frombuffer(base64.b64decode(data_of(page)["nodes"]), "<i4").reshape(5, -1)
    assert {Op(op) for op in nodes[0].tolist()} == OPERATIONS
    kinds = {shape["kind"] for shape in data_of(page)["shapes"]}
    assert kinds == {"uniform", "listed", "discrete", "normal", "tabled", "drawn"}
