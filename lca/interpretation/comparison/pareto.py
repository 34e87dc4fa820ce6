"""Alternatives by two things at once: the impact of each and its score, draw by draw (A12)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas

from ...arguments import entry
from ...checks import Array
from ...errors import MissingError
from ...sampling.statistics.ranks import SAME
from ...study.score import Score
from ..result import Result
from ..table import Table
from .rivals import Group, rivals
from .scores import Scored


@entry
def pareto(
    result: Result, *, over: str, score: Score | None = None, per: str = "total", unit: str | None = None
) -> Table:
    """How likely each alternative is on the Pareto front of impact and score, draw by draw (A12).

    One alternative dominates another in a draw if neither its impact nor its score is worse, and one of them is
    better. The front of a draw is what nothing dominates (probabilities of dominance: Teich 2001).

    Parameters
    ----------
    result : Result
        A result with draws.
    over : str
        A dim of alternatives.
    score : Score
        The score of each alternative; that of the functional unit if not given.
    per : str
        "total", or what to divide by, as in `summary`.
    unit : str
        A mass of CO2e such as "mg CO2e".

    Returns
    -------
    Table
        A row for each alternative, smallest median first: `p50`, `p5`, `p95` and `unit` of the impact, and the same
        of the score. `front` is the share of draws in which nothing dominates it. `dominated_by` is the alternative
        that most often dominates it, in the share `dominated_share` of draws; "none" where nothing ever does.

    Raises
    ------
    MissingError
        If there is no score; if the total does not vary over that dim, or has no draws.
    LabelError
        If the labels of the score are not those of the dim.
    UnitError
        If the unit is of another dimension.

    Examples
    --------
    >>> import lca
    >>> joules = lca.labelled({"a": lca.Normal(4, 1), "b": lca.Normal(6, 1)}, "kg CO2e", dim="engine")
    >>> result = lca.monte_carlo({"total": lca.parameter("x", joules)}, progress=False)
    >>> accuracy = lca.Score("accuracy", lca.labelled({"a": 0.6, "b": 0.5}, dim="engine"), better="higher")
    >>> pareto(result, over="engine", score=accuracy)[["front", "dominated_by"]].round(1).to_dict("index")
    {'a': {'front': 1.0, 'dominated_by': 'none'}, 'b': {'front': 0.1, 'dominated_by': 'a'}}
    """
    compared = rivals(result, over, per=per, unit=unit, score=score)
    if compared.score is None:
        raise MissingError.of("no_score", "score")
    rows: list[dict[str, object]] = []
    for group in compared.groups():
        rows += group.rows(_dominated(group, over, compared.unit, compared.score))
    front = "front: the share of draws in which no other is as good in both and better in one"
    table = Table.of(
        rows,
        [*compared.others, over],
        f"{front}. {compared.note}{compared.first_note('front', 'dominated_by', 'dominated_share')}",
    )
    table.attrs |= {"score": compared.score.says, "better": compared.score.better}
    return table


def _dominated(group: Group, over: str, unit: str, score: Scored) -> pandas.DataFrame:
    on_front, dominates = fronts(group.draws, group.scores if score.better == "lower" else -group.scores)
    by = (dominates + 1e-9 * on_front[:, None]).argmax(axis=0)  # of equals, the likelier one on the front
    shares = dominates.max(axis=0)
    names = [group.labels[one] if share > 0 else "none" for one, share in zip(by, shares, strict=True)]
    frame = pandas.DataFrame({over: group.labels, **group.quantiles, "unit": unit})
    return frame.join(score.columns(group.scores)).assign(front=on_front, dominated_by=names, dominated_share=shares)


def fronts(first: Array, second: Array) -> tuple[Array, Array]:
    """(the share of draws in which nothing dominates each, the shares in which i dominates j); smaller is better.

    Both are draws over (alternatives, draws). What is equal in both dominates nothing.

    >>> fronts(np.array([[1.0], [2.0], [3.0]]), np.array([[2.0], [2.0], [1.0]]))[0].tolist()
    [1.0, 0.0, 1.0]
    """
    free: npt.NDArray[np.bool_] = np.ones(first.shape, bool)
    dominates = np.zeros((len(first), len(first)))
    (low, high), (low_too, high_too) = ((x - SAME * np.abs(x), x + SAME * np.abs(x)) for x in (first, second))
    for i in range(len(first)):
        worse = (low[i] <= first) & (low_too[i] <= second) & ((high[i] < first) | (high_too[i] < second))
        dominates[i] = worse.mean(axis=1)
        free &= ~worse
    return np.asarray(free.mean(axis=1)), dominates
