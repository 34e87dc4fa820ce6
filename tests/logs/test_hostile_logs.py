"""What a careless or a hostile user gives to the readers of logs: refused by name, never a silent number (M1 to M7)."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import numpy as np
import pandas
import pytest

import lca
from lca.__main__ import main
from lca.errors import AccountingError, DomainError, LcaError, LogError, MissingError
from lca.logs.power.power_log import PowerLog
from lca.logs.runs.run import Run, counted_once
from lca.logs.training.training_log import TrainingLog

GPU = "timestamp, power.draw [W]\n2026/01/01 10:00:00.000, 100.00 W\n2026/01/01 10:00:01.000, 120.00 W\n"
TEGRA = "01-01-2026 10:00:0{} RAM 900/7859MB (lfb 26x4MB) CPU [4%@2035,off] EMC_FREQ 0% GR3D_FREQ 0% VDD_IN {}/{}\n"


def written(path: Path, text: str | bytes = GPU) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def board(milliwatts: int) -> str:
    """Two lines of tegrastats."""
    return "".join(TEGRA.format(second, milliwatts, milliwatts) for second in (0, 1))


def log_of(power: list[float], seconds: list[float] | None = None, at: str = "wall") -> PowerLog:
    index = pandas.Index(list(range(len(power))) if seconds is None else seconds, name="s")
    return lca.power_log(pandas.Series(power, index=index), at=at)


def power_of(path: Path, **said: object) -> PowerLog:
    log = lca.read(path, **said)  # type: ignore[arg-type]
    assert isinstance(log, PowerLog)
    return log


def nominal(value: object) -> float:
    """In kWh or W."""
    return float(lca.nominal(lca.parameter("value", value)).data["value"])  # type: ignore[arg-type]


# --- the file -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "file is empty"), (b" \r\n\n", "file is empty"), (b"\0" * 100, "file is empty"),
        (b"\x1f\x8b\x08" + GPU.encode(), "gzip -d"),
        (b"PK\x03\x04abc", "unzip"), (b"\x28\xb5\x2f\xfdabc", "zstd -d"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("format", ["", "nvidia-smi"])
def test_m1_an_empty_or_a_packed_file_says_so(tmp_path: Path, content: bytes, said: str, format: str) -> None:
    with pytest.raises(LogError, match=said):
        lca.read(written(tmp_path / "a.csv", content), format=format)


def test_a_pipe_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(LogError, match="pipe or a device"):
            lca.read(path, format="tegrastats")


@pytest.mark.parametrize("path", ["", " ", "a\0b", "nowhere.csv"])
def test_a_path_that_names_nothing_is_refused(path: str) -> None:
    with pytest.raises(LogError, match="no file or folder"):
        lca.read(path)


def test_a_path_that_no_system_takes_is_refused() -> None:
    with pytest.raises(LogError, match="cannot be read"):
        lca.read("a" * 5_000)


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "a.csv")

    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", closed)
    with pytest.raises(LogError, match="Permission denied"):
        lca.read(path)


def test_a_time_beyond_any_log_is_named(tmp_path: Path) -> None:
    for stamp in ("1e308", "-1e20"):
        with pytest.raises(LogError, match=r"a\.csv:3: "):
            lca.read(written(tmp_path / "a.csv", f"time_s,gpu (W)\n0,10\n{stamp},10\n"), at="wall")


# --- what is said of it -------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [{"columns": {"VDD_IN": "W"}}, {"run": "2"}, {"interval": "2 s"}])
def test_m1_an_argument_without_use_raises(tmp_path: Path, said: dict[str, object]) -> None:
    """A user who corrects a unit must not be left with the old number."""
    path = written(tmp_path / "a.log", board(4_000))
    assert isinstance(lca.read(path), PowerLog)
    with pytest.raises(LogError, match=f"tegrastats, has no use for {next(iter(said))}="):
        lca.read(path, **said)  # type: ignore[arg-type]


def test_q4_a_format_of_one_unit_never_proposes_another_one(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="this format has one unit"):
        lca.read(written(tmp_path / "a.log", board(9_000_000)))
    with pytest.raises(LogError, match="are these milliwatts"):
        lca.read(written(tmp_path / "a.csv", "time_s,gpu (W)\n0,90000\n1,90000\n"), at="component")


@pytest.mark.parametrize(("device", "said"), [("RTX 409O", "rtx-4090"), ("Dell PowerEdge R740 LCA", "leave device=")])
def test_q4_a_device_that_bounds_nothing_raises(tmp_path: Path, device: str, said: str) -> None:
    with pytest.raises(LogError, match=f"nothing bounds(.|\n)*{said}"):
        lca.read(written(tmp_path / "a.csv"), device=device)


# --- windows ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("window", [(4, 1), (2, 2)])
def test_a_window_that_ends_first_raises(window: tuple[float, float]) -> None:
    with pytest.raises(LogError, match="ends before it begins"):
        log_of([1.0] * 6).between(*window)


def test_a_time_of_day_that_there_is_not_is_refused() -> None:
    log = lca.power_log(
        pandas.Series([1.0] * 60, pandas.date_range("2026-01-01 10:00", periods=60, freq="s")), at="wall"
    )
    for moment in ("10:99", "25:00", "10:00:75"):
        with pytest.raises(LogError, match="cannot be read"):
            log.between("10:00", moment)
    with pytest.raises(LogError, match="no times of day"):
        log_of([1.0] * 3).between("10:00", "10:01")


def test_m2_a_window_longer_than_the_log_is_said() -> None:
    assert "longer than the log, 0 s to 5 s" in log_of([1.0] * 6).between(0, 3600).notes[0]
    assert log_of([1.0] * 6).between(0, 5).notes == ()


def two_cards(power: list[float]) -> PowerLog:
    """Two cards with samples each second; the second one shows power only at first."""
    frame = pandas.DataFrame({"a": [100.0] * len(power), "b": power}, index=pandas.Index(range(len(power)), name="s"))
    return lca.power_log(frame, at="component", by="device")


def test_m2_a_device_that_stops_early_lowers_the_covered_share() -> None:
    log = two_cards([100.0] * 5 + [np.nan] * 4)
    assert log.covered() == pytest.approx((8 + 4) / 16)
    run = lca.Training("run", energy=log.energy(), duration="8 s")
    assert "0.75 of the time covered" in lca.provenance(run.energy)["source"].iloc[0]
    assert two_cards([100.0] * 9).covered() == 1.0


# --- what is added ------------------------------------------------------------------------------------------


def test_m4_what_is_named_twice_counts_once_and_an_empty_list_is_no_answer() -> None:
    log = log_of([100.0, 100.0])
    assert nominal(log.energy(channels=["power", "power"])) == nominal(log.energy())
    with pytest.raises(LogError, match="list of channels is empty"):
        log.energy(channels=[])
    with pytest.raises(LogError, match="list of devices is empty"):
        log.energy(devices=[])
    with pytest.raises(LogError, match="one device only"):
        log.energy(devices="gpu 0")


@pytest.mark.parametrize("limit", [0, -1])
def test_m2_a_longest_step_is_above_zero(limit: float) -> None:
    for asked in (PowerLog.energy, PowerLog.power, PowerLog.covered):
        with pytest.raises(DomainError, match="not a number above 0"):
            asked(log_of([1.0, 1.0]), max_gap=limit)


def test_two_columns_of_one_name_raise() -> None:
    frame = pandas.DataFrame([[1.0, 2.0], [3.0, 4.0]], columns=["a", "a"], index=pandas.Index([0, 1], name="s"))
    for by in ("channel", "device"):
        with pytest.raises(AccountingError, match="two columns"):
            lca.power_log(frame, at="wall", by=by)


def test_what_is_no_table_is_said_before_its_boundary() -> None:
    with pytest.raises(AccountingError, match="pandas Series"):
        lca.power_log(TrainingLog(Path("a.log"), "made", np.array([1.0]), np.array([1.0]), "iteration"))


@pytest.mark.parametrize("idle", [500.0, 100.0])
def test_a_marginal_energy_below_zero_raises(idle: float) -> None:
    run, below = log_of([100.0, 100.0]), log_of([idle, idle])
    for asked in (lambda: run.energy(above=below.power()), lambda: run.baseline(below)):
        with pytest.raises(LogError, match="idle power is not below"):
            asked()
    assert nominal(run.energy(above=log_of([40.0, 40.0]).power())) == pytest.approx(60 / 3.6e6)


def test_an_idle_power_with_labels_of_its_own_raises() -> None:
    labelled = lca.Meter("plug", at="wall").read({"a": 1.0, "b": 2.0}, "W", dim="room")
    with pytest.raises(LogError, match="has labels"):
        log_of([100.0, 100.0]).energy(above=labelled)


@pytest.mark.parametrize("above", ["0.05 kWh", "1 J/inference"])
def test_q1_an_idle_power_is_a_power(above: str) -> None:
    with pytest.raises(LcaError, match="W at the wall"):
        log_of([100.0, 100.0]).energy(above=lca.Meter("plug", at="wall").read(above))


# --- the first part of a training ---------------------------------------------------------------------------


def steps(unit: str = "iteration", planned: float | None = None) -> TrainingLog:
    """Three marks, the last one at 65 s."""
    return TrainingLog(Path("a.log"), "made", np.array([10.0, 20, 30]), np.array([25.0, 45, 65]), unit, planned)


def test_m7_the_energy_of_another_window_raises() -> None:
    """600 s of 100 W beside 65 s of steps would be nine times the energy."""
    longer, alike = log_of([100.0] * 601), log_of([100.0] * 68)
    with pytest.raises(DomainError, match=r"another time(.|\n)*600 s(.|\n)*65 s"):
        lca.Training.extrapolated("run", steps(), planned=300, energy=longer)
    with pytest.raises(DomainError, match="another time"):
        lca.Training.extrapolated("run", measured=30, duration="65 s", planned=300, energy=longer)
    made = lca.Training.extrapolated("run", steps(), planned=300, energy=alike, pace=1)
    assert lca.nominal(made.energy).data["value"].item() == pytest.approx(6_700 * (65 + 2 * 270) / 65 / 3.6e6)


def test_m7_what_the_log_says_is_not_said_again() -> None:
    for said in ({"measured": 5}, {"duration": "5 s"}):
        with pytest.raises(DomainError, match="so does an argument"):
            lca.Training.extrapolated("run", steps(), planned=300, power="1 W", at="wall", **said)
    with pytest.raises(MissingError, match="no steps"):
        lca.Training.extrapolated("run", log_of([1.0, 1.0]), planned=300, power="1 W", at="wall")


def test_m7_epochs_are_not_iterations() -> None:
    """25,000 iterations of a log in epochs would be 25,000 epochs."""
    made = lca.Training.extrapolated("run", steps("epoch"), planned="100 epochs", power="1 W", at="wall", pace=1)
    assert made.duration is not None
    assert lca.nominal(made.duration).data["value"].item() == pytest.approx(65 + 2 * 70)
    with pytest.raises(DomainError, match="other steps(.|\n)*give the planned number of epochs"):
        lca.Training.extrapolated("run", steps("epoch"), planned="25000 iterations", power="1 W", at="wall")


def test_m7_a_run_that_is_over_needs_its_duration() -> None:
    with pytest.raises(DomainError, match="of a run that is over, give the duration"):
        lca.Training.extrapolated("run", steps(planned=30), power="1 W", at="wall").duration


# --- two logs of one name -----------------------------------------------------------------------------------


def test_u10_two_logs_of_one_name_share_a_meter_or_clash_by_its_key(tmp_path: Path) -> None:
    """The logs of a folder for each run have one name; of another accuracy they are not of one meter."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    paths = [written(tmp_path / name / "gpu.csv") for name in ("a", "b")]
    one, other = (power_of(path) for path in paths)
    first = lca.Training("a", energy=one.energy(), duration="1 s", beyond="not counted")
    same = lca.Training("b", energy=other.energy(), duration="1 s", beyond="not counted")
    rows = lca.provenance(first.energy + same.energy)
    assert (
        sorted(rows.index.get_level_values(-1) if rows.index.nlevels > 1 else rows.index).count("gpu-csv.accuracy") == 1
    )
    finer = power_of(paths[1], meter=lca.Meter("gpu.csv", at="component", accuracy="1 %"))
    clash = lca.Training("b", energy=finer.energy(), duration="1 s", beyond="not counted")
    with pytest.raises(LcaError, match=r"gpu-csv\.accuracy' has two definitions"):
        lca.nominal(first.energy + clash.energy)
    named = power_of(paths[1], meter=lca.Meter("card of b", at="component", accuracy="1 %"))
    apart = lca.Training("b", energy=named.energy(), duration="1 s", beyond="not counted")
    assert lca.nominal(first.energy + apart.energy).data["value"].item() == pytest.approx(2 * 110 / 3.6e6)


