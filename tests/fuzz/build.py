"""A spec as `lca` objects: what a user would write, and no arithmetic."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import lca

from .spec import AMOUNTS, dims_used, field_of, stages_of
from .values import PARTS, RIVALS, as_given

_TAGS = {
    "region": "somewhere", "year": 2024, "gwp_set": "AR6", "basis": "direct", "mix": "production",
    "averaging": "average", "release": "1",
}  # fmt: skip
#: Fields of a spec that are values, by the argument that takes them.
_ELECTRICITY = ("grid_loss", "methane", "nitrous_oxide")
_SITE = ("pue", "supply_efficiency", "rest_of_machine", "wue")
_HARDWARE = ("embodied", "distribution", "end_of_life", "lifetime", "service_life")
_INFERENCE = ("energy", "batch", "throughput", "power", "prefill", "prefill_throughput")
_DEPLOYMENT = (
    "period", "load", "active", "idle", "idle_power", "sleep_power", "devices", "traffic", "share", "output_tokens",
    "input_tokens",
)  # fmt: skip
_TRAINING = ("energy", "power", "duration", "window", "measured", "planned", "pace", "devices", "share")


class Builder:
    """The records of one spec, each made once and shared by all that name it."""

    def __init__(self, spec: Mapping[str, Any]) -> None:
        self.spec, self.made = spec, {}

    def __call__(self, section: str, name: str) -> Any:
        if name not in self.made:
            self.made[name] = getattr(self, f"_{section}")(name, self.spec[section][name])
        return self.made[name]

    def value(self, given: Any) -> Any:
        """A value as a user gives it; a reading comes from its meter, a reference from the component it names."""
        if not isinstance(given, Mapping):
            return given
        if "ref" in given:
            name, field = given["ref"].split(".")
            node = getattr(self("activities", name), field)
            return node if given["times"] == 1 else node * given["times"]
        if "meter" not in given:
            return as_given(given)
        read = self("meters", given["meter"]).read
        unit = re.sub(r" ?at_\w+", "", given["u"])
        return read(given["v"], unit, dim=given["dim"]) if "dim" in given else read(given["v"], unit)

    def _values(self, about: Mapping[str, Any], names: Any) -> dict[str, Any]:
        return {name: self.value(about[name]) for name in names if name in about}

    def _named(self, name: str, about: Mapping[str, Any]) -> dict[str, Any]:
        return {"key": about["key"]} if "key" in about else {}

    def _meters(self, name: str, about: Mapping[str, Any]) -> Any:
        return lca.Meter(name, **about)

    def _electricity(self, name: str, about: Mapping[str, Any]) -> Any:
        market = about.get("market")
        stands = {"accounting": "market-based", "instrument": "a contract"} if market else {
            "accounting": "location-based"}  # fmt: skip
        return lca.Electricity(
            name, intensity=self.value(about["intensity"]), key=about.get("key", name),
            **self._values(about, _ELECTRICITY), **_TAGS, **stands,
            categories={"water": self.value(about["water"])} if "water" in about else None,
        )  # fmt: skip

    def _sites(self, name: str, about: Mapping[str, Any]) -> Any:
        records = {
            field: self("electricity", about[field])
            for field in ("electricity", "market_electricity") if about.get(field)
        }  # fmt: skip
        return lca.Site(name, **records, **self._values(about, _SITE), **self._named(name, about))

    def _hardware(self, name: str, about: Mapping[str, Any]) -> Any:
        given = self._values(about, _HARDWARE) | self._named(name, about)
        water = {field.split(".")[0]: self.value(one) for field, one in about.items() if field.endswith(".water")}
        given |= {"categories": {"water": water}} if water else {}
        if "parts" in about:
            lifetime = given.pop("lifetime")
            return lca.Hardware.from_parts(name, [self._part(p) for p in about["parts"]], lifetime=lifetime, **given)
        return lca.Hardware(name, **given)

    def _part(self, part: Mapping[str, Any]) -> Any:
        if part["kind"] == "share":
            whole = part["of"]
            return (self("hardware", whole) if isinstance(whole, str) else self._part(whole)).per(part["among"])
        if part["kind"] == "hardware":
            return self("hardware", part["name"])
        kind = {"part": lca.Part, "memory": lca.Memory, "storage": lca.Storage, "board": lca.Board,
                "cooling": lca.Cooling, "die": lca.Die}[part["kind"]]  # fmt: skip
        fields = ("embodied", "factor", "fixed", AMOUNTS[part["kind"]], *DIE)
        words = {name: part[name] for name in ("yield_model",) if name in part}
        fab = {"fab": self("electricity", part["fab"])} if "fab" in part else {}
        return kind(part["name"], count=part.get("count", 1), **self._values(part, fields), **words, **fab)

    def _inference(self, name: str, about: Mapping[str, Any]) -> Any:
        return lca.Inference(
            name, per=about["per"], baseline=about["baseline"],
            **self._values(about, _INFERENCE), **self._named(name, about),
        )  # fmt: skip

    def _networks(self, name: str, about: Mapping[str, Any]) -> Any:
        return lca.Network(name, self.value(about["energy"]), site=self("sites", about["site"]))

    def _fleets(self, name: str, about: Mapping[str, Any]) -> Any:
        plain = {key: about[key] for key in ("shape", "renewal", "steps") if key in about}
        return lca.Fleet(name, self.value(about["deliveries"]), **self._values(about, ("life", "spares")), **plain)

    def _on(self, on: Any) -> Any:
        if isinstance(on, Mapping):
            return {self("hardware", name): self.value(count) for name, count in on.items()}
        return self("hardware", on)

    def _activities(self, name: str, about: Mapping[str, Any]) -> Any:
        words = {key: about[key] for key in ("allocation", "year", "start") if key in about} | self._named(name, about)
        if "on" in about:
            words["on"] = self._on(about["on"])
        words["site"] = self("sites", about["site"])
        if about["kind"] != "deployment":
            kind = lca.Training if about["kind"] == "training" else lca.Development
            return kind(name, **self._values(about, _TRAINING), **words)
        for section in ("networks", "fleets"):
            if section[:-1] in about:
                words[section[:-1]] = self(section, about[section[:-1]])
        return lca.Deployment(
            name, self("inference", about["inference"]), **self._values(about, _DEPLOYMENT), **words
        )  # fmt: skip

    def unit(self) -> Any:
        about = self.spec["unit"]
        if "of" not in about:
            return lca.FunctionalUnit("unit", count=as_given(about["count"]))
        count = getattr(self("activities", about["of"]), f"{about['count']}s")
        return lca.FunctionalUnit("unit", count=count if about["times"] == 1 else count * about["times"])

    def study(self) -> Any:
        """The study without its scenarios."""
        activities = [self("activities", name) for name in self.spec["activities"]]
        used = dims_used(self.spec)
        left = [stage for stage in lca_stages() if stage not in stages_of(self.spec)]
        return lca.Study(
            "study", *activities, functional_unit=self.unit(),
            parts=[dim for dim in PARTS if dim in used], alternatives=[dim for dim in RIVALS if dim in used],
            excluded={stage: lca.outside_goal("not asked") for stage in left}, gwp=self.spec.get("gwp", "AR6"),
            categories=("climate_change", "water") if self.spec.get("water") else ("climate_change",),
        )  # fmt: skip

    def change(self, change: Mapping[str, Any], given: Any) -> Any:
        """What stands at a path after a change: a record by its name, a word, or a value."""
        section = field_of(change)
        if section == "on":
            return self._on(given)
        if section == "parts":
            return [self._part(part) for part in given]
        return self(section, given) if section else self.value(given)


#: What a die of a spec states itself.
DIE = ("defect_density", "clustering", "harvest", "fab_energy", "gases", "materials")


def lca_stages() -> tuple[str, ...]:
    return ("development", "training", "manufacturing", "distribution", "use", "end_of_life")


def study_of(spec: Mapping[str, Any], *, scenarios: bool = True) -> Any:
    """The study of a spec, varied over its scenarios."""
    build = Builder(spec)
    made = build.study()
    for scenario in spec.get("scenarios", []) if scenarios else []:
        made = made.vary(scenario["dim"], {
            change["path"]: {label: build.change(change, one) for label, one in change["values"].items()}
            for change in scenario["changes"]
        })  # fmt: skip
    return made


def replaced(spec: Mapping[str, Any], labels: Mapping[str, Any]) -> Any:
    """The same study, each scenario replaced by one of its labels."""
    build = Builder(spec)
    made = build.study()
    for scenario in spec["scenarios"]:
        label = labels[scenario["dim"]]
        made = made.replace({c["path"]: build.change(c, c["values"][label]) for c in scenario["changes"]})
    return made
