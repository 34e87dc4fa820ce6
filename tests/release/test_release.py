"""What `make check` rests on: which interpreters count, what a block of a page prints, how runs become a table."""

from __future__ import annotations

import sys
from pathlib import Path

import interpreters
import pytest
import readme_blocks
import runs_table
import steps
from environments import StepError

HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"
OTHER = "3.98"


def script(path: Path, text: str) -> Path:
    """A program of a few lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_an_interpreter_of_a_version_manager_is_found_in_the_folder_that_it_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands beside no other on the PATH; one that fails, or says another version, is none."""
    root = tmp_path / "managed"
    script(tmp_path / "bin" / "pyenv", f"echo {root}")
    script(tmp_path / "bin" / f"python{OTHER}", "exit 127")  # as a shim does of a version that is not chosen
    good = script(root / "versions" / f"{OTHER}.1" / "bin" / f"python{OTHER}", f"echo {OTHER}")
    script(root / "versions" / "3.97.4" / "bin" / "python3.97", "echo 3.96")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    assert interpreters.interpreters([OTHER, "3.97"]) == {OTHER: good}


def test_this_interpreter_counts() -> None:
    assert interpreters.interpreters([HERE])[HERE] == Path(sys.executable)


PAGE = """
```python
print(1, 2)
```

```
1   2
```
```python
print("alone")
```
```bash
exit 1
```
"""


def test_the_blocks_of_a_page_and_what_it_shows_below_them() -> None:
    assert readme_blocks.blocks(PAGE) == [("print(1, 2)\n", "1   2\n"), ('print("alone")\n', "")]


@pytest.mark.parametrize(
    ("code", "shown", "said"),
    [("print(1, 2)", "1 2", ""), ("print(1)", "2", "shown:\n2"), ("1", "", "exit status 0"),
     ("print(1); 1 / 0", "", "ZeroDivisionError")],
)  # fmt: skip
def test_a_block_that_fails_prints_nothing_or_something_else_is_a_fault(code: str, shown: str, said: str) -> None:
    found = readme_blocks.fault(code, shown)
    assert said in found
    assert bool(said) == bool(found)


RUNS = [
    runs_table.Outcome("lowest versions", "3.11.7", "numpy 2.2.0", "passed", "README 5 of 5 blocks", 61.2),
    runs_table.Outcome("newest versions", "3.12", "", "skipped", "Python 3.12 is not here"),
    runs_table.Outcome("slow tests", "3.11.7", "", "failed", "a | long\nstory"),
]


def test_runs_become_a_table_without_seconds_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"above\n{runs_table.BEGIN}\nold\n{runs_table.END}\nbelow\n", encoding="utf-8")
    runs_table.write_into(page, runs_table.as_markdown(RUNS))
    assert page.read_text(encoding="utf-8").splitlines() == [
        "above",
        runs_table.BEGIN,
        "| step | Python | versions | result |",
        "|---|---|---|---|",
        "| lowest versions | 3.11.7 | numpy 2.2.0 | README 5 of 5 blocks |",
        "| newest versions | 3.12 |  | skipped: Python 3.12 is not here |",
        "| slow tests | 3.11.7 |  | failed |",
        runs_table.END,
        "below",
    ]
    assert runs_table.closing_line(RUNS) == "1 passed, 1 failed, 1 skipped"


def test_a_page_without_marks_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing here\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="write these two lines"):
        runs_table.write_into(page, "table")


def test_tests_are_counted_and_none_is_a_fault() -> None:
    assert steps.counts("...\n12 passed, 1 skipped, 3 warnings in 4.5s") == "12 passed, 1 skipped"
    with pytest.raises(StepError, match="no test ran"):
        steps.counts("no tests ran in 0.1s")


def test_the_lowest_versions_are_those_that_the_metadata_allow() -> None:
    """Each lower bound of a library that the tests need stands in constraints-minimum.txt, and no other."""
    import re
    import tomllib

    project = tomllib.loads((steps.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [one for name in steps.EXTRAS_FOR_TESTS.split(",") for one in project["optional-dependencies"][name]]
    needed = dict(re.findall(r"^([\w-]+)>=([\d.]+)$", "\n".join([*project["dependencies"], *extras]), re.MULTILINE))
    lowest = (steps.ROOT / "constraints-minimum.txt").read_text(encoding="utf-8")
    held = dict(re.findall(r"^([\w-]+)==([\d.]+)$", lowest, re.MULTILINE))
    assert len(needed) > 10
    assert {name: held[name].removesuffix(".0") for name in needed} == {
        name: version.removesuffix(".0") for name, version in needed.items()
    }
