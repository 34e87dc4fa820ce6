"""Reports as JSON: BoAmps and ML.ENERGY; and the tables of Green Algorithms, which measure nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import lca
from lca.errors import LogError, UnitError
from lca.logs.runs.run_table import RunTable

MEASURE = {
    "measurementMethod": "codecarbon", "version": "3.0.0", "cpuTrackingMode": "constant", "powerConsumption": 0.002,
    "measurementDuration": 20.0, "measurementDateTime": "2026-02-01 09:00:00",
}  # fmt: skip
TASK = {
    "taskStage": "inference", "taskFamily": "chatbot", "nbRequest": 4,
    "dataset": [{"dataUsage": "output", "dataType": "token", "dataQuantity": 800}],
}  # fmt: skip
BATCH = {
    "Model": "a/b", "GPU model": "NVIDIA A100", "Batch size": 8, "Batch latency (s)": 6.0, "Batch energy (J)": 2000.0,
    "Energy per image (J)": 250.0,
}  # fmt: skip


def read(folder: Path, made: Any, **said: object) -> RunTable:
    file = folder / "report.json"
    file.write_text(made if isinstance(made, str) else json.dumps(made), encoding="utf-8")
    log = lca.read(file, **said)  # type: ignore[arg-type]
    assert isinstance(log, RunTable)
    return log


def report(*measures: Any, **more: Any) -> dict[str, Any]:
    return {"task": TASK, "measures": list(measures), "environment": {"country": "france"}} | more


def joules(log: RunTable) -> float:
    (value,) = log.energy().given.values
    assert isinstance(value, float)
    return value


# --- BoAmps -----------------------------------------------------------------------------------------------------


def test_m1_the_power_consumption_of_a_report_is_an_energy_in_kwh(tmp_path: Path) -> None:
    log = read(tmp_path, report(MEASURE))
    assert log.format == "boamps"
    assert joules(log) == pytest.approx(7200.0)
    assert log.seconds == 20.0
    assert log.energy().given.unit == "J at_component"
    facts = dict(log.runs[0].facts)
    assert facts["output token"] == "800"
    assert facts["nbRequest"] == "4"
    assert facts["country"] == "france"
    assert any("estimated from their rated power" in note for note in log.notes)


@pytest.mark.parametrize(("unit", "size"), [("kWh", 7200.0), ("Wh", 7.2), ("MJoule", 2000.0)])
def test_m1_a_unit_of_the_first_versions_counts(unit: str, size: float, tmp_path: Path) -> None:
    assert joules(read(tmp_path, report(MEASURE | {"unit": unit}))) == pytest.approx(size)
    with pytest.raises(UnitError):
        read(tmp_path, report(MEASURE | {"unit": "kg"}))


def test_a_quality_is_an_error_of_the_meter(tmp_path: Path) -> None:
    assert read(tmp_path, report(MEASURE, quality="medium")).meter.accuracy == "25 %"
    assert read(tmp_path, report(MEASURE, quality="fine")).meter.accuracy is None


def test_m1_the_boundary_follows_from_the_method_or_is_asked_for(tmp_path: Path) -> None:
    assert read(tmp_path, report(MEASURE | {"measurementMethod": "wattmeter"})).meter.at == "wall"
    other = report(MEASURE | {"measurementMethod": "azure metrics"})
    with pytest.raises(LogError, match="does not say where the power was measured"):
        read(tmp_path, other)
    assert read(tmp_path, other, at="facility").meter.at == "facility"


def test_m4_several_measures_are_not_added(tmp_path: Path) -> None:
    wall = MEASURE | {"measurementMethod": "wattmeter", "powerConsumption": 0.003}
    with pytest.raises(LogError, match=r"2 measures(.|\n)*codecarbon(.|\n)*wattmeter(.|\n)*run='codecarbon'"):
        read(tmp_path, report(MEASURE, wall))
    assert joules(read(tmp_path, report(MEASURE, wall), run="wattmeter")) == pytest.approx(10_800.0)
    with pytest.raises(LogError, match="codecarbon 1"):
        read(tmp_path, report(MEASURE, MEASURE))
    with pytest.raises(LogError, match=r"no run 'meter'"):
        read(tmp_path, report(MEASURE, wall), run="meter")


@pytest.mark.parametrize("energy", [None, 0, "", float("nan")])
def test_m6_an_energy_that_is_missing_is_not_0(energy: Any, tmp_path: Path) -> None:
    with pytest.raises(LogError, match="1 runs have no energy"):
        read(tmp_path, report(MEASURE | {"powerConsumption": energy})).energy()


def test_values_that_are_not_numbers_raise_all_at_once(tmp_path: Path) -> None:
    bad = MEASURE | {"powerConsumption": -1, "measurementDuration": [20]}
    with pytest.raises(LogError, match=r"2 values(.|\n)*powerConsumption: -1(.|\n)*measurementDuration: \[20\]"):
        read(tmp_path, report(bad))
    with pytest.raises(LogError, match="no line of the file holds a sample"):
        read(tmp_path, report(MEASURE, 5))


@pytest.mark.parametrize("cut", [5, 40])
def test_a_report_that_is_cut_is_refused(cut: int, tmp_path: Path) -> None:
    text = json.dumps(report(MEASURE))
    with pytest.raises(LogError, match="not one complete JSON object"):
        read(tmp_path, text[:-cut], format="boamps")


# --- ML.ENERGY --------------------------------------------------------------------------------------------------


def test_m1_the_run_of_ml_energy_is_one_batch(tmp_path: Path) -> None:
    log = read(tmp_path, BATCH)
    assert log.format == "ml.energy"
    assert joules(log) == 2000.0
    assert log.seconds == 6.0
    assert log.runs[0].name == "one batch of 8"
    assert dict(log.runs[0].facts)["Energy per image (J)"] == "250.0"


def test_a_later_layout_gives_the_energy_of_each(tmp_path: Path) -> None:
    later = {name: value for name, value in BATCH.items() if name != "Batch energy (J)"}
    assert joules(read(tmp_path, later)) == 2000.0
    video = {"Model": "a/b", "GPU": "NVIDIA H100", "Batch size": 2, "Energy/video (J)": 900.0, "Batch latency (s)": 9.0}
    assert joules(read(tmp_path, video)) == 1800.0


def test_numbers_of_two_batches_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"2000(.|\n)*x Batch size: 1000"):
        read(tmp_path, BATCH | {"Batch size": 4})


def test_m6_the_mean_of_one_request_is_not_the_energy_of_a_run(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="the mean energy of one request"):
        read(tmp_path, {"Model": "a/b", "GPU": "NVIDIA H100", "Energy/req (J)": 59.6, "Token tput (tok/s)": 1500.0})


RESULTS = json.loads((Path(__file__).parent / "inputs" / "ml_energy_results.json").read_text(encoding="utf-8"))


def test_m4_results_of_ml_energy_are_the_steady_state(tmp_path: Path) -> None:
    """60 kJ at 0.25 J/token are 240,000 tokens of it; those of the whole benchmark do not count."""
    log = read(tmp_path, RESULTS)
    assert (log.format, joules(log), log.seconds) == ("ml.energy results", 60_000.0, 100.0)
    tokens = log.data["output tokens"].item()
    assert tokens == "240000"
    each = float(lca.nominal(lca.parameter("token", log.energy() / float(tokens))).to("J at_component"))
    assert each == pytest.approx(0.25)
    assert "left out" in repr(log)


def test_results_of_ml_energy_with_lacking_requests_or_numbers(tmp_path: Path) -> None:
    assert "500 of 512 requests were served" in repr(read(tmp_path, RESULTS | {"completed": 500}))
    assert "requests were served" not in repr(read(tmp_path, RESULTS))
    with pytest.raises(LogError, match="steady_state_energy: -1"):
        read(tmp_path, RESULTS | {"steady_state_energy": -1})
    with pytest.raises(LogError, match="at most 5000 W"):  # 2 cards cannot draw so much
        read(tmp_path, RESULTS | {"steady_state_duration": 10.0})


# --- Green Algorithms -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["index,in Watt,x\nmodel,TDP,n_cores\nT4,70,", "index,>1,\nprovider,PUE,source\ngcp,1.1,"]
)
def test_m6_assumed_values_are_no_log(text: str, tmp_path: Path) -> None:
    with pytest.raises(LogError, match="values that Green Algorithms assumes"):
        read(tmp_path, text + "\n")
