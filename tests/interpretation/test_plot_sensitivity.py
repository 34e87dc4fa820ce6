"""Figures of sensitivity: what is drawn is what the table says, and nothing is cut off."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pandas
import pytest
from example_study import BEST, study
from known_indices import ishigami
from matplotlib.backends.backend_agg import FigureCanvasAgg

import lca
from lca.errors import DomainError, MissingError


@cache
def best() -> lca.Study:
    return study().sel(engine=BEST)


def names(ax: Any) -> list[str]:
    return [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]


def texts(ax: Any) -> list[str]:
    return [text.get_text() for text in ax.texts]


def lengths(ax: Any) -> list[float]:
    return [patch.get_width() for patch in ax.patches]


def test_shapley_effects_have_a_bar_each_and_an_interval() -> None:
    table = lca.shapley(best(), base=64)
    ax = lca.plot.drivers(table, most=4)
    assert lengths(ax)[:4] == pytest.approx((100 * table["shapley"].iloc[:4]).tolist())
    assert lengths(ax)[4] == pytest.approx(100 * table["shapley"].iloc[4:].sum())
    assert names(ax)[0] == "manufacturing of Jetson"
    assert names(ax)[-1] == f"the other {len(table) - 4} together"
    assert "share of the variance, %" in ax.get_xlabel()
    assert len([line for line in ax.lines if line.get_marker() == "|"]) >= 2


def test_pawn_bars_show_what_an_input_that_does_nothing_comes_to() -> None:
    table = lca.pawn(best(), draws=2048)
    ax = lca.plot.drivers(table, most=5)
    assert lengths(ax)[:5] == pytest.approx(table["pawn"].iloc[:5].tolist())
    assert lengths(ax)[5] == pytest.approx(table["pawn"].iloc[5:].max())
    dashed = next(line for line in ax.lines if line.get_linestyle() == "--")
    assert dashed.get_xdata()[0] == pytest.approx(table["dummy"].iloc[0])
    colours = [patch.get_facecolor() for patch in ax.patches]
    assert colours[0] != colours[5]  # paler below the limit


def test_pairs_and_screened_tables_are_drawn_as_indices() -> None:
    ax = lca.plot.drivers(lca.sobol(ishigami(), order=2, base=256))
    assert names(ax)[:2] == ["x1", "x2"]
    assert set(names(ax)[2:4]) == {"x1 x x3", "x3"}
    screened = lca.screen(best(), base=64)
    assert "the other 9 together" in names(lca.plot.drivers(screened))


def test_the_plane_of_elementary_effects() -> None:
    table = lca.morris(best())
    ax = lca.plot.morris(table, most=3)
    named, rest = ax.collections[1].get_offsets(), ax.collections[0].get_offsets()
    assert np.asarray(named) == pytest.approx(table[["mu_star", "sigma"]].to_numpy()[:3])
    assert len(rest) == len(table) - 3
    assert "1  manufacturing of Jetson" in ax.texts[-1].get_text()
    assert f"paler: {len(table) - 3} more" in ax.texts[-1].get_text()
    assert {"1", "2", "3"} <= set(texts(ax))
    assert ax.get_xlabel().endswith("kg CO2e")
    low, high = ax.get_xlim()
    assert low == 0
    assert high > table["mu_star_high"].max()


def close() -> pandas.DataFrame:
    """Two points one above the other, as far apart as a number stands from its point."""
    rows = {"mu_star": [1.001, 1.0], "mu_star_low": 0.99, "mu_star_high": 1.01, "sigma": [0.5, 0.521], "unit": ""}
    return pandas.DataFrame(rows, index=["a", "b"])


@pytest.mark.parametrize("of", [lambda: lca.morris(best()), close])
def test_numbers_of_the_plane_stand_apart(of: Callable[[], Any]) -> None:
    """No number lies on another one, nor on a point."""
    table = of()
    ax = lca.plot.morris(table)
    FigureCanvasAgg(ax.figure).draw()
    renderer = ax.figure.canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in ax.texts if text.get_text().isdigit()]
    assert len(boxes) == min(8, len(table))
    assert not [1 for i, one in enumerate(boxes) for other in boxes[:i] if one.overlaps(other)]
    points = ax.transData.transform(table[["mu_star", "sigma"]].to_numpy())
    assert not [1 for box in boxes for x, y in points if box.contains(x, y)]


@pytest.mark.parametrize("what", ["shapley", "pawn", "pairs", "morris", "one"])
def test_nothing_is_cut_off(what: str) -> None:
    ax = {
        "shapley": lambda: lca.plot.drivers(lca.shapley(best(), base=32)),
        "pawn": lambda: lca.plot.drivers(lca.pawn(best(), draws=512)),
        "pairs": lambda: lca.plot.drivers(lca.sobol(best(), order=2, base=32)),
        "morris": lambda: lca.plot.morris(lca.morris(best())),
        "one": lambda: lca.plot.morris(lca.morris({"y": lca.parameter("x", lca.Uniform(0, 1))})),
    }[what]()
    figure = ax.figure
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    box = figure.get_tightbbox(canvas.get_renderer())
    width, height = figure.get_size_inches()
    assert box.x0 >= 0
    assert box.y0 >= 0
    assert box.x1 <= width
    assert box.y1 <= height


def test_other_tables_are_refused() -> None:
    with pytest.raises(MissingError, match=r"not a table of morris\(\)(.|\n)*lca\.morris\(study\)"):
        lca.plot.morris(lca.tornado(best()))
    with pytest.raises(MissingError, match=r"screen\(\), shapley\(\) or pawn\(\)"):
        lca.plot.drivers(lca.morris(best()))
    every = lca.morris(study())
    with pytest.raises(DomainError, match="select first"):
        lca.plot.morris(every)
    for draw, table in ((lca.plot.morris, lca.morris(best())), (lca.plot.drivers, lca.tornado(best()))):
        with pytest.raises(DomainError, match="most"):
            draw(table, most=0)


def test_a_table_without_rows_has_no_figure() -> None:
    for draw, table in ((lca.plot.drivers, lca.sobol(ishigami(), base=64)), (lca.plot.morris, lca.morris(ishigami()))):
        with pytest.raises(MissingError, match="no rows"):
            draw(table.iloc[:0])
