"""The floors of the house: imports only go down, and what each floor does not know stays unknown to it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import lca
from lca.records.record import Record

ROOT = Path(lca.__file__).parent
#: From the ground up; the floors of docs/architecture.md.
FLOORS = (
    ("errors",),
    ("checks", "faults", "kept", "loading", "progress", "source_marks", "whole_files"),
    ("arguments", "fits", "tables"),
    ("near_names", "units"),
    ("distributions",),
    ("graph",),
    ("formulas", "sampling", "characterization"),
    ("records",),
    ("electricity", "meters"),
    ("hardware",),
    ("logs",),
    ("inventory",),
    ("engines",),
    ("impact",),
    ("study",),
    ("interpretation",),
    ("installed", "reporting", "run_report", "study_files", "table_search"),
    ("commands",),
    ("__main__",),
)
LEVEL = {name: level for level, names in enumerate(FLOORS) for name in names}
#: Within some floors, from the ground up. In the logs files know nothing of steps and power, and nothing but
#: `lca.read` knows a format.
ROOMS = {
    "logs": (
        "shown", "files", "training", "power", "agreement", "runs", "inference", "format", "formats",
        "recognise", "readers", "ledger", "live", "command",
    ),
    "inventory": (
        "stages", "site", "whole_machine", "activity", "estimated", "learnt", "training", "inference",
        "deployment", "serving",
    ),
    "engines": (
        "modules", "protocol", "declared", "input_arrays", "file_engine", "script", "onnx_graph",
        "onnx_runtime", "tensor_rt", "measuring",
    ),
    "sampling": (
        "interrupt", "memory", "form", "short_buffers", "telling", "numba_loops", "stream", "design", "latin",
        "scrambled", "intervals", "cubics", "quantile", "drawing", "plan", "roots", "multiples", "elements",
        "lowering", "element_code", "by_counts", "correlated", "question", "finite", "evaluator", "downstream",
        "numba_kernel", "numba_evaluator", "evaluators", "sinks", "statistics", "one_at_a_time", "checkpoint",
        "workers", "run", "evaluate", "moves", "smoothing",
    ),
    "interpretation": (
        "value_names", "credits", "source_rows", "table", "versions", "shapes", "graph_data", "recipe", "resuming",
        "result_data", "dataset", "row_statistics", "spread", "reached", "streaming", "stored_statistics",
        "study_on_disk", "statistic_rows", "blocks", "counting", "saved_blocks", "spreads", "result", "dependence",
        "keeping", "streamed_run", "until", "draws", "saved", "convergence", "summary", "explain", "attribution",
        "footprint", "log_report", "sensitivity", "breakeven", "comparison", "decision", "contribution", "inverse",
        "plot",
    ),
}  # fmt: skip
WORDS = re.compile(r"carbon|emission|electricity|embodied|footprint|climate|co2|kwh|(?<![a-z])grid(?![a-z])")


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the package by dotted name."""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        name = ".".join(("lca", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")
        found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def under(floor: str) -> Iterator[tuple[str, ast.Module]]:
    for name, tree in modules().items():
        if name == f"lca.{floor}" or name.startswith(f"lca.{floor}."):
            yield name, tree


def is_package(name: str) -> bool:
    return (ROOT.joinpath(*name.split(".")[1:]) / "__init__.py").exists()


def imported(name: str) -> set[tuple[str, str]]:
    """(module, what is taken from it) for every import of a module, wherever it stands; "" takes the whole."""
    found: set[tuple[str, str]] = set()
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.Import):
            found |= {(alias.name, "") for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = name.split(".") if is_package(name) else name.split(".")[:-1]
                upper = package[: len(package) - node.level + 1]
                base = ".".join([*upper, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                found.add((inner, "") if inner in modules() else (base, alias.name))
    return found


def own_imports(name: str) -> set[str]:
    return {module for module, _ in imported(name) if module.split(".")[0] == "lca"}


def floor_of(name: str) -> str:
    return name.split(".")[1]


# --- imports ------------------------------------------------------------------------------------------------


def test_the_reader_of_imports_sees_what_is_there() -> None:
    """A test that reads nothing passes always: these imports exist, in each of the four ways to write them."""
    assert "lca.tables" in own_imports("lca.electricity.lookup")  # from .. import tables
    assert "lca.graph.node" in own_imports("lca.study.assembly")  # from ..graph.node import
    assert "lca.graph.kernels" in own_imports("lca.graph.function_table")  # from . import kernels
    assert "lca.study.nominal_text" in own_imports("lca.study.scenarios")  # inside a function
    assert len(modules()) > 40


def test_every_module_stands_on_a_floor() -> None:
    assert {floor_of(name) for name in modules() if name != "lca"} <= set(LEVEL)


def test_imports_only_go_down() -> None:
    upwards = [
        f"{name} imports {other}"
        for name in modules()
        if name != "lca"
        for other in own_imports(name)
        if other == "lca" or LEVEL[floor_of(other)] > LEVEL[floor_of(name)]
    ]
    assert not upwards


@pytest.mark.parametrize("floor", ROOMS)
def test_imports_between_the_rooms_of_a_floor_only_go_down(floor: str) -> None:
    order = ROOMS[floor]
    inner = {name: order.index(name.split(".")[2]) for name, _ in under(floor) if name != f"lca.{floor}"}
    assert [(one, other) for one in inner for other in own_imports(one) if inner.get(other, -1) > inner[one]] == []


def test_no_circle_between_modules() -> None:
    """Function-level imports count: a circle that opens late is a circle."""
    graph = {name: own_imports(name) for name in modules() if name != "lca"}
    done: set[str] = set()
    while ready := {name for name, needs in graph.items() if name not in done and needs <= done}:
        done |= ready
    assert set(graph) - done == set()


def test_formulas_import_only_the_functions_of_expressions() -> None:
    """Python's max and math.ceil do not read four ways."""
    for name, tree in under("formulas"):
        if is_package(name):
            continue
        found = {module for module, _ in imported(name)} - {"__future__", "typing"}
        assert found <= {"lca.graph.functions", "lca.graph.function_table"}, name
        calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
        called = {call.id for call in calls if isinstance(call, ast.Name)}
        own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert called <= {taken for _, taken in imported(name)} | own, name
        assert all(isinstance(call, ast.Name) for call in calls), name


def test_two_modules_know_the_unit_library_and_one_the_tables() -> None:
    knowing = [name for name in modules() if any(m.split(".")[0] == "pint" for m, _ in imported(name))]
    assert knowing == ["lca.units.parse", "lca.units.registry"]
    paths = [name for name, tree in modules().items() if "datapackage.json" in texts_of(tree)]
    assert paths == ["lca.tables.description"]


def test_the_architecture_page_says_what_each_package_imports() -> None:
    """The table is compared with the imports; errors, checks, arguments and faults are left out of it."""
    left_out = {"errors", "checks", "arguments", "faults"}
    text = (ROOT.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text.partition("## The packages from the imports")[2]
    said = {row.split("|")[1].strip(): row.split("|")[2].strip() for row in table.splitlines() if row.startswith("| ")}
    said.pop("package")
    found: dict[str, set[str]] = {}
    for name in modules():
        if name != "lca" and floor_of(name) not in left_out:
            others = {floor_of(other) for other in own_imports(name) if other != "lca"}
            found.setdefault(floor_of(name), set()).update(others - left_out - {floor_of(name)})
    assert {room: set(names.split(", ")) - {"none"} for room, names in said.items()} == found


# --- what a floor does not know -----------------------------------------------------------------------------


def docstrings(tree: ast.Module) -> set[int]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.add(id(first.value))
    return found


def texts_of(tree: ast.Module) -> list[str]:
    """Text constants, without docstrings."""
    left_out = docstrings(tree)
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out
    ]


def identifiers(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        for field in ("id", "attr", "name", "arg", "asname", "module"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                found.add(value)
    return found


@pytest.mark.parametrize("floor", ["distributions", "graph", "records", "sampling"])
def test_the_lower_floors_contain_no_word_of_the_field(floor: str) -> None:
    """Names and texts; examples in docstrings and remarks may show what the reader knows."""
    spoken = [
        f"{name}: {word}"
        for name, tree in under(floor)
        for word in (*identifiers(tree), *texts_of(tree))
        if WORDS.search(word.lower())
    ]
    assert not spoken


def test_the_words_of_the_field_are_found_where_they_are() -> None:
    """The search that the test above relies on sees them on the floors that know them."""
    assert any(WORDS.search(word.lower()) for _, tree in under("study") for word in identifiers(tree))
    assert WORDS.search("grid_loss")
    assert WORDS.search("the grid")
    assert not WORDS.search("np.meshgrid")


FACTORS = {"intensity", "embodied", "distribution", "end_of_life", "characterization_factor", "grid_loss"}


def test_the_inventory_applies_no_factor() -> None:
    """Only the study lets a factor meet a flow; the formulas write down what it does then."""
    for name, tree in under("inventory"):
        modules_used = {module for module, _ in imported(name)}
        assert "lca.characterization.gwp" not in modules_used, name
        taken = {taken for _, taken in imported(name)} | identifiers(tree)
        assert not taken & {"electricity_impact", "hardware_impact", "characterized"}, name
        used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not used & FACTORS, name


def test_interpretation_builds_no_record_of_a_study() -> None:
    def kinds(kind: type) -> Iterator[str]:
        for child in kind.__subclasses__():
            if child.__module__.startswith("lca."):
                yield child.__name__
                yield from kinds(child)

    _ = [getattr(lca, name) for name in lca.__all__]  # loads what defines them
    records = set(kinds(Record))
    assert {"Inputs", "Training", "Deployment", "Electricity", "Hardware", "FunctionalUnit"} <= records
    verbs = {"replaced", "vary", "Study", "Assembly", "alternatives", "assemble", "extrapolated", "engines"}
    for name, tree in under("interpretation"):
        calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
        called = {c.id for c in calls if isinstance(c, ast.Name)} | {
            c.attr for c in calls if isinstance(c, ast.Attribute)
        }
        assert not called & (records | verbs), name
