"""What is checked: a study, or a result with its draws, and the facts that several rules ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...electricity.electricity import TAGS, Electricity
from ...graph.leaf import Parameter
from ...graph.node import parameters
from ...graph.rewrite import Selections
from ...hardware.hardware import Hardware
from ...impact.views import BURDENS
from ...interpretation.explain import definitions
from ...interpretation.result import Result, nominal
from ...interpretation.spread import headlines
from ...inventory.activity import Activity
from ...inventory.site import Site
from ...inventory.stages import STAGES, stage_label
from ...records.record import Record
from ...study.about import About
from ...study.assembly import Model
from ...study.study import Study
from ...units.number_text import significant
from ..one_alternative import shown_of


@dataclass(frozen=True, eq=False)
class Subject:
    """A study that is checked; `result` has its draws, and `study` its components, where these are known."""

    model: Model
    study: Study | None
    result: Result | None

    @classmethod
    def of(cls, thing: Study | Result) -> Subject:
        """A study, or a result with the study behind it."""
        if isinstance(thing, Study):
            return cls(thing.model, thing, None)
        return cls(thing.model, thing.study_if_whole, thing)

    @property
    def about(self) -> About:
        """What people state of the study."""
        return self.model.about

    @cached_property
    def at_nominal(self) -> Result:
        """The result at nominal values."""
        return nominal(self.model)

    @property
    def evaluated(self) -> Result:
        """The result that was given, or the nominal one."""
        return self.at_nominal if self.result is None else self.result

    @cached_property
    def one(self) -> Result:
        """Of alternatives that with the smallest median."""
        return shown_of(self.evaluated).one

    @cached_property
    def parameters(self) -> Mapping[str, list[Parameter]]:
        """The definitions of each key."""
        return definitions(self.model)

    def behind(self, name: str) -> list[Parameter]:
        """The parameters behind an output."""
        nodes = parameters([Selections()(self.model.outputs[name])])
        return [node.parameter for node in nodes if node.parameter is not None]

    # --- of the study ---------------------------------------------------------------------------------

    @cached_property
    def activities(self) -> list[Activity]:
        """The activities of every scenario, each record once; none where the study is not known."""
        every = [] if self.study is None else self.study._every
        return list({id(one): one for case in every for one in case.activities}.values())

    @cached_property
    def taken(self) -> list[tuple[Activity, Site]]:
        """Where each activity takes electricity: its site, and that of its network."""
        networks = ((one, getattr(one, "network", None)) for one in self.activities)
        found = [(one, one.site) for one in self.activities if one.impact is None]
        found += [(one, network.site) for one, network in networks if network is not None]
        return [(one, site) for one, site in found if site is not None]

    @cached_property
    def grids(self) -> dict[str, Electricity]:
        """The electricity of the places, by name; what is another thing in another scenario has a number behind it."""
        found: dict[str, Electricity] = {}
        for grid in {id(site.electricity): site.electricity for _, site in self.taken}.values():
            if grid is not None and not any(_are_alike(grid, known) for known in found.values()):
                same = [name for name in found if name.split(", as of")[0] == grid.name]
                found[f"{grid.name}, as of scenario {len(same) + 1}" if same else grid.name] = grid
        return found

    @cached_property
    def contracts(self) -> dict[str, Electricity]:
        """The electricity that sites buy by contract, by name of the site."""
        bought = {site.name: site.market_electricity for _, site in self.taken}
        return {name: record for name, record in bought.items() if record is not None}

    @cached_property
    def machines(self) -> dict[str, Hardware]:
        """The hardware, by name."""
        return {thing.name: thing for activity in self.activities for thing in activity.machines}

    @cached_property
    def rules(self) -> dict[str, list[str]]:
        """The allocation rules of each activity with hardware, by its slug: several where scenarios compare them."""
        found: dict[str, list[str]] = {}
        for one in self.activities:
            if one.machines and one.allocation not in found.setdefault(one.slug, []):
                found[one.slug].append(one.allocation)
        return found

    # --- of its figures -------------------------------------------------------------------------------

    @cached_property
    def operated(self) -> dict[str, str]:
        """The stage in which each activity works, by its slug."""
        return {who: stage for stage, who in self._details() if stage not in BURDENS}

    def _details(self) -> Iterator[tuple[str, str]]:
        """(stage, slug of the activity) of each detail."""
        for name in self.model.details:
            stage, who = name.split("/")[:2]
            yield stage, who

    @cached_property
    def equipped(self) -> set[str]:
        """The activities whose hardware is counted."""
        return {who for stage, who in self._details() if stage in BURDENS}

    def amount(self, name: str) -> str:
        """An output as the number to quote; with alternatives from the smallest to the largest of them (A11)."""
        result = self.evaluated if name in self.evaluated.data else self.at_nominal
        spread, unit = result.spreads.of(name), str(result.data[name].attrs["unit"])
        if not spread.dims:
            return str(headlines(spread, unit).item())
        middles = spread.quantiles["p50"] if spread.drawn else spread.mean
        low, high = significant(float(np.min(middles))), significant(float(np.max(middles)))
        of = "medians" if spread.drawn else "nominal values"
        return f"{low} to {high} {unit} ({of} of {np.size(middles)} alternatives)"

    def treated(self, stages: tuple[str, ...] = STAGES) -> tuple[list[str], dict[str, str], list[str]]:
        """(stages that are modelled, those left out with the reason, those of which nothing is said)."""
        modelled = [stage_label(stage) for stage in stages if stage in self.model.stages]
        excluded = {
            stage_label(stage): self.model.excluded[stage].reason for stage in stages if stage in self.model.excluded
        }
        unsaid = [stage_label(one) for one in stages if one not in self.model.stages and one not in self.model.excluded]
        return modelled, excluded, unsaid


def _are_alike(one: Electricity, other: Electricity) -> bool:
    """Whether two records of electricity have the same name, place, year, boundary and tags."""
    said = ("name", "region", "year", "boundary", "instrument", *TAGS)
    return all(getattr(one, name) == getattr(other, name) for name in said)


def names(records: Iterable[Record]) -> list[str]:
    """The names of some records, each once."""
    return list(dict.fromkeys(one.name for one in records))
