"""Activities that are estimated before anything is measured: from operations, a throughput, or energy and power."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import numpy as np

from ...arguments import entry
from ...errors import BoundaryError, DomainError, MissingError
from ...faults import refuse
from ...formulas import amount_time, computing_time, powered_time, transformer_work
from ...graph.fields import Written
from ...graph.node import Node, constant
from ...records.components import walk
from ...records.record import Maybe, component, plain, quantity
from ...sampling.evaluate import nominal_values
from ...units.parse import root
from ...units.registry import boundary_of
from ...units.text import unit_text
from ..activity import Activity
from .accelerator import USUAL, Accelerator, device_of, spread_of

#: FLOP of a transformer for each parameter and token (Kaplan et al. 2020, sec. 2.1).
TRAINING = 6.0
#: What can be worked off: tokens, items through the network, steps.
COUNTED = ("token", "inference", "iteration", "request", "batch")


@component
class Estimated(Activity):
    """An activity whose duration and power may follow from operations, a throughput or a data sheet."""

    accelerator: Accelerator | None = plain(default=None)
    parameters: Maybe = quantity("", bare=True, above=True, optional=True, default=None)
    work: Maybe = quantity("FLOP", *(f"FLOP/{one}" for one in COUNTED), above=True, optional=True, default=None)
    amount: Maybe = quantity(*COUNTED, above=True, optional=True, default=None)
    throughput: Maybe = quantity(
        *(f"{one}/s{per}" for per in ("", "/device") for one in COUNTED), above=True, optional=True, default=None
    )

    @classmethod
    @entry
    def from_flops(
        cls,
        name: str,
        *,
        accelerator: str | Accelerator = "",
        parameters: Written | None = None,
        tokens: Written | None = None,
        work: Written | None = None,
        precision: str = USUAL,
        peak: Written | None = None,
        utilisation: Written | None = None,
        tdp: Written | None = None,
        load: Written | None = None,
        **rest: Any,
    ) -> Self:
        """A training before anything is measured: 6 FLOP for each parameter and token, on devices of a data sheet.

        Its duration is 6 N D / (devices x peak x utilisation), its power TDP x load at the component. All of it is
        assumed. Utilisation and load have the spread of published runs, unless they are given (docs/estimates.md).

        Parameters
        ----------
        name : str
            The name of the training, unique in a study.
        accelerator : str or Accelerator
            A name of the catalogue, which brings peak rate and TDP along; or a device with figures of its own.
        parameters : quantity, a number above 0
            The parameters that each token meets: of a mixture of experts those that are active.
        tokens : quantity, token
            The tokens, every epoch counted; or the amount to which a `work` per inference or iteration belongs.
        work : quantity, FLOP, FLOP/token, FLOP/inference or FLOP/iteration
            In place of `parameters`: the operations of the training, of another network for instance. Published
            utilisations are of transformers, so `utilisation` is then given.
        precision : str
            "16-bit" (or "bf16", "fp16"), "fp8", "tf32" or "fp32": which peak rate counts.
        peak, utilisation, tdp, load : as in `lca.Accelerator`
            Figures in place of those of the tables.
        **rest : as in `Training`
            The other fields, such as `devices`, `site`, `on`, `beyond`, and `power` in place of TDP and load.

        Returns
        -------
        Training
            The training, with duration, power and energy.

        Raises
        ------
        MissingError
            If a figure is neither given nor in the tables.
        DomainError
            If an `Accelerator` is given beside one of its figures.

        Examples
        --------
        >>> from lca import Training
        >>> run = Training.from_flops("pretraining", parameters="7e9", tokens="2e12 token", accelerator="H100 SXM",
        ...                           devices=512)
        >>> run.duration
        <pretraining.duration [s]>
        """
        figures = {"peak": peak, "utilisation": utilisation, "tdp": tdp, "load": load}
        powered = any(rest.get(field) is not None for field in ("power", "energy"))
        made = device_of(
            name, accelerator, figures, ("peak", "utilisation") if powered else tuple(figures),
            doing="training", precision=precision, key=rest.get("key", ""), learnt=work is None,
        )  # fmt: skip
        said: dict[str, Any] = {"parameters": parameters, "amount": tokens, "work": work, "accelerator": made}
        return cls(name, **({**said, "status": "assumed"} | rest))

    @classmethod
    @entry
    def from_throughput(
        cls,
        name: str,
        *,
        throughput: Written,
        amount: Written,
        power: Written | None = None,
        accelerator: str | Accelerator = "",
        tdp: Written | None = None,
        load: Written | None = None,
        **rest: Any,
    ) -> Self:
        """A training from its rate: it takes the amount over the throughput, at a power that is given or estimated.

        Parameters
        ----------
        name : str
            The name of the training, unique in a study.
        throughput : quantity, token/s, inference/s or iteration/s
            The rate of all devices together, as trainers print it. That of each device is "1500 token/s/device".
        amount : quantity, token, inference or iteration
            How many are needed, every epoch counted.
        power : quantity, W at a boundary per device
            The mean power of one device.
        accelerator, tdp, load : as in `from_flops`
            In place of `power`: the TDP times the load, at the component.
        **rest : as in `Training`
            The other fields, such as `devices`, `at`, `site`, `on`.

        Returns
        -------
        Training
            The training, with duration and energy.

        Raises
        ------
        MissingError
            If neither a power nor a TDP is given or in the catalogue.
        DomainError
            If the amount counts something else than the throughput, or a power is given beside a TDP.

        Examples
        --------
        >>> from lca import Training
        >>> Training.from_throughput("finetune", throughput="12000 token/s", amount="3e9 token", power="400 W",
        ...                          at="component", devices=8).duration
        <finetune.duration [s]>
        """
        figures, key = {"tdp": tdp, "load": load}, rest.get("key", "")
        sheet = bool(accelerator) or any(value is not None for value in figures.values())
        given = power is not None or rest.get("energy") is not None
        made = None if given and not sheet else device_of(name, accelerator, figures, ("tdp", "load"), key=key)
        said: dict[str, Any] = {"throughput": throughput, "amount": amount, "power": power, "accelerator": made}
        return cls(name, **(said | rest))

    def _estimated(self, given: set[str], energy: Node | None, power: Node | None) -> tuple[dict[str, Node], bool]:
        """(duration and power, as far as they follow; whether the duration follows from the energy).

        `given` says which of energy, power, duration and a first part are known.
        """
        self._check_estimate(given)
        found: dict[str, Node] = {}
        sheet = self.accelerator
        if sheet is not None and sheet.tdp is not None:
            power = found["power"] = sheet.power
        if self.parameters is not None or self.work is not None:
            assert sheet is not None
            found["duration"] = computing_time(self._operations(), sheet.rate, self.devices)
        elif self.throughput is not None:
            found["duration"] = self._worked_off()
        elif "duration" not in given and energy is not None and power is not None:
            return found | {"duration": self._powered(energy, power)}, True
        return found, False

    def _operations(self) -> Node:
        """The operations of the whole activity, [FLOP]."""
        if self.work is None:
            field, value = "parameters", constant(TRAINING, root("FLOP/token"))
            work = transformer_work(value, self.parameters, self.amount)
        else:
            field, value = "work", self.work
            work = value if value.unit == root("FLOP") else value * self.amount
        self._same_count(work.unit == root("FLOP"), field, value)
        return work

    def _worked_off(self) -> Node:
        """The amount over the throughput of all devices, [s]."""
        assert self.throughput is not None
        assert self.amount is not None
        rate = self.throughput * self.devices if self.throughput.unit.get("device", 0) else self.throughput
        self._same_count(self.amount.unit / rate.unit == root("s"), "throughput", self.throughput)
        return amount_time(self.amount, rate)

    def _powered(self, energy: Node, power: Node) -> Node:
        """The energy over the power of all devices, [s]."""
        ends = [boundary_of(one.unit) for one in (energy, power)]
        if ends[0] != ends[1]:
            raise BoundaryError.of("energy_and_power_at_two_boundaries", f"{self.slug}.power", map(str, ends))
        return powered_time(energy, power, self.devices)

    def _same_count(self, same: bool, field: str, value: Node) -> None:
        if not same:
            assert self.amount is not None
            sides = [f"amount in {unit_text(self.amount.unit)}", f"{field} in {unit_text(value.unit)}"]
            raise DomainError.of("amount_of_another_count", f"{self.slug}.amount", sides, field=field)

    def _check_estimate(self, given: set[str]) -> None:
        """Each estimate is complete, stands once, and has an effect."""
        said = {name for name in ("parameters", "work", "throughput") if getattr(self, name) is not None}
        whole = self.work is not None and self.work.unit == root("FLOP")
        counted, sheet = self.amount is not None, self.accelerator
        ways = sorted(said | (given & {"duration", "window", "window_energy"}))  # to a duration
        rated, powered = "power" in given, sheet is not None and sheet.tdp is not None
        idle = sheet is not None and not said & {"parameters", "work"} and not powered
        refuse(
            (ways if said and len(ways) > 1 else False, DomainError, "duration_given_twice", self.slug),
            (bool(said) and not counted and not whole, MissingError, "amount_not_given", f"{self.slug}.amount"),
            (counted and (not said or whole), DomainError, "amount_without_effect", f"{self.slug}.amount"),
            (bool(said & {"parameters", "work"}) and sheet is None, MissingError, "work_without_an_accelerator",
             f"{self.slug}.accelerator"),
            (powered and rated, DomainError, "power_given_twice", f"{self.slug}.power"),
            (idle, DomainError, "accelerator_without_effect", f"{self.slug}.accelerator"),
        )  # fmt: skip


def estimate_notes(activities: Iterable[Activity]) -> list[str]:
    """What is estimated from a data sheet, and where it reaches more of it than any published run did."""
    notes = []
    for activity in activities:
        for sheet in (one for one in walk(activity) if isinstance(one, Accelerator)):
            notes.append(f"{activity.slug} is estimated from a data sheet ({sheet.slug}): nothing of it was measured")
            if sheet.utilisation is None:
                continue
            reached = float(np.max(nominal_values({"share": sheet.utilisation})["share"]))
            highest = spread_of("utilisation", sheet.doing).number("highest")
            if reached > highest:
                notes.append(
                    f"{sheet.slug}.utilisation of {reached:.3g} is above that of every published run ({highest:.3g})"
                )
    return notes
