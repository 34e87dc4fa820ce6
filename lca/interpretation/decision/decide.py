"""Choosing between alternatives, and what would be worth knowing before (A12, U15)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from ...arguments import entry
from ...checks import Array, did_you_mean, finite_number, some
from ...errors import DomainError, MissingError
from ...units.quantity import conversion
from ...units.quantity_text import parse_quantity
from ..comparison.rivals import Group
from ..result import Evaluable, model_of
from ..sensitivity.question import question
from ..spread import places_of, quantiles
from ..spreads import denominator
from ..summary import in_unit
from .decision import Decision
from .information import Choice, Information
from .points import Points
from .subjects import Subject, subjects_of
from .tables import Tables

#: The most points of a scrambling, which bounds the memory of a regression.
_MOST_BASE = 1 << 13


@entry
def decide(
    thing: Evaluable,
    *,
    over: str,
    per: str = "total",
    unit: str | None = None,
    groups: Mapping[str, Iterable[str]] | None = None,
    cost: Mapping[str, str] | None = None,
    confidence: float = 0.9,
    base: int = 2048,
    seed: int = 0,
    mix: Iterable[str] = (),
) -> Decision:
    """Choose between alternatives, and say what would be worth knowing before: the value of information (U15).

    The choice has the smallest mean. Its expected loss is what perfect information would avoid: EVPI = E[x_chosen -
    min x_i]. Knowing one parameter avoids EVPPI = E[x_chosen] - E[min E[x_i | parameter]] of it, never more. What all
    alternatives share cancels.

    Parameters
    ----------
    thing : Study, Result, Node, or mapping of str to Node
        What to decide on. Of a result its own random draws are taken, up to 65,536, where there are 2,048 or more and
        `mix` is empty; else Sobol' points.
    over : str
        The dim of the alternatives. With other alternatives there is a choice for each label of theirs.
    per : str
        "total", or what to divide by, as in `summary`.
    unit : str
        A mass of CO2e such as "g CO2e".
    groups : mapping of str to sequence of str
        What would be known together, by a name: keys such as "robots.load", labels of keys such as
        "engines.energy[engine=FP16]", or patterns such as "electricity/*". Each counts by itself, too.
    cost : mapping of str to str
        What it costs to know a parameter, a label or a group, such as {"robots.load": "2 kg CO2e"}.
    confidence : float
        The probability of the intervals, and of `among_best` and `letters` as in `compare`.
    base : int
        Sobol' points of each of 8 scramblings, a power of two from 64 to 8,192; fewer where the totals would take
        above 256 MiB.
    seed : int
        The seed of the scramblings.
    mix : sequence of str
        Keys of parameters of kind model or scenario that are drawn (U8).

    Returns
    -------
    Decision
        It answers in words; `.choices`, `.table`, `.information` and `.worth` are tables.

    Raises
    ------
    MissingError
        If the total does not vary over that dim, or no parameter has a spread.
    DomainError
        If a group or a cost names what is not there, a cost is below 0, has a spread, or stands beside `per`; if the
        confidence is not a probability above 0 and below 1.
    UnitError
        If a unit is of another dimension.

    References
    ----------
    Raiffa and Schlaifer 1961, Applied Statistical Decision Theory; Strong, Oakley and Brennan 2014, Med. Decis. Making
    34, 311-326.

    Examples
    --------
    >>> import lca
    >>> joules = lca.labelled({"a": lca.Normal(4, 1), "b": lca.Normal(6, 1)}, "kg CO2e", dim="engine")
    >>> decided = decide({"total": lca.parameter("x", joules)}, over="engine")
    >>> decided.choice, decided.choices["best"].round(2).to_list()
    ('a', [0.92])
    >>> decided.information["avoided"].round(3).to_dict()
    {'x': 0.05, 'x[engine=b]': 0.008, 'x[engine=a]': 0.008}
    """
    if not 0 < confidence < 1:
        raise DomainError.of("level_outside_0_to_1", "confidence", level=confidence)
    finite_number(base, "base", low=64, high=_MOST_BASE, whole=True)
    program, node = question(thing, "total", per)
    if over not in node.dim_names:
        raise MissingError.of("no_alternatives_over", "over", dim=over, dims=", ".join(node.dim_names) or "none")
    points = Points.of(thing, program, base, seed, tuple(mix))
    subjects = subjects_of(points, groups, model_of(thing).names)
    if not subjects:
        raise MissingError.of("no_spread", "total")
    words = "" if per == "total" else denominator(model_of(thing).outputs, per)[2]
    (output,) = program.outputs.values()
    factor, label = in_unit(unit, output.unit, words)
    costs = _costs(cost or {}, [one.name for one in subjects], label, per)
    alternatives = list(_places(points, over, factor))
    choices = [Choice.of(group.draws) for group in alternatives]
    avoided = _avoided(Information(points, choices), subjects)
    made = Tables(over, label, confidence, points.says, alternatives, choices, subjects, avoided)
    return Decision(over, made.chosen(), made.options(), made.information(), made.worth(costs), confidence)


def _places(points: Points, over: str, factor: float) -> Iterator[Group]:
    """The alternatives at each place of the other dims."""
    names = [dim.name for dim in points.dims]
    labels = {dim.name: list(dim.labels) for dim in points.dims}
    others = [name for name in names if name != over]
    values = np.moveaxis(points.totals() / factor, names.index(over), -2)
    for at, named in places_of(others, labels):
        draws = values[tuple(at.values())]
        yield Group(named, labels[over], draws, draws[:0], quantiles(draws), draws.mean(axis=1))


def _avoided(information: Information, subjects: Sequence[Subject]) -> Array:
    """EVPPI (subjects, choices, parts): of a label 0, where knowing all labels of the parameter avoids nothing."""
    found: list[Array] = []
    nothing: set[str] = set()
    for subject in subjects:
        (key, _), *_ = subject.known
        idle = subject.kind == "label" and key in nothing
        found.append(np.zeros_like(found[-1]) if idle else information.of(subject))
        if subject.kind == "parameter" and not found[-1].any():
            nothing.add(key)
    return np.stack(found)


def _costs(cost: Mapping[str, str], names: Sequence[str], unit: str, per: str) -> dict[str, float]:
    """The costs in the unit of the totals. Raises for what is not there, and for a cost that cannot be one."""
    if cost and per != "total":
        raise DomainError.of("cost_beside_per", "cost", per=per)
    if strange := [name for name in cost if name not in names]:
        near = did_you_mean(strange[0], names) or f"There are: {some(names)}"
        raise DomainError.of("cost_of_what_is_not_there", "cost", strange, near=near)
    return {name: _cost(text, unit, f"cost[{name!r}]") for name, text in cost.items()}


def _cost(text: str, unit: str, where: str) -> float:
    read = parse_quantity(text, where)
    if read.half_width is not None:
        raise DomainError.of("cost_with_a_spread", where, [text])
    return finite_number(read.value, where, low=0) * conversion(read.unit, unit, where)
