"""carbontracker: what was used and not what was predicted, and the mean powers of its standard log."""

from __future__ import annotations

from pathlib import Path

import pytest

import lca
from lca.errors import LogError
from lca.logs.runs.run_table import RunTable

FOUND = "2026-02-01 10:00:00 - CarbonTracker: The following components were found: GPU with device(s) A100."


def block(kind: str, epochs: int, time: str, energy: str) -> str:
    return (
        f"2026-02-01 10:01:00 - CarbonTracker: \n{kind} consumption for {epochs} epoch(s):\n\tTime:\t{time}\n"
        f"\tEnergy:\t{energy} kWh\n\tCO2eq:\t0.5 g\n\tThis is equivalent to:\n\t0.002969 km travelled by car"
    )


def read(folder: Path, *parts: str, **said: object) -> RunTable:
    file = folder / "carbontracker.log"
    file.write_text("\n".join(parts) + "\n", encoding="utf-8")
    log = lca.read(file, **said)  # type: ignore[arg-type]
    assert isinstance(log, RunTable)
    return log


def joules(log: RunTable) -> tuple[object, ...]:
    return tuple(log.energy().given.values)


# --- the output log ---------------------------------------------------------------------------------------------


def test_m7_what_was_used_counts_and_not_what_was_predicted(tmp_path: Path) -> None:
    log = read(tmp_path, FOUND, block("Actual", 1, "0:01:00", "0.004"), block("Predicted", 9, "0:09:00", "0.036"))
    assert log.format == "carbontracker"
    assert joules(log) == (pytest.approx(14_400.0),)
    assert log.seconds == 60
    assert log.data.loc[0, "start"] == "2026-02-01 10:00:00"
    assert dict(log.runs[0].facts) == {"epochs": "1", "planned epochs": "9"}


def test_q3_the_pue_of_the_tool_is_in_it_so_its_boundary_is_the_facility(tmp_path: Path) -> None:
    log = read(tmp_path, FOUND, block("Actual", 1, "0:01:00", "0.004"))
    assert log.energy().given.unit == "J at_facility"
    assert "PUE" in log.notes[0]
    with pytest.raises(LogError, match="another boundary"):
        read(tmp_path, FOUND, block("Actual", 1, "0:01:00", "0.004"), at="component")


def test_a_second_block_of_one_tracker_says_all_used_so_far(tmp_path: Path) -> None:
    parts = [FOUND, block("Actual", 1, "0:01:00", "0.004"), block("Actual", 2, "0:02:00", "0.008")]
    assert joules(read(tmp_path, *parts)) == (pytest.approx(28_800.0),)
    assert joules(read(tmp_path, *parts, *parts)) == (pytest.approx(57_600.0),)  # two trackers


def test_the_console_has_no_stamps_and_a_run_without_epochs_no_number(tmp_path: Path) -> None:
    text = "CarbonTracker: \nActual consumption:\n\tTime:\t1 day, 0:00:24.50\n\tEnergy:\t3.286 kWh\n\tCO2eq:\t9 g"
    log = read(tmp_path, text)
    assert log.seconds == pytest.approx(86_424.5)
    assert log.runs[0].start is None
    assert log.runs[0].facts == ()


def test_m6_a_prediction_alone_and_an_energy_of_nan_are_no_energy(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="a prediction alone"):
        read(tmp_path, FOUND, block("Predicted", 9, "0:09:00", "0.036"))
    with pytest.raises(LogError, match="1 runs have no energy"):
        read(tmp_path, FOUND, block("Actual", 1, "0:01:00", "nan")).energy()


def test_bad_figures_raise_all_at_once(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"log:4: no duration: 'a minute'(.|\n)*log:5: the energy is not a number"):
        read(tmp_path, FOUND, block("Actual", 1, "a minute", "-4"))


# --- the standard log -------------------------------------------------------------------------------------------


def epoch(n: int, duration: str, gpu: str, cpu: str) -> str:
    stamp = f"2026-02-01 10:0{n}:00 - "
    return (
        f"{stamp}Epoch {n}:\n{stamp}Duration: {duration}\n{stamp}Average power usage (W) for gpu: {gpu}\n"
        f"{stamp}Average power usage (W) for cpu: {cpu}"
    )


def test_m1_mean_power_times_duration_of_all_devices_without_a_pue(tmp_path: Path) -> None:
    log = read(tmp_path, epoch(1, "0:01:00.00", "[100.5 99.5]", "20.0"), epoch(2, "0:00:30", "[200. 100.]", "[20]"))
    assert log.format == "carbontracker log"
    assert joules(log) == (pytest.approx(60 * 220 + 30 * 320),)
    assert log.energy().given.unit == "J at_component"
    assert dict(log.runs[0].parts) == {"gpu": 12_000.0, "cpu": 1_200.0}
    assert log.data["start"].tolist() == ["2026-02-01 10:00:00", "2026-02-01 10:01:30"]


def test_the_powers_may_stand_before_their_duration_and_a_list_go_on_in_the_next_line(tmp_path: Path) -> None:
    log = read(
        tmp_path,
        "2026-02-01 10:00:00 - Average power usage (W) for gpu: [100. 100. 100.\n 100. 100. 100.]",
        "2026-02-01 10:00:00 - Epoch 1:\nDuration: 0:00:10.00",
    )
    assert joules(log) == (pytest.approx(6_000.0),)


def test_m6_a_power_that_is_missing_is_not_0(tmp_path: Path) -> None:
    log = read(tmp_path, epoch(1, "0:01:00", "None", "20.0"), epoch(2, "0:01:00", "[50.]", "20.0"))
    assert [run.joules for run in log.runs] == [None, 4_200.0]
    cut = epoch(2, "0:01:00", "[50.]", "20.0").rsplit("\n", 1)[0]  # the log ends before its last line
    assert read(tmp_path, epoch(1, "0:01:00", "[50.]", "20.0"), cut).runs[1].joules is None


def test_more_powers_than_durations_and_powers_of_no_device_raise(tmp_path: Path) -> None:
    whole = epoch(1, "0:01:00", "[50.]", "20.0")
    with pytest.raises(LogError, match="2 mean powers of gpu, but 1 durations"):
        read(tmp_path, whole, "2026-02-01 10:02:00 - Average power usage (W) for gpu: [50.]")
    with pytest.raises(LogError, match="a mean power is not a number from 0: 'much'"):
        read(tmp_path, epoch(1, "0:01:00", "[much]", "20.0"))
    with pytest.raises(LogError, match="above what the device can draw"):
        read(tmp_path, epoch(1, "0:01:00", "[136860.0]", "20.0"))
