"""One hash covers a whole saved result: whatever is changed in it, loading raises and names the member (A10)."""

from __future__ import annotations

import contextlib
import json
import random
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import packing
import pytest
from example_study import BEST, study

import lca
from lca.errors import FileFormatError, LcaError
from lca.interpretation.saved import seal
from lca.study.small_study import small_study

Members = dict[str, bytes]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    one = lca.monte_carlo(study().sel(engine=BEST), draws=20, progress=False)
    return lca.save(one, tmp_path_factory.mktemp("saved") / "r.lca")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    node = lca.parameter("x", lca.Normal("3 kWh at_wall", "1 kWh at_wall"))
    return lca.save(lca.monte_carlo(node, draws=300, progress=False), tmp_path / "x.lca")


def edited(name: str, old: bytes, new: bytes) -> Callable[[Members], Members]:
    """What puts other bytes in the place of some, of the same length."""

    def edit(members: Members) -> Members:
        assert old in members[name]
        assert len(old) == len(new)
        return {**members, name: members[name].replace(old, new, 1)}

    return edit


def without(name: str) -> Callable[[Members], Members]:
    return lambda members: {one: content for one, content in members.items() if one != name}


def swapped(one: str, other: str) -> Callable[[Members], Members]:
    return lambda members: {**members, one: members[other], other: members[one]}


CHANGES: dict[str, tuple[Callable[[Members], Members], str]] = {
    "a value": (edited("recipe.json", b'"robots.period"', b'"robots.perjod"'), "recipe.json was changed"),
    "a source": (edited("study.json", b"docs/lab.md", b"docs/lap.md"), "study.json was changed"),
    "a draw": (lambda m: {**m, "draws/3.npy": m["draws/3.npy"][:-1] + b"\x01"}, "draws/3.npy was changed"),
    "the length of draws": (lambda m: {**m, "draws/3.npy": m["draws/3.npy"] + b"\x00"}, "draws/3.npy was changed"),
    "two arrays": (swapped("draws/0.npy", "draws/1.npy"), "draws/[01].npy was changed"),
    "a version": (edited("manifest.json", b'"stream": "2"', b'"stream": "3"'), "manifest.json was changed"),
    "a total of the head": (edited("manifest.json", b'"p50"', b'"p51"'), "manifest.json was changed"),
    "draws that are lost": (without("draws/2.npy"), "draws/2.npy is missing"),
    "a recipe that is lost": (without("recipe.json"), "recipe.json is missing"),
    "a manifest that is lost": (without("manifest.json"), "not a saved result"),
    "one more member": (lambda m: {**m, "notes.json": b"{}"}, "notes.json does not belong"),
    "a way out": (lambda m: {**m, "../../evil.json": b"{}"}, r"\.\./\.\./evil.json does not belong"),
    "a path from the root": (lambda m: {**m, "/tmp/evil.npy": b"{}"}, "/tmp/evil.npy does not belong"),
    "a newer schema": (lambda m: packing.sealed(m, schema=4), "a saved result of a newer version of lca"),
    "no schema": (lambda m: packing.sealed(m, schema="three"), "not a saved result"),
    "members that are none": (lambda m: packing.sealed(m, members=[1]), "not a saved result"),
    "deep brackets": (lambda m: {**m, "manifest.json": b"[" * 100_000}, "manifest.json cannot be read"),
    "NaN in the manifest": (lambda m: {**m, "manifest.json": b'{"schema": NaN}'}, "manifest.json cannot be read"),
}


@pytest.mark.parametrize("name", list(CHANGES))
def test_a10_a_changed_file_raises_and_says_what(name: str, written: Path, tmp_path: Path) -> None:
    change, said = CHANGES[name]
    target = packing.packed(tmp_path / "r.lca", change(packing.unpacked(written)))
    with pytest.raises(FileFormatError, match=rf"{said}(.|\n)*where: .*r.lca(.|\n)*fix"):
        lca.load(target)
    assert not (tmp_path.parent / "evil.json").exists()


