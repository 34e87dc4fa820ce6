"""TensorBoard: event files that are written here byte by byte, folders of them, and downloaded CSVs."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

import lca
from lca.errors import LcaError, LogError
from lca.logs.files import protobuf_wire, tfrecord

START = 1_700_000_000.0


def varint(number: int) -> bytes:
    number &= (1 << 64) - 1
    found = b""
    while number >= 128:
        found += bytes([number % 128 + 128])
        number //= 128
    return found + bytes([number])


def part(at: int, data: bytes) -> bytes:
    return varint(at << 3 | 2) + varint(len(data)) + data


def event(time: float, step: int = 0, *values: bytes) -> bytes:
    data = b"\x09" + struct.pack("<d", time)
    data += b"\x10" + varint(step) if step else b""  # 0 is not written
    return data + (part(5, b"".join(part(1, value) for value in values)) if values else b"")


def version(time: float = START) -> bytes:
    return event(time) + part(3, b"brain.Event:2")


def scalar(tag: str, value: float = 0.5) -> bytes:
    return part(1, tag.encode()) + b"\x15" + struct.pack("<f", value)


def tensor(tag: str, plugin: str = "") -> bytes:
    about = part(9, part(1, part(1, plugin.encode()))) if plugin else b""
    return part(1, tag.encode()) + part(8, b"\x08\x01") + about


def record(data: bytes) -> bytes:
    length = struct.pack("<Q", len(data))
    crc = [struct.pack("<I", tfrecord.masked(one)) for one in (length, data)]
    return length + crc[0] + data + crc[1]


def written(path: Path, events: Iterable[bytes], time: float = START) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(record(one) for one in [version(time), *events]))
    return path


def run(steps: Iterable[int], tag: str = "loss", start: float = START, pace: float = 10.0) -> list[bytes]:
    return [event(start + 5 + pace * (i + 1), step, scalar(tag)) for i, step in enumerate(steps)]


def test_crc32c_has_the_values_of_rfc_3720() -> None:
    assert tfrecord.crc32c(bytes(32)) == 0x8A9136AA
    assert tfrecord.crc32c(b"\xff" * 32) == 0x62A8AB43
    assert tfrecord.crc32c(bytes(range(32))) == 0x46DD794E


def test_fields_of_a_message_are_read_and_truncated_data_raise() -> None:
    message = b"\x08\x96\x01" + part(2, b"abc") + b"\x1d" + struct.pack("<f", 1.5) + b"\x21" + struct.pack("<d", 2.5)
    found = list(protobuf_wire.fields(message))
    assert [(at, kind) for at, kind, _ in found] == [(1, 0), (2, 2), (3, 5), (4, 1)]
    assert found[0][2] == 150
    assert protobuf_wire.text(found[1][2]) == "abc"
    assert (protobuf_wire.single(found[2][2]), protobuf_wire.double(found[3][2])) == (1.5, 2.5)
    assert protobuf_wire.signed(next(protobuf_wire.fields(b"\x08" + varint(-3)))[2]) == -3
    ends = {3, 8, 13, len(message)}  # the places between fields
    for end in range(1, len(message) + 1):
        if end in ends:
            list(protobuf_wire.fields(message[:end]))
        else:
            with pytest.raises(ValueError, match="end within"):
                list(protobuf_wire.fields(message[:end]))
    with pytest.raises(ValueError, match="wire type 3"):
        list(protobuf_wire.fields(b"\x0b"))


def test_m7_steps_count_from_the_first_event_of_the_file(tmp_path: Path) -> None:
    file = written(tmp_path / "events.out.tfevents.1.host", run([50, 100, 150]))
    log = lca.read(file)
    assert (log.format, log.unit) == ("tensorboard", "iteration")
    assert log.steps.tolist() == [50, 100, 150]
    assert log.seconds == pytest.approx([15, 25, 35])


def test_a_file_is_recognised_by_its_first_event_under_any_name(tmp_path: Path) -> None:
    assert lca.read(written(tmp_path / "training.bin", run([1, 2, 3]))).steps.tolist() == [1, 2, 3]


def test_m7_steps_from_0_are_one_more_when_done(tmp_path: Path) -> None:
    assert lca.read(written(tmp_path / "tfevents", run([0, 1, 2]))).steps.tolist() == [1, 2, 3]


def test_m3_the_scalar_with_the_most_points_counts_and_no_other(tmp_path: Path) -> None:
    """Steps of "epoch_loss" are epochs, those of "loss" are batches."""
    both = [event(START + i, 10 * i, scalar("loss"), tensor("picture", "images")) for i in range(1, 5)]
    both.insert(2, event(START + 2.5, 0, scalar("epoch_loss")))
    log = lca.read(written(tmp_path / "tfevents", both))
    assert log.steps.tolist() == [10, 20, 30, 40]
    assert "'loss'" in log.notes[0]


def test_m7_scalars_as_tensors_and_epochs_of_keras(tmp_path: Path) -> None:
    """TensorFlow 2: the first point names the plug-in, the later ones need not."""
    tags = [tensor("epoch_loss", "scalars"), tensor("epoch_loss"), tensor("epoch_loss")]
    events = [event(START + 30 * (i + 1), i, tag, tensor("text", "text")) for i, tag in enumerate(tags)]
    log = lca.read(written(tmp_path / "tfevents", events))
    assert (log.unit, log.steps.tolist()) == ("epoch", [1, 2, 3])
    assert log.seconds == pytest.approx([30, 60, 90])


def test_m7_a_resumed_run_in_a_folder_goes_on_and_the_pause_is_no_time(tmp_path: Path) -> None:
    written(tmp_path / "events.out.tfevents.1", run([10, 20, 30]))
    later = START + 1e6
    written(tmp_path / "events.out.tfevents.2", run([30, 40], start=later, pace=100), later)
    log = lca.read(tmp_path)
    assert log.steps.tolist() == [10, 20, 30, 40]
    assert log.seconds == pytest.approx([15, 25, 35, 35 + 205])
    assert log.restarts == (3,)


def test_m3_runs_side_by_side_are_refused(tmp_path: Path) -> None:
    written(tmp_path / "events.out.tfevents.1", run([10, 20, 30]))
    written(tmp_path / "events.out.tfevents.2", run([10, 20, 30], start=START + 1), START + 1)
    with pytest.raises(LogError, match="at the same time"):
        lca.read(tmp_path)


def test_m3_a_second_run_in_a_folder_is_not_joined(tmp_path: Path) -> None:
    written(tmp_path / "events.out.tfevents.1", run([10, 20, 30]))
    written(tmp_path / "events.out.tfevents.2", run([10, 20], start=START + 1000), START + 1000)
    with pytest.raises(LogError, match="2 runs"):
        lca.read(tmp_path)
    assert lca.read(tmp_path, run="2").seconds == pytest.approx([15, 25])


def test_m3_of_several_runs_in_folders_one_is_named(tmp_path: Path) -> None:
    written(tmp_path / "train" / "events.out.tfevents.1", run([10, 20, 30]))
    written(tmp_path / "validation" / "events.out.tfevents.1", run([30, 60]))
    with pytest.raises(LogError, match="several runs") as raised:
        lca.read(tmp_path)
    assert raised.value.sides == ("train", "validation")
    assert lca.read(tmp_path, run="train").steps.tolist() == [10, 20, 30]
    with pytest.raises(LogError, match="no run 'test'"):
        lca.read(tmp_path, run="test")


def test_a_file_of_another_scalar_in_the_folder_is_left_out(tmp_path: Path) -> None:
    """A trainer may write its last evaluation to a second file."""
    written(tmp_path / "events.out.tfevents.1", run([10, 20, 30]))
    written(tmp_path / "events.out.tfevents.2", run([30], "eval/loss", START + 20), START + 20)
    assert lca.read(tmp_path).steps.tolist() == [10, 20, 30]


def test_m7_a_resumed_file_alone_counts_from_its_first_point(tmp_path: Path) -> None:
    log = lca.read(written(tmp_path / "tfevents", run([5010, 5020, 5030])))
    assert (log.steps.tolist(), log.seconds.tolist()) == ([10, 20], pytest.approx([10, 20]))
    assert any("begins at iteration 5010" in note for note in log.notes)


def test_m6_a_file_without_scalars_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="no scalar"):
        lca.read(written(tmp_path / "tfevents", [event(START + 1, 5, tensor("picture", "images"))]))


def test_all_damaged_records_are_raised_at_once_or_skipped(tmp_path: Path) -> None:
    file = written(tmp_path / "tfevents", run([1, 2, 3, 4, 5]))
    data = bytearray(file.read_bytes())
    size = len(record(run([1])[0]))
    first = len(record(version()))
    data[first + size + 20] ^= 1  # within the data of the second point
    file.write_bytes(data[:-7])  # the last record is cut
    with pytest.raises(LogError) as raised:
        lca.read(file)
    assert [side.partition(": ")[2] for side in raised.value.sides] == [
        "the checksum of this record is wrong", "the file ends within this record",
    ]  # fmt: skip
    assert lca.read(file, errors="skip").steps.tolist() == [1, 3, 4]


def test_behind_a_damaged_length_nothing_is_read(tmp_path: Path) -> None:
    file = written(tmp_path / "tfevents", run([1, 2, 3, 4, 5]))
    data = bytearray(file.read_bytes())
    data[-len(record(run([1])[0])) * 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(LogError, match="1 of 5 lines"):
        lca.read(file)
    assert lca.read(file, errors="skip").steps.tolist() == [1, 2, 3]


def test_a_picture_is_passed_over_whatever_its_size(tmp_path: Path) -> None:
    events = run([1, 2, 3])
    events.insert(1, event(START + 20, 1, part(1, b"p") + part(4, bytes(tfrecord.LONGEST))))
    assert lca.read(written(tmp_path / "tfevents", events)).steps.tolist() == [1, 2, 3]


def test_m5_a_clock_that_falls_within_a_file_is_refused(tmp_path: Path) -> None:
    events = [*run([1, 2, 3]), event(START + 20, 4, scalar("loss"))]
    with pytest.raises(LogError, match="1 times do not come after"):
        lca.read(written(tmp_path / "tfevents", events))


def test_q6_an_event_without_a_time_is_refused(tmp_path: Path) -> None:
    events = [*run([1, 2, 3]), event(float("nan"), 4, scalar("loss"))]
    with pytest.raises(LogError, match="1 of 5 lines"):
        lca.read(written(tmp_path / "tfevents", events))


def test_m7_a_downloaded_csv_counts_from_its_first_point(tmp_path: Path) -> None:
    file = tmp_path / "run-loss.csv"
    file.write_text("Wall time,Step,Value\n1654943296.5,0,59.3\n1654943314.0,1,64.8\n1654943332.0,2,70.0\n")
    log = lca.read(file)
    assert (log.format, log.steps.tolist(), log.seconds.tolist()) == ("tensorboard csv", [1, 2], [17.5, 35.5])
    file.write_text(file.read_text() + "1654943350,3\nnan,4,1.0\n")
    with pytest.raises(LogError, match="2 of 5 lines"):
        lca.read(file)


def test_damaged_event_files_raise_errors_of_this_library_only(tmp_path: Path) -> None:
    draw = np.random.default_rng(5)
    file = written(tmp_path / "tfevents", run(range(1, 9)))
    whole = file.read_bytes()
    for _ in range(300):
        data = bytearray(whole)
        for at in draw.integers(0, len(data), int(draw.integers(0, 4))):
            data[at] = int(draw.integers(0, 256))
        file.write_bytes(bytes(data[: int(draw.integers(0, len(data) + 1))]))
        for errors in ("raise", "skip"):
            try:
                log = lca.read(file, errors=errors)
            except LcaError:
                continue
            assert (np.diff(log.seconds, prepend=0) > 0).all()
            assert set(log.steps.tolist()) <= set(range(1, 9))


def test_damaged_messages_raise_errors_of_this_library_only(tmp_path: Path) -> None:
    """The checksums are right, the messages are not."""
    draw = np.random.default_rng(6)
    for _ in range(300):
        messages = [bytearray(one) for one in run(range(1, 9))]
        for message in messages[:3]:
            for at in draw.integers(0, len(message), 2):
                message[at] = int(draw.integers(0, 256))
        file = written(tmp_path / "tfevents", map(bytes, messages))
        for errors in ("raise", "skip"):
            try:
                lca.read(file, errors=errors)
            except LcaError:
                continue
