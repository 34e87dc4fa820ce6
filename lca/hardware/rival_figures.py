"""Which way to a figure is right: rival figures for one device, side by side or weighed by name (U9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from ..errors import AccountingError, LabelError, RecordError
from ..graph.choice import choice
from ..graph.decided import looked_at
from ..graph.node import Node
from ..records.components import Same
from ..records.record import component, plain
from .parts import Line

if TYPE_CHECKING:
    from typing import Protocol

    from .parts import Whole

    class Rival(Whole, Protocol):
        """Hardware with one figure among several."""

        @property
        def gate(self) -> str: ...

else:
    Rival = object

#: What rivals must have in common, or else they would differ by more than the method.
COMMON = ("lifetime", "distribution", "end_of_life", "service_life", "recycling_credit")


@component
class Methods(Line):
    """Rival figures for one device: a dim named `dim`, or with weights one mixture under the key `<slug>.estimate`.

    `options` are records with `.embodied`, `.contents` and `.gate`. Built by `Hardware.alternatives`.
    """

    _words: ClassVar[tuple[str, ...]] = ()

    options: Mapping[str, Rival] = plain(default=None)
    weights: Mapping[str, float] | None = plain(default=None)
    dim: str = plain(default="estimate")

    def _complete(self) -> dict[str, Node]:
        if self.embodied is not None:
            return {}
        figures = {label: option.embodied for label, option in self.options.items()}
        if self.weights is None:
            return {"embodied": choice(self.dim, figures)}
        weights = [self.weights[label] for label in figures]
        said = {"status": self.status or "assumed", "source": self.source}
        return {"embodied": choice(f"{self.key_prefix}.estimate", figures, weights=weights, **said)}


def check_options(name: str, options: Mapping[str, Rival], weights: Mapping[str, float] | None) -> None:
    """Raise where rivals do not stand for the same thing, or weights are not theirs."""
    if len(options) < 2:
        raise LabelError.of("too_few_figures", name)
    check_contents(name, options)
    gates = {label: option.gate for label, option in options.items()}
    if len(set(gates.values())) > 1 or "unknown" in gates.values():
        raise AccountingError.of("gates_differ", name, [f"{label}: {gate}" for label, gate in gates.items()])
    for field in COMMON:
        values = {label: getattr(option, field) for label, option in options.items()}
        first = next(iter(values.values()))
        if not all(_agree(value, first) for value in values.values()):
            sides = [f"{label}: {value!r}" for label, value in values.items()]
            raise RecordError.of("figures_differ_in_a_field", name, sides, field=field)
    if weights is not None and set(weights) != set(options):
        raise LabelError.of("weights_of_other_figures", name, figures=", ".join(options), weights=", ".join(weights))


def _agree(left: Node | None, right: Node | None) -> bool:
    """Whether two values say the same, each under a key of its own perhaps."""
    if (same := left is right or Same()(left, right)) or left is None or right is None:
        return same
    looked_at(left, right)
    one, other = left.parameter, right.parameter
    return one is not None and other is not None and one.definition == other.definition


def check_contents(name: str, options: Mapping[str, Rival]) -> None:
    """Raise where figures do not contain the same, naming what each lacks."""
    everything = frozenset().union(*(option.contents for option in options.values()))
    lacking = {label: sorted(everything - option.contents) for label, option in options.items()}
    sides = [f"{label} lacks {', '.join(missing)}" for label, missing in lacking.items() if missing]
    sides += [f"{label} does not say what it contains" for label, o in options.items() if not o.contents]
    if sides:
        raise AccountingError.of("contents_differ", name, sides)
