"""What moves one model to another: parameters in which they differ, and all else as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...checks import Array
from ...errors import LabelError, UnitError
from ...graph.labels import Dim
from ...graph.node import Node
from ...graph.program import Program
from ...study.assembly import Model
from ..sensitivity.groups import Groups, grouped
from ..sensitivity.question import question, said_of, unit_of
from ..spreads import denominator
from ..summary import in_unit
from ..value_names import value_name
from .answer import Difference
from .matching import Matched, matched
from .moves import Draws, Ends, moves_of
from .orders import Orders, orders_of
from .tables import Change, Piece, moves_table, sorted_parts, totals_table
from .words import parameter_text

#: The change that stands for all in which two models differ beside their parameters, and that of all small changes.
STRUCTURE = "structure"


@dataclass(frozen=True)
class Asked:
    """What a difference is of: the output, per what, in which unit, in which order, which inputs count as one, and how
    many changes have a row of their own.
    """

    of: str = "total"
    per: str = "total"
    unit: str | None = None
    order: Sequence[str] | None = None
    groups: Groups = None
    most: int = 12


@dataclass(frozen=True, eq=False)
class Between:
    """What lies between two models: the moves of all changes, paired draw by draw."""

    asked: Asked
    ends: Ends
    parts: list[Piece]
    says: str
    structure: tuple[str, ...]
    unit: str
    factor: float

    def answer(self, note: str, means: tuple[Array, Array] | None = None, others: Sequence[Piece] = ()) -> Difference:
        """The difference, with means of old and new that were taken elsewhere, and parts that explain these."""
        drawn = self.ends.before.mean(axis=-1), self.ends.after.mean(axis=-1)
        old, new = means or drawn
        first = [part for part in self.parts if part.change.kind == STRUCTURE]
        inputs = [part for part in self.parts if part.change.kind != STRUCTURE]
        parts = [*first, *sorted_parts(inputs, self.asked.order), *others]
        said = f"{said_of(self.asked.of, self.asked.per).capitalize()}. {note} {self.says}"
        table = moves_table(self.ends.dims, parts, new - old, self.factor, self.unit, said)
        totals = totals_table(self.ends, (old, new), self.factor, self.unit)
        return Difference(table, totals, self.unit, self.says, structure=self.structure)

    def over(self, dims: Sequence[Dim], draws: int) -> Between:
        """The same over further dims of alternatives, along which nothing varies, and of the first draws alone."""
        ends, own = self.ends.over(dims, draws), [dim.name for dim in self.ends.dims]
        parts = [
            Piece(one.change, ends.laid(one.moves[..., :draws], own), ends.laid(one.error[..., None], own)[..., 0])
            for one in self.parts
        ]
        return replace(self, ends=ends, parts=parts)


def between_models(old: Model, new: Model, asked: Asked, draws: Draws) -> Between:
    """What moves one model to another. Raises `LabelError` where they vary over other alternatives."""
    programs, nodes = zip(*(_asked_of(model, asked) for model in (old, new)), strict=True)
    _check_alike(nodes[0], nodes[1], asked.of)
    found = matched(nodes[0], nodes[1])
    changes = _rows(new, found, asked)
    orders = orders_of([*changes], asked.order)
    ends, each, errors = moves_of(_over_sets(new, found, changes, orders), orders, draws)
    rows = [_change(name, keys, found, new.names) for name, keys in changes.items()]
    parts = [Piece(change, *two) for change, *two in zip(rows, each, errors, strict=True)]
    structure = () if found.alike else _apart(old, new, found)
    if old.correlations != new.correlations:
        structure += ("rank correlations",)
    factor, label = unit_asked(new, nodes[1], asked)
    between = Between(asked, ends, parts, orders.says, structure, label, factor)
    return _with_structure(between, programs[0], draws) if structure else between


def _with_structure(between: Between, old: Program, draws: Draws) -> Between:
    """The same with what lies between the old value and the new form at old values, as one change that comes first."""
    (output,) = old.outputs.values()
    made = between.over(output.dims, between.ends.count)
    same = Draws(made.ends.count if draws.count else None, draws.seed, draws.mix)
    before = made.ends.laid(same.of(old) / output.factor, [dim.name for dim in output.dims])
    change = Change(STRUCTURE, "what is in one of the two alone", STRUCTURE)
    part = Piece(change, made.ends.before - before, np.zeros(before.shape[:-1]))
    says = f"First the structure, then inputs. {made.says}"
    return replace(made, ends=replace(made.ends, before=before), parts=[*made.parts, part], says=says)


def unit_asked(model: Model, node: Node, asked: Asked) -> tuple[float, str]:
    """(units of the result per asked unit, the label of that unit)."""
    words = "" if asked.per == "total" else denominator(model.outputs, asked.per)[2]
    return in_unit(asked.unit, unit_of(node, "total")[0], words)


def _asked_of(model: Model, asked: Asked) -> tuple[Program, Node]:
    return question(model, asked.of, asked.per)


def _check_alike(old: Node, new: Node, of: str) -> None:
    if old.unit != new.unit:
        raise UnitError.of("results_of_other_units", of, [unit_of(one, "total")[0] for one in (old, new)])
    dims = [{dim.name: dim.texts for dim in node.dims} for node in (old, new)]
    if any(dims[0][name] != dims[1][name] for name in dims[0].keys() & dims[1].keys()):
        sides = [", ".join(f"{name}: {len(texts)} labels" for name, texts in one.items()) or "none" for one in dims]
        raise LabelError.of("results_of_other_alternatives", of, sides)


def _over_sets(model: Model, found: Matched, changes: Mapping[str, Sequence[str]], orders: Orders) -> Program:
    """The program of the new value over the sets of some orders."""
    keys = [*changes.values()]
    node = found.over_sets([{key for place in one for key in keys[place]} for one in orders.sets])
    return replace(model, outputs={"value": node}, guards=()).program


def _rows(model: Model, found: Matched, asked: Asked) -> dict[str, list[str]]:
    """The keys of each change that has a row, by its name: the smallest of many are one."""
    named = grouped(model, [*found.changed], asked.groups, asked.of)
    if asked.order is not None or len(named) <= asked.most:
        return named
    single = Orders(
        (frozenset(), *(frozenset([place]) for place in range(len(named)))),
        np.hstack([-np.ones((len(named), 1)), np.eye(len(named))]),
        "",
    )
    moves = moves_of(_over_sets(model, found, named, single), single, Draws(None))
    sizes = np.abs(moves.each).reshape(len(named), -1).max(axis=1)
    large = {int(place) for place in np.argsort(-sizes, kind="stable")[: asked.most - 1]}
    kept = {name: keys for place, (name, keys) in enumerate(named.items()) if place in large}
    rest = [key for place, keys in enumerate(named.values()) if place not in large for key in keys]
    return {**kept, f"{len(rest)} other inputs": rest}


def _change(name: str, keys: Sequence[str], found: Matched, names: Mapping[str, str]) -> Change:
    if [name] != [*keys]:
        return Change(name, name)
    pairs = found.changed[name]
    new, old = ("; ".join(dict.fromkeys(map(parameter_text, side))) for side in zip(*pairs, strict=True))
    return Change(name, value_name(name, names), "input", old, new)


def _apart(old: Model, new: Model, found: Matched) -> tuple[str, ...]:
    """What one of two models has alone, in words."""
    said = []
    for side, own, other, keys in (("old", old, new, found.only_old), ("new", new, old, found.only_new)):
        details = [name for name in own.details if name not in other.details]
        said += [f"{side}: {name}" for name in details]
        said += [f"{side}: {key}" for key in keys]
    return tuple(said) or ("the form of a formula",)
