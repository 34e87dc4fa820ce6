"""The work of a deployment: its load in each count that is known, and the energy and the time of one (Q2, A3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...errors import AccountingError, DomainError, LcaError, MissingError
from ...formulas import request_energy
from ...graph.guard import Guard, Shown
from ...graph.node import Node, parameters
from ..activity import Summed
from ..inference.counts import counted_in, in_inferences
from ..inference.inference import Inference

#: What a deployment may count, with what each is called.
COUNTS = {"inference": "inferences", "request": "requests", "token": "tokens"}
_TOKENS = ("input_tokens", "output_tokens")


@dataclass(frozen=True, eq=False)
class Work:
    """The load of one device, and what it runs. A token is one that is put out.

    What is asked is told in one count; the others follow where a ratio says so, such as tokens per request.
    """

    slug: str
    inference: Inference
    asked: Node
    output_tokens: Node | None
    input_tokens: Node | None

    def __post_init__(self) -> None:
        needless = [name for name in _TOKENS if getattr(self, name) is not None]
        if needless and counted_in(self.load.unit) == "inference":
            fields = " and ".join(f"{name}=" for name in needless)
            where = f"{self.slug}.{needless[0]}"
            raise DomainError.of("tokens_without_requests", where, counted=self.counted, fields=fields)

    @property
    def load(self) -> Node:
        """The load, in inferences where it was told in batches."""
        if counted_in(self.asked.unit) == "batch" and self.inference.batch is None:
            raise MissingError.of("batch_size_not_given", f"{self.inference.slug}.batch")
        return in_inferences(self.asked, self.inference.batch)

    @property
    def counted(self) -> str:
        """What the load is told in."""
        return counted_in(self.load.unit)

    @property
    def known(self) -> tuple[str, ...]:
        """The counts that the load can be told in."""
        if self.counted == "inference" or self.output_tokens is None:
            return (self.counted,)
        return ("request", "token")

    def rate(self, count: str) -> Node:
        """The load in a count, [count/s per device]. Raises `MissingError` where no ratio says so."""
        if count == self.counted:
            return self.load
        if count not in self.known or self.output_tokens is None:
            tokens = {count, self.counted} == {"request", "token"}
            key, where = "tokens_per_request_not_given" if tokens else "counts_without_a_ratio", f"{self.slug}.load"
            raise MissingError.of(key, where, map(str, _said({where: self.asked})), counted=self.counted, count=count)
        return self.load * self.output_tokens if count == "token" else self.load / self.output_tokens

    @property
    def basis(self) -> str:
        """What the energy is told per: what the joules are, or a request where tokens are read apart."""
        return self.inference.count if self.inference.prefill is None else "request"

    def each(self, idle_power: Node) -> Node:
        """Energy above idle of one of the basis."""
        energy, read = self.inference.marginal(idle_power), self.inference.marginal_prefill(idle_power)
        if read is None:
            return energy
        return request_energy(energy, self._ratio("output_tokens"), read, self._ratio("input_tokens"))

    @property
    def busy(self) -> Node | None:
        """The share of its throughput that a device uses; None where no throughput is known."""
        engine = self.inference
        share = None if engine.throughput is None else self.rate(engine.count) / engine.throughput
        if engine.prefill_throughput is None:
            return share
        read = self.rate("request") * self._ratio("input_tokens") / engine.prefill_throughput
        return read if share is None else share + read

    def _ratio(self, name: str) -> Node:
        """Tokens per request, which tokens that are read apart need."""
        found: Node | None = getattr(self, name)
        if found is None:
            raise MissingError.of("tokens_not_given", f"{self.slug}.{name}", name=name)
        return found

    def intensive(self, served: Node) -> list[tuple[Node, Node, str]]:
        """What may vary over parts only where an amount does: see `Activity.intensive` (D5)."""
        engine = self.inference
        found = [
            (engine.batch, engine.energy, f"{engine.slug}.batch"),
            (engine.throughput, engine.energy, f"{engine.slug}.throughput"),
            (engine.prefill_throughput, engine.prefill, f"{engine.slug}.prefill_throughput"),
            (self.output_tokens, served, f"{self.slug}.output_tokens"),
            (self.input_tokens, served, f"{self.slug}.input_tokens"),
            (engine.batch if counted_in(self.asked.unit) == "batch" else None, self.asked, f"{engine.slug}.batch"),
        ]
        return [(one, amount, where) for one, amount, where in found if one is not None and amount is not None]

    @property
    def unused(self) -> Mapping[str, LcaError]:
        """Tokens that are read, where the joules hold the reading of the prompt."""
        if self.input_tokens is None or self.inference.prefill is not None:
            return {}
        where = f"{self.slug}.input_tokens"
        return {where: AccountingError.of("input_tokens_without_use", where, inference=self.inference.slug)}

    def laws(self, summed: Summed, idle_power: Node, others: Sequence[str], apart: Sequence[str]) -> list[Guard]:
        """Joules hold what idle power takes, and a load is below the throughput (A3)."""
        engine = self.inference
        found = [
            Guard(summed(above, others), f"{engine.slug}.{name}", "gross_below_idle", low=0.0, kind=AccountingError,
                  sides=_said({f"{engine.slug}.{name}": joules, "idle power": idle_power, "throughput": rate}))
            for name, joules, above, rate in (
                ("energy", engine.energy, engine.marginal(idle_power), engine.throughput),
                ("prefill", engine.prefill, engine.marginal_prefill(idle_power), engine.prefill_throughput),
            ) if above is not None
        ]  # fmt: skip
        if (busy := self.busy) is not None:
            stated = {
                f"{self.slug}.load": self.asked, f"{self.slug}.output_tokens": self.output_tokens,
                f"{self.slug}.input_tokens": self.input_tokens, f"{engine.slug}.throughput": engine.throughput,
                f"{engine.slug}.prefill_throughput": engine.prefill_throughput,
            }  # fmt: skip
            found.append(Guard(
                summed(busy, apart), f"{self.slug}.load", "load_above_throughput", high=1.0, sides=_said(stated),
                kind=AccountingError, called="the share of its active time that a device would be busy",
            ))  # fmt: skip
        return found


def present(node: Node | None) -> Node:
    """A field that was asked for when the deployment was made."""
    assert node is not None
    return node


def _said(nodes: Mapping[str, Node | None]) -> list[str | Shown]:
    """Values by name as they were given, for an error."""
    return [_as_given(name, node) for name, node in nodes.items() if node is not None]


def _as_given(name: str, node: Node) -> str | Shown:
    leaves = [leaf.parameter for leaf in parameters([node]) if leaf.parameter is not None]
    return Shown(f"{leaves[0].key}:", leaves[0]) if len(leaves) == 1 else f"{name}: {node.short}"
