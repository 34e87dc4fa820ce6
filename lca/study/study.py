"""The study and its scenarios (D4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Self

from ..arguments import entry
from ..characterization.categories import CLIMATE
from ..errors import LabelError, RecordError
from ..graph.labels import Choice, L, canonical_label
from ..impact.dim_roles import NATURAL_PARTS
from ..inventory.activity import Activity
from ..kept import Once, kept
from ..records.components import check_references
from .about import About
from .changes import Rows, apart, new_dim, read, stackable, stacked
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
    about : About
        Who made the study, when, for whom and why; reports show it.

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
        about: About | None = None,
    ) -> None:
        inputs = Inputs(
            name, activities=activities, functional_unit=functional_unit, parts=parts, alternatives=alternatives,
            excluded=excluded or {}, cut_off=cut_off, gwp=gwp, mixed=mixed, categories=categories,
            correlations=correlations, about=about or About(),
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
        made = {id(case): case.replaced(**fields) for case in self._every}
        for case in made.values():
            check_references(case, [case.functional_unit.given("count")])
        study = self._of(self._dims, {at: made[id(case)] for at, case in self._cases.items()})
        if "correlations" in fields:
            study._require_correlated()
        return study

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
        columns = [list(values.values()) for values in changes.values()]
        rows = [dict(zip(changes, row, strict=True)) for row in zip(*columns, strict=True)]
        return self.bundled(dim, dict(zip(next(iter(changes.values())), rows, strict=True)))

    @entry
    def bundled(
        self,
        dim: str,
        bundles: Mapping[L, Mapping[str, object]],
        *,
        along: Mapping[str, Sequence[object]] | None = None,
    ) -> Study:
        """The study over a new dim of scenarios, with the values of each label by path.

        Like `vary` by labels in place of paths. A path that a label does not name stays as the study has it.

        Parameters
        ----------
        dim : str
            The name of the new dim.
        bundles : mapping of label to mapping
            For each label its values by path: {"pilot": {"robots.devices": 10}, "as stated": {}}.
        along : mapping of str to sequence
            Coordinates of the dim: properties of the labels, such as {"climate": ["dry", "wet"]} (D3).

        Returns
        -------
        Study
            A study with one more dim of alternatives.

        Raises
        ------
        LabelError
            If the dim is not new, or there is no label.
        MissingError
            If a path names nothing; the error offers near names.

        Examples
        --------
        >>> import lca
        >>> from lca.study.small_study import small_study
        >>> rooms = small_study().bundled("room", {"as stated": {}, "hall": {"lab.pue": 1.5}})
        >>> lca.nominal(rooms).data["total"].values.tolist()
        [48.0, 72.0]
        """
        gone = (one for case in self._every for one in single_labels(case))
        new = new_dim(dim, bundles, {*self.parts, *self.alternatives, *NATURAL_PARTS, *gone}, along)
        rows = Rows(new, list(bundles.values()))
        if not rows.paths:
            raise RecordError.of("bundles_change_nothing", dim)
        paths, name, labels = rows.paths, rows.dim.name, rows.dim.labels
        every = dict.fromkeys(paths)
        fits = self._each(every, lambda case, here: all(stackable(case, path, rows) for path in here))
        if all(fits.values()):
            made = self._each(every, lambda case, here: stacked(case, rows.of(here)))
            return self._changed(made, self._dims, kind=(name, labels, *paths))
        each = self._each(every, lambda case, here: apart(case, rows.of(here)))
        cases = {(*at, label): made[n] for n, label in enumerate(labels) for at, made in each.items()}
        return self._changed(cases, {**self._dims, name: rows.dim}, kind=(name, labels, *paths))

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
        choices = {name: chosen.get(name, every.labels) for name, every in self._dims.items()}
        stays = {name: self._dims[name].some(choice) for name, choice in choices.items() if isinstance(choice, tuple)}
        pick = Once(lambda case: case.replaced(selected=(*case.selected, *chosen.items())))
        cases: dict[At, Inputs] = {}
        for at in product(*(choice if isinstance(choice, tuple) else (choice,) for choice in choices.values())):
            key = tuple(label for name, label in zip(choices, at, strict=True) if name in stays)
            cases[key] = pick(self._cases[at])
        return self._of(stays, cases)
