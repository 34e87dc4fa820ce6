"""A run without progress says nothing on the terminal, whoever works for it."""

from __future__ import annotations

import pytest

import lca
from lca.sampling import numba_kernel
from lca.sampling.telling import may_tell


def test_a_run_without_progress_is_silent_while_numba_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[bool] = []
    real = numba_kernel.run
    monkeypatch.setattr(numba_kernel, "run", lambda *given: (said.append(may_tell()), real(*given))[1])
    for progress in (True, False):
        lca.monte_carlo(
            lca.parameter("x", lca.Normal(1.0, 0.1)), draws=10, evaluator="numba", progress=progress, keep="summary"
        )
    assert said == [True] * (len(said) // 2) + [False] * (len(said) // 2)
