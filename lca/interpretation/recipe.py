"""A model as plain data and back: what a saved recipe says of it, beside the tables of its graph."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from ..distributions.correlations import Correlations
from ..study.about import About
from ..study.assembly import Model
from ..study.scope import Exclusion
from .graph_data import GraphIn, GraphOut, Stored, tuple_in
from .shapes import Shape, require

#: Fields of a model that are plain data already.
_PLAIN = ("title", "stages", "parts", "alternatives", "functional_unit", "quality", "excluded", "notes", "gaps",
          "scores")  # fmt: skip


_SHAPES: Mapping[str, Shape] = {
    "title": str, "functional_unit": str, "quality": str, "stages": [str], "parts": [str], "alternatives": [str],
    "notes": [str], "scores": {str: str}, "gaps": {str: [str]}, "excluded": {str: dict}, "outputs": {str: int},
}  # fmt: skip
_EXCLUSION: Mapping[str, Shape] = {
    "reason": str, "upper": (float, None), "upper_text": str, "source": str, "whole": (float, None),
    "where_absent": bool,
}  # fmt: skip


def model_out(model: Model, graph: GraphOut | None = None) -> dict[str, object]:
    """A model as plain data; its nodes are put into a graph, or are said with it where none is given."""
    own = graph or GraphOut()
    outputs = dict(zip(model.outputs, own(*model.outputs.values()), strict=True))
    return {**said_of(model), "outputs": outputs, **(own.since({}) if graph is None else {})}


def said_of(model: Model) -> dict[str, object]:
    """What a model says beside its nodes, as plain data."""
    return {name: getattr(model, name) for name in _PLAIN} | {
        "excluded": {name: vars(why) for name, why in model.excluded.items()},
        "correlations": dataclasses.asdict(model.correlations),
        "about": model.about.plain,
        "names": dict(model.names),
    }


def model_in(stored: Stored, graph: GraphIn | None = None) -> Model:
    """The model of plain data."""
    require(stored, _SHAPES)
    for why in stored["excluded"].values():
        require(why, _EXCLUSION)
    nodes = (graph or GraphIn(stored)).nodes
    plain = {name: tuple_in(stored[name]) for name in _PLAIN}
    plain["excluded"] = {name: Exclusion(**why) for name, why in stored["excluded"].items()}
    plain["gaps"] = {name: tuple(lacking) for name, lacking in stored["gaps"].items()}
    plain["correlations"] = correlations_in(stored["correlations"])
    plain["about"] = About(**stored["about"])
    plain["names"] = {str(prefix): str(name) for prefix, name in stored["names"].items()}
    return Model(outputs={name: nodes[i] for name, i in stored["outputs"].items()}, **plain)


def correlations_in(stored: Stored) -> Correlations:
    """The correlations of plain data."""
    pairs = tuple((tuple(keys), rank) for keys, rank in stored["pairs"])
    return Correlations(pairs, tuple(map(tuple, stored["levels"])))
