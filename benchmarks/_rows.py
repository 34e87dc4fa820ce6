"""The rows of table.py: what is measured of lca, beside what, and what it has to reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

#: How an environment is made that has other tools in it.
INTERPRETERS = {
    "peers": "pip install numpy scipy SALib chaospy openturns",
    "brightway": "pip install brightway25",
    "lca_algebraic": "pip install lca_algebraic 'bw2data<4' 'bw2calc<2' 'bw2io<0.9' 'numpy<2'",
}
#: Keys of rows that take minutes, and run only when they are named.
ON_DEMAND = {"long"}


@dataclass(frozen=True)
class Case:
    """A function in cases/ with its options, and the interpreter that it needs."""

    name: str
    options: dict[str, Any] = field(default_factory=dict)
    python: str = ""

    def with_(self, python: str = "", **options: Any) -> Case:
        """The same with more options, perhaps under another interpreter."""
        return Case(self.name, self.options | options, python or self.python)


@dataclass(frozen=True)
class Row:
    """A row: ours, what it is compared with, which figure, and what it must be and aims at.

    `figure` is "x" (how many times less CPU time for each draw than `other`), "wall x" (how many times less wall time
    than one thread), "cost" (CPU time for each number over that of `other`), "ms", "s", "wall s", "MiB" or "points".
    """

    key: str
    what: str
    ours: Case
    other: Case | None = None
    figure: str = "x"
    goals: tuple[str, str] = ("", "")
    evaluators: bool = True


def exact(draws: float) -> str:
    """Draws as text: 1e6."""
    return f"{draws:.0e}".replace("e+0", "e")


def rows(draws: list[int]) -> Iterator[Row]:
    """All rows, for some numbers of draws."""
    for n in draws:
        yield from whole(n)
    yield from memory()
    yield from scenarios()
    yield from sensitivity()
    yield from interactive()
    yield from peers()


def whole(n: int) -> Iterator[Row]:
    """The study and its total against whole arrays."""
    some = {"draws": n}
    ours, total = Case("library.study", some), Case("library.total", some)
    study_goals = {10**6: ("2.3", "6"), 10**7: ("3.5", "9")}.get(n, ("", ""))
    total_goals = {10**6: ("2.4", "7"), 10**7: ("4", "10")}.get(n, ("", ""))
    text = f"study with quantiles of all stages, {exact(n)} draws, against NumPy with those of"
    yield Row("study", f"{text} the total alone", ours, Case("arrays.total", some), goals=study_goals)
    yield Row("study", f"{text} all stages", ours, Case("arrays.stages", some))
    text = f"total alone, {exact(n)} draws, against"
    yield Row("total", f"{text} NumPy", total, Case("arrays.total", some), goals=total_goals)
    yield Row("total", f"{text} xarray", total, Case("arrays.xarray", some))
    text = f"study on two threads, {exact(n)} draws, against one (wall)"
    yield Row("threads", text, ours.with_(threads=2), None, "wall x", ("1.5", "1.8"))


def memory() -> Iterator[Row]:
    """Memory above the start, and the time of very many draws, in summary mode."""
    goals = ("<= 100", "<= 50")
    for key, n in (("memory", 10**6), ("memory", 10**7), ("long", 10**8)):
        case = Case("library.study", {"draws": n, "keep": "summary", "warm": 64})
        yield Row(key, f"summary mode, {exact(n)} draws, memory", case, None, "MiB", goals)
    case = Case("library.wide", {"parameters": 1000, "draws": 10**6, "keep": "summary", "warm": 64})
    yield Row("memory", "summary mode, 1,000 parameters, 1e6 draws, memory", case, None, "MiB", goals)
    case = Case("library.study", {"draws": 10**9, "keep": "summary", "threads": 2})
    yield Row("long", "summary mode, 1e9 draws on two threads (wall)", case, None, "wall s", ("110", "35"))


def scenarios() -> Iterator[Row]:
    """The grid of scenarios."""
    some, text = {"draws": 10**5}, "27 x 4 x 3 scenarios x 1e5 draws with quantiles,"
    ours = Case("library.scenarios", some)
    yield Row("scenarios", f"{text} against a loop", ours, Case("arrays.scenario_loop", some), goals=("40", "75"))
    yield Row("scenarios", f"{text} against xarray", ours, Case("arrays.scenario_xarray", some), goals=("5", "10"))
    yield Row("scenarios", f"{text} memory", ours.with_(warm=64), None, "MiB", ("<= 60", ""))


def sensitivity() -> Iterator[Row]:
    """Sobol' indices, and the points for an error."""
    base, text = {"base": 4096}, "Sobol' indices, 4,096 base points, against"
    ours = Case("library.sobol", base)
    salib, scipy = Case("arrays.salib_sobol", base, "peers"), Case("arrays.scipy_sobol", base)
    yield Row("sobol", f"{text} SALib with 100 bootstraps", ours, salib, goals=("80", "150"), evaluators=False)
    yield Row("sobol", f"{text} SciPy without intervals", ours, scipy, goals=("5", "10"), evaluators=False)
    for statistic, error, *goals in (("mean", "0.1 %", "5,000", "30,000"), ("p95", "0.2 %", "50", "300")):
        case = Case("library.until", {"statistic": statistic, "error": error})
        text = f"random draws for the same error over the points of until={{'{statistic}': '{error}'}}"
        yield Row("until", text, case, None, "points", (goals[0], goals[1]), False)


def interactive() -> Iterator[Row]:
    """What people wait for at the default 10,000 draws, and how costs grow with parameters and shapes."""
    some = {"draws": 10_000}

    def alone(key: str, what: str, name: str, figure: str, must: str, aim: str = "", **options: int) -> Row:
        return Row(key, what, Case(f"library.{name}", options), None, figure, (must, aim), False)

    yield alone("warm", "monte_carlo + summary, 10,000 draws, warm", "study", "ms", "12", "6", **some)
    yield alone("changed", "one input changed, nominal", "changed", "ms", "3", "1")
    yield alone("changed", "one input changed, 10,000 draws", "changed", "ms", "10", "5", **some)
    yield alone("report", "report of the demo, warm", "report", "s", "1.0", "0.6")
    yield alone("demo", "the demo in a process of its own", "demo", "s", "2.5", "1.5")
    yield alone("build", "100 parameters: written, compiled, nominal", "build", "ms", "50", "20", parameters=100)
    yield alone("tornado", "tornado of 200 parameters", "tornado", "s", "0.1", parameters=200)
    few = Case("library.shapes", {"count": 256, "draws": 1 << 13})
    for count in (257, 3000):
        text = f"{count:,} distinct shapes against 256, for each number"
        yield Row("shapes", text, few.with_(count=count), few, "cost", ("1.1", "1.0"), False)


def peers() -> Iterator[Row]:
    """The total against other tools. They get fewer draws, as costs are for each draw."""
    ours = Case("library.total", {"draws": 10**6})
    for name, python, draws, *goals in (
        ("Brightway", "brightway", 500, "5,000", "20,000"),
        ("lca_algebraic", "lca_algebraic", 100_000, "20", "90"),
        ("chaospy", "peers", 100_000, "15", "60"),
        ("OpenTURNS", "peers", 500_000, "5", "20"),
    ):
        case = Case(f"{name.lower()}_peer.total", {"draws": draws}, python)
        yield Row("peers", f"total alone, against {name}", ours, case, goals=(goals[0], goals[1]))
