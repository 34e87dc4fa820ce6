"""docs/engines.md: its first example runs, and what it says of graphs and names is so."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import onnx_graphs
import pytest

import lca
from lca.errors import EngineError

PAGE = (Path(__file__).parents[2] / "docs" / "engines.md").read_text(encoding="utf-8")


def test_the_first_example_runs() -> None:
    code = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[0]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "docs/engines.md", "exec"), {})
    assert "4 images: (Port(name='data_0', shape=(4, 3, 224, 224)" in printed.getvalue()


def test_the_error_that_is_shown_is_the_one_that_is_raised() -> None:
    with pytest.raises(EngineError) as raised:
        lca.engines.OnnxRuntime(onnx_graphs.RESNET, batch=2)
    assert str(raised.value).replace(str(onnx_graphs.RESNET), "light_resnet50.onnx") in PAGE


def test_the_methods_that_are_listed_are_those_of_the_protocol() -> None:
    line = next(line for line in PAGE.splitlines() if line.startswith("Both have"))
    named = re.findall(r"`(\w+)`", line)
    assert set(named) == {name for name in vars(lca.engines.Engine) if not name.startswith("_")}
