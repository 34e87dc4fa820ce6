"""What a notebook shows: escaped, self-contained, without scripts, with the numbers of the text."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from example_study import BEST, result, study

import lca
from lca.errors import DomainError, LabelError, MissingError
from lca.interpretation.table import Table
from lca.records import notebook

NASTY = "<script>alert(1)</script> & \"'"
VOID = {"br", "col"}


class Tags(HTMLParser):
    """Every tag that is opened, its attributes, and whether all are closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.attributes: set[str] = set()
        self.texts: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def nasty() -> list[Any]:
    grid = lca.Electricity(f"grid {NASTY}", intensity="0.4 kg CO2e/kWh", at="facility", source=NASTY)
    site = lca.Site(f"site {NASTY}", pue=1.0, electricity=grid, source=NASTY)
    desk = lca.Hardware(f"desk {NASTY}", embodied=lca.Lognormal("30 kg CO2e", gsd=1.5), lifetime="5 year", source=NASTY)
    run = lca.Training(f"run {NASTY}", energy="10 kWh", at="wall", site=site)
    outside = lca.outside_goal(NASTY)
    excluded = dict.fromkeys(("development", "use", "manufacturing", "distribution", "end_of_life"), outside)
    unit = lca.FunctionalUnit(f"unit {NASTY}", count="1 device")
    made = lca.Study(NASTY, run, functional_unit=unit, excluded=excluded)
    return [made, lca.monte_carlo(made, draws=20, progress=False), desk, site, grid]


@pytest.mark.parametrize("which", range(5))
def test_names_and_sources_are_escaped_and_nothing_is_loaded(which: int) -> None:
    thing = nasty()[which]
    page = Tags(thing._repr_html_())
    assert not {"script", "img", "link", "iframe"} & page.seen
    assert not {"src", "href"} & page.attributes
    assert not any(name.startswith("on") for name in page.attributes)
    assert NASTY in " ".join(page.texts)
    assert "details" in page.seen


def test_a_note_of_a_table_is_escaped() -> None:
    table = Table({"x": [1.0]})
    table.attrs["note"] = NASTY
    assert "script" not in Tags(table._repr_html_()).seen


def test_a_study_and_a_result_show_their_numbers() -> None:
    text = " ".join(Tags(study()._repr_html_()).texts)
    assert "one 120x392 frame through SuperPoint" in text
    assert "engine: 10 labels" in text
    assert str(study()) in text
    one = result().sel(engine=BEST)
    shown = " ".join(Tags(one._repr_html_()).texts)
    for stage in (*one.model.stages, "total"):
        assert all(headline in shown for _, headline in one._headlines(stage))
    assert one.contents in shown


def test_a_record_shows_number_spread_status_and_source_of_each_value() -> None:
    """Uniform from 3 to 5 kg: nominal 4; 5 % at 3.1 and 95 % at 4.9. A lifetime is told in years."""
    made = lca.Hardware("box", embodied=lca.Uniform("3 kg CO2e", "5 kg CO2e"), lifetime="5 year", source="a label")
    shown = " | ".join(Tags(made._repr_html_()).texts)
    assert "embodied | 4 kg CO2e/device | 5 to 95 %: 3.1 to 4.9 | declared | a label" in shown
    assert "lifetime | 5 year | none" in shown
    whole = lca.Hardware.from_parts("two", [made, made.replaced(name="other")], lifetime="5 year")
    assert "embodied | 8 kg CO2e/device | from a formula" in " | ".join(Tags(whole._repr_html_()).texts)


def test_a_notebook_completes_names_paths_and_labels() -> None:
    """What it offers for study["..."] is there."""
    made = study()
    offered = made._ipython_key_completions_()
    assert {"robots", "robots.pue", "use/robots", "total", f"total[engine={BEST}]", "jetson.embodied"} <= {*offered}
    assert len(offered) == len(set(offered))
    assert all(made[path] is not None for path in offered)
    assert "use/robots" in result().data._ipython_key_completions_()
    assert "summary" in dir(lca)
    assert {"replace", "vary", "sel"} <= set(dir(made))
    assert {"pue", "electricity"} <= set(dir(made["pittsburgh-desk"]))


