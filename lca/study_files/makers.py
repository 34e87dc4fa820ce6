"""What makes the items of a file: for each section the class or function of the library, and what it takes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..arguments import Kind, kinds_of_arguments
from ..checks import did_you_mean
from ..electricity.electricity import Electricity
from ..engines.measuring.measured_inference import MeasuredInference
from ..errors import MissingError
from ..graph.fields import Declared, parameter
from ..hardware.die import Die
from ..hardware.hardware import Hardware
from ..hardware.part_kinds import (
    Assembly,
    Battery,
    Board,
    Cooling,
    Enclosure,
    Memory,
    Packaging,
    Passives,
    PowerSupply,
    Storage,
)
from ..hardware.parts import Part
from ..inventory import serving
from ..inventory.deployment.deployment import Deployment
from ..inventory.deployment.fleet import Fleet
from ..inventory.deployment.network import Network
from ..inventory.estimated.accelerator import Accelerator
from ..inventory.inference.inference import Inference
from ..inventory.site import Site
from ..inventory.training.development import Development
from ..inventory.training.ledger import Ledger, ledger
from ..inventory.training.training import Training
from ..logs.recognise import read
from ..meters.meter import Meter
from ..records.record import Record, kinds_of
from ..study.about import About
from ..study.scope import FunctionalUnit
from ..study.score import Score
from .data_table import data_table

#: What stands in each section, in the order of a sheet or a page: items by name, such as `[site.desk]`.
SECTIONS: Mapping[str, Callable[..., Any]] = {
    "table": data_table, "meter": Meter, "log": read, "points": serving.points, "parameter": parameter,
    "electricity": Electricity, "site": Site,
    "die": Die, "memory": Memory, "storage": Storage, "board": Board, "passives": Passives,
    "power_supply": PowerSupply, "cooling": Cooling, "enclosure": Enclosure, "battery": Battery,
    "packaging": Packaging, "assembly": Assembly, "part": Part, "hardware": Hardware, "accelerator": Accelerator,
    "ledger": ledger, "development": Development, "training": Training,
    "inference": Inference, "measured_inference": MeasuredInference, "network": Network, "fleet": Fleet,
    "deployment": Deployment, "score": Score,
}  # fmt: skip
#: Sections that are one table each.
SINGLE: Mapping[str, Callable[..., Any]] = {"functional_unit": FunctionalUnit, "about": About}
#: What a function gives, where it passes arguments on to its class.
_GIVEN: Mapping[str, type[Record]] = {"ledger": Ledger}
#: The key that names another way to make an item: by = "lookup".
WAY = "by"
#: Arguments that are paths of files; and one that holds several of them, or the names of what was read.
PATHS, SOURCES = ("path", "file"), "sources"
#: Ways that give another item than the section has, or need what no file can say.
_LEFT_OUT = ("of",)


@dataclass(frozen=True)
class Maker:
    """What makes an item: a function, what it is called, and what its arguments may be.

    Attributes
    ----------
    arguments : mapping of str to Kind or None
        The kind of each argument; None for a value with a unit, and for what only the function itself can check.
    first : str
        The argument that is the name of the item in the file, where it is not given.
    declared : mapping of str to Declared
        What the fields of values take.
    owner : type or None
        The class, whose methods may change what was made.
    """

    function: Callable[..., Any]
    title: str
    arguments: Mapping[str, Kind | None]
    first: str
    declared: Mapping[str, Declared]
    owner: type[Record] | None

    def method(self, name: str) -> Callable[..., Any] | None:
        """A public method that gives the item in another state, such as `replaced`; None where there is none."""
        found = inspect.getattr_static(self.owner, name, None) if self.owner and not name.startswith("_") else None
        return found if inspect.isfunction(found) else None


def ways_of(section: str) -> list[str]:
    """The names of the other ways to make an item of a section.

    >>> ways_of("electricity")
    ['from_mix', 'lookup', 'trajectory']
    """
    owner = {**SECTIONS, **SINGLE}[section]
    names = dir(owner) if isinstance(owner, type) else []
    found = [name for name in names if isinstance(inspect.getattr_static(owner, name), classmethod)]
    return [name for name in found if not name.startswith("_") and name not in _LEFT_OUT]


def maker_of(section: str, way: object, where: str) -> Maker:
    """What makes an item of a section; raises for a way that there is not."""
    if way is not None and way not in ways_of(section):
        near = did_you_mean(way, ways_of(section)) or f"leave {WAY} out"
        raise MissingError.of("no_such_way", where, section=section, way=way, near=near)
    return _maker(section, str(way or ""))


@cache
def _maker(section: str, way: str) -> Maker:
    item = {**SECTIONS, **SINGLE}[section]
    owner = item if isinstance(item, type) and issubclass(item, Record) else _GIVEN.get(section)
    function = getattr(item, way) if way else item
    arguments, first = arguments_of(function, owner)
    declared = (
        {name: about["declared"] for name, about in owner._fields.items() if "declared" in about} if owner else {}
    )
    title = f"{item.__name__}.{way}" if way else item.__name__
    return Maker(function, title, arguments, first, declared, owner)


def arguments_of(function: Callable[..., Any], owner: type[Record] | None = None) -> tuple[dict[str, Kind | None], str]:
    """(the kinds of the arguments by name, the one that the name in the file stands for).

    What a function passes on are the fields of its class. The name in the file is the first argument, where that is a
    text, else the argument `name`.
    """
    about = [one for one in inspect.signature(function).parameters.values() if one.name not in ("self", "cls")]
    own = kinds_of(owner) if owner is not None and function is owner else kinds_of_arguments(_inner(function))
    named = [one for one in about if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)]
    found: dict[str, Kind | None] = {one.name: own.get(one.name) for one in named}
    if owner is not None and any(one.kind is one.VAR_KEYWORD for one in about):
        fields = kinds_of(owner)
        found |= {name: fields.get(name) for name in owner._fields if name not in found and name != "name"}
        found |= {"name": fields["name"]} if "name" not in found else {}
    kind = found[named[0].name]
    takes = kind is not None and kind.words == "a text" and named[0].kind is named[0].POSITIONAL_OR_KEYWORD
    return found, named[0].name if takes else "name" if "name" in found else ""


def _inner(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function below those that check its arguments; of a class, what makes its objects."""
    made = vars(function)["__init__"] if isinstance(function, type) else function
    inner: Callable[..., Any] = inspect.unwrap(getattr(made, "__func__", made))
    return inner
