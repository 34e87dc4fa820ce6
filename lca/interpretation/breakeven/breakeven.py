"""Break-even: at which value of one parameter two studies are equal, draw by draw."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ...arguments import entry
from ...checks import Array, did_you_mean, finite_number, one_of
from ...distributions.reading import read_scalar
from ...errors import DomainError, MissingError, RecordError, UnitError
from ...graph.correlated import groups_of
from ...graph.fields import Written, parameter
from ...graph.leaf import Parameter
from ...graph.node import Node, parameter_node
from ...graph.program import compile_program
from ...records.components import find, resolve_field
from ...records.record import Record
from ...study.side_by_side import common_correlations
from ...study.study import Study
from ...units.number_text import in_full
from ...units.parse import parse_unit
from ...units.text import unit_text
from .crossings import crossings, gap_of, places_between
from ..draws import held_keys
from ..spread import QUANTILES

_NOMINAL_POINTS = 1_000


@dataclass(frozen=True, eq=False)
class Breakeven:
    """The values of a parameter at which two studies have the same total.

    Attributes
    ----------
    path : str
        The path or key of the parameter.
    crossings : array (draws, crossings)
        All crossings of each draw in rising order, filled up with NaN.
    unit : str
        The unit of the values.
    nominals : tuple of float
        All crossings at nominal values.
    count : array (draws)
        How many functional units the first study provides at the first crossing.
    nominal_count : float or None
        The same at nominal values.
    lower : str
        The study that is lower in the whole range at nominal values, if there is no crossing.
    count_unit : str
        What `count` counts.

    Examples
    --------
    >>> import numpy
    >>> found = Breakeven("a.pue", numpy.array([[1.2], [1.4]]), "", (1.3,), numpy.array([5.0, 7.0]), 6.0)
    >>> found.nominal, found.probability
    (1.3, 1.0)
    """

    path: str
    crossings: Array
    unit: str
    nominals: tuple[float, ...]
    count: Array
    nominal_count: float | None
    lower: str = ""
    count_unit: str = "functional units"

    @property
    def values(self) -> Array:
        """The first crossing of every draw; NaN where the two studies never meet in the range."""
        return self.crossings[:, 0]

    @property
    def nominal(self) -> float | None:
        """The first crossing at nominal values, None where there is none."""
        return self.nominals[0] if self.nominals else None

    @property
    def probability(self) -> float:
        """The share of draws in which the two studies are equal somewhere in the range."""
        return float(np.mean(np.isfinite(self.values)))

    @property
    def several(self) -> float:
        """The share of draws in which they are equal at more than one value."""
        return float(np.mean(np.isfinite(self.crossings).sum(axis=1) > 1))

    @entry
    def quantile(self, q: float, *, of: str = "values") -> float:
        """A quantile of the first crossing, over the draws that have one.

        Parameters
        ----------
        q : float, 0 to 1
            The probability below the quantile.
        of : str
            "values", or "count" for the functional units there.

        Returns
        -------
        float
            The quantile, in `unit` or `count_unit`.

        Raises
        ------
        MissingError
            If no draw has a crossing.
        DomainError
            If `of` is unknown.

        Examples
        --------
        >>> import numpy
        >>> found = Breakeven("a.pue", numpy.array([[1.2], [1.4]]), "", (1.3,), numpy.array([5.0, 7.0]), 6.0)
        >>> round(found.quantile(0.5), 9)
        1.3
        """
        array: Array = getattr(self, one_of(of, ("values", "count"), "array", "quantile(of=)"))
        kept = array[np.isfinite(array)]
        if not kept.size:
            raise MissingError.of("no_break_even_in_range", self.path)
        return float(np.quantile(kept, q))

    def __repr__(self) -> str:
        at = ", ".join(in_full(value) for value in self.nominals)
        lower = f"at nominal values {self.lower or 'neither'} is lower throughout"
        plain = f"at nominal values: {at} {self.unit}" if self.nominals else lower
        if self.probability == 0:
            return f"<no break-even of {self.path} in the range in any draw; {plain}>"
        text = f"<break-even at {self.path} = {self._spread('values', self.unit)}, "
        text += f"{self._spread('count', self.count_unit)}; in {self.probability:.0%} of draws"
        if self.probability < 1:
            text += "; the others never cross in the range, and are in no interval"
        if self.several:
            text += f"; the first of several in {self.several:.0%} of draws"
        return f"{text}; {plain}>"

    def _spread(self, of: str, unit: str) -> str:
        middle, low, high = (in_full(self.quantile(q, of=of)) for q in QUANTILES.values())
        return f"{middle} {unit} (median; 5 to 95 %: {low} to {high})"


@entry
def breakeven(
    study_a: Study,
    study_b: Study,
    *,
    vary: str,
    between: tuple[Written, Written],
    draws: int = 10_000,
    seed: int = 0,
    points: int = 400,
) -> Breakeven:
    """The values of a parameter at which two studies have the same total, draw by draw.

    Between two neighbouring points with opposite signs the root is found by Chandrupatla's method. A jump
    from one sign to the other is a crossing, too. Two crossings between neighbouring points are not seen: give more
    points if totals have narrow steps. What does not depend on the parameter is drawn once for all points.

    Parameters
    ----------
    study_a, study_b : Study
        Both get the value, and share their random numbers.
    vary : str
        The path of the parameter, or the key of a value ("electricity/FRA/2024.intensity", as `provenance` lists it).
    between : pair of quantities
        The lower and the upper bound of the search, checked like any value of the field.
    draws : int
        How many draws.
    seed : int
        The seed of the random numbers.
    points : int
        How many values of the range are looked at, half in even steps and half in even ratios. Nominal crossings take
        1,000.

    Returns
    -------
    Breakeven
        All crossings of every draw, and those at nominal values.

    Raises
    ------
    MissingError
        If the path is not a single parameter in either study.
    UnitError
        If a bound has another unit.
    DomainError
        If the bounds are outside the domain of the field or out of order, if the totals vary over alternatives, or if
        the studies are equal whatever the value.

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
    studies = (study_a, study_b)
    varied = [found for study in studies if (found := _varied(study, vary)) is not None]
    if not varied:
        raise MissingError.of("not_one_parameter", "vary", path=vary, near=_near(studies, vary))
    finite_number(draws, "draws", low=1, whole=True)
    finite_number(points, "points", low=2, whole=True)
    low, high, unit, factor = _range(*varied[0], vary, between)
    # with the upper bound in place the years of use reach as far as the search, and a value that breaks a law raises
    models = [(study.replace({vary: between[1]}) if _field(study, vary) else study).model for study in studies]
    for model in models:
        if dims := model.outputs["total"].dim_names:
            raise DomainError.of("break_even_over_alternatives", model.title, dims=", ".join(dims))
    held = set().union(*(held_keys(model.program.of("total", "functional_unit"), ()) for model in models))
    one, other = (model.outputs["total"] for model in models)
    program = compile_program({"one": one, "other": other, "count": models[0].outputs["functional_unit"]})
    stated = common_correlations(
        {(study.name, n): model for n, (study, model) in enumerate(zip(studies, models, strict=True))}
    )
    program = replace(program, correlated=groups_of(stated, program.drawn))
    keys = {node.parameter.key for node, _ in varied if node.parameter is not None}
    plain = gap_of(program, keys, held, None, seed)
    places = places_between(low, high, max(points, _NOMINAL_POINTS))
    signs = np.sign(plain(places))
    if not signs.any():
        raise DomainError.of("equal_whatever_the_value", "vary", [study_a.name, study_b.name])
    nominals = [x for x in crossings(plain, places, signs[:, None])[0].tolist() if x == x]
    drawn = gap_of(program, keys, held, int(draws), seed)
    places = places_between(low, high, points)
    met = crossings(drawn, places, np.stack([np.sign(drawn(np.full(draws, x))).astype(np.int8) for x in places]))
    first = met[:, 0]
    count = np.where(np.isfinite(first), drawn.count(np.where(np.isfinite(first), first, low)), np.nan)
    nominal_count = float(plain.count(np.array(nominals[:1]))[0]) if nominals else None
    lower = "" if nominals else (study_a if signs[0] < 0 else study_b).name
    return Breakeven(vary, met / factor, unit, tuple(x / factor for x in nominals), count, nominal_count, lower)


