"""Hardware of labelled runs: each label holds it, and each reading of a device is one more device (A1, A8)."""

from __future__ import annotations

from typing import Any

import pytest
from example_study import part

import lca


@pytest.mark.parametrize("rule", ["reserved_time", "active_time", "whole_units"])
@pytest.mark.parametrize("given", ["power", "energy"])
def test_a8_every_labelled_run_holds_its_hardware(rule: str, given: str) -> None:
    """Five models of 60 h each are 300 h of a desk, whether the 60 h are written once or five times."""
    models = "abcde"
    desk = lca.Hardware("desk", embodied="400 kg CO2e", distribution="1 kg CO2e", end_of_life="1 kg CO2e",
                        lifetime="4 year", service_life="9000 h")  # fmt: skip
    site = lca.Site("home", electricity=lca.Electricity(intensity="0.4 kg CO2e/kWh", at="facility"), pue=1.0)
    unit, size = ("W at_wall", 150) if given == "power" else ("kWh at_wall", 9)
    values = {given: lca.labelled(dict.fromkeys(models, size), unit, dim="model")}

    def charged(duration: Any) -> float:
        run = lca.Training("runs", duration=duration, on=desk, allocation=rule, site=site, **values)
        return float(lca.nominal(part(run, parts=("model",))).data["manufacturing"])

    once = charged("60 h")
    assert once == pytest.approx(charged(lca.labelled(dict.fromkeys(models, 60), "h", dim="model")), rel=1e-12)
    lives = {"reserved_time": 300 / (4 * 8766), "active_time": 300 / 9000, "whole_units": 1}
    assert once == pytest.approx(400 * lives[rule], rel=1e-9)


def test_a1_readings_of_eight_cards_are_eight_devices() -> None:
    """A reading for each card: eight labels of one device, in energy, in the rest of the machine and in hardware."""
    card = lca.Hardware("card", embodied="160 kg CO2e", distribution="1 kg CO2e", end_of_life="1 kg CO2e",
                        lifetime="4 year")  # fmt: skip
    site = lca.Site("hall", electricity=lca.Electricity(intensity="0.4 kg CO2e/kWh", at="facility"), pue=1.0,
                    supply_efficiency=1.0, rest_of_machine="100 W at_board")  # fmt: skip
    apart = lca.labelled({f"gpu{i}": 400 for i in range(8)}, "W at_component", dim="gpu")
    held: dict[str, Any] = {"duration": "60 h", "on": card, "allocation": "reserved_time", "site": site}
    each = part(lca.Training("run", power=apart, **held), parts=("gpu",))
    whole = part(lca.Training("run", power="400 W at_component", devices=8, **held))
    for stage in ("training", "manufacturing", "total"):
        found = float(lca.nominal(each).data[stage])
        assert found == pytest.approx(float(lca.nominal(whole).data[stage]), rel=1e-12), stage
