"""Where a number comes from: its derivation, and every value behind a study with status and source (A10)."""

from __future__ import annotations

import math
import re
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas

from ..errors import DomainError, LabelError, MissingError
from ..expression import functions
from ..expression.derivation import derivation_steps
from ..expression.leaf import Parameter
from ..expression.node import Node, constant, fold, rebuilt
from ..expression.program import Program, compile_program
from ..expression.record import Record, attributes
from ..expression.rewrite import Selections
from ..sampling.evaluate import evaluate
from ..study.assembly import Model
from ..study.study import Study
from .result import model_of, moved, output_named, settled
from .table import Table

_PATH = re.compile(r"^(?P<name>[^\[\]]+)(?:\[(?P<labels>[^\[\]]+)\])?$")
#: From the strongest to the weakest: a result rests on its weakest value.
STATUS_ORDER = ("measured", "dataset", "declared", "default", "assumed")


def derivation(thing: Any, path: str, *, steps: int | None = 40) -> str:
    """How a value of a study follows from its inputs: symbols, numbers, result, sources, step by step.

    `path` is an output ("total", "use", "use/robots") or a value of a component ("robots.energy"), with
    labels where it varies: "superpoint-backbones.energy[model=resnet18]". Values are nominal. What is nearest to the
    result comes first; at most `steps` are written out, or all with None, and the last line counts the others.

    Raises `MissingError` for an unknown path (near names are offered), `LabelError` for a missing label, `DomainError`
    for `steps` that are no number of steps.
    """
    if steps is not None and (isinstance(steps, bool) or not isinstance(steps, int) or steps < 1):
        raise DomainError(f"{steps!r} is no number of steps", where="steps", mend="a whole number from 1 up, or None")
    match = _PATH.match(path.strip())
    if match is None:
        raise MissingError(f"{path!r} is no path", mend='write "use" or "robots.energy[engine=...]"')
    node = _located(thing, match["name"])
    name = node.name or node.short
    chosen = [part.partition("=")[::2] for part in filter(None, (match["labels"] or "").split(","))]
    for dim, label in chosen:
        _check_summed(thing, match["name"], node, dim.strip(), label.strip())
        node = functions.select(node, dim.strip(), label.strip())
    for dim, label in getattr(thing, "selected", ()):
        node = functions.select(node, dim, label) if dim in node.dim_names else node
    # labels are selected at the leaves, so that every step shows the numbers of that label alone
    node = Selections()(node)
    if node.function is not None and not node.name:
        node = node.named(match["name"])
    if chosen:
        node = node.named(f"{name}[{','.join(f'{dim.strip()}={label.strip()}' for dim, label in chosen)}]")
    model, _ = model_of(thing)
    rivals = [dim for dim in node.dims if model is not None and dim.name in model.alternatives]
    if rivals:
        texts = ", ".join(rivals[0].texts[:4])
        raise LabelError(
            f"{match['name']} varies over {rivals[0].name}",
            where=path,
            mend=f"name a label: {match['name']}[{rivals[0].name}=...]; there are {texts}",
        )
    found = derivation_steps(node, _nominal_values(node))
    lines = [str(step) for step in found[:steps]]
    if further := len(found) - len(lines):
        lines.append(f"... and {further} further step{'s' * (further > 1)}: derivation(..., steps=None) shows them all")
    return "\n".join(lines)


def _check_summed(thing: Any, name: str, node: Node, dim: str, label: str) -> None:
    """A stage and the total are sums over parts: raise with the details that still have the dim."""
    model, outputs = model_of(thing)
    if model is None or dim in node.dim_names or name not in (*model.stages, "total"):
        return
    inside = [one for one in model.details if one.startswith("" if name == "total" else f"{name}/")]
    if having := [one for one in inside if dim in outputs[one].dim_names]:
        shown = " or ".join(f"{one}[{dim}={label}]" for one in having[:4])
        raise LabelError(f"{name} is a sum over {dim}", where=f"{name}[{dim}={label}]", mend=f"one part: {shown}")


def _nominal_values(root: Node) -> dict[int, Any]:
    """Nominal arrays in root units of what a derivation shows: the root, named values, leaves; by id of node.

    Leaves become plain numbers: one key may stand here with all its labels and with a selected one.
    """
    shown: dict[str, Node] = {}

    def visit(node: Node, inputs: list[Node]) -> Node:
        leaf = node.parameter
        made = rebuilt(node, inputs) if leaf is None else constant(leaf.nominal, node.unit, node.dims)
        if leaf is not None or node.name or node is root:
            shown[str(id(node))] = made
        return made

    fold([root], visit)
    values = evaluate(compile_program(shown))
    return {int(name): values[name][..., 0] for name in shown}


