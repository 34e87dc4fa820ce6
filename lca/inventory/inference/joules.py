"""What the energy of an inference has to say: per what, above what, at which rate (A3)."""

from __future__ import annotations

from ...errors import AccountingError, DomainError, MissingError
from ...faults import refuse
from ...graph.node import Node
from .counts import counted_in

#: What joules may belong to, with what is counted of it once batches are taken apart (Q2).
PER = {
    "inference": "inference", "image": "inference", "batch": "inference", "token": "token", "request": "request",
}  # fmt: skip
BASELINES = ("gross", "marginal")


def check_basis(slug: str, per: str, baseline: str) -> None:
    """Both are said, in words that are known."""
    for field, said, known in (("per", per, PER), ("baseline", baseline, BASELINES)):
        if said not in known:
            sides, words = [repr(said)] if said else [], " or ".join(f'{field}="{word}"' for word in known)
            raise AccountingError.of("joules_without_a_basis", f"{slug}.{field}", sides, field=field, words=words)


def counted_by(slug: str, per: str, energy: Node | None, *, twice: bool) -> str:
    """What the unit of an energy counts, if anything: what `per` says. The energy is there, and only once."""
    refuse(
        (twice, DomainError, "energy_and_power_given", slug),
        (energy is None, MissingError, "energy_of_an_inference_not_given", f"{slug}.energy"),
    )
    counted = "" if energy is None else counted_in(energy.unit)
    needed = per if per == "batch" else PER[per]
    wrong = counted not in ("", needed)
    refuse((wrong, AccountingError, "unit_contradicts_per", f"{slug}.energy"), unit=counted, per=per)
    return counted


def check_rate(slug: str, per: str, rate: str, *, gross: bool, batch: bool) -> None:
    """The throughput counts what `per` says, or batches of a size that is known; gross joules have one."""
    of_batches = "batch" in (per, rate)
    refuse(
        (of_batches and not batch, MissingError, "batch_size_not_given", f"{slug}.batch"),
        (batch and not of_batches, AccountingError, "batch_without_effect", f"{slug}.batch"),
        (gross and not rate, MissingError, "throughput_not_given", f"{slug}.throughput"),
        ((rate or PER[per]).replace("batch", "inference") != PER[per], AccountingError, "rate_contradicts_per",
         f"{slug}.throughput"),
        rate=rate, per=per,
    )  # fmt: skip


def check_prefill(slug: str, per: str, *, gross: bool, given: bool, rate: bool) -> None:
    """Tokens that are read have an energy of their own beside those put out, and a rate where it is gross."""
    refuse(
        (given and per != "token", AccountingError, "prefill_without_tokens", f"{slug}.prefill"),
        (rate and not given, AccountingError, "prefill_rate_alone", f"{slug}.prefill_throughput"),
        (given and gross and not rate, MissingError, "prefill_rate_not_given", f"{slug}.prefill_throughput"),
        per=per,
    )
