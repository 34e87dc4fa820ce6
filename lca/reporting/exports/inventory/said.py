"""What an inventory says of its amounts: the values behind each, their sources, and what the processes leave out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ....graph.labels import Label
from ....graph.leaf import Parameter
from ....graph.node import Node, postorder
from ....impact.views import CREDIT, MARKET
from ....interpretation.value_names import value_name
from ....inventory.stages import stage_label
from ....source_marks import marks, unmarked
from ....study.assembly import Model
from .parts import Process

#: How many values behind an amount are named.
_MOST = 6


def values_behind(node: Node, at: Mapping[str, Label]) -> list[Parameter]:
    """The parameters behind a value at some labels, each once."""

    def below(one: Node) -> Sequence[Node]:
        if one.function is not None and one.function.name == "stack" and one.static["new"].name in at:
            new = one.static["new"]
            return (one.inputs[new.position(at[new.name])],)
        return one.inputs

    leaves = [one for one in postorder([node], below) if one.parameter is not None]
    found: dict[str, Parameter] = {}
    for one in leaves:
        assert one.parameter is not None
        places = {dim.name: dim.position(at[dim.name]) for dim in one.dims if dim.name in at}
        found.setdefault(one.parameter.key, one.parameter.at(places))
    return list(found.values())


def words_of(values: Sequence[Parameter]) -> str:
    """The values behind an amount, each with its spread, status and source.

    >>> from lca import parameter
    >>> words_of(values_behind(parameter("lab.power", "2 kW", status="measured", source="log.csv"), {}))
    'power of lab = 2 kW (measured: log.csv)'
    """
    said = [f"{value_name(one.key)} = {one.describe()} ({_basis(one)})" for one in values[:_MOST]]
    more = len(values) - len(said)
    return "; ".join(said) + (f"; and {more} more values" if more > 0 else "")


def _basis(value: Parameter) -> str:
    return f"{value.status}: {unmarked(value.source)}" if value.source else value.status


def sources_of(values: Sequence[Parameter]) -> tuple[str, ...]:
    """The sources behind an amount, each with the licences of the rows that were read."""
    found: dict[str, None] = {}
    for one in values:
        licences = ", ".join(dict.fromkeys(mark.licence for mark in marks(one.source)))
        if one.source:
            found[unmarked(one.source) + (f" (licence of the data: {licences})" if licences else "")] = None
    return tuple(found)


def notes_of(model: Model, processes: Sequence[Process]) -> Iterator[str]:
    """What the processes do not say, and what a tool makes of them otherwise than this library."""
    yield "Amounts are nominal values: the medians of the draws stand in the report."
    spreads = [one.spread for process in processes for one in process.exchanges]
    if found := sum(one.fitted for one in spreads):
        yield f"The spread of {found} amounts is fitted to draws; each of them says so."
    if any(one.family != "none" for one in spreads):
        yield "A tool draws each amount by itself: one value behind several amounts is drawn several times there."
    if model.correlations:
        yield f"Rank correlations are not in the processes: {'; '.join(model.correlations.said)}."
    if f"{MARKET}/total" in model.outputs:
        yield "What is market-based counts climate change alone, beside the same by place."
    if CREDIT in model.views:
        yield "Credits for recycled material stand apart from the total, and are not in the processes."
    for name, lacking in model.gaps.items():
        if lacking:
            yield f"{name.replace('_', ' ').capitalize()} is not in the processes: it lacks {', '.join(lacking)}."
    for name, why in model.excluded.items():
        yield f"Left out: {stage_label(name)} ({why.reason})."
