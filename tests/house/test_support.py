"""What docs/support.md promises: the table of versions, warnings of their own, a log that nobody has to see."""

from __future__ import annotations

import logging
import platform
import re
import subprocess
import sys
import warnings
from importlib import metadata
from pathlib import Path

import numpy
import pytest

import lca
from lca.sampling.plan import UNIT

PAGE = (Path(__file__).parents[2] / "docs" / "support.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```(?:\s*```\n(.*?)```)?", PAGE, re.DOTALL)


@pytest.mark.parametrize("block", range(len(BLOCKS)))
def test_a_block_of_the_page_runs_and_prints_what_is_shown(block: int) -> None:
    code, shown = BLOCKS[block]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip()
    assert not shown or done.stdout.split() == shown.split()


def test_the_table_of_versions_says_what_is_there_and_what_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    real = metadata.version

    def version(name: str) -> str:
        if name == "pooch":
            raise metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr("lca.installed.metadata.version", version)
    monkeypatch.setattr("lca.installed.metadata.requires", lambda _: [
        "numpy>=2.2", 'pooch>=1.8; extra == "data"', 'lca[onnx]; extra == "all"', 'ruff>=0.9; extra == "test"',
        'numpy>=9; extra == "zarr"',
    ])  # fmt: skip
    found = lca.versions()
    assert found.index[:5].tolist() == ["lca", "Python", "system", "numpy", "pooch"]
    assert found.loc["Python", "version"] == platform.python_version()
    assert found.loc["numpy"].tolist() == [numpy.__version__, ">=2.2", "every use"]
    assert found.loc["pooch"].tolist() == ["not installed", ">=1.8", "extra data"]
    assert found.loc["electricity", "used for"] == "data"
    assert "ruff" not in found.index


def test_show_versions_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert lca.show_versions() is None
    assert capsys.readouterr().out == f"{lca.versions()}\n"


def test_warnings_of_the_library_can_be_told_from_those_of_others() -> None:
    """U1: a filter of `lca.LcaWarning` takes the categories that the page names, and they are `UserWarning`s."""
    named = re.findall(r"^\| `lca\.errors\.(\w+)`", PAGE, re.MULTILINE)
    kinds = {name for name, kind in vars(lca.errors).items() if isinstance(kind, type) and issubclass(kind, Warning)}
    assert sorted(named) == sorted(kinds - {"LcaWarning"})
    assert issubclass(lca.LcaWarning, UserWarning)
    with warnings.catch_warnings():
        warnings.simplefilter("error", lca.LcaWarning)
        for name in named:
            with pytest.raises(lca.LcaWarning):
                warnings.warn("said", getattr(lca.errors, name), stacklevel=1)


def test_the_log_says_which_evaluator_does_a_run(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="lca"):
        lca.monte_carlo(lca.parameter("x", lca.Uniform("1 kWh", "2 kWh")), draws=10, progress=False)
    said = {(one.name, one.levelname, one.getMessage()) for one in caplog.records}
    assert ("lca.sampling.by_counts", "DEBUG", "evaluator numpy for 80 operations") in said


def test_the_log_says_how_many_draws_a_checkpoint_gave(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    """U7: the second run takes all whole units of the first."""
    x = lca.parameter("x", lca.Uniform("1 kWh", "2 kWh"))
    for draws in (UNIT, UNIT + 10):
        with caplog.at_level(logging.INFO, logger="lca"):
            lca.monte_carlo(x, draws=draws, progress=False, checkpoint=tmp_path / "kept")
    (one,) = (one for one in caplog.records if one.name == "lca.sampling.checkpoint")
    assert one.getMessage() == f"{UNIT} of {UNIT + 10} draws are taken from {tmp_path / 'kept'}"


def test_without_a_logger_of_ones_own_nothing_is_shown() -> None:
    code = "import logging, lca; logging.getLogger('lca.sampling').warning('said')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout + done.stderr == ""
    assert any(isinstance(one, logging.NullHandler) for one in logging.getLogger("lca").handlers)
