"""A result as a reader would write it out: each named value, its formula in symbols, in numbers, and its sources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..units import COUNTS, display, unit_text
from .node import Constant, Node, Parameter, fold

_ATTACHED = re.compile(r"\s*(?:at_\w+(?:/at_\w+)?|/device)\b")


@dataclass(frozen=True)
class Step:
    """One named value: what it is called, its formula in symbols and in numbers, its value, its sources."""

    name: str
    symbols: str
    numbers: str
    value: str
    sources: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"{self.name} = {self.symbols}"]
        if self.numbers:
            lines.append(f"    = {self.numbers}")
        lines.append(f"    = {self.value}" + (f"    ({'; '.join(self.sources)})" if self.sources else ""))
        return "\n".join(lines)


def derivation_steps(root: Node, values: Mapping[int, Any]) -> list[Step]:
    """The steps of a node, the node itself first; `values` holds nominal arrays in root units by id of node."""
    waiting, steps, seen = [root], [], {id(root)}
    while waiting:
        node = waiting.pop(0)
        named: list[Node] = []
        steps.append(_step(node, values, named))
        for child in named:
            if id(child) not in seen:
                seen.add(id(child))
                waiting.append(child)
    return steps


def inside(root: Node) -> list[Node]:
    """Every node that a derivation of `root` can show a value of."""
    found: list[Node] = []
    fold([root], lambda node, _: found.append(node))
    return found


def _step(node: Node, values: Mapping[int, Any], named: list[Node]) -> Step:
    leaves: list[Parameter] = []

    def symbol(child: Node) -> str:
        if isinstance(child.leaf, Parameter):
            leaves.append(child.leaf)
            return child.leaf.key.rsplit(".", 1)[-1]
        named.append(child)
        return child.name

    symbols = _write(node, symbol, top=True)
    numbers = _write(node, lambda child: _number(child, values), top=True)
    value = _valued(node, values[id(node)])
    sources = [f"{p.key}: {p.source or 'no source'}, {p.status}" for p in dict.fromkeys(leaves)]
    name = node.name or (node.leaf.key if isinstance(node.leaf, Parameter) else "value")
    if node.function is None:
        return Step(
            name, node.leaf.describe() if isinstance(node.leaf, Parameter) else "", "", value, tuple(sources)
        )
    return Step(f"{name} [{unit_text(node.unit)}]", symbols, numbers, value, tuple(sources))


def _write(node: Node, leaf: Any, *, top: bool = False) -> str:
    """The expression down to named nodes and leaves, which `leaf` writes; without recursion in long chains."""
    if node.function is None or (node.name and not top):
        return _constant(node) if isinstance(node.leaf, Constant) else str(leaf(node))
    row = node.function
    parts: list[str] = []
    for position, child in enumerate(node.inputs):
        text = _write(child, leaf)
        open_child = child.function is not None and not child.name
        level = child.function.level if open_child and child.function else 9
        lower = level < row.level or (level == row.level and position > 0 and row.name in ("subtract", "divide"))
        parts.append(f"({text})" if lower and row.level < 9 else text)
    return row.text.format(*parts, **node.static)


def _constant(node: Node) -> str:
    assert isinstance(node.leaf, Constant)
    if node.leaf.values.ndim:
        return f"[{', '.join(f'{v:g}' for v in node.leaf.values.ravel()[:6])}]"
    text, factor = display(node.unit)
    unit = "" if set(map(str, node.unit)) <= {*COUNTS} or "at the" in text else text
    return f"{float(node.leaf.values) / factor:,.6g} {unit}".strip()


def _number(node: Node, values: Mapping[int, Any]) -> str:
    array = np.asarray(values[id(node)])
    if isinstance(node.leaf, Parameter):
        unit = _ATTACHED.sub("", node.leaf.unit).strip()
        unit = "" if unit in COUNTS or unit == "1" else unit
        return f"{_digits(array / node.leaf.scale)} {unit}".strip()
    text, factor = display(node.unit)
    return f"{_digits(array / factor)} {text}".strip() if text else _digits(array / factor)


def _valued(node: Node, array: Any) -> str:
    text, factor = display(node.unit)
    return f"{_digits(np.asarray(array) / factor)} {text}".strip()


def _digits(array: Any) -> str:
    flat = np.atleast_1d(array).ravel()
    if len(flat) == 1:
        return f"{flat[0]:,.4g}" if abs(flat[0]) < 1e4 or flat[0] != round(flat[0]) else f"{flat[0]:,.0f}"
    shown = ", ".join(f"{v:.4g}" for v in flat[:6])
    return f"[{shown}{', ...' if len(flat) > 6 else ''}]"
