"""Life-cycle assessment of machine-learning projects, with units, sources and uncertainty.

Where to find what, from the ground up (docs/architecture.md shows the way of the data):

* `units`, `distributions`, `graph`, `records`, `sampling`: values with unit, spread and source, and how they are drawn.
* `formulas`: the physics and the accounting, one line each.
* `characterization`, `electricity`, `hardware`: factors, looked up or built.
* `meters`, `logs`, `inventory`, `engines`: what was measured, the activities of a project, and networks to be run.
* `impact`, `study`: from an inventory to impacts, within a goal and scope.
* `interpretation`, `reporting`: results, uncertainty, sensitivity, comparison, derivation, reports.
* `study_files`, `commands`: a study in a TOML file or a workbook, and the command `lca`.

The public names stand in `__init__.pyi` and are loaded when they are used.
"""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any


def _listed() -> dict[str, str]:
    """Each public name and the module that holds it."""
    stub = Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    lines = re.findall(r"^from (\S+) import (\([^)]*\)|.*)$", stub, re.MULTILINE)
    return {name: module for module, names in lines for name in re.findall(r"(\w+) as \1\b", names)}


_MODULE_OF = _listed()
__all__ = sorted(_MODULE_OF)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version  # slow to import, and rarely asked for

        return version("lca")
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'lca' has no attribute {name!r}")
    module = _MODULE_OF[name]
    found = import_module(f".{name}", __name__) if module == "." else import_module(module, __name__)
    value = found if module == "." else getattr(found, name, None) or import_module(f"{module}.{name}", __name__)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