def _located(thing: Any, name: str) -> Node:
    _, outputs = model_of(thing)
    if name in outputs:
        return outputs[name]
    if not isinstance(thing, Study):
        return output_named(outputs, name)
    owner, _, attribute = name.rpartition(".")
    for record in thing.components:
        if owner in (record.slug, record.key_prefix):
            found = getattr(record, attribute, None)
            if isinstance(found, Node):
                return found
    known = [*outputs, *(f"{record.slug}.{value}" for record in thing.components for value in _values(record))]
    near = get_close_matches(name, known, 3, 0.5) or list(outputs)[:8]
    raise MissingError(f"no value is called {name!r}", where="path", mend=f"did you mean {', '.join(near)}?")


def _values(record: Record) -> list[str]:
    """The names of what a component is given and of what follows from it."""
    return [name for name in attributes(record) if isinstance(getattr(record, name, None), Node)]


def provenance(thing: Any, *, of: str = "total") -> Table:
    """Every value behind a result: nominal, unit, spread, kind, status, source, and how much it moves the result.

    `effect` is the elasticity of `of` at nominal values: per cent of change of the result per per cent of
    change of the value (the largest over alternatives). Sorted by effect; nothing is left out. A key that
    alternatives define differently has one row that says so.

    Raises `MissingError` where nothing is called `of`, and where nothing has a key.
    """
    _, outputs = model_of(thing)
    program = compile_program({"value": output_named(outputs, of)})
    base = evaluate(program)["value"]
    found: dict[str, dict[Any, Parameter]] = {}
    for node in settled(outputs):
        if node.parameter is not None:
            found.setdefault(node.parameter.key, {}).setdefault(node.parameter.definition, node.parameter)
    if not found:
        raise MissingError("nothing here has a key", where=of, mend="plain numbers have no source")
    rows = [_row(key, list(alike.values()), _elasticity(program, key, base)) for key, alike in found.items()]
    frame = pandas.DataFrame.from_records(rows)
    frame = frame.sort_values("effect", ascending=False, key=lambda s: s.abs(), kind="stable")
    return Table(frame.set_index("key"))


def _row(key: str, definitions: list[Parameter], effect: float) -> dict[str, Any]:
    first = definitions[0]
    numbers = np.concatenate([np.ravel(p.nominal) for p in definitions]) / first.scale
    low, high = f"{numbers.min():g}", f"{numbers.max():g}"
    spreads = [parameter.describe() if parameter.is_random else "none" for parameter in definitions]
    said: dict[str, Any] = {"key": key, "nominal": low if low == high else f"{low} to {high}", "unit": first.unit}
    said |= {"values": len(numbers), "spread": " | ".join(dict.fromkeys(spreads))}
    for name in ("kind", "status", "source"):
        said[name] = " | ".join(dict.fromkeys(getattr(parameter, name) for parameter in definitions))
    return {**said, "effect": effect}


def _elasticity(program: Program, key: str, base: Any) -> float:
    if not any(np.any(leaf.nominal) for leaf in program.leaves if leaf.key == key):
        return 0.0
    step = 1e-4
    # from below, to second order: a period ends with its last year, and a step up would leave it
    one, two = (
        evaluate(moved(program, key, lambda leaf, by=by: leaf.nominal * by))["value"]  # type: ignore[misc]
        for by in (1 - step, 1 - 2 * step)
    )
    with np.errstate(divide="ignore", invalid="ignore"):  # of nothing, no per cent
        slopes = (3 * base - 4 * one + two) / (2 * step * base)
    known = slopes[np.isfinite(slopes)]
    return float(known[np.argmax(np.abs(known))]) if known.size else math.nan


def rests_on(model: Model, name: str) -> str:
    """The weakest status among the values behind an output (A10)."""
    found = {leaf.parameter.status for leaf in settled({name: model.outputs[name]}) if leaf.parameter}
    return max(found, key=STATUS_ORDER.index) if found else "nothing"


def status_shares(thing: Any) -> Table:
    """The share of the nominal total that rests on each status, each flow counted at its weakest value."""
    model, outputs = model_of(thing)
    if model is None:
        raise MissingError("shares by status are of a study")
    names = [*model.details, "total"]
    program = compile_program({name: outputs[name] for name in names})
    values = evaluate(program)
    whole = float(values["total"].mean()) or math.nan  # of nothing, no share
    shares = dict.fromkeys(STATUS_ORDER, 0.0)
    for name in model.details:
        dims = program.outputs[name].dims
        axes = tuple(i for i, dim in enumerate(dims) if dim.name not in model.alternatives)
        shares[rests_on(model, name)] += float(values[name].sum(axis=axes).mean()) / whole
    frame = pandas.DataFrame({"share": shares})
    frame.index.name = "status"
    return Table(frame[frame["share"] > 0])
