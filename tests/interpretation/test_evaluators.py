"""Which evaluator made a result is asked for, recorded, and taken again (U7)."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from example_study import study

import lca
from lca.errors import DomainError, FileFormatError, MissingError
from lca.sampling import by_counts
from lca.sampling.plan import UNIT


def drawn(thing: Any, **rest: Any) -> lca.Result:
    return lca.monte_carlo(thing, progress=False, **rest)


def without_numba(patch: pytest.MonkeyPatch) -> None:
    def lacks(name: str) -> Any:
        raise ImportError(f"No module named {name!r}")

    patch.setattr(by_counts, "import_module", lacks)


def test_u7_a_study_has_the_same_bits_by_both() -> None:
    one, other = (drawn(study(), draws=500, evaluator=name) for name in ("numpy", "numba"))
    assert (one.evaluator, other.evaluator) == ("numpy", "numba")
    assert one.data.equals(other.data)


@pytest.mark.parametrize("keep", ["draws", "summary"])
def test_u7_a_result_of_numba_is_run_again_by_numba(keep: str, tmp_path: Path) -> None:
    made = drawn(study(), draws=20_000, keep=keep, details=False, evaluator="numba")
    again, table = lca.rerun(lca.save(made, tmp_path / "made.lca"))
    assert again.evaluator == "numba"
    assert table["identical"].all()
    says = {"draws": "", "summary": "; from the first 16,384 of 20,000 draws: means of per/inference"}
    assert table.attrs["note"] == f"all versions are those of the saved result{says[keep]}"


def test_u7_without_numba_numpy_runs_it_again_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    growth = lca.functions.exp(lca.parameter("rate", lca.Normal(0.1, 0.02)))
    path = lca.save(drawn({"growth": growth}, draws=2_000, evaluator="numba"), tmp_path / "made.lca")
    without_numba(monkeypatch)
    again, table = lca.rerun(path)
    assert again.evaluator == "numpy"
    assert table["relative"].max() < 1e-12
    assert table.attrs["note"].startswith("evaluator: numba then, numpy now")


def test_numba_that_is_not_there_is_asked_for_in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    without_numba(monkeypatch)
    with pytest.raises(MissingError, match=r"numba cannot be loaded(.|\n)*pip install 'lca\[fast\]'"):
        drawn(study(), draws=100, evaluator="numba")
    assert drawn(study(), draws=100).evaluator == "numpy"
    with pytest.raises(DomainError, match="'fortran'"):
        drawn(study(), draws=100, evaluator="fortran")


def test_u7_a_checkpoint_goes_on_by_the_same_evaluator(tmp_path: Path) -> None:
    node = {"x": lca.parameter("x", lca.Normal(1, 1)) * 2}
    drawn(node, draws=UNIT, evaluator="numpy", checkpoint=tmp_path / "half")
    with pytest.raises(FileFormatError, match="evaluator: numpy in the checkpoint, numba now"):
        drawn(node, draws=2 * UNIT, evaluator="numba", checkpoint=tmp_path / "half")


def test_u7_processes_evaluate_as_they_are_told() -> None:
    node = {"x": lca.parameter("x", lca.Normal(1, 1)) * 2}
    with ProcessPoolExecutor(1) as executor:
        far = drawn(node, draws=UNIT + 5, evaluator="numba", executor=executor)
    assert np.array_equal(far.data["x"], drawn(node, draws=UNIT + 5, evaluator="numpy").data["x"])
