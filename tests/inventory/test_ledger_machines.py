"""Which entries of a ledger hold each other (M11): processes, devices, gaps, machines that are named or not."""

from __future__ import annotations

from pathlib import Path

import pytest
from ledger_logs import MONDAY, SITE, emissions, hours, kwh, log, table

import lca
from lca.errors import LogError, RecordError


def test_m2_a_gap_of_the_plug_holds_no_run(tmp_path: Path) -> None:
    """The plug logs hours 0 to 2 and 6 to 10, the card runs from 3 to 5: nothing of it is in the plug."""
    run = table(tmp_path / "runs.csv", [(MONDAY + 3 * 3600, "r", 2, 250)])
    made = lca.ledger([log(MONDAY, 10, 100, gap=(2, 6)), run], gaps="exclude", site=SITE)
    assert kwh(made) == pytest.approx(0.6 + 2 * 0.310 / 0.9)
    assert hours(made) == pytest.approx(8)


def test_m2_a_machine_idles_in_the_gap_of_its_log() -> None:
    plug = log(MONDAY, 10, 100, gap=(2, 6))
    made = lca.ledger(plug, gaps="exclude", left_on="mon 00:00-10:00", idle_power="50 W at_wall")
    assert kwh(made) == pytest.approx(0.6 + 4 * 0.05)
    bridged = lca.ledger(plug, gaps="bridge", left_on="mon 00:00-10:00", idle_power="50 W at_wall")
    assert kwh(bridged) == pytest.approx(1.0)


def test_m11_two_processes_at_one_time_are_two_runs(tmp_path: Path) -> None:
    """Both count the same cards, so the part that they share is refused: nothing of it is left out in silence."""
    both = emissions(tmp_path / "e.csv", [(MONDAY, "a", 2, 100), (MONDAY, "b", 2, 120)], "process")
    with pytest.raises(LogError, match="share a part of their time"):
        lca.ledger(both)
    half = emissions(tmp_path / "h.csv", [(MONDAY, "a", 2, 100), (MONDAY + 3600, "b", 2, 120)], "process")
    with pytest.raises(LogError, match="share a part of their time"):
        lca.ledger(half)
    assert kwh(lca.ledger(half, overlap="part")) == pytest.approx(0.24 + 0.1)


def test_m11_a_process_is_in_the_log_of_its_machine(tmp_path: Path) -> None:
    """At one boundary a log of the machine holds a process, even one that took more while it ran."""
    run = emissions(tmp_path / "e.csv", [(MONDAY + 3600, "a", 2, 900)], "process")
    made = lca.ledger([log(MONDAY, 8, 200, "component"), run], zone="UTC")
    assert kwh(made) == pytest.approx(1.6)
    assert made.data["within"].str.contains("log").sum() == 1


def test_m11_a_plug_without_a_name_is_of_the_only_machine(tmp_path: Path) -> None:
    """CodeCarbon tells the machine, a plug does not: one machine, whose plug holds the run."""
    run = emissions(tmp_path / "e.csv", [(MONDAY + 3600, "a", 2, 100)], "machine")
    made = lca.ledger([log(MONDAY, 10, 200), run], zone="UTC", left_on="mon 00:00-12:00", idle_power="50 W at_wall")
    assert kwh(made) == pytest.approx(2.0 + 2 * 0.05)
    other = emissions(tmp_path / "o.csv", [(MONDAY + 3600, "b", 2, 100)], "machine", "macOS")
    with pytest.raises(LogError, match="1 entries name no machine"):
        lca.ledger([log(MONDAY, 10, 200), run, other], zone="UTC", site=SITE)


def test_m11_one_name_for_two_machines_at_one_time_is_refused(tmp_path: Path) -> None:
    run = emissions(tmp_path / "e.csv", [(MONDAY, "a", 2, 100)], "machine")
    other = emissions(tmp_path / "o.csv", [(MONDAY + 3600, "b", 2, 300)], "machine", "macOS")
    with pytest.raises(LogError, match="ran on several at the same time"):
        lca.ledger({"server": [run, other]})
    assert kwh(lca.ledger([run, other])) == pytest.approx(0.8)
    assert kwh(lca.ledger({"": [run, other]})) == pytest.approx(0.8)


