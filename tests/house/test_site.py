"""The site: every page in its navigation, every public name, figure, error text and table on a page of its own.

`mkdocs build --strict` looks at the rest: that the pages of the navigation exist, and that links and anchors lead
somewhere.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from pathlib import Path

import pytest

import lca

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "docs" / "build"
SITE = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
#: A page of the navigation, below its part.
PAGE = re.compile(r"^ +- (?:.*: )?([\w/-]+\.md)$", re.MULTILINE)
sys.path.insert(0, str(BUILD))
try:
    import api
    import charts
    import data_tables
    import error_messages
    import gallery
finally:
    sys.path.remove(str(BUILD))


def test_every_page_stands_in_the_navigation_once() -> None:
    """In one of four parts; those of the reference that are made have no file."""
    listed = PAGE.findall(SITE)
    assert len(listed) == len(set(listed))
    written = {str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").rglob("*.md")}
    assert written <= set(listed)
    assert re.findall(r"^  - ([^:\n]+):$", SITE, re.MULTILINE)[-4:] == [
        "Tutorials", "How-to", "Reference", "Explanation"
    ]  # fmt: skip


def test_the_code_on_the_home_page_runs(capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    exec(compile(block, "docs/index.md", "exec"), {})
    assert "kWh at the facility" in capsys.readouterr().out


def test_nothing_is_fetched_from_elsewhere() -> None:
    """No fonts, no scripts: a site that is read without a network looks the same."""
    assert "  font: false" in SITE
    assert not re.search(r"https?://", SITE)


def test_charts_are_drawn_without_a_script() -> None:
    """A node stands below what leads to it; an edge back does not count; what is not known stops the build."""
    text = 'flowchart LR\n  a["one<br/>two"] --> b{Is it?}\n  b -->|yes| c[end]\n  c --> a\n  a --> c\n'
    chart = charts.read(text)
    assert chart.nodes == {"a": ["one", "two"], "b": ["Is it?"], "c": ["end"]}
    assert chart.edges == {("a", "b"): "", ("b", "c"): "yes", ("c", "a"): "", ("a", "c"): ""}
    assert (chart.questions, charts.back(chart)) == ({"b"}, {("c", "a")})
    assert charts.layers(chart) == {"a": 0, "b": 1, "c": 2}
    assert charts.svg(text).count("<rect") == 3
    assert charts.svg(text).count("stroke-dasharray") == 1
    with pytest.raises(ValueError, match="does not know: a ==> b"):
        charts.read("flowchart TD\n  a ==> b\n")
    for path in (ROOT / "docs").rglob("*.md"):
        assert "```mermaid" not in charts.drawn(path.read_text(encoding="utf-8")), path.name


def test_every_public_name_has_one_page() -> None:
    pages = api.pages()
    assert {f"reference/api/{theme}.md" for theme in api.THEMES} | {"reference/api/index.md"} == set(pages)
    assert set(pages) <= set(PAGE.findall(SITE))
    text = "\n".join(text for path, text in pages.items() if not path.endswith("index.md"))
    names = [name for name, _ in api.public()]
    assert {*lca.__all__} <= {*names}
    for name in names:
        assert len(re.findall(rf"(?:<a id=\"|\{{#)lca\.{re.escape(name)}[\"}}]", text)) == 1, name


@pytest.mark.parametrize(
    ("name", "theme"),
    [
        ("Normal", "quantities"),
        ("Site", "electricity"),
        ("Training", "activities"),
        ("sobol", "questions"),
        ("summary", "results"),
        ("plot.stages", "figures"),
        ("formulas.facility_energy", "formulas"),
    ],
)
def test_a_name_stands_under_its_theme(name: str, theme: str) -> None:
    """The longest beginning of its module decides; a helper of a module belongs to the module's page."""
    assert api.theme_of(name, dict(api.public())[name]) == theme


def test_ways_to_make_a_record_stand_with_it_though_another_class_has_them() -> None:
    assert api.ways(lca.Training) == ["from_flops", "from_throughput"]
    assert "inherited_members: ['from_flops', 'from_throughput']" in api.pages()["reference/api/activities.md"]
    assert api.ways(lca.errors.UnitError) == api.ways(lca.monte_carlo) == []


def test_every_figure_is_in_the_gallery_with_five_lines_at_most() -> None:
    drawn = {name for name in lca.plot.__all__ if callable(getattr(lca.plot, name))} - {"readable_unit"}
    assert set(gallery.EXAMPLES) == drawn
    for name, example in gallery.EXAMPLES.items():
        lines = example["code"].strip().splitlines()
        assert len(lines) <= 5, name
        assert re.match(rf"ax = lca\.plot\.{name}\(", lines[-1]), name
        assert all(len(line) <= 120 for line in lines), name


@pytest.mark.slow
def test_every_figure_of_the_gallery_is_drawn() -> None:
    figures = gallery.figures()
    assert set(figures) == set(gallery.EXAMPLES)
    for name, figure in figures.items():
        assert figure.count("<path") + figure.count("<text") > 10, name


def test_every_text_of_an_error_is_on_its_page() -> None:
    (page,) = error_messages.pages().values()
    heads = ("| what is wrong | how", "|---")
    rows = [line for line in page.splitlines() if line.startswith("|") and not line.startswith(heads)]
    assert len(rows) == len(lca.errors.messages())
    assert "the functional unit is counted 0 times or less" in page
    classes = set(re.findall(r"errors\.md#lca\.errors\.(\w+)", page))
    assert classes <= {name for name, value in vars(lca.errors).items() if isinstance(value, type)}
    assert len(classes) > 10


def test_every_table_is_on_the_page_of_data_with_its_rows() -> None:
    (page,) = data_tables.pages().values()
    for path in (ROOT / "data").rglob("datapackage.json"):
        name = json.loads(path.read_text(encoding="utf-8"))["name"]
        for table in path.parent.glob("*.csv"):
            with open(table, encoding="utf-8", newline="") as file:
                count = sum(1 for _ in csv.reader(file)) - 1
            assert f"[`{table.stem}`](#{name}-{table.stem}) | {count:,} |" in page
            assert f"### {table.stem} {{#{name}-{table.stem}}}" in page


@pytest.mark.parametrize("path", sorted((ROOT / "examples" / "notebooks").glob("*.ipynb")), ids=lambda path: path.name)
def test_a_notebook_is_kept_without_what_it_printed(path: Path) -> None:
    """`make check` runs it; what it prints is not kept, so that it cannot be stale."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert len(code) > 5
    assert len(cells) - len(code) > 5
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    figures = sum("lca.plot." in "".join(cell["source"]) for cell in code)
    assert figures >= 2
