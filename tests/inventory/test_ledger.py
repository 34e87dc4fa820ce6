"""The ledger of a development (M11): runs of many logs, each counted once, on a calendar with what no log saw."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas
import pytest
from ledger_logs import MONDAY, SITE, kwh, log, table

import lca
from lca.errors import AccountingError, LogError

IDLE = 70.0  # W at the wall


def test_m11_a_semester_whose_energy_is_known(tmp_path: Path) -> None:
    """Sixteen weeks: runs and failed runs, idle hours, one week not logged, each run in two logs."""
    rng = np.random.default_rng(16)
    runs, truth = [], 0.0
    for day in range(112):
        on = [MONDAY + 86_400 * day + 3600 * hour for hour in (9.5, 13.0)] if day % 7 < 5 else []
        for n, start in enumerate(on):
            if rng.random() < 0.7:
                failed = rng.random() < 0.2
                hours = rng.uniform(0.05, 0.3) if failed else rng.uniform(1.0, 3.0)
                watts = float(rng.uniform(180, 320))
                runs.append((start, f"run {day}-{n}{' failed' if failed else ''}", hours, watts))
                truth += hours * (watts + 60) / 0.9
        busy = sum(hours for start, _, hours, _ in runs if start in on)
        truth += (9.0 - busy) * IDLE if day % 7 < 5 else 0.0
    lost = range(70, 77)
    logged = [run for run in runs if int((run[0] - MONDAY) // 86_400) not in lost]
    first = table(tmp_path / "runs.csv", logged)
    again = [log(start, hours, watts, "component", "card") for start, _, hours, watts in logged[:5]]
    made = lca.ledger(
        [first, *again], name="semester", site=SITE, left_on="mon-fri 09:00-18:00", idle_power=f"{IDLE} W at_wall",
        period=("2026-03-02", "2026-06-21"), not_logged=[("2026-05-11", "2026-05-17")],
    )  # fmt: skip
    result = lca.monte_carlo(made.energy, draws=4_000, seed=1, progress=False)
    low, high = np.quantile(result.data["value"], [0.05, 0.95])
    assert low < truth / 1000 < high
    assert 1.005 < high / low < 1.3  # one week of sixteen is open, and no more than that
    assert made.coverage == pytest.approx(105 / 112)
    assert (made.data["within"] != "").sum() == 5
    assert made.data["counted"].sum() == len(logged)
    assert any("7 of 112 days were not logged" in note for note in made.notes)
    assert any("5 entries lie within others" in note for note in made.notes)


def test_m4_the_outer_boundary_counts(tmp_path: Path) -> None:
    """A plug that saw the whole day holds the runs of the card."""
    runs = table(tmp_path / "runs.csv", [(MONDAY + 36_000, "train", 2, 250), (MONDAY + 50_000, "test", 1, 150)])
    made = lca.ledger([log(MONDAY + 30_000, 10, 200), runs], name="d")
    assert kwh(made) == pytest.approx(2.0)
    assert made.data["within"].str.contains("log").sum() == 2


def test_m4_two_machines_do_not_hold_each_other(tmp_path: Path) -> None:
    both = {"desk": log(MONDAY, 10, 200), "server": log(MONDAY, 10, 300, name="other")}
    assert kwh(lca.ledger(both, name="d")) == pytest.approx(5.0)
    assert kwh(lca.ledger(list(both.values()), name="d")) == pytest.approx(3.0)


def test_m4_a_part_of_the_time_in_common_raises_or_counts_for_the_rest() -> None:
    logs = [log(MONDAY, 10, 200), log(MONDAY + 5 * 3600, 10, 100)]
    with pytest.raises(LogError, match="share a part of their time"):
        lca.ledger(logs, name="d")
    made = lca.ledger(logs, name="d", overlap="part")
    assert kwh(made) == pytest.approx(2.5)
    assert made.data["counted"].tolist() == pytest.approx([1.0, 0.5])


def test_a1_several_boundaries_meet_at_the_wall() -> None:
    logs = [log(MONDAY, 1, 200), log(MONDAY + 40_000, 2, 120, "component", "card")]
    with pytest.raises(AccountingError, match="several boundaries"):
        lca.ledger(logs, name="d")
    assert kwh(lca.ledger(logs, name="d", site=SITE)) == pytest.approx(0.2 + 2 * 0.18 / 0.9)


def test_m11_hours_left_on_are_those_without_a_run() -> None:
    run = log(MONDAY + 10 * 3600, 2, 300)
    week, hours = ("2026-03-02", "2026-03-08"), "mon-fri 09:00-18:00"
    made = lca.ledger(run, name="d", period=week, left_on=hours, idle_power="50 W at_wall")
    assert kwh(made) == pytest.approx(0.6 + (45 - 2) * 0.05)
    assert lca.nominal(made.duration).data["value"].item() / 3600 == pytest.approx(45)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
def test_m5_days_are_those_of_the_zone(zone: str) -> None:
    """Clocks change on 29 March 2026 in Berlin: that day has 23 hours."""
    start = pandas.Timestamp("2026-03-29 12:00", tz=zone).timestamp()
    made = lca.ledger(log(start, 1, 100), name="d", zone=zone, left_on="always", idle_power="10 W at_wall")
    hours = {"UTC": 24, "Europe/Berlin": 23}[zone]
    assert kwh(made) == pytest.approx(0.1 + (hours - 1) * 0.01)


def test_m11_a_folder_lists_what_it_leaves_out(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    table(tmp_path / "sub" / "runs.csv", [(MONDAY, "train", 1, 100)])
    (tmp_path / "README.md").write_text("# how to run it\n")
    made = lca.ledger(tmp_path, name="d")
    assert kwh(made) == pytest.approx(0.1)
    assert any("README.md" in note for note in made.notes)
    (tmp_path / "bad.csv").write_text("start_time,window_name,elapsed_time,gpu0_energy\n1,a,x,5\n")
    with pytest.raises(LogError, match="1 logs of the ledger cannot be read(.|\n)*bad.csv"):
        lca.ledger(tmp_path, name="d")
    assert any("bad.csv" in note for note in lca.ledger(tmp_path, name="d", errors="skip").notes)


@pytest.mark.parametrize(
    ("said", "error", "match"),
    [
        ({"left_on": "always"}, AccountingError, "come together"),
        ({"left_on": "weekdays", "idle_power": "5 W at_wall"}, LogError, "not the hours of a week"),
        ({"left_on": "mon-fri 18:00-09:00", "idle_power": "5 W at_wall"}, LogError, "not the hours of a week"),
        ({"period": ("2026-03-05", "2026-03-01")}, LogError, "a first and a last day"),
        ({"period": ("March", "May")}, LogError, "not a day"),
        ({"not_logged": [("2026-03-01", "2026-03-09")]}, LogError, "no day of the period"),
        ({"zone": "Mars"}, LogError, "zone"),
    ],
)
def test_m11_what_cannot_be_meant_raises(said: dict[str, object], error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        lca.ledger(log(MONDAY, 1, 100), name="d", **said)  # type: ignore[arg-type]


def test_m11_a_ledger_serves_as_a_development() -> None:
    made = lca.ledger(log(MONDAY, 10, 200), name="semester")
    grid = lca.Electricity("grid", intensity="0.4 kg CO2e/kWh", at="facility")
    found = lca.footprint(made, site=lca.Site("desk", pue=1.0, electricity=grid), unit="kg CO2e")
    assert found.iloc[0]["nominal"] == pytest.approx(0.8)
