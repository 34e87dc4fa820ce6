"""The work of studies and questions stays within limits that are counted, never timed.

benchmarks/operation_counts.py counts and explains. Where a count is above its limit, find out what added the work:
print the tables of that script before and after the change. Raise the limit only if the work is worth it, and say so in
the changelog. Where a change saves work, lower the limit in the same change.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import lca

pytest.importorskip("jinja2")
pytest.importorskip("matplotlib")
BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))
try:
    import operation_counts as counts
finally:
    sys.path.remove(str(BENCHMARKS))

#: Study: most instructions, instructions for each draw, random numbers and element operations for each draw.
MOST_WORK = {
    "reference study, total": (99, 71, 25, 98),
    "reference study, all outputs": (112, 83, 25, 142),
    "its 324 scenarios, total": (101, 69, 52, 801),
    "demo with ten engines, total": (158, 101, 32, 117),
    "demo with ten engines, all outputs": (193, 133, 32, 301),
    "100 parameters": (234, 233, 100, 133),
}
#: Question: most programs compiled, passes over instructions, and element operations in them.
MOST_ASKED = {
    "monte_carlo, again": (0, 2, 9_099),
    "summary": (0, 0, 0),
    "replace and nominal": (3, 5, 102_584),
    "tornado of 50 parameters": (1, 3, 6_666),
    "sobol": (0, 24, 56_074),
    "provenance": (0, 3, 6_101),
    "breakeven": (1, 414, 301_115),
    "report": (8, 111, 8_281_284),
}


ADVICE = "find what added the work with benchmarks/operation_counts.py; a higher limit needs a line in the changelog"


def beyond(found: tuple[int, ...], limit: tuple[int, ...], names: list[str]) -> list[str]:
    """What is above its limit, in words."""
    rows = zip(names, found, limit, strict=True)
    return [f"{name}: {count:,} of at most {most:,}" for name, count, most in rows if count > most]


@pytest.fixture(scope="module")
def works() -> dict[str, counts.Work]:
    return counts.programs()


@pytest.mark.parametrize("study", MOST_WORK)
def test_a_study_asks_for_no_more_work_than_was_agreed(study: str, works: dict[str, counts.Work]) -> None:
    names = [one.name for one in counts.fields(counts.Work)]
    above = beyond(counts.astuple(works[study]), MOST_WORK[study], names)
    assert not above, f"{study}: {above}; {ADVICE}"
    assert works.keys() == MOST_WORK.keys()


def test_the_random_numbers_of_the_reference_study_are_its_uncertain_values(works: dict[str, counts.Work]) -> None:
    """One draw of each, and no constant takes part (U2)."""
    assert works["reference study, total"].random_numbers == len(counts.in_lca.ref.PARAMETERS) == 25
    assert works["100 parameters"].random_numbers == 100


@pytest.fixture(scope="module")
def questions() -> dict[str, object]:
    return counts.questions()


@pytest.mark.parametrize("question", MOST_ASKED)
def test_a_question_compiles_and_evaluates_no_more_than_was_agreed(question: str, questions: dict[str, object]) -> None:
    names = [one.name for one in counts.fields(counts.Asked)]
    above = beyond(counts.astuple(counts.asked(questions[question])), MOST_ASKED[question], names)
    assert not above, f"{question}: {above}; {ADVICE}"
    assert questions.keys() == MOST_ASKED.keys()


def test_operations_are_counted_by_hand() -> None:
    """The larger of two over three labels is three operations, and so is the sum of the three."""
    three = lca.labelled(dict.fromkeys("xyz", lca.Normal(5, 1)), "kg CO2e", dim="part")
    part, least = lca.parameter("part", three), lca.parameter("least", lca.Uniform("4 kg CO2e", "6 kg CO2e"))
    found = counts.work_of({"total": lca.functions.total(lca.functions.maximum(part, least), "part")})
    assert found == counts.Work(instructions=4, for_each_draw=4, random_numbers=4, operations=6)
    plain = lca.functions.maximum(part, lca.quantity(4.5, "kg CO2e"))
    assert counts.work_of({"total": plain}) == counts.Work(3, 2, 3, 3)  # a constant is no work for each draw


def test_what_is_asked_is_counted_by_hand() -> None:
    """A nominal sum is one addition; a hundred draws of it are a hundred."""
    sides = [lca.parameter(name, lca.Uniform("1 kg CO2e", "2 kg CO2e")) for name in "xy"]
    total = {"total": sides[0] + sides[1]}
    assert counts.asked(lambda: None) == counts.Asked()
    nominal = counts.asked(lambda: lca.nominal(total))
    assert (nominal.compiled, nominal.operations) == (1, 1)
    assert counts.asked(lambda: lca.monte_carlo(total, draws=100, progress=False)).operations == 100
