"""The energy and the impacts of a spec in plain NumPy, after sections 1 to 4 of docs/method.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .burdens import burdens_of, lives
from .fleets import FleetModel
from .spec import counted_by, counted_in, counts_of, is_value, leaves, of_batches, stages_of
from .terms import Terms, over_lacking, part_shape, summed, times
from .values import AXES, YEAR, Leaves, boundary_of, on_axes

#: Fossil methane and nitrous oxide over 100 years, by set (data/characterization/gwp.csv).
_POTENTIALS = {"SAR": (21.0, 310.0), "AR4": (25.0, 298.0), "AR5": (28.0, 265.0), "AR6": (29.8, 273.0)}


def upper_end(given: Any) -> float:
    """The largest value of a number or of a bounded distribution."""
    return float(given[-1]) if isinstance(given, (list, tuple)) else float(given)


@dataclass(frozen=True)
class Flow:
    """Energy of one flow of electricity, as terms, at the wall and at the facility."""

    wall: Terms | None
    facility: Terms
    site: str
    years: list[int]


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
            count = counted_in(self.spec, self.spec["activities"][name])
            return self.devices(name) * self.load(name, count) * self.get("activities", name, "active")
        if field == "devices":
            return self.devices(name)
        found: np.ndarray = self.get("activities", name, field)
        return found

    # --- deployments --------------------------------------------------------------------------------------------

    def years(self, name: str) -> list[int]:
        about = self.spec["activities"][name]
        if about["kind"] != "deployment":
            return [about["year"]] if "year" in about else []
        period = about["period"]
        if "ref" in period:
            period = self.spec["activities"][period["ref"].split(".")[0]]["period"]
        longest = upper_end(period["v"])  # in years
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
        return 1 - sum(awake)  # type: ignore[no-any-return]

    def load(self, name: str, count: str) -> np.ndarray:
        """What a device is asked per second, told in a count: a batch is its size, a request its output tokens (Q2)."""
        about = self.spec["activities"][name]
        load, counted = self.get("activities", name, "load"), counted_in(self.spec, about)
        if of_batches(self.spec, about):
            load = load * self.get("inference", about["inference"], "batch")
        if count == counted:
            return load  # type: ignore[no-any-return]
        tokens = self.get("activities", name, "output_tokens")
        assert {count, counted} == {"request", "token"}
        return load * tokens if count == "token" else load / tokens  # type: ignore[no-any-return]

    def served(self, name: str, count: str) -> np.ndarray:
        """Inferences, requests or tokens of a whole deployment, by year."""
        active = self.get("activities", name, "active")
        return self.devices(name) * self.load(name, count) * active * self.time(name)  # type: ignore[no-any-return]

    def marginal(self, name: str) -> tuple[Terms, str]:
        """Joules above idle of one of what is served, as terms, and what that is (A3)."""
        activity = self.spec["activities"][name]
        about = self.spec["inference"][activity["inference"]]
        counted = counted_by(about["per"])
        rate = self._throughput(activity["inference"])
        energy = self.get("inference", activity["inference"], "energy")
        if "power" in about:
            energy = self.get("inference", activity["inference"], "power") / rate
        elif about["per"] == "batch":
            energy = energy / self.get("inference", activity["inference"], "batch")
        found = self._above(name, energy, rate)
        if "prefill" not in about:
            return found, counted
        put_out, read = (self.get("activities", name, field) for field in ("output_tokens", "input_tokens"))
        prefill, at = (self.get("inference", activity["inference"], f"prefill{end}") for end in ("", "_throughput"))
        return [*(e * put_out for e in found), *(e * read for e in self._above(name, prefill, at))], "request"

    def _above(self, name: str, energy: np.ndarray, rate: np.ndarray) -> Terms:
        """Joules, and with a minus the idle power that gross ones hold."""
        engine = self.spec["inference"][self.spec["activities"][name]["inference"]]
        return (
            [energy]
            if engine["baseline"] == "marginal"
            else [energy, -self.get("activities", name, "idle_power") / rate]
        )

    def _throughput(self, engine: str) -> np.ndarray:
        """The rate of an engine, in what its joules are told per once batches are taken apart."""
        found = self.get("inference", engine, "throughput")
        batches = found is not None and self.spec["inference"][engine]["throughput"]["u"] == "batch/s"
        return found * self.get("inference", engine, "batch") if batches else found  # type: ignore[no-any-return]

    def _deployment(self, name: str) -> tuple[Terms, Terms, str]:
        """(energy, time that devices are on, boundary of the energy)."""
        devices, time = self.devices(name), self.time(name)
        idle = self.get("activities", name, "idle_power")
        on = [devices * share * time for share in self.shares_of_day(name)]
        each, count = self.marginal(name)
        energy = times(on, idle, what="idle power") + [e * self.served(name, count) for e in each]
        if (sleep := self.get("activities", name, "sleep_power")) is not None:
            energy += times([devices * self.asleep(name) * time], sleep, what="sleep power")
        return energy, on, boundary_of(self.spec["activities"][name]["idle_power"]["u"])

    # --- trainings -----------------------------------------------------------------------------------------------

    def duration(self, name: str) -> np.ndarray | None:
        window = self.get("activities", name, "window")
        if window is None:
            found: np.ndarray | None = self.get("activities", name, "duration")
            return found
        measured, planned, pace = (self.get("activities", name, field) for field in ("measured", "planned", "pace"))
        return window + window / measured * (planned - measured) * pace

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

    def at_wall(self, terms: Terms, on: Terms, boundary: str, site: str) -> Terms | None:
        """Energy at the wall; None where it was counted at the facility."""
        if boundary == "component":
            terms = terms + times(on, self.get("sites", site, "rest_of_machine"), what="the rest of the machine")
            boundary = "board"
        if boundary == "board":
            terms = times(terms, 1 / self.get("sites", site, "supply_efficiency"), what="supply efficiency")
        return None if boundary == "facility" else terms

    def _sent_out(self, facility: Terms, grid: str, years: list[int]) -> Terms:
        """Energy where the intensity of a grid counts it: through its loss to the busbar, or as it is."""
        if boundary_of(self.spec["electricity"][grid]["intensity"]["u"]) != "busbar":
            return facility
        return times(facility, 1 / (1 - self.get("electricity", grid, "grid_loss", years)), what="grid loss")

    def emitted(self, facility: Terms, grid: str, years: list[int]) -> Terms:
        """kg CO2e of energy at the facility, gas by gas (A4)."""
        facility = self._sent_out(facility, grid, years)
        found = times(facility, self.get("electricity", grid, "intensity", years), what="intensity")
        for gas, potential in zip(("methane", "nitrous_oxide"), _POTENTIALS[self.spec.get("gwp", "AR6")], strict=True):
            if (factor := self.get("electricity", grid, gas, years)) is not None:
                found = found + times(facility, factor * potential, what=gas)
        return found

    def water(self, flow: Flow) -> Terms | None:
        """What the grid consumes and what cools the machines; None where a factor is lacking (A13)."""
        grid = self.spec["sites"][flow.site]["electricity"]
        factor = self.get("electricity", grid, "water", flow.years)
        cooling = self.get("sites", flow.site, "wue")
        if factor is None or cooling is None or flow.wall is None:
            return None
        consumed = times(self._sent_out(flow.facility, grid, flow.years), factor, what="water")
        return consumed + times(flow.wall, cooling, what="WUE")

    @cached_property
    def flows(self) -> dict[str, Flow]:
        """Every flow of electricity: "robots", "robots/network"."""
        found = {}
        for name, about in self.spec["activities"].items():
            made = self._deployment(name) if about["kind"] == "deployment" else self._training(name)
            found[name] = self._flow(*made, about["site"], self.years(name))
            if "network" in about:
                network = self.spec["networks"][about["network"]]
                per = about["traffic"]["u"].split("/")[1]
                carried = self.get("activities", name, "traffic") * self.served(name, per)
                per_byte = self.get("networks", about["network"], "energy", self.years(name))
                energy = times([carried], per_byte, what="energy per byte")
                at = boundary_of(network["energy"]["u"])
                found[f"{name}/network"] = self._flow(energy, [], at, network["site"], self.years(name))
        return found

    def _flow(self, energy: Terms, on: Terms, boundary: str, site: str, years: list[int]) -> Flow:
        wall = self.at_wall(energy, on, boundary, site)
        facility = energy if wall is None else times(wall, self.get("sites", site, "pue"), what="PUE")
        return Flow(wall, facility, site, years)

    def mixed_terms(self) -> bool:
        """Whether some flow has terms on different parts: the case of the law of terms."""
        return any(len({part_shape(t) for t in flow.facility}) > 1 for flow in self.flows.values())

    # --- outputs -----------------------------------------------------------------------------------------------

    @cached_property
    def outputs(self) -> dict[str, np.ndarray]:
        """Every output by the name that a study gives it; parts are summed, in details and energies not years."""
        made: dict[str, np.ndarray] = {}
        market: dict[str, np.ndarray] = {}
        liquid: dict[str, np.ndarray | None] = {}
        bought = False
        for name, flow in self.flows.items():
            kind = self.spec["activities"][name.split("/")[0]]["kind"]
            detail = f"{'use' if kind == 'deployment' else kind}/{name}"
            about = self.spec["sites"][flow.site]
            made[f"energy/{name}"] = summed(flow.facility, years=False) / 3.6e6
            made[detail] = summed(self.emitted(flow.facility, about["electricity"], flow.years), years=False)
            contract = about.get("market_electricity")
            bought = bought or bool(contract)
            market[detail] = made[detail]
            if contract:
                market[detail] = summed(self.emitted(flow.facility, contract, flow.years), years=False)
            water = self.water(flow) if self.spec.get("water") else None
            liquid[detail] = None if water is None else summed(water, years=False)
        for name in self.spec["activities"]:
            made |= self._hardware(name, "")
            liquid |= self._hardware(name, ".water")
        details = {key: array for key, array in made.items() if "/" in key and not key.startswith("energy/")}
        made |= self._stages("", details)
        if bought:
            made |= self._stages("market_based/", details | market)
        if self.spec.get("water"):
            made |= self._stages("water/", liquid)
        return made | self._denominators()

    def _hardware(self, name: str, category: str) -> dict[str, np.ndarray | None]:
        about = self.spec["activities"][name]
        if "on" not in about:
            return {}
        several = not isinstance(about["on"], str) and len(about["on"]) > 1
        found: dict[str, np.ndarray | None] = {}
        for thing in [about["on"]] if isinstance(about["on"], str) else about["on"]:
            charged = lives(self, name, thing)
            for stage, burden in burdens_of(self, thing, category).items():
                # a burden may be split over parts of its own, and is then their sum
                made = None if burden is None else summed([one * summed([burden]) for one in charged], years=False)
                found[f"{stage}/{name}" + (f"/{thing}" if several else "")] = made
        return found

    def _stages(self, way: str, details: Mapping[str, np.ndarray | None]) -> dict[str, np.ndarray]:
        """Stages and total of a way to count; a stage that lacks a factor is missing, and with it the total."""
        made: dict[str, np.ndarray] = {}
        for stage in stages_of(self.spec):
            held = [array for key, array in details.items() if key.split("/")[0] == stage]
            if all(array is not None for array in held):
                made[f"{way}{stage}"] = sum(summed([array]) for array in held)  # type: ignore[list-item]
        if len(made) == len(stages_of(self.spec)):
            made[f"{way}total"] = sum(made.values())  # type: ignore[assignment]
        return made

    def _denominators(self) -> dict[str, np.ndarray]:
        unit = self.spec["unit"]
        uses = [name for name, about in self.spec["activities"].items() if about["kind"] == "deployment"]
        if "of" in unit:
            found = {"functional_unit": summed([self.served(unit["of"], unit["count"])]) * unit["times"]}
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
            for count in counts_of(self.spec, uses[0]):
                found[f"per/{count}"] = summed([self.served(uses[0], count)])
            found["per/device_year"] = summed([devices * time])
        return found
