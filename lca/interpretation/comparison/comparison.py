"""Comparing alternatives draw by draw, on the same random numbers (A12)."""

from __future__ import annotations

import numpy as np
import pandas

from ...arguments import entry
from ...errors import DomainError
from ...fits import share_interval
from ...study.score import Score
from ..result import Result
from ..table import Table
from .ranking import above_shares, letters, smallest_set, told_apart
from .rivals import Group, rivals

#: Of the interval of a share of draws.
_LEVEL = 0.95


@entry
def compare(
    result: Result,
    *,
    over: str,
    within: str = "",
    per: str = "total",
    unit: str | None = None,
    confidence: float = 0.9,
    score: Score | None = None,
) -> Table:
    """Rank alternatives, draw by draw on the same random numbers (A12).

    Parameters
    ----------
    result : Result
        A result with draws.
    over : str
        A dim of alternatives.
    within : str
        A coordinate of the dim, such as "precision": alternatives are compared with those of the same value only.
    per : str
        "total", or what to divide by, as in `summary`.
    unit : str
        A mass of CO2e such as "mg CO2e".
    confidence : float
        The probability with which `among_best` and `letters` hold, above 0 and below 1.
    score : Score
        What to show beside each, in place of the score of the functional unit.

    Returns
    -------
    Table
        A row for each alternative, smallest median first. Columns: `mean`, `p5`, `p50`, `p95`, `unit`. `best` is the
        share of draws in which it is the smallest (ties are shared). `excess_p5`, `excess_p50` and `excess_p95` are its
        difference to the alternative with the smallest median, draw by draw. `ratio_p5`, `ratio_p50` and `ratio_p95`
        are its multiples of it.

        `among_best` marks the fewest alternatives that hold the best one with the probability `confidence` (after
        Gupta 1965). `letters`: two that share no letter are told apart, by intervals of the differences of all pairs
        that hold at once with that confidence (max-|t|, Hothorn et al. 2008; letters after Piepho 2004).
        `expected_loss` is the mean of what it is above the smallest of each draw: what choosing it costs on average.

        `above` is the share of draws in which it is above the first, with ties as half, and `above_error` half of the
        95 % interval of that probability (Wilson 1927, for random draws). `differs` says whether one of the two is
        smaller with a probability of at least `confidence`, also at the nearer end of that interval.

    Raises
    ------
    MissingError
        If the total does not vary over that dim, or has no draws; if the dim has no such coordinate.
    UnitError
        If the unit is of another dimension.
    DomainError
        If the confidence is not a probability above 0 and below 1.
    LabelError
        If the labels of the score are not those of the dim.

    Examples
    --------
    >>> import lca
    >>> joules = lca.labelled({"a": lca.Normal(4, 1), "b": lca.Normal(6, 1)}, "kg CO2e", dim="engine")
    >>> result = lca.monte_carlo({"total": lca.parameter("x", joules)}, progress=False)
    >>> compare(result, over="engine")[["best", "letters"]].round(1).to_dict("index")
    {'a': {'best': 0.9, 'letters': 'a'}, 'b': {'best': 0.1, 'letters': 'a'}}
    """
    if not 0 < confidence < 1:
        raise DomainError.of("level_outside_0_to_1", "confidence", level=confidence)
    compared = rivals(result, over, per=per, unit=unit, score=score)
    rows: list[dict[str, object]] = []
    for group in compared.groups(within):
        frame = ranked(group, over, confidence).assign(unit=compared.unit)
        if compared.score is not None:
            frame = frame.join(compared.score.columns(group.scores))
        rows += group.rows(frame)
    index = [*compared.others, *([within] if within else []), over]
    note = f"Compared draw by draw with the first row{' of each ' + within if within else ''}. {compared.note}"
    note += f" {letters_note(confidence)}"
    joint = () if compared.paired is not None and not within else ("best", "excess", "ratio", "expected_loss")
    scores = ("score",) if compared.score is not None else ()
    return Table.of(rows, index, note + compared.first_note(*joint, "letters", "above", *scores))


def letters_note(confidence: float) -> str:
    """How to read the letters of a table or a figure."""
    intervals = f"intervals of all differences that hold at once with a confidence of {100 * confidence:.12g} %"
    return f"Those that share no letter are told apart, by {intervals}."


def ranked(group: Group, over: str, confidence: float) -> pandas.DataFrame:
    """The columns of a comparison, a row for each alternative of a group in their own order."""
    standing = group.standing
    above = above_shares(group.draws, standing.reference)
    middle, half = share_interval(above, group.draws.shape[1], _LEVEL)
    half[standing.reference] = 0  # beside itself, with no draw in doubt
    differs = np.maximum(middle, 1 - middle) - half >= confidence
    differs[standing.reference] = False
    return pandas.DataFrame(
        {over: group.labels, **group.quantiles, "mean": group.mean, **standing.columns()}
        | {
            "among_best": smallest_set(standing.best, confidence),
            "letters": letters(told_apart(group.draws, confidence)[0], group.order),
            "above": above,
            "above_error": half,
            "differs": differs,
        }
    )
