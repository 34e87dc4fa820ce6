"""What a data sheet and published runs say of a device before anything is measured: its rate and its power."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from ... import tables
from ...arguments import entry
from ...checks import one_of
from ...distributions.families import Empirical
from ...errors import DomainError, MissingError
from ...faults import refuse
from ...formulas import achieved_rate, loaded_power
from ...graph.fields import Written, make_parameter
from ...graph.inputs import Labelled
from ...graph.node import Node, constant, parameter_node
from ...hardware.catalogue import find
from ...records.record import Maybe, Record, component, derived, plain, quantity, slug, word
from ...tables import Row
from ...units.parse import root

FOLDER = "estimates"
#: What a device does; utilisation and load of the two are learnt apart.
DOING = ("training", "inference")
#: The precision to which published utilisations refer, and what else it is called.
USUAL, SAME = "16-bit", {"bf16": "16-bit", "fp16": "16-bit"}
PRECISIONS = (USUAL, *SAME, "fp8", "tf32", "fp32")
#: The draws of a learnt share are so many quantiles, evenly spaced; odd, so that one of them is the median.
POINTS = 1001


@component
class Accelerator(Record):
    """A device by its data sheet, with the part of it that a computation uses.

    Its useful rate is `peak` x `utilisation`, its power at the component `tdp` x `load`. The rest of the machine is not
    in it. A multiplication with its addition counts as 2 FLOP.

    Parameters
    ----------
    name : str
        The name, unique in a study.
    peak : quantity, FLOP/s per device above 0
        The dense rate of the data sheet in the precision that is used.
    utilisation : quantity, a number above 0 up to 1
        The operations of the model over those of `peak`, recomputed ones not counted (model FLOPs utilisation).
    tdp : quantity, W per device above 0
        The thermal design power of the data sheet.
    load : quantity, a number above 0 up to 1.25
        The mean power of the device over `tdp`.
    doing : str
        "training" or "inference".
    status, source, key : str
        Status and source of the values; what their keys begin with, in place of the name.

    Raises
    ------
    DomainError
        If a utilisation lies above 1, or a load above the margin of A15.

    Examples
    --------
    >>> Accelerator("card", peak="125 TFLOP/s", utilisation=0.4, tdp="300 W", load=0.8).power
    <card.power [W at the component/device]>
    """

    peak: Maybe = quantity("FLOP/s", per="device", above=True, optional=True, default=None)
    utilisation: Maybe = quantity("", bare=True, above=True, high=1.0, optional=True, default=None)
    tdp: Maybe = quantity("W", per="device", above=True, optional=True, default=None)
    load: Maybe = quantity("", bare=True, above=True, high=1.25, optional=True, default=None)
    doing: str = word(*DOING, default=DOING[0])
    status: str = plain(default="")
    source: str = plain(default="")
    key: str = plain(default="")

    @classmethod
    @entry
    def lookup(
        cls,
        name: str,
        *,
        hardware: str = "",
        doing: str = "training",
        precision: str = USUAL,
        peak: Written | None = None,
        utilisation: Written | None = None,
        tdp: Written | None = None,
        load: Written | None = None,
        key: str = "",
    ) -> Accelerator:
        """A device of the catalogue; utilisation and load are assumed as published runs of others had them.

        Parameters
        ----------
        name : str
            A name of the catalogue, or with `hardware` any name, unique in a study.
        hardware : str
            The name in the catalogue, if it is another.
        doing : str
            "training" or "inference", which decides the spread of utilisation and load.
        precision : str
            "16-bit" (or "bf16", "fp16"), "fp8", "tf32" or "fp32": which peak rate counts.
        peak, utilisation, tdp, load : as in `Accelerator`
            Figures of the user, in place of those of the tables.
        key : str
            What the keys of its values begin with, in place of the name.

        Returns
        -------
        Accelerator
            The device with four figures, each with status and source.

        Raises
        ------
        MissingError
            If the catalogue lacks the device, its peak rate or its power, and it is not given. Published utilisations
            are of 16-bit numbers; for another precision it has to be given.
        DomainError
            If a word is not one of those known.

        Examples
        --------
        >>> Accelerator.lookup("H100 SXM").tdp
        <h100-sxm.tdp = 700 W/device>
        """
        figures = {"peak": peak, "utilisation": utilisation, "tdp": tdp, "load": load}
        return assumed_accelerator(
            name, hardware or name, doing=doing, precision=precision, key=key, figures=figures, fields=tuple(figures)
        )

    @derived
    def rate(self) -> Node:
        """Useful operations of one device in a second, peak x utilisation, [FLOP/s per device]."""
        if self.peak is None or self.utilisation is None:
            raise MissingError.of("no_rate_of_the_accelerator", f"{self.slug}.peak")
        return achieved_rate(self.peak, self.utilisation)

    @derived
    def power(self) -> Node:
        """Mean power of one device, TDP x load, [W at the component per device]."""
        if self.tdp is None or self.load is None:
            raise MissingError.of("no_power_of_the_accelerator", f"{self.slug}.tdp")
        return loaded_power(self.tdp * constant(1.0, root("at_component")), self.load)


class _Sheet:
    """What the tables know of a device, as parameters of a record."""

    def __init__(self, record: Accelerator, hardware: str, precision: str) -> None:
        self._record, self._hardware, self._precision = record, hardware, SAME.get(precision, precision)

    def figures(self, names: list[str]) -> Mapping[str, Node]:
        """The figures of some names."""
        return {name: getattr(self, f"_{name}")() for name in names}

    def _peak(self) -> Node:
        hardware = find(self._hardware).slug
        known = {row.text("precision"): row for row in _rates() if row["hardware"] == hardware}
        if self._precision not in known:
            where, said = f"{self._record.slug}.peak", ", ".join(known) or "none"
            precision = self._precision
            raise MissingError.of("peak_rate_not_known", where, hardware=hardware, precision=precision, known=said)
        row = known[self._precision]
        return self._sheet("peak", f"{row['rate']!r} TFLOP/s/device", row, row.text("source"))

    def _tdp(self) -> Node:
        found = find(self._hardware)
        row = found.accelerator
        if row is None or not row.number("tdp") > 0:
            raise MissingError.of("rated_power_not_known", f"{self._record.slug}.tdp", hardware=found.slug)
        return self._sheet("tdp", f"{row['tdp']!r} W/device", row, row.text("source_memory_tdp") or row.text("source"))

    def _utilisation(self) -> Node:
        if self._precision != USUAL:
            where = f"{self._record.slug}.utilisation"
            raise MissingError.of("utilisation_of_another_precision", where, precision=self._precision)
        return self._learnt("utilisation")

    def _load(self) -> Node:
        return self._learnt("load")

    def _sheet(self, field: str, value: str, row: Row, source: str) -> Node:
        number, unit = value.split(" ")
        made = Labelled((float(number),), unit)
        return parameter_node(make_parameter(self._key(field), made, status=row.text("status"), source=source))

    def _learnt(self, field: str) -> Node:
        row = spread_of(field, self._record.doing)
        said = f"as of {row['source']}"
        return parameter_node(
            make_parameter(self._key(field), Labelled((_shares(row),), ""), status="assumed", source=said)
        )

    def _key(self, field: str) -> str:
        return f"{self._record.key_prefix}.{field}"


def spread_of(quantity: str, doing: str) -> Row:
    """The row of the table of spreads.

    >>> spread_of("load", "training")["groups"]
    5
    """
    return next(row for row in _spreads() if (row["quantity"], row["doing"]) == (quantity, doing))


def _shares(row: Row) -> Empirical:
    """The distribution of a share for a run of a new group: Student's t of its logit (docs/estimates.md)."""
    from scipy.special import stdtrit

    groups = row.number("groups")
    u = (np.arange(POINTS) + 0.5) / POINTS
    logit = row.number("center") + row.number("width") * math.sqrt(1 + 1 / groups) * stdtrit(groups - 1, u)
    return Empirical(1 / (1 + np.exp(-logit)))


