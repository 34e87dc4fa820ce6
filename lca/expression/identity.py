"""Which expressions are the same: one number for each formula over the same parameters and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .leaf import Constant
from .node import Node, postorder


class Interner:
    """Numbers expressions so that two have one number where they are the same formula over the same leaves.

    Names and paths do not count: they are for printing and for scenarios.
    """

    def __init__(self) -> None:
        self._number: dict[int, int] = {}
        self._known: dict[Any, int] = {}
        self._kept: list[Node] = []  # keeps ids alive

    def __call__(self, root: Node) -> int:
        """The number of a node."""
        for node in postorder([root], self._unknown):
            self.add(node)
        return self._number[id(root)]

    def add(self, node: Node) -> int:
        """The number of a node whose inputs have theirs."""
        if id(node) not in self._number:
            self._kept.append(node)
            self._number[id(node)] = self._known.setdefault(self._said(node), len(self._known))
        return self._number[id(node)]

    def _unknown(self, node: Node) -> Sequence[Node]:
        return () if id(node) in self._number else node.inputs

    def _said(self, node: Node) -> Any:
        if node.function is not None:
            inputs = tuple(self._number[id(child)] for child in node.inputs)
            return node.function.name, inputs, tuple(sorted(node.static.items(), key=lambda item: item[0]))
        if isinstance(node.leaf, Constant):
            dims = tuple((dim.name, dim.texts) for dim in node.dims)
            return "constant", node.leaf.values.tobytes(), node.unit, dims
        assert node.parameter is not None
        # labels chosen before name the stream: two of one distribution are still two things (U2)
        return "parameter", node.parameter.key, node.parameter.definition, node.parameter.fixed
