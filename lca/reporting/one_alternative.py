"""The alternative that a report shows in full: the one with the smallest median; and its derivations."""

from __future__ import annotations

from typing import NamedTuple

from ..graph.formula_text import Step
from ..graph.labels import Label
from ..graph.node import Node
from ..interpretation.explain import derived_steps
from ..interpretation.result import Result, at_labels
from ..interpretation.summary import summary
from ..study.assembly import Model
from ..study.side_by_side import select_labels


class Shown(NamedTuple):
    """What is shown in full: per what alternatives are compared, the labels of one, and its result."""

    per: str
    labels: dict[str, Label]
    one: Result


def shown_of(result: Result) -> Shown:
    """The alternative with the smallest median, per functional unit where their counts differ."""
    model = result.model
    varying = not set(result.data["functional_unit"].dims).isdisjoint(model.alternatives)
    per = "functional_unit" if varying else "total"
    labels = _smallest(result, per)
    one = at_labels(result, labels, select_labels(model, list(labels.items())), None) if labels else result
    return Shown(per, labels, one)


def _smallest(result: Result, per: str) -> dict[str, Label]:
    """The labels of the alternative with the smallest median (as `compare` ranks them); none without dims."""
    table = summary(result, per=per)
    if table.index.nlevels == 1:
        return {}
    whole = table.xs("total", level="stage")
    key = whole["p50" if "p50" in whole else "nominal"].idxmin()
    return dict(zip(map(str, whole.index.names), key if isinstance(key, tuple) else (key,), strict=True))


def derivations(model: Model) -> list[tuple[str, list[Step | str]]]:
    """The total, the energies and the functional units of one alternative, step by step."""
    names = {"total": "total"}
    names |= {n: f"{n.partition('/')[2]}: energy" for n in model.outputs if n.startswith("energy/")}
    names["functional_unit"] = "functional units"
    found = derived_steps({title + _chosen(model.outputs[name]): model.outputs[name] for name, title in names.items()})
    return list(zip(names.values(), found.values(), strict=True))


def _chosen(node: Node) -> str:
    """The labels that were chosen of a value, "[engine=a]"."""
    chosen = []
    while node.function is not None and node.function.name == "select":
        chosen.append(f"{node.static['dim']}={node.static['label']}")
        node = node.inputs[0]
    return f"[{','.join(chosen)}]" if chosen else ""
