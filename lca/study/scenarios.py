"""What a study holds: its inputs, once for each scenario that changes more than numbers, and the model of them (D4)."""

from __future__ import annotations

import dataclasses
import math
import warnings
from collections.abc import Callable, Hashable, Mapping
from functools import cached_property
from typing import Self, TypeAlias, TypeVar

import numpy as np

from ..arguments import entry
from ..distributions.base import Distribution
from ..errors import AssumptionWarning, SystemBoundaryError
from ..graph import functions
from ..graph.correlated import require_all
from ..graph.guard import open_guards
from ..graph.labels import Choice, Dim, Label
from ..graph.node import Node
from ..graph.program import Program
from ..graph.rebinding import swaps
from ..inventory.activity import Activity
from ..kept import Once, kept
from ..records import notebook
from ..records.components import check_names
from ..records.record import Record
from ..sampling.design import RandomDesign
from ..sampling.evaluate import evaluate
from .assembly import Model, assemble
from .changes import Made, changed, has
from .named_values import dims_of, located, split_path, values_of, with_labels
from .scope import Exclusion, FunctionalUnit, Inputs
from .side_by_side import At, Dims, for_each, merged, select_labels

#: Draws on which the laws of a study are tried when it is made; each run looks again at its own (Q4).
TRIAL_DRAWS = 4096
#: How many studies that were made of it a study keeps.
KEPT = 8
_NOTHING: Made = {}
#: The inputs of each scenario, by its labels along the dims that scenarios made.
Cases: TypeAlias = Mapping[At, Inputs]
T = TypeVar("T")
V = TypeVar("V")


