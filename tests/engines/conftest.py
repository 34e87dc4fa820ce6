"""What stands in for CUDA and for TensorRT in these tests."""

from __future__ import annotations

import sys

import pytest
from fake_cuda import FakeCuda
from fake_tensor_rt import FakeTensorRT

from lca.engines.tensor_rt import tensor_rt


@pytest.fixture
def cuda(monkeypatch: pytest.MonkeyPatch) -> FakeCuda:
    """A CUDA with one device; nothing is asked of a process of its own."""
    fake = FakeCuda()
    monkeypatch.setitem(sys.modules, "cuda.bindings.runtime", fake)
    monkeypatch.setattr(tensor_rt, "words_of", lambda module, plan: [])
    return fake


@pytest.fixture
def trt(monkeypatch: pytest.MonkeyPatch) -> FakeTensorRT:
    """A module of TensorRT named "tensorrt"."""
    fake = FakeTensorRT()
    monkeypatch.setitem(sys.modules, "tensorrt", fake)
    return fake
