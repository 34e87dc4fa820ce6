"""The role of every dim: parts are summed, alternatives never (D2); each term counts on its own dims (D5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ..errors import AccountingError, LcaError, RoleError
from ..graph.functions import padded, total
from ..graph.labels import Label, make_dim
from ..graph.node import Node
from ..graph.terms import apportioned, lacking

K = TypeVar("K")
#: Dims that are parts by their nature (D2).
NATURAL_PARTS = ("year", "time")


def labels_of(node: Node, dim: str) -> tuple[Label, ...]:
    """The labels of a value along a dim; none where it does not vary over it."""
    return next((one.labels for one in node.dims if one.name == dim), ())


def on_one_calendar(nodes: Mapping[K, Node], dim: str) -> dict[K, Node]:
    """Values by different years with the years of all: a year in which one does not happen counts as 0 (A7).

    Only the values that vary over the dim are returned, and only where their labels differ.
    """
    along = {key: node for key, node in nodes.items() if dim in node.dim_names}
    calendars = {labels_of(node, dim) for node in along.values()}
    if len(calendars) < 2:
        return {}
    whole = make_dim(dim, sorted({label for labels in calendars for label in labels}, key=str))
    return {key: padded(node, whole) for key, node in along.items()}


@dataclass(frozen=True)
class Roles:
    """Which dims of a study are parts and which are alternatives."""

    parts: tuple[str, ...]
    alternatives: tuple[str, ...]

    def check(self, nodes: Sequence[Node]) -> dict[str, LcaError]:
        """Every dim has exactly one role; returns the named roles that no dim has, with what to say of each (D2)."""
        if both := sorted(set(self.parts) & set(self.alternatives)):
            raise RoleError.of("dims_of_two_roles", dims=", ".join(both))
        if natural := sorted(set(self.alternatives) & set(NATURAL_PARTS)):
            raise RoleError.of("natural_parts_as_alternatives", "alternatives=", dims=", ".join(natural))
        present = {dim.name: node.short for node in reversed(nodes) for dim in node.dims}
        if unsaid := sorted(set(present) - {*self.parts, *self.alternatives, *NATURAL_PARTS}):
            sides = [f"{name}, in {present[name]}" for name in unsaid]
            raise RoleError.of("dims_without_role", "", sides, dims=", ".join(unsaid), first=unsaid[0])
        there = ", ".join(sorted(present)) or "none"
        absent = sorted({*self.parts, *self.alternatives} - set(present))
        return {name: RoleError.of("role_without_dim", dim=name, dims=there) for name in absent}

    def of(self, node: Node) -> list[str]:
        """The dims of a value that are parts."""
        return [name for name in node.dim_names if name in self.parts or name in NATURAL_PARTS]

    def summed(self, node: Node, apart: Iterable[str] = ()) -> Node:
        """The value with every part summed, each term on its own dims; those `apart` are kept."""
        for name in self.of(node):
            if name not in tuple(apart):
                node = total(apportioned(node, [name]), over=name)
        return node

    def multiplies(self, factor: Node, amount: Node, where: str) -> Node:
        """The factor, if it varies over parts only where all of the amount that it multiplies does (D5).

        Raises `AccountingError` where it would count an amount, or a term of it, once in each part.
        """
        if beyond := lacking(amount, self.of(factor)):
            raise AccountingError.of("counted_in_each", where, [factor.short, amount.short], dim=beyond[0])
        return factor
