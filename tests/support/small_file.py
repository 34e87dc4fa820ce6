"""A small study as a file, and the same in Python."""

from __future__ import annotations

import lca

TEXT = """\
[study]
name = "a small study"
alternatives = ["network"]

[study.excluded]
development = { outside_goal = "it was done before" }
distribution = { below_cut_off = "0.02 kg CO2e", source = "similar machines" }
end_of_life = { below_cut_off = "0.02 kg CO2e", source = "similar machines" }

[functional_unit]
name = "a thousand requests"
count = "answers.requests / 1000"

[electricity.grid]
intensity = "0.4 kg CO2e/kWh"
at = "facility"

[site.lab]
pue = "Triangular(1.1, 1.2, 1.4)"
electricity = "grid"

[hardware.server]
embodied = "Lognormal.between(900 kg CO2e, 1600 kg CO2e, level=0.9)"
lifetime = "4 year"

[meter.plug]
at = "wall"
accuracy = "2 %"

[training.tuning]
energy = "plug.read(120 kWh)"
duration = "50 h"
on = { server = 2 }
site = "lab"
allocation = "reserved_time"

[inference.net]
energy = { data = { small = 300, large = "Normal(500, 20)" }, unit = "J at_wall/request", dim = "network" }
per = "request"
baseline = "marginal"
status = "assumed"

[deployment.answers]
inference = "net"
site = "lab"
devices = 1
start = 2024
period = "server.lifetime"
load = "2 request/s"
active = 1.0
idle_power = "90 W at_wall"
"""


def small_study() -> lca.Study:
    """The same study by the constructors."""
    grid = lca.Electricity("grid", intensity="0.4 kg CO2e/kWh", at="facility")
    lab = lca.Site("lab", pue=lca.Triangular(1.1, 1.2, 1.4), electricity=grid)
    server = lca.Hardware(
        "server", embodied=lca.Lognormal.between("900 kg CO2e", "1600 kg CO2e", level=0.9), lifetime="4 year"
    )
    plug = lca.Meter("plug", at="wall", accuracy="2 %")
    tuning = lca.Training(
        "tuning", energy=plug.read("120 kWh"), duration="50 h", on={server: 2}, site=lab, allocation="reserved_time"
    )
    joules = lca.labelled({"small": 300, "large": lca.Normal(500, 20)}, "J at_wall/request", dim="network")
    net = lca.Inference("net", joules, per="request", baseline="marginal", status="assumed")
    answers = lca.Deployment(
        "answers", net, site=lab, devices=1, start=2024, period=server.lifetime, load="2 request/s", active=1.0,
        idle_power="90 W at_wall",
    )  # fmt: skip
    small = lca.below_cut_off("0.02 kg CO2e", source="similar machines")
    return lca.Study(
        "a small study", tuning, answers,
        functional_unit=lca.FunctionalUnit("a thousand requests", count=answers.requests / 1000),
        alternatives=("network",),
        excluded={"development": lca.outside_goal("it was done before"), "distribution": small, "end_of_life": small},
    )  # fmt: skip
