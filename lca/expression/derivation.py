"""A result as a reader would write it out: each named value, its formula in symbols and numbers, its sources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..units import BOUNDARIES, COUNTS, Unit, display, unit_text
from .leaf import Constant, Parameter
from .node import Node

_YEAR = 365.25 * 86_400
#: A formula longer than this is cut in its middle: nobody reads on.
_LONGEST = 6_000
_ATTACHED = re.compile(r"\s*/?\s*(?:at_\w+(?:/at_\w+)?|/device)\b")


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
        lines.append(f"    = {self.value}")
        lines += [f"      {source}" for source in self.sources]
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


def _step(node: Node, values: Mapping[int, Any], named: list[Node]) -> Step:
    shown: dict[int, Node] = {}

    def collected(child: Node) -> str:
        shown[id(child)] = child
        return ""

    _write(node, collected, top=True)
    called = _called(list(shown.values()))
    symbols = _write(node, lambda child: called[id(child)], top=True)
    numbers = _write(node, lambda child: _number(child, values), top=True)
    named += [
        child for child in shown.values() if child.function is not None
    ]  # plain numbers have no step of their own
    value = _valued(node, values[id(node)])
    sources = _sources([(called[one], child.leaf) for one, child in shown.items() if isinstance(child.leaf, Parameter)])
    name = node.name or (node.leaf.key if isinstance(node.leaf, Parameter) else "value")
    if node.function is None:
        return Step(name, node.leaf.describe() if isinstance(node.leaf, Parameter) else "", "", value, tuple(sources))
    return Step(f"{name} [{unit_text(node.unit)}]", symbols, numbers, value, tuple(sources))


def _called(shown: list[Node]) -> dict[int, str]:
    """What a formula calls its values, by id: the end of a key, as much of it as tells it from the others."""
    ways = {id(node): _names(node) for node in shown}
    what = {id(node): _identity(node) for node in shown}
    level = dict.fromkeys(ways, 0)
    while True:
        meant: dict[str, set[Any]] = {}
        for one, names in ways.items():
            meant.setdefault(names[level[one]], set()).add(what[one])
        longer = [
            one for one, names in ways.items() if len(meant[names[level[one]]]) > 1 and level[one] + 1 < len(names)
        ]
        if not longer:
            return {one: names[level[one]] for one, names in ways.items()}
        level |= {one: level[one] + 1 for one in longer}


def _names(node: Node) -> list[str]:
    """The names of a value, shortest first: a key from its last dot, from the piece before it, and so on."""
    if not isinstance(node.leaf, Parameter):
        return [node.name]
    key = node.leaf.key
    last = key.rfind(".")
    starts = [0, *(cut.end() for cut in re.finditer(r"[./]", key) if cut.end() <= last + 1)]
    names = [key[start:] for start in reversed(starts)]
    chosen = ",".join(f"{dim}={label}" for dim, label in node.leaf.fixed)
    return [*names, f"{key}[{chosen}]"] if chosen else names


def _identity(node: Node) -> Any:
    """What two values of a formula have in common that are one: their key and label, or that they are one node."""
    return (node.leaf.key, node.leaf.fixed) if isinstance(node.leaf, Parameter) else id(node)


def _sources(leaves: list[tuple[str, Parameter]]) -> list[str]:
    """What the leaves rest on, by the name the formula gives them: those of one source and status together."""
    together: dict[str, list[str]] = {}
    for name, parameter in leaves:
        said = f"{parameter.source}, {parameter.status}" if parameter.source else parameter.status
        together.setdefault(said, []).append(name)
    return [f"{', '.join(dict.fromkeys(names))}: {said}" for said, names in together.items()]


def _write(node: Node, leaf: Any, *, top: bool = False) -> str:
    """The expression down to named nodes and leaves, which `leaf` writes; without recursion in long chains (Q7)."""
    texts: dict[int, str] = {}
    waiting = [(node, False)]
    while waiting:
        one, ready = waiting.pop()
        if id(one) in texts:
            continue
        if one.function is None or (one.name and not (one is node and top)):
            unnamed = isinstance(one.leaf, Constant) and not one.name
            texts[id(one)] = _constant(one) if unnamed else str(leaf(one))
        elif ready:
            texts[id(one)] = _joined(one, [texts[id(child)] for child in one.inputs])
        else:
            waiting.append((one, True))
            waiting.extend((child, False) for child in reversed(one.inputs))
    return texts[id(node)]


def _joined(node: Node, texts: list[str]) -> str:
    """A row of the function table over the texts of its inputs, in parentheses where they bind less."""
    row = node.function
    assert row is not None
    parts: list[str] = []
    for position, (child, text) in enumerate(zip(node.inputs, texts, strict=True)):
        level = child.function.level if child.function is not None and not child.name else 9
        lower = level < row.level or (level == row.level and position > 0 and row.name in ("subtract", "divide"))
        parts.append(f"({text})" if lower and row.level < 9 else text)
    made = row.text.format(*parts, **node.static)
    return made if len(made) <= _LONGEST else f"{made[: _LONGEST // 3]} ... {made[-_LONGEST // 3 :]}"


def _constant(node: Node) -> str:
    """A number of the formula itself; a unit of counts and boundaries alone is left to the values it meets."""
    assert isinstance(node.leaf, Constant)
    numbers = node.leaf.values
    text, factor = _readable(node.unit, float(np.max(np.abs(numbers))))
    if numbers.ndim:
        shown = ", ".join(f"{v / factor:g}" for v in numbers.ravel()[:6])
        return f"[{shown}{', ...' if numbers.size > 6 else ''}] {text}".strip()
    unit = "" if set(map(str, node.unit)) <= {*COUNTS, *BOUNDARIES} else text
    return f"{float(numbers) / factor:,.6g} {unit}".strip()


def _number(node: Node, values: Mapping[int, Any]) -> str:
    if isinstance(node.leaf, Constant):
        return _constant(node)
    array = np.asarray(values[id(node)])
    if isinstance(node.leaf, Parameter):
        unit = re.sub(r"\((\w+)\)", r"\1", _ATTACHED.sub("", node.leaf.unit).strip())
        unit = "" if unit in COUNTS or unit == "1" else unit
        return f"{_digits(array / node.leaf.scale)} {unit}".strip()
    text, factor = _readable(node.unit, float(np.max(np.abs(array))))
    return f"{_digits(array / factor)} {text}".strip()


def _readable(unit: Unit, size: float) -> tuple[str, float]:
    """The display unit, with long times in hours or years."""
    text, factor = display(unit)
    if text == "s" and abs(size) >= 3600:
        return ("year", _YEAR) if abs(size) >= _YEAR / 10 else ("h", 3600.0)
    return text, factor


def _valued(node: Node, array: Any) -> str:
    text, factor = _readable(node.unit, float(np.max(np.abs(array))))
    return f"{_digits(np.asarray(array) / factor)} {text}".strip()


def _digits(array: Any) -> str:
    flat = np.atleast_1d(array).ravel()
    each = "" if len(flat) == 1 else " each"
    if np.all(flat == flat[0]) or len(flat) == 1:
        flat = flat[:1]
        if each:
            return f"[{flat[0]:,.4g}{each}]"
        return f"{flat[0]:,.4g}" if abs(flat[0]) < 1e4 or flat[0] != round(flat[0]) else f"{flat[0]:,.0f}"
    shown = ", ".join(f"{v:.4g}" for v in flat[:6])
    return f"[{shown}{', ...' if len(flat) > 6 else ''}]"
