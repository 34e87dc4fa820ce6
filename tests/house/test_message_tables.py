"""The texts of errors: each is used, has what its line of code fills in, and says what to do."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import lca
from lca.errors import message, messages

ROOT = Path(lca.__file__).parent
TABLES = sorted((ROOT / "messages").glob("*.toml"))


def fields(key: str) -> set[str]:
    """What a message has to be filled with."""
    texts = messages()[key]
    every = [texts["what"], texts["fix"], *texts.get("sides", ())]
    return {name.split(".")[0] for text in every for _, name, _, _ in string.Formatter().parse(text) if name}


def constants(node: ast.expr) -> set[str]:
    """The texts that an expression may be: a constant, or one of two."""
    if isinstance(node, ast.IfExp):
        return constants(node.body) | constants(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def uses() -> Iterator[tuple[str, str, set[str] | None]]:
    """(place, key, names that fill it) of each line that raises a message; None where it passes a mapping on."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "of":
                given = {one.arg for one in node.keywords}
                filled = None if None in given else {str(one) for one in given} - {"where", "sides"}
                for key in constants(node.args[0]) if node.args else ():
                    if "Error" in ast.unparse(node.func.value) or key in messages():
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", key, filled


def mentioned() -> set[str]:
    """Every text constant of the package: a key may be passed on before it is raised."""
    return {
        node.value
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_line_fills_a_message_that_there_is() -> None:
    known = [(place, key, filled) for place, key, filled in uses()]
    assert known
    assert [(place, key) for place, key, _ in known if key not in messages()] == []
    wrong = [
        f"{place}: {key} needs {sorted(fields(key))}"
        for place, key, filled in known
        if filled is not None and filled != fields(key)
    ]
    assert wrong == []


def test_every_message_is_used_and_stands_once() -> None:
    assert set(messages()) - mentioned() == set()
    keys = [line for path in TABLES for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("[")]
    assert len(keys) == len(set(keys)) == len(messages())


def test_one_message_is_that_of_all_messages() -> None:
    assert {key: message(key) for key in messages()} == messages()
    with pytest.raises(KeyError):
        message("power")  # the beginning of keys


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_table_of_messages_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500


def test_every_message_says_what_to_do() -> None:
    assert [key for key, texts in messages().items() if not texts.get("what") or not texts.get("fix")] == []
    assert {name for texts in messages().values() for name in texts} <= {"what", "fix", "sides"}


def test_sides_that_are_given_are_not_filled() -> None:
    """What a user wrote may hold braces."""
    error = lca.errors.AccountingError.of("not_a_power_log", "a log of Clamp", ["{'a': 1}", "{}"])
    assert error.sides == ("{'a': 1}", "{}")
