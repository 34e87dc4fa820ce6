"""What builds a study looks at values only where that is noted: another value can then take the place (D4)."""

from __future__ import annotations

import ast

from test_floors import modules

#: What builds components and models of them.
BUILDING = ("records", "characterization", "electricity", "hardware", "inventory", "impact", "study")
#: What says something of the value of a parameter.
SAYING = {
    "values", "plain", "nominal", "reach", "highest", "rows", "quantile", "numbers", "definition", "spread", "describe",
}  # fmt: skip
#: Names that stand for mappings.
MAPPINGS = ("one.values", "known.values")
#: Functions that look, each with why that is noted or decides nothing.
LOOKING = {
    "electricity.supply._highest_of": "what decided() asks, and the text of an error",
    "hardware.device._is_weibull": "what decided() asks",
    "hardware.device.tdp": "a number for the reader",
    "hardware.die._is_large": "what decided() asks",
    "hardware.rival_figures._agree": "noted there",
    "inventory.activity._count": "the text of an error",
    "inventory.deployment.years._longest": "what decided() asks, and the text of an error",
    "inventory.learnt.gpu_sheet.serving_rate": "noted there",
    "inventory.training.forecasting._end": "noted by who calls it",
    "records.record.brief": "how a component prints",
    "records.notebook.values": "how a component prints",
    "study.cases._as_it_is": "a coordinate for the reader",
    "study.assembly.swapped": "bounds of guards, which are looked at again for each value",
    "study.scenarios._warn_shared_distributions": "looked at again for each value",
    "study.side_by_side._is_nothing": "numbers of a formula",
    "study.scope._check_count": "the text of an error",
}


def looks(node: ast.AST) -> bool:
    """Whether an expression reads a value of a parameter, or the bounds of an expression."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in ("bounds", "shown_values")
    if not (isinstance(node, ast.Attribute) and node.attr in SAYING):
        return False
    owner = node.value
    name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    return name in ("parameter", "leaf", "known", "one", "other") and f"{name}.{node.attr}" not in MAPPINGS


def test_d4_what_builds_a_study_looks_at_no_value_that_is_not_noted() -> None:
    found = set()
    for name, tree in modules().items():
        if name.partition(".")[2].partition(".")[0] not in BUILDING:
            continue
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            if any(looks(node) for node in ast.walk(function)):
                found.add(f"{name.split('.', 1)[1]}.{function.name}")
    assert found - set(LOOKING) == set()
    assert set(LOOKING) - found == set()
