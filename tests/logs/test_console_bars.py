"""Progress bars: one clock for all bars, which bar counts, and what is planned."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import lca
from lca.errors import LcaError, LogError
from lca.logs.training.training_log import TrainingLog

ULTRALYTICS = """Starting training for 30 epochs...
      Epoch    GPU_mem   box_loss   cls_loss   dfl_loss  Instances       Size
       1/30      1.09G      1.461      4.015      1.825          4        640: 100% ━━━━━━━━━━━━ 88/88 3.5it/s 24.9s
                 Class     Images  Instances      Box(P          R      mAP50-95): 100% ━━━━━━━━━━━━ 12/12 3.3it/s 3.7s
                   all        192        205     0.0141      0.884      0.102     0.0412
       2/30      1.29G      1.389      3.408       1.73          4        640: 100% ━━━━━━━━━━━━ 88/88 3.5it/s 1:04
                 Class     Images  Instances      Box(P          R      mAP50-95): 100% ━━━━━━━━━━━━ 12/12 3.3it/s 2.0s
"""
KERAS = """Epoch 1/10
 100/1563 ━━━━━━━━━━━━━━━━━━━━ 70s 50ms/step - accuracy: 0.41 - loss: 1.6
1563/1563 ━━━━━━━━━━━━━━━━━━━━ 0s 50ms/step - accuracy: 0.44 - loss: 1.5
1563/1563 ━━━━━━━━━━━━━━━━━━━━ 79s 50ms/step - accuracy: 0.44 - loss: 1.5 - val_accuracy: 0.56
Epoch 2/10
1563/1563 ━━━━━━━━━━━━━━━━━━━━ 82s 52ms/step - accuracy: 0.59 - loss: 1.2 - val_accuracy: 0.61
"""


def bar(count: int, total: int, clock: str, text: str = "") -> str:
    return f"{text}{100 * count // total:3d}%|███▎      | {count}/{total} [{clock}<00:10, 12.80it/s, loss=6.2]"


def read(folder: Path, text: str, **said: object) -> TrainingLog:
    """The log of a text, recognised by what it holds."""
    file = folder / "train.log"
    file.write_bytes(text.encode())
    log = lca.read(file, **said)  # type: ignore[arg-type]
    assert isinstance(log, TrainingLog)
    return log


def marks(log: TrainingLog) -> list[tuple[float, float]]:
    return list(zip(log.steps.tolist(), log.seconds.round(6).tolist(), strict=True))


def test_m7_one_bar_is_the_run_and_its_total_is_planned(tmp_path: Path) -> None:
    lines = [bar(0, 2800, "00:00"), bar(99, 2800, "00:08"), bar(199, 2800, "01:16"), bar(299, 2800, "1:00:24")]
    log = read(tmp_path, "\n".join(lines))
    assert (log.format, log.unit, log.planned) == ("progress bar", "iteration", 2800)
    assert marks(log) == [(99, 8), (199, 76), (299, 3624)]


def test_m7_a_bar_that_is_drawn_over_itself_is_read_in_bounded_memory(tmp_path: Path) -> None:
    """Carriage returns only, and more text than one line may have; the full bar is drawn twice."""
    pieces = [bar(n, 20_000, f"{n // 3600}:{n // 60 % 60:02d}:{n % 60:02d}") for n in range(20_001)]
    log = read(tmp_path, "\r".join([*pieces, pieces[-1]]) + "\n")
    assert log.steps.tolist() == list(range(1, 20_001))
    assert log.seconds.tolist() == list(range(1, 20_001))


def test_m7_of_one_second_the_first_line_counts(tmp_path: Path) -> None:
    """Bars show whole seconds: 12 and 25 steps at 00:01 are no pace without time."""
    lines = [bar(0, 90, "00:00"), bar(12, 90, "00:01"), bar(25, 90, "00:01"), bar(37, 90, "00:02")]
    assert marks(read(tmp_path, "\r".join(lines))) == [(12, 1), (37, 2)]


def test_m7_a_bar_of_each_epoch_with_its_validation(tmp_path: Path) -> None:
    """The validation is no step, but it is time: 30 s and then 5 s."""
    text = ""
    for epoch in (1, 2):
        text += "\r".join(bar(n, 50, f"00:{n * 3 // 5:02d}", f"Epoch {epoch}/4: ") for n in (0, 25, 50, 50)) + "\n"
        text += "\r".join(bar(n, 5, f"00:0{n}", "Validation: ") for n in (0, 5, 5)) + "\n"
    log = read(tmp_path, text)
    assert log.planned == 200
    assert marks(log) == [(25, 15), (50, 30), (75, 50), (100, 65)]
    assert any("Validation" in note for note in log.notes)


def test_m7_a_log_of_the_last_epoch_alone_plans_that_epoch(tmp_path: Path) -> None:
    text = "\r".join(bar(n, 50, f"00:{n * 3 // 5:02d}", "Epoch 4/4: ") for n in (0, 25, 50)) + "\n"
    assert read(tmp_path, text).planned == 50


def test_m7_of_epochs_that_show_their_last_line_only_each_is_a_bar(tmp_path: Path) -> None:
    text = "".join(bar(50, 50, clock) + "\n" for clock in ("00:10", "00:10", "00:12"))
    log = read(tmp_path, text)
    assert (marks(log), log.planned) == ([(50, 10), (100, 20), (150, 32)], None)


def test_m4_a_bar_around_others_is_not_counted_twice(tmp_path: Path) -> None:
    """Epochs around batches: 2 epochs in 80 s; the batches have more lines."""
    text = bar(0, 4, "00:00", "epochs: ") + "\n"
    for epoch in (1, 2):
        text += "\n".join(bar(n, 50, f"00:{n * 3 // 5:02d}", "batches: ") for n in (10, 30, 50)) + "\n"
        text += bar(epoch, 4, f"0{epoch * 40 // 60}:{epoch * 40 % 60:02d}", "epochs: ") + "\n"
    batches = read(tmp_path, text, run="batches")
    assert marks(batches) == [(10, 6), (30, 18), (50, 30), (60, 46), (80, 58), (100, 70)]
    epochs = read(tmp_path, text, run="epochs")
    assert (marks(epochs), epochs.planned) == ([(1, 40), (2, 80)], 4)
    assert read(tmp_path, text).steps.tolist() == [1, 2], "the bar that covers the most time"


def test_m4_evaluations_within_a_bar_of_the_whole_run(tmp_path: Path) -> None:
    """A trainer: one bar of 600 steps, and a bar of 16 for each evaluation, none with a text."""
    text = ""
    for n in (100, 200, 300):
        text += bar(n, 600, f"00:{n // 10 + 10 * (n // 100 - 1)}") + "\n"
        text += "\r".join(bar(k, 16, f"00:{k:02d}") for k in (4, 8, 10, 10)) + "\n"
    log = read(tmp_path, text)
    assert (marks(log), log.planned) == ([(100, 10), (200, 30), (300, 50)], 600)


def test_m7_a_bar_that_goes_on_from_a_checkpoint_counts_from_there(tmp_path: Path) -> None:
    lines = [bar(3000, 6000, "00:00"), bar(3100, 6000, "00:50"), bar(3200, 6000, "01:40")]
    log = read(tmp_path, "\n".join(lines))
    assert (marks(log), log.planned) == ([(100, 50), (200, 100)], 3000)


def test_m7_one_epoch_of_an_unknown_number_plans_nothing(tmp_path: Path) -> None:
    lines = [bar(0, 2817, "00:00", "Stage2 Epoch 31: "), bar(99, 2817, "00:08", "Stage2 Epoch 31: ")]
    log = read(tmp_path, "\n".join(lines))
    assert log.planned is None
    assert "2817" in log.notes[1]


def test_m7_a_log_that_begins_with_a_later_epoch_plans_what_is_left(tmp_path: Path) -> None:
    lines = [bar(n, 100, f"00:{n:02d}", "Epoch 8/10: ") for n in (0, 20, 40)]
    assert read(tmp_path, "\n".join(lines)).planned == 300


@pytest.mark.parametrize(("text", "planned"), [("0/9      2.5G      1.4   640: ", 1000), ("Epoch 0/9: ", None)])
def test_m7_epochs_from_0_are_counted_where_it_is_known_how(tmp_path: Path, text: str, planned: float | None) -> None:
    lines = [bar(n, 100, f"00:{n:02d}", text) for n in (0, 20, 40)]
    assert read(tmp_path, "\n".join(lines)).planned == planned


def test_m7_a_bar_without_a_total(tmp_path: Path) -> None:
    log = read(tmp_path, "train: 0it [00:00, ?it/s]\rtrain: 99it [00:08, 12.8it/s]\rtrain: 199it [00:16, 12.8it/s]\n")
    assert (marks(log), log.planned) == ([(99, 8), (199, 16)], None)


def test_bars_below_each_other_that_are_drawn_again_are_not_counted_twice(tmp_path: Path) -> None:
    """The cursor moves up to the first bar; the second is full twice, on two lines."""
    inner = "\n".join(f"{bar(n, 50, f'00:{n:02d}', 'batches: ')}\x1b[A" for n in (0, 25, 50, 50, 50))
    text = f"{bar(0, 4, '00:00', 'epochs: ')}\n{inner}\r{bar(1, 4, '00:50', 'epochs: ')}\n"
    assert marks(read(tmp_path, text, run="epochs")) == [(1, 50)]
    assert marks(read(tmp_path, text, run="batches")) == [(25, 25), (50, 50)]


def test_downloads_are_no_training(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="no format is recognised"):
        read(tmp_path, "model.pt:  45%|████▌     | 44.7M/97.8M [00:03<00:02, 19.3MB/s]\n")
    with pytest.raises(LogError, match="no format is recognised"):
        read(tmp_path, "   ━━━━━━━━━━━━━━━━━━━━━━ 474.6/474.6 kB 1.6 MB/s eta 0:00:00\n")


def test_a_bar_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="no progress bar has 'test'"):
        read(tmp_path, bar(10, 20, "00:10"), run="test")


def test_m7_bars_of_ultralytics_with_validations(tmp_path: Path) -> None:
    log = read(tmp_path, ULTRALYTICS)
    assert (log.format, log.planned) == ("progress bar", 30 * 88)
    assert marks(log) == [(88, 24.9), (176, 92.6)]


def test_m7_keras_the_time_of_a_running_epoch_is_what_is_left(tmp_path: Path) -> None:
    log = read(tmp_path, KERAS)
    assert (log.format, log.unit, log.planned) == ("keras", "epoch", 10)
    assert marks(log) == [(1, 79), (2, 161)]


@pytest.mark.parametrize(
    "line",
    [
        "1875/1875 [==============================] - 5s 3ms/step - loss: 0.29 - acc: 0.9",
        "1875/1875 - 5s - loss: 0.3 - acc: 0.9 - 5s/epoch - 3ms/step",
        "1875/1875 - 5s - 3ms/step - accuracy: 0.6 - loss: 0.67",
    ],
)
def test_m7_lines_of_older_versions_of_keras(tmp_path: Path, line: str) -> None:
    running = " 32/1875 [..............................] - ETA: 9s - loss: 2.3\b\b\b\r"
    text = f"Epoch 1/3\n{running}{line}\nEpoch 2/3\n{line}\n313/313 [======] - 1s 2ms/step - loss: 0.1\n"
    assert marks(read(tmp_path, text)) == [(1, 5), (2, 10)]


def test_m3_two_fits_of_keras_are_two_runs(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="2 runs"):
        read(tmp_path, KERAS + KERAS)
    assert marks(read(tmp_path, KERAS + KERAS, run="2")) == [(1, 79), (2, 161)]


def test_m6_epochs_shorter_than_a_second_have_no_time(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="no steps with times"):
        read(tmp_path, "Epoch 1/5\n1/1 ━━━━━━━━━━━━━━━━━━━━ 0s 91ms/step - loss: 3.0\n")


@pytest.mark.parametrize("text", [ULTRALYTICS, KERAS, "\r".join(bar(n, 90, f"00:{n:02d}") for n in range(40))])
def test_damaged_bars_raise_errors_of_this_library_only(tmp_path: Path, text: str) -> None:
    draw = np.random.default_rng(3)
    file = tmp_path / "train.log"
    for _ in range(100):
        data = bytearray(text.encode())
        for at in draw.integers(0, len(data), 4):
            data[at] = int(draw.choice(list(b"09:[]/ %|\x00\r\n\xff")))
        file.write_bytes(bytes(data[: int(draw.integers(1, len(data) + 1))]))
        try:
            log = lca.read(file)
        except LcaError:
            continue
        assert (np.diff(log.steps, prepend=0) > 0).all()
        assert (np.diff(log.seconds, prepend=0) > 0).all()
    file.write_text(text.replace("0", "9" * 5000), encoding="utf-8")
    with pytest.raises(LcaError):
        lca.read(file)
