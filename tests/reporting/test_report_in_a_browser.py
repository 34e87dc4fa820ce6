"""The report of the demo as a browser shows it: for screen readers, on a phone, in the dark and on paper."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Browser, Tab, needs_browser
from report_pages import DAY

pytestmark = [pytest.mark.slow, needs_browser]

ROOT = Path(__file__).parents[2]
#: Pixels of the text of an A4 page, 182 mm at 96 dpi.
A4 = 688
OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"
#: What reaches beyond the width of the page and is in no part of it that scrolls.
BEYOND = """[...document.querySelectorAll('body *')].filter(one => {
  const box = one.getBoundingClientRect();
  return box.width > 0 && box.right > innerWidth + 1 && !one.closest('.scroll, .heard, svg');
}).map(one => one.outerHTML.slice(0, 120))"""
#: Tables and figures that are cut on paper, where nothing scrolls.
CUT = """[...document.querySelectorAll('table, figure, pre, svg')].filter(one => {
  const box = one.getBoundingClientRect();
  return box.width > 0 && box.right > innerWidth + 1 || one.scrollWidth > one.clientWidth + 1 && one.tagName != 'svg';
}).map(one => one.outerHTML.slice(0, 200))"""
AXE = """axe.run().then(found => found.violations.map(one =>
  one.id + ': ' + one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')))"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as made:
        yield made


@pytest.fixture(scope="module")
def printed_and_page(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What `make demo` prints, and the page that it writes."""
    out = tmp_path_factory.mktemp("demo")
    command = [sys.executable, str(ROOT / "examples" / "superpoint.py"), "--out", str(out), "--draws", "10000"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    return printed, out / "report.html"


@pytest.fixture(scope="module")
def page(printed_and_page: tuple[str, Path]) -> Path:
    return printed_and_page[1]


def test_a11_the_demo_its_report_and_the_readme_have_one_headline(
    printed_and_page: tuple[str, Path], browser: Browser
) -> None:
    printed, page = printed_and_page
    headline = r"[\d.]+ t CO2e \(median; 5 to 95.%: [\d.]+ to [\d.]+\)"
    texts = [printed, browser.open(page).text, (ROOT / "README.md").read_text(encoding="utf-8")]
    found = [re.search(headline, " ".join(text.split())) for text in texts]
    said = {one[0].replace("\N{NO-BREAK SPACE}", " ") for one in found if one}
    assert all(found)
    assert len(said) == 1, said


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_the_first_screen_answers_the_questions_of_a_newcomer(
    page: Path, browser: Browser, width: int, height: int
) -> None:
    """How much, how sure, what drives it, which engine, what to do next: all above the fold."""
    tab = browser.open(page, width=width, height=height)
    ends = tab.run(
        "[...document.querySelectorAll('.headline, .answers dd')].map(o => o.getBoundingClientRect().bottom)"
    )
    assert len(ends) == 6
    assert max(ends) <= height


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_violation(page: Path, browser: Browser, width: int, dark: bool) -> None:
    """Roles, names, contrast and order, with everything opened that can be."""
    spec = importlib.util.find_spec("axe_playwright_python")
    if spec is None or spec.origin is None:
        pytest.skip("axe-playwright-python is not installed; make check installs it")
    tab = browser.open(page, width=width, dark=dark)
    tab.run(OPEN_ALL)
    tab.run(Path(spec.origin).with_name("axe.min.js").read_text(encoding="utf-8") + "; 0")
    assert tab.run(AXE) == []


def test_the_page_asks_for_nothing_and_breaks_no_policy_of_its_own(page: Path, browser: Browser) -> None:
    tab = browser.open(page)
    tab.run(OPEN_ALL)
    assert tab.requests == [page.resolve().as_uri()]
    assert tab.complaints == []


@pytest.mark.parametrize("width", [390, 320, 1280])
def test_a_page_does_not_scroll_sideways(page: Path, browser: Browser, width: int) -> None:
    """Wide tables and figures scroll by themselves; everything else fits."""
    tab = browser.open(page, width=width, height=844)
    tab.run(OPEN_ALL)
    assert tab.run("document.documentElement.scrollWidth") <= width
    assert tab.run(BEYOND) == []


def test_the_ground_and_the_ink_follow_the_reader(page: Path, browser: Browser) -> None:
    def colours(tab: Tab) -> Any:
        return tab.run("[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]")

    light, dark = (colours(browser.open(page, dark=one)) for one in (False, True))
    assert light[0] == "rgb(255, 255, 255)"
    assert dark[0] != light[0]
    assert dark[1] != light[1]


def test_no_column_is_cut_on_paper(page: Path, browser: Browser) -> None:
    """A4, with what is folded opened, without a script."""
    tab = browser.open(page, width=A4, height=1000)
    assert tab.run("document.querySelectorAll('details[open]').length") == 0
    tab.call("Emulation.setEmulatedMedia", {"media": "print"})
    shown = "[...document.querySelectorAll('details > :not(summary)')].every(o => o.getBoundingClientRect().height > 0)"
    assert tab.run(shown)
    assert tab.run("document.documentElement.scrollWidth") <= A4
    assert tab.run(CUT) == []


def test_pages_of_paper_are_a4(page: Path, browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    browser.open(page).pdf(path)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", path.read_bytes())
    assert len(boxes) > 5
    assert {(round(float(width)), round(float(height))) for width, height in boxes} == {(595, 842)}


def test_a_link_into_a_folded_table_opens_it(page: Path, browser: Browser) -> None:
    """The row of a value is shown, wherever it stands."""
    rows = browser.open(page).run("[...document.querySelectorAll('tr[id]')].map(one => one.id)")
    last = str(rows[-1])
    tab = browser.open(page, hash=last)
    assert tab.run(f"document.getElementById({last!r}).getBoundingClientRect().height") > 0
    assert tab.run(f"document.getElementById({last!r}).closest('details').open")


def test_the_day_alone_decides_the_bytes(page: Path, tmp_path: Path) -> None:
    import lca

    loaded = lca.load(page.with_name("result.lca"))
    one, two = (lca.report(loaded, tmp_path / name, date=DAY, base=64) for name in ("a.html", "b.html"))
    assert one.read_bytes() == two.read_bytes()
