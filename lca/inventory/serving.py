"""Joules of an output token from points of one's own, or from a published formula with its error (docs/serving.md)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from .. import tables
from ..arguments import entry
from ..checks import Array, finite_number, numbers_of
from ..distributions.lognormal import Lognormal, SplitLognormal
from ..errors import DomainError, LabelError
from ..faults import refuse
from ..fits import NORMAL
from ..graph.fields import Written
from .inference.inference import Inference
from .learnt.ecologits import ecologits_energy
from .learnt.language_energy import FOLDER, wider_gap
from .learnt.language_energy import learnt as _learnt

__all__ = ["Points", "ecologits", "points"]
_UNIT = "J at_component/token"
#: The columns of a table of points.
_BATCH, _JOULES = "batch", "joules"


class Points:
    """Measured joules of an output token by the requests in flight, of one model on one set of GPUs.

    Made by `lca.serving.points`.

    Attributes
    ----------
    batches : array, from the smallest
        The requests in flight.
    joules : array, J at the component per token
        The energy at each of them.
    """

    def __init__(self, batches: Array, joules: Array) -> None:
        self.batches, self.joules = batches, joules

    def __repr__(self) -> str:
        first, last = self.batches[0], self.batches[-1]
        return f"<{len(self.batches)} points of serving, batch {first:g} to {last:g}>"

    @entry
    def energy(self, batch: float) -> Lognormal:
        """The joules of an output token at a batch, between the points on a line of logarithms.

        Its interval is what measured points were off such lines through their neighbours: 90 % within a factor that
        grows where the points are more than a factor of 4 apart. At a point itself it is what a repetition differs by.

        Parameters
        ----------
        batch : float
            The requests in flight, from the smallest to the largest of the points.

        Returns
        -------
        Lognormal
            The energy, [J at the component/token].

        Raises
        ------
        DomainError
            If the batch lies outside the points: nothing is extrapolated.

        Examples
        --------
        >>> import lca
        >>> chat = lca.serving.points({8: 0.45, 32: 0.17, 128: 0.095})
        >>> chat.energy(64)
        Lognormal("0.127083 J at_component/token", gsd=1.08719)
        """
        asked = finite_number(batch, "points.energy(batch=)", low=0.0, above=True)
        first, last = float(self.batches[0]), float(self.batches[-1])
        sides = [f"asked: {asked:g}", f"measured: {first:g} to {last:g}"]
        refuse((sides if not first <= asked <= last else [], DomainError, "batch_outside_the_points", "points.energy"))
        x, y = np.log(self.batches), np.log(self.joules)
        beside = [(a, b) for a, b in pairwise(self.batches.tolist()) if a <= asked <= b]
        gap = min(math.log(b / a) for a, b in beside)
        half = _learnt().between * wider_gap(gap)
        middle = math.exp(float(np.interp(math.log(asked), x, y)))
        return Lognormal(f"{middle:.6g} {_UNIT}", gsd=math.exp(half / NORMAL))

    @entry
    def inference(self, name: str, *, batch: float, throughput: Written, source: str = "", **rest: Any) -> Inference:
        """An engine with the energy at a batch, gross, per output token, status "assumed".

        Parameters
        ----------
        name : str
            The name of the engine, unique in a study.
        batch : float
            The requests in flight.
        throughput : quantity, token/s per device
            The tokens that all GPUs together put out at that batch.
        source : str
            Where the points come from.
        **rest : as in `Inference`
            The other fields, such as `key`.

        Returns
        -------
        Inference
            The engine.

        Raises
        ------
        DomainError
            If the batch lies outside the points.

        Examples
        --------
        >>> import lca
        >>> chat = lca.serving.points({8: 0.45, 32: 0.17, 128: 0.095})
        >>> chat.inference("chat", batch=64, throughput="5100 token/s").per
        'token'
        """
        said = f"between measured points at batch {batch:g}" + (f"; {source}" if source else "")
        return Inference(
            name, self.energy(batch), per="token", baseline="gross", throughput=throughput, status="assumed",
            source=said, **rest,
        )  # fmt: skip


@entry
def points(table: object) -> Points:
    """Measured points of one's own: joules of an output token by the requests in flight.

    Parameters
    ----------
    table : mapping, or pandas.DataFrame with the columns `batch` and `joules`
        J at the component per output token, all GPUs together, by the requests in flight. Both above 0.

    Returns
    -------
    Points
        The points, from the smallest batch.

    Raises
    ------
    DomainError
        If there are fewer than two points, or numbers outside their domain.
    LabelError
        If a batch stands twice, or the table lacks a column.

    Examples
    --------
    >>> points({8: 0.45, 32: 0.17})
    <2 points of serving, batch 8 to 32>
    """
    given = _columns(table)
    both = {name: numbers_of(values, f"points, {name}", "[8, 16]") for name, values in given.items()}
    for name, values in both.items():
        for number, value in enumerate(values):
            finite_number(value, f"points, {name} {number}", low=0.0, above=True)
    order = np.argsort(both[_BATCH])
    batches, joules = (np.array(both[name])[order] for name in (_BATCH, _JOULES))
    twice = sorted({f"{a:g}" for a, b in pairwise(batches.tolist()) if a == b})
    refuse(
        (len(batches) < 2, DomainError, "too_few_points", "points"),
        (twice, LabelError, "batch_given_twice", "points"),
    )
    return Points(batches, joules)


def _columns(table: Any) -> dict[str, list[object]]:
    if isinstance(table, Mapping):
        return {_BATCH: list(table), _JOULES: list(table.values())}
    lacking = [f"lacking: {name}" for name in (_BATCH, _JOULES) if name not in getattr(table, "columns", ())]
    refuse((lacking, LabelError, "points_without_a_column", "points"))
    return {name: table[name].tolist() for name in (_BATCH, _JOULES)}


@entry
def ecologits(*, active: float, gpus: int, batch: float = 64) -> SplitLognormal:
    """The published formula of EcoLogits for the energy of an output token, with its error against measurements.

    What was measured lies between 0.54 and 7.9 times the formula at its true batch (90 %, each model once). So the
    median is moved and the interval wide; `Inference.of_model` has a narrower one.

    Parameters
    ----------
    active : float, above 0
        The active parameters.
    gpus : int, from 1
        The GPUs over which the model is split.
    batch : float, from 1
        The requests in flight; 64, as EcoLogits has it, if unknown, with the error of that choice.

    Returns
    -------
    SplitLognormal
        The energy, [J at the component/token].

    Raises
    ------
    DomainError
        If a number lies outside its domain.

    Examples
    --------
    >>> made = ecologits(active=70e9, gpus=4)
    >>> round(made.median, 2)
    2.23
    """
    size = finite_number(active, "ecologits.active", low=0.0, above=True)
    number, flight = (
        finite_number(value, f"ecologits.{name}", low=1.0) for name, value in (("gpus", gpus), ("batch", batch))
    )
    energy = float(ecologits_energy(size / 1e9, flight)) * number
    low, middle, high = (f"{energy * ratio:.6g} {_UNIT}" for ratio in _ratios("64" if flight == 64 else "as measured"))
    return Lognormal.through(low, middle, high)


@tables.cached
def _ratios(batch: str) -> tuple[float, float, float]:
    """Measured over predicted: the 5, 50 and 95 % quantile."""
    row = next(row for row in tables.rows(FOLDER, "formula_ratios") if row["batch"] == batch)
    return row.number("low"), row.number("middle"), row.number("high")
