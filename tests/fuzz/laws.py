"""What must be true of any study, whatever its numbers: sums, selections, names, order, doubling, files."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

import lca

from .build import replaced, study_of
from .check import DRAWS, Report, selected
from .spec import SECTIONS, chosen, combinations, reached

_SAME = 1e-12
#: What a component without `key=` in a spec of these sections is keyed by, so that it can be renamed.
_KEYED = ("sites", "hardware", "inference", "activities")


def draws_of(thing: Any) -> Any:
    return lca.monte_carlo(thing, draws=DRAWS, progress=False).data


def stages(data: Any) -> list[str]:
    """Total, stages and views: what every table shows."""
    return [str(name) for name in data if "/" not in str(name) or str(name).split("/")[0] == "market_based"]


def same(report: Report, law: str, got: Any, right: Any, close: float = _SAME) -> None:
    """Two results with the same totals and stages."""
    report.hold(set(stages(got)) == set(stages(right)), law, "names", sorted(stages(right)), sorted(stages(got)))
    for name in set(stages(got)) & set(stages(right)):
        one, other = got[name], right[name]
        report.hold(set(one.dims) == set(other.dims), law, f"dims of {name}", other.dims, one.dims)
        if set(one.dims) == set(other.dims):
            report.equal(one.transpose(*other.dims), other, law, name, close)


def sums(spec: Mapping[str, Any], study: Any, report: Report) -> None:
    """Years and activities sum to the total, in the tables that a reader sees (A7)."""
    result = lca.monte_carlo(study, draws=8, progress=False)
    total = _column(lca.summary(result), "total")
    for by in ("activity", "year"):
        if by == "activity" or any("year" in array.dims for array in result.data.values()):
            table = lca.summary(result, by=by)
            report.equal(_column(table, "total"), total, "sums", f"total by {by}")
            report.equal(_column(table), total, "sums", f"rows by {by}", 1e-9)


def _column(table: Any, row: str = "") -> np.ndarray:
    """The means of one row, or the sum of those of all others than the total, for each alternative."""
    rows = table["mean"][table.index.get_level_values(-1) == (row or "total")] if row else (
        table["mean"][table.index.get_level_values(-1) != "total"])  # fmt: skip
    if table.index.nlevels == 1:
        return np.array([rows.sum()])
    return np.asarray(rows.groupby(level=list(range(table.index.nlevels - 1)), sort=True).sum())


def vary_then_sel(spec: Mapping[str, Any], study: Any, report: Report) -> None:
    """A scenario at one label is the study with that label's values (D4)."""
    for labels in combinations(spec)[:3] if spec.get("scenarios") else []:
        right = draws_of(replaced(spec, labels))
        same(report, "vary then sel = replace", draws_of(study.sel(**labels)), right)
        built = draws_of(study_of(chosen(spec, labels)))
        same(report, "replace = written so", right, built)


def side_by_side(spec: Mapping[str, Any], study: Any, report: Report) -> None:
    """Whole studies side by side are these studies (D4)."""
    cases = combinations(spec)[:2]
    if len(cases) < 2:
        return
    studies = {f"plan {i}": study_of(chosen(spec, labels)) for i, labels in enumerate(cases)}
    data = draws_of(lca.alternatives("plan", studies))
    for label, one in studies.items():
        same(report, "side by side", selected(data, {"plan": label}), draws_of(one))


def sel_then_total(spec: Mapping[str, Any], study: Any, report: Report) -> None:
    """The total of a selection is the selection of the total (D2)."""
    whole = lca.nominal(study).data
    if not study.alternatives:
        return
    labels = {dim: whole[dim].values.tolist()[-1] for dim in study.alternatives if dim in whole.coords}
    right = selected(draws_of(study), labels)
    same(report, "sel then total = total then sel", draws_of(study.sel(**labels)), right)


def energy_split(spec: Mapping[str, Any], study: Any, report: Report) -> None:
    """Joules split over parts are the same joules."""
    made = copy.deepcopy(dict(chosen(spec, combinations(spec)[0])))
    engines = [name for section, name in reached(made) if section == "inference"]
    held = [made["inference"][name].get("energy") or made["inference"][name]["power"] for name in engines]
    plain = [value for value in held if not isinstance(value["v"], (dict, list))]
    if not plain:
        return
    right = lca.nominal(study_of(made)).data
    for energy in plain:
        energy["dim"], energy["v"] = "net", {"detector": energy["v"] * 0.375, "descriptor": energy["v"] * 0.625}
    same(report, "energy split over parts", lca.nominal(study_of(made)).data, right, 1e-9)


def renamed(spec: Mapping[str, Any], study: Any, report: Report) -> None:
    """A component renamed with key= keeps the bits of its draws (U1)."""
    made = _with_names(dict(chosen(spec, combinations(spec)[0])))
    right = draws_of(study_of(chosen(spec, combinations(spec)[0])))
    got = draws_of(study_of(made))
    for name in stages(right):
        fine = name in got and np.array_equal(got[name].to_numpy(), right[name].to_numpy())
        report.hold(fine, "key= keeps the bits", name)


