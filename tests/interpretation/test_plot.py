"""Figures show the numbers of the tables they are drawn from (U5, U8, A7, A11), whole, and touch nothing global."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from example_study import BEST, build, result, study
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

import lca
from lca.errors import DomainError, MissingError
from lca.interpretation.plot import readable_unit
from lca.interpretation.plot.texts import wrapped
from lca.inventory.stages import STAGES, stage_label

LIFE_CYCLE = [stage_label(stage) for stage in STAGES]


@cache
def single() -> lca.Result:
    return lca.monte_carlo(study().sel(engine=BEST), draws=2_000, progress=False)


@cache
def indices() -> Any:
    return lca.sobol(study().sel(engine=BEST), base=128)


def texts(ax: Any) -> list[str]:
    """Everything that a reader can read, line breaks as blanks."""
    found = [text.get_text() for text in ax.figure.findobj(Text)]
    return [" ".join(text.split()) for text in found if text.strip()]


def names(ax: Any) -> list[str]:
    return [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]


def ends(ax: Any) -> list[tuple[float, float]]:
    """The two ends of every interval, in the order drawn."""
    return [tuple(line.get_xdata()) for line in ax.lines if line.get_marker() == "|"]


def bars(ax: Any, number: int = 0) -> list[tuple[float, float]]:
    """(start, length) of the bars of one series."""
    return [(bar.get_x(), bar.get_width()) for bar in ax.containers[number]]


def test_a11_bars_are_the_medians_of_the_summary_and_lines_its_intervals() -> None:
    ax = lca.plot.stages(single())
    table = lca.summary(single())
    assert names(ax) == [*LIFE_CYCLE, "total"] == list(table.index)
    assert bars(ax) == [(0, middle) for middle in table["p50"]]
    assert ends(ax) == list(zip(table["p5"], table["p95"], strict=True))
    assert ax.get_xlabel() == "kg CO2e"
    assert ax.get_xlim()[0] == 0
    assert single().contents in " ".join(texts(ax))
    assert f"{100 * table.loc['use', 'share']:.0f} %" in texts(ax)
    assert lca.interpretation.table.significant(table.loc["total", "p50"]) in texts(ax)


def test_d2_alternatives_are_stacked_side_by_side_and_sorted_by_their_totals() -> None:
    ax = lca.plot.stages(result(), unit="t CO2e")
    table = lca.summary(result(), unit="t CO2e")
    whole = table.xs("total", level="stage").sort_values("p50")
    assert names(ax) == list(whole.index)
    assert names(ax)[0] == BEST
    left = np.zeros(len(whole))
    for number, stage in enumerate(LIFE_CYCLE):
        means = table.xs(stage, level="stage").loc[whole.index, "mean"].to_numpy()
        drawn = np.array(bars(ax, number))
        np.testing.assert_allclose(drawn[:, 0], left, rtol=1e-12)
        np.testing.assert_allclose(drawn[:, 1], means, rtol=1e-12)
        left += means
    np.testing.assert_allclose(left, whole["mean"], rtol=1e-9)  # A7: parts sum to the whole
    assert ends(ax) == list(zip(whole["p5"], whole["p95"], strict=True))
    legend = [text.get_text() for text in ax.figure.legends[0].get_texts()]
    assert [text.partition(",")[0] for text in legend] == LIFE_CYCLE
    shares = 100 * table.xs("use", level="stage")["share"]
    assert f"use, {shares.min():.0f} to {shares.max():.0f} %" in legend
    assert ax.get_ylabel() == "engine"


def test_of_many_alternatives_the_smallest_are_shown_and_that_is_said() -> None:
    ax = lca.plot.stages(result(), most=3)
    whole = lca.summary(result()).xs("total", level="stage").sort_values("p50")
    assert names(ax) == list(whole.index[:3])
    assert "the 3 smallest of 10" in " ".join(texts(ax))
    every = lca.plot.stages(result(), most=10)
    assert len(names(every)) == 10
    assert "smallest of" not in " ".join(texts(every))


def test_two_dims_of_scenarios_name_every_bar_by_both_labels() -> None:
    periods = {"robots.period": {years: f"{years} year" for years in (3, 5)}}
    grids = {"robots.electricity": {k: lca.Electricity.lookup(k, 2019, basis="direct") for k in ("US-RFCW", "US-CAMX")}}
    varied = study().sel(engine=BEST).vary("years", periods).vary("grid", grids)
    ax = lca.plot.stages(lca.monte_carlo(varied, draws=200, progress=False))
    assert sorted(names(ax)) == ["US-CAMX, 3", "US-CAMX, 5", "US-RFCW, 3", "US-RFCW, 5"]
    assert ax.get_ylabel() == "grid, years"


@pytest.mark.parametrize("per", ["inference", "device_year", "functional_unit"])
def test_a11_one_unit_for_a_figure_that_reads_well(per: str) -> None:
    ax = lca.plot.stages(single(), per=per)
    unit = readable_unit(single(), per)
    assert ax.get_xlabel().startswith(f"{unit}/")
    assert bars(ax) == [(0, middle) for middle in lca.summary(single(), per=per, unit=unit)["p50"]]
    assert 0.1 <= bars(ax)[-1][1] < 1e5
    assert unit == {"device_year": "kg CO2e"}.get(per, "mg CO2e")


def test_u5_a_nominal_figure_says_so_and_shows_no_interval() -> None:
    plain = lca.nominal(study().sel(engine=BEST))
    ax = lca.plot.stages(plain)
    assert bars(ax) == [(0, value) for value in lca.summary(plain)["nominal"]]
    assert not ends(ax)
    assert "nominal values" in texts(ax)
    assert "mean" not in " ".join(texts(ax))


def test_sobol_drivers_show_both_orders_and_sum_the_rest() -> None:
    table = indices()
    ax = lca.plot.drivers(table, most=4)
    rest = len(table) - 4
    assert names(ax) == [*table["words"][:4], f"the other {rest} together"]
    for number, order in enumerate(("first", "total")):
        expected = [*table[order].iloc[:4], table[order].iloc[4:].sum()]
        np.testing.assert_allclose([length for _, length in bars(ax, number)], 100 * np.array(expected), rtol=1e-12)
    alone, together = (bar.get_y() for bar in (ax.containers[0][0], ax.containers[1][0]))
    assert together - alone >= ax.containers[0][0].get_height(), "the two bars of a parameter stand beside each other"
    low, high = 100 * table["first_low"].iloc[0], 100 * table["first_high"].iloc[0]
    np.testing.assert_allclose(ends(ax)[0], (low, high), rtol=1e-12)
    assert table.attrs["note"] in " ".join(texts(ax))


def test_one_parameter_alone_is_not_called_the_others() -> None:
    table = indices()
    assert names(lca.plot.drivers(table, most=len(table) - 1)) == list(table["words"])
    assert names(lca.plot.drivers(table.iloc[::-1], most=len(table) - 1)) == list(table["words"])  # sorted here


def test_tornado_drivers_swing_about_the_nominal() -> None:
    best = study().sel(engine=BEST)
    table = lca.tornado(best)
    nominal = float(lca.nominal(best).data["total"])
    ax = lca.plot.drivers(table, most=5)
    line = next(line for line in ax.lines if line.get_marker() != "|")
    assert line.get_xdata()[0] == pytest.approx(nominal, rel=1e-12)
    for number, end in enumerate(("low", "high")):
        for (start, length), value in zip(bars(ax, number), table[end].iloc[:5], strict=True):
            assert start == pytest.approx(nominal, rel=1e-12)
            assert start + length == pytest.approx(value, rel=1e-9)
    assert names(ax)[-1] == f"the other {len(table) - 5}, each at most"
    assert lca.interpretation.table.significant(table["swing"].iloc[5:].max()) in texts(ax)
    table.attrs.clear()
    with pytest.raises(MissingError, match="nominal"):
        lca.plot.drivers(table)


def test_a_tornado_of_one_wide_parameter_stands_at_its_nominal_value() -> None:
    table = lca.tornado({"total": lca.parameter("x", lca.Lognormal("100 kWh at_wall", gsd=2))})
    assert table.attrs["nominal"] == pytest.approx(100, rel=1e-12)
    assert lca.plot.drivers(table).lines[0].get_xdata()[0] == pytest.approx(100, rel=1e-12)


def test_what_cannot_be_drawn_raises_and_says_what_to_give() -> None:
    with pytest.raises(DomainError, match=r"select first.*engine"):
        lca.plot.drivers(lca.sobol(study(), base=16))
    with pytest.raises(MissingError, match="neither a table of sobol"):
        lca.plot.drivers(lca.summary(single()))
    with pytest.raises(MissingError, match="without stages"):
        lca.plot.stages(lca.nominal(lca.parameter("x", "1 kWh at_wall")))


def test_a_missing_matplotlib_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingError, match=r"pip install 'lca\[report\]'"):
        lca.plot.stages(single())


def test_given_axes_are_drawn_on() -> None:
    ax = Figure().subplots(1, 2)[1]
    assert lca.plot.stages(single(), ax=ax) is ax
    other = Figure().subplots()
    assert lca.plot.drivers(indices(), ax=other) is other


def long_names() -> lca.Result:
    letters = [f"{'a_rather_long_backbone_' * 5}{i}_2_120_392_FP16_seq_4" for i in range(3)]
    named = build(joules={name: 0.3 + i / 10 for i, name in enumerate(letters)})
    return lca.monte_carlo(named.replaced(name="$x_1$ & ${ " * 20), draws=100, progress=False)


@pytest.mark.parametrize("what", ["one", "several", "long", "sobol", "tornado"])
def test_nothing_is_cut_off(what: str) -> None:
    ax = {
        "one": lambda: lca.plot.stages(single(), per="inference"),
        "several": lambda: lca.plot.stages(result()),
        "long": lambda: lca.plot.stages(long_names()),
        "sobol": lambda: lca.plot.drivers(indices().rename(index=lambda key: f"{key * 6}")),
        "tornado": lambda: lca.plot.drivers(lca.tornado(study().sel(engine=BEST))),
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
    inside = ax.get_window_extent()
    assert inside.width > 0.3 * figure.bbox.width  # and names leave room for the bars


def test_q8_figures_touch_no_global_state_and_matplotlib_loads_when_used() -> None:
    script = """
import sys
sys.path.insert(0, sys.argv[1])
import lca
assert "matplotlib" not in sys.modules, "loaded by import lca"
from example_study import study, BEST
result = lca.monte_carlo(study().sel(engine=BEST), draws=50, progress=False)
import matplotlib
before = matplotlib.rcParams.copy()
lca.plot.stages(result).figure.savefig("/dev/null", format="svg")
assert dict.__eq__(matplotlib.rcParams, before)  # reading the items would load pyplot by itself
assert "matplotlib.pyplot" not in sys.modules
"""
    command = [sys.executable, "-W", "ignore", "-c", script, str(Path(__file__).parents[1] / "support")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_number_and_its_sign_stay_on_one_line_of_a_note() -> None:
    assert wrapped("with a confidence of 90 %", 23) == "with a confidence of\n90 %"
