"""Meters that a program reads: scripts, RAPL in a tree of files (M5, M6)."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path
from typing import Any

import pytest

import lca
from lca.errors import AccountingError, DomainError, MeasurementError, MeterError, NonFiniteError
from lca.meters import MachineClock, ScriptedClock, rapl, scripted
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
    assert (meter.read().value, meter.conditions(), meter.wraps_at) == (0, {}, None)
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


# --- counters that do not count, M12 ----------------------------------------------------------------------------------


def running(tree: Tree, clock: ScriptedClock, watts: dict[str, float]) -> None:
    """Let zones count with the clock, each at its own power."""
    shown = {path: int((tree.root / path / "energy_uj").read_text()) for path in watts}

    def on() -> None:
        for path, power in watts.items():
            shown[path] += round(power * 0.5e6)
            if (tree.root / path).exists():
                tree.show(path, shown[path] % 1_000_000_000)

    clock.every(0.5, on)


def test_m12_a_zone_that_stands_still_beside_others_is_named(tmp_path: Path) -> None:
    """Two sockets, of which one shows 10 J for ever: their sum would be that of one."""
    tree, clock = Tree(tmp_path, SERVER), ScriptedClock()
    running(tree, clock, {"intel-rapl:0": 80.0})
    with pytest.warns(UserWarning, match="stands still"), lca.measure(rapl(tmp_path, clock=clock)) as run:
        clock.wait(20)
    with pytest.raises(MeasurementError) as raised:
        run.energy()
    assert "shows 10 J" in raised.value.sides[0]
    assert run.log.span < 6


def test_m12_counters_that_never_move_have_no_energy(tmp_path: Path) -> None:
    """A virtual machine that shows zones without counting: refused after 5 s, and as zero before."""
    Tree(tmp_path, SERVER)
    clock = ScriptedClock()
    with lca.measure(rapl(tmp_path, clock=clock)) as short:
        clock.wait(3)
    with pytest.raises(AccountingError, match="0"):
        short.energy()
    with pytest.warns(UserWarning, match="stands still"), lca.measure(rapl(tmp_path, clock=clock)) as run:
        clock.wait(3600)
    with pytest.raises(MeasurementError):
        run.energy()


def test_m12_a_zone_that_vanishes_is_named_and_what_was_seen_is_kept(tmp_path: Path) -> None:
    tree, clock = Tree(tmp_path, SERVER), ScriptedClock()
    running(tree, clock, {"intel-rapl:0": 80.0, "intel-rapl:1": 40.0})
    meter = rapl(tmp_path, clock=clock)
    clock.every(10.25, lambda: shutil.rmtree(tmp_path / "intel-rapl:1", ignore_errors=True))
    with pytest.warns(UserWarning, match="cannot be read"), lca.measure(meter) as run:
        clock.wait(20)
    with pytest.raises(MeasurementError) as raised:
        run.energy()
    assert raised.value.sides[1] == "seen: the first 10 s"
    assert run.log.energy().about.amount == pytest.approx(10 * 120, rel=1e-6)
    assert any(note.startswith("no reading from 10.5 s to 20 s, tried 21 times") for note in run.notes)


def test_m12_a_counter_that_is_reset_is_no_wrap(tmp_path: Path) -> None:
    """A fall of 900 J to 0 in 0.5 s would be a wrap of 100 J of a range of 1 kJ, but of 261 kJ of a real one."""
    tree, clock = Tree(tmp_path, {"intel-rapl:0": ("package-0", 900_000_000)}, limit=262_143_000_000), ScriptedClock()
    meter = rapl(tmp_path, clock=clock)
    tree.show("intel-rapl:0", 0)
    clock.wait(0.5)
    for _ in range(2):  # it stays refused: what was counted before is lost
        with pytest.raises(MeterError, match="it was reset") as raised:
            meter.read()
    assert raised.value.sides == ("before: 900 J", "now: 0 J", "it wraps at 262143 J")


def test_m12_wraps_in_a_long_run_are_followed(tmp_path: Path) -> None:
    """A range of 1 kJ at 80 W wraps each 12.5 s; the sum of an hour is exact."""
    tree, clock = Tree(tmp_path, SERVER), ScriptedClock()
    running(tree, clock, {"intel-rapl:0": 80.0, "intel-rapl:1": 40.0})
    with lca.measure(rapl(tmp_path, clock=clock)) as run:
        clock.wait(60)
    assert run.energy().about.amount == pytest.approx(60 * 120, rel=1e-9)


def test_m12_the_limit_of_the_packages(tmp_path: Path) -> None:
    tree = Tree(tmp_path, SERVER)
    meter = rapl(tmp_path)
    assert meter.conditions() == {}
    for zone, watts in (("intel-rapl:0", 125), ("intel-rapl:1", 100)):
        (tree.root / zone / "constraint_0_power_limit_uw").write_text(f"{watts}000000\n")
    assert meter.conditions() == {"power limit (W)": 225.0}
