"""The posterior of unknown inputs, and of results, as a table beside what the priors say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from ...checks import Array
from ...errors import DomainError
from ...graph.labels import label_texts
from ...graph.node import Node
from ...units.number_text import significant
from ...units.text import display
from ..result import model_of, output_named
from ..spread import QUANTILES
from ..table import Table
from .findings import Finding
from .forward import Forward
from .inferred import Inferred, between, digits_of
from .reports import summed
from .unknowns import Unknown
from .weighting import Weighted, Weighting

Row = dict[str, object]


def posterior(
    thing: object, forward: Forward, names: Sequence[str], *, draws: int, most: int, effective: int, seed: int
) -> Inferred:
    """The posterior, from twice as many draws until enough are effective. Raises `DomainError` where they never are."""
    weighting = Weighting(thing, forward, seed)
    wanted = _wanted(thing, names)
    while (found := weighting.draw(draws, wanted)).effective < effective:
        if draws >= most:
            drawn = found.effective
            raise DomainError.of("too_few_effective_draws", "given", draws=draws, effective=drawn, needed=effective)
        draws = min(2 * draws, most)
    table = _table(found, wanted, forward.unknowns)
    return Inferred(
        table,
        _printed(forward),
        "posterior",
        found.effective,
        draws,
        report_names=tuple(one.name for one in forward.results),
        said=tuple(_in_words(str(name), {str(one): row[one] for one in row.index}) for name, row in table.iterrows()),
        findings=tuple(_finding(one, table) for one in forward.unknowns),
        carried=partial(_carried, weighting, draws),
        weighted=partial(_of_unknown, found, {one.name: one.factor for one in forward.unknowns}),
    )


def _wanted(thing: object, names: Sequence[str]) -> dict[str, Node]:
    """Some results, summed over their parts (D2)."""
    model = model_of(thing)
    return {name: summed(model.outputs[output_named(model.outputs, name)], model.summed) for name in names}


def _carried(weighting: Weighting, draws: int, names: Sequence[str]) -> Table:
    """The posterior of further results."""
    wanted = _wanted(weighting.thing, names)
    return _table(weighting.draw(draws, wanted), wanted, ())


def _of_unknown(found: Weighted, factors: Mapping[str, float], name: str) -> tuple[Array, Array, Array]:
    """The draws of an unknown before and after, and the weights of the latter."""
    before, after = found.prior[f"unknown {name}"], found.posterior[f"unknown {name}"]
    return before / factors[name], after / factors[name], found.weights


def _finding(one: Unknown, table: Table) -> Finding:
    ends = {name: dict(zip(table.index, table[name].tolist(), strict=True))[one.name] for name in ("p5", "p95")}
    return Finding({}, one.name, one.unit, ((ends["p5"], ends["p95"]),), "posterior")


def _printed(forward: Forward) -> Table:
    """What was reported, and what it stands for."""
    rows: list[Row] = []
    for one in (*forward.results, *forward.inputs):
        told = one.stated
        rows.append({"report": one.name, "printed": told.text, "low": told.low, "high": told.high, "unit": told.unit})
    return Table.of(rows, "report")


def _in_words(name: str, row: Mapping[str, object]) -> str:
    middle, low, high, *before = (float(str(row[one])) for one in ("p50", "p5", "p95", "prior_p5", "prior_p95"))
    median = significant(middle, digits_of(low, high))
    first = between((before[0], before[1]))
    return f"{name}: {median} {row['unit']} (5 to 95 %: {between((low, high))}; before: {first})."


def _table(found: Weighted, outputs: Mapping[str, Node], unknowns: Sequence[Unknown]) -> Table:
    """Quantiles after and before, a row for each number."""
    rows: list[Row] = []
    for one in unknowns:
        rows += _rows(found, f"unknown {one.name}", [one.name], one.unit, one.factor)
    for name, node in outputs.items():
        unit, factor = display(node.unit)
        labels = [text.removesuffix(": ").replace(": ", ", ") for text in label_texts(node.dims)]
        rows += _rows(found, name, [f"{name}[{label}]" if label else name for label in labels], unit, factor)
    note = f"After the reports and before (prior). {found.draws:,} draws, worth {found.effective:,.0f} of equal weight."
    made = Table.of(rows, "value", note)
    made.attrs["digits"] = max(digits_of(low, high) for low, high in zip(made["p5"], made["p95"], strict=True))
    return made


def _rows(found: Weighted, name: str, labels: Sequence[str], unit: str, factor: float) -> Iterator[Row]:
    before, after = (made[name].reshape((len(labels), -1)) / factor for made in (found.prior, found.posterior))
    for label, drawn, kept in zip(labels, before, after, strict=True):
        own = weighted_quantiles(kept, found.weights, list(QUANTILES.values()))
        first = np.quantile(drawn, list(QUANTILES.values()))
        ends = {one: float(value) for one, value in zip(QUANTILES, own, strict=True)}
        ends |= {f"prior_{one}": float(value) for one, value in zip(QUANTILES, first, strict=True)}
        yield {"value": label, **ends, "unit": unit}


def weighted_quantiles(values: Array, weights: Array, at: Sequence[float]) -> Array:
    """Quantiles of weighted draws: each has its weight half below it, and lines run between."""
    order = np.argsort(values, kind="stable")
    sizes = weights[order]
    below = (np.cumsum(sizes) - sizes / 2) / sizes.sum()
    return np.interp(np.asarray(at), below, values[order])
