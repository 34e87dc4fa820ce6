"""Models of several scenarios as one: each is assembled by itself, and what differs in its outputs is stacked (D4)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from typing import TypeAlias, TypeVar

from ..distributions.correlations import Correlations
from ..errors import LabelError, LcaError, RecordError
from ..graph.correlated import groups_of, ties
from ..graph.function_table import call
from ..graph.functions import padded, select, stack, total
from ..graph.identity import Interner
from ..graph.labels import Choice, Dim, L, Label, make_dim, placed
from ..graph.leaf import Constant
from ..graph.node import Node, constant
from ..impact.dim_roles import NATURAL_PARTS, Roles, on_one_calendar
from ..impact.views import MARKET
from ..inventory.stages import STAGES, stage_label
from ..kept import Once
from .assembly import Model

#: Each dim that scenarios made, and where a scenario stands along them.
Dims: TypeAlias = Mapping[str, Dim]
At: TypeAlias = tuple[Label, ...]
#: How many scenarios an error names.
_MOST_SHOWN = 20
T = TypeVar("T")
V = TypeVar("V")


def for_each(dims: Dims, things: Mapping[At, V], make: Callable[[V], T]) -> dict[At, T]:
    """What is made for each scenario; an error names the scenario, and all that are wrong."""
    made: dict[At, T] = {}
    wrong: dict[int, LcaError] = {}
    for at, thing in things.items():
        if id(thing) in wrong:
            continue
        try:
            made[at] = make(thing)
        except LcaError as error:
            said = placed(zip(dims, at, strict=False), ", ")
            error.where = f"{error.where}[{said}]" if said else error.where
            wrong[id(thing)] = error
    errors = list(wrong.values())
    if len(errors) > 1:
        sides = ["; ".join([f"{one.where}: {one.what}", *one.sides]) for one in errors[:_MOST_SHOWN]]
        sides += [f"... {len(errors)} in all"] * (len(errors) > _MOST_SHOWN)
        raise type(errors[0]).of("several_scenarios_wrong", "", sides, count=len(errors), fix=errors[0].fix)
    if errors:
        raise errors[0]
    return made


def merged(dims: Dims, models: Mapping[At, Model]) -> Model:
    """One model of many; `models` by their labels along `dims`, which are one or more, all combinations.

    Scenarios that differ in numbers alone may have one model, over the labels that share it.
    """
    like = {id(model): at for at, model in reversed(list(models.items()))}
    stands_for = {at: like[id(model)] for at, model in models.items()}
    models = {at: model for at, model in models.items() if stands_for[at] == at}
    first = next(iter(models.values()))
    activities = {name: stage for model in models.values() for name, stage in _activities(model).items()}
    _check_activities(activities, dims, models)
    number = Interner()
    roles = Roles(_united(model.parts for model in models.values()), ())
    outputs = {
        name: _stacked(dims, {at: alike[one] for at, one in stands_for.items()}, number)
        for name in _united(model.outputs for model in models.values())
        if (found := _by_case(name, models)) is not None and (alike := _alike(found, roles))
    }
    for name, dim in dims.items():  # scenarios that change nothing are scenarios all the same
        if not any(name in node.dim_names for node in outputs.values()):
            outputs["total"] = over_dim(dict.fromkeys(dim.labels, outputs["total"]), dim)
    gaps = {name: _united(model.gaps.get(name, ()) for model in models.values())
            for name in _united(model.gaps for model in models.values())}  # fmt: skip
    unused = set(first.unused).intersection(*(model.unused for model in models.values())) - set(activities)
    return dataclasses.replace(
        first,
        title=" or ".join(_united([model.title] for model in models.values())),
        outputs=outputs,
        stages=tuple(stage for stage in STAGES if stage in outputs),
        parts=roles.parts,
        alternatives=_united([*(model.alternatives for model in models.values()), tuple(dims)]),
        excluded={name: why for model in models.values() for name, why in model.excluded.items()},
        notes=_united(model.notes for model in models.values()),
        gaps=gaps,
        guards=tuple({number(guard.node): guard for model in models.values() for guard in model.guards}.values()),
        unused={path: error for path, error in first.unused.items() if path in unused},
        correlations=common_correlations(models),
        names={prefix: name for model in models.values() for prefix, name in model.names.items()},
    )


def common_correlations(models: Mapping[At, Model]) -> Correlations:
    """What the models state; what one says of two keys holds in every other that has both: they share draws (U2)."""
    united = reduce(Correlations.united, (model.correlations for model in models.values()))
    for at, model in models.items():
        if model.correlations != united:
            there = model.program.drawn
            own, every = (ties(groups_of(one, there), there) for one in (model.correlations, united))
            if own != every:
                apart = sorted(f"{one}, {other}: {rank:g}" for one, other, rank in own ^ every)
                raise RecordError.of("correlated_in_one_scenario", ", ".join(map(str, at)), apart[:4])
    return united


def chosen_labels(labels: Mapping[str, object], known: Sequence[str], model: Model) -> dict[str, Choice]:
    """The labels asked for as their dims have them; raises `LabelError` for a dim that is none of those known."""
    dims = {dim.name: dim for node in model.outputs.values() for dim in node.dims if dim.name in known}
    if unknown := sorted(set(labels) - set(dims)):
        said = ", ".join(dims) or "none"
        raise LabelError.of("no_such_alternatives", model.title, dims=", ".join(unknown), known=said)
    chosen: dict[str, Choice] = {}
    for name, asked in labels.items():
        dim = dims[name]
        if isinstance(asked, (list, tuple)):
            chosen[name] = tuple(dim.labels[dim.position(label, model.title)] for label in make_dim(name, asked).labels)
        else:
            chosen[name] = dim.labels[dim.position(asked, model.title)]
    return chosen


def _kept(node: Node, dim: str, choice: Choice) -> Node:
    """A value at a label of a dim, or over the dim with fewer labels."""
    if not isinstance(choice, tuple):
        return select(node, dim, choice)
    whole = next(one for one in node.dims if one.name == dim)
    made = whole.some([label for label in choice if label in whole.labels])  # it may have some of the scenarios alone
    return over_dim({label: select(node, dim, label) for label in made.labels}, made)


def select_labels(model: Model, labels: Sequence[tuple[str, Choice]]) -> Model:
    """The model at labels of some dims; what a label has no use for, another may have had.

    A tuple of labels keeps its dim.
    """

    def picked(node: Node) -> Node:
        for dim, choice in labels:
            node = _kept(node, dim, choice) if dim in node.dim_names else node
        return node

    concerned = [guard for guard in model.guards if _concerns(guard.node, labels)]
    gone = {dim for dim, choice in labels if not isinstance(choice, tuple)}
    said = ", ".join(
        f"{dim}={' or '.join(map(str, choice)) if isinstance(choice, tuple) else choice}" for dim, choice in labels
    )

    return dataclasses.replace(
        model,
        title=f"{model.title} ({said})",
        outputs={name: picked(node) for name, node in model.outputs.items()},
        alternatives=tuple(dim for dim in model.alternatives if dim not in gone),
        guards=tuple(dataclasses.replace(guard, node=picked(guard.node)) for guard in concerned),
        unused={},
    )


def _concerns(node: Node, labels: Sequence[tuple[str, Choice]]) -> bool:
    """Whether a value has any of the labels chosen: what scenarios share may have some of them alone."""
    chosen = {dim: choice if isinstance(choice, tuple) else (choice,) for dim, choice in labels}
    return all(set(dim.labels) & set(chosen[dim.name]) for dim in node.dims if dim.name in chosen)


def _united(many: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for each in many for one in each))


def _activities(model: Model) -> dict[str, str]:
    """Every activity of a scenario, with a stage that it has."""
    return {name.split("/")[1]: name.split("/")[0] for name in reversed(model.details)}


def _check_activities(activities: Mapping[str, str], dims: Dims, models: Mapping[At, Model]) -> None:
    """An activity that one scenario has and another lacks is excluded there by name, or with its stage (A6)."""
    for activity, stage in activities.items():
        lacking = {at: model for at, model in models.items() if activity not in _activities(model)}
        silent = [at for at, model in lacking.items() if not {activity, stage} & set(model.excluded)]
        if silent:
            where = placed(zip(dims, silent[0], strict=True), ", ")
            sides = [f"{stage_label(stage)}: {name}" for name in models[silent[0]].details]
            raise RecordError.of("activity_of_one_alternative", where, sides, activity=activity)


def _by_case(name: str, models: Mapping[At, Model]) -> dict[At, Node] | None:
    """An output in every scenario; None where one of them does not have it (A13)."""
    found = {at: model.outputs.get(name) for at, model in models.items()}
    way, _, stage = name.rpartition("/")
    for at, node in found.items():
        if (
            node is None and way == MARKET and not models[at].gaps.get(MARKET)
        ):  # where nothing is said of contracts, electricity counts by its place
            found[at] = models[at].outputs.get(stage)
        elif node is None and way and name.split("/")[0] not in (*STAGES, "energy"):
            return None
    unit = next(node.unit for node in found.values() if node is not None)
    return {at: constant(0.0, unit) if node is None else node for at, node in found.items()}


def _alike(nodes: dict[At, Node], roles: Roles) -> dict[At, Node]:
    """The nodes on the same parts: years that one lacks count as 0, and parts that one lacks are summed."""
    for dim in _united(roles.of(node) for node in nodes.values()):
        if any(dim not in node.dim_names and not _is_nothing(node) for node in nodes.values()):
            nodes = {at: total(node, over=dim) if dim in node.dim_names else node for at, node in nodes.items()}
        elif dim in NATURAL_PARTS:
            nodes = nodes | on_one_calendar(nodes, dim)
    return nodes


def _is_nothing(node: Node) -> bool:
    """Whether a node stands for what is not there in a scenario."""
    return isinstance(node.leaf, Constant) and not node.leaf.values.any()


def over_dim(values: Mapping[L, Node], dim: Dim) -> Node:
    """A value for each label of a dim, with what its coordinates say."""
    made: Node = stack(values, dim.name)
    return made.with_dims((dim,)) if dim.coordinates else made


def _stacked(dims: Dims, nodes: dict[At, Node], number: Interner) -> Node:
    """One node over those dims along which the nodes differ."""
    for position, dim in reversed(list(enumerate(dims.values()))):
        groups: dict[At, dict[Label, Node]] = {}
        for at, node in nodes.items():
            groups.setdefault(at[:position] + at[position + 1 :], {})[at[position]] = node
        varies = any(
            dim.name in node.dim_names or number(node) != number(next(iter(group.values())))
            for group in groups.values()
            for node in group.values()
        )
        put = Once(lambda *nodes, dim=dim: _side_by_side(dict(zip(dim.labels, nodes, strict=True)), dim))
        nodes = {at: put(*group.values()) if varies else next(iter(group.values())) for at, group in groups.items()}
    return next(iter(nodes.values()))


def _side_by_side(nodes: Mapping[Label, Node], dim: Dim) -> Node:
    """The node of each label over a dim; several labels may have one node, which may vary over these."""
    sharing: dict[int, list[Label]] = {}
    for label, node in nodes.items():
        sharing.setdefault(id(node), []).append(label)
    if len(sharing) == len(nodes):
        return over_dim({label: _kept(node, dim.name, label) if dim.name in node.dim_names else node
                         for label, node in nodes.items()}, dim)  # fmt: skip
    each = [nodes[labels[0]] for labels in sharing.values()]
    terms = [padded(node, dim) for node in each if dim.name in node.dim_names]
    if plain := [id(node) for node in each if dim.name not in node.dim_names]:
        place = {one: number for number, one in enumerate(plain)}
        sets = Dim(f"{dim.name}_sets", tuple(range(len(plain))))
        held: Node = stack({n: nodes[sharing[one][0]] for n, one in enumerate(plain)}, sets.name)
        at = tuple(place.get(id(node), -1) for node in nodes.values())
        terms.append(call("take", held, dim=sets.name, new=dim, positions=at))
    made: Node = sum(terms[1:], start=terms[0])
    return made.with_dims((dim,)) if dim.coordinates else made
