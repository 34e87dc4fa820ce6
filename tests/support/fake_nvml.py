"""What stands for the module of NVML: one card, which may lack some of its functions."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


class Refused(Exception):
    """What the module raises."""


class FakeNvml:
    """What stands for pynvml: one card, which may lack some of its functions."""

    NVMLError = Refused

    def __init__(self, *lacking: str, joules: int = 5_000_000, milliwatts: int = 71_500) -> None:
        self.lacking, self.joules, self.milliwatts, self.started = lacking, joules, milliwatts, 0
        self.limit, self.divided = 70_000, False

    @contextmanager
    def _asked(self, what: str) -> Iterator[None]:
        if what in self.lacking:
            raise Refused("Not Supported")
        yield

    def use(self, joules: float) -> None:
        """Let the counter go on."""
        self.joules += round(1e3 * joules)

    def nvmlInit(self) -> None:
        with self._asked("driver"):
            self.started += 1

    def nvmlShutdown(self) -> None:
        self.started -= 1

    def nvmlDeviceGetHandleByIndex(self, index: int) -> object:
        if index > 0:
            raise Refused("Invalid Argument")
        return "card"

    def nvmlDeviceGetName(self, handle: object) -> str:
        return "Tesla T4"

    def nvmlDeviceGetTotalEnergyConsumption(self, handle: object) -> int:
        with self._asked("energy"):
            return self.joules

    def nvmlDeviceGetPowerUsage(self, handle: object) -> int:
        with self._asked("power"):
            return self.milliwatts

    def nvmlDeviceGetEnforcedPowerLimit(self, handle: object) -> int:
        with self._asked("limit"):
            return self.limit

    def nvmlDeviceGetMigMode(self, handle: object) -> list[int]:
        with self._asked("mig"):
            return [int(self.divided), 0]

    def nvmlDeviceGetCount(self) -> int:
        return 1

    def nvmlDeviceGetTemperature(self, handle: object, sensor: int) -> int:
        with self._asked("temperature"):
            return 54

    def nvmlDeviceGetClockInfo(self, handle: object, kind: int) -> int:
        with self._asked("clock"):
            return 1590


def card_of(monkeypatch: pytest.MonkeyPatch, *lacking: str, **shown: int) -> FakeNvml:
    """The card that `pynvml` finds then."""
    card = FakeNvml(*lacking, **shown)
    monkeypatch.setitem(sys.modules, "pynvml", card)
    return card
