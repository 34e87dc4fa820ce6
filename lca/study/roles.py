"""The role of every dim: parts are summed, alternatives never (D2); each term counts on its own dims (D5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..errors import AccountingError, LcaError, RoleError
from ..expression.functions import total
from ..expression.node import Node
from ..expression.terms import apportioned, lacking

#: Dims that are parts by their nature (D2).
NATURAL_PARTS = ("year", "time")


@dataclass(frozen=True)
class Roles:
    """Which dims of a study are parts and which are alternatives."""

    parts: tuple[str, ...]
    alternatives: tuple[str, ...]

    def check(self, nodes: Iterable[Node]) -> dict[str, LcaError]:
        """Every dim has exactly one role; returns the named roles that no dim has, with what to say of each (D2)."""
        if both := sorted(set(self.parts) & set(self.alternatives)):
            raise RoleError(f"dims that are both parts and alternatives: {', '.join(both)}", fix="choose one")
        if wrong := sorted(set(self.alternatives) & set(NATURAL_PARTS)):
            raise RoleError(
                f"{', '.join(wrong)} cannot be alternatives: their labels are parts of one whole",
                where="alternatives=",
                fix='give the dim of the alternatives another name, such as "start"',
            )
        known = {*self.parts, *self.alternatives, *NATURAL_PARTS}
        present: dict[str, str] = {}
        for node in nodes:
            for dim in node.dims:
                present.setdefault(dim.name, node.short)
        if unsaid := sorted(set(present) - known):
            raise RoleError(
                f"dims without a role: {', '.join(unsaid)}",
                sides=[f"{name}, in {present[name]}" for name in unsaid],
                fix=f'say parts=("{unsaid[0]}",) if its labels are summed (five models trained), '
                f'alternatives=("{unsaid[0]}",) if they are rivals (ten engines)',
            )
        there = f"dims there are: {', '.join(sorted(present)) or 'none'}"
        absent = sorted({*self.parts, *self.alternatives} - set(present))
        return {name: RoleError(f"no value of the study varies over {name}", fix=there) for name in absent}

    def of(self, node: Node) -> list[str]:
        """The dims of a value that are parts."""
        return [name for name in node.dim_names if name in self.parts or name in NATURAL_PARTS]

    def apportioned(self, node: Node) -> Node:
        """The value in a form whose plain sum over its parts counts each term once (D5)."""
        return apportioned(node, self.of(node))

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
            raise AccountingError(
                f"a value by {beyond[0]} meets what does not differ from {beyond[0]} to {beyond[0]}, "
                "and would be counted in each",
                where=where,
                sides=[factor.short, amount.short],
                fix=f"give the one value that applies, or label the devices or the energy by {beyond[0]}, too",
            )
        return factor
