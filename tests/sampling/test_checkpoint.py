"""Checkpoints: a run goes on from what was saved and ends with the same bits; another run is refused (U7)."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_run import DRAWS, HOURS, Pressing, Sums, X, question, same

import lca
from lca.errors import FileFormatError, RunError
from lca.sampling import checkpoint as checkpoints
from lca.sampling.checkpoint import Checkpoint
from lca.sampling.one_at_a_time import alone_in
from lca.sampling.plan import UNIT
from lca.sampling.run import run
from lca.sampling.sinks import KeptDraws

THING = {"power": X, "energy": X * HOURS}


@pytest.fixture(scope="module")
def whole() -> Any:
    return made(draws=DRAWS)


def made(thing: Any = THING, **how: Any) -> lca.Result:
    return lca.monte_carlo(thing, **{"seed": 5, "progress": False, **how})


def equal(left: lca.Result, right: lca.Result) -> bool:
    return same(*({str(name): one.values for name, one in result.data.items()} for result in (left, right)))


@pytest.fixture
def half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two units of a run that was stopped."""
    monkeypatch.setattr("lca.interpretation.draws.RandomDesign", lambda seed: Pressing(5, 2 * UNIT + 5))
    assert made(draws=DRAWS, threads=1, checkpoint=tmp_path / "half").draws == 2 * UNIT
    monkeypatch.undo()
    return tmp_path / "half"


def test_u7_a_run_goes_on_and_ends_with_the_same_bits(half: Path, whole: lca.Result) -> None:
    assert equal(made(draws=DRAWS, checkpoint=half), whole)
    assert equal(made(draws=DRAWS, checkpoint=half), whole)  # done already, but for the last draws


