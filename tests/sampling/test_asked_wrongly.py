"""Odd arguments of a run: an error that says what to write, never one of Python and never a silent number (Q4)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import lca
from lca.errors import DomainError, FileFormatError, LcaError, MissingError
from lca.kept import kept

X = lca.parameter("x", lca.Normal("3 kWh at_wall", "1 kWh at_wall"))
ODD: list[tuple[dict[str, Any], type[LcaError], str]] = [
    ({"draws": 1 << 62, "keep": "draws"}, DomainError, "which this machine does not give"),
    ({"draws": 1 << 33, "design": "sobol"}, DomainError, "at most 4,294,967,296"),
    ({"checkpoint": ""}, FileFormatError, "names no folder"),
    ({"checkpoint": " "}, FileFormatError, "names no folder"),
    ({"checkpoint": "a\0b"}, FileFormatError, "cannot be written"),
    ({"checkpoint": "x" * 300}, FileFormatError, "cannot be written"),
    ({"until": "5 %", "evaluator": "none"}, DomainError, "no evaluator 'none'"),
    ({"until": {"p\u0663": "5 %"}}, DomainError, "not a statistic"),  # a digit of another script
    ({"draws": 100, "over": ["nothing"]}, MissingError, "no alternatives over 'nothing'"),
    ({"draws": 100, "per": ["nothing"]}, MissingError, "nothing is known per 'nothing'"),
]


@pytest.mark.parametrize(("given", "error", "words"), ODD)
def test_q4_an_odd_argument_is_an_error(
    given: dict[str, Any], error: type[LcaError], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=words) as raised:
        lca.monte_carlo(X, progress=False, **given)
    assert raised.value.where
    assert raised.value.fix
    assert not list(tmp_path.iterdir())


def test_u7_a_run_until_an_error_is_met_records_its_evaluator() -> None:
    """It takes NumPy unless it is told, at any number of operations, so that `rerun` takes the same one."""
    made = {word: lca.monte_carlo(X, until="5 %", evaluator=word, progress=False) for word in ("auto", "numba")}
    assert {word: one.evaluator for word, one in made.items()} == {"auto": "numpy", "numba": "numba"}
    assert (made["auto"].data["value"] == made["numba"].data["value"]).all()


def test_u7_a_saved_run_until_an_error_is_met_runs_again_by_the_same_evaluator(tmp_path: Path) -> None:
    made = lca.monte_carlo(X, until="5 %", evaluator="numba", progress=False)
    again, table = lca.rerun(lca.save(made, tmp_path / "x.lca"))
    assert again.evaluator == "numba"
    assert table["identical"].all()


@pytest.mark.parametrize("draws", [1, 2, 3])
def test_u12_a_summary_of_few_draws_is_that_of_the_draws(draws: int) -> None:
    made = [lca.monte_carlo(X, draws=draws, keep=keep, progress=False) for keep in ("draws", "summary")]
    means = [lca.summary(one)["mean"].tolist() for one in made]
    assert means[0] == pytest.approx(means[1], rel=1e-12)


class LetGo(dict[Any, int]):
    """A store of which another thread lets everything go right after a look."""

    def __contains__(self, key: object) -> bool:
        found = super().__contains__(key)
        self.clear()
        return found


def test_what_another_thread_lets_go_is_no_error() -> None:
    store = LetGo(a=1)
    assert kept(store, "a", 1, lambda: 2) == 1
    assert kept(store, "b", 1, lambda: 3) == 3
