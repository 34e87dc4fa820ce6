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

from ..arguments import entry
from ..checks import finite_number, numbers_of, numeric, real
from ..errors import DomainError, LabelError, UnitError
from ..units.registry import COUNTS, DIMENSIONLESS, DimensionalityError, Unit, parse_unit
from . import kernels
from .labels import Dim, Dims, dim_named, make_dim, merge_dims, table_dims

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
    apply: Callable[..., Any]
    kernel: Callable[..., Any]
    unit: Callable[[Sequence[Unit], Static], Unit]
    text: str
    level: int = 9
    dims: Callable[[Sequence[Dims], Static], Dims] | None = None  # None: elementwise

    def __reduce__(self) -> tuple[Any, ...]:
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


def call(name: str, *inputs: Value, **static: Any) -> Value:
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


# --- what formulas call ---------------------------------------------------------------------------


@entry
def exp(x: Value) -> Value:
    """e to the power of a pure number.

    Parameters
    ----------
    x : float, quantity, table or Node, a pure number
        The exponent.

    Returns
    -------
    as `x`
        exp(x), a pure number.

    Examples
    --------
    >>> float(exp(0.0))
    1.0
    """
    return call("exp", x)


@entry
def log(x: Value) -> Value:
    """Natural logarithm of a pure number.

    Parameters
    ----------
    x : float, quantity, table or Node, a pure number
        The argument, above 0.

    Returns
    -------
    as `x`
        log(x), a pure number.

    Examples
    --------
    >>> float(log(1.0))
    0.0
    """
    return call("log", x)


@entry
def power(base: Value, exponent: Value) -> Value:
    """A base to the power of an exponent, exact for whole exponents.

    A negative base with an exponent that is not whole has no value: the result is not finite (Q6).

    Parameters
    ----------
    base : float, quantity, table or Node
        The base; a pure number unless the exponent is a plain number.
    exponent : float, quantity, table or Node, a pure number
        The exponent.

    Returns
    -------
    as `base`
        The power; its unit is that of the base to the power of the exponent.

    Raises
    ------
    NonFiniteError
        If the exponent is a plain number that is not finite.
    UnitError
        If base and exponent both vary and are not pure numbers.

    Examples
    --------
    >>> float(power(3.0, 2))
    9.0
    """
    if real(exponent) is not None and real(base) is None:
        return call("power", base, exponent=finite_number(exponent, "power(exponent=)"))
    return call("raised", base, exponent)


@entry
def minimum(a: Value, b: Value) -> Value:
    """The smaller of two values of one unit, elementwise.

    Parameters
    ----------
    a, b : float, quantity, table or Node
        The values.

    Returns
    -------
    as `a` and `b`
        The smaller one.

    Examples
    --------
    >>> float(minimum(3, 5))
    3.0
    """
    return call("minimum", a, b)


@entry
def maximum(a: Value, b: Value) -> Value:
    """The larger of two values of one unit, elementwise.

    Parameters
    ----------
    a, b : float, quantity, table or Node
        The values.

    Returns
    -------
    as `a` and `b`
        The larger one.

    Examples
    --------
    >>> float(maximum(3, 5))
    5.0
    """
    return call("maximum", a, b)


@entry
def clip(x: Value, low: Value, high: Value) -> Value:
    """A value kept between two bounds of its unit.

    Parameters
    ----------
    x : float, quantity, table or Node
        The value.
    low, high : float, quantity, table or Node
        The bounds.

    Returns
    -------
    as `x`
        `x`, or the bound that it passes.

    Examples
    --------
    >>> float(clip(7.0, 0.0, 5.0))
    5.0
    """
    return call("clip", x, low, high)


@entry
def ceil(x: Value) -> Value:
    """The next whole number up, of a count or a pure number.

    Within a relative 1e-9 of a whole number it is that number: 12.3 / 4.1 is 3 plus an error of rounding, and is not a
    fourth piece. What is above 0, however small, is one piece.

    Parameters
    ----------
    x : float, quantity, table or Node, a count or a pure number
        The value.

    Returns
    -------
    as `x`
        The whole number.

    Examples
    --------
    >>> [float(ceil(x)) for x in (12.3 / 4.1, 3.001, 1e-12)]
    [3.0, 4.0, 1.0]
    """
    return call("ceil", x)