def _with_names(spec: dict[str, Any]) -> dict[str, Any]:
    """The spec with every component of some sections renamed, its key kept."""
    made = copy.deepcopy(spec)
    names = {name: f"{name}-anew" for section in _KEYED for name in made[section]}
    for section in SECTIONS:
        made[section] = {names.get(name, name): _renamed(about, names) for name, about in made[section].items()}
    for section in _KEYED:
        for name, about in made[section].items():
            about.setdefault("key", name.removesuffix("-anew"))
    if "of" in made["unit"]:
        made["unit"]["of"] = names[made["unit"]["of"]]
    return made


def _renamed(about: Any, names: Mapping[str, str]) -> Any:
    """References to components by their new names."""
    if isinstance(about, dict):
        if "ref" in about:
            name, field = about["ref"].split(".")
            return about | {"ref": f"{names[name]}.{field}"}
        return {key: _field(key, value, names) for key, value in about.items()}
    return about


def _field(key: str, value: Any, names: Mapping[str, str]) -> Any:
    if key in ("site", "inference", "on", "of") and isinstance(value, str):
        return names.get(value, value)
    if key == "on":  # counts are keyed by the name of the hardware, so these keep theirs
        return {names[name]: count for name, count in value.items()}
    if key == "parts":
        return [_part(part, names) for part in value]
    return _renamed(value, names)


def _part(part: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    made = {key: _renamed(value, names) for key, value in part.items()}
    if part["kind"] == "hardware":
        made["name"] = names[part["name"]]
    if isinstance(part.get("of"), str):
        made["of"] = names[part["of"]]
    return made


def permuted(spec: Mapping[str, Any], study: Any, report: Report) -> None:
    """The order of activities changes nothing."""
    made = chosen(spec, combinations(spec)[0])
    right = draws_of(study_of(made))
    referred = any("ref" in str(about) for about in made["activities"].values())
    if len(made["activities"]) > 1:
        made["activities"] = dict(reversed(made["activities"].items()))
        same(report, "permuted activities", draws_of(study_of(made)), right, 1e-11 if referred else _SAME)


def doubled(spec: Mapping[str, Any], study: Any, report: Report) -> None:
    """Twice the devices: twice the energy, the inferences and the hardware that is counted by them."""
    made = chosen(spec, combinations(spec)[0])
    for name, about in made["activities"].items():
        number = about.get("devices", {}).get("v")
        if about["kind"] != "deployment" or not isinstance(number, float):
            continue
        one = study_of(made)
        right, got = lca.nominal(one).data, lca.nominal(one.replace({f"{name}.devices": 2 * number})).data
        details = [d for d in map(str, right) if d.split("/")[1:2] == [name]]
        for detail in details:
            fixed = isinstance(about.get("on"), dict) and detail.split("/")[0] not in ("use", "energy")
            factor = 1 if fixed else 2
            report.equal(got[detail].sum(), factor * right[detail].sum(), "devices x 2", detail)
        if made["unit"].get("of") == name:
            report.equal(got["functional_unit"], 2 * right["functional_unit"], "devices x 2", "functional unit")


def saved(spec: Mapping[str, Any], study: Any, report: Report) -> None:
    """Saved, loaded, run again: the same."""
    result = lca.monte_carlo(study, draws=16, progress=False)
    with tempfile.TemporaryDirectory() as folder:
        path = lca.save(result, Path(folder) / "result.lca")
        loaded = lca.load(path)
        report.hold(loaded.data.identical(result.data), "save and load", "data")
        made = lca.monte_carlo(loaded.study, draws=16, progress=False)
        report.hold(made.data.identical(result.data), "the study of a file", "data")
        again, table = lca.rerun(path)
        for name in result.data:
            fine = np.array_equal(again.data[name].to_numpy(), result.data[name].to_numpy())
            report.hold(fine, "rerun", str(name))
        # a row for each alternative of each output, such as "use[engine=fp16]"
        shown = {str(row).split("[")[0] for row in table.index.get_level_values(0)}
        report.hold(shown == set(map(str, result.data)), "rerun", "outputs in the table", len(result.data), len(shown))


def prefix(spec: Mapping[str, Any], study: Any, report: Report) -> None:
    """The first draws of many are the draws of few (U2)."""
    few = lca.monte_carlo(study, draws=8, progress=False).data
    many = draws_of(study)
    for name in stages(few):
        if "draw" in few[name].dims:
            fine = np.array_equal(many[name].isel(draw=slice(8)).to_numpy(), few[name].to_numpy())
            report.hold(fine, "prefix of draws", name)


LAWS: tuple[Callable[[Mapping[str, Any], Any, Report], None], ...] = (
    sums, vary_then_sel, side_by_side, sel_then_total, energy_split, renamed, permuted, doubled, saved, prefix,
)  # fmt: skip


def check_laws(spec: Mapping[str, Any], study: Any, report: Report, which: Any = LAWS) -> None:
    """Laws on one study; an error of any kind is a failure of the law that met it."""
    for law in which:
        try:
            law(spec, study, report)
        except Exception as error:
            report.hold(False, law.__name__, f"{type(error).__name__}: {' '.join(str(error).split())[:400]}")
