"""Working calls of inverse questions: sets, posteriors, reports, candidates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import lca
from lca import plot


def inverse_calls(study: lca.Study) -> list[tuple[str, Callable[..., Any], dict[str, Any], int]]:
    """(name, callable, arguments that work, each n-th odd value only) of a study and of two nodes."""
    rate, energy = lca.parameter("rate", "0.5 kg CO2e/kWh"), lca.parameter("energy", "386 kWh")
    use, told = {"use": energy * rate}, {"use": "187 kg CO2e"}
    prior = lca.Uniform("0.4 kg CO2e/kWh", "0.6 kg CO2e/kWh")
    few = {"draws": 1000, "most": 2000, "effective": 5, "seed": 1}

    def of_unknown(given: Any) -> object:
        return lca.infer(use, {"rate": given}, given=told, **few)

    def of_report(given: Any) -> object:
        return lca.infer(use, {"rate": None}, given={"use": given})

    def named(name: Any) -> object:
        return lca.infer(use, {"rate": None}, given={str(name): "187 kg CO2e"})

    found, drawn = lca.infer(use, {"rate": None}, given=told), lca.infer(use, {"rate": prior}, given=told, **few)
    interval = ("0.4 kg CO2e/kWh", "0.6 kg CO2e/kWh")
    return [
        ("infer", lca.infer, {"thing": use, "unknown": {"rate": prior}, "given": told, "of": ("use",), **few}, 3),
        ("infer of an unknown", of_unknown, {"given": interval}, 1),
        ("infer of a report", of_report, {"given": "187 kg CO2e"}, 1),
        ("infer by name", named, {"name": "use"}, 1),
        ("infer of a study", lambda given: lca.infer(study, {"nano.lifetime": given}, given={"total": "1 kg CO2e"}),
         {"given": ("1 year", "9 year")}, 6),
        ("Inferred.of", lambda name: drawn.of(name), {"name": "use"}, 1),
        ("reported", lca.reported, {"text": "0.386 J", "rounding": "0.01 J", "truncated": True}, 1),
        ("candidates", lca.candidates, {"inferred": interval, "catalogue": "electricity", "place": "FR", "year": 2020,
                                        "basis": "life cycle", "gases": "CO2e", "most": 3}, 2),
        ("plot.inferred", plot.inferred, {"inferred": found, "candidates": lca.candidates(interval), "of": "rate"}, 6),
        ("plot.inferred of draws", plot.inferred, {"inferred": drawn, "of": "rate"}, 6),
    ]  # fmt: skip
