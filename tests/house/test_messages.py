"""What the library says when something is wrong: every text as a user meets it, kept in messages.txt.

Every message says what is wrong, where, both sides, and how to fix it. After a deliberate change of a text:
LCA_WRITE_MESSAGES=1 python -m pytest tests/test_messages.py, then read the difference as a user would.
"""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import example_study
import numpy as np
import pandas
import pytest
import xarray

import lca
from lca.errors import LcaError

SNAPSHOT = Path(__file__).with_name("messages.txt")

#: What a user would have written before, under the names that the cases use.
NAMES: dict[str, Any] = {
    **{name: getattr(example_study, name) for name in ("part", "training", "robots", "engines", "jetson")},
    **{name: getattr(example_study, name) for name in ("workstation", "home_site", "field_site", "grid", "study")},
    "lca": lca,
    "math": math,
    "np": np,
    "pandas": pandas,
    "energy": lca.parameter("desk.energy", "2 kWh at_wall"),
    "power": lca.parameter("desk.power", "147 W at_wall"),
    "rail": lca.parameter("rail.energy", "1 kWh at_board"),
    "pue": lca.parameter("room.pue", lca.quantity(1.58, "at_facility/at_wall")),
    "delivered": lca.parameter("grid.delivered", lca.quantity(0.95, "at_facility/at_busbar")),
    "intensity": lca.parameter("grid.intensity", "0.5 kg CO2e/(kWh at_busbar)"),
    "desk": lca.parameter("desk.owed", "3 kg CO2e"),
    "table": xarray.DataArray([1.0, 2.0], dims="model", coords={"model": ["a", "b"]}),
    "fleet": {
        "devices": 100, "start": 2022, "period": "5 year", "load": "10 inference/s", "active": "8 h/day",
        "idle_power": "1.9 W at_board",
    },
    "room": example_study.field_site(example_study.grid()),
    "engine": lca.Inference("engine", "0.4 J at_board", per="inference", baseline="marginal"),
    "chat": lca.Inference("chat", "0.4 J at_board", per="token", baseline="marginal"),
    "gross": lca.Inference(
        "engine", "0.4 J at_board", per="inference", baseline="gross", throughput="30 inference/s"
    ),
}  # fmt: skip

