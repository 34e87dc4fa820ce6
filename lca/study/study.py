"""The study: goal, functional unit, activities, the role of every dim, and what is left out."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from ..errors import DomainError, KeyClashError, LabelError, RecordError, SystemBoundaryError
from ..expression import functions
from ..expression.distribution import Distribution
from ..expression.label import canonical_label
from ..expression.node import parameters, postorder
from ..expression.program import check_keys
from ..expression.record import (
    Rebuild,
    Record,
    component,
    find,
    plain,
    resolve_field,
    walk,
)
from ..expression.sameness import check_names
from ..expression.stacking import Stacked, stack_field, stack_values
from ..impact.categories import CLIMATE
from ..inventory.activity import Activity
from ..sampling.evaluate import nominal_values
from .assembly import Model, assemble
from .scope import Exclusion, FunctionalUnit


@component
class Study(Record):
    """A life-cycle assessment: activities, a functional unit, and the role of every dim.

    `parts` are dims whose labels are summed (five models trained), `alternatives` dims whose labels are
    rivals and never summed (ten engines); "year" and "time" are parts. Every stage is modelled or
    `excluded` for a reason (see `outside_goal`, `below_cut_off`); `cut_off` bounds the excluded stages
    (each, together). `gwp` is the set that gases which arrive as gases are characterized with; `mixed`
    names tags of electricity that may differ within one alternative. `categories` are the impact categories to
    count: climate change always, and "water", "primary_energy" or "abiotic_depletion" where records carry factors
    for them (`model.gaps` lists what is lacking).

    Everything is checked here: roles of dims, keys, tags, the system boundary.
    """

    activities: tuple[Any, ...] = plain(default=())
    functional_unit: Any = plain(default=None)
    parts: tuple[str, ...] = plain(default=())
    alternatives: tuple[str, ...] = plain(default=())
    excluded: Mapping[str, Exclusion] = plain(default=None)
    cut_off: tuple[float, float] = plain(default=(0.01, 0.05))
    gwp: str = plain(default="AR6")
    mixed: tuple[str, ...] = plain(default=())
    categories: tuple[str, ...] = plain(default=(CLIMATE,))
    selected: tuple[tuple[str, Any], ...] = plain(default=())

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
        selected: Sequence[tuple[str, Any]] = (),
    ) -> None:
        named = {"parts": parts, "alternatives": alternatives, "mixed": mixed, "categories": categories}
        for role, dims in named.items():
            if isinstance(dims, str) or not isinstance(dims, Iterable):
                raise LabelError(f"{role} is a tuple of names", where=role, mend=f'{role}=("{dims}",)')
        _mapping({} if excluded is None else excluded, "excluded", '{stage: lca.outside_goal("why")}')
        fields = {
            "name": name, "activities": tuple(activities), "functional_unit": functional_unit,
            "parts": tuple(parts), "alternatives": tuple(alternatives), "excluded": dict(excluded or {}),
            "cut_off": cut_off, "gwp": gwp, "mixed": tuple(mixed), "categories": tuple(categories),
            "selected": tuple(selected),
        }  # fmt: skip
        for field, value in fields.items():
            object.__setattr__(self, field, value)
        self.__post_init__()

    def __post_init__(self) -> None:
        super().__post_init__()
        for activity in self.activities:
            if not isinstance(activity, Activity):
                raise RecordError(f"{activity!r} is no activity", where=self.name, mend="Training, Deployment, ...")
        if len({id(activity) for activity in self.activities}) < len(self.activities):
            raise RecordError("one activity stands twice in a study", where=self.name, mend="write it once")
        if not self.activities or not isinstance(self.functional_unit, FunctionalUnit):
            raise RecordError("a study has activities and a FunctionalUnit", where=self.name)
        for name, exclusion in self.excluded.items():
            if not isinstance(exclusion, Exclusion):
                raise SystemBoundaryError(
                    f"{name!r} is excluded without a reason or a bound",
                    where=f"excluded={{{name!r}: ...}}",
                    sides=[repr(exclusion)],
                    mend="lca.outside_goal(why) or lca.below_cut_off(upper, source=)",
                )
        check_names(walk(self))
        self._check_origin()
        self._check_activities()
        check_keys(list(self.model.outputs.values()))
        _warn_shared_distributions(self.model)
        self._check_count()
        self._check_cut_off()

    def replaced(self, **changes: Any) -> Study:
        """The study with other fields, checked anew."""
        kept = {one.name: getattr(self, one.name) for one in dataclasses.fields(self)} | changes
        return Study(kept.pop("name", self.name), *kept.pop("activities"), **kept)

    @cached_property
    def model(self) -> Model:
        """The study as named nodes (see `Model`)."""
        made = assemble(
            self.name, self.activities, self.functional_unit, parts=self.parts,
            alternatives=(*self.alternatives, *(dim for dim, _ in self.selected)),
            excluded=self.excluded, gwp=self.gwp, mixed=self.mixed, categories=self.categories,
        )  # fmt: skip
        return select_labels(made, self.selected) if self.selected else made

    def _check_activities(self) -> None:
        """Results are named after activities, so that no two share a name, of whatever kind they are (U1)."""
        known: dict[str, Activity] = {}
        for activity in self.activities:
            if known.setdefault(activity.slug, activity) is not activity:
                raise KeyClashError(
                    f"two activities are named {activity.slug!r}",
                    sides=[repr(known[activity.slug]), repr(activity)],
                    mend="rename one",
                )

    def _check_origin(self) -> None:
        inside = {record.slug for activity in self.activities for record in walk(activity)}
        for node in postorder([self.functional_unit.count]):
            if node.origin is not None and node.origin[0].slug not in inside:
                raise RecordError(
                    "the functional unit counts a component that is not in the study",
                    where=f"{self.functional_unit.slug}.count",
                    sides=[f"{node.origin[0].slug}.{node.origin[1]}"],
                    mend="take the count from an activity of this study",
                )

    def _check_count(self) -> None:
        count = nominal_values({"count": self.model.outputs["functional_unit"]})["count"]
        if np.any(count <= 0):
            raise DomainError(
                "a functional unit that is rendered no times",
                where=f"{self.functional_unit.slug}.count",
                sides=[f"{float(np.min(count)):g}"],
                mend="count what the study renders: a number above 0",
            )

    def _check_cut_off(self) -> None:
        bounded = {name: e.upper for name, e in self.excluded.items() if e.upper is not None}
        if not bounded:
            return
        smallest = float(np.min(nominal_values({"total": self.model.outputs["total"]})["total"]))
        each, together = self.cut_off
        bad = [f"{name}: {u:g} kg CO2e = {u / smallest:.2%}" for name, u in bounded.items() if u > each * smallest]
        if bad or sum(bounded.values()) > together * smallest:
            raise SystemBoundaryError(
                f"excluded stages above the cut-off ({each:.0%} each, {together:.0%} together) of the total",
                where=self.name,
                sides=bad or [f"together {sum(bounded.values()) / smallest:.2%}"],
                mend="model them with a wide spread",
            )

    # --- scenarios (D4) -------------------------------------------------------------------------------

    def replace(self, changes: Mapping[str, Any]) -> Study:
        """The study with other values at paths such as "pittsburgh-desk.pue", wherever they are used.

        A value goes through the door of its field, under the same key; a record replaces a record.
        """
        given = _mapping(changes, "replace", "{path: value}")
        return self._rebuilt({path: {"": value} for path, value in given.items()}, None)

    def vary(self, dim: str, changes: Mapping[str, Mapping[Any, Any]]) -> Study:
        """The study over a new dim of scenarios: a value per label for each path; several paths are a bundle.

        Scenarios are alternatives, share their draws, and a second call adds a second dim.

        Raises `LabelError` where the paths of a bundle have different labels.
        """
        for path, values in _mapping(changes, f"vary {dim!r}", "{path: {label: value}}").items():
            _mapping(values, path, "{label: value}")
        labels = [tuple(str(canonical_label(label, path)) for label in values) for path, values in changes.items()]
        if len(set(labels)) != 1:
            raise LabelError(
                "the paths of one scenario dim have the same labels",
                where=dim,
                sides=[f"{path}: {', '.join(names)}" for path, names in zip(changes, labels, strict=True)],
                mend="give every path of the bundle a value for each label",
            )
        if dim in (*self.parts, *self.alternatives):
            raise LabelError(f"the study has a dim {dim!r} already", mend="give the scenarios another name")
        return self._rebuilt(changes, dim)

    def _rebuilt(self, changes: Mapping[str, Mapping[Any, Any]], dim: str | None) -> Study:
        records = walk(self)
        replaced: dict[tuple[int, str], Any] = {}
        for path, values in changes.items():
            holders, field = find(records, path)
            for holder in holders:
                new = {label: resolve_field(holder, field, value) for label, value in values.items()}
                if dim is None:
                    replaced[id(holder), field] = new[""]
                else:
                    replaced[id(holder), field] = stack_field(dim, holder, field, new, path)
        if dim is not None:
            replaced[id(self), "alternatives"] = (*self.alternatives, dim)
        made: Study = Rebuild(replaced)(self)
        return made

    def sel(self, **labels: Any) -> Study:
        """The study at one label of each named alternative: `study.sel(engine="sp_resnet18_2")`."""
        unknown = sorted(set(labels) - set(self.alternatives))
        if unknown:
            raise LabelError(
                f"no alternatives over {', '.join(unknown)}",
                mend=f"alternatives: {', '.join(self.alternatives) or 'none'}",
            )
        kept = tuple(dim for dim in self.alternatives if dim not in labels)
        return self.replaced(alternatives=kept, selected=(*self.selected, *labels.items()))

    def __str__(self) -> str:
        from .show import nominal_text

        return nominal_text(self.model)

    def __repr__(self) -> str:
        names = ", ".join(activity.slug for activity in self.activities)
        return f"<study {self.name!r}: {names}; parts {self.parts}, alternatives {self.alternatives}>"


def select_labels(model: Model, labels: Sequence[tuple[str, Any]]) -> Model:
    """The model at one label of each dim."""
    outputs = dict(model.outputs)
    for name, node in outputs.items():
        for dim, label in labels:
            if dim in node.dim_names:
                node = functions.select(node, dim, label)
        outputs[name] = node
    gone = {dim for dim, _ in labels}
    kept = tuple(dim for dim in model.alternatives if dim not in gone)
    title = f"{model.title} ({', '.join(f'{dim}={label}' for dim, label in labels)})"
    return dataclasses.replace(model, title=title, outputs=outputs, alternatives=kept)


def _mapping(given: Any, where: str, form: str) -> Mapping[Any, Any]:
    """What was given, if it is a mapping."""
    if not isinstance(given, Mapping):
        raise RecordError(f"a {type(given).__name__} where a mapping is needed", where=where, mend=f"write {form}")
    return given


def alternatives(dim: str, studies: Mapping[Any, Study]) -> Study:
    """Whole studies side by side as one study with a new dim of alternatives (D4).

    The studies have the same kinds of activities; what differs is stacked field by field. Raises
    `RecordError` where a field is given in some of them only.
    """
    if not _mapping(studies, dim, "{label: study}"):
        raise RecordError("no studies to put side by side", where=dim, mend="{label: study}")
    for label, study in studies.items():
        if not isinstance(study, Study):
            raise RecordError(f"{study!r} is no study", where=f"{dim}={label}", mend="give whole studies")
    first = next(iter(studies.values()))
    made: Stacked = {}
    fields = {}
    for field in dataclasses.fields(first):
        values = {label: getattr(study, field.name) for label, study in studies.items()}
        if field.name == "name":
            fields["name"] = " or ".join(dict.fromkeys(values.values()))
        else:
            fields[field.name] = stack_values(dim, values, field.name, made)
    return first.replaced(**fields | {"alternatives": (*fields["alternatives"], dim)})


def _warn_shared_distributions(model: Model) -> None:
    """One distribution object used in two fields is probably meant as one thing (U1)."""
    owners: dict[int, str] = {}
    for node in parameters([model.outputs["total"]]):
        assert node.parameter is not None
        for value in node.parameter.values:
            if isinstance(value, Distribution):
                first = owners.setdefault(id(value.original), node.parameter.key)
                if first != node.parameter.key:
                    warnings.warn(
                        f"one distribution is used by {first} and {node.parameter.key}: they are drawn "
                        "independently; for one shared value give lca.parameter(key, ...) to both",
                        stacklevel=2,
                    )
