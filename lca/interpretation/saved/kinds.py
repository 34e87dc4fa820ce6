"""The kinds of things that a saved study may hold: a closed table. What is not in it is neither written nor made."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache, partial
from importlib import import_module
from typing import Any

from ...records.record import Record

#: The classes by the module that has them, below `lca`.
_MODULES: Mapping[str, tuple[str, ...]] = {
    "electricity.electricity": ("Electricity",),
    "hardware.hardware": ("Hardware",),
    "hardware.parts": ("Part", "Share"),
    "hardware.part_kinds": (
        "Memory", "Storage", "Board", "Passives", "Cooling", "PowerSupply", "Enclosure", "Battery", "Packaging",
        "Assembly",
    ),
    "hardware.die": ("Die",),
    "hardware.rival_figures": ("Methods",),
    "meters.meter": ("Meter",),
    "inventory.site": ("Site",),
    "inventory.training.training": ("Training",),
    "inventory.training.development": ("Development",),
    "inventory.training.ledger": ("Ledger",),
    "inventory.inference.inference": ("Inference",),
    "inventory.estimated.accelerator": ("Accelerator",),
    "inventory.deployment.deployment": ("Deployment",),
    "inventory.deployment.fleet": ("Fleet",),
    "inventory.deployment.network": ("Network",),
    "graph.inputs": ("Labelled",),
    "study.scope": ("FunctionalUnit", "Inputs", "Exclusion"),
    "study.score": ("Score",),
    "study.about": ("About",),
    "distributions.correlations": ("Correlations",),
    "logs.training.training_log": ("TrainingLog",),
    "logs.power.power_log": ("PowerLog",),
    "logs.power.track": ("Track",),
    "logs.power.channel": ("Channel",),
    "logs.runs.run_table": ("RunTable",),
    "logs.runs.run": ("Run",),
    "logs.ledger.book": ("Book",),
    "logs.ledger.entries": ("Entry",),
    "logs.ledger.calendar": ("Calendar",),
    "engines.measuring.measured_inference": ("MeasuredInference",),
    "engines.measuring.measurement": ("Measurement", "Subject", "WarmUp", "Window", "Block"),
    "engines.measuring.schedule": ("Schedule",),
    "engines.protocol": ("Port",),
}  # fmt: skip
KINDS: Mapping[str, str] = {name: module for module, names in _MODULES.items() for name in names}


@cache
def kind(name: str) -> Any:
    """The class of a kind. Raises `KeyError` for a name that is in no row.

    >>> kind("Site").__name__
    'Site'
    """
    module = __name__.partition(".")[0]
    return getattr(import_module(f"{module}.{KINDS[name]}"), name)


def kind_of(thing: object) -> str:
    """The name of the kind of what a study holds; an empty text where it is in no row, such as a class of a user."""
    name = type(thing).__name__
    return name if name in KINDS and kind(name) is type(thing) else ""


def fields_of(thing: Any) -> dict[str, object]:
    """What was given, by field, without what is nothing and need not be told."""
    if not dataclasses.is_dataclass(thing):
        return dict(thing._asdict())
    given = thing.given if isinstance(thing, Record) else partial(getattr, thing)
    held = [(one, given(one.name)) for one in dataclasses.fields(thing)]
    return {one.name: value for one, value in held if value is not one.default or not _is_nothing(value)}


def _is_nothing(value: object) -> bool:
    return value is None or (isinstance(value, str | tuple) and not value)
