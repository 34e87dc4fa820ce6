"""Everything that is too slow for `make test`, and what a stranger would meet: `make check`.

    python tests/release/check.py [--only STEP,...] [--unpinned] [--into docs/tests.md] [--jobs 2]

It builds sdist and wheel, installs the wheel alone in fresh environments (several Pythons, newest and lowest versions
of other packages), runs README, demo and tests there, and the slow tests, the pages and the data packages here. An
interpreter that is not here is skipped, and counted. `--unpinned` takes the newest versions of today in place of those
in constraints.txt. `--into` writes the table of runs into a page.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import steps
from environments import Environment, StepError
from interpreters import interpreters
from runs_table import Outcome, as_markdown, closing_line, versions_shown, write_into

VERSIONS = ["3.11", "3.12", "3.13"]
WORK = steps.ROOT / ".venv-check"
MINIMUM = steps.ROOT / "constraints-minimum.txt"
PINNED = steps.ROOT / "constraints.txt"


@dataclass(frozen=True)
class Step:
    """A row of the table: its name, the Python that does it, and what it does with an environment."""

    name: str
    version: str
    python: Path | None
    work: Callable[[Environment], str]


def steps_of(built: steps.Built, found: dict[str, Path], pinned: Path | None) -> list[Step]:
    """Every step that follows the build; the longest stand first."""
    oldest = VERSIONS[0]

    def on_the_wheel(version: str, name: str, constraints: Path | None, *work: Callable[..., str]) -> Step:
        return Step(f"{name} {version}", version, found.get(version),
                    lambda made: "; ".join(one(made, built, constraints) for one in work))  # fmt: skip

    both = steps.wheel_alone, steps.tests_again
    return [
        on_the_wheel(oldest, "lowest", MINIMUM, *both),
        *(on_the_wheel(version, "newest", pinned, *both) for version in VERSIONS[1:]),
        Step("slow tests", oldest, Path(sys.executable), lambda made: steps.slow(made.log)),
        Step("pages and data", oldest, Path(sys.executable), partial(steps.pages, constraints=PINNED)),
        Step("exports", oldest, Path(sys.executable), partial(steps.validators, constraints=PINNED)),
        on_the_wheel(oldest, "newest", pinned, steps.wheel_alone),
    ]


def outcome(step: Step) -> Outcome:
    """What came of a step, in an environment of its own."""
    if step.python is None:
        return Outcome(step.name, step.version, "", "skipped", f"Python {step.version} is not here")
    folder = WORK / step.name.replace(" ", "-")
    begun, log = time.monotonic(), WORK / "logs" / f"{folder.name}.txt"
    found: dict[str, str] = {}
    try:
        made = Environment.fresh(folder, step.python, log)
        state, result = "passed", step.work(made)
        found = made.versions()
    except StepError as error:
        state, result = "failed", str(error)
    return Outcome(step.name, found.get("python", step.version), versions_shown(found), state, result,
                   time.monotonic() - begun)  # fmt: skip


def built_here() -> tuple[steps.Built | None, Outcome]:
    """The distributions in a folder of their own, and what came of building them."""
    into = WORK / "dist"
    shutil.rmtree(into, ignore_errors=True)
    made: list[steps.Built] = []

    def work(tools: Environment) -> str:
        tools.install(*steps.TOOLS, constraints=PINNED)
        said = steps.metadata(tools)
        made.append(steps.build(tools, into))
        return f"{said}; {len(made[0].wheels)} sdist and wheel, as twine and check-wheel-contents read them"

    done = outcome(Step("metadata and build", VERSIONS[0], Path(sys.executable), work))
    return (made[0] if made else None), done


def told(done: Outcome) -> Outcome:
    """The outcome, after it was printed in full."""
    print(f"{done.step}: {done.state} in {done.seconds:.0f} s\n  {done.result}", flush=True)
    return done


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make check", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--only", default="", help="steps whose names begin so, with commas")
    parser.add_argument("--unpinned", action="store_true", help="the newest versions of today")
    parser.add_argument("--into", type=Path, help="the page that gets the table")
    parser.add_argument("--jobs", type=int, default=2, help="steps at a time")
    options = parser.parse_args(arguments)
    found, wanted = interpreters(VERSIONS), tuple(options.only.split(","))
    built, first = built_here()
    outcomes = [told(first)]
    if built is not None:
        every = steps_of(built, found, None if options.unpinned else PINNED)
        with ThreadPoolExecutor(options.jobs) as pool:
            chosen = [one for one in every if one.name.startswith(wanted)]
            outcomes += pool.map(lambda step: told(outcome(step)), chosen)
    table = as_markdown(outcomes)
    print(table)
    if options.into:
        write_into(options.into, table)
    print(closing_line(outcomes))
    return int(any(one.state == "failed" for one in outcomes))


if __name__ == "__main__":
    sys.exit(main())
