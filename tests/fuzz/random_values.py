"""Random values for specs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

Spec = dict[str, Any]
_LABELS = {"net": ("detector", "descriptor"), "loc": ("hall", "yard"), "model": ("resnet", "vgg", "vit"),
           "comp": ("board", "case"), "eng": ("fp16", "fp32", "int8"),
           "est": ("vendor", "class")}  # fmt: skip


class Dice:
    """A seeded source of choices."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def pick(self, *options: Any) -> Any:
        return options[self.random.randrange(len(options))]

    def some(self, *options: Any, chance: float) -> list[Any]:
        return [option for option in options if self.chance(chance)]

    def number(self, low: float, high: float) -> float:
        return float(f"{self.random.uniform(low, high):.4g}")

    def given(self, low: float, high: float, family: str = "") -> Any:
        """A number, or a distribution that lies between the bounds as far as its family has any."""
        if self.chance(0.4):
            return self.number(low, high)
        a, b, c = sorted(self.number(low, high) for _ in range(3))
        if not a < b < c:
            return a
        families = {
            "uniform": ["uniform", a, c], "triangular": ["triangular", a, b, c], "pert": ["pert", a, b, c],
            "normal": ["normal", b, float(f"{0.04 * b:.3g}")], "lognormal": ["lognormal", b, 1.3],
            "split": ["split", 0.8 * b, b, 1.5 * b], "data": ["data", a, b, c, (a + c) / 2],
        }  # fmt: skip
        bounded = ("uniform", "triangular", "pert")
        families = {name: [one if isinstance(one, str) else float(f"{one:.6g}") for one in made]
                    for name, made in families.items()}  # fmt: skip
        return families[(family and self.pick(family, *bounded)) or self.pick(*families)]

    def value(self, unit: str, low: float, high: float, *, dim: str | None = None, family: str = "") -> Spec:
        """A value between bounds, by label where a dim is named; `family` keeps it within the bounds."""
        if dim is None:
            return {"u": unit, "v": self.given(low, high, family)}
        made = {"u": unit, "dim": dim, "v": {label: self.given(low, high, family) for label in _LABELS[dim]}}
        return made | ({"shared": True} if self.chance(0.2) else {})

    def by_year(self, unit: str, low: float, high: float, years: Sequence[int]) -> Spec:
        return {"u": unit, "dim": "year", "v": {year: self.given(low, high, "uniform") for year in years}}

    def reading(self, value: Spec) -> Spec:
        """The same value as read by the meter: numbers."""
        from .values import nominal_of

        held = value["v"]
        numbers = {k: nominal_of(v) for k, v in held.items()} if "dim" in value else nominal_of(held)
        return {key: one for key, one in value.items() if key != "shared"} | {"v": numbers, "meter": "meter"}
