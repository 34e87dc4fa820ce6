"""The lab's ten engines ranked with one error of the meter and with an error of each, as docs/lab.md shows it."""

from __future__ import annotations

import importlib.util
import math
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from scipy import integrate, stats

import lca

ROOT = Path(__file__).parents[2]
PAGE = (
    (ROOT / "docs" / "lab.md").read_text(encoding="utf-8").partition("## Which engine is best")[2].partition("\n## ")[0]
)
DRAWS = 10_000


def load() -> ModuleType:
    """examples/ranking.py by its path: the examples are no package."""
    spec = importlib.util.spec_from_file_location("ranking_under_test", ROOT / "examples" / "ranking.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


example = load()


@pytest.fixture(scope="module")
def results() -> dict[str, lca.Result]:
    return dict(example.both(DRAWS))


def test_u10_the_page_shows_the_ranking_that_is_computed(results: dict[str, lca.Result]) -> None:
    """U10: an error that all share cancels in every order, an error of each does not."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| s")
    ]
    expected = []
    for engine, row in example.table(results).iterrows():
        cells = [
            cell
            for name in ("shared", "own")
            for cell in (f"{row[name, 'best']:.2f}", row[name, "letters"], f"{row[name, 'expected_loss']:.1f}")
        ]
        expected.append([engine, *cells])
    assert rows == expected
    assert [row[2] for row in rows] == list("abcdefghij")
    assert {row[5] for row in rows} == {"a"}, "one group: no pair is told apart"


def test_the_probabilities_of_the_page_follow_from_normals(results: dict[str, lca.Result]) -> None:
    """0.89 against the second, 0.765 against all nine: independent normals of 10 %, by integration."""
    middle = example.JOULES.to_numpy()
    sd = 0.1 * middle
    second = stats.norm.cdf((middle[1] - middle[0]) / math.hypot(sd[0], sd[1]))
    assert f"{math.hypot(sd[0], sd[1]):.3f} J" in PAGE
    assert f"{second:.2f}" == "0.89"
    all_nine, _ = integrate.quad(
        lambda x: stats.norm.pdf(x, middle[0], sd[0]) * np.prod(stats.norm.sf(x, middle[1:], sd[1:])), 0.2, 0.6
    )
    assert f"{all_nine:.3f}" in PAGE
    largest = (math.log(middle[-1]) - math.log(middle[0])) / math.hypot(0.1, 0.1)
    needed = stats.studentized_range.ppf(0.9, 10, np.inf) / math.sqrt(2)
    assert (f"{largest:.1f}", f"{needed:.1f}") == ("2.5", "2.9")
    assert "2.5 standard uncertainties, and 45 pairs at once ask for 2.9" in " ".join(PAGE.split())
    best = lca.compare(results["own"], over="engine")["best"].iloc[0]
    assert best == pytest.approx(all_nine, abs=4 * math.sqrt(all_nine * (1 - all_nine) / DRAWS))


def test_the_effects_of_the_page(results: dict[str, lca.Result]) -> None:
    """By hand: FP32 over FP16 is sqrt(0.524 / 0.386 x 0.552 / 0.461), batch 1 over 2 the fourth root of four ratios."""
    precision = math.sqrt(0.524 / 0.386 * 0.552 / 0.461)
    batch = (0.461 / 0.386 * 0.494 / 0.489 * 0.501 / 0.479 * 0.552 / 0.524) ** 0.25
    for of, factor in (("precision", precision), ("batch", batch)):
        found = {name: lca.effect(result, of=of, over="engine").iloc[0] for name, result in results.items()}
        assert found["shared"]["ratio_p50"] == pytest.approx(factor, rel=1e-9)
        assert f"{factor:.2f} times" in PAGE
        assert f"{found['own']['ratio_p5']:.2f} to {found['own']['ratio_p95']:.2f}" in re.sub(r"\s+", " ", PAGE)


@pytest.mark.slow
def test_the_example_prints_and_draws(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "ranking.py"), "--draws", "500", "--out", "out"],
        capture_output=True, text=True, cwd=tmp_path, timeout=90,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "MPLCONFIGDIR": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    assert re.search(r"^sp_resnet18_2_120_392_FP16_seq_4 +1\.00 +a +0\.0 +0\.7\d +a ", done.stdout, re.MULTILINE)
    assert "precision FP32 against FP16, 2 pairs, shared error: 1.27 (1.27 to 1.27)" in done.stdout
    assert (tmp_path / "out" / "differences.svg").stat().st_size > 10_000