def _single(study: Study) -> list[Parameter]:
    """The parameters of the total that have no labels."""
    return [leaf.parameter for leaf in study.model.program.of("total").used if not leaf.parameter.dims]


def _near(studies: tuple[Study, ...], path: str) -> str:
    """Paths and keys that can be varied, those like the one asked for first."""
    return did_you_mean(path, [one.key for study in studies for one in _single(study)], cutoff=0.3)


def _field(study: Study, path: str) -> tuple[Record, str] | None:
    """The record and the field of a path that is a single parameter."""
    try:
        holders, field = find(study.components, path)
    except (MissingError, RecordError):
        return None
    found = getattr(getattr(holders[0], field), "parameter", None)
    return (holders[0], field) if found is not None and not found.dims else None


def _varied(study: Study, path: str) -> tuple[Node, tuple[Record, str] | None] | None:
    """(the single value at a path, or under a key; the record and the field that hold it); None without one."""
    if (holder := _field(study, path)) is not None:
        return getattr(*holder), holder
    return next(((parameter_node(one), None) for one in _single(study) if one.key == path), None)


def _range(
    node: Node, holder: tuple[Record, str] | None, path: str, between: tuple[Written, Written]
) -> tuple[float, float, str, float]:
    """(the bounds in root units, their unit and how many root units it has), checked like the field."""
    where = f"between, {path}"
    text, _ = (read_scalar(end, where)[1] for end in between)
    ends = []
    for end in between:
        given = resolve_field(*holder, end) if holder is not None else end
        given = given if isinstance(given, Node) else parameter(path, end)  # a field that declares no unit
        if given.unit != node.unit:
            sides = [unit_text(given.unit), unit_text(node.unit)]
            raise UnitError.of("bounds_in_another_unit", where, sides, unit=sides[1])
        assert given.parameter is not None
        ends.append(float(given.parameter.nominal))
    low, high = ends
    if not low < high:
        raise DomainError.of("bounds_not_in_order", where)
    return low, high, text or unit_text(node.unit), parse_unit(text)[0]
