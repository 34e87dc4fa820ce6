"""What a user writes, read into numbers or distributions by label, in one unit; no key yet (Q5, Q6, D1)."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arguments import entry
from ..checks import real
from ..errors import LabelError, NonFiniteError, ParseError, UnitError
from ..tokenizer import Parsed, parse_quantity
from ..units import (
    from_pint,
    parse_unit,
)
from .distribution import Distribution, read_scalar
from .families import Normal, Uniform
from .label import Dims, make_dim, table_dims


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
def labelled(data: Any, unit: str = "", *, dim: str, shared: bool = False) -> Labelled:
    """Values by label along one dim: from a dict, a pandas Series or column, or an xarray table.

    Values are numbers or distributions without unit, all in `unit`. With `shared=True` the labels
    share one stream of draws (one thing seen under several labels); by default each has its own.
    Raises `NonFiniteError` that lists every missing value, `LabelError` for labels that are no labels: an
    index of whole numbers counts as labels if it has a name or holds years (1900 to 2500); sorted or sliced,
    it says no more than where a row stood.

    >>> labelled({"resnet18": 148, "baseline": 147}, "W", dim="model")
    <labelled model: 2 [W]>
    """
    pairs = _pairs(data, dim)
    parse_unit(unit)
    values: list[Distribution | float] = []
    bad: list[str] = []
    missing = False
    for label, value in pairs:
        where = f"{dim}={label}"
        if isinstance(value, Distribution):
            if value.unit:
                raise UnitError(
                    "a distribution among labelled data carries a unit of its own",
                    where=where,
                    fix="write its numbers without unit: the unit of labelled() holds for all",
                )
            values.append(value.in_unit(unit))
            continue
        number = real(value)
        if number is not None and math.isfinite(number):
            values.append(number)
            continue
        absent = value is None or type(value).__name__ in ("NAType", "NaTType")
        missing = missing or number is not None or absent
        bad.append(f"{where}: {'missing' if absent else reprlib.repr(value) if number is None else number}")
    if missing:
        raise NonFiniteError(
            f"{len(bad)} of {len(pairs)} values are no finite numbers",
            where=f"labelled data over {dim!r}",
            sides=bad,
            fix="leave the labels without a value out",
        )
    if bad:
        raise ParseError(
            f"{len(bad)} of {len(pairs)} values are no numbers",
            where=f"labelled data over {dim!r}",
            sides=bad,
            fix='write numbers or distributions, and one unit for all of them: lca.labelled(data, "W", dim=)',
        )
    return Labelled(tuple(values), unit, (make_dim(dim, [label for label, _ in pairs]),), shared)


def _pairs(data: Any, dim: str) -> list[tuple[Any, Any]]:
    if hasattr(data, "coords") and hasattr(data, "dims"):  # xarray
        if tuple(data.dims) != (dim,):
            raise LabelError(f"the table has dims {tuple(data.dims)}, not ({dim!r},)", fix="select or rename first")
        if hasattr(data.data, "magnitude"):
            raise UnitError(
                "the table carries a unit of its own",
                where=f"labelled data over {dim!r}",
                fix="give its plain numbers, table.copy(data=table.data.magnitude), and the unit beside them",
            )
        return list(zip(table_dims(data)[0].labels, data.values, strict=True))
    if hasattr(data, "index") and hasattr(data, "items"):  # pandas
        labels = data.index.tolist()
        if data.index.name is None and _number_the_rows(labels):
            raise LabelError(
                "a column whose rows are only numbered has no labels",
                where=f"dim {dim!r}",
                sides=[f"its index: {reprlib.repr(labels)}"],
                fix=f'table.set_index("{dim}")[column], nothing is matched by position; or, where the numbers are '
                f'labels, column.rename_axis("{dim}")',
            )
        return list(zip(labels, data.tolist(), strict=True))
    if isinstance(data, Mapping):
        return list(data.items())
    raise LabelError(
        f"{type(data).__name__} has no labels",
        where=f"dim {dim!r}",
        fix="give a dict, a pandas Series or an xarray table: nothing is matched by position",
    )


def _number_the_rows(labels: Sequence[Any]) -> bool:
    """Whether the labels of an index without a name may only say where a row stood: whole numbers, not all years."""
    return all(isinstance(one, int) for one in labels) and not all(1900 <= one <= 2500 for one in labels)


def read_value(value: Any, where: str) -> Labelled:
    """Any plain value as `Labelled`: text, number, pint quantity, distribution, labelled data."""
    if isinstance(value, Labelled):
        return value
    if isinstance(value, Distribution):
        return Labelled((value,), value.unit)
    if isinstance(value, str):
        return _read_text(parse_quantity(value, where), where)
    if hasattr(value, "index") and hasattr(value, "items") and not isinstance(value, Mapping):
        raise UnitError("a pandas column has no unit", where=where, fix="lca.labelled(column, unit, dim=)")
    if isinstance(value, Mapping):
        raise UnitError("a dict has no unit", where=where, fix="lca.labelled(data, unit, dim=)")
    if hasattr(value, "magnitude") and np.ndim(from_pint(value, where)[0]):
        raise LabelError("an array of quantities has no labels", where=where, fix="lca.labelled(data, unit, dim=)")
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
