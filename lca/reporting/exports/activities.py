"""What an export asks of some activities of a study: their energy, what it emits, hardware, places and machines."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import xarray

from ...electricity.electricity import Electricity
from ...electricity.places import known_place
from ...impact.views import BURDENS
from ...interpretation.result import Result
from ...inventory.activity import Activity
from ...inventory.stages import STAGES, stage_label
from .numbers import Number, drawn
from .texts import say

_US = "United States"  # of which subregions and states have figures of their own
MASS, ENERGY, INTENSITY = "kg CO2e", "kWh at the facility", "kg CO2e/(kWh at the facility)"


@dataclass(frozen=True)
class Told:
    """One activity by the names of its variables in a result; `record` is it, where the study is known."""

    slug: str
    stage: str
    energy: tuple[str, ...]  # "energy/robots"
    operation: tuple[str, ...]  # "use/robots": what its energy emits, or what a publisher states in its place
    embodied: tuple[str, ...]  # "manufacturing/robots"
    record: Activity | None

    @property
    def name(self) -> str:
        """What people call it, where the study is known."""
        return self.record.name if self.record is not None else self.slug


@dataclass(frozen=True)
class Group:
    """Some activities of a result, in the order of the stages."""

    result: Result
    those: tuple[Told, ...]

    @property
    def slugs(self) -> list[str]:
        """What results call them."""
        return [one.slug for one in self.those]

    def in_stages(self, stages: Collection[str]) -> Group:
        """Those whose own stage is one of these."""
        return Group(self.result, tuple(one for one in self.those if one.stage in stages))

    @cached_property
    def energy(self) -> xarray.DataArray:
        """Their electricity, [kWh at the facility], draw by draw."""
        return drawn(self.result, [name for one in self.those for name in one.energy])

    @cached_property
    def operation(self) -> xarray.DataArray:
        """What their electricity emits, and what publishers state in its place, [kg CO2e], draw by draw."""
        return drawn(self.result, [name for one in self.those for name in one.operation])

    @cached_property
    def embodied(self) -> xarray.DataArray:
        """The making, transport and end of life of their hardware, [kg CO2e], draw by draw."""
        return drawn(self.result, [name for one in self.those for name in one.embodied])

    @property
    def kilowatt_hours(self) -> Number:
        """Their electricity as a number."""
        return Number.of_draws(self.energy, ENERGY)

    @property
    def intensity(self) -> Number | None:
        """What a kWh at the facility emits, of those with a known energy; None where there is none."""
        known = Group(self.result, tuple(one for one in self.those if one.energy))
        if not bool((known.energy > 0).all()):
            return None
        return Number.of_draws(known.operation / known.energy, INTENSITY)

    @property
    def without_energy(self) -> list[str]:
        """Those that are known by their CO2e alone."""
        return [one.name for one in self.those if not one.energy]

    @property
    def records(self) -> list[Activity]:
        """Those that are known as components; none of a result without its study."""
        return [one.record for one in self.those if one.record is not None]

    @property
    def electricity(self) -> list[Electricity]:
        """The location-based electricity of their sites, each once."""
        sites = [flow.site for one in self.records for flow in one.electricity_flows]
        return list(dict.fromkeys(site.electricity for site in sites if site.electricity is not None))

    @property
    def places(self) -> list[str]:
        """Where this electricity is taken, as far as its region is named: "RFC West (US-RFCW)", each once."""
        regions = dict.fromkeys(one.region for one in self.electricity if one.region not in ("", "unknown"))
        places = {region: known_place(region) for region in regions}
        return [f"{place.name} ({region})" if place else region for region, place in places.items()]

    @property
    def countries(self) -> list[str]:
        """The countries of this electricity, as far as the tables know them, each once."""
        places = filter(None, (known_place(one.region) for one in self.electricity))
        return list(dict.fromkeys(_US if place.kind in ("egrid", "state") else place.name for place in places))

    @property
    def machines(self) -> list[str]:
        """The names of the hardware that they run on, each once."""
        return list(dict.fromkeys(thing.name for one in self.records for thing in one.machines))


def activities_of(result: Result) -> Group:
    """The activities of a result, which has details."""
    details = [(name, *name.split("/")[:2]) for name in result.model.details]
    stages = {slug: stage for _, stage, slug in details if stage not in BURDENS}
    records = {one.slug: one for one in (result.study_if_whole.activities if result.study_if_whole is not None else ())}
    energies = [name for name in result.model.outputs if name.startswith("energy/")]
    made = [
        Told(
            slug, stage,
            tuple(name for name in energies if name.split("/")[1] == slug),
            tuple(name for name, where, of in details if of == slug and where not in BURDENS),
            tuple(name for name, where, of in details if of == slug and where in BURDENS),
            records.get(slug),
        )
        for slug, stage in sorted(stages.items(), key=lambda one: STAGES.index(one[1]))
    ]  # fmt: skip
    return Group(result, tuple(made))


def kept_note(result: Result) -> list[str]:
    """What is said where sums over activities are not over all draws."""
    return [say("common", "kept", first=result.first)] if result.first else []


def said_of_draws(result: Result) -> str:
    """What the numbers of an export are: medians of so many draws, or nominal values."""
    return say("common", "drawn", draws=result.drawn) if result.seed is not None else say("common", "nominal")


def covered(result: Result) -> list[str]:
    """What the intervals cover, where there are draws."""
    return [result.contents] if result.seed is not None else []


def reasons(result: Result, stages: Sequence[str]) -> dict[str, str]:
    """Why each stage that is not among `stages` is not: its exclusion, or that it was left out here."""
    excluded = {name: one.reason for name, one in result.model.excluded.items() if name in STAGES}
    left_out = say("common", "left_out")
    return {name: excluded.get(name, left_out) for name in STAGES if name not in stages}


def boundary(result: Result, within: Sequence[str]) -> str:
    """What is within a boundary and what is not, with the reasons; single figures that are left out stand last."""
    outside = reasons(result, within)
    outside |= {name: one.reason for name, one in result.model.excluded.items() if name not in STAGES}
    said = [say("common", "within", stages=", ".join(map(stage_label, within)))]
    for reason in dict.fromkeys(outside.values()):
        stages = ", ".join(stage_label(stage) for stage, why in outside.items() if why == reason)
        said.append(say("common", "without", stages=stages, reason=reason))
    return " ".join(said)
