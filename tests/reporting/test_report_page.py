"""How a report is written: a page that needs nothing and runs nothing, its twin, and the files beside them."""

from __future__ import annotations

import re
import shutil
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import jinja2
import pytest
from example_study import BEST, grid, home_site, part, study, training, workstation
from report_pages import DAY, Page, plain, small, written

import lca
from lca.errors import DomainError, MissingError
from lca.reporting import page as module

BASE = 64


@cache
def ten() -> lca.Result:
    return lca.monte_carlo(study(), draws=1_000, progress=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lca.report(ten(), tmp_path_factory.mktemp("out") / "superpoint", base=BASE, date=DAY).parent


def test_the_page_needs_no_network_and_runs_nothing(folder: Path) -> None:
    text = (folder / "report.html").read_text(encoding="utf-8")
    found = Page(text)
    assert not found.tags & {"script", "link", "iframe", "object", "embed", "img", "image", "base", "form", "video"}
    for tag, name, value in found.loads:
        clicked = (tag, name) == ("a", "href") and value.startswith("https://")
        assert tag == "meta" or value.startswith("#") or clicked, f"<{tag} {name}={value}>"
    assert "@import" not in text
    assert not re.search(r"url\((?!#)", text)
    assert {value[1:] for _, _, value in found.loads if value.startswith("#")} <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))  # two figures on one page
    assert found.tags >= {"svg", "table", "style"}
    assert "default-src 'none'" in text


def test_figures_stand_beside_the_twin(folder: Path) -> None:
    text = (folder / "report.md").read_text(encoding="utf-8")
    for name in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text):
        assert (folder / name).read_text(encoding="utf-8").startswith("<svg xmlns=")
    assert sorted(path.name for path in folder.iterdir()) == [
        "differences.svg", "drivers.svg", "provenance.csv", "report.html", "report.md",
        "result.lca", "stages.svg", "years.svg",
    ]  # fmt: skip


def test_names_are_escaped_wherever_they_come_from(tmp_path: Path) -> None:
    bad = "<script>alert('x')</script> & a|b * `c` $d$"
    labels = ["<img src=x onerror=alert(1)>", "a|b, [c] </pre>", "plain"]
    seconds, watts = ({label: float(n) for label, n in zip(labels, r, strict=True)} for r in ((9, 8, 7), (5, 6, 7)))
    desk = workstation(distribution=None, end_of_life=None, name="desk <b>")
    run = training(
        desk, home_site(grid()), name="run <i>", duration=lca.labelled(seconds, "s", dim="model"),
        power=lca.labelled(watts, "W at_wall", dim="model"),
    )  # fmt: skip
    excluded = {stage: lca.outside_goal(f"{bad} {stage}") for stage in ("end_of_life", "distribution")}
    unit = lca.FunctionalUnit(f"unit {bad}", count="1 device", quality=bad)
    made = part(run, alternatives=("model",), excluded=excluded, functional_unit=unit).replaced(name=bad)
    page, twin = written(made, tmp_path)
    for name in ("report.html", "report.md"):
        text = re.sub(r"^    .*\n", "", (tmp_path / name).read_text(encoding="utf-8"), flags=re.MULTILINE)  # code
        assert "<script" not in text
        assert "<img" not in text
        assert "<b>," not in text
        assert text.count("</pre>") == text.count("<pre>")
    Page((tmp_path / "report.html").read_text(encoding="utf-8"))  # no attribute that runs
    for text in (page, twin):
        assert bad in text
        assert f"outside the goal: {bad} distribution" in text
        for label in labels:
            assert label in text
    for block in re.findall(r"(?:^\|.*\n)+", (tmp_path / "report.md").read_text(encoding="utf-8"), flags=re.MULTILINE):
        bars = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(bars) == 1, block  # a name with a bar stays in its cell


def test_nothing_is_written_where_a_template_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = shutil.copytree(module.TEMPLATES, tmp_path / "templates") / "report.html"
    broken.write_text(broken.read_text(encoding="utf-8") + "{{ not_there }}", encoding="utf-8")
    monkeypatch.setattr(module, "TEMPLATES", tmp_path / "templates")
    old = tmp_path / "out"
    old.mkdir()
    (old / "report.html").write_text("as it was")
    with pytest.raises(jinja2.UndefinedError):
        written(small(), old)
    assert [path.name for path in old.iterdir()] == ["report.html"]
    assert (old / "report.html").read_text() == "as it was"


def test_a_result_from_disk_reports_the_same_to_the_byte(folder: Path, tmp_path: Path) -> None:
    loaded = lca.load(folder / "result.lca")
    whole = lca.report(loaded, tmp_path / "whole", base=BASE, date=DAY)
    for name in ("report.html", "report.md", "provenance.csv", "stages.svg", "drivers.svg"):
        assert (whole.parent / name).read_bytes() == (folder / name).read_bytes(), name
    assert lca.load(whole.with_name("result.lca")).data.identical(loaded.data)


def test_a_result_without_its_study_says_so(folder: Path, tmp_path: Path) -> None:
    text = plain(lca.report(replace(lca.load(folder / "result.lca"), held=None), tmp_path, base=BASE, date=DAY))
    full = plain(folder / "report.html")
    assert "are not part of this saved result" in text
    same = {
        "SuperPoint": "Functional unit",
        "Result by stage": "Two rules",
        "Data quality, limitations": "Standards Passed",
    }
    for begin, end in same.items():
        here, there = (one[one.index(begin) :] for one in (text, full))
        there = there[: there.index(end)].strip()
        assert here.startswith(there), begin
        assert len(there) > 100


def test_a_study_of_another_result_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DomainError, match="not the one of the result"):
        lca.report(ten(), tmp_path / "out", study=study().sel(engine=BEST))
    with pytest.raises(MissingError, match="a report needs the result of a study"):
        lca.report(lca.nominal(lca.parameter("x", "1 kWh at_wall")), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_missing_jinja_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(MissingError, match=r"pip install 'lca\[report\]'"):
        lca.report(ten(), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_templates_lie_beside_the_module_that_reads_them() -> None:
    """Each chapter has a template for the page; the twin has one of its own."""
    templates = module.TEMPLATES
    assert Path(module.__file__).parent == templates.parent
    page = (templates / "report.html").read_text(encoding="utf-8")
    assert {path.name for path in templates.iterdir() if path.is_file()} == {
        "report.css", "report.html", "report.md", "report.toml",
    }  # fmt: skip
    used = set(re.findall(r'"(?:html|markdown)/([\w.]+)"', page))
    assert used == {path.name for path in (templates / "html").iterdir()}
    assert [path.name for path in (templates / "markdown").iterdir()] == ["macros.md"]
