"""Meters that a program reads: scripts, RAPL in a tree of files, NVML with a module that stands for it (M5, M6)."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import lca
from lca.errors import DomainError, MeterError, NonFiniteError
from lca.meters import MachineClock, ScriptedClock, nvml, rapl, scripted
from lca.meters.protocol import LiveMeter

# --- scripts, and the clocks --------------------------------------------------------------------------------------


def test_a_scripted_meter_shows_what_its_script_says() -> None:
    clock = ScriptedClock()
    clock.wait(3.0)  # the script begins with the meter
    power = scripted(lambda t: 5 + t, clock=clock, at="wall", accuracy="1 %")
    counter = scripted(energy=lambda t: 5 * t, clock=clock)
    clock.wait(2.0)
    assert power.read() == (5.0, 7.0)
    assert counter.read() == (5.0, 10.0)
    assert (power.counts, counter.counts) == (False, True)
    assert (power.meter.at, power.meter.accuracy) == ("wall", "1 %")


def test_a_scripted_meter_is_renewed_and_wraps_as_it_is_told() -> None:
    clock = ScriptedClock()
    slow = scripted(energy=lambda t: 8 * t, update_period=0.375, clock=clock)
    narrow = scripted(energy=lambda t: 8 * t, wraps_at=4.0, clock=clock)
    shown = []
    for _ in range(10):
        clock.wait(0.125)
        shown.append((slow.read().value, narrow.read().value))
    assert [one for one, _ in shown] == [0, 0, 3, 3, 3, 6, 6, 6, 9, 9]
    assert [one for _, one in shown] == [1, 2, 3, 0, 1, 2, 3, 0, 1, 2]


def test_what_a_script_cannot_be() -> None:
    for wrong in ({}, {"power": 3.0, "energy": float}):
        with pytest.raises(DomainError, match="one of the two"):
            scripted(**wrong)
    with pytest.raises(DomainError, match="does not begin again"):
        scripted(3.0, wraps_at=5.0)
    with pytest.raises(DomainError):
        scripted(3.0, update_period=0)
    for odd, error in ((-3.0, DomainError), (float("nan"), NonFiniteError)):
        with pytest.raises(error):
            scripted(lambda t, odd=odd: odd).read()


def test_a_scripted_clock_calls_on_the_way_and_never_goes_back() -> None:
    clock, seen = ScriptedClock(), []
    stop = clock.every(0.5, lambda: seen.append(("a", clock.now())))
    clock.every(0.7, lambda: seen.append(("b", clock.now())))
    clock.wait(1.4)
    assert seen == [("a", 0.5), ("b", 0.7), ("a", 1.0), ("b", pytest.approx(1.4))]
    stop()
    clock.wait(0.2)
    assert len(seen) == 4
    assert clock.now() == pytest.approx(1.6)
    with pytest.raises(DomainError):
        clock.wait(-0.1)


def test_the_clock_of_the_machine_calls_in_a_thread_until_it_is_stopped() -> None:
    clock, seen = MachineClock(), []
    before = threading.active_count()
    stop = clock.every(0.005, lambda: seen.append(threading.current_thread().name))
    start = clock.now()
    clock.wait(0.1)
    stop()
    count = len(seen)
    assert 0.1 <= clock.now() - start < 5
    assert 2 <= count <= 20
    assert set(seen) == {"lca-meter"}
    time.sleep(0.02)
    assert len(seen) == count
    assert threading.active_count() == before


# --- RAPL -----------------------------------------------------------------------------------------------------------


class Tree:
    """A powercap tree with counters in microjoules."""

    def __init__(self, root: Path, zones: dict[str, tuple[str, int]], limit: int = 1_000_000_000) -> None:
        self.root = root
        for path, (name, shown) in zones.items():
            (root / path).mkdir(parents=True)
            for file, text in (("name", name), ("max_energy_range_uj", limit), ("energy_uj", shown)):
                (root / path / file).write_text(f"{text}\n")

    def show(self, path: str, shown: object) -> None:
        (self.root / path / "energy_uj").write_text(f"{shown}\n")


SERVER = {
    "intel-rapl:0": ("package-0", 900_000_000), "intel-rapl:0/intel-rapl:0:0": ("core", 5),
    "intel-rapl:0:0": ("core", 5), "intel-rapl:0/intel-rapl:0:1": ("dram", 7_000_000),
    "intel-rapl:1": ("package-1", 10_000_000),
    "intel-rapl:2": ("psys", 50_000_000), "intel-rapl-mmio:0": ("package-0", 1),
}  # fmt: skip


def test_a2_packages_are_added_once_and_the_platform_is_not_added_to_them(tmp_path: Path) -> None:
    """A2, M4: two sockets; psys and the same package in intel-rapl-mmio stay out."""
    tree = Tree(tmp_path, SERVER)
    meter = rapl(tmp_path)
    assert isinstance(meter, LiveMeter)
    assert (meter.meter.at, meter.meter.status, meter.counts) == ("component", "assumed", True)
    assert meter.read().value == 0
    tree.show("intel-rapl:0", 903_000_000)
    tree.show("intel-rapl:1", 14_000_000)
    tree.show("intel-rapl:2", 99_000_000)
    assert meter.read().value == pytest.approx(7.0, rel=1e-12)
    assert rapl(tmp_path, domain="platform").meter.at == "board"
    assert len(rapl(tmp_path, domain="cores").zones) == 1


def test_m5_a_zone_wraps_by_itself(tmp_path: Path) -> None:
    """M5: at max_energy_range_uj, each zone at its own time."""
    tree = Tree(tmp_path, SERVER)
    meter = rapl(tmp_path)
    for shown, total in ((990_000_000, 90.0), (20_000_000, 120.0), (30_000_000, 130.0)):
        tree.show("intel-rapl:0", shown)
        assert meter.read().value == pytest.approx(total, rel=1e-12)


def test_m6_a_counter_that_may_not_be_read_says_how_to_allow_it(tmp_path: Path, monkeypatch: Any) -> None:
    """M6: root reads every file, so the refusal of the system is put in its place."""
    Tree(tmp_path, SERVER)
    read_text = Path.read_text

    def refusing(path: Path, *args: Any, **kwargs: Any) -> str:
        if path.name == "energy_uj":
            raise PermissionError(13, "Permission denied")
        return read_text(path, *args, **kwargs)

    monkeypatch.setattr(Path, "read_text", refusing)
    with pytest.raises(MeterError, match="may not be read") as raised:
        rapl(tmp_path)
    assert f"sudo chmod a+r {tmp_path}/intel-rapl:0/energy_uj" in raised.value.fix


def test_m6_a_machine_without_counters_and_a_file_without_a_number(tmp_path: Path) -> None:
    with pytest.raises(MeterError, match="no energy counter of the package"):
        rapl(tmp_path / "nowhere")
    tree = Tree(tmp_path, {"intel-rapl:0": ("dram", 5)})
    with pytest.raises(MeterError) as raised:
        rapl(tmp_path)
    assert raised.value.sides == ("it has: dram",)
    meter = rapl(tmp_path, domain="dram")
    tree.show("intel-rapl:0", "N/A")
    with pytest.raises(MeterError, match="it holds 'N/A'"):
        meter.read()
    (tmp_path / "intel-rapl:0" / "energy_uj").unlink()
    with pytest.raises(MeterError, match="cannot be read"):
        meter.read()
    with pytest.raises(DomainError, match="domain"):
        rapl(tmp_path, domain="gpu")


def test_rapl_of_this_machine_counts() -> None:
    """For real, where the machine shows its counters to this user."""
    try:
        meter = rapl()
    except MeterError as error:
        pytest.skip(f"no RAPL here: {error.what}")
    first = meter.read()
    time.sleep(0.2)
    second = meter.read()
    assert 0.1 < (second.value - first.value) / (second.time - first.time) < 2000


# --- NVML -----------------------------------------------------------------------------------------------------------


def card_of(monkeypatch: pytest.MonkeyPatch, *lacking: str, **shown: int) -> FakeNvml:
    """The card that `pynvml` finds then."""
    card = FakeNvml(*lacking, **shown)
    monkeypatch.setitem(sys.modules, "pynvml", card)
    return card


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


def test_the_counter_of_a_card_in_joules_its_temperature_and_its_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    card = card_of(monkeypatch)
    meter = nvml()
    assert isinstance(meter, LiveMeter)
    assert meter.counts
    assert meter.read().value == 5000.0
    assert meter.conditions() == {"temperature (°C)": 54.0, "clock (MHz)": 1590.0}
    assert (meter.meter.name, meter.meter.at, meter.meter.accuracy) == ("Tesla T4 0", "component", "5 %")
    meter.close()
    meter.close()
    assert card.started == 0


def test_a_card_without_a_counter_shows_its_power(monkeypatch: pytest.MonkeyPatch) -> None:
    for lacking, shown in ((("energy", "temperature", "clock"), {}), ((), {"joules": 0})):
        card_of(monkeypatch, *lacking, **shown)
        meter = nvml()
        assert not meter.counts
        assert meter.read().value == 71.5
    card_of(monkeypatch, "temperature", "clock")
    assert nvml().conditions() == {}
    assert not nvml(counter=False).counts


@pytest.mark.parametrize(
    ("lacking", "options", "said"),
    [
        (("driver",), {}, "NVML does not start: Not Supported"),
        ((), {"index": 1}, "this card cannot be asked: Invalid Argument"),
        (("energy", "power"), {}, "the card shows no power: Not Supported"),
        (("energy",), {"counter": True}, "the card shows no energy: Not Supported"),
        ((), {"counter": False, "milliwatts": 0}, "the card shows no power: it shows 0"),
    ],
)
def test_m6_what_a_card_does_not_support_raises(
    lacking: tuple[str, ...], options: dict[str, Any], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = {name: number for name, number in options.items() if name == "milliwatts"}
    card = card_of(monkeypatch, *lacking, **shown)
    with pytest.raises(MeterError) as raised:
        nvml(**{name: given for name, given in options.items() if name not in shown})
    assert raised.value.what == said
    assert card.started == 0, "NVML is left again"


def test_a_card_that_is_lost_on_the_way_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    card = card_of(monkeypatch)
    meter = nvml()
    card.lacking = ("energy",)
    with pytest.raises(MeterError, match="shows no energy"):
        meter.read()


def test_without_the_package_of_nvml_the_extra_is_named(monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", None)
    with pytest.raises(MeterError, match="pynvml cannot be imported") as raised:
        lca.meters.nvml()
    assert "lca[nvidia]" in raised.value.fix
