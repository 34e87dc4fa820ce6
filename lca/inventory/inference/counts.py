"""What is counted of a service: inferences, batches of them, tokens and requests (Q2)."""

from __future__ import annotations

from ...graph.node import Node
from ...units.registry import Unit

#: What rates are given in; a batch is so many inferences, the others do not convert without a stated ratio.
RATES = ("inference/s", "token/s", "request/s", "batch/s")
_COUNTED = ("inference", "token", "request", "batch")


def counted_in(unit: Unit) -> str:
    """What an energy or a rate is told in: "token" of J/token and of token/s; "" where it counts nothing.

    >>> from lca.units.parse import root
    >>> counted_in(root("J/token")), counted_in(root("batch/s")), counted_in(root("J"))
    ('token', 'batch', '')
    """
    return next((name for name in _COUNTED if unit.get(name, 0)), "")


def in_inferences(rate: Node, batch: Node | None) -> Node:
    """A rate of batches as one of inferences, where the size of a batch is known; another rate as it is."""
    return rate * batch if batch is not None and counted_in(rate.unit) == "batch" else rate
