"""One verified file: a zip of members that are stored as they are, and a manifest with the size and hash of each.

The same result makes the same bytes, but for the time of saving. A path without an ending is a folder with the same
members. Nothing is unpacked, no name of a member is used as a path, and each size is looked at before it is read.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import IO, Any, BinaryIO, NoReturn

import numpy as np

from ...checks import Array
from ...errors import FileFormatError
from ...whole_files import json_bytes, json_digest, sha256_of, write_whole
from ..graph_data import Stored

#: The schema of the members, which a manifest states; it grows when what they say changes.
SCHEMA = 3
ENDING = ".lca"
MANIFEST = "manifest.json"
#: What a member may be called: a word, below one folder at most.
_NAME = re.compile(r"(?:[a-z]+/)?[\w-]+\.(?:json|npy)", re.ASCII)
#: The part of a manifest that two files of one result may have apart.
_FREE = ("saved", "content")
#: The header of an array of NumPy is shorter than this.
_MOST_HEADER = 4096
_FIXED = (1980, 1, 1, 0, 0, 0)  # the time of every member
Write = Callable[[BinaryIO], object]


# --- writing ------------------------------------------------------------------------------------------------


class _Told:
    """A file that is written to, with the size and the hash of what was."""

    def __init__(self, file: IO[bytes] | None) -> None:
        self._file, self._hash, self._size = file, hashlib.sha256(), 0

    def write(self, content: bytes) -> int:
        self._hash.update(content)
        size = memoryview(content).nbytes
        self._size += size
        return size if self._file is None else self._file.write(content)

    @property
    def said(self) -> dict[str, object]:
        return {"bytes": self._size, "sha256": self._hash.hexdigest()}


def of_json(value: object) -> Write:
    """What writes plain data as a member."""
    return lambda file: file.write(json_bytes(value))


def of_array(array: Array) -> Write:
    """What writes an array as a member, as NumPy keeps it."""
    return lambda file: np.lib.format.write_array(file, np.asarray(array, order="C"), (1, 0), allow_pickle=False)


def digest(array: Array) -> str:
    """The hash that an array has as a member."""
    told: Any = _Told(None)
    of_array(array)(told)
    return str(told.said["sha256"])


def write(target: Path, members: Mapping[str, Write], facts: Stored) -> Path:
    """Write members and their manifest, whole or not at all; `facts` are what the manifest says beside them."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix == ENDING:
        write_whole({target: lambda file: _zipped(file, members, facts)})
    elif target.suffix:
        raise FileFormatError.of("result_not_saved_as_lca", str(target))
    else:
        _into_folder(target, members, facts)
    return target


def _manifest(told: Stored, facts: Stored) -> dict[str, object]:
    whole = {"schema": SCHEMA, **facts, "members": told}
    return {**whole, "content": json_digest(whole), "saved": datetime.now(UTC).isoformat(timespec="microseconds")}


def _zipped(file: BinaryIO, members: Mapping[str, Write], facts: Stored) -> None:
    told = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, write in members.items():
            told[name] = _member(archive, name, write)
        _member(archive, MANIFEST, of_json(_manifest(told, facts)))


def _member(archive: zipfile.ZipFile, name: str, write: Write) -> dict[str, object]:
    about = zipfile.ZipInfo(name, _FIXED)
    about.create_system, about.external_attr = 3, 0o644 << 16  # as on Unix, wherever it is written
    with archive.open(about, "w", force_zip64=True) as inside:
        told: Any = _Told(inside)
        write(told)
    return dict(told.said)


def _into_folder(target: Path, members: Mapping[str, Write], facts: Stored) -> None:
    """A folder beside the target takes its place when it is whole."""
    if target.exists() and not (target / MANIFEST).is_file():
        raise FileFormatError.of("folder_of_others", str(target))
    beside, before = (target.with_name(f"{target.name}.{what}") for what in ("part", "before"))
    try:
        told = {}
        for name, write in members.items():
            told[name] = _file(beside / name, write)
        _file(beside / MANIFEST, of_json(_manifest(told, facts)))
        if target.exists():
            target.replace(before)
        beside.replace(target)
    finally:
        for folder in (beside, before):
            shutil.rmtree(folder, ignore_errors=True)


def _file(path: Path, write: Write) -> dict[str, object]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        told: Any = _Told(file)
        write(told)
    return dict(told.said)


# --- reading ------------------------------------------------------------------------------------------------


