"""What a sensitivity is of: one output of a program, the keys that have a spread, and what it holds for alone."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

from ...errors import MissingError
from ...graph.node import Node, constant
from ...graph.program import Program, compile_program
from ...units.text import display
from ..result import Evaluable, model_of, output_named
from ..spreads import denominator


def question(thing: Evaluable, of: str, per: str) -> tuple[Program, Node]:
    """(the program of the output that a sensitivity is of, as it is or per something; the same as a node)."""
    model = model_of(thing)
    name = output_named(model.outputs, of)
    node = model.outputs[name]
    if per == "total":
        return model.program.of(name), node
    below, count, _ = denominator(model.outputs, per)
    unit = model.outputs[below].unit
    node = node / (model.outputs[below] / constant(count * display(unit)[1], unit))
    return compile_program({name: node}, correlated=model.program.correlated), node


def unit_of(node: Node, per: str) -> tuple[str, float]:
    """(the unit in which a result is shown, root units of one)."""
    text, factor = display(node.unit)
    return text + ("" if per == "total" else f"/{per.replace('_', ' ')}"), factor


def said_of(of: str, per: str) -> str:
    """What a table is of, in its note."""
    return of if per == "total" else f"{of} per {per}"


def conditions(program: Program, held: Collection[str]) -> str:
    """What a sensitivity holds for alone: choices that stay nominal, and the weights of those that are mixed (U9)."""
    weights = {}
    for one in (program.instructions[i] for i in program.needed(o.value for o in program.outputs.values())):
        leaf = program.instructions[one.inputs[0]].leaf if one.op == "choice" else -1
        if leaf >= 0 and (key := program.leaves[leaf].key) not in held:
            edges = (0.0, *one.static["thresholds"], 1.0)
            weights[key] = " : ".join(f"{high - low:.2g}" for low, high in pairwise(edges))
    given = [f"given the choice of {', '.join(sorted(held))}"] if held else []
    given += [f"given these weights: {key} {shares}" for key, shares in sorted(weights.items())]
    return "".join(f"; {text}" for text in given)


def spread_keys(program: Program, held: Collection[str], of: str) -> list[str]:
    """The keys of all parameters that are drawn. Raises `MissingError` where there is none."""
    keys = [key for key in program.keys if key not in held]
    if not keys:
        raise MissingError.of("no_spread", of)
    return keys