class Scenarios:
    """The inputs of each scenario of a study, what they state, and the model made of them."""

    _dims: dict[str, Dim]
    _base: Cases  # scenarios that differ in quantities alone may have one, with these side by side
    _made: Mapping[At, Made]  # what fields of the base hold instead, where the form of the study stayed
    _near: dict[Hashable, Self]  # the last study that a kind of change took another assembly for

    def _hold(self, dims: Dims, cases: Cases) -> None:
        """Keep the inputs, and check all laws: names, keys, what has no effect, guards on trial draws, cut-offs."""
        self._dims, self._base, self._made, self._near = dict(dims), dict(cases), {}, {}
        for case in _different(cases):
            check_names(case.components)
        self._check()

    def _check(self, before: Model | None = None) -> None:
        """Check the laws that depend on values; `before` is the model that this one was made of, with its laws held."""
        if self.model.unused:
            raise next(iter(self.model.unused.values()))
        _warn_shared_distributions(self.model.program)
        _ = self.model.nominals  # with its guards, and finite
        try_laws(self.model, before)
        self._check_cut_off()

    @classmethod
    def _of(cls, dims: Dims, cases: Cases) -> Self:
        made = object.__new__(cls)
        made._hold(dims, cases)
        return made

    def _swapped(self, made: Mapping[At, Made]) -> Self | None:
        """The study with other values in some fields, without assembly; None where its form may change."""
        changes = {(id(self._base[at]), id(fields)): (at, fields) for at, fields in made.items()}
        pairs = []
        for at, fields in changes.values():
            for (owner, name), now in fields.items():
                before = self._made.get(at, {}).get((owner, name))
                held = [one.given(name) for one in self._base[at].components if one.id == owner]
                for old in held if before is None else [before]:
                    if isinstance(old, Node) and isinstance(now, Node):
                        pairs.append((old, now))
                    elif not _are_equal(old, now):
                        return None
        if not pairs:
            return self
        by = swaps(pairs)
        model = self.model.swapped(by) if by is not None else None
        if model is None:
            return None
        study = object.__new__(type(self))
        study._dims, study._base, study._near = self._dims, self._base, {}
        both = Once(lambda before, now: {**before, **now})
        study._made = {at: both(self._made.get(at, _NOTHING), made.get(at, _NOTHING)) for at in self._base}
        study.__dict__["model"] = model
        study._check(before=self.model)
        return study

    def _changed(self, made: Mapping[At, Made], dims: Dims, kind: Hashable) -> Self:
        """The study with other values in some fields; assembled anew only where one of this kind was not yet.

        Where `dims` has one dim more, `made` has its label last.
        """
        for study in filter(None, (self, self._near.get(kind))):
            if study._dims == dims and (found := study._swapped(made)) is not None:
                return found
        before = len(self._dims)
        pairs = {at: (self._cases[at[:before]], new) for at, new in made.items()}
        change = Once(changed)
        cases = for_each(dims, pairs, lambda pair: change(*pair))
        self._near.pop(kind, None)
        return kept(self._near, kind, KEPT, lambda: self._of(dims, cases))

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_near": {}}

    # --- what it states ---------------------------------------------------------------------------------

    @cached_property
    def _cases(self) -> dict[At, Inputs]:
        """The inputs of each scenario."""
        change = Once(changed)
        return {**self._base, **{at: change(self._base[at], made) for at, made in self._made.items()}}

    @cached_property
    def _every(self) -> list[Inputs]:
        """The inputs of all scenarios, each once."""
        return _different(self._cases)

    @property
    def inputs(self) -> Inputs:
        """What it states; with scenarios, what the first of them states."""
        return next(iter(self._cases.values()))

    @property
    def name(self) -> str:
        """Its name; of studies side by side, all of them."""
        return " or ".join(dict.fromkeys(case.name for case in self._every))

    @property
    def activities(self) -> tuple[Activity, ...]:
        """Its activities; with scenarios, each as the first that has it."""
        found: dict[str, Activity] = {}
        for case in self._every:
            found = {activity.slug: activity for activity in case.activities} | found
        return tuple(found.values())

    @property
    def components(self) -> list[Record]:
        """All its components, parts before wholes; with scenarios, those of each."""
        found = {id(record): record for case in self._every for record in case.components}
        return [record for record in found.values() if not isinstance(record, Inputs)]

    @property
    def functional_unit(self) -> FunctionalUnit:
        """What is compared."""
        return self.inputs.functional_unit

    @property
    def parts(self) -> tuple[str, ...]:
        """The dims whose labels are summed."""
        return tuple(dict.fromkeys(dim for case in self._every for dim in case.parts))

    @property
    def alternatives(self) -> tuple[str, ...]:
        """The dims whose labels are rivals: those that were stated, and those of scenarios."""
        stated = [dim for case in self._every for dim in case.alternatives]
        gone = set.intersection(*(set(single_labels(case)) for case in self._every)) - {*self._dims}
        return tuple(dim for dim in dict.fromkeys([*stated, *self._dims]) if dim not in gone)

    @property
    def selected(self) -> tuple[tuple[str, Choice], ...]:
        """The labels at which it was selected, in all its scenarios."""
        every = [single_labels(case).items() for case in self._every]
        return tuple(pair for pair in every[0] if all(pair in one for one in every))

    @property
    def excluded(self) -> Mapping[str, Exclusion]:
        """What is left out, with the reason."""
        return self.model.excluded

    @property
    def cut_off(self) -> tuple[float, float]:
        """Largest share of one excluded stage, and of all together."""
        return self.inputs.cut_off

    @entry
    def __getitem__(self, path: str) -> Node | Record:
        """A value by its path, or a component by its name: study["robots.pue"], study["robots"].

        Parameters
        ----------
        path : str
            An output ("total", "use/robots"), a value of a component ("robots.energy"), each with labels
            ("total[engine=a]"), or the name of a component. A notebook completes them by Tab.

        Returns
        -------
        Node or a component
            The value, or the component.

        Raises
        ------
        MissingError
            If nothing has that name; near names are offered.
        LabelError
            For a label that the value does not have.

        Examples
        --------
        >>> from lca.study.small_study import small_study
        >>> small_study()["lab.pue"]
        <lab.pue = 1 at the facility/at the wall>
        """
        for record in reversed(self.components):  # wholes before parts
            if path in (record.slug, record.name):
                return record
        name, chosen = split_path(path)
        node = located(self.model, self.components, name)
        for dim, label in chosen:
            node = functions.select(node, dim, label)
        return node

    def _ipython_key_completions_(self) -> list[str]:
        names = dict.fromkeys(record.slug for record in self.components)
        outputs = with_labels(dims_of(self.model, self.alternatives))
        return [*names, *outputs, *dict.fromkeys(values_of(self.components))]

    # --- the model --------------------------------------------------------------------------------------

    @cached_property
    def model(self) -> Model:
        """The study as named nodes (see `Model`)."""
        models = for_each(self._dims, self._cases, Once(model_of_case))
        return merged(self._dims, models) if self._dims else models[()]

    def _require_correlated(self) -> None:
        """Raise where correlations are stated of what is not there; scenarios may lack some of it (U14)."""
        if self.model.correlations:
            require_all(self.model.correlations, [leaf.parameter for leaf in self.model.program.leaves])

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

    def _each(self, changes: Mapping[str, V], change: Callable[[Inputs, dict[str, V]], T]) -> Mapping[At, T]:
        """Changes in every scenario in which their paths name something; a path that names nothing in any stays."""
        every = _different(self._base)
        having = {path: [has(case, path) for case in every] for path in changes}
        made = {
            id(case): change(case, {path: changes[path] for path, here in having.items() if here[n] or not any(here)})
            for n, case in enumerate(every)
        }
        return {at: made[id(case)] for at, case in self._base.items()}

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
            "rank correlations": "; ".join(self.model.correlations.said),
        }
        details = {"nominal values": notebook.plain(str(self))}
        details |= {f"{dim}, labels": notebook.paragraphs([", ".join(labels)]) for dim, labels in rivals.items()}
        details["activities"] = "".join(activity._repr_html_() for activity in self.activities)
        details |= {"notes": notebook.paragraphs(self.model.notes)} if self.model.notes else {}
        return notebook.box("Study", self.name, facts, details, opened=("nominal values",))

    def __repr__(self) -> str:
        names = ", ".join(activity.slug for activity in self.activities)
        return f"<study {self.name!r}: {names}; parts {self.parts}, alternatives {self.alternatives}>"