@tables.cached
def _spreads() -> list[Row]:
    return tables.rows(FOLDER, "spreads")


@tables.cached
def _rates() -> list[Row]:
    return tables.rows(FOLDER, "peak_rates")


@entry
def estimated_power(
    name: str,
    *,
    accelerator: str = "",
    doing: str = "training",
    tdp: Written | None = None,
    load: Written | None = None,
) -> Node:
    """The power of a device before it is measured: its TDP times its mean load, both assumed.

    Parameters
    ----------
    name : str
        What the keys begin with, unique in a study.
    accelerator : str
        A name of the catalogue, which brings the TDP along.
    doing : str
        "training" or "inference", which decides the spread of the load.
    tdp : quantity, W per device above 0
        The thermal design power, in place of that of the catalogue.
    load : quantity, a number above 0 up to 1.25
        The mean power over the TDP, in place of what published runs had.

    Returns
    -------
    Node
        The power, [W at the component per device], for a field such as `power`.

    Raises
    ------
    MissingError
        If there is neither a TDP nor a device of the catalogue.

    Examples
    --------
    >>> import lca
    >>> watts = estimated_power("desk", accelerator="RTX 3090", load=0.8)
    >>> lca.nominal(watts).data["value"].item()
    280.0
    """
    figures = {"tdp": tdp, "load": load}
    return assumed_accelerator(name, accelerator, doing=doing, figures=figures, fields=tuple(figures)).power


