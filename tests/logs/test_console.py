"""The console output of training frameworks: stamps, epochs, resumed runs, and what is planned."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import lca
from lca.errors import LcaError, LogError
from lca.logs.training.training_log import TrainingLog

DETECTRON2 = """[03/15 07:47:50 detectron2]: Running with full config:
  MAX_ITER: 300
[03/15 07:47:57 d2.engine.train_loop]: Starting training from iteration 0
\x1b[32m[03/15 07:48:04 d2.utils.events]: \x1b[0m eta: 0:01:23  iter: 19  total_loss: 1.475  time: 0.2951  lr: 6e-06
[03/15 07:48:10 d2.utils.events]:  eta: 0:01:17  iter: 39  total_loss: 1.383  time: 0.3084  data_time: 0.03
[03/15 07:48:16 d2.evaluation.evaluator]: Inference done 10/20
[03/15 07:49:16 d2.utils.events]:  eta: 0:01:09  iter: 59  total_loss: 1.266  time: 0.3054  data_time: 0.03
"""
MMENGINE = """2023/06/07 02:08:40 - mmengine - INFO -
train_cfg = dict(by_epoch=True, max_epochs=3, val_interval=1)
2023/06/07 02:08:43 - mmengine - INFO - Checkpoints will be saved to work.
2023/06/07 02:08:53 - mmengine - INFO - Epoch(train)  [1][ 50/120]  lr: 1.0e-02  eta: 0:00:30  time: 0.1499
2023/06/07 02:09:03 - mmengine - INFO - Epoch(train)  [1][100/120]  lr: 1.0e-02  eta: 0:00:20  time: 0.1499
2023/06/07 02:09:07 - mmengine - INFO - Epoch(val)  [1][50/60]  eta: 0:00:01  time: 0.02
2023/06/07 02:09:23 - mmengine - INFO - Epoch(train)  [2][ 50/120]  lr: 1.0e-02  eta: 0:00:10  time: 0.1499
"""
MMCV = """2020-05-08 18:32:34,938 - mmdet - INFO - workflow: [('train', 1)], max: 4 epochs
2020-05-08 18:33:04,938 - mmdet - INFO - Epoch [1][50/7517]\tlr: 0.00125, eta: 4:57:01, time: 0.594, loss: 1.06
2020-05-08 18:33:34,438 - mmdet - INFO - Epoch [1][100/7517]\tlr: 0.00125, eta: 4:55:21, time: 0.589, loss: 0.71
"""
DEEPSPEED = """[2024-06-21 10:48:42,000] [INFO] [logging.py:96:log_dist] [Rank 0] step=0, skipped=0, lr=[1e-08], mom=[9]
[2024-06-21 10:50:42,000] [INFO] [logging.py:96:log_dist] [Rank 0] step=10, skipped=0, lr=[1e-08], mom=[0.9]
[2024-06-21 10:50:42,001] [INFO] [logging.py:96:log_dist] [Rank 0] time (ms) | fwd: 25341.72
[2024-06-21 10:52:12,500] [INFO] [logging.py:96:log_dist] [Rank 0] step=20, skipped=0, lr=[1e-08], mom=[0.9]
"""
GLUE = """[06/17/2024 01:17:17 gluefactory INFO] [E 4 | it 800] loss {total 8.366E-01, last 2.679E-01}
[06/17/2024 01:19:52 gluefactory INFO] [E 4 | it 900] loss {total 9.119E-01, last 2.978E-01}
[06/17/2024 01:28:39 gluefactory INFO] [Validation] {match_recall 9.163E-01}
[06/17/2024 01:28:41 gluefactory.utils.experiments INFO] Saving checkpoint checkpoint_best.tar
[06/17/2024 01:31:16 gluefactory INFO] [E 4 | it 1000] loss {total 9.237E-01, last 3.570E-01}
"""
MEGATRON = """ [2025-04-13 23:41:12] iteration       10/    1000 | a: 16 | elapsed time per iteration (ms): 1200.0 | lr
 [2025-04-13 23:41:22] iteration       20/    1000 | a: 32 | elapsed time per iteration (ms): 1000.0 | lr
"""
NANO = """step:0/5100 val_loss:10.8258 train_time:0ms step_avg:0.00ms
step:1/5100 train_loss:10.8 train_time:250ms step_avg:250.0ms
step:2/5100 train_loss:10.7 train_time:380ms step_avg:190.0ms
"""
ALL = [DETECTRON2, MMENGINE, MMCV, DEEPSPEED, GLUE, MEGATRON, NANO]


def read(folder: Path, text: str, **said: object) -> TrainingLog:
    """The log of a text, recognised by what it holds."""
    file = folder / "train.log"
    file.write_text(text, encoding="utf-8")
    log = lca.read(file, **said)  # type: ignore[arg-type]
    assert isinstance(log, TrainingLog)
    return log


def marks(log: TrainingLog) -> list[tuple[float, float]]:
    return list(zip(log.steps.tolist(), log.seconds.round(6).tolist(), strict=True))


def test_m7_detectron2_the_stamps_count_and_iterations_from_0_are_one_more(tmp_path: Path) -> None:
    """Its "time" is a median: 0.3 s would be 18 s, while 79 s passed; the evaluation stays in the last mark."""
    log = read(tmp_path, DETECTRON2)
    assert (log.format, log.unit, log.planned) == ("detectron2", "iteration", 300)
    assert marks(log) == [(20, 7), (40, 13), (60, 79)]


def test_m7_a_file_of_detectron2_has_another_order_of_the_name(tmp_path: Path) -> None:
    lines = ["[11/07 14:28:51] d2.utils.events INFO:  eta: 19:25:50  iter: 79  total_loss: 3.3  time: 0.234"]
    lines += ["[11/07 14:28:56] d2.utils.events INFO:  eta: N/A  iter: 99  total_loss: 3.2  time: 0.234"]
    log = read(tmp_path, "\n".join(lines))
    assert marks(log) == [(20, 5)]
    assert any("begins at iteration 80" in note for note in log.notes)


def test_m6_one_mark_without_a_start_is_no_pace(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="a single mark, at iteration 80"):
        read(tmp_path, "[11/07 14:28:51] d2.utils.events INFO:  eta: 19:25:50  iter: 79  time: 0.234\n")


def test_m7_a_resumed_run_of_detectron2_goes_on_and_the_pause_is_no_time(tmp_path: Path) -> None:
    more = """[03/16 09:00:00 d2.engine.train_loop]: Starting training from iteration 40
[03/16 09:00:10 d2.utils.events]:  eta: 0:01:09  iter: 59  total_loss: 1.2
[03/16 09:00:15 d2.utils.events]:  eta: 0:01:09  iter: 79  total_loss: 1.2
"""
    log = read(tmp_path, DETECTRON2 + more)
    assert marks(log) == [(20, 7), (40, 13), (60, 79), (80, 94)]
    assert log.restarts == (3,)


def test_m7_a_log_that_starts_with_a_resumed_run_counts_from_there(tmp_path: Path) -> None:
    text = DETECTRON2.replace("iteration 0", "iteration 10000")
    for step in (19, 39, 59):
        text = text.replace(f"iter: {step} ", f"iter: {10000 + step} ")
    log = read(tmp_path, text.replace("MAX_ITER: 300", "MAX_ITER: 10300"))
    assert (marks(log), log.planned) == ([(20, 7), (40, 13), (60, 79)], 300)


def test_m3_two_runs_in_one_console_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="2 runs"):
        read(tmp_path, DETECTRON2 + DETECTRON2.replace("03/15", "03/17"))
    assert marks(read(tmp_path, DETECTRON2 + DETECTRON2.replace("03/15", "03/17"), run="2"))[0] == (20, 7)


def yearless(first: str, second: str) -> str:
    return f"""[{first} d2.engine.train_loop]: Starting training from iteration 0
[{first} d2.utils.events]:  iter: 0  total_loss: 1.5
[{second} d2.utils.events]:  iter: 1  total_loss: 1.4
"""


@pytest.mark.parametrize(
    ("first", "second", "seconds"),
    [
        ("12/31 23:59:50", "01/01 00:00:10", 20.0),
        ("02/28 23:59:50", "03/01 00:00:10", 20.0),
        ("02/28 23:59:50", "02/29 00:00:10", 20.0),
        ("02/29 23:59:50", "03/01 00:00:10", 20.0),
        ("02/27 00:00:00", "03/02 00:00:00", 3 * 86400.0),
    ],
)
def test_m5_stamps_without_a_year_pass_its_end_and_february(
    tmp_path: Path, first: str, second: str, seconds: float
) -> None:
    assert read(tmp_path, yearless(first, second)).seconds.tolist() == [seconds]


def minutes(last: str) -> str:
    """Nine iterations a minute apart, and one more."""
    lines = [f"[03/30 01:5{m}:20 d2.utils.events]:  iter: {m}  total_loss: 1.5" for m in range(9)]
    return "\n".join([*lines, f"[03/30 {last}:20 d2.utils.events]:  iter: 9  total_loss: 1.5"])


@pytest.mark.parametrize("last", ["00:59", "02:59"])
def test_m5_local_times_that_jump_by_an_hour_are_refused(tmp_path: Path, last: str) -> None:
    with pytest.raises(LogError, match="clocks may have been changed"):
        read(tmp_path, minutes(last))


def test_m5_a_jump_of_an_hour_is_a_pause_if_the_zone_is_named(tmp_path: Path) -> None:
    assert marks(read(tmp_path, minutes("02:59"), zone="UTC"))[-1] == (9, 8 * 60 + 3660)


@pytest.mark.parametrize("last", ["00:30", "01:57"])
def test_m5_a_clock_that_falls_while_the_steps_rise_is_refused(tmp_path: Path, last: str) -> None:
    with pytest.raises(LogError, match="1 times do not come after"):
        read(tmp_path, minutes(last))


def test_m7_mmengine_counts_over_epochs_and_a_validation_stays_in_the_time(tmp_path: Path) -> None:
    log = read(tmp_path, MMENGINE)
    assert (log.format, log.planned) == ("mmengine", 360)
    assert marks(log) == [(50, 13), (100, 23), (170, 43)]


def test_m7_mmcv_counts_alike(tmp_path: Path) -> None:
    log = read(tmp_path, MMCV)
    assert (log.format, log.planned, marks(log)) == ("mmengine", 4 * 7517, [(50, 30), (100, 59.5)])


def test_m7_iterations_of_mmengine_say_what_is_planned(tmp_path: Path) -> None:
    text = "".join(
        f"08/21 02:58:{second} - mmengine - INFO - Iter(train) [ {step}/80000]  lr: 1e-2  time: 0.0019\n"
        for second, step in ((41, 50), (46, 100), (51, 150))
    )
    log = read(tmp_path, "08/21 02:58:31 - mmengine - INFO - Load checkpoint\n" + text)
    assert (log.planned, marks(log)) == (80000, [(50, 10), (100, 15), (150, 20)])


def test_m5_marks_of_the_same_second_are_spread_over_it(tmp_path: Path) -> None:
    text = "".join(
        f"08/21 02:58:{40 + n // 4} - mmengine - INFO - Epoch(train) [1][{n + 1}/99]  lr: 1e-2\n" for n in range(20)
    )
    assert np.diff(read(tmp_path, text).seconds) == pytest.approx([0.25] * 18)


def test_m7_a_resumed_run_of_mmengine(tmp_path: Path) -> None:
    text = """09/03 07:25:19 - mmengine - INFO - resumed epoch: 2, iter: 240
09/03 07:25:29 - mmengine - INFO - Epoch(train) [3][50/120]  lr: 1e-02  time: 0.9
"""
    log = read(tmp_path, text)
    assert marks(log) == [(50, 10)]
    assert any("begins at iteration 240" in note for note in log.notes)


def test_m7_deepspeed_begins_with_step_0(tmp_path: Path) -> None:
    log = read(tmp_path, DEEPSPEED)
    assert (log.format, marks(log)) == ("deepspeed", [(10, 120), (20, 210.5)])


def test_m7_glue_factory_keeps_its_validation_in_the_time(tmp_path: Path) -> None:
    log = read(tmp_path, GLUE)
    assert (log.format, log.unit, marks(log)) == ("gluefactory", "iteration", [(100, 155), (200, 839)])
    assert log.data["seconds per step"].tolist() == pytest.approx([1.55, 6.84])


def glue(*lines: str) -> str:
    return "".join(f"[06/17/2024 {line[:8]} gluefactory INFO] {line[9:]}\n" for line in lines)


def test_m7_glue_factory_counts_over_epochs_if_it_says_how_many_batches_there_are(tmp_path: Path) -> None:
    text = glue("10:00:00 Training loader has 150 batches", "10:00:10 Starting training with configuration:")
    text += "train:\n  epochs: 5\n" + glue(
        "10:00:20 [E 0 | it 0] loss {}", "10:01:20 [E 0 | it 100] loss {}", "10:02:20 [E 1 | it 0] loss {}"
    )
    log = read(tmp_path, text)
    assert (log.planned, marks(log)) == (750, [(1, 20), (101, 80), (151, 140)])


def test_m7_glue_factory_without_the_batches_counts_epochs(tmp_path: Path) -> None:
    text = glue(
        "10:00:00 Starting epoch 0", "10:00:20 [E 0 | it 0] loss {}", "10:01:20 [E 0 | it 100] loss {}",
        "10:02:20 [E 1 | it 0] loss {}", "10:04:20 [E 2 | it 0] loss {}",
    )  # fmt: skip
    log = read(tmp_path, text)
    assert (log.unit, marks(log)) == ("epoch", [(1, 140), (2, 260)])


def test_m7_megatron_adds_mean_times_of_ten_iterations(tmp_path: Path) -> None:
    log = read(tmp_path, MEGATRON)
    assert (log.format, log.planned, marks(log)) == ("megatron", 1000, [(10, 12), (20, 22)])
    assert "evaluations" in log.notes[0]


def test_m7_nanogpt_shows_milliseconds_since_the_start(tmp_path: Path) -> None:
    log = read(tmp_path, NANO)
    assert (log.format, log.planned, marks(log)) == ("nanogpt", 5100, [(1, 0.25), (2, 0.38)])


def test_nanogpt_is_recognised_behind_its_long_program(tmp_path: Path) -> None:
    program = 'print0(f"step:{step}/{train_steps} val_loss:{loss} train_time:{time:.0f}ms")\n' + "pass\n" * 20_000
    assert marks(read(tmp_path, program + NANO)) == [(1, 0.25), (2, 0.38)]


def test_all_bad_stamps_are_raised_at_once(tmp_path: Path) -> None:
    text = DETECTRON2.replace("03/15 07:48:10", "13/15 07:48:10").replace("03/15 07:48:16", "03/15 07:99:16")
    text = text.replace("07:99:16", "07:48:16").replace("03/15 07:48:16", "02/30 07:48:16")
    with pytest.raises(LogError, match="2 of 4 lines"):
        read(tmp_path, text)
    assert marks(read(tmp_path, text, errors="skip")) == [(20, 7), (60, 79)]


@pytest.mark.parametrize("text", ALL)
def test_damaged_logs_raise_errors_of_this_library_only(tmp_path: Path, text: str) -> None:
    draw = np.random.default_rng(3)
    for _ in range(80):
        data = bytearray(text.encode())
        for at in draw.integers(0, len(data), 3):
            data[at] = int(draw.choice(list(b"09:[]/ -\x00\r\n\xff")))
        lines = bytes(data[: int(draw.integers(1, len(data) + 1))]).split(b"\n")
        file = tmp_path / "train.log"
        file.write_bytes(b"\n".join(lines + lines[: int(draw.integers(0, 3))]))
        for errors in ("raise", "skip"):
            try:
                log = lca.read(file, errors=errors)
            except LcaError:
                continue
            assert (np.diff(log.steps, prepend=0) > 0).all()
            assert (np.diff(log.seconds, prepend=0) > 0).all()


@pytest.mark.parametrize("text", ALL)
def test_numbers_of_any_length_raise_errors_of_this_library_only(tmp_path: Path, text: str) -> None:
    """More digits than Python turns to a number."""
    with pytest.raises(LcaError):
        read(tmp_path, text.replace("0", "9" * 5000))
