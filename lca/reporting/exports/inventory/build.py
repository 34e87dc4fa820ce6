"""The inventory of a study: the processes of every scenario, evaluated once, and named apart where they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from itertools import product

from ....characterization.categories import CATEGORIES, CLIMATE, category
from ....checks import Array
from ....distributions.correlations import Correlations
from ....errors import MissingError
from ....graph.correlated import groups_of
from ....graph.labels import Dim, Label
from ....graph.program import compile_program
from ....impact.views import MARKET
from ....interpretation.result import Result
from ....interpretation.versions import versions
from ....sampling.design import RandomDesign
from ....sampling.evaluate import evaluate, shown_values
from ....study.assembly import Model
from ....study.scenarios import inputs_at, single_labels
from ....study.study import Study
from ....units.parse import parse_unit
from .labels import named_apart
from .parts import Alternative, At, Exchange, Inventory, Process, View
from .said import notes_of, sources_of, values_behind, words_of
from .spread import fitted, spread_of
from .terms import Draft, Drafts, Term

#: How many draws a spread is fitted to that is of no family, and how its amount says so.
DRAWS = 4096
FITTED = f"its spread is fitted to {DRAWS:,} draws"


def inventory_of(thing: Study | Result) -> Inventory:
    """The inventory of a study at nominal values. Raises `MissingError` for a result without its study."""
    study = thing if isinstance(thing, Study) else thing.study
    if study is None:
        raise MissingError.of("result_without_study", thing.model.title, what="an inventory")
    model = study.model
    categories = _known(model)
    cases: dict[int, _Case] = {}
    every: dict[At, dict[str, Process]] = {}
    for at in _alternatives(model):
        inputs = inputs_at(study, dict(at))
        if id(inputs) not in cases:
            drafts = Drafts(inputs, categories[1:], f"{MARKET}/total" in model.outputs)
            cases[id(inputs)] = _Case(drafts, single_labels(inputs))
        every[at] = cases[id(inputs)].processes(dict(at))
    processes, codes = named_apart(every)
    flows = {code: flow for case in cases.values() for code, flow in case.drafts.flows.items()}
    return Inventory(
        study.name, model.about, study.inputs.gwp, tuple(flows.values()), tuple(processes),
        tuple(_alternative(at, codes[at]) for at in every),
        {name: category(name).unit for name in categories}, tuple(notes_of(model, processes)),
        versions(model),
    )  # fmt: skip


def _known(model: Model) -> list[str]:
    """The impact categories of which no factor is lacking (A13)."""
    return [name for name in CATEGORIES if name == CLIMATE or f"{name}/total" in model.outputs]


def _alternatives(model: Model) -> list[At]:
    """Every alternative: all combinations of the labels of the dims that are never summed."""
    dims: dict[str, Dim] = {
        dim.name: dim for node in model.outputs.values() for dim in node.dims if dim.name in model.alternatives
    }
    names = [name for name in model.alternatives if name in dims]
    return [tuple(zip(names, labels, strict=True)) for labels in product(*(dims[name].labels for name in names))]


def _alternative(at: At, codes: Mapping[str, str]) -> Alternative:
    by_contract = _view(codes, f"{MARKET}/") if f"{MARKET}/study" in codes else None
    return Alternative(at, _view(codes, ""), by_contract)


def _view(codes: Mapping[str, str], before: str) -> View:
    start = f"{before}stage/"
    stages = {code.removeprefix(start): made for code, made in codes.items() if code.startswith(start)}
    return View(codes[f"{before}study"], codes[f"{before}functional-unit"], stages)


class _Case:
    """The processes of one scenario with the values of all its labels."""

    def __init__(self, drafts: Drafts, chosen: Mapping[str, Label]) -> None:
        self.drafts, self._chosen, self._every = drafts, chosen, drafts.every
        self._nodes = {f"{one.code} {place}": term.node for one in self._every for place, term in enumerate(one.terms)}
        self._values = shown_values(self._nodes)
        self._made: dict[tuple[str, tuple[int, ...]], Exchange] = {}
        self._correlations = Correlations.of(drafts.inputs.correlations)

    def processes(self, at: Mapping[str, Label]) -> dict[str, Process]:
        """Every process at labels of the alternatives, by its code."""
        labels = {**self._chosen, **at}
        return {
            draft.code: Process(
                draft.code, draft.name, draft.unit, draft.kind,
                tuple(self._exchange(draft, place, term, labels) for place, term in enumerate(draft.terms)),
                draft.place, draft.year,
            )
            for draft in self._every
        }  # fmt: skip

    @cached_property
    def _draws(self) -> dict[str, Array]:
        """Draws of the amounts that have a spread; choices of model and scenario keep their nominal value (U8)."""
        program = compile_program({name: node for name, node in self._nodes.items() if node.random})
        if self._correlations:
            program = replace(program, correlated=groups_of(self._correlations, program.drawn))
        choices = {leaf.key for leaf in program.leaves if leaf.parameter.kind in ("model", "scenario")}
        return evaluate(program, draws=DRAWS, design=RandomDesign(0), freeze=choices)

    def _exchange(self, draft: Draft, place: int, term: Term, labels: Mapping[str, Label]) -> Exchange:
        name = f"{draft.code} {place}"
        at = {dim.name: labels[dim.name] for dim in term.node.dims}
        where = tuple(dim.position(at[dim.name]) for dim in term.node.dims)
        if (name, where) not in self._made:  # alternatives that it does not vary over share it
            self._made[name, where] = self._evaluated(name, term, at, where)
        return self._made[name, where]

    def _evaluated(self, name: str, term: Term, at: Mapping[str, Label], where: tuple[int, ...]) -> Exchange:
        unit = parse_unit(term.unit)[0]
        behind = values_behind(term.node, {**self._chosen, **at})
        spread = spread_of(term.node, at, unit, independent=not self._correlations)
        if spread is None:
            spread = fitted(self._draws[name][where] / unit)
        about = "; ".join(filter(None, (FITTED * spread.fitted, words_of(behind))))
        return Exchange(term.to, float(self._values[name][where]) / unit, term.unit, spread, about, sources_of(behind))
