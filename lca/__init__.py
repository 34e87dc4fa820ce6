"""Life-cycle assessment of machine-learning projects, with units, sources and uncertainty.

Which name answers which question. `help(lca.NAME)` has an example. docs/ has a page on each.

* what was measured: `read` (logs), `Meter`, `measure` and `measure_inference` (while it runs), `ledger`, `agreement`.
* what happens: `Training`, `Inference`, `Deployment`, `Development`, at a `Site` with `Electricity`, on `Hardware`.
* what is in the tables: `search`, `Electricity.lookup`, `Hardware.lookup`, `compare_sources`.
* how sure a value is: `Normal`, `Lognormal`, `Triangular` and others, `pedigree`, `shares`, `Study(correlations=)`.
* the question: `Study` with a `FunctionalUnit`, and what is left out: `outside_goal`, `below_cut_off`, `sunk`.
* how much: `footprint`, `nominal`, `monte_carlo`, `summary`, `contribution`, `plot`, `report`.
* what is kept and checked: `save`, `load`, `verify`, `rerun`, `history` (results over time).
* why: `derivation` (every number, step by step), `provenance` (every value with its source), `difference`, `waterfall`.
* what drives it: `tornado`, `sobol`, `shapley`, `morris`, `pawn`, `screen`.
* what if: `scenarios`, `cases`, `study.vary`, `study.replace`, `robust`, `explore` (a page with sliders).
* which one, and when: `compare`, `pareto`, `decide`, `breakeven`, `payback`, `switchover`.
* what a standard asks for: `check` (passed, stated, failed or not stated), `boundary_diagram`.
* what others ask for: `sci`, `sci_ai`, `model_card`, `boamps`, `annex_xi`, `footprint_statement`, `methods_text`,
  `prometheus`; its inventory: `brightway`, `openlca`; a score that somebody printed: `check_score`.
* a study in a file: `read_study`, and the command `lca run`.
* what a printed number leaves open: `infer`, `reported`, `candidates`.

Where the code stands: docs/architecture.md. The public names stand in `__init__.pyi` and are loaded when they are used.
"""

from __future__ import annotations

import logging
import re
from importlib import import_module
from pathlib import Path
from typing import Any

from .loading import uncollected


def _listed() -> dict[str, str]:
    """Each public name and the module that holds it."""
    stub = Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    lines = re.findall(r"^from (\S+) import (\([^)]*\)|.*)$", stub, re.MULTILINE)
    return {name: module for module, names in lines for name in re.findall(r"(\w+) as \1\b", names)}


_MODULE_OF = _listed()
logging.getLogger(__name__).addHandler(logging.NullHandler())  # who uses the library decides what is shown
__all__ = sorted(_MODULE_OF)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version  # slow to import, and rarely asked for

        return version("lca")
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'lca' has no attribute {name!r}")
    module = _MODULE_OF[name]
    with uncollected():
        found = import_module(f".{name}", __name__) if module == "." else import_module(module, __name__)
        value = found if module == "." else getattr(found, name, None) or import_module(f"{module}.{name}", __name__)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
