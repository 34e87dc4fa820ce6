"""One parameter at a time: how far the nominal result moves (U11)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from ...arguments import entry
from ...checks import Array, some
from ...errors import DomainError
from ...graph.program import Leaf, Program
from ...sampling.evaluate import evaluate
from ...sampling.moves import moved
from ..draws import held_keys
from ..result import Evaluable, model_of
from ..table import Table
from ..value_names import value_name
from .question import conditions, question, spread_keys, unit_of


def _values(program: Program, **how: Any) -> Array:
    """The values of the only output (labels..., draws), in root units."""
    (found,) = evaluate(program, **how).values()
    return found


@entry
def tornado(
    thing: Evaluable, *, of: str = "total", per: str = "total", level: float = 0.9, mix: Iterable[str] = ()
) -> Table:
    """How far the nominal result moves when one parameter at a time goes to the ends of its interval.

    All labels of a parameter move together.

    Parameters
    ----------
    thing : Study, Result, Node, or mapping of str to Node
        What to analyse. The output must not vary over alternatives: select one first.
    of : str
        The output.
    per : str
        "total", or what to divide by, as in `summary`.
    level : float, 0 to 1
        The probability between the two ends.
    mix : sequence of str
        Keys of parameters of kind model or scenario that move, too; the others stay nominal (U8).

    Returns
    -------
    Table
        Columns `low`, `high` (results), `swing` and `unit`; a row for each parameter, largest swing first.
        `attrs["nominal"]` is the nominal result.

    Raises
    ------
    DomainError
        If the output varies over alternatives, or the level is outside 0 to 1.
    MissingError
        If the output is unknown, or no parameter has a spread.

    Examples
    --------
    >>> import lca
    >>> a = lca.parameter("a", lca.Uniform("2 kWh at_wall", "4 kWh at_wall"))
    >>> tornado(a * 2, level=0.5)[["low", "high"]].values.tolist()
    [[5.0, 7.0]]
    """
    if not 0 < level < 1:
        raise DomainError.of("level_outside_0_to_1", "level", level=level)
    program, node = question(thing, of, per)
    if node.dims:
        raise DomainError.of("tornado_over_alternatives", of, dim=node.dims[0].name)
    unit, factor = unit_of(node, per)
    ends = (1 - level) / 2, (1 + level) / 2
    held = held_keys(program, mix)
    keys = spread_keys(program, held, of)
    (found,) = moved(program, [(key, partial(_at, u=u)) for key in keys for u in ends]).values()
    lows, highs = (found / factor).reshape(-1, 2).T.tolist()
    called = partial(value_name, names=model_of(thing).names)
    rows = [
        {
            "parameter": key,
            "words": called(key),
            "low": low,
            "high": high,
            "swing": abs(high - low),
            "unit": unit,
        }
        for key, low, high in zip(keys, lows, highs, strict=True)
    ]
    between = f"one at a time between the {ends[0]:.0%} and {ends[1]:.0%} quantiles"
    if tied := sorted({key for group in program.correlated for key in group.keys if key in keys}):
        between += f"; {some(tied)}: moved alone, though correlated"
    table = Table.of(rows, "parameter", between + conditions(program, held)).sort_values("swing", ascending=False)
    table.attrs["nominal"] = float(_values(program)[0]) / factor
    return table


def _at(leaf: Leaf, u: float) -> Array:
    return leaf.parameter.quantile(u).reshape(leaf.nominal.shape)
