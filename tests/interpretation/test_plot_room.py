"""Every figure has room for its texts: none is cut, none lies on another, and each can be read on a phone.

A reader's font is no wider than that of the layout (`svg.FONTS`), so what holds here holds in a browser.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.text import Text
from svg_texts import boxes, meeting, outside

import lca
from lca.errors import DomainError
from lca.interpretation.plot.svg import svg_of
from lca.interpretation.plot.texts import PHONE
from lca.units.number_text import significant

UNSURE = {"status": "assumed", "source": "an example"}
OUTSIDE = lca.outside_goal("not asked")
#: The names and the joules per inference of alternatives.
CASES: dict[str, dict[str, float]] = {
    "three": {"small": 0.5, "medium": 0.33, "large": 0.23},
    "one": {"the only board": 0.4},
    "long names": {f"a_rather_long_name_of_a_backbone_{n}_batch_2_height_120_width_392_FP16_seq_{n}": 0.3 + n / 30
                   for n in range(6)},
    "forty": {f"engine {n}": 0.2 + n / 40 for n in range(40)},
    "six decades": {f"10^{n} $ & <b>": 10.0 ** (n - 3) for n in range(7)},
    "another script": {f"{n}号推理引擎的名字": 0.2 + n / 10 for n in range(3)},
}  # fmt: skip


def study(case: str, *, bare: bool = False) -> lca.Study:
    """Boards with an engine each; bare: the use of the robots alone."""
    joules = {name: lca.Lognormal(one, gsd=1.1) for name, one in CASES[case].items()}
    making = {name: lca.Lognormal(20.0 + 5 * n, gsd=1.3) for n, name in enumerate(joules)}
    grid = lca.Electricity("the grid of the town", intensity=lca.Lognormal("0.4 kg CO2e/kWh", gsd=1.2), at="facility")
    hall = lca.Site("hall", electricity=grid, supply_efficiency=lca.Triangular(0.75, 0.85, 0.9), pue=1.0, **UNSURE)
    board = lca.Hardware(
        "board", embodied=lca.labelled(making, "kg CO2e", dim="board"), distribution="2 kg CO2e",
        end_of_life="0.2 kg CO2e", lifetime="5 year", **UNSURE,
    )  # fmt: skip
    engine = lca.Inference(
        "engine", lca.labelled(joules, "J/inference", dim="board"), at="board", per="inference", baseline="marginal",
        **UNSURE,
    )  # fmt: skip
    robots = lca.Deployment(
        "robots", engine, on=None if bare else board, site=hall, devices=100, start=2022, period="5 year",
        load=lca.Triangular("20 inference/s", "30 inference/s", "40 inference/s"), active="16 h/day", idle="0 h/day",
        idle_power="2 W at_board", **({} if bare else {"allocation": "reserved_time"}), **UNSURE,
    )  # fmt: skip
    unit = lca.FunctionalUnit("one inference", count=robots.inferences)
    stages = ("development", "training", *(("manufacturing", "distribution", "end_of_life") if bare else ()))
    name = f"boards of 100 robots, {case}"
    return lca.Study(
        name, robots, functional_unit=unit, alternatives=("board",), excluded=dict.fromkeys(stages, OUTSIDE)
    )


@cache
def result(case: str, *, bare: bool = False) -> lca.Result:
    return lca.monte_carlo(study(case, bare=bare), draws=200, details=True, progress=False)


def first(case: str, *, bare: bool = False) -> Any:
    return study(case, bare=bare).sel(board=next(iter(CASES[case])))


def some(case: str, count: int) -> lca.Result:
    return result(case).sel(board=[*CASES[case]][:count])


@cache
def difference(case: str) -> Any:
    changes = {"robots.load": "10 inference/s", "board.lifetime": "8 year", "robots.active": "20 h/day"}
    return lca.waterfall(first(case), new=changes)


@cache
def runs(case: str) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        for n in range(5):
            lca.save(some(case, 5), Path(folder, f"{n}.lca"))
        return lca.history(folder)


FIGURES: dict[str, Callable[[str, float | None], Any]] = {
    "stages": lambda case, width: lca.plot.stages(result(case), width=width),
    "one stage": lambda case, width: lca.plot.stages(result(case, bare=True), per="inference", width=width),
    "stages of one": lambda case, width: lca.plot.stages(
        result(case).sel(board=next(iter(CASES[case]))), width=width
    ),
    "differences": lambda case, width: lca.plot.differences(result(case), over="board", width=width, most=10),
    "contributions": lambda case, width: lca.plot.contributions(result(case), over="board", by="stage", width=width),
    "tornado": lambda case, width: lca.plot.drivers(lca.tornado(first(case)), width=width, most=3),
    "sobol": lambda case, width: lca.plot.drivers(lca.sobol(first(case), base=16), width=width),
    "pawn": lambda case, width: lca.plot.drivers(lca.pawn(first(case), draws=512), width=width, most=3),
    "shapley": lambda case, width: lca.plot.drivers(lca.shapley(first(case), base=16), width=width),
    "decision": lambda case, width: lca.plot.decision(lca.decide(study(case), over="board", base=64), width=width),
    "waterfall": lambda case, width: lca.plot.waterfall(difference(case), width=width),
    "years": lambda case, width: lca.plot.years(some(case, 5), lines="board", width=width),
    "history": lambda case, width: lca.plot.history(runs(case), budget="30 t CO2e", width=width),
    "panels": lambda case, width: lca.plot.years(some(case, 3), panels="board", width=width),
}  # fmt: skip


@cache
def scenarios(case: str) -> lca.Result:
    """Lives of a board and loads of a robot as two dims of scenarios."""
    lives = {f"a life of {n} years": f"{n} year" for n in (2, 3, 5, 8)}
    loads = {f"{n} inferences each second": f"{n} inference/s" for n in (5, 10, 20)}
    varied = study(case).vary("life", {"board.lifetime": lives}).vary("load_of_a_robot", {"robots.load": loads})
    return lca.monte_carlo(varied, draws=50, progress=False)


def score(case: str) -> lca.Score:
    values = {name: 0.5 + n / 100 for n, name in enumerate(CASES[case])}
    return lca.Score(
        "accuracy of what the engines find, mean average precision", lca.labelled(values, dim="board"), better="higher"
    )


def pair(case: str) -> tuple[Any, Any]:
    names = [*CASES[case]]
    return study(case).sel(board=names[-1]), study(case).sel(board=names[0])


BETWEEN = ("1 inference/s", "60 inference/s")
LIVES = ("1 year", "10 year")
TIES = ("robots.load", "hall.supply_efficiency", "electricity/the-grid-of-the-town.intensity")
#: Figures of a width of their own.
OTHERS: dict[str, Callable[[str, float | None], Any]] = {
    "sankey": lambda case, _: lca.plot.sankey(result(case).sel(board=next(iter(CASES[case])))),
    "dependence": lambda case, _: lca.plot.dependence(first(case).replaced(correlations={TIES: 0.5})),
}
FIGURES |= {
    "switchover": lambda case, width: lca.plot.switchover(
        lca.switchover(study(case), over="board", vary="robots.load", between=BETWEEN, draws=50),
        width=width,
    ),
    "breakeven map": lambda case, width: lca.plot.breakeven_map(
        lca.breakeven_map(*pair(case), vary=("robots.load", "board.lifetime"), between=(BETWEEN, LIVES), draws=20),
        width=width,
    ),
    "breakeven": lambda case, width: lca.plot.breakeven(
        lca.breakeven(*pair(case), vary="robots.load", between=BETWEEN, draws=50),
        width=width,
    ),
    "morris": lambda case, width: lca.plot.morris(lca.morris(first(case), base=16), most=5, width=width),
    "heatmap": lambda case, width: lca.plot.heatmap(
        scenarios(case), over="board", x="life", y="load_of_a_robot", width=width
    ),
    "medians": lambda case, width: lca.plot.heatmap(
        scenarios(case).sel(board=next(iter(CASES[case]))), x="load_of_a_robot", y="life", width=width
    ),
    "pareto": lambda case, width: lca.plot.pareto(result(case), over="board", score=score(case), width=width),
    "estimates": lambda case, width: lca.plot.estimates(
        {name: lca.Hardware(f"card {n}", embodied=lca.Lognormal(f"{150 + n} kg CO2e", gsd=1.2),
                            lifetime="5 year", contents={"dies", "memory"} if n else {"dies"})
         for n, name in enumerate([*CASES[case]][:6])}, draws=50, width=width,
    ),
}  # fmt: skip


_OF_TWO = ("differences", "contributions", "decision", "breakeven", "breakeven map", "switchover")


def svg(figure: str, case: str, width: float | None) -> str:
    return svg_of({**FIGURES, **OTHERS}[figure](case, width), "figure", "a title", "a description")


def check(text: str) -> None:
    assert outside(text) == []
    assert meeting(text) == []


@pytest.mark.parametrize("width", [None, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("figure", ["stages", "differences", "tornado", "panels"])
def test_no_text_is_cut_or_lies_on_another(figure: str, width: float | None) -> None:
    check(svg(figure, "long names", width))


@pytest.mark.slow
@pytest.mark.parametrize("width", [None, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("figure", FIGURES)
def test_no_text_of_any_figure_is_cut_or_lies_on_another(figure: str, case: str, width: float | None) -> None:
    if case == "one" and figure in _OF_TWO:
        pytest.skip("one alternative is compared with none")
    check(svg(figure, case, width))


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("figure", OTHERS)
def test_no_text_of_a_figure_of_its_own_width_is_cut_or_lies_on_another(figure: str, case: str) -> None:
    check(svg(figure, case, None))


def test_each_text_of_a_narrow_figure_has_ten_pixels_on_a_phone() -> None:
    """A phone of 390 pixels has 358 for a figure, beside margins of 16."""
    found, (wide, _) = boxes(svg("differences", "three", PHONE))
    assert min(one.size for one in found) * 358 / wide >= 10


def test_a_cut_and_an_overlap_are_seen() -> None:
    """The check above would fail: a text beyond the edge is found, and one upon another."""
    ax = lca.plot.stages(result("three"))
    ax.annotate("beyond the edge", (1, 0), (200, 0), xycoords="axes fraction", textcoords="offset points",
                annotation_clip=False).set_in_layout(False)  # fmt: skip
    ax.text(0.5, 0.5, "one", transform=ax.transAxes)
    ax.text(0.5, 0.5, "another", transform=ax.transAxes)
    text = svg_of(ax, "figure", "", "")
    assert [one.text for one in outside(text)] == ["beyond the edge"]
    assert meeting(text) == [("one", "another")]


def texts(ax: Any) -> str:
    return " ".join(" ".join(text.get_text().split()) for text in ax.figure.findobj(Text))


def test_the_others_of_a_tornado_have_a_bar_from_their_lowest_to_their_highest_end() -> None:
    table = lca.tornado(first("three"))
    ax = lca.plot.drivers(table, most=2)
    rest = table.iloc[2:]
    (bar,) = ax.containers[2]
    ends = [rest[["low", "high"]].min().min(), rest[["low", "high"]].max().max()]
    assert [bar.get_x(), bar.get_x() + bar.get_width()] == pytest.approx(ends)
    assert "the others: lowest to highest end" in texts(ax)


def test_panels_are_of_one_size_and_their_note_is_whole() -> None:
    panels = lca.plot.years(some("three", 3), panels="board")
    svg_of(panels, "figure", "", "")
    sizes = [panel.get_window_extent().size for panel in panels]
    assert sizes == [pytest.approx(sizes[0])] * 3
    assert all(panel.get_xlabel() == "year" for panel in panels), "each has its years below"
    assert panels[0].figure.get_supxlabel().replace("\n", " ").endswith("that belong to no year")


def test_differences_say_what_they_are_and_in_how_many_draws_above_0() -> None:
    drawn = result("three")
    table = lca.compare(drawn, over="board")
    said = texts(lca.plot.differences(drawn, over="board"))
    assert f"A difference is the result of an alternative minus that of {table.index[0]}, draw by draw" in said
    assert f"{table.index[0]} is the smallest in {100 * table['best'].iloc[0]:.0f} % of the draws" in said
    assert f"{100 * table['above'].iloc[1]:.0f} % of draws" in said


def test_a_narrow_figure_has_its_names_and_figures_above_the_bars() -> None:
    drawn = result("three")
    ax = lca.plot.stages(drawn, width=PHONE)
    table = lca.summary(drawn).xs("total", level="stage").sort_values("p50")
    assert ax.figure.get_figwidth() == PHONE
    assert not ax.get_yticklabels()
    written = [text.get_text().replace("\n", " ") for text in ax.texts]
    assert written[1::2] == list(table.index)
    assert written[0].startswith(f"total, median {significant(table['p50'].iloc[0])}; 5 to 95 %: ")
    bars = [bar.get_y() for bar in ax.containers[0]]
    assert np.diff(bars).min() > 1, "a row is higher than its bar"
    with pytest.raises(DomainError, match="width"):
        lca.plot.stages(drawn, width=0.5)


def test_a_heat_map_of_a_width_has_its_numbers_in_one_line_in_two_or_not() -> None:
    lines = []
    for width in (9.4, 4.9, 3.0):
        ax = lca.plot.heatmap(scenarios("three"), over="board", x="life", y="load_of_a_robot", width=width)[0]
        assert ax.figure.get_figwidth() == width
        lines.append({text.get_text().count("\n") for text in ax.texts})
    assert lines == [{0}, {1}, set()]


def test_one_alternative_is_the_best_for_sure() -> None:
    (ax,) = lca.plot.heatmap(scenarios("one"), over="board", x="life", y="load_of_a_robot")
    assert all(text.get_text().startswith("100 %") for text in ax.texts)
