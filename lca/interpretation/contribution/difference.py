"""How far one result is from another, and what moved it: inputs, versions, seeds, designs and structure."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from ...arguments import entry
from ...checks import Array, finite_number
from ...sampling.by_counts import numba_loads
from ..draws import monte_carlo
from ..result import Result, nominal, output_named
from ..saved.storage import load
from ..sensitivity.groups import Groups
from ..table import Table
from ..versions import versions
from .answer import Difference
from .models import Asked, Between, between_models
from .moves import Draws
from .studies import between_studies
from .tables import Change, Piece

#: The most paired draws, where the new result has more.
_MOST = 16_384
_DRAWS = 10_000


@entry
def difference(
    old: Result | str | os.PathLike[str],
    new: Result | str | os.PathLike[str],
    *,
    of: str = "total",
    per: str = "total",
    unit: str | None = None,
    groups: Groups = None,
    order: Sequence[str] | None = None,
    most: int = 12,
) -> Difference:
    """How far a result is from an earlier one, and what moved it.

    Both models are evaluated again on the same draws. The moves of inputs are the mean over all orders in which they
    may be changed (Shapley), and add up in every draw. Where the two differ in form, words such as an allocation rule
    and parameters that decide the form are changed first. What one of the two has alone, such as an activity or a
    formula, is one row, `structure`; inputs that only the new one has belong to it. A saved result brings its study
    along; where its file does not hold all of it, rules stand in the structure, too.

    The row `code` is what each result would be with today's versions and is not. The row `draws` is what seed, design
    and number of draws move. All rows together are the difference of the two means.

    Parameters
    ----------
    old, new : Result, or path
        The results, or the files that `save` wrote.
    of, per, unit : str
        The output, what to divide by, and the unit, as in `summary`.
    groups : mapping of str to sequence of str, or "stage"
        Inputs that count as one change, by a name: keys, or patterns such as "electricity/*".
    order : sequence of str
        One order of the inputs in place of all: the first is changed first.
    most : int
        How many inputs have a row of their own. The smallest of more, by what each moves at nominal values, are one.

    Returns
    -------
    Difference
        It answers in words. `.table` has a row for each change, `.settings` the versions and settings that differ,
        `.structure` what one of the two has alone. `lca.plot.waterfall` draws it.

    Raises
    ------
    LabelError
        If the two vary over other alternatives: select one of each first.
    UnitError
        If the two have other units.
    MissingError
        If an output is unknown to one of them.
    DomainError
        If the order does not name each change once.

    Examples
    --------
    >>> import lca
    >>> from lca.study.small_study import small_study
    >>> draft, final = (lca.nominal(small_study().replace({"lab.pue": pue})) for pue in (1.5, 1.2))
    >>> lca.difference(draft, final).table["moves"].round(9).to_dict()
    {'lab.pue': -14.4, 'whole': -14.4}
    """
    finite_number(most, "most", low=2, whole=True)
    results = [one if isinstance(one, Result) else load(one) for one in (old, new)]
    for result in results:
        output_named(result.data, of)
    draws = _paired(results[1])
    asked = Asked(of, per, unit, order, groups, most)
    studies = [one for result in results if (one := result.study_if_whole) is not None]
    if len(studies) == len(results):
        between = between_studies(studies[0], studies[1], asked, draws)
    else:
        between = between_models(results[0].model, results[1].model, asked, draws)
    means = [_mean(result, between) for result in results]
    settings = _settings(*results)
    others = _others(results, means, between, draws)
    note = f"Paired draws: {between.ends.count:,}, seed {draws.seed}." if draws.count else "Nominal values."
    if between.structure and len(studies) < len(results):
        note += " A result without its study has no fields: rules, and what decides the form, are in the structure."
    made = between.answer(note, (means[0], means[1]), others)
    return replace(made, settings=settings)


def _paired(new: Result) -> Draws:
    """The draws on which both models are evaluated: those of the new result, where it has random draws."""
    if new.seed is None:
        return Draws(None)
    count = min(new.draws, _MOST) if new.design == "random" else _DRAWS
    return Draws(count, new.seed, new.mixed)


def _mean(result: Result, between: Between) -> Array:
    """The mean of a result (labels...), in its unit, over the dims of the moves."""
    spread = result.spreads.of(output_named(result.data, between.asked.of), between.asked.per)
    return between.ends.laid(spread.mean[..., None], spread.dims)[..., 0]


def _others(results: Sequence[Result], means: Sequence[Array], between: Between, draws: Draws) -> list[Piece]:
    """What versions move, and what seeds and designs move: the rest of the difference of two means."""
    zero = np.zeros(means[0].shape)
    again = [_again(result) for result in results]
    now = [mean if one is None else _mean(one, between) for mean, one in zip(means, again, strict=True)]
    code = (means[1] - now[1]) - (means[0] - now[0])
    paired = between.ends.after.mean(axis=-1) - between.ends.before.mean(axis=-1)
    parts = []
    if any(one is not None for one in again):
        parts.append(Piece(Change("code", "versions of the code", "code"), code[..., None], zero))
    if not all(_is_paired(result, between, draws) for result in results):
        rest = (now[1] - now[0]) - paired
        parts.append(Piece(Change("draws", "seed, design and number of draws", "draws"), rest[..., None], zero))
    return parts


def _is_paired(result: Result, between: Between, draws: Draws) -> bool:
    """Whether a result has the draws on which the two are compared."""
    count = between.ends.count if draws.count else 1
    if draws.count is None:
        return result.seed is None
    return (result.design, result.seed, result.draws, set(result.mixed)) == (
        "random", draws.seed, count, set(draws.mix),
    )  # fmt: skip


def _again(result: Result) -> Result | None:
    """The result with the versions of today; None where it has these, or took points until an error was met."""
    now = versions()
    if result.reached is not None or all(result.versions.get(name) == now[name] for name in ("lca", "stream", "numpy")):
        return None
    if result.seed is None:
        return nominal(result.model)
    evaluator = "numpy" if result.evaluator == "numba" and not numba_loads() else result.evaluator
    return monte_carlo(
        result.model, draws=result.draws, seed=result.seed, design=result.design, mix=result.mixed, keep=result.keep,
        evaluator=evaluator, progress=False,
    )  # fmt: skip


def _settings(old: Result, new: Result) -> Table:
    """The settings in which two results differ."""
    both = [_facts(one) for one in (old, new)]
    names = [name for name in dict.fromkeys((*both[0], *both[1])) if both[0].get(name) != both[1].get(name)]
    rows = [{"setting": name, "old": both[0].get(name, "-"), "new": both[1].get(name, "-")} for name in names]
    return Table.of(rows, "setting") if rows else Table()


def _facts(result: Result) -> Mapping[str, str]:
    stated = {"seed": result.seed, "draws": f"{result.draws:,}", "design": result.design, "keep": result.keep}
    stated |= {"mix": ", ".join(result.mixed) or "none", "evaluator": result.evaluator}
    return {name: str(value) for name, value in stated.items()} | dict(result.versions)
