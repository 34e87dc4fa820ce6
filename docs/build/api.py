"""Pages of the reference: each public name of lca under its theme, with what its docstring says."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import lca

#: The themes: title, what the page is about, and the modules whose names it has. The longest beginning counts.
THEMES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "quantities": (
        "Quantities and distributions",
        "Values with units, spreads and sources, and the functions that take them.",
        ("lca.units", "lca.distributions", "lca.graph"),
    ),
    "electricity": (
        "Electricity and sites",
        "Grids, their intensities, and the places where machines run.",
        ("lca.electricity", "lca.characterization", "lca.inventory.site"),
    ),
    "hardware": ("Hardware", "Machines and their parts, with the impact of making them.", ("lca.hardware",)),
    "activities": (
        "Activities",
        "Development, training and deployment: what was done, on which machine, and where.",
        ("lca.inventory",),
    ),
    "logs": (
        "Logs and meters",
        "What was measured: files of logs, live meters and their errors.",
        ("lca.logs", "lca.meters"),
    ),
    "engines": ("Networks that are run", "Engines, and their energy measured on your machine.", ("lca.engines",)),
    "studies": (
        "Studies and scenarios",
        "Goal and scope, functional unit, allocation and scenarios.",
        ("lca.study", "lca.impact"),
    ),
    "results": (
        "Results",
        "From a study to numbers, tables and reports.",
        (
            "lca.interpretation.draws",
            "lca.interpretation.explain",
            "lca.interpretation.footprint",
            "lca.interpretation.result",
            "lca.interpretation.saved",
            "lca.interpretation.summary",
            "lca.reporting",
        ),
    ),
    "questions": (
        "Questions to a result",
        "What dominates, what is uncertain, which alternative is better, and where that changes.",
        ("lca.interpretation",),
    ),
    "figures": (
        "Figures",
        "Each figure of `lca.plot`. The [gallery](../gallery.md) shows them.",
        ("lca.interpretation.plot",),
    ),
    "formulas": ("Formulas", "The physics and the accounting, one function each.", ("lca.formulas",)),
    "errors": ("Errors", "Every error by name.", ("lca.errors",)),
    "files": ("Data, files and versions", "Tables of data, exports and the state of the installation.", ("lca",)),
}


def public() -> Iterator[tuple[str, Any]]:
    """Every public name as a user types it, and what it is; of a module also its names."""
    for name in sorted(lca.__all__):
        value = getattr(lca, name)
        if not isinstance(value, ModuleType):
            yield name, value
            continue
        yield name, value
        for inner in sorted(_names(value)):
            found = getattr(value, inner)
            if inspect.isroutine(found) or inspect.isclass(found):
                yield f"{name}.{inner}", found


def _names(module: ModuleType) -> list[str]:
    """The names that a module says are public, or those that it and its parts define."""
    listed = getattr(module, "__all__", None)
    if listed is not None:
        return list(listed)
    within = f"{module.__name__}."
    return [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and f"{getattr(value, '__module__', '')}.".startswith(within)
    ]


def home(value: Any) -> str:
    """The full path of a module, class or function."""
    if isinstance(value, ModuleType):
        return value.__name__
    value = inspect.unwrap(value)
    return f"{value.__module__}.{value.__qualname__}"


def theme_of(name: str, value: Any) -> str:
    """The page of a public name: that of its module, where it stands in one of the modules of lca."""
    module = name.partition(".")[0]
    path = home(getattr(lca, module)) if "." in name else home(value)
    lengths = {
        theme: max((len(one) for one in modules if f"{path}.".startswith(f"{one}.")), default=0)
        for theme, (_, _, modules) in THEMES.items()
    }
    return max(lengths, key=lambda theme: lengths[theme])


def summary(value: Any) -> str:
    """The first sentence of a docstring, on one line."""
    first = (inspect.getdoc(value) or "").partition("\n\n")[0]
    return re.sub(r"\s+", " ", first).replace("|", "\\|")


def pages() -> dict[str, str]:
    """Each page of the reference by its path."""
    by_theme: dict[str, list[tuple[str, Any]]] = {theme: [] for theme in THEMES}
    for name, value in public():
        by_theme[theme_of(name, value)].append((name, value))
    made = {f"reference/api/{theme}.md": page(theme, names) for theme, names in by_theme.items()}
    return {"reference/api/index.md": index(by_theme), **made}


def index(by_theme: dict[str, list[tuple[str, Any]]]) -> str:
    """Every name in a line, theme by theme."""
    lines = ["# Functions and records", "", "Every public name, as `lca.name`. The examples run as tests."]
    for theme, names in by_theme.items():
        lines += ["", f"## [{THEMES[theme][0]}]({theme}.md)", "", "| name | what it is |", "|---|---|"]
        lines += [f"| [`{name}`]({theme}.md#lca.{name}) | {summary(value)} |" for name, value in names]
    return "\n".join(lines) + "\n"


def page(theme: str, names: list[tuple[str, Any]]) -> str:
    """The page of a theme."""
    title, about, _ = THEMES[theme]
    lines = [f"# {title}", "", about]
    for name, value in names:
        if isinstance(value, ModuleType):
            lines += ["", f"## lca.{name} {{#lca.{name}}}", "", inspect.getdoc(value) or ""]
        else:
            lines += ["", f'<a id="lca.{name}"></a>', "", f"::: {home(value)}", "    options:"]
            lines += [
                f"      heading: lca.{name}",
                f"      toc_label: {name}",
                f"      inherited_members: {ways(value)}",
            ]
    return "\n".join(lines) + "\n"


def ways(value: Any) -> list[str]:
    """The ways to make a record that its class has from another one, such as `from_flops`."""
    if not inspect.isclass(value) or issubclass(value, Exception):
        return []
    return [
        name
        for one in value.__mro__[1:]
        for name, found in vars(one).items()
        if one.__module__.startswith("lca.") and isinstance(found, classmethod) and not name.startswith("_")
    ]
