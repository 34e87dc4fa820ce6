"""The inventory for Brightway: a package that bw2io imports, with database, elementary flows and methods."""

from __future__ import annotations

import bz2
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from ...arguments import entry
from ...interpretation.result import Result
from ...study.study import Study
from .export import Export
from .inventory.build import inventory_of
from .inventory.listing import listing
from .inventory.parts import GLOBAL, Exchange, Flow, Inventory, Process
from .inventory.spread import Spread

#: Plain data, as a package holds them.
Plain: TypeAlias = dict[Any, Any]
#: The units of Brightway, by the first word of ours.
_UNITS = {"kWh": "kilowatt hour", "kg": "kilogram", "L": "litre", "device": "unit"}
#: The classes that bw2io makes of the objects of a package; all releases since bw2io 0.8 know them.
_DATABASE = {"module": "bw2data.backends.peewee.database", "name": "SQLiteBackend"}
_METHOD = {"module": "bw2data.method", "name": "Method"}


@dataclass(frozen=True, eq=False, repr=False)
class Brightway(Export):
    """An inventory as a package of Brightway; `data` has its objects."""

    endings: ClassVar[tuple[str, ...]] = (".bw2package",)

    @property
    def content(self) -> bytes:
        """The package: JSON, compressed by bzip2."""
        return bz2.compress(json.dumps(_tagged(self.data["objects"]), ensure_ascii=False).encode())


@entry
def brightway(thing: Study | Result, *, name: str = "") -> Brightway:
    """The inventory of a study for Brightway, as a package that `bw2io.BW2Package.import_file` reads.

    The package has one database and a method for each complete impact category. Activities take electricity in kilowatt
    hours and hardware in device lives; these emit gases. The process "study" is all that the study counts, and
    "functional-unit" one functional unit; each alternative has its own. Amounts are nominal values.

    An amount that is a multiple of one value, or a product of lognormals, has the spread of its family. To any other
    spread a lognormal is fitted, by the mean and the standard deviation of the logarithms of 4,096 draws. The comment
    of each exchange says so, and names the values behind the amount with status and source.

    Parameters
    ----------
    thing : Study or Result
        The study, or a result that has its study.
    name : str
        The name of the database; the name of the study if not given.

    Returns
    -------
    Brightway
        `.write("study.bw2package")` writes the package, `.notes` says what is not in it.

    Raises
    ------
    MissingError
        If a result has no study.
    RecordError
        If a saved result does not hold all of its study.

    Examples
    --------
    >>> from lca.study.small_study import small_study
    >>> print(brightway(small_study()).text.splitlines()[-1])
      1 unit of training
    """
    inventory = inventory_of(thing)
    database = name or inventory.title
    objects = [_database(inventory, database), *(_method(inventory, database, one) for one in inventory.categories)]
    return Brightway(inventory.title, "Brightway package (bw2io)", listing(inventory), inventory.notes,
                     {"objects": objects})  # fmt: skip


def _database(inventory: Inventory, database: str) -> Plain:
    held = {(database, flow.code): _flow(flow) for flow in inventory.flows}
    codes = {flow.code for flow in inventory.flows}
    held |= {(database, one.code): _process(one, database, codes) for one in inventory.processes}
    metadata = {"format": "lca", "versions": dict(inventory.versions), "depends": [], "notes": list(inventory.notes)}
    metadata |= {"about": inventory.about.plain, "global warming potentials": inventory.gwp}
    return {"name": database, "metadata": metadata, "class": _DATABASE, "data": held}


def _flow(flow: Flow) -> Plain:
    resource = flow.compartment == "resource"
    kind, where = ("natural resource", ("natural resource",)) if resource else ("emission", (flow.compartment,))
    return {"name": flow.name, "unit": _unit(flow.unit), "type": kind, "categories": where, "exchanges": []}


def _process(process: Process, database: str, flows: set[str]) -> Plain:
    made = {"input": (database, process.code), "amount": 1.0, "type": "production", "unit": _unit(process.unit)}
    taken = [_exchange(one, database, one.to in flows) for one in process.exchanges]
    return {
        "name": process.name, "reference product": process.name, "unit": _unit(process.unit), "type": "process",
        "location": process.place or GLOBAL, "production amount": 1.0, "year": process.year,
        "categories": (process.kind,), "exchanges": [made, *taken],
    }  # fmt: skip


def _exchange(one: Exchange, database: str, emitted: bool) -> Plain:
    comment = "; ".join(filter(None, (one.about, *(f"source: {source}" for source in one.sources))))
    return {
        "input": (database, one.to), "amount": one.amount, "type": "biosphere" if emitted else "technosphere",
        "unit": _unit(one.unit or "unit"), "comment": comment, **_uncertainty(one.spread),
    }  # fmt: skip


def _uncertainty(spread: Spread) -> dict[str, float]:
    """The fields of stats_arrays."""
    made = _FAMILIES[spread.family](*spread.arguments)
    ends = {"minimum": spread.low, "maximum": spread.high}
    return made | {name: end for name, end in ends.items() if end is not None}


def _beta(low: float, mode: float, high: float) -> dict[str, float]:
    """PERT as a beta distribution between its limits."""
    alpha, beta = (1 + 4 * (end) / (high - low) for end in (mode - low, high - mode))
    return {"uncertainty type": 10, "loc": alpha, "shape": beta, "minimum": low, "maximum": high}


_FAMILIES: Mapping[str, Any] = {
    "none": lambda: {"uncertainty type": 1},
    "lognormal": lambda median, gsd: {"uncertainty type": 2, "loc": math.log(median), "scale": math.log(gsd)},
    "normal": lambda mean, sd: {"uncertainty type": 3, "loc": mean, "scale": sd},
    "uniform": lambda low, high: {"uncertainty type": 4, "minimum": low, "maximum": high},
    "triangular": lambda low, mode, high: {"uncertainty type": 5, "loc": mode, "minimum": low, "maximum": high},
    "weibull": lambda scale, shape: {"uncertainty type": 8, "scale": scale, "shape": shape},
    "pert": _beta,
}


def _method(inventory: Inventory, database: str, category: str) -> Plain:
    """A category as a method: its characterization factors, of this database alone."""
    said = f"GWP 100, {inventory.gwp}" if category == "climate_change" else "as published"
    factors = [((database, one.code), one.counts[category]) for one in inventory.flows if category in one.counts]
    metadata = {"unit": inventory.categories[category], "description": f"The factors of {inventory.title}."}
    return {"name": (database, category.replace("_", " "), said), "metadata": metadata, "class": _METHOD,
            "data": [list(one) for one in factors]}  # fmt: skip


def _unit(unit: str) -> str:
    return _UNITS.get(unit.split(" ")[0], unit)


def _tagged(value: Any) -> Any:
    """Plain data as the JSON of bw2data: tuples and mappings say what they are."""
    if isinstance(value, tuple):
        return {"__tuple__": True, "data": [_tagged(one) for one in value]}
    if isinstance(value, Mapping):
        return {
            "__dict__": True,
            "keys": [_tagged(one) for one in value],
            "values": [_tagged(one) for one in value.values()],
        }
    return [_tagged(one) for one in value] if isinstance(value, list) else value
