"""What the rows of the function table compute: kernels that fill a block, readings for plain values.

A kernel writes into `out` and allocates nothing of a block's size where it can. Arrays hold the dims
of the output in its order, then the draws.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import xarray

from ..checks import Array
from ..units.registry import Unit, registry
from .labels import Dim, no_such_dim

#: A number, a pint quantity or an xarray table, as a formula meets it.
Native: TypeAlias = Any


def sum_kernel(out: Array, values: Array, *, axis: int, **_: object) -> None:
    first, *rest = np.moveaxis(values, axis, 0)  # an explicit order: np.sum adds a slice of one draw pairwise (U7)
    if not rest:
        np.copyto(out, first)
    for piece in rest:
        first = np.add(first, piece, out=out)


def cumulative_kernel(out: Array, values: Array, *, axis: int, **_: object) -> None:
    source, target = np.moveaxis(values, axis, 0), np.moveaxis(out, axis, 0)
    np.copyto(target[0], source[0])
    for position in range(1, len(source)):
        np.multiply(target[position - 1], source[position], out=target[position])


def stack_kernel(out: Array, *values: Array, axis: int, **_: object) -> None:
    target = np.moveaxis(out, axis, 0)
    for position, value in enumerate(values):
        np.copyto(target[position], np.squeeze(value, axis) if value.ndim == out.ndim else value)


def select_kernel(out: Array, values: Array, *, axis: int, position: int, **_: object) -> None:
    np.copyto(out, np.moveaxis(values, axis, 0)[position])


def take_kernel(out: Array, values: Array, *, axis: int, out_axis: int, positions: Sequence[int], **_: object) -> None:
    source, target = np.moveaxis(values, axis, 0), np.moveaxis(out, out_axis, 0)
    for number, position in enumerate(positions):
        np.copyto(target[number], source[position] if position >= 0 else 0.0)


def interpolate_kernel(out: Array, x: Array, *, x_values: Array, y_values: Array, **_: object) -> None:
    np.copyto(out, np.interp(x, x_values, y_values))


def choice_kernel(out: Array, selector: Array, *options: Array, thresholds: Sequence[float], **_: object) -> None:
    np.copyto(out, options[-1])
    for threshold, option in reversed(list(zip(thresholds, options[:-1], strict=True))):
        np.copyto(out, option, where=selector < threshold)


def into(function: Callable[..., object]) -> Callable[..., None]:
    """A kernel from a NumPy function that takes `out=`."""

    def kernel(out: Array, *inputs: Array, **_: object) -> None:
        function(*inputs, out=out)

    return kernel


def where_kernel(out: Array, condition: Array, yes: Array, no: Array, **_: object) -> None:
    np.copyto(out, no)
    np.copyto(out, yes, where=np.broadcast_to(condition != 0, out.shape))


def power_kernel(out: Array, base: Array, *, exponent: float, **_: object) -> None:
    bits = whole_exponent(exponent)
    if bits is None:
        np.power(base, exponent, out=out)
        return
    np.copyto(out, base)
    for bit in bits:
        np.multiply(out, out, out=out)
        if bit:
            np.multiply(out, base, out=out)
    if exponent < 0:
        np.divide(1.0, out, out=out)


def whole_exponent(exponent: float) -> list[bool] | None:
    """How a small whole exponent is multiplied out (Knuth 1997, 4.6.3): for each bit square, and multiply if it is set.

    Multiplications give the same bits everywhere, which powers of a mathematical library do not.

    >>> whole_exponent(3), whole_exponent(-4), whole_exponent(0.5)
    ([True], [False, False], None)
    """
    if exponent != int(exponent) or not 1 <= abs(exponent) <= 64:
        return None
    return [bit == "1" for bit in bin(abs(int(exponent)))[3:]]


#: A value so close to a whole number, relative to it, is that number: the one rule of rounding up.
_ROUNDING = 1e-9


def ceil_kernel(out: Array, values: Array, **_: object) -> None:
    np.rint(values, out=out)
    np.add(out, values - out > _ROUNDING * np.abs(out), out=out)


def imported_kernel(out: Array, *inputs: Array, path: str, **_: object) -> None:
    np.copyto(out, pkgutil.resolve_name(path)(*inputs))


# --- readings of xarray and plain numbers that NumPy does not dispatch by itself ------------------


def where_native(condition: Native, yes: Native, no: Native) -> Native:
    if any(hasattr(value, "coords") for value in (condition, yes, no)):
        return xarray.where(condition, yes, no)  # type: ignore[no-untyped-call]
    chosen: Native = np.where  # of pint quantities it gives a quantity, which its types do not know
    return chosen(condition, yes, no)[()]


def raised_native(base: Native, exponent: Native) -> Native:
    return np.power(base * 1.0, exponent)  # whole numbers of NumPy have no negative powers


def ceil_native(value: Native) -> Native:
    if hasattr(value, "to_root_units"):  # 150 % is 1.5, and 2 rounded up
        value = value.to_root_units()
        return type(value)(ceil_native(value.magnitude), value.units)
    whole = np.rint(value)
    return whole + (value - whole > _ROUNDING * np.abs(whole))


def clip_native(value: Native, low: Native, high: Native) -> Native:
    # np.clip leaves xarray to its own method, which knows no dim of a bound that the value lacks
    return np.minimum(np.maximum(value, low), high)


def sum_native(value: Native, *, dim: str) -> Native:
    _require_dim(value, dim)
    return value.sum(dim)


def _require_dim(value: Native, dim: str) -> None:
    dims = getattr(value, "dims", ())
    if dim not in dims:
        raise no_such_dim("the value", dim, dims)


def cumulative_native(value: Native, *, dim: str) -> Native:
    _require_dim(value, dim)
    return value.cumprod(dim).assign_coords({dim: value[dim]})


def stack_native(*values: Native, new: Dim) -> Native:
    index = xarray.DataArray(list(new.labels), dims=new.name, name=new.name)
    return xarray.concat([xarray.DataArray(value) for value in values], dim=index)


def select_native(value: Native, *, dim: str, position: int, **_: object) -> Native:
    return value.isel({dim: position}, drop=True)


def take_native(value: Native, *, dim: str, new: Dim, positions: Sequence[int]) -> Native:
    made = value.isel({dim: list(positions)}).rename({dim: new.name}).assign_coords({new.name: list(new.labels)})
    known = xarray.DataArray([float(position >= 0) for position in positions], {new.name: list(new.labels)})
    return made if min(positions) >= 0 else made * known


def interpolate_native(x: Native, *, x_values: Native, y_values: Native, x_unit: Unit, y_unit: Unit) -> Native:
    if hasattr(x, "coords"):
        return x.copy(data=np.interp(x.data, x_values, y_values))
    if hasattr(x, "magnitude"):
        at = x.to(registry.Unit(x_unit)).magnitude
        return registry.Quantity(np.interp(at, x_values, y_values), registry.Unit(y_unit))
    return np.interp(x, x_values, y_values)


def imported_native(*inputs: Native, path: str, unit: Unit) -> Native:
    if not any(hasattr(value, "magnitude") for value in inputs):
        return pkgutil.resolve_name(path)(*inputs)
    plain = [value.to_root_units().magnitude if hasattr(value, "magnitude") else value for value in inputs]
    return registry.Quantity(pkgutil.resolve_name(path)(*plain), registry.Unit(unit))


def choice_native(selector: Native, *options: Native, thresholds: Sequence[float]) -> Native:
    chosen = options[-1]
    for threshold, option in reversed(list(zip(thresholds, options[:-1], strict=True))):
        chosen = where_native(selector < threshold, option, chosen)
    return chosen
