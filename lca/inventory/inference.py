"""Inference: energy per inference of one engine or of many, gross or marginal, per inference or per batch (A3)."""

from __future__ import annotations

from typing import Any

from ..arguments import entry
from ..errors import AccountingError, DomainError, MissingError
from ..expression.label import Dim, make_dim
from ..expression.node import Node, constant
from ..expression.record import Record, Value, component, plain, quantity
from ..formulas import energy_per_inference, marginal_energy
from ..units import root
from .names import parse_names

PER = ("inference", "batch")
BASELINES = ("gross", "marginal")


@component
class Inference(Record):
    """Energy of one inference, as it was measured.

    `per` says what the measured joules belong to, "inference" or "batch" (then `batch` is its size);
    `baseline` says whether the idle power of the device is inside ("gross") or was taken off
    ("marginal"). Both must be said: unsaid, the same joules give results that differ by a factor of two.
    `throughput` is the rate of the measurement per device; gross energy needs it.

    >>> Inference("SuperPoint", "0.386 J at_board/inference", per="inference", baseline="marginal").per
    'inference'
    """

    energy: Value = quantity("J/inference", "J/batch", "J", boundary="times", kw_only=False)
    per: str = plain(default="")
    baseline: str = plain(default="")
    batch: Value = quantity("inference/batch", bare=True, above=True, optional=True, default=None)
    throughput: Value = quantity("inference/s", per="device", above=True, optional=True, default=None)
    at: str | None = plain(default=None)
    status: str = plain(default="")
    source: str = plain(default="")
    key: str = plain(default="")

    @classmethod
    @entry
    def engines(cls, name: str, energy: Any, *, names: str, per: str = "", batch: Any = None, **rest: Any) -> Inference:
        """Many engines along ONE dim, with coordinates read from their names (D3, D4).

        `names` is a pattern such as "<backbone>_<batch:int>_<precision>". With per="batch" the batch
        size is the coordinate `batch`, unless `batch=` says otherwise. Raises `LabelError` with every
        name that does not match.

        >>> from lca.expression.given import labelled
        >>> measured = {"sp_resnet18_1_FP16": 0.461, "sp_resnet18_2_FP16": 0.386}
        >>> joules = labelled(measured, "J at_board", dim="engine")
        >>> made = Inference.engines("engines", joules, names="<backbone>_<batch:int>_<precision>",
        ...                          per="batch", baseline="marginal")
        >>> made.energy.dims[0].coordinates["batch"]
        (1, 2)
        """
        per_batch = per == "batch" and batch is None
        made = cls(name, energy, per=per, batch=1 if per_batch else batch, **rest)
        if len(made.energy.dims) != 1:
            raise DomainError("engines are one dim of labelled data", where=made.slug, fix="label them")
        plain_dim: Dim = made.energy.dims[0]
        dim = make_dim(plain_dim.name, plain_dim.labels, parse_names(names, plain_dim.texts))
        labelled = made.given("energy").with_dims((dim,))
        if not per_batch:
            return made.replaced(energy=labelled)  # type: ignore[no-any-return]
        if "batch" not in dim.coordinates:
            raise _no_batch(made.slug)
        sizes = constant([float(b) for b in dim.coordinates["batch"]], root("inference/batch"), (dim,))
        return made.replaced(energy=labelled, batch=sizes)  # type: ignore[no-any-return]

    def __post_init__(self) -> None:
        for name, known in (("per", PER), ("baseline", BASELINES)):
            if getattr(self, name) not in known:
                words = " or ".join(f'{name}="{word}"' for word in known)
                raise AccountingError(
                    f"measured joules do not say {name}=",
                    where=f"{self.slug}.{name}",
                    sides=[repr(getattr(self, name))] if getattr(self, name) else [],
                    fix=f"{words}: the report that the joules come from knows (A3)",
                )
        super().__post_init__()
        counts = {name for name in PER if self.energy.unit.get(name, 0)}
        if counts and self.per not in counts:
            raise AccountingError(
                "the unit and per= say different things",
                where=f"{self.slug}.energy",
                sides=[f"per {', '.join(counts)}", f"per={self.per!r}"],
                fix="correct one of them",
            )
        if not counts:
            self._hold("energy", self.given("energy") * constant(1.0, root(self.per) ** -1))
        self._check_needs()

    def _check_needs(self) -> None:
        """Joules per batch need its size, gross joules the throughput; what has no effect is not given."""
        if self.per == "batch" and self.batch is None:
            raise _no_batch(self.slug)
        if self.per == "inference" and self.batch is not None:
            raise AccountingError(
                "joules per inference have no batch, which would have no effect",
                where=f"{self.slug}.batch",
                fix='per="batch", if the joules are those of a whole batch; else leave batch= out',
            )
        if self.baseline == "gross" and self.throughput is None:
            raise MissingError(
                "gross joules become marginal only with the throughput they were measured at",
                where=f"{self.slug}.throughput",
                fix='throughput="30 inference/s", or baseline="marginal" if idle was taken off (A3)',
            )

    @property
    def per_inference(self) -> Node:
        """Energy per inference, gross or marginal as measured, [J/inference at its boundary]."""
        return energy_per_inference(self.energy, self.batch) if self.per == "batch" else self.energy  # type: ignore[no-any-return]

    def marginal(self, idle_power: Node) -> Node:
        """Energy per inference above idle; `idle_power` per device at the same boundary."""
        if self.baseline == "marginal":
            return self.per_inference
        made: Node = marginal_energy(self.per_inference, idle_power, self.throughput)
        return made


def _no_batch(name: str) -> MissingError:
    return MissingError(
        "joules per batch need the size of a batch",
        where=f"{name}.batch",
        fix="batch=2, if two items go through the network at once",
    )
