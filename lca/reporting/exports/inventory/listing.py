"""An inventory as text to read: each process with what it takes. The files of tools have the numbers in full."""

from __future__ import annotations

from collections.abc import Iterator

from ....units.number_text import in_full
from .parts import Inventory, Process
from .spread import Spread


def listing(inventory: Inventory) -> str:
    """Every process with its exchanges, those behind others first."""
    names = {flow.code: flow.name for flow in inventory.flows} | {one.code: one.name for one in inventory.processes}
    return "\n".join(line for process in inventory.processes for line in _lines(process, names))


def _lines(process: Process, names: dict[str, str]) -> Iterator[str]:
    placed = ", ".join(filter(None, (process.place, process.year)))
    yield f"{process.name}: 1 {process.unit}" + (f" ({placed})" if placed else "")
    for one in process.exchanges:
        yield f"  {in_full(one.amount)} {one.unit or 'unit'} of {names[one.to]}{_spread(one.spread)}"


def _spread(spread: Spread) -> str:
    said = "" if spread.family == "none" else f"; {spread.family} {', '.join(map(in_full, spread.arguments))}"
    return said + ", fitted" * spread.fitted
