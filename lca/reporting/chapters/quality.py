"""How good the data are, what the study cannot say, and what is not in it (A5, A6, A10, A13)."""

from __future__ import annotations

import re

from ...impact.views import BURDENS
from ...interpretation.result import Result, nominal
from ...interpretation.summary import summary
from ...inventory.stages import stage_label
from ..grids import Grid, grid, plain_grid
from ..subject import Subject
from ..words import percent, say, texts, value
from .people import stated_texts

_PEDIGREE = re.compile(r"pedigree \((?P<scores>[\d,]+)\) of (?P<version>[\w. ]+)")


def contents(subject: Subject) -> dict[str, object]:
    """Shares by status, scores of a pedigree, limitations, what is missing, and notes."""
    return {
        "shares": grid(subject.statuses, "Share of the nominal total by the weakest value behind it"),
        "counts": counts(subject),
        "pedigree": pedigree(subject),
        "texts": stated_texts(subject),
        "gaps": [say("gap", category=name.replace("_", " "), gaps="; ".join(gaps)) for name, gaps in _gaps(subject)],
        "excluded": [
            say("left_out", what=stage_label(name), why=out.reason) for name, out in subject.result.model.excluded.items()
        ],
        "notes": notes(subject.one),
    }


def _gaps(subject: Subject) -> list[tuple[str, tuple[str, ...]]]:
    return [(name, tuple(gaps)) for name, gaps in subject.result.model.gaps.items() if gaps]


def counts(subject: Subject) -> str:
    """How many values have which status, and how many have a spread."""
    order = list(texts()["statuses"])
    counted = subject.values["status"].value_counts()
    said = [f"{counted[name]} {name}" for name in order if name in counted]
    spread = int((subject.values["spread"] != "none").sum())
    return say("values_by_status", count=len(subject.values), statuses=", ".join(said), spread=spread)


def pedigree(subject: Subject) -> Grid | None:
    """The scores of the values that have a pedigree; None where none has."""
    rows = []
    for key, row in subject.values.iterrows():
        if found := _PEDIGREE.search(str(row["spread"])):
            rows.append({"value": str(row["words"]), "key": str(key), "scores": found["scores"], "of": found["version"]})
    return plain_grid(rows, "Pedigree scores", say("pedigree")) if rows else None


def notes(one: Result) -> list[str]:
    """The notes of the model, each with the share of the result that it touches, where that is known (A5)."""
    kept = all(name in one.data for name in one.model.details)
    table = summary(one if kept else nominal(one.model), by="activity")
    details = [name.partition("/")[::2] for name in one.model.details]
    shares = [
        (slug, value(table, f"{stage_label(stage)}/{slug}", "share")) for stage, slug in details if stage not in BURDENS
    ]
    made = []
    for note in one.model.notes:
        share = sum(share for slug, share in shares if note.startswith(f"{slug} in "))
        made.append(say("note_with_share", note=note, share=percent(share)) if share else note)
    return made
