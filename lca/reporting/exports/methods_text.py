"""A methods paragraph for a paper, with its citations: every number computed, every table cited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar

from ...arguments import entry
from ...checks import one_of as one_word_of
from ...interpretation.attribution import Attribution, attribution, tex
from ...interpretation.explain import provenance
from ...interpretation.result import Result
from ...interpretation.summary import summary
from ...inventory.stages import stage_label
from ...units.number_text import significant
from .activities import Group, activities_of, kept_note, reasons
from .export import Export
from .numbers import one_of, stated
from .texts import named_works, say, sentences

_STYLES = ("paper", "latex")


class Methods(Export):
    """A paragraph with its citations; the entries of BibTeX are written beside it."""

    endings: ClassVar[tuple[str, ...]] = (".md", ".tex", ".txt")

    def files(self, path: Path) -> Mapping[Path, bytes]:
        """The text, and its entries in a file of the same name that ends in .bib."""
        bibtex = str(self.data["bibtex"])
        beside = {path.with_suffix(".bib"): f"{bibtex}\n".encode()} if bibtex else {}
        return {**super().files(path), **beside}


@entry
def methods_text(result: Result, *, style: str = "paper") -> Export:
    """A methods section for a paper: what was assessed, how, with what, and how sure the result is.

    Parameters
    ----------
    result : Result
        A result of one alternative.
    style : str
        "paper", which names the works in brackets, or "latex", which cites them by the keys of the entries.

    Returns
    -------
    Export
        The text; `.data["bibtex"]` has the entries, which `write` puts beside it in a .bib file.

    Raises
    ------
    LabelError
        If the result has several alternatives.
    DomainError
        If the style is unknown.

    Examples
    --------
    >>> import lca
    >>> from lca.study.small_study import small_study
    >>> print(methods_text(lca.nominal(small_study())).text.splitlines()[-1])
    The footprint is 48.0 kg CO2e (nominal); for one model it is 48.0 kg CO2e (nominal). The largest stage is ...
    """
    one = one_of(result)
    style = one_word_of(style, _STYLES, "style", "methods_text(style=)")
    credited, written = attribution(one.model), tex if style == "latex" else str
    paragraphs = [_scope(one), _inventory(activities_of(one)), _uncertainty(one), _outcome(one), _stated(one)]
    paragraphs = [written(paragraph) for paragraph in paragraphs if paragraph]
    paragraphs.insert(2, _cited(credited, style))
    notes = kept_note(one) + ([] if one.study_if_whole is not None else [say("methods_text", "no_study")])
    numbers = {
        "total": stated(one, "total").plain,
        "per_functional_unit": stated(one, "total", "functional_unit").plain,
    }
    data = {"style": style, "bibtex": credited.bibtex(), **numbers}
    text = "\n\n".join(filter(None, paragraphs)) + "\n"
    return Methods(one.model.title, say("methods_text", "standard"), text, tuple(notes), data)


def _scope(result: Result) -> str:
    """What was assessed: functional unit, stages, and what is left out."""
    model = result.model
    left = reasons(result, model.stages)
    said = [say("methods_text", "scope", title=model.title, version=result.versions.get("lca", ""))]
    said.append(say("methods_text", "unit", unit=model.functional_unit, stages=_listed(map(stage_label, model.stages))))
    for reason in dict.fromkeys(left.values()):
        stages = _listed(stage_label(stage) for stage, why in left.items() if why == reason)
        said.append(say("methods_text", "left_out", stages=stages, reason=reason))
    return " ".join(said)


def _inventory(group: Group) -> str:
    """The electricity of each activity, its intensity, and how hardware is charged."""
    energies = [
        say("methods_text", "energy", name=one.name, stage=stage_label(one.stage), energy=alone.kilowatt_hours.text)
        for one in group.those
        if one.energy and (alone := Group(group.result, (one,)))
    ]
    said = [say("methods_text", "energies", energies="; ".join(energies))] if energies else []
    if group.without_energy:
        said.append(say("methods_text", "stated_alone", names=_listed(group.without_energy)))
    if intensity := group.intensity:
        said.append(say("methods_text", "intensity", intensity=intensity.text, names=_listed(_named(group))))
    rules = dict.fromkeys(one.allocation.replace("_", " ") for one in group.records if one.allocation)
    if rules:
        said.append(say("methods_text", "rules", machines=_listed(group.machines), rules=_listed(rules)))
    return " ".join(said)


def _named(group: Group) -> list[str]:
    """The electricity by name, as far as the study is known."""
    return [one.name for one in group.electricity] or [say("methods_text", "its_sites")]


def _cited(credited: Attribution, style: str) -> str:
    """The works behind the values of tables, in brackets or by key."""
    works = [one for one in credited.credits if not one.work.own]
    if not works:
        return ""
    if style == "latex":
        return say("methods_text", "cited_in_latex", keys=",".join(one.key for one in works))
    return say("methods_text", "cited", works=named_works(credited))


def _uncertainty(result: Result) -> str:
    """How the interval was made, and what it covers."""
    if result.seed is None:
        return say("methods_text", "nominal")
    values = provenance(result.model)
    random = int((values["spread"] != "none").sum())
    said = say("methods_text", "draws", draws=result.drawn, random=random, values=len(values))
    return f"{said} {result.contents}"


def _outcome(result: Result) -> str:
    """The total, what it is for one functional unit, and the largest stage."""
    shares = summary(result)["share"].drop("total")
    total, each = stated(result, "total"), stated(result, "total", "functional_unit")
    said = say(
        "methods_text", "outcome", total=total.readable.text, each=each.readable.alone.text,
        unit=result.model.functional_unit,
    )  # fmt: skip
    of = "total" if result.seed is None else "mean total"
    first = say("methods_text", "first", stage=shares.idxmax(), share=significant(100 * float(shares.max())), of=of)
    return f"{said} {first}"


def _stated(result: Result) -> str:
    """Assumptions and limitations, as the authors state them."""
    about = result.model.about
    texts = sentences(*about.assumptions, *about.limitations)
    return say("methods_text", "stated", texts=texts) if texts else ""


def _listed(names: Iterable[str]) -> str:
    """Names as a sentence lists them.

    >>> _listed(["a", "b", "c"])
    'a, b and c'
    """
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last
