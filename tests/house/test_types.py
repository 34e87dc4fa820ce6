"""What an editor knows of the public names: what a field takes and gives, what a function returns, few `Any`."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("mypy")
ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))
try:
    import code_size
finally:
    sys.path.pop(0)

MOST_ANY = 10.0  # per 1,000 code lines
MOST_IGNORES = 13
#: Names that stand for `Any`: a value of a formula in one of four readings, and the same without the graph.
ALIASES = ["Native", "Value"]

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
reveal_type(lca.Part("board", embodied="5 kg CO2e").fixed)
reveal_type(lca.Part("board", embodied="5 kg CO2e").contents)
reveal_type(lca.Electricity.lookup("FR", 2023).categories)
reveal_type(training.replaced(name="other"))
reveal_type(lca.Deployment("robots", start=2024, period="5 year", active="8 h/day").load)
reveal_type(lca.search("hardware"))
lca.Normal({}, "1 W")
lca.Hardware("desk", embodied="5 kg CO2e", lifetime=None)
lca.Hardware("desk", embodie="5 kg CO2e")
lca.Deployment("robots", start=2024)
"""


def test_a_type_checker_knows_fields_and_what_is_read_from_them(tmp_path: Path) -> None:
    path = tmp_path / "script.py"
    path.write_text(TEXT, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", str(path)]  # strict as pyproject.toml says, and with the cache of that
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    revealed = [re.sub(r"[a-z_]+\.(?=\w)", "", name) for name in re.findall(r'Revealed type is "([^"]+)"', printed)]
    assert revealed == [
        "Training", "Node", "Node", "Node | None", "Result", "Reading", "Table",
        "Node | None", "frozenset[str]", "Mapping[str, Node]", "Training", "Node | None", "Table",
    ]  # fmt: skip
    assert 'did you mean "embodied"?' in printed
    assert 'Missing named argument "period" for "Deployment"' in printed
    assert 'Argument 1 to "Normal" has incompatible type "dict' in printed
    assert 'Argument "lifetime" to "Hardware" has incompatible type "None"' in printed


def test_few_names_are_of_any_type() -> None:
    """`Any` says nothing to an editor, and neither does a name that stands for it, nor an error that is ignored."""
    sizes = code_size.sizes_in(ROOT / "lca")
    assert sum(sizes.values(), code_size.Size()).any_rate < MOST_ANY
    texts = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "lca").rglob("*.py")))
    assert sorted(re.findall(r"^(\w+)(?:: TypeAlias)? = Any$", texts, re.MULTILINE)) == ALIASES
    assert 0 < texts.count("type: ignore[") <= MOST_IGNORES