def test_a10_the_same_result_makes_the_same_bytes_but_for_the_time_of_saving(small: Path, tmp_path: Path) -> None:
    again = lca.save(lca.load(small), tmp_path / "again.lca")
    one, two = packing.unpacked(small), packing.unpacked(again)
    manifests = [json.loads(members.pop("manifest.json")) for members in (one, two)]
    assert one == two
    assert manifests[0].pop("saved") < manifests[1].pop("saved")
    assert manifests[0] == manifests[1], "the hash of the content is the same, too"
    with zipfile.ZipFile(small) as archive:
        assert {about.date_time for about in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {about.compress_type for about in archive.infolist()} == {zipfile.ZIP_STORED}


def test_a_zip_bomb_is_refused_before_it_is_read(written: Path, tmp_path: Path) -> None:
    """What is compressed says to be larger than the file: nothing of it is read."""
    members = packing.unpacked(written)
    bomb = packing.packed(tmp_path / "bomb.lca", members | {"draws/0.npy": bytes(50_000_000)}, zipfile.ZIP_DEFLATED)
    assert bomb.stat().st_size < 1_000_000
    with pytest.raises(FileFormatError, match="is compressed, which save"):
        lca.load(bomb)


def test_an_archive_that_says_to_hold_more_than_its_bytes_is_refused(written: Path, tmp_path: Path) -> None:
    """Members may not lie over each other, nor two of them have one name."""
    target = tmp_path / "twice.lca"
    packing.packed(target, packing.unpacked(written))
    with zipfile.ZipFile(target, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("recipe.json", b"{}")
    with pytest.raises(FileFormatError, match=r"not a whole file(.|\n)*two members of one name"):
        lca.load(target)


@pytest.mark.parametrize("size", [0, 10, 4_000, -1, -30])
def test_a_half_written_file_is_refused(size: int, written: Path, tmp_path: Path) -> None:
    target = tmp_path / "half.lca"
    target.write_bytes(written.read_bytes()[: size or None] if size else b"")
    for read in (lca.load, lca.rerun):
        with pytest.raises(FileFormatError, match=r"not a whole file(.|\n)*half.lca(.|\n)*run the study again"):
            read(target)


def test_what_is_no_saved_result_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match=r"no such file(.|\n)*nothing.lca"):
        lca.load(tmp_path / "nothing.lca")
    (tmp_path / "old.json").write_text('{"format": 2}')
    with pytest.raises(FileFormatError, match=r"no longer saved as .json(.|\n)*old.json(.|\n)*save\(result"):
        lca.load(tmp_path / "old.json")
    packing.packed(tmp_path / "other.lca", {"manifest.json": b"[]"})
    with pytest.raises(FileFormatError, match="not a saved result"):
        lca.load(tmp_path / "other.lca")
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileFormatError, match="not a saved result"):
        lca.load(tmp_path / "empty")


# --- what is sealed by a hand that knows how -----------------------------------------------------------------


def _array(values: object) -> bytes:
    file = BytesIO()
    np.save(file, np.asarray(values))
    return file.getvalue()


def _header(shape: str) -> bytes:
    """An array that says to have another shape than its bytes."""
    text = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode() + bytes(16)


ARRAYS = {
    "NaN": (_array([1.0, float("nan")]), "a damaged recipe(.|\n)*'value' are not all finite"),
    "texts": (_array(["a", "b"]), "draws/0.npy cannot be read(.|\n)*an array of"),
    "objects": (b"\x93NUMPY\x01\x00" + _array(np.array([1.0]))[8:].replace(b"'<f8'", b"'|O' "), "cannot be read"),
    "more than there is": (_header("(4000000000000,)"), "draws/0.npy cannot be read"),
    "a call": (_header("__import__('os').getcwd()"), "draws/0.npy cannot be read"),
    "no array": (b"nothing", "draws/0.npy cannot be read"),
    "another version": (b"\x93NUMPY\x02\x00" + bytes(100), "draws/0.npy cannot be read"),
}


@pytest.mark.parametrize("name", list(ARRAYS))
def test_arrays_that_are_none_are_named(name: str, small: Path, tmp_path: Path) -> None:
    content, said = ARRAYS[name]
    members = packing.unpacked(small) | {"draws/0.npy": content}
    target = packing.packed(tmp_path / "bad.lca", packing.sealed(members))
    with pytest.raises(FileFormatError, match=said):
        lca.load(target)


def _leaf(recipe: Any) -> Any:
    return recipe["graph"]["parameters"][0]


DAMAGE: dict[str, Callable[[Any], object]] = {
    "a family that does not exist": lambda r: _leaf(r)["values"][0].update(family="Normale"),
    "a family that is none": lambda r: _leaf(r)["values"][0].update(family="NormalShape"),
    "an unknown unit": lambda r: _leaf(r).update(unit="furlong"),
    "a value that is text": lambda r: _leaf(r).update(values=["three"]),
    "a node that points nowhere": lambda r: r["graph"]["nodes"][0].update(parameter=99),
    "an output that points nowhere": lambda r: r["model"]["outputs"].update(value=99),
    "no nodes": lambda r: r["graph"].pop("nodes"),
    "no model": lambda r: r.pop("model"),
    "no seed": lambda r: r.pop("seed"),
    "no variables": lambda r: r.pop("variables"),
    "one variable less": lambda r: r.update(variables={}),
    "a list": lambda r: r.update(graph=[]),
}


@pytest.mark.parametrize("name", list(DAMAGE))
def test_a_damaged_recipe_is_named(name: str, small: Path, tmp_path: Path) -> None:
    target = packing.changed(small, "recipe.json", DAMAGE[name], tmp_path / "bad.lca")
    with pytest.raises(FileFormatError, match=r"a damaged recipe(.|\n)*bad.lca"):
        lca.load(target)