def test_a_study_gives_values_and_components_by_their_paths() -> None:
    made = study()
    assert made["jetson"].lifetime is made["jetson.lifetime"]
    assert isinstance(made["robots"], lca.Deployment)  # its site has that name, too
    one = lca.nominal(made[f"total[engine={BEST}]"]).data["value"].item()
    assert one == lca.nominal(made).data["total"].sel(engine=BEST).item()
    wrong = {"totl": MissingError, "total[engine=x]": LabelError, "total[en=x]": LabelError, "[": MissingError}
    for path, error in wrong.items():
        with pytest.raises(error):
            made[path]
    with pytest.raises(DomainError):
        made[3]  # type: ignore[index]


def test_a_table_keeps_its_note_under_slicing_and_as_html(tmp_path: Path) -> None:
    table = lca.summary(result().sel(engine=BEST))
    note = f"<p>{table.attrs['note']}</p>"
    for part in (table.head(2), table[:2], table[["p50", "unit"]], table.loc[["use"]], table.query("share > 0.1"),
                 table.sort_values("mean"), table.reset_index(), table.round(1), table.T):  # fmt: skip
        assert note in part._repr_html_()
        assert note in part.to_html()
        assert table.attrs["note"] in str(part)
    table.to_html(tmp_path / "table.html")
    assert (tmp_path / "table.html").read_text(encoding="utf-8") == table.to_html()
    with open(tmp_path / "open.html", "w", encoding="utf-8") as file:
        table.to_html(file)
    assert (tmp_path / "open.html").read_text(encoding="utf-8") == table.to_html()


def test_a_notebook_shows_some_rows_of_a_long_table() -> None:
    table = Table({"x": range(5000)})
    text = table._repr_html_()
    assert text.count("<tr>") < 100
    assert "60 of 5,000 rows are shown." in text


def test_the_progress_bar_is_a_widget_only_where_a_notebook_has_widgets(monkeypatch: pytest.MonkeyPatch) -> None:
    import tqdm
    import tqdm.notebook

    from lca import progress

    shell = SimpleNamespace(config={"IPKernelApp": {}})
    assert progress.bar_class() is tqdm.tqdm
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setattr(progress, "find_spec", lambda name: None)
    assert progress.bar_class() is tqdm.tqdm
    monkeypatch.setattr(progress, "find_spec", lambda name: object())
    assert progress.bar_class() is tqdm.notebook.tqdm
    shell.config.clear()
    assert progress.bar_class() is tqdm.tqdm


def test_boxes_and_tables_take_the_colours_of_the_page_around_light_or_dark() -> None:
    for thing in (study(), result(), lca.summary(result())):
        (style, *_) = re.findall("<style>(.*?)</style>", thing._repr_html_(), re.DOTALL)
        assert not re.search(r"#[0-9a-f]{3}|white|black", style.replace("white-space", ""))
        assert "background:#" not in style


def test_columns_of_texts_stand_on_the_left() -> None:
    """The second and third columns are texts; the index counts as a head of each row."""
    text = Table({"x": [1.0], "name": ["a b"], "long": ["word " * 20]}, index=["first"])._repr_html_()
    assert 'class="dataframe lca-table lca-left-2 lca-left-3"' in text
    assert text.count("td:nth-of-type(2){text-align:left;white-space:nowrap}") == 1
    assert text.count("td:nth-of-type(3){text-align:left;min-width:28ch}") == 1
    assert "thead th:nth-of-type(3){text-align:left}" in text


def test_an_answer_in_words_is_a_paragraph_of_its_box() -> None:
    text = notebook.box("Decision", "over engine", {"Choose a < b.": " ", "draws": "5"}, {})
    assert "<p>Choose a &lt; b.</p><table>" in text
    assert text.count("<tr>") == 1
