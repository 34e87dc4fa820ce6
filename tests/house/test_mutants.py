"""What a mutation run changes, and what it leaves alone (tests/mutants.py)."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
try:
    import mutants
    import mutation
finally:
    sys.path.pop(0)

ROOT = Path(__file__).parents[2]

CHANGED = {
    "a + b": ["a - b"],
    "(a) * (b)  # * twice": ["(a) / (b)  # * twice"],
    "a ** b": ["a * b"],
    "a < b": ["a <= b", "a >= b"],
    "a is not b": ["a is b"],
    "a not in b": ["a in b"],
    "a and b": ["a or b"],
    "not a": ["a"],
    "-a": ["a"],
    "np.minimum(a, b)": ["np.maximum(a, b)"],
    "f(a, 2)": ["f(a, 3)", "f(a, 1)"],
    "f(a=True)": ["f(a=False)"],
    "a * 1.5": ["a / 1.5", "a * 2.25"],
    "'é' + f(0.0)": ["'é' + f(1.0)"],
    "a += b": ["a -= b"],
    "return_ = (\n    a\n    or b\n)": ["return_ = (\n    a\n    and b\n)"],
    "def f():\n    return a": ["def f():\n    return None"],
}
LEFT = (
    "'text' + a",
    "f'{a + 1}'",
    "raise ValueError(a + 1)",
    "assert a + 1",
    "x: Literal[1] = a",
    "DomainError('a', low=a + 1)",
    "f(where=a + 1)",
    "zip(a, b, strict=True)",
    "@dataclass(frozen=True)\nclass A(B[1]):\n    '''1 + 1'''",
    "class A:\n    def __repr__(self):\n        return 1 + 1",
    "def f() -> Literal[1]:\n    return None",
    "if TYPE_CHECKING:\n    a = 1",
)


@pytest.mark.parametrize("source", CHANGED)
def test_every_kind_of_change_is_made_in_its_place(source: str) -> None:
    found = mutants.mutants_of("f.py", source)
    assert [one.text(source, after) for one in found for after in one.after] == CHANGED[source]


@pytest.mark.parametrize("source", LEFT)
def test_texts_annotations_and_errors_are_left_alone(source: str) -> None:
    assert mutants.mutants_of("f.py", source) == []


def test_a_change_knows_its_lines_and_whether_it_runs_at_import() -> None:
    source = "A = 1\n\n\ndef f(x=2):\n    return g(\n        x * 3,\n    )\n"
    found = [(one.before, one.line, one.lines, one.at_import) for one in mutants.mutants_of("f.py", source)]
    assert found == [
        ("1", 1, (1,), True),
        ("2", 4, (4,), True),
        ("g(\n        x * 3,\n    )", 5, (5, 6, 7), False),
        ("*", 6, (5, 6), False),
        ("3", 6, (5, 6), False),
    ]


def test_numbers_of_plots_are_looks() -> None:
    assert mutants.mutants_of("lca/interpretation/plot/canvas.py", "size = 3") == []


def test_a_sample_is_the_same_for_its_seed_and_every_change_still_reads_as_python() -> None:
    sources = {path.as_posix(): path.read_text(encoding="utf-8") for path in (ROOT / "lca" / "study").glob("*.py")}
    known = [one for path, source in sorted(sources.items()) for one in mutants.mutants_of(path, source)]
    chosen = mutants.sample(known, 40, seed=3)
    assert chosen == mutants.sample(known, 40, seed=3) != mutants.sample(known, 40, seed=4)
    for one, after in chosen:
        assert one.before != after
        ast.parse(one.text(sources[one.path], after))


def test_quick_tests_that_reach_the_change_run_first_and_all_others_after() -> None:
    one = mutants.Mutant("lca/a.py", 5, (4, 5), 0, 1, "1", ("2",), at_import=False)
    tests = [
        mutation.MappedTest("slow.py::reaches", 60.0, {"lca/a.py": 1 << 5}),
        mutation.MappedTest("mid.py::reaches", 3.0, {"lca/a.py": 1 << 4 | 1 << 9}),
        mutation.MappedTest("mid.py::other_line", 3.0, {"lca/a.py": 1 << 6}),
        mutation.MappedTest("far.py::other_file", 1.0, {"lca/b.py": 1 << 5}),
        mutation.MappedTest("fast.py::reaches", 0.1, {"lca/a.py": 1 << 5}),
    ]
    first, second = ([test.name for test in stage] for stage in mutation.stages(one, tests))
    assert first == ["fast.py::reaches", "mid.py::reaches"]
    assert second == ["mid.py::other_line", "slow.py::reaches", "far.py::other_file"]


def test_a_change_that_no_test_reaches_is_run_against_all() -> None:
    one = mutants.Mutant("lca/a.py", 5, (5,), 0, 1, "1", ("2",), at_import=False)
    test = mutation.MappedTest("far.py::other_file", 1.0, {"lca/b.py": 1 << 5})
    assert mutation.stages(one, [test]) == [[], [test]]
