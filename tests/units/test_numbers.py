"""What enters as a number is a real number that stands alone, or is refused by name (Q5, Q6, D1, U4)."""

from __future__ import annotations

import datetime
import decimal
import fractions
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas
import pytest
import xarray

import lca
from lca import functions
from lca.checks import numbers_of, real
from lca.errors import DomainError, LabelError, LcaError, NonFiniteError, ParseError

NODE = lca.parameter("q", "2")
DOORS: dict[str, Callable[[Any], Any]] = {
    "parameter": lambda value: lca.parameter("p", value),
    "formula": lambda value: NODE * value,
    "formula, from the left": lambda value: value * NODE,
    "exponent": lambda value: NODE**value,
    "power": lambda value: functions.power(NODE, value),
    "Normal": lambda value: lca.Normal(value, 1),
    "labelled": lambda value: lca.labelled({"a": value, "b": 1}, "W", dim="m"),
    "Empirical": lambda value: lca.Empirical([1, value]),
    "weights": lambda value: lca.choice("c", {"a": 1, "b": 2}, weights=[value, 1]),
    "interpolate": lambda value: functions.interpolate(NODE, [0, 1], [value, 2]),
    "meter": lambda value: lca.Meter("clamp", at="wall").read(value, "W"),
    "pint": lambda value: NODE * lca.quantity(1.0, "W").__class__(value, "watt"),
}
NO_NUMBERS = {
    "complex": 5 + 1j,
    "complex of NumPy": np.complex128(5 + 1j),
    "real, as complex": np.complex64(5),
    "array of a complex": np.array(5 + 1j),
    "truth value": True,
    "truth value of NumPy": np.bool_(True),
    "array of a truth value": np.array(True),
    "duration": np.timedelta64(5, "s"),
    "array of a duration": np.array(np.timedelta64(5, "s")),
    "duration of Python": datetime.timedelta(seconds=5),
    "date": datetime.date(2024, 1, 1),
    "moment": np.datetime64("2024-01-01"),
    "missing in pandas": pandas.NA,
    "missing time": pandas.NaT,
    "array of nothing": np.array(None),
    "array of a text": np.array("5 W"),
    "bytes": b"5 W",
    "array of one": np.array([5.0]),
    "too large": 10**400,
    "not a number": float("nan"),
    "infinity": np.float32("inf"),
}


ANSWERED_BY_OTHERS = ("pint", "formula, from the left")
"""Doors at which the other operand answers first: of what is no number, only a complex one comes as far as lca."""
REFUSED = [
    pytest.param(door, value, id=f"{door}: {name}")
    for door in DOORS
    for name, value in NO_NUMBERS.items()
    if door not in ANSWERED_BY_OTHERS or isinstance(value, (complex, np.complexfloating))
]


@pytest.mark.parametrize(("door", "value"), REFUSED)
@pytest.mark.filterwarnings("error")
def test_q6_what_is_no_real_number_is_refused_at_every_door(door: str, value: Any) -> None:
    """Q6: nothing is cut off: no imaginary part, no unit of time, no truth value counted as 1."""
    with pytest.raises(LcaError) as raised:
        DOORS[door](value)
    assert raised.value.fix


@pytest.mark.parametrize("value", [np.array(5), np.array(5.0), np.float32(5), np.longdouble(5), np.int8(5), 5])
@pytest.mark.parametrize("door", [door for door in DOORS if door != "pint"])
def test_q5_every_spelling_of_a_real_number_is_read(door: str, value: Any) -> None:
    assert real(value) == 5.0
    assert repr(DOORS[door](value)) == repr(DOORS[door](5.0))


@pytest.mark.parametrize("value", [fractions.Fraction(1, 3), decimal.Decimal("0.1")])
def test_q5_fractions_and_decimals_are_refused_by_name(value: Any) -> None:
    for door in ("parameter", "formula", "Empirical", "labelled"):
        with pytest.raises(LcaError):
            DOORS[door](value)


# --- lists of numbers -----------------------------------------------------------------------------------------

LISTS = {
    "list": [3, 1, 2],
    "array": np.array([3.0, 1.0, 2.0]),
    "column": pandas.Series([3, 1, 2], index=["x", "y", "z"]),
    "column that may lack values": pandas.Series([3, 1, 2], dtype="Int64"),
    "index": pandas.Index([3, 1, 2]),
    "table of one dim": xarray.DataArray([3, 1, 2], dims="m"),
    "generator": lambda: iter([3, 1, 2]),
}
NO_LISTS = {
    "a dict by value": {1: 300, 2: 400},
    "a text": "123",
    "bytes": b"123",
    "a set, where equal values are one": {1, 2, 3},
    "a table, of which the columns would be taken": pandas.DataFrame({1: [300.0], 2: [400.0]}),
    "several columns": np.ones((2, 2)),
    "one number": 5,
    "an array of one number": np.array(5.0),
    "texts": ["1", "2"],
    "truth values": np.array([True, False]),
    "durations": np.array([1, 2], dtype="timedelta64[s]"),
    "moments": pandas.Series(pandas.to_datetime(["2024-01-01", "2024-01-02"])),
    "a gap": pandas.Series([1, None], dtype="Int64"),
    "labelled": lca.labelled({"a": 1, "b": 2}, dim="m"),
}


