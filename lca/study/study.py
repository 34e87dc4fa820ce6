"""The study: its inputs, once for each scenario that changes more than numbers, and the model made of them (D4)."""

from __future__ import annotations

import dataclasses
import math
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import cached_property
from itertools import product
from typing import TypeAlias, TypeVar

import numpy as np

from ..arguments import entry
from ..characterization.categories import CLIMATE
from ..distributions.base import Distribution
from ..errors import LabelError, RecordError, SystemBoundaryError
from ..graph.labels import Choice, Dim, L, Label, canonical_label, make_dim
from ..graph.program import Program
from ..impact.dim_roles import NATURAL_PARTS
from ..inventory.activity import Activity
from ..records import notebook
from ..records.components import check_names, check_references
from ..records.record import Record
from ..sampling.design import RandomDesign
from ..sampling.evaluate import evaluate
from .assembly import Model, assemble
from .changes import changed, has, stackable, stacked
from .scope import Exclusion, FunctionalUnit, Inputs
from .side_by_side import At, chosen_labels, merged, select_labels

#: Draws on which the laws of a study are tried when it is made; each run looks again at its own (Q4).
TRIAL_DRAWS = 4096
#: The inputs of each scenario, by its labels along the dims that scenarios made.
Cases: TypeAlias = Mapping[At, Inputs]
T = TypeVar("T")
V = TypeVar("V")


