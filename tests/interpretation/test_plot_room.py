"""Every figure has room for its texts: none is cut, none lies on another, and each can be read on a phone.

A reader's font is no wider than that of the layout (`svg.FONTS`), so what holds here holds in a browser.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from svg_texts import boxes, meeting, outside

import lca
from lca.interpretation.plot.svg import svg_of
from lca.interpretation.plot.texts import PHONE

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
    "panels": lambda case, width: lca.plot.years(some(case, 3), panels="board", width=width),
}  # fmt: skip


def svg(figure: str, case: str, width: float | None) -> str:
    return svg_of(FIGURES[figure](case, width), "figure", "a title", "a description")


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
    if case == "one" and figure in ("differences", "contributions", "decision"):
        pytest.skip("one alternative is compared with none")
    check(svg(figure, case, width))


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
