"""How much work a study is, counted and not timed: operations for each draw, and what a question runs.

    python benchmarks/operation_counts.py

The first table has, for some studies: instructions of the compiled program, those that are evaluated for each draw,
random numbers for each draw, and element operations for each draw. An element operation is one addition, product or
function of one number; a sum over n labels is n of them. The second table has, for some questions, how many programs
are compiled, how many passes over instructions are made, and the element operations of all draws in them.
tests/house/test_operation_counts.py holds limits for both.
"""

from __future__ import annotations

import math
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from types import FrameType

from reference import in_lca

import lca
from lca.graph.program import Instruction, Program
from lca.interpretation.draws import held_keys
from lca.interpretation.result import Evaluable, model_of
from lca.sampling.plan import plan_of

EXAMPLES = Path(__file__).parents[1] / "examples"


@dataclass(frozen=True)
class Work:
    """What a program asks for: instructions in all and for each draw; numbers and operations for each draw."""

    instructions: int
    for_each_draw: int
    random_numbers: int
    operations: int


def work_of(thing: Evaluable, *outputs: str) -> Work:
    """The work of some outputs, or of all, with every parameter drawn that a Monte Carlo run draws."""
    program = model_of(thing).program
    program = program.of(*outputs) if outputs else program
    plan = plan_of(program, {}, frozenset(held_keys(program, ())), True)
    needed = program.needed(output.value for output in program.outputs.values())
    steps = [program.instructions[position] for position in needed if position not in plan.fixed]
    numbers = sum(elements(one) for one in steps if one.op == "parameter")
    return Work(len(needed), len(steps), numbers, sum(operations(program, one) for one in steps))


def elements(one: Instruction) -> int:
    """How many numbers an instruction makes for each draw."""
    return math.prod(one.shape)


def operations(program: Program, one: Instruction) -> int:
    """The element operations of an instruction: two inputs are one for each number that it makes."""
    if one.op in ("parameter", "constant"):
        return 0
    if one.op == "sum":
        return elements(program.instructions[one.inputs[0]])
    return elements(one) * max(1, len(one.inputs) - 1)


@dataclass
class Asked:
    """What a question runs: programs compiled, passes over instructions, and element operations in them."""

    compiled: int = 0
    passes: int = 0
    operations: int = 0


def asked(act: Callable[[], object]) -> Asked:
    """What runs while something is done."""
    found = Asked()

    def look(frame: FrameType, event: str, given: object) -> None:
        code, here = frame.f_code, frame.f_locals
        if event != "call":
            return
        if code.co_name == "compile_program":
            found.compiled += 1
        elif code.co_name == "compute" and code.co_filename.endswith("plan.py"):
            add(here["program"], list(here["positions"]), here["count"])
        elif code.co_name == "step" and code.co_filename.endswith("sampling/evaluator.py"):
            plan = here["self"]._question.plan  # its calls are laid out once, and made at every step
            add(plan.program, plan.steps, here["stop"] - here["start"])

    def add(program: Program, positions: Sequence[int], count: int) -> None:
        found.passes += 1
        found.operations += count * sum(operations(program, program.instructions[p]) for p in positions)

    sys.setprofile(look)
    try:
        act()
    finally:
        sys.setprofile(None)
    return found


def programs() -> dict[str, Work]:
    """The work of each study."""
    sys.path.insert(0, str(EXAMPLES))
    import superpoint

    study, grid = in_lca.study(), in_lca.grid_study()
    return {
        "reference study, total": work_of(study, "total"),
        "reference study, all outputs": work_of(study),
        "its 324 scenarios, total": work_of(grid, "total"),
        "demo with ten engines, total": work_of(superpoint.study, "total"),
        "demo with ten engines, all outputs": work_of(superpoint.study),
        "100 parameters": work_of(in_lca.wide(100)),
    }


def questions() -> dict[str, Callable[[], object]]:
    """What is asked, each of a study that was evaluated before."""
    study, wide = in_lca.study(), in_lca.wide(50)
    # cleaner electricity and a larger device: lower from some idle power on
    changes = {"fleet-grid.intensity": "0.3 kg CO2e/(kWh at_facility)", "device.embodied": "20 kg CO2e"}
    other = study.replace(changes).replaced(name="other")
    result = lca.monte_carlo(study, draws=64, progress=False)
    lca.monte_carlo(other, draws=64, progress=False)

    def report() -> None:
        with tempfile.TemporaryDirectory() as folder:
            lca.report(result, folder)

    return {
        "monte_carlo, again": lambda: lca.monte_carlo(study, draws=64, progress=False),
        "summary": lambda: lca.summary(result),
        "replace and nominal": lambda: lca.nominal(study.replace({"robots.devices": 800})),
        "tornado of 50 parameters": lambda: lca.tornado(wide),
        "sobol": lambda: lca.sobol(study, base=16),
        "provenance": lambda: lca.provenance(study),
        "breakeven": lambda: lca.breakeven(
            study, other, vary="idle_watts", between=("0 W at_wall", "20 W at_wall"), draws=64
        ),
        "report": report,
    }


def main() -> None:
    """Print both tables."""
    for head, rows in (("study", programs()), ("question", {name: asked(act) for name, act in questions().items()})):
        first = next(iter(rows.values()))
        heads = [head, *(one.name.replace("_", " ") for one in fields(first))]
        print(f"\n| {' | '.join(heads)} |\n" + "|---" * len(heads) + "|")
        for name, row in rows.items():
            print(f"| {name} | " + " | ".join(f"{count:,}" for count in astuple(row)) + " |")


if __name__ == "__main__":
    main()