class Sealed:
    """What a file or folder of a saved result holds. A member is compared with its hash when it is read."""

    def __init__(self, path: Path, sizes: Mapping[str, int], read: Callable[[str, int], bytearray]) -> None:
        self.path, self._sizes, self._read = path, sizes, read

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What the manifest says: its schema is known, its hash is right, and its members are those that are there."""
        if MANIFEST not in self._sizes:
            raise FileFormatError.of("not_a_saved_result", str(self.path))
        said = self.parsed(MANIFEST, self._read(MANIFEST, self._sizes[MANIFEST]))
        schema = said.get("schema") if isinstance(said, dict) else None
        if isinstance(schema, int) and schema > SCHEMA:
            raise FileFormatError.of("saved_by_a_newer_version", str(self.path), schema=schema, known=SCHEMA)
        if schema != SCHEMA:
            raise FileFormatError.of("not_a_saved_result", str(self.path))
        if said.get("content") != json_digest({name: one for name, one in said.items() if name not in _FREE}):
            raise FileFormatError.of("member_was_changed", str(self.path), name=MANIFEST)
        self._compare(said.get("members"))
        return dict(said)

    def _compare(self, members: object) -> None:
        """The members that are there are those of the manifest, each of the size that it says."""
        if not isinstance(members, dict) or not all(isinstance(one, dict) for one in members.values()):
            raise FileFormatError.of("not_a_saved_result", str(self.path))
        here = {name: size for name, size in self._sizes.items() if name != MANIFEST}
        if lacking := [name for name in members if name not in here]:
            raise FileFormatError.of("member_is_missing", str(self.path), name=lacking[0])
        if extra := [name for name in here if name not in members]:
            raise FileFormatError.of("member_is_not_its_own", str(self.path), name=extra[0])
        for name, one in members.items():
            if one.get("bytes") != here[name]:
                raise FileFormatError.of("member_was_changed", str(self.path), name=name)

    def bytes(self, name: str) -> bytearray:
        """A member, whose hash is that of the manifest."""
        if name not in self.manifest["members"]:
            raise FileFormatError.of("member_is_missing", str(self.path), name=name)
        about = self.manifest["members"][name]
        content = self._read(name, about["bytes"])
        if sha256_of(content) != about.get("sha256"):
            raise FileFormatError.of("member_was_changed", str(self.path), name=name)
        return content

    def json(self, name: str) -> Any:
        """A member of plain data."""
        return self.parsed(name, self.bytes(name))

    def parsed(self, name: str, content: bytearray) -> Any:
        """Plain data of bytes: finite numbers alone, and no deeper than Python goes."""
        try:
            return json.loads(content.decode("utf-8"), parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise FileFormatError.of("damaged_member", f"{self.path}: {error}", name=name) from None

    def array(self, name: str) -> Array:
        """A member that is an array of numbers."""
        content = self.bytes(name)
        try:
            return _array(content)
        except (ValueError, TypeError, SyntaxError) as error:
            raise FileFormatError.of("damaged_member", f"{self.path}: {error}", name=name) from None

    def names(self, folder: str) -> list[str]:
        """The members of a folder, in their order."""
        return [name for name in self.manifest["members"] if name.startswith(f"{folder}/")]


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a finite number")


def _array(content: bytearray) -> Array:
    """An array over the bytes of a member, as many as its header says."""
    from io import BytesIO

    head = BytesIO(bytes(content[:_MOST_HEADER]))
    if np.lib.format.read_magic(head) != (1, 0):
        raise ValueError("an array of another version")
    shape, fortran, dtype = np.lib.format.read_array_header_1_0(head, max_header_size=_MOST_HEADER)
    if dtype.kind not in "fiub" or fortran:
        raise ValueError(f"an array of {dtype}")
    values = np.frombuffer(memoryview(content)[head.tell() :], dtype)
    return values.reshape(shape)


@contextmanager
def opened(path: str | os.PathLike[str]) -> Iterator[Sealed]:
    """A saved result, to be read."""
    where = Path(path)
    if where.is_dir():
        yield _folder(where)
        return
    if where.suffix == ".json":
        raise FileFormatError.of("saved_in_an_old_format", str(where))
    try:
        with zipfile.ZipFile(where) as archive:
            yield _archive(where, archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise FileFormatError.of("not_a_whole_file", f"{where}: {error}") from None
    except OSError as error:
        raise FileFormatError.of("no_such_file", f"{where}: {error.strerror or error}") from None


def _archive(path: Path, archive: zipfile.ZipFile) -> Sealed:
    every = archive.infolist()
    sizes = {one.filename: one.file_size for one in every}
    if odd := [one.filename for one in every if not _NAME.fullmatch(one.filename)]:
        raise FileFormatError.of("member_is_not_its_own", str(path), name=odd[0])
    if len(sizes) < len(every):
        raise FileFormatError.of("not_a_whole_file", f"{path}: two members of one name")
    if pressed := [one.filename for one in every if one.compress_type or one.file_size != one.compress_size]:
        raise FileFormatError.of("member_is_compressed", str(path), name=pressed[0])
    if sum(sizes.values()) > path.stat().st_size or archive.comment:
        raise FileFormatError.of("not_a_whole_file", f"{path}: it says to hold more than it does")

    def read(name: str, size: int) -> bytearray:
        content = bytearray(size)
        try:
            member: Any = archive.open(name)  # whose type does not say that it reads into bytes
            with member:
                found = member.readinto(content)
        except (zipfile.BadZipFile, EOFError):  # its own sum of its bytes is another
            raise FileFormatError.of("member_was_changed", str(path), name=name) from None
        return content if found == size else content[:found]

    return Sealed(path, sizes, read)


def _folder(path: Path) -> Sealed:
    files = [one for one in sorted(path.rglob("*")) if one.is_symlink() or not one.is_dir()]
    sizes = {one.relative_to(path).as_posix(): one.lstat().st_size for one in files}
    if linked := [one for one in files if one.is_symlink() or not one.is_file()]:
        raise FileFormatError.of("member_is_not_its_own", str(path), name=linked[0].relative_to(path).as_posix())

    def read(name: str, size: int) -> bytearray:
        if not _NAME.fullmatch(name):
            raise FileFormatError.of("member_is_not_its_own", str(path), name=name)
        return bytearray((path / name).read_bytes())

    return Sealed(path, sizes, read)