def assumed_accelerator(
    name: str,
    hardware: str,
    *,
    doing: str,
    figures: Mapping[str, Written | None],
    fields: tuple[str, ...],
    precision: str = USUAL,
    key: str = "",
    learnt: bool = True,
) -> Accelerator:
    """A device with some of the four figures: those that are given, and the others from the tables.

    Raises `MissingError` where a figure of the data sheet lacks and no device is named, and where a utilisation is
    needed that published runs do not tell (`learnt`).
    """
    one_of(doing, DOING, "doing", f"{name}.doing")
    one_of(precision, PRECISIONS, "precision", f"{name}.precision")
    record = Accelerator(name, key=key, doing=doing)
    given = {field: value for field, value in figures.items() if value is not None}
    needed = [field for field in fields if field not in given]
    if not hardware and (lacking := [field for field in needed if field in ("peak", "tdp")]):
        raise MissingError.of("accelerator_not_named", f"{record.slug}.{lacking[0]}", field=" and ".join(lacking))
    if "utilisation" in needed and not learnt:
        raise MissingError.of("utilisation_not_published", f"{record.slug}.utilisation")
    found: dict[str, Any] = {**_Sheet(record, hardware, precision).figures(needed), **given}
    return Accelerator(name, key=key, doing=doing, status="assumed", **found)


def device_of(
    name: str,
    accelerator: str | Accelerator,
    figures: dict[str, Written | None],
    fields: tuple[str, ...],
    *,
    doing: str = "training",
    precision: str = USUAL,
    key: str = "",
    learnt: bool = True,
) -> Accelerator:
    """The device of an estimate: as it is given, or made of what is given and the tables."""
    if isinstance(accelerator, Accelerator):
        beside = [field for field, value in figures.items() if value is not None]
        refuse((beside, DomainError, "figures_of_the_accelerator_twice", f"{slug(name)}.accelerator"))
        return accelerator
    return assumed_accelerator(
        f"{name} accelerator", accelerator, doing=doing, precision=precision,
        key=f"{key}-accelerator" if key else "", figures=figures, fields=fields, learnt=learnt,
    )  # fmt: skip
