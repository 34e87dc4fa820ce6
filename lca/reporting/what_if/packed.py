"""A graph of elements as plain data for a page: numbers in base64, little-endian, as a browser reads them."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...distributions.shapes import (
    DiscreteShape,
    EmpiricalShape,
    LognormalShape,
    NormalShape,
    Shape,
    SplitLognormalShape,
    TriangularShape,
    UniformShape,
)
from ...graph.correlated import Weights
from ...graph.program import Check, Program
from ...sampling.correlated import correlated
from ...sampling.cubics import node_distances, normal_at_nodes
from ...sampling.design import Column, RandomDesign
from ...sampling.elements import Elements
from ...sampling.lowering import Places
from ...sampling.stream import stream_keys
from .element_graph import ElementGraph, Row, Value


def packed(graph: ElementGraph, program: Program, seed: int, draws: int) -> dict[str, Any]:
    """Everything that the page computes with, of so many draws."""
    columns = list(dict.fromkeys(row.column for row in graph.rows))
    numbers = _numbers(program, columns, seed, draws)
    shapes: dict[object, int] = {}
    kinds: list[dict[str, Any]] = []
    for row in graph.rows:
        if _shape_key(row) not in shapes:
            shapes[_shape_key(row)] = len(kinds)
            kinds.append(_shape(row, numbers[columns.index(row.column)]))
    place = {column: n for n, column in enumerate(columns)}
    return {
        "seed": seed,
        "draws": draws,
        "rows": [
            [place[row.column], shapes[_shape_key(row)], row.scale, row.location, row.nominal] for row in graph.rows
        ],
        "columns": _columns(columns, numbers, program.weights, seed),
        "shapes": kinds,
        "normal": floats(normal_at_nodes()) if any(kind["kind"] == "normal" for kind in kinds) else "",
        **_elements(graph.elements),
        "values": {name: _value(value) for name, value in graph.values.items()},
        "laws": [_law(check, places) for check, places in graph.laws],
    }


def floats(numbers: object) -> str:
    """Numbers of 64 bits as text."""
    return _text(np.asarray(numbers, "<f8"))


def _text(array: np.ndarray[Any, Any]) -> str:
    return base64.b64encode(array.tobytes()).decode()


def _elements(elements: Elements) -> dict[str, Any]:
    return {
        "nodes": _text(np.array([tuple(made) for made in elements.nodes], "<i4").reshape(-1, 5).T.copy()),
        "constants": floats(elements.constants),
        "lists": [floats(numbers) for numbers in elements.lists],
    }


def _value(value: Value) -> dict[str, Any]:
    return {
        "dims": [dim.name for dim in value.dims],
        "sizes": [len(dim) for dim in value.dims],
        "places": value.places.ravel().tolist(),
        "unit": value.unit,
        "factor": value.factor,
    }


def _law(check: Check, places: Places) -> dict[str, Any]:
    """A law with what its error says; an end without limit is left out."""
    guard, error = check.guard, check.guard.error("")
    ends = {"low": guard.low, "high": guard.high}
    return {
        "value": _value(Value(places, check.dims, check.unit, check.factor)),
        **{name: end for name, end in ends.items() if np.isfinite(end)},
        "above": guard.above,
        "nominal": guard.at_nominal,
        "what": error.what,
        "where": error.where,
        "fix": error.fix,
    }


# --- what is drawn ----------------------------------------------------------------------------------


def _numbers(program: Program, columns: Sequence[Column], seed: int, draws: int) -> np.ndarray[Any, Any]:
    """The numbers of all columns, (columns, draws), as a run reads them."""
    reader = correlated(RandomDesign(seed), program).reader(columns)
    return np.array(reader.read(slice(None), 0, draws)) if columns else np.empty((0, draws), np.uint32)


def _columns(
    columns: Sequence[Column], numbers: np.ndarray[Any, Any], weights: Weights, seed: int
) -> list[list[int] | str]:
    """Of each column where its stream starts and its step, in halves; of a correlated one its numbers."""
    keys = stream_keys(seed, columns)
    halves = keys.astype("<u8").view("<u4").reshape(-1, 4)  # of each the low half first
    return [
        _text(row.astype("<u4")) if column in weights else half.tolist()
        for column, row, half in zip(columns, numbers, halves, strict=True)
    ]


def _shape_key(row: Row) -> object:
    """What rows with one shape share: of a shape that is not known by its arguments, the draws themselves."""
    return row.shape if type(row.shape) in _KINDS or not row.shape.direct else (row.shape, row.column)


def _shape(row: Row, numbers: np.ndarray[Any, Any]) -> dict[str, Any]:
    """A shape as its kind and arguments: those with tables by the values at the nodes of their cubics."""
    shape = row.shape
    if type(shape) in _KINDS:
        return _KINDS[type(shape)](shape)
    if shape.direct:
        return {"kind": "drawn", "values": floats(shape.ppf((numbers + 0.5) * 2.0**-32))}
    u = node_distances()
    return {"kind": "tabled", "lower": floats(shape.ppf(u)), "upper": floats(shape.upper(u))}


def _lognormal(low: float, high: float) -> dict[str, Any]:
    return {"kind": "normal", "low": low, "high": high}


_KINDS: Mapping[type[Shape], Any] = {
    UniformShape: lambda shape: {"kind": "uniform"},
    TriangularShape: lambda shape: {"kind": "triangular", "mode": shape.mode},
    EmpiricalShape: lambda shape: {"kind": "listed", "values": floats(shape.values)},
    DiscreteShape: lambda shape: {
        "kind": "discrete", "values": floats(shape.values), "edges": floats(shape.edges),
    },
    NormalShape: lambda shape: {"kind": "normal"},
    LognormalShape: lambda shape: _lognormal(shape.log_gsd, shape.log_gsd),
    SplitLognormalShape: lambda shape: _lognormal(shape.log_gsd_low, shape.log_gsd_high),
}  # fmt: skip
