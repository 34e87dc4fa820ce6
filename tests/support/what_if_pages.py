"""For tests of the what-if page: settings of it, and what the library says of the study at each of them."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

from browser import Tab
from example_study import BEST, engines, field_site, grid, jetson, part, robots

import lca

QUANTITIES = ("nominal", "p5", "p50", "p95", "mean")


def data_of(page: Path) -> dict[str, Any]:
    """The data that a page computes with."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page.read_text(encoding="utf-8"))
    assert found is not None
    made: dict[str, Any] = json.loads(found[1])
    return made


def settings(page: Path, count: int, seed: int) -> list[dict[str, Any]]:
    """Random settings of a page: about half of its sliders are set, each choice has any of its labels."""
    data, random_ = data_of(page), random.Random(seed)
    made = []
    for _ in range(count):
        chosen = [one for one in data["sliders"] if random_.random() < 0.5]
        made.append({
            "values": {one["path"]: float(f"{random_.uniform(one['low'], one['high']):.6g}") for one in chosen},
            "labels": {dim["name"]: random_.randrange(len(dim["labels"])) for dim in data["dims"]},
        })  # fmt: skip
    return made


def said(tab: Tab, setting: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """What a page answers to a setting, and the line of Python that it writes."""
    script = "(one => { const { draws, ...rest } = what_if.answer(one); return [rest, what_if.python(one)]; })"
    answer, python = tab.run(f"{script}({json.dumps(setting)})")
    return answer, python


def at(study: lca.Study, python: str) -> lca.Study:
    """The study of a line of Python that a page wrote."""
    made = eval(python, {"study": study})
    assert isinstance(made, lca.Study)
    return made


def largest_difference(study: lca.Study, page: Path, tab: Tab, setting: dict[str, Any]) -> float:
    """How far an answer of a page is from what the library says, relative to it: totals, intervals, shares."""
    data, (answer, python) = data_of(page), said(tab, setting)
    assert "refused" not in answer
    made = at(study, python)
    result = lca.monte_carlo(made, draws=data["draws"], seed=data["seed"], progress=False)
    pairs = []
    for per, name in (("total", "total"), ("functional_unit", "each")):
        row = lca.summary(result, per=per).loc["total"]
        pairs += [(answer[name][one], float(row.get(one, row["nominal"]))) for one in QUANTITIES]
    whole = lca.summary(result)
    for one in answer["stages"]:
        row = whole.loc[one["name"].replace("_", " ")]
        pairs += [(one["share"], float(row["share"])), (one["nominal"], float(row["nominal"]))]
    return max(abs(here - there) / abs(there) if there else abs(here) for here, there in pairs)


def every_function() -> lca.Study:
    """A small study whose energy goes through every function, and through every kind of distribution.

    Its electricity differs by year, two of its values are correlated, and it has a scenario.
    """
    f, p = lca.functions, lca.parameter
    x = p("x", lca.Normal(2, 0.2).truncated(1.5, 2.6))
    y = p("y", lca.Discrete({1: 0.5, 2: 0.3, 4: 0.2}))
    z = p("z", lca.SplitLognormal(3, gsd_low=1.2, gsd_high=1.6))
    kinked = p("kinked", lca.Triangular(1, 2, 4).truncated(1.2, 3))
    listed = p("listed", lca.Empirical([1.0, 1.5, 2.5, 2.7]))
    several = p("several", lca.labelled({"a": lca.Weibull(2.0, shape=3), "b": lca.Pert(1, 2, 4)}, "", dim="piece"))
    mixed = lca.choice("mixed", {"m": p("m", 1.5), "n": p("n", 2.5)}, weights=[0.4, 0.6])
    factor = f.exp(x / 10) * f.log(z + 3) + f.power(y, 0.5) + y**3 / 40 + f.power(x, kinked / 3)
    factor = (
        factor + f.minimum(x, z) + f.maximum(y, listed) - f.clip(kinked, 1.4, 2.2) + f.ceil(z) + -listed / 9 + mixed
    )
    factor = (
        factor + f.where(x < z, y, listed) + f.where(y <= 2, 1.0, x) + f.where(z > 3.3, x, z) + f.where(x >= 2, 1, y)
    )
    factor = factor + listed / z + f.interpolate(x, [1.6, 2.0, 2.4], [1.0, 3.0, 2.0])
    run = lca.Training(
        "run", energy=p("base", lca.Lognormal("40 kWh", gsd=1.4)) * factor * lca.functions.minimum(several, 3.0),
        at="wall", year=2022, site=lca.Site("lab", electricity=grid(), pue=lca.Pert(1.1, 1.3, 1.8)),
    )  # fmt: skip
    return part(run, parts=("piece",), correlations={("x", "lab.pue"): 0.6})


def over_years() -> lca.Study:
    """Robots on two engines over years of a falling grid, under two rules and at two loads."""
    falling = lca.Electricity.trajectory(
        "US-RFCW", range(2022, 2027), model="decline", rate=lca.Uniform("2 %/year", "6 %/year")
    )
    use = robots(engines({BEST: 0.4, "sp_mbv1_2_120_392_FP16_seq_4": 0.6}), jetson(), field_site(falling))
    unit = lca.FunctionalUnit("one frame", count=use.inferences)
    made = part(use, functional_unit=unit, alternatives=("engine",))
    ruled = made.vary(
        "rule", {"robots.allocation": {"by time held": "reserved_time", "in whole devices": "whole_units"}}
    )
    return ruled.vary("work", {"robots.active": {"half": "4 h/day", "day": "8 h/day"}})
