"""Where a number comes from: its derivation, and every value behind a study with status and source (A10)."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas

from ..errors import LabelError, MissingError
from ..expression import functions
from ..expression.derivation import derivation_steps, inside
from ..expression.node import Node, Parameter, fold, parameter_node, parameters, rebuilt
from ..expression.program import compile_program
from ..expression.record import Record, find, walk
from ..sampling.evaluate import evaluate
from ..study.assembly import Model
from ..study.study import Study
from .result import model_of
from .table import Table

_PATH = re.compile(r"^(?P<name>[^\[\]]+)(?:\[(?P<labels>[^\[\]]+)\])?$")
#: From the strongest to the weakest: a result rests on its weakest value.
STATUS_ORDER = ("measured", "dataset", "declared", "default", "assumed")


def derivation(thing: Any, path: str) -> str:
    """How a value of a study follows from its inputs: symbols, numbers, result, sources, step by step.

    `path` is an output ("total", "use", "use/robots") or a value of a component ("robots.energy"), with
    labels where it varies: "superpoint-backbones.energy[model=resnet18]". Values are nominal.

    Raises `MissingError` for an unknown path (near names are offered), `LabelError` for a missing label.
    """
    match = _PATH.match(path.strip())
    if match is None:
        raise MissingError(f"{path!r} is no path", mend='write "use" or "robots.energy[engine=...]"')
    node = _located(thing, match["name"])
    for part in filter(None, (match["labels"] or "").split(",")):
        dim, _, label = part.partition("=")
        node = _select(node, dim.strip(), label.strip())
    model, _ = model_of(thing)
    rivals = [dim for dim in node.dims if model is not None and dim.name in model.alternatives]
    if rivals:
        texts = ", ".join(rivals[0].texts[:4])
        raise LabelError(
            f"{match['name']} varies over {rivals[0].name}",
            where=path,
            mend=f"name a label: {match['name']}[{rivals[0].name}=...]; there are {texts}",
        )
    nodes = inside(node)
    program = compile_program({str(i): one for i, one in enumerate(nodes)})
    values = evaluate(program)
    steps = derivation_steps(node, {id(one): values[str(i)][..., 0] for i, one in enumerate(nodes)})
    return "\n".join(str(step) for step in steps)


def _select(node: Node, dim: str, label: str) -> Node:
    """Select at the leaves, so that every step shows the numbers of that label alone."""
    if dim not in node.dim_names:
        raise LabelError(
            f"{node.short} has no dim {dim!r}", mend=f"its dims: {', '.join(node.dim_names) or 'none'}"
        )

    def visit(one: Node, inputs: list[Node]) -> Node:
        if one.function is None and dim in one.dim_names:
            return _leaf_at(one, dim, label)
        if one.function is not None and one.function.name == "stack" and one.static["new"].name == dim:
            position: int = one.static["new"].position(label)
            return inputs[position]
        return rebuilt(one, inputs)

    made: Node = fold([node], visit)[0]
    return made.named(f"{node.name or node.short}[{dim}={label}]")


def _leaf_at(node: Node, dim: str, label: str) -> Node:
    selected: Node = functions.select(node, dim, label)
    parameter = node.parameter
    if parameter is None:
        return selected
    position = next(d for d in node.dims if d.name == dim).position(label)
    return parameter_node(parameter.at({dim: position}))


def _located(thing: Any, name: str) -> Node:
    _, outputs = model_of(thing)
    if name in outputs:
        return outputs[name]
    if not isinstance(thing, Study):
        raise MissingError(f"nothing is called {name!r}", mend=f"one of {', '.join(outputs)}")
    owner, _, attribute = name.rpartition(".")
    for record in walk(thing):
        if owner in (record.slug, record.key_prefix):
            found = getattr(record, attribute, None)
            if isinstance(found, Node):
                return found
    records: list[Record] = walk(thing)
    holders, field = find(records, name)
    value = getattr(holders[0], field)
    if not isinstance(value, Node):
        raise MissingError(f"{name} is no value", sides=[repr(value)], mend=f"outputs: {', '.join(outputs)}")
    return value


def provenance(thing: Any, *, of: str = "total") -> Table:
    """Every value behind a result: nominal, unit, spread, kind, status, source, and how much it moves the result.

    `effect` is the elasticity of `of` at nominal values: per cent of change of the result per per cent of
    change of the value (a maximum over alternatives). Sorted by effect; nothing is left out.
    """
    _, outputs = model_of(thing)
    target = outputs[of] if of in outputs else next(iter(outputs.values()))
    program = compile_program({"value": target})
    base = evaluate(program)["value"]
    rows: dict[str, dict[str, Any]] = {}
    for node in parameters(list(outputs.values())):
        parameter = node.parameter
        if parameter is None or parameter.key in rows:
            continue
        effect = _elasticity(program, parameter, base)
        numbers = np.atleast_1d(parameter.nominal / parameter.scale).ravel()
        nominal = f"{numbers[0]:g}" if len(numbers) == 1 else f"{numbers.min():g} to {numbers.max():g}"
        rows[parameter.key] = {
            "key": parameter.key,
            "nominal": nominal,
            "unit": parameter.unit,
            "values": len(numbers),
            "spread": parameter.describe() if parameter.is_random else "none",
            "kind": parameter.kind,
            "status": parameter.status,
            "source": parameter.source,
            "effect": effect,
        }
    frame = pandas.DataFrame.from_records(list(rows.values()))
    frame = frame.sort_values("effect", ascending=False, key=lambda s: s.abs(), kind="stable")
    return Table(frame.set_index("key"))


def _elasticity(program: Any, parameter: Parameter, base: Any) -> float:
    if parameter.key not in {leaf.key for leaf in program.leaves} or not np.any(parameter.nominal):
        return 0.0
    step = 1e-4
    moved = {}
    for sign in (1, -1):
        value = parameter.nominal[..., None] * (1 + sign * step)
        moved[sign] = evaluate(program, overrides={parameter.key: value})["value"]
    slopes = (moved[1] - moved[-1]) / (2 * step * base)
    return float(slopes.ravel()[np.argmax(np.abs(slopes))])


def rests_on(model: Model, name: str) -> str:
    """The weakest status among the values behind an output (A10)."""
    found = {leaf.parameter.status for leaf in parameters([model.outputs[name]]) if leaf.parameter}
    return max(found, key=STATUS_ORDER.index) if found else "nothing"


def status_shares(thing: Any) -> Table:
    """The share of the nominal total that rests on each status, each flow counted at its weakest value."""
    model, outputs = model_of(thing)
    if model is None:
        raise MissingError("shares by status are of a study")
    names = [*model.details, "total"]
    values = evaluate(compile_program({name: outputs[name] for name in names}))
    whole = float(values["total"].mean())
    shares = dict.fromkeys(STATUS_ORDER, 0.0)
    for name in model.details:
        parts = outputs[name]
        axes = tuple(i for i, dim in enumerate(parts.dims) if dim.name not in model.alternatives)
        shares[rests_on(model, name)] += float(values[name].sum(axis=axes).mean()) / whole
    frame = pandas.DataFrame({"share": shares})
    frame.index.name = "status"
    return Table(frame[frame["share"] > 0])
