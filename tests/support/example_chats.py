"""A service that answers requests on three servers, and one that paints images (Q2, A3)."""

from __future__ import annotations

from typing import Any

import lca

YEAR = 8_766 * 3600.0  # s
ONLY = lca.operation_only("the servers exist anyway")
GRID = lca.Electricity("grid", intensity="0.4 kg CO2e/kWh", at="facility")
HALL = lca.Site("hall", electricity=GRID, pue=1.0, supply_efficiency=1.0)
TOKENS: dict[str, Any] = {"per": "token", "at": "board", "baseline": "gross", "throughput": "900 token/s"}


def chat(energy: Any = "0.4 J/token", **changes: Any) -> lca.Inference:
    return lca.Inference("chat", energy, **TOKENS | changes)


def server(inference: lca.Inference | None = None, **changes: Any) -> lca.Deployment:
    fields: dict[str, Any] = {
        "load": "2 request/s", "output_tokens": "300 token/request", "idle_power": "90 W at_board", "active": 0.5,
        "idle": 0.25, "devices": 3, "start": 2025, "period": "1 year", "site": HALL,
    } | changes  # fmt: skip
    return lca.Deployment("chats", inference or chat(), **fields)


def images(**changes: Any) -> lca.Deployment:
    """One painter of 40 J each, four in a batch."""
    painter = lca.Inference("painter", "160 J at_board", per="batch", batch=4, baseline="marginal")
    return server(**{"inference": painter, "load": "2 image/s", "output_tokens": None} | changes)


def study(use: lca.Deployment, count: Any = None, **rest: Any) -> lca.Study:
    unit = lca.FunctionalUnit("1,000 requests", count=use.requests / 1_000 if count is None else count)
    return lca.Study("service", use, functional_unit=unit, excluded=ONLY, **rest)


def joules(use: lca.Deployment) -> float:
    """The energy of a deployment at its boundary, in J."""
    return 3.6e6 * float(lca.nominal(use.energy).data["value"].sum())


def number(node: Any) -> float:
    return float(lca.nominal(node).data["value"].sum())


def per(thing: lca.Study, what: str) -> float:
    """kg per something, at nominal values: 0.4 kg/kWh is 1/9e6 kg/J."""
    return float(lca.summary(lca.nominal(thing), per=what).loc["total", "nominal"])
