"""What MLflow exports: tables of runs, and the last values of a run, which hold no energy (M1 to M6)."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from written_logs import refused_or_read

import lca
from lca.errors import LogError

RUNS = (
    "run_id,status,start_time,end_time,metrics.energy,metrics.loss,params.model,params.data,tags.mlflow.runName\n"
    "a1,FINISHED,2025-09-12 07:48:22.269000+00:00,2025-09-12 07:51:16.280000+00:00,0.5,0.9,resnet,/home/x,one\n"
    'b2,RUNNING,2025-09-12 09:00:00+00:00,NaT,,0.8,"res\nnet",b,two\n'
)


def test_a_column_is_an_energy_if_the_user_says_so(tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    path.write_text(RUNS)
    with pytest.raises(LogError, match="last value of each metric") as raised:
        lca.read(path)
    assert 'columns={"metrics.energy": "kWh"}' in raised.value.fix
    with pytest.raises(LogError, match="does not say where the power was measured"):
        lca.read(path, columns={"metrics.energy": "kWh"})
    table = lca.read(path, columns={"metrics.energy": "Wh"}, at="wall")
    first, second = table.runs
    assert (first.name, first.joules, first.line) == ("one", 1800.0, 2)
    assert first.seconds == pytest.approx(174.011)
    assert (second.joules, second.seconds, second.line) == (None, None, 3)
    assert dict(first.facts) == {"run_id": "a1", "status": "FINISHED", "params.model": "resnet"}
    assert repr(table.sel(run="one").energy()) == "<reading of runs.csv: 1800 J at the wall>"
    with pytest.raises(LogError, match="no channel 'metrics.energi'"):
        lca.read(path, columns={"metrics.energi": "kWh"}, at="wall")
    with pytest.raises(lca.errors.UnitError):
        lca.read(path, columns={"metrics.energy": "W"}, at="wall")


def test_bad_rows_of_a_table_are_raised_together(tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    path.write_text(
        RUNS + "c3,FINISHED,yesterday,,1,,,,\nd4,FINISHED,2025-09-12 09:00:00+00:00,2025-09-12 08:00:00+00:00,1,,,,\n"
        "e5,FINISHED\nf6,FINISHED,,,-1,,,,\ng7,FINISHED,,,much,,,,\n"
    )
    with pytest.raises(LogError, match="5 of 7 lines cannot be read") as raised:
        lca.read(path, columns={"metrics.energy": "kWh"}, at="wall")
    assert raised.value.sides[0].startswith(f"{path}:5: the start cannot be read")
    assert len(lca.read(path, columns={"metrics.energy": "kWh"}, at="wall", errors="skip").runs) == 2


def test_the_table_of_the_web_page(tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    head = "Start Time,Duration,Run ID,Name,Source Type,Source Name,User,Status,lr,cpu_kwh,gpu_kwh\n"
    row = "2025-09-12 07:48:22,{},a1,one,LOCAL,train.py,someone,FINISHED,0.1,0.25,0.75\n"
    for text, seconds in (("345ms", 0.345), ("13.9s", 13.9), ("2.5min", 150), ("1.5h", 5400), ("2.0 days", 172_800)):
        path.write_text(head + row.format(text))
        table = lca.read(path, columns={"cpu_kwh": "kWh", "gpu_kwh": "kWh"}, at="component")
        assert (table.runs[0].seconds, table.format) == (pytest.approx(seconds), "mlflow page")
        assert dict(table.runs[0].facts) == {"run_id": "a1", "Status": "FINISHED"}
    assert repr(table.energy()) == "<reading of runs.csv: 3.6e+06 J at the component>"
    assert table.notes == ("the energy of a run is the sum of cpu_kwh, gpu_kwh",)
    path.write_text(head + row.format("long"))
    with pytest.raises(LogError, match="1 of 1 lines cannot be read"):
        lca.read(path, columns={"cpu_kwh": "kWh"}, at="component")


def test_a_table_without_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    path.write_text(RUNS.split("\n", 1)[0])
    with pytest.raises(LogError, match="no line of the file holds a sample"):
        lca.read(path, columns={"metrics.energy": "kWh"}, at="wall")
    path.write_text("")
    with pytest.raises(LogError, match="this file is empty"):
        lca.read(path, format="mlflow runs", columns={"metrics.energy": "kWh"}, at="wall")


def test_changed_tables_raise_errors_of_the_library_only(tmp_path: Path) -> None:
    path, source = tmp_path / "runs.csv", random.Random(5)
    for _ in range(300):
        data = bytearray(RUNS.encode())
        for _ in range(source.randint(1, 4)):
            data[source.randrange(len(data))] = source.randrange(256)
        path.write_bytes(data)
        for errors in ("raise", "skip"):
            refused_or_read(path, format="mlflow runs", columns={"metrics.energy": "kWh"}, at="wall", errors=errors)
    path.write_text(RUNS + '"' + "x" * 200_000)
    refused_or_read(path, format="mlflow runs", columns={"metrics.energy": "kWh"}, at="wall", errors="skip")


def test_the_last_values_of_a_run_have_no_energy(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    data = {
        "metrics": {"system/gpu_0_power_usage_watts": 54.9},
        "params": {},
        "tags": {"mlflow.source.name": "train.py"},
    }
    path.write_text(json.dumps({"data": data}))
    with pytest.raises(LogError, match="the last value of each metric of a run"):
        lca.read(path)