class Study:
    """A life-cycle assessment: activities, a functional unit, and the role of every dim.

    Parameters
    ----------
    name : str
        What the study is called. Tables and reports show it as their title.
    *activities : Training, Development or Deployment
        The activities, each under a name of its own.
    functional_unit : FunctionalUnit
        The service that is compared, and how often the study provides it.
    parts : sequence of str
        Dims whose labels are summed, such as five models that were all trained. "year" and "time" are parts.
    alternatives : sequence of str
        Dims whose labels are rivals and never summed, such as ten engines.
    excluded : mapping of str to Exclusion
        The stages that are left out, each with its reason: `outside_goal`, `below_cut_off` or `sunk`.
    cut_off : pair of float
        Largest share of the total that one excluded stage may have, and that all together may have.
    gwp : str
        The GWP set that converts gases to CO2e: "AR4", "AR5" or "AR6".
    mixed : sequence of str
        Tags of electricity that may differ within one alternative, such as "basis" or "averaging".
    categories : sequence of str
        Impact categories to count. Climate change is always counted; "water", "primary_energy" and
        "abiotic_depletion" need factors in the records. `model.gaps` lists the factors that are missing.

    Raises
    ------
    LcaError
        If a rule is broken: roles of dims, names and keys, tags, the system boundary, the domain of a field.
        The study checks all of them when it is made.

    Examples
    --------
    >>> import lca
    >>> lab = lca.Site("lab", pue=1.0, electricity=lca.Electricity("grid", intensity="0.4 kg CO2e/kWh", at="facility"))
    >>> run = lca.Training("BERT", energy="120 kWh", at="wall", site=lab)
    >>> others = ("development", "manufacturing", "distribution", "use", "end_of_life")
    >>> lca.Study("training", run, functional_unit=lca.FunctionalUnit("one model", count="1 device"),
    ...           excluded=dict.fromkeys(others, lca.outside_goal("we compare trainings")))
    <study 'training': bert; parts (), alternatives ()>
    """

    @entry
    def __init__(
        self,
        name: str,
        *activities: Activity,
        functional_unit: FunctionalUnit,
        parts: Sequence[str] = (),
        alternatives: Sequence[str] = (),
        excluded: Mapping[str, Exclusion] | None = None,
        cut_off: tuple[float, float] = (0.01, 0.05),
        gwp: str = "AR6",
        mixed: Sequence[str] = (),
        categories: Sequence[str] = (CLIMATE,),
    ) -> None:
        inputs = Inputs(
            name, activities=activities, functional_unit=functional_unit, parts=parts, alternatives=alternatives,
            excluded=excluded or {}, cut_off=cut_off, gwp=gwp, mixed=mixed, categories=categories,
        )  # fmt: skip
        check_references(inputs, [inputs.functional_unit.given("count")])
        self._hold({}, {(): inputs})

    def _hold(self, dims: Mapping[str, Sequence[Label]], cases: Cases) -> None:
        """Keep the inputs, and check all laws: names, keys, what has no effect, guards on trial draws, cut-offs."""
        self._dims, self._cases = dict(dims), dict(cases)
        for case in self._cases.values():
            check_names(case.components)
        if self.model.unused:
            raise next(iter(self.model.unused.values()))
        _warn_shared_distributions(self.model.program)
        _ = self.model.nominals  # with its guards, and finite
        try_laws(self.model.program)
        self._check_cut_off()

    @classmethod
    def _of(cls, dims: Mapping[str, Sequence[Label]], cases: Cases) -> Study:
        made = object.__new__(cls)
        made._hold(dims, cases)
        return made

    # --- what it states ---------------------------------------------------------------------------------

    @property
    def inputs(self) -> Inputs:
        """What it states; with scenarios, what the first of them states."""
        return next(iter(self._cases.values()))

    @property
    def name(self) -> str:
        """Its name; of studies side by side, all of them."""
        return " or ".join(dict.fromkeys(case.name for case in self._cases.values()))

    @property
    def activities(self) -> tuple[Activity, ...]:
        """Its activities; with scenarios, each as the first that has it."""
        found: dict[str, Activity] = {}
        for case in self._cases.values():
            found = {activity.slug: activity for activity in case.activities} | found
        return tuple(found.values())

    @property
    def components(self) -> list[Record]:
        """All its components, parts before wholes; with scenarios, those of each."""
        found = {id(record): record for case in self._cases.values() for record in case.components}
        return [record for record in found.values() if not isinstance(record, Inputs)]

    @property
    def functional_unit(self) -> FunctionalUnit:
        """What is compared."""
        return self.inputs.functional_unit

    @property
    def parts(self) -> tuple[str, ...]:
        """The dims whose labels are summed."""
        return tuple(dict.fromkeys(dim for case in self._cases.values() for dim in case.parts))

    @property
    def alternatives(self) -> tuple[str, ...]:
        """The dims whose labels are rivals: those that were stated, and those of scenarios."""
        stated = [dim for case in self._cases.values() for dim in case.alternatives]
        gone = set.intersection(*(set(_single(case)) for case in self._cases.values()))
        return tuple(dim for dim in dict.fromkeys([*stated, *self._dims]) if dim not in gone)

    @property
    def selected(self) -> tuple[tuple[str, Choice], ...]:
        """The labels at which it was selected, in all its scenarios."""
        every = [_single(case).items() for case in self._cases.values()]
        return tuple(pair for pair in every[0] if all(pair in one for one in every))

    @property
    def excluded(self) -> Mapping[str, Exclusion]:
        """What is left out, with the reason."""
        return self.model.excluded

    @property
    def cut_off(self) -> tuple[float, float]:
        """Largest share of one excluded stage, and of all together."""
        return self.inputs.cut_off

    # --- the model --------------------------------------------------------------------------------------

    @cached_property
    def model(self) -> Model:
        """The study as named nodes (see `Model`)."""
        models = {at: assemble(case) for at, case in self._cases.items()}
        for at, case in self._cases.items():
            if case.selected:
                models[at] = select_labels(models[at], case.selected)
        return merged(self._dims, models) if self._dims else models[()]

    def _check_cut_off(self) -> None:
        if not (bounded := {name: one.upper for name, one in self.excluded.items() if one.upper is not None}):
            return
        total = float(np.min(self.model.nominals["total"]))
        shares = {name: upper / total if total else math.inf for name, upper in bounded.items()}
        each, together = self.cut_off
        bad = [f"{name}: {bounded[name]:g} kg CO2e = {share:.2%}" for name, share in shares.items() if share > each]
        if bad or sum(shares.values()) > together:
            sides = bad or [f"together {sum(shares.values()):.2%}"]
            raise SystemBoundaryError.of("excluded_above_the_cut_off", self.name, sides, each=each, together=together)

    # --- scenarios (D4) -----------------------------------------------------------------------------------

    @entry
    def replaced(self, **fields: object) -> Study:
        """The study with other arguments, in every scenario.

        Parameters
        ----------
        **fields : as in `Study`
            The arguments to change, such as `name`, `functional_unit` or `parts`.

        Returns
        -------
        Study
            A new study; this one stays as it is.

        Examples
        --------
        >>> import lca
        >>> lab = lca.Site("lab", pue=1.0, electricity=lca.Electricity("g", intensity="0.4 kg CO2e/kWh", at="facility"))
        >>> run = lca.Training("BERT", energy="120 kWh", at="wall", site=lab)
        >>> others = ("development", "manufacturing", "distribution", "use", "end_of_life")
        >>> study = lca.Study("training", run, functional_unit=lca.FunctionalUnit("one model", count="1 device"),
        ...                   excluded=dict.fromkeys(others, lca.outside_goal("we compare trainings")))
        >>> study.replaced(name="second draft").name
        'second draft'
        """
        cases = {at: case.replaced(**fields) for at, case in self._cases.items()}
        for case in cases.values():
            check_references(case, [case.functional_unit.given("count")])
        return self._of(self._dims, cases)

    @entry
    def replace(self, changes: Mapping[str, object]) -> Study:
        """The study with other values at some paths, wherever they are used.

        A value goes through the checks of its field, under the same key. A record replaces a record. Values that were
        read from a changed component follow. Within the new value of a field, that field means its old value.

        Parameters
        ----------
        changes : mapping of str to value
            The new value for each path, such as {"pittsburgh-desk.pue": 1.2}.

        Returns
        -------
        Study
            A new study; this one stays as it is.

        Raises
        ------
        MissingError
            If a path names nothing; the error offers near names.

        Examples
        --------
        >>> import lca
        >>> lab = lca.Site("lab", pue=1.0, electricity=lca.Electricity("g", intensity="0.4 kg CO2e/kWh", at="facility"))
        >>> run = lca.Training("BERT", energy="120 kWh", at="wall", site=lab)
        >>> others = ("development", "manufacturing", "distribution", "use", "end_of_life")
        >>> study = lca.Study("training", run, functional_unit=lca.FunctionalUnit("one model", count="1 device"),
        ...                   excluded=dict.fromkeys(others, lca.outside_goal("we compare trainings")))
        >>> lca.nominal(study.replace({"lab.pue": 1.5})).data["total"].item()
        72.0
        """
        return self._of(self._dims, self._each(changes, changed))

    @entry
    def vary(self, dim: str, changes: Mapping[str, Mapping[L, object]]) -> Study:
        """The study over a new dim of scenarios, with a value for each label at each path.

        Scenarios are alternatives and share their draws. Each label is what `replace` makes of it. Several paths form
        a bundle. A second call adds a second dim.

        Parameters
        ----------
        dim : str
            The name of the new dim.
        changes : mapping of str to mapping
            For each path its value at each label: {"robots.period": {3: "3 year", 8: "8 year"}}.

        Returns
        -------
        Study
            A study with one more dim of alternatives.

        Raises
        ------
        LabelError
            If the paths of a bundle have different labels.
        MissingError
            If a path names nothing; the error offers near names.

        Examples
        --------
        >>> import lca
        >>> lab = lca.Site("lab", pue=1.0, electricity=lca.Electricity("g", intensity="0.4 kg CO2e/kWh", at="facility"))
        >>> run = lca.Training("BERT", energy="120 kWh", at="wall", site=lab)
        >>> others = ("development", "manufacturing", "distribution", "use", "end_of_life")
        >>> study = lca.Study("training", run, functional_unit=lca.FunctionalUnit("one model", count="1 device"),
        ...                   excluded=dict.fromkeys(others, lca.outside_goal("we compare trainings")))
        >>> rooms = study.vary("room", {"lab.pue": {"desk": 1.0, "hall": 1.5}})
        >>> lca.nominal(rooms).data["total"].values.tolist()
        [48.0, 72.0]
        """
        labels = {path: ", ".join(str(canonical_label(v, path)) for v in values) for path, values in changes.items()}
        if len(set(labels.values())) != 1:
            raise LabelError.of("bundle_of_other_labels", dim, [f"{path}: {names}" for path, names in labels.items()])
        gone = (one for case in self._cases.values() for one in _single(case))
        new = _new_dim(dim, next(iter(changes.values())), {*self.parts, *self.alternatives, *NATURAL_PARTS, *gone})
        fits = self._each(changes, lambda case, found: all(stackable(case, path, v) for path, v in found.items()))
        if all(fits.values()):
            return self._of(self._dims, self._each(changes, lambda case, found: stacked(case, new, found)))
        cases: dict[At, Inputs] = {}
        for position, label in enumerate(new.labels):
            at_label = {path: list(values.values())[position] for path, values in changes.items()}
            cases |= {(*at, label): case for at, case in self._each(at_label, changed).items()}
        return self._of({**self._dims, dim: new.labels}, cases)

    @entry
    def sel(self, **labels: object) -> Study:
        """The study at one label of each named dim of alternatives.

        Parameters
        ----------
        **labels : str, int or date
            The label to keep for each dim: `study.sel(engine="sp_resnet18_2")`.

        Returns
        -------
        Study
            The study without the dims that were selected.

        Raises
        ------
        LabelError
            If a dim is not one of the alternatives, or does not have the label.

        Examples
        --------
        >>> import lca
        >>> lab = lca.Site("lab", pue=1.0, electricity=lca.Electricity("g", intensity="0.4 kg CO2e/kWh", at="facility"))
        >>> run = lca.Training("BERT", energy="120 kWh", at="wall", site=lab)
        >>> others = ("development", "manufacturing", "distribution", "use", "end_of_life")
        >>> study = lca.Study("training", run, functional_unit=lca.FunctionalUnit("one model", count="1 device"),
        ...                   excluded=dict.fromkeys(others, lca.outside_goal("we compare trainings")))
        >>> rooms = study.vary("room", {"lab.pue": {"desk": 1.0, "hall": 1.5}})
        >>> lca.nominal(rooms.sel(room="hall")).data["total"].item()
        72.0
        """
        chosen = chosen_labels(labels, self.alternatives, self.model)
        kept = {name: chosen.get(name, tuple(every)) for name, every in self._dims.items()}
        stays = {name: choice for name, choice in kept.items() if isinstance(choice, tuple)}
        cases: dict[At, Inputs] = {}
        for at in product(*(choice if isinstance(choice, tuple) else (choice,) for choice in kept.values())):
            case = self._cases[at]
            key = tuple(label for name, label in zip(kept, at, strict=True) if name in stays)
            cases[key] = case.replaced(selected=(*case.selected, *chosen.items()))
        return self._of(stays, cases)

    def _each(self, changes: Mapping[str, V], change: Callable[[Inputs, dict[str, V]], T]) -> Mapping[At, T]:
        """Changes in every scenario in which their paths name something; a path that names nothing in any stays."""
        having = {path: [has(case, path) for case in self._cases.values()] for path in changes}
        return {
            at: change(case, {path: changes[path] for path, here in having.items() if here[n] or not any(here)})
            for n, (at, case) in enumerate(self._cases.items())
        }

    def __str__(self) -> str:
        from .nominal_text import nominal_text

        return nominal_text(self.model)

    def _repr_html_(self) -> str:
        rivals = {dim.name: dim.texts for dim in self.model.outputs["total"].dims}
        facts = {
            "functional unit": self.model.functional_unit,
            "activities": ", ".join(activity.name for activity in self.activities),
            "parts, summed": ", ".join(self.parts),
            "alternatives": "; ".join(f"{dim}: {len(labels)} labels" for dim, labels in rivals.items()),
            "excluded": ", ".join(self.excluded) or "nothing",
        }
        details = {"nominal values": notebook.plain(str(self))}
        details |= {f"{dim}, labels": notebook.paragraphs([", ".join(labels)]) for dim, labels in rivals.items()}
        details["activities"] = "".join(activity._repr_html_() for activity in self.activities)
        details |= {"notes": notebook.paragraphs(self.model.notes)} if self.model.notes else {}
        return notebook.box("Study", self.name, facts, details, opened=("nominal values",))

    def __repr__(self) -> str:
        names = ", ".join(activity.slug for activity in self.activities)
        return f"<study {self.name!r}: {names}; parts {self.parts}, alternatives {self.alternatives}>"


