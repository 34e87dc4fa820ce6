"""Signatures of records for the reference: their decorator makes the constructor, so that no source has it."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from typing import Any

import griffe

sys.path.insert(0, str(Path(__file__).parent))
import api


class Signatures(griffe.Extension):
    """Gives each public record the constructor that it has when it is imported."""

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        """Look at the public classes once all of the package is read."""
        for _name, value in api.public() if pkg.path == "lca" else ():
            if inspect.isclass(value) and hasattr(value, "__dataclass_fields__"):
                found = pkg[api.home(value).removeprefix("lca.")]
                if not found.parameters:
                    found.set_member("__init__", constructor(inspect.signature(value)))


def constructor(signature: inspect.Signature) -> griffe.Function:
    """The constructor with the names, kinds and defaults of a signature."""
    kinds = {kind.name: griffe.ParameterKind[kind.name.lower()] for kind in inspect._ParameterKind}
    every = [griffe.Parameter("self", kind=griffe.ParameterKind.positional_or_keyword)]
    for name, one in signature.parameters.items():
        every.append(griffe.Parameter(name, kind=kinds[one.kind.name], default=shown(one.default)))
    return griffe.Function("__init__", parameters=griffe.Parameters(*every))


def shown(default: Any) -> str | None:
    """A default as one writes it, or "..." where it is an object of its own; None where there is none."""
    if default is inspect.Parameter.empty:
        return None
    plain = default is None or isinstance(default, (bool, int, float, str, tuple, frozenset))
    return repr(default) if plain else "..."
