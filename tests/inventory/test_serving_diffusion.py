"""Images and videos before they are measured: the learnt model by hand, its tables, and what is refused."""

from __future__ import annotations

import csv
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import t

import lca
from lca import tables
from lca.distributions.lognormal import Lognormal
from lca.errors import DomainError, LcaError, MissingError
from lca.inventory.learnt.diffusion_energy import INTERVAL, Setup, energy, latent_tokens, learnt
from lca.source_marks import unmarked

BUILD = Path(__file__).parents[2] / "data" / "build"
sys.path.insert(0, str(BUILD))
try:
    import diffusion
finally:
    sys.path.remove(str(BUILD))

IMAGE: dict[str, Any] = {"parameters": 8.1e9, "steps": 28, "height": 1024, "width": 1024, "batch": 4}


def told(**changes: Any) -> Lognormal:
    node = lca.Inference.of_diffusion("image", **(IMAGE | changes)).energy
    assert node.parameter is not None
    (value,) = node.parameter.values
    assert isinstance(value, Lognormal)
    return value


def setup(**changes: float) -> Setup:
    """2 billion parameters, a latent image of 4,096 tokens, on a GPU of 1,000 W and 100 TFLOP/s."""
    fields = {
        "parameters": 2e9, "tokens": 4096.0, "steps": 20.0, "passes": 2.0, "gpus": 1.0, "batch": 1.0, "power": 1_000.0,
        "peak": 1e14, "blackwell": 0.0, "elsewhere": 0.0,
    } | changes  # fmt: skip
    return Setup(**{name: np.array([value]) for name, value in fields.items()})


ONES = dict.fromkeys(learnt().factors, 0.0)


def test_the_joules_of_an_image_by_hand() -> None:
    """20 steps of hypot(2 x 2 x 2e9 x 4096 x (1 + 4096 / 11,520) FLOP at 100 TFLOP/s, 1 ms) at 1,000 W."""
    computing = 2 * 2 * 2e9 * 4096 * (1 + 4096 / (6 * 1920)) / 1e14
    assert energy(setup(), ONES).item() == pytest.approx(20 * math.hypot(computing, 1e-3) * 1_000, rel=1e-12)
    eight = 20 * math.hypot(computing * 4 / 8, 1e-3) * 1_000 * 8 / 4
    assert energy(setup(gpus=8, batch=4), ONES).item() == pytest.approx(eight, rel=1e-12)
    assert latent_tokens(np.array(480.0), np.array(720.0), np.array(49.0)).item() == 30 * 45 * 13


@pytest.mark.parametrize(
    ("term", "changes"),
    [("operations by gpus", {"gpus": math.e}), ("operations on blackwell", {"blackwell": 1.0}), ("operations", {})],
)
def test_a_factor_acts_where_it_should(term: str, changes: dict[str, float]) -> None:
    """Of a large batch, which never waits, a factor of e on the operations is one on the joules."""
    before, after = (energy(setup(batch=1e6, **changes), ONES | {term: value}).item() for value in (0.0, 1.0))
    assert after / before == pytest.approx(math.e, rel=1e-6)
    plain = energy(setup(batch=1e6), ONES | {term: 1.0}).item() / energy(setup(batch=1e6), ONES).item()
    assert plain == pytest.approx(math.e if term == "operations" else 1.0, rel=1e-6)


def test_what_waits_counts_once_in_a_small_batch() -> None:
    """Of next to no operations: the fixed time alone, with its own factors."""
    for term, changes, grows in (
        ("fixed", {}, math.e), ("fixed on blackwell", {}, 1.0), ("fixed on blackwell", {"blackwell": 1.0}, math.e),
        ("fixed by size", {"parameters": 5e9 * math.e}, math.e),
    ):  # fmt: skip
        before, after = (
            energy(setup(peak=1e30, **changes), ONES | {term: value}).item() for value in (0.0, 1.0)
        )  # fmt: skip
        assert after / before == pytest.approx(grows, rel=1e-9)


def test_a10_an_image_and_a_video_are_engines_with_a_source() -> None:
    image = lca.Inference.of_diffusion("image", **IMAGE)
    video = lca.Inference.of_diffusion("video", **(IMAGE | {"frames": 81}))
    assert (image.per, image.count, video.per) == ("image", "inference", "inference")
    assert image.energy.parameter is not None
    said = "511 configurations of 7 models of images and videos, measured with Zeus; its GPU: "
    assert said in unmarked(image.energy.parameter.source)
    rate = float(lca.nominal(image.throughput).data["value"])  # type: ignore[arg-type]
    assert rate == pytest.approx(0.75779 * 700 / told().median, rel=1e-4)


