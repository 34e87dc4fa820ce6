"""Inverse questions: which unstated inputs make reported results true."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas

from ...arguments import entry
from ...checks import finite_number
from ...errors import DomainError
from ..result import Evaluable, model_of, output_named
from ..table import Table
from .findings import IDENTIFIED, NOTHING, Finding, findings
from .forward import Forward
from .inferred import Inferred, digits_of, in_words
from .posterior import posterior
from .reports import Report, reports_of
from .unknowns import Unknown, unknown_of, with_single_parameters

Row = dict[str, object]


@entry
def infer(
    thing: Evaluable,
    unknown: Mapping[str, object],
    *,
    given: Mapping[str, object],
    of: Iterable[str] = (),
    draws: int = 10_000,
    most: int = 1 << 18,
    effective: int = 400,
    seed: int = 0,
) -> Inferred:
    """The unstated inputs that make reported results true within their rounding; with priors, their posterior.

    Without priors it is a set: all values of the unknown for which each report is true for some value of the reported
    inputs within their rounding. Its ends are certain to 1e-12, of two unknowns to 1/500 of what is left of each. Other
    parameters are at their nominal values, which the note lists. "Not identifiable" and "nothing fits" are answers.

    With a prior for each unknown it is a posterior, by importance weights on the draws of the study. Other parameters
    are drawn as in `monte_carlo`.

    Parameters
    ----------
    thing : Study, Node, or mapping of str to Node
        What computes the results.
    unknown : mapping of str to None, pair, list or Distribution
        The unknown inputs, by path or key. None: any value above 0 that the field takes, up to 1e12 times the stated
        one. A pair: a range, ("0.3 kg CO2e/kWh", "0.7 kg CO2e/kWh"). A list: the few values that it may have. A
        distribution: its prior. At most two may have a range.
    given : mapping of str to str, Reported, or mapping
        What was reported, by the name of a result or input, such as "total", "use[engine=FP16]", "total per inference",
        or "engines.energy[engine=FP16]". The text as it was printed, or `lca.reported`. A mapping has a report for
        each label. A reported input takes the place of what the study states.
    of : sequence of str
        With priors: further results of the table.
    draws : int
        With priors: how many draws to begin with. They are doubled until enough are effective.
    most : int
        The most draws.
    effective : int
        How many draws of equal weight are needed.
    seed : int
        The seed of the draws, as in `monte_carlo`.

    Returns
    -------
    Inferred
        It answers in words; `.table` and `.reports` are tables, `.of(...)` carries the weights to other results.

    Raises
    ------
    MissingError
        If an unknown or a report names what is not there, or nothing is reported of a result.
    UnitError
        If a value has another unit than what it is of.
    DomainError
        If more than two unknowns have a range, some have priors and others not, or too few draws are effective.
    LabelError
        If a report of a value over labels names none.

    References
    ----------
    Jaulin and Walter 1993, Automatica 29, 1053-1064 (sets); Kong 1992, University of Chicago, Technical Report 348
    (effective draws).

    Examples
    --------
    >>> import lca
    >>> use = lca.parameter("energy", "386 kWh") * lca.parameter("rate", "0.5 kg CO2e/kWh")
    >>> infer({"use": use}, {"rate": None}, given={"use": "187 kg CO2e", "energy": "386 kWh"})
    rate is 0.48254 to 0.48638 kg CO2e/kWh.
    """
    finite_number(draws, "draws", low=1, whole=True)
    finite_number(most, "most", low=draws, whole=True)
    finite_number(effective, "effective", low=2, whole=True)
    single = with_single_parameters(thing, list(unknown))
    unknowns = [unknown_of(single, name, value) for name, value in unknown.items()]
    reports = reports_of(single, given, [one.key for one in unknowns])
    _require(unknowns, reports)
    forward = Forward.of(single, unknowns, reports)
    if unknowns[0].prior is not None:
        outputs = model_of(single).outputs
        names = [output_named(outputs, name) for name in of] or [name for name in ("total",) if name in outputs]
        return posterior(single, forward, names, draws=draws, most=most, effective=effective, seed=seed)
    return _as_set(forward)


def _require(unknowns: Sequence[Unknown], reports: Sequence[Report]) -> None:
    """Raise for a question that has no answer of either kind."""
    if not unknowns:
        raise DomainError.of("not_an_unknown", "unknown", value="{}")
    if not any(not one.key for one in reports):
        raise DomainError.of("no_report_of_a_result", "given")
    if both := {one.key for one in unknowns} & {one.key for one in reports}:
        raise DomainError.of("report_of_the_unknown", "given", sorted(both))
    priors = [one.prior is not None for one in unknowns]
    if any(priors) and not all(priors):
        raise DomainError.of("priors_of_some", "unknown", [one.name for one in unknowns if one.prior is None])
    ranged = [one.name for one in unknowns if not one.options and one.prior is None]
    if len(ranged) > 2:
        raise DomainError.of("too_many_unknowns", "unknown", ranged, count=len(ranged))


def _as_set(forward: Forward) -> Inferred:
    found = findings(forward)
    names = [one.name for one in forward.results]
    listed = [one.name for one in forward.unknowns if one.options]
    rows = [row for one in found for row in _rows(one)]
    columns = ["input", *listed, "low", "high", "width", "unit", "answer"]
    table = Table.of(_framed(rows, columns), ["input", *listed], _note(forward, found))
    alone = [row for one in found for row in _report_rows(one, names)]
    reports = Table.of(_framed(alone, ["report", *listed, "low", "high", "intervals", "unit"]), ["report", *listed])
    digits = max((digits_of(*piece) for one in found for piece in one.pieces), default=3)
    for one in (table, reports):
        one.attrs["digits"] = digits
    fits = [one for one in found if one.answer != NOTHING]
    answer = fits[0].answer if fits else NOTHING
    said = tuple(in_words(one, names) for one in found)
    return Inferred(
        table,
        reports,
        answer,
        report_names=tuple(names),
        said=said,
        findings=(*fits, *(one for one in found if one not in fits)),
    )


def _framed(rows: Sequence[Row], columns: list[str]) -> pandas.DataFrame:
    return pandas.DataFrame(rows, columns=columns)


def _rows(one: Finding) -> list[Row]:
    """The intervals of a finding."""
    said = {"unit": one.unit, "answer": one.answer}
    return [
        {"input": one.name, **one.at, "low": low, "high": high, "width": _width(low, high), **said}
        for low, high in one.pieces
    ]  # fmt: skip


def _width(low: float, high: float) -> float:
    """A difference as a share of the middle."""
    return 2 * (high - low) / ((abs(high) + abs(low)) or 1.0)


def _report_rows(one: Finding, names: Sequence[str]) -> list[Row]:
    """What each report alone leaves."""
    return [
        {"report": name, **one.at, "low": pieces[0][0], "high": pieces[-1][1],
         "intervals": len(pieces), "unit": one.unit}
        for name, pieces in zip(names, one.of_report, strict=False)
        if pieces
    ]  # fmt: skip


def _note(forward: Forward, found: Sequence[Finding]) -> str:
    """What the set holds for, and whether it may be too wide."""
    note = "All values for which every report is true within its rounding."
    if forward.held:
        note += f" Held at nominal values: {', '.join(forward.held)}."
    if forward.shared:
        note += f" Several reports depend on {', '.join(forward.shared)}: the set may be too wide, never too narrow."
    elif not all(one.known for one in found if one.answer == IDENTIFIED):
        note += " Not all of it is known to be true: the set may be too wide, never too narrow."
    return note
