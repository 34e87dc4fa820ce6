"""The what-if page: what it refuses, what it holds, and that it loads nothing (A11, D2, Q4)."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser import Browser, needs_browser

import lca
from lca.errors import DomainError, LabelError, LcaError, MissingError, RecordError
from lca.study.small_study import small_study


def robots(**rest: object) -> lca.Study:
    """Ten robots in a hall with a spread of load and of electricity; two engines."""
    grid = lca.Electricity("grid", intensity=lca.Uniform("0.3 kg CO2e/kWh", "0.5 kg CO2e/kWh"), at="facility")
    hall = lca.Site("hall", electricity=grid, pue=1.2)
    engines = lca.Inference.engines(
        "engines",
        lca.labelled({"a": lca.Normal("2 J/inference at_board", "0.1 J/inference at_board"), "b": 3.0},
                     "J/inference at_board", dim="engine"),
        names="<kind>", per="inference", baseline="marginal",
    )  # fmt: skip
    use = lca.Deployment(
        "robots", engines, site=hall, devices=10, start=2022, period="5 year",
        load=lca.Triangular("5 inference/s", "10 inference/s", "20 inference/s"), active="8 h/day", idle="0 h/day",
        idle_power=lca.Lognormal("2 W at_board", gsd=1.3), beyond="not counted",
    )  # fmt: skip
    return lca.Study(
        "robots in a hall", use, functional_unit=lca.FunctionalUnit("one frame", count=use.inferences),
        alternatives=("engine",), excluded=lca.operation_only("the machines exist"), **rest,
    )  # fmt: skip


def test_probe(tmp_path: Path) -> None:
    page = lca.explore(robots(), tmp_path / "a.html")
    with Browser() as b:
        tab = b.open(page)
        print(tab.text)
