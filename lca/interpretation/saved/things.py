"""Components and what their fields hold as plain data and back: each once, in a table, by the kinds that are known."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from ...checks import Array, short
from ...distributions.base import Distribution
from ...graph.inputs import read_value
from ...graph.labels import Dim
from ...graph.node import Node
from ...records.record import Record
from ...units.registry import is_pint
from ..graph_data import GraphIn, GraphOut, Stored, dim_in, dim_out, distribution_in, distribution_out
from .kinds import fields_of, kind, kind_of


class ThingsOut:
    """Things as plain data, their nodes put into a graph. `lacking` says of what cannot be written where it stands."""

    def __init__(self, graph: GraphOut) -> None:
        self.rows: list[Stored] = []
        self.arrays: list[Array] = []
        self.lacking: list[str] = []
        self._graph = graph
        self._place: dict[int, int] = {}
        self._kept: list[object] = []  # so that identities stay theirs
        self._way: list[str] = []

    def __call__(self, value: object) -> object:
        """One value as plain data."""
        if value is None or isinstance(value, str | bool | int):
            return value
        if isinstance(value, float) and math.isfinite(value):
            return value
        if isinstance(value, Node):
            return {"node": self._graph(value)[0]}
        if isinstance(value, Distribution):
            return {"distribution": distribution_out(value)}
        if kind_of(value):
            return {"thing": self._thing(value)}
        return self._several(value)

    def _several(self, value: object) -> object:
        if isinstance(value, tuple | list):
            return [self._within(f"[{at}]", one) for at, one in enumerate(value)]
        if isinstance(value, set | frozenset):
            return {"set": sorted(value)}
        if isinstance(value, Mapping):
            return {"map": [[self(key), self._within(f"[{short(key)}]", one)] for key, one in value.items()]}
        return self._other(value)

    def _other(self, value: object) -> object:
        if isinstance(value, np.generic):
            return self(value.item())
        if isinstance(value, Dim):
            return {"dim": dim_out(value)}
        if is_pint(value):
            return self(read_value(value, "".join(self._way)))
        if isinstance(value, np.ndarray) and value.dtype.kind in "fiub":
            self.arrays.append(value)
            return {"array": len(self.arrays) - 1}
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return {"date": value.isoformat()}
        if isinstance(value, Path):
            return {"path": value.name}  # where it lay is nobody's business
        if isinstance(value, ZoneInfo) and value.key:
            return {"zone": value.key}
        self.lacking.append(f"{''.join(self._way)}: {short(value)}, {_called(value)}")
        return None

    def _thing(self, thing: Any) -> int:
        if id(thing) not in self._place:
            self._kept.append(thing)
            with self._at(f"{thing.slug}" if isinstance(thing, Record) else "", anew=isinstance(thing, Record)):
                said = {name: self._within(f".{name}", value) for name, value in fields_of(thing).items()}
            self.rows.append({"kind": kind_of(thing), "fields": said})
            self._place[id(thing)] = len(self.rows) - 1
        return self._place[id(thing)]

    def _within(self, step: str, value: object) -> object:
        with self._at(step):
            return self(value)

    @contextmanager
    def _at(self, step: str, anew: bool = False) -> Iterator[None]:
        """Where the values stand that are written: a component begins a way of its own."""
        before, self._way = self._way, [step] if anew else [*self._way, step]
        yield
        self._way = before


def _called(value: object) -> str:
    name = type(value).__qualname__
    return "a function" if callable(value) and name == "function" else f"which is a {name}"


class ThingsIn:
    """Things made of plain data, each by its own class; nothing else is called."""

    def __init__(self, rows: Sequence[Stored], graph: GraphIn, arrays: Sequence[Array]) -> None:
        self._graph, self._arrays = graph, arrays
        self._things: list[Any] = []
        for row in rows:
            fields = {name: self(value) for name, value in row["fields"].items()}
            self._things.append(kind(row["kind"])(**fields))

    def __call__(self, value: object) -> Any:
        """The value of plain data."""
        if isinstance(value, list):
            return tuple(self(one) for one in value)
        if not isinstance(value, Mapping):
            return value
        ((said, held),) = value.items()
        match said:
            case "node":
                return self._graph.nodes[held]
            case "thing":
                return self._things[held]
            case "distribution":
                return distribution_in(held)
            case "map":
                return {self(key): self(one) for key, one in held}
            case "set":
                return frozenset(held)
            case "array":
                return self._arrays[held]
            case "dim":
                return dim_in(held)
            case "date":
                return datetime.date.fromisoformat(held)
            case "path":
                return Path(held)
            case "zone":
                return ZoneInfo(held)
        raise KeyError(said)
