"""Where a number comes from: its derivation, and every value behind a study with status and source (A10)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial

import numpy as np
import pandas

from ..arguments import entry
from ..checks import Array, finite_number
from ..errors import LabelError, MissingError
from ..graph import functions
from ..graph.formula_text import NominalFigures, Step, derivation_steps
from ..graph.labels import Label
from ..graph.leaf import Parameter
from ..graph.node import Node, constant, fold, parameters, rebuilt
from ..graph.program import Leaf, Program
from ..graph.rewrite import Selections
from ..sampling.evaluate import evaluate, shown_values
from ..sampling.moves import moved
from ..source_marks import unmarked
from ..study.assembly import Model
from ..study.named_values import located, split_path
from ..study.study import Study
from ..units.number_text import in_full
from .credits import NO_TABLE, columns_of
from .result import Evaluable, model_of, nominal, output_named
from .source_rows import rows_behind
from .spread import by_label
from .table import Table
from .value_names import value_name

#: From the strongest to the weakest: a result rests on its weakest value.
STATUS_ORDER = ("measured", "dataset", "declared", "default", "assumed")


@entry
def derivation(thing: Evaluable, path: str, *, steps: int | None = 40) -> str:
    """How a value follows from its inputs: symbols, numbers, result and sources, step by step.

    Values are nominal. The steps nearest to the result come first.

    Parameters
    ----------
    thing : Study, Result, Node, or mapping of str to Node
        What holds the value.
    path : str
        An output ("total", "use", "use/robots") or a value of a component ("robots.energy"), with labels where it
        varies: "superpoint-backbones.energy[model=resnet18]".
    steps : int or None
        How many steps are written, all with None. The last line counts the others.

    Returns
    -------
    str
        The derivation, a step on each line.

    Raises
    ------
    MissingError
        If the path is unknown; the error offers near names.
    LabelError
        If a label is missing, or the value is a sum over the dim.
    DomainError
        If `steps` is not a whole number from 1 up.

    Examples
    --------
    >>> import lca
    >>> power, time = lca.parameter("power", "2 kW at_wall"), lca.parameter("time", "3 h")
    >>> derivation({"energy": power * time}, "energy").splitlines()[0]
    'energy [kWh at the wall] = power x time'
    """
    if steps is not None:
        finite_number(steps, "steps", low=1, whole=True, form="a whole number from 1 up, or None")
    name, chosen = split_path(path)
    node = _located(thing, name)
    title = node.name or (name if node.function is not None else node.short)
    for dim, label in chosen:
        _check_summed(thing, name, node, dim, label)
        node = functions.select(node, dim, label)
    for dim, label in getattr(thing, "selected", ()):
        node = functions.select(node, dim, label) if dim in node.dim_names else node
    if chosen:
        title = f"{title}[{','.join(f'{dim}={label}' for dim, label in chosen)}]"
    rivals = [dim for dim in node.dims if dim.name in model_of(thing).alternatives]
    if rivals:
        texts = ", ".join(rivals[0].texts[:4])
        raise LabelError.of("value_varies_over", path, name=name, dim=rivals[0].name, labels=texts)
    return "\n".join(map(str, derived_steps({title: node}, steps)[title]))


def derived_steps(nodes: Mapping[str, Node], steps: int | None = 40) -> dict[str, list[Step | str]]:
    """The steps of each of some nodes, by their titles, and a line for those that are left out.

    Labels are selected at the leaves, so that every step shows the numbers of that label alone.
    """
    pushed = {title: Selections()(node).named(title) for title, node in nodes.items()}
    values = _nominal_values(list(pushed.values()))
    made: dict[str, list[Step | str]] = {}
    for title, node in pushed.items():
        found = derivation_steps(node, NominalFigures(values))
        if node.random:
            found[0] = replace(found[0], value=f"{found[0].value} (nominal)")
        made[title] = [*found[:steps]]
        if more := len(found) - len(made[title]):
            line = f"... and {more} further step{'s' * (more > 1)}: derivation(..., steps=None) shows them all"
            made[title].append(line)
    return made


def _check_summed(thing: Evaluable, name: str, node: Node, dim: str, label: str) -> None:
    """A stage and the total are sums over parts: raise with the details that still have the dim."""
    model = model_of(thing)
    if dim in node.dim_names or name not in (*model.stages, "total"):
        return
    inside = [one for one in model.details if one.startswith("" if name == "total" else f"{name}/")]
    if having := [one for one in inside if dim in model.outputs[one].dim_names]:
        shown = " or ".join(f"{one}[{dim}={label}]" for one in having[:4])
        raise LabelError.of("value_is_a_sum_over", f"{name}[{dim}={label}]", name=name, dim=dim, parts=shown)


def _nominal_values(roots: Sequence[Node]) -> dict[int, Array]:
    """Nominal arrays in root units of what a derivation shows: the roots, named values, leaves; by id of node.

    Leaves become plain numbers: one key may stand here with all its labels and with a selected one.
    """
    shown: dict[str, Node] = {}

    def visit(node: Node, inputs: list[Node]) -> Node:
        leaf = node.parameter
        made = rebuilt(node, inputs) if leaf is None else constant(leaf.nominal, node.unit, node.dims)
        if leaf is not None or node.name:
            shown[str(id(node))] = made
        return made

    fold(roots, visit)
    return {int(name): values for name, values in shown_values(shown).items()}


def _located(thing: Evaluable, name: str) -> Node:
    if isinstance(thing, Study):
        return located(thing.model, thing.components, name)
    outputs = model_of(thing).outputs
    return outputs[output_named(outputs, name)]


@entry
def provenance(thing: Evaluable, *, of: str = "total") -> Table:
    """Every value behind a result: nominal, unit, spread, kind, status, source, credits and effect (A10).

    Parameters
    ----------
    thing : Study, Result, Node, or mapping of str to Node
        What rests on the values.
    of : str
        The output whose effects are given.

    Returns
    -------
    Table
        A row for each key, largest effect first. `effect` is the elasticity at nominal values: per cent of change of
        the result per per cent of change of the value, the largest over alternatives. A key that alternatives define
        differently has one row that says so. `table`, `licence` and `attribution` are of the rows of tables that a
        value was read from; `attribution` has all of them by work. `row` is the file, the line and the column in the
        data in use, "data/electricity/egrid_subregion_rates.csv:75, co2e".

    Raises
    ------
    MissingError
        If the output is unknown, or nothing has a key.

    Examples
    --------
    >>> import lca
    >>> power, time = lca.parameter("power", "2 kW at_wall"), lca.parameter("time", "3 h", source="log")
    >>> provenance(power * time).loc["time", ["nominal", "unit", "source"]].tolist()
    ['3', 'h', 'log']
    """
    model = model_of(thing)
    name = output_named(model.outputs, of)
    program = model.program.of(name)
    found = definitions(model)
    if not found:
        raise MissingError.of("no_keys", of)
    effects = elasticities(program, name, found)
    rows = [_row(key, alike, effects.get(key, 0.0), model.names) for key, alike in found.items()]
    notes = ["effect: the largest over all labels of the result"] if model.outputs[name].dims else []
    notes += [f"rank correlations: {'; '.join(model.correlations.said)}"] if model.correlations else []
    return Table.of(rows, "key", "; ".join(notes)).sort_values("effect", ascending=False, key=abs, kind="stable")


def definitions(model: Model) -> dict[str, list[Parameter]]:
    """The parameters of each key: several where alternatives define it apart, which a program is free to join."""
    found: dict[str, dict[tuple[object, ...], Parameter]] = {}
    pushed = Selections()
    for leaf in parameters([pushed(node) for node in model.outputs.values()]):
        if (one := leaf.parameter) is not None:
            found.setdefault(one.key, {}).setdefault(one.definition, one)
    return {key: list(alike.values()) for key, alike in found.items()}


def _row(key: str, definitions: list[Parameter], effect: float, names: Mapping[str, str]) -> dict[str, object]:
    first = definitions[0]
    numbers = np.concatenate([np.ravel(p.nominal) for p in definitions]) / first.scale
    low, high = in_full(numbers.min(), 6), in_full(numbers.max(), 6)
    spreads = [parameter.describe() if parameter.is_random else "none" for parameter in definitions]
    plain = low if low == high else f"{low} to {high}"
    said: dict[str, object] = {"key": key, "words": value_name(key, names), "nominal": plain, "unit": first.unit}
    said |= {"values": len(numbers), "spread": " | ".join(dict.fromkeys(spreads))}
    for name in ("kind", "status", "source"):
        said[name] = " | ".join(dict.fromkeys(unmarked(getattr(parameter, name)) for parameter in definitions))
    return {**said, **columns_of(definitions), "row": rows_behind(definitions) or NO_TABLE, "effect": effect}


def elasticities(program: Program, of: str, keys: Iterable[str]) -> dict[str, float]:
    """Per cent of change of an output per per cent of each key, of those that are not 0: the largest over labels."""
    nonzero = {leaf.key for leaf in program.leaves if np.any(leaf.nominal)}
    asked = [key for key in keys if key in nonzero]
    base = evaluate(program)[of].reshape(-1)
    with np.errstate(divide="ignore", invalid="ignore"):  # of nothing, no per cent
        shares = slopes(program, asked)[of].reshape(len(asked), -1) / base
    return {key: _largest(row) for key, row in zip(asked, shares, strict=True)}


def slopes(program: Program, keys: Sequence[str]) -> dict[str, Array]:
    """x dT/dx of every output T by each key x at nominal values: (keys, labels...) in root units.

    >>> from lca.graph.fields import parameter
    >>> from lca.graph.program import compile_program
    >>> x, y = parameter("x", 2.0), parameter("y", 4.0)
    >>> slopes(compile_program({"T": x * x / y}), ["x", "y"])["T"].round(6).tolist()
    [2.0, -1.0]
    """
    step = 1e-4
    # from below, to second order: a period ends with its last year, and a step up would leave it
    moves = [(key, partial(_lowered, by=by)) for key in keys for by in (step, 2 * step)]
    ends = moved(program, moves)
    found = {}
    for name, base in evaluate(program).items():
        once, twice = ends[name][..., 0::2], ends[name][..., 1::2]
        found[name] = np.moveaxis((4 * (base - once) - (base - twice)) / (2 * step), -1, 0)
    return found


def _lowered(leaf: Leaf, by: float) -> Array:
    return leaf.nominal * (1 - by)


def _largest(slopes: Array) -> float:
    known = slopes[np.isfinite(slopes)]
    return float(known[np.argmax(np.abs(known))]) if known.size else math.nan


def rests_on(model: Model, name: str, labels: Mapping[str, Label] | None = None) -> str:
    """The weakest status among the values behind an output (A10), at labels of it where it varies."""
    node = model.outputs[name]
    for dim, label in (labels or {}).items():
        node = functions.select(node, dim, label)
    found = {leaf.parameter.status for leaf in parameters([Selections()(node)]) if leaf.parameter}
    return max(found, key=STATUS_ORDER.index) if found else "nothing"


@entry
def status_shares(thing: Evaluable) -> Table:
    """The share of the nominal total that rests on each status; each flow counts at its weakest value (A10).

    Parameters
    ----------
    thing : Study or Result
        What has a total.

    Returns
    -------
    Table
        A row for each status, from measured to assumed; with alternatives each has rows of its own.

    Raises
    ------
    MissingError
        If there are no stages.

    Examples
    --------
    >>> from lca.study.small_study import small_study
    >>> status_shares(small_study())["share"].to_dict()
    {'declared': 1.0}
    """
    model = model_of(thing)
    if not model.stages:
        raise MissingError.of("result_without_stages", what="a table of shares by status")
    data = nominal(model).data

    @cache
    def status(name: str, *labels: tuple[str, Label]) -> str:
        return rests_on(model, name, dict(labels))

    rows = []
    for rival, whole in by_label(data["total"]):
        shares = dict.fromkeys(STATUS_ORDER, 0.0)
        for name in model.details:
            own = {dim: label for dim, label in rival.items() if dim in data[name].dims}
            size = float(data[name].sel(own).sum())
            if size:  # of nothing, no share
                shares[status(name, *own.items())] += size / float(whole)
        rows += [{**rival, "status": how, "share": share} for how, share in shares.items() if share > 0]
    dims = [str(dim) for dim in data["total"].dims]
    return Table.of(pandas.DataFrame(rows, columns=[*dims, "status", "share"]), [*dims, "status"])
