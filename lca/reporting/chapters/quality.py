"""How good the data are, what the study cannot say, and what is not in it (A5, A6, A10, A13)."""

from __future__ import annotations

import re

from ...impact.views import BURDENS
from ...interpretation.explain import STATUS_ORDER
from ...interpretation.result import Result, nominal
from ...interpretation.summary import summary
from ...interpretation.table import Table
from ...inventory.stages import stage_label
from ..grids import Grid, grid, plain_grid
from ..subject import Subject
from ..words import percent, say, value
from .people import stated_texts

_PEDIGREE = re.compile(r"pedigree \((?P<scores>[\d,]+)\) of (?P<version>[\w. ]+)")


def contents(subject: Subject) -> dict[str, object]:
    """Shares by status, scores of a pedigree, limitations, what is missing, and notes."""
    return {
        "shares": by_status(subject),
        "pedigree": pedigree(subject),
        "texts": stated_texts(subject),
        "gaps": [say("gap", category=name.replace("_", " "), gaps="; ".join(gaps)) for name, gaps in _gaps(subject)],
        "excluded": [
            say("left_out", what=stage_label(name), why=out.reason)
            for name, out in subject.result.model.excluded.items()
        ],
        "notes": notes(subject.one),
    }


def _gaps(subject: Subject) -> list[tuple[str, tuple[str, ...]]]:
    return [(name, tuple(gaps)) for name, gaps in subject.result.model.gaps.items() if gaps]


def by_status(subject: Subject) -> Grid:
    """For each status its values, the share of the nominal total and of the variance that rest on it (A10)."""
    values, shares = subject.values, subject.statuses["share"]
    variance = variance_by_value(subject)
    rows = []
    for status in STATUS_ORDER:
        own = values[values["status"].str.split(r" \| ", regex=True).map(lambda held, one=status: one in held)]
        row: dict[str, object] = {
            "status": status,
            "values": len(own),
            "with_spread": int((own["spread"] != "none").sum()),
        }
        row["of_total"] = 100 * float(shares.get(status, 0.0))
        if variance:
            row["of_variance"] = 100 * sum(variance.get(str(key), 0.0) for key in own.index)
        if len(own) or row["of_total"]:
            rows.append(row)
    note = say("by_status_note")
    if variance:
        note += say("by_status_effects" if subject.tied else "by_status_variance")
    return grid(Table.of(rows, "status", note), say("by_status", count=len(values)))


def variance_by_value(subject: Subject, per: str = "total") -> dict[str, float]:
    """The share of the variance of the total, or of one functional unit, that each value causes alone, by key."""
    table = subject.drivers.get(per)
    if table is None:
        return {}
    column = "shapley" if subject.tied else "first"
    return {str(key): max(0.0, float(share)) for key, share in table[column].items()}


def pedigree(subject: Subject) -> Grid | None:
    """The scores of the values that have a pedigree; None where none has."""
    rows = []
    for key, row in subject.values.iterrows():
        if found := _PEDIGREE.search(str(row["spread"])):
            rows.append(
                {"value": str(row["words"]), "key": str(key), "scores": found["scores"], "of": found["version"]}
            )
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
