"""What has to raise: an intensive quantity that varies over parts of which its amount knows nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .build import study_of
from .check import Report
from .random_values import Dice
from .spec import chosen, combinations, dims_used

#: Fields that are intensive, by section.
_INTENSIVE = (
    ("electricity", "intensity"), ("electricity", "grid_loss"), ("sites", "pue"), ("sites", "supply_efficiency"),
    ("hardware", "lifetime"), ("hardware", "service_life"),
)  # fmt: skip


def check_refusal(spec: Mapping[str, Any], seed: int, report: Report) -> None:
    """One intensive quantity of a spec split over places, where nothing else is: AccountingError, never a number."""
    from lca.errors import AccountingError

    made = chosen(spec, combinations(spec)[0])
    if "loc" in dims_used(made) or (place := _place(made, seed)) is None:
        return
    section, name, field = place
    value = made[section][name][field]
    made[section][name][field] = {"u": value["u"], "dim": "loc", "v": {"hall": value["v"], "yard": value["v"]}}
    what = f"{name}.{field} over loc"
    try:
        study_of(made)
    except AccountingError:
        report.hold(True, "refuses", what)
    except Exception as error:
        report.hold(False, "refuses", f"{what}: {type(error).__name__}: {' '.join(str(error).split())[:200]}")
    else:
        report.hold(False, "refuses", f"{what} is accepted")


def _place(spec: Mapping[str, Any], seed: int) -> tuple[str, str, str] | None:
    """An intensive field that is a plain number or distribution, and has an effect."""
    found = [
        (section, name, field)
        for section, field in _INTENSIVE
        for name, about in spec[section].items()
        if field in about and "dim" not in about[field] and "meter" not in about[field]
        and not about.get("inner") and _matters(spec, section, name, field)
    ]  # fmt: skip
    return Dice(seed + 17).pick(*found) if found else None


def _matters(spec: Mapping[str, Any], section: str, name: str, field: str) -> bool:
    """Whether a field enters a result: a crossing is used only where an energy needs it."""
    if section == "electricity":
        at = spec[section][name]["intensity"]["u"]
        here = any(site["electricity"] == name for site in _sites(spec).values())
        return here and (field == "intensity" or "busbar" in at)
    if section == "sites":
        inner = {"pue": ("component", "board", "wall"), "supply_efficiency": ("component", "board")}[field]
        return name in _sites(spec) and any(at in inner for at in _boundaries(spec, name))
    if section == "hardware":
        rules = ("reserved_time", "share") if field == "lifetime" else ("active_time",)
        return any(a.get("on") == name and a["allocation"] in rules for a in spec["activities"].values())
    return True


def _sites(spec: Mapping[str, Any]) -> dict[str, Any]:
    names = [a["site"] for a in spec["activities"].values()]
    names += [spec["networks"][a["network"]]["site"] for a in spec["activities"].values() if "network" in a]
    return {name: spec["sites"][name] for name in names}


def _boundaries(spec: Mapping[str, Any], site: str) -> list[str]:
    from .values import boundary_of

    found = []
    for about in spec["activities"].values():
        if about["site"] == site:
            given = about.get("idle_power") or about.get("energy") or about["power"]
            found.append(boundary_of(given["u"]))
        if "network" in about and spec["networks"][about["network"]]["site"] == site:
            found.append(boundary_of(spec["networks"][about["network"]]["energy"]["u"]))
    return found
