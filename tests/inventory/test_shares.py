"""What a report adds: two allocation rules, what happens once over its volume, what is sunk (A6, A7, A8)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from example_study import BEST, field_site, grid, part, study

import lca
from lca.errors import DomainError, SystemBoundaryError, UnitError
from lca.reporting.rules_and_volume import by_rule, by_volume


@pytest.fixture(scope="module")
def best() -> lca.Result:
    return lca.monte_carlo(study().sel(engine=BEST), draws=500, progress=False)


def test_a8_both_rules_of_dedicated_hardware_stand_beside_each_other() -> None:
    """By hand: each rule alone, in a study of its own."""
    table = by_rule(study(), {"engine": BEST})
    assert table is not None
    assert table.index.tolist() == ["reserved_time", "whole_units"]
    held = [activity.slug for activity in study().activities if activity.on is not None]
    for rule in table.index:
        alone = study().replace({f"{slug}.allocation": rule for slug in held}).sel(engine=BEST)
        data = lca.nominal(alone).data
        assert table.loc[rule, "total"] == pytest.approx(float(data["total"]), rel=1e-12)
        hardware = float(data["manufacturing"] + data["distribution"] + data["end_of_life"])
        assert table.loc[rule, "hardware"] == pytest.approx(hardware, rel=1e-12)
    assert table.loc["whole_units", "hardware"] > table.loc["reserved_time", "hardware"]
    by_hours = study().replace({"semester.allocation": "none"})
    changed = by_rule(by_hours, {"engine": BEST})
    assert changed is not None
    assert "semester" not in changed.attrs["note"]  # what follows another rule keeps it
    assert (changed["hardware"] < table["hardware"]).all()
    without = part(lca.Development("work", energy="1 kWh", at="wall", site=lca.Site("s", electricity=grid(), pue=1.0)))
    assert by_rule(without, {}) is None


def test_a7_with_and_without_what_happens_once_add_up(best: lca.Result) -> None:
    table = by_volume(best, "mg CO2e")
    assert table is not None
    means = table["mean"].tolist()
    assert means[0] == pytest.approx(means[1] + means[2], rel=1e-12)
    assert means[0] == pytest.approx(lca.summary(best, per="inference", unit="mg CO2e").loc["total", "mean"], rel=1e-9)
    assert set(table["unit"]) == {"mg CO2e/functional unit"}
    volume = re.search(r"over the assumed volume: ([\d,]+) functional units", table.attrs["note"])
    assert volume is not None
    inferences = best.data["functional_unit"].to_numpy()
    assert float(volume[1].replace(",", "")) == pytest.approx(np.median(inferences), rel=0.005)  # three digits
    once = [name for name in best.model.details if name.split("/")[1] in ("semester", "superpoint-backbones")]
    assert {name.split("/")[0] for name in once} > {"training", "manufacturing"}  # with the hardware they hold
    spent = sum(best.data[name].sum([d for d in best.data[name].dims if d != "draw"]) for name in once)
    alone = float((spent / best.data["functional_unit"]).mean()) * 1e6
    assert means[2] == pytest.approx(alone, rel=1e-12)
    assert by_volume(lca.nominal(_pretrained()), "mg CO2e") is None


def _pretrained(**weights: Any) -> lca.Study:
    """Robots that use weights which others trained."""
    engine = lca.Inference("engine", "0.4 J at_board", per="inference", baseline="marginal")
    robots = lca.Deployment(
        "robots", engine, site=field_site(grid()), devices=10, start=2019, period="1 year", load="10 inference/s",
        active="8 h/day", idle_power="2 W at_board",
    )  # fmt: skip
    sunk = lca.sunk("SuperPoint weights", **{"whole": "12 kg CO2e", "source": "model card"} | weights)
    unit = lca.FunctionalUnit("one frame", count=robots.inferences)
    return part(robots, functional_unit=unit, excluded={"training": lca.outside_goal("none of ours"), "weights": sunk})


def test_a6_what_is_sunk_is_named_with_what_charging_it_would_add(tmp_path: Path) -> None:
    made = _pretrained()
    assert made.excluded["weights"].whole == 12
    lca.report(lca.monte_carlo(made, draws=32, progress=False), tmp_path)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "| weights | sunk: not charged | sunk: SuperPoint weights, made before and for others | 12 kg CO2e," in text
    assert "model card" in text
    lca.save(lca.nominal(made), tmp_path / "kept.lca")
    assert lca.load(tmp_path / "kept.lca").model.excluded["weights"].whole == 12


@pytest.mark.parametrize("wrong", [{"whole": "12 kg"}, {"whole": "-1 kg CO2e"}, {"source": " "}, {"whole": "5 kWh"}])
def test_a6_what_is_sunk_has_a_mass_and_a_source(wrong: dict[str, str]) -> None:
    with pytest.raises((SystemBoundaryError, UnitError, DomainError)):
        _pretrained(**wrong)
