"""The list of all published intensities has what a look-up gives."""

from __future__ import annotations

import pytest

import lca
from lca.electricity.every_figure import every_figure


def test_every_figure_is_that_of_its_look_up() -> None:
    """A sample over all kinds of places, bases and gases: the nominal intensity, in g/kWh."""
    figures = every_figure()
    assert len(figures) > 7_000
    assert {one.publisher for one in figures} == {"eGRID", "Ember", "Google"}
    for one in figures[::211]:
        source = "Ember" if one.publisher == "Ember" else ""
        grid = lca.Electricity.lookup(one.region, one.year, basis=one.basis, gases=one.gases, source=source)
        made = lca.nominal(grid.intensity).to(f"g {one.gases}/(kWh at the busbar)", of="value").item()
        assert one.grams == pytest.approx(made, rel=1e-12), one


def test_no_figure_stands_twice() -> None:
    told = [(one.region, one.year, one.basis, one.gases) for one in every_figure()]
    assert len(set(told)) == len(told)
