"""The draws of a run that are done, on disk: a run that was killed goes on from there, with the same bits (U7).

A folder holds files of whole units, as NumPy writes arrays (.npz, nothing is pickled), and `checkpoint.json`, which
lists them with what the run is about. Files are written whole or not at all, the list last: what it names is there.
The list has a hash of its own, and one of the arrays of each file: what was changed since is damaged.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

import numpy as np

from ..errors import FileFormatError
from ..whole_files import json_bytes, json_digest, read_json, write_whole
from .one_at_a_time import alone_in
from .plan import UNIT
from .sinks import Savable

_LOG = logging.getLogger(__name__)
FORMAT = 2
_LIST = "checkpoint.json"
_MOST_SHOWN = 6
#: Seconds between two savings. They decide how much is done again after a kill, and nothing else.
_EVERY = 2.0


class Saved(NamedTuple):
    """A file with the arrays of units first to stop, the names of these arrays, and a hash of what they hold."""

    file: str
    first: int
    stop: int
    names: list[str]
    sha256: str


def digest_of(arrays: Mapping[str, Any]) -> str:
    """A hash of arrays by name: of their names, kinds of number, shapes and numbers.

    >>> digest_of({"x": np.zeros(2)}) == digest_of({"x": np.zeros((2, 1))})
    False
    """
    found = hashlib.sha256()
    for name, array in arrays.items():
        found.update(repr((name, array.dtype.str, array.shape)).encode())
        found.update(np.ascontiguousarray(array).data)
    return found.hexdigest()


class Checkpoint:
    """A folder with the whole units of a run. `about` says by name what has to be equal where the run goes on."""

    def __init__(self, folder: Path, about: Mapping[str, str]) -> None:
        self._folder, self._about = folder, dict(about)
        self._files: list[Saved] = []
        self._saved_at = monotonic()

    def of(self, name: str = "", **about: str) -> Checkpoint:
        """A checkpoint of a part of the run, in a folder within, or of the whole where no name is given."""
        return Checkpoint(self._folder / name, {**self._about, **about})

    def remove(self) -> None:
        """Take the folder away, with all that it holds."""
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def units(self) -> int:
        """How many units it holds, from the first on."""
        return self._files[-1].stop if self._files else 0

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder, which is made, for one run. Raises `RunError` where another run holds it."""
        with self._writing():
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = ExitStack()
            lock.enter_context(alone_in(self._folder))
        with lock:
            yield

    def restore(self, sink: Savable, draws: int) -> int:
        """Give a sink what was saved; how many draws these are. Without a checkpoint, one is begun.

        Raises `FileFormatError` where the checkpoint is of another run, holds more than the draws of this one, or
        cannot be read or written.
        """
        listed = self._folder / _LIST
        if not self._is_begun(listed):
            return 0
        about, self._files = self._listed(listed)
        self._require_same(listed, about)
        if (held := self.units * UNIT) > draws:
            raise FileFormatError.of("checkpoint_holds_more", str(self._folder), held=f"{held:_}", draws=f"{draws:,}")
        for one in self._files:
            self._give(sink, one)
        if held:
            _LOG.info("%d of %d draws are taken from %s", held, draws, self._folder)
        return held

    def _listed(self, listed: Path) -> tuple[Mapping[str, str], list[Saved]]:
        """What is listed: what the run is about, and its files."""
        stored = read_json(listed)
        try:
            if stored["format"] != FORMAT:
                raise ValueError
            same = stored.pop("sha256") == json_digest(stored)
            about, files = dict(stored["about"]), [Saved(**one) for one in stored["files"]]
        except (KeyError, TypeError, ValueError, AttributeError):
            raise FileFormatError.of("not_a_checkpoint", str(listed), format=FORMAT) from None
        if not same:
            raise FileFormatError.of("checkpoint_cannot_be_read", f"{listed}: it is not as it was written")
        return about, files

    def _is_begun(self, listed: Path) -> bool:
        """Whether there is a list; where there is none, an empty one is written."""
        with self._writing():
            if listed.exists():
                return True
        self._write({})
        return False

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Raise `FileFormatError` where the folder cannot be written: no such name, no permission, no space."""
        try:
            yield
        except (OSError, ValueError) as error:  # ValueError: a name that no system takes
            why = error.strerror if isinstance(error, OSError) else error
            raise FileFormatError.of("checkpoint_not_written", f"{self._folder}: {why}") from None

    def _require_same(self, listed: Path, about: Mapping[str, str]) -> None:
        """Raise where the run that was saved is another, with all that differs."""
        names = [name for name in {**about, **self._about} if about.get(name) != self._about.get(name)]
        if names:
            none = "nothing of this name"
            sides = [f"{n}: {about.get(n, none)} in the checkpoint, {self._about.get(n, none)} now" for n in names]
            more = [f"{len(names) - _MOST_SHOWN} more"] * (len(names) > _MOST_SHOWN)
            raise FileFormatError.of("checkpoint_of_another_run", str(listed), [*sides[:_MOST_SHOWN], *more])

    def _give(self, sink: Savable, one: Saved) -> None:
        file = self._folder / Path(one.file).name
        try:
            with np.load(file, allow_pickle=False) as stored:
                arrays = {name: stored[str(at)] for at, name in enumerate(one.names)}
            if digest_of(arrays) != one.sha256:
                raise ValueError("it is not as it was written")
            sink.restore(one.first, one.stop, arrays)
        except (OSError, zipfile.BadZipFile, ValueError, KeyError, EOFError) as error:
            raise FileFormatError.of("checkpoint_cannot_be_read", f"{file}: {error}") from None

    def keep(self, sink: Savable, units: int, *, now: bool = False) -> None:
        """Save what the sink took, `units` whole ones: every few seconds, or at once."""
        if units <= self.units or not (now or monotonic() - self._saved_at > _EVERY):
            return
        first, arrays = sink.saved(self.units, units)
        one = Saved(f"units-{first:07}-{units:07}.npz", first, units, list(arrays), digest_of(arrays))
        before, self._files = self._files, [*(old for old in self._files if old.stop <= first), one]
        stored: dict[str, Any] = {str(at): array for at, array in enumerate(arrays.values())}
        self._write({self._folder / one.file: partial(np.savez, **stored)})
        for file in {one.file for one in before} - {one.file for one in self._files}:
            (self._folder / file).unlink(missing_ok=True)
        self._saved_at = monotonic()

    def _write(self, files: Mapping[Path, Any]) -> None:
        """Files first, and the list behind them."""
        listed: dict[str, object] = {"format": FORMAT, "about": self._about}
        listed["files"] = [one._asdict() for one in self._files]
        listed["sha256"] = json_digest(listed)
        with self._writing():
            write_whole(files)
            write_whole({self._folder / _LIST: lambda file: file.write(json_bytes(listed))})
