"""Which runs count the same energy, and the windows of Zeus, which may lie within each other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lca
from lca.errors import LogError
from lca.logs.runs.run import Run, counted_once, overlapping
from lca.logs.runs.run_table import RunTable

HEAD = "start_time,window_name,elapsed_time,gpu0_energy,gpu1_energy"


def run(name: str, start: float, seconds: float, joules: float = 0.0, host: str = "a", machine: bool = True) -> Run:
    return Run(0, name, joules or seconds * 100, seconds, start, host=host, machine=machine)


def names(runs: list[Run]) -> list[str]:
    return [one.name for one in runs]


def windows(folder: Path, *rows: str, head: str = HEAD) -> RunTable:
    file = folder / "zeus.csv"
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    log = lca.read(file)
    assert isinstance(log, RunTable)
    assert log.format == "zeus"
    return log


def test_m3_what_lies_within_another_run_counts_once_at_any_depth() -> None:
    runs = [run("step", 10, 5), run("training", 0, 100), run("epoch", 5, 50), run("later", 101, 9)]
    assert names(counted_once(runs)) == ["training", "later"]
    assert overlapping(counted_once(runs)) == []


def test_m4_a_run_that_is_not_within_another_is_kept_and_named() -> None:
    runs = [run("a", 0, 100), run("b", 60, 100), run("c", 155, 100)]
    assert names(counted_once(runs)) == ["a", "b", "c"]
    assert [(one.name, other.name) for one, other in overlapping(runs)] == [("a", "b")]  # b and c share 5 s of 100


def test_m4_the_larger_energy_of_a_shorter_run_does_not_hide_the_longer_one() -> None:
    runs = [run("short", 20, 30, joules=9e9), run("long", 0, 100)]
    assert names(counted_once(runs)) == ["short", "long"]
    assert len(overlapping(runs)) == 1


def test_m4_a_machine_within_the_time_of_a_process_with_whole_cards_is_not_left_out() -> None:
    process = replace(run("process", 0, 100, machine=False), cards=True)
    runs = [process, run("machine", 10, 20)]
    assert counted_once(runs) == runs
    assert overlapping(runs) == [(runs[0], runs[1])]


def test_runs_of_two_machines_may_take_turns() -> None:
    runs = [run("a", 0, 100), run("b", 1, 100, host="b"), run("a step", 10, 20), run("b step", 11, 20, host="b")]
    assert names(counted_once(runs)) == ["a", "b"]


def test_runs_of_other_machines_of_processes_and_without_times_are_all_counted() -> None:
    one = run("a", 0, 10)
    others = [run("b", 0, 10, host="b"), run("c", 0, 10, machine=False), Run(0, "d", 5.0, 10.0, None, machine=True)]
    assert counted_once([one, *others]) == [one, *others]
    assert overlapping([one, *others]) == []


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), max_size=9))
def test_no_moment_counts_twice_unless_it_is_named(times: list[tuple[int, int]]) -> None:
    """With sharp stamps: what is counted and not named as overlapping shares at most the slack of the shorter run."""
    runs = [run(f"{n}", start, seconds) for n, (start, seconds) in enumerate(times)]
    counted = counted_once(runs)
    if overlapping(counted):
        return
    for n, one in enumerate(counted):
        for other in counted[n + 1 :]:
            (a, da), (b, db) = ((r.start or 0.0, r.seconds or 0.0) for r in (one, other))
            assert min(a + da, b + db) - max(a, b) <= 0.05 * min(da, db) + 1e-9
    ends = [(r.start or 0.0) + (r.seconds or 0.0) for r in counted]
    assert max(ends, default=0.0) >= 0.95 * max((start + seconds for start, seconds in times), default=0)


# --- Zeus -------------------------------------------------------------------------------------------------------


def test_m1_a_window_has_the_energy_of_each_card_in_joules(tmp_path: Path) -> None:
    log = windows(tmp_path, "1700000000.5,train,9.2,2053.679,1000.0", "1700000010.0,eval,2.0,300.0,200.0")
    assert log.energy().given.values == (pytest.approx(3553.679),)
    assert log.energy().given.unit == "J at_component"
    assert log.seconds == pytest.approx(11.2)
    assert dict(log.runs[0].parts) == {"gpu 0": 2053.679, "gpu 1": 1000.0}
    assert log.data.loc[0, "start"] == "2023-11-14 22:13:20.500"
    assert log.sel(run="eval").energy().given.values == (500.0,)


def test_a_monotonic_start_is_not_a_date(tmp_path: Path) -> None:
    assert windows(tmp_path, "13585625.187,a,9.2,2053.6,10").data.loc[0, "start"] == "1.35856e+07 s"


def test_m3_a_window_within_another_counts_once(tmp_path: Path) -> None:
    log = windows(tmp_path, "100.0,step 1,10.0,1000,1000", "110.0,step 2,10.0,1000,1000", "99.9,epoch,20.5,2100,2100")
    assert log.energy().given.values == (4200.0,)
    assert log.seconds == 20.5


def test_m4_windows_that_overlap_raise(tmp_path: Path) -> None:
    log = windows(tmp_path, "100.0,a,10.0,1000,1000", "105.0,b,10.0,1000,1000")
    with pytest.raises(LogError, match="count the same energy"):
        log.energy()


def test_m6_an_energy_of_0_is_a_window_shorter_than_the_update_of_the_counter(tmp_path: Path) -> None:
    log = windows(tmp_path, "100.0,a,10.0,1000,1000", "120.0,b,0.01,0.0,3.1")
    assert log.runs[1].joules is None
    assert "1 windows lack the energy of a card" in log.notes[0]
    with pytest.raises(LogError, match="csv:3: b"):
        log.energy()


def test_bad_windows_raise_all_at_once(tmp_path: Path) -> None:
    rows = ("100,a,10,1,1", "soon,b,10,1,1", "120,c,10,-1,1", "130,d,,1,1", "140,e,10,1")
    with pytest.raises(
        LogError, match=r"4 of 5 lines(.|\n)*csv:3: (.|\n)*csv:4: (.|\n)*csv:5: no time(.|\n)*csv:6: 4 c"
    ):
        windows(tmp_path, *rows)


def test_q4_a_card_that_draws_more_than_any_is_refused(tmp_path: Path) -> None:
    """The counter of the card is in mJ: these were not converted."""
    with pytest.raises(LogError, match="above what the device can draw"):
        windows(tmp_path, "100.0,a,9.2,2053679,2053679")


def test_m6_windows_without_cards_and_tables_of_experiments_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="windows without cards"):
        windows(tmp_path, "100.0,a,9.2", head="start_time,window_name,elapsed_time")
    with pytest.raises(LogError, match="mean powers of many experiments"):
        windows(tmp_path, "coco,yolo,8,sgd,100,27.1,106.9",
                head="dataset,network,batch_size,optimizer,power_limit,time_per_epoch,average_power")  # fmt: skip
