"""The answer to an inverse question: the values of unknown inputs that make reported results true."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from ...arguments import entry
from ...checks import Array
from ...errors import MissingError
from ...records import notebook
from ...units.number_text import significant
from ..table import Table
from .findings import ANY, NOTHING, Finding
from .regions import Piece

_MOST_ROWS = 12


@dataclass(frozen=True, eq=False, repr=False)
class Inferred:
    """What reported results say of unknown inputs, as `infer` returns it.

    Attributes
    ----------
    table : Table
        Of a set: a row for each interval, with `low`, `high` and their `unit`; `width` is their difference as a share
        of the middle, and `answer` says what bounds it. Of a posterior: a row for each unknown and result, with its
        median and its 5 and 95 % quantiles after the reports and before (`prior_p50`, ...).
    reports : Table
        Of a set: what each report alone leaves of the unknown. Of a posterior: what each report stands for.
    answer : str
        "identified", "bounded below only", "bounded above only", "any" (not identifiable), "nothing fits", or
        "posterior".
    effective : float or None
        Of a posterior: how many draws of equal weight its draws are worth.
    draws : int or None
        Of a posterior: how many draws were taken.
    findings : tuple of Finding
        What the table says, piece by piece.
    report_names : tuple of str
        The reports of results, in order.
    said : tuple of str
        The answers in words.
    carried : function or None
        Of a posterior: makes the table of further results, for `.of(...)`.
    weighted : function or None
        Of a posterior, by the name of an unknown: its draws before, those after with their weights, in its unit.

    Examples
    --------
    >>> import lca
    >>> use = lca.parameter("energy", "386 kWh") * lca.parameter("rate", "0.5 kg CO2e/kWh")
    >>> lca.infer({"use": use}, {"rate": None}, given={"use": "187 kg CO2e"})
    rate is 0.48316 to 0.48575 kg CO2e/kWh.
    """

    table: Table
    reports: Table
    answer: str
    effective: float | None = None
    draws: int | None = None
    report_names: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    carried: Callable[[Sequence[str]], Table] | None = None
    weighted: Callable[[str], tuple[Array, Array, Array]] | None = None

    @property
    def intervals(self) -> list[tuple[float, float]]:
        """The intervals of the first row of `table` that has any, in its unit: one, several, or none."""
        return [piece for one in self.findings[:1] for piece in one.pieces]

    def answers(self) -> list[str]:
        """The answer in words, one for each unknown or combination of listed values.

        Returns
        -------
        list of str
            What the unknown may be, that it is not identifiable, or which reports contradict each other.

        Examples
        --------
        >>> import lca
        >>> energy = lca.parameter("energy", lca.labelled({"a": 100, "b": 200}, "kWh", dim="engine"))
        >>> use = energy * lca.parameter("rate", "0.5 kg CO2e/kWh")
        >>> reports = {"use[engine=a]": "48 kg CO2e", "use[engine=b]": "102 kg CO2e"}
        >>> lca.infer({"use": use}, {"rate": None}, given=reports).answers()[0].partition(":")[0]
        'Nothing fits'
        """
        return list(self.said)

    @entry
    def of(self, *names: str) -> Table:
        """The posterior of other results: the weights of the same draws, carried to them.

        Parameters
        ----------
        *names : str
            Results of the study, such as "total" or "use".

        Returns
        -------
        Table
            As `.table`.

        Raises
        ------
        MissingError
            If there is no posterior, or no such result.

        Examples
        --------
        >>> import lca
        >>> rate = lca.parameter("rate", "0.5 kg CO2e/kWh")
        >>> things = {"use": lca.parameter("energy", "386 kWh") * rate, "twice": 2 * rate}
        >>> prior = lca.Uniform("0.3 kg CO2e/kWh", "0.7 kg CO2e/kWh")
        >>> found = lca.infer(things, {"rate": prior}, given={"use": "187 kg CO2e"})
        >>> [round(float(found.of("twice")[end].iloc[0]), 2) for end in ("p5", "p95")]
        [0.97, 0.97]
        """
        if self.carried is None:
            raise MissingError.of("no_posterior", "of")
        return self.carried(names)

    def __repr__(self) -> str:
        more = [f"... {len(self.said)} in all: .answers()"] * (len(self.said) > _MOST_ROWS)
        return "\n".join([*self.said[:_MOST_ROWS], *more])

    def _repr_html_(self) -> str:
        facts = dict.fromkeys(self.said[:_MOST_ROWS], " ")
        details = {"table": self.table._repr_html_(), "reports": self.reports._repr_html_()}
        return notebook.box("Inferred", self.answer, facts, details, opened=("table",))


def in_words(one: Finding, reports: Sequence[str]) -> str:
    """A finding as a sentence."""
    at = ", ".join(f"{name} = {value:.9g}" for name, value in one.at.items())
    head = f"With {at}: " if at else ""
    if one.answer == NOTHING:
        return f"{head}{_upper('nothing fits', not at)}{_contradiction(one, reports)}"
    if not one.name:
        return f"{head}all reports are true."
    if one.answer == ANY:
        return f"{head}{one.name} is not identifiable: every value of its range fits."
    spans = " or ".join(between(piece) for piece in one.pieces)
    pair = f"{_upper('only', not at)} {one.name} is identified: it is " if _is_pair(one) else f"{one.name} is "
    bounded = "" if one.answer == "identified" else f" ({one.answer}: the other end is that of the range)"
    return f"{head}{pair}{spans} {one.unit}{bounded}."


def _is_pair(one: Finding) -> bool:
    return not one.side and any(f" {sign} " in one.name for sign in "x/+-")


def _upper(text: str, first: bool) -> str:
    return text[0].upper() + text[1:] if first else text


def between(piece: Piece) -> str:
    """Both ends with the digits that tell them apart.

    >>> between((1.0680351, 1.0686350))
    '1.06804 to 1.06864'
    """
    low, high = (significant(float(end), digits_of(*piece)) for end in piece)
    return f"{low} to {high}"


def digits_of(low: float, high: float) -> int:
    """How many significant digits tell two values apart, and two more."""
    apart = abs(high - low) / max(abs(low), abs(high), 1e-300)
    return 3 + max(0, min(8, math.ceil(-math.log10(max(apart, 1e-9))) - 1))


def contradiction(one: Finding) -> tuple[int, int] | None:
    """The two reports that are furthest apart; the first is the one with the higher values."""
    if any(not pieces for pieces in one.of_report):
        return None
    gaps = {pair: _gap(one.of_report[pair[0]], one.of_report[pair[1]]) for pair in
            combinations(range(len(one.of_report)), 2)}  # fmt: skip
    if not gaps or max(gaps.values()) <= 0:
        return None
    first, second = max(gaps, key=gaps.__getitem__)
    return (first, second) if one.of_report[first][0][0] > one.of_report[second][0][0] else (second, first)


def _gap(left: Sequence[Piece], right: Sequence[Piece]) -> float:
    """How far two unions of intervals are apart; 0 where they meet."""
    return min(max(b[0] - a[1], a[0] - b[1], 0.0) for a in left for b in right)


def _contradiction(one: Finding, reports: Sequence[str]) -> str:
    """Which reports contradict each other, and by how much."""
    never = [name for name, pieces in zip(reports, one.of_report, strict=False) if not pieces]
    if never:
        return f": no value of {one.name} in its range makes {never[0]} true."
    if one.apart is not None:
        return f": {reports[one.apart[0]]} and {reports[one.apart[1]]} contradict each other."
    pair = contradiction(one)
    if pair is None:
        return ": no two reports contradict each other, but all of them together do." if one.of_report else "."
    high, low = pair
    least, most = one.of_report[high][0][0], one.of_report[low][-1][1]
    apart = (least - most) / max(abs(least), abs(most))
    digits = digits_of(least, most)
    return (
        f": {reports[high]} needs {one.name} of at least {significant(least, digits)}, and {reports[low]} at most "
        f"{significant(most, digits)} {one.unit} ({significant(100 * apart, 2)} % apart)."
    )