# --- many runs ----------------------------------------------------------------------------------------------


def test_many_runs_take_the_time_of_reading_them() -> None:
    """Each run overlaps its neighbours; against all others it would be 200 million comparisons."""
    runs = [Run(n, f"r{n}", 1.0, 90.0, float(n * 80), machine=True) for n in range(20_000)]
    begun = time.perf_counter()
    assert len(counted_once(runs)) == 20_000
    assert time.perf_counter() - begun < 10


def test_m3_a_run_within_another_one_counts_once_wherever_it_stands() -> None:
    whole = Run(1, "whole", 10.0, 1_000.0, 0.0, machine=True)
    parts = [Run(n, f"part {n}", 1.0, 90.0, 100.0 * n, machine=True) for n in range(2, 9)]
    assert counted_once([*parts, whole]) == [whole]


# --- the command --------------------------------------------------------------------------------------------


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["read", *arguments]) == 0
    return capsys.readouterr().out


def test_the_command_says_what_it_read_where_the_energy_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    zeros = written(tmp_path / "z.csv", "time_s,gpu (W)\n0,0\n1,0\n")
    assert "power log z.csv" in (said := printed(capsys, str(zeros), "--at", "wall"))
    assert "readings are zero" in said


@pytest.mark.parametrize("pair", ["gpu", "gpu=", "=W"])
def test_a_column_without_its_unit_is_no_argument(pair: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["read", "a.csv", "--column", pair])
    assert "not a column with its unit" in capsys.readouterr().err


def test_the_command_takes_seconds_since_the_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "a.csv", "time_s,gpu (W)\n0,10\n1,10\n2,40\n3,40\n")
    assert "covered: 100 %" in printed(capsys, str(path), "--at", "wall", "--between", "2", "3")


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_a_name_that_the_terminal_cannot_show_is_escaped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    path = written(tmp_path / os.fsdecode(b"\xc3\xb6\xff.csv"))
    screen = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict")
    monkeypatch.setattr("sys.stdout", screen)
    assert main(["read", str(path)]) == 0


def test_a_reader_that_has_seen_enough_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr("sys.stdout", Closed())
    assert main(["read", str(written(tmp_path / "a.csv"))]) == 0
