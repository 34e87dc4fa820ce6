"""What users call of lca, on the reference problem. Needs lca of the environment that runs it."""

from __future__ import annotations

import importlib.util
import inspect
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from reference import in_lca
from reference import problem as ref

import lca

from . import Act, NotAvailable
from .arrays import LARGEST

EXAMPLES = Path(lca.__file__).parent.parent / "examples"
PARAMETERS = inspect.signature(lca.monte_carlo).parameters


def known(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings of `lca.monte_carlo`; raises where the library lacks one or a package for it."""
    settings = {name: value for name, value in settings.items() if value is not None}
    if settings.get("evaluator") == "numba" and importlib.util.find_spec("numba") is None:
        raise NotAvailable("numba is not installed")
    if settings.get("evaluator") == "numpy" and "evaluator" not in PARAMETERS:
        del settings["evaluator"]
    if lacking := [name for name in settings if name not in PARAMETERS]:
        raise NotAvailable(f"monte_carlo has no {lacking[0]}=")
    return settings


def run(thing: Any, seed: int = 1, **settings: Any) -> lca.Result:
    """`lca.monte_carlo` on one thread unless said otherwise."""
    return lca.monte_carlo(thing, seed=seed, progress=False, **{"threads": 1, **settings})


def ready(thing: Any, settings: dict[str, Any]) -> dict[str, Any]:
    """The settings, after short runs that make what is kept between runs: of draws, and of statistics.

    `warm` draws are taken, few where memory is measured.
    """
    warm = settings.pop("warm", 16_384)
    settings = known(settings)
    ways = [{"keep": "draws"}, {"keep": "summary"}] if "details" in PARAMETERS else [{}]
    try:
        for way in ways:
            lca.summary(run(thing, draws=warm, **{**way, **settings}))
    except (lca.errors.DomainError, TypeError) as refused:
        raise NotAvailable(str(refused).splitlines()[0]) from None
    return settings


def row(result: lca.Result, **labels: str) -> dict[str, float]:
    """Mean and quantiles of the total from the summary of a result, at one label of each dim."""
    table = lca.summary(result)
    found = table.loc[tuple(labels.get(str(name), "total") for name in table.index.names) if labels else "total"]
    return {name: float(found[name]) for name in ("mean", "p5", "p50", "p95")}


def study(draws: int, **settings: Any) -> Act:
    """Study, `monte_carlo` and `summary`: quantiles of all stages."""
    thing = in_lca.study()
    settings = ready(thing, settings)
    return lambda seed: row(run(thing, seed, draws=draws, **settings))


def total(draws: int, **settings: Any) -> Act:
    """The total alone."""
    thing = {"total": in_lca.nodes()["total"]}
    settings = ready(thing, settings)
    return lambda seed: row(run(thing, seed, draws=draws, **settings))


def wide(parameters: int, draws: int, **settings: Any) -> Act:
    """The total of many parameters."""
    thing = in_lca.wide(parameters)
    settings = ready(thing, settings)
    return lambda seed: row(run(thing, seed, draws=draws, **settings))


def scenarios(draws: int, **settings: Any) -> Act:
    """27 regions x 4 lifetimes x 3 engines with quantiles, and no ratios: a loop and xarray make none either."""
    thing = in_lca.grid_study()
    settings = ready(thing, {"per": (), **settings})
    count = len(ref.REGIONS) * len(ref.LIFETIMES) * len(ref.ENGINES)
    last = {"life": f"{ref.LIFETIMES[-1]} years", "region": "region26", "engine": "engine2"}

    def act(seed: int) -> dict[str, float]:
        return row(run(thing, seed, draws=draws, **settings), **last) | {"_numbers": count * draws}

    return act


def engines(count: int, draws: int, **settings: Any) -> Act:
    """The study with so many engines side by side."""
    thing = in_lca.over_engines(in_lca.study(), count)
    settings = ready(thing, settings)
    return lambda seed: row(run(thing, seed, draws=draws, **settings), engine="engine0")


def regions(count: int, draws: int, **settings: Any) -> Act:
    """The study in so many regions, with four lifetimes and three engines in each."""
    thing = in_lca.grid_study(regions=count)
    settings = ready(thing, settings)
    return lambda seed: {"rows": float(len(lca.summary(run(thing, seed, draws=draws, **settings))))}


def years(count: int, draws: int, **settings: Any) -> Act:
    """The study over so many years of use."""
    thing = in_lca.study(count)
    settings = ready(thing, settings)
    return lambda seed: row(run(thing, seed, draws=draws, **settings))


def sobol(base: int) -> Act:
    """First and total Sobol' indices with intervals, 8 scramblings of base / 8 points."""
    thing = in_lca.study()

    def act(seed: int) -> dict[str, float]:
        table = lca.sobol(thing, base=base // 8, seed=seed)
        return {name: float(table["total"][name]) for name in LARGEST}

    lca.sobol(thing, base=16)
    return act


def changed(draws: int | None = None, **settings: Any) -> Act:
    """One input of the study replaced, to a nominal result or to one with intervals."""
    first = in_lca.study()
    settings = ready(first, settings) if draws else {}

    def act(seed: int) -> dict[str, float]:
        new = first.replace({"robots.devices": 1000 + seed})
        if draws:
            return row(run(new, seed, draws=draws, **settings))
        return {"nominal": float(lca.nominal(new).data["total"])}

    act(1000)
    return act


def build(parameters: int) -> Act:
    """So many uncertain parameters: written, compiled and evaluated at their nominal values."""
    act = lambda seed: {"nominal": float(lca.nominal(in_lca.wide(parameters, seed)).data["total"])}  # noqa: E731
    act(0)
    return act


def tornado(parameters: int) -> Act:
    """A tornado of so many parameters."""
    thing = in_lca.wide(parameters)
    act = lambda seed: {"largest swing": float(lca.tornado(thing)["swing"].iloc[0])}  # noqa: E731
    act(0)
    return act


def shapes(count: int, draws: int) -> Act:
    """A sum of parameters, each with a shape of its own."""
    spread = (lca.Pert("0 kg CO2e", f"{0.1 + 0.8 * i / count!r} kg CO2e", "1 kg CO2e") for i in range(count))
    terms = [lca.parameter(f"part_{i}", one) for i, one in enumerate(spread)]
    thing = run({"total": sum(terms[1:], terms[0])}, draws=16)

    def act(seed: int) -> dict[str, float]:
        values = run(thing, seed, draws=draws).data["total"].values
        return {"mean per part": float(values.mean()) / count, "_numbers": count * draws}

    return act


def report() -> Act:
    """The report of the demo, the second in a process."""
    sys.path.insert(0, str(EXAMPLES))
    import superpoint

    result = lca.monte_carlo(superpoint.study, progress=False)
    folder = tempfile.mkdtemp()
    lca.report(result, folder)

    def act(seed: int) -> dict[str, float]:
        written = lca.report(result, folder)
        return {"KiB": Path(written).stat().st_size / 1024}

    return act


def demo() -> Act:
    """The demo as a process of its own, as `make demo` runs it."""
    command = [sys.executable, str(EXAMPLES / "superpoint.py"), "--out", tempfile.mkdtemp()]
    environment = {**os.environ, "PYTHONPATH": str(EXAMPLES.parent)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # set-up compiles the code

    def act(seed: int) -> dict[str, float]:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return {"lines printed": len(done.stdout.splitlines()), "_cpu": used}

    act(0)  # byte code and file cache
    return act


def until(statistic: str, error: str, seeds: int = 32) -> Act:
    """The points of `until`, and how many random draws have the same error over seeds."""
    thing = in_lca.study()
    known({"until": {statistic: error}})
    values = np.sort(run(thing, draws=1_000_000).data["total"].values)

    def act(seed: int) -> dict[str, float]:
        results = [run(thing, s, until={statistic: error}) for s in range(seeds)]
        found = [row(one)[statistic] for one in results]
        points = statistics.mean(one.draws for one in results)
        return {
            statistic: statistics.mean(found),
            "random draws": variance_of_one(values, statistic) / statistics.variance(found),
            "points": points,
        }

    return act


def variance_of_one(values: np.ndarray, statistic: str) -> float:
    """The variance of a mean or a quantile of random draws, times their number; from sorted draws.

    Of a quantile it is p (1 - p) / f^2, with the density f there.
    """
    if statistic == "mean":
        return float(values.var())
    p = float(statistic.removeprefix("p")) / 100
    low, high = np.quantile(values, [p - 0.01, p + 0.01])
    return p * (1 - p) * float((high - low) / 0.02) ** 2
