"""The posterior of unknown inputs, and of results, as a table beside what the priors say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

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
from .weighting import Weighted, Weighting

Row = dict[str, object]


def posterior(
    thing: object, forward: Forward, names: Sequence[str], *, draws: int, most: int, effective: int, seed: int
) -> Inferred:
    """The posterior, from twice as many draws until enough are effective. Raises `DomainError` where they never are."""
    weighting = Weighting(thing, forward, seed)
    outputs = model_of(thing).outputs
    while (found := weighting.draw(draws, _wanted(forward, outputs, names))).effective < effective:
        if draws >= most:
            drawn = found.effective
            raise DomainError.of("too_few_effective_draws", "given", draws=draws, effective=drawn, needed=effective)
        draws = min(2 * draws, most)

    def carried(further: Sequence[str]) -> Table:
        wanted = {name: outputs[output_named(outputs, name)] for name in further}
        return _table(weighting.draw(draws, wanted), wanted, {})

    wanted = {name: outputs[name] for name in names}
    table = _table(found, wanted, {f"unknown {one.name}": (one.name, one.unit, one.factor) for one in forward.unknowns})
    rows: list[Row] = [
        {"report": one.name, "printed": one.stated.text, "low": one.stated.low, "high": one.stated.high,
         "unit": one.stated.unit}
        for one in (*forward.results, *forward.inputs)
    ]  # fmt: skip
    said = tuple(_in_words(str(name), {str(one): row[one] for one in row.index}) for name, row in table.iterrows())
    pieces = tuple(
        Finding({}, one.name, one.unit, ((float(table["p5"].iloc[n]), float(table["p95"].iloc[n])),), "posterior")
        for n, one in enumerate(forward.unknowns)
    )
    factors = {one.name: one.factor for one in forward.unknowns}

    def of_unknown(name: str) -> tuple[Array, Array, Array]:
        before, after = found.prior[f"unknown {name}"], found.posterior[f"unknown {name}"]
        return before / factors[name], after / factors[name], found.weights

    return Inferred(
        table,
        Table.of(rows, "report"),
        "posterior",
        found.effective,
        draws,
        tuple(one.name for one in forward.results),
        said,
        pieces,
        carried,
        of_unknown,
    )


def _wanted(forward: Forward, outputs: Mapping[str, Node], names: Sequence[str]) -> dict[str, Node]:
    return {name: outputs[name] for name in names}


def _in_words(name: str, row: Mapping[str, object]) -> str:
    middle, low, high, *before = (float(str(row[one])) for one in ("p50", "p5", "p95", "prior_p5", "prior_p95"))
    median = significant(middle, digits_of(low, high))
    first = between((before[0], before[1]))
    return f"{name}: {median} {row['unit']} (5 to 95 %: {between((low, high))}; before: {first})."


def _table(found: Weighted, outputs: Mapping[str, Node], unknowns: Mapping[str, tuple[str, str, float]]) -> Table:
    """Quantiles after and before, a row for each number."""
    rows: list[Row] = []
    for name, (said, unit, factor) in unknowns.items():
        rows += _rows(found, name, [said], unit, factor)
    for name, node in outputs.items():
        unit, factor = display(node.unit)
        labels = [text.removesuffix(": ").replace(": ", ", ") for text in label_texts(node.dims)]
        rows += _rows(found, name, [f"{name}[{one}]" if one else name for one in labels], unit, factor)
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
