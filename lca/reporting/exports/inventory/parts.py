"""What an inventory is made of: elementary flows, processes, and the exchanges between them, as plain numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from ....graph.labels import Label
from ....study.about import About
from .spread import Spread

#: The place of what happens nowhere in particular, as inventories write it.
GLOBAL = "GLO"
#: One alternative: its label along each dim of alternatives, by name.
At: TypeAlias = tuple[tuple[str, Label], ...]


@dataclass(frozen=True)
class Flow:
    """An elementary flow: what the environment takes or gives, and how much it counts in each impact category.

    `counts` has the characterization factor by category; a category that is not there counts nothing of it.
    """

    code: str
    name: str
    unit: str
    compartment: str
    counts: Mapping[str, float] = field(hash=False)


@dataclass(frozen=True)
class Exchange:
    """What a process takes from another, or exchanges with the environment, for one unit of what it gives.

    `to` is the code of a process or of an elementary flow; `about` says where the amount comes from.
    """

    to: str
    amount: float
    unit: str
    spread: Spread
    about: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Process:
    """What is done, and the exchanges for one unit of what it gives.

    `kind` is "electricity", "hardware", "activity", "stage", "study" or "functional unit".
    """

    code: str
    name: str
    unit: str
    kind: str
    exchanges: tuple[Exchange, ...]
    place: str = ""
    year: str = ""


@dataclass(frozen=True)
class View:
    """The codes of what one alternative comes to: all that the study counts, one functional unit, and each stage."""

    whole: str
    unit: str
    stages: Mapping[str, str]


@dataclass(frozen=True)
class Alternative:
    """An alternative by place, and by contract where electricity was bought by one (A9)."""

    labels: At
    by_place: View
    by_contract: View | None = None

    @property
    def views(self) -> dict[str, View]:
        """What there is, each by what it is called."""
        both = {"": self.by_place, "market-based": self.by_contract}
        return {name: one for name, one in both.items() if one is not None}


@dataclass(frozen=True)
class Inventory:
    """A study as processes; the exchanges of a process name only processes that stand before it, or flows.

    `categories` holds the unit of each impact category that is complete, `notes` what is not in the processes,
    `versions` those of the library and of its data.
    """

    title: str
    about: About
    gwp: str
    flows: tuple[Flow, ...]
    processes: tuple[Process, ...]
    alternatives: tuple[Alternative, ...]
    categories: Mapping[str, str]
    notes: tuple[str, ...]
    versions: Mapping[str, str]

    def sums(self) -> dict[str, dict[str, float]]:
        """What one unit of each process counts in each category, by its code: each is added to those behind it."""
        known = {flow.code: dict(flow.counts) for flow in self.flows}
        for process in self.processes:
            known[process.code] = {
                category: sum(one.amount * known[one.to].get(category, 0.0) for one in process.exchanges)
                for category in self.categories
            }
        return {process.code: known[process.code] for process in self.processes}