def _are_equal(old: object, now: object) -> bool:
    """Whether two values of a field are the same, as far as a comparison of words and numbers tells."""
    if isinstance(old, Mapping) and isinstance(now, Mapping):
        return list(old) == list(now) and all(map(_are_equal, old.values(), now.values()))
    return old is now or (isinstance(old, str | int | tuple) and bool(old == now))


def inputs_at(study: Scenarios, labels: Mapping[str, Label]) -> Inputs:
    """What a study states at labels of its scenarios."""
    return study._cases[tuple(labels[dim] for dim in study._dims)]


def _different(cases: Cases) -> list[Inputs]:
    """The inputs of some scenarios, each once."""
    return list({id(case): case for case in cases.values()}.values())


def model_of_case(case: Inputs) -> Model:
    """The model of the inputs of a scenario, at the labels that were selected."""
    model = assemble(case)
    return select_labels(model, case.selected) if case.selected else model


def single_labels(case: Inputs) -> dict[str, Label]:
    """The dims of which one label was chosen, with the label."""
    return {dim: choice for dim, choice in case.selected if not isinstance(choice, tuple)}


def try_laws(model: Model, before: Model | None = None) -> None:
    """Look at the guards that no bound proves, on trial draws (Q4), except those decided as they were `before`."""
    program = model.program
    if not program.checks:
        return
    laws = open_guards(model.guards)
    held = [guard.deciding for guard in open_guards(before.guards)] if before else [None] * len(laws)
    every = zip(laws, held, program.checks, strict=True)
    if checks := tuple(check for guard, was, check in every if guard.deciding != was):
        guarded = dataclasses.replace(program, outputs={}, checks=checks)
        choices = {leaf.key for leaf in program.leaves if leaf.parameter.kind in ("model", "scenario")}
        evaluate(guarded, draws=TRIAL_DRAWS, design=RandomDesign(0), freeze=choices)


def _warn_shared_distributions(program: Program) -> None:
    """One distribution object used in two fields is probably meant as one thing (U1)."""
    used = program.of("total").used
    owners: dict[int, str] = {}
    drawn = ((leaf.key, one) for leaf in used for one in leaf.parameter.values if isinstance(one, Distribution))
    for key, distribution in drawn:
        first = owners.setdefault(id(distribution.original), key)
        if first != key and not any({first, key} <= {*group.keys} for group in program.correlated):
            warnings.warn(
                f"one distribution is used by {first} and {key}: they are drawn "
                "independently; for one shared value give lca.parameter(key, ...) to both",
                AssumptionWarning,
                stacklevel=5,
            )
