"""One run at a time in a folder: a lock that the system gives back when a process ends, however it ends."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import BinaryIO

from ..errors import RunError

if sys.platform != "win32":  # which has no such locks: nothing is held there
    import fcntl

_LOCK = "lock"


@cache
def _held() -> set[Path]:
    """The folders in use by runs of this process, which the locks of the system do not tell apart."""
    return set()


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder that exists. Raises `RunError` where another run holds it, in this process or in another one.

    The lock is one of POSIX: a process that was forked, such as a worker of a pool, does not keep it.
    """
    place, own = folder.resolve(), _held()
    if place in own:  # and the file is left alone: to close it would give the lock back
        raise RunError.of("checkpoint_in_use", str(folder), by="a run of this process")
    own.add(place)
    try:
        with _locked(folder / _LOCK) as file:
            file.truncate(0)
            file.write(_owner().encode())
            file.flush()
            yield
    finally:
        own.discard(place)


@contextmanager
def _locked(path: Path) -> Iterator[BinaryIO]:
    """The file of a lock, which is there as long as the lock is held."""
    with open(path, "ab+") as file:
        try:
            if sys.platform != "win32":
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise RunError.of("checkpoint_in_use", str(path.parent), by=file.read().decode(errors="replace")) from None
        if not path.exists() or os.fstat(file.fileno()).st_ino != path.stat().st_ino:  # just deleted by its owner
            raise RunError.of("checkpoint_in_use", str(path.parent), by="a run that ends now")
        try:
            yield file
        finally:
            path.unlink(missing_ok=True)


def _owner() -> str:
    return f"process {os.getpid()} on {socket.gethostname()}, since {datetime.now():%Y-%m-%d %H:%M:%S}"