def test_the_energy_moves_as_it_should() -> None:
    base = told().median
    assert told(steps=56).median == pytest.approx(2 * base, rel=1e-9)
    assert told(passes=1).median < base < told(height=2048).median
    assert told(gpus=8).median > base > told(batch=32, gpus=1).median * 0.9
    assert told(frames=81).median > 20 * base
    wider = told(accelerator="A100 SXM4 80 GB")
    assert math.log(wider.gsd) == pytest.approx(math.hypot(math.log(told().gsd), 0.3), rel=1e-6)


#: ML.ENERGY leaderboard, version 3, text-to-image (ml-energy/leaderboard @ 0cd52da): Sana 1.5 1.6B on one H100, 20
#: steps of 1,024 x 1,024 pixels: J of an image by batch. It is among the seven models that were learnt from.
SANA = {1: 417.12562499567866, 4: 419.53034375049174, 16: 411.6039609378204}


@pytest.mark.parametrize("batch", SANA)
def test_u4_the_interval_holds_what_was_measured(batch: int) -> None:
    made = told(parameters=1.6e9, steps=20, batch=batch)
    assert float(made.ppf(0.05)) < SANA[batch] < float(made.ppf(0.95))


@pytest.mark.parametrize(
    ("changes", "error", "text"),
    [
        ({"steps": 0}, DomainError, "steps"),
        ({"parameters": lca.Uniform(1e9, 2e9)}, DomainError, "spread"),
        ({"height": 10.5}, DomainError, "10.5"),
        ({"batch": math.inf}, LcaError, "finite"),
        ({"accelerator": "H1000"}, MissingError, "h100"),
        ({"guidance": 2}, LcaError, "guidance"),
    ],
)
def test_q4_what_is_refused(changes: dict[str, Any], error: type[LcaError], text: str) -> None:
    with pytest.raises(error) as raised:
        lca.Inference.of_diffusion("image", **(IMAGE | changes))
    assert text in str(raised.value)


# --- the tables ---------------------------------------------------------------------------------------------


def test_u4_models_that_were_left_out_are_covered() -> None:
    """Seven models, each once: 97 %. So few cannot tell 90 from 97 %; the standard error is 7 points."""
    models = tables.read("serving", "diffusion_left_out")
    assert (len(models), models["configurations"].sum()) == (7, 511)
    assert models["covered"].mean() == pytest.approx(0.967, abs=0.001)
    assert models["high_over_low"].median() == pytest.approx(9.4, abs=0.1)
    terms = tables.read("serving", "diffusion_model").set_index("term")
    assert set(terms.index) == {*diffusion.PRIORS, *INTERVAL}
    assert ((terms["value"] - terms["prior"]).abs() / terms["prior_sd"]).max() < 1


def test_the_half_width_is_that_of_students_t() -> None:
    """Of four models with mean squares 1, 4, 4, 7: t_0.95(3) sqrt(4 x 5 / 4)."""
    assert diffusion.half_width([1, 4, 4, 7]) == pytest.approx(t.ppf(0.95, 3) * math.sqrt(5), rel=1e-9)


def test_known_factors_are_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without noise and with next to no prior, the joules of made models are met to 1 %."""
    names = ("model", "total_billion", "steps", "height", "width", "frames", "gpu", "gpus", "batch", "joule_each",
             "mean_power_watt")  # fmt: skip
    rows = [
        dict(zip(names, (f"m{size}", size, 20 + size, 1024, 512 * size, 1 + 40 * (size % 2), gpu, gpus, batch, 1, 500),
                 strict=True))
        for size in (2, 5, 8) for gpu in ("H100", "B200") for gpus in (1, 8) for batch in (1, 16)
    ]  # fmt: skip
    write(tmp_path / "diffusion.csv", rows)
    true = {name: mean + 0.4 * sd for name, (mean, sd) in diffusion.PRIORS.items()}
    joules = energy(diffusion.points(tmp_path / "diffusion.csv").setup, true).tolist()
    write(tmp_path / "diffusion.csv", [row | {"joule_each": one} for row, one in zip(rows, joules, strict=True)])
    monkeypatch.setattr(diffusion, "STRENGTH", 1e-3)
    found = diffusion.points(tmp_path / "diffusion.csv")
    assert energy(found.setup, diffusion.factors(found)).tolist() == pytest.approx(joules, rel=0.01)
    assert diffusion.fit(found).ranges["steps"] == (22, 28)


def write(file: Path, rows: list[dict[str, Any]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
