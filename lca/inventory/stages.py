"""The stages of a life cycle, in their order (ISO 14044, A6)."""

from __future__ import annotations

#: The stages of the life cycle, in the order in which tables show them.
STAGES = ("development", "training", "manufacturing", "distribution", "use", "end_of_life")


def stage_label(stage: str) -> str:
    """A stage as text: "end of life"."""
    return stage.replace("_", " ")
