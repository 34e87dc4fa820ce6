"""Break-even: at which values of one parameter two totals are equal, draw by draw."""

from __future__ import annotations

from collections.abc import Sequence

from ...arguments import entry
from ...checks import finite_number
from ...errors import DomainError, MissingError
from ...graph.labels import Label
from ..result import Evaluable
from .along import is_linear
from .answer import Breakeven, answer
from .axis import Bounds, axis_of, models_within
from .pair import Pair, against_one, names_of


@entry
def breakeven(
    study_a: Evaluable,
    study_b: Evaluable | None = None,
    *,
    vary: str,
    between: Bounds,
    over: str | None = None,
    against: Label | None = None,
    draws: int = 10_000,
    seed: int = 0,
    points: int = 400,
) -> Breakeven:
    """The values of a parameter at which two studies have the same total, draw by draw.

    Where the structure of both totals proves them to be lines in the parameter, a crossing is computed in closed form.
    Else the sign of the difference is taken at `points` values. Between two neighbours with opposite signs the root is
    found by Chandrupatla's method. A jump from one sign to the other is a crossing, too. Two crossings between
    neighbouring points are not seen: give more points if totals have narrow steps. What does not depend on the
    parameter is drawn once for all points. Totals over alternatives have a break-even at each of their labels.

    Parameters
    ----------
    study_a, study_b : Study, Result, Node, or mapping of str to Node
        Both get the value, and share their random numbers. Without the second, `over` and `against` say what is
        compared.
    vary : str
        The path of the parameter, or the key of a value ("electricity/FRA/2024.intensity", as `provenance` lists it).
    between : pair of quantities
        The lower and the upper bound of the search, checked like any value of the field.
    over : str
        A dim of alternatives of the one study. Each of its labels is compared with `against`.
    against : str, int or date
        The label of that dim to compare with.
    draws : int
        How many draws.
    seed : int
        The seed of the random numbers.
    points : int
        How many values of the range are looked at, half in even steps and half in even ratios. Nominal crossings take
        1,000. Lines need two.

    Returns
    -------
    Breakeven
        All crossings of every draw, and those at nominal values.

    Raises
    ------
    MissingError
        If the path is not a single parameter in either study; if the total lacks the dim `over`, or there is
        neither a second study nor `over`.
    UnitError
        If a bound has another unit, or the totals have two.
    LabelError
        If the dim lacks the label `against`, or has it alone; if both studies have a dim with other labels.
    DomainError
        If the bounds are outside the domain of the field or out of order, if the studies are equal whatever the value,
        or if there are two studies and `over`.

    Examples
    --------
    >>> import lca
    >>> lab = lca.Site("lab", pue=1.0, electricity=lca.Electricity("grid", intensity="0.4 kg CO2e/kWh", at="facility"))
    >>> hall = lca.Site("hall", pue=1.5, electricity=lab.electricity)
    >>> others = ("development", "manufacturing", "distribution", "use", "end_of_life")
    >>> common = dict(functional_unit=lca.FunctionalUnit("one model", count="1 device"),
    ...               excluded=dict.fromkeys(others, lca.outside_goal("we compare trainings")))
    >>> slow = lca.Study("slow", lca.Training("desk run", energy="150 kWh", at="wall", site=lab), **common)
    >>> fast = lca.Study("fast", lca.Training("hall run", energy="120 kWh", at="wall", site=hall), **common)
    >>> round(breakeven(slow, fast, vary="hall.pue", between=(1.0, 2.0), draws=10).nominal, 6)
    1.25
    """
    things = _things(study_a, study_b, over, against)
    named = None if over is None or against is None else (over, against)
    return sought(things, vary, between, named=named, draws=draws, seed=seed, points=points)


def sought(
    things: Sequence[Evaluable],
    vary: str,
    between: Bounds,
    *,
    named: tuple[str, Label] | None = None,
    places: tuple[str, str] = ("the first", "the second"),
    draws: int,
    seed: int,
    points: int,
) -> Breakeven:
    """The break-even of two things, or of one over a dim against a label of it, which `named` has."""
    finite_number(draws, "draws", low=1, whole=True)
    finite_number(points, "points", low=2, whole=True)
    axis = axis_of(things, vary, between)
    models = models_within(things, [vary], [between])
    if named is not None:
        names, models = (f"each other {named[0]}", str(named[1])), [*against_one(models[0], *named)]
    else:
        names = names_of(models, places)
    pair = Pair.of(names, (models[0], models[1]), seed)
    linear = is_linear(pair.program.of("one", "other"), axis.keys)
    nominal = pair.nominal(axis, linear, points)
    over = None if named is None else named[0]
    return answer(pair, axis, linear, over, nominal, pair.drawn(axis, linear, points, int(draws)))


def _things(one: Evaluable, other: Evaluable | None, over: str | None, against: Label | None) -> list[Evaluable]:
    """What is compared. Raises where that is not said, or said twice."""
    if other is None and (over is None or against is None):
        raise MissingError.of("nothing_to_compare_with", "breakeven(study_b=)")
    if other is not None and not (over is None and against is None):
        raise DomainError.of("compared_with_two_things", "breakeven(over=)")
    return [one] if other is None else [one, other]
