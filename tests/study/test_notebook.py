"""What a notebook shows: escaped, self-contained, without scripts, with the numbers of the text."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from example_study import BEST, result, study

import lca

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
    table = lca.interpretation.table.Table({"x": [1.0]})
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
