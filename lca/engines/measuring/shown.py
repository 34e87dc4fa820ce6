"""What a measurement shows people: a table of its engines, its blocks as labelled data, and notes (M8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from .block_figures import Estimate, Figures, energy_of
from .measurement import QUANTILES, Block, Measurement
from .readings import assumed_watts

if TYPE_CHECKING:
    import pandas
    import xarray

#: Two idle powers that lie further apart than this part of their mean are listed.
_IDLE_APART = 0.05


def block_data(measurement: Measurement) -> xarray.Dataset:
    """The blocks in the order in which they were measured."""
    import xarray

    blocks = measurement.blocks
    columns: dict[str, tuple[object, ...]] = {
        "seconds": ("block", [block.seconds for block in blocks], {"unit": "s"}),
        "executions": ("block", [block.executions for block in blocks]),
        "latency": (("block", "quantile"), [block.latencies for block in blocks], {"unit": "s"}),
    }
    if measurement.log is not None:
        joules = [energy_of(measurement.log, block, measurement.update_period).joules for block in blocks]
        columns["energy"] = ("block", joules, {"unit": f"J at_{measurement.log.meter.at}"})
    for name in blocks[0].conditions:
        if all(name in block.conditions for block in blocks):  # a blank is not a number
            columns[name] = ("block", [block.conditions[name] for block in blocks])
    along = {
        "block": range(1, len(blocks) + 1), "quantile": list(QUANTILES),
        "engine": ("block", [block.engine for block in blocks]), "round": ("block", [block.round for block in blocks]),
        "start": ("block", [block.start for block in blocks], {"unit": "s"}),
    }  # fmt: skip
    return xarray.Dataset(columns, along, {"started": measurement.started})


def engine_table(measurement: Measurement, found: Sequence[Figures], idle: Estimate | None) -> pandas.DataFrame:
    """One row for each engine."""
    import pandas

    rows = []
    for engine, one in zip(measurement.engines, found, strict=True):
        row: dict[str, float] = {"batch": engine.batch, "blocks": len(measurement.of(engine.name))}
        if one.energy is not None:
            row |= {"J/inference": one.energy.value, "u (%)": 100 * one.energy.u / one.energy.value}
            row |= {"W": one.energy.value * one.throughput.value}
        else:
            row |= {"J/inference (assumed power)": assumed_watts(measurement.assumed_power) / one.throughput.value}
        if one.above_idle is not None and idle is not None:
            row |= {"idle W": idle.value, "J/inference above idle": one.above_idle.value}
        row |= {"inference/s": one.throughput.value}
        middle = _latencies(measurement.of(engine.name))
        row |= {f"p{100 * q:g} (ms)": 1e3 * middle[QUANTILES.index(q)] for q in (0.5, 0.95, 0.99)}
        rows.append(row | {"drift (%)": 100 * one.drift.value})
    return pandas.DataFrame(rows, index=pandas.Index([one.name for one in measurement.engines], name="engine"))


def _latencies(blocks: Sequence[Block]) -> list[float]:
    """The quantiles of the time of one execution, each the median of those of the blocks."""
    return [float(one) for one in np.median([block.latencies for block in blocks], axis=0)]


def notes_of(measurement: Measurement, found: Sequence[Figures], idle: Estimate | None) -> tuple[str, ...]:
    """What a reader has to know."""
    assumed = [f"no meter: the power is assumed, {measurement.assumed_power}"] if measurement.log is None else []
    notes = [
        *assumed,
        *measurement.notes,
        *_settling(measurement),
        *_idle(measurement, idle),
        *_conditions(measurement),
    ]
    for engine, one in zip(measurement.engines, found, strict=True):
        what = "s/inference" if one.energy is None else "J/inference"
        if one.drifts:
            notes.append(f"{engine.name}: {what} drifted by {100 * one.drift.value:+.2g} % over the blocks")
        if one.above_idle is not None and not one.is_above_idle:
            notes.append(f"{engine.name}: its power is not above the idle one")
    return tuple(notes)


def _settling(measurement: Measurement) -> Iterator[str]:
    for one in measurement.warm_ups:
        if not one.settled:
            yield f"{one.engine}: its latency had not settled after {one.seconds:.3g} s of warm-up"


def _idle(measurement: Measurement, idle: Estimate | None) -> Iterator[str]:
    if measurement.log is None or idle is None or len(measurement.idle) < 2:
        return
    before, after = (
        energy_of(measurement.log, one, measurement.update_period).joules / (one.stop - one.start)
        for one in measurement.idle
    )
    if abs(after - before) > _IDLE_APART * idle.value:
        yield f"idle power: {before:.4g} W before the blocks, {after:.4g} W behind them"


def _conditions(measurement: Measurement) -> Iterator[str]:
    """From the first block to the last: temperature and clock, where the meter knows them."""
    first, last = measurement.blocks[0].conditions, measurement.blocks[-1].conditions
    for name in first:
        if name in last and last[name] != first[name]:
            yield f"{name}: {first[name]:g} in the first block, {last[name]:g} in the last one"
