"""The functions that formulas call, each a row of the function table: on floats, pint quantities, tables and nodes.

Here are those that work element by element; those that work over a dim stand in `over_dims`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..arguments import entry
from ..checks import finite_number, numbers_of, real
from ..errors import DomainError
from ..units.parse import parse_unit
from .function_table import Value, call
from .over_dims import cumulative_product, padded, select, stack, take, total

__all__ = [
    "apply", "ceil", "clip", "cumulative_product", "exp", "interpolate", "log", "maximum", "minimum", "padded", "power",
    "select", "stack", "take", "total", "where",
]  # fmt: skip


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
