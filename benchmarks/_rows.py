"""The rows of table.py: what is measured of lca, beside what, and what it has to reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

#: How an interpreter is made that has a peer in it.
INTERPRETERS = {
    "peers": "pip install numpy scipy SALib chaospy openturns",
    "brightway": "pip install brightway25",
    "lca_algebraic": "pip install lca_algebraic 'bw2data<4' 'bw2calc<2' 'bw2io<0.9' 'numpy<2'",
}


@dataclass(frozen=True)
class Case:
    """A function in cases/ with its options, and the interpreter that it needs."""

    name: str
    options: dict[str, Any] = field(default_factory=dict)
    python: str = ""

    def with_(self, **options: Any) -> Case:
        """The same with more options."""
        return Case(self.name, self.options | options, self.python)


@dataclass(frozen=True)
class Row:
    """A row: ours, what it is compared with, which figure, and what it must and should be.

    `figure` is "x" (how many times less CPU time for each draw than `other`), "wall x" (the same in wall time), "cost"
    (CPU time for each number over that of `other`), "ms", "s", "MiB" or "points".
    """

    key: str
    what: str
    ours: Case
    other: Case | None = None
    figure: str = "x"
    must: str = ""
    aim: str = ""
    evaluators: bool = False


def _exact(draws: float) -> str:
    return f"{draws:.0e}".replace("e+0", "e")


STUDY = {10**6: ("2.3", "6"), 10**7: ("3.5", "9")}
TOTAL = {10**6: ("2.4", "7"), 10**7: ("4", "10")}
PEERS = (
    ("Brightway", "brightway_peer.total", "brightway", 500, "5,000", "20,000"),
    ("lca_algebraic", "lca_algebraic_peer.total", "lca_algebraic", 100_000, "20", "90"),
    ("chaospy", "chaospy_peer.total", "peers", 100_000, "15", "60"),
    ("OpenTURNS", "openturns_peer.total", "peers", 500_000, "5", "20"),
)


def rows(draws: list[int]) -> Iterator[Row]:
    """All rows, for some numbers of draws."""
    for n in draws:
        yield from whole(n)
    yield from memory()
    yield from questions()
    yield from interactive()
    first = Case("library.total", {"draws": 10**6})
    for name, function, python, n, must, aim in PEERS:
        yield Row(python if python != "peers" else name.lower(), f"total, against {name}", first,
                  Case(function, {"draws": n}, python), must=must, aim=aim, evaluators=True)  # fmt: skip


def whole(n: int) -> Iterator[Row]:
    """The study and its total against whole arrays."""
    some, ours = {"draws": n}, Case("library.study", {"draws": n})
    must, aim = STUDY.get(n, ("", ""))
    text = f"study with quantiles of all stages, {_exact(n)} draws, against NumPy"
    yield Row(
        "study", f"{text} with quantiles of the total alone", ours, Case("arrays.total", some), "x", must, aim, True
    )
    yield Row("study", f"{text} with those of all stages", ours, Case("arrays.stages", some), evaluators=True)
    must, aim = TOTAL.get(n, ("", ""))
    total = Case("library.total", some)
    yield Row(
        "total",
        f"total alone, {_exact(n)} draws, against NumPy",
        total,
        Case("arrays.total", some),
        "x",
        must,
        aim,
        True,
    )
    yield Row("total", "the same, against xarray", total, Case("arrays.xarray", some), evaluators=True)
    yield Row("threads", f"study on two threads, {_exact(n)} draws, against one (wall)", ours.with_(threads=2), ours,
              "wall x", "1.5", "1.8", True)  # fmt: skip


def memory() -> Iterator[Row]:
    """Memory above the start, in summary mode."""
    for n in (10**6, 10**7, 10**8):
        yield Row("memory", f"summary mode, {_exact(n)} draws", Case("library.study", {"draws": n, "keep": "summary"}),
                  figure="MiB", must="<= 100", aim="<= 50", evaluators=True)  # fmt: skip
    yield Row("memory", "summary mode, 1,000 parameters, 1e6 draws",
              Case("library.wide", {"parameters": 1000, "draws": 10**6, "keep": "summary"}),
              figure="MiB", must="<= 100", aim="<= 50", evaluators=True)  # fmt: skip
    yield Row("billion", "summary mode, 1e9 draws on two threads (wall)",
              Case("library.study", {"draws": 10**9, "keep": "summary", "threads": 2}),
              figure="wall s", must="110", aim="35", evaluators=True)  # fmt: skip


def questions() -> Iterator[Row]:
    """Scenarios, Sobol' indices and the points for an error."""
    grid, some = Case("library.scenarios", {"draws": 10**5}), {"draws": 10**5}
    text = "27 x 4 x 3 scenarios x 1e5 draws with quantiles"
    yield Row("scenarios", f"{text}, against a loop", grid, Case("arrays.scenario_loop", some), "x", "40", "75", True)
    yield Row("scenarios", f"{text}, against xarray", grid, Case("arrays.scenario_xarray", some), "x", "5", "10", True)
    yield Row("scenarios", f"{text}, memory", grid, figure="MiB", must="<= 60", evaluators=True)
    ours, base = Case("library.sobol", {"base": 4096}), {"base": 4096}
    salib = Case("arrays.salib_sobol", base, "peers")
    text = "Sobol' indices, 4,096 base points"
    yield Row("sobol", f"{text}, against SALib with 100 bootstraps", ours, salib, "x", "80", "150")
    yield Row(
        "sobol", f"{text}, against SciPy without intervals", ours, Case("arrays.scipy_sobol", base), "x", "5", "10"
    )
    for statistic, error, must, aim in (("mean", "0.1 %", "5,000", "30,000"), ("p95", "0.2 %", "50", "300")):
        case = Case("library.until", {"statistic": statistic, "error": error})
        text = f"random draws for the error of until={{'{statistic}': '{error}'}}, over its points"
        yield Row("until", text, case, figure="points", must=must, aim=aim)


def interactive() -> Iterator[Row]:
    """What people wait for at the default 10,000 draws, and how costs grow with parameters and shapes."""
    n = {"draws": 10_000}
    yield Row(
        "warm", "monte_carlo + summary, 10,000 draws, warm", Case("library.study", n), figure="ms", must="12", aim="6"
    )
    yield Row("changed", "one input changed, nominal", Case("library.changed"), figure="ms", must="3", aim="1")
    yield Row("changed", "one input changed, 10,000 draws", Case("library.changed", n), figure="ms", must="10", aim="5")
    yield Row("report", "report of the demo, warm", Case("library.report"), figure="s", must="1.0", aim="0.6")
    yield Row("demo", "the demo, its process", Case("library.demo"), figure="s", must="2.5", aim="1.5")
    yield Row("build", "100 parameters, written, compiled, nominal", Case("library.build", {"parameters": 100}),
              figure="ms", must="50", aim="20")  # fmt: skip
    yield Row(
        "tornado", "tornado of 200 parameters", Case("library.tornado", {"parameters": 200}), figure="s", must="0.1"
    )
    few = Case("library.shapes", {"count": 256, "draws": 1 << 13})
    for count, draws, must, aim in ((257, 1 << 13, "1.1", "1.0"), (3000, 1 << 13, "1.1", "1.0")):
        many = Case("library.shapes", {"count": count, "draws": draws})
        yield Row("shapes", f"{count:,} shapes against 256, for each number", many, few, "cost", must, aim)
