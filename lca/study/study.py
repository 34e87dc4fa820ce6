"""The study, its scenarios, and studies side by side (D4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import product
from typing import Self

from ..arguments import entry
from ..characterization.categories import CLIMATE
from ..errors import LabelError, RecordError
from ..graph.labels import Choice, Dim, L, canonical_label, make_dim
from ..impact.dim_roles import NATURAL_PARTS
from ..inventory.activity import Activity
from ..kept import kept
from ..records.components import check_references
from .changes import Made, read, stackable, stacked
from .scenarios import KEPT, Scenarios, single_labels
from .scope import Exclusion, FunctionalUnit, Inputs
from .side_by_side import At, chosen_labels


class Study(Scenarios):
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
    correlations : mapping, or pandas.DataFrame
        Rank correlations of parameters, by their keys; all others are independent (U14). A pair, {("a.power",
        "b.power"): 0.6}; all pairs of keys that match a pattern, {"*.power": 0.6}; the labels of a dim of one
        parameter, {"grid.intensity": {"year": 0.7}}; or a symmetric matrix over keys.

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
        correlations: object = None,
    ) -> None:
        inputs = Inputs(
            name, activities=activities, functional_unit=functional_unit, parts=parts, alternatives=alternatives,
            excluded=excluded or {}, cut_off=cut_off, gwp=gwp, mixed=mixed, categories=categories,
            correlations=correlations,
        )  # fmt: skip
        check_references(inputs, [inputs.functional_unit.given("count")])
        self._hold({}, {(): inputs})
        self._require_correlated()

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
        >>> from lca.study.small_study import small_study
        >>> study = small_study()
        >>> study.replaced(name="second draft").name
        'second draft'
        """
        cases = {at: case.replaced(**fields) for at, case in self._cases.items()}
        for case in cases.values():
            check_references(case, [case.functional_unit.given("count")])
        made = self._of(self._dims, cases)
        if "correlations" in fields:
            made._require_correlated()
        return made

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
        >>> from lca.study.small_study import small_study
        >>> study = small_study()
        >>> lca.nominal(study.replace({"lab.pue": 1.5})).data["total"].item()
        72.0
        """
        return self._changed(self._each(changes, read), self._dims, kind=tuple(changes))

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
        >>> from lca.study.small_study import small_study
        >>> study = small_study()
        >>> rooms = study.vary("room", {"lab.pue": {"desk": 1.0, "hall": 1.5}})
        >>> lca.nominal(rooms).data["total"].values.tolist()
        [48.0, 72.0]
        """
        labels = {path: ", ".join(str(canonical_label(v, path)) for v in values) for path, values in changes.items()}
        if len(set(labels.values())) != 1:
            raise LabelError.of("bundle_of_other_labels", dim, [f"{path}: {names}" for path, names in labels.items()])
        gone = (one for case in self._cases.values() for one in single_labels(case))
        new = _new_dim(dim, next(iter(changes.values())), {*self.parts, *self.alternatives, *NATURAL_PARTS, *gone})
        fits = self._each(changes, lambda case, found: all(stackable(case, path, v) for path, v in found.items()))
        if all(fits.values()):
            made = self._each(changes, lambda case, found: stacked(case, new, found))
            return self._changed(made, self._dims, kind=(dim, new.labels, *changes))
        apart: dict[At, Made] = {}
        for position, label in enumerate(new.labels):
            at_label = {path: list(values.values())[position] for path, values in changes.items()}
            apart |= {(*at, label): made for at, made in self._each(at_label, read).items()}
        return self._changed(apart, {**self._dims, dim: new.labels}, kind=(dim, new.labels, *changes))

    @entry
    def sel(self, **labels: object) -> Self:
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
        >>> from lca.study.small_study import small_study
        >>> study = small_study()
        >>> rooms = study.vary("room", {"lab.pue": {"desk": 1.0, "hall": 1.5}})
        >>> lca.nominal(rooms.sel(room="hall")).data["total"].item()
        72.0
        """
        chosen = chosen_labels(labels, self.alternatives, self.model)
        return kept(self._near, ("sel", *chosen.items()), KEPT, lambda: self._selected(chosen))

    def _selected(self, chosen: Mapping[str, Choice]) -> Self:
        choices = {name: chosen.get(name, tuple(every)) for name, every in self._dims.items()}
        stays = {name: choice for name, choice in choices.items() if isinstance(choice, tuple)}
        cases: dict[At, Inputs] = {}
        for at in product(*(choice if isinstance(choice, tuple) else (choice,) for choice in choices.values())):
            case = self._cases[at]
            key = tuple(label for name, label in zip(choices, at, strict=True) if name in stays)
            cases[key] = case.replaced(selected=(*case.selected, *chosen.items()))
        return self._of(stays, cases)


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


def _new_dim(name: str, labels: Iterable[object], taken: Set[str]) -> Dim:
    if name in taken:
        raise LabelError.of("scenario_dim_exists", name, dim=name)
    return make_dim(name, labels)
