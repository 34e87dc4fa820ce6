"""The draws of a run that are done, on disk: a run that was killed goes on from there, with the same bits (U7).

A folder holds files of whole units, as NumPy writes arrays (.npz, nothing is pickled), and `checkpoint.json`, which
lists them with what the run is about. Files are written whole or not at all, the list last: what it names is there.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

import numpy as np

from ..errors import FileFormatError
from ..whole_files import json_bytes, read_json, write_whole
from .plan import UNIT
from .sinks import P, Sink

FORMAT = 1
_LIST = "checkpoint.json"
_MOST_SHOWN = 6
#: Seconds between two savings. They decide how much is done again after a kill, and nothing else.
_EVERY = 2.0


class Saved(NamedTuple):
    """A file with the arrays of units first to stop, and the names of these arrays."""

    file: str
    first: int
    stop: int
    names: list[str]


class Checkpoint:
    """A folder with the whole units of a run. `about` says by name what has to be equal where the run goes on."""

    def __init__(self, folder: Path, about: Mapping[str, str]) -> None:
        self._folder, self._about = folder, dict(about)
        self._files: list[Saved] = []
        self._saved_at = monotonic()

    @property
    def units(self) -> int:
        """How many units it holds, from the first on."""
        return self._files[-1].stop if self._files else 0

    def restore(self, sink: Sink[P], draws: int) -> int:
        """Give a sink what was saved; how many draws these are. Without a checkpoint, one is begun.

        Raises `FileFormatError` where the checkpoint is of another run, holds more than the draws of this one, or
        cannot be read.
        """
        listed = self._folder / _LIST
        if not listed.exists():
            self._begin(listed)
            return 0
        about, self._files = self._listed(listed)
        self._require_same(listed, about)
        if (held := self.units * UNIT) > draws:
            raise FileFormatError.of("checkpoint_holds_more", str(self._folder), held=f"{held:_}", draws=f"{draws:,}")
        for one in self._files:
            self._give(sink, one)
        return held

    def _listed(self, listed: Path) -> tuple[Mapping[str, str], list[Saved]]:
        """What is listed: what the run is about, and its files, which follow one another from unit 0 on."""
        stored = read_json(listed)
        try:
            files = [Saved(one["file"], int(one["first"]), int(one["stop"]), one["names"]) for one in stored["files"]]
            edges = [0, *(one.stop for one in files)]
            if stored["format"] != FORMAT or [one.first for one in files] != edges[:-1] or edges != sorted(set(edges)):
                raise ValueError
            return dict(stored["about"]), files
        except (KeyError, TypeError, ValueError):
            raise FileFormatError.of("not_a_checkpoint", str(listed), format=FORMAT) from None

    def _begin(self, listed: Path) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._write({})
        except OSError as error:
            raise FileFormatError.of("checkpoint_not_written", f"{listed}: {error.strerror}") from None

    def _require_same(self, listed: Path, about: Mapping[str, str]) -> None:
        """Raise where the run that was saved is another, with all that differs."""
        names = [name for name in {**about, **self._about} if about.get(name) != self._about.get(name)]
        if names:
            none = "nothing of this name"
            sides = [f"{n}: {about.get(n, none)} in the checkpoint, {self._about.get(n, none)} now" for n in names]
            more = [f"{len(names) - _MOST_SHOWN} more"] * (len(names) > _MOST_SHOWN)
            raise FileFormatError.of("checkpoint_of_another_run", str(listed), [*sides[:_MOST_SHOWN], *more])

    def _give(self, sink: Sink[P], one: Saved) -> None:
        file = self._folder / Path(one.file).name
        try:
            with np.load(file, allow_pickle=False) as arrays:
                sink.restore(one.first, one.stop, {name: arrays[str(at)] for at, name in enumerate(one.names)})
        except (OSError, zipfile.BadZipFile, ValueError, KeyError, EOFError) as error:
            raise FileFormatError.of("checkpoint_cannot_be_read", f"{file}: {error}") from None

    def keep(self, sink: Sink[P], units: int, *, now: bool = False) -> None:
        """Save what the sink took, `units` whole ones: every few seconds, or at once."""
        if units <= self.units or not (now or monotonic() - self._saved_at > _EVERY):
            return
        first, arrays = sink.saved(self.units, units)
        one = Saved(f"units-{first:07}-{units:07}.npz", first, units, list(arrays))
        before, self._files = self._files, [*(old for old in self._files if old.stop <= first), one]
        stored: dict[str, Any] = {str(at): array for at, array in enumerate(arrays.values())}
        self._write({self._folder / one.file: partial(np.savez, **stored)})
        for file in {one.file for one in before} - {one.file for one in self._files}:
            (self._folder / file).unlink(missing_ok=True)
        self._saved_at = monotonic()

    def _write(self, files: Mapping[Path, Any]) -> None:
        """Files first, and the list behind them."""
        listed = {"format": FORMAT, "about": self._about, "files": [one._asdict() for one in self._files]}
        write_whole(files)
        write_whole({self._folder / _LIST: lambda file: file.write(json_bytes(listed))})
