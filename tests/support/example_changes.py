"""A study small enough to be reckoned on paper: a training in a lab, on a card, and its changes."""

from __future__ import annotations

from typing import Any

import lca

UNSURE = {"status": "assumed", "source": "an example"}
#: 100 kWh x PUE x intensity, and 100 kg CO2e for a year of 5: 100 x 1.2 x 0.4 + 20 = 68 kg CO2e.
PLAIN: dict[str, Any] = {"energy": "100 kWh", "pue": 1.2, "intensity": "0.4 kg CO2e/kWh", "lifetime": "5 year"}
#: 100 x 1.1 x 0.3 + 25 = 58 kg CO2e.
CHANGED: dict[str, Any] = {"pue": 1.1, "intensity": "0.3 kg CO2e/kWh", "lifetime": "4 year"}
#: The same by path.
PATHS = {"lab.pue": 1.1, "grid.intensity": "0.3 kg CO2e/kWh", "card.lifetime": "4 year"}
#: The moves by hand: of the product half of each order, 100 x -0.1 x 0.35 and 100 x -0.1 x 1.15.
MOVES = {"grid.intensity": -11.5, "card.lifetime": 5.0, "lab.pue": -3.5}
#: The same by the keys of the parameters.
BY_KEY = {"electricity/grid.intensity": -11.5, "card.lifetime": 5.0, "lab.pue": -3.5}


def study(allocation: str = "reserved_time", more: tuple[Any, ...] = (), **values: Any) -> lca.Study:
    """The study, with other values by the names of `PLAIN`, another rule, or more activities."""
    said = {**PLAIN, **values}
    grid = lca.Electricity("grid", intensity=said["intensity"], at="facility", **UNSURE)
    lab = lca.Site("lab", pue=said["pue"], electricity=grid, **UNSURE)
    card = lca.Hardware("card", embodied=said.get("embodied", "100 kg CO2e"), lifetime=said["lifetime"], **UNSURE)
    run = lca.Training("run", energy=said["energy"], at="wall", duration="1 year", site=lab, on=card,
                       allocation=allocation, **UNSURE)  # fmt: skip
    excluded = dict.fromkeys(("development", "distribution", "use", "end_of_life"), lca.outside_goal("an example"))
    if more:
        excluded.pop("development")
    unit = lca.FunctionalUnit("one model", count="1 device")
    return lca.Study("a run", run, *(make(lab) for make in more), functional_unit=unit, excluded=excluded)


def trials(lab: lca.Site) -> lca.Development:
    """An activity more: trials of 10 kWh."""
    return lca.Development("trials", energy="10 kWh", at="wall", site=lab, **UNSURE)


#: With spreads.
SPREAD: dict[str, Any] = {
    "energy": lca.Lognormal("100 kWh", gsd=1.2),
    "pue": lca.Uniform(1.1, 1.3),
    "embodied": lca.Lognormal("100 kg CO2e", gsd=1.5),
}
