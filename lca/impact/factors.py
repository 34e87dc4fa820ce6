"""Factors of `data/hardware` as parameters: one key for each, so that a common error stays common (U1)."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any

from .. import tables
from ..errors import DomainError, MissingError
from ..expression.families import Lognormal, Uniform
from ..expression.node import Node
from ..expression.value import parameter

_FOLDER = "hardware"


def component_factor(name: str) -> Node:
    """What a kind of part emits per unit of its size, under the key `component/<name>`.

    Raises `MissingError` with near names for a kind that the table lacks.
    """
    row = _components().get(name)
    if row is None:
        near = tables.near(name, _components()) or sorted(_components())
        raise MissingError(f"no factor of {name!r}", where="component_factors", mend=f"there are {', '.join(near)}")
    return _parameter(f"component/{name}", row)


@cache
def _components() -> dict[str, dict[str, Any]]:
    rows = tables.read(_FOLDER, "component_factors").to_dict("records")
    return {str(row["component"]): {str(k): v for k, v in row.items()} for row in rows}


def _parameter(key: str, row: Any) -> Node:
    raise NotImplementedError


def fabrication(name: str, node: str, where: str) -> Node:
    """A figure of fabs, under the key `fabrication/<node>.<name>`."""
    raise NotImplementedError
