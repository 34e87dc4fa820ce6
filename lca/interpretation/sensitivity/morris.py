"""Elementary effects: a cheap look at which parameters matter, and which act with others or in a curve.

Morris 1991 (Technometrics 33, 161-174), with the mean of absolute effects after Campolongo, Cariboni and Saltelli 2007
(Environ. Model. Softw. 22, 1509-1518) and steps from each point after Campolongo, Saltelli and Cariboni 2011 (Comput.
Phys. Commun. 182, 978-988). A step goes from a probability u to u + v modulo 1, with v between 1/4 and 3/4. A fixed
step of 1/2, as on a grid of few levels, cannot see what repeats itself after half of the range.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...arguments import entry
from ...checks import Array
from ...graph.program import Stream
from ...sampling.correlated import columns_of
from ...sampling.design import Column, Design
from ...sampling.stream import Numbers
from ..draws import held_keys
from ..result import Evaluable, model_of
from ..table import Table
from .groups import grouped, independent, names_of
from .index_table import by_scatter, index_table
from .points import Pairs, Points
from .question import question, said_of, spread_keys, unit_of

#: What a step is at least, in numbers of 32 bits, and by how many bits a number is cut to be added to it.
_LEAST_STEP, _CUT = np.uint32(1 << 30), np.uint32(1)


@dataclass(frozen=True)
class Stepped(Design):
    """Points of one design, each moved by a step from another: u + 1/4 + v/2 modulo 1."""

    start: Design
    step: Design
    name = "stepped"

    def fill(self, stream: Stream, start: int, stop: int, out: Numbers) -> None:
        """Fill a stream with the numbers after the step."""
        step = np.empty_like(out)
        self.start.fill(stream, start, stop, out)
        self.step.fill(stream, start, stop, step)
        out += _LEAST_STEP + (step >> _CUT)  # whole numbers of 32 bits begin again at 0


@entry
def morris(
    thing: Evaluable,
    *,
    of: str = "total",
    per: str = "total",
    groups: Mapping[str, str | Iterable[str]] | str | None = None,
    base: int = 16,
    seed: int = 0,
    mix: Iterable[str] = (),
) -> Table:
    """Elementary effects of every parameter: mu* and sigma in units of the result, with 90 % intervals of mu*.

    An elementary effect is the change of the result when one parameter moves alone, over the step in probability. So
    the effect of a parameter that acts in a line is the result at its upper end minus that at its lower end. They cost
    8 x base x (parameters + 2) evaluations.

    Parameters
    ----------
    thing : Study, Result, Node, or mapping of str to Node
        What to analyse.
    of : str
        The output.
    per : str
        "total", or what to divide by, as in `summary`.
    groups : mapping of str to str or sequence of str, or "stage"
        Keys that move together, as in `sobol`.
    base : int
        Points of each of 8 scramblings, a power of two. Each parameter moves once from each point.
    seed : int
        The seed of the scramblings.
    mix : sequence of str
        Keys of parameters of kind model or scenario that move, too (U8).

    Returns
    -------
    Table
        Columns `mu_star`, `mu_star_low`, `mu_star_high`, `mu`, `sigma`, `unit`, `rank`; largest mu* first. mu* is the
        mean of absolute effects, and mu that of effects. sigma is their standard deviation. It is 0 where a parameter
        acts in a line and alone. What has several labels of its own, and each group, moves in several directions at
        once. Its `mu` is near 0, and its sigma is that of all directions.

    Raises
    ------
    DomainError
        If a group names an unknown key, or a key twice.
    MissingError
        If the output is unknown, or no parameter has a spread.

    Examples
    --------
    >>> import lca
    >>> a = lca.parameter("a", lca.Uniform("2 kWh at_wall", "4 kWh at_wall"))
    >>> b = lca.parameter("b", lca.Uniform("0 kWh at_wall", "1 kWh at_wall"))
    >>> morris(a + b)[["mu_star", "sigma"]].abs().round(6).values.tolist()
    [[2.0, 0.0], [1.0, 0.0]]
    """
    program, node = question(thing, of, per)
    held = held_keys(program, mix)
    chosen = grouped(model_of(thing), spread_keys(program, held, of), groups, of)
    independent(program, chosen)
    unit, factor = unit_of(node, per)
    points = Points(program, held, base, seed)
    after = Stepped(points.a, points.b)
    columns = columns_of(program, program.keys)
    moving = [[column for column in columns if column[0] in members] for members in chosen.values()]

    def effects(pairs: Pairs) -> Array:
        found = []
        for members, own in zip(chosen.values(), moving, strict=True):
            each = pairs.change(members) / pairs.split(_distance(points.a, after, own, pairs.at))
            found.append(np.stack([np.abs(each).mean(axis=-1), each.mean(axis=-1), np.square(each).mean(axis=-1)]))
        return np.stack(found, axis=1)

    found = points.means(effects, after)
    mu = found[:, 1].mean(axis=0)
    sigma = np.sqrt(np.maximum(found[:, 2].mean(axis=0) - mu**2, 0) * points.count / (points.count - 1))
    more = {"mu": mu / factor, "sigma": sigma / factor, "unit": [unit] * len(chosen)}
    names = names_of(chosen, model_of(thing).names)
    table, ranks = index_table({"mu_star": found[:, 0] / factor}, names, node.dims, by="mu_star", more=more)
    what = f"elementary effects on {said_of(of, per)}, over the whole range of probability"
    table.attrs["note"] = f"{what}: {by_scatter(ranks, base, program, held)}"
    return table


def _distance(before: Design, after: Design, columns: Sequence[Column], at: range) -> Array:
    """How far some columns move, in probability: of one column with its sign, else the mean size of all."""
    if not columns:
        return np.ones(len(at))
    apart = np.subtract(*(_numbers(one, columns, at) for one in (after, before))) / 2.0**32
    return np.asarray(apart[0] if len(columns) == 1 else np.abs(apart).mean(axis=0))


def _numbers(design: Design, columns: Sequence[Column], at: range) -> Array:
    return np.array(design.reader(columns).read(slice(None), at.start, at.stop), float)
