"""The figure of correlations shows the numbers of the table that it is drawn from (U14)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import lca
from lca.errors import DomainError, MissingError
from lca.study.small_study import small_study


def study(stated: object) -> lca.Study:
    changes = {"bert.energy": lca.Normal("120 kWh", "9 kWh"), "lab.pue": lca.Uniform(1, 2)}
    changes |= {"grid.intensity": lca.Lognormal("0.4 kg CO2e/kWh", gsd=1.2)}
    return small_study().replace(changes).replaced(correlations=stated)


STATED: dict[Any, float] = {("bert.energy", "lab.pue"): -0.5, ("bert.energy", "electricity/grid.intensity"): 0.25}


def test_u14_a_cell_for_each_pair_of_the_table() -> None:
    table, ax = lca.dependence(study(STATED)), lca.plot.dependence(study(STATED))
    below = [label.get_text() for label in ax.get_xticklabels()]
    left = [label.get_text() for label in ax.get_yticklabels()]
    shown = {}
    for text in (one for one in ax.texts if one.get_text()[:1] in "-0123456789"):
        if "parameters" not in text.get_text():
            column, row = text.xy
            shown[below[int(column)], left[int(row)]] = float(text.get_text())
    assert shown == table["rank"].to_dict()
    cells = np.asarray(ax.collections[0].get_array())
    assert (cells.min(axis=-1) < 1).sum() == len(table), "a cell without a correlation is as the ground"


def test_u14_a_figure_of_no_pair_is_refused_and_a_long_one_is_cut() -> None:
    with pytest.raises(MissingError, match="no two parameters"):
        lca.plot.dependence(small_study())
    with pytest.raises(DomainError):
        lca.plot.dependence(study(STATED), most=0)
    cut = lca.plot.dependence(study({"*": 0.5}), most=2)
    assert len(cut.get_yticklabels()) == 1
    assert "the first 2 of 3" in cut.figure.get_supxlabel().replace("\n", " ")
