"""Which expressions are the same: one number for each formula over the same parameters and numbers."""

from __future__ import annotations

from .leaf import Constant
from .node import Node, postorder


class Interner:
    """Numbers expressions so that two have one number where they are the same formula over the same leaves.

    Names and paths do not count: they are for printing and for scenarios.
    """

    def __init__(self) -> None:
        self._number: dict[int, int] = {}
        self._known: dict[object, int] = {}
        self._kept: list[Node] = []  # keeps ids alive

    def __call__(self, root: Node) -> int:
        """The number of a node."""
        for node in postorder([root], lambda one: () if id(one) in self._number else one.inputs):
            self.add(node)
        return self._number[id(root)]

    def add(self, node: Node) -> int:
        """The number of a node whose inputs have theirs."""
        if id(node) not in self._number:
            said: object
            if node.function is not None:
                inputs = tuple(self._number[id(child)] for child in node.inputs)
                said = node.function.name, inputs, tuple(sorted(node.static.items(), key=lambda item: item[0]))
            elif node.parameter is not None:
                # labels chosen before name the stream: two of one distribution are still two things (U2)
                said = node.parameter.key, node.parameter.definition, node.parameter.fixed
            else:
                assert isinstance(node.leaf, Constant)
                dims = tuple((dim.name, dim.texts) for dim in node.dims)
                said = node.leaf.values.tobytes(), node.unit, dims
            self._kept.append(node)
            self._number[id(node)] = self._known.setdefault(said, len(self._known))
        return self._number[id(node)]
