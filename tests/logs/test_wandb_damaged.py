"""Run files of Weights & Biases that are damaged: named by their offset, and never a raw error (M6)."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
import wandb_files as w

import lca
from lca.errors import LcaError, LogError


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Path]:
    return lambda *records, name="run-abc123.wandb": w.write(tmp_path / name, *records)


def energy(path: Path, **said: str) -> str:
    """The energy of a file; "refused" where the library raises its own error. Any other error fails the test."""
    try:
        log = lca.read(path, **said)
        return repr(log.energy()) if isinstance(log, lca.PowerLog) else "steps"
    except LcaError:
        return "refused"


def test_a_damaged_record_is_named_by_its_offset_and_the_next_one_is_read(made: Callable[..., Path]) -> None:
    path = made(*w.NODE)
    data = bytearray(path.read_bytes())
    places = [data.index(value) for value in (b"95.0", b"91.0")]
    for place in places:
        data[place] ^= 1
    path.write_bytes(data)
    with pytest.raises(LogError, match="2 of 3 lines cannot be read") as raised:
        lca.read(path)
    assert all("the checksum of a record does not fit" in side for side in raised.value.sides)
    offset = int(raised.value.sides[0].removeprefix(f"{path}:").split(":")[0])
    assert data[offset + 6] == 1
    assert 0 < places[0] - offset < 200
    log = lca.read(path, errors="skip")
    assert log.tracks[0].times.tolist() == [w.START + 60]
    assert any("2 of 3 lines could not be read" in note for note in log.notes)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda data: data[:-3], "the file ends within a record"),
        (lambda data: data + w.piece(2, b"a"), "the file ends within a record"),
        (lambda data: data + b"\0\0\1", "the file ends within a record"),
        (lambda data: data + w.piece(4, b"a"), "a piece of a record without its beginning"),
        (lambda data: data + w.piece(2, b"a") + w.piece(1, b"\x08\x01"), "a record without its end"),
        (lambda data: data + w.piece(9, b"a"), "a record of the unknown kind 9"),
        (lambda data: data + w.piece(1, b"\x3a\x7fab"), "not a record of a run"),
        (
            lambda data: data + w.piece(1, w.stats(w.START + 300, {"gpu.0.powerWatts": "[" * 5})),
            "not a record of a run",
        ),
        (lambda data: data + w.piece(1, w.stats(w.START + 300, {"gpu.0.powerWatts": "true"})), "not a number"),
        (lambda data: data + w.piece(1, w.stats(0, {"gpu.0.powerWatts": 3.0})), "a time that is none"),
    ],
)
def test_what_is_damaged_is_said(made: Callable[..., Path], change: Callable[[bytes], bytes], why: str) -> None:
    path = made(*w.NODE)
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(LogError, match="of . lines cannot be read") as raised:
        lca.read(path)
    assert why in raised.value.sides[0]
    assert lca.read(path, errors="skip").own == ("gpu 1",)


def test_zeros_behind_the_last_record_are_none(made: Callable[..., Path]) -> None:
    path = made(*w.NODE)
    path.write_bytes(path.read_bytes() + bytes(500))
    assert lca.read(path).own == ("gpu 1",)


def test_records_go_over_blocks(made: Callable[..., Path]) -> None:
    """A record longer than a block of 32 KiB is split, and a block may end with a few zeros."""
    text = w.console("x" * 100_000)
    for length in range(32_500, 32_530):
        records = [w.run(w.START), w.console("y" * length), w.gpus(w.START, g0=7.0), text, w.gpus(w.START + 10, g0=7.0)]
        assert repr(lca.read(made(*records)).energy()) == "<reading of run-abc123.wandb: 70 J at the component>"


def test_a_record_that_is_damaged_in_its_middle_is_one_bad_line(made: Callable[..., Path]) -> None:
    """What is left of it, in the blocks behind, is neither read nor named again."""
    path = made(w.run(w.START), w.gpus(w.START, g0=7.0), w.console("x" * 100_000), w.gpus(w.START + 10, g0=7.0))
    data = bytearray(path.read_bytes())
    data[2 * w.BLOCK + 100] ^= 1
    path.write_bytes(data)
    with pytest.raises(LogError, match="1 of 3 lines cannot be read") as raised:
        lca.read(path)
    assert raised.value.sides[0].startswith(f"{path}:{2 * w.BLOCK}: the checksum")
    log = lca.read(path, errors="skip")
    assert repr(log.energy()) == "<reading of run-abc123.wandb: 70 J at the component>"


def test_other_files_are_no_runs(tmp_path: Path) -> None:
    path = tmp_path / "a.wandb"
    path.write_bytes(b":W&B\xe1\xbe\x09" + w.piece(1, b""))
    with pytest.raises(LogError, match="another version"):
        lca.read(path)
    path.write_bytes(b":W&")
    with pytest.raises(LogError, match="not a run file"):
        lca.read(path, format="wandb")


def test_changed_bytes_raise_errors_of_the_library_only(made: Callable[..., Path]) -> None:
    path, source = made(*w.NODE, *w.ROWS), random.Random(1)
    good = path.read_bytes()
    whole = repr(lca.read(path).energy())
    for _ in range(300):
        data = bytearray(good)
        for _ in range(source.randint(1, 4)):
            data[source.randrange(7, len(data))] = source.randrange(256)
        path.write_bytes(data[: source.randrange(7, len(data))] if source.random() < 0.3 else data)
        assert energy(path) in (whole, "refused"), "what was changed is noticed"
        energy(path, errors="skip")


def test_records_without_checksums_that_fit_no_schema_raise_errors_of_the_library_only(tmp_path: Path) -> None:
    source, path = random.Random(2), tmp_path / "run-a.wandb"
    for _ in range(300):
        records = [bytearray(one) for one in (*w.NODE, *w.ROWS)]
        for record in source.sample(records, 3):
            record[source.randrange(len(record))] = source.randrange(256)
        path.write_bytes(w.run_file(map(bytes, records)))
        for errors in ("raise", "skip"):
            energy(path, errors=errors)
