"""The learnt model of diffusion: joules of an image or a video from size, steps and resolution (docs/serving.md).

A denoising step computes its operations while launches and exchange between GPUs wait. The factors stand in
data/serving, learnt from configurations that ML.ENERGY measured.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ... import tables
from ...checks import Array
from ...fits import NORMAL
from ...formulas import computing_time, denoising_work, overlapped_time, token_energy, transformer_work
from .language_energy import BEYOND, ELSEWHERE, FOLDER, OPERATIONS, outside

TABLE, RANGES = "diffusion_model", "diffusion_ranges"
#: The term that says how wide the interval is, and the power.
INTERVAL = ("half width", "power, low", "power, middle", "power, high")
#: Pixels of the side of a token, and frames of a token after the first: usual of published models (assumed).
PATCH, STRIDE = 16.0, 4.0
#: The width of a network of 2 billion parameters, which grows as their third root; attention takes as much as the rest
#: at 6 times that width.
WIDTH, WIDTH_SIZE, REACH = 1920.0, 2e9, 6.0
#: The size to which the fixed time of a step refers.
USUAL_SIZE = 5e9


@dataclass(frozen=True)
class Setup:
    """Configurations, one value of each field for every one of them; rates per GPU."""

    parameters: Array
    tokens: Array  # of the latent image or video
    steps: Array
    passes: Array
    gpus: Array
    batch: Array
    power: Array  # W
    peak: Array  # FLOP/s
    blackwell: Array  # 1 on a B200
    elsewhere: Array  # 1 on a GPU of which nothing was measured

    def taken(self, which: Array) -> Setup:
        """Some of the configurations."""
        return Setup(**{name: value[which] for name, value in vars(self).items()})


def latent_tokens(height: Array, width: Array, frames: Array) -> Array:
    """Tokens of a latent image or video.

    >>> float(latent_tokens(np.array(1024.0), np.array(1024.0), np.array(1.0)))
    4096.0
    """
    return height / PATCH * width / PATCH * ((frames - 1) / STRIDE + 1)


def energy(setup: Setup, factors: Mapping[str, float]) -> Array:
    """Joules of an image or a video at the component, all GPUs together."""
    one = {name: math.exp(value) for name, value in factors.items()}
    reach = one["reach"] * REACH * WIDTH * np.cbrt(setup.parameters / WIDTH_SIZE)
    each = transformer_work(OPERATIONS, setup.parameters, setup.tokens)
    work = denoising_work(each, setup.passes, setup.tokens, reach) * setup.batch
    computing = one["operations"] * computing_time(work, setup.peak, setup.gpus)
    computing = (
        computing * setup.gpus ** factors["operations by gpus"] * one["operations on blackwell"] ** setup.blackwell
    )
    waiting = one["fixed"] * 1e-3 * (setup.parameters / USUAL_SIZE) ** factors["fixed by size"]
    waiting = waiting * one["fixed on blackwell"] ** setup.blackwell
    made: Array = token_energy(setup.power, setup.gpus, setup.steps * overlapped_time(computing, waiting), setup.batch)
    return made


@dataclass(frozen=True)
class Learnt:
    """What the tables say: the factors as logarithms, half of the 90 % interval, shares of power, what was measured."""

    factors: Mapping[str, float]
    half_width: float
    power: tuple[float, float, float]
    ranges: Mapping[str, tuple[float, float]]

    def told(self, setup: Setup) -> tuple[Array, Array]:
        """Logarithm of the joules of an item: the middle of the 90 % interval, and its half width."""
        far = BEYOND * np.sum(list(outside(setup, self.ranges).values()), axis=0)
        half = np.hypot(self.half_width, NORMAL * np.hypot(ELSEWHERE * setup.elsewhere, far))
        return np.log(energy(setup, self.factors)), half


@tables.cached
def learnt() -> Learnt:
    """The model that is shipped."""
    found = {row.text("term"): row.number("value") for row in tables.rows(FOLDER, TABLE)}
    half, *power = [found.pop(name) for name in INTERVAL]
    ranges = {row.text("field"): (row.number("low"), row.number("high")) for row in tables.rows(FOLDER, RANGES)}
    return Learnt(found, half, (power[0], power[1], power[2]), ranges)