def test_m4_logs_of_two_devices_of_one_machine_are_added() -> None:
    logs = [log(MONDAY, 10, 200, "component", device="gpu"), log(MONDAY, 10, 80, "component", device="cpu")]
    made = lca.ledger({"desk": logs})
    assert kwh(made) == pytest.approx(2.8)
    assert hours(made) == pytest.approx(10)
    assert any("2 logs are of other devices of one machine and are added" in note for note in made.notes)
    walls = [log(MONDAY, 10, 200, device="left"), log(MONDAY, 10, 80, device="right")]
    assert kwh(lca.ledger({"desk": walls})) == pytest.approx(2.0)  # one machine has one wall


def test_m12_live_meters_of_several_cards_are_added() -> None:
    """Each card of a server has a meter and a log of its own, with one channel of the same name."""
    clock = lca.meters.ScriptedClock()
    meters = [lca.meters.scripted(100.0 * (n + 1), name=f"card {n}", clock=clock) for n in range(3)]
    with lca.measure(meters, progress=False) as run:
        clock.wait(3600)
    made = lca.ledger({"server": list(run.logs.values())})
    assert kwh(made) == pytest.approx(0.6, rel=1e-3)
    assert hours(made) == pytest.approx(1, rel=1e-3)


def test_a1_the_rest_of_a_machine_counts_once_beside_two_devices() -> None:
    """Hours 0 to 10 of two devices, and one hour of the plug on another day."""
    logs = [log(MONDAY, 10, 200, "component", device="gpu"), log(MONDAY, 10, 80, "component", device="cpu"),
            log(MONDAY + 86_400, 1, 100)]  # fmt: skip
    assert kwh(lca.ledger({"desk": logs}, site=SITE)) == pytest.approx((2.8 + 10 * 0.06) / 0.9 + 0.1)


def test_m11_one_log_of_two_machines_counts_for_each() -> None:
    one = log(MONDAY, 1, 100)
    assert kwh(lca.ledger({"a": one, "b": one})) == pytest.approx(0.2)


def test_m6_a_ledger_without_an_energy_raises(tmp_path: Path) -> None:
    silent = table(tmp_path / "runs.csv", [(MONDAY, "a", 1, 0)])
    with pytest.raises(LogError, match="none of the 1 entries"):
        lca.ledger(silent)


@pytest.mark.parametrize("field", ["energy", "duration", "book"])
def test_m11_what_a_ledger_makes_itself_is_not_stated(field: str) -> None:
    with pytest.raises(RecordError, match=f"finds {field} itself"):
        lca.ledger(log(MONDAY, 1, 100), **{field: "1 h"})


def test_m5_local_times_are_those_of_the_zone(tmp_path: Path) -> None:
    """CodeCarbon says 02:00 of Berlin, which is 01:00 UTC: the plug from 01:00 to 03:00 UTC holds all of it."""
    run = emissions(tmp_path / "e.csv", [(MONDAY + 2 * 3600, "a", 2, 900)], "machine")
    plug = log(MONDAY + 3600, 2, 1000)
    made = lca.ledger([plug, run], zone="Europe/Berlin")
    assert kwh(made) == pytest.approx(2.0)
    assert hours(made) == pytest.approx(2.0)
    with pytest.raises(LogError, match="local times and do not say of which zone"):
        lca.ledger([plug, run])
    assert kwh(lca.ledger(run)) == pytest.approx(1.8)


def test_m4_a_counter_at_the_wall_holds_the_runs_of_the_card(tmp_path: Path) -> None:
    """A note of a plug's counter is a run of a table, and counts all that ran behind the plug."""
    (tmp_path / "plug.csv").write_text(
        "run,start [date],stop [date],start energy [kWh],stop energy [kWh]\n"
        "monday,2026-03-02 00:00:00,2026-03-02 10:00:00,5.0,7.0\n"
    )
    card = table(tmp_path / "runs.csv", [(MONDAY + 3600, "r", 2, 250)])
    made = lca.ledger({"desk": [tmp_path / "plug.csv", card]}, zone="UTC")
    assert kwh(made) == pytest.approx(2.0)
