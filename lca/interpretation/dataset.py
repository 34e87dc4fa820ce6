"""The values of a result as an xarray Dataset: units in attrs, labels and coordinates as they were written (D3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import xarray

from ..checks import Array
from ..errors import LabelError
from ..graph.labels import Dim
from ..graph.node import Node
from ..graph.program import Program
from .result_data import ResultData


def dataset_of(program: Program, values: Mapping[str, Array], outputs: Mapping[str, Node]) -> ResultData:
    """The Dataset of values by name of output, in display units."""
    variables = variables_of(program, values)
    varying = {dim.name for output in program.outputs.values() for dim in output.dims}
    if both := sorted(varying & variables.keys()):
        raise LabelError.of("name_of_result_and_dim", both[0], name=both[0])
    return ResultData(variables, coords=coordinates_of(outputs, varying))


def variables_of(program: Program, values: Mapping[str, Array]) -> dict[str, xarray.Variable]:
    """Values by name of output as variables in display units: draws are changed in place."""
    variables = {}
    for name, output in program.outputs.items():
        array = values[name]
        drawn = array.ndim > len(output.dims)
        if output.factor != 1.0:  # draws are large, and are the caller's alone
            array = np.divide(array, output.factor, out=array if drawn else None)
        dims = [*(dim.name for dim in output.dims), *["draw"] * drawn]
        variables[name] = xarray.Variable(dims, array, {"unit": output.unit}, fastpath=True)
    return variables


def coordinates_of(outputs: Mapping[str, Node], varying: Iterable[str]) -> dict[str, object]:
    """Labels and coordinates of the dims named, from the nodes as they were written (D3)."""
    dims: dict[str, Dim] = {}
    for dim in (dim for node in outputs.values() for dim in node.dims if dim.name in varying):
        if dim.name not in dims or (dim.coordinates and not dims[dim.name].coordinates):
            dims[dim.name] = dim
    coordinates: dict[str, object] = {name: list(dim.labels) for name, dim in dims.items()}
    for dim in dims.values():
        for name, along in dim.coordinates.items():
            taken = name in coordinates or name in outputs
            coordinates[f"{dim.name}_{name}" if taken else name] = (dim.name, list(along))
    return coordinates
