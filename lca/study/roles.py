"""The role of every dim: parts are summed, alternatives never (D2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..errors import AccountingError, RoleError
from ..expression.functions import total
from ..expression.node import Node

#: Dims that are parts by their nature (D2).
NATURAL_PARTS = ("year", "time")


@dataclass(frozen=True)
class Roles:
    """Which dims of a study are parts and which are alternatives."""

    parts: tuple[str, ...]
    alternatives: tuple[str, ...]

    def check(self, nodes: Iterable[Node]) -> None:
        """Every dim has exactly one role, and every named role has a dim (D2)."""
        if both := sorted(set(self.parts) & set(self.alternatives)):
            raise RoleError(f"dims that are both parts and alternatives: {', '.join(both)}", mend="choose one")
        if wrong := sorted(set(self.alternatives) & set(NATURAL_PARTS)):
            raise RoleError(
                f"{', '.join(wrong)} cannot be alternatives: their labels are parts of one whole",
                where="alternatives=",
                mend='give the dim of the alternatives another name, such as "start"',
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
                mend=f'say parts=("{unsaid[0]}",) if its labels are summed (five models trained), '
                f'alternatives=("{unsaid[0]}",) if they are rivals (ten engines)',
            )
        if absent := sorted({*self.parts, *self.alternatives} - set(present)):
            raise RoleError(
                f"no value of the study varies over {', '.join(absent)}",
                mend=f"dims there are: {', '.join(sorted(present)) or 'none'}",
            )

    def summed(self, node: Node) -> Node:
        """The node with every part summed."""
        for name in node.dim_names:
            if name in self.parts or name in NATURAL_PARTS:
                node = total(node, over=name)
        return node


def counted_once(made: Node, basis: Iterable[Node | None], where: str, parts: Sequence[str] = ()) -> Node:
    """What was made of a flow, on the years of the flow: without years of its own it would be counted in each (D2).

    `parts` are further dims whose labels are summed: a crossing or a life that differs over them would count one
    flow in each. A burden may be split over parts, and is then their sum.

    Raises `AccountingError` for a factor by year, or by part, that meets a flow that is one for all.
    """
    own = {name for node in basis if node is not None for name in node.dim_names}
    if beyond := [name for name in (*NATURAL_PARTS, *parts) if name in made.dim_names and name not in own]:
        raise AccountingError(
            f"a value by {beyond[0]} meets what does not differ from {beyond[0]} to {beyond[0]}, "
            f"and would be counted in each",
            where=where,
            sides=[made.short],
            mend=f"give the one value that applies, or label the devices or the energy by {beyond[0]}, too",
        )
    return made