def test_u7_what_was_saved_is_not_done_again(half: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []
    real = KeptDraws.take
    monkeypatch.setattr(KeptDraws, "take", lambda self, number, part: begun.append(number) or real(self, number, part))
    made(draws=DRAWS, checkpoint=half)
    assert begun == [2, 3]


def test_u7_more_draws_go_on_and_fewer_are_refused(half: Path, whole: lca.Result) -> None:
    made(draws=2 * UNIT, checkpoint=half)
    assert equal(made(draws=DRAWS, checkpoint=half), whole)
    with pytest.raises(FileFormatError, match="holds 786_432 draws, more than the 700,000") as raised:
        made(draws=700_000, checkpoint=half)
    assert "draws=786_432" in raised.value.fix


def test_u7_sums_take_the_place_of_what_was_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sink of sums: one file with all units so far, and nothing of the unit that is not whole."""
    monkeypatch.setattr(checkpoints, "_EVERY", 0.0)
    first, again, alone = Sums(), Sums(), Sums()
    run(question(2 * UNIT + 9), first, checkpoint=Checkpoint(tmp_path, {}))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["checkpoint.json", "units-0000000-0000002.npz"]
    run(question(), again, checkpoint=Checkpoint(tmp_path, {}))
    run(question(), alone)
    assert again.sums == alone.sums
    assert again.taken == [2, 3]


def test_nothing_of_a_unit_that_is_not_whole_is_saved(tmp_path: Path) -> None:
    made(draws=1_000, checkpoint=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint.json"]
    assert equal(made(draws=2_000, checkpoint=tmp_path), made(draws=2_000))


@pytest.mark.parametrize(
    ("other", "differs"),
    [
        ({"seed": 6}, "seed: 5 in the checkpoint, 6 now"),
        ({"design": "sobol", "draws": 4 * UNIT}, "design: random in the checkpoint, sobol, 1,048,576 points now"),
        ({"thing": {"power": X}}, "results: power, energy in the checkpoint, power now"),
        ({"thing": {"power": X * 2, "energy": X * HOURS}}, "formulas: #"),
    ],
)
def test_u7_a_checkpoint_of_another_run_is_refused(half: Path, other: dict[str, Any], differs: str) -> None:
    before = (half / "checkpoint.json").read_bytes()
    with pytest.raises(FileFormatError, match="of another run") as raised:
        made(**{"thing": THING, "draws": DRAWS, "checkpoint": half, **other})
    assert any(side.startswith(differs) for side in raised.value.sides), raised.value
    assert (half / "checkpoint.json").read_bytes() == before


def test_u7_another_value_of_a_parameter_is_named(half: Path) -> None:
    x = lca.parameter("x", lca.Normal("11 W at_wall", "1 W at_wall"))
    with pytest.raises(FileFormatError) as raised:
        made({"power": x, "energy": x * HOURS}, draws=DRAWS, checkpoint=half)
    assert [side.partition(" #")[0] for side in raised.value.sides] == [f"x: {X.parameter.describe()}"]
    assert x.parameter.describe() in raised.value.sides[0]


def test_u7_a_checkpoint_of_another_version_is_refused(half: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lca.interpretation.resuming.versions", lambda: ("lca 9", "NumPy 9"))
    with pytest.raises(FileFormatError, match=r"versions: lca(.|\n)*in the checkpoint, lca 9, NumPy 9 now"):
        made(draws=DRAWS, checkpoint=half)


def test_sources_and_names_make_no_other_run(half: Path, whole: lca.Result) -> None:
    x = lca.parameter("x", lca.Normal("10 W at_wall", "1 W at_wall"), source="a meter", status="measured")
    assert equal(made({"power": x, "energy": x * HOURS}, draws=DRAWS, checkpoint=half), whole)


@pytest.mark.parametrize("damage", ["cut", "gone", "flipped"])
def test_a_damaged_checkpoint_is_an_error(half: Path, damage: str) -> None:
    (file,) = half.glob("units-*.npz")
    data = file.read_bytes()
    if damage == "gone":
        file.unlink()
    else:
        middle = len(data) // 2
        file.write_bytes(data[:middle] + (b"" if damage == "cut" else bytes([data[middle] ^ 1]) + data[middle + 1 :]))
    with pytest.raises(FileFormatError, match="missing or damaged"):
        made(draws=DRAWS, checkpoint=half)


@pytest.mark.parametrize(
    "text", ["{}", "[]", '{"format": 2}', "no json", '{"format": 1}', '{"format": 1, "about": {}, "files": 3}']
)
def test_what_is_no_checkpoint_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "checkpoint.json").write_text(text, encoding="utf-8")
    with pytest.raises(FileFormatError):
        made(draws=10, checkpoint=tmp_path)
    assert (tmp_path / "checkpoint.json").read_text(encoding="utf-8") == text


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileFormatError, match="cannot be written"):
        made(draws=10, checkpoint=tmp_path / "file" / "run")


@pytest.mark.parametrize(
    "damage", [{"first": 1}, {"stop": 1}, {"stop": True}, {"names": 5}, {"file": 5}, {"sha256": ""}]
)
def test_a_changed_list_is_an_error(half: Path, damage: dict[str, Any]) -> None:
    """The list has a hash: a file that it no longer names as it was written is never taken for the draws."""
    listed = json.loads((half / "checkpoint.json").read_text(encoding="utf-8"))
    listed["files"][0] |= damage
    (half / "checkpoint.json").write_text(json.dumps(listed), encoding="utf-8")
    with pytest.raises(FileFormatError, match="missing or damaged"):
        made(draws=DRAWS, checkpoint=half)


@pytest.mark.parametrize("change", [lambda x: x + 1, lambda x: x * np.nan, lambda x: x[:-1], lambda x: x.astype(str)])
def test_changed_numbers_are_an_error(half: Path, change: Callable[[Any], Any]) -> None:
    """A file that NumPy reads, but not as it was written."""
    (file,) = half.glob("units-*.npz")
    with np.load(file) as stored:
        arrays = dict(stored)
    np.savez(file, **{**arrays, "0": change(arrays["0"])})
    with pytest.raises(FileFormatError, match="it is not as it was written"):
        made(draws=DRAWS, checkpoint=half)


HOLDER = """
import sys, time
from pathlib import Path
from lca.sampling.one_at_a_time import alone_in
with alone_in(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_u7_a_second_run_in_the_folder_is_refused_until_the_first_is_gone(half: Path, whole: lca.Result) -> None:
    """A run of another process holds the folder; kill -9 of that process sets it free, and the run goes on."""
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(half)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    try:
        with pytest.raises(RunError, match="another run is using the checkpoint") as raised:
            made(draws=DRAWS, checkpoint=half)
        assert f"process {process.pid} on " in str(raised.value)
    finally:
        process.kill()
        process.communicate()
    assert (half / "lock").exists()
    assert equal(made(draws=DRAWS, checkpoint=half), whole)
    assert not (half / "lock").exists()


def test_u7_a_second_run_of_the_same_process_is_refused(half: Path, whole: lca.Result) -> None:
    with alone_in(half):
        with pytest.raises(RunError, match="a run of this process"):
            made(draws=DRAWS, checkpoint=half)
        holder = [sys.executable, "-c", HOLDER, str(half)]
        other = subprocess.run(holder, capture_output=True, text=True, check=False)
        assert "checkpoint" in other.stderr, "what was refused here did not give the lock back"
    assert equal(made(draws=DRAWS, checkpoint=half), whole)


@pytest.mark.parametrize("fails", ["numpy.savez", "lca.sampling.checkpoint.json_bytes"])
def test_a_full_disk_is_an_error_and_leaves_what_was_saved(
    half: Path, whole: lca.Result, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    def full(*given: Any, **named: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = {file.name: file.read_bytes() for file in half.iterdir()}
    monkeypatch.setattr(fails, full)
    with pytest.raises(FileFormatError, match=r"cannot be written(.|\n)*No space left on device(.|\n)*free space"):
        made(draws=DRAWS, checkpoint=half)
    monkeypatch.undo()
    now = {file.name: file.read_bytes() for file in half.iterdir()}
    assert {name: now[name] for name in before} == before
    assert equal(made(draws=DRAWS, checkpoint=half), whole)