@entry
def where(condition: Value, yes: Value, no: Value) -> Value:
    """One value where a condition holds, and another where it does not, elementwise.

    Parameters
    ----------
    condition : bool, table or Node
        The condition, such as `a > b`.
    yes, no : float, quantity, table or Node
        The values, of one unit. The value that is not taken may be anything, even not finite (Q6).

    Returns
    -------
    as `yes` and `no`
        The value taken.

    Examples
    --------
    >>> float(where(2 > 1, 10.0, 20.0))
    10.0
    """
    return call("where", condition, yes, no)


@entry
def total(x: Value, over: str) -> Value:
    """The sum over a dim, in the order of its labels (U7).

    Parameters
    ----------
    x : table or Node
        The value.
    over : str
        The dim.

    Returns
    -------
    as `x`
        The sum, without that dim.

    Raises
    ------
    LabelError
        If `x` lacks the dim (D2).

    Examples
    --------
    >>> import lca
    >>> watts = lca.parameter("p", lca.labelled({"a": 1.0, "b": 2.0}, "W at_wall", dim="card"))
    >>> lca.nominal(total(watts, "card")).data["value"].item()
    3.0
    """
    return call("sum", x, dim=over)


@entry
def cumulative_product(x: Value, over: str) -> Value:
    """The running product of pure numbers over a dim.

    Parameters
    ----------
    x : table or Node, a pure number
        The value.
    over : str
        The dim.

    Returns
    -------
    as `x`
        At each label the product up to it.

    Raises
    ------
    LabelError
        If `x` lacks the dim.

    Examples
    --------
    >>> import lca
    >>> kept = lca.parameter("kept", lca.labelled({2024: 0.9, 2025: 0.5}, "", dim="year"))
    >>> lca.nominal(cumulative_product(kept, "year")).data["value"].values.tolist()
    [0.9, 0.45]
    """
    return call("cumulative_product", x, dim=over)


@entry
def interpolate(x: Value, x_values: Value, y_values: Value, *, x_unit: str = "", y_unit: str = "") -> Value:
    """Linear interpolation in a table, held constant outside it.

    Parameters
    ----------
    x : float, quantity, table or Node
        Where to read the table.
    x_values, y_values : list of float
        The points of the table, x rising.
    x_unit, y_unit : str
        The units of the table. A plain float is read and given in root units (kg, m, s, counts).

    Returns
    -------
    as `x`
        The value, in the unit of y.

    Raises
    ------
    DomainError
        If x does not rise, or the two lists have different lengths.

    Examples
    --------
    >>> float(interpolate(0.5, [0, 1], [50, 150], y_unit="W at_wall"))
    100.0
    """
    points = "interpolate(x, [0, 1], [50, 150])"
    xs, ys = (np.asarray(numbers_of(values, "a table to interpolate in", points)) for values in (x_values, y_values))
    if xs.shape != ys.shape or not xs.size or not np.all(np.diff(xs) > 0):
        raise DomainError.of("table_to_interpolate_in", x=list(x_values), y=list(y_values))
    (x_factor, x_root), (y_factor, y_root) = parse_unit(x_unit), parse_unit(y_unit)
    table = {"x_values": tuple((xs * x_factor).tolist()), "y_values": tuple((ys * y_factor).tolist())}
    return call("interpolate", x, **table, x_unit=x_root, y_unit=y_root)


@entry
def apply(function: Callable[..., Any], *inputs: Value, unit: str = "") -> Value:
    """A function of your own on values: importable, elementwise, given arrays in root units (kg, m, s, counts).

    Parameters
    ----------
    function : function
        The function, importable by its name. Lambdas and local functions cannot be pickled.
    *inputs : float, quantity, table or Node
        What it is called with.
    unit : str
        The unit of what it returns.

    Returns
    -------
    as `inputs`
        The result, with that unit.

    Raises
    ------
    DomainError
        If the function is a lambda or local.

    Examples
    --------
    >>> import lca, numpy
    >>> root = apply(numpy.sqrt, lca.parameter("x", 9.0))
    >>> lca.nominal(root).data["value"].item()
    3.0
    """
    path = f"{function.__module__}:{function.__qualname__}"
    if "<" in path:
        raise DomainError.of("function_without_a_name", path=path)
    factor, found = parse_unit(unit)
    made = call("apply", *inputs, path=path, unit=found)
    return made if factor == 1 else made * factor


