"""A study whose every number can be computed by hand, for the exports.

Electricity emits 0.4 kg CO2e/kWh, the PUE is 1.

| activity | kWh | electricity, kg | devices | part of the life | making | transport | end of life |
|---|---|---|---|---|---|---|---|
| tries | 30 | 12 | none | | | | |
| BERT | 120 | 48 | 1 desk | 73.05 days of 4 years: 0.05 | 0.05 x 1,000 = 50 | 0.05 x 40 = 2 | 0.05 x 10 = 0.5 |
| chat | 1,000 | 400 | 2 servers | 1 year of 4: 0.5 in all | 0.5 x 500 = 250 | 0.5 x 20 = 10 | 0.5 x 4 = 2 |

In all 12 + 48 + 400 + 300 + 12 + 2.5 = 774.5 kg, for 2 x 2e6 = 4e6 requests: 193.625 mg each. The chat takes 900 J a
request: 4e6 x 900 J = 3.6e9 J = 1,000 kWh.
"""

from __future__ import annotations

import lca

ABOUT = lca.About(
    authors=["Ada Lovelace"],
    date="2026-11-30",
    version="1",
    licence="CC-BY-4.0",
    reason="to test exports",
    audience="readers of tests",
    comparative=False,
    limitations=["It is made up."],
    conclusions=["The chat takes the most"],
    reference_flow="one request to one server",
    review="none",
)


def study(energy: object = "120 kWh", *, contract: bool = False, requests: int = 1) -> lca.Study:
    """The study, with another energy of the training, or a functional unit of several requests, if one is given."""
    grid = lca.Electricity(
        "grid", intensity="0.4 kg CO2e/kWh", at="facility", region="FRA", year=2025, basis="life cycle",
        accounting="location-based", averaging="average", mix="production", gwp_set="AR6",
    )  # fmt: skip
    bought = lca.Electricity(
        "wind", intensity="0.01 kg CO2e/kWh", at="facility", region="FRA", year=2025, basis="life cycle",
        accounting="market-based", averaging="average", mix="production", gwp_set="AR6", instrument="PPA",
    )  # fmt: skip
    hall = lca.Site("hall", pue=1.0, electricity=grid, market_electricity=bought if contract else None)
    desk = lca.Hardware(
        "desk", embodied="1000 kg CO2e", distribution="40 kg CO2e", end_of_life="10 kg CO2e", lifetime="4 year"
    )
    server = lca.Hardware(
        "server", embodied="500 kg CO2e", distribution="20 kg CO2e", end_of_life="4 kg CO2e", lifetime="4 year"
    )
    tries = lca.Development("tries", energy="30 kWh", at="wall", year=2025, site=hall)
    training = lca.Training(
        "BERT", energy=energy, at="wall", duration="73.05 day", year=2025, on=desk, site=hall,
        allocation="reserved_time", status="measured", source="a meter",
    )  # fmt: skip
    answer = lca.Inference("answer", "900 J/request", at="wall", per="request", baseline="marginal")
    chat = lca.Deployment(
        "chat", answer, on=server, site=hall, devices=2, start=2025, period="1 year", load="2000000 request/year",
        active=1.0, idle_power="0 W at_wall", allocation="reserved_time",
    )  # fmt: skip
    one = "one request" if requests == 1 else f"{requests} requests"
    unit = lca.FunctionalUnit(one, count=chat.requests / requests)
    return lca.Study("a chat", tries, training, chat, functional_unit=unit, about=ABOUT)


def result(*, contract: bool = False) -> lca.Result:
    """Its nominal values."""
    return lca.nominal(study(contract=contract))


def hall() -> lca.Site:
    """A site where a kWh emits 0.5 kg CO2e."""
    return lca.Site("hall", pue=1.0, electricity=lca.Electricity("grid", intensity="0.5 kg CO2e/kWh", at="facility"))


def alone(*trainings: lca.Training) -> lca.Study:
    """A study of trainings alone, without their hardware."""
    unit = lca.FunctionalUnit("one model", count="1 device")
    return lca.Study("models", *trainings, functional_unit=unit, excluded=lca.operation_only("a test"))


def known(**said: str) -> lca.Training:
    """A training of 10 kWh: 5 kg CO2e."""
    return lca.Training("own", energy="10 kWh", at="wall", site=hall(), **said)
