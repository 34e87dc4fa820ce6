"""The inventory of a study: the processes of every scenario, evaluated once, and named apart where they differ."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from ....characterization.categories import CATEGORIES, CLIMATE, category
from ....errors import MissingError
from ....graph.labels import Dim, Label
from ....interpretation.result import Result
from ....interpretation.versions import versions
from ....sampling.evaluate import shown_values
from ....study.assembly import Model
from ....study.scenarios import inputs_at, single_labels
from ....study.study import Study
from ....units.parse import parse_unit
from .labels import named_apart
from .parts import Alternative, At, Exchange, Inventory, Process
from .said import notes_of, sources_of, values_behind, words_of
from .spread import spread_of
from .terms import Draft, Drafts, Term


def inventory_of(thing: Study | Result) -> Inventory:
    """The inventory of a study at nominal values. Raises `MissingError` for a result without its study."""
    study = thing if isinstance(thing, Study) else thing.study
    if study is None:
        raise MissingError.of("result_without_study", thing.model.title)
    model = study.model
    categories = _known(model)
    cases: dict[int, _Case] = {}
    every: dict[At, dict[str, Process]] = {}
    for at in _alternatives(model):
        inputs = inputs_at(study, dict(at))
        if id(inputs) not in cases:
            cases[id(inputs)] = _Case(Drafts(inputs, categories[1:]), single_labels(inputs))
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
    stages = {code.removeprefix("stage/"): made for code, made in codes.items() if code.startswith("stage/")}
    return Alternative(at, codes["study"], codes["functional-unit"], stages)


class _Case:
    """The processes of one scenario with the values of all its labels."""

    def __init__(self, drafts: Drafts, chosen: Mapping[str, Label]) -> None:
        self.drafts, self._chosen, self._every = drafts, chosen, drafts.every
        self._values = shown_values(
            {f"{one.code} {place}": term.node for one in self._every for place, term in enumerate(one.terms)}
        )
        self._independent = not drafts.inputs.correlations

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

    def _exchange(self, draft: Draft, place: int, term: Term, labels: Mapping[str, Label]) -> Exchange:
        unit, values = parse_unit(term.unit)[0], self._values[f"{draft.code} {place}"]
        at = {dim.name: labels[dim.name] for dim in term.node.dims}
        value = float(values[tuple(dim.position(at[dim.name]) for dim in term.node.dims)]) / unit
        behind = values_behind(term.node, labels)
        spread = spread_of(term.node, at, unit, independent=self._independent)
        return Exchange(term.to, value, term.unit, spread, words_of(behind), sources_of(behind))
