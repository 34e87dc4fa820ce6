"""Engines that are estimated before anything is measured: from operations, on a device of a data sheet."""

from __future__ import annotations

from typing import Any, Self

from ...arguments import entry
from ...errors import DomainError, MissingError
from ...faults import refuse
from ...formulas import computing_energy, transformer_work
from ...graph.fields import Declared, Written, resolve
from ...graph.node import constant
from ...records.record import Record, component, plain, slug
from ...units.parse import root
from .accelerator import USUAL, Accelerator, device_of
from .gross import check_estimated

#: FLOP of a transformer in inference, for each parameter and token (Kaplan et al. 2020, sec. 2.1).
INFERENCE = 2.0
#: What operations may be told per, and the joules then are.
COUNTED = ("inference", "token", "request", "batch")
_PARAMETERS = Declared(("",), bare=True, above=True)
_WORK = Declared(tuple(f"FLOP/{count}" for count in COUNTED), above=True)


@component
class EstimatedInference(Record):
    """An engine whose energy may follow from operations and a data sheet."""

    accelerator: Accelerator | None = plain(default=None)

    @classmethod
    @entry
    def from_flops(
        cls,
        name: str,
        *,
        accelerator: str | Accelerator = "",
        parameters: Written | None = None,
        work: Written | None = None,
        precision: str = USUAL,
        peak: Written | None = None,
        utilisation: Written | None = None,
        tdp: Written | None = None,
        load: Written | None = None,
        **rest: Any,
    ) -> Self:
        """An engine before anything is measured: 2 FLOP for each parameter and token, on a device of a data sheet.

        Its energy is work x TDP x load / (peak x utilisation), gross, at the component (docs/estimates.md). Published
        utilisations count the tokens that are put out, with the reading of the prompt in the energy. They differ by a
        factor of 90, since so do batches.

        Parameters
        ----------
        name : str
            The name of the engine, unique in a study.
        accelerator : str or Accelerator
            A name of the catalogue, which brings peak rate and TDP along; or a device with figures of its own.
        parameters : quantity, a number above 0
            The parameters that each token meets: of a mixture of experts those that are active. The joules are per
            token.
        work : quantity, FLOP/inference, FLOP/token, FLOP/request or FLOP/batch
            In place of `parameters`. Published utilisations are of language models, so `utilisation` is then given.
        precision : str
            "16-bit" (or "bf16", "fp16"), "fp8", "tf32" or "fp32": which peak rate counts.
        peak, utilisation, tdp, load : as in `lca.Accelerator`
            Figures in place of those of the tables.
        **rest : as in `Inference`
            The other fields, such as `batch` and `key`.

        Returns
        -------
        Inference
            The engine, with energy and throughput.

        Raises
        ------
        MissingError
            If a figure is neither given nor in the tables, or there is neither `parameters` nor `work`.
        DomainError
            If both are given, or an `Accelerator` beside one of its figures.

        Examples
        --------
        >>> from lca import Inference
        >>> net = Inference.from_flops("ResNet-50", work="8.2 GFLOP/inference", accelerator="T4", utilisation=0.3)
        >>> net.throughput
        <resnet-50.throughput [inference/(s device)]>
        """
        where, prefix = slug(name), rest.get("key") or slug(name)
        refuse(
            (parameters is not None and work is not None, DomainError, "work_given_twice", f"{where}.work"),
            (parameters is None and work is None, MissingError, "work_not_given", f"{where}.work"),
        )
        check_estimated(where, rest)
        figures = {"peak": peak, "utilisation": utilisation, "tdp": tdp, "load": load}
        made = device_of(
            name, accelerator, figures, tuple(figures),
            doing="inference", precision=precision, key=rest.get("key", ""), learnt=work is None,
        )  # fmt: skip
        if work is None:
            each = resolve(parameters, _PARAMETERS, key=f"{prefix}.parameters", status="assumed")
            operations = transformer_work(constant(INFERENCE, root("FLOP/token")), each, constant(1.0))
        else:
            operations = resolve(work, _WORK, key=f"{prefix}.work", status="assumed")
        count = next(one for one in COUNTED if operations.unit.get(one, 0))
        said: dict[str, Any] = {"per": count, "baseline": "gross", "accelerator": made, "status": "assumed"}
        energy = computing_energy(operations, made.rate, made.power).named(f"{where}.energy")
        rate = (made.rate / operations).named(f"{where}.throughput")
        return cls(name, **(said | {"energy": energy, "throughput": rate} | rest))
