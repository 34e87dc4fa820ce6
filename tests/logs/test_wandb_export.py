"""What Weights & Biases exports: charts of power as CSV, and files of facts (M1 to M6)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import lca
from lca.errors import LogError

CHART = (
    '"Relative Time (Process)","sort - system/gpu.0.powerWatts","sort - system/gpu.0.powerWatts__MIN",'
    '"sort - system/gpu.0.powerWatts__MAX"\n"15","100","90","110"\n"30","120","110","130"\n"45","","",""\n'
    '"60","100","90","110"\n'
)


def test_a_chart_of_the_page_is_power_over_time(tmp_path: Path) -> None:
    path = tmp_path / "chart.csv"
    path.write_text(CHART)
    log = lca.read(path)
    assert (log.format, log.dated) == ("wandb csv", False)
    assert repr(log.energy()) == "<reading of chart.csv: 4950 J at the component>"


def test_two_runs_of_a_chart_are_asked_for_and_named(tmp_path: Path) -> None:
    path = tmp_path / "chart.csv"
    path.write_text(
        "Wall Time,a - system/gpu.0.powerWatts,b - system/gpu.0.powerWatts,b - system/gpu.process.0.powerWatts\n"
        "1700000000,100,200,200\n1700000010,100,200,200\n"
    )
    with pytest.raises(LogError, match="does not say which"):
        lca.read(path).energy()
    assert lca.read(path).devices == ("a gpu 0", "b gpu 0")
    one = lca.read(path, run="b")
    assert (one.devices, one.own, one.dated) == (("gpu 0",), ("gpu 0",), True)
    assert repr(one.energy()) == "<reading of chart.csv: 2000 J at the component>"
    with pytest.raises(LogError, match="there is no run 'c'"):
        lca.read(path, run="c")


def test_events_of_the_api_are_power_over_time(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text(
        ",_runtime,_timestamp,system.gpu.0.powerWatts,system.gpu.process.0.powerWatts,system.gpu.1.powerWatts\n"
        "0,15,1700000015.5,50,50,9\n1,30,1700000030.5,50,50,9\n"
    )
    log = lca.read(path)
    assert (log.own, log.start) == (("gpu 0",), 1_700_000_015.5)
    assert repr(log.energy()) == "<reading of events.csv: 750 J at the component>"


def test_bad_rows_of_a_chart_are_raised_together(tmp_path: Path) -> None:
    path = tmp_path / "chart.csv"
    path.write_text(CHART + '"x","1","1","1"\n"75","much","",""\n"90"\n"100","-5","",""\n')
    with pytest.raises(LogError, match="4 of 7 lines cannot be read"):
        lca.read(path)
    path.write_text("Wall Time,a - system/gpu.0.powerWatts\n1700000000000,100\n1700000010000,100\n")
    with pytest.raises(LogError, match="2 of 2 lines cannot be read") as raised:
        lca.read(path)
    assert "not a time in seconds since 1970" in raised.value.sides[0]


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ("Step,a - system/gpu.0.powerWatts", "the samples of this log have no time"),
        ("Relative Time (Process),a - train/loss", "columns of other metrics"),
        ("Relative Time (Process),Group: x - system/gpu.0.powerWatts", "means over groups of runs"),
    ],
)
def test_a_chart_without_a_power_of_one_run_is_refused(tmp_path: Path, head: str, why: str) -> None:
    path = tmp_path / "chart.csv"
    path.write_text(f"{head}\n1,2\n2,2\n")
    with pytest.raises(LogError, match=why):
        lca.read(path)


def test_files_of_facts_are_refused_by_name(tmp_path: Path) -> None:
    metadata = {"startedAt": "2023-11-14T22:13:20.0", "heartbeatAt": "", "gpu": "NVIDIA A100", "gpu_count": 8}
    (tmp_path / "wandb-metadata.json").write_text(json.dumps(metadata))
    with pytest.raises(LogError, match="8 x NVIDIA A100, whoever uses them"):
        lca.read(tmp_path / "wandb-metadata.json")
    (tmp_path / "wandb-summary.json").write_text('{"_runtime": 257.85, "_step": 7, "_wandb": {"runtime": 287}}')
    with pytest.raises(LogError, match=r"the last row came after 257\.85 s, the end after 287 s"):
        lca.read(tmp_path / "wandb-summary.json")
    (tmp_path / "wandb-summary.json").write_text('{"_runtime": "x", "_wandb": 3} and more')
    with pytest.raises(LogError) as raised:
        lca.read(tmp_path / "wandb-summary.json")
    assert raised.value.what.endswith("the last values of a run")
