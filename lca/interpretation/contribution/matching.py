"""Which parameters two models have in common, and a model in which each of them is as in the one or in the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ...graph.decided import same_decisions
from ...graph.function_table import call
from ...graph.functions import stack
from ...graph.labels import Dim
from ...graph.leaf import Parameter
from ...graph.node import Node, fold, parameter_node, parameters, rebuilt
from ...graph.rebinding import same_form
from ...graph.rewrite import Selections

#: The dim of the sets of changes that are evaluated, and that of the old and the new value of one parameter.
SETS, _SIDES = "sets_of_changes", "sides_of_change"


@dataclass(frozen=True, eq=False)
class Matched:
    """How two values differ: in parameters, and in more than these.

    Attributes
    ----------
    new : Node
        The new value, selections pushed down to its leaves.
    changed : mapping of str to list of pairs
        By key: the new parameter, and what it was.
    alike : bool
        Whether the two differ in parameters alone.
    only_old, only_new : list of str
        Keys of one of the two; keys that cannot take the place of each other stand in both.
    """

    new: Node
    changed: Mapping[str, list[tuple[Parameter, Parameter]]]
    alike: bool
    only_old: list[str]
    only_new: list[str]

    def over_sets(self, sets: Sequence[Iterable[str]]) -> Node:
        """The new value over a dim of sets: a parameter is new where a set has its key, else old."""
        kept = [frozenset(one) for one in sets]
        dim = Dim(SETS, tuple(range(len(kept))))
        before = {id(now): was for pairs in self.changed.values() for now, was in pairs}

        def visit(node: Node, inputs: list[Node]) -> Node:
            leaf = node.parameter
            if leaf is None or id(leaf) not in before:
                return rebuilt(node, inputs)
            both = stack({0: parameter_node(before[id(leaf)]), 1: parameter_node(leaf)}, _SIDES)
            positions = tuple(int(leaf.key in one) for one in kept)
            made: Node = call("take", both, dim=_SIDES, new=dim, positions=positions)
            return made

        (made,) = fold([self.new], visit)
        return made


def matched(old: Node, new: Node) -> Matched:
    """How two values differ. Raises nothing: what cannot be matched is in what only one of them has."""
    pushed = Selections()
    before, now = pushed(old), pushed(new)
    pairs = _by_place(before, now)
    alike = pairs is not None
    pairs = _by_key(before, now) if pairs is None else pairs
    changed: dict[str, list[tuple[Parameter, Parameter]]] = {}
    for one, was in pairs:
        if one.definition != was.definition:
            changed.setdefault(one.key, []).append((one, was))
    olds, news = (_keys(root) for root in (before, now))
    paired = {one.key for one, _ in pairs}
    apart = [] if alike else _apart(before, now, paired)
    only = [[key for key in keys if key not in paired] for keys in (olds, news)]
    return Matched(now, changed, alike and not apart, *only)


def _keys(root: Node) -> list[str]:
    return list(dict.fromkeys(one.parameter.key for one in parameters([root]) if one.parameter))


def _apart(old: Node, new: Node, paired: set[str]) -> list[str]:
    """Keys that both have and that cannot take the place of each other."""
    return [key for key in _keys(old) if key in set(_keys(new)) - paired]


def _by_place(old: Node, new: Node) -> list[tuple[Parameter, Parameter]] | None:
    """(new, old) parameters of two values of one form, by where they stand; None where the forms differ."""
    found: dict[int, tuple[Parameter, Parameter]] = {}
    waiting, seen = [(old, new)], set[tuple[int, int]]()
    while waiting:
        was, now = waiting.pop()
        if (id(was), id(now)) in seen:
            continue
        seen.add((id(was), id(now)))
        if not same_form(was, now):
            return None
        waiting.extend(zip(was.inputs, now.inputs, strict=True))
        if was.parameter is None or now.parameter is None:
            continue
        if not _replaceable(was.parameter, now.parameter):
            return None
        _, other = found.setdefault(id(now.parameter), (now.parameter, was.parameter))
        if other is not was.parameter and other.definition != was.parameter.definition:
            return None
    return list(found.values())


def _by_key(old: Node, new: Node) -> list[tuple[Parameter, Parameter]]:
    """(new, old) parameters of one key that can take the place of each other, where one key is one parameter."""
    sides: list[dict[tuple[object, ...], list[Parameter]]] = []
    for root in (old, new):
        known: dict[tuple[object, ...], list[Parameter]] = {}
        for node in parameters([root]):
            if (leaf := node.parameter) is not None:
                known.setdefault((leaf.key, leaf.fixed, leaf.dims), []).append(leaf)
        sides.append(known)
    found = []
    for place, news in sides[1].items():
        olds = sides[0].get(place, [])
        single = len({one.definition for one in olds}) == 1 == len({one.definition for one in news})
        if single and _replaceable(olds[0], news[0]) and same_decisions(olds[0], news[0]):
            found += [(one, olds[0]) for one in {id(one): one for one in news}.values()]
    return found


def _replaceable(old: Parameter, new: Parameter) -> bool:
    """Whether one parameter can stand where another does, and shares its draws."""
    return (old.key, old.dims, old.own, old.fixed, old.kind) == (new.key, new.dims, new.own, new.fixed, new.kind) and (
        parameter_node(old).unit == parameter_node(new).unit
    )
