"""A formula in four readings, for tests: floats, pint quantities, xarray tables and the compiled graph."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import xarray

from lca import functions, labelled, parameter, quantity
from lca.graph.node import Node
from lca.graph.program import compile_program
from lca.sampling.evaluate import evaluate
from lca.units.parse import parse_unit

EXACT = {"rtol": 1e-12, "atol": 0}
LABELS = {"engine": ["a", "b", "c"], "model": ["x", "y"]}


def graph(made: Node) -> xarray.DataArray:
    """A node compiled and evaluated, in root units."""
    program = compile_program({"value": made})
    array = evaluate(program)["value"][..., 0]
    return xarray.DataArray(array, dims=made.dim_names, coords={d.name: list(d.labels) for d in made.dims})


def root_magnitude(value: Any) -> float:
    """The plain number behind a reading, in root units."""
    return float(value.to_root_units().magnitude) if hasattr(value, "magnitude") else float(value)


def root_unit(value: Any) -> Any:
    return value.to_root_units().units._units if hasattr(value, "units") else parse_unit("")[1]


class Sample:
    """Arguments of a formula over two dims, in every reading, from one set of numbers."""

    def __init__(self, units: dict[str, str], seed: int, low: float = 0.5, high: float = 9.5) -> None:
        random = np.random.default_rng(seed)
        self.units = units
        self.tables: dict[str, xarray.DataArray] = {}  # in the unit of the argument
        dims = itertools.cycle([("engine", "model"), ("engine",), ("model",), ()])
        for name, over in zip(units, dims, strict=False):
            shape = [len(LABELS[dim]) for dim in over]
            table = xarray.DataArray(random.uniform(low, high, shape), dims=over, coords={d: LABELS[d] for d in over})
            self.tables[name] = table

    def root_tables(self) -> list[xarray.DataArray]:
        return [table * parse_unit(self.units[name])[0] for name, table in self.tables.items()]

    def nodes(self) -> list[Node]:
        return [self._node(name, table, self.units[name]) for name, table in self.tables.items()]

    def _node(self, name: str, table: xarray.DataArray, unit: str) -> Node:
        if table.ndim == 0:
            return parameter(name, f"{float(table)!r} {unit}")
        if table.ndim == 1:
            return parameter(name, labelled(table, unit, dim=str(table.dims[0])))
        first, second = (str(dim) for dim in table.dims)
        rows = {
            label: parameter(f"{name}.{label}", labelled(table.sel({first: label}, drop=True), unit, dim=second))
            for label in LABELS[first]
        }
        made: Node = functions.stack(rows, first)
        return made

    def points(self) -> list[dict[str, str]]:
        return [dict(zip(LABELS, point, strict=True)) for point in itertools.product(*LABELS.values())]

    def at(self, point: dict[str, str]) -> list[tuple[float, str]]:
        """(number, unit) of each argument at one label of every dim."""
        found = []
        for name, table in self.tables.items():
            here = {dim: label for dim, label in point.items() if dim in table.dims}
            found.append((float(table.sel(here)), self.units[name]))
        return found


def assert_four_readings(formula: Callable[..., Any], sample: Sample) -> Node:
    """The law of section "one formula, four readings"; returns the node."""
    made: Node = formula(*sample.nodes())
    by_graph = graph(made)
    by_xarray = formula(*sample.root_tables())
    by_xarray = by_xarray if isinstance(by_xarray, xarray.DataArray) else xarray.DataArray(by_xarray)
    assert set(by_xarray.dims) == set(made.dim_names)
    np.testing.assert_allclose(by_xarray.transpose(*by_graph.dims).astype(float), by_graph, **EXACT)
    for point in sample.points():
        arguments = sample.at(point)
        by_floats = formula(*(number * parse_unit(unit)[0] for number, unit in arguments))
        by_pint = formula(*(quantity(number, unit) for number, unit in arguments))
        here = float(by_graph.sel({dim: label for dim, label in point.items() if dim in by_graph.dims}))
        np.testing.assert_allclose(float(by_floats), here, **EXACT)
        np.testing.assert_allclose(root_magnitude(by_pint), here, **EXACT)
        assert root_unit(by_pint) == made.unit, "pint and the graph agree on the unit"
    return made
