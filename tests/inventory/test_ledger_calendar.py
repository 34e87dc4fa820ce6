"""The calendar of a ledger (M11): its period, days without logs, and hours left on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas
import pytest
from ledger_logs import MONDAY, SITE, hours, kwh, log, table

import lca
from lca.errors import DomainError, LogError

DAY = 86_400.0


def test_m11_a_log_that_ends_at_midnight_takes_nothing_of_the_next_day() -> None:
    made = lca.ledger(log(MONDAY, 24, 100), left_on="always", idle_power="50 W at_wall")
    assert kwh(made) == pytest.approx(2.4)
    assert hours(made) == pytest.approx(24)


def test_m11_hours_said_twice_count_once() -> None:
    run, said = log(MONDAY + 20 * 3600, 1, 100), "mon 09:00-18:00, mon-fri 08:00-12:00"
    assert kwh(lca.ledger(run, left_on=said, idle_power="50 W at_wall")) == pytest.approx(0.1 + 10 * 0.05)


def test_m11_what_lies_outside_of_the_period_adds_nothing_and_is_listed() -> None:
    logs = [log(MONDAY, 2, 100), log(MONDAY - 20 * DAY, 2, 100)]
    made = lca.ledger(logs, period=("2026-03-02", "2026-03-09"))
    assert kwh(made) == pytest.approx(0.2)
    assert made.data["within"].tolist() == ["outside of the period", ""]
    assert any("1 entries lie outside of the period" in note for note in made.notes)
    with pytest.raises(LogError, match="none of the 2 entries"):
        lca.ledger(logs, period=("2026-04-02", "2026-04-09"))


def test_m11_what_reaches_out_of_the_period_is_refused() -> None:
    with pytest.raises(LogError, match="lie in the period for a part of their time only"):
        lca.ledger(log(MONDAY - 3600, 2, 100), period=("2026-03-02", "2026-03-09"))


@pytest.mark.parametrize("lost", [("2025-03-03", "2025-03-04"), ("2026-03-08", "2026-03-12")])
def test_m11_lost_days_outside_of_the_period_are_refused(lost: tuple[str, str]) -> None:
    with pytest.raises(LogError, match="outside of the period"):
        lca.ledger(log(MONDAY, 2, 100), period=("2026-03-02", "2026-03-09"), not_logged=[lost])


def test_m11_an_entry_on_a_lost_day_is_refused() -> None:
    logs = [log(MONDAY + 3600, 2, 100), log(MONDAY + DAY + 3600, 2, 100)]
    with pytest.raises(LogError, match="1 entries lie on days"):
        lca.ledger(logs, period=("2026-03-02", "2026-03-03"), not_logged=[("2026-03-03", "2026-03-03")])


def test_m11_a_run_into_a_lost_day_counts_once() -> None:
    """Monday has 0.3 kWh, a tenth of a kWh of the same run is of Tuesday: 0.3 kWh are assumed of it, not 0.4."""
    logs = [log(MONDAY + 3600, 2, 100), log(MONDAY + DAY - 3600, 2, 100)]
    made = lca.ledger(logs, period=("2026-03-02", "2026-03-03"), not_logged=[("2026-03-03", "2026-03-03")])
    assert kwh(made) == pytest.approx(0.3 + 0.3)


def test_m11_few_stretches_in_a_row_have_an_assumed_spread() -> None:
    """Of 14 logged days and 10 lost ones, stretches of ten overlap: they show no spread of their own."""
    rng = np.random.default_rng(1)
    logs = [log(MONDAY + day * DAY + 3600, 2, float(rng.uniform(50, 400))) for day in range(14)]
    made = lca.ledger(logs, period=("2026-03-02", "2026-03-25"), not_logged=[("2026-03-16", "2026-03-25")])
    drawn = lca.monte_carlo(made.energy, draws=4_000, seed=3, progress=False).data["value"].to_numpy()
    lost = drawn - sum(one.energy().about.amount for one in logs) / 3.6e6
    low, high = np.quantile(lost, [0.05, 0.95])
    assert high / low == pytest.approx(2 ** (2 * 1.645), rel=0.1)


def test_m11_undated_runs_are_no_part_of_what_the_days_had(tmp_path: Path) -> None:
    """0.2 kWh of a day, 1 kWh of no day: the lost day takes 0.2 kWh."""
    undated = table(tmp_path / "runs.csv", [(5.0, "old", 4, 250)])
    dated = log(MONDAY + 3600, 2, 100, "component")
    made = lca.ledger([dated, undated], period=("2026-03-02", "2026-03-03"), not_logged=[("2026-03-03", "2026-03-03")])
    assert kwh(made) == pytest.approx(1.2 + 0.2)


def test_a1_lost_days_have_the_rest_of_the_machine_too() -> None:
    """Two hours at 250 W of the card and 60 W beside it, on a logged day and on a lost one; hardware for both."""
    made = lca.ledger(
        log(MONDAY, 2, 250, "component"), left_on="mon 00:00-02:00", idle_power="50 W at_wall", site=SITE,
        period=("2026-03-02", "2026-03-03"), not_logged=[("2026-03-03", "2026-03-03")],
    )  # fmt: skip
    assert kwh(made) == pytest.approx(2 * 2 * 0.310 / 0.9)
    assert hours(made) == pytest.approx(4)


def test_m11_hours_left_on_in_a_lost_weekend_are_none() -> None:
    """Five days of nine hours, one of which runs; Saturday and Sunday are lost, and nothing is left on then."""
    logs = [log(MONDAY + day * DAY + 9 * 3600, 1, 300) for day in range(5)]
    made = lca.ledger(
        logs, left_on="mon-fri 09:00-18:00", idle_power="50 W at_wall", period=("2026-03-02", "2026-03-08"),
        not_logged=[("2026-03-07", "2026-03-08")],
    )  # fmt: skip
    assert hours(made) == pytest.approx(5 + 2 + 40)
    assert kwh(made) == pytest.approx(1.5 + 0.6 + 40 * 0.05)


def test_m11_days_without_leading_zeros_are_days() -> None:
    made = lca.ledger(log(MONDAY, 2, 100), period=("2026-3-2", "2026-10-1"))
    assert made.coverage == 1
    with pytest.raises(LogError, match="not a day"):
        lca.ledger(log(MONDAY, 2, 100), period=("2026-03-02", "9999-12-31"))


def test_q4_an_idle_power_is_above_zero() -> None:
    with pytest.raises(DomainError, match="above 0"):
        lca.ledger(log(MONDAY, 2, 100), left_on="always", idle_power="-50 W at_wall")


@pytest.mark.parametrize(("day", "expected"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)])
def test_m5_a_day_left_on_has_the_hours_of_its_zone(day: str, expected: int) -> None:
    start = pandas.Timestamp(f"{day} 12:00", tz="Europe/Berlin").timestamp()
    made = lca.ledger(log(start, 1, 100), zone="Europe/Berlin", left_on="00:00-24:00", idle_power="10 W at_wall")
    assert hours(made) == pytest.approx(expected)
