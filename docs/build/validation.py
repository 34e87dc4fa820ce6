"""The page of validation, docs/validation.md, from the tables of the tests (tests/published).

    python docs/build/validation.py [--check]

writes the page. With `--check` it only compares. It ends with 1 where a published figure is not met, or where the page
is not the one that the tables give.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "validation.md"
sys.path[:0] = [str(ROOT / "tests" / "published"), str(ROOT / "tests" / "support"), str(ROOT / "data" / "build")]

import estimate_spreads  # noqa: E402
from published_cases import MET, Figure  # noqa: E402
from verdicts import KINDS, Checked, Held, checked, held  # noqa: E402

from lca import tables  # noqa: E402

MEANING = {
    "reproduced": "the inputs as printed give the output to its last printed digit",
    "within rounding": "they do so within what rounding of the inputs, or of steps in between, leaves open",
    "input unstated": "they do so with an input that the source does not state; the table says which",
    "inconsistent in itself": "the source's own inputs cannot give its output",
}
#: Words of names that people write otherwise.
SPELLED = {"co2e": "CO2e", "gpu": "GPU", "gwp": "GWP", "pue": "PUE", "cpa": "CO2e per area", "ics": "chips", "kg": ""}


def page() -> tuple[str, bool]:
    """The text of the page, and whether every figure is met."""
    every = {kind: list(checked(kind)) for kind in KINDS}
    measured = list(held())
    counts = Counter(one.verdict for found in every.values() for one in found)
    lines = [*opening(every, counts), *summary(every)]
    for kind, found in every.items():
        lines += ["", f"## {KINDS[kind][0]}", "", *table(found)]
    lines += [*measurements(measured), *coverage()]
    met = all(one.is_met for found in every.values() for one in found) and all(one.is_met for one in measured)
    return "\n".join(lines) + "\n", met


def wrapped(text: str) -> list[str]:
    """A paragraph in lines as the other pages have them."""
    return textwrap.wrap(text, 118, break_on_hyphens=False)


def opening(every: dict[str, list[Checked]], counts: Counter[str]) -> list[str]:
    """What the page is, and what its words mean."""
    cases = {one.case.name for found in every.values() for one in found}
    lines = [
        "# Validation",
        "",
        *wrapped(
            f"`lca` computes {sum(counts.values())} published figures of {len(cases)} cases again, each from its "
            "published inputs. The tests read the same tables (`tests/published`). `python docs/build/validation.py` "
            "makes this page from them, and a test compares it."
        ),
        "",
        "| verdict | figures | meaning |",
        "|---|---|---|",
        *(f"| {word} | {counts[word]} | {MEANING[word]} |" for word in MET),
    ]
    others = sorted(set(counts) - set(MET))
    lines += [f"| **{word}** | {counts[word]} | **an error: here or in the table** |" for word in others]
    return lines


def summary(every: dict[str, list[Checked]]) -> list[str]:
    """How many of each kind, and where else results are compared."""
    lines = ["", "| what | cases | figures |", "|---|---|---|"]
    for kind, found in every.items():
        title = KINDS[kind][0]
        lines.append(f"| {title} | {len({one.case.name for one in found})} | {len(found)} |")
    return [
        *lines,
        "",
        *wrapped(
            "A lab's report is computed again cell by cell in [lab.md](lab.md), with the cells that do not follow from "
            "its inputs. Sampling and sensitivity indices are tested against closed forms; [tests.md](tests.md) says "
            "where."
        ),
    ]


def table(found: list[Checked]) -> list[str]:
    """The figures of one kind, a table for each source."""
    lines: list[str] = []
    for source, ones in groupby(found, key=lambda one: one.case.source):
        lines += ["", f"**{source}**", "", "| case | figure | printed | ours | verdict |", "|---|---|---|---|---|"]
        lines += [row(one) for one in ones]
    return lines[1:]


def row(one: Checked) -> str:
    """A figure, as the source prints it and as lca gives it."""
    verdict = one.verdict if one.is_met else f"**{one.verdict}**"
    value = printed(one.case.outputs[one.output])
    return f"| `{one.case.name}` | {words(one.output)} | {value} | {ours(one)} | {verdict}{notes(one)} |"


def words(output: str) -> str:
    """The name of an output for people."""
    name, _, label = output.partition("@")
    spelled = " ".join(SPELLED.get(word, word) for word in name.split("_")).strip()
    return spelled + (f" ({label})" if label else "")


def printed(figure: Figure) -> str:
    """A published number as it stands, with its unit."""
    return f"{digits(figure.value)} {figure.unit}".strip()


def digits(value: Decimal) -> str:
    """A number with its digits; small ones as a power of ten."""
    return f"{value:e}".replace("e", "E") if abs(value) < Decimal("0.001") else f"{value:f}"


def ours(one: Checked) -> str:
    """What lca makes of it, with a digit more than is printed, and over the roundings of the inputs."""
    count = min(len(one.case.outputs[one.output].value.as_tuple().digits) + 1, 12)
    low, middle, high = (shown(value, count) for value in (one.ours.low, one.ours.nominal, one.ours.high))
    return middle if low == high else f"{middle} ({low} to {high})"


def shown(value: float, count: int) -> str:
    """A number with so many significant digits."""
    exact = Decimal(f"{value:.{count - 1}e}")
    return digits(exact)


def notes(one: Checked) -> str:
    """Why a verdict is what it is."""
    said = [one.case.outputs[one.output].notes] if one.verdict == "inconsistent in itself" else []
    unstated = {name: figure for name, figure in one.case.inputs.items() if figure.status == "implied"}
    if one.verdict == "input unstated":
        said += [f"{words(name)} {figure.value}, {figure.notes}" for name, figure in unstated.items()]
    return f": {'; '.join(said)}" if said else ""


def measurements(found: list[Held]) -> list[str]:
    """Estimates beside what was measured."""
    lines = [
        "",
        "## Estimates beside measured and declared figures",
        "",
        *wrapped(
            "An estimate has to hold what was measured or declared, in its interval of 90 %. Where it was learnt from "
            "that figure, the row says so."
        ),
    ]
    last = ""
    for one in found:
        if one.case.source != last:
            lines += ["", f"**{one.case.source}**", ""]
            lines += ["| case | published | ours: median | 5 to 95 % | verdict |", "|---|---|---|---|---|"]
            last = one.case.source
        figure = one.case.measured[one.measured]
        low, middle, high = (shown(value, 3) for value in one.told)
        verdict = "within the interval" if one.is_met else "**outside**"
        verdict += f"; {figure.notes}" if figure.notes else ""
        value = f"{shown(float(figure.value), 3)} {figure.unit}"
        lines.append(f"| `{one.case.name}` | {value} | {middle} | {low} to {high} | {verdict} |")
    return lines


def coverage() -> list[str]:
    """How often intervals of 90 % held what was left out when they were learnt."""
    lines = [
        "",
        "## Coverage of the intervals that are learnt from data",
        "",
        *wrapped(
            "Each interval is one of 90 %. Whole models, groups or owners were left out, and the interval was learnt "
            "on the others. The last column says from where the figure comes."
        ),
        "",
        "| what | left out | coverage | high/low | from |",
        "|---|---|---|---|---|",
    ]
    return [*lines, *(f"| {' | '.join(row)} |" for row in (*served(), *trained(), *extrapolated()))]


def served() -> Iterator[tuple[str, ...]]:
    """Serving: tables that tests compute from."""
    for title, name, page in (
        ("joules of an output token", "models_left_out", "serving.md"),
        ("joules of an image or a video", "diffusion_left_out", "serving.md#images-and-videos"),
    ):
        models: Any = tables.read("serving", name)
        left = f"{len(models)} models, {models['configurations'].sum()} configurations"
        width = f"x{models['high_over_low'].median():.1f}"
        yield f"[{title}]({page})", left, f"{100 * models['covered'].mean():.0f} %", width, f"`data/serving/{name}.csv`"


def trained() -> Iterator[tuple[str, ...]]:
    """Trainings that were not measured: the published runs."""
    for title, name in (("utilisation of accelerators", "utilisation"), ("load of accelerators", "load")):
        groups = estimate_spreads.trainings(ROOT / "data", name)
        fitted = estimate_spreads.fit(groups)
        left = f"{len(groups)} groups, {sum(map(len, groups.values()))} runs"
        width = f"x{fitted.quantile(0.95) / fitted.quantile(0.05):.1f}"
        share = f"{100 * estimate_spreads.coverage(groups):.0f} %"
        yield f"[{title} in training](estimates.md)", left, share, width, "`data/estimates/published_runs.csv`"


def extrapolated() -> Iterator[tuple[str, ...]]:
    """The duration of a training: its page has what the benchmark printed, since the runs are not passed on."""
    for line in (ROOT / "docs" / "extrapolation.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 9 and cells[0] in ("1 mark", "3 marks", "10 marks", "all"):
            left = f"{cells[2]} repositories, {cells[1]} beginnings"
            title = f"[duration of a training](extrapolation.md), {cells[0]} seen".replace("all seen", "all beginnings")
            yield title, left, cells[3], cells[4], "`benchmarks/extrapolation.py`"


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or compare it; 1 where something is not met, or differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare the page, and write nothing")
    options = parser.parse_args(arguments)
    text, met = page()
    same = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text
    if not options.check:
        PAGE.write_text(text, encoding="utf-8")
    elif not same:
        print("docs/validation.md is not what the tables give: run python docs/build/validation.py")
    if not met:
        print("a published figure is not met: see the words in bold in docs/validation.md")
    return 0 if met and (same or not options.check) else 1


if __name__ == "__main__":
    sys.exit(main())
