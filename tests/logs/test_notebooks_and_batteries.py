"""The notebook of a plug meter, and what laptops say of their batteries (M1, M3, M5)."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import lca
from lca.errors import LogError
from lca.logs.files.source import Source
from lca.logs.recognise import known_formats
from lca.logs.runs.run_table import RunTable


def written(folder: Path, text: str, name: str = "notebook.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def runs(path: Path, **said: object) -> RunTable:
    found = lca.read(path, **said)  # type: ignore[arg-type]
    assert isinstance(found, RunTable)
    return found


def joules(log: object) -> float:
    reading = log.energy()  # type: ignore[attr-defined]
    (value,) = reading.given.values
    return float(getattr(value, "median", value))  # a wide spread is a lognormal around its median


LOG = """# Kill A Watt at the desk; the monitor was off
run, time, power [W]
baseline, 10:00, 147
baseline, 10:05, 149
# lunch
resnet18, 13:00, 150
resnet18, 13:01, 152
"""


def test_power_over_time_is_a_power_log_of_one_run(tmp_path: Path) -> None:
    """The digits are the resolution of the display: 1 W."""
    path = written(tmp_path, LOG)
    with pytest.raises(LogError, match="power of several runs") as raised:
        lca.read(path)
    assert "baseline, resnet18" in raised.value.fix
    log = lca.read(path, run="baseline")
    assert isinstance(log, lca.PowerLog)
    assert (log.format, log.meter.at) == ("kill-a-watt", "wall")
    assert joules(log) == pytest.approx(148 * 300)
    assert log.channels[0].step == 1.0
    with pytest.raises(LogError, match="power of several runs"):
        lca.read(path, run="vgg")


@pytest.mark.parametrize(
    ("head", "times"),
    [
        ("time;power [kW]", ("23:59:30", "00:00:30")),
        ("time\tpower [kW]", ("2026-03-01 10:00", "2026-03-01 10:01")),
        ("time [s],power [kW]", ("0", "60")),
        ("time [min],power [kW]", ("0", "1")),
    ],
)
def test_times_and_units_as_people_write_them(tmp_path: Path, head: str, times: tuple[str, str]) -> None:
    between = max(",;\t", key=head.count)
    text = "\n".join([head, *(f"{time}{between}0.147" for time in times)])
    assert joules(lca.read(written(tmp_path, text))) == pytest.approx(147 * 60)


def test_two_rows_in_one_minute_are_an_error_and_no_burst(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="do not come after the one before"):
        lca.read(written(tmp_path, "time,watts\n10:00,100\n10:00,101\n10:01,100\n"))


COUNTER = """run, start, stop, start energy [kWh], stop energy [kWh], note
train, 10:00, 13:30, 12.41, 12.87, first try
tune, 22:00, 01:00, 12.87, 13.10,
"""


def test_the_counter_before_and_after_gives_runs_with_the_error_of_two_displays(tmp_path: Path) -> None:
    """U10: each display of 0.01 kWh errs by half a step, u = step sqrt(2/12) a run; two runs are independent."""
    table = runs(written(tmp_path, COUNTER))
    assert [run.joules for run in table.runs] == pytest.approx([0.46 * 3.6e6, 0.23 * 3.6e6])
    assert [run.seconds for run in table.runs] == [3.5 * 3600, 3 * 3600], "the second run ends after midnight"
    assert table.runs[0].facts == (("note", "first try"),)
    one = table.sel(run="train").energy()
    assert one.scatter == pytest.approx((36_000 * math.sqrt(2 / 12),))
    assert table.energy().scatter == pytest.approx((36_000 * math.sqrt(4 / 12),))
    assert [run.name for run in runs(written(tmp_path, COUNTER), run="tune").runs] == ["tune"]


def test_one_step_of_the_display_is_an_energy_with_a_wide_spread(tmp_path: Path) -> None:
    """A rise of one step cannot be drawn below 0: the spread is a lognormal."""
    table = runs(written(tmp_path, "start,stop,start_kwh,stop_kwh\n10:00,10:02,1.000,1.001\n"))
    (value,) = table.energy().given.values
    assert isinstance(value, lca.Lognormal)
    assert value.median == pytest.approx(3600.0)


TRAININGS = """# power of the whole machine over 1,000 iterations
run, iterations, seconds, watts
baseline, 1000, 196, 147
resnet18, 1000, 143, 148
"""


def test_a_steady_power_over_a_time_gives_runs(tmp_path: Path) -> None:
    """Both displays err by half a step: u^2 = (196 s x 1 W)^2 / 12 + (147 W x 1 s)^2 / 12."""
    table = runs(written(tmp_path, TRAININGS), meter=lca.Meter("Kill A Watt", at="wall", accuracy="2 %"))
    assert table.meter.accuracy == "2 %"
    assert [run.joules for run in table.runs] == [196 * 147, 143 * 148]
    assert table.runs[0].u == pytest.approx(math.hypot(196, 147) / math.sqrt(12))
    assert table.data["iterations"].tolist() == ["1000", "1000"]
    assert table.data["power [W]"].tolist() == ["147", "148"]
    assert table.seconds == 196 + 143


def test_the_notebook_makes_the_trainings_of_a_study(tmp_path: Path) -> None:
    """What `Training.extrapolated` takes: seconds and watts of each run, and how many iterations were measured."""
    wall = lca.Meter("Kill A Watt", at="wall", accuracy="2 %", resolution="1 W")
    data = runs(written(tmp_path, TRAININGS), meter=wall).data.set_index("run")
    training = lca.Training.extrapolated(
        "backbones",
        duration=lca.labelled(data["seconds"], "s", dim="model"),
        power=wall.read(data["power [W]"].astype(float), "W", dim="model"),
        measured=1_000,
        planned=170_000,
        pace=1,
    )
    values = lca.nominal(training.energy).data["value"].sel(model="baseline")
    assert float(values) * lca.quantity(1, values.attrs["unit"]).to("J at_wall").magnitude == pytest.approx(
        196 * 147 * 170
    )


def test_all_bad_rows_are_told_at_once(tmp_path: Path) -> None:
    """Decimal commas, a counter that fell, a stop before the start, a name twice, an hour of twelve."""
    text = COUNTER + (
        "a, 10:00, 11:00, 13,10, 13.20, comma\nb, 10:00, 11:00, 13.5, 13.2,\nc, 11:00, 10:59, 13.2, 13.3,\n"
        "train, 12:00, 13:00, 13.3, 13.4,\nd, 1:00 pm, 2:00 pm, 13.4, 13.5,\ne, 14:00, 15:00, x, 13.6,\n"
    )
    with pytest.raises(LogError, match="6 of 9 lines") as raised:
        lca.read(written(tmp_path, text))
    found = [side.split(": ", 1)[1] for side in raised.value.sides]
    assert [any(word in one for one in found) for word in ("point", "fell", "before the start", "line 2", "no time")]
    assert [side.split(": ")[0].rsplit(":")[-1] for side in raised.value.sides] == ["4", "5", "6", "7", "8", "9"]


def test_a_blank_reading_is_missing_and_not_0(tmp_path: Path) -> None:
    table = runs(written(tmp_path, "run,start,stop,start_kwh,stop_kwh\na,10:00,11:00,1.0,1.5\nb,12:00,13:00,-,2.0\n"))
    with pytest.raises(LogError, match="1 runs have no energy"):
        table.energy()
    assert joules(table.sel(run="a")) == pytest.approx(0.5 * 3.6e6)
    log = lca.read(written(tmp_path, "time,watts\n10:00,100\n10:01,\n10:02,100\n"))
    assert joules(log) == pytest.approx(100 * 120)


@pytest.mark.parametrize("head", ["time,power", "time,power [A]", "run,seconds,power"])
def test_a_column_without_its_unit_is_refused(tmp_path: Path, head: str) -> None:
    """M1."""
    with pytest.raises(LogError, match="columns of this notebook") as raised:
        lca.read(written(tmp_path, head + "\n10:00,5\n"))
    assert "power" in raised.value.sides[0]


def test_a_notebook_is_of_the_wall(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="another boundary"):
        lca.read(written(tmp_path, TRAININGS), at="board")


def test_other_tables_are_no_notebooks(tmp_path: Path) -> None:
    for text in ("timestamp,watts\n1,2\n", "Time,10:00,Watts,38.6\n", "model,seconds,watts\na,1,2\n"):
        assert not known_formats()["kill-a-watt"].fits(Source(written(tmp_path, text)))


# --- batteries ----------------------------------------------------------------------------------------------------


def event(
    time: str, rate: str = "9.256 W", *, name: str = "battery_BAT0", state: str = "discharging", supply: str = "yes"
) -> str:
    head = f"[{time}]\tdevice changed:     /org/freedesktop/UPower/devices/{name}"
    body = (
        f"  native-path:          BAT0\n  power supply:         {supply}\n  battery\n    state:               {state}"
    )
    return f"{head}\n{body}\n    energy:              73.64 Wh\n    energy-rate:         {rate}\n\n"


def test_a_battery_that_is_discharged_is_a_power_log(tmp_path: Path) -> None:
    """The sum that DisplayDevice shows is left out, and so is a mouse."""
    other = event("10:00:05.000", name="DisplayDevice") + event("10:00:06.000", name="mouse", supply="no")
    text = "Monitoring activity from the power daemon. Press Ctrl+C to cancel.\n" + event("10:00:00.000", "10 W")
    log = lca.read(written(tmp_path, text + other + event("10:00:30.000", "12 W") + event("10:01:00.000", "10 W")))
    assert (log.format, log.meter.at, log.devices) == ("upower", "board", ("battery_BAT0",))
    assert joules(log) == pytest.approx(11 * 60)


def test_a_battery_that_is_charged_says_nothing_of_the_machine(tmp_path: Path) -> None:
    """The power goes into it."""
    text = event("10:00:00.000") + event("10:00:30.000", "21.031 W", state="charging")
    with pytest.raises(LogError, match=r"goes into it \(21.031 W\)"):
        lca.read(written(tmp_path, text))
    text = event("10:00:00.000") + event("10:00:30.000", "0 W", state="fully-charged") + event("10:01:00.000")
    with pytest.raises(LogError, match="1 of 3 lines") as raised:
        lca.read(written(tmp_path, text))
    assert "gives no power here (fully-charged)" in raised.value.sides[0]
    assert joules(lca.read(written(tmp_path, event("10:00:00.000") + event("10:00:30.000") + event(
        "10:00:40.000", "0 W", state="fully-charged")))) == pytest.approx(9.256 * 30)  # fmt: skip


def test_a_dump_of_upower_is_one_moment(tmp_path: Path) -> None:
    text = event("0").replace("[0]\tdevice changed: ", "Device: ")
    with pytest.raises(LogError, match=r"one moment \(9.256 W\)"):
        lca.read(written(tmp_path, text))


def test_powertop_says_one_interval(tmp_path: Path) -> None:
    """146 J at 6.01 W are 24.3 s."""
    table = runs(written(tmp_path, "The battery reports a discharge rate of 6.01 W\nThe energy consumed was 146 J\n"))
    assert (table.format, table.meter.at) == ("powertop", "board")
    assert joules(table) == 146
    assert table.seconds == pytest.approx(24.29, abs=0.01)
    milli = runs(
        written(tmp_path, "The battery reports a discharge rate of 810 mW\nThe energy consumed was 16200 mJ\n")
    )
    assert joules(milli) == pytest.approx(16.2)


def test_powertop_on_the_mains_supply_is_refused(tmp_path: Path) -> None:
    """8.30 mW is no computer; it must not become 8.3 W."""
    text = "The battery reports a discharge rate of 8.30 mW\nThe power consumed was 164 mJ\n"
    with pytest.raises(LogError, match=r"0\.0083 W, so the machine ran on its mains supply"):
        lca.read(written(tmp_path, text))


def test_a_rate_of_powertop_needs_its_time(tmp_path: Path) -> None:
    path = written(tmp_path, "The battery reports a discharge rate of:  5.50  W;\n")
    with pytest.raises(LogError, match="without its time"):
        lca.read(path)
    assert joules(lca.read(path, interval="20 s")) == pytest.approx(110.0)


def test_a_percent_is_no_energy(tmp_path: Path) -> None:
    text = "timestamp,percent,state,seconds_left,,,\n2025-08-31 11:41,41,Discharging,-,,,\n"
    with pytest.raises(LogError, match="only how full it is"):
        lca.read(written(tmp_path, text))
