"""Figures as SVG: live text that stays within its place, colours that a page sets, the same bytes every time."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import matplotlib
import pytest
from matplotlib.figure import Figure

from lca.interpretation.plot.canvas import figure_of
from lca.interpretation.plot.svg import THEMED, svg_of
from lca.interpretation.plot.texts import INK, QUIET

NAMESPACE = "{http://www.w3.org/2000/svg}"


def axes(labels: list[str] | None = None) -> Any:
    ax = figure_of(4, 2).add_subplot()
    ax.barh([0, 1], [1, 2])
    ax.set_yticks([0, 1], labels=labels or ["one", "two\nand a half"], color=INK)
    ax.set_xlabel("mass <kg> & more", color=QUIET, loc="left")
    return ax


def written(ax: Any, name: str = "figure") -> ElementTree.Element:
    return ElementTree.fromstring(svg_of(ax, name, "A title & <more>", "What is seen."))


def texts(root: ElementTree.Element) -> dict[str, ElementTree.Element]:
    return {one.text or "": one for one in root.iter(f"{NAMESPACE}text")}


def test_texts_are_texts_and_no_outlines() -> None:
    assert texts(written(axes())).keys() >= {"one", "two", "and a half", "mass <kg> & more"}


def test_a_screen_reader_gets_a_title_and_a_description() -> None:
    root = written(axes(), "bars")
    ids = {one.get("id"): one.text for one in root.iter() if one.get("id")}
    assert root.get("role") == "img"
    assert [ids[name] for name in root.get("aria-labelledby", "").split()] == ["A title & <more>", "What is seen."]


def test_ids_are_named_after_the_figure_and_each_is_needed() -> None:
    text = svg_of(axes(), "bars", "", "")
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert all(one.startswith("bars-") for one in ids)
    assert set(re.findall(r'(?:url\(|href=")#([^")]+)', text)) == {one for one in ids if one[-1].isdigit()} != set()


def test_lines_of_a_name_end_where_they_are_aligned() -> None:
    """A reader's font is narrower than that of the layout: names beside bars still end at the axis."""
    found = texts(written(axes()))
    ends = {(found[name].get("x"), found[name].get("text-anchor")) for name in ("one", "two", "and a half")}
    assert len(ends) == 1
    assert ends.pop()[1] == "end"
    assert found["mass <kg> & more"].get("text-anchor") is None  # at the left


def test_colours_are_those_of_the_page_with_a_plain_one_before() -> None:
    text = svg_of(axes(), "bars", "", "")
    for colour, (name, _) in THEMED.items():
        plain = f"fill: {colour.lower()}"
        assert not re.search(rf"{plain}(?!; fill: var\({name}, {colour.lower()}\))", text)
    assert f"fill: {INK}; fill: var(--ink, {INK})".lower() in text
    assert "#000000;" not in text.replace("#000000; fill: var(--ink", "").replace("#000000; stroke: var(--ink", "")


def test_a_file_of_its_own_is_dark_for_those_who_ask_for_it() -> None:
    style = next(written(axes()).iter(f"{NAMESPACE}style")).text or ""
    light, _, dark = style.partition("@media (prefers-color-scheme:dark)")
    for colour, (name, at_night) in THEMED.items():
        assert f"{name}:{colour.lower()};" in light
        assert f"{name}:{at_night};" in dark
    assert re.sub(r"svg:root\{[^}]*\}", "", style) == "@media (prefers-color-scheme:dark){}", "no rule for the page"


def test_the_same_figure_has_the_same_bytes_and_stays_as_it_was() -> None:
    ax = axes()
    figure, settings = ax.figure, dict(matplotlib.rcParams)
    before = figure.dpi, figure.canvas
    assert svg_of(ax, "bars", "a", "b") == svg_of(ax, "bars", "a", "b") == svg_of(axes(), "bars", "a", "b")
    assert (figure.dpi, figure.canvas) == before
    assert dict(matplotlib.rcParams) == settings
    assert svg_of([ax], "bars", "a", "b") == svg_of(ax, "bars", "a", "b")


@pytest.mark.parametrize("name", ["机器人的制造", "रोबोट का निर्माण", "ロボット 2"])
def test_letters_that_the_font_lacks_have_room_and_raise_no_warning(name: str) -> None:
    """A browser has these letters; each is about as wide as it is high."""
    ax = axes([name, "two"])
    found = texts(written(ax))[name]
    size = float(re.search(r"font-size: ([\d.]+)px", found.get("style", "")).group(1))  # type: ignore[union-attr]
    wide = sum(not one.isascii() for one in name)
    assert float(found.get("x", 0)) >= wide * size, "it begins within the figure"


def test_a_turned_text_turns_about_its_fixed_point() -> None:
    ax = Figure(figsize=(3, 3), layout="constrained").add_subplot()
    ax.set_ylabel("up")
    ax.set_xticks([0, 1], labels=["long name", "b"], rotation=90)
    found = texts(written(ax))
    for name, side in {"up": "middle", "long name": "end"}.items():
        one = found[name]
        assert one.get("text-anchor") == side
        assert one.get("transform") == f"rotate(-90 {one.get('x')} {one.get('y')})"


def test_a_formula_is_drawn_and_a_dollar_in_a_name_stays() -> None:
    ax = axes(["$x$ and $y", "b"])
    ax.get_yticklabels()[0].set_parse_math(False)
    ax.set_title(r"$\alpha^2$")
    found = texts(written(ax))
    assert "$x$ and $y" in found
    assert r"$\alpha^2$" not in found
