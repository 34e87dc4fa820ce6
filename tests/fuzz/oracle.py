"""The energy and the impacts of a spec in plain NumPy, after sections 1 to 4 of docs/method.md."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from .burdens import burdens_of, lives
from .fleets import FleetModel
from .spec import is_value, leaves, stages_of
from .terms import Terms, over_lacking, part_shape, summed, times
from .values import AXES, YEAR, Leaves, boundary_of, on_axes

_FOSSIL_METHANE, _NITROUS_OXIDE = 29.8, 273.0  # AR6, IPCC WG1 table 7.15


def upper_end(given: Any) -> float:
    """The largest value of a number or of a bounded distribution."""
    return float(given[-1]) if isinstance(given, (list, tuple)) else float(given)


class Oracle:
    """Every output of a spec without scenarios: nominal (draws=0) or for draws of its leaves."""

    def __init__(self, spec: Mapping[str, Any], draws: int, seed: int = 0) -> None:
        self.spec = spec
        self.leaf = Leaves(leaves(spec), draws, seed)

    # --- values ------------------------------------------------------------------------------------------------

    def get(self, section: str, name: str, field: str, years: Any = None) -> Any:
        """A field in root units, None where it is not given."""
        about = self.spec[section][name]
        if field not in about:
            return None
        value = about[field]
        if "ref" in value:
            return self._referred(*value["ref"].split(".")) * value["times"]
        found = self.leaf(f"{about.get('key', name)}.{field}", years)
        return found * self.leaf(f"{value['meter']}.accuracy") if "meter" in value else found

    def _referred(self, name: str, field: str) -> np.ndarray:
        if field == "rate":
            return self.devices(name) * self.get("activities", name, "load") * self.get("activities", name, "active")
        if field == "devices":
            return self.devices(name)
        found: np.ndarray = self.get("activities", name, field)
        return found

    # --- deployments --------------------------------------------------------------------------------------------

    def years(self, name: str) -> list[int]:
        about = self.spec["activities"][name]
        if about["kind"] != "deployment":
            return [about["year"]] if "year" in about else []
        longest = upper_end(about["period"]["v"])  # in years
        return list(range(about["start"], about["start"] + int(np.ceil(longest - 1e-9))))

    def time(self, name: str) -> np.ndarray:
        """The part of the period in each year."""
        elapsed = on_axes(np.arange(len(self.years(name)))[:, None] * YEAR, "year")
        return np.clip(self.get("activities", name, "period") - elapsed, 0, YEAR)

    def fleet(self, name: str) -> FleetModel | None:
        fleet = self.spec["activities"][name].get("fleet")
        return FleetModel(self, fleet, self.time(name)) if fleet else None

    def devices(self, name: str) -> np.ndarray:
        if fleet := self.fleet(name):
            return fleet.in_service()
        found = self.get("activities", name, "devices")
        return on_axes(np.ones(1), None) if found is None else found

    def shares_of_day(self, name: str) -> Terms:
        """Active time and, where there is any, idle time, each on its own dims."""
        found = [self.get("activities", name, "active"), self.get("activities", name, "idle")]
        return [share for share in found if share is not None]

    def asleep(self, name: str) -> np.ndarray:
        """The share of the day of a device that is neither active nor idle."""
        devices = self.devices(name)
        awake = [over_lacking(share, devices) for share in self.shares_of_day(name)]
        return np.maximum(1 - sum(awake), 0)

    def inferences(self, name: str) -> np.ndarray:
        found: np.ndarray = self._referred(name, "rate") * self.time(name)
        return found

    def marginal(self, name: str) -> Terms:
        """Joules per inference above idle, as terms (A3)."""
        activity = self.spec["activities"][name]
        engine = activity["inference"]
        about = self.spec["inference"][engine]
        energy = self.get("inference", engine, "energy")
        if about["per"] == "batch":
            energy = energy / self.get("inference", engine, "batch")
        if about["baseline"] == "marginal":
            return [energy]
        idle = self.get("activities", name, "idle_power")
        return [energy, -idle / self.get("inference", engine, "throughput")]

    def _deployment(self, name: str) -> tuple[Terms, Terms, str]:
        """(energy, time that devices are on, boundary of the energy)."""
        devices, time = self.devices(name), self.time(name)
        idle = self.get("activities", name, "idle_power")
        on = [devices * share * time for share in self.shares_of_day(name)]
        energy = times(on, idle, what="idle power") + [e * self.inferences(name) for e in self.marginal(name)]
        if (sleep := self.get("activities", name, "sleep_power")) is not None:
            energy += times([devices * self.asleep(name) * time], sleep, what="sleep power")
        return energy, on, boundary_of(self.spec["activities"][name]["idle_power"]["u"])

    # --- trainings -----------------------------------------------------------------------------------------------

    def duration(self, name: str) -> np.ndarray | None:
        window = self.get("activities", name, "window")
        if window is None:
            found: np.ndarray | None = self.get("activities", name, "duration")
            return found
        return window / self.get("activities", name, "measured") * self.get("activities", name, "planned")

    def held(self, name: str) -> np.ndarray | None:
        """The time of each run: what takes energy label by label holds its hardware label by label."""
        duration = self.duration(name)
        if duration is None:
            return None
        energy = self._training_energy(name)
        return np.broadcast_to(duration, np.broadcast_shapes(duration.shape, (*energy.shape[:-1], 1)))

    def _training_energy(self, name: str) -> np.ndarray:
        given: np.ndarray | None = self.get("activities", name, "energy")
        if given is not None:
            return given
        return self.get("activities", name, "power") * self.duration(name) * self.devices(name)

    def _training(self, name: str) -> tuple[Terms, Terms, str]:
        about = self.spec["activities"][name]
        held = self.held(name)
        on = [] if held is None else [held * self.devices(name)]
        return [self._training_energy(name)], on, boundary_of((about.get("energy") or about["power"])["u"])

    # --- crossings and electricity -------------------------------------------------------------------------------

    def at_facility(self, terms: Terms, on: Terms, boundary: str, site: str) -> Terms:
        if boundary == "component":
            terms = terms + times(on, self.get("sites", site, "rest_of_machine"), what="the rest of the machine")
            boundary = "board"
        if boundary == "board":
            terms = times(terms, 1 / self.get("sites", site, "supply_efficiency"), what="supply efficiency")
            boundary = "wall"
        return times(terms, self.get("sites", site, "pue"), what="PUE") if boundary == "wall" else terms

    def emitted(self, facility: Terms, grid: str, years: list[int]) -> Terms:
        """kg CO2e of energy at the facility: through the loss of the grid, gas by gas (A4)."""
        about = self.spec["electricity"][grid]
        if boundary_of(about["intensity"]["u"]) == "busbar":
            loss = self.get("electricity", grid, "grid_loss", years)
            facility = times(facility, 1 / (1 - loss), what="grid loss")
        found = times(facility, self.get("electricity", grid, "intensity", years), what="intensity")
        for gas, potential in (("methane", _FOSSIL_METHANE), ("nitrous_oxide", _NITROUS_OXIDE)):
            if (factor := self.get("electricity", grid, gas, years)) is not None:
                found = found + times(facility, factor * potential, what=gas)
        return found

    def energies(self) -> dict[str, tuple[Terms, str, list[int]]]:
        """Energy at the facility of each flow, with its site and years: "robots", "robots/network"."""
        found: dict[str, tuple[Terms, str, list[int]]] = {}
        for name, about in self.spec["activities"].items():
            made = self._deployment(name) if about["kind"] == "deployment" else self._training(name)
            found[name] = (self.at_facility(*made, about["site"]), about["site"], self.years(name))
            if "network" in about:
                network = self.spec["networks"][about["network"]]
                carried = self.get("activities", name, "traffic") * self.inferences(name)
                per_byte = self.get("networks", about["network"], "energy", self.years(name))
                energy = times([carried], per_byte, what="energy per byte")
                at = self.at_facility(energy, [], boundary_of(network["energy"]["u"]), network["site"])
                found[f"{name}/network"] = (at, network["site"], self.years(name))
        return found

    def mixed_terms(self) -> bool:
        """Whether some flow has terms on different parts: the case of the law of terms."""
        return any(len({part_shape(t) for t in terms}) > 1 for terms, _, _ in self.energies().values())

    # --- outputs -----------------------------------------------------------------------------------------------

    @cached_property
    def outputs(self) -> dict[str, np.ndarray]:
        """Every output by the name that a study gives it; parts are summed, in details and energies not years."""
        made: dict[str, np.ndarray] = {}
        market: dict[str, np.ndarray] = {}
        stage_of = {name: {"deployment": "use"}.get(a["kind"], a["kind"]) for name, a in self.spec["activities"].items()}
        bought = False
        for flow, (facility, site, years) in self.energies().items():
            detail = f"{stage_of[flow.split('/')[0]]}/{flow}"
            about = self.spec["sites"][site]
            made[f"energy/{flow}"] = summed(facility, years=False) / 3.6e6
            made[detail] = summed(self.emitted(facility, about["electricity"], years), years=False)
            contract = about.get("market_electricity")
            bought = bought or bool(contract)
            market[detail] = (
                summed(self.emitted(facility, contract, years), years=False) if contract else made[detail]
            )
        for name, about in self.spec["activities"].items():
            made |= self._hardware(name, about)
        self._stages(made, "")
        if bought:
            self._stages(made, "market_based/", market)
        return made | self._denominators()

    def _hardware(self, name: str, about: Mapping[str, Any]) -> dict[str, np.ndarray]:
        if "on" not in about:
            return {}
        several = not isinstance(about["on"], str) and len(about["on"]) > 1
        found = {}
        for thing in [about["on"]] if isinstance(about["on"], str) else about["on"]:
            charged = lives(self, name, thing)
            for stage, burden in burdens_of(self, thing).items():
                behind = f"/{thing}" if several else ""
                # a burden may be split over parts of its own, and is then their sum
                found[f"{stage}/{name}{behind}"] = summed([term * summed([burden]) for term in charged], years=False)
        return found

    def _stages(self, made: dict[str, np.ndarray], way: str, instead: Mapping[str, np.ndarray] | None = None) -> None:
        details = {key: array for key, array in made.items() if "/" in key and not key.startswith("energy/")}
        details |= instead or {}
        total = np.zeros((1,) * len(AXES))
        for stage in stages_of(self.spec):
            made[f"{way}{stage}"] = sum(summed([a]) for key, a in details.items() if key.split("/")[0] == stage)
            total = total + made[f"{way}{stage}"]
        made[f"{way}total"] = total

    def _denominators(self) -> dict[str, np.ndarray]:
        unit = self.spec["unit"]
        uses = [name for name, about in self.spec["activities"].items() if about["kind"] == "deployment"]
        if "of" in unit:
            found = {"functional_unit": summed([self.inferences(unit["of"])]) * unit["times"]}
            uses = [unit["of"]]
        else:
            assert is_value(unit["count"])
            found = {"functional_unit": on_axes(np.array([float(unit["count"]["v"])]), None)}
        if len(uses) == 1:
            time, devices = self.time(uses[0]), self.devices(uses[0])
            period = self.get("activities", uses[0], "period")
            by_year = devices.shape[AXES.index("year")] > 1
            found["per/device"] = summed([devices * time]) / period if by_year else summed([devices])
            found["per/year"] = period
            found["per/device_year"] = summed([devices * time])
        return found
