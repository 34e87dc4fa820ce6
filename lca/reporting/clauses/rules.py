"""The rules by name, as the tables of clauses call them."""

from __future__ import annotations

from collections.abc import Mapping

from . import answers, climate, companies, data, goal, scope, systems
from .verdicts import Rule

_EVERY: tuple[Rule, ...] = (
    goal.about, goal.mentioned, goal.comparative, goal.review, goal.panel, goal.broad_enough, goal.functional_unit,
    goal.quality, goal.paired,
    scope.stages, scope.cut_off, scope.completeness, scope.sums, scope.charged_once, scope.allocation,
    scope.allocation_compared, scope.recycling, scope.diagram, scope.processes,
    data.time, data.place, data.technology, data.precision, data.pedigree, data.measured, data.sources,
    data.assumptions, data.laws, data.tags,
    answers.uncertainty, answers.sensitivity, answers.contributions, answers.categories, answers.category,
    answers.made_again,
    climate.gwp, climate.gases, climate.supply_chain, climate.both_views, climate.instruments, climate.offsets,
    climate.use_profile,
    companies.fuel, companies.electricity, companies.contract, companies.stage_amount, companies.capital_goods,
    systems.training_apart, systems.per_unit, systems.size, systems.all_runs, systems.beside, systems.energy,
)  # fmt: skip
RULES: Mapping[str, Rule] = {rule.__name__: rule for rule in _EVERY}
