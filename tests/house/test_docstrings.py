"""Every public function, class and method is documented: parameters by name, what it returns and raises, an example."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import textwrap
from collections.abc import Iterator
from typing import Any

import pytest

import lca
from lca.errors import LcaError
from lca.records.record import Record

#: What the heading of a section looks like.
SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}$", re.MULTILINE)
#: Where a class checks what it is given.
CHECKING = {"__init__", "__post_init__", "_complete"}
RAISING = {"refuse", "one_of", "finite_number", "numbers_of"}


def unwrapped(thing: Any) -> Any:
    while hasattr(thing, "__wrapped__"):
        thing = thing.__wrapped__
    return thing


def members(name: str, module: Any) -> Iterator[tuple[str, Any]]:
    """The public functions of a module that is a public name; of `functions` those that check their arguments.

    Of engines, its classes too, without the Protocols.
    """
    for key, thing in vars(module).items():
        if name == "engines" and inspect.isclass(thing) and not getattr(thing, "_is_protocol", False) and key != "Port":
            yield f"{name}.{key}", thing
        if key.startswith("_") or not inspect.isfunction(thing) or not thing.__module__.startswith("lca."):
            continue
        if name == "formulas" or (hasattr(thing, "__wrapped__") and thing.__module__ != "functools"):
            yield f"{name}.{key}", thing


def public() -> dict[str, Any]:
    """Every public function, class and method by its name, each once."""
    found: dict[int, tuple[str, Any]] = {}

    def add(name: str, thing: Any) -> None:
        inner = unwrapped(thing)
        if getattr(inner, "__module__", "").startswith("lca."):
            found.setdefault(id(inner), (name, inner))

    def add_with_methods(name: str, thing: Any) -> None:
        add(name, thing)
        for key in dir(thing) if inspect.isclass(thing) else ():
            static = inspect.getattr_static(thing, key)
            method = getattr(static, "__func__", static)
            if not key.startswith("_") and inspect.isfunction(method):
                add(f"{name}.{key}", method)

    for name in lca.__all__:
        thing = getattr(lca, name)
        if not inspect.ismodule(thing):
            add_with_methods(name, thing)
            continue
        for inner, one in members(name, thing):
            add_with_methods(inner, one)
    add("errors.LcaError", LcaError)
    add("errors.LcaError.of", LcaError.of.__func__)
    return dict(found.values())


PUBLIC = public()


def sections(thing: Any) -> dict[str, str]:
    """The sections of a docstring by heading; the text before the first is ""."""
    parts = SECTION.split(inspect.cleandoc(thing.__doc__ or ""))
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def named(text: str) -> list[str]:
    """The names that a section gives with their types: `a, b : float` gives two."""
    heads = [line.split(" : ")[0] for line in text.splitlines() if " : " in line and not line.startswith(" ")]
    return [name.strip().lstrip("*") for head in heads for name in head.split(",")]


def expected(thing: Any) -> list[str]:
    """The names of the parameters of a function, of what a class is built from, or of a record's fields."""
    if inspect.isclass(thing) and issubclass(thing, Record):
        return [field.name for field in dataclasses.fields(thing)]
    if inspect.isclass(thing) and not inspect.isfunction(unwrapped(thing.__init__)):
        return []  # it takes what its base of the standard library takes
    names = list(inspect.signature(unwrapped(thing.__init__) if inspect.isclass(thing) else thing).parameters)
    return [name for name in names if name not in ("self", "cls")]


def raises(thing: Any) -> bool:
    """Whether the code of a function, or the checks of a class, raise by themselves."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(thing)))
    bodies = [tree.body[0]]
    if inspect.isclass(thing):
        bodies = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name in CHECKING]
    nodes = [node for body in bodies for node in ast.walk(body)]
    calls = {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    return bool(calls & RAISING) or any(isinstance(node, ast.Raise) for node in nodes)


def lacking(thing: Any) -> list[str]:
    """What a docstring lacks."""
    said = sections(thing)
    names, first = expected(thing), said[""].splitlines()[:1]
    given = named(said.get("Parameters", "") + said.get("Attributes", ""))
    returned = inspect.signature(thing).return_annotation if not inspect.isclass(thing) else None
    found = [] if first and re.search(r"[.:]$", first[0]) else ["a summary of one line"]
    if sorted(given) != sorted(names):
        extra, lacks = sorted(set(given) - set(names)), sorted(set(names) - set(given))
        found.append(f"Parameters: not documented {lacks}, not parameters {extra}")
    if returned not in (None, "None", inspect.Signature.empty) and "Returns" not in said:
        found.append("Returns")
    if raises(thing) and "Raises" not in said:
        found.append("Raises")
    if ">>> " not in (thing.__doc__ or ""):
        found.append("an example")
    return found


def test_the_reader_of_docstrings_sees_what_is_there() -> None:
    assert len(PUBLIC) > 100
    assert {"Study.vary", "Hardware.lookup", "functions.clip", "formulas.run_energy", "plot.stages"} <= set(PUBLIC)
    assert {"engines.OnnxRuntime", "engines.TensorRT", "engines.build", "engines.plans", "engines.Plan"} <= set(PUBLIC)
    assert named("a, b : float\n    A number.\n**fields : str\n    Texts.\nuntyped\n    A text.") == [
        "a",
        "b",
        "fields",
    ]


def test_what_a_docstring_lacks_is_found() -> None:
    def half(x: float, by: int = 2) -> float:
        """Half of it.

        Parameters
        ----------
        x : float
            A number.
        """
        if not by:
            raise ValueError
        return x / by

    lacks = "Parameters: not documented ['by'], not parameters []"
    assert lacking(half) == [lacks, "Returns", "Raises", "an example"]


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_documented(name: str) -> None:
    assert lacking(PUBLIC[name]) == []
