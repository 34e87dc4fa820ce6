"""Draws from the priors, weighted by how well they agree with the reports: importance sampling.

The draws are those that a run of the study has (U2), with priors in place of what was stated. The weight of a draw is
the likelihood of all reports: 1 or 0 for rounding, a normal density for a stated error.

A rounded input that stands in one report alone is integrated out where its result is affine in it. The weight is then
the share of its rounding that agrees, and the input is drawn from that share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ...checks import Array
from ...distributions.families import Normal, Uniform
from ...graph.leaf import Parameter
from ...graph.node import Node, parameter_node
from ...graph.program import Program, compile_program
from ...sampling.design import RandomDesign
from ...sampling.evaluate import evaluate
from ...sampling.intervals import Ends
from ...sampling.smoothing.affine import affine
from ..draws import held_keys
from ..result import model_of
from .forward import Forward, nodes_of, value_of
from .reports import Report

#: Draws of one pass.
_BLOCK = 1 << 14


@dataclass(frozen=True, eq=False)
class Weighted:
    """Draws of some values: as the priors have them (`prior`), and those that agree with the reports, with weights.

    Each array is (labels..., draws), in root units.
    """

    prior: Mapping[str, Array]
    posterior: Mapping[str, Array]
    weights: Array
    draws: int

    @property
    def effective(self) -> float:
        """How many equally weighted draws are worth as much: (sum w)^2 / sum w^2 (Kong 1992)."""
        return float(self.weights.sum() ** 2 / (self.weights**2).sum()) if self.weights.any() else 0.0


@dataclass(frozen=True, eq=False)
class Weighting:
    """What draws are weighted by: the reports of an inverse question, with a prior for each unknown."""

    thing: object
    forward: Forward
    seed: int

    @cached_property
    def _nodes(self) -> dict[str, Node]:
        unknowns = {f"unknown {one.name}": parameter_node(one.prior) for one in self.forward.unknowns if one.prior}
        return unknowns | nodes_of(self.forward.results)

    @cached_property
    def program(self) -> Program:
        """The reports and the unknowns, with priors."""
        return self._compiled(self._nodes)

    def _compiled(self, nodes: Mapping[str, Node]) -> Program:
        made = compile_program(nodes)
        priors = {one.key: one.prior for one in self.forward.unknowns if one.prior}
        leaves = tuple(
            replace(leaf, parameter=priors[leaf.key] if leaf.key in priors else self._reported(leaf.parameter))
            for leaf in made.leaves
        )
        leaves = tuple(replace(leaf, nominal=leaf.parameter.nominal) for leaf in leaves)
        return replace(made, leaves=leaves, correlated=model_of(self.thing).program.correlated, forms={})

    def _reported(self, stated: Parameter) -> Parameter:
        """A parameter with what was reported of it in place of what the study states."""
        values = list(stated.values)
        for one in self.forward.inputs:
            if one.key == stated.key:
                low, high = one.low / stated.scale, one.high / stated.scale
                spread = Uniform(low, high) if one.sd is None else Normal((low + high) / 2, one.sd / stated.scale)
                values[one.row] = spread.in_unit(stated.unit)
        return stated if values == list(stated.values) else replace(stated, values=tuple(values))

    @cached_property
    def own(self) -> dict[str, list[tuple[Report, int]]]:
        """Reported inputs that are integrated out, by key: each with the report that alone depends on it, affinely."""
        rows = {leaf.key: sum(shape >= 0 for shape in leaf.parameter.rows.shape_of) for leaf in self.program.leaves}
        known = {(one.key, one.row): one for one in self.forward.inputs if one.sd is None}
        keys = sorted({key for key, _ in known})
        if not keys:
            return {}
        proven = affine(self.program, keys)
        proofs = np.array([value_of(proven.outputs, one) for one in self.forward.results])
        found: dict[str, list[tuple[Report, int]]] = {}
        taken: set[int] = set()
        for column, key in enumerate(keys):
            numbers = proofs[:, column]
            reports = [int(one) for one in np.flatnonzero(numbers)]
            places = [(key, proven.standards[key][numbers[one] - 1].row) for one in reports if numbers[one] > 0]
            alone = len(set(places)) == len(reports) == rows[key] and set(places) <= set(known)
            if alone and not taken & set(reports) and all(self.forward.results[one].sd is None for one in reports):
                found[key] = [(known[place], one) for place, one in zip(places, reports, strict=True)]
                taken |= set(reports)
        return found

    def draw(self, count: int, outputs: Mapping[str, Node]) -> Weighted:
        """The first draws of the unknowns and of some outputs, with their weights."""
        whole = self._compiled({**self._nodes, **outputs}) if outputs else self.program
        names = [*(name for name in self._nodes if name.startswith("unknown ")), *outputs]
        parts: list[Weighted] = []
        for start in range(0, count, _BLOCK):
            size = min(_BLOCK, count - start)
            weights, integrated, made = self._weights(start, size)
            kept = np.flatnonzero(weights)
            prior = made
            if outputs:
                prior = self._evaluated(whole, start, size, {}) if not start else {}
                made = self._evaluated(whole, start, size, self._drawn(integrated, start, size))
            every = {name: np.broadcast_to(made[name], (*made[name].shape[:-1], size)) for name in names}
            parts.append(Weighted(prior, {name: one[..., kept] for name, one in every.items()}, weights[kept], size))
        posterior = {name: np.concatenate([one.posterior[name] for one in parts], axis=-1) for name in names}
        prior = {name: parts[0].prior[name] for name in names}
        return Weighted(prior, posterior, np.concatenate([one.weights for one in parts]), count)

    @cached_property
    def _held(self) -> frozenset[str]:
        return frozenset(held_keys(self.program, ()))

    def _evaluated(self, program: Program, start: int, size: int, given: Mapping[str, Array]) -> dict[str, Array]:
        known = {leaf.key for leaf in program.leaves}
        held = self._held & known
        overrides = {key: values for key, values in given.items() if key in known}
        design = RandomDesign(self.seed)
        return evaluate(program, draws=size, start=start, design=design, freeze=held, overrides=overrides)

    def _weights(self, start: int, size: int) -> tuple[Array, dict[int, Ends], dict[str, Array]]:
        """(the weight of each draw, what agrees of each input that is integrated out, the values of the program).

        What agrees is between two shares of the rounding, by report.
        """
        own = self.own
        made = self._evaluated(self.program, start, size, self._at(own, high=False))
        last = self._evaluated(self.program, start, size, self._at(own, high=True)) if own else made
        integrated = {report for members in own.values() for _, report in members}
        weights, agreeing = np.ones(size), {}
        for number, one in enumerate(self.forward.results):
            first = value_of(made, one)
            if number in integrated:
                low, high = agreeing[number] = _agreeing(first, value_of(last, one), one)
                weights = weights * (high - low)
            else:
                weights = weights * _likelihood(first, one)
        return weights, agreeing, made

    def _at(self, own: Mapping[str, Sequence[tuple[Report, int]]], high: bool) -> dict[str, Array]:
        """The inputs that are integrated out, at one end of their rounding."""
        given = {}
        for key, members in own.items():
            values = self._nominal(key)
            for one, _ in members:
                values.reshape(-1)[one.row] = one.high if high else one.low
            given[key] = values[..., None]
        return given

    def _nominal(self, key: str) -> Array:
        return next(np.array(leaf.parameter.nominal) for leaf in self.program.leaves if leaf.key == key)

    def _drawn(self, agreeing: Mapping[int, Ends], start: int, size: int) -> dict[str, Array]:
        """Draws of the inputs that are integrated out, within what agrees: each number of the design is taken there."""
        given: dict[str, Array] = {}
        for key, members in self.own.items():
            leaf = next(leaf for leaf in self.program.leaves if leaf.key == key)
            plain = self._evaluated(compile_program({"x": parameter_node(leaf.parameter)}), start, size, {})["x"]
            values = plain.reshape((-1, size)).copy()
            for one, report in members:
                low, high = agreeing[report]
                part = (values[one.row] - one.low) / (one.high - one.low)
                values[one.row] = one.low + (one.high - one.low) * (low + part * (high - low))
            given[key] = values.reshape(plain.shape)
        return given


def _agreeing(first: Array, last: Array, report: Report) -> tuple[Array, Array]:
    """Between which shares of its rounding an input makes a report true, where the result runs from first to last."""
    span = last - first
    with np.errstate(all="ignore"):
        ends = np.stack([(report.low - first) / span, (report.high - first) / span])
    inside = (first >= report.low) & (first <= report.high)
    flat = span == 0
    low = np.where(flat, 0.0, np.clip(ends.min(axis=0), 0, 1))
    high = np.where(flat, inside.astype(float), np.clip(ends.max(axis=0), 0, 1))
    return low, np.maximum(high, low)


def _likelihood(values: Array, report: Report) -> Array:
    """How likely a report is at values of its result: 1 within its rounding, else 0; or a normal density."""
    if report.sd is None:
        return ((values >= report.low) & (values <= report.high)).astype(float)
    return np.asarray(np.exp(-0.5 * ((values - report.middle) / report.sd) ** 2))
