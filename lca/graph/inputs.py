"""What a user writes, read into numbers or distributions by label, in one unit; no key yet (Q5, Q6, D1)."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeGuard

from ..arguments import entry
from ..checks import real
from ..distributions.base import Distribution
from ..distributions.families import Normal, Uniform
from ..distributions.reading import read_scalar
from ..errors import LabelError, NonFiniteError, ParseError, UnitError
from ..units.parse import parse_unit
from ..units.quantity_text import Parsed, parse_quantity
from ..units.registry import is_pint
from .labels import Dims, is_table, make_dim, table_dims

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, eq=False, slots=True)
class Labelled:
    """Values by label, of one unit. Built by `labelled`."""

    values: tuple[Distribution | float, ...]
    unit: str
    dims: Dims = ()
    shared: bool = False

    def __repr__(self) -> str:
        over = ", ".join(f"{dim.name}: {len(dim)}" for dim in self.dims)
        return f"<labelled {over} [{self.unit or 'a pure number'}]>"


@entry
def labelled(data: object, unit: str = "", *, dim: str, shared: bool = False) -> Labelled:
    """Values by label along one dim.

    Parameters
    ----------
    data : mapping, pandas.Series or xarray.DataArray
        Numbers or distributions by label. An index of whole numbers counts as labels if it has a name or holds years,
        1900 to 2500; otherwise it only says where a row stood.
    unit : str
        The unit of all values.
    dim : str
        The name of the dim.
    shared : bool
        Whether the labels share one stream of draws, because they show the same value. By default each has its own.

    Returns
    -------
    Labelled
        The values, for a field or `lca.parameter`.

    Raises
    ------
    NonFiniteError
        If values are missing; the error lists them.
    ParseError
        If values are not numbers.
    LabelError
        If the data have no labels, or only numbered rows.
    UnitError
        If a distribution or a table has a unit of its own.

    Examples
    --------
    >>> labelled({"resnet18": 148, "baseline": 147}, "W", dim="model")
    <labelled model: 2 [W]>
    """
    pairs, where = _pairs(data, dim), f"labelled data over {dim!r}"
    parse_unit(unit)
    values: list[Distribution | float] = []
    bad: list[str] = []
    missing = False
    for label, value in pairs:
        number = real(value)
        if isinstance(value, Distribution):
            if value.unit:
                raise UnitError.of("distribution_with_a_unit_in_labelled_data", f"{dim}={label}")
            values.append(value.in_unit(unit))
        elif number is not None and math.isfinite(number):
            values.append(number)
        else:
            absent = value is None or type(value).__name__ in ("NAType", "NaTType")
            missing = missing or number is not None or absent
            shown = "missing" if absent else reprlib.repr(value) if number is None else number
            bad.append(f"{dim}={label}: {shown}")
    if bad:
        error = NonFiniteError if missing else ParseError
        key = "labelled_values_missing" if missing else "labelled_values_not_numbers"
        raise error.of(key, where, bad, wrong=len(bad), count=len(pairs))
    return Labelled(tuple(values), unit, (make_dim(dim, [label for label, _ in pairs]),), shared)


def _pairs(data: object, dim: str) -> list[tuple[object, object]]:
    if is_table(data):
        if tuple(data.dims) != (dim,):
            raise LabelError.of("table_of_other_dims", dims=tuple(data.dims), dim=dim)
        if is_pint(data.data):
            raise UnitError.of("labelled_table_with_a_unit", f"labelled data over {dim!r}")
        return list(zip(table_dims(data)[0].labels, data.values, strict=True))
    if _is_column(data):
        labels = data.index.tolist()
        if data.index.name is None and _number_the_rows(labels):
            index = reprlib.repr(labels)
            raise LabelError.of("column_with_numbered_rows", f"dim {dim!r}", index=index, dim=dim)
        return list(zip(labels, data.tolist(), strict=True))
    if isinstance(data, Mapping):
        return list(data.items())
    raise LabelError.of("data_without_labels", f"dim {dim!r}", kind=type(data).__name__)


def _is_column(data: object) -> TypeGuard[pandas.Series]:
    return hasattr(data, "index") and hasattr(data, "items")


def _number_the_rows(labels: Sequence[object]) -> bool:
    """Whether the labels of an index without a name may only say where a row stood: whole numbers, not all years."""
    years = [isinstance(one, int) and 1900 <= one <= 2500 for one in labels]
    return all(isinstance(one, int) for one in labels) and not all(years)


def read_value(value: object, where: str) -> Labelled:
    """Any plain value as `Labelled`: text, number, pint quantity, distribution, labelled data."""
    if isinstance(value, Labelled):
        return value
    if isinstance(value, Distribution):
        return Labelled((value,), value.unit)
    if isinstance(value, str):
        return _read_text(parse_quantity(value, where), where)
    if isinstance(value, Mapping) or _is_column(value):
        raise UnitError.of("data_without_a_unit", where, kind=type(value).__name__)
    number, unit = read_scalar(value, where)
    return Labelled((number,), unit)


def _read_text(parsed: Parsed, where: str) -> Labelled:
    value = parsed.value
    half = parsed.half_width
    if half is None:
        return Labelled((value,), parsed.unit)
    if parsed.coverage == "limits":
        spread: Distribution = Uniform(value - half, value + half)
    else:
        spread = Normal(value, half if parsed.coverage == "k=1" else half / 2)
    return Labelled((spread.in_unit(parsed.unit),), parsed.unit)
