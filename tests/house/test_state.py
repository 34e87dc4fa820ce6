"""What modules hold and load: nothing changes what belongs to a module, and importing loads nothing heavy (Q8)."""

from __future__ import annotations

import ast
import gc
import importlib
import subprocess
import sys

import pytest
from example_study import study
from test_floors import ROOT, modules

import lca
from lca.loading import uncollected

# --- state -----------------------------------------------------------------------------------------


CHANGES = {
    "append",
    "add",
    "update",
    "setdefault",
    "pop",
    "popitem",
    "clear",
    "extend",
    "insert",
    "remove",
    "discard",
}


def module_names(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for statement in tree.body:
        if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            names |= {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}
    return names


def test_q8_no_function_changes_what_belongs_to_its_module() -> None:
    """Q8, U6: tables of a module are read only: no registry that a call fills, no global statement."""
    changing = []
    for name, tree in modules().items():
        owned = module_names(tree)
        for function in (node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.Lambda))):
            local = {a.arg for a in ast.walk(function) if isinstance(a, ast.arg)}
            local |= {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
            for node in ast.walk(function):
                target: ast.expr | None = None
                if isinstance(node, ast.Global):
                    changing.append(f"{name}: global {', '.join(node.names)}")
                elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
                    target = node.value
                elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    target = node.func.value if node.func.attr in CHANGES else None
                if isinstance(target, ast.Name) and target.id in owned - local:
                    changing.append(f"{name}: {ast.unparse(node)}")
    assert not changing


def test_q8_work_leaves_every_module_as_it_was() -> None:
    """Q8: what stands in the modules is the same before and after a study was built, drawn and explained."""

    def state() -> dict[str, str]:
        return {
            f"{name}.{key}": repr(value)
            for name in modules()
            for key, value in vars(importlib.import_module(name)).items()
            if isinstance(value, (dict, list, set)) and not key.startswith("__")
        }

    lca.summary(lca.monte_carlo(study(), draws=10, progress=False))  # what loads when used is loaded now
    before = state()
    assert len(before) > 5
    made = lca.parameter("floors.new", lca.labelled({"p": lca.Pert(1, 2, 4), "q": 3}, "kWh at_wall", dim="m"))
    lca.monte_carlo({"x": lca.functions.total(made, "m")}, draws=10, progress=False)
    lca.provenance(study())
    assert state() == before


# --- what importing does --------------------------------------------------------------------------------------

IMPORTED = """
import sys
touched = []
def hook(event, args):
    if event == "open" and isinstance(args[0], str):
        touched.append(args[0])
    if event.startswith(("socket.", "urllib.")):
        touched.append(event)
sys.addaudithook(hook)
import lca
heavy = ("scipy.stats", "scipy.optimize", "matplotlib", "jinja2", "tqdm", "tensorrt", "tensorrt_rtx", "pynvml",
         "onnx", "onnxruntime", "cuda")
print("LOADED", [name for name in heavy if name in sys.modules])
print("READ", [name for name in touched if name.endswith((".csv", "datapackage.json", ".json"))])
print("NETWORK", [name for name in touched if name.startswith(("socket.", "urllib."))])
"""


def test_importing_loads_nothing_heavy_reads_no_table_and_asks_no_network() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", IMPORTED],
        capture_output=True,
        text=True,
        cwd=ROOT.parent,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["LOADED []", "READ []", "NETWORK []"]


FIRST_ANSWERS = """
import sys
import lca
from lca.study.small_study import small_study
spread = {"bert.energy": lca.Lognormal("120 kWh", gsd=1.5), "lab.pue": lca.Triangular(1.0, 1.1, 1.4)}
study = small_study().replace(spread)
other = study.replace({"bert.energy": lca.Lognormal("150 kWh", gsd=1.2)})
lca.summary(lca.monte_carlo(study, draws=100, progress=False))
lca.compare(lca.monte_carlo(lca.alternatives("way", {"a": study, "b": other}), draws=100, progress=False), over="way")
lca.tornado(study), lca.sobol(study, base=16)
hall = lca.Site("hall", pue=1.5, electricity=study.activities[0].site.electricity)
run = study.activities[0].replaced(energy="100 kWh", site=hall)
excluded = dict.fromkeys(study.excluded, lca.outside_goal("-"))
moved = lca.Study("moved", run, functional_unit=study.functional_unit, excluded=excluded)
assert lca.breakeven(study, moved, vary="hall.pue", between=(1.0, 3.0), draws=10).probability > 0
print([name for name in ("scipy.stats", "scipy.optimize", "scipy.special") if name in sys.modules])
"""


def test_first_answers_load_no_module_of_scipy() -> None:
    """An import of SciPy's modules takes longer than all of these answers together."""
    done = subprocess.run([sys.executable, "-c", FIRST_ANSWERS], capture_output=True, text=True, cwd=ROOT.parent)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "[]\n"


def test_the_garbage_collector_waits_while_modules_are_loaded_and_goes_on_as_before() -> None:
    with pytest.raises(ImportError), uncollected():
        assert not gc.isenabled()
        raise ImportError
    assert gc.isenabled()
    kept = gc.get_freeze_count()
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
        gc.freeze()
        gc.enable()
        with uncollected():
            pass
        assert gc.get_freeze_count() > kept  # what a user set aside stays there
    finally:
        gc.unfreeze()
        gc.enable()
