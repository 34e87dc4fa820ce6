"""A working call of every public callable: its arguments are replaced by odd values, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas
import xarray

import lca
from lca import functions

from .crossing import crossing_calls
from .dependence import dependence_calls
from .engines import engine_calls
from .exports import export_calls
from .figures import figure_calls
from .inferences import inference_calls
from .inverse import inverse_calls
from .measuring import measuring_calls


@dataclass(frozen=True)
class Call:
    """A callable with arguments that work; `every` takes each n-th odd value only, where one call takes long."""

    name: str
    function: Callable[..., Any]
    arguments: dict[str, Any]
    every: int = 1


@cache
def world() -> SimpleNamespace:
    """Small components, two studies and their results, made once."""
    grid = lca.Electricity(intensity="0.4 kg CO2e/kWh", at="facility", region="here", year=2022, basis="life cycle")
    site = lca.Site("desk", electricity=grid, pue=1.0, supply_efficiency=0.9)
    meter = lca.Meter("rail", at="board", accuracy="2 %", resolution="1 W")
    card = {"lifetime": "5 year", "contents": {"dies", "memory"}, "gate": "cradle-to-gate"}
    nano = lca.Hardware("nano", embodied=lca.Lognormal("36 kg CO2e", gsd=1.7), distribution="3 kg CO2e",
                        end_of_life="0.2 kg CO2e", **card)  # fmt: skip
    rivals = {name: lca.Hardware(f"card {name}", embodied=f"{n} kg CO2e", **card) for name, n in (("a", 90), ("b", 99))}
    inference = lca.Inference("net", "0.5 J/inference", at="board", per="inference", baseline="marginal")
    chat = lca.Inference("chat", "0.4 J/token", at="board", per="token", baseline="marginal", prefill="0.1 J/token")
    use = lca.Deployment(
        "robots", inference, on=nano, site=site, devices=100, start=2022, period="2 year", load="10 inference/s",
        active="8 h/day", idle_power=meter.read(1.9, "W"), allocation="reserved_time",
    )  # fmt: skip
    work = lca.Training("net training", energy=lca.Uniform("5 kWh", "9 kWh"), at="wall", duration="9 h", year=2021,
                        site=site, on=nano, allocation="reserved_time")  # fmt: skip
    unit = lca.FunctionalUnit("an inference", count=use.inferences)
    left_out = {"development": lca.outside_goal("small")}
    study = lca.Study("base", work, use, functional_unit=unit, excluded=left_out)
    varied = study.vary("load", {"robots.load": {"low": "5 inference/s", "high": "9 inference/s"}})
    result = lca.monte_carlo(study, draws=32, progress=False)
    joules = lca.labelled({"net_1": lca.Uniform(1, 2), "net_2": 1.5}, "J at_board", dim="engine")
    engines = lca.Inference.engines("nets", joules, names="net_<size:int>", per="inference", baseline="marginal")
    found = lca.labelled({"net_1": 0.6, "net_2": lca.Uniform(0.5, 0.7)}, dim="engine")
    return SimpleNamespace(
        engines=lca.monte_carlo({"total": engines.energy}, draws=32, progress=False),
        score=lca.Score("accuracy", found, better="higher"),
        grid=grid, site=site, meter=meter, nano=nano, rivals=rivals, inference=inference, use=use, work=work, unit=unit,
        study=study, varied=varied, result=result, rivaling=lca.monte_carlo(varied, draws=32, progress=False),
        left_out=left_out, chat=chat, node=lca.parameter("x", lca.labelled({"a": 1.0, "b": 2.0}, "kg", dim="model")),
        pure=lca.parameter("p", lca.Uniform(1, 2)), tornado=lca.tornado(study),
        log=pandas.Series([100.0, 110.0], index=[0.0, 60.0]), table=xarray.DataArray([1.0], coords={"model": ["a"]}),
    )  # fmt: skip


def calls(folder: Path) -> list[Call]:
    """All of them; files are written below a folder."""
    engines = [Call(name, function, given) for name, (function, given) in engine_calls(folder).items()]
    measuring = [
        Call(name, function, given, every) for name, (function, given, every) in measuring_calls(folder).items()
    ]
    return [*_records(), *_values(), *_studies(), *_answers(folder), *_look_ups(), *_functions(),
            *[Call(*one) for one in (*inference_calls(), *dependence_calls(world().study), *figure_calls(world()))],
            *[Call(*one) for one in crossing_calls(world().study, world().varied)],
            *[Call(*one) for one in inverse_calls(world().study)],
            *[Call(*one) for one in export_calls(world().result, folder)],
            *engines, *measuring]  # fmt: skip


def _records() -> list[Call]:
    w = world()
    described = {"status": "assumed", "source": "here", "key": "k"}
    masses = ("Cooling", "PowerSupply", "Battery", "Packaging", "Assembly")
    kinds: dict[str, dict[str, Any]] = {name: {"name": "thing", "mass": "1 kg"} for name in masses}
    kinds |= {name: {"name": "thing", "area": "80 cm^2"} for name in ("Board", "Passives")}
    kinds |= {
        "Enclosure": {"name": "thing", "mass": "1 kg", "material": "steel"},
        "Memory": {"name": "thing", "capacity": "8 GB", "kind": "ddr"},
        "Storage": {"name": "thing", "capacity": "8 GB", "kind": "ssd"},
        "Part": {"name": "thing", "amount": "1 cm^2", "factor": "2 kg CO2e/cm^2", "contents": "board"},
        "Die": {"name": "thing", "area": "50 mm^2", "node": "7 nm", "fab": "Taiwan", "year": 2023},
        "Hardware": {"name": "thing", "embodied": "36 kg CO2e", "lifetime": "5 year"} | described,
        "Electricity": {"intensity": "0.4 kg CO2e/kWh", "at": "facility", "year": 2022} | described,
        "Site": {"name": "thing", "electricity": w.grid, "pue": 1.1} | described,
        "Meter": {"name": "thing", "at": "wall", "accuracy": "2 %", "resolution": "1 W"} | described,
        "Network": {"name": "thing", "energy": "0.03 kWh/GB", "at": "wall", "site": w.site} | described,
        "Fleet": {
            "name": "thing", "deliveries": lca.labelled({2022: 10, 2023: 0}, "device", dim="year"), "life": "5 year",
            "shape": 2, "steps": 4,
        } | described,
        "Inference": {"name": "thing", "energy": "0.5 J/inference", "at": "board", "per": "inference",
                      "baseline": "marginal"} | described,
        "Deployment": {
            "name": "thing", "inference": w.inference, "start": 2022, "period": "2 year", "load": "10 inference/s",
            "active": "8 h/day", "idle_power": w.meter.read(1.9, "W"), "devices": 9, "site": w.site, "on": w.nano,
            "allocation": "reserved_time",
        } | described,
        "Training": {"name": "thing", "energy": "5 kWh", "at": "wall", "duration": "9 h", "site": w.site} | described,
        "Development": {"name": "thing", "power": "5 W", "at": "wall", "duration": "9 h", "on": w.nano,
                        "allocation": "none"},
        "FunctionalUnit": {"name": "thing", "count": "1 device"},
        "Score": {"name": "accuracy", "value": 0.6, "better": "higher"} | described,
    }  # fmt: skip
    return [Call(name, getattr(lca, name), arguments) for name, arguments in kinds.items()]


def _values() -> list[Call]:
    w = world()
    return [
        Call("Normal", lca.Normal, {"mean": "5 W", "sd": "1 W"}),
        Call("Uniform", lca.Uniform, {"low": "5 W", "high": "6 W"}),
        Call("Triangular", lca.Triangular, {"low": "5 W", "mode": "6 W", "high": "9 W"}),
        Call("Pert", lca.Pert, {"low": 1, "mode": 2, "high": 3}),
        Call("Weibull", lca.Weibull, {"scale": "5 year", "shape": 2}),
        Call("Weibull.of_mean", lca.Weibull.of_mean, {"mean": "5 year", "shape": 2}),
        Call("Empirical", lca.Empirical, {"values": [1, 2, 3], "unit": "W"}),
        Call("Lognormal", lca.Lognormal, {"median": "5 W", "gsd": 1.5}),
        Call("Lognormal.of_mean", lca.Lognormal.of_mean, {"mean": "5 W", "gsd": 1.5}),
        Call("Lognormal.of_mean by sd", lca.Lognormal.of_mean, {"mean": "5 W", "sd": "1 W"}),
        Call("Discrete", lca.Discrete, {"weights": {"5 W": 1, "6 W": 2}}),
        Call("truncated", lca.Normal("5 W", "2 W").truncated, {"low": "1 W", "high": "9 W"}),
        Call("pedigree", lca.pedigree, {"scores": (1, 2, 3, 4, 5), "basic": 0.0006, "version": "ecoinvent 3"}),
        Call("Lognormal.between", lca.Lognormal.between, {"low": "5 W", "high": "9 W", "level": 0.9}),
        Call("Lognormal.through", lca.Lognormal.through, {"low": 1, "median": 2, "high": 3}),
        Call("SplitLognormal", lca.SplitLognormal, {"median": "5 W", "gsd_low": 1.5, "gsd_high": 2}),
        Call("labelled", lca.labelled, {"data": {"a": 1, "b": 2}, "unit": "W", "dim": "model"}),
        Call("labelled value", lambda value: lca.labelled({"a": value}, "W", dim="model"), {"value": 1}),
        Call("parameter", lca.parameter, {"key": "k", "value": "5 W"}),
        Call("population", lca.parameter,
             {"key": "k", "value": lca.Normal(5, 1), "kind": "variability", "population": 9}),
        Call("choice", lca.choice, {"key": "k", "options": {"a": "1 W", "b": "2 W"}, "weights": [1, 2]}),
        Call("choice option", lambda value: lca.choice("k", {"a": "1 W", "b": value}), {"value": "2 W"}),
        Call("choice weight", lambda value: lca.choice("k", {"a": "1 W", "b": "2 W"}, weights=[1, value]),
             {"value": 2}),
        Call("quantity", lca.quantity, {"value": 5.0, "unit": "W"}),
        Call("quantity.to", lambda unit: lca.quantity("5 W").to(unit), {"unit": "kW"}),
        Call("difference", lambda other: w.meter.read(147, "W") - other, {"other": w.meter.read(98, "W")}),
        Call("multiple", lambda count: w.meter.read(147, "W") * count, {"count": 8}),
        Call("steps", lambda steps: lca.Meter("m", at="wall", resolution=steps).read("5 W"), {"steps": ("1 W",)}),
        Call("Meter.read", w.meter.read, {"data": 147, "unit": "W", "u": "1 W"}),
        Call("Meter.read labelled", w.meter.read, {"data": {"a": 1, "b": 2}, "unit": "W", "dim": "model"}),
        Call("used reading", lambda u: lca.parameter("k", w.meter.read(5, "W", u=u)), {"u": "2 %"}),
        Call("expanded", lambda value: lca.Meter("m", at="wall", expanded=("2 %", value)), {"value": 2}),
        Call("outside_goal", lca.outside_goal, {"reason": "why"}),
        Call("below_cut_off", lca.below_cut_off, {"upper": "5 kg CO2e", "source": "here"}),
        Call("sunk", lca.sunk, {"what": "weights", "whole": "5 kg CO2e", "source": "here"}),
        Call("Node + value", lambda value: w.pure + value, {"value": 1}),
        Call("Node * value", lambda value: value * w.pure, {"value": 1}),
        Call("Node ** value", lambda value: w.pure**value, {"value": 2}),
    ]  # fmt: skip


def _studies() -> list[Call]:
    w = world()

    def study(activity: Any = w.work, **given: Any) -> Any:
        return (
            lca.Study(activity=None, **given) if activity is None else lca.Study(given.pop("name"), activity, **given)
        )

    stated = {
        "name": "s", "functional_unit": lca.FunctionalUnit("a run", count="1 device"), "excluded": w.left_out,
        "parts": (), "alternatives": (), "cut_off": (0.01, 0.05), "gwp": "AR6", "mixed": (),
        "categories": ("climate_change",),
    }  # fmt: skip
    return [
        Call("Study", study, {"activity": w.work, **stated}, 4),
        Call("Study exclusion", lambda value: lca.Study("s", w.work, functional_unit=stated["functional_unit"],
             excluded={"development": value}), {"value": lca.outside_goal("small")}),
        Call("Study.replaced", w.study.replaced, {"name": "other"}, 4),
        Call("Study.replace", w.study.replace, {"changes": {"robots.load": "9 inference/s"}}, 4),
        Call("replace value", lambda value: w.study.replace({"robots.load": value}), {"value": "9 inference/s"}, 4),
        Call("replace record", lambda value: w.study.replace({"robots.site": value}), {"value": w.site}, 4),
        Call("replace path", lambda path: w.study.replace({path if path.__hash__ else repr(path): "9 W"}),
             {"path": "robots.load"}, 4),
        Call("Study.vary", w.study.vary,
             {"dim": "p", "changes": {"robots.load": {"a": "9 inference/s", "b": "5 inference/s"}}}, 4),
        Call("vary value", lambda value: w.study.vary("p", {"robots.load": {"a": "9 inference/s", "b": value}}),
             {"value": "5 inference/s"}, 4),
        Call("vary rule", lambda value: w.study.vary("p", {"robots.allocation": {"a": "none", "b": value}}),
             {"value": "first_use"}, 4),
        Call("Study.sel", w.varied.sel, {"load": "low"}, 4),
        Call("alternatives", lca.alternatives, {"dim": "way", "studies": {"a": w.study, "b": w.study}}, 4),
        Call("alternatives study", lambda value: lca.alternatives("way", {"a": w.study, "b": value}),
             {"value": w.study}, 4),
        Call("Record.replaced", w.nano.replaced, {"embodied": "9 kg CO2e"}),
        Call("Record.sel", w.rivals["a"].sel, {}),
        Call("on", lambda on: lca.Training("t", energy="5 kWh", at="wall", on=on, allocation="none"),
             {"on": {w.nano: 2}}),
        Call("number of on", lambda n: lca.Training("t", energy="5 kWh", at="wall", on={w.nano: n}, allocation="none")
             .hardware, {"n": 2}),
        Call("categories", lambda value: lca.Hardware("h", embodied="1 kg CO2e", lifetime="5 year",
             categories={"water": value}), {"value": {"embodied": "10 L"}}),
        Call("allocation_table", lca.allocation_table, {"hardware": w.nano, "uses": {"a": "1 year"}}),
        Call("use of a table", lambda value: lca.allocation_table(w.nano, uses={"a": value}), {"value": "1 year"}),
    ]  # fmt: skip


def _look_ups() -> list[Call]:
    w = world()
    parts = [lca.Board("board", area="80 cm^2"), lca.Memory("memory", capacity="4 GB")]
    mix = {"region": "ours", "grid_loss": 0.05}
    return [
        Call("Electricity.lookup", lca.Electricity.lookup, {"place": "France", "year": 2023}),
        Call("Electricity.lookup US", lca.Electricity.lookup, {"place": "US-RFCW", "year": 2019, "basis": "direct"}),
        Call("Electricity.trajectory", lca.Electricity.trajectory,
             {"place": "Poland", "years": range(2022, 2028), "model": "decline", "rate": "3 %/year"}, 3),
        Call("given trajectory", lambda value: lca.Electricity.trajectory("Poland", [2027], model={2027: value}),
             {"value": "400 g CO2e/kWh"}, 3),
        Call("Electricity.from_mix", lca.Electricity.from_mix, {"shares": {"wind": 0.6, "gas": 0.4}, **mix}),
        Call("share of a mix", lambda value: lca.Electricity.from_mix({"wind": 0.6, "gas": value}), {"value": 0.4}),
        Call("Electricity.at_hours", lca.Electricity.lookup("US-CAMX", 2023).at_hours,
             {"hours": range(10, 16), "shape": "CISO"}),
        Call("Hardware.lookup", lca.Hardware.lookup, {"name": "Jetson Nano"}, 2),
        Call("Hardware.lookup all", lca.Hardware.lookup, {"name": "Jetson Nano", "method": "all"}, 8),
        Call("Hardware.lookup legs", lambda value: lca.Hardware.lookup("Jetson Nano", legs={"aircraft": value}),
             {"value": "9000 km"}),
        Call("Hardware.from_parts", lca.Hardware.from_parts, {"name": "h", "parts": parts, "lifetime": "5 year"}),
        Call("part of parts", lambda value: lca.Hardware.from_parts("h", [value], lifetime="5 year"),
             {"value": parts[0]}),
        Call("Hardware.alternatives", lca.Hardware.alternatives,
             {"name": "card", "options": w.rivals, "weights": {"a": 1, "b": 2}}),
        Call("weight of alternatives", lambda value: lca.Hardware.alternatives("card", w.rivals,
             weights={"a": 1, "b": value}), {"value": 2}),
        Call("Hardware.completed", w.nano.completed, {"with_": [lca.Cooling("sink", mass="1 kg")]}),
        Call("Hardware.per", w.nano.per, {"n": 8}),
        Call("Network.lookup", lca.Network.lookup, {"scope": "fixed", "site": w.site}),
        Call("Training.extrapolated", lca.Training.extrapolated,
             {"name": "t", "duration": "143 s", "power": "148 W", "measured": 1000, "planned": 170_000, "at": "wall"}),
        Call("Training.logged", lca.Training.logged, {"name": "t", "log": w.log, "meter": w.meter}),
        Call("Deployment of tokens", lca.Deployment, {
            "name": "chats", "inference": w.chat, "start": 2022, "period": "2 year", "load": "2 request/s",
            "active": "8 h/day", "idle_power": "2 W at_board", "site": w.site, "output_tokens": "300 token/request",
            "input_tokens": "500 token/request", "traffic": "20 kB/token",
            "network": lca.Network("link", "0.05 kWh/GB", at="wall", site=w.site),
        }),
        Call("carbon_free_share", lca.carbon_free_share, {"region": "gcp:europe-west9", "year": 2023}),
        Call("compare_sources", lca.compare_sources, {"place": "France", "year": 2023}, 2),
        Call("characterization_factor", lca.characterization_factor, {"gas": "N2O", "gwp_set": "AR6"}),
        Call("pue", lca.pue, {"name": "Google fleet", "year": 2024}),
        Call("wue", lca.wue, {"name": "aws:eu-west-1", "year": 2023}),
        Call("search", lca.search, {"catalogue": "electricity", "text": "franc"}),
        Call("search hardware", lca.search, {"catalogue": "hardware", "text": "jetson"}, 4),
    ]  # fmt: skip


def _answers(folder: Path) -> list[Call]:
    w = world()
    saved = lca.save(w.result, folder / "base.lca")
    return [
        Call("nominal", lca.nominal, {"thing": w.pure}),
        Call("monte_carlo", lca.monte_carlo, {"thing": w.pure, "draws": 16, "progress": False}),
        Call("monte_carlo study", lca.monte_carlo, {"thing": w.study, "draws": 16, "progress": False}, 8),
        Call("mixed key", lambda value: lca.monte_carlo(w.pure, draws=4, mix=[value], progress=False), {"value": "p"}),
        Call("summary", lca.summary, {"result": w.result}, 4),
        Call("summary with errors", lca.summary, {"result": w.result, "errors": True}, 4),
        Call("summary of alternatives", lca.summary, {"result": w.rivaling, "per": "year"}, 8),
        Call("compare", lca.compare, {"result": w.engines, "over": "engine", "within": "size", "score": w.score}, 4),
        Call("pareto", lca.pareto, {"result": w.engines, "over": "engine", "score": w.score}, 4),
        Call("effect", lca.effect, {"result": w.engines, "of": "size", "over": "engine"}, 4),
        Call("decide", lca.decide,
             {"thing": w.engines, "over": "engine", "base": 64, "groups": {"all": ["*"]}, "unit": "g CO2e"}, 8),
        Call("sobol", lca.sobol, {"thing": w.study, "base": 8, "groups": {"both": ["nano.embodied"]}}, 8),
        Call("sobol of pairs", lca.sobol, {"thing": w.study, "base": 8, "order": 2, "groups": {"desk": "desk.*"}}, 8),
        Call("shapley", lca.shapley, {"thing": w.study, "base": 8, "most": 3, "groups": "stage"}, 8),
        Call("morris", lca.morris, {"thing": w.study, "base": 8}, 8),
        Call("screen", lca.screen, {"thing": w.study, "base": 8}, 8),
        Call("pawn", lca.pawn, {"thing": w.study, "draws": 128, "slices": 4}, 8),
        Call("pawn of draws", lca.pawn, {"thing": lca.monte_carlo(w.study, draws=40, progress=False), "slices": 2}, 8),
        Call("tornado", lca.tornado, {"thing": w.study}, 8),
        Call("derivation", lca.derivation, {"thing": w.study, "path": "robots.energy"}, 4),
        Call("provenance", lca.provenance, {"thing": w.study}, 8),
        Call("status_shares", lca.status_shares, {"thing": w.study}, 8),
        Call("footprint", lca.footprint, {"activity": w.work, "draws": 16, "unit": "g CO2e"}, 4),
        Call("Result.to", lca.nominal(w.study).to, {"unit": "g CO2e", "of": "use"}),
        Call("save", lca.save, {"result": w.result, "path": folder / "again.lca"}, 4),
        Call("load", lca.load, {"path": saved}),
        Call("rerun", lca.rerun, {"path": saved}),
        Call("verify", lca.verify, {"path": saved}),
        Call("history", lca.history, {"folder": folder, "budget": "5 t CO2e", "quantile": "mean"}, 4),
        Call("check", lca.check, {"thing": w.result, "standards": ("ISO 14044",)}, 4),
        Call("boundary_diagram", lca.boundary_diagram, {"thing": w.study}),
        Call("explore", lca.explore, {"study": w.study, "path": folder / "page.html", "draws": 100, "seed": 0,
                                      "parameters": {"robots.load": ("5 inference/s", "9 inference/s")}}, 8),
        Call("report", lca.report, {"result": w.result, "folder": folder / "report", "study": w.study, "base": 2}, 16),
    ]  # fmt: skip


def _functions() -> list[Call]:
    w = world()
    two = ({"a": 1.0, "b": 2.0}, {"a": w.pure, "b": 2.0})
    found = [Call(f"{name} of a node", getattr(functions, name), {"x": w.pure}) for name in ("exp", "log", "ceil")]
    found += [Call(name, getattr(functions, name), {"x": 1.5}) for name in ("exp", "log", "ceil")]
    for kind, value in (("", 2.0), (" of a node", w.pure)):
        found += [
            Call(f"minimum{kind}", functions.minimum, {"a": value, "b": 1.0}),
            Call(f"maximum{kind}", functions.maximum, {"a": value, "b": 1.0}),
            Call(f"power{kind}", functions.power, {"base": value, "exponent": 2}),
            Call(f"clip{kind}", functions.clip, {"x": value, "low": 0.0, "high": 3.0}),
            Call(f"where{kind}", functions.where, {"condition": value > 1, "yes": 1.0, "no": 2.0}),
            Call(f"interpolate{kind}", functions.interpolate, {"x": value, "x_values": [0, 1], "y_values": [5, 9]}),
            Call(f"apply{kind}", lambda function, x: functions.apply(function, x), {"function": doubled, "x": value}),
        ]
    return [
        *found,
        Call("total", functions.total, {"x": w.node, "over": "model"}),
        Call("total of a table", functions.total, {"x": w.table, "over": "model"}),
        Call("cumulative_product", functions.cumulative_product, {"x": w.pure * w.table, "over": "model"}),
        Call("stack", functions.stack, {"values": two[0], "dim": "model"}),
        Call("stack of nodes", functions.stack, {"values": two[1], "dim": "model"}),
        Call("stacked value", lambda value: functions.stack({"a": w.pure, "b": value}, "model"), {"value": 1.0}),
        Call("select", functions.select, {"x": w.node, "dim": "model", "label": "a"}),
        Call("take", functions.take, {"x": w.node, "dim": "model", "along": w.node.dims[0], "coordinate": "net"}),
        Call("padded", functions.padded, {"x": w.node, "along": w.node.dims[0]}),
    ]


def doubled(x: Any) -> Any:
    """A function of one's own, for `apply`."""
    return 2 * x
