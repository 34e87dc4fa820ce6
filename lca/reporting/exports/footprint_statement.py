"""A carbon footprint statement with the items of ISO 14067: what was counted, by which rules, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator

from ...arguments import entry
from ...electricity.electricity import Electricity
from ...impact.views import MARKET
from ...interpretation.explain import provenance, status_shares
from ...interpretation.result import Result
from ...study.about import About
from ...units.number_text import significant
from .activities import Group, activities_of, boundary, reasons
from .export import Export
from .numbers import one_of, stated
from .stage_table import by_stage
from .texts import bullets, page, rows, say, sentences

_UNKNOWN = "unknown"
#: As many values as a statement names with their effect.
_MOST = 5


@entry
def footprint_statement(result: Result) -> Export:
    """A carbon footprint statement in the manner of ISO 14067 (text not seen).

    It has the functional unit, the total with its interval, the stages, the boundary with cut-offs, GWP sets,
    electricity, allocation, data quality, uncertainty, and what the study states of its goal and its review.

    Parameters
    ----------
    result : Result
        A result of one alternative.

    Returns
    -------
    Export
        Markdown; `.data` has the totals in full. The notes name the items that are not said.

    Raises
    ------
    LabelError
        If the result has several alternatives.

    Examples
    --------
    >>> import lca
    >>> from lca.study.small_study import small_study
    >>> statement = footprint_statement(lca.nominal(small_study()))
    >>> statement.data["total"]
    {'nominal': 48.0, 'unit': 'kg CO2e'}
    """
    one = one_of(result, detailed=False)
    model = one.model
    total, each = stated(one, "total"), stated(one, "total", "functional_unit")
    items, notes = _items(one)
    text = page(
        "footprint_statement", notes, title=model.title, total=total.readable.text,
        each=each.readable.alone.text, unit=model.functional_unit, stages=by_stage(one), items="\n\n".join(items),
    )  # fmt: skip
    data = {"study": model.title, "functional_unit": model.functional_unit}
    numbers = {"total": total.plain, "per_functional_unit": each.plain}
    parts = {"stages": {stage: stated(one, stage).plain for stage in model.stages}, "about": model.about.plain}
    standard = say("footprint_statement", "standard")
    return Export(model.title, standard, text, tuple(notes), {**data, **numbers, **parts})


def _items(result: Result) -> tuple[list[str], list[str]]:
    """The items that can be said, each a paragraph, and what has to be said of the others."""
    found = dict(_said(result))
    items = [
        f"**{say('footprint_statement', name)}.**{text if text[0].isspace() else ' ' + text}"
        for name, text in found.items()
        if text
    ]
    notes = [say("footprint_statement", f"no_{name}") for name, text in found.items() if not text]
    return items, [*notes, say("footprint_statement", "not_apart")]


def _said(result: Result) -> Iterator[tuple[str, str]]:
    """Each item with its text, "" where it is not known."""
    model, group, about = result.model, activities_of(result), result.model.about
    makers = (*about.authors, str(about.date or ""), about.commissioner, about.licence, about.link)
    rules = [f"{one.name}: {one.allocation.replace('_', ' ')}" for one in group.records if one.allocation]
    yield "made", "; ".join(filter(None, makers))
    yield (
        "goal",
        " ".join(filter(None, (sentences(about.reason, about.application, about.audience), _comparative(about)))),
    )
    yield "reference_flow", about.reference_flow
    yield "boundary", f"{boundary(result, model.stages)} {_partial(result)}".rstrip()
    yield "cut_off", _cut_off(result)
    yield "gwp", _gwp(result, group)
    yield "electricity", _electricity(result, group)
    yield "allocation", "; ".join(rules)
    yield "time", ", ".join(map(str, sorted({year for one in group.records for year in one.years})))
    yield "quality", _quality(result)
    yield "sensitivity", _sensitivity(result)
    yield "uncertainty", result.contents if result.seed is not None else ""
    yield "assumptions", sentences(*about.assumptions)
    yield "limitations", sentences(*about.limitations)
    yield "notes", "\n\n" + bullets(model.notes) if model.notes else say("footprint_statement", "none")
    yield "review", about.review
    more = {"data_requirements": [about.data_requirements]}
    more |= {"value_choices": [*about.value_choices], "conclusions": [*about.conclusions]}
    yield from ((name, sentences(*texts)) for name, texts in more.items() if any(texts))


def _partial(result: Result) -> str:
    """Whether it is a partial footprint: a stage is left out, and not because it is small."""
    small = [name for name, one in result.model.excluded.items() if one.upper_text]
    left = [stage for stage in reasons(result, result.model.stages) if stage not in small]
    return say("footprint_statement", "partial") if left else ""


def _comparative(about: About) -> str:
    """Whether it supports a comparative assertion, where that is stated."""
    if about.comparative is None:
        return ""
    return say("footprint_statement", "comparative" if about.comparative else "not_comparative")


def _cut_off(result: Result) -> str:
    """What was cut off, with the bounds."""
    bounds = [f"{name}: {one.upper_text}" for name, one in result.model.excluded.items() if one.upper_text]
    if result.study_if_whole is None:
        return "; ".join(bounds)
    each, together = (significant(100 * one) for one in result.study_if_whole.cut_off)
    return say("footprint_statement", "cut_off_is", each=each, together=together, bounds="; ".join(bounds) or "nothing")


def _gwp(result: Result, group: Group) -> str:
    """The sets that gases were characterized with, here and by the publishers of factors."""
    own = sorted({str(key).split("/")[1] for key in provenance(result.model).index if str(key).startswith("gwp/")})
    sets = [say("footprint_statement", "gwp_here", sets=", ".join(own))] if own else []
    named = {one.name: "" if one.gwp_set == _UNKNOWN else one.gwp_set for one in group.electricity}
    return " ".join(
        sets
        + [
            say("footprint_statement", "gwp_of", name=name, set=said or "a set that is not stated")
            for name, said in named.items()
        ]
    )


def _electricity(result: Result, group: Group) -> str:
    """Which electricity, and the market-based total beside it."""
    beside = f"{MARKET}/total"
    market = (
        [say("footprint_statement", "market", total=stated(result, beside).readable.text)]
        if beside in result.data
        else []
    )
    return " ".join([*map(_tags, group.electricity), *market])


def _tags(one: Electricity) -> str:
    """What is stated of an electricity."""
    tags = {"accounting": one.accounting, "averaging": one.averaging, "basis": one.basis, "mix": one.mix}
    said = [value for value in tags.values() if value != _UNKNOWN] + ([str(one.year)] if one.year else [])
    unsaid = [name for name, value in tags.items() if value == _UNKNOWN]
    said += [say("footprint_statement", "unstated", names=" and ".join(unsaid))] if unsaid else []
    return f"{one.name}: {', '.join(said)}."


def _sensitivity(result: Result) -> str:
    """The values with the largest effect on the total, at nominal values."""
    values = provenance(result.model)
    first = values[values["effect"] != 0].head(_MOST)
    shown = "; ".join(f"{row['words']} {significant(float(row['effect']))}" for _, row in first.iterrows())
    return say("footprint_statement", "sensitivity_is", values=shown) if shown else ""


def _quality(result: Result) -> str:
    """The share of the total by the weakest value behind it."""
    table = status_shares(result)
    shares = [[str(status), f"{significant(100 * float(share))} %"] for status, share in table["share"].items()]
    return f"{say('footprint_statement', 'quality_is')}\n\n{rows(['weakest value', 'share'], shares)}"
