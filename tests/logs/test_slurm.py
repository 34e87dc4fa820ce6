"""Jobs of Slurm, as sacct prints them (M3, M4, M6)."""

from __future__ import annotations

from pathlib import Path

import pytest
from host_logs import SACCT, joules, runs

from lca.errors import LogError


def test_sacct_counts_jobs_once_and_takes_no_zero_for_an_energy(tmp_path: Path) -> None:
    """M6: 0 and blank are missing; the steps of a job are within it."""
    table = runs(tmp_path, SACCT, at="wall")
    assert (table.format, [run.joules for run in table.runs]) == ("slurm", [9e6, None, None, 5e5])
    assert [run.seconds for run in table.runs] == [90_000.0, 600.0, 600.0, 600.0]
    with pytest.raises(LogError, match="2 runs have no energy"):
        table.energy()
    assert joules(table.sel(energy_known="yes").energy()) == 9.5e6
    assert joules(table.sel(run="103").energy()) == 5e5
    assert joules(runs(tmp_path, SACCT, at="wall", run="100").energy()) == 9e6
    facts = dict(table.runs[1].facts)
    assert (facts["State"], dict(table.runs[0].facts)["JobName"]) == ("CANCELLED", "train.sh")


def test_sacct_does_not_know_where_it_was_measured(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="does not say where the power was measured"):
        runs(tmp_path, SACCT)


def test_sacct_of_two_jobs_on_one_node_counts_the_node_once(tmp_path: Path) -> None:
    """M3: each job has the energy of the whole node."""
    both = SACCT.replace("2024-06-03T10:00:00|node3", "2024-06-01T09:00:00|node1").replace(
        "||COMPLETED", "|1|COMPLETED"
    )
    assert joules(runs(tmp_path, both.replace("|0|", "|2|"), at="wall").energy()) == 9e6 + 2 + 1


def test_sacct_with_units_and_aligned_columns(tmp_path: Path) -> None:
    text = (
        "JobID           Elapsed ConsumedEnergy \n------------ ---------- -------------- \n"
        "2658300        02:19:48          4.58M \n2658300.bat+   02:19:48          4.58M \n"
        "2658301        00:00:10        101.63K \n"
    )
    table = runs(tmp_path, text, at="wall")
    assert [(run.name, run.joules, run.seconds) for run in table.runs] == [
        ("2658300", pytest.approx(4.58e6), 8388.0), ("2658301", pytest.approx(101_630.0), 10.0),
    ]  # fmt: skip


def test_sacct_refuses_what_it_cannot_tell(tmp_path: Path) -> None:
    no_ids = "ConsumedEnergyRaw|CPUTimeRAW|State\n3774906|4147392|COMPLETED\n4294967294|4147392|TIMEOUT\n"
    with pytest.raises(LogError, match="have no JobID"):
        runs(tmp_path, no_ids, at="wall")
    table = runs(tmp_path, no_ids, at="wall", run="jobs")
    assert [run.joules for run in table.runs] == [3774906.0, None]
    assert [run.seconds for run in table.runs] == [None, None]
    with pytest.raises(LogError, match="jobs without their energy"):
        runs(tmp_path, "JobID|JobName|State\n1|a|COMPLETED\n", at="wall")
    with pytest.raises(LogError, match="2 of 6 lines cannot be read"):
        runs(tmp_path, SACCT.replace("|9000000|", "|9 MJ|", 1).replace("|500000|", "|"), at="wall")