ODD: list[object] = [
    None,
    True,
    -1,
    1e308,
    "",
    "x",
    [],
    {},
    [1],
    {"node": 0},
    {"thing": 0},
    {"date": "x"},
    {"map": [1]},
]


def places(value: object, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to all that plain data hold."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [one for key, held in inside for one in [(*way, key), *places(held, (*way, key))]]


@pytest.mark.parametrize("name", ["recipe.json", "study.json", "manifest.json"])
def test_odd_values_anywhere_end_in_an_error_of_our_own(name: str, tmp_path: Path) -> None:
    """40 odd values at random places, each sealed by a hand that knows how: an error that names the file, or none."""
    result = lca.nominal(small_study())
    members = packing.unpacked(lca.save(result, tmp_path / "runs" / "r.lca"))
    dice = random.Random(name)
    for _ in range(40):
        content = json.loads(members[name])
        *way, last = dice.choice(places(content))
        holder = content
        for step in way:
            holder = holder[step]
        holder[last] = dice.choice(ODD)
        bad = packing.sealed(members | {name: json.dumps(content).encode()})
        path = packing.packed(tmp_path / "runs" / "bad.lca", bad)
        with contextlib.suppress(LcaError):
            _ = lca.load(path).study
        assert len(lca.history(tmp_path / "runs")) == 2


def test_no_function_is_called_that_the_reader_did_not_give(tmp_path: Path) -> None:
    """A file names functions; only those of NumPy, and those that are given, are ever looked up."""
    node = lca.functions.apply(np.sin, lca.parameter("x", 1.0))
    path = lca.save(lca.nominal(node), tmp_path / "sin.lca")
    assert lca.load(path).at_nominal.data["value"] == np.sin(1.0)

    def other(recipe: Any) -> None:
        (row,) = [row for row in recipe["graph"]["nodes"] if row.get("function") == "apply"]
        row["static"]["path"] = "packing:unpacked"

    bad = packing.changed(path, "recipe.json", other, tmp_path / "bad.lca")
    for read in (lca.load, lca.rerun):
        with pytest.raises(FileFormatError, match=r"call functions(.|\n)*packing:unpacked(.|\n)*functions=\["):
            read(bad)
    assert lca.load(bad, functions=[packing.unpacked]).data["value"] == np.sin(1.0)


# --- folders, and what is written ---------------------------------------------------------------------------------


def test_a_path_without_an_ending_is_a_folder_with_the_same_members(small: Path, tmp_path: Path) -> None:
    result = lca.load(small)
    folder = lca.save(result, tmp_path / "run")
    assert lca.save(result, folder) == folder, "a saved result takes the place of another"
    members = packing.unpacked(small)
    files = {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    assert files.keys() == members.keys()
    assert all(files[name] == members[name] for name in members if name != "manifest.json")
    assert lca.load(folder).data.identical(result.data)
    assert lca.rerun(folder)[1]["identical"].all()
    (folder / "more.json").write_text("{}")
    with pytest.raises(FileFormatError, match="more.json does not belong"):
        lca.load(folder)
    (folder / "more.json").unlink()
    (folder / "draws" / "0.npy").unlink()
    with pytest.raises(FileFormatError, match="draws/0.npy is missing"):
        lca.load(folder)
    (folder / "draws" / "0.npy").symlink_to(small)
    with pytest.raises(FileFormatError, match="draws/0.npy does not belong"):
        lca.load(folder)


def test_a_folder_of_others_is_left_alone(small: Path, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.txt").write_text("cat")
    with pytest.raises(FileFormatError, match=r"is there and is not a saved result(.|\n)*photos"):
        lca.save(lca.load(small), tmp_path / "photos")
    assert (tmp_path / "photos" / "cat.txt").read_text() == "cat"


@pytest.mark.parametrize("ending", [".txt", ".json", ".npz", ".2"])
def test_another_ending_is_refused(ending: str, small: Path, tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match=rf"ends in .lca(.|\n)*result{ending}"):
        lca.save(lca.load(small), tmp_path / f"result{ending}")
    assert [one.name for one in tmp_path.iterdir()] == ["x.lca"]


@pytest.mark.parametrize("name", ["x.lca", "run"])
def test_nothing_is_half_written(name: str, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up leaves the old result as it was."""
    path = lca.save(lca.load(small), tmp_path / name)
    other = lca.nominal(lca.parameter("y", "4 kWh at_wall"))

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    for module, broken in ((seal.np.lib.format, "write_array"), (seal, "json_digest")):
        with monkeypatch.context() as patch:
            patch.setattr(module, broken, full)
            with pytest.raises(OSError, match="No space left"):
                lca.save(other, path)
        assert "value" in lca.load(path).data
        assert lca.load(path).seed == 0
        assert {one.name for one in tmp_path.iterdir()} <= {"x.lca", "run"}
    lca.save(other, path)
    assert lca.load(path).seed is None
