"""The energy of a model as Annex XI of the EU AI Act asks for it: known, or estimated."""

from __future__ import annotations

from ...arguments import entry
from ...interpretation.explain import STATUS_ORDER, rests_on
from ...interpretation.result import Result
from ...inventory.stages import stage_label
from ...units.number_text import significant
from .activities import Group, activities_of, covered, kept_note, said_of_draws
from .export import Export
from .numbers import Number, amount, one_of
from .texts import bullets, page, rows, say


@entry
def annex_xi(result: Result, *, flop: float | str | None = None, source: str = "") -> Export:
    """The energy consumption of a model for its documentation by Annex XI, 2(e), of the EU AI Act (text not seen).

    Known of it at second hand: the known or estimated energy consumption of the model; where it is not known, it may
    rest on the compute that was used. The statement gives the electricity of development and training, and that of
    the use apart.

    Parameters
    ----------
    result : Result
        A result of one alternative.
    flop : float or str
        The operations of the training, such as "5e22 FLOP", to be said beside the energy.
    source : str
        How the operations are known.

    Returns
    -------
    Export
        Markdown; `.data` has the energy in kWh at the facility, in all and of each activity, and how it is known.

    Raises
    ------
    LabelError
        If the result has several alternatives.
    DomainError
        If the operations are not above 0.

    Examples
    --------
    >>> import lca
    >>> from lca.study.small_study import small_study
    >>> annex_xi(lca.nominal(small_study())).data["energy"]
    {'nominal': 120.0, 'unit': 'kWh at the facility'}
    """
    one = one_of(result)
    every = activities_of(one)
    made = every.in_stages(("development", "training"))
    known = Group(one, tuple(each for each in made.those if each.energy))
    energy, status = known.kilowatt_hours if known.those else None, _status(known)
    operations = None if flop is None else amount(flop, "FLOP", "annex_xi(flop=)")
    notes = _notes(made, operations) + kept_note(one)
    text = page(
        "annex_xi", notes, title=one.model.title, energy=_headline(energy, status),
        activities=rows(["activity", "stage", "electricity", "how it is known"], _rows(every)),
        compute=_compute(operations, source),
        remarks=bullets([say("annex_xi", "boundary"), say("annex_xi", "status"), said_of_draws(one), *covered(one)]),
    )  # fmt: skip
    data = {
        "study": one.model.title,
        "energy": energy.plain if energy else None,
        "known_or_estimated": _kind(status) if energy else None,
        "status": status or None,
        "activities": {each.slugs[0]: each.kilowatt_hours.plain for each in _alone(every) if each.those[0].energy},
        "flop": operations,
    }
    return Export(one.model.title, say("annex_xi", "standard"), text, tuple(notes), data)


def _headline(energy: Number | None, status: str) -> str:
    """The energy of development and training, and how it is known."""
    if energy is None:
        return say("annex_xi", "no_energy")
    return say("annex_xi", "energy", kind=_kind(status), energy=energy.text, status=status)


def _compute(operations: float | None, source: str) -> str:
    """The operations of the training, where they are stated."""
    if operations is None:
        return ""
    return say("annex_xi", "compute", flop=significant(operations), source=source or say("annex_xi", "unsaid"))


def _kind(status: str) -> str:
    """Whether an energy is known, or rests on what was assumed."""
    return "estimated" if status in ("default", "assumed") else "known"


def _alone(group: Group) -> list[Group]:
    """Each activity by itself."""
    return [Group(group.result, (one,)) for one in group.those]


def _status(group: Group) -> str:
    """How well an energy is known: the weakest status behind it; "" of none."""
    found = [rests_on(group.result.model, name) for one in group.those for name in one.energy]
    return max((one for one in found if one in STATUS_ORDER), key=STATUS_ORDER.index, default="")


def _rows(every: Group) -> list[list[str]]:
    return [
        [
            one.those[0].name,
            stage_label(one.those[0].stage),
            one.kilowatt_hours.text if one.those[0].energy else say("annex_xi", "not_published"),
            _status(one) or "not known",
        ]
        for one in _alone(every)
    ]


def _notes(made: Group, operations: float | None) -> list[str]:
    """What is not said."""
    stages = {one.stage for one in made.those}
    notes = [say("annex_xi", f"no_{stage}") for stage in ("training", "development") if stage not in stages]
    if made.without_energy:
        notes.append(say("annex_xi", "energy_unknown", names=", ".join(made.without_energy)))
    return notes + ([] if operations else [say("annex_xi", "no_compute")])
