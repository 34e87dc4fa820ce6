"""A study whose inventory is computed by hand, and what an inventory sums up to beside the values of its study."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import lca
from lca.reporting.exports.inventory.build import inventory_of

#: By hand: 80 kWh at the wall x PUE 1.25 / (1 - 0.2) = 125 kWh at the busbar; gases by AR6 (fossil CH4 29.8, N2O 273).
TRAINING = 125 * 0.5 + 125 * 0.001 * 29.8 + 125 * 0.0001 * 273
#: By hand: one year of a life of four; 300, 20 and 4 kg for one device.
HARDWARE = {"manufacturing": 75.0, "distribution": 5.0, "end_of_life": 1.0}
TOTAL = TRAINING + sum(HARDWARE.values())


def grid(**changes: Any) -> lca.Electricity:
    fields: dict[str, Any] = {
        "intensity": "0.5 kg CO2/kWh", "methane": "0.001 kg CH4/kWh", "nitrous_oxide": "0.0001 kg N2O/kWh",
        "at": "busbar", "grid_loss": 0.2, "region": "FR", "year": 2024, "basis": "direct", "mix": "production",
        "averaging": "average", "accounting": "location-based", "gwp_set": "AR6", "source": "a table of the test",
    } | changes  # fmt: skip
    return lca.Electricity(**fields)


def by_hand(energy: Any = "80 kWh", electricity: lca.Electricity | None = None, **rest: Any) -> lca.Study:
    desk = lca.Hardware("desk", embodied="300 kg CO2e", distribution="20 kg CO2e", end_of_life="4 kg CO2e",
                        lifetime="4 year")  # fmt: skip
    run = lca.Training(
        "run", energy=energy, at="wall", duration="1 year", year=2024, on=desk, allocation="reserved_time",
        site=lca.Site("lab", electricity=electricity or grid(), pue=1.25), source="a note", status="measured",
    )  # fmt: skip
    excluded = dict.fromkeys(("development", "use"), lca.outside_goal("trainings are compared"))
    unit = lca.FunctionalUnit("one model", count="3 device")
    return lca.Study("a run by hand", run, functional_unit=unit, excluded=excluded, **rest)


def sums_beside(study: lca.Study) -> Iterator[tuple[str, float, float]]:
    """(what, the sum of the inventory, the nominal value of the study) of every alternative, stage and category."""
    inventory = inventory_of(study)
    sums, data = inventory.sums(), lca.nominal(study).data
    for one in inventory.alternatives:
        ways = {"": ("climate_change", one.by_place)}
        ways |= {f"{name}/": (name, one.by_place) for name in inventory.categories if name != "climate_change"}
        ways |= {"market_based/": ("climate_change", one.by_contract)} if one.by_contract else {}
        for way, (category, view) in ways.items():
            for name, code in {"total": view.whole, **view.stages}.items():
                array = data[f"{way}{name}"]
                right = float(array.sel({dim: label for dim, label in one.labels if dim in array.dims}))
                yield f"{way}{name} {one.labels}", sums[code][category], right
