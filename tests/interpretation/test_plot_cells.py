"""Figures of cells: colours, probabilities and medians are those of the table, and what does not fit is said (A12)."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Text

import lca
from lca.errors import DomainError, MissingError
from lca.graph.functions import stack
from lca.interpretation.plot.by_cell import _shade
from lca.interpretation.plot.canvas import WAYS
from lca.interpretation.plot.grid import ON_LIGHT

LEVELS = {"dry": {"a": 10, "b": 12, "c": 30}, "wet": {"a": 14, "b": 12, "c": 30}, "cold": {"a": 10, "b": 10.1, "c": 30}}
YEARS = {3: 3.0, 8: 8.0}


@cache
def result() -> lca.Result:
    """Three places and two lives: a is best in one place, b in another, and in the third it is open."""
    places = {}
    for place, values in LEVELS.items():
        spread = {name: lca.Normal(value, 1) for name, value in values.items()}
        places[place] = lca.parameter(f"at.{place}", lca.labelled(spread, "kg CO2e", dim="option"))
    years = lca.parameter("years", lca.labelled(YEARS, "", dim="years"))
    return lca.monte_carlo({"total": stack(places, "place") * years}, draws=2_000, progress=False)


def cell_texts(ax: Any) -> list[list[str]]:
    """The texts in the cells of an Axes, row by row."""
    rows = len(ax.get_yticks())
    texts = [text.get_text().replace("\xa0", " ") for text in ax.texts]
    columns = len(texts) // rows
    return [texts[row * columns : (row + 1) * columns] for row in range(rows)]


def said(figure: Any) -> str:
    return " ".join(" ".join(text.get_text().split()) for text in figure.findobj(Text))


def test_a12_a_cell_has_the_best_its_probability_and_its_median() -> None:
    (ax,) = lca.plot.heatmap(result(), over="option", x="years", y="place")
    assert [tick.get_text() for tick in ax.get_yticklabels()] == list(LEVELS)
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["3", "8"]
    colours, texts = ax.collections[0].get_array(), cell_texts(ax)
    for row, place in enumerate(LEVELS):
        for column, years in enumerate(YEARS):
            table = lca.compare(result().sel(place=place, years=years), over="option")
            first = table.sort_values("best").iloc[-1]
            *mark, percent, value = texts[row][column].replace(" %", "").split()
            assert mark == ([] if first.name == "a" else ["▲"])  # a print in grey tells them apart, too
            assert float(percent) == pytest.approx(100 * first["best"], abs=0.5)
            assert float(value) == pytest.approx(first["p50"], rel=0.005)
            order = ["a", "b"]  # a is best in more cells
            base = np.array(to_rgb(WAYS[order.index(str(first.name))]))
            weight = 0.2 + 0.55 * (first["best"] - 1 / 3) / (2 / 3)
            np.testing.assert_allclose(colours[row, column], 1 - weight * (1 - base), atol=1e-9)
    text = said(ax.figure)
    assert "a: best in 67 % of the cells" in text
    assert "▲ b: best in 33 % of the cells" in text
    assert "c: best" not in text
    assert "then the median in kg CO2e" in text
    assert "best option by place and years" in text.lower()


def test_a_surer_cell_is_darker() -> None:
    (ax,) = lca.plot.heatmap(result(), over="option", x="years", y="place")
    colours = np.asarray(ax.collections[0].get_array())
    dry, cold = colours[0, 0].sum(), colours[2, 0].sum()
    assert dry < cold


@pytest.mark.parametrize("colour", [*WAYS[:6], "#8C8C8C"])
def test_a_cell_of_any_colour_lets_its_text_be_read(colour: str) -> None:
    """A contrast of 4.5 (WCAG 2.1, level AA)."""
    ink = float(_linear(np.array(to_rgb(ON_LIGHT))) @ [0.2126, 0.7152, 0.0722])
    cell = float(_linear(_shade(to_rgb(colour))) @ [0.2126, 0.7152, 0.0722])
    assert (cell + 0.05) / (ink + 0.05) > 4.5


def _linear(colour: Any) -> Any:
    """Red, green and blue of sRGB as shares of light (IEC 61966-2-1)."""
    return np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)


def test_without_over_a_cell_has_the_median() -> None:
    (ax,) = lca.plot.heatmap(result().sel(option="b"), x="years", y="place", unit="g CO2e")
    middle = result().to("g CO2e").sel(option="b").median("draw").transpose("place", "years").values
    found = [[float(text.replace(",", "")) for text in row] for row in cell_texts(ax)]
    np.testing.assert_allclose(found, middle, rtol=0.005)
    brightness = np.asarray(ax.collections[0].get_array()).sum(axis=-1)
    assert brightness.ravel().argmax() == middle.argmax()  # the largest is the lightest
    assert "median of the draws, g CO2e" in said(ax.figure)


def test_panels_are_side_by_side_with_one_scale() -> None:
    panels = lca.plot.heatmap(result(), x="place", y="option", panels="years")
    assert [ax.get_title() for ax in panels] == ["years: 3", "years: 8"]
    ratio = [[float(text.replace(",", "")) for text in cell_texts(ax)[0]] for ax in panels]
    np.testing.assert_allclose(ratio[1], np.array(ratio[0]) * 8 / 3, rtol=0.02)
    first, second = (np.asarray(ax.collections[0].get_array()).sum() for ax in panels)
    assert second > first


def test_many_columns_are_drawn_without_numbers() -> None:
    years = lca.parameter("n", lca.labelled({n: float(n) for n in range(1, 19)}, "", dim="years"))
    node = lca.parameter("x", lca.labelled({"a": lca.Normal(3, 1), "b": lca.Normal(4, 1)}, "kg CO2e", dim="option"))
    place = lca.parameter("y", lca.labelled({"dry": 1.0, "wet": 2.0}, "", dim="place"))
    many = lca.monte_carlo({"total": node * years * place}, draws=100, progress=False)
    (ax,) = lca.plot.heatmap(many, over="option", x="years", y="place")
    assert not ax.texts
    assert np.asarray(ax.collections[0].get_array()).shape == (2, 18, 3)


def test_more_alternatives_than_colours_share_a_grey() -> None:
    rng = np.random.default_rng(1)
    names = [f"o{n}" for n in range(8)]
    cells = {}
    for n, place in enumerate(names):
        values = {name: lca.Normal(5.0 + 10 * (i != n) + rng.random(), 0.1) for i, name in enumerate(names)}
        cells[place] = lca.parameter(f"in.{place}", lca.labelled(values, "kg CO2e", dim="option"))
    years = lca.parameter("years", lca.labelled(YEARS, "", dim="years"))
    drawn = lca.monte_carlo({"total": stack(cells, "place") * years}, draws=50, progress=False)
    (ax,) = lca.plot.heatmap(drawn, over="option", x="years", y="place")
    assert "2 others: best in 25 % of the cells" in said(ax.figure)


def test_what_a_figure_of_cells_cannot_show_is_said() -> None:
    with pytest.raises(DomainError, match=r"over option, too(.|\n)*over='option'"):
        lca.plot.heatmap(result(), x="years", y="place")
    with pytest.raises(DomainError, match="'place' is named twice"):
        lca.plot.heatmap(result(), over="option", x="place", y="place")
    with pytest.raises(MissingError, match="no alternatives over 'region'"):
        lca.plot.heatmap(result(), over="option", x="years", y="region")
    with pytest.raises(MissingError, match="no draws"):
        lca.plot.heatmap(lca.nominal(result()), over="option", x="years", y="place")
    with pytest.raises(MissingError, match="no draws"):
        lca.plot.heatmap(lca.nominal(result()).sel(option="a"), x="years", y="place")


def test_u12_probabilities_of_a_summary_say_from_which_draws_they_are() -> None:
    summary = lca.monte_carlo(result().model.outputs, draws=20_000, keep="summary", progress=False)
    (ax,) = lca.plot.heatmap(summary, over="option", x="years", y="place")
    assert "Probabilities from the first 16,384 of 20,000 draws" in said(ax.figure)


def test_names_of_many_columns_and_rows_do_not_overlap() -> None:
    """Long names are turned; of 1,500 cells not each has a name, and the figure does not grow with them."""
    factor = lca.parameter("f", lca.Uniform(1, 2))
    cases = {f"case ${n}$ of a long table": 1.0 + n for n in range(1500)}
    values = lca.parameter("x", lca.labelled(cases, "kg CO2e", dim="case"))
    years = lca.parameter("y", lca.labelled({3: 1.0, 8: 2.0}, dim="years"))
    result = lca.monte_carlo({"total": values * years * factor}, draws=5, progress=False)
    for names in ({"x": "case", "y": "years"}, {"x": "years", "y": "case"}):
        (ax,) = lca.plot.heatmap(result, **names)
        figure = ax.figure
        assert max(figure.get_size_inches()) < 25
        figure.draw_without_rendering()
        for labels in (ax.get_xticklabels(), ax.get_yticklabels()):
            boxes = [label.get_window_extent() for label in labels]
            assert not any(one.overlaps(other) for one, other in pairwise(boxes))
        assert len(ax.lines) <= 2
        heights = [ax.get_window_extent().height, figure.bbox.height]
        assert heights[0] > 0.05 * heights[1]