CASES = {
    # texts
    "Q5 a ± without coverage": 'lca.parameter("desk.power", "147 ± 5 W")',
    "Q5 a ± with two units": 'lca.parameter("desk.power", "147 W ± 5 W")',
    "Q5 a comma": 'lca.parameter("desk.energy", "2,37 kWh")',
    "Q5 inf for inference": 'lca.Inference("engine", "5 J/inf", per="inference", baseline="marginal")',
    "Q5 frames, or feet, per second": 'lca.parameter("camera.load", "120 fps")',
    "Q5 a currency": 'lca.parameter("price", "$0.5")',
    "Q5 a ton": 'lca.parameter("total", "1 ton")',
    "Q5 a boundary below a slash": 'lca.Electricity(intensity="0.5 kg CO2e/kWh at_busbar")',
    "Q5 capitals": 'lca.parameter("site.energy", "5 MWH")',
    "Q5 a range": 'lca.parameter("desk.power", "140-150 W")',
    "Q5 no unit of this field": 'lca.parameter("cable", "12 ft")',
    # units
    "Q1 power and energy": "power + energy",
    "Q1 a bare number": "energy + 3",
    "Q1 a condition that is a quantity": "lca.functions.where(energy, 1, 2)",
    "Q2 CO2 and CO2e": 'lca.parameter("stack", "1 kg CO2") + desk',
    "Q2 an intensity of plain mass": (
        'lca.Electricity(intensity="954 lb/MWh", at="busbar", region="US-RFCW", year=2019)'
    ),
    "Q2 a rate and a total": 'lca.parameter("load", "10 inference/s") + lca.parameter("served", "10 inference")',
    # boundaries
    "Q3 PUE used twice": "energy * pue * pue / delivered * intensity + desk",
    "Q3 board meets wall": "rail + energy",
    "Q3 a bare 1.58": "energy * 1.58 / delivered * intensity + desk",
    "Q3 wall energy at a busbar factor": "energy * intensity + desk",
    "Q3 a board at a site without a supply": 'lca.Site("robots", pue=1.0).at_facility(rail)',
    "Q3 an intensity at the wall": 'lca.Electricity(intensity="0.5 kg CO2e/kWh", at="wall")',
    "Q4 power without a boundary": 'lca.Training("run", power="150 W", duration="3 h")',
    "Q4 power with two boundaries": 'lca.Training("run", power="150 W at_wall at_board", duration="3 h")',
    "Q4 a reading at another place": 'lca.Meter("rail", at="board").read("5 W at_wall")',
    # fields
    "Q4 active=8": 'lca.Deployment("robots", engine, **fleet | {"active": 8})',
    "Q4 a bare number in a field": 'lca.Hardware("Jetson", embodied=36, lifetime="5 year")',
    "Q4 an efficiency of 85": 'lca.Site("robots", supply_efficiency=85)',
    "Q4 a negative duration": 'lca.Training("run", power="150 W", at="wall", duration="-3 h")',
    "Q4 a value that is missing": 'lca.Hardware("Jetson", lifetime="5 year")',
    "Q6 a reading of NaN": 'lca.Meter("Kill A Watt", at="wall").read({"a": 147, "b": math.nan}, "W", dim="model")',
    "Q6 a result that is not finite": 'lca.nominal(power / lca.parameter("load", "0 inference/s"))',
    # before evaluation
    "Q7 an if": "1 if energy > rail / 0.85 * lca.quantity(1, 'at_wall/at_board') else 2",
    "Q7 a float": "float(energy)",
    "Q8 a quantity that swallowed a node": 'lca.parameter("twice", lca.quantity(2, "kWh at_wall") * energy)',
    "Q8 a table in front of a node": "table * energy",
    # dims
    "D1 labels that do not match": (
        'watts = lca.parameter("power", lca.labelled({"resnet": 1, "vgg": 2}, "W", dim="model"))\n'
        'watts * lca.parameter("time", lca.labelled({"resnet": 1, "squeezenet": 2}, "s", dim="model"))'
    ),
    "D1 labels in another order": 'lca.parameter("p", lca.labelled({"b": 1, "a": 2}, "W", dim="model")) * table',
    "D1 a label that is a float": 'lca.labelled({0.5: 1, 1.0: 2}, "W", dim="load")',
    "D1 a reserved name": 'lca.labelled({"a": 1}, "W", dim="draw")',
    "D1 a column without labels": 'lca.labelled(pandas.Series([1.0, 2.0]), "W", dim="model")',
    "D2 a dim without a role": "part(training(workstation(), home_site(grid())))",
    "D2 a sum over a dim that is not there": 'lca.functions.total(energy, over="engine")',
    "D2 years as alternatives": 'part(training(workstation(), home_site(grid())), alternatives=("model", "year"))',
    "D4 names that do not match": (
        'joules = lca.labelled({"sp_2_FP16": 1, "sp_FP16": 2}, "J at_board", dim="engine")\n'
        'lca.Inference.engines("engines", joules, names="<backbone>_<batch:int>_<precision>", per="inference",\n'
        '                      baseline="marginal")'
    ),
    "D4 records of different kinds": (
        'study().vary("place", {"robots.site": {"a": home_site(grid()), "b": grid()}})'
    ),
    "D4 a path to no component": 'study().replace({"robot.period": "3 year"})',
    "D4 a dim of scenarios without a path": 'lca.scenarios(study(), {"years": ["3 year", "8 year"]})',
    "D4 scenarios that cannot be made": (
        'lca.scenarios(study(), {"rule": {"robots.allocation": {"a": "half", "b": "share", "c": "whole_units"}}})'
    ),
    "D4 bad rows of a table of cases": (
        'rows = {"a": {"robots.load": "5 W"}, "b": {}, "c": {"robots.start": "soon", "robots.devices": -1}}\n'
        "lca.cases(study(), rows)"
    ),
    "D4 a column of cases that is no path": 'lca.cases(study(), {"a": {"load": "5 inference/s"}})',
    "A12 a choice over no scenarios": 'lca.robust(lca.monte_carlo(study(), draws=10, progress=False), over="engine")',
    "D1 a report of a value over labels": (
        'x, y = lca.parameter("x", lca.labelled({"a": 1.0}, dim="engine")), lca.parameter("y", 2.0)\n'
        'lca.infer({"total": x * y}, {"y": None}, given={"total": "3.0"})'
    ),
    "Q4 an unknown without a range": 'lca.infer(2 * lca.parameter("x", -1.0), {"x": None}, given={"value": "3.0"})',
    "U2 a report that no draw agrees with": (
        'x = lca.parameter("x", 1.0)\n'
        'lca.infer({"total": 2 * x}, {"x": lca.Normal(1, 0.1)}, given={"total": "5.0"}, most=20_000)'
    ),
    "a waterfall without a change": "lca.waterfall(study(), new={})",
    "a waterfall in an order of something else": 'lca.waterfall(study(), new={"robots.devices": 90}, order=["robots"])',
    "a difference of other units": 'lca.difference(lca.nominal({"total": energy}), lca.nominal({"total": power}))',
    "a contribution by an unknown level": 'lca.contribution(lca.nominal(study()), by="stages")',
    "a Sankey figure of one level": 'lca.plot.sankey(lca.nominal(study()), by=("stage",))',
    "D4 a period without an upper bound": (
        'use = robots(engines(), jetson(), field_site(grid()), period=lca.Lognormal("5 year", gsd=1.3))\n'
        'part(use, alternatives=("engine",))'
    ),
    # parameters
    "U1 two definitions under one key": 'lca.nominal(power * lca.parameter("desk.power", "150 W at_wall"))',
    "U1 two components of one name": (
        'desk, newer, home = workstation(), workstation(lifetime="9 year"), home_site(grid())\n'
        'part(training(desk, home), training(newer, home, name="again"), parts=("model",))'
    ),
    "U1 a distribution in a formula": "energy * lca.Normal(1, 0.1)",
    "U4 a truncation without bounds": 'lca.Normal("2 W", "1 W").truncated()',
    "U4 a truncation beside the nominal value": 'lca.Normal("2 W", "1 W").truncated(low="3 W")',
    "U4 a truncation that leaves nothing": 'lca.Uniform("1 W", "2 W").truncated(low="2 W")',
    "U4 two spreads of a mean": 'lca.Lognormal.of_mean("40 kg CO2e", gsd=1.5, sd="17 kg CO2e")',
    "U4 pedigree scores": 'lca.pedigree({"reliability": 6, "age": 2}, basic=0.0006)',
    "U4 an empty cell of ecoinvent 2": 'lca.pedigree((1, 1, 1, 4, 1), basic=1.05, version="ecoinvent 2")',
    "U4 a mode above the upper bound": 'lca.Triangular("5 W", "9 W", "8 W")',
    # accounting
    "A3 per inference or per batch, unsaid": 'lca.Inference("engine", "0.4 J at_board", baseline="marginal")',
    "A3 gross or marginal, unsaid": 'lca.Inference("engine", "0.4 J at_board", per="inference")',
    "A3 a latency while others run":
        'lca.Inference.served("chat", power="5 kW at_wall", latency="2 s/request", concurrency=8)',
    "A3 a throughput of something else":
        'lca.Inference("chat", "0.4 J at_board", per="token", baseline="gross", throughput="3 request/s")',
    "A3 requests for joules per token": 'lca.Deployment("chats", chat, **{**fleet, "load": "2 request/s"})',
    "Q2 requests for joules per inference": 'lca.Deployment("robots", engine, **{**fleet, "load": "2 request/s"})',
    "Q2 inferences of requests": 'lca.Deployment("chats", chat, **{**fleet, "load": "2 token/s"}).inferences',
    "A3 joules per batch, its size unsaid": (
        'lca.Inference("engine", "0.4 J at_board", per="batch", baseline="marginal")'
    ),
    "A3 gross joules without a throughput": (
        'lca.Inference("engine", "0.4 J at_board", per="inference", baseline="gross")'
    ),
    "A3 gross joules below idle": (
        'part(lca.Deployment("robots", gross, site=room, **fleet | {"idle_power": "19 W at_board"}))'
    ),
    "A3 a load above the throughput": (
        'part(lca.Deployment("robots", gross, site=room, **fleet | {"load": "40 inference/s"}))'
    ),
    "A4 an unknown subregion": 'lca.Electricity.lookup("RFCV", 2019, basis="direct")',
    "A4 a year that the table lacks": 'lca.Electricity.lookup("US-RFCW", 2012, basis="direct")',
    "A4 a basis that the table lacks": 'lca.Electricity.lookup("FR", 2023, basis="direct")',
    "A4 a zero that is none": 'lca.Electricity.lookup("BI", 2005)',
    "A6 a stage neither modelled nor excluded": (
        'project = lca.FunctionalUnit("one project", count="1 device")\n'
        'lca.Study("desk", training(workstation(), home_site(grid())), parts=("model",), functional_unit=project)'
    ),
    "A6 a stage excluded without a reason": (
        'part(training(workstation(), home_site(grid())), parts=("model",), excluded={"use": "no data"})'
    ),
    "A6 an exclusion above the cut-off": (
        'small = lca.below_cut_off("5 kg CO2e", source="a guess")\n'
        'part(training(workstation(), home_site(grid())), parts=("model",), excluded={"use": small})'
    ),
    "A6 an exclusion without a bound": 'lca.below_cut_off("small", source="a guess")',
    "A6 the end of life of a device": (
        'part(training(workstation(end_of_life=None), home_site(grid())), parts=("model",))'
    ),
    "A8 an unknown allocation rule": (
        'part(training(workstation(), home_site(grid()), allocation="by_mass"), parts=("model",))'
    ),
    "A10 readings that are all zero": 'lca.Meter("Kill A Watt", at="wall").read(0, "W")',
    # estimates
    "Q5 operations or a rate": 'lca.Accelerator("card", peak="125 TFLOPS")',
    "A10 an estimate without a device": 'lca.Training.from_flops("run", parameters="7e9", tokens="2e12 token")',
    "A10 a peak rate that the tables lack": (
        'lca.Training.from_flops("run", parameters="7e9", tokens="2e12 token", accelerator="RTX 4090")'
    ),
    "A15 a utilisation above 1": 'lca.Accelerator("card", peak="125 TFLOP/s", utilisation=1.2)',
    "Q2 an amount in another count": (
        'lca.Training.from_throughput("run", throughput="5 token/s", amount="9 iteration", power="3 W at_wall")'
    ),
    "Q3 energy and power at two boundaries": 'lca.Training("run", energy="3 kWh at_wall", power="3 W at_board")',
    # exports
    "D2 an export of several alternatives": "lca.sci(lca.nominal(study()))",
    "Q2 a printed score that is off by a thousand": (
        'lca.check_score("0.13 g CO2e", per="1e6 token", whole="6500 kg CO2e", units="50e9 token")'
    ),
}  # fmt: skip


def message(code: str) -> LcaError:
    with pytest.raises(LcaError) as raised:
        exec(code, dict(NAMES))  # as a user writes it
    return raised.value


def said() -> str:
    entries = []
    for title, code in CASES.items():
        error = message(code)
        prompt = code.replace("\n", "\n... ")
        entries.append(f"== {title}\n>>> {prompt}\n{type(error).__name__}: {error}\n")
    return "\n".join(entries)


def test_every_message_is_the_one_that_was_read_and_approved() -> None:
    found = said()
    if os.environ.get("LCA_WRITE_MESSAGES"):
        SNAPSHOT.write_text(found, encoding="utf-8")
    assert found == SNAPSHOT.read_text(encoding="utf-8")


@pytest.mark.parametrize("title", CASES)
def test_every_message_says_how_to_mend_it_and_fits_a_screen(title: str) -> None:
    error = message(CASES[title])
    assert error.fix
    assert error.where or error.sides or title.startswith(("Q7", "D1 a reserved")), "where, or both sides"
    lines = str(error).splitlines()
    assert len(lines) <= 12
    assert max(map(len, lines)) <= 240
    for raw in ("dimensionless", "UnitsContainer", "Cannot convert", "object at 0x", "NoneType"):
        assert raw not in str(error)