@entry
def stack(values: Mapping[Any, Any], dim: str) -> Value:
    """One value with a new dim, from a value for each label (D4).

    Parameters
    ----------
    values : mapping of label to float, quantity, table or Node
        The values, of one unit.
    dim : str
        The name of the new dim.

    Returns
    -------
    as `values`
        The value over the dim.

    Examples
    --------
    >>> import lca
    >>> stack({"a": lca.parameter("a", "1 W"), "b": lca.parameter("b", "2 W")}, "way").dim_names
    ('way',)
    """
    return call("stack", *values.values(), new=make_dim(dim, values))


@entry
def select(x: Value, dim: str, label: Value) -> Value:
    """The value at one label of a dim.

    Parameters
    ----------
    x : table or Node
        The value.
    dim : str
        The dim.
    label : str, int or date
        The label.

    Returns
    -------
    as `x`
        The value, without that dim.

    Raises
    ------
    LabelError
        If `x` lacks the dim or the label; the error offers near names.

    Examples
    --------
    >>> import lca
    >>> watts = lca.parameter("p", lca.labelled({"a": 1.0, "b": 2.0}, "W at_wall", dim="card"))
    >>> lca.nominal(select(watts, "card", "b")).data["value"].item()
    2.0
    """
    position = _dim_of(x, dim).position(label, getattr(x, "short", ""))
    return call("select", x, dim=dim, position=position, label=str(label))


def _dim_of(x: Value, dim: str) -> Dim:
    dims = table_dims(x) if hasattr(x, "coords") else getattr(x, "dims", ())
    return dim_named(dims, dim, getattr(x, "short", "the value"))


@entry
def take(x: Value, dim: str, along: Dim, coordinate: str) -> Value:
    """A value looked up along another dim, by the labels in one of its coordinates (D3).

    Parameters
    ----------
    x : table or Node
        The value, over `dim`.
    dim : str
        The dim that is looked up.
    along : Dim
        The dim of the result.
    coordinate : str
        The coordinate of `along` that holds labels of `dim`.

    Returns
    -------
    as `x`
        The value over `along`.

    Raises
    ------
    LabelError
        If the coordinate does not exist, or holds a label that `dim` lacks.

    Examples
    --------
    >>> import lca
    >>> watts = lca.parameter("p", lca.labelled({"s": 1.0, "l": 2.0}, "W at_wall", dim="size"))
    >>> engines = make_dim("engine", ["e1", "e2", "e3"], {"size": ["l", "s", "l"]})
    >>> lca.nominal(take(watts, "size", engines, "size")).data["value"].values.tolist()
    [2.0, 1.0, 2.0]
    """
    source = _dim_of(x, dim)
    if coordinate not in along.coordinates:
        known = ", ".join(along.coordinates) or "none"
        raise LabelError.of("no_such_coordinate", dim=along.name, coordinate=coordinate, known=known)
    positions = tuple(source.position(label) for label in along.coordinates[coordinate])
    return call("take", x, dim=dim, new=along, positions=positions)


@entry
def padded(x: Value, along: Dim) -> Value:
    """A value on other labels of its dim; at labels that it lacks it is 0.

    Parameters
    ----------
    x : table or Node
        The value.
    along : Dim
        The dim with its new labels.

    Returns
    -------
    as `x`
        The value over `along`.

    Examples
    --------
    >>> import lca
    >>> count = lca.parameter("n", lca.labelled({2024: 1.0}, "device", dim="year"))
    >>> lca.nominal(padded(count, make_dim("year", [2024, 2025]))).data["value"].values.tolist()
    [1.0, 0.0]
    """
    texts = _dim_of(x, along.name).texts
    if texts == along.texts:
        return x
    positions = tuple(texts.index(text) if text in texts else -1 for text in along.texts)
    return call("take", x, dim=along.name, new=along, positions=positions)
