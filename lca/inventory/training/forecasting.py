"""The pace of the rest of a training, learnt from real runs, as a parameter of its duration (M7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np

from ...errors import DomainError
from ...graph.decided import looked_at
from ...graph.fields import make_parameter
from ...graph.inputs import Labelled
from ...graph.labels import Dims
from ...graph.leaf import Constant
from ...graph.node import Node, constant, fold, parameter_node, rebuilt
from ...logs.training.extrapolation import Forecast, forecast, learnt_from
from ...logs.training.training_log import TrainingLog
from ...sampling.evaluate import nominal_values

#: What ones are called that count a value for each run.
_EACH = "each"


def forecast_of(log: TrainingLog | None, window: Node | None, measured: Node, planned: Node, where: str) -> Forecast:
    """The forecast from the marks of a log, or from one mark: the window and its iterations, nominal values all."""
    _refuse_fewer_planned(measured, planned, where)
    nodes = {"measured": measured, "planned": planned, "window": constant(1.0) if window is None else window}
    done, whole, seconds = (float(np.ravel(values)[0]) for values in nominal_values(nodes).values())
    if log is not None:
        marks = log.marks()
        return forecast(marks.steps, marks.seconds, whole, where)
    return forecast([done], [seconds], whole, where)


def learnt_pace(found: Forecast | None, key: str) -> Node:
    """How long the rest takes, over the same steps at the rate so far: what real runs did, as a parameter."""
    assert found is not None
    source = f"{learnt_from()}; {found.advice}"
    return parameter_node(make_parameter(key, Labelled((found.factor,), ""), status="dataset", source=source))


def each_run(node: Node, runs: Iterable[Node | None]) -> Node:
    """A value on all dims of some runs: each label is a run, so a time that all of them share counts for each (D5)."""
    dims = {dim.name: dim for run in runs if run is not None for dim in run.dims if dim.name not in node.dim_names}
    if not dims:
        return node
    return node * _ones(tuple(dims.values()))


def runs_of_one(node: Node, dims: Collection[str]) -> Node:
    """A value without dims that stand in it only because each label was taken for a run: those of scenarios (D4)."""

    def visit(one: Node, inputs: list[Node]) -> Node:
        if one.name == _EACH and isinstance(one.leaf, Constant):
            return _ones(tuple(dim for dim in one.dims if dim.name not in dims))
        return rebuilt(one, inputs)

    return fold([node], visit)[0]


def _ones(dims: Dims) -> Node:
    return constant(np.ones([len(dim) for dim in dims]), dims=dims).named(_EACH)


def _refuse_fewer_planned(measured: Node, planned: Node, where: str) -> None:
    """Raise where a draw of the planned iterations is below those that were measured."""
    least, most = (_end(planned, low=True), _end(measured, low=False))
    looked_at(planned, measured)
    if least is not None and most is not None and least < most:
        raise DomainError.of("fewer_planned_than_measured", where, [f"planned: from {least:g}", f"measured: {most:g}"])


def _end(node: Node, *, low: bool) -> float | None:
    """The lowest or highest value of a parameter; None of a formula."""
    if node.parameter is None:
        return None
    ends = [
        value if isinstance(value, float | int) else value.reach[0 if low else 1] for value in node.parameter.values
    ]
    return float(min(ends) if low else max(ends)) * node.parameter.scale
