"""Inference: energy per inference of one engine or of many, gross or marginal, per inference or per batch (A3)."""

from __future__ import annotations

from typing import Any

from ..arguments import entry
from ..errors import AccountingError, DomainError, MissingError
from ..faults import refuse
from ..formulas import energy_per_inference, marginal_energy
from ..graph.fields import Written
from ..graph.labels import Dim, make_dim
from ..graph.node import Node, constant
from ..records.record import Maybe, Value, component, plain, quantity
from ..units.parse import root
from .estimated_inference import EstimatedInference
from .label_patterns import parse_names

PER = ("inference", "batch")
BASELINES = ("gross", "marginal")


@component
class Inference(EstimatedInference):
    """Energy of one inference, as it was measured (A3).

    `per` and `baseline` must both be given: without them, the same joules give results that differ by a factor of
    two or more.

    Parameters
    ----------
    name : str
        The name of the network or engine, unique in a study.
    energy : quantity, J/inference or J/batch at a boundary
        The measured energy. In J alone it is of what `per` says.
    per : str
        What the measured joules belong to: "inference" or "batch".
    baseline : str
        "gross" if the joules hold the idle power of the device, "marginal" if it was subtracted.
    batch : quantity, inference/batch above 0
        The size of a batch, with `per="batch"` only.
    throughput : quantity, inference/s per device above 0
        The rate of the measurement; gross energy needs it.
    accelerator : Accelerator
        The device of which the energy was estimated; see `from_flops`.
    at : str
        Where the energy was measured, if neither a meter nor the unit says so: "component", "board", "wall" or
        "facility".
    status, source, key : str
        Status and source of the values; what their keys begin with, in place of the name.

    Raises
    ------
    AccountingError
        If `per` or `baseline` is missing, or the unit of the energy contradicts `per`.
    MissingError
        If `per="batch"` comes without `batch`, or gross energy without `throughput`.

    Examples
    --------
    >>> Inference("SuperPoint", "0.386 J at_board/inference", per="inference", baseline="marginal").per
    'inference'
    """

    energy: Value = quantity("J/inference", "J/batch", "J", boundary="times", kw_only=False)
    per: str = plain(default="")
    baseline: str = plain(default="")
    batch: Maybe = quantity("inference/batch", bare=True, above=True, optional=True, default=None)
    throughput: Maybe = quantity("inference/s", per="device", above=True, optional=True, default=None)
    at: str | None = plain(default=None)
    status: str = plain(default="")
    source: str = plain(default="")
    key: str = plain(default="")

    @classmethod
    @entry
    def engines(
        cls, name: str, energy: Written, *, names: str, per: str = "", batch: Written | None = None, **rest: Any
    ) -> Inference:
        """Many engines along one dim, with coordinates read from their names (D3, D4).

        Parameters
        ----------
        name : str
            The name of them all, unique in a study.
        energy : labelled values or readings, one dim
            The measured energy of each engine.
        names : str
            The pattern of the names, such as "<backbone>_<batch:int>_<precision>".
        per : str
            What the joules belong to, "inference" or "batch".
        batch : quantity, inference/batch
            The size of a batch; with `per="batch"` it is the coordinate `batch` if not given.
        **rest : as in `Inference`
            The other fields, such as `baseline` and `throughput`.

        Returns
        -------
        Inference
            The energy over the dim, with coordinates.

        Raises
        ------
        LabelError
            If a name does not match the pattern; the error lists all of them.
        DomainError
            If the energy does not have one dim.
        MissingError
            If the size of a batch is neither given nor in the names.

        Examples
        --------
        >>> from lca.graph.inputs import labelled
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
            raise DomainError.of("engines_without_labels", made.slug)
        unnamed: Dim = made.energy.dims[0]
        pieces = parse_names(names, unnamed.texts)
        dim = make_dim(unnamed.name, unnamed.labels, pieces)
        changes = {"energy": made.given("energy").with_dims((dim,))}
        if per_batch and "batch" not in dim.coordinates:
            raise MissingError.of("batch_size_not_given", f"{made.slug}.batch")
        if per_batch:
            sizes = [float(size) for size in pieces["batch"]]
            changes["batch"] = constant(sizes, root("inference/batch"), (dim,))
        return made.replaced(**changes)

    def __post_init__(self) -> None:
        for field, known in (("per", PER), ("baseline", BASELINES)):
            said = getattr(self, field)
            if said not in known:
                where, sides = f"{self.slug}.{field}", [repr(said)] if said else []
                words = " or ".join(f'{field}="{word}"' for word in known)
                raise AccountingError.of("joules_without_a_basis", where, sides, field=field, words=words)
        super().__post_init__()
        unit = next((name for name in PER if self.energy.unit.get(name, 0)), "")
        per_batch, gross = self.per == "batch", self.baseline == "gross"
        refuse(
            (unit not in ("", self.per), AccountingError, "unit_contradicts_per", f"{self.slug}.energy"),
            (per_batch and self.batch is None, MissingError, "batch_size_not_given", f"{self.slug}.batch"),
            (not per_batch and self.batch is not None, AccountingError, "batch_without_effect", f"{self.slug}.batch"),
            (gross and self.throughput is None, MissingError, "throughput_not_given", f"{self.slug}.throughput"),
            unit=unit,
            per=self.per,
        )
        if not unit:
            self._hold("energy", self.given("energy") * constant(1.0, root(self.per) ** -1))

    @property
    def per_inference(self) -> Node:
        """Energy per inference, gross or marginal as measured, [J/inference at its boundary]."""
        return energy_per_inference(self.energy, self.batch) if self.per == "batch" else self.energy

    def marginal(self, idle_power: Node) -> Node:
        """Energy per inference above idle: e_g - P_idle / r if it was measured gross (A3, `formulas.marginal_energy`).

        Parameters
        ----------
        idle_power : Node
            Idle power, [W/device] at the boundary of the energy.

        Returns
        -------
        Node
            Energy, [J/inference].

        Examples
        --------
        >>> import lca
        >>> net = Inference("net", "0.5 J/inference", at="board", per="inference", baseline="gross",
        ...                 throughput="10 inference/s")
        >>> idle = lca.parameter("idle", "2 W at_board/device")
        >>> round(lca.nominal(net.marginal(idle)).data["value"].item(), 9)
        0.3
        """
        if self.baseline == "marginal":
            return self.per_inference
        return marginal_energy(self.per_inference, idle_power, self.throughput)
