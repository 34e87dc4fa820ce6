"""A Python that has Brightway: this one, or that of BRIGHTWAY_PYTHON."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PYTHON = os.environ.get("BRIGHTWAY_PYTHON", sys.executable)


def by_brightway(*arguments: object, **variables: str) -> str:
    """The last line that it prints; skips the test where there is no Brightway."""
    if subprocess.run([PYTHON, "-c", "import bw2io, bw2calc"], capture_output=True, check=False).returncode:
        pytest.skip("needs bw2io and bw2calc in this Python, or in that of BRIGHTWAY_PYTHON")
    done = subprocess.run(
        [PYTHON, *map(str, arguments)], capture_output=True, text=True, check=True, env={**os.environ, **variables}
    )
    return done.stdout.splitlines()[-1]
