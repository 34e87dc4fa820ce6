"""Figures of contributions and differences: what is drawn is what the tables say."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from example_changes import MOVES, PATHS, SPREAD, study, trials
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.text import Text
from test_contribution import fleet

import lca
from lca.errors import DomainError, MissingError


@cache
def result() -> lca.Result:
    return lca.monte_carlo(fleet(), draws=500, progress=False)


@cache
def rooms() -> lca.Result:
    varied = study(**SPREAD).vary("room", {"lab.pue": {"hall": 1.5, "desk": 1.0}})
    return lca.monte_carlo(varied, draws=500, progress=False)


def texts(ax: Any) -> list[str]:
    return [text.get_text().replace("\xa0", " ").replace("\n", " ") for text in ax.figure.findobj(Text)]


def boxes(ax: Any) -> list[Any]:
    """The boxes of the texts within the figure, as they are drawn."""
    ax.figure.savefig("/dev/null", format="png")
    return [text.get_window_extent() for text in ax.texts if text.get_text()]


def overlaps(found: list[Any]) -> int:
    return sum(
        one.shrunk(0.95, 0.8).overlaps(other.shrunk(0.95, 0.8)) for i, one in enumerate(found) for other in found[:i]
    )


# --- Sankey ---------------------------------------------------------------------------------------------


def test_bars_are_as_high_as_the_means_and_bands_fill_them() -> None:
    ax = lca.plot.sankey(result())
    table = lca.contribution(result(), by=("stage", "activity", "device"))
    bars = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    levels: dict[float, float] = {}
    for bar in bars:
        levels[bar.get_x()] = levels.get(bar.get_x(), 0.0) + bar.get_height()
    assert len(levels) == 3
    bands = [patch for patch in ax.patches if isinstance(patch, PathPatch)]
    widths = [patch.get_path().vertices[0, 1] - patch.get_path().vertices[7, 1] for patch in bands]
    assert sum(widths) == pytest.approx(2 * (table["mean"].iloc[-1] / _per_height(ax, table)), rel=1e-9)
    assert min(widths) > 0


def _per_height(ax: Any, table: Any) -> float:
    """kg CO2e for one of the axis: by the highest bar, which is that of the use stage or of the robots."""
    largest = max(patch.get_height() for patch in ax.patches if isinstance(patch, Rectangle))
    return float(table["mean"].groupby(level="activity").sum().loc["robots"]) / largest


def test_every_label_has_its_value_and_share_and_no_two_overlap() -> None:
    ax = lca.plot.sankey(result())
    said = texts(ax)
    by_device = lca.contribution(result(), by="device")
    for name, row in by_device.iloc[:-1].iterrows():
        assert any(text.startswith(f"{name}: ") and "%" in text for text in said), (name, row)
    assert overlaps(boxes(ax)) == 0


def test_a_sankey_needs_two_levels_and_one_result() -> None:
    with pytest.raises(DomainError, match="two levels or more"):
        lca.plot.sankey(result(), by=("stage",))
    with pytest.raises(DomainError, match="room"):
        lca.plot.sankey(rooms())


# --- waterfall ------------------------------------------------------------------------------------------


def test_bars_begin_where_the_one_above_ends() -> None:
    ax = lca.plot.waterfall(lca.waterfall(study(), new=PATHS, draws=10))
    bars = sorted((bar for bar in ax.patches), key=lambda bar: bar.get_y())
    ends = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars]
    wanted, at = [(0.0, 68.0)], 68.0
    for move in MOVES.values():
        wanted.append((at, at + move))
        at += move
    assert np.array(ends) == pytest.approx(np.array([*wanted, (0.0, 58.0)]))
    assert ax.get_yticklabels()[0].get_text() == "old"
    assert overlaps(boxes(ax)) == 0


def test_small_moves_are_drawn_without_bars_from_0_and_it_is_said() -> None:
    ax = lca.plot.waterfall(lca.waterfall(study(), new={"lab.pue": 1.19}, draws=10))
    assert len(ax.patches) == 1
    assert any("The axis does not begin at 0." in text for text in texts(ax))


def test_intervals_are_those_of_the_moves() -> None:
    found = lca.waterfall(study(**SPREAD), new=PATHS, draws=200)
    ax = lca.plot.waterfall(found)
    first = found.table.iloc[0]
    old = float(found.totals.loc["old", "mean"])
    lines = [line.get_xdata() for line in ax.lines if line.get_marker() == "|"]
    assert list(lines[0]) == pytest.approx([old + first["p5"], old + first["p95"]])
    with pytest.raises(DomainError, match="room"):
        lca.plot.waterfall(lca.difference(rooms(), rooms()))


# --- stacked bars -----------------------------------------------------------------------------------------


def test_bars_are_stacked_to_the_means_with_paired_intervals() -> None:
    ax = lca.plot.contributions(rooms(), over="room")
    ranked = lca.compare(rooms(), over="room")
    assert [tick.get_text() for tick in ax.get_yticklabels()] == list(ranked.index)
    for place, (_, row) in enumerate(ranked.iterrows()):
        own = [bar for bar in ax.patches if bar.get_y() < place < bar.get_y() + bar.get_height()]
        assert sum(bar.get_width() for bar in own) == pytest.approx(row["mean"])
    (line,) = [line.get_xdata() for line in ax.lines if line.get_marker() == "|"]
    first, second = ranked.iloc[0], ranked.iloc[1]
    assert list(line) == pytest.approx([first["mean"] + second["excess_p5"], first["mean"] + second["excess_p95"]])
    assert overlaps(boxes(ax)) == 0


def test_many_pieces_are_six_with_the_rest() -> None:
    more = tuple(
        lambda lab, n=n: lca.Development(f"trial {n}", energy=f"{n} kWh", at="wall", site=lab) for n in range(1, 9)
    )
    varied = study(**SPREAD, more=(trials, *more)).vary("room", {"lab.pue": {"hall": 1.5, "desk": 1.0}})
    ax = lca.plot.contributions(lca.monte_carlo(varied, draws=50, progress=False), over="room", by="activity")
    names = [text.get_text().partition(",")[0] for text in ax.figure.legends[0].get_texts()]
    assert len(names) == 6
    assert names[-1] == "other"
    with pytest.raises(MissingError, match="no draws"):
        lca.plot.contributions(lca.nominal(varied), over="room")
