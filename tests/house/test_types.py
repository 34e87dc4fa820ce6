"""What an editor knows of the public names: fields that a component needs, and that a field read from it is a Node."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("mypy")

TEXT = """
import lca

training = lca.Training("run", energy="5 kWh at_wall")
reveal_type(training)
reveal_type(training.energy)
reveal_type(training.energy * 2)
reveal_type(training.power)
reveal_type(lca.monte_carlo(training.energy))
reveal_type(lca.Meter("plug", at="wall").read(5, "W"))
reveal_type(lca.summary(lca.nominal(training.energy)))
lca.Hardware("desk", embodie="5 kg CO2e")
lca.Deployment("robots", start=2024)
"""


def test_a_type_checker_knows_fields_and_what_is_read_from_them(tmp_path: Path) -> None:
    path = tmp_path / "script.py"
    path.write_text(TEXT, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), str(path)]
    root = Path(__file__).parents[2]
    printed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False).stdout
    revealed = [name.rpartition(".")[2] for name in re.findall(r'Revealed type is "([^"]+)"', printed)]
    assert revealed == ["Training", "Node", "Node", "Node | None", "Result", "Reading", "Table"]
    assert 'did you mean "embodied"?' in printed
    assert 'Missing named argument "period" for "Deployment"' in printed
