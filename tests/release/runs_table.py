"""The outcomes of `make check` as a table, in the terminal and in a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

#: The packages whose versions a row shows.
SHOWN = ("numpy", "scipy", "pint", "pandas", "xarray", "matplotlib")
BEGIN, END = "<!-- table of runs -->", "<!-- end of table of runs -->"
_HEAD = ("step", "Python", "versions", "result")


@dataclass(frozen=True)
class Outcome:
    """What came of a step: `state` is passed, failed or skipped."""

    step: str
    python: str
    versions: str
    state: str
    result: str
    seconds: float = 0.0


def versions_shown(found: dict[str, str]) -> str:
    """The versions of the packages that a row shows, as one text."""
    return ", ".join(f"{name} {found[name]}" for name in SHOWN if name in found)


def as_markdown(outcomes: Sequence[Outcome]) -> str:
    """The table as Markdown; seconds are left out, since they are those of a machine."""
    said = {"failed": "failed", "skipped": "skipped: {}", "passed": "{}"}
    rows = [(one.step, one.python, one.versions, said[one.state].format(one.result)) for one in outcomes]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([f"| {' | '.join(_HEAD)} |", "|---" * len(_HEAD) + "|", *lines])


def closing_line(outcomes: Sequence[Outcome]) -> str:
    """How many steps passed, failed and were skipped."""
    counts = [sum(one.state == state for one in outcomes) for state in ("passed", "failed", "skipped")]
    return "{} passed, {} failed, {} skipped".format(*counts)


def write_into(page: Path, table: str) -> None:
    """Write the table into a page, between its two marks."""
    text = page.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise SystemExit(f"{page}: write these two lines where the table belongs, once each: {BEGIN} and {END}")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    page.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")
