"""Classes of the catalogue that come from bills of parts: their rows are what the bills give, widened (A10)."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest

import lca
from lca.hardware.component_factors import rows_of

PAGE = Path(__file__).parents[2] / "docs" / "hardware.md"
DRAWS, SIGMA = 20_000, 1.6449  # 5 and 95 % of a normal distribution
WIDENED = math.log(1.5)
MODULES = {
    "class-edge-module": ["jetson-nano", "jetson-tx2", "jetson-xavier-nx-8gb", "jetson-orin-nano-8gb",
                          "jetson-orin-nx-16gb"],
    "class-edge-module-large": ["jetson-agx-xavier-16gb", "jetson-agx-xavier-32gb", "jetson-agx-orin-32gb",
                                "jetson-agx-orin-64gb"],
}  # fmt: skip


def tower() -> list[lca.Hardware]:
    """The bill that docs/hardware.md shows."""
    block = next(
        text for text in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL) if "my tower" in text
    )
    names: dict[str, object] = {}
    exec(block.partition("\nprint")[0], names)
    made = names["tower"]
    assert isinstance(made, lca.Hardware)
    return [made]


def board_computer() -> list[lca.Hardware]:
    parts = [
        lca.Die("SoC", area=lca.Lognormal("90 mm^2", 1.5), node="16 nm", method="good area"),
        lca.Memory("memory", capacity=lca.Lognormal("4 GB", 1.7), kind="lpddr"),
        lca.Board("board", area="48 cm^2"),
        lca.Passives("passives", area="48 cm^2"),
        lca.Part("connectors", embodied=lca.Lognormal("0.6 kg CO2e", 1.8), contents="board"),
        lca.Assembly("assembly", mass="0.046 kg"),
    ]
    return [lca.Hardware.from_parts("board computer", parts, lifetime="5 year")]


def bills(name: str) -> list[lca.Hardware]:
    if name in MODULES:
        return [lca.Hardware.lookup(one, method="parts") for one in MODULES[name]]
    return {"workstation-tower": tower, "single-board-computer": board_computer}[name]()


def widened(end: float, middle: float) -> float:
    """An end of 90 % about a median, with a gsd of 1.5 beside what the draws have on that side."""
    own = math.log(end / middle) / SIGMA
    return middle * math.exp(math.copysign(SIGMA * math.hypot(own, WIDENED), own))


@pytest.mark.parametrize("name", [*MODULES, "workstation-tower", "single-board-computer"])
def test_the_row_of_a_class_is_what_bills_of_parts_give(name: str) -> None:
    """Medians within 3 %, ends within 6 %: rounding to two digits, and four standard errors of 20,000 draws."""
    made = {str(i): one.embodied for i, one in enumerate(bills(name))}
    data = lca.monte_carlo(made, draws=DRAWS, progress=False).data
    draws = np.concatenate([data[one].to_numpy().ravel() for one in made])
    low, middle, high = np.quantile(draws, [0.05, 0.5, 0.95])
    row = next(row for row in rows_of("published_footprints") if row["hardware"] == name)
    assert row["value"] == pytest.approx(middle, rel=0.03)
    assert row["low"] == pytest.approx(widened(low, middle), rel=0.06)
    assert row["high"] == pytest.approx(widened(high, middle), rel=0.06)
    assert row["status"] == "assumed"
    contents = set().union(*(one.contents for one in bills(name)))
    assert set(row.text("contents").split()) == contents
