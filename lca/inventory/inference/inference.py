"""Inference: energy per inference, token or request of one engine or of many, gross or marginal (A3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...arguments import entry
from ...errors import DomainError, MissingError
from ...formulas import energy_per_inference, marginal_energy, served_energy
from ...graph.fields import Declared, Written, resolve
from ...graph.labels import Dim, make_dim
from ...graph.node import Node, constant
from ...records.record import Maybe, Value, component, plain, quantity, slug
from ...units.parse import root
from ..estimated.estimated_inference import EstimatedInference
from ..learnt.diffusion_engine import ServedDiffusion
from ..learnt.language_engine import ServedModel
from .counts import RATES, counted_in, in_inferences
from .joules import PER, check_basis, check_prefill, check_rate, counted_by
from .label_patterns import parse_names
from .latency import rate_of_one


@component
class Inference(ServedModel, ServedDiffusion, EstimatedInference):
    """Energy of one inference, image, output token or request, as it was measured (A3).

    `per` and `baseline` must both be given: without them, the same joules give results that differ by a factor of
    two or more. The energy is given, or follows as `power` / `throughput` (`formulas.served_energy`). A token is one
    that was put out, with the reading of its prompt within its energy, as services publish it. With `prefill` the
    tokens that are read have an energy of their own, and `energy` and `throughput` are those of the rest.

    Parameters
    ----------
    name : str
        The name of the network, engine or service, unique in a study.
    energy : quantity, J/inference, J/image, J/batch, J/token or J/request at a boundary
        The measured energy. In J alone it is of what `per` says.
    per : str
        What the measured joules belong to: "inference", "image", "batch", "token" or "request".
    baseline : str
        "gross" if the joules hold the idle power of the device, "marginal" if it was subtracted.
    batch : quantity, inference/batch above 0
        The size of a batch, where something is told per batch: the energy or the throughput.
    throughput : quantity, what is counted per s, per device above 0
        The rate of the measurement, in what `per` counts or in batch/s; gross energy needs it.
    power : quantity, W at a boundary per device
        In place of `energy`: the power while it runs at its throughput, however many requests at the same time.
    prefill : quantity, J/token at a boundary
        The energy of a token that is read, where `per="token"` counts those put out alone.
    prefill_throughput : quantity, token/s per device above 0
        The rate at which tokens are read; gross energy with `prefill` needs it.
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
        If `per` or `baseline` is missing, or the unit of the energy or the throughput contradicts `per`.
    MissingError
        If the energy does not follow, `per="batch"` comes without `batch`, or gross energy without `throughput`.
    DomainError
        If both `energy` and `power` are given.

    Examples
    --------
    >>> Inference("SuperPoint", "0.386 J at_board/inference", per="inference", baseline="marginal").per
    'inference'
    >>> Inference("chat", "0.39 J/token", at="component", per="token", baseline="gross", throughput="900 token/s").count
    'token'
    """

    energy: Value = quantity(
        "J/inference", "J/batch", "J/token", "J/request", "J", boundary="times",
        kw_only=False, optional=True, default=None,
    )  # fmt: skip
    per: str = plain(default="")
    baseline: str = plain(default="")
    batch: Maybe = quantity("inference/batch", bare=True, above=True, optional=True, default=None)
    throughput: Maybe = quantity(*RATES, per="device", above=True, optional=True, default=None)
    power: Maybe = quantity("W", boundary="times", per="device", optional=True, default=None)
    prefill: Maybe = quantity("J/token", boundary="times", optional=True, default=None)
    prefill_throughput: Maybe = quantity("token/s", per="device", above=True, optional=True, default=None)
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
            What the joules belong to, as in `Inference`.
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

    @classmethod
    @entry
    def served(
        cls,
        name: str,
        *,
        power: Written,
        rate: Written | None = None,
        latency: Written | None = None,
        concurrency: float | None = None,
        batch: Written | None = None,
        at: str | None = None,
        status: str = "",
        source: str = "",
        key: str = "",
    ) -> Inference:
        """The energy of a service: the power of its server over its rate (`formulas.served_energy`, A3).

        The joules are gross. A server works on several requests at the same time, so that its power times the
        latency of one of them charges each with all. `latency` is therefore taken of one at a time alone.

        Parameters
        ----------
        name : str
            The name of the service, unique in a study.
        power : quantity, W at a boundary per device
            The power of the server while it serves at that rate.
        rate : quantity, request/s, token/s, inference/s, image/s or batch/s per device
            How many requests end in a second, or tokens are put out.
        latency : quantity, s/request, s/token, s/inference or s/batch
            In place of `rate`: how long one takes while nothing else runs.
        concurrency : number
            With `latency`: how many run at the same time; only 1 is taken.
        batch : quantity, inference/batch above 0
            The size of a batch, where `rate` or `latency` is one of batches.
        at : str
            Where the power was measured, if neither a meter nor the unit says so.
        status, source, key : str
            Status and source of the values; what their keys begin with, in place of the name.

        Returns
        -------
        Inference
            Gross energy per request, token, inference or batch, with its throughput.

        Raises
        ------
        AccountingError
            If several run at the same time; the error says which rate that is.
        MissingError
            If neither `rate` nor `latency` is given, or `latency` without `concurrency`.
        DomainError
            If both are given.

        Examples
        --------
        >>> import lca
        >>> chat = Inference.served("chat", power="5 kW at_wall", rate="12 request/s")
        >>> round(lca.nominal(chat.energy).data["value"].item(), 1)
        416.7
        """
        start = key or slug(name)
        if rate is None:
            rate = rate_of_one(latency, concurrency, power, start, at)
        elif latency is not None or concurrency is not None:
            raise DomainError.of("rate_and_latency_given", f"{start}.rate")
        counted = counted_in(resolve(rate, Declared(RATES, per="device", above=True), key=f"{start}.throughput").unit)
        return cls(
            name, per=counted, baseline="gross", power=power, throughput=rate, batch=batch, at=at, status=status,
            source=source, key=key,
        )  # fmt: skip

    def __post_init__(self) -> None:
        check_basis(self.slug, self.per, self.baseline)
        super().__post_init__()
        rate = "" if self.throughput is None else counted_in(self.throughput.unit)
        gross = self.baseline == "gross"
        check_rate(self.slug, self.per, rate, gross=gross, batch=self.batch is not None)
        twice = self.power is not None and self.given("energy") is not None
        counted = counted_by(self.slug, self.per, self.energy, twice=twice)
        given, read = self.prefill is not None, self.prefill_throughput is not None
        check_prefill(self.slug, self.per, gross=gross, given=given, rate=read)
        if not counted:
            self._hold("energy", self.given("energy") * constant(1.0, root(self.per) ** -1))
        if rate == "batch":
            self._hold("throughput", in_inferences(self.given("throughput"), self.batch))

    def _complete(self) -> Mapping[str, Node]:
        if self.energy is not None or self.power is None or self.throughput is None:
            return {}
        rate = self.given("throughput")
        return {"energy": served_energy(self.power, rate if self.per == "batch" else in_inferences(rate, self.batch))}

    @property
    def count(self) -> str:
        """What its energy is told per, a batch taken apart: "inference", "token" or "request"."""
        return PER[self.per]

    @property
    def per_count(self) -> Node:
        """Energy of one of what is counted, gross or marginal as measured, [J/inference, J/token or J/request]."""
        return energy_per_inference(self.energy, self.batch) if self.per == "batch" else self.energy

    @property
    def per_inference(self) -> Node:
        """Energy per inference, gross or marginal as measured, [J/inference at its boundary]."""
        if self.count != "inference":
            raise MissingError.of("no_energy_per_inference", f"{self.slug}.per_inference", per=self.per)
        return self.per_count

    def marginal(self, idle_power: Node) -> Node:
        """Energy above idle of one that is counted: e_g - P_idle / r if it was measured gross (A3).

        Parameters
        ----------
        idle_power : Node
            Idle power, [W/device] at the boundary of the energy.

        Returns
        -------
        Node
            Energy, [J/inference, J/token or J/request]. See `formulas.marginal_energy`.

        Examples
        --------
        >>> import lca
        >>> net = Inference("net", "0.5 J/inference", at="board", per="inference", baseline="gross",
        ...                 throughput="10 inference/s")
        >>> idle = lca.parameter("idle", "2 W at_board/device")
        >>> round(lca.nominal(net.marginal(idle)).data["value"].item(), 9)
        0.3
        """
        return self._above(self.per_count, idle_power, self.throughput)

    def marginal_prefill(self, idle_power: Node) -> Node | None:
        """Energy above idle of a token that is read; None where `energy` holds it.

        Parameters
        ----------
        idle_power : Node
            Idle power, [W/device] at the boundary of the energy.

        Returns
        -------
        Node or None
            Energy, [J/token].

        Examples
        --------
        >>> import lca
        >>> chat = Inference("chat", "0.3 J/token", at="component", per="token", baseline="marginal",
        ...                  prefill="0.02 J/token")
        >>> chat.marginal_prefill(lca.parameter("idle", "2 W at_component/device"))
        <chat.prefill = 0.02 J at the component/token>
        """
        return None if self.prefill is None else self._above(self.prefill, idle_power, self.prefill_throughput)

    def _above(self, energy: Node, idle_power: Node, throughput: Node | None) -> Node:
        return energy if self.baseline == "marginal" else marginal_energy(energy, idle_power, throughput)
