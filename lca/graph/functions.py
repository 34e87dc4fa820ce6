"""The functions that formulas call, each a row of the function table: on floats, pint quantities, tables and nodes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from ..arguments import entry
from ..checks import finite_number, numbers_of, real
from ..errors import DomainError, LabelError
from ..units.registry import parse_unit
from .function_table import Value, call
from .labels import Dim, L, dim_named, is_table, make_dim, table_dims

__all__ = [
    "apply",
    "ceil",
    "clip",
    "cumulative_product",
    "exp",
    "interpolate",
    "log",
    "maximum",
    "minimum",
    "padded",
    "power",
    "select",
    "stack",
    "take",
    "total",
    "where",
]


def __dir__() -> list[str]:
    return __all__


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
def apply(function: Callable[..., object], *inputs: Value, unit: str = "") -> Value:
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
def stack(values: Mapping[L, Value], dim: str) -> Value:
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
    dims = table_dims(x) if is_table(x) else getattr(x, "dims", ())
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
