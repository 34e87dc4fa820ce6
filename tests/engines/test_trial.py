"""What a module of TensorRT says without a device, asked in a process of its own that may die."""

from __future__ import annotations

from pathlib import Path

import pytest

from lca.engines.tensor_rt.trial import words_of

MODULE = """
import os, signal

class ILogger:
    pass

class Level:
    name = "ERROR"

class Hollow:
    def deserialize_cuda_engine(self, plan):
        self.log.log(Level, f"Error Code 1: {plan.decode()} cannot be read")
        os.kill(os.getpid(), signal.SIGSEGV)

def Runtime(log):
    made = Hollow()
    made.log = log
    log.log(Level, "Error Code 6: CUDA initialization failure")
    return made
"""


def test_its_errors_and_its_end_are_reported_and_this_process_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tensorrt_lean.py").write_text(MODULE)
    (tmp_path / "net.plan").write_bytes(b"a plan")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{Path(__file__).parents[2]}")
    assert words_of("tensorrt_lean", tmp_path / "net.plan") == [
        "tensorrt_lean: Error Code 6: CUDA initialization failure",
        "tensorrt_lean ended its process with signal 11",
    ]


def test_a_module_that_cannot_be_imported_says_nothing(tmp_path: Path) -> None:
    assert words_of("tensorrt_dispatch", tmp_path / "net.plan") == []


def test_a_python_that_cannot_be_started_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "no-python"))
    assert words_of("tensorrt_lean", tmp_path / "net.plan") == []
