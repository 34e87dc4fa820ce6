"""Working calls of the exports, and of a printed score."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import lca

_TASK = {"task_family": "vision", "algorithm": "cnn", "dataset": "input image", "infrastructure": "onPremise"}


def export_calls(result: lca.Result, folder: Path) -> list[tuple[str, Callable[..., Any], dict[str, Any], int]]:
    """(name, callable, arguments that work, each n-th odd value only) of a result with a training and a use."""
    card = {"training_type": "fine-tuning", "location": "here", "hardware": "a card", "source": "a paper"}
    return [
        ("sci", lca.sci, {"result": result, "stages": ["use"]}, 4),
        ("sci_ai", lca.sci_ai, {"result": result, "per": "inference", "parameters": 2e9, "training_tokens": "5e9 token",
                                "flop": "3e19 FLOP", "counted": "total", "why": "so"}, 4),
        ("check_score", lca.check_score,
         {"printed": "130 g CO2e", "per": "1e6 token", "whole": "6500 kg CO2e", "units": "50e9 token"}, 1),
        ("model_card", lca.model_card, {"result": result, **card}, 4),
        ("boamps", lca.boamps, {"result": result, "of": "robots", "stage": "inference", "method": "wattmeter",
                                "country": "France", "confidentiality": "public", "components": "gpu", **_TASK}, 4),
        ("boamps components", lambda value: lca.boamps(result, of="robots", components=value, **_TASK),
         {"value": [{"componentType": "gpu", "nbComponent": 1}]}, 2),
        ("annex_xi", lca.annex_xi, {"result": result, "flop": "3e19 FLOP", "source": "a log"}, 4),
        ("footprint_statement", lca.footprint_statement, {"result": result}, 2),
        ("methods_text", lca.methods_text, {"result": result, "style": "latex"}, 4),
        ("prometheus", lca.prometheus, {"result": result}, 2),
        ("Export.write", lca.sci(result).write, {"path": f"{folder}/score.md"}, 1),
    ]  # fmt: skip
