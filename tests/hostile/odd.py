"""What people give by mistake: one value of each kind that Python, NumPy, pandas, xarray, pint and lca have."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pint
import xarray

import lca


@cache
def odd_values() -> dict[str, Any]:
    """One of each kind, by what it is."""
    node = lca.parameter("odd.node", lca.Uniform("1 W at_wall", "2 W at_wall"))
    return {
        "None": None,
        "nan": math.nan,
        "infinity": math.inf,
        "minus one": -1,
        "zero": 0,
        "five": 5,
        "a half": 0.5,
        "True": True,
        "10**400": 10**400,
        "complex": complex(1, 2),
        "Decimal": Decimal("1.5"),
        "Fraction": Fraction(1, 3),
        "empty text": "",
        "text": "abc",
        "number as text": "5",
        "power as text": "5 W",
        "blank text": "  ",
        "bytes": b"x",
        "list": [1],
        "empty list": [],
        "list of texts": ["abc"],
        "list of lists": [[1], [2]],
        "tuple": (1,),
        "pair": (1, 2),
        "dict": {"a": 1},
        "empty dict": {},
        "dict of dicts": {"a": {"b": 1}},
        "set": {1},
        "empty set": set(),
        "range": range(3),
        "object": object(),
        "class": float,
        "lambda": lambda: 0,
        "module": math,
        "path": Path("odd"),
        "ndarray": np.array([1.0, 2.0]),
        "empty ndarray": np.array([]),
        "ndarray of objects": np.array([None, "a"], dtype=object),
        "complex128": np.complex128(1 + 2j),
        "datetime64": np.datetime64("2024-01-01"),
        "Series": pandas.Series([1.0, 2.0], index=["a", "b"]),
        "Series of nan": pandas.Series({"a": math.nan}),
        "DataFrame": pandas.DataFrame({"a": [1.0]}),
        "Timestamp": pandas.Timestamp("2024-01-01"),
        "DataArray": xarray.DataArray([1.0, 2.0], dims=["x"]),
        "DataArray of texts": xarray.DataArray(["a"], dims=["x"], coords={"x": [1]}),
        "foreign quantity": pint.UnitRegistry().Quantity(5.0, "watt"),
        "foreign array": pint.UnitRegistry().Quantity(np.array([1.0]), "furlong"),
        "node": node,
        "node of other dims": lca.parameter("odd.labelled", lca.labelled({"a": 1, "b": 2}, "kg", dim="odd")),
        "distribution": lca.Normal(5, 1),
        "labelled": lca.labelled({"a": 1.0}, "W", dim="odd"),
        "record": lca.Board("odd board", area="80 cm^2"),
        "site": lca.Site("odd site", pue=1.0),
        "meter": lca.Meter("odd meter", at="wall", u="1 %"),
        "reading": lca.Meter("odd meter", at="wall", u="1 %").read(5, "W"),
        "exclusion": lca.outside_goal("odd"),
    }
