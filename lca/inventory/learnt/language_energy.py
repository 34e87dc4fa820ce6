"""The learnt model of serving: joules of an output token from size, GPUs, batch and lengths (docs/serving.md).

The time of a step is a sum of parts, each a roofline from data sheets times a learnt factor. It is told in time at
rated power, so that rated power x GPUs x time / tokens is the energy. The factors stand in data/serving, learnt from
configurations that ML.ENERGY measured.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ... import tables
from ...checks import Array
from ...fits import NORMAL
from ...formulas import (
    computing_time,
    memory_time,
    parameters_read,
    step_time,
    token_energy,
    tokens_read,
    transformer_work,
)

FOLDER, TABLE, RANGES = "serving", "step_model", "measured_ranges"
#: The terms that say how wide the interval is, and the power.
INTERVAL = (
    "half width", "half width with reading", "half width between batches", "power, low", "power, middle", "power, high",
)  # fmt: skip
#: What a request is about, with the prompt in tokens where it was not learnt (assumed), and its name in ML.ENERGY.
PROMPTS = {"chat": 100.0, "reasoning": 250.0, "code": math.nan, "image": math.nan, "video": math.nan}
#: Share of the experts that a token takes, over the share of parameters that are active: typical of published models.
EXPERTS = 0.65
#: Keys and values of a token in the cache: of a model of 10 billion active parameters, and its growth (assumed).
CACHE_BYTES, CACHE_GROWTH, USUAL_SIZE = 150e3, 0.35, 1e10
#: FLOP of a transformer for each parameter and token.
OPERATIONS = 2.0
PARTS = ("weights", "cache", "operations", "reading", "handling", "fixed")


@dataclass(frozen=True)
class Setup:
    """Configurations, one value of each field for every one of them; sizes in parameters, rates per GPU."""

    active: Array
    total: Array
    width: Array  # bytes of a parameter
    gpus: Array
    batch: Array
    output_tokens: Array
    input_tokens: Array  # nan: as of the task
    task: Sequence[str]
    power: Array  # W
    bandwidth: Array  # byte/s
    peak: Array  # FLOP/s
    blackwell: Array  # 1 on a B200
    elsewhere: Array  # 1 on a GPU of which nothing was measured

    @property
    def experts(self) -> Array:
        """1 for a mixture of experts."""
        return np.where(self.total > self.active, 1.0, 0.0)

    @property
    def few_bits(self) -> Array:
        """1 where a parameter takes less than two bytes."""
        return np.where(self.width < 2, 1.0, 0.0)

    def taken(self, which: Array) -> Setup:
        """Some of the configurations."""
        made = {name: np.asarray(value)[which] for name, value in vars(self).items()}
        return Setup(**{**made, "task": made["task"].tolist()})


def parts(setup: Setup, factors: Mapping[str, float]) -> dict[str, Array]:
    """Seconds of a step at rated power, by part."""
    one = {name: math.exp(value) for name, value in factors.items()}
    size, prompt = setup.active / USUAL_SIZE, _prompts(setup, one)
    read = parameters_read(setup.active, setup.total, EXPERTS * setup.active / setup.total, setup.batch)
    cached = setup.batch * CACHE_BYTES * size**CACHE_GROWTH * (prompt + setup.output_tokens / 2)
    work = [
        transformer_work(OPERATIONS, setup.active, tokens)
        for tokens in (setup.batch, tokens_read(setup.batch, prompt, setup.output_tokens))
    ]
    put_out, taken_in = (computing_time(each, setup.peak, setup.gpus) for each in work)
    experts, few = setup.experts, setup.experts * setup.few_bits
    fixed = size ** factors["fixed by size"] * setup.gpus ** factors["fixed by gpus"]
    fixed = fixed * one["fixed of experts"] ** experts * one["fixed of few bits"] ** few
    return {
        "weights": one["weights"] * one["weights of experts"] ** experts
        * memory_time(read * setup.width, setup.bandwidth, setup.gpus),
        "cache": one["cache"] * memory_time(cached, setup.bandwidth, setup.gpus),
        "operations": one["operations"] * put_out,
        "reading": one["reading"] * taken_in,
        "handling": one["handling"] * 1e-6 * setup.batch,
        "fixed": one["fixed"] * 1e-3 * fixed * one["fixed on blackwell"] ** setup.blackwell,
    }  # fmt: skip


def _prompts(setup: Setup, one: Mapping[str, float]) -> Array:
    """Tokens of a prompt, with all that is read for a picture: as given, else as of the task."""
    usual = [PROMPTS[task] if PROMPTS[task] > 0 else 1000 * one[f"prompt of {task}"] for task in setup.task]
    return np.where(np.isnan(setup.input_tokens), usual, setup.input_tokens)


def energy(setup: Setup, by_part: Mapping[str, Array]) -> Array:
    """Joules of an output token at the component, all GPUs together."""
    made: Array = token_energy(setup.power, setup.gpus, step_time(**by_part), setup.batch)
    return made


def share(by_part: Mapping[str, Array], *names: str) -> Array:
    """Share of some parts in a step."""
    made: Array = sum(by_part[name] for name in names) / step_time(**by_part)
    return made


# --- the interval ----------------------------------------------------------------------------------------

#: Standard deviations, as logarithms, of what no measurement tells (assumed): a GPU that was not among those measured;
#: what a step takes in any case with less than 16 bits, measured of one family alone; weights and operations in less
#: than 8 bits; and what a size or a batch adds for each factor of e beyond those measured.
ELSEWHERE, FEW_BITS, FEWER_BITS, BEYOND = 0.3, 0.5, 0.5, 0.2


@dataclass(frozen=True)
class Learnt:
    """What the tables say: the factors as logarithms, and what the interval is made of."""

    factors: Mapping[str, float]
    half_width: float
    with_reading: float
    between: float
    power: tuple[float, float, float]  # over rated power: the 5, 50 and 95 % quantile
    ranges: Mapping[str, tuple[float, float]]

    def told(self, setup: Setup) -> tuple[Array, Array]:
        """Logarithm of the joules of an output token: the middle of the 90 % interval, and its half width."""
        by_part = parts(setup, self.factors)
        learnt = self.half_width * (1 + self.with_reading * share(by_part, "reading"))
        return np.log(energy(setup, by_part)), np.hypot(learnt, NORMAL * unlearnt(setup, by_part, self.ranges))


def unlearnt(setup: Setup, by_part: Mapping[str, Array], ranges: Mapping[str, tuple[float, float]]) -> Array:
    """Standard deviation, as a logarithm, of what no measurement tells."""
    far = sum(outside(setup, ranges).values())
    fewer = np.where(setup.width < 1, FEWER_BITS, 0.0) * share(by_part, "weights", "operations")
    few = FEW_BITS * setup.few_bits * share(by_part, "fixed")
    made: Array = np.sqrt((ELSEWHERE * setup.elsewhere) ** 2 + few**2 + fewer**2 + (BEYOND * far) ** 2)
    return made


def outside(setup: object, ranges: Mapping[str, tuple[float, float]]) -> dict[str, Array]:
    """How far each field lies beyond what was measured, as a logarithm; 0 within."""
    values = {name: np.asarray(getattr(setup, name)) for name in ranges}
    return {
        name: np.maximum(np.log(low / values[name]), 0) + np.maximum(np.log(values[name] / high), 0)
        for name, (low, high) in ranges.items()
    }


def wider_gap(gap: float) -> float:
    """How much wider the interval between two batches is, over batches a factor of 4 apart or less.

    What a line misses of a curve grows with the square of the gap.
    """
    return max(1.0, gap / math.log(4)) ** 2


def learnt_from(table: str, sheet: str = "") -> str:
    """What a table of the learnt models was learnt from, and the source of the data sheet of the GPU."""
    return tables.rows(FOLDER, table)[0].text("source") + (f"; its GPU: {sheet}" if sheet else "")


@tables.cached
def learnt() -> Learnt:
    """The model that is shipped."""
    found = {row.text("term"): row.number("value") for row in tables.rows(FOLDER, TABLE)}
    half, with_reading, between, *power = [found.pop(name) for name in INTERVAL]
    ranges = {row.text("field"): (row.number("low"), row.number("high")) for row in tables.rows(FOLDER, RANGES)}
    return Learnt(found, half, with_reading, between, (power[0], power[1], power[2]), ranges)