@pytest.mark.parametrize("values", LISTS.values(), ids=list(LISTS))
def test_u4_data_come_as_any_list(values: Any) -> None:
    fresh: Iterator[int] = values() if callable(values) else values
    assert lca.Empirical(fresh, "W").arguments == (1, 2, 3)


@pytest.mark.parametrize("values", NO_LISTS.values(), ids=list(NO_LISTS))
def test_u4_what_is_no_list_of_numbers_is_no_data(values: Any) -> None:
    """U4: keys, letters, columns and nanoseconds were taken for the data."""
    with pytest.raises((DomainError, NonFiniteError)):
        lca.Empirical(values, "W")
    with pytest.raises((DomainError, NonFiniteError)):
        numbers_of(values, "here", "[3, 1, 2]")


def test_u9_weights_by_label_are_not_the_labels() -> None:
    """U9: of a dict the keys were taken for the weights."""
    with pytest.raises(DomainError, match="order of the options"):
        lca.choice("c", {1: 10, 2: 20}, weights={1: 0.9, 2: 0.1})  # type: ignore[arg-type]


# --- labels ---------------------------------------------------------------------------------------------------

TABLE = pandas.DataFrame({"x": [5.0, 3.0, 4.0, 9.0, 8.0, 7.0, 6.0, 1.0, 2.0]})
NUMBERED = {
    "default": TABLE["x"],
    "sorted": TABLE.sort_values("x")["x"],
    "sliced": TABLE["x"][3:8],
    "filtered": TABLE["x"][TABLE["x"] > 4],
    "counted from 1": TABLE["x"].set_axis(range(1, 10)),
    "some years": TABLE["x"].set_axis([1, *range(2000, 2008)]),
    "small whole numbers": TABLE["x"].set_axis(np.arange(9, dtype=np.uint8)),
}


@pytest.mark.parametrize("column", NUMBERED.values(), ids=list(NUMBERED))
def test_d1_a_row_number_is_no_label(column: Any) -> None:
    """D1: sorted or sliced, a default index says where a row stood, and nothing is matched by position."""
    with pytest.raises(LabelError, match="only numbered(.|\\n)*rename_axis"):
        lca.labelled(column, "W", dim="model")
    named = lca.labelled(column.rename_axis("layer"), "W", dim="layer")
    assert named.dims[0].labels == tuple(column.index.tolist())


def test_d1_years_and_names_are_labels_without_a_name_of_their_index() -> None:
    assert len(lca.labelled(TABLE["x"].set_axis(range(2020, 2029)), "W", dim="year").dims[0]) == 9
    assert len(lca.labelled(TABLE["x"].set_axis(list("abcdefghi")), "W", dim="m").dims[0]) == 9


def test_d1_a_missing_moment_is_no_label() -> None:
    with pytest.raises(LabelError, match="cannot be a label"):
        lca.labelled({pandas.NaT: 1, "b": 2}, "W", dim="m")


@pytest.mark.parametrize("kind", ["datetime64[ns]", "timedelta64[ns]"])
def test_q6_times_in_a_table_are_no_numbers(kind: str) -> None:
    """Q6: they were read as nanoseconds."""
    table = xarray.DataArray(np.array([1, 2], dtype=kind), dims="m", coords={"m": ["a", "b"]})
    with pytest.raises(ParseError, match="2 of 2"):
        lca.labelled(table, "W", dim="m")


@pytest.mark.parametrize(("rows", "years"), [((1900, 2500), True), ((1899, 2500), False), ((1900, 2501), False)])
def test_d1_row_numbers_are_labels_where_all_are_years(rows: tuple[int, int], years: bool) -> None:
    """D1: 1900 to 2500 are years, both ends within."""
    column = pandas.Series([1.0, 2.0], index=rows)
    if years:
        node = lca.parameter("x", lca.labelled(column, "W", dim="k"))
        assert lca.nominal(node).data["value"].sel(k=2500) == 2
    else:
        with pytest.raises(LabelError, match="only numbered"):
            lca.labelled(column, "W", dim="k")


@pytest.mark.parametrize(("x", "y"), [([0, 1, 1], [1, 2, 3]), ([0, 2, 1], [1, 2, 3]), ([0, 1], [1, 2, 3]), ([], [])])
def test_q4_a_table_to_interpolate_in_has_each_x_once_and_in_order(x: list[float], y: list[float]) -> None:
    with pytest.raises(DomainError, match="the first increasing(.|\n)*each x once"):
        lca.functions.interpolate(0.5, x, y)
    assert lca.functions.interpolate(5, [2], [7]) == 7, "one point is held constant"
