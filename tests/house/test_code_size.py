"""The size of the code and the share of its guards stay below what was agreed (benchmarks/code_size.py counts)."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
try:
    import code_size
finally:
    sys.path.pop(0)

PACKAGE = Path(__file__).parents[2] / "lca"
#: Rooms that are counted apart: they grow by formats, runtimes, commands and standards, and not by the method.
APART = ("logs", "engines", "meters", "sampling", "study_files", "commands", "reporting")
MOST_LINES = 23_600
MOST_LINES_OF_SAMPLING = 4_070
MOST_LINES_OF_REPORTING = 5_300
#: Lines of a file without its docstrings.
MOST_LINES_OF_A_FILE = 320
#: The same with its docstrings, in the library and in the tests.
MOST_LINES_IN_ALL = 350
MOST_GUARDS = 8.0  # per cent of the code lines

FILE = '''"""A module."""

from typing import Any

TEXT = """one

two"""  # the blank line between is none


def half(x: Any) -> float:
    """Half of it.

    if x: raise ValueError
    """
    if (
        x < 0
    ):
        bad = x
        raise ValueError(bad)
    if x == 1:
        return 0.5
    elif x == 2:
        raise ValueError
    return x / 2
'''


def test_the_code_and_its_guards_stay_within_the_limits() -> None:
    core = [f"--leave={name}" for name in APART]
    assert code_size.main([f"--most-lines={MOST_LINES}", f"--most-guards={MOST_GUARDS}", *core]) == 0
    assert code_size.main([str(PACKAGE / "sampling"), f"--most-lines={MOST_LINES_OF_SAMPLING}"]) == 0
    assert code_size.main([str(PACKAGE / "reporting"), f"--most-lines={MOST_LINES_OF_REPORTING}"]) == 0
    assert code_size.main([f"--most-guards={MOST_GUARDS}"]) == 0


def test_lines_are_counted_without_docstrings_comments_and_blank_lines() -> None:
    """14 lines of code, five of them one guard; an `elif` that raises is a choice."""
    assert code_size.size_of(FILE) == code_size.Size(code=14, guarded=5, guards=1, anys=2)


def test_a_limit_that_is_passed_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "half.py").write_text(FILE, encoding="utf-8")
    assert code_size.main([str(tmp_path), "--most-lines=14", "--most-guards=36"]) == 0
    assert "at most" not in capsys.readouterr().out
    assert code_size.main([str(tmp_path), "--most-lines=13", "--most-guards=35"]) == 1
    printed = capsys.readouterr().out
    assert "code lines: 14.0 of at most 13.0" in printed
    assert "% of them in guards: 35.7 of at most 35.0" in printed
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "half.py").write_text(FILE, encoding="utf-8")
    assert code_size.main([str(tmp_path), "--most-lines=14", "--leave=logs"]) == 0
    assert code_size.main([str(tmp_path), "--most-lines=14"]) == 1


def lines_of(text: str) -> int:
    """The lines of a file without those of docstrings."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    bodies = [node.body for node in ast.walk(ast.parse(text)) if isinstance(node, kinds) and ast.get_docstring(node)]
    return len(text.splitlines()) - sum((body[0].end_lineno or 0) - body[0].lineno + 1 for body in bodies)


def test_files_are_of_a_size_that_one_can_read() -> None:
    assert lines_of(FILE) == len(FILE.splitlines()) - 5
    texts = {str(path): path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    tests = {str(path): path.read_text(encoding="utf-8") for path in Path(__file__).parents[1].rglob("*.py")}
    assert min(len(texts), len(tests)) > 40
    assert [path for path, text in texts.items() if lines_of(text) > MOST_LINES_OF_A_FILE] == []
    assert [path for path, text in (texts | tests).items() if len(text.splitlines()) > MOST_LINES_IN_ALL] == []