@entry
def alternatives(dim: str, studies: Mapping[L, Study]) -> Study:
    """Whole studies side by side, as one study with a new dim of alternatives (D4).

    Each study is assembled by itself. Results that differ vary over the dim.

    Parameters
    ----------
    dim : str
        The name of the new dim.
    studies : mapping of label to Study
        The studies, all with the same dims of scenarios.

    Returns
    -------
    Study
        One study over the new dim.

    Raises
    ------
    RecordError
        If no study is given, or if one has an activity that another neither has nor excludes.
    LabelError
        If the studies have different scenarios, or a dim of this name already.

    Examples
    --------
    >>> import lca
    >>> lab = lca.Site("lab", pue=1.0, electricity=lca.Electricity("grid", intensity="0.4 kg CO2e/kWh", at="facility"))
    >>> others = ("development", "manufacturing", "distribution", "use", "end_of_life")
    >>> common = dict(functional_unit=lca.FunctionalUnit("one model", count="1 device"),
    ...               excluded=dict.fromkeys(others, lca.outside_goal("we compare trainings")))
    >>> short, long = (lca.Study(f"{hours} hours", lca.Training("BERT", power="1.5 kW", duration=f"{hours} h",
    ...                at="wall", site=lab), **common) for hours in (10, 79))
    >>> lca.nominal(lca.alternatives("plan", {"short": short, "long": long})).data["total"].values.round(3).tolist()
    [6.0, 47.4]
    """
    if not studies:
        raise RecordError.of("studies_not_given", dim)
    first = next(iter(studies.values()))
    if any(study._dims != first._dims for study in studies.values()):
        raise LabelError.of("studies_of_other_scenarios", dim)
    new = _new_dim(dim, studies, {*first.alternatives, *first.parts})
    cases = {
        (*at, label): case
        for label, study in zip(new.labels, studies.values(), strict=True)
        for at, case in study._cases.items()
    }
    return Study._of({**first._dims, dim: new.labels}, cases)


