"""Results over time: one line for each saved result of a folder, from the heads of the files and their totals alone."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from ...arguments import entry
from ...checks import Array, one_of
from ...errors import LcaError, MissingError
from ...graph.fields import Declared, resolve
from ...graph.labels import Label, placed
from ...sampling.evaluate import nominal_values
from ...units.quantity import conversion
from ..graph_data import Stored
from ..shapes import Shape, require
from ..spread import QUANTILES
from ..table import Table
from .seal import ENDING, MANIFEST, opened
from .storage import readable

#: A change is told apart where so large a share of draws has one sign.
TOLD_APART = 0.95
#: What can decide whether a budget is kept.
DECIDING = (*QUANTILES, "mean")
_DIGITS = 12  # of a hash
_HEAD: Mapping[str, Shape] = {"title": str, "functional unit": str, "made": str, "versions": {str: str}}
_TOTAL: Mapping[str, Shape] = {"unit": str, "dims": [str], "over": [str], "rows": {str: {str: float}}}
_MASS = Declared(("kg CO2e",), above=True)
_WHY = "n/a: of the first run of a study no change, of nominal values no interval, of what cannot be read no figure"


@dataclass(frozen=True)
class _Run:
    """A saved result: when it was saved, and what it says of itself."""

    path: Path
    file: str
    saved: datetime
    content: str
    group: tuple[str, ...]  # the study, the functional unit, the unit, and the dims of alternatives
    made: str
    versions: Mapping[str, str]
    total: Stored

    @property
    def unit(self) -> str:
        """The unit of the total."""
        return self.group[2]

    @property
    def rows(self) -> Mapping[str, Mapping[str, float]]:
        """The total at each label."""
        rows: Mapping[str, Mapping[str, float]] = self.total["rows"]
        return rows

    def draws(self) -> Array | None:
        """The draws of the total (labels in the order of the rows, draws), verified; None of nominal values."""
        if "draws" not in self.total:
            return None
        with opened(self.path) as file, readable(self.path):
            array = file.array(self.total["draws"])
            order = [self.total["dims"].index(dim) for dim in (*self.total["over"], "draw")]
            values = np.transpose(array, order)
            return values.reshape(len(self.rows), values.shape[-1])


@entry
def history(
    folder: str | os.PathLike[str],
    *,
    budget: str = "",
    quantile: str = "p50",
    at: Mapping[str, Label] | None = None,
) -> Table:
    """All saved results of a folder, one line a run and alternative, in the order in which they were saved.

    Results of one study and functional unit are compared with the run before; others are never compared. A change is
    told apart where 95 % of the draws have it with one sign; runs of one seed share their draws. Only the heads of the
    files and their totals are read and verified.

    Parameters
    ----------
    folder : str or path
        Where the files lie, in it or in folders below it.
    budget : str
        What a total may be: "10 t CO2e". The column `within` says whether a run keeps it.
    quantile : str
        What decides: "p50" (the median), "p5", "p95" or "mean". A run that does not have it is not within the budget.
    at : mapping of str to label
        The alternatives to show: {"engine": "fp16"}.

    Returns
    -------
    Table
        By file: when it was saved (UTC), study, functional unit, how it was made, and the total (median, 5 and 95 %,
        mean). Then the change of the median, whether it is told apart, versions and what changed in them, and the hash
        of the content. `latest` marks the newest run of each study. A file that cannot be read has its error.

    Raises
    ------
    MissingError
        If the folder has no saved result, or no run has the alternatives.
    UnitError
        If the budget is not of the unit of a total.
    ParseError
        If the budget is not a quantity.
    DomainError
        If `quantile` is another word.

    Examples
    --------
    >>> import lca, tempfile
    >>> from lca.study.small_study import small_study
    >>> with tempfile.TemporaryDirectory() as runs:
    ...     for year, pue in enumerate([1.0, 1.5]):
    ...         _ = lca.save(lca.nominal(small_study().replace({"lab.pue": pue})), f"{runs}/{year}.lca")
    ...     history(runs, budget="50 kg CO2e")[["p50", "change", "within", "latest"]].values.tolist()
    [[48.0, nan, 'yes', False], [72.0, 24.0, 'no', True]]
    """
    one_of(quantile, DECIDING, "quantile", "quantile")
    limit = budget_of(budget) if budget else None
    found, damaged = _runs(Path(folder))
    groups: dict[tuple[str, ...], list[_Run]] = {}
    for run in sorted(found, key=lambda one: one.saved):
        groups.setdefault(run.group, []).append(run)
    rows = [row for runs in groups.values() for row in _of_group(runs, limit, quantile, at or {}, damaged)]
    if found and not rows:
        raise MissingError.of("no_run_with_labels", str(folder), labels=placed((at or {}).items(), ", "))
    several = any(row["at"] != "-" for row in rows)
    rows += [_damaged(file, why, rows[0] if rows else {}) for file, why in damaged.items()]
    table = Table.of(rows, ["file", "at"] if several else "file", _note(rows, budget, quantile, len(groups)))
    table.attrs["why"] = _WHY
    return table if several else table.drop(columns=["at"], errors="ignore")


# --- reading --------------------------------------------------------------------------------------------------------


def _runs(folder: Path) -> tuple[list[_Run], dict[str, str]]:
    """(the runs below a folder, why other files cannot be read)."""
    files = {*folder.rglob(f"*{ENDING}"), *(one.parent for one in folder.rglob(MANIFEST))}
    if not files:
        raise MissingError.of("no_saved_results", str(folder))
    found, damaged = [], {}
    for file in sorted(files):
        name = file.relative_to(folder).as_posix()
        try:
            found.append(_run(file, name))
        except LcaError as error:
            damaged[name] = error.what
    return found, damaged


def _run(path: Path, name: str) -> _Run:
    """What a file says of itself; its other members are not read."""
    with opened(path) as file:
        manifest = file.manifest
    with readable(path):
        head = manifest["result"]
        total = head.get("total")
    if total is None:
        raise MissingError.of("result_without_a_total", name)
    with readable(path):
        require(head, _HEAD)
        require(total, _TOTAL)
        for row in total["rows"].values():
            require(row, {"mean": float})
        saved = datetime.fromisoformat(manifest["saved"]).astimezone(UTC)
        group = (head["title"], head["functional unit"], total["unit"], *total["over"])
        rows = {label: {what: float(one) for what, one in row.items()} for label, row in total["rows"].items()}
        about = {**total, "rows": rows}
        return _Run(path, name, saved, manifest["content"], group, head["made"], head["versions"], about)


# --- rows -----------------------------------------------------------------------------------------------------------


def budget_of(budget: str) -> float:
    """A budget in kg CO2e."""
    return float(nominal_values({"budget": resolve(budget, _MASS, key="budget")})["budget"])


def _of_group(
    runs: Sequence[_Run], limit: float | None, quantile: str, at: Mapping[str, Label], damaged: dict[str, str]
) -> list[dict[str, object]]:
    """A row for each run of one study, and for each of its alternatives; runs whose draws were changed are damaged."""
    wanted = {placed([pair]) for pair in at.items()}
    before: _Run | None = None
    known: Array | None = None
    rows: list[dict[str, object]] = []
    for run in runs:
        try:
            draws = known if before is not None and before.content == run.content else run.draws()
        except LcaError as error:
            damaged[run.file] = error.what
            continue
        for place, (label, numbers) in enumerate(run.rows.items()):
            if wanted <= set(label.split(",")):
                was = before if before is not None and label in before.rows else None
                old = known[[*was.rows].index(label)] if was is not None and known is not None else None
                row = _row(run, label, numbers) | _change(was, run, label)
                row |= {"told_apart": _told(was, old, None if draws is None else draws[place])}
                row |= {"within": _within(numbers, limit, quantile, run)} if limit is not None else {}
                row |= {"versions": _versions(before, run), "content": run.content[:_DIGITS], "error": "none"}
                rows.append(row)
        before, known = run, draws
    return [{**row, "latest": before is not None and row["file"] == before.file} for row in rows]


def _row(run: _Run, label: str, numbers: Mapping[str, float]) -> dict[str, object]:
    ends = {name: numbers.get(name, math.nan) for name in QUANTILES}
    return {
        "file": run.file,
        "at": label or "-",
        "saved": f"{run.saved:%Y-%m-%d %H:%M}",
        "study": run.group[0],
        "functional_unit": run.group[1],
        "made": run.made,
        **ends,
        "p50": numbers.get("p50", numbers["mean"]),
        "mean": numbers["mean"],
        "unit": run.unit,
    }


def _change(before: _Run | None, run: _Run, label: str) -> dict[str, object]:
    """How far the median is from that of the run before."""
    if before is None:
        return {"change": math.nan}
    was, now = before.rows[label], run.rows[label]
    return {"change": now.get("p50", now["mean"]) - was.get("p50", was["mean"])}


def _told(before: _Run | None, old: Array | None, new: Array | None) -> str:
    """Whether a change is told apart: in how many draws it has one sign."""
    if before is None:
        return "first run"
    if old is None or new is None:
        return "no draws"
    most = min(len(old), len(new))
    sides = np.count_nonzero(new[:most] > old[:most]), np.count_nonzero(new[:most] < old[:most])
    return "yes" if max(sides) >= TOLD_APART * most else "no"


def _within(numbers: Mapping[str, float], limit: float, quantile: str, run: _Run) -> str:
    """Whether a run keeps a budget in kg CO2e; one that lacks what decides does not."""
    size = numbers.get(quantile, math.inf if quantile in ("p5", "p95") else numbers["mean"])
    return "yes" if size <= limit * conversion("kg CO2e", run.unit, run.file) else "no"


def _versions(before: _Run | None, run: _Run) -> str:
    """The versions of a run, or in what they differ from those of the run before."""
    now = run.versions
    if before is None:
        return ", ".join(f"{name} {now[name]}" for name in ("lca", "numpy") if name in now)
    was = before.versions
    names = [name for name in dict.fromkeys((*was, *now)) if was.get(name) != now.get(name)]
    return "; ".join(f"{name} {was.get(name, 'none')} to {now.get(name, 'none')}" for name in names) or "as before"


def _damaged(file: str, why: str, like: Mapping[str, object]) -> dict[str, object]:
    """The row of a file that cannot be read, with the columns of other rows."""
    row: dict[str, object] = {name: math.nan if isinstance(one, float) else "-" for name, one in like.items()}
    return row | {"file": file, "at": "-", "latest": False, "error": why}


# --- what is said of all --------------------------------------------------------------------------------------------


def over_budget(table: Table) -> Table:
    """The newest runs that do not keep the budget."""
    return table[table["latest"].astype(bool) & (table["within"] == "no")] if "within" in table else table[:0]


def _note(rows: Sequence[Mapping[str, object]], budget: str, quantile: str, studies: int) -> str:
    said = ["median with 5 to 95 %; a change is told apart where 95 % of the draws have it with one sign"]
    said += [f"{studies} studies, which are not compared with each other"] if studies > 1 else []
    if bad := sum(row["error"] != "none" for row in rows):
        said.append(f"{bad} of {len({row['file'] for row in rows})} files cannot be read")
    if budget:
        over = [row for row in rows if row["latest"] and row.get("within") == "no"]
        what = "the median" if quantile == "p50" else quantile
        kept = "every newest run is within" if not over else f"{len(over)} of the newest rows above"
        said.append(f"{kept} {budget}, by {what}")
    return "; ".join(said)
