"""The table of functions: each row says how a function computes, what it does to units and dims,
and how it is written. Formulas import only this module; every function dispatches on what it is given:
floats give a float, pint quantities a checked unit, xarray a table, nodes a graph.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from ..checks import numeric
from ..errors import LabelError, UnitError
from ..units.registry import COUNTS, DIMENSIONLESS, DimensionalityError, Unit
from . import kernels
from .labels import Dim, Dims, dim_named, merge_dims

#: A value in one of four readings: a float, a pint quantity, an xarray table, a node.
Value: TypeAlias = Any
Static: TypeAlias = Mapping[str, Any]


class Mismatch(Exception):
    """Inputs `left` and `right` (positions; -1: none) do not fit; the builder of the node names them."""

    def __init__(self, message: str, left: int, right: int = -1) -> None:
        self.message, self.left, self.right = message, left, right
        super().__init__(message)


@dataclass(frozen=True)
class Function:
    """A row: `apply` reads floats, pint and xarray; `kernel(out, *inputs, **static)` fills a block."""

    name: str
    apply: Callable[..., Value]
    kernel: Callable[..., None]
    unit: Callable[[Sequence[Unit], Static], Unit]
    text: str
    level: int = 9
    dims: Callable[[Sequence[Dims], Static], Dims] | None = None  # None: elementwise

    def __reduce__(self) -> tuple[object, ...]:
        return _row, (self.name,)  # a row is its name: what holds one pickles

    @property
    def elementwise(self) -> bool:
        """Whether each output element depends on the matching input elements only."""
        return self.dims is None

    def written(self, texts: Sequence[str], levels: Sequence[int], static: Static) -> str:
        """The row over the texts of its inputs, in parentheses where they bind less (`levels`)."""
        parts = []
        for position, (text, level) in enumerate(zip(texts, levels, strict=True)):
            lower = level < self.level or (level == self.level and position > 0 and self.name in ("subtract", "divide"))
            parts.append(f"({text})" if lower and self.level < 9 else text)
        return self.text.format(*parts, **static)


# --- unit rules ---------------------------------------------------------------------------------


def _same(units: Sequence[Unit], static: Static) -> Unit:
    for position, unit in enumerate(units):
        if unit != units[0]:
            raise Mismatch("units_do_not_match", 0, position)
    return units[0]


def _compared(units: Sequence[Unit], static: Static) -> Unit:
    _same(units, static)
    return DIMENSIONLESS


def _pure(units: Sequence[Unit], static: Static) -> Unit:
    for position, unit in enumerate(units):
        if unit != DIMENSIONLESS:
            raise Mismatch("pure_number_needed", position)
    return DIMENSIONLESS


def _counted(units: Sequence[Unit], static: Static) -> Unit:
    if set(units[0]) - set(COUNTS):
        raise Mismatch("rounding_up_no_count", 0)
    return units[0]


def _of_branches(units: Sequence[Unit], static: Static) -> Unit:
    if units[0] != DIMENSIONLESS:
        raise Mismatch("condition_with_a_unit", 0)
    for position, unit in enumerate(units[1:], 1):
        if unit != units[1]:
            raise Mismatch("branches_of_different_units", 1, position)
    return units[1]


def _interpolated(units: Sequence[Unit], static: Static) -> Unit:
    if units[0] != static["x_unit"]:
        raise Mismatch("table_at_another_unit", 0)
    return static["y_unit"]


# --- dim rules ----------------------------------------------------------------------------------


def _without(dims: Sequence[Dims], static: Static) -> Dims:
    gone = dim_named(dims[0], static["dim"], "the value")
    return tuple(dim for dim in dims[0] if dim is not gone)


def _unchanged(dims: Sequence[Dims], static: Static) -> Dims:
    dim_named(dims[0], static["dim"], "the value")
    return dims[0]


def _stacked(dims: Sequence[Dims], static: Static) -> Dims:
    new: Dim = static["new"]
    merged = merge_dims(dims)
    if any(dim.name == new.name for dim in merged):
        raise LabelError.of("stacked_over_a_known_dim", dim=new.name)
    return merge_dims([merged, (new,)])


def _taken(dims: Sequence[Dims], static: Static) -> Dims:
    return merge_dims([_without(dims, static), (static["new"],)])


_ROWS = [
    Function("add", operator.add, kernels.into(np.add), _same, "{} + {}", 1),
    Function("subtract", operator.sub, kernels.into(np.subtract), _same, "{} - {}", 1),
    Function("multiply", operator.mul, kernels.into(np.multiply), lambda units, _: units[0] * units[1], "{} x {}", 2),
    Function("divide", operator.truediv, kernels.into(np.divide), lambda units, _: units[0] / units[1], "{} / {}", 2),
    Function("negative", operator.neg, kernels.into(np.negative), _same, "-{}", 3),
    Function("power", lambda base, *, exponent: base**exponent, kernels.power_kernel,
             lambda units, static: units[0] ** static["exponent"], "{}^{exponent:g}", 4),
    Function("raised", kernels.raised_native, kernels.into(np.power), _pure, "{}^{}", 4),
    Function("exp", np.exp, kernels.into(np.exp), _pure, "exp({})"),
    Function("log", np.log, kernels.into(np.log), _pure, "log({})"),
    Function("minimum", np.minimum, kernels.into(np.minimum), _same, "minimum({}, {})"),
    Function("maximum", np.maximum, kernels.into(np.maximum), _same, "maximum({}, {})"),
    Function("clip", kernels.clip_native, kernels.into(np.clip), _same, "clip({}, {}, {})"),
    Function("ceil", kernels.ceil_native, kernels.ceil_kernel, _counted, "ceil({})"),
    Function("less", operator.lt, kernels.into(np.less), _compared, "{} < {}", 0),
    Function("less_equal", operator.le, kernels.into(np.less_equal), _compared, "{} <= {}", 0),
    Function("greater", operator.gt, kernels.into(np.greater), _compared, "{} > {}", 0),
    Function("greater_equal", operator.ge, kernels.into(np.greater_equal), _compared, "{} >= {}", 0),
    Function("where", kernels.where_native, kernels.where_kernel, _of_branches, "where({}, {}, {})"),
    Function("interpolate", kernels.interpolate_native, kernels.interpolate_kernel, _interpolated,
             "interpolate({})"),
    Function("choice", kernels.choice_native, kernels.choice_kernel, _of_branches, "choice({}, ...)"),
    Function("apply", kernels.imported_native, kernels.imported_kernel, lambda _, static: static["unit"],
             "{path}(...)"),
    Function("sum", kernels.sum_native, kernels.sum_kernel, _same, "sum over {dim} of {}", 9, _without),
    Function("cumulative_product", kernels.cumulative_native, kernels.cumulative_kernel, _pure,
             "cumulative product over {dim} of {}", 9, _unchanged),
    Function("stack", kernels.stack_native, kernels.stack_kernel, _same, "one of ({}, ...) by {new.name}",
             9, _stacked),
    Function("select", kernels.select_native, kernels.select_kernel, _same, "{}[{dim}={label}]", 9, _without),
    Function("take", kernels.take_native, kernels.take_kernel, _same, "{} by {new.name}", 9, _taken),
]  # fmt: skip
FUNCTIONS: Mapping[str, Function] = {row.name: row for row in _ROWS}


def _row(name: str) -> Function:
    return FUNCTIONS[name]


def call(name: str, *inputs: Value, **static: object) -> Value:
    """Read a row of the table: as a graph if any input is a node, else on the values as they are."""
    row = FUNCTIONS[name]
    for value in inputs:
        build = getattr(type(value), "_build", None)
        if build is not None:
            return build(row, inputs, static)
    try:
        with np.errstate(all="ignore"):  # what has no value is not a number, as the law of finite results says
            return row.apply(*(numeric(value, name) for value in inputs), **static)
    except DimensionalityError as error:
        raise UnitError.of("quantities_do_not_match", function=name, error=error) from None