def _single(case: Inputs) -> dict[str, Label]:
    """The dims of which one label was chosen, with the label."""
    return {dim: choice for dim, choice in case.selected if not isinstance(choice, tuple)}


def _new_dim(name: str, labels: Iterable[object], taken: Set[str]) -> Dim:
    if name in taken:
        raise LabelError.of("scenario_dim_exists", name, dim=name)
    return make_dim(name, labels)


def try_laws(program: Program) -> None:
    """Look at the guards that no bound proves, on trial draws (Q4)."""
    if program.checks:
        guarded = dataclasses.replace(program, outputs={})
        choices = {leaf.key for leaf in program.leaves if leaf.parameter.kind in ("model", "scenario")}
        evaluate(guarded, draws=TRIAL_DRAWS, design=RandomDesign(0), freeze=choices)


def _warn_shared_distributions(program: Program) -> None:
    """One distribution object used in two fields is probably meant as one thing (U1)."""
    used = program.of("total").used
    owners: dict[int, str] = {}
    drawn = ((leaf.key, one) for leaf in used for one in leaf.parameter.values if isinstance(one, Distribution))
    for key, distribution in drawn:
        first = owners.setdefault(id(distribution.original), key)
        if first != key:
            warnings.warn(
                f"one distribution is used by {first} and {key}: they are drawn "
                "independently; for one shared value give lca.parameter(key, ...) to both",
                stacklevel=5,
            )
