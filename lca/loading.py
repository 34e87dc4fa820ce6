"""How modules are loaded: packages of an extra where they are used, and all while the garbage collector waits.

What modules make stays, and each look of the collector at it costs time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from .errors import MissingError


def needed(module: str, what: str, extra: str) -> Any:
    """A module of a package that an extra brings. Raises `MissingError` with the line that installs it.

    >>> needed("json", "texts", "none").dumps([1])
    '[1]'
    """
    try:
        return import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise MissingError.of("package_not_installed", what=what, package=package, extra=extra) from error


@contextmanager
def uncollected() -> Iterator[None]:
    """The garbage collector waits meanwhile, then goes on as before. What was made counts as old to it.

    >>> with uncollected():
    ...     print(gc.isenabled())
    False
    >>> gc.isenabled()
    True
    """
    waits = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if waits:
            if not gc.get_freeze_count():  # what is set aside and taken back is old
                gc.freeze()
                gc.unfreeze()
            gc.enable()
