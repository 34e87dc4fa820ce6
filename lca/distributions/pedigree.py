"""Pedigree scores as a geometric standard deviation, with the factors of ecoinvent 2 and of ecoinvent 3.

A value that was taken from elsewhere is scored from 1 (best) to 5. The scores say how it was found, and how far its
time, place and technology are from those that are meant (Weidema and Wesnaes 1996). Each adds to the variance of ln x.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Self, TypeAlias

from ..arguments import entry, shown
from ..checks import finite_number, one_of, real
from ..errors import DomainError

#: What the five scores of each indicator come to; None where the table has no figure.
Scores: TypeAlias = Mapping[str, tuple[float | None, ...]]

#: Variances of ln x. Weidema et al. 2013, Overview and methodology: data quality guideline for the ecoinvent database
#: version 3, ecoinvent report 1 (v3), table 10.5.
ECOINVENT_3: Scores = {
    "reliability": (0.0, 0.0006, 0.002, 0.008, 0.04),
    "completeness": (0.0, 0.0001, 0.0006, 0.002, 0.008),
    "temporal": (0.0, 0.0002, 0.002, 0.008, 0.04),
    "geographical": (0.0, 0.000025, 0.0001, 0.0006, 0.002),
    "technological": (0.0, 0.0006, 0.008, 0.04, 0.12),
}
#: Factors U of which ln(U)^2 add up to the square of ln(gsd^2). Frischknecht et al. 2007, Overview and methodology,
#: data v2.0, ecoinvent report 1, section 7.3 (as in the report of 2005 for v1.1). Two cells of it are empty. The report
#: was not at hand: the figures are those of the package `pedigree-matrix` (C. Mutel, MIT), which fills the empty cells.
ECOINVENT_2: Scores = {
    "reliability": (1.0, 1.05, 1.10, 1.20, 1.50),
    "completeness": (1.0, 1.02, 1.05, 1.10, 1.20),
    "temporal": (1.0, 1.03, 1.10, 1.20, 1.50),
    "geographical": (1.0, 1.01, 1.02, None, 1.10),
    "technological": (1.0, None, 1.20, 1.50, 2.00),
    "sample_size": (1.0, 1.02, 1.05, 1.10, 1.20),
}
#: Basic uncertainty by kind of flow: the factor of ecoinvent 2 (the same report, table 7.2) and the variance of ln x of
#: ecoinvent 3 (chapter 10 of its guideline), which is ln(U)^2 / 4 of the former, rounded. The factors were checked
#: against `pedigree-matrix`, too. Flows of which the figure differs between processes are left out.
BASIC: Mapping[str, tuple[float, float]] = {
    "energy": (1.05, 0.0006),
    "materials": (1.05, 0.0006),
    "waste treatment": (1.05, 0.0006),
    "transport": (2.0, 0.12),
    "infrastructure": (3.0, 0.3),
}
_TABLES: Mapping[str, Scores] = {"ecoinvent 3": ECOINVENT_3, "ecoinvent 2": ECOINVENT_2}
#: A basic figure above is no such figure: a factor was given for a variance.
_MOST_VARIANCE, _MOST_FACTOR = 1.0, 100.0
#: The indicator that may be left out.
_OPTIONAL = "sample_size"


class Pedigree(float):
    """A geometric standard deviation that says which scores it comes from; a number like any other.

    Attributes
    ----------
    scores : tuple of int
        The scores, in the order of the table.
    version : str
        The table.
    variance : float
        The variance of ln x, the basic one included: gsd = exp(sqrt(variance)).
    """

    scores: tuple[int, ...]
    version: str
    variance: float

    def __new__(cls, scores: tuple[int, ...], version: str, variance: float) -> Self:
        made = super().__new__(cls, math.exp(math.sqrt(variance)))
        made.scores, made.version, made.variance = scores, version, variance
        return made

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        return type(self), (self.scores, self.version, self.variance)

    @property
    def text(self) -> str:
        """Where the number comes from, in words."""
        return f"pedigree ({','.join(map(str, self.scores))}) of {self.version}"

    def __repr__(self) -> str:
        return f"{self.text}: gsd {float(self):.5g}"


@entry
def pedigree(
    scores: Mapping[str, int] | Sequence[int], *, basic: float | str, version: str = "ecoinvent 3"
) -> Pedigree:
    """The geometric standard deviation that ecoinvent gives a value for its pedigree scores.

    With version 3, gsd = exp(sqrt(b + v_1 + ... + v_5)) of variances of ln x (Weidema et al. 2013, table 10.5). With
    version 2, gsd^2 = exp(sqrt(ln(b)^2 + ln(U_1)^2 + ... + ln(U_6)^2)) (Frischknecht et al. 2007, section 7.3).

    Parameters
    ----------
    scores : mapping of str to int, or sequence of int
        Scores from 1 (best) to 5 (worst) by name: reliability, completeness, temporal, geographical, technological; or
        in this order. Version 2 has a sixth, sample_size, which adds nothing where it is left out.
    basic : float, or str
        The basic uncertainty, of a value with the best scores: with version 3 the variance of ln x, 0 to 1, with
        version 2 the factor gsd^2, 1 to 100. Or a kind of flow: "energy", "materials", "waste treatment", "transport",
        "infrastructure".
    version : str
        "ecoinvent 3" or "ecoinvent 2".

    Returns
    -------
    Pedigree
        The geometric standard deviation, to be given to `Lognormal`. The distribution says where it comes from.

    Raises
    ------
    DomainError
        If a score is missing, is not a whole number from 1 to 5, or has no figure in the table. If `basic` is a
        variance outside of 0 to 1, a factor outside of 1 to 100, or an unknown word.

    Examples
    --------
    >>> from lca import Lognormal
    >>> gsd = pedigree((2, 1, 1, 1, 5), basic=0.0006)
    >>> gsd
    pedigree (2,1,1,1,5) of ecoinvent 3: gsd 1.4164
    >>> Lognormal("36 kg CO2e", gsd=gsd)
    Lognormal("36 kg CO2e", gsd=1.41643) by pedigree (2,1,1,1,5) of ecoinvent 3
    """
    table = _TABLES[one_of(version, tuple(_TABLES), "version", "pedigree(version=)")]
    read = _read(scores, table, version)
    cells = {name: table[name][score - 1] for name, score in read.items()}
    if lacking := [f"{name}: {read[name]}" for name, cell in cells.items() if cell is None]:
        raise DomainError.of("score_without_a_figure", "pedigree(scores=)", lacking, version=version)
    parts = [cell for cell in cells.values() if cell is not None]
    variance = _basic(basic, version) + math.fsum(parts if version == "ecoinvent 3" else map(_variance_of, parts))
    return Pedigree(tuple(read.values()), version, variance)


def _variance_of(factor: float) -> float:
    """The variance of ln x of a factor gsd^2."""
    return (math.log(factor) / 2) ** 2


def _basic(basic: float | str, version: str) -> float:
    """The basic variance of ln x."""
    where, third = "pedigree(basic=)", version == "ecoinvent 3"
    if isinstance(basic, str):
        figure = BASIC[one_of(basic, tuple(BASIC), "kind of flow", where)][third]
    else:
        low, high = (0.0, _MOST_VARIANCE) if third else (1.0, _MOST_FACTOR)
        figure = finite_number(basic, where, low=low, high=high)
    return figure if third else _variance_of(figure)


def _read(scores: Mapping[str, int] | Sequence[int], table: Scores, version: str) -> dict[str, int]:
    """The scores by name, in the order of the table. All that is wrong with them is said at once."""
    given = dict(scores) if isinstance(scores, Mapping) else dict(zip(table, scores, strict=False))
    wrong = [f"{name} = {shown(score)}" for name, score in given.items() if name in table and not _is_score(score)]
    wrong += [f"{name!r} is none of them" for name in given if name not in table]
    wrong += [f"{name} is missing" for name in table if name not in given and name != _OPTIONAL]
    if len(scores) > len(table):
        wrong.append(f"{len(scores)} scores are too many")
    if wrong:
        raise DomainError.of(
            "scores_of_a_pedigree", "pedigree(scores=)", wrong, version=version, names=", ".join(table)
        )
    return {name: int(given[name]) for name in table if name in given}


def _is_score(score: object) -> bool:
    return real(score) in (1.0, 2.0, 3.0, 4.0, 5.0)
